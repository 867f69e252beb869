//! Pairs of files as goenv-setup makes them, and nastier ones.

use std::fmt;

use goenv_setup::text::udiff::Side;

/// A small generator of pseudo-random numbers (splitmix64): the same numbers on every machine.
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % end as u64).unwrap()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// What is done to the file. Cases take turns, so that each kind is there in any number of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    BlockAtEnd,
    BlockInMiddle,
    BlockAtStart,
    BlockUpdated,
    BlockRemoved,
    Created,
    Removed,
    Filled,
    Emptied,
    CreatedEmpty,
    RemovedEmpty,
    LinesEdited,
    Rewritten,
    FinalNewline,
    LineEnds,
    Bytes,
}

const KINDS: [Kind; 16] = [
    Kind::BlockAtEnd,
    Kind::BlockInMiddle,
    Kind::BlockAtStart,
    Kind::BlockUpdated,
    Kind::BlockRemoved,
    Kind::Created,
    Kind::Removed,
    Kind::Filled,
    Kind::Emptied,
    Kind::CreatedEmpty,
    Kind::RemovedEmpty,
    Kind::LinesEdited,
    Kind::Rewritten,
    Kind::FinalNewline,
    Kind::LineEnds,
    Kind::Bytes,
];

/// Names; `#` becomes the number of the case, so that many cases fit in one folder.
const NAMES: [&[u8]; 26] = [
    b".zshrc#",
    b".bashrc#",
    b".config/fish/conf.d/goenv-setup#.fish",
    b"with space#",
    b"two  spaces# x",
    b" lead#",
    b"trail# ",
    b"fol der#/in side/ x ",
    b"quo\"te#",
    b"apos'trophe#",
    b"tab\there#",
    b"tab\tand space #",
    b"back\\slash#\\",
    b"new\nline#",
    b"cr#\r",
    b"-dash#",
    b"--- a/#",
    b"folder#/dev/null",
    b"a/b/c/d/e#",
    b"date# 2024-01-01 00:00:00.000000000 +0000",
    b"esc\x1b[31m#\x7f\x01",
    b"\xc3\xa9\xe4\xbd\xa0#\xe2\x80\xae",
    b"$HOME `#` ; & * ?",
    b"latin\xe9#\xff",
    b"\xff#/\xfe \xa0",
    b"\x85\xa0#\x85",
];

/// How many of [`NAMES`], at its end, are no UTF-8.
const NOT_UTF8: usize = 3;

const LINES: [&[u8]; 40] = [
    b"",
    b"",
    b"",
    b"fi",
    b"fi",
    b"}",
    b"export PATH=\"$HOME/bin:$PATH\"",
    b"alias ll='ls -l'",
    b"if [ -f ~/.bashrc ]; then",
    b"  . ~/.bashrc",
    b"# >>> conda initialize >>>",
    b"# <<< conda initialize <<<",
    b"# >>> goenv-setup >>> v1 sum=00000000",
    b"# <<< goenv-setup <<<",
    b"trailing blanks  \t ",
    b"\tindented",
    b"ends with backslash \\",
    b"carriage\rreturn inside",
    b"\r",
    b"\r\r",
    b"crlf\r",
    b"latin \xe9\xff\xfe",
    b"\x80",
    b"nul \0 inside",
    b"\0",
    b"PS1='\x1b[1;31m\\u\x1b[0m'",
    b"\x0b\x0c\x1c\x1d\x85",
    b"line\xe2\x80\xa8separator",
    b"--- a/file",
    b"-- ",
    b"--",
    b"+++ b/file",
    b"++ /dev/null",
    b"@@ -1 +1 @@",
    b"@@ -0,0 +1,2 @@ x",
    b"\\ No newline at end of file",
    b" No newline",
    b"diff --git a/x b/x",
    b"deleted file mode 100644",
    b"*** 1,2 ****",
];

/// One file before and after.
pub(super) struct Case {
    number: usize,
    kind: Kind,
    pub(super) name: Vec<u8>,
    pub(super) old: Option<Vec<u8>>,
    pub(super) new: Option<Vec<u8>>,
}

impl Case {
    pub(super) fn new(number: usize, any_name: bool, rng: &mut Rng) -> Self {
        let kind = KINDS[number % KINDS.len()];
        let names = NAMES.len() - if any_name { 0 } else { NOT_UTF8 };
        let name = NAMES[rng.below(names)];
        let at = name.iter().position(|byte| *byte == b'#').unwrap();
        let name = [&name[..at], number.to_string().as_bytes(), &name[at + 1..]].concat();
        let (old, new) = pair(kind, rng);
        Self { number, kind, name, old, new }
    }

    pub(super) fn old_side(&self) -> Side<'_> {
        side(&self.name, self.old.as_deref())
    }

    pub(super) fn new_side(&self) -> Side<'_> {
        side(&self.name, self.new.as_deref())
    }

    /// Whether an empty file comes or goes, so that the patch has no hunk.
    pub(super) fn is_bare(&self) -> bool {
        self.old.as_deref().unwrap_or_default() == self.new.as_deref().unwrap_or_default()
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = self.name.escape_ascii();
        write!(f, "case {} {:?} `{name}`", self.number, self.kind)
    }
}

fn side<'a>(name: &'a [u8], bytes: Option<&'a [u8]>) -> Side<'a> {
    Side { name: bytes.is_some().then_some(name), bytes: bytes.unwrap_or_default() }
}

/// The file before and after; the two always differ.
fn pair(kind: Kind, rng: &mut Rng) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    loop {
        let text = text(rng);
        let (old, new) = match kind {
            Kind::BlockAtEnd => (text.clone(), with_block(&text, text.len(), rng)),
            Kind::BlockInMiddle => {
                let at = line_start(&text, rng);
                (text.clone(), with_block(&text, at, rng))
            }
            Kind::BlockAtStart => (text.clone(), with_block(&text, 0, rng)),
            Kind::BlockUpdated => {
                let at = line_start(&text, rng);
                (with_block(&text, at, rng), with_block(&text, at, rng))
            }
            Kind::BlockRemoved => {
                let at = line_start(&text, rng);
                (with_block(&text, at, rng), text)
            }
            Kind::Created | Kind::Filled => (Vec::new(), text),
            Kind::Removed | Kind::Emptied => (text, Vec::new()),
            Kind::CreatedEmpty => return (None, Some(Vec::new())),
            Kind::RemovedEmpty => return (Some(Vec::new()), None),
            Kind::LinesEdited => (text.clone(), edited(&text, rng)),
            Kind::Rewritten => (text, self::text(rng)),
            Kind::FinalNewline => {
                let whole = [text.as_slice(), b"x"].concat();
                let ended = [text.as_slice(), b"x\n"].concat();
                if rng.one_in(2) { (whole, ended) } else { (ended, whole) }
            }
            Kind::LineEnds => {
                let dos = text.split(|byte| *byte == b'\n').collect::<Vec<_>>();
                let dos = dos.join(b"\r\n".as_slice());
                if rng.one_in(2) { (text, dos) } else { (dos, text) }
            }
            Kind::Bytes => (bytes(rng), bytes(rng)),
        };
        if old == new {
            continue;
        }
        return match kind {
            Kind::Created => (None, Some(new)),
            Kind::Removed => (Some(old), None),
            _ => (Some(old), Some(new)),
        };
    }
}

/// A file: some lines, in one of the ways that files end their lines, with or without an end of the last one.
fn text(rng: &mut Rng) -> Vec<u8> {
    let most = rng.pick(&[1, 3, 8, 40, 40, 300]);
    let count = rng.below(most + 1);
    let dos = rng.one_in(6);
    // Some files are plain, so that not every line is odd.
    let kinds = rng.pick(&[10, LINES.len()]);
    let mut text = Vec::new();
    for _ in 0..count {
        if rng.one_in(200) {
            text.extend(b"long ".repeat(rng.below(20_000)));
        } else if rng.one_in(3) {
            text.extend(format!("line {}", rng.below(1_000)).bytes());
        } else {
            text.extend_from_slice(LINES[rng.below(kinds)]);
        }
        text.extend_from_slice(if dos { b"\r\n" } else { b"\n" });
    }
    if rng.one_in(4) {
        text.pop();
    }
    text
}

/// A few bytes of the kinds that matter to a diff.
fn bytes(rng: &mut Rng) -> Vec<u8> {
    let count = rng.below(60);
    (0..count).map(|_| rng.pick(b"ab\n\n\n\r\0\xff\\-+@ \x1b")).collect()
}

/// The start of some line, or the end of the text.
fn line_start(text: &[u8], rng: &mut Rng) -> usize {
    let at = rng.below(text.len() + 1);
    let end = text[at..].iter().position(|byte| *byte == b'\n');
    end.map_or(text.len(), |end| at + end + 1)
}

/// The text with a fenced block at a line's start, as the tool puts it: an open last line is ended first, and a blank
/// line stands before a block at the end.
fn with_block(text: &[u8], at: usize, rng: &mut Rng) -> Vec<u8> {
    let (above, below) = text.split_at(at);
    let mut out = above.to_vec();
    let open = !above.is_empty() && !above.ends_with(b"\n");
    if open {
        out.push(b'\n');
    }
    if below.is_empty() && !above.is_empty() {
        out.push(b'\n');
    }
    let sum = rng.below(1 << 32);
    let noeol = if open { " noeol" } else { "" };
    out.extend(format!("# >>> goenv-setup >>> v1 sum={sum:08x}{noeol}\n").bytes());
    out.extend_from_slice(rng.pick(&[
        b"_go='/usr/local/go/bin'\n".as_slice(),
        b"_go='/opt/g\xff\x1b o/bin'\n",
        b"_go='/usr/lib/go/bin'\nif [ -x \"$_go/go\" ]; then\n  PATH=\"$_go:$PATH\"\nfi\n",
    ]));
    out.extend_from_slice(b"unset _go\n# <<< goenv-setup <<<\n");
    out.extend_from_slice(below);
    out
}

/// The text with some lines replaced, removed, doubled or added.
fn edited(text: &[u8], rng: &mut Rng) -> Vec<u8> {
    let often = rng.pick(&[2, 6, 30]);
    let mut out = Vec::new();
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let other = [LINES[rng.below(LINES.len())], b"\n"].concat();
        match rng.below(4 * often) {
            0 => out.extend(other),
            1 => {}
            2 => out.extend([line, line].concat()),
            3 => out.extend([&other, line].concat()),
            _ => out.extend_from_slice(line),
        }
    }
    out
}
