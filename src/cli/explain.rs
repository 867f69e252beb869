//! `explain`: the life of a variable, from what the shell inherited to what its programs see, down to the line.

mod document;
mod lines;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::Explain;
use super::exit::Exit;
use super::failure::Failure;
use super::look::Ground;
use crate::facts::{Env, Facts};
use crate::plan::life::{self, Life, OnPath};
use crate::plan::trace::{self, Place, Told, Value};
use crate::plan::{Request, secret, shell_choice};
use crate::probe::launch::{Ended, Launch};
use crate::probe::report::Seen;
use crate::probe::{self, trace as run_edge};
use crate::shells::{LaunchMode, Look, Program, Reach, Shell, Start};
use crate::ui::Ui;

/// A file that is larger is no startup file.
const MOST: u64 = 16 << 20;

/// One start of a shell, and what it told of the variables.
pub(super) struct Explained {
    pub(super) program: Program,
    pub(super) start: Start,
    pub(super) mode: LaunchMode,
    pub(super) lives: Vec<Life>,
    /// What a program saw that the shell started at the end.
    pub(super) seen: Option<Seen>,
    /// How it ended, if not well, in words.
    pub(super) trouble: Option<String>,
    /// Where it was when it did.
    pub(super) at: Option<Place>,
    /// Where it was last in each file.
    pub(super) ends: Vec<Place>,
}

pub(super) fn run(ui: &Ui, env: Env, args: &Explain) -> Result<Exit, Failure> {
    let variable = &args.variable;
    if !secret::is_told(variable) {
        return Err(usage(
            format!("cannot explain `{variable}`: it is no variable of Go's, and others may hold secrets"),
            "PATH, HOME, those that begin with GO or CGO_, and those that name a proxy: `goenv-setup explain GOROOT`",
        ));
    }
    let ground = Ground::new(env, "explain")?;
    let (facts, _) = ground.facts(&Request::default());
    let (shell, mode) = choose(&facts, args)?;
    let (program, start) = way(&facts, shell, args.shell.as_deref(), mode)?;
    ui.detail(&format!("starting {} {}", program.label, start.words));
    let told = explain(&facts, (shell, program, start, mode), std::slice::from_ref(variable), run_edge::LIMIT)?;
    let Some(told) = told else {
        ui.say("interrupted");
        document::interrupted(ui);
        return Ok(Exit::Interrupted);
    };
    let exit = Exit::Done.unless(told.trouble.is_some());
    let Some(life) = told.lives.first() else { return Ok(exit) };
    let gos = if variable == "PATH" { life.on_path(&with_go(life)) } else { Vec::new() };
    let hidden: Vec<&OnPath> = gos.iter().skip(1).collect();
    if ui.json() {
        document::send(ui, &facts, &told, life, &gos, exit);
    } else {
        ui.product(lines::lines(&told, life, &gos, &hidden, &facts.user.home).as_bytes());
    }
    if let Some(trouble) = &told.trouble {
        let at = told.at.as_ref().map(|at| format!(", at {}", lines::place(at, &facts.user.home)));
        ui.error(
            &format!("cannot tell the whole life of {variable}: {trouble}{}", at.unwrap_or_default()),
            Some("start the shell by hand to see what it waits for, or see which others start: `goenv-setup matrix`"),
        );
    }
    Ok(exit)
}

fn usage(what: String, hint: &str) -> Failure {
    Failure { exit: Exit::Usage, what, hint: Some(hint.to_owned()), file: None }
}

/// The shell that was asked for or detected, and how a terminal here starts it.
fn choose(facts: &Facts, args: &Explain) -> Result<(&'static dyn Shell, LaunchMode), Failure> {
    let request = Request { shells: args.shell.iter().cloned().collect(), ..Request::default() };
    let chosen = shell_choice::choose(facts, &request)
        .map_err(|refusal| Failure { exit: Exit::Usage, ..Failure::from(refusal) })?;
    let Some(chosen) = chosen.into_iter().next() else {
        return Err(usage("cannot tell which shell you use".to_owned(), "name it: `goenv-setup explain --shell zsh`"));
    };
    let terminal = if chosen.detected.login { LaunchMode::LoginInteractive } else { LaunchMode::Interactive };
    Ok((chosen.shell, args.mode.unwrap_or(terminal)))
}

/// The program that is the shell, and how it is started in a launch mode.
fn way(
    facts: &Facts,
    shell: &'static dyn Shell,
    asked: Option<&str>,
    mode: LaunchMode,
) -> Result<(Program, Start), Failure> {
    let installed = || shell.programs().iter().filter(|program| facts.program(program.file).is_some());
    let named = installed().find(|program| asked.is_some_and(|asked| program.argv0 == asked));
    let Some(program) = named.or_else(|| installed().next()) else {
        return Err(Failure {
            exit: Exit::NotAsWished,
            what: format!("cannot start {}: not installed", shell.name()),
            hint: Some("for the shells that are here: `goenv-setup matrix --all-shells`".to_owned()),
            file: None,
        });
    };
    let Some(start) = shell.start(program, mode) else {
        let ways = LaunchMode::ALL.into_iter().filter(|mode| shell.start(program, *mode).is_some());
        let ways: Vec<&str> = ways.map(LaunchMode::name).collect();
        return Err(usage(
            format!("cannot start {} as {}: it has no such way", program.label, mode.name()),
            &format!("those that it has are {}", ways.join(", ")),
        ));
    };
    Ok((*program, start))
}

/// Starts the shell and reads what it tells of these variables; `None`: the user broke off.
pub(super) fn explain(
    facts: &Facts,
    (shell, program, start, mode): (&'static dyn Shell, Program, Start, LaunchMode),
    variables: &[String],
    limit: Duration,
) -> Result<Option<Explained>, Failure> {
    let file = facts.program(program.file).unwrap_or(Path::new(program.file)).to_owned();
    let launch = Launch { shell, program, file, start, limit };
    let around = facts.new_terminal();
    let occupied = |path: &Path| path.exists();
    let look = Look { places: &facts.places, login: false, reach: Reach::default(), occupied: &occupied };
    let reads = shell.reads(&program, mode, &look);
    let asked = variables.len();
    let useful = trace::USEFUL.iter().map(ToString::to_string).filter(|name| !variables.contains(name));
    let variables = &variables.iter().cloned().chain(useful).collect::<Vec<_>>()[..];
    let traced = run_edge::trace(&launch, variables, &reads, &around);
    let (seen, trouble) = match traced.ended {
        Ended::Stopped => return Ok(None),
        Ended::NotStarted(why) => {
            return Err(Failure {
                exit: Exit::NotAsWished,
                what: format!("cannot start {}: {why}", program.label),
                hint: Some("for the shells that are here: `goenv-setup matrix --all-shells`".to_owned()),
                file: None,
            });
        }
        Ended::Reported(seen) => (Some(seen), None),
        Ended::TimedOut => (None, Some(format!("it hung, and was ended after {} s", limit.as_secs()))),
        Ended::Silent { status, .. } => {
            let how = status.map_or_else(|| "a signal".to_owned(), |status| format!("exit status {status}"));
            (None, Some(format!("it ended before it ran a command ({how})")))
        }
    };
    let value = |name: &String| -> Value {
        let found = around.env.iter().rev().find(|(known, _)| known == name.as_str());
        found.map(|(_, value)| value.as_bytes().to_vec())
    };
    let inherited: Vec<Value> = variables.iter().map(value).collect();
    let last: Option<Vec<Value>> = seen.as_ref().map(|seen| {
        let value = |name: &String| {
            let found = seen.variables.iter().find(|(known, _)| known == name.as_str());
            found.map(|(_, value)| value.as_bytes().to_vec())
        };
        variables.iter().map(value).collect()
    });
    let tracing = shell.tracing();
    let ground = trace::Ground {
        tracing: &tracing,
        dialect: shell.dialect(),
        token: &traced.token,
        variables,
        inherited: &inherited,
        last: last.as_deref(),
        startup: &reads,
        home: &facts.user.home,
        files: &[],
    };
    let named = trace::files(&traced.log, &ground);
    let files: Vec<(PathBuf, Vec<u8>)> =
        named.into_iter().filter_map(|path| Some((path.clone(), read(&path)?))).collect();
    let ground = trace::Ground { files: &files, ..ground };
    let Told { changes, last: at, ends, values } = trace::read(&traced.log, &ground);
    let mut lives = life::lives(variables, &inherited, &changes, &values, last.as_deref(), &files);
    lives.truncate(asked);
    Ok(Some(Explained { program, start, mode, lives, seen, trouble, at, ends }))
}

/// What a file holds that a shell has read.
fn read(path: &Path) -> Option<Vec<u8>> {
    let meta = fs_err::metadata(path).ok()?;
    (meta.is_file() && meta.len() <= MOST).then(|| fs_err::read(path).ok())?
}

/// The folders of PATH, now or at some time, that hold a `go`.
pub(super) fn with_go(life: &Life) -> Vec<PathBuf> {
    let lists = life.events.iter().map(|event| &event.after).chain([&life.inherited, &life.last]);
    let mut folders: Vec<PathBuf> = Vec::new();
    for entry in lists.flatten().flat_map(|list| list.split(|byte| *byte == b':')) {
        let folder = PathBuf::from(OsStr::from_bytes(entry));
        if folder.is_absolute() && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders.retain(|folder| probe::is_program(&folder.join("go")));
    folders
}
