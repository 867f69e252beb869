//! Shells that hang or end before they come to their end, and what cannot be asked.

use serde_json::json;

use super::{BASH, DASH, FISH, TCSH, Way, ZSH, changes, document, is_here, way};
use crate::support::{Home, need};

/// A home in which the shell does not come to the end of its file, at line 4.
fn home(way: Way, line: &str) -> Home {
    let mut home = Home::new();
    if way.rc == super::SHRC {
        let file = home.path(way.rc);
        home.env("ENV", file);
    }
    let sets = match way.shell {
        "fish" => "set -gx PATH /a $PATH",
        "tcsh" => "setenv PATH /a:${PATH}",
        _ => "PATH=/a:$PATH",
    };
    home.file(way.rc, format!("# first\n{sets}\n\n{line}\n{sets}\n"));
    home
}

#[test]
fn a_shell_that_hangs() {
    // Side by side: each takes as long as the limit.
    std::thread::scope(|scope| {
        for way in [ZSH, BASH, DASH, FISH, TCSH].into_iter().filter(|way| is_here(*way)) {
            scope.spawn(move || {
                let home = home(way, "sleep 1000");
                let ran = home.run(&["explain", "--shell", way.shell, "--mode", way.mode, "--json"]).code(1);
                let told = document(&ran);
                assert_eq!(told["result"], "not told", "{way:?}: {told}");
                assert_eq!(changes(&home, &told), [format!("{}:2 prepended /a", way.rc)], "{way:?}: {told}");
                let place = json!({"file": home.path(way.rc), "line": 4, "lines": [4]});
                assert_eq!(told["at"], place, "{way:?}: {told}");
                ran.err_has("it hung, and was ended after 15 s, at ~/").err_has("hint: ");
            });
        }
    });
}

#[test]
fn a_shell_that_ends_early() {
    for way in [ZSH, BASH, DASH].into_iter().filter(|way| is_here(*way)) {
        let home = home(way, "exit 3");
        let ran = home.run(&["explain", "--shell", way.shell, "--mode", way.mode]).code(1);
        let rc = way.rc;
        let ran = ran.out_has(&format!("\n~/{rc}:2\n    put in front: /a\nwhen it was last seen\n"));
        let ran = ran.err_has("it ended before it ran a command (exit status 3), at ~/");
        ran.err_has(&format!("{rc}:4\n"));
    }
}

#[test]
fn wrong_usage() {
    let home = Home::new();
    for wrong in [&["--shell", "nosuch"][..], &["--mode", "nosuch", "--shell", "zsh"], &["PATH", "GOPATH"]] {
        let ran = home.run(&[&["explain"], wrong].concat()).code(2);
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    let fish = way("fish", "fish", "ssh-command", "");
    if is_here(fish) {
        let ran = home.run(&["explain", "--shell", "fish", "--mode", "ssh-command", "--json"]).code(2);
        let ran = ran.err_has("cannot start fish as ssh-command: it has no such way").err_has("interactive, login");
        assert_eq!(document(&ran)["exit"], 2);
    }
}

/// For root, bash called sh takes no `PS4` from its environment; for anybody else it does.
#[test]
fn bash_called_sh_tells_too() {
    let sh = way("sh", "bash", "login", ".profile");
    if !is_here(sh) {
        return;
    }
    let mut home = Home::new();
    let bash = crate::support::find("bash").expect("it was asked for");
    home.link("bin/sh", bash);
    let shell = home.path("bin/sh");
    home.env("SHELL", shell);
    home.file(".profile", ":\n. ~/more\nPATH=/a:$PATH\n").file("more", "\nPATH=${BASH_VERSION:+/bash}:$PATH\n");
    let told = super::explain(&home, sh, "PATH");
    assert_eq!(changes(&home, &told), ["more:2 prepended /bash", ".profile:3 prepended /a"], "{told}");
}

/// What a startup file keeps the shell from telling is not put on another line's account.
#[test]
fn what_is_not_told_is_said_to_be_so() {
    for (way, blind) in [(ZSH, "set +x"), (ZSH, "PS4='> '"), (BASH, "set +x"), (DASH, "set +x")] {
        if !is_here(way) {
            continue;
        }
        let mut home = Home::new();
        if way.rc == super::SHRC {
            let file = home.path(way.rc);
            home.env("ENV", file);
        }
        home.file(way.rc, format!("PATH=/a:$PATH\n{blind}\nX=1\nPATH=/b:$PATH\n"));
        let rc = way.rc;
        let told = super::explain(&home, way, "PATH");
        let expected = [format!("{rc}:1 prepended /a"), format!("{rc}:2 (runs) prepended /b")];
        assert_eq!(changes(&home, &told), expected, "{way:?} {blind}: {told}");
        let ran = home.run(&["explain", "--shell", way.shell, "--mode", way.mode]).ok();
        ran.out_has(&format!("\n~/{rc}:2 (something that it runs, or what comes after it untold)\n"));
    }
}

#[test]
fn breaking_off_leaves_nothing_running() {
    if !is_here(ZSH) {
        return;
    }
    let home = home(ZSH, "touch ~/begun; exec sleep 1234.5");
    let script = r#"
        "$0" explain --shell zsh --mode interactive --json >"$TMPDIR/out" &
        until [ -e ~/begun ]; do sleep 0.05; done
        kill -TERM $!; wait $!; echo "status $?"; cat "$TMPDIR/out"; ls -A "$TMPDIR""#;
    let ran = home.script(script).ok();
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(text.starts_with("status 130\n") && text.contains("\"result\": \"interrupted\""), "{ran}");
    assert!(text.ends_with("}\nout\n"), "its folder is gone: {ran}");
    ran.err_has("interrupted\n");
    if need("ps") {
        let left = crate::support::Ran::of(&home.command("ps", &["-eo", "args"])).ok();
        assert!(!String::from_utf8_lossy(&left.stdout).contains("sleep 1234.5"), "{left}");
    }
}
