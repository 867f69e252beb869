//! Go's release names as numbers, because `go1.9` sorts behind `go1.14` as text.
//!
//! Invariant: the order is total, and parsing never panics, whatever a `VERSION` file holds.

use std::cmp::Ordering;
use std::fmt;

/// A Go release, as named in a `VERSION` file or a folder (`go1.22.5`, `1.22rc1`, `devel go1.28-…`).
///
/// What follows the number (`X:boringcrypto`, `-microsoft`, `(Red Hat …)`, `b7`) is not part of it. The order is Go's own
/// (go.dev/doc/toolchain#version): `go1.9 < go1.9.2rc2 < go1.9.2 < go1.14rc1 < go1.14 < go1.14.1`, and since 1.21, where
/// `1.22` is the language, which its release candidates know, `go1.22 < go1.22beta1 < go1.22rc1 < go1.22.0 < devel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoVersion {
    /// A release or a pre-release.
    Numbered {
        /// 1, so far.
        major: u32,
        /// The 22 of `go1.22.5`; 0 where it is left out.
        minor: u32,
        /// The 5 of `go1.22.5`; `None` for `go1.22`, the first release of each line before Go 1.21.
        patch: Option<u32>,
        /// How far along to the release.
        stage: Stage,
    },
    /// Built from a development tree: newer than any release.
    Devel,
}

/// How far along a release is, with the number of the pre-release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// `go1.22beta1`.
    Beta(u32),
    /// `go1.22rc1`.
    Rc(u32),
    /// `go1.22` and all its patch releases.
    Release,
}

/// How long the name of a release may be, in bytes; that of a development tree with all experiments has about 150.
const LONGEST: usize = 300;

/// The name of the release in the first line of a `VERSION` file. `None`: there is no line, or it is none that anybody
/// would have named a release by: no UTF-8, with control characters, or overlong.
pub fn first_line(bytes: &[u8]) -> Option<&str> {
    let line = bytes.split(|byte| *byte == b'\n').next()?.trim_ascii();
    let text = std::str::from_utf8(line).ok()?;
    let named = !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control);
    named.then_some(text)
}

impl GoVersion {
    /// Reads a release name, with or without `go` in front; `None` if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "devel" || text.starts_with("devel ") {
            return Some(Self::Devel);
        }
        let (major, rest) = number(text.strip_prefix("go").unwrap_or(text))?;
        let (minor, rest) = match rest.strip_prefix('.') {
            Some(rest) => number(rest)?,
            None => (0, rest),
        };
        let (patch, rest) = match rest.strip_prefix('.') {
            Some(rest) => number(rest).map(|(patch, rest)| (Some(patch), rest))?,
            None => (None, rest),
        };
        let (stage, rest) = if let Some(rest) = rest.strip_prefix("beta") {
            let (n, rest) = number(rest)?;
            (Stage::Beta(n), rest)
        } else if let Some(rest) = rest.strip_prefix("rc") {
            let (n, rest) = number(rest)?;
            (Stage::Rc(n), rest)
        } else {
            (Stage::Release, rest)
        };
        // The branch of Go with BoringCrypto counted its own releases: go1.18.2b7.
        let rest = rest.strip_prefix('b').and_then(number).map_or(rest, |(_, rest)| rest);
        if rest.starts_with("-devel") {
            return Some(Self::Devel); // `go1.26-devel_5d6bd1f`, since Go 1.25
        }
        let ends = rest.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '-' | '+' | '('));
        ends.then_some(Self::Numbered { major, minor, patch, stage })
    }

    /// Whether it came before `go{major}.{minor}`: the release, or since 1.21 the first of its pre-releases.
    pub fn is_older_than(self, major: u32, minor: u32) -> bool {
        self < Self::Numbered { major, minor, stage: Stage::Release, patch: None }
    }

    /// By what it is ordered; `None`: a development tree.
    fn rank(self) -> Option<(u32, u32, Option<u32>, Option<Stage>)> {
        let Self::Numbered { major, minor, patch, stage } = self else { return None };
        let is_language = (major, minor) >= (1, 21) && patch.is_none() && stage == Stage::Release;
        Some((major, minor, patch, (!is_language).then_some(stage)))
    }
}

impl Ord for GoVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.rank(), other.rank()) {
            (Some(one), Some(two)) => one.cmp(&two),
            (one, two) => one.is_none().cmp(&two.is_none()),
        }
    }
}

impl PartialOrd for GoVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for GoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Numbered { major, minor, patch, stage } = self else {
            return f.write_str("devel");
        };
        write!(f, "go{major}.{minor}")?;
        if let Some(patch) = patch {
            write!(f, ".{patch}")?;
        }
        match stage {
            Stage::Beta(n) => write!(f, "beta{n}"),
            Stage::Rc(n) => write!(f, "rc{n}"),
            Stage::Release => Ok(()),
        }
    }
}

/// A decimal number without leading zeros at the start of `text`, and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    if number.len() > 1 && number.starts_with('0') {
        return None;
    }
    Some((number.parse().ok()?, rest))
}

#[cfg(test)]
mod tests;
