//! The diff is on standard output and nothing else, the talk on standard error; `--dry-run` and `--check` write nothing.

use super::{APPLY, UNINSTALL};
use crate::support::{Home, Ran};

fn home() -> Home {
    let home = Home::with_go();
    home.file(".zshrc", "one\n");
    home
}

/// Standard output is a patch from its first to its last byte, and no line of talk.
#[track_caller]
fn only_a_diff(ran: &Ran) {
    let text = String::from_utf8(ran.stdout.clone()).expect("text");
    assert!(text.starts_with("--- "), "{ran}");
    let known = |line: &&str| line.starts_with(['-', '+', ' ', '@', '\\']);
    assert_eq!(text.lines().find(|line| !known(line)), None, "{ran}");
    let talk = String::from_utf8(ran.stderr.clone()).expect("text");
    assert!(!talk.contains("@@ ") && !talk.contains("+++ "), "{ran}");
}

#[test]
fn a_dry_run_writes_nothing_anywhere() {
    let home = home();
    let (before, beside) = (home.tree(), crate::support::Tree::of(&home.path("../tmp")));
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok().err_has("shell: zsh").err_has("GOPATH: ~/go");
    only_a_diff(&ran);
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run", "--yes"]).ok();
    only_a_diff(&ran);
    home.unchanged(&before);
    assert_eq!(beside.touched(&crate::support::Tree::of(&home.path("../tmp"))), [""; 0]);

    home.run(APPLY).ok();
    let before = home.tree();
    only_a_diff(&home.run(&["uninstall", "--dry-run"]).ok());
    only_a_diff(&home.run(&["uninstall", "--dry-run", "--purge"]).ok());
    home.unchanged(&before);
}

#[test]
fn a_check_tells_by_its_exit_code() {
    let home = home();
    let before = home.tree();
    only_a_diff(&home.run(&["apply", "--shell", "zsh", "--check"]).code(1));
    only_a_diff(&home.run(&["apply", "--shell", "zsh", "--check", "-y"]).code(1));
    assert_eq!(home.run(&["uninstall", "--check"]).ok().stdout, b"");
    home.unchanged(&before);

    home.run(APPLY).ok();
    let before = home.tree();
    assert_eq!(home.run(&["apply", "--shell", "zsh", "--check"]).ok().stdout, b"");
    only_a_diff(&home.run(&["uninstall", "--check"]).code(1));
    home.unchanged(&before);
}

#[test]
fn what_is_written_is_what_was_shown() {
    let home = home();
    let dry = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok().stdout;
    let ran = home.run(APPLY).ok().err_has("backup: ~/").err_has(". \"$HOME/.zshrc\"");
    only_a_diff(&ran);
    assert_eq!(ran.stdout, dry);
    let dry = home.run(&["uninstall", "--dry-run"]).ok().stdout;
    let ran = home.run(UNINSTALL).ok().err_has("backup: ~/");
    assert_eq!(ran.stdout, dry);
}

#[test]
fn quiet_silences_notes_but_not_errors() {
    let home = home();
    home.file(".zshrc", "export GOPATH=/mine\n");
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    ran.err_has("note: ");
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run", "-q"]).ok();
    assert_eq!(ran.stderr, b"", "{ran}");
    only_a_diff(&ran);
    home.run(&["--quiet", "apply", "--shell", "zsh"]).code(2).err_has("error: ").err_has("hint: ");
    home.run(&["-q", "apply", "--shell", "nosuch"]).code(3).err_has("error: ").err_has("hint: ");

    let ran = home.run(&[APPLY, &["-q"]].concat()).ok();
    assert_eq!(ran.stderr, b"", "{ran}");
    let ran = home.run(&["apply", "--shell", "zsh", "-q"]).ok();
    assert_eq!((&ran.stdout[..], &ran.stderr[..]), (&b""[..], &b""[..]), "{ran}");
    let ran = home.run(&[UNINSTALL, &["-q"]].concat()).ok();
    assert_eq!(ran.stderr, b"", "{ran}");
}

#[test]
fn quiet_lets_warnings_through() {
    let mut home = home();
    home.env("GOPATH", "relative");
    home.run(&["apply", "--shell", "zsh", "--dry-run", "-q"]).ok().err_has("warning: GOPATH is `relative`");
}

#[test]
fn verbose_says_how_to_use_the_patch() {
    let home = home();
    home.run(&["apply", "--shell", "zsh", "--dry-run", "-v"]).ok().err_has("`patch -p1 -d \"$HOME\"`");
}
