//! Settings that cannot be used, and wrong usage.

use std::os::unix::ffi::OsStrExt as _;

use super::{APPLY, refused};
use crate::support::Home;

/// `--gopath` or `--goroot` with this value is refused by `apply` and by `print`, with these words.
#[track_caller]
fn bad(home: &Home, flag: &str, value: &str, why: &str) {
    for command in [APPLY, &["apply", "--shell", "zsh", "--dry-run"], &["print", "--shell", "zsh"]] {
        let named = format!("`{flag}");
        refused(home, &[command, &[flag, value]].concat(), 3, &[&named, why, "`goenv-setup apply --go"]);
    }
}

#[test]
fn a_gopath_that_go_would_refuse() {
    let home = Home::with_go();
    let goroot = home.path("opt/go");
    let goroot = goroot.to_str().expect("a plain name");
    bad(&home, "--gopath", "go", "not an absolute path");
    bad(&home, "--gopath", "~/go", "`~` is not expanded");
    bad(&home, "--gopath", "/a\n/b", "a newline");
    bad(&home, "--gopath", "", "empty");
    bad(&home, "--gopath", "/a::/b", "empty");
    bad(&home, "--gopath", "/a:b", "not an absolute path");
    bad(&home, "--gopath", goroot, "it is GOROOT");
    bad(&home, "--gopath", &format!("{goroot}/"), "it is GOROOT");
    bad(&home, "--gopath", &format!("/a:{goroot}"), "it is GOROOT");
}

#[test]
fn an_unexpanded_tilde_is_repaired_in_the_hint() {
    let home = Home::with_go();
    refused(&home, &[APPLY, &["--gopath", "~/my/go"]].concat(), 3, &["`goenv-setup apply --gopath \"$HOME/my/go\"`"]);
    refused(&home, &[APPLY, &["--goroot", "~/opt/go"]].concat(), 3, &["`goenv-setup apply --goroot \"$HOME/opt/go\"`"]);
}

#[test]
fn a_goroot_that_path_cannot_carry() {
    let home = Home::with_go();
    bad(&home, "--goroot", "go", "not an absolute path");
    bad(&home, "--goroot", "~/go", "`~` is not expanded");
    bad(&home, "--goroot", "/a\nb", "a newline");
    bad(&home, "--goroot", "/a:b", "colon");
    bad(&home, "--goroot", "", "empty");
}

#[test]
fn a_bad_gopath_of_the_environment_is_a_warning() {
    let mut home = Home::with_go();
    let goroot = home.path("opt/go");
    for value in ["go", "~/go", "/a\n/b", "/a::/b", goroot.to_str().expect("a plain name")] {
        home.env("GOPATH", value);
        let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
        assert!(ran.stdout.windows(9).any(|window| window == b"$HOME/go\""), "{ran}");
        let ran = ran.err_has("warning: GOPATH is `").err_has("; the default is used");
        let lines = ran.stderr.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"warning: ")).count();
        assert_eq!(lines, 1, "{ran}");
    }
    home.env("GOPATH", "");
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    assert!(!ran.stderr.windows(8).any(|window| window == b"warning:"), "{ran}");
}

#[test]
fn a_setting_with_escape_sequences_is_shown_harmless() {
    let mut home = Home::with_go();
    let ran = refused(&home, &[APPLY, &["--gopath", "\x1b[31m"]].concat(), 3, &["`^[[31m`"]);
    assert!(!ran.stderr.contains(&0x1b), "{ran}");
    let ran = refused(&home, &["apply", "--shell", "\x1b[31m", "-y"], 3, &["^[[31m"]);
    assert!(!ran.stderr.contains(&0x1b), "{ran}");
    home.env("GOPATH", "\x1b[31m").env("GOROOT", "/\x1b[31m");
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    assert!(!ran.stderr.contains(&0x1b), "{ran}");
    home.env("GOPATH", "/\x1b[31m");
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    assert!(!ran.stderr.contains(&0x1b), "{ran}");
    let folder = home.path("z\x1b[31m");
    assert!(folder.as_os_str().as_bytes().contains(&0x1b));
    home.env("ZDOTDIR", folder);
    let ran = home.run(APPLY).ok();
    assert!(!ran.stderr.contains(&0x1b), "{ran}");
}

#[test]
fn wrong_usage_ends_with_2() {
    let home = Home::with_go();
    let before = home.tree();
    let cases: &[&[&str]] = &[
        &[],
        &["nosuch"],
        &["apply", "--nosuch"],
        &["apply", "--dry-run", "--check"],
        &["uninstall", "--dry-run", "--check"],
        &["apply", "--gopath"],
        &["apply", "file"],
        &["apply", "--color", "sometimes"],
        &["apply", "-q", "-v"],
        &["uninstall", "--gopath", "/a"],
        &["status", "--yes"],
        &["apply", "--shell", "zsh", "--shell", "bash", "--file", "x", "-y"],
    ];
    for args in cases {
        let ran = home.run(args).code(2);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{ran}");
    }
    home.unchanged(&before);
    home.run(&["--help"]).ok().out_has("goenv-setup").out_has("apply");
    home.run(&["--version"]).ok().out_has(concat!("goenv-setup ", env!("CARGO_PKG_VERSION")));
}
