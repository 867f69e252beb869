//! Starting a program and reading what came of it.

use std::fmt;
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::find;

/// Each of these runs the program named after it as the leader of a session of its own, by `exec`, so with the same
/// process id; the first that is installed is used. Without it, an interactive shell would take hold of the terminal
/// that the tests run in, or be stopped for trying. macOS has no `setsid`.
pub(crate) const SESSION_LEADERS: [&[&str]; 2] =
    [&["setsid"], &["perl", "-e", "use POSIX (); POSIX::setsid() > 0 or die; exec { $ARGV[0] } @ARGV or die"]];

/// How long a program may take. Far more than any needs, so that a busy machine never makes a test red.
const LIMIT: Duration = Duration::from_secs(20);

/// How long a compiler may take that starts with nothing in its cache, on a busy machine.
pub(crate) const COMPILER: Duration = Duration::from_secs(180);

/// What a program did.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit status, as a shell has it: 128 and the number of the signal for one that was killed.
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    command: String,
}

impl Ran {
    /// Runs a command in a session of its own, with no standard input and no environment but the command's.
    #[track_caller]
    pub(crate) fn of(command: &Command) -> Self {
        Self::led_by(leader(), command)
    }

    /// Like [`Ran::of`], for what rightly takes longer than most: a compiler with nothing in its cache.
    #[track_caller]
    pub(crate) fn within(limit: Duration, command: &Command) -> Self {
        Self::led_within(limit, leader(), command)
    }

    /// Like [`Ran::of`], by one of the [`SESSION_LEADERS`].
    #[track_caller]
    pub(crate) fn led_by(leader: &[&str], plain: &Command) -> Self {
        Self::led_within(LIMIT, leader, plain)
    }

    #[track_caller]
    fn led_within(limit: Duration, leader: &[&str], plain: &Command) -> Self {
        // To files: a pipe would stay open for as long as anything that a startup file sent to the background.
        let mut outputs = [(); 2].map(|()| tempfile::tempfile().expect("a temporary file"));
        let mut command = Command::new(find(leader[0]).expect("the leader is installed"));
        command.args(&leader[1..]).arg(plain.get_program()).args(plain.get_args());
        command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        if let Some(folder) = plain.get_current_dir() {
            command.current_dir(folder);
        }
        let stdio = |file: &File| Stdio::from(file.try_clone().expect("a file handle"));
        command.stdin(Stdio::null()).stdout(stdio(&outputs[0])).stderr(stdio(&outputs[1]));

        let mut child = command.spawn().expect("the program starts");
        let group = Pid::from_child(&child);
        let deadline = Instant::now() + limit;
        let status = loop {
            if let Some(status) = child.try_wait().expect("the child is ours") {
                break Some(status);
            }
            if Instant::now() > deadline {
                break None;
            }
            thread::sleep(Duration::from_millis(1));
        };
        // What startup files sent to the background goes too; nothing being left is the usual case.
        kill_process_group(group, Signal::KILL).ok();
        let [stdout, stderr] = outputs.each_mut().map(content);
        let ran = Self { status: status.map_or(-1, shell_status), stdout, stderr, command: format!("{plain:?}") };
        if status.is_none() {
            child.wait().expect("the child is ours");
            panic!("not done after {limit:?}\n{ran}");
        }
        ran
    }

    /// It ended with 0.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.code(0)
    }

    /// It ended with this status.
    #[track_caller]
    pub(crate) fn code(self, status: i32) -> Self {
        assert!(self.status == status, "expected status {status}\n{self}");
        self
    }

    /// Its standard output holds this text.
    #[track_caller]
    pub(crate) fn out_has(self, text: &str) -> Self {
        assert!(holds(&self.stdout, text), "expected on stdout: {text}\n{self}");
        self
    }

    /// Its standard error holds this text.
    #[track_caller]
    pub(crate) fn err_has(self, text: &str) -> Self {
        assert!(holds(&self.stderr, text), "expected on stderr: {text}\n{self}");
        self
    }

    /// Its standard error does not hold this text.
    #[track_caller]
    pub(crate) fn err_lacks(self, text: &str) -> Self {
        assert!(!holds(&self.stderr, text), "not expected on stderr: {text}\n{self}");
        self
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [out, err] = [&self.stdout, &self.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        write!(f, "{}\nstatus: {}\n--- stdout\n{out}\n--- stderr\n{err}\n---", self.command, self.status)
    }
}

fn leader() -> &'static [&'static str] {
    SESSION_LEADERS.iter().find(|leader| find(leader[0]).is_some()).expect("setsid or perl is here")
}

fn content(file: &mut File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.rewind().expect("a file can be rewound");
    file.read_to_end(&mut bytes).expect("a temporary file can be read");
    bytes
}

fn shell_status(status: ExitStatus) -> i32 {
    status.code().or_else(|| Some(128 + status.signal()?)).expect("ended by itself or by a signal")
}

fn holds(bytes: &[u8], text: &str) -> bool {
    text.is_empty() || bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
