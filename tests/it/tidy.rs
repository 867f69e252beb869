//! The house rules, held by tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::bytes::Regex;

/// Words that must not be committed stand in halves here, or this file would break its own rules.
const UNFINISHED: [&str; 6] = [
    concat!(r"\bTO", r"DO\b"),
    concat!(r"\bFIX", r"ME\b"),
    concat!(r"\bXX", r"X\b"),
    concat!(r"\bunimple", r"mented!"),
    concat!(r"\bto", r"do!"),
    concat!(r"#\[ig", r"nore\b"),
];

/// Paths of a developer's machine, where they begin a path: below `~` or `$HOME` the same names are anybody's.
const MACHINE_PATHS: [&str; 2] = [concat!(r"(^|[^\w~.})*/-])/wo", r"rk/"), concat!(r"(^|[^\w~.})*/-])/ro", r"ot/")];

/// What reaches out of a pure module.
const IMPURE: [&str; 8] = [
    r"\bstd::(fs|env|process)\b",
    r"\bstd::\{[^}]*\b(fs|env|process)\b",
    r"\bfs_err\b",
    r"\b(SystemTime|Instant)::now\b",
    r"\be?print(ln)?!",
    r"\bio::(stdin|stdout|stderr)\b",
    r"\brustix::",
    r"\bdbg!",
];

/// Lines are counted as a reader sees them, comments and tests too.
const MOST_LINES: usize = 450;

#[test]
fn no_source_file_is_too_long() {
    let long: Vec<_> = files("src")
        .into_iter()
        .map(|path| (text(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .collect();
    assert!(long.is_empty(), "more than {MOST_LINES} lines, so each is asking to be two: {long:?}");
}

#[test]
fn every_source_file_says_why_it_exists() {
    // A sibling file `x/tests.rs` is there for what the name says.
    let files = rust("src").into_iter().filter(|path| !path.ends_with("tests.rs"));
    let silent: Vec<_> = files.filter(|path| !text(path).starts_with("//! ")).collect();
    assert!(silent.is_empty(), "these do not open with `//!`: {silent:?}");
}

#[test]
fn pure_modules_reach_for_nothing() {
    for folder in ["src/plan", "src/shells", "src/text"] {
        for path in rust(folder).into_iter().filter(|path| !path.ends_with("tests.rs")) {
            let found = matches(&IMPURE, &without_tests_and_comments(&text(&path)));
            assert!(found.is_empty(), "{} is pure, but holds {found:?}", path.display());
        }
    }
}

#[test]
fn nothing_is_left_unfinished() {
    for path in ["src", "tests", "templates"].into_iter().flat_map(files) {
        let found = matches(&UNFINISHED, &text(&path));
        assert!(found.is_empty(), "{} holds {found:?}", path.display());
    }
}

#[test]
fn the_change_log_has_this_version() {
    let log = text(Path::new("CHANGELOG.md"));
    let headings = |name: &str| log.lines().filter(|line| line.starts_with(&format!("## [{name}]"))).count();
    let version = env!("CARGO_PKG_VERSION");
    match (headings(version), headings("Unreleased")) {
        (1, 0 | 1) | (0, 1) => {}
        (released, unreleased) => {
            panic!("CHANGELOG.md has {released} headings for {version} and {unreleased} for what is unreleased")
        }
    }
}

#[test]
fn every_template_is_used() {
    let shells: String = rust("src/shells").iter().map(|path| text(path)).collect();
    for template in files("templates") {
        let name = template.file_name().and_then(|name| name.to_str()).expect("a plain name");
        assert!(shells.contains(&format!("templates/{name}\"")), "no shell uses {}", template.display());
    }
}

#[test]
fn the_readme_names_the_test_command() {
    assert!(text(Path::new("README.md")).contains("tests/run"), "README.md does not name `tests/run`");
}

#[test]
fn no_test_file_is_forgotten() {
    let declaration = Regex::new(r"(?m-u)^\s*(?:pub(?:\([a-z]+\))? )?mod (\w+);").expect("a pattern");
    for path in rust("tests/it") {
        let (folder, stem) = (path.parent().expect("in tests/it"), path.file_stem().expect("it has a name"));
        // The name of the module, and the files that may declare it.
        let (name, folder) =
            if stem == "mod" { (folder.file_name().expect("a name"), folder.parent()) } else { (stem, Some(folder)) };
        let folder = folder.expect("in tests/it");
        if (folder, name.to_str()) == (Path::new("tests/it"), Some("main")) {
            continue;
        }
        let parents = [folder.join("main.rs"), folder.join("mod.rs"), folder.with_extension("rs")];
        let declared = parents.iter().filter(|parent| root(parent).is_file()).any(|parent| {
            let parent = text(parent);
            declaration
                .captures_iter(parent.as_bytes())
                .any(|found| Some(&found[1]) == name.to_str().map(str::as_bytes))
        });
        assert!(declared, "{} is declared nowhere, so it never runs", path.display());
    }
}

#[test]
fn no_path_of_a_machine_is_committed() {
    for path in files("") {
        let found = matches(&MACHINE_PATHS, &text(&path));
        assert!(found.is_empty(), "{} holds {found:?}", path.display());
    }
}

/// The rules above must be able to fail.
#[test]
fn the_patterns_find_what_they_are_for() {
    for line in [
        "use std::fs;",
        "use std::{io, fs};",
        "std::env::var(x)",
        "fs_err::read(x)",
        "SystemTime::now()",
        "println!()",
        "    eprint!()",
        "std::io::stdout()",
    ] {
        assert_eq!(matches(&IMPURE, line).len(), 1, "{line}");
    }
    for line in ["std::ffi::OsStr", "use std::{fmt, path::Path};", "offs_error", "pretty_print(x)", "write!(f, x)"] {
        assert!(matches(&IMPURE, line).is_empty(), "{line}");
    }
    let [work, home] = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat()];
    for line in [format!("cd {work}x"), format!("{home}go"), format!("(`{home}`)"), format!("a:{work}b")] {
        assert_eq!(matches(&MACHINE_PATHS, &line).len(), 1, "{line}");
    }
    for line in [format!("~{work}x"), format!("$HOME{work}x"), format!("${{x}}{home}"), "/worker/x".into()] {
        assert!(matches(&MACHINE_PATHS, &line).is_empty(), "{line}");
    }
    for line in
        [["// TO", "DO: x"], ["un", "implemented!()"], ["to", "do!()"], ["#[ig", "nore]"], ["#[ig", "nore = \"\"]"]]
    {
        assert_eq!(matches(&UNFINISHED, &line.concat()).len(), 1, "{line:?}");
    }
    assert!(matches(&UNFINISHED, "let mut todo = vec![]; // ignore").is_empty());

    let source =
        "//! std::fs\na\n    // std::fs\n#[cfg(test)]\nmod tests;\nb\n#[cfg(test)]\nmod more {\n    {\n    }\n}\nc\n";
    assert_eq!(without_tests_and_comments(source), "a\nb\nc\n");
}

/// A path from the project's folder, which is not the current one everywhere.
fn root(path: &Path) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every file below a folder of the project that may be committed; nothing where the folder does not exist.
fn files(folder: &str) -> BTreeSet<PathBuf> {
    let (mut found, mut folders) = (BTreeSet::new(), vec![PathBuf::from(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(root(&folder)).into_iter().flatten() {
            let entry = entry.expect("a readable folder");
            let path = folder.join(entry.file_name());
            // `.git` is a file in a work tree.
            if ["target", ".git"].iter().any(|name| path == Path::new(name)) {
                continue;
            }
            let kind = entry.file_type().expect("a readable folder");
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                found.insert(path);
            }
        }
    }
    found
}

fn rust(folder: &str) -> BTreeSet<PathBuf> {
    files(folder).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// A file as text; test data in it may be of any bytes.
fn text(path: &Path) -> String {
    let bytes = fs_err::read(root(path)).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where these patterns are found: the number of the line and what stands there.
fn matches(patterns: &[&str], text: &str) -> Vec<String> {
    let pattern = Regex::new(&format!("(?-u){}", patterns.join("|"))).expect("a pattern");
    let found = text.lines().enumerate().filter(|(_, line)| pattern.is_match(line.as_bytes()));
    found.map(|(index, line)| format!("{}: {}", index + 1, line.trim())).collect()
}

/// Source code without comment lines and without what is compiled for tests only.
fn without_tests_and_comments(source: &str) -> String {
    let mut code = String::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        if trimmed == "#[cfg(test)]" {
            // The item ends with `;` on its first line, or with a brace as far from the margin as it began.
            let end = format!("{}}}", &line[..line.len() - trimmed.len()]);
            if lines.next().is_some_and(|first| !first.ends_with(';')) {
                lines.by_ref().find(|line| *line == end);
            }
        } else if !trimmed.starts_with("//") {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}
