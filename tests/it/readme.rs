//! The README's transcript, run as it stands there: what it shows is what happens.
//!
//! A block ```` ```console ```` holds lines `$ command`, each followed by what the command prints (standard output and
//! error in one). In an expected line `[..]` stands for anything; a line `...` stands for any lines, also for none.

use std::time::{Duration, Instant};
use std::{path::Path, thread};

use fs_err as fs;

use crate::support::{Home, Ran, SESSION_LEADERS, find, need};

/// A command of the transcript and what it should print.
#[derive(Debug, PartialEq, Eq)]
struct Exchange {
    command: String,
    expected: Vec<String>,
}

/// The exchanges of every console block of a document.
fn exchanges(document: &str) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        if line.starts_with("```") {
            inside = !inside && line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            exchanges.push(Exchange { command: command.to_owned(), expected: Vec::new() });
        } else if inside {
            let exchange = exchanges.last_mut().expect("a console block begins with a command");
            exchange.expected.push(line.to_owned());
        }
    }
    exchanges
}

/// Whether these lines are as expected.
fn fits(expected: &[String], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "..." => (0..=lines.len()).any(|skip| fits(rest, &lines[skip..])),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, more)| line_fits(first, line) && fits(rest, more))
        }
    }
}

/// Whether this line is as expected.
fn line_fits(expected: &str, line: &str) -> bool {
    let Some((start, rest)) = expected.split_once("[..]") else { return expected == line };
    let Some(line) = line.strip_prefix(start) else { return false };
    (0..=line.len()).filter(|at| line.is_char_boundary(*at)).any(|at| line_fits(rest, &line[at..]))
}

/// Runs a command line in this home as if nobody's shell had started it, and gives what it printed. An ancestor would
/// be taken for the user's shell, and whoever runs the tests may sit in front of any.
fn run(home: &Home, command: &str) -> String {
    let folder = home.path("").parent().expect("a home stands in a folder").join("tmp");
    let file = |name: &str| folder.join(name);
    for name in ["ready", "go", "done"] {
        fs::remove_file(file(name)).ok();
    }
    let orphan = "cd ~; : >$TMPDIR/ready; while [ ! -e $TMPDIR/go ]; do sleep 0.01; done; \
                  (eval \"$COMMAND\") >$TMPDIR/out 2>&1; : >$TMPDIR/done";
    // It is on its own once it is in a session of its own and the shell that started it has ended.
    let start = "\"$@\" & while [ ! -e $TMPDIR/ready ]; do sleep 0.01; done";
    let leader = SESSION_LEADERS.iter().find(|leader| find(leader[0]).is_some()).expect("setsid or perl is here");
    let mut starter = home.command("sh", &[&["-c", start, "sh"], *leader, &["sh", "-c", orphan]].concat());
    Ran::of(starter.env("COMMAND", command)).ok();
    fs::write(file("go"), "").expect("a new file");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !file("done").exists() {
        assert!(Instant::now() < deadline, "`{command}` does not end");
        thread::sleep(Duration::from_millis(5));
    }
    fs::read_to_string(file("out")).expect("plain text")
}

/// Runs every exchange of the document in this home; gives what was not as expected.
fn differences(home: &Home, document: &str) -> Vec<String> {
    let wrong = exchanges(document).into_iter().filter_map(|Exchange { command, expected }| {
        let printed = run(home, &command);
        let lines: Vec<&str> = printed.lines().collect();
        let difference = || format!("$ {command}\nexpected:\n{}\nprinted:\n{printed}", expected.join("\n"));
        (!fits(&expected, &lines)).then(difference)
    });
    wrong.collect()
}

/// The home that the README speaks of: zsh, one alias, and Go unpacked into `~/.local/go`.
fn readers_home() -> Home {
    let mut home = Home::new();
    home.file(".zshrc", "alias ll='ls -l'\n").fake_go(".local/go", "1.27.3");
    home.file(".local/go/go.env", "GOTOOLCHAIN=auto\n");
    let program = Path::new(env!("CARGO_BIN_EXE_goenv-setup")).parent().expect("a program stands in a folder");
    home.env("SHELL", "/bin/zsh").env("PATH", format!("{}:/usr/bin:/bin", program.display()));
    home
}

#[test]
fn the_transcript_is_what_happens() {
    let readme = include_str!("../../README.md");
    assert!(exchanges(readme).len() > 2, "README.md has no transcript");
    if need("zsh") {
        let wrong = differences(&readers_home(), readme);
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }
}

/// The rows of a table without their last column: times are never the same twice.
fn rows(table: &str) -> Vec<&str> {
    let lines = table.lines().filter(|line| line.starts_with('|'));
    lines.map(|line| line.trim_end_matches('|').rsplit_once('|').expect("a row").0).collect()
}

/// The combinations that we promise everywhere.
const SEVENTEEN: [&str; 17] = [
    "zsh -l -i",
    "zsh -i",
    "zsh -l -c",
    "zsh -c",
    "bash -l -i",
    "bash -i",
    "bash -l -c",
    "bash ssh command",
    "sh -l -i",
    "ksh93 -l -i",
    "ksh93 -i",
    "tcsh login",
    "tcsh -c",
    "fish -l -i",
    "fish -i",
    "fish -c",
    "mksh -l -i",
];

#[test]
fn the_matrix_is_what_the_program_prints() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("<!-- matrix -->").expect("README.md has a matrix");
    let (table, _) = rest.split_once("<!-- end of matrix -->").expect("the matrix ends");
    let written = rows(table);
    for start in SEVENTEEN {
        assert!(written.iter().any(|row| row.starts_with(&format!("| `{start}` | ok |"))), "{start}");
    }
    let shells = ["zsh", "bash", "sh", "ksh93", "mksh", "yash", "fish", "tcsh", "csh"];
    if !shells.iter().chain(&["busybox"]).all(|shell| need(shell)) {
        return;
    }
    let home = readers_home();
    home.file(".bashrc", include_str!("homes/debian.bashrc")).file(".profile", include_str!("homes/debian.profile"));
    let flags = shells.iter().flat_map(|shell| ["--shell", shell]);
    home.run(&["apply", "--yes", "--reach", "all"].into_iter().chain(flags).collect::<Vec<_>>()).ok();
    let printed = home.run(&["matrix", "--all-shells", "--format", "markdown"]).ok().stdout;
    let printed = String::from_utf8(printed).expect("text");
    assert_eq!(written, rows(&printed), "the table in README.md should be:\n{printed}");
}

const SAMPLE: &str = "```sh\n$ not run\n```\n```console\n$ echo a; echo b >&2; echo c\na\n[..]\nc\n$ printf '1\\n2\\n3\\n'\n\
                      1\n...\n$ cat ~/.zshrc\nalias [..]='ls[..]'\n...\n$ goenv-setup --version\ngoenv-setup [..]\n$ :\n```\n";

#[test]
fn a_right_document_is_right() {
    assert_eq!(exchanges(SAMPLE).len(), 5);
    assert_eq!(differences(&readers_home(), SAMPLE), [""; 0]);
}

#[test]
fn a_wrong_document_is_wrong() {
    for (right, wrong) in [
        ("a\n[..]", "b\n[..]"),
        ("...\n$ cat", "2\n$ cat"),
        ("='ls[..]'", "='ls[..]x'"),
        ("\n$ :\n", "\n$ echo more\n"),
        ("setup [..]", "setup"),
        ("c\n$ printf", "c\n\n$ printf"),
    ] {
        let document = SAMPLE.replacen(right, wrong, 1);
        assert_ne!(document, SAMPLE, "{right}");
        assert_eq!(differences(&readers_home(), &document).len(), 1, "{wrong}");
    }
    assert!(exchanges("```sh\n$ not run\n```\n").is_empty());
}
