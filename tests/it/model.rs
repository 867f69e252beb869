//! The model of `src/shells` against real shells: every program of every shell, in every launch mode, reads exactly the
//! files that the model says, in that order.
//!
//! Nothing here names a shell where it need not: a new one in the registry is compared the moment it is there.

mod cases;
mod files;
mod stage;
mod targets;

use std::path::PathBuf;
use std::thread;

use goenv_setup::shells::{self, LaunchMode, Places, Program, Shell};

use crate::support::{cannot, find, need, say};
use stage::Stage;

/// What came out of the comparisons with one shell.
#[derive(Default)]
struct Tally {
    starts: usize,
    wrong: Vec<String>,
}

/// One shell on a stage of its own.
struct Trial {
    shell: &'static dyn Shell,
    stage: Stage,
    tally: Tally,
}

impl Trial {
    /// Starts each installed program of the shell in each launch mode, with some variables set or unset, and compares
    /// what it reads with what was `told`.
    fn each_start(
        &mut self,
        what: &str,
        env: &[(&str, Option<&str>)],
        told: impl Fn(&Self, &Program, LaunchMode) -> Vec<PathBuf>,
    ) {
        for (program, mode) in stage::starts(self.shell).filter(|(program, _)| find(program.file).is_some()) {
            let told = told(self, program, mode);
            self.compare(what, program, mode, env, &told);
        }
    }

    /// The same, where the model is asked with these places.
    fn each_start_in(&mut self, what: &str, env: &[(&str, Option<&str>)], places: &Places) {
        self.each_start(what, env, |trial, program, mode| trial.stage.told(trial.shell, program, mode, places));
    }

    fn compare(
        &mut self,
        what: &str,
        program: &Program,
        mode: LaunchMode,
        env: &[(&str, Option<&str>)],
        told: &[PathBuf],
    ) {
        let read = self.stage.read(self.shell, program, mode, env);
        self.tally.starts += 1;
        if read != told {
            let label = program.label;
            self.tally
                .wrong
                .push(format!("{label} {}, {what}\n  the model: {told:?}\n  the shell: {read:?}", mode.name()));
        }
    }
}

/// Tries each shell of the registry, each on a stage of its own, and says how many starts were compared.
#[track_caller]
fn try_each(name: &str, trial: impl Fn(&mut Trial) + Sync) {
    try_those(name, |_| true, trial);
}

/// The same with those that are `wanted`.
#[track_caller]
fn try_those(name: &str, wanted: impl Fn(&dyn Shell) -> bool, trial: impl Fn(&mut Trial) + Sync) {
    let shells: Vec<_> = shells::ALL.iter().copied().filter(|shell| wanted(*shell)).collect();
    let mut programs: Vec<_> = shells.iter().flat_map(|shell| shell.programs()).map(|program| program.file).collect();
    programs.sort_unstable();
    programs.dedup();
    // Counted here, where the thread has the name of the test. Beyond Debian, not every second program can be had.
    let first = |file: &str| shells.iter().any(|shell| shell.programs()[0].file == file);
    programs.retain(|file| if cfg!(target_os = "linux") || first(file) { need(file) } else { find(file).is_some() });
    let (sees_etc, tallies) = thread::scope(|scope| {
        let threads: Vec<_> = shells
            .into_iter()
            .map(|shell| {
                scope.spawn(|| {
                    let mut one = Trial { shell, stage: Stage::new(), tally: Tally::default() };
                    trial(&mut one);
                    (one.stage.has_etc(), one.tally)
                })
            })
            .collect();
        let done: Vec<_> = threads.into_iter().map(|thread| thread.join().expect("the trial went through")).collect();
        let (sees_etc, tallies): (Vec<_>, Vec<_>) = done.into_iter().unzip();
        (sees_etc.into_iter().all(|sees| sees), tallies)
    });
    if !sees_etc && cfg!(target_os = "linux") {
        cannot("a private mount namespace over /etc (root, or CAP_SYS_ADMIN): only the user's files were compared");
    }
    let starts: usize = tallies.iter().map(|tally| tally.starts).sum();
    let wrong: Vec<_> = tallies.into_iter().flat_map(|tally| tally.wrong).collect();
    assert!(wrong.is_empty(), "{} of {starts} starts read other files\n{}", wrong.len(), wrong.join("\n"));
    assert!(starts > 0 || programs.is_empty() || !sees_etc, "nothing was compared");
    say(&format!("model: {name}: {starts} starts compared"));
}
