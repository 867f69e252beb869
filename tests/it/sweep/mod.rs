//! Breaking the program at every system call that changes a file, on the real binary, by strace.
//!
//! The figures that are printed are points: one command, one home, one call of it that was disturbed.

#![cfg(target_os = "linux")]

mod cases;
mod disks;
mod errors;
mod kill;
mod order;
mod signals;
mod strace;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cases::{Case, Stage, Which};
use strace::Call;

use crate::support::say;

/// Whether everything is wanted, however long it takes.
#[expect(clippy::disallowed_methods, reason = "the number of runs comes from the environment")]
fn long() -> bool {
    std::env::var_os("GOENV_SETUP_LONG").is_some_and(|value| value == "1")
}

/// What came of a sweep.
#[derive(Default)]
struct Figures {
    /// How many points there were for each command, and how they ended.
    points: BTreeMap<(&'static str, String), usize>,
    /// What was lost, and anything else that must not be.
    lost: Vec<String>,
}

impl Figures {
    fn count(&self, which: Which) -> usize {
        let name = word(which);
        self.points.iter().filter(|((of, _), _)| *of == name).map(|(_, n)| n).sum()
    }

    fn ended(&self, how: &str) -> usize {
        self.points.iter().filter(|((_, ended), _)| ended == how).map(|(_, n)| n).sum()
    }

    fn all(&self) -> usize {
        self.points.values().sum()
    }

    /// Says the figures; fails if anything was lost or if there were not enough points.
    #[track_caller]
    fn tell(&self, name: &str, least: usize, rest: &str) {
        let [apply, uninstall, restore] =
            [Which::Apply, Which::Uninstall, Which::Restore].map(|which| self.count(which));
        say(&format!(
            "{name}: {} points (apply {apply}, uninstall {uninstall}, restore {restore}){rest}, {} lost",
            self.all(),
            self.lost.len()
        ));
        let first: Vec<_> = self.lost.iter().take(10).map(String::as_str).collect();
        assert!(first.is_empty(), "{} of {}; the first:\n{}", self.lost.len(), self.all(), first.join("\n\n"));
        assert!(self.all() >= least, "only {} points", self.all());
    }
}

fn word(which: Which) -> &'static str {
    match which {
        Which::Apply => "apply",
        Which::Uninstall => "uninstall",
        Which::Restore => "restore",
    }
}

/// Tries every point of every case, on all processors. `try_one` gets the number of the point in its case too, and says
/// how it ended; `Err` says what was lost.
fn sweep(cases: &[Case], try_one: impl Fn(&Stage, usize, &Call) -> Result<Option<String>, String> + Sync) -> Figures {
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let next = AtomicUsize::new(0);
    let figures = Mutex::new(Figures::default());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let stage = Stage::new(*case);
                    for (n, point) in stage.points.iter().enumerate() {
                        let result = try_one(&stage, n, point);
                        let mut figures = figures.lock().expect("no other worker has failed");
                        match result {
                            Ok(None) => {}
                            Ok(Some(ended)) => *figures.points.entry((word(case.which), ended)).or_default() += 1,
                            Err(what) => {
                                *figures.points.entry((word(case.which), "lost".into())).or_default() += 1;
                                figures.lost.push(format!("{}, {}: {what}", stage.word(), point.word()));
                            }
                        }
                    }
                }
            });
        }
    });
    figures.into_inner().expect("no worker has failed")
}

/// `Err` with this text if there is anything in the list.
fn none(list: &[impl std::fmt::Display], what: &str) -> Result<(), String> {
    if list.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> = list.iter().map(ToString::to_string).collect();
    Err(format!("{what}\n  {}", lines.join("\n  ")))
}

/// `Err` with this text if it is not so.
fn must(so: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if so { Ok(()) } else { Err(what()) }
}
