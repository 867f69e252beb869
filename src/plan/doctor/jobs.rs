//! Jobs that something other than a terminal starts (launchd, cron, systemd), as files tell of them: which of Go's
//! commands they run, and with which PATH.
//!
//! Invariant: where a job changes PATH itself, or reads a script first, nothing is said of what it runs behind that.

mod wants;

use std::ffi::OsString;
use std::path::PathBuf;

pub use wants::{Through, Wants, of_line, of_words};

/// Who starts a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starter {
    /// launchd, from a plist.
    Launchd,
    /// cron.
    Cron,
    /// The user's systemd, from a unit.
    Systemd,
}

impl Starter {
    /// PATH where nothing sets it. Sources: launchd's `_PATH_STDPATH`; crontab(5) of Debian, cronie and macOS;
    /// `DEFAULT_USER_PATH` of systemd.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Launchd => "/usr/bin:/bin:/usr/sbin:/sbin",
            Self::Cron => "/usr/bin:/bin",
            Self::Systemd => "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        }
    }

    /// What it is called in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Launchd => "launchd",
            Self::Cron => "cron",
            Self::Systemd => "systemd",
        }
    }
}

/// A job that runs a command of Go's, or sets a variable of Go's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Who starts it.
    pub starter: Starter,
    /// The file that tells of it; `None`: what `crontab -l` prints.
    pub file: Option<PathBuf>,
    /// The line with its command, from 1, where it can be told.
    pub line: Option<usize>,
    /// Its PATH.
    pub path: OsString,
    /// Whether something in its files sets that.
    pub sets_path: bool,
    /// What it runs.
    pub wants: Wants,
    /// Those of [`Wants::bare`] that no folder on its PATH holds.
    pub missing: Vec<String>,
    /// Those of [`Wants::named`] that are not there.
    pub gone: Vec<PathBuf>,
    /// The variables of Go's and PATH that it is given.
    pub variables: Vec<Variable>,
    /// What its file says in a way that counts for nothing, with the line: the end of a sentence.
    pub ignored: Vec<(String, Option<usize>)>,
}

/// A variable of Go's, or PATH, that a file sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value, as the job gets it.
    pub value: OsString,
    /// The file that sets it; `None`: what `crontab -l` prints.
    pub file: Option<PathBuf>,
    /// The line, from 1, where it can be told.
    pub line: Option<usize>,
    /// Whether every program that is started later gets it, not only one job.
    pub for_all: bool,
    /// Whether a folder is there.
    pub is_folder: bool,
}

/// Whether a variable is one that may be looked at and shown.
pub fn is_ours(name: &str) -> bool {
    const OURS: &[&str] = &["PATH", "GOROOT", "GOPATH", "GOBIN", "GOCACHE", "GOMODCACHE", "GOTOOLCHAIN", "GOENV"];
    OURS.contains(&name)
}
