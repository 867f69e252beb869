//! Starts the user's real shell in a launch mode and reads what it ended up with.
//!
//! Parallel across shells; serial within one, whose history and dump files would get in each other's way. A start has
//! the effects of any start of that shell: the user is told before.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::report::{self, REPORTER, Seen};
use super::{Outcome, Run, run};
use crate::interrupt::Interrupts;
use crate::shells::{Program, Shell, Start};

/// How long a shell may take of which nothing is known yet.
pub const LIMIT: Duration = Duration::from_secs(10);

/// One start of a shell.
#[derive(Clone)]
pub struct Launch {
    /// The shell.
    pub shell: &'static dyn Shell,
    /// Under which name.
    pub program: Program,
    /// Where the program is.
    pub file: PathBuf,
    /// How.
    pub start: Start,
    /// How long it may take; nothing: it is not started at all.
    pub limit: Duration,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It went through its startup files and ran a command, which saw this.
    Reported(Seen),
    /// It ended without running the command.
    Silent {
        /// Its exit status; `None`: a signal ended it.
        status: Option<i32>,
        /// What it wrote to standard error.
        stderr: Vec<u8>,
    },
    /// It was still running at the limit.
    TimedOut,
    /// The user broke off.
    Stopped,
    /// It could not be started, with the system's words.
    NotStarted(String),
}

/// A start that is over.
#[derive(Clone, Debug)]
pub struct Launched {
    /// How it ended.
    pub ended: Ended,
    /// How long it took.
    pub took: Duration,
    /// What it wrote to standard error, as far as it ended by itself. It may hold secrets.
    pub said: Vec<u8>,
}

/// What surrounds a shell that is started.
pub struct Surroundings {
    /// Its whole environment.
    pub env: Vec<(OsString, OsString)>,
    /// The folder that it runs in.
    pub folder: PathBuf,
    /// Folders that shells make at their first start. Those that were not there go again, if they are empty.
    pub made: Vec<PathBuf>,
}

impl Surroundings {
    /// The folders that a first start would make, the deepest first.
    pub(super) fn missing(&self) -> Vec<PathBuf> {
        let above = self.made.iter().flat_map(|folder| folder.ancestors().take_while(|above| !above.exists()));
        let mut missing: Vec<PathBuf> = above.map(Path::to_path_buf).collect();
        missing.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        missing
    }
}

/// Starts every lane at once, and what stands in a lane one after the other. `tell` hears of each that is over.
pub fn all(
    lanes: &[Vec<Launch>],
    surroundings: &Surroundings,
    tell: impl FnMut(&Launch, &Launched),
) -> Vec<Vec<Launched>> {
    let interrupts = Interrupts::catch();
    all_until(lanes, surroundings, &interrupts.flag(), tell)
}

/// The same, until `stop` is set: for whoever has noted signals for longer than this.
pub fn all_until(
    lanes: &[Vec<Launch>],
    surroundings: &Surroundings,
    stop: &Arc<AtomicBool>,
    mut tell: impl FnMut(&Launch, &Launched),
) -> Vec<Vec<Launched>> {
    let missing = surroundings.missing();
    let mut over: Vec<Vec<Launched>> = lanes.iter().map(|_| Vec::new()).collect();
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for (number, lane) in lanes.iter().enumerate() {
            let sender = sender.clone();
            scope.spawn(move || {
                for launch in lane {
                    // Nobody listens any more only when this function is left.
                    let _ = sender.send((number, launch, start(launch, surroundings, stop)));
                }
            });
        }
        drop(sender);
        for (number, launch, launched) in receiver {
            tell(launch, &launched);
            over[number].push(launched);
        }
    });
    for folder in missing {
        // One that is not empty is somebody's by now.
        let _ = fs_err::remove_dir(folder);
    }
    over
}

fn start(launch: &Launch, surroundings: &Surroundings, stop: &Arc<AtomicBool>) -> Launched {
    let begin = Instant::now();
    let (ended, said) = if stop.load(Ordering::Relaxed) {
        (Ended::Stopped, Vec::new())
    } else if launch.limit.is_zero() {
        (Ended::TimedOut, Vec::new())
    } else {
        let words = |error: std::io::Error| (Ended::NotStarted(error.to_string()), Vec::new());
        try_start(launch, surroundings, stop).unwrap_or_else(words)
    };
    Launched { ended, took: begin.elapsed(), said }
}

fn try_start(
    launch: &Launch,
    surroundings: &Surroundings,
    stop: &Arc<AtomicBool>,
) -> std::io::Result<(Ended, Vec<u8>)> {
    let scratch = super::scratch()?;
    let answer = scratch.path().join("report");
    let mut command = reporting(launch.shell, &answer)?;
    if launch.start.typed || launch.start.args.contains(&"-i") {
        command.extend(launch.shell.what_go_is());
    }
    let mut shell = prepare(launch, surroundings, &command);
    shell.stop = Some(Arc::clone(stop));
    let outcome = run(&shell);
    let said = if let Outcome::Ended { stderr, .. } = &outcome { stderr.clone() } else { Vec::new() };
    Ok((ended(&answer, outcome), said))
}

/// The command line that has our own program report what the shell hands down.
pub(super) fn reporting(shell: &dyn Shell, answer: &Path) -> std::io::Result<Vec<u8>> {
    let ourselves = std::env::current_exe()?;
    let words = [ourselves.as_os_str(), OsStr::new(REPORTER), answer.as_os_str()];
    Ok(words.map(|word| shell.quote(word.as_bytes())).join(&b' '))
}

/// The run of a shell that is started so and runs this command line.
pub(super) fn prepare(launch: &Launch, surroundings: &Surroundings, command: &[u8]) -> Run {
    let Start { dash, args, typed, env, .. } = launch.start;
    let mut shell = Run::new(launch.file.clone(), launch.limit);
    shell.argv0 = Some([if dash { "-" } else { "" }, launch.program.argv0].concat().into());
    shell.args = args.iter().map(OsString::from).collect();
    if typed {
        shell.stdin = [command, b"\n"].concat();
    } else {
        shell.args.push(OsString::from_vec(command.to_vec()));
    }
    shell.env.clone_from(&surroundings.env);
    shell.env.extend(env.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))));
    shell.folder = Some(surroundings.folder.clone());
    shell
}

/// How a run ended that was to write its answer there. What hangs after the command, such as a logout file, does not take
/// its answer back.
pub(super) fn ended(answer: &Path, outcome: Outcome) -> Ended {
    match (report::read(answer), outcome) {
        (Some(seen), _) => Ended::Reported(seen),
        (None, Outcome::Ended { status, stderr, .. }) => Ended::Silent { status, stderr },
        (None, Outcome::TimedOut) => Ended::TimedOut,
        (None, Outcome::Stopped) => Ended::Stopped,
        (None, Outcome::NotStarted(why)) => Ended::NotStarted(why),
    }
}
