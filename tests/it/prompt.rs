//! The question, in a real terminal: which key means what, when it is asked at all, and what the terminal shows.

use std::thread::sleep;
use std::time::Duration;

use crate::support::{Home, SESSION_LEADERS, Tree, assert_same_tree, find};

const QUESTION: &str = "Apply these changes? [y/N] ";
const APPLY: &[&str] = &["apply", "--shell", "zsh"];

/// A home whose `.zshrc` has an escape sequence where the diff shows it.
fn home() -> Home {
    let home = Home::with_go();
    home.file(".zshrc", "alias ll='ls -l'\nPS1=$'\x1b[31mred'\n");
    home
}

/// Answers the question with `keys`; gives the exit status and all that was on the screen.
#[track_caller]
fn answer(home: &Home, keys: &str) -> (i32, String) {
    let mut tty = home.tty(APPLY);
    let before = tty.sees(QUESTION);
    tty.types(keys);
    let (status, rest) = tty.end();
    (status, before + QUESTION + &rest)
}

#[track_caller]
fn applied(home: &Home) {
    for file in [".zprofile", ".zshrc"] {
        let text = String::from_utf8(home.read(file).expect("the file is there")).expect("text");
        assert!(text.contains("# >>> goenv-setup >>> v1 "), "{file} holds no block:\n{text}");
    }
}

/// Long enough for a key to have been read.
fn pause() {
    sleep(Duration::from_millis(200));
}

#[test]
fn yes_writes_the_files() {
    for key in ["y", "Y"] {
        let home = home();
        let (status, screen) = answer(&home, key);
        assert_eq!(status, 0, "{screen}");
        assert!(screen.contains("yes\r\n") && screen.contains("added the block to ~/.zshrc"), "{screen}");
        applied(&home);
    }
}

#[test]
fn no_enter_and_escape_change_nothing() {
    for key in ["n", "N", "\r", "\n", "\x1b"] {
        let home = home();
        let before = home.tree();
        let (status, screen) = answer(&home, key);
        assert_eq!(status, 1, "{key:?}: {screen}");
        assert!(screen.contains("nothing was changed"), "{key:?}: {screen}");
        home.unchanged(&before);
    }
}

#[test]
fn control_c_and_control_d_end_with_130_and_leave_the_terminal_as_it_was() {
    for letter in ['c', 'd'] {
        let home = home();
        let before = home.tree();
        let mut tty = home.tty_script(r#"stty -g; "$0" apply --shell zsh; echo "status $?"; stty -g"#);
        let modes = tty.sees("\r\n");
        let mut screen = tty.sees(QUESTION);
        tty.control(letter);
        screen += &tty.sees("status 130\r\n");
        let (_, after) = tty.end();
        assert_eq!(after.trim_end(), modes, "^{letter}: the modes of the terminal");
        assert!(screen.ends_with("\r\n"), "^{letter}: the shell's prompt would stand behind the question: {screen:?}");
        cursor_is_visible(&screen);
        home.unchanged(&before);
    }
}

#[track_caller]
fn cursor_is_visible(screen: &str) {
    assert!(screen.rfind("\x1b[?25l") <= screen.rfind("\x1b[?25h"), "the cursor stays hidden: {screen:?}");
}

#[test]
fn every_answer_leaves_the_cursor_visible_and_the_modes_as_they_were() {
    for key in ["y", "n"] {
        let home = home();
        let mut tty = home.tty_script(r#"stty -g; "$0" apply --shell zsh; echo "status $?"; stty -g"#);
        let modes = tty.sees("\r\n");
        let mut screen = tty.sees(QUESTION);
        screen += &tty.types(key).sees("status ");
        cursor_is_visible(&screen);
        let (_, after) = tty.end();
        assert_eq!(after.lines().last(), Some(&*modes), "{key}");
    }
}

#[test]
fn other_keys_are_no_answer() {
    let home = home();
    let before = home.tree();
    let mut tty = home.tty(APPLY);
    tty.sees(QUESTION);
    for keys in ["x", "q", " ", "\t", "1", "\x1b[A", "\x1b[3~", "\x7f", "é"] {
        tty.types(keys);
        pause();
    }
    home.unchanged(&before);
    tty.types("y");
    assert_eq!(tty.end().0, 0);
    applied(&home);
}

#[test]
fn what_is_typed_before_the_question_is_no_answer() {
    for early in ["y", "y\r", "yyyy"] {
        let home = home();
        let before = home.tree();
        let mut tty = home.tty_script(r#"echo ready; sleep 0.5; exec "$0" apply --shell zsh"#);
        tty.sees("ready");
        tty.types(early).sees(QUESTION);
        pause();
        home.unchanged(&before);
        tty.types("n");
        assert_eq!(tty.end().0, 1, "{early:?}");
        home.unchanged(&before);
    }
}

/// Runs a script in a terminal that must end with 2 without a question, having shown the diff.
#[track_caller]
fn cannot_ask(script: &str, extra: &[&str]) {
    let home = home();
    let before = home.tree();
    let mut tty = home.tty_script(script);
    // Whoever reads the terminal would take this for the answer.
    tty.types("y\r");
    let (status, screen) = tty.end();
    assert_eq!(status, 2, "{script}: {screen}");
    assert!(!screen.contains(QUESTION), "{script}: {screen}");
    for text in ["+++ b/.zshrc"].iter().chain(extra) {
        assert!(screen.contains(text), "{script}: {text} is missing: {screen}");
    }
    home.unchanged(&before);
}

#[test]
fn without_a_terminal_to_read_there_is_no_question_and_dev_tty_is_not_read() {
    let message = &["error:", "cannot ask for confirmation: ", "hint:", "`goenv-setup apply --yes`"];
    cannot_ask(r#"echo y | "$0" apply --shell zsh"#, message);
    cannot_ask(r#""$0" apply --shell zsh </dev/null"#, message);
    cannot_ask(r#""$0" apply --shell zsh <&-"#, message);
    cannot_ask(r#"echo y >"$TMPDIR/y"; "$0" apply --shell zsh <"$TMPDIR/y""#, message);
}

#[test]
fn without_a_terminal_to_ask_on_there_is_no_question() {
    cannot_ask(r#""$0" apply --shell zsh 2>"$TMPDIR/talk""#, &[]);
    cannot_ask(r#"{ "$0" apply --shell zsh 2>&1 >&3 | cat; } 3>&1; "$0" apply --shell zsh 2>/dev/null"#, &[]);
}

#[test]
fn no_terminal_at_all_ends_with_2_and_the_diff_is_still_printed() {
    let home = home();
    let before = home.tree();
    for args in [APPLY, &["apply", "--shell", "zsh", "--force"]] {
        home.run(args)
            .code(2)
            .out_has("--- a/.zshrc\n+++ b/.zshrc\n@@ ")
            .err_has("error: cannot ask for confirmation: ")
            .err_has("hint: ")
            .err_has("`goenv-setup apply --yes`");
        home.unchanged(&before);
    }
}

#[test]
fn a_terminal_that_does_not_control_the_session_can_answer_too() {
    let home = home();
    let leader = SESSION_LEADERS.iter().find(|leader| find(leader[0]).is_some()).expect("setsid or perl is here");
    // In the background, so that a `setsid` that leads a group already need not fork; then the shell closes its input.
    let mut words: Vec<String> = leader.iter().map(|word| format!("'{word}'")).collect();
    words.push(r#""$0" apply --shell zsh <&3 3<&- & wait $!"#.to_owned());
    let mut tty = home.tty_script(&format!("exec 3<&0; {}", words.join(" ")));
    tty.sees(QUESTION);
    tty.types("y");
    assert_eq!(tty.end().0, 0);
    applied(&home);
}

#[test]
fn a_redirected_standard_output_gets_the_patch_and_the_terminal_the_view() {
    for redirect in [r#">"$TMPDIR/patch""#, r#"| cat >"$TMPDIR/patch""#] {
        let home = home();
        let mut tty = home.tty_script(&format!(r#""$0" apply --shell zsh {redirect}"#));
        let screen = tty.sees(QUESTION);
        let added = screen.contains("+++ b/.zshrc") && screen.contains("+# >>> goenv-setup >>> v1");
        assert!(added, "the view is not on the terminal: {screen}");
        tty.types("y");
        let (status, _) = tty.end();
        assert_eq!(status, 0);
        applied(&home);
        let patch = fs_err::read(home.path("../tmp/patch")).expect("it was written");
        let patch = String::from_utf8(patch).expect("text");
        assert!(patch.starts_with("--- /dev/null\n+++ b/.zprofile\n@@ -0,0 +1,"), "{patch}");
        assert!(patch.contains("\n PS1=$'\x1b[31mred'\n"), "the patch is not raw: {patch:?}");
        assert!(!patch.contains("\x1b[1m") && !patch.contains("\x1b[32m"), "the patch is coloured: {patch:?}");
    }
}

#[test]
fn a_closed_standard_output_counts_as_no() {
    let home = home();
    let before = home.tree();
    let mut tty = home.tty_script(r#"{ sleep 0.3; "$0" apply --shell zsh; echo "status $?" >&2; } | true"#);
    tty.types("y");
    let screen = tty.sees("status 1\r\n");
    assert!(screen.contains("nothing was changed"), "{screen}");
    tty.end();
    home.unchanged(&before);
}

#[test]
fn yes_on_the_command_line_asks_nothing() {
    for flag in ["-y", "--yes"] {
        let home = home();
        let (status, screen) = home.tty(&[APPLY, &[flag]].concat()).end();
        assert_eq!(status, 0, "{screen}");
        assert!(!screen.contains("[y/N]") && screen.contains("+++ b/.zshrc"), "{screen}");
        applied(&home);
    }
}

#[test]
fn a_narrow_window_is_wide_enough() {
    let home = home();
    let mut tty = home.tty_script(r#"stty cols 20 rows 5; exec "$0" apply --shell zsh"#);
    tty.sees(QUESTION);
    tty.types("y");
    assert_eq!(tty.end().0, 0);
    applied(&home);
}

#[test]
fn uninstall_asks_too() {
    let home = home();
    let before = home.tree();
    home.run(&["apply", "--shell", "zsh", "-y"]).ok();
    let applied = home.tree();
    let mut tty = home.tty(&["uninstall"]);
    tty.sees(QUESTION);
    tty.types("n");
    assert_eq!(tty.end().0, 1);
    home.unchanged(&applied);
    let mut tty = home.tty(&["uninstall"]);
    tty.sees(QUESTION);
    tty.types("y");
    assert_eq!(tty.end().0, 0);
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn nothing_to_do_is_no_question() {
    let home = home();
    home.run(&["apply", "--shell", "zsh", "-y"]).ok();
    let before = home.tree();
    for args in [APPLY, &["apply", "--shell", "zsh", "--dry-run"]] {
        let (status, screen) = home.tty(args).end();
        assert_eq!(status, 0, "{screen}");
        assert!(!screen.contains("[y/N]") && screen.contains("nothing to do"), "{screen}");
        home.unchanged(&before);
    }
}

#[test]
fn a_dry_run_and_a_check_ask_nothing() {
    for (flag, code) in [("--dry-run", 0), ("--check", 1)] {
        let home = home();
        let before = home.tree();
        let (status, screen) = home.tty(&[APPLY, &[flag]].concat()).end();
        assert_eq!(status, code, "{screen}");
        assert!(!screen.contains("[y/N]") && screen.contains("+++ b/.zshrc"), "{screen}");
        home.unchanged(&before);
    }
}

/// A home whose block was edited by hand, and what it held then.
fn edited_home() -> (Home, Tree, Vec<u8>) {
    let home = home();
    home.run(&["apply", "--shell", "zsh", "-y"]).ok();
    let good = home.read(".zshrc").expect("it is there");
    let edited = String::from_utf8(good.clone()).expect("text").replace("export PATH\n", "export PATH # mine\n");
    home.file(".zshrc", edited);
    let tree = home.tree();
    (home, tree, good)
}

#[test]
fn a_block_edited_by_hand_is_asked_about_with_a_warning() {
    for args in [APPLY, &["apply", "--shell", "zsh", "--force"]] {
        let (home, before, good) = edited_home();
        let mut tty = home.tty(args);
        let screen = tty.sees(QUESTION);
        assert!(screen.contains("export PATH # mine"), "the edit is not in the diff: {screen}");
        assert!(screen.contains("`~/.zshrc` was edited by hand"), "{screen}");
        pause();
        home.unchanged(&before);
        tty.types("y");
        assert_eq!(tty.end().0, 0);
        assert_eq!(home.read(".zshrc"), Some(good));
    }
}

#[test]
fn no_to_an_edited_block_leaves_it() {
    for command in ["apply", "uninstall"] {
        let (home, before, _) = edited_home();
        let mut tty = home.tty_script(&format!(r#"exec "$0" {command} --shell zsh"#));
        let screen = tty.sees(QUESTION);
        assert!(screen.contains("was edited by hand"), "{screen}");
        tty.types("n");
        assert_eq!(tty.end().0, 1);
        home.unchanged(&before);
    }
}

/// Every escape sequence on a screen but SGR (`\x1b[…m`), which is colour.
fn steering(screen: &str) -> Vec<&str> {
    let colour = |text: &str| {
        text.strip_prefix('[').is_some_and(|text| {
            let end = text.find(|c: char| !c.is_ascii_digit() && c != ';');
            end.is_some_and(|end| text[end..].starts_with('m'))
        })
    };
    screen.split('\x1b').skip(1).filter(|text| !colour(text)).collect()
}

#[test]
fn what_a_file_holds_never_steers_the_terminal() {
    let home = Home::with_go();
    home.file(".zshrc", b"# \x1b]0;title\x07\x1b[2J\x1b[31m\x9b2J\r\x08 \xc2\x9b2J\xe2\x80\xae\xff end\n");
    let mut tty = home.tty(APPLY);
    let screen = tty.sees(QUESTION);
    assert_eq!(steering(&screen), [] as [&str; 0], "{screen:?}");
    assert!(screen.contains(r"^[]0;title^G^[[2J^[[31m\x9b2J^M^H \u{9b}2J\u{202e}\xff end"), "{screen:?}");
    let raw = screen.replace("\r\n", "\n");
    let bad = raw.chars().find(|c| matches!(c, '\0'..='\x08' | '\x0b'..='\x1a' | '\x7f' | '\u{80}'..='\u{9f}'));
    assert_eq!(bad, None, "{screen:?}");
    tty.types("n");
    tty.end();
}

#[test]
fn colour_is_where_it_is_wanted_and_nowhere_else() {
    /// Variables, flags, and whether there is colour then.
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], bool);
    let added = "\x1b[32m+# >>> goenv-setup";
    let screen = |set: &[(&str, &str)], flags: &[&str]| {
        let mut home = home();
        for (name, value) in set {
            home.env(*name, *value);
        }
        home.tty(&[APPLY, &["--dry-run"], flags].concat()).end().1
    };
    let cases: &[Case] = &[
        (&[], &[], true),
        (&[("NO_COLOR", "1")], &[], false),
        (&[("NO_COLOR", "")], &[], true),
        (&[("TERM", "dumb")], &[], false),
        (&[], &["--color", "never"], false),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("TERM", "dumb")], &["--color=always"], true),
        (&[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], &[], true),
        (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], &[], false),
    ];
    for (set, flags, wanted) in cases {
        let screen = screen(set, flags);
        assert!(screen.contains("+# >>> goenv-setup"), "{screen}");
        assert_eq!(screen.contains(added), *wanted, "{set:?} {flags:?}: {screen:?}");
        assert_eq!(screen.contains('\x1b'), *wanted, "{set:?} {flags:?}: {screen:?}");
    }
}

#[test]
fn colour_never_gets_into_a_patch() {
    let mut home = Home::with_go();
    home.file(".zshrc", "one\n");
    home.env("CLICOLOR_FORCE", "1");
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run", "--color", "always"]).ok();
    assert!(!ran.stdout.contains(&0x1b), "{ran}");
    assert!(ran.stdout.starts_with(b"--- /dev/null\n"), "{ran}");
}
