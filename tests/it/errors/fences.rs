//! A fence that is damaged, newer, or around lines that somebody changed, and a block that cannot be taken out.

use super::{APPLY, UNINSTALL, one_error, refused};
use crate::support::{Home, assert_same_tree, need};

const BEGIN: &str = "# >>> goenv-setup >>> v1 sum=00000000\n";
const END: &str = "# <<< goenv-setup <<<\n";

fn home(zshrc: &str) -> Home {
    let home = Home::with_go();
    home.file(".zshrc", zshrc);
    home
}

#[test]
fn a_damaged_fence_is_named_with_its_lines() {
    let cases = [
        ("only begin", format!("one\n{BEGIN}two\n"), "line 2:"),
        ("only end", format!("one\ntwo\n{END}"), "line 3:"),
        ("two begins", format!("{BEGIN}one\n{BEGIN}two\n{END}"), "line 1:"),
        ("two begins, no end", format!("{BEGIN}one\n{BEGIN}two\n"), "line 1, 3:"),
        ("end before begin", format!("{END}one\n{BEGIN}two\n"), "line 1, 3:"),
        ("no checksum", format!("one\n# >>> goenv-setup >>> v1\ntwo\n{END}"), "line 2:"),
    ];
    for (name, zshrc, lines) in cases {
        for args in [APPLY, UNINSTALL] {
            let said = ["cannot change `~/.zshrc`: ", "damaged", lines, "$HOME/.zshrc"];
            let ran = refused(&home(&zshrc), args, 3, &said);
            assert!(ran.stdout.is_empty(), "{name}: a diff of what is refused\n{ran}");
        }
    }
}

#[test]
fn a_newer_fence_is_left_to_the_newer_program() {
    for begin in ["v2 sum=00000000", "v1 sum=00000000 shiny", "v1 sum=00000000 new=1 shiny=2", "v17"] {
        let zshrc = format!("one\n# >>> goenv-setup >>> {begin}\ntwo\n{END}");
        for args in [APPLY, UNINSTALL] {
            refused(&home(&zshrc), args, 3, &["cannot change `~/.zshrc`: ", "line 2", "newer goenv-setup", "update"]);
        }
    }
}

#[test]
fn one_refused_file_stops_apply_for_all() {
    let home = home(&format!("one\n{BEGIN}two\n"));
    home.file(".zprofile", "export A=1\n");
    refused(&home, APPLY, 3, &["`~/.zshrc`"]);
    refused(&home, &["apply", "--shell", "zsh", "--dry-run"], 3, &["`~/.zshrc`"]);
    refused(&home, &["apply", "--shell", "zsh", "--check"], 3, &["`~/.zshrc`"]);
}

/// A home whose block in `.zshrc` was changed by hand; and what `.zshrc` was before.
fn edited() -> (Home, Vec<u8>) {
    let home = home("one\n");
    home.run(APPLY).ok();
    let good = home.read(".zshrc").expect("it is there");
    home.file(".zshrc", String::from_utf8(good.clone()).expect("text").replace("unset _go\n", "unset _go\n: mine\n"));
    (home, good)
}

#[test]
fn a_block_edited_by_hand_is_not_overwritten_unasked() {
    for args in [APPLY, UNINSTALL] {
        let (home, _) = edited();
        let said = ["cannot change `~/.zshrc`: ", "edited by hand", "--yes --force`"];
        let ran = refused(&home, args, 3, &said);
        ran.out_has(": mine").err_has("warning: ");
    }
}

#[test]
fn force_overwrites_a_block_edited_by_hand() {
    let (home, good) = edited();
    home.run(&[APPLY, &["--force"]].concat()).ok().err_has("edited by hand");
    assert_eq!(home.read(".zshrc"), Some(good));

    let (home, _) = edited();
    home.run(&[UNINSTALL, &["--force"]].concat()).ok();
    assert_eq!(home.read(".zshrc").as_deref(), Some(&b"one\n"[..]));
    assert_eq!(home.read(".zprofile"), None);
}

#[test]
fn force_alone_still_asks() {
    let (home, _) = edited();
    refused(&home, &["apply", "--shell", "zsh", "--force"], 2, &["cannot ask for confirmation"]);
    refused(&home, &["uninstall", "--force"], 2, &["cannot ask for confirmation"]);
}

#[test]
fn force_means_nothing_else() {
    let damaged = home(&format!("one\n{BEGIN}two\n"));
    refused(&damaged, &[APPLY, &["--force"]].concat(), 3, &["damaged"]);
    refused(&damaged, &[UNINSTALL, &["--force"]].concat(), 3, &["damaged"]);
    let read_only = home("one\n");
    read_only.mode(".zshrc", 0o444);
    refused(&read_only, &[APPLY, &["--force"]].concat(), 3, &["read-only"]);
}

/// Lines above and below the block of `shell` that need something between them: an empty `if` is fine with zsh alone.
fn around(shell: &str) -> (&'static str, &'static str) {
    if shell == "zsh" { ("{ true |\n", "}\n") } else { ("if true; then\n", "fi\n") }
}

/// Puts the block of `file` between them.
fn wrap(home: &Home, shell: &str, file: &str) {
    let text = String::from_utf8(home.read(file).expect("it is there")).expect("text");
    let begin = text.find("# >>>").expect("a block");
    let (above, below) = around(shell);
    home.file(file, format!("{}{above}{}{below}", &text[..begin], &text[begin..]));
}

#[test]
fn a_block_whose_removal_breaks_the_file_stays() {
    for (shell, file) in [("zsh", ".zshrc"), ("bash", ".bashrc"), ("sh", ".profile")] {
        if !need(shell) {
            continue;
        }
        let home = Home::with_go();
        home.file(file, "one=1\n");
        let before = home.tree();
        home.run(&["apply", "--shell", shell, "-y"]).ok();
        for other in [".zprofile", ".profile", ".bashrc"].iter().filter(|other| **other != file) {
            if home.path(other).exists() {
                fs_err::remove_file(home.path(other)).expect("it was just written");
            }
        }
        let good = home.read(file).expect("it is there");
        wrap(&home, shell, file);
        let name = format!("`~/{file}`");
        let words = if shell == "zsh" { "parse error near" } else { "unexpected" };
        refused(&home, UNINSTALL, 3, &["cannot change ", &name, shell, words]);
        home.file(file, good);
        home.run(UNINSTALL).ok();
        assert_same_tree(&before, &home.tree().without_state());
    }
}

#[test]
fn healthy_files_are_cleaned_beside_one_that_must_stay() {
    if !need("zsh") {
        return;
    }
    let breaks: [fn(&Home); 3] = [
        |home| wrap(home, "zsh", ".zshrc"),
        |home| {
            home.file(".zshrc", format!("one\n{BEGIN}two\n"));
        },
        |home| {
            home.file(".zshrc", format!("one\n# >>> goenv-setup >>> v2\n{END}"));
        },
    ];
    for damage in breaks {
        let home = home("one=1\n");
        home.file(".zprofile", "export A=1\n");
        home.run(APPLY).ok();
        damage(&home);
        let damaged = home.read(".zshrc");
        let ran = home.run(UNINSTALL).code(1);
        one_error(&ran, &["cannot change `~/.zshrc`: "]);
        assert_eq!(home.read(".zprofile").as_deref(), Some(&b"export A=1\n"[..]));
        assert_eq!(home.read(".zshrc"), damaged);
        refused(&home, UNINSTALL, 3, &["cannot change `~/.zshrc`: "]);
    }
}
