//! Startup files that cannot be read, or must not be replaced.

use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixListener;

use rustix::process::geteuid;

use super::{APPLY, UNINSTALL, one_error, refused};
use crate::support::{Home, Ran, assert_same_tree, missing, need};

fn home() -> Home {
    let home = Home::with_go();
    home.file(".zprofile", "export A=1\n");
    home
}

/// Runs goenv-setup as an ordinary user whose home this is.
#[track_caller]
fn run_as_nobody(home: &Home, args: &[&str]) -> Ran {
    if !geteuid().is_root() {
        return home.run(args);
    }
    // The program may lie where only root gets to.
    let script = r#"
        set -e
        chmod 755 "$HOME/.."; cp "$0" "$HOME/../goenv-setup"; chown -R -h 65534:65534 "$HOME" "$TMPDIR"
        exec setpriv --reuid 65534 --regid 65534 --clear-groups "$HOME/../goenv-setup" "$@""#;
    let program = env!("CARGO_BIN_EXE_goenv-setup");
    Ran::of(&home.command("/bin/sh", &[&["-c", script, program], args].concat()))
}

#[test]
fn a_file_that_an_ordinary_user_cannot_read() {
    if geteuid().is_root() && !need("setpriv") {
        return;
    }
    let home = home();
    home.file(".zshrc", "one\n").mode(".zshrc", 0o000);
    let before = home.tree();
    let ran = run_as_nobody(&home, APPLY).code(3);
    one_error(&ran, &["cannot change `~/.zshrc`: ", "cannot be read", "`chmod u+rw \"$HOME/.zshrc\"`"]);
    let ran = run_as_nobody(&home, UNINSTALL).code(3);
    one_error(&ran, &["cannot change `~/.zshrc`: ", "cannot be read", "`chmod u+rw \"$HOME/.zshrc\"`"]);
    home.unchanged(&before);

    home.mode(".zshrc", 0o644);
    let before = home.tree();
    run_as_nobody(&home, APPLY).ok();
    let meta = fs_err::metadata(home.path(".zshrc")).expect("it is there");
    assert_eq!((meta.mode() & 0o7777, meta.uid()), (0o644, fs_err::metadata(home.path("")).expect("a home").uid()));
    run_as_nobody(&home, UNINSTALL).ok();
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn a_file_without_the_right_to_read_it() {
    let home = home();
    home.file(".zshrc", "one\n").mode(".zshrc", 0o000);
    for args in [APPLY, UNINSTALL] {
        refused(&home, args, 3, &["cannot change `~/.zshrc`: ", "cannot be read", "`chmod u+rw \"$HOME/.zshrc\"`"]);
    }
}

#[test]
fn a_folder_where_a_file_should_be() {
    let home = home();
    home.file(".zshrc/inside", "");
    refused(&home, APPLY, 3, &["cannot change `~/.zshrc`: it is a folder", "`ls -ld \"$HOME/.zshrc\"`"]);
}

#[test]
fn special_files_are_not_opened() {
    let fifo = home();
    Ran::of(&fifo.command("mkfifo", &[".zshrc"])).ok();
    refused(&fifo, APPLY, 3, &["cannot change `~/.zshrc`: it is a FIFO"]);

    let socket = home();
    let _listener = UnixListener::bind(socket.path(".zshrc")).expect("a socket");
    refused(&socket, APPLY, 3, &["cannot change `~/.zshrc`: it is a socket"]);

    let device = home();
    device.link(".zshrc", "/dev/null");
    refused(&device, APPLY, 3, &["cannot change `~/.zshrc`: it is a device", "/dev/null"]);
    for home in [fifo, socket, device] {
        let before = home.tree();
        home.run(UNINSTALL).ok().err_has("nothing to do");
        home.unchanged(&before);
    }
}

#[test]
fn a_read_only_file() {
    let home = home();
    home.file(".zshrc", "one\n").mode(".zshrc", 0o444);
    refused(&home, APPLY, 3, &["cannot change `~/.zshrc`: it is read-only", "`chmod u+w \"$HOME/.zshrc\"`"]);

    home.mode(".zshrc", 0o644);
    home.run(APPLY).ok();
    home.run(&["uninstall", "-y", "--purge"]).ok();
    home.run(APPLY).ok();
    home.mode(".zshrc", 0o444).mode(".zprofile", 0o444);
    let before = home.tree();
    let ran = home.run(UNINSTALL).code(3);
    home.unchanged(&before);
    ran.err_has("`~/.zprofile`: it is read-only").err_has("`~/.zshrc`: it is read-only");
}

#[test]
fn a_read_only_folder() {
    let mut home = home();
    home.file("zsh dir/.zshrc", "one\n").mode("zsh dir", 0o555);
    let folder = home.path("zsh dir");
    home.env("ZDOTDIR", folder);
    let before = home.tree();
    let ran = home.run(APPLY).code(3);
    home.unchanged(&before);
    let hint = "hint: make it writable with `chmod u+w \"$HOME\"'/zsh dir'`";
    for file in [".zprofile", ".zshrc"] {
        let error = format!("error: cannot change `~/zsh dir/{file}`: its folder is read-only\n{hint}\n");
        assert!(String::from_utf8_lossy(&ran.stderr).contains(&error), "{error}\n{ran}");
    }

    home.unset("ZDOTDIR").mode("", 0o555);
    let before = home.tree();
    home.run(APPLY).code(3).err_has("its folder is read-only").err_has("`chmod u+w \"$HOME\"`");
    home.unchanged(&before);
}

#[test]
fn a_link_to_a_read_only_file() {
    let home = home();
    home.file("dots/zshrc", "one\n").mode("dots/zshrc", 0o444).link(".zshrc", "dots/zshrc");
    let said = ["cannot change `~/.zshrc`: ", "link to `~/dots/zshrc`", "read-only", "chmod u+w \"$HOME/dots/zshrc\""];
    refused(&home, APPLY, 3, &said);
    home.mode("dots/zshrc", 0o644).mode("dots", 0o555);
    refused(&home, APPLY, 3, &["link to `~/dots/zshrc`", "folder is read-only", "chmod u+w \"$HOME/dots\""]);
}

#[test]
fn a_link_that_leads_nowhere() {
    let home = home();
    home.link(".zshrc", "dots/zshrc");
    let said = ["cannot change `~/.zshrc`: ", "link to `~/dots/zshrc`, which does not exist", "`rm \"$HOME/.zshrc\"`"];
    refused(&home, APPLY, 3, &said);
    let before = home.tree();
    home.run(UNINSTALL).ok().err_has("nothing to do");
    home.unchanged(&before);
}

#[test]
fn a_dangling_bash_profile_counts_as_absent() {
    let home = Home::with_go();
    home.link(".bash_profile", "dots/profile").file(".profile", "A=1\n").file(".bashrc", "B=1\n");
    home.run(&["apply", "--shell", "bash", "-y"]).ok();
    assert!(home.read(".profile").expect("it is there").starts_with(b"A=1\n\n# >>> goenv-setup >>>"));
    assert!(!home.path("dots").exists(), "written through the link");
    assert!(home.path(".bash_profile").is_symlink());
}

#[test]
fn a_link_that_leads_to_itself() {
    let home = home();
    home.link(".zshrc", ".zshrc");
    refused(&home, APPLY, 3, &["cannot change `~/.zshrc`: "]);
    fs_err::remove_file(home.path(".zshrc")).expect("it is there");
    home.link(".zshrc", "other").link("other", ".zshrc");
    refused(&home, APPLY, 3, &["cannot change `~/.zshrc`: ", "symbolic link"]);
}

#[test]
fn a_file_with_two_names() {
    let home = home();
    home.file("dots/zshrc", "one\n");
    fs_err::hard_link(home.path("dots/zshrc"), home.path(".zshrc")).expect("a hard link");
    refused(&home, APPLY, 3, &["cannot change `~/.zshrc`: ", "2 names", "-samefile \"$HOME/.zshrc\""]);
}

#[test]
fn a_file_of_another_user() {
    if !geteuid().is_root() {
        return missing("root, who can give a file away", false);
    }
    let home = home();
    home.file(".zshrc", "one\n");
    std::os::unix::fs::chown(home.path(".zshrc"), Some(12345), None).expect("root may");
    refused(
        &home,
        APPLY,
        3,
        &["cannot change `~/.zshrc`: it belongs to user 12345", "chown \"$USER\" \"$HOME/.zshrc\""],
    );
}

#[test]
fn a_name_with_escape_sequences_is_shown_harmless() {
    let mut home = home();
    home.dir("z\x1b[31m/.zshrc");
    let folder = home.path("z\x1b[31m");
    home.env("ZDOTDIR", folder);
    let ran = refused(&home, APPLY, 3, &["cannot change `~/z^[[31m/.zshrc`: it is a folder"]);
    assert!(!ran.stderr.contains(&0x1b), "{ran}");
}
