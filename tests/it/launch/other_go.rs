//! A Go that someone puts in front after our block ran (a nix shell, direnv, a manager) stays there, in every shell
//! that is started from then on, and GOROOT is not made ours again.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::report::{Level, chain};
use crate::support::{Home, Ran, Tty, find, need, run_under, say};

/// A home with our block for zsh and bash, and another Go; gives its root and ours.
fn two_gos(home: &Home) -> (PathBuf, PathBuf) {
    home.file(".zprofile", "# mine\n").file(".bash_profile", "# mine\n");
    let ours = home.fake_go("sdk/go", "1.22.10");
    let other = home.fake_go("nix/store/abc-go", "1.27.3");
    for shell in ["zsh", "bash"] {
        let args = ["apply", "--yes", "--shell", shell, "--goroot"].map(OsString::from);
        run_under(home, shell, &[&args[..], &[ours.clone().into_os_string()]].concat()).ok();
    }
    (ours, other)
}

#[track_caller]
fn leads(level: &Level, other: &Path, goroot: Option<&Path>, what: &str) {
    let bin = other.join("bin");
    assert_eq!(level.go.as_deref(), Some(bin.join("go").as_os_str().as_bytes()), "{what}\n{level:?}");
    assert_eq!(level.path().next(), Some(bin.as_os_str().as_bytes()), "{what}\n{level:?}");
    assert_eq!(level.goroot.as_deref(), goroot.map(|root| root.as_os_str().as_bytes()), "{what}\n{level:?}");
}

#[test]
fn a_go_in_front_stays_in_front_of_nested_shells() {
    if !(need("zsh") && need("bash") && need("dash")) {
        return;
    }
    let mut home = Home::new();
    let (ours, other) = two_gos(&home);
    home.env("OTHER", other.join("bin"));
    let other_text = other.to_str().expect("a plain path");
    let mut shells = 0;
    for shell in ["zsh", "bash"] {
        let chains: &[&[&str]] = match shell {
            // Debian's /etc/profile sets PATH anew, so a login bash forgets whatever was in front.
            "bash" => &[&["-i", "+-i", "-i", "-i"], &["-li", "+-i", "-u", "-i"], &["-i", "+-u", "-u"]],
            _ => &[&["-i", "+-i", "-i", "-li"], &["-li", "+-i", "-u", "-l"], &["-i", "+-u", "-l", "-li"]],
        };
        for (goroot, then) in [("kept", Some(&ours)), ("unset", None), (other_text, Some(&other))] {
            home.env("OTHER_ROOT", goroot);
            for flags in chains {
                let levels = chain(&home, shell, flags);
                let what = format!("{shell} {flags:?}, GOROOT {goroot}");
                assert_eq!(levels[0].go.as_deref(), Some(ours.join("bin/go").as_os_str().as_bytes()), "{what}");
                for level in &levels[1..] {
                    leads(level, &other, then.map(PathBuf::as_path), &what);
                }
                shells += levels.len();
            }
        }
    }
    say(&format!("launch: another Go in front: 2 shells, 6 chains, 3 states of GOROOT, {shells} shells"));
}

/// direnv's own way: a hook that runs before each prompt, in a real terminal.
#[test]
fn a_go_of_direnv_stays_in_front() {
    if !(need("direnv") && need("zsh") && need("bash") && need("dash")) {
        return;
    }
    let direnv = find("direnv").expect("it was asked for");
    let mut home = Home::new();
    for (shell, file) in [("zsh", ".zshrc"), ("bash", ".bashrc")] {
        home.file(file, format!("PS1='ready> '\neval \"$('{}' hook {shell})\"\n", direnv.display()));
    }
    let (ours, other) = two_gos(&home);
    home.file("project/.envrc", format!("PATH_add '{}'\n", other.join("bin").display()));
    home.env("DIRENV_LOG_FORMAT", "").env("TERM", "dumb");
    home.env("ASK", r#"printf '<%s|%s>\n' "$(command -v go)" "$GOROOT""#);
    Ran::of(&home.command(direnv, &["allow", "project"])).ok();
    let answer = |root: &Path| format!("<{}|{}>", root.join("bin/go").display(), ours.display());
    for shell in ["zsh", "bash"] {
        let mut tty = Tty::start(home.command(find(shell).expect("it was asked for"), &["-i"]));
        tty.sees("ready> ");
        let mut types = |line: &str, answer: Option<String>| {
            tty.types(&format!("{line}\r"));
            answer.map(|answer| tty.sees(&answer));
            tty.sees("ready> ");
        };
        let ask = "eval \"$ASK\"";
        types(ask, Some(answer(&ours)));
        types("cd project", None);
        types(ask, Some(answer(&other)));
        types(&format!("{shell} -c \"$ASK\""), Some(answer(&other)));
        types(&format!("{shell} -i -c \"$ASK\""), Some(answer(&other)));
        types(&format!("{shell} -i"), None);
        types(ask, Some(answer(&other)));
        types("exit", None);
        types("cd ..", None);
        types(ask, Some(answer(&ours)));
        tty.types("exit\r");
        tty.end();
    }
    say("launch: direnv: 2 shells in a terminal, 6 questions each");
}
