//! The commands of a file, as patterns that the expanded text of a command can be compared with.
//!
//! Blanks, quotes and backslashes are left out on both sides, and what a shell expands matches anything. So it does not
//! matter how a shell quotes what it shows. The value of a variable that is known stands for itself: so `PATH=/a:$PATH`
//! is told from `PATH=$PATH:/b`. One pass over the bytes; any bytes are allowed.

mod split;

use std::collections::HashMap;

use super::Value;
use super::names::words;
use crate::shells::Dialect;
use split::split;

/// Stands in a pattern for what the shell expands.
const ANYTHING: u8 = 0;

/// Words of which the name of a file may be made up, at most.
const WORDS: usize = 8;

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
    /// The last line, where no newline ends it.
    unended: Option<usize>,
}

/// The text of a command as a shell shows it, and the values that the variables in it may have.
#[derive(Debug)]
pub(super) struct Shown {
    text: Vec<u8>,
    known: Vec<Known>,
}

/// Variables and their values, each without what is left out of a text.
type Known = Vec<(Vec<u8>, Vec<u8>)>;

impl Shown {
    /// A text, with the values of these variables before and with the command: shells differ in which of them they show.
    pub(super) fn new(text: &[u8], names: &[String], values: [&[Option<Value>]; 2]) -> Self {
        let known = values.map(|values| {
            let known = names.iter().zip(values).filter_map(|(name, value)| {
                let value = value.as_ref()?.as_deref().unwrap_or_default();
                Some((name.as_bytes().to_vec(), plain(value)))
            });
            known.collect::<Known>()
        });
        let mut known: Vec<Known> = known.into_iter().filter(|known| !known.is_empty()).collect();
        known.dedup();
        Self { text: shown(text), known }
    }

    /// The same where no variable is known.
    pub(super) fn loose(&self) -> Self {
        Self { text: self.text.clone(), known: Vec::new() }
    }
}

/// What is compared of a text that a shell shows. Between `$'` and `'` it spells bytes out.
fn shown(text: &[u8]) -> Vec<u8> {
    if text.windows(2).any(|window| window == b"$'") { plain(&words(text).concat()) } else { plain(text) }
}

#[derive(Clone, Debug)]
struct Command {
    first: usize,
    last: usize,
    pattern: Vec<u8>,
    /// The variable whose value stands at each [`ANYTHING`]; empty: it is something else.
    names: Vec<Vec<u8>>,
    /// Where in the pattern the word under way begins.
    word: usize,
    /// Whether it is one assignment of a command that has more: ksh93 shows each by itself.
    part: bool,
    /// Whether a shell may show no more of it than this.
    is_cut: bool,
}

impl Text {
    /// Splits a file.
    pub(super) fn of(bytes: &[u8], dialect: Dialect) -> Self {
        let lines = bytes.split(|byte| *byte == b'\n').count();
        let unended = (!bytes.ends_with(b"\n")).then_some(lines);
        let mut text = Self { commands: split(bytes, dialect), unended, ..Self::default() };
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
    fn of_text(&self, shown: &Shown) -> Vec<&Command> {
        let text = &shown.text;
        let starts = (0..=text.len().min(START)).filter_map(|length| self.by_start.get(&text[..length]));
        let mut numbers: Vec<usize> = starts.flatten().copied().collect();
        numbers.sort_unstable();
        let commands = numbers.into_iter().map(|number| &self.commands[number]);
        commands.filter(|command| command.is_telling() && command.can_be(shown)).collect()
    }

    /// The first line of a command that stands in this line, too, and can have become this text. mksh counts the last
    /// line as the one behind it where no newline ends it.
    pub(super) fn first(&self, line: usize, shown: &Shown) -> Option<usize> {
        let on = |line| self.on(line).find(|it| it.is_telling() && it.can_be(shown)).map(|it| it.first);
        on(line).or_else(|| self.unended.filter(|last| *last + 1 == line).and_then(on))
    }

    /// Whether there is a command in this line.
    pub(super) fn begins(&self, line: usize) -> bool {
        self.by_line.contains_key(&line)
    }

    /// The lines whose commands can have become this text, each once; of those that say more of it, these alone.
    pub(super) fn lines(&self, shown: &Shown) -> Vec<usize> {
        let all = self.of_text(shown);
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
    pub(super) fn number(&self, line: usize, shown: &Shown) -> Option<usize> {
        let numbers = self.by_line.get(&line).into_iter().flatten().copied();
        numbers.into_iter().find(|number| {
            let command = &self.commands[*number];
            command.first == line && command.is_telling() && command.can_be(shown)
        })
    }

    /// How many of these texts the command of this number can have become.
    pub(super) fn count<'a>(&self, number: Option<usize>, texts: impl Iterator<Item = &'a [u8]>) -> usize {
        let Some(command) = number.and_then(|number| self.commands.get(number)) else { return 0 };
        texts.filter(|text| is_like(text, &command.pattern)).count()
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

    fn can_be(&self, shown: &Shown) -> bool {
        let known = |known: &Known| -> Vec<u8> {
            let mut names = self.names.iter();
            let mut pattern = Vec::with_capacity(self.pattern.len());
            for byte in &self.pattern {
                let name = if *byte == ANYTHING { names.next() } else { None };
                match name.and_then(|name| known.iter().find(|(known, _)| known == name)) {
                    Some((_, value)) => pattern.extend(value),
                    None => pattern.push(*byte),
                }
            }
            pattern
        };
        if shown.known.is_empty() || self.names.iter().all(Vec::is_empty) {
            return is_like(&shown.text, &self.pattern);
        }
        shown.known.iter().any(|values| is_like(&shown.text, &known(values)))
    }
}

/// Whether a text is like a pattern.
fn is_like(text: &[u8], pattern: &[u8]) -> bool {
    let mut pieces = pattern.split(|byte| *byte == ANYTHING);
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

/// A text without blanks, quotes and backslashes.
pub(super) fn plain(text: &[u8]) -> Vec<u8> {
    let kept = |byte: &u8| !byte.is_ascii_whitespace() && !b"'\"\\".contains(byte);
    text.iter().copied().filter(kept).collect()
}

/// The file that a command reads, as the shell shows its name: those that it may be, the likeliest first, where the
/// shell shows a blank in a name as it is.
pub(super) fn sourced(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = words(text);
    let is_before = |word: &Vec<u8>| word == b"builtin" || word == b"command";
    words.drain(..words.iter().take_while(|word| is_before(word)).count());
    if !words.first().is_some_and(|word| word == b"." || word == b"source") {
        return Vec::new();
    }
    let from = if words.get(1).is_some_and(|word| word == b"--") { 2 } else { 1 };
    let rest = words.get(from..).unwrap_or_default();
    let first = rest.first().filter(|first| !first.is_empty());
    let more = first.map_or(0, |_| rest.len().min(WORDS));
    let mut names: Vec<Vec<u8>> = (1..=more).map(|count| rest[..count].join(&b' ')).collect();
    // dash puts no quotes around what it shows.
    let raw = text.strip_prefix(b". ").filter(|raw| raw.iter().any(|byte| b"'\"\\".contains(byte)));
    names.extend(raw.map(<[u8]>::to_vec));
    names
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
            assert_eq!(text.lines(&seen(shown, None)), lines, "{shown}");
        }
        let shown = seen("PATH=/a:/b", None);
        assert_eq!([11, 12].map(|line| text.first(line, &shown)), [Some(10), None]);
    }

    fn seen(shown: &str, path: Option<&str>) -> Shown {
        let path = [path.map(|path| Some(path.as_bytes().to_vec()))];
        Shown::new(shown.as_bytes(), &["PATH".to_owned()], [&path, &[]])
    }

    #[test]
    fn a_value_that_is_known_tells_lines_apart() {
        let text = Text::of(b"PATH=/a:$PATH\nPATH=\"${PATH}:/z\"\nPATH=$1:$PATH\nPATH='/n\nl'", Dialect::Posix);
        for (shown, before, lines) in [
            ("PATH=/a:/bin:/z", None, &[1, 2, 3][..]),
            ("PATH=/a:/bin:/z", Some("/a:/bin"), &[2]),
            ("PATH=/a:/bin:/z", Some("/bin:/z"), &[1]),
            ("PATH=/x:/a:/z", Some("/a:/z"), &[3]),
            ("PATH=/x:/a:/z", Some("/q"), &[]),
            ("PATH='/n", Some("/q"), &[4]),
        ] {
            let mut told = text.lines(&seen(shown, before));
            if before.is_none() {
                told = text.of_text(&seen(shown, None)).iter().map(|command| command.first).collect();
                told.dedup();
            }
            assert_eq!(told, lines, "{shown} {before:?}");
        }
        assert_eq!([4, 6].map(|line| text.first(line, &seen("PATH=$'/n\\nl'", None))), [Some(4); 2]);
    }

    #[test]
    fn quotes_that_belong_to_a_value() {
        let text = Text::of(b"a\nexport GOPATH=\\\"$HOME/go\\\"\n", Dialect::Posix);
        assert_eq!(text.lines(&Shown::new(b"export GOPATH=\"/home/me/go\"", &[], [&[], &[]])), [2]);
    }

    #[test]
    fn files_that_are_read() {
        for (text, files) in [
            ("source /a/b", &["/a/b"][..]),
            (". './a b' x", &["./a b", "./a b x", "'./a b' x"]),
            ("builtin source -- /x", &["/x"]),
            ("command . /x", &["/x"]),
            ("\\. /x", &["/x"]),
            (r". '/a'\''b'", &["/a'b", r"'/a'\''b'"]),
            (". $'/a\\E[b\\C-[c'", &["/a\x1b[b\x1bc", "$'/a\\E[b\\C-[c'"]),
            (". /a b/c", &["/a", "/a b/c"]),
            ("sourced x", &[]),
            (".", &[]),
        ] {
            let names: Vec<String> =
                sourced(text.as_bytes()).into_iter().map(|name| String::from_utf8(name).unwrap()).collect();
            assert_eq!(names, files, "{text}");
        }
    }
}
