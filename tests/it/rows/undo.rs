//! Every byte back, for every shell: after each reach, after narrowing and widening it, own files and created folders
//! included; and an `apply` that has nothing to do touches nothing.

use super::homes::{self, Case};
use super::{SHELLS, Who, all_here, apply, home};
use crate::support::{Home, assert_same_tree, say};

const FULL: &[&str] = &["interactive", "all", "login", "all", "interactive", "login", "interactive"];
const SHORT: &[&str] = &["interactive", "all", "interactive"];

/// Applies with each reach, then takes everything back; gives how many runs there were.
#[track_caller]
fn there_and_back(home: &Home, shells: &[&str], reaches: &[&str], what: &str) -> usize {
    let before = home.tree();
    let mut runs = 0;
    // What stays in the state folder is looked at where every shell takes part.
    let ends = [&["uninstall", "--yes"][..], &["uninstall", "--purge", "--yes"]];
    for last in &ends[usize::from(shells.len() == 1)..] {
        for reach in reaches {
            apply(home, Who::Me, shells, &["--no-verify", "--reach", reach]).ok();
            let applied = home.tree();
            assert!(!before.clone().without_state().differences(&applied.clone().without_state()).is_empty(), "{what}");
            // Again: with all flags, and with the reach that the blocks remember.
            for more in [&["--reach", reach][..], &[]] {
                apply(home, Who::Me, shells, more).ok().err_has("nothing to do");
                home.unchanged(&applied);
            }
            runs += 3;
        }
        Who::Me.run(home, last).ok();
        if last.contains(&"--purge") {
            assert_same_tree(&before, &home.tree());
        } else {
            assert_same_tree(&before.clone().without_state(), &home.tree().without_state());
        }
        runs += 1;
    }
    runs
}

fn every_home(shells: &[&[&str]], reaches: &[&str]) {
    if !all_here() {
        return;
    }
    let mut runs = 0;
    for case in &homes::ALL {
        for shells in shells {
            let home = home(case, Who::Me);
            runs += there_and_back(&home, shells, reaches, &format!("{} {shells:?}", case.name));
        }
    }
    say(&format!("rows: every byte back: {} homes × {}, {runs} runs", homes::ALL.len(), shells.len()));
}

#[test]
fn all_shells_at_once_give_every_byte_back() {
    every_home(&[&SHELLS], FULL);
}

#[test]
fn zsh_bash_and_sh_give_every_byte_back() {
    every_home(&[&["zsh"], &["bash"], &["sh"]], SHORT);
}

#[test]
fn ksh93_mksh_and_yash_give_every_byte_back() {
    every_home(&[&["ksh93"], &["mksh"], &["yash"]], SHORT);
}

#[test]
fn fish_tcsh_and_csh_give_every_byte_back() {
    every_home(&[&["fish"], &["tcsh"], &["csh"]], SHORT);
}

/// Folders that were there stay, and files keep the rights that they had.
#[test]
fn what_was_there_keeps_its_rights() {
    if !all_here() {
        return;
    }
    let case = Case { name: "closed", build: |_| {} };
    let home = home(&case, Who::Me);
    home.dir(".config/fish/conf.d").mode(".config/fish", 0o700).mode(".config/fish/conf.d", 0o700);
    for (number, name) in [".zshrc", ".bashrc", ".profile", ".mkshrc", ".tcshrc", ".yashrc"].into_iter().enumerate() {
        home.file(name, "# mine").mode(name, [0o600, 0o640, 0o755][number % 3]);
    }
    there_and_back(&home, &SHELLS, SHORT, "closed");
}
