//! What goes wrong while the question is open, while writing, and while printing.

use super::{APPLY, one_error};
use crate::support::{Home, assert_same_tree};

const QUESTION: &str = "Apply these changes? [y/N] ";

fn home() -> Home {
    let home = Home::with_go();
    home.file(".zprofile", "export A=1\n").file(".zshrc", "one\n");
    home
}

/// Opens the question of a command, does something to the home, and says yes: the command must refuse.
#[track_caller]
fn meanwhile(home: &Home, args: &[&str], act: impl FnOnce(), said: &[&str]) {
    let mut tty = home.tty(&[args, &["--color", "never"]].concat());
    tty.sees(QUESTION);
    act();
    let before = home.tree();
    tty.types("y");
    let (status, screen) = tty.end();
    assert_eq!(status, 3, "{screen}");
    for words in ["error: ", "nothing was changed", "hint: ", "`"].iter().chain(said) {
        assert!(screen.contains(words), "{words} is missing: {screen}");
    }
    // The lock stands in the state folder, and may have been the only reason for it: a time of the folder above it.
    let mut touched = before.without_state().touched(&home.tree().without_state());
    touched.retain(|line| !line.starts_with("~ the folder itself: "));
    assert_eq!(touched, [""; 0]);
}

#[test]
fn a_file_that_was_saved_while_the_question_was_open() {
    let apply = &["apply", "--shell", "zsh"];
    let home = self::home();
    let save = || {
        home.file(".zshrc", "one\ntwo\n");
    };
    meanwhile(&home, apply, save, &["/.zshrc` changed after the diff was made"]);

    let home = self::home();
    let same_size = || {
        home.file(".zshrc", "two\n");
    };
    meanwhile(&home, apply, same_size, &["/.zshrc` changed after the diff was made"]);

    let home = self::home();
    let mode = || {
        home.mode(".zprofile", 0o600);
    };
    meanwhile(&home, apply, mode, &["/.zprofile` changed after the diff was made"]);

    let home = self::home();
    let remove = || fs_err::remove_file(home.path(".zshrc")).expect("it is there");
    meanwhile(&home, apply, remove, &["/.zshrc` changed after the diff was made: it is gone"]);

    let home = Home::with_go();
    let create = || {
        home.file(".zprofile", "mine\n");
    };
    meanwhile(&home, apply, create, &["/.zprofile` changed after the diff was made: it was missing and exists now"]);

    let home = self::home();
    home.run(APPLY).ok();
    let save = || {
        home.file(".zprofile", "all new\n");
    };
    meanwhile(&home, &["uninstall"], save, &["/.zprofile` changed after the diff was made"]);
}

#[test]
fn a_state_folder_that_cannot_be_made_changes_nothing() {
    let mut home = home();
    home.file("state", "a file");
    let state = home.path("state");
    home.env("XDG_STATE_HOME", state);
    let before = home.tree();
    let ran = home.run(APPLY);
    assert!(matches!(ran.status, 3 | 4), "{ran}");
    one_error(&ran, &["state"]);
    home.unchanged(&before);
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let home = home();
    let before = home.tree();
    // The reader is gone before the first byte is written.
    let ends =
        |args: &str| format!(r#"{{ sleep 0.2; code=0; "$0" {args} || code=$?; echo "status $code" >&2; }} | true"#);
    home.script(&ends("apply --shell zsh --dry-run")).ok().err_has("status 0\n");
    home.script(&ends("apply --shell zsh --check")).ok().err_has("status 1\n");
    home.script(&ends("print --shell zsh")).ok().err_has("status 0\n");
    home.script(&ends("status")).ok().err_has("status 1\n");
    home.script(&ends("--help")).ok().err_has("status 0\n");
    home.script(&ends("apply --shell zsh --dry-run --json")).ok().err_has("status 0\n");
    home.script(r#""$0" apply --shell zsh --dry-run | head -c 1"#).ok().out_has("-");
    home.unchanged(&before);

    home.script(&ends("apply --shell zsh -y")).ok().err_has("status 0\n").err_has("added the block to ~/.zshrc");
    assert!(home.read(".zshrc").expect("it is there").ends_with(b"# <<< goenv-setup <<<\n"));
    home.script(&ends("uninstall -y")).ok().err_has("status 0\n");
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn closed_streams_are_no_panic() {
    let home = home();
    let before = home.tree();
    for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        home.script(&format!(r#""$0" apply --shell zsh --dry-run {closed}"#)).ok();
        home.script(&format!(r#""$0" apply --shell zsh {closed}"#)).code(2);
    }
    home.unchanged(&before);
    home.script(r#""$0" apply --shell zsh -y <&- >&- 2>&-"#).ok();
    assert!(home.read(".zshrc").expect("it is there").ends_with(b"# <<< goenv-setup <<<\n"));
}

#[test]
fn nobody_to_talk_to_is_no_error() {
    let home = home();
    let script = r#"{ { sleep 0.2; code=0; "$0" apply --shell zsh -y || code=$?; echo $code >"$TMPDIR/code"; } 2>&1 | true; }; sleep 0.1"#;
    home.script(script).ok();
    assert_eq!(home.read("../tmp/code").as_deref(), Some(&b"0\n"[..]));
    assert!(home.read(".zshrc").expect("it is there").ends_with(b"# <<< goenv-setup <<<\n"));
}
