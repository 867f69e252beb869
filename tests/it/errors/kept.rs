//! What `uninstall` leaves, what it takes along, and what it says of it.

use super::{APPLY, UNINSTALL};
use crate::support::{Home, assert_same_tree};

#[test]
fn nothing_there_is_nothing_to_do() {
    let home = Home::with_go();
    home.file(".zshrc", "one\n").file(".bashrc", "two\n");
    let before = home.tree();
    for args in [UNINSTALL, &["uninstall"], &["uninstall", "--dry-run"], &["uninstall", "--check"]] {
        home.run(args).ok().err_has("nothing to do");
        home.unchanged(&before);
    }
}

#[test]
fn every_file_is_what_it_was() {
    let files: [&[u8]; 6] = [b"", b"one\n", b"no final newline", b"a\r\nb\r\n", b"\xff\0\n\rlone\n", b"\n\n"];
    for bytes in files {
        for shell in ["zsh", "bash", "sh"] {
            let home = Home::with_go();
            for name in [".zshrc", ".bashrc", ".profile", ".zprofile"] {
                home.file(name, bytes).mode(name, 0o640);
            }
            let before = home.tree();
            home.run(&["apply", "--shell", shell, "-y"]).ok();
            home.run(UNINSTALL).ok();
            assert_same_tree(&before, &home.tree().without_state());
        }
    }
}

#[test]
fn what_apply_created_is_gone() {
    let mut home = Home::with_go();
    let folder = home.path("config/deep/zsh");
    home.env("ZDOTDIR", folder);
    let before = home.tree();
    home.run(APPLY).ok();
    assert!(home.read("config/deep/zsh/.zshrc").is_some() && home.read("config/deep/zsh/.zprofile").is_some());
    home.run(UNINSTALL).ok();
    assert_same_tree(&before, &home.tree().without_state());
    assert!(!home.path("config").exists());
}

#[test]
fn a_folder_in_which_something_else_stands_stays() {
    let mut home = Home::with_go();
    let folder = home.path("config/deep/zsh");
    home.env("ZDOTDIR", folder);
    home.run(APPLY).ok();
    home.file("config/deep/mine", "");
    home.run(UNINSTALL).ok();
    assert!(home.path("config/deep/mine").exists());
    assert!(!home.path("config/deep/zsh").exists());
}

#[test]
fn lines_that_the_user_added_survive() {
    for (above, below) in [("", "mine\n"), ("mine\n", ""), ("mine\n", "more\n"), ("", "no newline")] {
        let home = Home::with_go();
        home.run(APPLY).ok();
        let block = home.read(".zshrc").expect("it was created");
        home.file(".zshrc", [above.as_bytes(), &block, below.as_bytes()].concat());
        home.run(UNINSTALL).ok().err_has("lines of your own");
        assert_eq!(home.read(".zshrc"), Some(format!("{above}{below}").into_bytes()));
        assert_eq!(home.read(".zprofile"), None);
    }
}

#[test]
fn a_created_file_that_became_a_link_is_not_deleted() {
    let home = Home::with_go();
    home.run(APPLY).ok();
    home.dir("dots");
    fs_err::rename(home.path(".zshrc"), home.path("dots/zshrc")).expect("it is there");
    home.link(".zshrc", "dots/zshrc");
    home.run(UNINSTALL).ok();
    assert!(home.path(".zshrc").is_symlink());
    assert_eq!(home.read("dots/zshrc").as_deref(), Some(&b""[..]));
}

#[test]
fn a_shared_file_is_named_with_who_else_reads_it() {
    let home = Home::with_go();
    home.file(".profile", "A=1\n").file(".bashrc", "B=1\n");
    let before = home.tree();
    home.run(&["apply", "--shell", "bash", "--shell", "sh", "-y"]).ok();
    home.run(&["uninstall", "--shell", "bash", "-y"]).ok().err_has("`~/.profile` is read by sh and ksh93 and mksh too");
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn one_shell_leaves_the_files_of_another() {
    let home = Home::with_go();
    home.file(".bashrc", "B=1\n");
    home.run(&["apply", "--shell", "bash", "-y"]).ok();
    let bash = home.read(".bashrc");
    home.run(APPLY).ok();
    home.run(&["uninstall", "--shell", "zsh", "-y"]).ok();
    assert_eq!((home.read(".zshrc"), home.read(".zprofile")), (None, None));
    assert_eq!(home.read(".bashrc"), bash);
}

#[test]
fn purge_leaves_nothing_at_all() {
    let home = Home::with_go();
    home.file(".zshrc", "one\n");
    let before = home.tree();
    home.run(APPLY).ok();
    home.run(UNINSTALL).ok();
    assert!(!before.differences(&home.tree()).is_empty(), "the backups are still there");
    home.run(&["uninstall", "--purge", "-y"]).ok();
    assert_same_tree(&before, &home.tree());
    home.run(APPLY).ok();
    home.run(&["uninstall", "--purge", "-y"]).ok().err_has("are gone");
    assert_same_tree(&before, &home.tree());
}

#[test]
fn purge_keeps_the_backups_while_a_block_is_left() {
    let home = Home::with_go();
    home.run(APPLY).ok();
    home.mode(".zshrc", 0o444);
    home.run(&["uninstall", "--purge", "-y"]).code(1);
    assert!(home.path(if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/state" }).exists());
}
