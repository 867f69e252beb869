//! What can stand within a word: quotes, substitutions, arithmetic, arrays, and the other places where `;` and `#`
//! mean something else than between commands.

use super::Scanner;
use super::frame::{Frame, Loop};

/// Whether a word ends before this byte, or at the end of the text.
pub(super) fn ends_word(byte: Option<u8>) -> bool {
    byte.is_none_or(|b| b" \t\r\n;&|()<>".contains(&b))
}

impl Scanner<'_> {
    /// Takes one byte, or one quoted or substituted piece, of a word. In `" "` a single quote is an ordinary byte.
    pub(super) fn quoting(&mut self, in_quote: bool) {
        match self.text[self.at] {
            b'\\' => {
                let crlf = self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n');
                self.at += if crlf { 3 } else { 2 };
            }
            b'\'' if !in_quote => self.skip_to(b'\'', false),
            b'"' => {
                self.push(Frame::Quote);
                self.at += 1;
            }
            b'`' => self.skip_to(b'`', true),
            b'$' => match (self.peek(1), self.peek(2)) {
                (Some(b'('), Some(b'(')) => {
                    self.push(Frame::Arith(2));
                    self.at += 3;
                }
                (Some(b'('), _) => {
                    self.push(Frame::Subst);
                    self.at += 2;
                }
                (Some(b'{'), _) => {
                    self.push(Frame::Param(in_quote));
                    self.at += 2;
                }
                (Some(b'\''), _) if !in_quote => {
                    self.at += 1;
                    self.skip_to(b'\'', true);
                }
                // `$$'x'`: the second byte is the parameter
                (Some(b'$'), _) => self.at += 2,
                _ => self.at += 1,
            },
            _ => self.at += 1,
        }
    }

    /// From a quote to behind the next one.
    fn skip_to(&mut self, quote: u8, escapes: bool) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += if escapes && byte == b'\\' { 2 } else { 1 };
            if byte == quote {
                return;
            }
        }
        self.lost = true;
    }

    pub(super) fn step_quote(&mut self) {
        if self.text[self.at] == b'"' {
            self.at += 1;
            self.pop();
        } else {
            self.quoting(true);
        }
    }

    pub(super) fn step_param(&mut self, literal: bool) {
        if self.text[self.at] == b'}' {
            self.at += 1;
            self.pop();
        } else if literal && let [b'\'', b'"' | b'}', b'\'', ..] = self.text[self.at..] {
            // bash pairs single quotes even here, as in `"${x#*'"'}"`
            self.at += 3;
        } else {
            self.quoting(literal);
        }
    }

    pub(super) fn step_arith(&mut self, depth: usize) {
        match self.text[self.at] {
            b'(' => {
                self.set_top(Frame::Arith(depth + 1));
                self.at += 1;
            }
            b')' => {
                self.set_top(Frame::Arith(depth - 1));
                self.at += 1;
                if depth == 1 {
                    self.pop();
                    self.list_is_complete();
                }
            }
            _ => self.quoting(false),
        }
    }

    /// After the parentheses of a loop's header.
    fn list_is_complete(&mut self) {
        if self.state.word.is_none()
            && let Some(Frame::Loop(Loop::Header { .. })) = self.top()
        {
            self.set_top(Frame::Loop(Loop::Listed));
        }
    }

    pub(super) fn step_cond(&mut self) {
        match self.text[self.at] {
            b' ' | b'\t' | b'\r' | b'&' | b'|' | b')' => {
                self.state.word = None;
                self.at += 1;
            }
            b'\n' => {
                self.state.word = None;
                self.end_line();
            }
            b']' if self.state.word.is_none() && self.peek(1) == Some(b']') && ends_word(self.peek(2)) => {
                self.at += 2;
                self.pop();
            }
            b'#' if self.state.word.is_none() && self.after_blank() => self.skip_comment(),
            _ => {
                self.begin_word();
                self.quoting(false);
            }
        }
    }

    fn after_blank(&self) -> bool {
        let before = self.at.checked_sub(1).map(|at| self.text[at]);
        matches!(before, Some(b' ' | b'\t' | b'\n'))
    }

    pub(super) fn step_array(&mut self) {
        let byte = self.text[self.at];
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b')') {
            if let Some(start) = self.state.word.take() {
                self.words.push(start..self.at);
            }
            match byte {
                b'\n' => return self.end_line(),
                b')' => {
                    self.words.push(self.at..self.at + 1);
                    self.pop();
                }
                _ => {}
            }
            self.at += 1;
        } else if byte == b'#' && self.state.word.is_none() {
            self.skip_comment();
        } else {
            self.begin_word();
            if byte == b'(' {
                self.push(Frame::Parens);
                self.at += 1;
            } else {
                self.quoting(false);
            }
        }
    }

    pub(super) fn step_parens(&mut self) {
        match self.text[self.at] {
            b'(' => {
                self.push(Frame::Parens);
                self.at += 1;
            }
            b')' => {
                self.at += 1;
                self.pop();
                self.list_is_complete();
            }
            b'\n' => self.end_line(),
            b'#' if self.after_blank() => self.skip_comment(),
            _ => self.quoting(false),
        }
    }
}
