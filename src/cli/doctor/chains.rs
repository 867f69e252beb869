//! Launch chains: those that doctor starts anyway, and a few that people and programs use besides.
//!
//! Never with a question: what would ask for a password is named as not possible here. What changes the user starts as the
//! user again, and only where HOME is the home of the user database: nothing is started in a home that is not looked at.

use std::path::{Path, PathBuf};

use crate::facts::{EnvFile, Facts, env_file, user};
use crate::plan::doctor::chains::{self, Chain, Uses};
use crate::plan::doctor::scene::Observed;
use crate::plan::doctor::terminals::{Terminal, is_terminal};
use crate::plan::matrix::Row;
use crate::probe::launch::{Ended, LIMIT};
use crate::probe::replay::{End, Replay, Replayed, Takes};
use crate::probe::report::Seen;
use crate::probe::which;
use crate::shells::{self, LaunchMode};

/// How what a chain uses is found out.
pub(super) enum How {
    /// The start at this place among those of doctor is the same.
    Start(usize),
    /// By this command line.
    Run(Box<Replay>),
    /// It cannot be; why.
    Not(String),
}

/// A chain that is wanted.
pub(super) struct Wanted {
    name: String,
    terminal: bool,
    /// How it is found out.
    pub(super) how: How,
}

/// The chains, in the order in which they are shown.
pub(super) fn wanted(facts: &Facts, rows: &[Row], terminals: &[Terminal]) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| is_terminal(row, terminals)) {
        wanted.push(Wanted { name: format!("{}, a terminal", row.name()), terminal: true, how: How::Start(index) });
    }
    let is_login = |row: &&Row| row.mode == LaunchMode::Login && row.is_by_own_name();
    for row in rows.iter().filter(is_login).filter(|row| row.shell.name() != "bash") {
        wanted.push(Wanted {
            name: row.name(),
            terminal: false,
            how: row_or_run(facts, rows, row.shell.name(), row.mode),
        });
    }
    for (name, shell, mode) in [("bash -lc", "bash", LaunchMode::Login), ("sh -c", "sh", LaunchMode::Command)] {
        wanted.push(Wanted { name: name.to_owned(), terminal: false, how: row_or_run(facts, rows, shell, mode) });
    }
    let empty = which("env").map(|env| How::Run(Box::new(words(facts, env, &["-i"]))));
    let missing = |program: &str| How::Not(format!("{program} is not installed"));
    wanted.push(Wanted { name: "env -i".to_owned(), terminal: false, how: empty.unwrap_or_else(|| missing("env")) });
    let me = facts.user.name.clone().unwrap_or_else(|| format!("#{}", facts.user.euid));
    let root = facts.user.euid == 0;
    let su = |me: &str| {
        let shell = facts.user.passwd_shell.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
        let Some(shell) = shell.and_then(shells::by_name) else {
            return Err("the login shell is not known".to_owned());
        };
        let program = which("su").filter(|_| root).ok_or("it would ask for a password")?;
        // Without a session of its own: what hangs there is ended with it. It has no terminal to misuse.
        let command = if cfg!(target_os = "linux") { "--session-command" } else { "-c" };
        let takes = Takes::Line(shell);
        Ok(Replay { takes, ..words(facts, program, &["-", me, command]) })
    };
    let sudo = |me: &str| {
        let program = which("sudo").ok_or("sudo is not installed")?;
        Ok(words(facts, program, &["-n", "-i", "-u", me, "--"]))
    };
    let elsewhere = user::home_of(facts.user.euid).is_none_or(|home| home != facts.user.home);
    let as_me = |run: Result<Replay, String>| match run {
        _ if elsewhere => How::Not(format!("HOME is not the home of {me}")),
        Ok(replay) => How::Run(Box::new(replay)),
        Err(why) => How::Not(why),
    };
    wanted.push(Wanted { name: format!("su - {me}"), terminal: false, how: as_me(su(&me)) });
    wanted.push(Wanted { name: format!("sudo -i -u {me}"), terminal: false, how: as_me(sudo(&me)) });
    wanted
}

/// The start of a shell under its own name, if it is among those of doctor; else one of its own.
fn row_or_run(facts: &Facts, rows: &[Row], shell: &str, mode: LaunchMode) -> How {
    let same = |row: &Row| row.shell.name() == shell && row.mode == mode && row.is_by_own_name();
    if let Some(index) = rows.iter().position(same) {
        return How::Start(index);
    }
    let missing = || How::Not(format!("{shell} is not installed"));
    let Some(known) = shells::by_name(shell) else { return missing() };
    let Some(program) = known.programs().first() else { return missing() };
    let (Some(file), Some(start)) = (facts.program(program.file), known.start(program, mode)) else { return missing() };
    let replay = words(facts, file.to_owned(), start.args);
    How::Run(Box::new(Replay { argv0: Some(program.argv0), takes: Takes::Line(known), ..replay }))
}

/// A command line in the environment of a new terminal, behind which the words of a command stand.
fn words(facts: &Facts, program: PathBuf, args: &[&str]) -> Replay {
    let around = facts.new_terminal();
    Replay {
        program,
        argv0: None,
        args: args.iter().map(Into::into).collect(),
        takes: Takes::Words,
        env: around.env,
        tmux: false,
        folder: around.folder,
        limit: LIMIT,
    }
}

/// What came of them. `over`: of those that were run, in their order.
pub(super) fn chains(facts: &Facts, wanted: Vec<Wanted>, starts: &[Observed], over: Vec<Replayed>) -> Vec<Chain> {
    let mut over = over.into_iter();
    let chain = |Wanted { name, terminal, how }: Wanted| {
        let uses = match how {
            How::Not(why) => Err(why),
            How::Start(index) => match starts.get(index).map(|start| &start.ended) {
                Some(Ended::Reported(seen)) => Ok(uses(facts, seen)),
                Some(Ended::TimedOut) => Err(late()),
                _ => Err("it ended early".to_owned()),
            },
            How::Run(replay) => match over.next().unwrap_or_default() {
                Replayed { seen: Some(seen), .. } => Ok(uses(facts, &seen)),
                Replayed { end: End::TimedOut, .. } => Err(late()),
                Replayed { end: End::Status(Some(1), _), .. } if replay.program.ends_with("sudo") => {
                    Err("it would ask for a password".to_owned())
                }
                Replayed { end: End::Status(Some(status), _), .. } => {
                    Err(format!("it ended with exit status {status}"))
                }
                Replayed { .. } => Err("it ended early".to_owned()),
            },
        };
        Chain { name, terminal, uses }
    };
    wanted.into_iter().map(chain).collect()
}

fn late() -> String {
    format!("it was still starting after {} s", LIMIT.as_secs())
}

fn uses(facts: &Facts, seen: &Seen) -> Uses {
    let stored: Option<EnvFile> = chains::env_file(seen, facts.platform).and_then(env_file::open);
    let goroot = super::super::matrix::look(seen).go.and_then(|go| go.real_root);
    let root = goroot.as_ref().and_then(|root| env_file::open(root.join("go.env")));
    Uses::of(seen, stored.as_ref(), root.as_ref(), goroot.as_deref(), facts.platform)
}
