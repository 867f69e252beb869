//! Shells that name no file: which one they read is followed, from the startup files in their order, by the commands that
//! read others and by what stands in the lines. Values that are known tell lines apart that look the same.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::names::{Does, does};
use super::record::{contains, records};
use super::text::{Shown, Text, is_eval, plain};
use super::{Ground, Place, Sure, path_of};
use crate::probe::report::REPORTER;

/// Follows such a shell.
pub(super) struct Follow<'a> {
    ground: &'a Ground<'a>,
    texts: Vec<OnceCell<Text>>,
    /// The startup files in their order, with those that came to be some on the way.
    startup: Vec<PathBuf>,
    /// The files that are being read, by their numbers, and the line that each has come to.
    stack: Vec<(usize, usize)>,
    /// How many of the startup files were begun.
    begun: usize,
    /// All commands of the log, where the shell tells no lines.
    all: Vec<Vec<u8>>,
    /// How many of them a command of a file can have become, where that was asked.
    counts: RefCell<HashMap<(usize, Option<usize>), usize>>,
    /// The last command that was found, where that was an `eval`.
    eval: Option<Place>,
    /// Whether the shell was seen to count lines otherwise.
    shifted: bool,
}

impl<'a> Follow<'a> {
    pub(super) fn new(ground: &'a Ground<'a>) -> Self {
        let texts = ground.files.iter().map(|_| OnceCell::new()).collect();
        Self {
            ground,
            texts,
            startup: ground.startup.to_vec(),
            stack: Vec::new(),
            begun: 0,
            all: Vec::new(),
            counts: RefCell::default(),
            eval: None,
            shifted: false,
        }
    }

    /// Takes note of how often commands come, to tell lines apart that look the same.
    pub(super) fn listen(&mut self, log: &[u8], ground: &Ground) {
        let silent = records(log, ground).next().is_some_and(|first| first.file.is_empty() && first.line.is_none());
        if silent {
            self.all = records(log, ground).map(|record| plain(record.text)).collect();
        }
        let more = named_by_env(log, ground).into_iter().filter(|file| !ground.startup.contains(file));
        self.startup.extend(more);
    }

    fn text(&self, number: usize) -> &Text {
        self.texts[number].get_or_init(|| Text::of(&self.ground.files[number].1, self.ground.dialect))
    }

    fn number(&self, path: &Path) -> Option<usize> {
        self.ground.files.iter().position(|(known, _)| known == path)
    }

    /// The first line of the command that became this text, which a shell may count by its last. In a file that `-c`
    /// of its `emulate` reads, zsh counts one too many.
    pub(super) fn first(&self, path: &Path, line: usize, shown: &Shown) -> usize {
        let Some(file) = self.number(path).map(|number| self.text(number)) else { return line };
        let before = || line.checked_sub(1).and_then(|before| file.first(before, shown));
        file.first(line, shown).or_else(before).unwrap_or(line)
    }

    /// The place of the next command, which is in this file: ksh93 counts on where it reads another file, and begins anew
    /// in the text of an `eval`.
    pub(super) fn place_in(&mut self, path: &Path, line: Option<usize>, text: &[u8], shown: &Shown) -> Option<Place> {
        let number = self.number(path)?;
        let file = self.text(number);
        let at = self.stack.iter().find(|(known, _)| *known == number).map_or(0, |(_, at)| *at);
        let found = line.and_then(|line| file.first(line, shown)).or_else(|| {
            let lines = file.lines(shown);
            lines.iter().copied().find(|line| *line > at).or(lines.first().copied())
        });
        if found.is_none() && self.eval.is_some() {
            return self.eval.clone();
        }
        let trusted = line.filter(|line| *line > at && file.begins(*line) && !self.shifted);
        self.shifted |= found.is_some_and(|found| line.is_some_and(|line| line != found));
        let line = found.or(trusted).unwrap_or(at);
        self.stack.retain(|(known, _)| *known != number);
        self.stack.push((number, line));
        let place = Some(Place { file: path.to_owned(), lines: (line > 0).then_some(line).into_iter().collect() });
        self.eval = place.clone().filter(|_| is_eval(text));
        place
    }

    /// The place of the next command, and how surely it is there. `reads`: the files that it may read.
    pub(super) fn place(
        &mut self,
        line: Option<usize>,
        text: &[u8],
        shown: &Shown,
        reads: &[PathBuf],
    ) -> (Option<Place>, Sure) {
        if contains(text, REPORTER) {
            return (None, Sure::Line);
        }
        let file = |number: usize| self.ground.files[number].0.clone();
        let found = self.find(line, shown);
        let read = reads.iter().find_map(|path| self.number(path));
        let mut sure = Sure::Line;
        let place = match &found {
            Some((number, lines)) => Some(Place { file: file(*number), lines: lines.clone() }),
            // It stands in no file: the text of an `eval`, or an alias.
            None if self.eval.is_some() => self.eval.clone(),
            // The shell itself reads it.
            None if read.is_some_and(|read| self.startup.contains(&self.ground.files[read].0)) => {
                read.map(|read| Place { file: file(read), lines: Vec::new() })
            }
            None => self.stack.last().map(|(number, at)| {
                let trusted = line.filter(|line| self.text(*number).begins(*line));
                if trusted.is_none() {
                    sure = Sure::Runs;
                }
                Place { file: file(*number), lines: vec![trusted.unwrap_or(*at)] }
            }),
        };
        if found.is_some() {
            self.eval = place.clone().filter(|_| is_eval(text));
        }
        self.stack.extend(read.map(|number| (number, 0)));
        (place, sure)
    }

    /// The file and the lines; takes note of where the shell is. What fits a value that is known goes before what does
    /// not.
    fn find(&mut self, line: Option<usize>, shown: &Shown) -> Option<(usize, Vec<usize>)> {
        let found = self.find_near(line, shown).or_else(|| self.find_anywhere(line, shown));
        if self.eval.is_some() {
            // It is more likely to be of the text that is evaluated.
            return found;
        }
        found.or_else(|| {
            let loose = shown.loose();
            self.find_near(line, &loose).or_else(|| self.find_anywhere(line, &loose))
        })
    }

    /// In the files that are being read, or that the shell reads next by itself.
    fn find_near(&mut self, line: Option<usize>, shown: &Shown) -> Option<(usize, Vec<usize>)> {
        for depth in (0..self.stack.len()).rev() {
            let (number, at) = self.stack[depth];
            let is_top = depth + 1 == self.stack.len();
            // What called goes on behind the call.
            let from = if is_top { 0 } else { at };
            let Some(lines) = self.lines(number, line, shown, from, at) else { continue };
            self.stack.truncate(depth + 1);
            self.stack[depth].1 = lines[0];
            return Some((number, lines));
        }
        for index in self.begun..self.startup.len() {
            let Some(number) = self.number(&self.startup[index]) else { continue };
            if let Some(lines) = self.lines(number, line, shown, 0, 0) {
                self.begun = index + 1;
                self.stack = vec![(number, lines[0])];
                return Some((number, lines));
            }
        }
        None
    }

    /// A function of a file that was read before: where the shell goes on afterwards does not change.
    fn find_anywhere(&self, line: Option<usize>, shown: &Shown) -> Option<(usize, Vec<usize>)> {
        let called = self.stack.iter().rev().map(|(number, _)| *number);
        let mut files = called.chain(0..self.ground.files.len());
        files.find_map(|number| Some((number, self.lines(number, line, shown, 0, 0)?)))
    }

    /// The lines of a file, from one on, that it can come from; one alone where the command before stands in it, or where
    /// it is clear that each was run.
    fn lines(&self, number: usize, line: Option<usize>, shown: &Shown, from: usize, at: usize) -> Option<Vec<usize>> {
        let file = self.text(number);
        if let Some(line) = line {
            return file.first(line, shown).filter(|first| *first >= from).map(|first| vec![first]);
        }
        let mut lines = file.lines(shown);
        lines.retain(|line| *line >= from);
        let first = *lines.first()?;
        if lines.len() > 1 {
            let command = file.number(first, shown);
            let count = || file.count(command, self.all.iter().map(Vec::as_slice));
            if *self.counts.borrow_mut().entry((number, command)).or_insert_with(count) < lines.len() {
                return Some(if lines.contains(&at) { vec![at] } else { lines });
            }
        }
        Some(vec![lines.iter().copied().find(|line| *line > at).unwrap_or(first)])
    }
}

/// The files that ENV came to name: a shell that asks reads the last of them when it has read the others.
pub(super) fn named_by_env(log: &[u8], ground: &Ground) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for record in records(log, ground).filter(|record| record.file.is_empty() && contains(record.text, "ENV=")) {
        let Does::Sets(name) = does(record.text, "ENV") else { continue };
        let below_home = ["$HOME/", "${HOME}/"].iter().find_map(|home| name.strip_prefix(home.as_bytes()));
        let name = below_home.map_or_else(|| name.clone(), |rest| [b"~/", rest].concat());
        files.extend(path_of(&name, ground.home));
    }
    files
}
