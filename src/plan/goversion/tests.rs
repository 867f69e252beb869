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
        "go1.9.8rc1",
        "go1.9.8",
        "go1.14beta1",
        "go1.14rc1",
        "go1.14",
        "go1.14.0",
        "go1.14.15",
        "go1.20rc3",
        "go1.20",
        "go1.21",
        "go1.21rc2",
        "go1.21.0",
        // The language: any of its pre-releases knows it.
        "go1.22",
        "go1.22beta1",
        "go1.22beta2",
        "go1.22rc1",
        "go1.22rc10",
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
        ("go1.24.1 X:nocoverageredesign,boringcrypto", "go1.24.1"),
        ("go1.18.2b7", "go1.18.2"),
        ("go1.9rc2b2", "go1.9rc2"),
        ("go1.9.2rc2", "go1.9.2rc2"),
        ("go1.25.1-2-microsoft", "go1.25.1"),
        ("go1.22.7-1", "go1.22.7"),
        ("go1.21.9 (Red Hat 1.21.9-1.el9_4)", "go1.21.9"),
        ("go1.20.12 (Amazon Linux 1.20.12-1.amzn2023)", "go1.20.12"),
        ("go1.22.2-fips", "go1.22.2"),
        ("go1.20-20220804-RC00 cl/465304421", "go1.20"),
        ("1.21.0+auto", "go1.21.0"),
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
fn the_first_line_of_a_version_file() {
    for (bytes, expected) in [
        (&b"go1.22.5\ntime 2024-06-27T20:11:12Z\n"[..], Some("go1.22.5")),
        (b"go1.22.5 X:boringcrypto\r\n", Some("go1.22.5 X:boringcrypto")),
        ("go1.22.5 (é)".as_bytes(), Some("go1.22.5 (é)")),
        (b"go1.22.5\n\0\0\0", Some("go1.22.5")),
        (b"", None),
        (b"\ngo1.22.5", None),
        (b"go1.22.5\xff", None),
        (b"\0\0\0\0", None),
        (b"go1.22.5\0", None),
        (b"go1.22.5 \x1b[31m", None),
        (b"go1.22.5\tX:boringcrypto", None),
        (b"go1.22.5\rgo1.23", None),
        ("go1.22.5 \u{9b}31m".as_bytes(), None),
    ] {
        assert_eq!(first_line(bytes), expected, "{}", bytes.escape_ascii());
    }
    let long = [b"go1.22.5 ".as_slice(), &[b'x'; 291]].concat();
    assert_eq!(first_line(&long).map(str::len), Some(300));
    assert_eq!(first_line(&[&long[..], b"x"].concat()), None);
}

#[test]
fn older_than() {
    for (text, older) in [("go1.9", true), ("go1.13.15", true), ("go1.14rc1", true), ("go1.14", false)] {
        assert_eq!(v(text).is_older_than(1, 14), older, "{text}");
    }
    for (text, older) in [("go1.21.13", true), ("go1.22", false), ("go1.22rc1", false), ("go1.22.0", false)] {
        assert_eq!(v(text).is_older_than(1, 22), older, "{text}");
    }
    assert!(!v("go1.14.0").is_older_than(1, 14));
    assert!(!v("go1.22.5").is_older_than(1, 14));
    assert!(!v("go2.0").is_older_than(1, 14));
    assert!(!GoVersion::Devel.is_older_than(1, 14));
}

fn any_version() -> impl Strategy<Value = GoVersion> {
    let stage = prop_oneof![(0..3u32).prop_map(Stage::Beta), (0..3u32).prop_map(Stage::Rc), Just(Stage::Release)];
    prop_oneof![
        9 => (0..3u32, 0..3u32, prop::option::of(0..3u32), stage)
            .prop_map(|(major, minor, patch, stage)| GoVersion::Numbered { major, minor, patch, stage }),
        1 => Just(GoVersion::Devel),
    ]
}

proptest! {
    #[test]
    fn a_first_line_is_plain(bytes in prop::collection::vec(prop::sample::select(b"go1.2\n\r\t \0\x1b\x7f\xc2\x9b\xff".to_vec()), 0..400)) {
        if let Some(line) = first_line(&bytes) {
            prop_assert!(!line.chars().any(char::is_control) && line.len() <= 300 && line == line.trim_ascii());
        }
    }

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

/// Every release of Go's history: the line, how many betas and release candidates it had, its newest patch.
///
/// Source: the tags of Go's repository; where a count was not known it is set higher, which only adds names of the form.
const LINES: &[(u32, u32, u32, u32)] = &[
    (0, 0, 0, 3),
    (1, 0, 3, 2),
    (2, 0, 5, 2),
    (3, 2, 2, 3),
    (4, 1, 2, 3),
    (5, 3, 1, 4),
    (6, 2, 2, 4),
    (7, 2, 6, 6),
    (8, 2, 3, 7),
    (9, 2, 2, 7),
    (10, 2, 2, 8),
    (11, 3, 2, 13),
    (12, 2, 1, 17),
    (13, 1, 2, 15),
    (14, 1, 1, 15),
    (15, 1, 2, 15),
    (16, 1, 1, 15),
    (17, 1, 2, 13),
    (18, 2, 1, 10),
    (19, 1, 2, 13),
    (20, 1, 3, 14),
    (21, 0, 4, 13),
    (22, 0, 2, 12),
    (23, 0, 2, 12),
    (24, 0, 3, 13),
    (25, 0, 3, 9),
    (26, 0, 3, 6),
    (27, 0, 2, 3),
];

/// The tags in the order in which the versions count, `go1.9.2rc2` and its like included.
fn history() -> Vec<String> {
    let mut tags = Vec::new();
    for &(line, betas, candidates, newest) in LINES {
        let name = if line == 0 { "go1".to_owned() } else { format!("go1.{line}") };
        tags.extend((1..=betas).map(|n| format!("{name}beta{n}")));
        tags.extend((1..=candidates).map(|n| format!("{name}rc{n}")));
        // The first release of a line was called go1.20 until then, and go1.21.0 from then on.
        tags.push(if line < 21 { name.clone() } else { format!("{name}.0") });
        for patch in 1..=newest {
            let name = if line == 0 { "go1.0" } else { &name };
            match (line, patch) {
                (8, 5) => tags.extend(["go1.8.5rc4", "go1.8.5rc5"].map(str::to_owned)),
                (9, 2) => tags.push("go1.9.2rc2".to_owned()),
                _ => {}
            }
            tags.push(format!("{name}.{patch}"));
        }
    }
    tags
}

#[test]
fn the_release_tags_of_gos_own_history() {
    let tags = history();
    assert!(tags.len() > 300, "{}", tags.len());
    let versions: Vec<GoVersion> = tags.iter().map(|tag| v(tag)).collect();
    for (tags, versions) in tags.windows(2).zip(versions.windows(2)) {
        assert!(versions[0] < versions[1], "{} < {}", tags[0], tags[1]);
    }
    for (tag, version) in tags.iter().zip(&versions) {
        let shown = if tag == "go1" { "go1.0" } else { tag };
        assert_eq!(version.to_string(), shown);
        for vendor in
            [" X:boringcrypto", "-microsoft", "-1-microsoft", "+auto", " (Red Hat 1-1.el9)", "\r", "b4", "-fips"]
        {
            assert_eq!(v(&format!("{tag}{vendor}")), *version, "{tag}{vendor}");
        }
        assert!(*version < GoVersion::Devel);
    }
}

proptest! {
    #[test]
    fn what_follows_a_version_does_not_change_it(version in any_version(), vendor in "[-+ (].{0,20}") {
        prop_assume!(!vendor.starts_with("-devel"));
        prop_assert_eq!(GoVersion::parse(&format!("{version}{vendor}")).unwrap_or(GoVersion::Devel), version);
    }
}
