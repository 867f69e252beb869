//! The three forms: a table of 80 columns, one for GitHub, and JSON. All say the same.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use goenv_setup::text::json_bytes::JsonBytes;
use goenv_setup::text::show::{tilde, tilde_list};
use serde_json::Value;

use super::{append, applied, shells_are_here};
use crate::support::{Home, Matrix, matrix, run_under};

/// A home with everything that a table does not like.
fn nasty() -> Home {
    let home = applied();
    home.fake_go(format!("{}/a b|c`d``/go", "long/".repeat(30)), "1.23.4");
    append(&home, ".zshrc", &format!("PATH=~/{}'a b|c`d``/go/bin':$PATH\nunset GOROOT\n", "long/".repeat(30)));
    append(
        &home,
        ".zprofile",
        "export GOPATH=$'/x\\e[31m\\t|y\\\\:/\\u202e\\xff:/漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字'\n",
    );
    append(&home, ".bashrc", &format!("echo '{} | `' >&2; exit 7\n", "words ".repeat(50)));
    home
}

const ASKED: &[&str] = &["--shell", "zsh", "--shell", "bash", "--shell", "sh"];

fn text(home: &Home, flags: &[&str]) -> String {
    let ran = run_under(home, "zsh", &[&["matrix"], ASKED, flags].concat()).code(1);
    String::from_utf8(ran.stdout).expect("text")
}

/// The lines without how long it took.
fn timeless(table: &str) -> Vec<String> {
    table.lines().map(|line| line.trim_end_matches(|char: char| char.is_ascii_digit()).trim_end().to_owned()).collect()
}

/// Without the escape sequences of colours.
fn plain(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').expect("a colour").1)
}

#[test]
fn no_line_of_the_table_is_wider_than_80_columns() {
    if !shells_are_here() {
        return;
    }
    let home = nasty();
    let table = text(&home, &[]);
    for line in table.lines() {
        let columns: usize = line.chars().map(|char| if char.is_ascii() { 1 } else { 2 }).sum();
        assert!(columns <= 80, "{columns} columns: {line}");
    }
    assert!(!table.contains(|char: char| char.is_control() && char != '\n'), "{table:?}");
    // Nothing is lost: what is too long takes more lines.
    let joined: String = table.lines().map(str::trim).collect();
    for whole in ["long/long/a b|c`d``/go/bin/go", "/x^[[31m^I|y\\:/\\u{202e}\\xff:/漢字"] {
        assert!(joined.contains(whole), "{whole}\n{table}");
    }
    let rows = matrix(&home, "zsh", ASKED).cells.len();
    let head = table.lines().next().expect("a line");
    assert_eq!(head.split_whitespace().collect::<Vec<_>>(), ["start", "verdict", "#", "version", "by", "ms"]);
    assert_eq!(table.lines().skip(1).take_while(|line| !line.is_empty()).count(), rows);
}

#[test]
fn colour_is_for_verdicts_and_changes_nothing_else() {
    if !shells_are_here() {
        return;
    }
    let home = nasty();
    let piped = text(&home, &[]);
    assert!(!piped.contains('\x1b'));
    let coloured = text(&home, &["--color", "always"]);
    for part in [
        "\x1b[32mok\x1b[0m",
        "\x1b[31mbroken\x1b[0m",
        "\x1b[33mother go\x1b[0m",
        "\x1b[2mnot reachable by any file\x1b[0m",
    ] {
        assert!(coloured.contains(part), "{part:?} in {coloured:?}");
    }
    assert_eq!(timeless(&plain(&coloured)).len(), timeless(&piped).len());
    // How wide the last column is depends on the times.
    let words = |table: &str| {
        timeless(table).iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(words(&plain(&coloured)), words(&piped));
}

/// The cells of a row of a GitHub table.
fn row(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut chars = line.trim_matches(['|']).chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' if chars.peek() == Some(&'|') => cells.last_mut().expect("one").extend(chars.next()),
            '|' => cells.push(String::new()),
            _ => cells.last_mut().expect("one").push(char),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// What a code span holds (`CommonMark`, 6.1); other text is what it is.
fn span(text: &str) -> String {
    let fence = text.chars().take_while(|char| *char == '`').count();
    let inner = &text[fence..text.len() - fence];
    let padded = inner.strip_prefix(' ').and_then(|inner| inner.strip_suffix(' '));
    padded.filter(|_| fence > 0).unwrap_or(inner).to_owned()
}

fn shown(value: &Value, none: &str, home: &Path, seen: bool) -> String {
    if !seen {
        return "-".to_owned();
    }
    if value.is_null() {
        return none.to_owned();
    }
    let bytes: JsonBytes = serde_json::from_value(value.clone()).expect("bytes");
    let list = OsStr::from_bytes(&bytes.0);
    let text = if none == "none" { tilde(Path::new(list), home) } else { tilde_list(list, home) };
    text.replace('\t', "^I")
}

#[test]
fn markdown_holds_every_cell_of_the_document() {
    if !shells_are_here() {
        return;
    }
    let home = nasty();
    let table = text(&home, &["--format", "markdown"]);
    let mut lines = table.lines();
    assert_eq!(
        row(lines.next().expect("a head")),
        ["start", "verdict", "go", "version", "GOROOT", "GOPATH", "by", "ms"]
    );
    assert!(lines.next().expect("a rule").chars().all(|char| "|-:".contains(char)));
    let rows: Vec<Vec<String>> = lines.map(row).collect();
    let Matrix { cells, .. } = matrix(&home, "zsh", ASKED);
    assert_eq!(rows.len(), cells.len());
    for (row, cell) in rows.iter().zip(&cells) {
        let [start, verdict, go, version, goroot, gopath, by, ms] = &row[..] else { panic!("{row:?}") };
        let (word, why) = verdict.split_once(": ").unwrap_or((verdict, ""));
        let left = [&span(start), word, &span(why), version, by].map(str::to_owned);
        let told = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
        let right =
            [&cell.name, cell.verdict(), cell.text("why"), &told(cell.text("version")), cell.text("reached_by")];
        assert_eq!(left, right.map(str::to_owned));
        // Here only starts that ended early are broken.
        let (path, seen) = (home.path(""), cell.verdict() != "broken");
        let shown = |key: &str, none: &str| shown(&cell.json[key], none, &path, seen);
        let right = [shown("go", "none"), shown("goroot", "unset"), shown("gopath", "unset")];
        assert_eq!([go, goroot, gopath].map(|text| span(text)), right, "{}", cell.name);
        assert!(ms.parse::<u64>().is_ok(), "{ms}");
    }
    assert!(
        table.contains("| `zsh -c` | ok | `~/opt/go/bin/go` | go1.22.10 | `~/opt/go` | `~/go` | file | "),
        "{table}"
    );
}

#[test]
fn one_document() {
    if !shells_are_here() {
        return;
    }
    let home = applied();
    for flags in [&["--json"][..], &["--format", "json"]] {
        let ran = run_under(&home, "zsh", &[&["matrix", "--shell", "zsh"], flags].concat()).ok();
        let one: Value = serde_json::from_slice(&ran.stdout).expect("one document");
        let head = ["schema", "command", "exit", "result"].map(|key| one[key].to_string());
        assert_eq!(head, ["1", "\"matrix\"", "0", "\"as promised\""]);
        assert_eq!(one["settings"]["goroot"], home.path("opt/go").display().to_string());
    }
    let refused = home.run(&["matrix", "--shell", "nosuch", "--format", "json"]).code(3);
    let one: Value = serde_json::from_slice(&refused.stdout).expect("one document");
    assert_eq!(one["result"], "refused");
}
