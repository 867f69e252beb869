//! Which shell the user sits in front of, and whether it is a login shell, told from the processes above us.
//!
//! `$SHELL` alone would be the login shell of the user database, not the one that runs (uv#11781), and the parent alone
//! would be whatever ran a script: make, npx, `curl | sh`. So the nearest ancestor that is somebody's interactive shell
//! decides, and what it was told from is shown.
//!
//! Invariant: an ancestor that runs a script or a command is never taken for the user's shell.

mod options;
#[cfg(test)]
mod tests;

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::facts::Platform;
use crate::facts::process::{Process, Stdin};

/// Shells that we know by name, ours to set up or not: an unknown one is walked over.
const SHELLS: &[&str] = &[
    "zsh", "bash", "sh", "dash", "ash", "fish", "tcsh", "csh", "ksh", "ksh93", "mksh", "lksh", "oksh", "loksh",
    "pdksh", "yash", "nu", "elvish", "xonsh", "pwsh", "rc", "es",
];

/// Programs that stand as a login shell in the user database to keep people out.
const NO_SHELLS: &[&str] = &["nologin", "false", "true", "sync", "halt", "shutdown"];

/// Longest command line that is shown, in characters.
const SHOWN: usize = 60;

/// Where the login mode was told from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginFrom {
    /// The process that was found says so.
    Process,
    /// No process says; terminals here do it so.
    Habit,
}

/// A shell, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// Its name as found: the basename in lower case, without a leading dash and a version. Not always one of ours.
    pub name: String,
    /// Whether it is a login shell.
    pub login: bool,
    /// What the name was told from: `parent process -zsh`, `SHELL=/bin/zsh`, `user database: /bin/bash`, `--shell`.
    /// Parts of it come from outside and may hold control characters.
    pub from: String,
    /// What the login mode was told from.
    pub login_from: LoginFrom,
    habit: bool,
}

impl Detected {
    /// One line for the user: `zsh, login (parent process -zsh)`, or
    /// `bash, not login (SHELL=/bin/bash; terminals here do not start login shells)`.
    pub fn line(&self) -> String {
        let Self { name, from, .. } = self;
        let mode = if self.login { "login" } else { "not login" };
        match (self.login_from, self.habit) {
            (LoginFrom::Process, _) => format!("{name}, {mode} ({from})"),
            (LoginFrom::Habit, true) => {
                format!("{name}, {mode} ({from}; terminals here start login shells)")
            }
            (LoginFrom::Habit, false) => {
                format!("{name}, {mode} ({from}; terminals here do not start login shells)")
            }
        }
    }
}

/// Finds the user's shell: the one asked for, else the nearest ancestor that is an interactive shell, else `$SHELL`, else the user database.
///
/// `parents` has the parent first. With `asked`, the login mode still comes from the nearest ancestor if it is that shell.
/// `kshs` says what each program called `ksh` is, the installed one first.
pub fn detect(
    asked: Option<&str>,
    parents: &[Process],
    env_shell: Option<&Path>,
    passwd_shell: Option<&Path>,
    platform: Platform,
    kshs: &[(PathBuf, &'static str)],
) -> Option<Detected> {
    let habit = platform.terminals_log_in();
    let by_habit =
        |name: String, from: String| Detected { name, login: habit, from, login_from: LoginFrom::Habit, habit };
    let running = parents.iter().enumerate().find_map(|(steps, process)| {
        let shell = Shell::of(process)?;
        let login = shell.users_own(process)?;
        let relation = if steps == 0 { "parent" } else { "ancestor" };
        let from = format!("{relation} process {}", command_line(process));
        let name = which_ksh(shell.name.clone(), process.exe.as_deref(), kshs);
        Some((shell.name, Detected { name, login, from, login_from: LoginFrom::Process, habit }))
    });

    if let Some(asked) = asked {
        let called = plain_name(asked.as_bytes());
        let name = which_ksh(called.clone(), Some(Path::new(asked)), kshs);
        return Some(match running {
            Some((its_own, found)) if found.name == name || its_own == called => {
                Detected { from: format!("--shell; {}", found.from), ..found }
            }
            _ => by_habit(name, "--shell".to_owned()),
        });
    }
    let configured = |shell: Option<&Path>, from: &str| {
        let shell = shell?;
        let name = which_ksh(plain_name(shell.as_os_str().as_bytes()), Some(shell), kshs);
        let keeps_out = name.is_empty() || NO_SHELLS.contains(&name.as_str());
        (!keeps_out).then(|| by_habit(name, format!("{from}{}", shell.display())))
    };
    running
        .map(|(_, found)| found)
        .or_else(|| configured(env_shell, "SHELL="))
        .or_else(|| configured(passwd_shell, "user database: "))
}

/// What is called `ksh` is another shell on each system: the one that `program` is, else the one that is installed.
fn which_ksh(name: String, program: Option<&Path>, kshs: &[(PathBuf, &'static str)]) -> String {
    if name != "ksh" {
        return name;
    }
    let by_file = program.map(|program| plain_name(program.as_os_str().as_bytes()));
    if let Some(name) = by_file.filter(|name| name != "ksh" && SHELLS.contains(&name.as_str())) {
        return name;
    }
    let own = kshs.iter().find(|(path, _)| Some(path.as_path()) == program);
    own.or(kshs.first()).map_or(name, |(_, shell)| (*shell).to_owned())
}

/// A process that is a shell of some kind.
struct Shell<'a> {
    name: String,
    /// `argv[0]` starts with a dash, as login(1), sshd and `su -` have it.
    dash: bool,
    args: &'a [Vec<u8>],
}

impl<'a> Shell<'a> {
    /// The shell that `process` is, by what it calls itself, else by the file that it runs (`su -` calls it `-su`).
    fn of(process: &'a Process) -> Option<Self> {
        let (argv0, args) = process.argv.split_first().map_or((&b""[..], &[][..]), |(first, rest)| (first, rest));
        let dash = argv0.starts_with(b"-");
        let known = |name: &str| SHELLS.contains(&name);
        let name = plain_name(argv0);
        if known(&name) {
            return Some(Self { name, dash, args });
        }
        if name == "busybox"
            && let Some((applet, args)) = args.split_first()
        {
            let name = plain_name(applet);
            return matches!(name.as_str(), "sh" | "ash").then_some(Self { name, dash, args });
        }
        let name = plain_name(process.exe.as_ref()?.as_os_str().as_bytes());
        known(&name).then_some(Self { name, dash, args })
    }

    /// `None` if it runs something for somebody else; whether it is a login shell if it is the user's own.
    fn users_own(&self, process: &Process) -> Option<bool> {
        let options = options::parse(&self.name, self.args);
        let login = self.dash || options.login;
        if options.stays {
            return Some(login); // told to run a command first and then to listen
        }
        if options.runs {
            return None;
        }
        let listens = match process.stdin {
            Stdin::Terminal => true,
            Stdin::Other => !options.from_stdin && (login || options.interactive),
            Stdin::Unknown if options.from_stdin => options.interactive,
            // A shell with job control starts programs in a process group of their own; one that reads a script does not.
            Stdin::Unknown => login || options.interactive || process.job_control != Some(false),
        };
        listens.then_some(login)
    }
}

/// The name of a shell from a path or an `argv[0]`: `-/bin/zsh-5.9` is `zsh`, `rbash` is `bash`.
fn plain_name(path: &[u8]) -> String {
    let path = path.strip_prefix(b"-").unwrap_or(path);
    let base = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    let name = String::from_utf8_lossy(base).to_lowercase();
    let name = match name.split_once('-') {
        Some((name, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => name,
        _ => name.as_str(),
    };
    match name {
        "rbash" => "bash",
        "rzsh" => "zsh",
        "rksh" => "ksh",
        "rksh93" => "ksh93",
        "rmksh" | "mksh-static" => "mksh",
        "rlksh" => "lksh",
        name => name,
    }
    .to_owned()
}

/// The command line as text, on one line and not too long.
fn command_line(process: &Process) -> String {
    let text = if process.argv.is_empty() {
        process.exe.as_deref().map(|exe| exe.display().to_string()).unwrap_or_default()
    } else {
        String::from_utf8_lossy(&process.argv.join(&b' ')).into_owned()
    };
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
