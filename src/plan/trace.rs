//! What a shell told of its own start, turned into changes of variables: which file and line gave a variable which value.
//!
//! Two kinds of shells: those that show the values in front of each command (`prompt`), where a value that differs from
//! the one before names its command; and those that only show commands with everything expanded (`nested` for fish,
//! `echo` for csh), from which the values follow.
//!
//! What shells tell holds other people's secrets. Nothing of it leaves this module but file names, line numbers and the
//! values of the variables that were asked for.

mod changes;
mod echo;
mod follow;
mod names;
mod nested;
mod prompt;
mod record;
mod text;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::shells::{Dialect, Tracing};
pub use nested::UNIVERSAL;

/// A value; `None`: the variable is not set.
pub type Value = Option<Vec<u8>>;

/// Where a command stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The number of its line, the first is 1; several where it cannot be told which; none where not even that.
    pub lines: Vec<usize>,
}

/// How surely a change belongs to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sure {
    /// The line itself did it.
    Line,
    /// Something did it that the line runs, or that comes before the next line that was seen, and that the shell did not
    /// tell of.
    Runs,
}

/// One change of a variable. Where the value is the same before and afterwards, the variable was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which of the variables that were asked for.
    pub variable: usize,
    /// Its value before.
    pub before: Value,
    /// Its value afterwards.
    pub after: Value,
    /// Where; `None`: before the first line of any startup file, so the shell itself.
    pub place: Option<Place>,
    /// How surely.
    pub sure: Sure,
}

/// What a trace is read with.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// How the shell tells what it runs.
    pub tracing: &'a Tracing,
    /// The language of its files.
    pub dialect: Dialect,
    /// What stands behind each field of a prompt.
    pub token: &'a str,
    /// The names of the variables.
    pub variables: &'a [String],
    /// Their values before the shell started.
    pub inherited: &'a [Value],
    /// Their values as a program sees them that the shell starts at the end; `None`: the shell did not come so far.
    pub last: Option<&'a [Value]>,
    /// The startup files of the launch mode, in the order in which the shell reads them.
    pub startup: &'a [PathBuf],
    /// The home folder.
    pub home: &'a Path,
    /// The files that [`files`] named, as far as they can be read.
    pub files: &'a [(PathBuf, Vec<u8>)],
}

/// Variables that a trace is read better with, beside those that are asked for: where files are looked for.
pub const USEFUL: [&str; 2] = ["PATH", "PWD"];

impl Ground<'_> {
    fn has(&self, file: &Path) -> bool {
        self.files.iter().any(|(known, _)| known == file)
    }

    /// What a variable is told to be.
    fn told<'v>(&self, variable: &str, values: &'v [Option<Value>]) -> Option<&'v [u8]> {
        let index = self.variables.iter().position(|known| known == variable)?;
        values.get(index)?.as_ref()?.as_deref()
    }
}

/// What a trace says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The changes, in their order.
    pub changes: Vec<Change>,
    /// Where the shell was last, in a file.
    pub last: Option<Place>,
    /// Where it was last in each file, in the order in which it left them.
    pub ends: Vec<Place>,
    /// The values at the end, as the shell itself has them, exported or not.
    pub values: Vec<Value>,
}

/// Takes note of a place that the shell came to.
fn came_to(ends: &mut Vec<Place>, place: &Place) {
    match ends.last_mut() {
        Some(last) if last.file == place.file => last.lines.clone_from(&place.lines),
        _ => {
            ends.retain(|known| known.file != place.file);
            ends.push(place.clone());
        }
    }
}

/// The files that a trace names, to be read before [`read`]; each once, the startup files first.
pub fn files(log: &[u8], ground: &Ground) -> Vec<PathBuf> {
    let mut found = ground.startup.to_vec();
    if *ground.tracing == Tracing::Nested {
        let beside = ground.startup.iter().filter(|file| file.ends_with("config.fish"));
        found.extend(beside.map(|file| file.with_file_name(nested::UNIVERSAL)));
    }
    let mut known: HashSet<PathBuf> = found.iter().cloned().collect();
    let mut add = |paths: &mut dyn Iterator<Item = PathBuf>| {
        let new = paths.filter(|path| known.insert(path.clone()));
        found.extend(new);
    };
    match ground.tracing {
        Tracing::Prompt(_) => {
            let mut names: HashSet<&[u8]> = HashSet::new();
            for record in record::records(log, ground) {
                let is_absolute = record.file.starts_with(b"/");
                if !is_absolute || names.insert(record.file) {
                    let as_it_is = record::as_it_is(record.file);
                    let names = [record.file, &as_it_is];
                    add(&mut names.iter().flat_map(|name| candidates(name, &record.values, ground)));
                }
                add(&mut read_by(record.text, &record.values, ground).into_iter().map(|(_, file)| file));
            }
            add(&mut follow::named_by_env(log, ground).into_iter());
        }
        Tracing::Nested | Tracing::Echo { .. } => {
            let is_fish = *ground.tracing == Tracing::Nested;
            let mut folder = ground.home.to_owned();
            for line in log.split(|byte| *byte == b'\n') {
                let line = line.trim_ascii_start();
                let dashes = line.iter().take_while(|byte| **byte == b'-').count();
                let text = line[dashes..].strip_prefix(b"> ").unwrap_or(line);
                let (names, to) = if is_fish {
                    (nested::sourced(text).into_iter().collect(), nested::gone_to(text, &folder))
                } else {
                    (text::sourced(text), echo::gone_to(text, &folder, ground.home))
                };
                add(&mut names.iter().flat_map(|name| beside(&folder, name, ground.home)));
                folder = to.unwrap_or(folder);
            }
        }
    }
    found
}

/// The files that a shell may call so that is in this folder.
fn beside(folder: &Path, name: &[u8], home: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    if !name.starts_with(b"~/") {
        found.extend(path_of(name, folder));
    }
    found.extend(path_of(name, home));
    found.dedup();
    found
}

/// Reads a trace. Any bytes are allowed.
pub fn read(log: &[u8], ground: &Ground) -> Told {
    match ground.tracing {
        Tracing::Prompt(prompt) => prompt::read(log, prompt, ground),
        Tracing::Nested => nested::read(log, ground),
        Tracing::Echo { .. } => echo::read(log, ground),
    }
}

/// The files that a command may read, each with what the command calls it.
fn read_by(text: &[u8], values: &[Option<Value>], ground: &Ground) -> Vec<(Vec<u8>, PathBuf)> {
    let names = text::sourced(text).into_iter();
    names
        .flat_map(|name| {
            let files = candidates(&name, values, ground).into_iter();
            files.map(move |file| (name.clone(), file)).collect::<Vec<_>>()
        })
        .collect()
}

/// The files that a shell may call so, in the order in which it looks for them: in the folders of PATH, in the one that it
/// is in, and in the home, where it started.
fn candidates(name: &[u8], values: &[Option<Value>], ground: &Ground) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if !name.starts_with(b"/") && !name.starts_with(b"~/") && !name.is_empty() {
        let mut within = |folder: &[u8]| {
            let path = path_of(name, Path::new(OsStr::from_bytes(folder)));
            found.extend(path.filter(|path| path.is_absolute()));
        };
        if !name.contains(&b'/') {
            ground
                .told("PATH", values)
                .into_iter()
                .flat_map(|path| path.split(|byte| *byte == b':'))
                .for_each(&mut within);
        }
        ground.told("PWD", values).into_iter().for_each(within);
    }
    found.extend(path_of(name, ground.home));
    found
}

/// The file that a shell calls so: a relative name is taken to be one in this folder.
fn path_of(name: &[u8], home: &Path) -> Option<PathBuf> {
    let name = match name {
        [] => return None,
        [b'~', b'/', rest @ ..] => return Some(home.join(OsStr::from_bytes(rest))),
        name => Path::new(OsStr::from_bytes(name)),
    };
    let plain = name.strip_prefix("./").unwrap_or(name);
    Some(home.join(plain))
}

#[cfg(test)]
mod tests;
