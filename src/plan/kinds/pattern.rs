//! Patterns of folders, in which the table of kinds is written, and how a path fits one.
//!
//! A pattern is a path whose parts may hold signs: `*` any bytes (once a part), `#` a digit, `&` an ASCII letter. It
//! begins with `/`, with `~/` (the home), with `$NAME/` (a folder that the environment names) or with `**/` (anywhere:
//! below the home, else below `/`); at its end, `/**` stands for any parts or none. A template is a pattern that is filled
//! with what another one found: its `**`, and its stars in their order.
//!
//! Invariant: a `**/` never matches the parts of the home folder itself; a user called `goenv` is no version manager.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

/// What stands for `~`, for `$NAME`, and for the marks of the table.
#[derive(Clone, Copy, Debug)]
pub struct Landmarks<'a> {
    /// The home folder.
    pub home: &'a Path,
    /// The folders that variables name.
    pub variables: &'a [(&'static str, PathBuf)],
    /// The marks of the table that are there.
    pub marks: &'a [&'static str],
}

/// What the signs of a pattern stood for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The folder above what was written out.
    above: PathBuf,
    /// What each `*` stood for.
    stars: Vec<OsString>,
}

impl Landmarks<'_> {
    /// The folders that a pattern with this beginning may start from, and the rest of the pattern.
    pub fn starts<'p>(&self, pattern: &'p str) -> (Vec<PathBuf>, &'p str) {
        let (first, rest) = pattern.split_once('/').unwrap_or((pattern, ""));
        let starts = match first {
            "" => vec![PathBuf::from("/")],
            "~" => vec![self.home.to_path_buf()],
            "**" => vec![if self.home.as_os_str().is_empty() { PathBuf::from("/") } else { self.home.to_path_buf() }],
            _ => {
                let name = first.trim_start_matches('$');
                self.variables.iter().filter(|(variable, _)| *variable == name).map(|(_, path)| path.clone()).collect()
            }
        };
        (starts, rest)
    }
}

/// Whether `path` fits `pattern`, and what its signs stand for.
pub fn fit(pattern: &str, path: &Path, land: &Landmarks) -> Option<Fit> {
    if let Some(rest) = pattern.strip_prefix("**/") {
        let home = Some(land.home).filter(|home| !home.as_os_str().is_empty());
        let (base, below) = match home.and_then(|home| Some((home, path.strip_prefix(home).ok()?))) {
            Some(found) => found,
            None => (Path::new("/"), path.strip_prefix("/").unwrap_or(path)),
        };
        let names: Vec<&OsStr> = below.iter().collect();
        return (0..=names.len()).find_map(|skipped| {
            let stars = fit_parts(rest, &names[skipped..])?;
            let above = names[..skipped].iter().fold(base.to_path_buf(), |above, name| above.join(name));
            Some(Fit { above, stars })
        });
    }
    let (starts, rest) = land.starts(pattern);
    starts.into_iter().find_map(|above| {
        // A variable that names the home or a folder above it says nothing about what lies there.
        if pattern.starts_with('$') && rest == "**" && land.home.starts_with(&above) {
            return None;
        }
        let names: Vec<&OsStr> = path.strip_prefix(&above).ok()?.iter().collect();
        Some(Fit { stars: fit_parts(rest, &names)?, above })
    })
}

/// The path that a template names, filled with what a pattern found.
pub fn fill(template: &str, fit: &Fit, land: &Landmarks) -> Option<PathBuf> {
    let (base, rest) = if let Some(rest) = template.strip_prefix("**/") {
        (fit.above.clone(), rest)
    } else {
        let (starts, rest) = land.starts(template);
        (starts.into_iter().next()?, rest)
    };
    let mut stars = fit.stars.iter();
    rest.split('/').try_fold(base, |path, part| {
        let Some((before, after)) = part.split_once('*') else { return Some(path.join(part)) };
        let name = [before.as_bytes(), stars.next()?.as_bytes(), after.as_bytes()].concat();
        Some(path.join(OsString::from_vec(name)))
    })
}

/// Whether one name fits one part of a pattern; gives what its `*` stands for, nothing where it has none.
pub fn fit_part<'n>(part: &str, name: &'n OsStr) -> Option<&'n OsStr> {
    let (part, bytes) = (part.as_bytes(), name.as_bytes());
    let Some(star) = part.iter().position(|byte| *byte == b'*') else {
        return same(part, bytes).then_some(OsStr::new(""));
    };
    let (before, after) = (&part[..star], &part[star + 1..]);
    let middle = bytes.len().checked_sub(before.len() + after.len())?;
    let (front, rest) = bytes.split_at(before.len());
    let (middle, back) = rest.split_at(middle);
    (same(before, front) && same(after, back)).then_some(OsStr::from_bytes(middle))
}

/// Whether a part of a pattern is a plain name.
pub fn is_plain(part: &str) -> bool {
    !part.contains(['*', '#', '&'])
}

fn same(part: &[u8], bytes: &[u8]) -> bool {
    part.len() == bytes.len()
        && part.iter().zip(bytes).all(|(sign, byte)| match sign {
            b'#' => byte.is_ascii_digit(),
            b'&' => byte.is_ascii_alphabetic(),
            _ => sign == byte,
        })
}

/// Whether all names fit the parts of a pattern behind its beginning; gives what the stars stand for.
fn fit_parts(rest: &str, names: &[&OsStr]) -> Option<Vec<OsString>> {
    let (rest, open) = match rest.strip_suffix("**") {
        Some(rest) if rest.is_empty() || rest.ends_with('/') => (rest.trim_end_matches('/'), true),
        _ => (rest, false),
    };
    let parts = || rest.split('/').filter(|part| !part.is_empty());
    // Most paths end here: nothing is allocated for them.
    if !parts().zip(names).all(|(part, name)| fit_part(part, name).is_some()) {
        return None;
    }
    let count = parts().count();
    if names.len() < count || (!open && names.len() > count) {
        return None;
    }
    let stars = parts().zip(names).filter(|(part, _)| part.contains('*'));
    stars.map(|(part, name)| Some(fit_part(part, name)?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOME: &str = "/home/gvm";

    fn land<'a>(variables: &'a [(&'static str, PathBuf)]) -> Landmarks<'a> {
        Landmarks { home: Path::new(HOME), variables, marks: &[] }
    }

    fn fits(pattern: &str, path: &str) -> bool {
        fit(pattern, Path::new(path), &land(&[])).is_some()
    }

    #[test]
    fn signs() {
        for (pattern, path, yes) in [
            ("/usr/local/go/bin", "/usr/local/go/bin", true),
            ("/usr/local/go/bin", "/usr/local/go/bin/", true),
            ("/usr/local/go/bin", "/usr/local/go", false),
            ("/usr/local/go/bin", "/usr/local/go/bin/x", false),
            ("~/sdk/go*/bin", "/home/gvm/sdk/go1.22/bin", true),
            ("~/sdk/go*/bin", "/home/gvm/sdk/go/bin", true),
            ("~/sdk/go*/bin", "/home/gvm/sdk/tip/bin", false),
            ("~/sdk/go*/bin", "/home/other/sdk/go1.22/bin", false),
            ("/opt/go#*/bin", "/opt/go1.22/bin", true),
            ("/opt/go#*/bin", "/opt/gopher/bin", false),
            ("/mnt/&", "/mnt/c", true),
            ("/mnt/&", "/mnt/cc", false),
            ("/mnt/&/**", "/mnt/c", true),
            ("/mnt/&/**", "/mnt/c/Program Files/Go/bin", true),
            ("/mnt/&/**", "/mnt/7/x", false),
            ("**/.gvm/*/**", "/home/gvm/.gvm/gos", true),
            ("**/.gvm/*/**", "/home/gvm/.gvm", false),
            ("**/.gvm/*/**", "/srv/x/.gvm/gos/go1/bin", true),
            ("**/gvm/gos/**", "/home/gvm/gos/go1.22/bin", false),
            ("**/gvm/gos/**", "/opt/gvm/gos/go1.22/bin", true),
            ("$GOENV_ROOT/**", "/opt/goenv/shims", false),
        ] {
            assert_eq!(fits(pattern, path), yes, "{pattern} {path}");
        }
    }

    #[test]
    fn variables() {
        let variables = [("GVM_ROOT", PathBuf::from("/opt/gvm")), ("GOENV_ROOT", PathBuf::from("/home/gvm"))];
        let land = land(&variables);
        assert!(fit("$GVM_ROOT/**", Path::new("/opt/gvm/gos/go1/bin"), &land).is_some());
        assert!(fit("$GVM_ROOT/gos/*/bin", Path::new("/opt/gvm/gos/go1/bin"), &land).is_some());
        assert!(fit("$GOENV_ROOT/**", Path::new("/home/gvm/go/bin"), &land).is_none(), "the home is no manager");
        assert!(fit("$GOENV_ROOT/shims", Path::new("/home/gvm/shims"), &land).is_some());
    }

    #[test]
    fn templates_are_filled() {
        let filled = |pattern: &str, template: &str, path: &str| {
            let land = land(&[]);
            fill(template, &fit(pattern, Path::new(path), &land).unwrap(), &land).unwrap()
        };
        let cellar = ("**/Cellar/go@*/*/bin", "**/opt/go@*/libexec/bin");
        for (path, stable) in [
            ("/opt/homebrew/Cellar/go@1.21/1.21.13/bin", "/opt/homebrew/opt/go@1.21/libexec/bin"),
            ("/home/gvm/brew/Cellar/go@1.21/1.21.13/bin", "/home/gvm/brew/opt/go@1.21/libexec/bin"),
        ] {
            assert_eq!(filled(cellar.0, cellar.1, path), Path::new(stable));
        }
        assert_eq!(filled("/usr/lib/go-*/bin", "~/x/*", "/usr/lib/go-1.19/bin"), Path::new("/home/gvm/x/1.19"));
        let land = land(&[]);
        let one = fit("/a/*", Path::new("/a/b"), &land).unwrap();
        assert_eq!(fill("/*/*", &one, &land), None, "more stars than were found");
        assert_eq!(fill("$NONE/x", &one, &land), None);
    }

    proptest! {
        #[test]
        fn any_path_is_taken(pattern in "(/|~/|\\*\\*/|\\$A/)?([a*#&/]|\\*\\*/){0,12}", path in "[a1*#&/.]{0,16}", home in "/?[a/]{0,3}") {
            let variables = [("A", PathBuf::from("/a"))];
            let land = Landmarks { home: Path::new(&home), variables: &variables, marks: &[] };
            if let Some(found) = fit(&pattern, Path::new(&path), &land) {
                let _ = fill(&pattern, &found, &land);
            }
        }

        #[test]
        fn a_plain_pattern_fits_itself_and_fills_itself(path in "(/[a-z]{1,3}){1,5}") {
            let land = land(&[]);
            let found = fit(&path, Path::new(&path), &land);
            prop_assert!(found.is_some());
            prop_assert_eq!(fill(&path, &found.unwrap(), &land), Some(PathBuf::from(&path)));
        }
    }
}
