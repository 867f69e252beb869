//! The records of a shell that puts a prompt in front of each command: where, which values, which text.

use super::{Ground, Value};

/// One command that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    /// How deep within sourced files, evaluated text and substitutions, as far as the shell tells: bash's number of `+`.
    pub(super) depth: usize,
    /// The file, as the shell calls it; empty where it does not tell, and outside of files.
    pub(super) file: &'a [u8],
    /// The number of the line.
    pub(super) line: Option<usize>,
    /// The function, or what the shell calls evaluated text.
    pub(super) scope: &'a [u8],
    /// Whether it runs in a subshell, whose variables are its own; `None`: the shell does not tell.
    pub(super) apart: Option<bool>,
    /// The values of the variables before it; `None`: not told.
    pub(super) values: Vec<Option<Value>>,
    /// The command, with everything expanded, up to the end of its first line.
    pub(super) text: &'a [u8],
}

/// The records of a log, in order. What is cut off is left out.
pub(super) fn records<'a>(log: &'a [u8], ground: &'a Ground) -> impl Iterator<Item = Record<'a>> {
    let first = [b"+", ground.token.as_bytes(), b"|"].concat();
    let mut all = Fields { log, token: ground.token.as_bytes(), at: 0 };
    std::iter::from_fn(move || {
        loop {
            let start = all.seek(&first)?;
            let depth = log[..=start].iter().rev().take_while(|byte| **byte == b'+').count();
            let Some(parts) = all.parts(4 + ground.variables.len()) else { continue };
            let text = all.text(&first);
            let [file, line, scope, subshell, values @ ..] = &parts[..] else { continue };
            let unknown = |field: &[u8]| field.starts_with(b"$");
            let apart = (!subshell.is_empty() && !unknown(subshell)).then(|| *subshell != b"0");
            let value = |field: &&[u8]| {
                if unknown(field) { None } else { Some(field.strip_prefix(b"=").map(<[u8]>::to_vec)) }
            };
            return Some(Record {
                depth,
                file,
                line: std::str::from_utf8(line).ok().and_then(|line| line.trim().parse().ok()),
                scope,
                apart,
                values: values.iter().map(value).collect(),
                text,
            });
        }
    })
}

struct Fields<'a> {
    log: &'a [u8],
    token: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    /// Goes behind the next of these bytes; gives where they begin.
    fn seek(&mut self, bytes: &[u8]) -> Option<usize> {
        let start = self.at + find(&self.log[self.at..], bytes)?;
        self.at = start + bytes.len();
        Some(start)
    }

    /// So many fields, the last of which ends with `>`; `None`: this is no whole record.
    fn parts(&mut self, count: usize) -> Option<Vec<&'a [u8]>> {
        let begin = self.at;
        let mut parts = Vec::with_capacity(count);
        for number in 1..=count {
            let start = self.at;
            let end = start + find(&self.log[start..], self.token)?;
            self.at = end + self.token.len();
            let ends = if number == count { b'>' } else { b'|' };
            if self.log.get(self.at) != Some(&ends) {
                self.at = begin;
                return None;
            }
            self.at += 1;
            parts.push(&self.log[start..end]);
        }
        Some(parts)
    }

    /// The text up to the end of the line, or to the next record where that comes before.
    fn text(&mut self, first: &[u8]) -> &'a [u8] {
        let rest = &self.log[self.at..];
        let line = &rest[..rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())];
        let text = &line[..find(line, first).unwrap_or(line.len())];
        self.at += text.len();
        text.trim_ascii()
    }
}

/// Where bytes stand in others.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        if bytes[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// Whether a text holds a word.
pub(super) fn contains(text: &[u8], word: &str) -> bool {
    find(text, word.as_bytes()).is_some()
}

/// A name that zsh's prompt made visible, as it is: `^[` for ESC, and the like.
pub(super) fn as_it_is(name: &[u8]) -> Vec<u8> {
    let mut made = Vec::with_capacity(name.len());
    let mut bytes = name.iter();
    while let Some(&byte) = bytes.next() {
        let next = bytes.as_slice().first().copied();
        made.push(match (byte, next) {
            (b'^', Some(b'?')) => 0x7f,
            (b'^', Some(next @ b'@'..=b'_')) => next & 0x1f,
            (b'\\', Some(b'n')) => b'\n',
            (b'\\', Some(b't')) => b'\t',
            _ => {
                made.push(byte);
                continue;
            }
        });
        bytes.next();
    }
    made
}
