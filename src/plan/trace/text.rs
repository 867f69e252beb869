//! The commands of a file, as patterns that the expanded text of a command can be compared with.
//!
//! Blanks, quotes and backslashes are left out on both sides, and what a shell expands matches anything. So it does not
//! matter how a shell quotes what it shows. One pass over the bytes; any bytes are allowed.

mod split;

use std::collections::HashMap;

use crate::shells::Dialect;
use split::split;

/// Stands in a pattern for what the shell expands.
const ANYTHING: u8 = 0;

/// Bytes of a pattern's beginning by which it is looked up, at most.
const START: usize = 12;

/// The commands of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    commands: Vec<Command>,
    /// Their numbers by how they begin, before anything that is expanded.
    by_start: HashMap<Vec<u8>, Vec<usize>>,
    /// Their numbers by each line that they stand in.
    by_line: HashMap<usize, Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Command {
    first: usize,
    last: usize,
    pattern: Vec<u8>,
    /// Where in the pattern the word under way begins.
    word: usize,
    /// Whether it is one assignment of a command that has more: ksh93 shows each by itself.
    part: bool,
}

impl Text {
    /// Splits a file.
    pub(super) fn of(bytes: &[u8], dialect: Dialect) -> Self {
        let mut text = Self { commands: split(bytes, dialect), ..Self::default() };
        for (number, command) in text.commands.iter().enumerate() {
            let start = command.pattern.split(|byte| *byte == ANYTHING).next().unwrap_or_default();
            let start = start[..start.len().min(START)].to_vec();
            text.by_start.entry(start).or_default().push(number);
            for line in command.first..=command.last {
                text.by_line.entry(line).or_default().push(number);
            }
        }
        text
    }

    /// The commands that stand in a line.
    fn on(&self, line: usize) -> impl Iterator<Item = &Command> {
        self.by_line.get(&line).into_iter().flatten().map(|number| &self.commands[*number])
    }

    /// The commands that can have become this text, in their order.
    fn of_text(&self, text: &[u8]) -> Vec<&Command> {
        let starts = (0..=text.len().min(START)).filter_map(|length| self.by_start.get(&text[..length]));
        let mut numbers: Vec<usize> = starts.flatten().copied().collect();
        numbers.sort_unstable();
        let commands = numbers.into_iter().map(|number| &self.commands[number]);
        commands.filter(|command| command.is_telling() && command.can_be(text)).collect()
    }

    /// The first line of a command that stands in this line, too, and can have become this text.
    pub(super) fn first(&self, line: usize, text: &[u8]) -> Option<usize> {
        let text = plain(text);
        self.on(line).find(|it| it.is_telling() && it.can_be(&text)).map(|it| it.first)
    }

    /// Whether there is a command in this line.
    pub(super) fn begins(&self, line: usize) -> bool {
        self.by_line.contains_key(&line)
    }

    /// The lines whose commands can have become this text, each once; of those that say more of it, these alone.
    pub(super) fn lines(&self, text: &[u8]) -> Vec<usize> {
        let text = plain(text);
        let all = self.of_text(&text);
        let of = |part: bool| {
            let found: Vec<&Command> = all.iter().copied().filter(|it| it.part == part).collect();
            let most = found.iter().map(|it| it.says()).max();
            let found = found.into_iter().filter(|it| Some(it.says()) == most);
            let mut lines: Vec<usize> = found.map(|it| it.first).collect();
            lines.dedup();
            lines
        };
        let whole = of(false);
        if whole.is_empty() { of(true) } else { whole }
    }

    /// The number of the command of this line that can have become this text: the line may hold others.
    pub(super) fn number(&self, line: usize, text: &[u8]) -> Option<usize> {
        let text = plain(text);
        let numbers = self.by_line.get(&line).into_iter().flatten().copied();
        numbers.into_iter().find(|number| {
            let command = &self.commands[*number];
            command.first == line && command.is_telling() && command.can_be(&text)
        })
    }

    /// How many of these texts the command of this number can have become.
    pub(super) fn count<'a>(&self, number: Option<usize>, texts: impl Iterator<Item = &'a [u8]>) -> usize {
        let Some(command) = number.and_then(|number| self.commands.get(number)) else { return 0 };
        texts.filter(|text| command.can_be(text)).count()
    }
}

impl Command {
    /// Whether it is more than what a shell expands, which could become anything.
    fn is_telling(&self) -> bool {
        self.pattern.iter().any(|byte| *byte != ANYTHING)
    }

    /// How much of it is not expanded.
    fn says(&self) -> usize {
        self.pattern.iter().filter(|byte| **byte != ANYTHING).count()
    }

    fn can_be(&self, text: &[u8]) -> bool {
        let mut pieces = self.pattern.split(|byte| *byte == ANYTHING);
        let first = pieces.next().unwrap_or_default();
        let Some(mut rest) = text.strip_prefix(first) else { return false };
        let pieces: Vec<&[u8]> = pieces.collect();
        let Some((last, between)) = pieces.split_last() else { return rest.is_empty() };
        for piece in between.iter().filter(|piece| !piece.is_empty()) {
            let Some(at) = rest.windows(piece.len()).position(|window| window == *piece) else { return false };
            rest = &rest[at + piece.len()..];
        }
        rest.ends_with(last)
    }
}

/// A text without blanks, quotes and backslashes.
pub(super) fn plain(text: &[u8]) -> Vec<u8> {
    let kept = |byte: &u8| !byte.is_ascii_whitespace() && !b"'\"\\".contains(byte);
    text.iter().copied().filter(kept).collect()
}

/// The file that a command reads, as the shell shows its name.
pub(super) fn sourced(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"builtin ").unwrap_or(text);
    let rest = text.strip_prefix(b". ").or_else(|| text.strip_prefix(b"source "))?.trim_ascii();
    let rest = rest.strip_prefix(b"-- ").unwrap_or(rest);
    let quote = rest.first().copied().filter(|byte| matches!(byte, b'\'' | b'"'));
    let name = match quote {
        Some(quote) => rest[1..].split(|byte| *byte == quote).next().unwrap_or_default(),
        None => rest.split(u8::is_ascii_whitespace).next().unwrap_or_default(),
    };
    (!name.is_empty()).then(|| name.to_vec())
}

/// Whether a command runs its arguments as commands.
pub(super) fn is_eval(text: &[u8]) -> bool {
    text.starts_with(b"eval ") || text.starts_with(b"builtin eval ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# PATH=/comment
PATH=$HOME/bin:$PATH
if [ -d \"$HOME/x y\" ]; then PATH=\"$HOME/x y:$PATH\"; fi
cat <<X >/dev/null
PATH=/no
X
f() {
  export GOPATH=~/go
}
PATH=/a:\\
/b
[ x ] && . ~/more.sh 2>/dev/null
$run it
PATH=/no
";

    #[test]
    fn lines_by_what_they_become() {
        let text = Text::of(FILE.as_bytes(), Dialect::Posix);
        for (shown, lines) in [
            ("PATH=/home/me/bin:/usr/bin", &[2][..]),
            ("PATH='/home/me/x y:/usr/bin'", &[3]),
            ("export 'GOPATH=/home/me/go'", &[8]),
            ("PATH=/a:/b", &[10]),
            (". /home/me/more.sh", &[12]),
            ("PATH=/no", &[14]),
            ("PATH=/comment", &[]),
            ("whatever else", &[]),
        ] {
            assert_eq!(text.lines(shown.as_bytes()), lines, "{shown}");
        }
        assert_eq!([11, 12].map(|line| text.first(line, b"PATH=/a:/b")), [Some(10), None]);
    }

    #[test]
    fn files_that_are_read() {
        for (text, file) in [
            ("source /a/b", Some("/a/b")),
            (". './a b' x", Some("./a b")),
            ("builtin source -- /x", Some("/x")),
            ("sourced x", None),
            (".", None),
        ] {
            assert_eq!(sourced(text.as_bytes()), file.map(|file| file.as_bytes().to_vec()), "{text}");
        }
    }
}
