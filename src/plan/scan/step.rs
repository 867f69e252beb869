//! One step of the scanner: what the next byte means within the innermost open frame.

use super::frame::{Case, Frame, Loop};
use super::{HereDoc, Scanner};

/// Whether a word ends before this byte, or at the end of the text.
fn ends_word(byte: Option<u8>) -> bool {
    byte.is_none_or(|b| b" \t\r\n;&|()<>".contains(&b))
}

/// `NAME=`, `NAME+=`, `NAME[index]=`: what an array can follow.
fn assigns(word: &[u8]) -> bool {
    let Some(name) = word.strip_suffix(b"=") else {
        return false;
    };
    let name = name.strip_suffix(b"+").unwrap_or(name);
    name.first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
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

    fn skip_comment(&mut self) {
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

    fn redirect(&mut self) {
        if self.peek(1) == Some(b'(') {
            self.begin_word();
            self.push(Frame::Subst);
            self.at += 2;
            return;
        }
        if let Some(start) = self.state.word {
            let word = &self.text[start..self.at];
            let named = word.starts_with(b"{") && word.ends_with(b"}");
            if named || word.iter().all(u8::is_ascii_digit) {
                self.state.word = None;
            }
        }
        self.finish_word();
        self.state.expects = false;
        let rest = &self.text[self.at..];
        if rest.starts_with(b"<<") && rest.get(2) != Some(&b'<') {
            return self.here_doc();
        }
        let symbols: &[&[u8]] = &[
            b"<<<", b">>|", b">>!", b">>&", b">>", b">|", b">!", b">&", b"<>", b"<&",
        ];
        let found = symbols.iter().find(|symbol| rest.starts_with(symbol));
        self.at += found.map_or(1, |symbol| symbol.len());
        self.state.target = true;
    }

    /// `<<EOF`, `<<-EOF`, `<<'EOF'`: notes what will end the body.
    fn here_doc(&mut self) {
        self.at += 2;
        let strip_tabs = self.peek(0) == Some(b'-');
        self.at += usize::from(strip_tabs);
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let mut delimiter = Vec::new();
        let mut open = None;
        while let Some(byte) = self.peek(0) {
            match (byte, open) {
                (b'\n', _) => break,
                (_, Some(quote)) if byte == quote => open = None,
                (b'\'' | b'"', None) => open = Some(byte),
                (b'\\', None | Some(b'"')) if self.peek(1).is_some_and(|b| b != b'\n') => {
                    self.at += 1;
                    delimiter.push(self.text[self.at]);
                }
                // a carriage return is an ordinary byte of the delimiter, as in the shells
                (b'\r', None) => delimiter.push(byte),
                (_, None) if ends_word(Some(byte)) => break,
                _ => delimiter.push(byte),
            }
            self.at += 1;
        }
        self.lost |= open.is_some();
        self.here_docs.push(HereDoc {
            delimiter,
            strip_tabs,
        });
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
        let in_header = matches!(
            self.top(),
            Some(Frame::Loop(Loop::Header { .. }) | Frame::Case(Case::Subject, _))
        );
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
            let glued: [&[u8]; 9] = [
                b"if", b"elif", b"else", b"then", b"while", b"until", b"do", b"for", b"select",
            ];
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

    /// Takes one byte, or one quoted or substituted piece, of a word. In `" "` a single quote is an ordinary byte.
    fn quoting(&mut self, in_quote: bool) {
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
                // `$$'x'` and `$#`: the second byte is the parameter
                (Some(b'$' | b'#'), _) => self.at += 2,
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

    fn step_quote(&mut self) {
        if self.text[self.at] == b'"' {
            self.at += 1;
            self.pop();
        } else {
            self.quoting(true);
        }
    }

    fn step_param(&mut self, literal: bool) {
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

    fn step_arith(&mut self, depth: usize) {
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

    fn step_cond(&mut self) {
        match self.text[self.at] {
            b' ' | b'\t' | b'\r' | b'&' | b'|' | b')' => {
                self.state.word = None;
                self.at += 1;
            }
            b'\n' => {
                self.state.word = None;
                self.end_line();
            }
            b']' if self.state.word.is_none()
                && self.peek(1) == Some(b']')
                && ends_word(self.peek(2)) =>
            {
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

    fn step_array(&mut self) {
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

    fn step_parens(&mut self) {
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
            b'e' if !begun
                && self.text[self.at..].starts_with(b"esac")
                && ends_word(self.peek(4)) =>
            {
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
