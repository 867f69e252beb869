//! Runs the `go` that terminals find while the other shells still start, and any other that a promised start finds.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;

use crate::interrupt::Interrupts;
use crate::plan::doctor::scene::Observed;
use crate::probe::gocommand::{self, Ran};
use crate::probe::report::Seen;

/// Runs that are on their way.
pub(super) struct Running {
    interrupts: Interrupts,
    on_the_way: Vec<(PathBuf, JoinHandle<Ran>)>,
}

impl Running {
    /// Nothing runs yet.
    pub(super) fn new() -> Self {
        Self { interrupts: Interrupts::catch(), on_the_way: Vec::new() }
    }

    /// What says whether the user broke off.
    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        self.interrupts.flag()
    }

    /// A terminal has told what it sees: the `go` that it finds is run, if it was not yet.
    pub(super) fn terminal(&mut self, seen: &Seen) {
        self.begin(seen, true);
    }

    fn begin(&mut self, seen: &Seen, with_environment: bool) {
        let Some(go) = &seen.go else { return };
        // One file may be many commands, by the name under which it is called (snap, mise).
        if !go.is_absolute() || self.on_the_way.iter().any(|(known, _)| known == go) {
            return;
        }
        let (go, variables, stop) = (go.clone(), seen.variables.clone(), self.interrupts.flag());
        let name = go.clone();
        let run = std::thread::spawn(move || gocommand::ask(&go, &variables, with_environment, &stop));
        self.on_the_way.push((name, run));
    }

    /// What came of all of them; `None`: the user broke off since this was made.
    pub(super) fn finish(mut self, starts: &[Observed]) -> Option<Vec<Ran>> {
        for start in starts.iter().filter(|start| start.row.promised) {
            if let Some(seen) = start.seen() {
                self.begin(seen, false);
            }
        }
        let ran = self.on_the_way.into_iter().filter_map(|(_, run)| run.join().ok()).collect();
        (!self.interrupts.came()).then_some(ran)
    }
}
