//! Redirections, and the words that end here-documents.

use super::frame::Frame;
use super::word::ends_word;
use super::{HereDoc, Scanner};

impl Scanner<'_> {
    pub(super) fn redirect(&mut self) {
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
        let symbols: &[&[u8]] = &[b"<<<", b">>|", b">>!", b">>&", b">>", b">|", b">!", b">&", b"<>", b"<&"];
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
        self.here_docs.push(HereDoc { delimiter, strip_tabs });
    }
}
