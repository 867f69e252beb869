//! The hermetic test environment.
//!
//! Invariants: a test sees a home of its own and an environment written from scratch, never those of whoever runs it;
//! every program runs without a terminal, with a time limit, and what it started goes with it; a tool that is missing
//! is reported and counted, and fails the run where `GOENV_SETUP_TEST_ALL=1`.

#![expect(clippy::disallowed_methods, reason = "tests read, write and run, and look for tools where they were started")]

mod cells;
pub(crate) mod clock;
mod dice;
mod home;
mod mounts;
mod parent;
pub(crate) mod planted;
mod pty;
mod ran;
#[cfg(not(target_os = "macos"))]
pub(crate) mod server;
mod shells;
mod tree;

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, io, thread};

pub(crate) use cells::{Cell, Matrix, matrix};
pub(crate) use dice::Dice;
pub(crate) use home::Home;
pub(crate) use mounts::private_mounts;
pub(crate) use parent::{os, quoted, run_under};
pub(crate) use pty::Tty;
pub(crate) use ran::{COMPILER, Ran, SESSION_LEADERS};
pub(crate) use shells::{Mode, launch, launch_as, shell};
pub(crate) use tree::{Entry, Kind, Tree, assert_same_tree};

/// Where `tool` is on the PATH of whoever runs the tests.
pub(crate) fn find(tool: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(tool)).find(|path| path.is_file())
}

/// Whether `tool` is here. Where it is not, the caller leaves its test out, and the run says so.
#[must_use]
#[track_caller]
pub(crate) fn need(tool: &str) -> bool {
    let there = find(tool).is_some();
    if !there {
        missing(tool, all_wanted());
    }
    there
}

/// The roots of the real Go releases that `tests/run` fetched, oldest first; none where it was not run.
#[track_caller]
pub(crate) fn real_go() -> Vec<PathBuf> {
    let roots = env::var_os("GOENV_SETUP_TEST_GO").map(|folder| go_roots(Path::new(&folder))).unwrap_or_default();
    if roots.len() < 2 {
        missing("two real Go releases (`GOENV_SETUP_TEST_GO`)", all_wanted());
    }
    roots
}

/// The folders `go1.X.Y` in `folder` that hold a `bin/go`, in the order of their versions.
pub(crate) fn go_roots(folder: &Path) -> Vec<PathBuf> {
    let version = |root: &Path| -> Option<Vec<u32>> {
        let name = root.file_name()?.to_str()?.strip_prefix("go")?;
        name.split('.').map(|part| part.parse().ok()).collect()
    };
    let mut roots: Vec<_> = fs_err::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|root| version(root).is_some() && root.join("bin/go").is_file())
        .collect();
    roots.sort_by_key(|root| version(root));
    roots
}

/// The folder into which `tests/run` unpacked Debian's packages of Go; none, and said so, where they could not be had.
#[track_caller]
pub(crate) fn debian_go() -> Option<PathBuf> {
    let folder = env::var_os("GOENV_SETUP_TEST_GO").map(|folder| Path::new(&folder).join("debian"));
    let folder = folder.filter(|folder| folder.join("usr/lib/go/bin/go").is_file());
    // Debian's packages are of no use elsewhere.
    if folder.is_none() && find("dpkg").is_some() {
        missing("Debian's Go (`GOENV_SETUP_TEST_GO`)", all_wanted());
    }
    folder
}

/// Says that something which no package brings is not here, or fails the test if everything is wanted.
#[track_caller]
pub(crate) fn cannot(what: &str) {
    missing(what, all_wanted());
}

/// Says a figure of a test that passes. Not `eprintln!`: the test harness would keep that to itself.
pub(crate) fn say(line: &str) {
    writeln!(io::stderr(), "{line}").expect("stderr is open");
}

/// Whether `GOENV_SETUP_LONG=1` asks for the long form of a test that searches for mistakes.
pub(crate) fn long() -> bool {
    env::var_os("GOENV_SETUP_LONG").as_deref() == Some(OsStr::new("1"))
}

fn all_wanted() -> bool {
    env::var_os("GOENV_SETUP_TEST_ALL").as_deref() == Some(OsStr::new("1"))
}

/// Says that something that is no tool is not here, or fails the test if everything is wanted.
#[track_caller]
pub(crate) fn lacks(what: &str) {
    missing(what, all_wanted());
}

/// Says that `what` is not here, or fails the test if everything is wanted.
#[track_caller]
pub(crate) fn missing(what: &str, all_wanted: bool) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    assert!(
        !all_wanted,
        "`GOENV_SETUP_TEST_ALL=1` wants every test, but this is missing: {what}; `tests/run` installs it"
    );
    let count = COUNT.fetch_add(1, Ordering::Relaxed) + 1;
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test");
    // Not `eprintln!`: the test harness would keep it to itself where the test passes.
    writeln!(io::stderr(), "MISSING: {what}; left out for it: `{test}` ({count} so far)").expect("stderr is open");
}

/// Whether this test may give files away; where it may not, that is said.
pub(crate) fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        missing("root, who can give files away", false);
    }
    root
}
