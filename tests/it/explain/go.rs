//! Which `go` wins, which line brought it, and our own block under its name.

use serde_json::Value;

use super::{BASH, BOURNE, CSH, FISH, TCSH, Way, ZSH, changes, document, explain, is_here, way};
use crate::support::{Home, run_under};

fn applied(way: Way) -> Home {
    let home = Home::with_go();
    home.file(way.rc, "# mine\n");
    let shell = if way.shell == "dash" { "sh" } else { way.shell };
    let ran = run_under(&home, "zsh", &["apply", "--yes", "--no-verify", "--shell", shell]);
    ran.ok();
    home
}

fn text<'a>(value: &'a Value, home: &Home) -> &'a str {
    let root = format!("{}/", home.path("").display());
    let text = value.as_str().expect("text");
    text.strip_prefix(&root).unwrap_or(text)
}

#[test]
fn our_own_block_by_its_name() {
    let login = [way("dash", "dash", "login", ".profile")];
    for way in BOURNE.into_iter().filter(|way| way.rc != super::SHRC).chain(login).chain([FISH, TCSH, CSH]) {
        if !is_here(way) {
            continue;
        }
        let home = applied(way);
        let told = explain(&home, way, "PATH");
        let lines = changes(&home, &told);
        assert!(!lines.is_empty() && lines.iter().all(|line| line.contains(" (block) ")), "{way:?}: {lines:?}");
        assert!(lines[0].contains(" (block) prepended ~/opt/go/bin"), "{way:?}: {lines:?}");
        assert!(lines.last().is_some_and(|line| line.contains("~/go/bin")), "{way:?}: {lines:?}");
        assert_eq!(text(&told["go"], &home), "opt/go/bin/go", "{way:?}");
        assert_eq!(text(&told["gos"][0]["go"], &home), "opt/go/bin/go", "{way:?}");
        let file = text(&told["gos"][0]["from"]["file"], &home);
        let bytes = home.read(file).expect("it is there");
        let line = usize::try_from(told["gos"][0]["from"]["line"].as_u64().expect("a number")).expect("small");
        let all: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        let sets = [&b"PATH"[..], b"path"].iter().any(|name| all[line - 1].windows(4).any(|window| window == *name));
        assert!(sets, "{way:?}: line {line}: {}", all[line - 1].escape_ascii());
        for variable in ["GOROOT", "GOPATH"] {
            let lines = changes(&home, &explain(&home, way, variable));
            // csh sets GOPATH to nothing first.
            let most = if way.shell.ends_with("csh") { 2 } else { 1 };
            let whole = (1..=most).contains(&lines.len()) && lines.iter().all(|line| line.ends_with(" (block) set"));
            assert!(whole, "{way:?} {variable}: {lines:?}");
        }
        let plain = home.run(&["explain", "--shell", way.shell, "--mode", way.mode]).ok();
        plain.out_has("goenv-setup's block\n").out_has("\ngo\n    ~/opt/go/bin/go (~/");
    }
}

#[test]
fn the_winner_and_those_that_it_hides() {
    for way in [ZSH, BASH].into_iter().filter(|way| is_here(*way)) {
        let home = Home::new();
        for (root, version) in [("a", "1.22.1"), ("b", "1.23.1"), ("c", "1.24.1")] {
            home.fake_go(root, version);
        }
        let lines = "PATH=~/a/bin:$PATH\nPATH=$PATH:~/b/bin\nPATH=~/c/bin:$PATH\nPATH=${PATH#*:}\n";
        home.file(way.rc, lines);
        let told = explain(&home, way, "PATH");
        let gos: Vec<String> = told["gos"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|go| format!("{} {}", text(&go["go"], &home), go["from"]["line"]))
            .collect();
        assert_eq!(gos, ["a/bin/go 1", "b/bin/go 2"], "{told}");
        let plain = home.run(&["explain", "--shell", way.shell, "--mode", way.mode]).ok();
        let rc = way.rc;
        let plain =
            plain.out_has(&format!("\ngo\n    ~/a/bin/go (~/{rc}:1)\nhidden behind it\n    ~/b/bin/go (~/{rc}:2)\n"));
        let plain = plain.out_has(&format!("\nlost on the way\n    ~/c/bin/go (~/{rc}:4)\n"));
        let text = String::from_utf8(plain.stdout).expect("text");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}

/// Debian's `/etc/profile` throws away what a login inherits, which a `.zshenv` or an earlier shell may have set.
#[test]
fn the_systems_profile_resets_path_at_login() {
    let profile = fs_err::read("/etc/profile").unwrap_or_default();
    let resets =
        profile.split(|byte| *byte == b'\n').filter(|line| line.trim_ascii_start().starts_with(b"PATH=\"/usr"));
    if resets.count() != 2 {
        crate::support::lacks("an `/etc/profile` that resets PATH, as Debian's does");
        return;
    }
    for way in [
        way("bash", "bash", "login-interactive", ".profile"),
        way("dash", "dash", "login", ".profile"),
        way("ksh93", "ksh93", "login", ".profile"),
        way("mksh", "mksh", "login-interactive", ".profile"),
        way("ash", "busybox", "login", ".profile"),
    ] {
        if !is_here(way) {
            continue;
        }
        let home = Home::new();
        home.file(".profile", ":\nPATH=$PATH:/mine\n");
        let told = explain(&home, way, "PATH");
        let first = &told["changes"][0];
        let line = usize::try_from(first["line"].as_u64().unwrap_or_else(|| panic!("{way:?}: {told}"))).expect("small");
        assert_eq!((&first["file"], &first["sure"]), (&"/etc/profile".into(), &true.into()), "{way:?}: {told}");
        let said = profile.split(|byte| *byte == b'\n').nth(line - 1).expect("a line");
        let value = first["value"].as_str().expect("text");
        assert_eq!(said.trim_ascii(), format!("PATH=\"{value}\"").as_bytes(), "{way:?}");
        assert_eq!(first["did"][0]["what"], "set", "{way:?}");
        assert_eq!(changes(&home, &told), [".profile:2 appended /mine"], "{way:?}");
    }
}

/// Every line of the product, and of what is asked for by no flag at all.
#[test]
fn the_default_is_path_in_a_terminal_of_the_shell_that_runs() {
    if !is_here(ZSH) {
        return;
    }
    let home = Home::new();
    home.file(".zshrc", "PATH=/a:$PATH\n").file(".zprofile", "export GOPATH=/g\n");
    let before = home.tree();
    let ran = run_under(&home, "-zsh", &["explain"]).ok();
    ran.out_has("PATH in zsh -l -i\n\ninherited\n").out_has("\n~/.zshrc:1\n    put in front: /a\n");
    let ran = run_under(&home, "zsh", &["explain"]).ok();
    ran.out_has("PATH in zsh -i\n");
    let told = document(&run_under(&home, "-zsh", &["explain", "GOPATH", "--json"]).ok());
    let head =
        ["schema", "command", "exit", "result", "mode", "variable", "value", "exported"].map(|key| told[key].clone());
    let expected: [Value; 8] = [
        1.into(),
        "explain".into(),
        0.into(),
        "done".into(),
        "login-interactive".into(),
        "GOPATH".into(),
        "/g".into(),
        true.into(),
    ];
    assert_eq!(head, expected);
    home.unchanged(&before);
    let none = home.run(&["explain", "GOBIN", "--shell", "zsh"]).ok();
    none.out_has("inherited\n    not set\nno line changes it\nat the end\n    not set\n");
}

#[test]
fn set_but_not_exported() {
    for way in [ZSH, BASH].into_iter().filter(|way| is_here(*way)) {
        let home = Home::new();
        home.file(way.rc, "GOPATH=/x\n");
        let told = explain(&home, way, "GOPATH");
        assert_eq!((&told["exported"], &told["value"]), (&false.into(), &"/x".into()), "{told}");
        let ran = home.run(&["explain", "GOPATH", "--shell", way.shell, "--mode", way.mode]).ok();
        ran.out_has("at the end, set but not exported: programs do not see it\n    /x\n");
    }
}
