//! One step of the scanner: what the next byte means within the innermost open frame.

use super::Scanner;
use super::frame::{Case, Frame, Loop};
use super::word::ends_word;

/// `NAME=`, `NAME+=`, `NAME[index]=`: what an array can follow.
fn assigns(word: &[u8]) -> bool {
    let Some(name) = word.strip_suffix(b"=") else {
        return false;
    };
    let name = name.strip_suffix(b"+").unwrap_or(name);
    name.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
}

impl Scanner<'_> {
    pub(super) fn step(&mut self) {
        match self.top() {
            Some(Frame::Quote) => self.step_quote(),
            Some(Frame::Param(literal)) => self.step_param(literal),
            Some(Frame::Arith(depth)) => self.step_arith(depth),
            Some(Frame::Cond) => self.step_cond(),
            Some(Frame::Array) => self.step_array(),
            Some(Frame::Parens) => self.step_parens(),
            Some(Frame::Case(Case::Pattern { begun, led, depth }, braced)) => {
                self.step_pattern(begun, led, depth, braced);
            }
            _ => self.step_command(),
        }
    }

    fn step_command(&mut self) {
        match self.text[self.at] {
            b' ' | b'\t' => {
                self.finish_word();
                self.at += 1;
            }
            b'\r' if self.peek(1) == Some(b'\n') => {
                self.finish_word();
                self.at += 1;
            }
            b'\n' => {
                self.separate(false);
                self.end_line();
            }
            b'#' if self.state.word.is_none() => self.skip_comment(),
            b'\\' if self.peek(1) == Some(b'\n') => self.at += 2,
            b'\\' if self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n') => self.at += 3,
            b';' => self.semicolon(),
            b'&' => self.ampersand(),
            b'|' => self.pipe(),
            b'<' | b'>' => self.redirect(),
            b'(' => self.open_paren(),
            b')' => self.close_paren(),
            _ => {
                self.begin_word();
                self.quoting(false);
            }
        }
        // a word that opened or closed something may have changed the frame: look again
    }

    pub(super) fn skip_comment(&mut self) {
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|&b| b == b'\n');
        self.at += length.unwrap_or(rest.len());
    }

    fn semicolon(&mut self) {
        let next = self.peek(1);
        if matches!(next, Some(b';' | b'&' | b'|')) {
            self.finish_command(false);
            self.settle();
            if let Some(Frame::Case(Case::Commands, braced)) = self.top() {
                self.set_top(Frame::Case(Case::PATTERN, braced));
                self.next_list();
            } else {
                self.lost = true;
            }
            self.at += 2;
            self.at += usize::from(next == Some(b';') && self.peek(0) == Some(b'&'));
        } else {
            self.separate(false);
            self.at += 1;
        }
    }

    fn ampersand(&mut self) {
        match self.peek(1) {
            Some(b'&') => {
                self.link(false);
                self.at += 2;
            }
            Some(b'>') => {
                self.finish_word();
                self.at += 1;
                self.redirect();
            }
            next => {
                self.separate(true);
                // zsh: `&|` and `&!`
                self.at += 1 + usize::from(matches!(next, Some(b'|' | b'!')));
            }
        }
    }

    fn pipe(&mut self) {
        let or = self.peek(1) == Some(b'|');
        self.link(!or);
        self.at += 1 + usize::from(or || self.peek(1) == Some(b'&'));
    }

    /// Whether `()` stands here, with blanks between at most.
    fn at_empty_parens(&self) -> bool {
        let inside = self.text.get(self.at + 1..).unwrap_or_default();
        let next = inside.iter().find(|b| !matches!(b, b' ' | b'\t'));
        next == Some(&b')')
    }

    fn skip_empty_parens(&mut self) {
        while self.peek(0).is_some_and(|b| b != b')') {
            self.at += 1;
        }
        self.at += 1;
    }

    fn open_paren(&mut self) {
        let in_header = matches!(self.top(), Some(Frame::Loop(Loop::Header { .. }) | Frame::Case(Case::Subject, _)));
        if let Some(start) = self.state.word {
            let word = &self.text[start..self.at];
            if assigns(word) {
                self.at += 1;
                self.words.push(start..self.at);
                self.state.word = None;
                return self.push(Frame::Array);
            }
            if word == b"=" {
                self.push(Frame::Subst);
                self.at += 1;
                return;
            }
            if self.at_empty_parens() && !in_header {
                self.skip_empty_parens();
                return self.define_function();
            }
            let glued: [&[u8]; 9] = [b"if", b"elif", b"else", b"then", b"while", b"until", b"do", b"for", b"select"];
            if !self.no_words() || in_header || !glued.contains(&word) {
                self.push(Frame::Parens);
                self.at += 1;
                return;
            }
            self.finish_word();
            return; // the same byte again, within what the keyword opened
        }
        if let Some(Frame::Loop(Loop::Header { .. })) = self.top() {
            if self.peek(1) == Some(b'(') {
                self.push(Frame::Arith(2));
                self.at += 2;
            } else {
                self.push(Frame::Parens);
                self.at += 1;
            }
        } else if in_header || self.state.target {
            self.begin_word();
            self.push(Frame::Parens);
            self.at += 1;
        } else if self.at_empty_parens() {
            self.skip_empty_parens();
            self.define_function();
        } else if !self.no_words() {
            self.begin_word();
            self.push(Frame::Parens);
            self.at += 1;
        } else {
            if std::mem::take(&mut self.state.naming) {
                self.state.linked = true;
            }
            if self.top() == Some(Frame::Loop(Loop::Listed)) {
                self.set_top(Frame::Loop(Loop::Short));
            }
            if self.peek(1) == Some(b'(') {
                self.push(Frame::Arith(2));
                self.at += 2;
            } else {
                self.push(Frame::Subshell);
                self.at += 1;
            }
        }
    }

    fn close_paren(&mut self) {
        self.finish_command(false);
        self.settle();
        match self.top() {
            Some(Frame::Subshell | Frame::Subst) => self.pop(),
            _ => self.lost = true,
        }
        self.at += 1;
    }

    fn step_pattern(&mut self, begun: bool, led: bool, depth: usize, braced: bool) {
        let pattern = |led, depth| {
            let begun = true;
            Frame::Case(Case::Pattern { begun, led, depth }, braced)
        };
        let byte = self.text[self.at];
        match byte {
            b'\n' => {
                self.lost |= begun;
                self.end_line();
            }
            b' ' | b'\t' | b'\r' | b';' if !begun => self.at += 1,
            b'#' if !begun => self.skip_comment(),
            b'}' if !begun && braced => {
                self.at += 1;
                self.pop();
            }
            b'e' if !begun && self.text[self.at..].starts_with(b"esac") && ends_word(self.peek(4)) => {
                self.at += 4;
                self.pop();
            }
            b'(' => {
                self.set_top(pattern(led || !begun, depth + 1));
                self.at += 1;
            }
            b')' => {
                self.at += 1;
                // zsh: the first pair may be a part of the pattern, as in `(a|b)*)`
                let ends = depth == 0 || (led && depth == 1 && ends_word(self.peek(0)));
                if ends {
                    self.set_top(Frame::Case(Case::Commands, braced));
                    self.next_list();
                } else {
                    self.set_top(pattern(led && depth > 1, depth - 1));
                }
            }
            _ => {
                self.set_top(pattern(led, depth));
                self.quoting(false);
            }
        }
    }
}
