//! Starts programs by whole command lines, as editors and other programs start shells, and reads what ours sees there.
//!
//! All at once; and those that are the same to the last word and variable only once.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::launch::{Surroundings, reporting};
use super::report::{self, REPORTER, Seen};
use super::{Outcome, Run, run, which};
use crate::shells::Shell;

/// How a command line takes the command that it is to run.
#[derive(Clone, Copy)]
pub enum Takes {
    /// As one word, in the language of this shell.
    Line(&'static dyn Shell),
    /// As the words that follow.
    Words,
}

/// A command line, and what it is run with.
#[derive(Clone)]
pub struct Replay {
    /// The program, absolute.
    pub program: PathBuf,
    /// Its `argv[0]`, if it is not to be its path.
    pub argv0: Option<&'static str>,
    /// Its arguments before the command.
    pub args: Vec<OsString>,
    /// How it takes the command.
    pub takes: Takes,
    /// Its whole environment.
    pub env: Vec<(OsString, OsString)>,
    /// Whether a startup file may start tmux: it then gets a folder of its own for its sockets, and what it left running
    /// there is ended.
    pub tmux: bool,
    /// The folder that it runs in.
    pub folder: PathBuf,
    /// How long it may take.
    pub limit: Duration,
}

impl Replay {
    fn is(&self, other: &Self) -> bool {
        let line = |takes: &Takes| if let Takes::Line(shell) = takes { Some(shell.name()) } else { None };
        (&self.program, self.argv0, &self.args, line(&self.takes), &self.env, self.tmux, self.limit)
            == (&other.program, other.argv0, &other.args, line(&other.takes), &other.env, other.tmux, other.limit)
    }
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// What our command saw, if it was run.
    pub seen: Option<Seen>,
    /// How the program ended.
    pub end: End,
    /// How long it took, while the others did.
    pub took: Duration,
}

/// How a program ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status; `None`: a signal ended it.
    Status(Option<i32>, Vec<u8>),
    /// It was still running at the limit.
    TimedOut,
    /// The user broke off, or it could not be started.
    #[default]
    Unknown,
}

/// Runs all of them, and waits for the last; what came of each stands in the same order.
pub fn all(replays: &[Replay], around: &Surroundings, stop: &Arc<AtomicBool>) -> Vec<Replayed> {
    let missing = around.missing();
    let first = |replay: &Replay| replays.iter().position(|other| other.is(replay));
    let over: Vec<Option<Replayed>> = std::thread::scope(|scope| {
        let runs: Vec<_> = replays
            .iter()
            .enumerate()
            .map(|(index, replay)| {
                let begins = first(replay) == Some(index);
                begins.then(|| scope.spawn(move || one(replay, stop)))
            })
            .collect();
        runs.into_iter().map(|run| run.and_then(|run| run.join().ok())).collect()
    });
    for folder in missing {
        // One that is not empty is somebody's by now.
        let _ = fs_err::remove_dir(folder);
    }
    replays.iter().map(|replay| first(replay).and_then(|index| over[index].clone()).unwrap_or_default()).collect()
}

fn one(replay: &Replay, stop: &Arc<AtomicBool>) -> Replayed {
    try_one(replay, stop).unwrap_or_default()
}

fn try_one(replay: &Replay, stop: &Arc<AtomicBool>) -> std::io::Result<Replayed> {
    let scratch = super::scratch()?;
    let answer = scratch.path().join("report");
    let mut program = Run::new(replay.program.clone(), replay.limit);
    program.argv0 = replay.argv0.map(OsString::from);
    program.args.clone_from(&replay.args);
    match replay.takes {
        Takes::Line(shell) => program.args.push(OsString::from_vec(reporting(shell, &answer)?)),
        Takes::Words => {
            let words = [std::env::current_exe()?.into_os_string(), REPORTER.into(), answer.clone().into_os_string()];
            program.args.extend(words);
        }
    }
    program.env.clone_from(&replay.env);
    let sockets = scratch.path().join("tmux");
    if replay.tmux {
        fs_err::create_dir(&sockets)?;
        program.env.push(("TMUX_TMPDIR".into(), sockets.as_os_str().to_owned()));
    }
    program.folder = Some(replay.folder.clone());
    program.stop = Some(Arc::clone(stop));
    let begin = Instant::now();
    let outcome = run(&program);
    let took = begin.elapsed();
    if replay.tmux {
        end_tmux(&sockets);
    }
    let end = match outcome {
        Outcome::Ended { status, stderr, .. } => End::Status(status, stderr),
        Outcome::TimedOut => End::TimedOut,
        Outcome::Stopped | Outcome::NotStarted(_) => End::Unknown,
    };
    Ok(Replayed { seen: report::read(&answer), end, took })
}

/// Ends the servers that tmux has left behind sockets in this folder.
fn end_tmux(sockets: &Path) {
    let folders = fs_err::read_dir(sockets).into_iter().flatten().flatten();
    let left = folders.flat_map(|folder| fs_err::read_dir(folder.path()).into_iter().flatten().flatten());
    for socket in left {
        let Some(tmux) = which("tmux") else { return };
        let mut kill = Run::new(tmux, Duration::from_secs(5));
        kill.args = [OsStr::new("-S"), socket.path().as_os_str(), OsStr::new("kill-server")].map(OsString::from).into();
        run(&kill);
    }
}
