//! RUN edge: starts a real program with a time limit and reads what it said.
//!
//! Output goes to files, not pipes: a background job of a startup file would hold a pipe open for as long as it runs.
//! The program gets a session of its own: a job-control shell in the user's session would stop at the terminal.

pub mod gocommand;
pub mod http;
pub mod launch;
pub mod modules;
pub mod replay;
pub mod report;
pub mod syntax;
pub mod trace;
pub mod version;

use std::ffi::OsString;
use std::fs::Permissions;
use std::io::{Read, Seek, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::facts::process;

/// The hidden first argument under which this program starts another in a new session.
pub const TRAMPOLINE: &str = "__in-new-session";

/// Where systems and package managers put programs: Homebrew, `MacPorts`, `NixOS`, pkgsrc.
const FOLDERS: &[&str] = &[
    "/bin",
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    "/opt/local/bin",
    "/home/linuxbrew/.linuxbrew/bin",
    "/run/current-system/sw/bin",
    "/usr/pkg/bin",
];

/// How much a program may write, in bytes: one that says more is ended, as if it had come to its limit. No startup file
/// has so much to say, and one that never stops (`yes`) fills a disk in seconds.
const MOST: u64 = 16 << 20;

/// What to run.
pub struct Run {
    /// The program, absolute.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its whole environment, beside `PATH` and `LANG` of a bare system.
    pub env: Vec<(OsString, OsString)>,
    /// Its `argv[0]`, if it is not to be its path.
    pub argv0: Option<OsString>,
    /// The folder that it runs in, if it matters.
    pub folder: Option<PathBuf>,
    /// What it reads; empty means nothing.
    pub stdin: Vec<u8>,
    /// How long it may take.
    pub limit: Duration,
    /// Ends it early when set.
    pub stop: Option<Arc<AtomicBool>>,
    /// Where its standard error goes, instead of into the outcome.
    pub log: Option<Log>,
}

/// A file for what a program says, for whoever wants to see it even if the program does not end.
pub struct Log {
    /// The file.
    pub file: std::fs::File,
    /// Whether standard output goes there too, in the order in which the program writes.
    pub output_too: bool,
    /// How large it may get, in bytes: a program that says more is ended, as if it had come to its limit.
    pub most: u64,
}

impl Run {
    /// A run without arguments.
    pub fn new(program: PathBuf, limit: Duration) -> Self {
        let (args, env, stdin) = (Vec::new(), Vec::new(), Vec::new());
        Self { program, args, env, argv0: None, folder: None, stdin, limit, stop: None, log: None }
    }
}

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// It ended by itself.
    Ended {
        /// Whether its exit status was 0.
        success: bool,
        /// Its exit status; `None`: a signal ended it.
        status: Option<i32>,
        /// What it wrote to standard output.
        stdout: Vec<u8>,
        /// What it wrote to standard error.
        stderr: Vec<u8>,
    },
    /// It was still running at the limit, and was ended.
    TimedOut,
    /// It was ended early because the user broke off.
    Stopped,
    /// It could not be started, with the system's words.
    NotStarted(String),
}

/// A program on the system's own PATH, not the user's: what is run must not depend on what is being repaired.
pub fn which(program: &str) -> Option<PathBuf> {
    FOLDERS.iter().map(|folder| Path::new(folder).join(program)).find(|path| is_program(path))
}

/// A new folder for what programs say, which holds values of the user's: nobody else may look into it.
fn scratch() -> std::io::Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix("goenv-setup-").permissions(Permissions::from_mode(0o700)).tempdir()
}

/// Whether it is a file that may be run.
pub fn is_program(path: &Path) -> bool {
    path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

/// Runs it.
pub fn run(run: &Run) -> Outcome {
    match start(run) {
        Ok(outcome) => outcome,
        Err(error) => Outcome::NotStarted(error.to_string()),
    }
}

fn start(run: &Run) -> std::io::Result<Outcome> {
    let mut stdin = tempfile::tempfile()?;
    stdin.write_all(&run.stdin)?;
    stdin.rewind()?;
    let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    #[expect(clippy::disallowed_methods, reason = "this is the edge that starts programs")]
    let mut command = Command::new(std::env::current_exe()?);
    let argv0 = run.argv0.as_deref().unwrap_or(run.program.as_os_str());
    command.arg(TRAMPOLINE).arg(argv0).arg(&run.program).args(&run.args);
    if let Some(folder) = &run.folder {
        command.current_dir(folder);
    }
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("LANG", "C.UTF-8")
        .envs(run.env.iter().cloned());
    let log = run.log.as_ref();
    let into = |own: &std::fs::File, log: Option<&Log>| log.map_or(own, |log| &log.file).try_clone();
    command.stdin(stdin).stdout(into(&stdout, log.filter(|log| log.output_too))?).stderr(into(&stderr, log)?);
    let mut child = command.spawn()?;
    let stopped = || run.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed));
    let over = |file: &std::fs::File, most: u64| file.metadata().is_ok_and(|meta| meta.len() > most);
    let says_too_much =
        || over(&stdout, MOST) || over(&stderr, MOST) || log.is_some_and(|log| over(&log.file, log.most));
    let ended = wait(&mut child, run.limit, &|| stopped() || says_too_much())?;
    let Some(status) = ended else { return Ok(if stopped() { Outcome::Stopped } else { Outcome::TimedOut }) };
    let (success, status) = (status.success(), status.code());
    Ok(Outcome::Ended { success, status, stdout: all(&stdout)?, stderr: all(&stderr)? })
}

/// Waits for the end or the limit; then everything that is left in the session's first process group is ended, and at the
/// limit what a shell waits for in a group of its own, too.
fn wait(child: &mut Child, limit: Duration, stopped: &dyn Fn() -> bool) -> std::io::Result<Option<ExitStatus>> {
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        let elapsed = begin.elapsed();
        if elapsed >= limit || stopped() {
            break None;
        }
        // So that no start seems to take, or takes, more than a twentieth longer.
        std::thread::sleep((elapsed / 20).clamp(Duration::from_micros(200), Duration::from_millis(5)));
    };
    let mut groups = vec![child.id()];
    if status.is_none() {
        groups.extend(process::groups_below(child.id()));
        // It may not have become the leader of its group yet.
        let _ = child.kill();
    }
    let own = rustix::process::getpgrp();
    let groups = groups.into_iter().filter_map(|group| rustix::process::Pid::from_raw(i32::try_from(group).ok()?));
    for group in groups.filter(|group| *group != own) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    if status.is_none() {
        child.wait()?;
    }
    Ok(status)
}

fn all(mut file: &std::fs::File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The other side of [`TRAMPOLINE`]: becomes the program, in a new session. Returns only if that fails.
pub fn become_in_new_session(mut words: impl Iterator<Item = OsString>) -> std::io::Error {
    if let Err(error) = rustix::process::setsid() {
        return error.into();
    }
    let (Some(argv0), Some(program)) = (words.next(), words.next()) else {
        return std::io::ErrorKind::InvalidInput.into();
    };
    #[expect(clippy::disallowed_methods, reason = "this is the edge that starts programs")]
    let mut command = Command::new(program);
    command.arg0(argv0).args(words).stdin(Stdio::inherit()).exec()
}
