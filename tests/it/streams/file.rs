//! `--file`: the block into a file that the user chose.

use std::ffi::OsString;

use super::UNINSTALL;
use crate::support::{Home, assert_same_tree};

const APPLY: &[&str] = &["apply", "--shell", "zsh", "-y", "--file"];

fn holds(home: &Home, file: &str) -> bool {
    let bytes = home.read(file).unwrap_or_default();
    bytes.windows(21).any(|window| window == b"# >>> goenv-setup >>>")
}

fn home() -> Home {
    let home = Home::with_go();
    home.file(".zshrc", "one=1\n").file("zsh/go.zsh", "two=2\n");
    home
}

#[test]
fn the_file_and_no_other_gets_the_block() {
    for relative in [true, false] {
        let home = home();
        let before = home.tree();
        let file = if relative { "zsh/go.zsh".into() } else { home.path("zsh/go.zsh").into_os_string() };
        home.run(&[APPLY, &[file.to_str().expect("text")]].concat()).ok();
        assert!(holds(&home, "zsh/go.zsh") && !holds(&home, ".zshrc") && home.read(".zprofile").is_none());
        stays_and_goes(&home);
        assert_same_tree(&before, &home.tree().without_state());
    }
}

/// A bare `apply` and `status` find the block where `--file` put it; `uninstall` takes it out.
#[track_caller]
fn stays_and_goes(home: &Home) {
    let before = home.tree();
    home.run(&["apply", "--shell", "zsh", "-y"]).ok().err_has("nothing to do");
    home.run(&["apply", "--shell", "zsh", "--check"]).ok();
    home.unchanged(&before);
    home.run(UNINSTALL).ok();
}

#[test]
fn a_file_that_is_not_there_is_created() {
    let home = home();
    let before = home.tree();
    home.run(&[APPLY, &["new/folder/go.zsh"]].concat()).ok();
    assert!(holds(&home, "new/folder/go.zsh"));
    stays_and_goes(&home);
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn a_file_outside_of_home_however_it_is_spelled() {
    let plain = |home: &Home| home.path("").with_file_name("tmp").join("go.zsh").into_os_string();
    for spelling in
        [plain, |home: &Home| home.path("../tmp/go.zsh").into_os_string(), |_: &Home| OsString::from("../tmp/go.zsh")]
    {
        let home = home();
        let before = home.tree();
        let outside = spelling(&home);
        fs_err::write(plain(&home), "mine=1\n").expect("a new file");
        home.run(&[APPLY, &[outside.to_str().expect("text")]].concat()).ok();
        assert!(holds(&home, "../tmp/go.zsh") && !holds(&home, ".zshrc"));
        stays_and_goes(&home);
        assert_eq!(home.read("../tmp/go.zsh").as_deref(), Some(&b"mine=1\n"[..]));
        assert_same_tree(&before, &home.tree().without_state());
    }
}

#[test]
fn two_files_and_the_same_twice() {
    let home = home();
    let before = home.tree();
    home.run(&[APPLY, &["zsh/go.zsh", "--file", "zsh/./go.zsh", "--file", "other.zsh"]].concat()).ok();
    assert!(holds(&home, "zsh/go.zsh") && holds(&home, "other.zsh"));
    let text = String::from_utf8(home.read("zsh/go.zsh").expect("it is there")).expect("text");
    assert_eq!(text.matches("# >>> goenv-setup >>>").count(), 1);
    stays_and_goes(&home);
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn the_block_moves_to_the_file() {
    let home = home();
    let before = home.tree();
    home.run(&["apply", "--shell", "zsh", "-y"]).ok();
    home.run(&[APPLY, &["zsh/go.zsh"]].concat()).ok();
    assert!(holds(&home, "zsh/go.zsh") && !holds(&home, ".zshrc") && home.read(".zprofile").is_none());
    stays_and_goes(&home);
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn a_file_with_a_new_setting_stays_the_only_one() {
    let home = home();
    home.run(&[APPLY, &["zsh/go.zsh"]].concat()).ok();
    home.run(&["apply", "--shell", "zsh", "-y", "--gopath", "/new"]).ok();
    assert!(holds(&home, "zsh/go.zsh") && !holds(&home, ".zshrc") && home.read(".zprofile").is_none());
    let text = String::from_utf8(home.read("zsh/go.zsh").expect("it is there")).expect("text");
    assert!(text.contains("/new"), "{text}");
}

#[test]
fn a_file_that_cannot_be_one() {
    let home = home();
    home.dir("folder");
    let before = home.tree();
    home.run(&[APPLY, &["folder"]].concat()).code(3).err_has("cannot change `~/folder`: it is a folder");
    home.run(&[APPLY, &["zsh/go.zsh/below"]].concat()).code(3).err_has("is not a folder");
    home.run(&[APPLY, &[""]].concat());
    home.unchanged(&before);
}
