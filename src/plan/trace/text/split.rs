//! Splits the text of a shell into commands: enough of each language's quotes to know where one ends, and no more.

use super::{ANYTHING, Command, plain};
use crate::shells::Dialect;

/// Words before a command that are not of it.
const BEFORE: [&[u8]; 16] = [
    b"if", b"then", b"else", b"elif", b"do", b"while", b"until", b"!", b"{", b"}", b"time", b"and", b"or", b"not",
    b"begin", b"end",
];

/// The commands of a text, in their order.
pub(super) fn split(bytes: &[u8], dialect: Dialect) -> Vec<Command> {
    let mut splitter = Splitter {
        bytes,
        dialect,
        at: 0,
        line: 1,
        open: 0,
        here: vec![],
        current: None,
        outer: vec![],
        commands: vec![],
    };
    while splitter.at < bytes.len() {
        splitter.step();
    }
    splitter.end_command();
    splitter.commands
}

struct Splitter<'a> {
    bytes: &'a [u8],
    dialect: Dialect,
    at: usize,
    line: usize,
    /// How many parentheses are open.
    open: usize,
    /// The last lines of the here-documents that begin after this line.
    here: Vec<Vec<u8>>,
    current: Option<Command>,
    /// The commands of fish within whose parentheses this one stands.
    outer: Vec<Option<Command>>,
    commands: Vec<Command>,
}

impl Splitter<'_> {
    fn step(&mut self) {
        let byte = self.bytes[self.at];
        let next = self.bytes.get(self.at + 1).copied();
        match byte {
            b'\n' => {
                self.end_command();
                self.next_line();
            }
            b'\\' if next == Some(b'\n') => {
                self.at += 2;
                self.line += 1;
            }
            b'\\' if next == Some(b'\r') && self.bytes.get(self.at + 2) == Some(&b'\n') => {
                self.at += 3;
                self.line += 1;
            }
            b'\\' => {
                self.put(next.unwrap_or(b'\\'));
                self.at += 2;
            }
            b' ' | b'\t' | b'\r' => {
                self.end_word();
                self.at += 1;
            }
            b'#' if self.is_word_start() => {
                while self.bytes.get(self.at).is_some_and(|byte| *byte != b'\n') {
                    self.at += 1;
                }
            }
            b'\'' | b'"' => self.quoted(byte),
            b'$' | b'`' => self.expansion(),
            b'(' if self.dialect == Dialect::Fish => {
                self.put(ANYTHING);
                self.outer.push(self.current.take());
                self.at += 1;
            }
            b')' if self.dialect == Dialect::Fish => {
                self.end_command();
                self.current = self.outer.pop().flatten();
                self.at += 1;
            }
            b'~' if self.is_word_start() => {
                self.put(ANYTHING);
                self.at += 1;
            }
            b'*' | b'?' | b'[' | b']' => {
                self.put(ANYTHING);
                self.at += 1;
            }
            b'<' | b'>' => self.redirection(),
            b'(' if next == Some(b')') => {
                // A function's name.
                self.current = None;
                self.at += 2;
            }
            b')' if self.open == 0 => {
                // What a `case` is compared with.
                self.current = None;
                self.at += 1;
            }
            b';' | b'&' | b'|' | b'(' | b')' => {
                self.open += usize::from(byte == b'(');
                self.open -= usize::from(byte == b')');
                self.end_command();
                self.at += 1;
            }
            _ => {
                self.put(byte);
                self.at += 1;
            }
        }
    }

    fn put(&mut self, byte: u8) {
        let line = self.line;
        let command = self.current.get_or_insert_with(|| Command {
            first: line,
            last: line,
            pattern: vec![],
            names: vec![],
            word: 0,
            part: false,
            is_cut: false,
        });
        command.last = line;
        if byte.is_ascii_whitespace() || b"'\"\\".contains(&byte) || command.is_cut {
            return;
        }
        command.pattern.push(byte);
        if byte == ANYTHING {
            command.names.push(Vec::new());
        }
    }

    /// What stands for the value of a variable.
    fn put_variable(&mut self, name: &[u8]) {
        self.put(ANYTHING);
        if let Some(last) = self.current.as_mut().filter(|it| !it.is_cut).and_then(|it| it.names.last_mut()) {
            *last = name.to_vec();
        }
    }

    /// Nothing more of this command is compared.
    fn cut(&mut self) {
        if let Some(command) = &mut self.current {
            command.is_cut = true;
        }
    }

    fn is_word_start(&self) -> bool {
        self.at.checked_sub(1).is_none_or(|before| b" \t\n;&|()=:".contains(&self.bytes[before]))
    }

    /// A word is over: one that only stands before a command is not of it.
    fn end_word(&mut self) {
        let Some(command) = &mut self.current else { return };
        if BEFORE.contains(&&command.pattern[..]) {
            self.current = None;
            return;
        }
        let word = &command.pattern[command.word..];
        let name = word.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        if name > 0 && word.get(name) == Some(&b'=') {
            let before = command.pattern[..command.word].iter().filter(|byte| **byte == ANYTHING).count();
            let names = command.names[before..].to_vec();
            self.commands.push(Command { pattern: word.to_vec(), names, word: 0, part: true, ..*command });
        }
        command.word = command.pattern.len();
    }

    fn end_command(&mut self) {
        self.end_word();
        self.commands.extend(self.current.take().filter(|command| !command.pattern.is_empty()));
    }

    fn next_line(&mut self) {
        self.at += 1;
        self.line += 1;
        for last in std::mem::take(&mut self.here) {
            while self.at < self.bytes.len() {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
                let line = rest[..length].trim_ascii();
                self.at += length;
                self.line += 1;
                if line == last {
                    break;
                }
            }
        }
    }

    fn quoted(&mut self, quote: u8) {
        self.put(b' ');
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                _ if byte == quote => {
                    self.at += 1;
                    return;
                }
                b'\\' if quote == b'"' || self.dialect == Dialect::Fish => {
                    let next = self.bytes.get(self.at + 1).copied();
                    self.line += usize::from(next == Some(b'\n'));
                    if let Some(next) = next.filter(|next| !b"'\"\\\n".contains(next)) {
                        self.put(next);
                    }
                    self.at += 2;
                }
                b'$' | b'`' if quote == b'"' => self.expansion(),
                b'\'' | b'"' | b'\\' => self.at += 1,
                b'\n' => {
                    // What a shell shows of this command may be cut off at the end of its first line.
                    self.line += 1;
                    self.at += 1;
                    self.put(ANYTHING);
                    self.cut();
                }
                _ => {
                    self.put(byte);
                    self.at += 1;
                }
            }
        }
    }

    /// From `$` or a backtick to behind what is expanded.
    fn expansion(&mut self) {
        let opens = self.bytes[self.at];
        self.at += 1;
        match (opens, self.bytes.get(self.at).copied()) {
            (b'`', _) => {
                self.skip_to(b'`');
            }
            (_, Some(b'\'' | b'"')) => return,
            (_, Some(b'{')) => {
                let start = self.at + 1;
                self.skip_to(b'}');
                let inner = &self.bytes[start..self.at.saturating_sub(1).max(start)];
                if inner.iter().all(|byte| is_of_name(*byte)) {
                    self.put_variable(inner);
                    return;
                }
            }
            (_, Some(b'(')) => {
                self.at += 1;
                self.skip_to_paren();
            }
            (_, Some(byte)) if is_of_name(byte) => {
                let start = self.at;
                while self.bytes.get(self.at).copied().is_some_and(is_of_name) {
                    self.at += 1;
                }
                self.put_variable(&self.bytes[start..self.at]);
                return;
            }
            (_, Some(b'?' | b'$' | b'!' | b'#' | b'@' | b'*' | b'-')) => self.at += 1,
            _ => {
                self.put(b'$');
                return;
            }
        }
        self.put(ANYTHING);
    }

    fn skip_to(&mut self, end: u8) {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            self.line += usize::from(byte == b'\n');
            if byte == end {
                return;
            }
        }
    }

    fn skip_to_paren(&mut self) {
        let mut open = 1;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            self.line += usize::from(byte == b'\n');
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }

    /// Where output goes is not shown by all; a here-document has its lines behind this one.
    fn redirection(&mut self) {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| b"<>&-!".contains(byte)) {
            self.at += 1;
        }
        let is_here = self.bytes[start..self.at].starts_with(b"<<") && !self.bytes[start..].starts_with(b"<<<");
        while self.bytes.get(self.at).is_some_and(|byte| b" \t".contains(byte)) {
            self.at += 1;
        }
        let word = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| !b" \t\r\n;&|()<>".contains(byte)) {
            self.at += 1;
        }
        if is_here && self.dialect != Dialect::Fish {
            self.here.push(plain(&self.bytes[word..self.at]));
        }
        if let Some(command) = &mut self.current
            && command.pattern.last().is_some_and(u8::is_ascii_digit)
        {
            command.pattern.pop();
        }
        self.put(ANYTHING);
    }
}

/// Whether a byte may stand in the name of a variable.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
