//! What may be persisted of a folder with Go in it: a startup file outlives upgrades, so a versioned path must not
//! get in, and a version manager's folder is the manager's business.
//!
//! Invariant: it judges by the path's shape alone, of the folder as it was found, and never resolves anything.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What a startup file may hold of a folder with Go in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// It may stand in a startup file as it is.
    AsIs,
    /// It goes with the next upgrade; this stable path names the same. The caller checks that it exists.
    Instead(PathBuf),
    /// It is versioned; this stable path is better if it names the same Go, else it may stand as it is.
    Rather(PathBuf),
    /// It belongs to a version manager (its name): GOROOT and the versioned folder are left to it.
    Manager(&'static str),
    /// It belongs to an environment that has to be activated or comes and goes, with the reason in words: only if the
    /// user insists, or there is no other.
    Environment(&'static str),
    /// Never to be persisted, with the reason in words.
    Never(&'static str),
}

/// Version managers, by two names that follow each other in a path; an empty second name stands for anything.
const MANAGERS: &[(&str, &str, &str)] = &[
    (".gvm", "", "gvm"),
    ("gvm", "gos", "gvm"),
    (".goenv", "", "goenv"),
    ("goenv", "versions", "goenv"),
    ("goenv", "shims", "goenv"),
    (".asdf", "installs", "asdf"),
    (".asdf", "shims", "asdf"),
    ("asdf", "installs", "asdf"),
    ("asdf", "shims", "asdf"),
    ("mise", "installs", "mise"),
    ("mise", "shims", "mise"),
    (".g", "go", "g"),
    (".g", "versions", "g"),
    (".gobrew", "", "gobrew"),
    (".go", ".versions", "g"),
    (".go", "current", "goup"),
    (".gimme", "versions", "gimme"),
    (".proto", "shims", "proto"),
    (".proto", "tools", "proto"),
];

/// Names in a path that say: this folder is made anew for a version, a job or a project.
const ENVIRONMENTS: &[(&str, &str)] = &[
    ("hostedtoolcache", "it belongs to the tool cache of a CI runner"),
    ("site-packages", "it lies in a Python package and goes with its environment"),
    ("dist-packages", "it lies in a Python package and goes with its environment"),
    (".venv", "it belongs to a project's virtual environment"),
    (".pixi", "it belongs to a pixi environment"),
    ("anaconda", CONDA),
    ("miniconda", CONDA),
    ("miniforge", CONDA),
    ("mambaforge", CONDA),
    ("micromamba", CONDA),
    (".micromamba", CONDA),
    ("conda", CONDA),
    (".conda", CONDA),
];

const CONDA: &str = "it belongs to a conda environment, which has to be activated";

/// Judges the folder `bin` as it was found (on PATH, in a flag, in GOROOT), for the user whose home is `home`.
pub fn keep(bin: &Path, home: &Path) -> Keep {
    // The user's own name must not pass for a manager's or an environment's.
    let below = bin.strip_prefix(home).unwrap_or(bin);
    let parts: Vec<&OsStr> = below.iter().collect();

    if bin.starts_with("/nix/store") {
        return Keep::Never("it lies in the Nix store, and its name changes with every update");
    }
    if bin.starts_with("/gnu/store") {
        return Keep::Never("it lies in the Guix store, and its name changes with every update");
    }
    if is_windows_drive(bin) {
        return Keep::Never("it is a Windows folder, whose Go builds for Windows");
    }
    if parts.iter().any(|part| part.as_bytes().starts_with(b"toolchain@")) {
        return Keep::Never("it is a toolchain that `go` downloaded into its module cache");
    }
    // A manager may lie in a tool cache, and a conda environment in a manager: environments come first.
    for part in &parts {
        let digits = part.as_bytes().iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let plain = &part.as_bytes()[..part.len() - digits]; // miniconda3
        if let Some((_, why)) = ENVIRONMENTS.iter().find(|(name, _)| name.as_bytes() == plain) {
            return Keep::Environment(why);
        }
    }
    manager(&parts)
        .map(Keep::Manager)
        .or_else(|| instead(bin).map(Keep::Instead))
        .or_else(|| rather(bin, home).map(Keep::Rather))
        .unwrap_or(Keep::AsIs)
}

/// Whether `path` is on a Windows drive as WSL mounts it: `/mnt/c/…`.
pub fn is_windows_drive(path: &Path) -> bool {
    let mut parts = path.iter().skip(1).map(OsStrExt::as_bytes);
    parts.next() == Some(b"mnt") && parts.next().is_some_and(|drive| matches!(drive, [c] if c.is_ascii_alphabetic()))
}

fn manager(parts: &[&OsStr]) -> Option<&'static str> {
    parts.windows(2).find_map(|pair| {
        // goup keeps each version in a folder of its own: ~/.go/1.22.5, ~/.go/go1.22.5.
        if pair[0] == ".go" && starts_like_version(pair[1]) {
            return Some("goup");
        }
        let found = MANAGERS.iter().find(|(a, b, _)| pair[0] == *a && (b.is_empty() || pair[1] == *b));
        found.map(|(_, _, name)| *name)
    })
}

/// The stable name of a folder that is gone after the next upgrade.
fn instead(bin: &Path) -> Option<PathBuf> {
    let parts: Vec<&OsStr> = bin.iter().collect();
    let text: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    // Homebrew: PREFIX/Cellar/go/1.22.5/bin, PREFIX/Cellar/go@1.21/1.21.13/libexec/bin.
    if let Some(at) = text.iter().position(|part| *part == b"Cellar") {
        let formula = *parts.get(at + 1)?;
        let is_go = formula == "go" || formula.as_bytes().starts_with(b"go@");
        let is_bin = matches!(text.get(at + 3..)?, [b"bin"] | [b"libexec", b"bin"]);
        let prefix: PathBuf = parts[..at].iter().collect();
        return (is_go && is_bin).then(|| prefix.join("opt").join(formula).join("libexec/bin"));
    }
    match text[..] {
        [b"/", b"snap", b"go", revision, b"bin"] if revision != b"current" => Some("/snap/go/current/bin".into()),
        _ => None,
    }
}

/// The stable name of a folder that stays as long as its version is installed.
fn rather(bin: &Path, home: &Path) -> Option<PathBuf> {
    let text: Vec<&[u8]> = bin.iter().map(OsStr::as_bytes).collect();
    match text[..] {
        // Debian: /usr/lib/go is a link to the default version.
        [b"/", b"usr", b"lib", name, b"bin"] if name.starts_with(b"go-") => Some("/usr/lib/go/bin".into()),
        // openSUSE: the alternatives system keeps a link in /usr/bin.
        [b"/", b"usr", b"lib" | b"lib64", b"go", version, b"bin"] if version[0].is_ascii_digit() => {
            Some("/usr/bin".into())
        }
        // webi: ~/.local/opt/go is a link to ~/.local/opt/go-v1.22.5.
        [.., b"opt", name, b"bin"] if name.starts_with(b"go-v") && bin.starts_with(home.join(".local/opt")) => {
            Some(home.join(".local/opt/go/bin"))
        }
        _ => None,
    }
}

fn starts_like_version(name: &OsStr) -> bool {
    let name = name.as_bytes();
    name.strip_prefix(b"go").unwrap_or(name).first().is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_folders_stay() {
        for bin in [
            "/usr/local/go/bin",
            "/usr/bin",
            "/opt/homebrew/bin",
            "/opt/homebrew/opt/go/libexec/bin",
            "/snap/bin",
            "/opt/homebrew/opt/go@1.21/bin",
            "/snap/go/current/bin",
            "/usr/lib/go/bin",
            "/usr/lib/golang/bin",
            "/home/u/sdk/go1.22.5/bin",
            "/home/u/.local/go/bin",
            "/home/u/.local/opt/go/bin",
            "/home/u/go/bin",
            "/home/u/.nix-profile/bin",
            "/run/current-system/sw/bin",
            "/etc/profiles/per-user/u/bin",
            "/mnt/data/go/bin",
            "/opt/go1.22/bin",
            "/usr/local/go1.22.5/bin",
            "/home/u/.go/bin",
            "/home/u/mise/bin",
            "/",
            "/home/u",
            "/opt/homebrew/Cellar/golangci-lint/1.59/bin",
            "/opt/homebrew/Cellar",
            "/opt/homebrew/Cellar/go",
            "/mnt",
        ] {
            assert_eq!(keep(Path::new(bin), Path::new("/home/u")), Keep::AsIs, "{bin}");
        }
    }

    #[test]
    fn versioned_folders_have_a_stable_name() {
        for (bin, stable) in [
            ("/opt/homebrew/Cellar/go/1.22.5/bin", "/opt/homebrew/opt/go/libexec/bin"),
            ("/opt/homebrew/Cellar/go/1.22.5/libexec/bin", "/opt/homebrew/opt/go/libexec/bin"),
            ("/usr/local/Cellar/go@1.21/1.21.13/bin", "/usr/local/opt/go@1.21/libexec/bin"),
            ("/home/linuxbrew/.linuxbrew/Cellar/go/1.22.5/bin", "/home/linuxbrew/.linuxbrew/opt/go/libexec/bin"),
            ("/snap/go/10660/bin", "/snap/go/current/bin"),
            ("/snap/go/x1/bin", "/snap/go/current/bin"),
        ] {
            assert_eq!(keep(Path::new(bin), Path::new("/home/u")), Keep::Instead(stable.into()), "{bin}");
        }
        for (bin, stable) in [
            ("/usr/lib/go-1.19/bin", "/usr/lib/go/bin"),
            ("/usr/lib/go-1.19/bin/", "/usr/lib/go/bin"),
            ("/usr/lib64/go/1.22/bin", "/usr/bin"),
            ("/home/u/.local/opt/go-v1.22.5/bin", "/home/u/.local/opt/go/bin"),
        ] {
            assert_eq!(keep(Path::new(bin), Path::new("/home/u")), Keep::Rather(stable.into()), "{bin}");
        }
    }

    #[test]
    fn managers_keep_their_own() {
        for (bin, name) in [
            ("/home/u/.gvm/gos/go1.22/bin", "gvm"),
            ("/opt/gvm/gos/go1.22/bin", "gvm"),
            ("/home/u/.goenv/versions/1.22.5/bin", "goenv"),
            ("/home/u/.goenv/shims", "goenv"),
            ("/opt/goenv/shims", "goenv"),
            ("/home/u/.asdf/installs/golang/1.22.5/go/bin", "asdf"),
            ("/home/u/.asdf/shims", "asdf"),
            ("/home/u/.local/share/asdf/shims", "asdf"),
            ("/home/u/.local/share/mise/installs/go/1.22/bin", "mise"),
            ("/home/u/.local/share/mise/shims", "mise"),
            ("/home/u/.g/go/bin", "g"),
            ("/home/u/.g/versions/1.22.5/bin", "g"),
            ("/home/u/.gobrew/current/bin", "gobrew"),
            ("/home/u/.gobrew/versions/1.22/go/bin", "gobrew"),
            ("/home/u/.go/.versions/1.22.5/bin", "g"),
            ("/home/u/.go/current/bin", "goup"),
            ("/home/u/.go/1.22.5/bin", "goup"),
            ("/home/u/.go/go1.22.5/bin", "goup"),
            ("/home/u/.gimme/versions/go1.22.5.linux.amd64/bin", "gimme"),
            ("/home/u/.proto/shims", "proto"),
        ] {
            assert_eq!(keep(Path::new(bin), Path::new("/home/u")), Keep::Manager(name), "{bin}");
        }
    }

    #[test]
    fn some_are_never_kept() {
        for (bin, word) in [
            ("/nix/store/abc-go-1.22.5/bin", "Nix"),
            ("/nix/store/abc-go-1.22.5/share/go/bin", "Nix"),
            ("/gnu/store/abc-go-1.22.5/bin", "Guix"),
            ("/home/u/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.22.5.linux-amd64/bin", "module cache"),
            ("/mnt/c/Program Files/Go/bin", "Windows"),
            ("/mnt/d/go/bin", "Windows"),
        ] {
            let Keep::Never(why) = keep(Path::new(bin), Path::new("/home/u")) else {
                panic!("{bin} is never kept");
            };
            assert!(why.contains(word), "{bin}: {why}");
        }
    }

    #[test]
    fn environments_come_and_go() {
        for (bin, word) in [
            ("/opt/hostedtoolcache/go/1.22.5/x64/bin", "CI"),
            ("/Users/runner/hostedtoolcache/go/1.22.5/arm64/bin", "CI"),
            ("/home/u/.local/lib/python3.12/site-packages/go/bin", "Python"),
            ("/home/u/src/x/.venv/bin", "virtual environment"),
            ("/home/u/miniconda3/bin", "conda"),
            ("/home/u/miniforge3/envs/go/bin", "conda"),
            ("/opt/conda/go/bin", "conda"),
        ] {
            let Keep::Environment(why) = keep(Path::new(bin), Path::new("/home/u")) else {
                panic!("{bin} belongs to an environment");
            };
            assert!(why.contains(word), "{bin}: {why}");
        }
    }

    #[test]
    fn a_users_name_is_no_manager() {
        assert_eq!(keep(Path::new("/home/conda/.local/go/bin"), Path::new("/home/conda")), Keep::AsIs);
        assert_eq!(keep(Path::new("/home/goenv/versions/bin"), Path::new("/home/goenv")), Keep::AsIs);
    }

    #[test]
    fn odd_paths_do_not_panic() {
        for bin in ["", "bin", "go/bin", "/usr/lib/go//bin", "/usr/lib64/go/bin", "Cellar/go/1/bin", "../x"] {
            let _ = keep(Path::new(bin), Path::new(""));
        }
        assert_eq!(keep(Path::new("/usr/lib/go//bin"), Path::new("/")), Keep::AsIs);
    }
}
