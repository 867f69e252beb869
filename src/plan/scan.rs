//! A light scanner of POSIX-like shell text (sh, bash, ksh, zsh): enough grammar to know which commands always run,
//! and before which lines something may be put.
//!
//! It never decides what a command does and never fails: text that it does not understand ends as [`End::Lost`], and
//! then nobody should rely on what it found. One pass over the bytes, no recursion, so any input takes linear time.
//!
//! Invariant: a boundary is the start of a line where nothing is open: no quote, no here-document, no `if`, no
//! `&&` or backslash that waits for more.

mod frame;
mod redirect;
mod step;
mod word;

use std::ops::Range;

use frame::{Case, Frame, Level, Loop, State};

/// What the scanner found in a text.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The simple commands in order, without those of subshells and substitutions.
    pub commands: Vec<Command>,
    /// Starts of lines (offsets in bytes, rising, the first is 0) before which a line may be put.
    pub boundaries: Vec<usize>,
    /// How the text ended.
    pub end: End,
    words: Vec<Range<usize>>,
}

/// One simple command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Whether it runs whenever the text is read that far: at top level or in a plain `{ }`, behind no `&&`, `||` or
    /// `|`, and in no function. False where this is not sure.
    pub always: bool,
    /// The last boundary at or before it.
    pub boundary: usize,
    words: Range<usize>,
}

/// In which state the text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything was closed.
    Balanced,
    /// A keyword or group opened at this offset was never closed: csh, zsh's short forms. Trust what stands before.
    Open(usize),
    /// A quote, here-document or bracket was never closed, or something was closed that was not open: trust nothing.
    Lost,
}

impl Scan {
    /// The words of a command as ranges of the text, quotes and all, without redirections. An array assignment is
    /// `name=(`, one word for each element, and `)`.
    pub fn words(&self, command: &Command) -> &[Range<usize>] {
        self.words.get(command.words.clone()).unwrap_or_default()
    }
}

/// Scans a text. Any bytes are allowed.
pub fn scan(text: &[u8]) -> Scan {
    let mut scanner = Scanner {
        text,
        at: 0,
        stack: Vec::new(),
        state: State::default(),
        here_docs: Vec::new(),
        unsure: 0,
        apart: 0,
        lost: false,
        commands: Vec::new(),
        words: Vec::new(),
        boundaries: vec![0],
    };
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.finish()
}

struct HereDoc {
    delimiter: Vec<u8>,
    strip_tabs: bool,
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    stack: Vec<Level>,
    state: State,
    /// Here-documents whose bodies begin after this line.
    here_docs: Vec<HereDoc>,
    /// How many open frames may not be run.
    unsure: usize,
    /// How many open frames run in a process of their own.
    apart: usize,
    lost: bool,
    commands: Vec<Command>,
    words: Vec<Range<usize>>,
    boundaries: Vec<usize>,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    fn top(&self) -> Option<Frame> {
        self.stack.last().map(|level| level.frame)
    }

    fn set_top(&mut self, frame: Frame) {
        if let Some(level) = self.stack.last_mut() {
            level.frame = frame;
        }
    }

    fn push(&mut self, frame: Frame) {
        self.unsure += usize::from(!matches!(frame, Frame::Group));
        self.apart += usize::from(frame.is_apart());
        self.state.expects = false;
        let opened = self.state.word.unwrap_or(self.at);
        let inner = State { first: self.words.len(), list: self.commands.len(), ..State::default() };
        let outer = std::mem::replace(&mut self.state, inner);
        self.stack.push(Level { frame, outer, opened });
    }

    /// Closes the innermost frame and goes on where it was opened.
    fn pop(&mut self) {
        if let Some(level) = self.stack.pop() {
            self.unsure -= usize::from(!matches!(level.frame, Frame::Group));
            self.apart -= usize::from(level.frame.is_apart());
            self.state = level.outer;
            if self.state.word.is_none() && level.frame != Frame::Array {
                // that was a compound command: the next one needs an operator
                self.state.closed = true;
                self.state.first = self.words.len();
            }
        }
    }

    /// Begins the next list of commands in the same frame.
    fn next_list(&mut self) {
        self.state = State { first: self.words.len(), list: self.commands.len(), ..State::default() };
    }

    fn no_words(&self) -> bool {
        self.words.len() == self.state.first
    }

    fn begin_word(&mut self) {
        self.state.word.get_or_insert(self.at);
        self.state.expects = false;
    }

    fn finish_word(&mut self) {
        let Some(start) = self.state.word.take() else {
            return;
        };
        let range = start..self.at;
        if std::mem::take(&mut self.state.target) {
            return;
        }
        let text = self.text;
        let word = &text[range.clone()];
        match self.top() {
            Some(Frame::Loop(Loop::Header { words })) => return self.header_word(words, word),
            Some(Frame::Loop(Loop::Count)) => return self.set_top(Frame::Loop(Loop::Listed)),
            Some(Frame::Case(Case::Subject, _)) => {
                if word == b"in" || word == b"{" {
                    self.set_top(Frame::Case(Case::PATTERN, word == b"{"));
                }
                return;
            }
            Some(Frame::Loop(Loop::Listed)) if word != b"do" && word != b"{" => {
                self.set_top(Frame::Loop(Loop::Short));
            }
            _ => {}
        }
        if self.state.naming {
            if word == b"{" {
                self.state.naming = false;
                self.state.linked = true;
                self.open_brace();
            }
            return;
        }
        if self.no_words() && self.keyword(word) {
            return;
        }
        if word == b"}" && matches!(self.top(), Some(Frame::Group | Frame::Body { .. })) {
            // zsh needs no `;` before it
            self.finish_command(false);
            return self.close_brace();
        }
        if self.no_words() && self.state.closed {
            self.state.linked = true;
        }
        self.words.push(range);
    }

    fn finish_command(&mut self, piped: bool) {
        self.finish_word();
        self.state.target = false;
        let words = self.state.first..self.words.len();
        if self.apart > 0 {
            self.words.truncate(words.start);
        } else if !words.is_empty() {
            self.commands.push(Command {
                always: self.unsure == 0 && !self.state.linked && !piped,
                boundary: self.boundaries.last().copied().unwrap_or(0),
                words,
            });
        }
        self.state.first = self.words.len();
        if piped {
            for command in &mut self.commands[self.state.list..] {
                command.always = false;
            }
            self.state.list = self.commands.len();
        }
    }

    /// After `&&`, `||` or `|`: what follows belongs to what stood before.
    fn link(&mut self, piped: bool) {
        self.finish_command(piped);
        self.state.linked = true;
        self.state.expects = true;
        self.state.closed = false;
    }

    /// At `;`, `&` or the end of a line.
    fn separate(&mut self, background: bool) {
        self.finish_command(background);
        self.settle();
        match self.top() {
            Some(Frame::Loop(Loop::Header { .. } | Loop::Count)) => {
                self.set_top(Frame::Loop(Loop::Listed));
            }
            Some(Frame::Case(Case::Subject, _)) => return,
            _ => {}
        }
        if std::mem::take(&mut self.state.naming) {
            self.state.linked = true;
            self.state.expects = true;
        }
        if !self.state.expects {
            self.next_list();
        }
    }

    /// Closes zsh's forms that have no closing word: `if [[ x ]] { }` and `for x (a b) command`.
    fn settle(&mut self) {
        while match self.top() {
            Some(Frame::If { braced }) => braced && self.state.after_brace,
            Some(Frame::Loop(Loop::Short)) => true,
            _ => false,
        } {
            self.pop();
        }
    }

    /// At a newline in any frame but a quote: here-documents begin.
    fn end_line(&mut self) {
        self.at += 1;
        for here_doc in std::mem::take(&mut self.here_docs) {
            loop {
                if self.at >= self.text.len() {
                    self.lost = true;
                    return;
                }
                let rest = &self.text[self.at..];
                let length = rest.iter().position(|&b| b == b'\n');
                let line = &rest[..length.unwrap_or(rest.len())];
                self.at += length.map_or(rest.len(), |n| n + 1);
                let tabs = line.iter().take_while(|&&b| b == b'\t').count();
                let skip = if here_doc.strip_tabs { tabs } else { 0 };
                if line[skip..] == here_doc.delimiter {
                    break;
                }
            }
        }
        let begun = self.text[..self.at].ends_with(b"\n");
        if begun && self.stack.is_empty() && !self.state.expects && self.no_words() {
            self.boundaries.push(self.at);
        }
    }

    fn finish(mut self) -> Scan {
        self.at = self.text.len();
        let lexical = |level: &Level| level.frame.is_lexical();
        if !self.here_docs.is_empty() || self.stack.iter().any(lexical) {
            self.lost = true;
        } else {
            self.separate(false);
        }
        let end = match self.stack.first() {
            _ if self.lost => End::Lost,
            Some(level) => End::Open(level.opened),
            None => End::Balanced,
        };
        Scan { commands: self.commands, boundaries: self.boundaries, end, words: self.words }
    }
}

#[cfg(test)]
pub(in crate::plan) mod tests;
