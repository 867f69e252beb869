//! The 17 rows of the launch matrix, and more, in homes of every kind: with `--reach all` each is `ok`, as the program
//! measures it and as the test starts it itself; by default each that was promised.

mod homes;
mod start;
mod undo;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rustix::process::geteuid;
use serde_json::Value;

use crate::support::{Home, Kind, Matrix, Ran, Tree, cannot, find, need, run_under, say};
use homes::Case;
use start::{MORE, ROWS, Row};

/// Every shell, in the words of `--shell`.
const SHELLS: [&str; 9] = ["zsh", "bash", "sh", "ksh93", "mksh", "yash", "fish", "tcsh", "csh"];

fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().chain(&MORE)
}

fn all_here() -> bool {
    let programs: BTreeSet<_> = rows().map(Row::needs).collect();
    // Each is asked for, so that all that are missing are named.
    let there = programs.into_iter().chain(["dash"]).map(need).filter(|there| !there).count();
    there == 0
}

/// Who runs the program and the shells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Me,
    Nobody,
}

const NOBODY: [&str; 6] = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];

impl Who {
    fn words(self) -> &'static [&'static str] {
        if self == Self::Nobody { &NOBODY } else { &[] }
    }

    /// Runs goenv-setup in a terminal that does not start login shells.
    fn run(self, home: &Home, args: &[&str]) -> Ran {
        if self == Self::Me {
            return run_under(home, "bash", args);
        }
        // Beside the home: the program may lie where only root gets to.
        let program = home.beside("goenv-setup");
        let script = r#"[ -e "$TMPDIR/../goenv-setup" ] || cp "$0" "$TMPDIR/../goenv-setup""#;
        home.script(script).ok();
        let words = [&NOBODY[1..], &[program.to_str().expect("a plain path")], args].concat();
        Ran::of(&home.command(NOBODY[0], &words))
    }
}

/// A home of this kind with a Go that nothing finds yet.
fn home(case: &Case, who: Who) -> Home {
    let mut home = Home::new();
    home.fake_go("sdk/go", "1.22.10");
    (case.build)(&home);
    start::put_tell(&home);
    if who == Who::Nobody {
        // The one that the user database has for nobody is none.
        home.env("SHELL", "/bin/bash");
        home.script(r#"chmod 755 "$TMPDIR/.." && chown -R -h 65534:65534 "$HOME" "$TMPDIR""#).ok();
    }
    home
}

/// `apply` for these shells.
fn apply(home: &Home, who: Who, shells: &[&str], more: &[&str]) -> Ran {
    let root = home.path("sdk/go");
    let root = root.to_str().expect("a plain path");
    let shells: Vec<&str> = shells.iter().flat_map(|shell| ["--shell", shell]).collect();
    who.run(home, &[&["apply", "--yes", "--goroot", root], &shells[..], more].concat())
}

fn measured(home: &Home, who: Who) -> Matrix {
    let shells: Vec<&str> = SHELLS.iter().flat_map(|shell| ["--shell", shell]).collect();
    let ran = who.run(home, &[&["matrix", "--json"], &shells[..]].concat());
    Matrix::of(ran.status, &ran.stdout)
}

/// The rows that an `apply` promised, by shell and launch mode.
fn promised(applied: &Ran) -> BTreeSet<(String, String)> {
    let one: Value = serde_json::from_slice(&applied.stdout).unwrap_or_else(|error| panic!("{error}\n{applied}"));
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let shells = one["coverage"].as_array().expect("a list").iter();
    let modes = shells.flat_map(|shell| {
        let covered = shell["covered"].as_array().expect("a list");
        covered.iter().map(move |mode| (text(&shell["shell"]), text(mode)))
    });
    modes.collect()
}

/// What each row came to in each home.
struct Table {
    homes: Vec<&'static str>,
    lines: Vec<(&'static str, Vec<String>)>,
    failed: Vec<String>,
}

impl Table {
    fn new() -> Self {
        Self { homes: Vec::new(), lines: rows().map(|row| (row.name, Vec::new())).collect(), failed: Vec::new() }
    }

    /// Measures every row in this home; `wanted` tells which must be ok.
    fn add(&mut self, case: &Case, who: Who, home: &Home, wanted: impl Fn(&Row, &Matrix) -> bool) {
        self.homes.push(case.name);
        let seen = measured(home, who);
        for (row, (_, line)) in rows().zip(&mut self.lines) {
            let verdict = seen.verdict(row.name);
            let word = if wanted(row, &seen) {
                let own = row.start(home, who.words());
                if verdict != "ok" {
                    self.failed.push(format!("{}: {}: the program says: {verdict}", case.name, row.name));
                }
                if let Err(why) = &own {
                    self.failed.push(format!("{}: {}: {why}", case.name, row.name));
                }
                if verdict == "ok" && own.is_ok() { "ok" } else { "FAILED" }
            } else if verdict == "ok" {
                "(ok)"
            } else {
                "-"
            };
            line.push(word.to_owned());
        }
    }

    /// Prints so many lines of it, and fails if a row is not as it should be.
    #[track_caller]
    fn end(mut self, title: &str, lines: usize) {
        self.lines.truncate(lines);
        let mut text = format!("rows: {title}\n{:20}", "");
        for home in &self.homes {
            write!(text, "{home:11}").expect("a string takes everything");
        }
        for (number, (name, words)) in self.lines.iter().enumerate() {
            write!(text, "\n{name:20}").expect("a string takes everything");
            for word in words {
                write!(text, "{word:11}").expect("a string takes everything");
            }
            if number + 1 == ROWS.len() {
                let whole = self.lines[..ROWS.len()].iter().filter(|(_, words)| words.iter().all(|word| word == "ok"));
                write!(text, "\n{} of {} in every home", whole.count(), ROWS.len()).expect("as above");
            }
        }
        say(&text);
        assert!(self.failed.is_empty(), "{}", self.failed.join("\n"));
    }
}

/// Every entry that was there is as it was, and no file holds a block. What the shells wrote themselves may stay.
#[track_caller]
fn nothing_of_ours_is_left(home: &Home, before: &Tree) {
    let after = home.tree().without_state();
    for (path, old) in &before.0 {
        let now = after.0.get(path).map(|now| (&now.kind, now.mode));
        assert_eq!(now, Some((&old.kind, old.mode)), "{}", path.display());
    }
    for (path, entry) in &after.0 {
        let Kind::File(bytes) = &entry.kind else { continue };
        assert!(!bytes.windows(4).any(|four| four == b">>> "), "a fence is left in {}", path.display());
        assert!(!path.ends_with("goenv-setup.fish"));
    }
}

fn reach_all(who: Who, cases: &[&Case]) -> Table {
    let mut table = Table::new();
    for case in cases {
        let home = home(case, who);
        let before = home.tree();
        let proof = if who == Who::Me { &["--reach", "all"][..] } else { &["--reach", "all", "--no-verify"] };
        apply(&home, who, &SHELLS, proof).ok();
        let yashrc = home.path(".yashrc").exists();
        table.add(case, who, &home, |row, _| row.name != "yash -i" || yashrc);
        apply(&home, who, &SHELLS, &[]).ok().err_has("nothing to do");
        who.run(&home, &["status"]).ok();
        who.run(&home, &["uninstall", "--yes"]).ok();
        nothing_of_ours_is_left(&home, &before);
    }
    table
}

#[test]
fn seventeen_of_seventeen() {
    if all_here() {
        reach_all(Who::Me, &homes::ALL.each_ref())
            .end("--reach all, proven, measured, and started by the test itself", usize::MAX);
    }
}

#[test]
fn seventeen_of_seventeen_for_an_ordinary_user() {
    if !all_here() {
        return;
    }
    if !geteuid().is_root() || find("setpriv").is_none() {
        cannot("root with setpriv, who can be anybody: the rows were tried as one user");
        return;
    }
    let cases: Vec<&Case> = homes::ALL.iter().filter(|case| ["skeleton", "guards"].contains(&case.name)).collect();
    reach_all(Who::Nobody, &cases).end("--reach all, as an ordinary user", ROWS.len());
}

/// What the default reach must cover, wherever it is.
const TERMINALS: [&str; 12] = [
    "zsh -l -i",
    "zsh -i",
    "bash -l -i",
    "bash -i",
    "sh -l -i",
    "ksh93 -l -i",
    "ksh93 -i",
    "tcsh login",
    "fish -l -i",
    "fish -i",
    "mksh -l -i",
    "mksh -i",
];

#[test]
fn what_a_narrower_reach_promises_is_ok() {
    if !all_here() {
        return;
    }
    for reach in ["interactive", "login"] {
        let mut table = Table::new();
        for case in &homes::ALL {
            let home = home(case, Who::Me);
            let applied = apply(&home, Who::Me, &SHELLS, &["--no-verify", "--json", "--reach", reach]).ok();
            let promised = promised(&applied);
            table.add(case, Who::Me, &home, |row, seen| {
                let cell = seen.cell(row.name);
                // Only the first program of a shell is promised anything; what it reads, the others of `sh` read too.
                let covered = promised.contains(&(row.shell.to_owned(), cell.text("mode").to_owned()));
                assert!(covered || !TERMINALS.contains(&row.name), "{}: {} is not covered", case.name, row.name);
                covered
            });
        }
        table.end(&format!("--reach {reach}; in brackets what was not promised"), ROWS.len());
    }
}
