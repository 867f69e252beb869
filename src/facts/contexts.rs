//! Where Go is started by something other than a terminal, as files tell: launchd, cron, systemd, CI, containers; and
//! what keeps a Go that is found from working.
//!
//! Invariant: nothing is read but regular files of limited size, as many as are usual; nothing is started but
//! `crontab -l` and `systemctl --user show-environment`, with a time limit.

mod cron;
mod go_files;
mod launchd;
mod systemd;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

pub use go_files::{Behind, Closed};

use super::{Facts, go};
use crate::plan::doctor::jobs::{Job, Starter, Variable, Wants};
use crate::probe;

/// How much of a file is read, in bytes.
const SIZE: u64 = 64 * 1024;

/// How many files of a folder are looked at.
const MOST_FILES: usize = 500;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Contexts {
    /// The jobs that have to do with Go.
    pub jobs: Vec<Job>,
    /// What `environment.d` sets of Go's variables and PATH.
    pub manager: Vec<Variable>,
    /// Lines of `environment.d` about them that systemd ignores.
    pub ignored: Vec<(PathBuf, usize, String)>,
    /// The PATH that a runner of GitHub Actions in this home has kept, and the file.
    pub runner: Option<(PathBuf, Vec<super::path::Entry>)>,
    /// What is known of each Go that a start finds.
    pub behind: Vec<Behind>,
    /// Folders in which Go writes, and where this user may not.
    pub closed: Vec<Closed>,
}

/// Where to look, and what Go has installed.
pub struct Ground<'a> {
    /// What is known already.
    pub facts: &'a Facts,
    /// The folders of installed tools, and the names of the programs in each.
    pub tools: &'a [(PathBuf, Vec<OsString>)],
    /// Below which folder the system's files are: `/`.
    pub top: &'a Path,
}

impl Ground<'_> {
    fn home(&self) -> &Path {
        &self.facts.user.home
    }

    /// Whether Go has installed a program of this name.
    fn is_tool(&self, name: &OsStr) -> bool {
        self.tools.iter().any(|(_, programs)| programs.iter().any(|known| known == name))
    }

    fn config_home(&self) -> PathBuf {
        self.facts.places.config_home.clone()
    }

    /// A path of the system's.
    fn at(&self, path: &str) -> PathBuf {
        self.top.join(path.trim_start_matches('/'))
    }
}

/// The PATH of a job.
struct Given {
    value: OsString,
    is_set: bool,
}

impl Given {
    fn default_of(starter: Starter) -> Self {
        Self { value: starter.path().into(), is_set: false }
    }
}

/// Looks at everything but what lies behind the Go of each start.
pub fn gather(ground: &Ground) -> Contexts {
    let mut found = Contexts::default();
    found.jobs.extend(launchd::jobs(ground));
    found.jobs.extend(cron::jobs(ground));
    systemd::gather(ground, &mut found);
    found.runner = runner(ground);
    found
}

impl Contexts {
    /// Looks at each `go` that starts find, and at the folders in which Go writes.
    pub fn look_behind(&mut self, ground: &Ground, gos: &[PathBuf], writes: &[PathBuf]) {
        self.behind = gos.iter().map(|go| go_files::behind(ground, go)).collect();
        let euid = ground.facts.user.euid;
        self.closed = writes.iter().filter_map(|folder| go_files::closed(folder, euid)).collect();
    }
}

/// Where a runner of GitHub Actions is unpacked by habit; `config.sh` writes the file.
fn runner(ground: &Ground) -> Option<(PathBuf, Vec<super::path::Entry>)> {
    let file = ground.home().join("actions-runner/.path");
    let bytes = go::beginning(&file, SIZE)?;
    let path = OsStr::from_bytes(bytes.trim_ascii());
    Some((file, super::path::entries(path)))
}

/// A job, with what can be seen of its PATH and its commands.
fn new_job(starter: Starter, file: Option<&Path>, line: Option<usize>, wants: Wants, path: Given) -> Job {
    let missing = wants.bare.iter().filter(|name| !holds(&path.value, name)).cloned().collect();
    let gone = wants.named.iter().filter(|program| fs_err::metadata(program).is_err()).cloned().collect();
    let (file, sets_path) = (file.map(Path::to_path_buf), path.is_set);
    Job {
        starter,
        file,
        line,
        path: path.value,
        sets_path,
        wants,
        missing,
        gone,
        variables: Vec::new(),
        ignored: Vec::new(),
    }
}

/// Whether a folder on a PATH holds a program of this name.
fn holds(path: &OsStr, name: &str) -> bool {
    let folders = path.as_bytes().split(|byte| *byte == b':').map(|entry| Path::new(OsStr::from_bytes(entry)));
    folders.filter(|folder| folder.is_absolute()).any(|folder| probe::is_program(&folder.join(name)))
}

/// A variable as a job gets it.
fn variable(name: &str, value: OsString, file: Option<&Path>, line: Option<usize>, for_all: bool) -> Variable {
    let is_folder = Path::new(&value).is_dir();
    Variable { name: name.to_owned(), value, file: file.map(Path::to_path_buf), line, for_all, is_folder }
}

/// The files of a folder whose names end so, by name; and what each holds.
fn files(folder: &Path, ending: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).take(MOST_FILES).collect();
    paths.retain(|path| path.as_os_str().as_bytes().ends_with(ending.as_bytes()));
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| Some((go::beginning(&path, SIZE)?, path)))
        .map(|(bytes, path)| (path, bytes))
        .collect()
}
