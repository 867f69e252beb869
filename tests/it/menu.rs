//! Several Gos and a terminal: a short menu, its keys, and what it leaves of the terminal; without one, a note.

use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::installs::machine::Machine;
use crate::support::{Home, os};

const MENU: &str = "Which Go (arrow keys and Enter):\r\n";
const QUESTION: &str = "Apply these changes? [y/N] ";
const APPLY: &[&str] = &["apply", "--shell", "zsh"];
const NOTE: &str = "there is more than one Go here";

/// A home with three Gos on PATH, the last under two names.
fn home() -> Home {
    let mut home = Home::with_go();
    let [two, three] = ["apps/two", "apps/three"].map(|root| home.fake_go(root, "1.21.13").join("bin"));
    home.link("apps/link", "three");
    let first = home.path("opt/go/bin");
    let folders = [first, two, three, home.path("apps/link/bin")].map(|folder| folder.display().to_string());
    home.env("PATH", format!("{}:/usr/bin:/bin", folders.join(":")));
    home
}

fn block(home: &Home) -> String {
    let bytes = home.read(".zshrc").expect("it was written");
    let text = String::from_utf8(bytes).expect("text");
    text.lines().find_map(|line| line.strip_prefix("_go=")).unwrap_or_default().to_owned()
}

#[track_caller]
fn cursor_is_back(screen: &str) {
    let hidden = screen.rfind("\x1b[?25l").expect("the menu hides it");
    assert!(screen.rfind("\x1b[?25h").is_some_and(|shown| shown > hidden), "the cursor stays hidden: {screen:?}");
}

#[test]
fn enter_takes_the_rules_choice_and_arrows_another() {
    for (keys, expected) in [
        ("\r", "opt/go"),
        ("\x1b[B\r", "apps/two"),
        ("jj\r", "apps/three"),
        ("\x1b[B\x1b[A\r", "opt/go"),
        ("k ", "apps/three"),
    ] {
        let home = home();
        let mut tty = home.tty(APPLY);
        let screen = tty.sees(MENU) + &tty.sees("apps/three/bin  go1.21.13  (other)");
        assert!(screen.contains("> ~/opt/go/bin  go1.22.10  (other)\r\n"), "{screen:?}");
        assert!(screen.contains("  ~/apps/two/bin  go1.21.13  (other)\r\n") && !screen.contains("link"), "{screen:?}");
        tty.types(keys);
        let screen = tty.sees(QUESTION);
        assert!(screen.contains(&format!("go: ~/{expected}/bin ")) && !screen.contains(NOTE), "{keys:?}: {screen}");
        tty.types("y");
        let (status, screen) = tty.end();
        assert_eq!(status, 0, "{screen}");
        assert_eq!(block(&home), format!("\"${{HOME-}}/{expected}/bin\""), "{keys:?}");
        // Chosen is chosen: no menu, no note, nothing to do.
        let (status, screen) = home.tty(APPLY).end();
        assert!(status == 0 && screen.contains("nothing to do") && !screen.contains("Which Go"), "{screen}");
        let ran = home.run(&["apply", "--shell", "zsh", "--check"]).ok();
        assert!(!String::from_utf8_lossy(&ran.stderr).contains(NOTE), "{ran}");
    }
}

#[test]
fn escape_changes_nothing() {
    let home = home();
    let before = home.tree();
    let mut tty = home.tty(APPLY);
    let screen = tty.sees(MENU);
    tty.types("\x1b");
    let (status, rest) = tty.end();
    assert_eq!(status, 1, "{rest}");
    assert!(rest.contains("nothing was changed") && !rest.contains("+++ b/"), "{rest}");
    cursor_is_back(&(screen + &rest));
    home.unchanged(&before);
}

/// Ends the menu by `end`, and sees that the terminal is as it was.
fn is_left_by(end: impl Fn(&mut crate::support::Tty), script: &str) {
    let home = home();
    let before = home.tree();
    let mut tty = home.tty_script(script);
    let modes = tty.sees("\r\n");
    let mut screen = tty.sees(MENU);
    screen += &tty.sees("apps/three");
    // Long enough for the key to be waited for.
    sleep(Duration::from_millis(200));
    end(&mut tty);
    screen += &tty.sees("status 130\r\n");
    let (_, after) = tty.end();
    assert_eq!(after.trim_end(), modes, "the modes of the terminal");
    cursor_is_back(&screen);
    assert!(screen.ends_with("\r\n"), "the shell's prompt would stand behind the menu: {screen:?}");
    assert!(!screen.contains("+++ b/"), "{screen}");
    home.unchanged(&before);
}

#[test]
fn control_c_ends_with_130_and_gives_the_cursor_back() {
    let script = r#"stty -g; "$0" apply --shell zsh; echo "status $?"; stty -g"#;
    is_left_by(
        |tty| {
            tty.control('c');
        },
        script,
    );
    is_left_by(
        |tty| {
            tty.types("\x1b[B").control('c');
        },
        script,
    );
}

#[test]
fn a_signal_ends_with_130_and_gives_the_cursor_back() {
    let script = r#"stty -g; (sleep 2; kill -TERM "$(cat "$TMPDIR/pid")") & sh -c 'echo $$ >"$TMPDIR/pid"; exec "$0" apply --shell zsh' "$0"
        echo "status $?"; stty -g"#;
    is_left_by(|_| {}, script);
}

#[test]
fn what_is_typed_before_the_menu_is_no_answer() {
    let home = home();
    let before = home.tree();
    let mut tty = home.tty_script(r#"echo ready; sleep 0.5; exec "$0" apply --shell zsh"#);
    tty.sees("ready");
    tty.types("j\ry").sees(MENU);
    sleep(Duration::from_millis(300));
    home.unchanged(&before);
    tty.types("\x1b");
    let (status, screen) = tty.end();
    assert!(status == 1 && !screen.contains(QUESTION), "{screen}");
    home.unchanged(&before);
}

#[test]
fn one_go_or_one_that_is_named_is_no_menu() {
    type Case = (&'static str, fn(&mut Home));
    let cases: [Case; 3] = [
        ("apply --shell zsh", |home| {
            // The same Go under three names, and a folder that holds a program called go.
            home.link("apps/link", "../opt/go").link("bin/go", "../opt/go/bin/go");
            home.file("other/go", "#!/bin/sh\n").mode("other/go", 0o755);
            let folders = ["opt/go/bin", "apps/link/bin", "bin", "other"];
            let folders = folders.map(|folder| home.path(folder).display().to_string());
            home.env("PATH", format!("{}:/usr/bin:/bin", folders.join(":")));
        }),
        ("apply --shell zsh --goroot \"$HOME/apps/two\"", |home| {
            home.fake_go("apps/two", "1.21.13");
            home.fake_go(".local/go", "1.21.13");
        }),
        ("apply --profile manual", |home| {
            home.fake_go(".local/go", "1.21.13");
        }),
    ];
    for (command, make) in cases {
        let mut home = Home::with_go();
        make(&mut home);
        let mut tty = home.tty_script(&format!("exec \"$0\" {command}"));
        let screen = tty.sees(QUESTION);
        assert!(!screen.contains("Which Go") && !screen.contains(NOTE), "{command}: {screen}");
        tty.types("n");
        tty.end();
    }
}

#[test]
fn without_a_question_the_rule_decides_and_says_so() {
    let home = home();
    for flags in
        [&["--dry-run"][..], &["--check"], &["--yes", "--dry-run"], &["--json", "--dry-run"], &["-q", "--dry-run"]]
    {
        let (_, screen) = home.tty(&[APPLY, flags].concat()).end();
        assert!(!screen.contains("Which Go"), "{flags:?}: {screen}");
        assert_eq!(screen.contains(NOTE), flags[0] != "-q", "{flags:?}: {screen}");
    }
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    let words = "to choose another: `goenv-setup apply --goroot DIR`, where DIR is `\"$HOME/apps/two\"` or `\"$HOME/apps/three\"`";
    ran.err_has(&format!("note: {NOTE}; {words}\n"));
    let ran = home.run(&["apply", "--shell", "zsh", "--yes", "--json", "--no-verify"]).ok();
    let document: Value = serde_json::from_slice(&ran.stdout).expect("one document");
    let notes = document["notes"].as_array().expect("a list");
    assert_eq!(notes.iter().filter(|note| note["text"].as_str().expect("text").starts_with(NOTE)).count(), 1);
    assert_eq!(block(&home), "\"${HOME-}/opt/go/bin\"");
}

#[test]
fn a_terminal_too_low_for_a_menu_is_told_how_to_choose() {
    for (rows, menu) in [(1, false), (2, false), (3, true)] {
        let home = home();
        let mut tty = home.tty_script(&format!(r#"stty rows {rows} cols 20; exec "$0" apply --shell zsh"#));
        if menu {
            tty.sees("Which Go (arrow keys and Enter): [Page 1/3]");
            tty.types("\x1b");
        } else {
            let screen = tty.sees(QUESTION);
            assert!(screen.contains(NOTE) && !screen.contains("Which Go"), "{rows}: {screen}");
            tty.types("n");
        }
        let (status, screen) = tty.end();
        assert_eq!(status, 1, "{rows}: {screen}");
    }
}

#[test]
fn names_and_versions_never_steer_the_terminal() {
    let mut home = Home::named(b"home");
    home.fake_go("opt/go", "1.22.10");
    let odd = home.fake_go("\u{9b}2J\x1b[31m\rodd", "1.21\x1b[2J");
    let path = [home.path("opt/go/bin").into_os_string(), odd.join("bin").into_os_string(), os("/usr/bin:/bin")];
    home.env("PATH", path.join(std::ffi::OsStr::new(":")));
    let mut tty = home.tty(APPLY);
    tty.sees(MENU);
    let screen = tty.sees("(other)\r\n") + &tty.sees("(other)\r\n");
    assert!(screen.contains(r"~/\u{9b}2J^[[31m^Modd/bin  version unknown"), "{screen:?}");
    assert!(!screen.contains("\x1b[31m") && !screen.contains("\x1b[2J"), "{screen:?}");
    tty.types("\x1b");
    tty.end();
}

/// The system's own counts, a version manager's versions do not, unless it is at work: then it is the rule's choice.
#[test]
fn what_there_is_to_choose_between() {
    if cfg!(target_os = "macos") {
        return; // the same files could not be laid over the system there
    }
    let said = |machine: &Machine| {
        let ran = machine.setup(&["apply", "--shell", "zsh", "--dry-run"]).ok();
        let text = String::from_utf8_lossy(&ran.stderr).into_owned();
        text.lines()
            .find(|line| line.contains(NOTE))
            .map(|line| line.rsplit(" DIR is ").next().unwrap_or_default().to_owned())
    };
    let Some(mut machine) = Machine::anywhere() else { return };
    machine.file("/etc/debian_version", "12.5\n").go("/usr/lib/go-1.22", "1.22.10");
    machine.link("/usr/lib/go", "go-1.22").link("/usr/bin/go", "../lib/go-1.22/bin/go");
    machine.go("~/.gvm/gos/go1.21", "1.21").go("~/.gvm/gos/go1.22", "1.22");
    machine.go("/opt/hostedtoolcache/go/1.20/x64", "1.20");
    assert_eq!(said(&machine), None);
    machine.go("~/.local/go", "1.21.13");
    assert_eq!(said(&machine).as_deref(), Some("`\"$HOME/.local/go\"`"));
    let path = format!("{}:/usr/bin:/bin", machine.path("~/.local/go/bin").display());
    machine.home.env("PATH", path);
    assert_eq!(said(&machine).as_deref(), Some("`'/usr/lib/go'`"));
    let path = format!("{}:/usr/bin:/bin", machine.path("~/.gvm/gos/go1.22/bin").display());
    machine.home.env("PATH", path);
    assert_eq!(said(&machine).as_deref(), Some("`'/usr/lib/go'` or `\"$HOME/.local/go\"`"));
}
