//! The diff is a real patch: `patch -p1` and `git apply` make of the files exactly what `--yes` makes of them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::support::{Home, Ran, Tree, assert_same_tree, need};

/// A path in the folder that the home is in.
fn beside(home: &Home, name: &str) -> PathBuf {
    home.path("").with_file_name("").join(name)
}

/// Does with GNU patch and with git, in the folder `at`, what the dry run of `args` printed, each on the same files;
/// then runs `args` for real, and compares what became of these folders.
#[track_caller]
fn same_three_ways(home: &Home, folders: &[&Path], at: &Path, args: &[&str]) {
    if !need("patch") || !need("git") {
        return;
    }
    let patch = home.run(&[args, &["--dry-run"]].concat()).ok().stdout;
    assert!(patch.starts_with(b"--- "), "no patch");
    let file = beside(home, "tmp/patch");
    fs_err::write(&file, &patch).expect("a new file");
    let run = |program: &str, args: &[&OsStr]| Ran::of(home.command(program, args).current_dir("/")).ok();
    let copies: Vec<_> = (0..folders.len()).map(|number| beside(home, &format!("tmp/copy-{number}"))).collect();
    let copy = |from: &Path, to: &Path| {
        run("rm", &["-rf".as_ref(), to.as_ref()]);
        run("cp", &["-a".as_ref(), from.as_ref(), to.as_ref()]);
    };
    let trees = || folders.iter().map(|folder| Tree::of(folder).without_state()).collect::<Vec<_>>();
    folders.iter().zip(&copies).for_each(|(folder, to)| copy(folder, to));
    let back = || folders.iter().zip(&copies).for_each(|(folder, from)| copy(from, folder));

    let at = at.as_os_str();
    let words = ["-s", "--batch", "-p1", "-d"].map(OsStr::new);
    run("patch", &[&words[..], &[at, "-i".as_ref(), file.as_ref()]].concat());
    let by_patch = trees();
    back();
    let mut git = home.command("git", &["apply".as_ref(), file.as_os_str()]);
    git.current_dir(at).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CEILING_DIRECTORIES", at);
    Ran::of(&git).ok();
    let by_git = trees();
    back();
    home.run(&[args, &["-y"]].concat()).ok();
    for (tool, trees_of_tool) in [("patch", by_patch), ("git apply", by_git)] {
        for (real, tree) in trees().iter().zip(&trees_of_tool) {
            let differences = real.differences(tree);
            assert!(differences.is_empty(), "{tool} made something else:\n{}", differences.join("\n"));
        }
    }
}

/// The same for a home that is a folder, first for `apply`, then for `uninstall`, after which all is as it was.
#[track_caller]
fn there_and_back(home: &Home) {
    let folder = home.path("");
    let before = home.tree();
    same_three_ways(home, &[&folder], &folder, &["apply", "--shell", "zsh"]);
    same_three_ways(home, &[&folder], &folder, &["uninstall"]);
    assert_same_tree(&before.without_state(), &home.tree().without_state());
}

#[test]
fn files_of_every_kind() {
    let contents: [&[u8]; 9] = [
        b"one\n",
        b"",
        b"no final newline",
        b"one\r\ntwo\r\n",
        b"invalid \xff\xfe\n\xc3",
        b"a lone \r in the line\nand at the end\r",
        b"nul \0 byte\n",
        b"\n",
        b"1\n2\n3\n4\n5\n6\n7\nreturn 0\n9\n10\n11\n12\n13\n",
    ];
    for bytes in contents {
        let home = Home::with_go();
        home.file(".zprofile", bytes).file(".zshrc", bytes);
        there_and_back(&home);
    }
}

#[test]
fn new_files() {
    there_and_back(&Home::with_go());
}

#[test]
fn names_with_blanks_and_quotes() {
    for name in ["my zsh", "tab\tand \"quote\" and back\\slash", "a/b c"] {
        let mut home = Home::with_go();
        let folder = home.path(name);
        home.env("ZDOTDIR", folder);
        home.file(format!("{name}/.zshrc"), "one\n").file(format!("{name}/mine"), "");
        there_and_back(&home);
    }
    let mut home = Home::with_go();
    let name = OsStr::from_bytes(b"\xff\xfe");
    let folder = home.path(name);
    home.env("ZDOTDIR", folder);
    home.file(Path::new(name).join(".zshrc"), "one\n").file(Path::new(name).join("mine"), "");
    there_and_back(&home);
}

#[test]
fn new_folders() {
    let mut home = Home::with_go();
    let folder = home.path("a/b/zsh");
    home.env("ZDOTDIR", folder);
    there_and_back(&home);
}

#[test]
fn linked_files() {
    let home = Home::with_go();
    home.file("dots/zshrc", "one\n").link(".zshrc", "dots/zshrc").link(".zprofile", "dots/zprofile");
    home.file("dots/zprofile", "two");
    there_and_back(&home);
}

#[test]
fn a_home_that_is_a_link() {
    let mut home = Home::with_go();
    home.file(".zshrc", "one\n");
    let (folder, link) = (home.path(""), beside(&home, "linked"));
    fs_err::os::unix::fs::symlink("home", &link).expect("a new link");
    home.env("HOME", link.clone());
    let before = home.tree();
    let patch = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    patch.out_has("--- a/.zshrc\n");
    same_three_ways(&home, &[&folder], &link, &["apply", "--shell", "zsh"]);
    same_three_ways(&home, &[&folder], &link, &["uninstall"]);
    assert_same_tree(&before.without_state(), &home.tree().without_state());
}

#[test]
fn a_file_outside_of_home() {
    let home = Home::with_go();
    let outside = beside(&home, "outside");
    fs_err::create_dir(&outside).expect("a new folder");
    fs_err::write(outside.join("zshrc"), "one\n").expect("a new file");
    home.link(".zshrc", outside.join("zshrc"));
    let header = format!("--- a{0}/zshrc\n+++ b{0}/zshrc\n", outside.display());
    let ran = home.run(&["apply", "--shell", "zsh", "--dry-run", "-v"]).ok().out_has(&header);
    ran.out_has(&format!("+++ b{}/.zprofile\n", home.path("").display())).err_has("`patch -p1 -d /`");

    let (before, home_before) = (Tree::of(&outside), home.tree());
    for args in [&["apply", "--shell", "zsh"][..], &["uninstall"]] {
        same_three_ways(&home, &[&home.path(""), &outside], Path::new("/"), args);
    }
    assert_same_tree(&before, &Tree::of(&outside));
    assert_same_tree(&home_before.without_state(), &home.tree().without_state());
}
