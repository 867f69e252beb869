//! Go's release names as numbers, because `go1.9` sorts behind `go1.14` as text.
//!
//! Invariant: the order is total, and parsing never panics, whatever a `VERSION` file holds.

use std::fmt;

/// A Go release, as named in a `VERSION` file or a folder (`go1.22.5`, `1.22rc1`, `devel go1.28-…`).
///
/// What follows the number (`X:boringcrypto`, `-microsoft`, `(Red Hat …)`) is not part of it. The order is
/// `go1.9 < go1.14 < go1.22beta1 < go1.22rc1 < go1.22 < go1.22.0 < go1.22.1 < devel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GoVersion {
    /// A release or a pre-release.
    Numbered {
        /// 1, so far.
        major: u32,
        /// The 22 of `go1.22.5`; 0 where it is left out.
        minor: u32,
        /// How far along to the release.
        stage: Stage,
        /// The 5 of `go1.22.5`; `None` for `go1.22`, the first release of each line before Go 1.21.
        patch: Option<u32>,
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
        let (stage, patch, rest) = if let Some(rest) = rest.strip_prefix("beta") {
            let (n, rest) = number(rest)?;
            (Stage::Beta(n), None, rest)
        } else if let Some(rest) = rest.strip_prefix("rc") {
            let (n, rest) = number(rest)?;
            (Stage::Rc(n), None, rest)
        } else if let Some(rest) = rest.strip_prefix('.') {
            let (n, rest) = number(rest)?;
            (Stage::Release, Some(n), rest)
        } else {
            (Stage::Release, None, rest)
        };
        if rest.starts_with("-devel") {
            return Some(Self::Devel); // `go1.26-devel_5d6bd1f`, since Go 1.25
        }
        let ends = rest.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '-' | '+' | '('));
        ends.then_some(Self::Numbered { major, minor, stage, patch })
    }

    /// Whether it came before the release `go{major}.{minor}`; its pre-releases did.
    pub fn is_older_than(self, major: u32, minor: u32) -> bool {
        self < Self::Numbered { major, minor, stage: Stage::Release, patch: None }
    }
}

impl fmt::Display for GoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Numbered { major, minor, stage, patch } = self else {
            return f.write_str("devel");
        };
        write!(f, "go{major}.{minor}")?;
        match (stage, patch) {
            (Stage::Beta(n), _) => write!(f, "beta{n}"),
            (Stage::Rc(n), _) => write!(f, "rc{n}"),
            (Stage::Release, Some(n)) => write!(f, ".{n}"),
            (Stage::Release, None) => Ok(()),
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn v(text: &str) -> GoVersion {
        GoVersion::parse(text).unwrap_or_else(|| panic!("{text} is a version"))
    }

    #[test]
    fn releases_sort_by_age() {
        let sorted = [
            "go1",
            "go1.0.1",
            "go1.9",
            "go1.9.7",
            "go1.14beta1",
            "go1.14",
            "go1.14.15",
            "go1.22beta1",
            "go1.22beta2",
            "go1.22rc1",
            "go1.22rc10",
            "go1.22",
            "go1.22.0",
            "go1.22.1",
            "go1.22.10",
            "go1.100",
            "go2.0",
            "devel",
        ];
        for pair in sorted.windows(2) {
            assert!(v(pair[0]) < v(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn forms_in_the_wild() {
        for (text, shown) in [
            ("go1.22.5", "go1.22.5"),
            ("1.22rc1", "go1.22rc1"),
            ("go1.22.5 X:boringcrypto", "go1.22.5"),
            ("go1.22.5-microsoft", "go1.22.5"),
            ("go1.19.8 (Red Hat 1.19.8-1.el9)", "go1.19.8"),
            ("go1.21.3+auto", "go1.21.3"),
            ("go1.14beta1", "go1.14beta1"),
            ("go1", "go1.0"),
            ("go1.22.5\r\n", "go1.22.5"),
            ("devel +3ed9dd3 Mon Jan 2", "devel"),
            ("devel go1.23-a6a5c30d2b Tue", "devel"),
            ("go1.26-devel_5d6bd1f", "devel"),
        ] {
            assert_eq!(v(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn not_a_version() {
        for text in [
            "",
            "go",
            "gotip",
            "1.",
            "go1.x",
            "go1.22.",
            "go1.22beta",
            "go1.22rc",
            "go1.22rc1.2",
            "go1.22.5.1",
            "go1.022",
            "go1.99999999999",
            "go99999999999999999999.1",
            "go1.22.4294967296",
            "version 1.22",
            "go-1.22",
            "goldfish",
            "go1.22.5x",
            "développement",
            "develx",
        ] {
            assert_eq!(GoVersion::parse(text), None, "{text}");
        }
    }

    #[test]
    fn older_than() {
        for (text, older) in [("go1.9", true), ("go1.13.15", true), ("go1.14rc1", true), ("go1.14", false)] {
            assert_eq!(v(text).is_older_than(1, 14), older, "{text}");
        }
        assert!(!v("go1.14.0").is_older_than(1, 14));
        assert!(!v("go1.22.5").is_older_than(1, 14));
        assert!(!v("go2.0").is_older_than(1, 14));
        assert!(!GoVersion::Devel.is_older_than(1, 14));
    }

    fn any_version() -> impl Strategy<Value = GoVersion> {
        let stage = prop_oneof![(0..3u32).prop_map(Stage::Beta), (0..3u32).prop_map(Stage::Rc), Just(Stage::Release)];
        prop_oneof![
            9 => (0..3u32, 0..3u32, stage, prop::option::of(0..3u32)).prop_map(|(major, minor, stage, patch)| {
                let patch = if stage == Stage::Release { patch } else { None };
                GoVersion::Numbered { major, minor, stage, patch }
            }),
            1 => Just(GoVersion::Devel),
        ]
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in any::<String>(), like in "(go)?[0-9.]{0,9}(rc|beta|-devel|\\+)?[0-9.]{0,12}.?") {
            let _ = GoVersion::parse(&text);
            let _ = GoVersion::parse(&like);
        }

        #[test]
        fn shown_and_parsed_is_the_same(version in any_version()) {
            prop_assert_eq!(GoVersion::parse(&version.to_string()), Some(version));
        }

        #[test]
        fn the_order_is_total(a in any_version(), b in any_version(), c in any_version()) {
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a == b, a.cmp(&b).is_eq());
            prop_assert!(!(a <= b && b <= c) || a <= c);
        }
    }
}
