//! The user's own lines that set what our block sets: pointed out with file and line, never changed.
//!
//! Works on commands, not on lines, so that comments, here-documents and quoted text are not taken for settings, and
//! knows the forms of POSIX-like shells, fish and csh.
//!
//! Invariant: a line within our blocks is never reported.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::Note;
use super::place::{newlines, pattern};
use super::scan::{End, scan};
use crate::facts::Snapshot;
use crate::shells::{Dialect, Shell};
use crate::text::fence::{self, FenceState};
use crate::text::show::tilde;

mod fish;

/// What a line sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variable {
    /// GOROOT.
    Goroot,
    /// GOPATH.
    Gopath,
    /// PATH, to something with a folder of Go's in it.
    Path,
}

impl Variable {
    /// The variable's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Goroot => "GOROOT",
            Self::Gopath => "GOPATH",
            Self::Path => "PATH",
        }
    }
}

/// A line of the user's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnLine {
    /// Its number; the first is 1.
    pub line: usize,
    /// What it sets. A line that sets two variables is listed twice.
    pub variable: Variable,
}

/// A note for each line of the user's own in a file of this shell.
pub(super) fn notes(file: &Snapshot, shell: &dyn Shell, home: &Path) -> Vec<Note> {
    let Some(bytes) = file.bytes() else { return Vec::new() };
    let found = fence::find(bytes, shell.comment());
    if matches!(found, FenceState::Newer { .. } | FenceState::Damaged { .. }) {
        return Vec::new(); // nobody can tell which lines are ours
    }
    let ours: Vec<_> = found.blocks().iter().map(|block| block.outer.clone()).collect();
    let name = tilde(&file.asked, home);
    let note = |own: &OwnLine| {
        Note::note(format!("line {} of `{name}` sets {}; it is yours and is left alone", own.line, own.variable.name()))
    };
    own_lines(bytes, shell.dialect(), &ours).iter().map(note).collect()
}

/// The lines outside our blocks (`ours`, ranges of bytes) that set GOROOT or GOPATH or put a folder of Go's on PATH,
/// in order.
pub fn own_lines(bytes: &[u8], dialect: Dialect, ours: &[Range<usize>]) -> Vec<OwnLine> {
    let mut found = BTreeSet::new();
    match dialect {
        Dialect::Posix | Dialect::Csh => posix(bytes, &mut found),
        Dialect::Fish => fish::read(bytes, &mut found),
    }
    let mut lines = BTreeSet::new();
    let (mut line, mut seen) = (1, 0);
    for (at, variable) in found {
        if ours.iter().any(|range| range.contains(&at)) {
            continue;
        }
        line += newlines(&bytes[seen..at]);
        seen = at;
        lines.insert(OwnLine { line, variable });
    }
    lines.into_iter().collect()
}

type Found = BTreeSet<(usize, Variable)>;

/// The whole text, or each line by itself if a quote is missing or it is another language.
fn posix(bytes: &[u8], found: &mut Found) {
    if read(bytes, 0, found) {
        return;
    }
    found.clear();
    let mut start = 0;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        read(line, start, found);
        start += line.len();
    }
}

/// Adds what the commands of a text set; false if the text was not understood.
fn read(text: &[u8], offset: usize, found: &mut Found) -> bool {
    let scan = scan(text);
    for command in &scan.commands {
        let words = Words { text, ranges: scan.words(command) };
        words.settings(&mut |at, variable| {
            found.insert((offset + at, variable));
        });
    }
    scan.end != End::Lost
}

/// `NAME=` at the start of a word, and of an argument that may be quoted.
static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r#"^["']?([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?\+?="#));

/// `${GOPATH:=…}`: sets it where it is not set.
static DEFAULT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$\{(GOPATH|GOROOT):?="));

/// A folder of Go's: by a variable, by what `go env` says, or by its name.
static GO_FOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        \$\{? (?: GO_?(?:PATH|ROOT|BIN|HOME|DIR) | GOLANG_?[A-Z]* ) (?: [^A-Za-z0-9_] | $ )
        | \bgo\ env\ (?: GOPATH | GOROOT | GOBIN )
        | (?: ^ | [^A-Za-z0-9_-] ) (?: go | golang | gocode | gopath | go-?[0-9][0-9a-z.]* )
          (?: /(?: libexec | current | latest | default | [0-9][^/:]* ) )? /+ bin (?: [^A-Za-z0-9_-] | $ )",
    )
});

/// Functions of system files and of people's own that add a folder to PATH.
static ADDS_TO_PATH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?: fish_add_path
        | path_?(?:munge|add|append|prepend|push|insert|front|back)(?:_[a-z_]*)?
        | (?:add|append|prepend|insert|push|pre|post)_?(?:to_?)?paths?(?:_[a-z_]*)? )$",
    )
});

/// The words of one command.
#[derive(Clone, Copy)]
struct Words<'a> {
    text: &'a [u8],
    ranges: &'a [Range<usize>],
}

impl<'a> Words<'a> {
    fn get(self, index: usize) -> Option<&'a [u8]> {
        let range = self.ranges.get(index)?;
        self.text.get(range.clone())
    }

    fn from(self, index: usize) -> Self {
        let ranges = self.ranges.get(index..).unwrap_or_default();
        Self { ranges, ..self }
    }

    /// Calls `add` with the offset of each setting.
    fn settings(self, add: &mut impl FnMut(usize, Variable)) {
        let Some(first) = self.get(0) else { return };
        match first {
            b"command" | b"builtin" | b"noglob" | b"and" | b"or" | b"begin" => {
                self.from(1).settings(add);
            }
            b"export" | b"typeset" | b"declare" | b"readonly" => {
                self.from(1).assignments(add);
            }
            b"set" => self.fish_or_csh(add),
            b"setenv" => self.from(1).named(add),
            b":" | b"true" => {
                for (range, at) in self.found(&DEFAULT) {
                    let is_root = self.text[range].starts_with(b"${GOROOT");
                    add(at, if is_root { Variable::Goroot } else { Variable::Gopath });
                }
            }
            _ if ADDS_TO_PATH.is_match(first) => self.from(1).go_folders(add),
            // `GOPATH=/x go build` sets it for that command only
            _ if self.are_assignments() => self.assignments(add),
            _ => {}
        }
    }

    /// fish: `set -gx NAME VALUE…`; csh: `set path = ( … )`.
    fn fish_or_csh(self, add: &mut impl FnMut(usize, Variable)) {
        let mut rest = self.from(1);
        while let Some(option) = rest.get(0).filter(|word| word.starts_with(b"-")) {
            let long = option.starts_with(b"--");
            let asks = if long {
                matches!(option, b"--erase" | b"--query" | b"--show" | b"--names")
            } else {
                option.iter().any(|b| b"eqSn".contains(b))
            };
            if asks {
                return;
            }
            rest = rest.from(1);
        }
        rest.named(add);
    }

    /// `NAME VALUE…`
    fn named(self, add: &mut impl FnMut(usize, Variable)) {
        let Some(range) = self.ranges.first() else {
            return;
        };
        match self.get(0) {
            Some(b"GOROOT") => add(range.start, Variable::Goroot),
            Some(b"GOPATH") => add(range.start, Variable::Gopath),
            Some(b"PATH" | b"path" | b"fish_user_paths") => self.from(1).go_folders(add),
            _ => {}
        }
    }

    /// The number of words that belong to the assignment at the front, and its name.
    fn assignment(self) -> Option<(usize, &'a [u8])> {
        let word = self.get(0)?;
        let name = ASSIGNMENT.captures(word)?.get(1)?.as_bytes();
        let mut length = 1;
        if word.ends_with(b"=(") {
            let elements = self.ranges.iter().skip(1);
            length += elements.take_while(|r| self.text[(*r).clone()] != *b")").count();
            length += 1;
        }
        Some((length, name))
    }

    fn are_assignments(mut self) -> bool {
        while let Some((length, _)) = self.assignment() {
            self = self.from(length);
        }
        self.ranges.is_empty()
    }

    fn assignments(mut self, add: &mut impl FnMut(usize, Variable)) {
        while let Some(range) = self.ranges.first() {
            let Some((length, name)) = self.assignment() else {
                self = self.from(1);
                continue;
            };
            match name {
                b"GOROOT" => add(range.start, Variable::Goroot),
                b"GOPATH" => add(range.start, Variable::Gopath),
                b"PATH" | b"path" => {
                    let own = self.ranges.get(..length).unwrap_or(self.ranges);
                    Self { ranges: own, ..self }.go_folders(add);
                }
                _ => {}
            }
            self = self.from(length);
        }
    }

    fn go_folders(self, add: &mut impl FnMut(usize, Variable)) {
        for (_, at) in self.found(&GO_FOLDER) {
            add(at, Variable::Path);
        }
    }

    /// Where a pattern is found in the words: the range, and the offset of its first byte that is no
    /// newline.
    fn found(self, regex: &'static Regex) -> Vec<(Range<usize>, usize)> {
        let mut all = Vec::new();
        for word in self.ranges {
            for found in regex.find_iter(&self.text[word.clone()]) {
                let start = word.start + found.start();
                let newline = usize::from(self.text[start] == b'\n');
                all.push((start..word.start + found.end(), start + newline));
            }
        }
        all
    }
}
#[cfg(test)]
mod tests;
