//! Shells that put a prompt in front of each command: from records to changes.

use super::changes::{Gathering, Step};
use super::follow::Follow;
use super::names::{Does, does};
use super::record::{Record, is_stream, records};
use super::text::{is_eval, sourced};
use super::{Ground, Place, Told, came_to, path_of};
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
        let place = finding.place(&record, apart);
        if let Some(at) = &place {
            last.clone_from(&place);
            came_to(&mut ends, at);
        }
        let step = Step { place, values: record.values, text: record.text };
        if !apart || is_last {
            gathering.step(step);
        } else if !was_apart && !late {
            gathering.aside(&step);
        }
    }
    let (changes, values) = gathering.finish(ground.last);
    Told { changes, last, ends, values }
}

fn contains(text: &[u8], word: &str) -> bool {
    text.windows(word.len()).any(|window| window == word.as_bytes())
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
}

impl<'a> Finding<'a> {
    fn new(prompt: &Prompt, ground: &'a Ground<'a>) -> Self {
        Self { ground, counts: !prompt.scope.is_empty(), follow: Follow::new(ground), eval: None, source: None }
    }

    fn place(&mut self, record: &Record, apart: bool) -> Option<Place> {
        if record.file.is_empty() {
            // A shell that names no file is followed by what it runs.
            return self.follow.place(record.line, record.text);
        }
        if is_stream(record.file) {
            return self.source.clone();
        }
        if !self.counts {
            return self.follow.place_in(&path_of(record.file, self.ground.home)?, record.line, record.text);
        }
        if self.is_evaluated(record) {
            return self.eval.as_ref().and_then(|eval| eval.place.clone());
        }
        let file = path_of(record.file, self.ground.home)?;
        let known = self.ground.files.iter().any(|(path, _)| *path == file);
        if !known && !record.file.contains(&b'/') {
            return None; // the name of the shell, for what comes from its command line
        }
        let names = || self.ground.variables.iter().any(|name| does(record.text, name) != Does::Nothing);
        let line = record.line.map(|line| if names() { self.follow.first(&file, line, record.text) } else { line });
        let place = Some(Place { file, lines: line.into_iter().collect() });
        if apart {
            return place;
        }
        if is_eval(record.text) {
            let (file, scope) = (record.file.to_vec(), record.scope.to_vec());
            self.eval = Some(Eval { depth: record.depth, file, scope, place: place.clone() });
        }
        if sourced(record.text).is_some() {
            self.source.clone_from(&place);
        }
        place
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

/// An `eval` that is not itself within one.
struct Eval {
    depth: usize,
    file: Vec<u8>,
    scope: Vec<u8>,
    place: Option<Place>,
}
