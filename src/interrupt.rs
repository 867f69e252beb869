//! ^C, SIGTERM and SIGHUP while files are changed or shells are started: noted, and acted upon between two steps, so that
//! everything is put back, and nothing that we started is left running, before the program ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Notes signals for as long as it lives.
pub(crate) struct Interrupts {
    noted: Arc<AtomicBool>,
    handlers: Vec<SigId>,
}

impl Interrupts {
    /// From now on, signals are noted. One that cannot be caught keeps its old effect, which recovery can deal with.
    pub(crate) fn catch() -> Self {
        let noted = Arc::new(AtomicBool::new(false));
        let catch = |signal| signal_hook::flag::register(signal, Arc::clone(&noted)).ok();
        let handlers =
            [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !ignored(*signal)).filter_map(catch).collect();
        Self { noted, handlers }
    }

    /// What says whether one came, for another thread to look at.
    pub(crate) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.noted)
    }

    /// Whether one came.
    pub(crate) fn came(&self) -> bool {
        self.noted.load(Ordering::Relaxed)
    }
}

/// Whether whoever started us had this signal ignored (nohup does): then it is no wish to stop. Only Linux tells.
fn ignored(signal: i32) -> bool {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        for handler in self.handlers.drain(..) {
            signal_hook::low_level::unregister(handler);
        }
    }
}
