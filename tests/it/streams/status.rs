//! `status`: a word and an exit code for each state of a file.

use goenv_setup::text::fence;

use super::APPLY;
use crate::support::Home;

/// Runs `status` with zsh as the user's shell, whatever else stands above the tests; it must touch nothing.
#[track_caller]
fn status(home: &Home, code: i32, rows: &[(&str, &str)]) {
    let before = home.tree();
    let ran = home.typed_in("zsh", "\"$GOENV_SETUP\" status").code(code);
    home.unchanged(&before);
    let table = String::from_utf8(ran.stdout.clone()).expect("text");
    for (file, state) in rows {
        let row = table.lines().find(|line| line.split_whitespace().next() == Some(file));
        let row = row.unwrap_or_else(|| panic!("no row for {file}\n{ran}"));
        let words = row[file.len()..].trim();
        let words = words.split_once(" (line").map_or(words, |(words, _)| words);
        assert_eq!(words, *state, "{file}\n{ran}");
    }
    let lines: Vec<_> = table.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), rows.len(), "{ran}");
}

fn home() -> Home {
    let home = Home::with_go();
    home.file(".zshrc", "one=1\n");
    home
}

fn applied() -> (Home, String) {
    let home = home();
    home.run(APPLY).ok();
    let zshrc = String::from_utf8(home.read(".zshrc").expect("it is there")).expect("text");
    (home, zshrc)
}

#[test]
fn absent_and_in_place() {
    status(&home(), 1, &[("~/.zprofile", "absent"), ("~/.zshrc", "absent")]);
    let (home, _) = applied();
    status(&home, 0, &[("~/.zprofile", "in place"), ("~/.zshrc", "in place")]);
    fs_err::remove_file(home.path(".zprofile")).expect("it is there");
    status(&home, 1, &[("~/.zprofile", "absent"), ("~/.zshrc", "in place")]);
}

#[test]
fn settings_of_the_block_need_no_flags() {
    let home = home();
    home.run(&[APPLY, &["--gopath", "/x", "--no-goroot"]].concat()).ok();
    status(&home, 0, &[("~/.zprofile", "in place"), ("~/.zshrc", "in place")]);
}

#[test]
fn outdated() {
    let (home, zshrc) = applied();
    let fence::FenceState::Blocks(blocks) = fence::find(zshrc.as_bytes(), b"#") else { panic!("no block: {zshrc}") };
    // The body of an earlier version, with its right checksum.
    let body = zshrc[blocks[0].body.clone()].replace("  export PATH\n", "  export PATH # as it was\n");
    home.file(".zshrc", fence::put(b"one=1\n", 6, b"#", body.as_bytes(), 0));
    status(&home, 1, &[("~/.zprofile", "in place"), ("~/.zshrc", "outdated")]);
    home.run(APPLY).ok().err_has("updated the block in ~/.zshrc");
    assert_eq!(home.read(".zshrc"), Some(zshrc.into_bytes()));
}

#[test]
fn edited_doubled_newer_and_damaged() {
    let (home, zshrc) = applied();
    let cases = [
        (zshrc.replace("unset _go\n", "unset _go # mine\n"), "edited by hand"),
        (format!("{zshrc}{}", &zshrc["one=1\n".len()..]), "doubled"),
        (zshrc.replace(">>> v1", ">>> v2"), "newer"),
        (zshrc.replace("# <<< goenv-setup <<<\n", ""), "damaged"),
    ];
    for (content, state) in cases {
        home.file(".zshrc", content);
        status(&home, 1, &[("~/.zprofile", "in place"), ("~/.zshrc", state)]);
    }
    home.file(".zshrc", zshrc.replace('\n', "\r\n"));
    status(&home, 1, &[("~/.zprofile", "in place"), ("~/.zshrc", "outdated")]);
}

#[test]
fn a_file_that_cannot_be_read() {
    let (home, _) = applied();
    home.mode(".zshrc", 0o000);
    status(&home, 1, &[("~/.zprofile", "in place"), ("~/.zshrc", "unreadable")]);
}

#[test]
fn files_of_other_shells_that_hold_the_fence() {
    let (home, _) = applied();
    home.file(".bashrc", "B=1\n").file(".profile", "A=1\n");
    home.run(&["apply", "--shell", "bash", "-y"]).ok();
    let rows = [("~/.zprofile", "in place"), ("~/.zshrc", "in place"), ("~/.profile", "in place")];
    status(&home, 0, &[&rows[..], &[("~/.bashrc", "in place")]].concat());
    home.file(".bashrc", "# >>> goenv-setup >>> v9\n# <<< goenv-setup <<<\n");
    status(&home, 1, &[&rows[..], &[("~/.bashrc", "newer")]].concat());
}
