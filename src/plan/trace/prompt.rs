//! Shells that put a prompt in front of each command: from records to changes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::changes::{Gathering, Step};
use super::follow::Follow;
use super::names::{Does, does};
use super::record::{Record, as_it_is, contains, records};
use super::text::{Shown, is_eval, plain};
use super::{Ground, Place, Sure, Told, Value, came_to, candidates, path_of, read_by};
use crate::probe::report::REPORTER;
use crate::shells::{BASH_SUBSHELL, Prompt};

/// Reads the log of such a shell.
pub(super) fn read(log: &[u8], prompt: &Prompt, ground: &Ground) -> Told {
    // What is called sh may be bash.
    let is_bash = prompt.subshell == BASH_SUBSHELL && records(log, ground).any(|record| record.apart.is_some());
    let late = prompt.late && !is_bash;
    let mut gathering = Gathering::new(ground.variables, ground.inherited, late);
    let mut finding = Finding::new(prompt, ground);
    let mut last = None;
    let mut ends = Vec::new();
    let mut apart = false;
    finding.follow.listen(log, ground);
    for record in records(log, ground) {
        let was_apart = apart;
        apart = record.apart.unwrap_or(apart);
        // zsh starts programs from a subshell, the one that reports too.
        let is_last = contains(record.text, REPORTER);
        let (place, sure) = finding.place(&record, apart);
        if let Some(at) = place.as_ref().filter(|at| !at.lines.is_empty()) {
            last = Some(at.clone());
            came_to(&mut ends, at);
        }
        let fills = finding.fills(place.as_ref(), record.text);
        let step = Step { place, sure, fills, values: record.values, text: record.text };
        if is_last {
            // What comes behind it, such as what was to be done at the exit, no program sees.
            gathering.step(step);
            break;
        }
        if !apart {
            gathering.step(step);
        } else if !was_apart && !late {
            gathering.aside(&step);
        }
    }
    // A shell that told nothing read these.
    let read = ground.startup.iter().rfind(|file| ground.has(file));
    let read = read.map(|file| Place { file: file.clone(), lines: Vec::new() });
    let (changes, values) = gathering.finish(ground.last, read);
    Told { changes, last, ends, values }
}

/// Finds the place of each command.
struct Finding<'a> {
    ground: &'a Ground<'a>,
    /// Whether the depth and the function of a command tell what is evaluated.
    counts: bool,
    follow: Follow<'a>,
    eval: Option<Eval>,
    /// The last command that read a file.
    source: Option<Place>,
    /// What the commands that read files called them, with where they stand and the file, if it is known.
    named: HashMap<Vec<u8>, (Option<Place>, Option<PathBuf>)>,
    /// Which files were found to make which functions.
    made: RefCell<HashMap<(PathBuf, Vec<u8>), bool>>,
    /// Where the command before stands.
    last: Option<Place>,
    /// The values in front of it.
    before: Vec<Option<Value>>,
}

impl<'a> Finding<'a> {
    fn new(prompt: &Prompt, ground: &'a Ground<'a>) -> Self {
        Self {
            ground,
            counts: !prompt.scope.is_empty(),
            follow: Follow::new(ground),
            eval: None,
            source: None,
            named: HashMap::new(),
            made: RefCell::default(),
            last: None,
            before: Vec::new(),
        }
    }

    /// Where a command stands, and how surely.
    fn place(&mut self, record: &Record, apart: bool) -> (Option<Place>, Sure) {
        let reads = read_by(record.text, &record.values, self.ground);
        let found = if record.file.is_empty() {
            // A shell that names no file is followed by what it runs.
            let files: Vec<PathBuf> = reads.iter().map(|(_, file)| file.clone()).collect();
            let shown = self.shown(record);
            self.follow.place(record.line, record.text, &shown, &files)
        } else {
            let place = self.place_in_file(record, apart);
            (place, if record.file.starts_with(b"%") { Sure::Runs } else { Sure::Line })
        };
        self.last.clone_from(&found.0);
        if !apart && !reads.is_empty() {
            self.source.clone_from(&found.0);
            let known = |file: &PathBuf| self.ground.has(file).then(|| file.clone());
            for (name, _) in &reads {
                let file = reads.iter().filter(|(of, _)| of == name).find_map(|(_, file)| known(file));
                self.named.insert(name.clone(), (found.0.clone(), file));
            }
        }
        self.before.clone_from(&record.values);
        if !self.counts {
            // As it is once the command is done.
            for (name, before) in self.ground.variables.iter().zip(&mut self.before) {
                if let Does::Sets(value) = does(record.text, name) {
                    *before = Some(Some(value));
                }
            }
        }
        found
    }

    /// The variables that a line fills with `${NAME:=…}`, which is done when the shell shows it.
    fn fills(&self, place: Option<&Place>, text: &[u8]) -> Vec<usize> {
        let Some(line) = place.filter(|_| plain(text).starts_with(b":")).and_then(|place| self.line(place)) else {
            return Vec::new();
        };
        let fills = |name: &String| [":=", "="].iter().any(|sign| contains(line, &format!("${{{name}{sign}")));
        (0..self.ground.variables.len()).filter(|index| fills(&self.ground.variables[*index])).collect()
    }

    /// The line of a place.
    fn line(&self, place: &Place) -> Option<&[u8]> {
        let (_, bytes) = self.ground.files.iter().find(|(path, _)| *path == place.file)?;
        bytes.split(|byte| *byte == b'\n').nth(place.lines.first()?.checked_sub(1)?)
    }

    fn shown(&self, record: &Record) -> Shown {
        Shown::new(record.text, self.ground.variables, [&self.before, &record.values])
    }

    /// The file that the shell calls so, if it is known.
    fn file(&self, record: &Record) -> Option<PathBuf> {
        if let Some((_, Some(file))) = self.named.get(record.file) {
            return Some(file.clone());
        }
        let known =
            |name: &[u8]| candidates(name, &record.values, self.ground).into_iter().find(|it| self.ground.has(it));
        known(record.file).or_else(|| known(&as_it_is(record.file)))
    }

    fn place_in_file(&mut self, record: &Record, apart: bool) -> Option<Place> {
        if self.counts && self.is_evaluated(record) {
            return self.eval.as_ref().and_then(|eval| eval.place.clone());
        }
        if record.file.starts_with(b"%") {
            // zsh was told to expand nothing any more: it is somewhere behind this.
            return self.last.clone();
        }
        let Some(file) = self.file(record) else {
            if !record.file.contains(&b'/') {
                return None; // the name of the shell, for what comes from its command line
            }
            // It has no lines that could be looked at: what a command wrote, or a file that is gone.
            let source = self.named.get(record.file).map_or_else(|| self.source.clone(), |(place, _)| place.clone());
            let itself = || {
                Some(Place { file: path_of(record.file, self.ground.home)?, lines: record.line.into_iter().collect() })
            };
            return source.or_else(itself);
        };
        if !self.counts {
            let shown = self.shown(record);
            return self.follow.place_in(&file, record.line, record.text, &shown);
        }
        if self.is_of_evaluated_function(record, &file) {
            return self.last.clone();
        }
        let names = || self.ground.variables.iter().any(|name| does(record.text, name) != Does::Nothing);
        let line =
            record.line.map(|line| if names() { self.follow.first(&file, line, &self.shown(record)) } else { line });
        let place = Some(Place { file, lines: line.into_iter().collect() });
        if apart {
            return place;
        }
        if is_eval(record.text) {
            let (file, scope) = (record.file.to_vec(), record.scope.to_vec());
            self.eval = Some(Eval { depth: record.depth, file, scope, place: place.clone() });
        }
        place
    }

    /// Whether it stands in a function that was made by the text of an `eval`, whose lines are no lines of the file: the
    /// file knows no such function.
    fn is_of_evaluated_function(&self, record: &Record, file: &Path) -> bool {
        let name = record.scope.split(|byte| *byte == b' ').next().unwrap_or_default();
        let is_none = name.is_empty() || name == record.file || name.starts_with(b"(") || name.contains(&b'/');
        if is_none || matches!(name, b"source" | b"main") || file.file_name() == Some(OsStr::from_bytes(name)) {
            return false;
        }
        let key = (file.to_owned(), name.to_vec());
        let makes = || {
            let bytes = self.ground.files.iter().find(|(path, _)| path == file).map(|(_, bytes)| &bytes[..]);
            bytes.is_some_and(|bytes| makes_function(bytes, name))
        };
        !*self.made.borrow_mut().entry(key).or_insert_with(makes)
    }

    /// Whether it comes from the text of an `eval`, whose lines are no lines of the file.
    fn is_evaluated(&self, record: &Record) -> bool {
        let Some(eval) = &self.eval else { return false };
        if record.scope == b"(eval)" {
            return true;
        }
        if record.file != &eval.file[..] {
            return false;
        }
        record.depth > eval.depth && record.scope == &eval.scope[..]
    }
}

/// Whether a text makes a function of this name.
fn makes_function(bytes: &[u8], name: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(byte);
    bytes.windows(name.len()).enumerate().any(|(at, window)| {
        let (before, behind) = (&bytes[..at], &bytes[at + name.len()..]);
        let whole = !before.last().is_some_and(is_part) && !behind.first().is_some_and(is_part);
        whole && window == name && {
            // Among several names, `f g h() { … }`, only the last is followed by its parentheses.
            let line = behind.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let word = before.trim_ascii_end().rsplit(u8::is_ascii_whitespace).next();
            contains(line, "()") || word == Some(b"function")
        }
    })
}

/// An `eval` that is not itself within one.
struct Eval {
    depth: usize,
    file: Vec<u8>,
    scope: Vec<u8>,
    place: Option<Place>,
}
