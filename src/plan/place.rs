//! Where in a startup file of a POSIX-like shell (sh, bash, ksh, zsh) a new block goes: at the end, unless the end is
//! not reached or another tool says that it must stay last.
//!
//! Half of all `.bashrc` files return, exit or exec somewhere, nearly all of them on a condition that holds only where
//! the block is not needed, so conditions do not move the block. One does: a file that ends where there is no terminal
//! (Debian's `.kshrc`) ends early in an interactive shell too, that of an editor or an IDE. Where the scanner is not sure,
//! it is the end.
//!
//! Invariant: the place is the end or a boundary of the scanner, so never within a construct, a quote or a
//! here-document.

mod csh;

use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::scan::{End, scan};
use crate::shells::{Dialect, Spot};

/// Where a block goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Offset in bytes of the start of the line before which the block goes, or the length of the file.
    pub at: usize,
    /// Why not the end; None: it is the end.
    pub why: Option<Earlier>,
}

/// What keeps a block from the end of the file. Its text is a sentence without a full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The line in question; the first is 1.
    pub line: usize,
    /// What stands there.
    pub what: Blocker,
}

/// What can keep a block from the end of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// `return` without a condition.
    Return,
    /// `return` or `exit` where standard input or output is no terminal.
    NoTerminal,
    /// `exit` without a condition.
    Exit,
    /// `exit` in a startup file of csh, without a condition: the shell goes on behind the file.
    ExitFile,
    /// `logout` without a condition.
    Logout,
    /// `exec COMMAND` without a condition.
    Exec,
    /// A comment which says that what follows it must stay last.
    MustStayLast,
}

impl Blocker {
    /// What the line does, to follow "line N".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Return => "ends the file early (`return`)",
            Self::NoTerminal => "may end the file early, even in an interactive shell, where there is no terminal",
            Self::Exit => "ends the shell (`exit`)",
            Self::ExitFile => "ends the file early (`exit`)",
            Self::Logout => "ends the shell (`logout`)",
            Self::Exec => "hands over to another program (`exec`)",
            Self::MustStayLast => "says that what follows it must stay last",
        }
    }
}

impl fmt::Display for Earlier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.what.words();
        write!(f, "line {} {words}, so the block goes above it", self.line)
    }
}

/// Finds the place for a new block in a file of this language that holds none of ours.
pub fn place(bytes: &[u8], dialect: Dialect, spot: Spot) -> Place {
    let end = Place { at: bytes.len(), why: None };
    match (dialect, spot) {
        (Dialect::Posix, Spot::End) => reached_end(bytes),
        (Dialect::Posix, Spot::AboveGuard) => above_guard(bytes),
        (Dialect::Posix, Spot::Top) => Place { at: top(bytes), why: None },
        (Dialect::Csh, Spot::End) => csh::reached_end(bytes),
        (Dialect::Csh, Spot::Top | Spot::AboveGuard) => csh::above_guard(bytes),
        (Dialect::Fish, _) => end,
    }
}

/// Whether a block that begins at `start` stands as high as `spot` wants it: nothing above it may end the file early.
pub fn is_high_enough(bytes: &[u8], dialect: Dialect, spot: Spot, start: usize) -> bool {
    let above = &bytes[..start];
    match (dialect, spot) {
        (_, Spot::End) | (Dialect::Fish, _) => true,
        (Dialect::Csh, Spot::Top | Spot::AboveGuard) => csh::goes_on(above),
        (Dialect::Posix, Spot::Top | Spot::AboveGuard) => {
            let scan = scan(above);
            scan.end == End::Balanced && scan.commands.iter().all(|it| blocker(above, scan.words(it)).is_none())
        }
    }
}

/// Above the first line that may end the file early, whatever it depends on; the top, where the text is not understood.
fn above_guard(bytes: &[u8]) -> Place {
    let end = reached_end(bytes);
    let scan = scan(bytes);
    if scan.end != End::Balanced {
        return Place { at: top(bytes), why: None };
    }
    let guard = scan.commands.iter().find_map(|command| {
        let (start, what) = blocker(bytes, scan.words(command))?;
        Some((above_what_it_reads(bytes, &scan.boundaries, command.boundary, start, &STATUS), start, what))
    });
    match guard {
        Some((at, start, what)) if at < end.at => {
            let line = 1 + newlines(&bytes[..start]);
            Place { at, why: Some(Earlier { line, what }) }
        }
        _ => end,
    }
}

/// The top of a file: below the line that names its interpreter, and below a byte order mark, which spoils the line that
/// it stands in.
fn top(bytes: &[u8]) -> usize {
    let kept = bytes.starts_with(b"#!") || bytes.starts_with(b"\xef\xbb\xbf");
    let end_of_line = || bytes.iter().position(|&b| b == b'\n').map_or(bytes.len(), |at| at + 1);
    if kept { end_of_line() } else { 0 }
}

/// The end of a file, unless it is not reached or another tool says that it must stay last.
fn reached_end(bytes: &[u8]) -> Place {
    let scan = scan(bytes);
    let trusted = match scan.end {
        End::Balanced => bytes.len(),
        End::Open(at) => at,
        End::Lost => 0,
    };
    let stop = scan.commands.iter().find_map(|command| {
        let (start, what) = blocker(bytes, scan.words(command))?;
        let at = above_what_it_reads(bytes, &scan.boundaries, command.boundary, start, &STATUS);
        let what = if command.always { what } else { without_terminal(&bytes[at..start], what)? };
        (start < trusted).then_some((at, start, what))
    });
    let last = must_stay_last(bytes, &scan.boundaries, trusted);
    let earliest = [stop, last].into_iter().flatten().min_by_key(|found| found.0);
    match earliest {
        Some((at, start, what)) => {
            let line = 1 + newlines(&bytes[..start]);
            let why = Some(Earlier { line, what });
            Place { at, why }
        }
        None => Place { at: bytes.len(), why: None },
    }
}

/// The status of the command before.
static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$\?|\$\{\?|\$\{?(?:status|pipestatus|PIPESTATUS)\b"));

/// The boundary `at` of what ends the file at `start`, or that of the command before it, if it depends on how that went: in
/// between the block would be what it asks about.
fn above_what_it_reads(bytes: &[u8], boundaries: &[usize], at: usize, start: usize, status: &Regex) -> usize {
    let condition = &bytes[at..start.min(at + CONDITION)];
    let Some(asks) = status.find(condition) else { return at };
    if condition[..asks.start()].iter().any(|byte| b";&|\n".contains(byte)) {
        return at; // a command of its own line
    }
    let mut before = boundaries.iter().rev().copied().filter(|before| *before < at);
    let is_code = |before: &usize| {
        let line = line_at(bytes, *before).trim_ascii();
        !line.is_empty() && !line.starts_with(b"#")
    };
    before.find(is_code).unwrap_or(at)
}

/// How long what stands before a `return` may be for it to be its condition, in bytes.
const CONDITION: usize = 160;

/// A test for a terminal: `[ -t 0 ] || return`, `tty -s || return`.
static TERMINAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\s!]-t\s+[012]\b|(?:^|[\s!{;])tty\s+-s\b"));

/// Whether a `return` or `exit` behind this condition is one for want of a terminal. In a function it ends no file.
fn without_terminal(condition: &[u8], what: Blocker) -> Option<Blocker> {
    let ends = matches!(what, Blocker::Return | Blocker::Exit | Blocker::ExitFile);
    let function = |byte: &u8| what != Blocker::ExitFile && b"{}()".contains(byte);
    let plain = condition.len() <= CONDITION && !condition.iter().any(function);
    (ends && plain && TERMINAL.is_match(condition)).then_some(Blocker::NoTerminal)
}

/// How many newlines these bytes hold.
pub(super) fn newlines(bytes: &[u8]) -> usize {
    bytes.split(|&b| b == b'\n').count() - 1
}

/// Whether a command never gives control back to the file: its offset and kind.
fn blocker(bytes: &[u8], words: &[Range<usize>]) -> Option<(usize, Blocker)> {
    let text = |range: &Range<usize>| &bytes[range.clone()];
    let mut rest = words;
    // `command exec zsh`, `LANG=C exec zsh`
    while let Some((first, more)) = rest.split_first() {
        let word = text(first);
        if word.ends_with(b"=(") {
            let end = more.iter().position(|w| text(w) == b")")?;
            rest = more.get(end + 1..)?;
        } else if matches!(word, b"command" | b"builtin") || ASSIGNMENT.is_match(word) {
            rest = more;
        } else {
            break;
        }
    }
    let (first, arguments) = rest.split_first()?;
    let what = match text(first) {
        b"return" => Blocker::Return,
        b"exit" => Blocker::Exit,
        b"exec" => {
            // `-a NAME` names the program, it is none
            let mut arguments = arguments.iter().map(text);
            let mut runs = false;
            while let Some(word) = arguments.next() {
                if word == b"-a" {
                    arguments.next();
                } else if !word.starts_with(b"-") {
                    runs = true;
                    break;
                }
            }
            if !runs {
                return None; // redirections alone change where output goes
            }
            Blocker::Exec
        }
        _ => return None,
    };
    Some((first.start, what))
}

static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z_][A-Za-z0-9_]*\+?="));

/// How many lines that are not blank may follow a comment for it to be about the end of the file.
const TAIL: usize = 15;

/// How much of a comment is looked at, in bytes.
const COMMENT: usize = 400;

/// What tools and people write above lines that must stay last: SDKMAN, RVM, zsh-syntax-highlighting, Amazon Q (Fig).
static LAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        \b (?: must | should | needs?\ to | ha(?:s|ve)\ to | make\ sure | ensure | keep | leave | always | stays? | want ) \b
            .* \b (?: last | (?:at|to|near)\ (?:the\ )?(?:very\ |bottom\ or\ )?(?:end|bottom) | be\ the\ (?:very\ )?end ) \b
        | \b (?: do\ not | don['\x92]?t | never | nothing | no\ more | anything ) \b
            .* \b (?: below | beneath | after ) \ (?: this | here ) \b
        | ^ [\#\s]* (?: must | keep | load | source | always ) .* \b last \s* [!.]* \s* $",
    )
});

/// A line that ends a block of another tool: `# <<< conda initialize <<<`, `# End of LM Studio CLI section`.
static FENCE_END: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[\t ]*#.*<<<|^[\t #*=<>+-]*end(?:region)?\b|\bend[\t #*=<>+-]*\r?$|\bend \("));

/// A pattern over bytes.
#[expect(clippy::expect_used, reason = "the patterns are constants, a test compiles each")]
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?-u){text}")).expect("a constant pattern")
}

/// The first comment near the end which says that something must stay last: the boundary above its paragraph, its
/// offset.
fn must_stay_last(bytes: &[u8], boundaries: &[usize], trusted: usize) -> Option<(usize, usize, Blocker)> {
    let comment_at = |start: usize| {
        let line = line_at(bytes, start);
        let is_comment = line.trim_ascii_start().starts_with(b"#");
        let kept = boundaries.binary_search(&start).is_ok();
        (is_comment && kept && start < trusted).then(|| &line[..line.len().min(COMMENT)])
    };
    let mut found = None;
    let mut following = 0;
    let mut end = bytes.len();
    while following <= TAIL && end > 0 {
        let start = line_start(bytes, end - 1);
        if let Some(comment) = comment_at(start)
            && LAST.is_match(comment)
        {
            found = Some(start);
        }
        following += usize::from(!line_at(bytes, start).trim_ascii().is_empty());
        end = start;
    }
    let said = found?;
    let mut at = said;
    while at > 0 {
        let above = line_start(bytes, at - 1);
        match comment_at(above) {
            Some(line) if !line.starts_with(b"#!") && !FENCE_END.is_match(line) => at = above,
            _ => break,
        }
    }
    Some((at, said, Blocker::MustStayLast))
}

/// The start of the line whose newline, or last byte, is at `end`.
fn line_start(bytes: &[u8], end: usize) -> usize {
    let before = bytes[..end].iter().rposition(|&b| b == b'\n');
    before.map_or(0, |at| at + 1)
}

/// The line that starts here, without its newline.
fn line_at(bytes: &[u8], start: usize) -> &[u8] {
    let rest = &bytes[start..];
    let length = rest.iter().position(|&b| b == b'\n');
    &rest[..length.unwrap_or(rest.len())]
}

#[cfg(test)]
mod tests;
