//! A traced start: the shell tells what it runs, and the lives of variables are read from that. For `explain`, `doctor` and
//! the proof.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::exit::Exit;
use super::failure::Failure;
use crate::facts::Facts;
use crate::plan::life::{self, Life};
use crate::plan::trace::{self, Place, Told, Value};
use crate::probe::launch::{Ended, Launch};
use crate::probe::report::Seen;
use crate::probe::{self, trace as run_edge};
use crate::shells::{LaunchMode, Look, Program, Reach, Shell, Start};

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
