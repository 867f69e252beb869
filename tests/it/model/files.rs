//! Which of a shell's files are there decides which it reads: every combination of them.

use std::ffi::OsString;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use goenv_setup::facts::Env;
use goenv_setup::shells::Dialect;

use super::{cases, try_each};
use crate::support::need;

/// Up to so many files, every combination of them is tried; above it, all, none, each alone and all but each.
const COMBINED: usize = 4;

#[test]
fn each_combination_of_files_in_each_launch_mode() {
    try_each("combinations of files", |trial| {
        let places = cases::facts(&trial.stage, &Env::default());
        let files = trial.shell.files(&places);
        for there in combinations(files.len()) {
            let mut names = Vec::new();
            for (file, there) in files.iter().zip(there) {
                if there {
                    trial.stage.put(file);
                    names.push(file);
                } else {
                    trial.stage.take(file);
                }
            }
            trial.each_start_in(&format!("of its own there are {names:?}"), &[], &places);
        }
    });
}

fn combinations(count: usize) -> Vec<Vec<bool>> {
    if count <= COMBINED {
        let bits = |number: usize| (0..count).map(|bit| number >> bit & 1 == 1).collect();
        return (0..1 << count).map(bits).collect();
    }
    let but = |one: usize, there: bool| (0..count).map(|bit| (bit == one) == there).collect();
    [vec![false; count], vec![true; count]]
        .into_iter()
        .chain((0..count).flat_map(|one| [but(one, true), but(one, false)]))
        .collect()
}

/// A file that is no file, or nothing that can be read, may win all the same; whatever the shell.
#[test]
fn a_file_in_an_odd_form() {
    // Root without capabilities cannot read what its owner may not read.
    let without_power: Option<Vec<OsString>> = if cfg!(target_os = "linux") {
        need("setpriv").then(|| ["setpriv", "--bounding-set=-all", "--inh-caps=-all"].map(OsString::from).to_vec())
    } else {
        (!rustix::process::geteuid().is_root()).then(Vec::new)
    };
    try_each("odd forms of files", |trial| {
        let places = cases::facts(&trial.stage, &Env::default());
        let files: Vec<PathBuf> = trial.shell.files(&places);
        for file in &files {
            let staged = |what: &str| format!("{} is {what}", file.display());
            trial.stage.take(file);
            fs_err::write(file, "").expect("a new file");
            trial.each_start_in(&staged("empty"), &[], &places);

            trial.stage.take(file);
            fs_err::create_dir(file).expect("a new folder");
            trial.each_start_in(&staged("a folder"), &[], &places);

            trial.stage.take(file);
            fs_err::os::unix::fs::symlink("/nonexistent/file", file).expect("a new link");
            trial.each_start_in(&staged("a link to nothing"), &[], &places);

            trial.stage.take(file);
            trial.stage.put(file);
            if let Some(leader) = &without_power {
                fs_err::set_permissions(file, Permissions::from_mode(0o000)).expect("our file");
                trial.stage.leader.clone_from(leader);
                // tcsh takes a file that it cannot read for none. The model does not know what can be read: the program
                // has nothing to do with such a file but to refuse it, with the reason.
                let hides = trial.shell.dialect() != Dialect::Csh;
                trial.each_start(&staged("unreadable"), &[], |trial, program, mode| {
                    trial.stage.told_as(trial.shell, program, mode, &places, |path| hides || path != file)
                });
                trial.stage.leader.clear();
                fs_err::set_permissions(file, Permissions::from_mode(0o644)).expect("our file");
            }
        }
    });
}
