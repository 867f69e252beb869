//! A home that is none, a home of somebody else, sudo, and a shell that we do not know.

use std::os::unix::fs::chown;

use super::{APPLY, UNINSTALL, one_error, refused};
use crate::support::{Home, Ran, is_root, need};

const STATUS: &[&str] = &["status"];
const PRINT: &[&str] = &["print", "--shell", "zsh"];

#[test]
fn every_command_wants_a_home() {
    for args in [APPLY, UNINSTALL, STATUS, PRINT] {
        let mut home = Home::with_go();
        home.file("file", "");
        home.unset("HOME");
        refused(&home, args, 3, &["`HOME` is not set", "HOME="]);
        home.env("HOME", "");
        refused(&home, args, 3, &["`HOME` is not set", "HOME="]);
        home.env("HOME", "relative");
        refused(&home, args, 3, &["cannot use `relative` as home folder: `HOME` is a relative path"]);
        let missing = home.path("missing");
        home.env("HOME", missing.clone());
        refused(&home, args, 3, &["missing` as home folder: it does not exist"]);
        assert!(!missing.exists());
        let file = home.path("file");
        home.env("HOME", file);
        refused(&home, args, 3, &["file` as home folder: it is not a folder"]);
    }
}

#[test]
fn a_home_with_escape_sequences_in_its_name_is_shown_harmless() {
    let mut home = Home::with_go();
    home.env("HOME", "/nonexistent/\x1b[31m\x07");
    let ran = refused(&home, APPLY, 3, &["`/nonexistent/^[[31m^G` as home folder"]);
    assert!(!ran.stderr.contains(&0x1b) && !ran.stderr.contains(&7), "{ran}");
}

/// What sudo tells of its caller.
fn called_by(home: &mut Home, name: &str, uid: &str) {
    home.env("SUDO_USER", name).env("SUDO_UID", uid).env("SUDO_COMMAND", "goenv-setup");
}

#[test]
fn the_home_of_another_user() {
    if !is_root() {
        return;
    }
    let home = Home::with_go();
    home.file(".zshrc", "one\n");
    chown(home.path(""), Some(12345), None).expect("root may");
    for args in [APPLY, UNINSTALL] {
        let command = format!("`sudo -H -u '#12345' goenv-setup {}`", args[0]);
        refused(&home, args, 3, &["as home folder: it belongs to #12345", &command]);
    }
}

#[test]
fn root_through_sudo_is_refused_whoevers_home_it_is() {
    if !is_root() {
        return;
    }
    let mut home = Home::with_go();
    home.file(".zshrc", "one\n");
    called_by(&mut home, "alice", "12345");
    for args in [APPLY, UNINSTALL, &["apply", "--shell", "zsh", "--dry-run"]] {
        let said =
            ["under sudo", "root", "alice", &format!("`goenv-setup {}`", args[0]), "`sudo -H -u USER goenv-setup"];
        refused(&home, args, 3, &said);
    }
    home.unset("SUDO_USER");
    refused(&home, APPLY, 3, &["under sudo", "#12345"]);
    // sudo without -H, where sudoers keeps HOME.
    chown(home.path(""), Some(12345), None).expect("root may");
    refused(&home, APPLY, 3, &["it belongs to #12345", "run it without sudo: `goenv-setup apply`"]);
}

#[test]
fn looking_is_allowed_under_sudo() {
    if !is_root() {
        return;
    }
    let mut home = Home::with_go();
    called_by(&mut home, "alice", "12345");
    home.run(STATUS).code(1);
    home.run(PRINT).ok();
}

#[test]
fn root_that_becomes_a_user_through_sudo_is_that_user() {
    if !is_root() || !need("setpriv") {
        return;
    }
    let mut home = Home::with_go();
    home.file(".zshrc", "one\n");
    called_by(&mut home, "root", "0");
    let script = r#"
        set -e
        chmod 755 "$HOME/.."; cp "$0" "$HOME/../goenv-setup"; chown -R 12345:12345 "$HOME" "$TMPDIR"
        exec setpriv --reuid 12345 --regid 12345 --clear-groups "$HOME/../goenv-setup" apply --shell zsh -y"#;
    home.script(script).ok();
    assert!(home.read(".zshrc").expect("it is there").starts_with(b"one\n\n# >>>"));
}

#[test]
fn root_in_its_own_home_is_welcome() {
    if !is_root() {
        return;
    }
    let mut home = Home::with_go();
    called_by(&mut home, "root", "0");
    home.run(APPLY).ok();
}

const NAMES: &str = "supported are zsh, bash, sh";

#[test]
fn a_shell_that_is_asked_for_but_unknown() {
    for args in [&["apply", "--shell", "nosuch", "-y"][..], &["apply", "--shell", "nosuch", "--dry-run"]] {
        let home = Home::with_go();
        let ran = refused(&home, args, 3, &["cannot use `--shell nosuch`: ", NAMES, "`goenv-setup apply --shell "]);
        lines_to_paste_work(&home, &ran);
    }
    let home = Home::with_go();
    for command in ["uninstall", "print", "matrix"] {
        let hint = format!("`goenv-setup {command} --shell zsh`");
        refused(&home, &[command, "--shell", "nosuch"], 3, &["cannot use `--shell nosuch`: ", NAMES, &hint]);
    }
}

#[test]
fn a_shell_that_is_the_users_but_unknown() {
    for name in ["elvish", "nu"] {
        let home = Home::with_go();
        let before = home.tree();
        let ran = home.typed_in(name, "\"$GOENV_SETUP\" apply -y").code(3);
        home.unchanged(&before);
        one_error(&ran, &[&format!("cannot set up `{name}` (parent process "), NAMES]);
        lines_to_paste_work(&home, &ran);
    }
}

/// In a process namespace nothing stands above the program, so `$SHELL` decides.
#[cfg(target_os = "linux")]
#[test]
fn a_login_shell_that_is_unknown() {
    for name in ["elvish", "nu"] {
        let home = Home::with_go();
        let before = home.tree();
        let script = format!(r#"SHELL=/usr/bin/{name} exec unshare -p -f --mount-proc "$0" apply -y"#);
        let Some(ran) = super::mounts::in_namespace(&home, &script) else { return };
        let ran = ran.code(3);
        home.unchanged(&before);
        one_error(&ran, &[&format!("cannot set up `{name}` (SHELL=/usr/bin/{name})"), NAMES]);
        lines_to_paste_work(&home, &ran);
    }
}

/// The lines that were printed bring Go into a shell.
#[track_caller]
fn lines_to_paste_work(home: &Home, ran: &Ran) {
    let said = String::from_utf8_lossy(&ran.stderr);
    let lines: Vec<_> = said.lines().skip_while(|line| !line.starts_with("_go=")).collect();
    let end = lines.iter().position(|line| *line == "unset _go").unwrap_or_else(|| panic!("no lines to paste\n{ran}"));
    let script = format!("PATH=/usr/bin:/bin\n{}\ncommand -v go; echo $GOPATH", lines[..=end].join("\n"));
    let seen = Ran::of(&home.command("/bin/sh", &["-c", &script])).ok();
    let wanted = format!("{}\n{}\n", home.path("opt/go/bin/go").display(), home.path("go").display());
    assert_eq!(String::from_utf8_lossy(&seen.stdout), wanted);
}
