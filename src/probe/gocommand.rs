//! Runs `go` itself, as little as can be: `go version`, away from everything that the user has set; and with all of it,
//! for the words of its error alone.
//!
//! In an empty folder, so that no module or tool file chooses a toolchain. Nothing is downloaded: no toolchain, no module
//! proxy, nothing that a version manager's shim would install, and no HTTP proxy that answers. Its counters go to a folder
//! that is gone afterwards.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::{Outcome, Run, run};
use crate::facts::go::beginning;
use crate::plan::variables::KNOWN;

/// How long each run may take.
pub const LIMIT: Duration = Duration::from_secs(15);

/// In both runs. Sources: `go help environment`; cmd/go, `TEST_TELEMETRY_DIR`; mise's and goenv's settings.
const NOTHING_FETCHED: &[(&str, &str)] = &[
    ("GOTOOLCHAIN", "local"),
    ("GOPROXY", "off"),
    ("MISE_AUTO_INSTALL", "0"),
    ("MISE_NOT_FOUND_AUTO_INSTALL", "0"),
    ("MISE_OFFLINE", "1"),
    ("GOENV_AUTO_INSTALL", "0"),
    ("HTTP_PROXY", NOWHERE),
    ("HTTPS_PROXY", NOWHERE),
    ("ALL_PROXY", NOWHERE),
    ("http_proxy", NOWHERE),
    ("https_proxy", NOWHERE),
    ("all_proxy", NOWHERE),
    ("NO_PROXY", ""),
    ("no_proxy", ""),
];

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:1";

/// In the run that is to show `go` alone, in which it has none of its variables but these and those of [`NOTHING_FETCHED`].
const ALONE: &[(&str, &str)] = &[("GOWORK", "off"), ("GOENV", "off")];

/// How a run of `go` ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// Well; what it wrote to standard output.
    Said(String),
    /// With an error.
    Failed {
        /// Its exit status; `None`: a signal ended it.
        status: Option<i32>,
        /// What it wrote to standard error. It may hold secrets.
        stderr: Vec<u8>,
    },
    /// It was still running at the limit.
    TimedOut,
    /// The system does not find what the file needs in order to run: its interpreter or loader; that, if the file names it.
    NoInterpreter(Option<PathBuf>),
    /// The system does not execute the file.
    NotExecuted,
    /// Nothing is known: the user broke off, or no process could be started.
    Unknown,
}

/// A `go` that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The name under which it was found.
    pub go: PathBuf,
    /// `go version`, alone.
    pub version: How,
    /// With the user's environment; `None`: it was not run.
    pub with_environment: Option<How>,
}

/// Runs it. `variables`: what the shell handed down; `and_with_them`: whether it is run with all of them too.
pub fn ask(go: &Path, variables: &[(OsString, OsString)], and_with_them: bool, stop: &Arc<AtomicBool>) -> Ran {
    let is_own = |name: &OsStr| KNOWN.iter().any(|known| name == *known);
    let alone: Vec<(OsString, OsString)> = variables.iter().filter(|(name, _)| !is_own(name)).cloned().collect();
    let version = one(go, &["version"], [alone, pairs(ALONE)].concat(), stop);
    let runs = matches!(version, How::Said(_));
    // `go env` passes over flags that there are not, and `go version` over other settings.
    let commands: [&[&str]; 2] = [&["env", "-json", "GOROOT", "GOVERSION"], &["version"]];
    let with_environment = (runs && and_with_them).then(|| {
        let mut ran = commands.iter().map(|args| one(go, args, variables.to_vec(), stop));
        ran.find(|how| !matches!(how, How::Said(_))).unwrap_or_else(|| version.clone())
    });
    Ran { go: go.to_owned(), version, with_environment }
}

fn pairs(table: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    table.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect()
}

fn one(go: &Path, args: &[&str], env: Vec<(OsString, OsString)>, stop: &Arc<AtomicBool>) -> How {
    let folder = || super::scratch();
    let (Ok(empty), Ok(counters)) = (folder(), folder()) else { return How::Unknown };
    let first = beginning(go, 4096).unwrap_or_default();
    let mut command = Run::new(go.to_owned(), LIMIT);
    command.args = args.iter().map(OsString::from).collect();
    if is_bare_script(&first) {
        // As every shell does with a text that the system does not execute.
        command.args.insert(0, go.as_os_str().to_owned());
        command.program = PathBuf::from("/bin/sh");
    }
    command.env = [env, pairs(NOTHING_FETCHED)].concat();
    command.env.push(("TEST_TELEMETRY_DIR".into(), counters.path().as_os_str().to_owned()));
    command.folder = Some(empty.path().to_owned());
    command.stop = Some(Arc::clone(stop));
    match run(&command) {
        Outcome::Ended { success: true, stdout, .. } => How::Said(String::from_utf8_lossy(&stdout).into_owned()),
        // What stands between us and it says no more than this; `go` itself never fails without a word.
        Outcome::Ended { status: Some(NOT_FOUND), stdout, stderr, .. } if stdout.is_empty() && stderr.is_empty() => {
            How::NoInterpreter(interpreter(&first))
        }
        Outcome::Ended { status: Some(NOT_EXECUTED), stdout, stderr, .. } if stdout.is_empty() && stderr.is_empty() => {
            How::NotExecuted
        }
        Outcome::Ended { status, stderr, .. } => How::Failed { status, stderr },
        Outcome::TimedOut => How::TimedOut,
        Outcome::Stopped | Outcome::NotStarted(_) => How::Unknown,
    }
}

/// How the process in between ends where the program, or what it needs, is not there.
const NOT_FOUND: i32 = 2;

/// How it ends where the program cannot be executed for another reason.
const NOT_EXECUTED: i32 = 4;

/// A text without `#!`.
fn is_bare_script(first: &[u8]) -> bool {
    !first.is_empty() && !first.starts_with(b"#!") && !first.contains(&0) && first.is_ascii()
}

/// The interpreter that a script names, or the loader in the first bytes of a program.
fn interpreter(first: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    if let Some(line) = first.strip_prefix(b"#!") {
        let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let word = line.split(u8::is_ascii_whitespace).find(|word| !word.is_empty())?;
        return Some(PathBuf::from(OsStr::from_bytes(word)));
    }
    // PT_INTERP stands behind the headers: `/lib64/ld-linux-x86-64.so.2`, `/lib/ld-musl-x86_64.so.1`.
    let loader = |text: &&[u8]| text.starts_with(b"/") && text.windows(4).any(|window| window == b"/ld-");
    first.split(|byte| *byte == 0).find(loader).map(|text| PathBuf::from(OsStr::from_bytes(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpreter_of_a_script() {
        assert_eq!(interpreter(b"#! /opt/x/sh -e\necho"), Some(PathBuf::from("/opt/x/sh")));
        assert_eq!(interpreter(b"#!\n"), None);
        assert_eq!(interpreter(b"\x7fELF"), None);
        assert_eq!(interpreter(b"\x7fELF\0\x01/x\0/lib/ld-musl.so.1\0."), Some(PathBuf::from("/lib/ld-musl.so.1")));
    }

    #[test]
    fn a_text_without_an_interpreter_is_for_the_shell() {
        assert!(is_bare_script(b"exec real-go \"$@\"\n"));
        for other in [&b""[..], b"#!/bin/sh\n", b"\x7fELF\0", b"caf\xc3\xa9"] {
            assert!(!is_bare_script(other), "{other:?}");
        }
    }
}
