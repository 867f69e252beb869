//! The proof after `apply`: what the real shell says, and what follows from each verdict.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Home, assert_same_tree, need};

const APPLY: &[&str] = &["apply", "--shell", "zsh", "--yes"];

/// The verdicts of a run, by launch mode.
fn verdicts(document: &[u8]) -> Vec<(String, String)> {
    let document: Value = serde_json::from_slice(document).expect("one JSON document");
    let word = |value: &Value| value.as_str().expect("a string").to_owned();
    let list = document["proof"].as_array().expect("a list");
    list.iter().map(|one| (word(&one["mode"]), word(&one["verdict"]))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn each_promised_launch_mode_is_proven() {
    if !need("zsh") || !need("bash") {
        return;
    }
    let home = Home::with_go();
    let ran = home.run(&["apply", "--shell", "zsh", "--shell", "bash", "--reach", "all", "--yes", "--json"]).ok();
    let all = ["login-interactive", "interactive", "login", "command"].map(|mode| (mode, "proven"));
    let bash = ["login-interactive", "login", "interactive", "ssh-command"].map(|mode| (mode, "proven"));
    assert_eq!(verdicts(&ran.stdout), pairs(&[all, bash].concat()));
}

#[test]
fn it_is_said_and_asked_for() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.run(APPLY).ok().err_has("proven in the real shell: zsh -l -i, zsh -i find go at ~/opt/go/bin/go");
    let home = Home::with_go();
    let mut tty = home.tty(&["apply", "--shell", "zsh"]);
    let before = tty.sees("Apply these changes?");
    assert!(before.contains("zsh will be started before and after"), "{before}");
    tty.types("n");
    assert_eq!(tty.end().0, 1);
}

#[test]
fn a_line_that_throws_path_away_is_named() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.file(".zlogin", "# mine\nPATH=/usr/bin:/bin\n");
    let ran = home.run(APPLY).code(1);
    let ran =
        ran.err_has("`zsh -l -i` finds no go").err_has("line 2 of ~/.zlogin, which sets PATH without what it held");
    assert!(ran.err_has("proven in the real shell: zsh -i find").stdout.starts_with(b"--- "));
    let text = home.read(".zshrc").expect("it is written all the same");
    assert!(text.starts_with(b"# >>> goenv-setup"));
}

#[test]
fn the_line_that_really_did_it_is_named_wherever_it_stands() {
    const SOURCED: &str = "# mine\nPATH=/usr/bin:/bin\n";
    const THROWS: &str = "which sets PATH without what it held";
    const LAST: &str = "which is the last one that runs: the block stands below it";
    for (shell, file, text, start, line) in [
        ("zsh", ".zlogin", ". ~/.mine\n", "zsh -l -i", format!("line 2 of ~/.mine, {THROWS}")),
        ("bash", ".bashrc", "true\n[ -n \"$NOPE\" ] || return\n", "bash -i", format!("line 2 of ~/.bashrc, {LAST}")),
        ("zsh", ".zshrc", "[[ -o login ]] && return\n", "zsh -l -i", format!("line 1 of ~/.zshrc, {LAST}")),
        ("tcsh", ".cshrc", "if ( $?loginsh ) exit\n", "tcsh login", format!("line 1 of ~/.cshrc, {LAST}")),
        (
            "fish",
            ".config/fish/config.fish",
            "# b\nset -e PATH\n",
            "fish -i",
            format!("line 2 of ~/.config/fish/config.fish, {THROWS}"),
        ),
    ] {
        if !need(shell) {
            continue;
        }
        let home = Home::with_go();
        home.file(".mine", SOURCED).file(file, text);
        let ran = home.run(&["apply", "--shell", shell, "--yes", "--json"]).code(1);
        let ran = ran.err_has(&format!("`{start}` finds no go, not even ~/opt/go/bin/go; it is {line}"));
        let document: Value = serde_json::from_slice(&ran.stdout).expect("one JSON document");
        let list = document["proof"].as_array().expect("a list");
        let other = list.iter().find(|one| one["verdict"] == "other").expect("another verdict");
        assert_eq!(other["traced"], true, "{other}");
        let number = line.split(' ').nth(1).expect("a number");
        assert_eq!(other["lines"][0]["line"].to_string(), number, "{other}");
    }
}

#[test]
fn where_no_line_is_known_it_says_where_to_look_on() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.file(".zshrc", "readonly PATH\n");
    home.run(APPLY)
        .code(1)
        .err_has("hint: what each line does to PATH: `goenv-setup explain PATH --shell zsh --mode login-i");
}

#[test]
fn a_new_terminal_is_not_dumb() {
    if !need("zsh") {
        return;
    }
    for term in [None, Some("dumb")] {
        let mut home = Home::with_go();
        match term {
            Some(term) => home.env("TERM", term),
            None => home.unset("TERM"),
        };
        // What people have for Emacs' TRAMP.
        home.file(".zshrc", "[[ $TERM == dumb ]] && unsetopt zle && PS1='$ ' && return\n");
        home.run(APPLY).ok().err_has("proven in the real shell: zsh -l -i, zsh -i find");
    }
}

#[test]
fn only_lines_behind_the_block_are_named() {
    if !need("zsh") || !need("tcsh") {
        return;
    }
    // What stands above our block, or in a file that is read before, it puts right.
    let home = Home::with_go();
    home.file(".zshenv", "PATH=/usr/bin:/bin\n");
    home.file(".zshrc", "PATH=/usr/bin:/bin\n");
    home.run(APPLY).ok();
    home.file(".zshrc", [&home.read(".zshrc").expect("it is there")[..], b"export PATH=/usr/bin:/bin\n"].concat());
    let last = home.read(".zshrc").expect("it is there").iter().filter(|byte| **byte == b'\n').count();
    let ran = home.run(&["apply", "--shell", "zsh", "--gopath", "/nonexistent/go", "--yes"]).code(1);
    let ran = ran.err_has("`zsh -i` finds no go").err_has(&format!("it is line {last} of ~/.zshrc, which"));
    assert!(!String::from_utf8_lossy(&ran.stderr).contains(".zshenv"), "{}", String::from_utf8_lossy(&ran.stderr));
    // tcsh reads .login after .tcshrc.
    let home = Home::with_go();
    home.file(".login", "# mine\nset path = (/usr/bin /bin)\n");
    let ran = home.run(&["apply", "--shell", "tcsh", "--yes"]).code(1);
    ran.err_has("`tcsh login` finds no go").err_has("line 2 of ~/.login, which sets PATH without what it held");
}

#[test]
fn what_is_covered_is_what_was_proven() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.file(".zlogin", "PATH=/usr/bin:/bin\n");
    let ran = home.run(APPLY).code(1).err_has("covered: zsh -i");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(said.contains("not proven: -l -i"), "{said}");
}

#[test]
fn a_home_with_a_newline_in_its_name_is_proven_too() {
    if !need("zsh") || !need("bash") {
        return;
    }
    let home = Home::named_with_go(b"a home\nof two lines");
    let ran = home.run(&["apply", "--shell", "zsh", "--shell", "bash", "--yes", "--json"]).ok();
    assert!(verdicts(&ran.stdout).iter().all(|(_, verdict)| verdict == "proven"), "{:?}", verdicts(&ran.stdout));
}

#[test]
fn another_go_is_named() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.fake_go("other", "go1.11");
    home.file(".zlogin", "PATH=$HOME/other/bin:$PATH\n");
    let ran = home.run(&["apply", "--shell", "zsh", "--yes", "--json"]).code(1);
    assert_eq!(verdicts(&ran.stdout), pairs(&[("login-interactive", "other"), ("interactive", "proven")]));
    ran.err_has("`zsh -l -i` finds ~/other/bin/go, not ~/opt/go/bin/go");
}

/// A file that bears no change: nothing in the block itself ends a shell.
const TOUCHY: &str = "grep -q '[>]>> goenv' ~/.zshrc && { echo 'who was here?' >&2; exit 3; }\n:\n";

#[test]
fn a_shell_that_does_not_start_any_more_gets_its_files_back() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.file(".zshrc", TOUCHY);
    let before = home.tree();
    let ran = home.run(APPLY).code(4);
    let ran = ran.err_has("error: `zsh -l -i` started before and does not now: ").err_has("who was here?");
    ran.err_has("every file is back as it was before").err_has("hint: ");
    assert_eq!(home.read(".zshrc").as_deref(), Some(TOUCHY.as_bytes()));
    home.run(&["uninstall", "--purge", "--yes"]).ok();
    assert_same_tree(&before, &home.tree());
    let json = home.run(&[APPLY, &["--json"]].concat()).code(4);
    let json: Value = serde_json::from_slice(&json.stdout).expect("one JSON document");
    assert_eq!(json["result"], "put back");
    home.run(&[APPLY, &["--no-verify"]].concat()).ok();
}

#[test]
fn what_never_started_is_unknown_and_stays() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.file(".zshenv", "exit 3\n");
    let ran = home.run(&["apply", "--shell", "zsh", "--yes", "--json"]).ok();
    assert_eq!(verdicts(&ran.stdout), pairs(&[("login-interactive", "unknown"), ("interactive", "unknown")]));
    ran.err_has("warning: could not prove it in `zsh -i`");
    assert!(home.read(".zshrc").is_some());
}

#[test]
fn a_shell_that_hangs_is_unknown_and_stays() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    // One of the two launch modes is enough: each costs its whole limit.
    home.file(".zlogin", "sleep 600\n");
    let begin = Instant::now();
    let ran = home.run(&["apply", "--shell", "zsh", "--yes", "--json"]).ok();
    assert!(begin.elapsed() < Duration::from_secs(120), "{:?}", begin.elapsed());
    assert_eq!(verdicts(&ran.stdout), pairs(&[("login-interactive", "unknown"), ("interactive", "proven")]));
}

#[test]
fn a_logout_file_that_hangs_takes_nothing_back() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.file(".zlogout", "sleep 600\n");
    home.run(APPLY).ok().err_has("proven in the real shell: zsh -l -i, zsh -i");
}

#[test]
fn no_verify_starts_nothing() {
    if !need("zsh") {
        return;
    }
    let count = |home: &Home| home.read("starts").unwrap_or_default().len();
    for (flags, starts) in [(&["--no-verify"][..], 0), (&[], 4)] {
        let home = Home::with_go();
        home.file(".zshenv", "printf x >>$HOME/starts\n");
        home.run(&[APPLY, flags].concat()).ok();
        assert_eq!(count(&home), starts);
        // A second apply has nothing to prove.
        home.run(&[APPLY, flags].concat()).ok();
        assert_eq!(count(&home), starts);
        for args in [&["apply", "--shell", "zsh", "--dry-run"][..], &["uninstall", "--yes"]] {
            home.run(args).ok();
        }
        assert_eq!(count(&home), starts);
    }
}

#[test]
fn a_start_is_like_that_of_a_new_terminal() {
    if !need("bash") {
        return;
    }
    let mut home = Home::with_go();
    home.env("ALREADY", "1").env("GOROOT", "/nonexistent").env("SHLVL", "7");
    home.file(".bashrc", "printf '%s\\n' \"${ALREADY-no} ${GOROOT-no} $SHLVL ${TMUX:+tmux} $PWD\" >>\"$HOME/seen\"\n");
    home.run(&["apply", "--shell", "bash", "--yes", "--goroot", home.path("opt/go").to_str().expect("text")]).ok();
    let seen = String::from_utf8(home.read("seen").expect("bash was started")).expect("text");
    let wanted = format!("no no 1 tmux {}", home.path("").display());
    assert!(seen.lines().count() >= 2 && seen.lines().all(|line| line == wanted), "{seen}");
}

#[test]
fn breaking_off_before_anything_is_written_changes_nothing() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.file(".zshrc", "touch $HOME/started\nsleep 600\n");
    let mut tty = home.tty(&["apply", "--shell", "zsh"]);
    tty.sees("Apply these changes?");
    tty.types("y");
    let begin = Instant::now();
    while !home.path("started").exists() {
        assert!(begin.elapsed() < Duration::from_secs(30), "zsh was not started");
        sleep(Duration::from_millis(20));
    }
    tty.types("\u{3}");
    let (status, screen) = tty.end();
    assert_eq!(status, 130, "{screen}");
    assert!(screen.contains("interrupted; nothing was changed"), "{screen}");
    assert_eq!(home.read(".zshrc").as_deref(), Some(&b"touch $HOME/started\nsleep 600\n"[..]));
    assert_eq!(home.read(".zprofile"), None);
}

#[test]
fn breaking_off_the_proof_leaves_what_is_written() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.file(".zshrc", "grep -q '[>]>> goenv' ~/.zshrc && { touch $HOME/again; sleep 600; }\n:\n");
    let mut tty = home.tty(&["apply", "--shell", "zsh"]);
    tty.sees("Apply these changes?");
    tty.types("y");
    let begin = Instant::now();
    while !home.path("again").exists() {
        assert!(begin.elapsed() < Duration::from_secs(30), "zsh was not started again");
        sleep(Duration::from_millis(20));
    }
    tty.types("\u{3}");
    let (status, screen) = tty.end();
    assert_eq!(status, 130, "{screen}");
    let text = home.read(".zshrc").expect("it is there");
    assert!(String::from_utf8_lossy(&text).contains("# >>> goenv-setup"), "{screen}");
}
