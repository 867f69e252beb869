//! Shells that name no file: which one they read is followed, from the startup files in their order, by the commands that
//! read others and by what stands in the lines.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::Path;

use super::record::records;
use super::text::{Text, is_eval, plain, sourced};
use super::{Ground, Place, path_of};
use crate::probe::report::REPORTER;

/// Follows such a shell.
pub(super) struct Follow<'a> {
    ground: &'a Ground<'a>,
    texts: Vec<OnceCell<Text>>,
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
    }

    fn text(&self, number: usize) -> &Text {
        self.texts[number].get_or_init(|| Text::of(&self.ground.files[number].1, self.ground.dialect))
    }

    fn number(&self, path: &Path) -> Option<usize> {
        self.ground.files.iter().position(|(known, _)| known == path)
    }

    /// The first line of the command that became this text, which a shell may count by its last.
    pub(super) fn first(&self, path: &Path, line: usize, text: &[u8]) -> usize {
        self.number(path).and_then(|number| self.text(number).first(line, text)).unwrap_or(line)
    }

    /// The place of the next command, which is in this file: ksh93 counts on where it reads another file, and begins anew
    /// in the text of an `eval`.
    pub(super) fn place_in(&mut self, path: &Path, line: Option<usize>, text: &[u8]) -> Option<Place> {
        let number = self.number(path)?;
        let file = self.text(number);
        let at = self.stack.iter().find(|(known, _)| *known == number).map_or(0, |(_, at)| *at);
        let found = line.and_then(|line| file.first(line, text)).or_else(|| {
            let lines = file.lines(text);
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

    /// The place of the next command.
    pub(super) fn place(&mut self, line: Option<usize>, text: &[u8]) -> Option<Place> {
        if text.windows(REPORTER.len()).any(|window| window == REPORTER.as_bytes()) {
            return None;
        }
        let found = self.find(line, text);
        let place = match &found {
            Some((number, lines)) => Some(Place { file: self.ground.files[*number].0.clone(), lines: lines.clone() }),
            // It stands in no file: the text of an `eval`, or an alias.
            None if self.eval.is_some() => self.eval.clone(),
            None => self.stack.last().map(|(number, at)| {
                let has = |line: &usize| self.text(*number).begins(*line);
                let lines = vec![line.filter(has).unwrap_or(*at)];
                Place { file: self.ground.files[*number].0.clone(), lines }
            }),
        };
        if found.is_some() {
            self.eval = place.clone().filter(|_| is_eval(text));
        }
        if let Some(path) = sourced(text).and_then(|name| path_of(&name, self.ground.home))
            && let Some(number) = self.number(&path)
        {
            self.stack.push((number, 0));
        }
        place
    }

    /// The file and the lines; takes note of where the shell is.
    fn find(&mut self, line: Option<usize>, text: &[u8]) -> Option<(usize, Vec<usize>)> {
        for depth in (0..self.stack.len()).rev() {
            let (number, at) = self.stack[depth];
            let is_top = depth + 1 == self.stack.len();
            // What called goes on behind the call.
            let from = if is_top { 0 } else { at };
            let Some(lines) = self.lines(number, line, text, from, at) else { continue };
            self.stack.truncate(depth + 1);
            self.stack[depth].1 = lines[0];
            return Some((number, lines));
        }
        for index in self.begun..self.ground.startup.len() {
            let Some(number) = self.number(&self.ground.startup[index]) else { continue };
            if let Some(lines) = self.lines(number, line, text, 0, 0) {
                self.begun = index + 1;
                self.stack = vec![(number, lines[0])];
                return Some((number, lines));
            }
        }
        // A function of a file that was read before: where the shell goes on afterwards does not change.
        let called = self.stack.iter().rev().map(|(number, _)| *number).collect::<Vec<_>>().into_iter();
        let mut files = called.chain(0..self.ground.files.len());
        files.find_map(|number| Some((number, self.lines(number, line, text, 0, 0)?)))
    }

    /// The lines of a file, from one on, that it can come from; the first behind `at` where one is enough.
    fn lines(&self, number: usize, line: Option<usize>, text: &[u8], from: usize, at: usize) -> Option<Vec<usize>> {
        let file = self.text(number);
        if let Some(line) = line {
            return file.first(line, text).filter(|first| *first >= from).map(|first| vec![first]);
        }
        let mut lines = file.lines(text);
        lines.retain(|line| *line >= from);
        let first = *lines.first()?;
        if lines.len() > 1 {
            let command = file.number(first, text);
            let count = || file.count(command, self.all.iter().map(Vec::as_slice));
            if *self.counts.borrow_mut().entry((number, command)).or_insert_with(count) < lines.len() {
                return Some(lines);
            }
        }
        Some(vec![lines.iter().copied().find(|line| *line > at).unwrap_or(first)])
    }
}
