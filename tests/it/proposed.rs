//! Every command that a note or a hint proposes is one that `apply` takes.

use std::collections::HashSet;
use std::os::unix::ffi::OsStrExt as _;

use crate::support::{Home, Ran};

/// The commands between backticks, without those that name no value (`--goroot DIR`).
fn commands(said: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(said);
    let mut found = Vec::new();
    for line in text.lines().filter(|line| ["note: ", "warning: ", "hint: "].iter().any(|tag| line.starts_with(tag))) {
        let starts = line.match_indices("`goenv-setup apply").map(|(at, _)| at + 1);
        let command = |start: usize| line[start..].split('`').next().unwrap_or_default().to_owned();
        found.extend(starts.map(command).filter(|command| !command.ends_with(" DIR")));
    }
    found
}

/// Runs each command that was proposed, as a dry run in a shell, as somebody does who copies it; gives how many. Those
/// that are in `known` were tried already.
#[track_caller]
fn are_taken(home: &Home, ran: &Ran, known: &mut HashSet<String>) -> usize {
    let commands = commands(&ran.stderr);
    for command in &commands {
        if !known.insert(command.clone()) {
            continue;
        }
        let line = command.replacen("goenv-setup", "\"$0\"", 1) + " --shell zsh --dry-run";
        let again = home.script(&line);
        assert!(again.status == 0, "{command}\nwas proposed by {ran}\nand gives {again}");
        // Nor does it propose anything else for that flag.
        let flag = command.split(' ').find(|word| word.starts_with("--go"));
        let said = String::from_utf8_lossy(&again.stderr);
        let hinted = |flag: &str| said.contains(&format!("cannot use `{flag}"));
        assert!(!flag.is_some_and(hinted), "{command}\n{again}");
    }
    commands.len()
}

const NASTY: [&[u8]; 20] = [
    b"~/go",
    b"~/opt/go",
    b"~//opt//go",
    b"~/my go's",
    b"~/",
    b"~",
    b"~other/go",
    b"rel/go",
    b"./go",
    b"\"/srv/quoted\"",
    b"'/srv/quoted'",
    b"/srv/a b",
    b"/srv/it's \"$(touch x)\"",
    b"/srv/`id`",
    b"/srv/\xff",
    b"/srv/\x1b[31m",
    b"/srv/a:/srv/b",
    b"/srv/a::b",
    b"~/.cache/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.22.5.linux-amd64",
    b"/nix/store/0c0mlhxfw2g1mnd4rkpnxyi2l0kcvq1s-go-1.22.5",
];

fn homes() -> [Home; 2] {
    [Home::with_go(), Home::named_with_go("zo\u{eb}'s home".as_bytes())]
}

#[test]
fn of_flags() {
    let mut count = 0;
    for home in homes() {
        let mut known = HashSet::new();
        let mut values: Vec<Vec<u8>> = NASTY.iter().map(|value| value.to_vec()).collect();
        // GOPATH would be GOROOT.
        values.push(home.path("opt/go").as_os_str().as_bytes().to_vec());
        // The folder is there, and is no Go root; what it leads to is.
        home.link("brew/bin", "../opt/go/bin");
        values.push(b"~/brew".to_vec());
        for flag in ["--goroot", "--gopath", "--gobin"] {
            for portable in [&[][..], &["--portable"]] {
                for value in &values {
                    let mut command = home.command(env!("CARGO_BIN_EXE_goenv-setup"), &["apply", "--shell", "zsh"]);
                    command.args(["--dry-run"]).args(portable).arg(flag).arg(std::ffi::OsStr::from_bytes(value));
                    let ran = Ran::of(&command);
                    for proposed in commands(&ran.stderr) {
                        assert!(portable.is_empty() || proposed.contains("portable"), "{proposed}\n{ran}");
                    }
                    count += are_taken(&home, &ran, &mut known);
                }
            }
        }
        let ran = home.run(&["apply", "--shell", "zsh", "--dry-run", "--portable", "--goroot", "~/opt/go"]).code(3);
        ran.err_has("hint: use `goenv-setup apply --portable --goroot \"$HOME/opt/go\"`");
        home.run(&["apply", "--shell", "zsh", "--goroot", "rel"]).code(3).err_has("--goroot '/usr/local/go'`");
        let ran = home.run(&["apply", "--shell", "zsh", "--file", "~/it's $(x)"]).code(3);
        count += are_taken(&home, &ran, &mut known);
        ran.err_has("hint: use `goenv-setup apply --file \"$HOME\"'/it'\\''s $(x)'`");
    }
    assert!(count > 150, "{count} commands");
}

#[test]
fn of_the_environment_and_of_go_env() {
    let mut count = 0;
    for mut home in homes() {
        let goroot = home.path("opt/go").as_os_str().as_bytes().to_vec();
        for block in [false, true] {
            let mut known = HashSet::new();
            if block {
                home.run(&["apply", "--shell", "zsh", "--yes", "--no-verify"]).ok();
            }
            for value in NASTY.iter().copied().chain([&goroot[..]]) {
                for name in ["GOPATH", "GOBIN", "GOROOT"] {
                    let line = [name.as_bytes(), b"=", value, b"\n"].concat();
                    home.file(".config/go/env", line);
                    for flags in [&[][..], &["--gobin", "/other"], &["--gobin", ""], &["--portable"]] {
                        let ran = home.run(&[&["apply", "--shell", "zsh", "--dry-run"], flags].concat()).ok();
                        count += are_taken(&home, &ran, &mut known);
                    }
                    home.file(".config/go/env", "");
                    home.env(name, std::ffi::OsStr::from_bytes(value));
                    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
                    count += are_taken(&home, &ran, &mut known);
                    home.unset(name);
                }
            }
        }
    }
    assert!(count > 50, "{count} commands");
}

/// What lies beside is named by a command only where that names it.
#[test]
fn of_other_gos() {
    let mut home = Home::with_go();
    home.fake_go("apps/it's", "1.21.13");
    home.fake_go("apps/tick`", "1.21.13");
    home.fake_go("apps/esc\x1b", "1.21.13");
    home.file("tools/go", "#!/bin/sh\n").mode("tools/go", 0o755);
    let folders = ["opt/go/bin", "apps/it's/bin", "apps/tick`/bin", "apps/esc\x1b/bin", "tools"];
    let folders = folders.map(|folder| home.path(folder).display().to_string());
    home.env("PATH", format!("{}:/usr/bin:/bin", folders.join(":")));
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    ran.err_has("where DIR is `\"$HOME\"'/apps/it'\\''s'`\n");
    home.run(&["apply", "--shell", "zsh", "--yes", "--no-verify"]).ok();
    fs_err::rename(home.path("opt/go"), home.path("opt/away")).expect("it is there");
    let ran =
        home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok().err_has("where there is no Go; to choose another");
    assert_eq!(are_taken(&home, &ran, &mut HashSet::new()), 1);
}
