//! What may be persisted of a folder with Go in it: a startup file outlives upgrades, so a versioned path must not
//! get in, and a version manager's folder is the manager's business.
//!
//! Invariant: it judges by the path's shape alone, of the folder as it was found, and never resolves anything.

use std::path::{Path, PathBuf};

use super::kinds::{self, Landmarks, Policy};

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

/// Judges the folder `bin` as it was found (on PATH, in a flag, in GOROOT), by the table of [`kinds`].
pub fn keep(bin: &Path, land: &Landmarks) -> Keep {
    let Some(found) = kinds::recognise(bin, land) else { return Keep::AsIs };
    match (found.policy, found.other) {
        (Policy::Never(why), _) => Keep::Never(why),
        (Policy::Environment(why), _) => Keep::Environment(why),
        (Policy::Manager(name), _) => Keep::Manager(name),
        (Policy::Instead(_), Some(stable)) => Keep::Instead(stable),
        (Policy::Rather(_), Some(stable)) => Keep::Rather(stable),
        (Policy::Stays | Policy::SameAs(_) | Policy::Instead(_) | Policy::Rather(_), _) => Keep::AsIs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(bin: &Path, home: &Path) -> Keep {
        super::keep(bin, &Landmarks { home, variables: &[], marks: &[] })
    }

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
            "/var/lib/snapd/snap/bin",
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
            ("/var/lib/snapd/snap/go/10660/bin", "/snap/go/current/bin"),
            ("/home/u/.local/state/nix/profiles/profile-12-link/bin", "/home/u/.local/state/nix/profiles/profile/bin"),
            ("/nix/var/nix/profiles/per-user/u/profile-3-link/bin", "/nix/var/nix/profiles/per-user/u/profile/bin"),
            ("/nix/var/nix/profiles/default-3-link/bin", "/nix/var/nix/profiles/default/bin"),
            ("/nix/var/nix/profiles/system-99-link/sw/bin", "/run/current-system/sw/bin"),
            ("/var/guix/profiles/per-user/u/guix-profile-1-link/bin", "/var/guix/profiles/per-user/u/guix-profile/bin"),
        ] {
            assert_eq!(keep(Path::new(bin), Path::new("/home/u")), Keep::Instead(stable.into()), "{bin}");
        }
        for (bin, stable) in [
            ("/usr/lib/go-1.19/bin", "/usr/lib/go/bin"),
            ("/usr/lib/go-1.19/bin/", "/usr/lib/go/bin"),
            ("/usr/lib64/go/1.22/bin", "/usr/bin"),
            ("/home/u/.local/opt/go-v1.22.5/bin", "/home/u/.local/opt/go/bin"),
            ("/opt/go1.22/bin", "/opt/go/bin"),
            ("/usr/local/go1.22.5/bin", "/usr/local/go/bin"),
            ("/home/u/.local/go1.22.5/bin", "/home/u/.local/go/bin"),
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
            ("/home/u/.local/share/mamba/envs/go/bin", "conda"),
            ("/home/u/src/x/.devbox/nix/profile/default/bin", "project"),
            ("/home/u/src/x/.devenv/profile/bin", "project"),
            ("/home/u/src/x/.flox/run/x86_64-linux.x.dev/bin", "project"),
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
