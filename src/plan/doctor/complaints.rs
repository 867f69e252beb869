//! What shells complain of while they start: a startup file that they cannot parse, and one that is to be read and is not
//! there; or in a word what kind of thing is wrong. Shells repeat whatever they choke on, and startup files hold secrets:
//! of their words nothing is shown but names of files and numbers of lines.
//!
//! Measured with zsh 5.9, bash 5.2, dash 0.5.12, ksh93u+m 1.0.4, mksh R59, yash 2.52, busybox 1.35 and fish 3.6. bash does
//! not tell in which line a file is to be read that is not there, dash and busybox not in which file.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::place::pattern;
use super::line::{How, Line};
use super::lines::{files, naming};
use super::scene::{Observed, Scene};
use crate::shells::Dialect;

/// What a shell complains of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// It cannot parse a file, from this line on.
    Syntax(Line),
    /// This line is to read a file that is not there.
    Missing(Line, PathBuf),
}

/// `/file:3:`, `/file: line 3:`, `/file:source:3:`, `/file[3]:`, `~/file (line 3):`.
static PLACE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(~?/[^\s:\[(`']+)(?::(?:\.|source):|:\s?(?:line )?|\[|\s\(line )([0-9]+)\b"));

/// The number of a line where no file is named: `dash: 3:`.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^-?[a-z0-9]+: ([0-9]+): "));

/// How shells say that they cannot parse a file.
static OF_SHELL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?::|: line |\[)[0-9]+\]?: (?:syntax error|parse error|unexpected EOF)"));

/// How fish says so.
static OF_FISH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^~?/\S+ \(line [0-9]+\): (?:Missing end to balance|Unexpected |Expected |'\w+' (?:outside|builtin not inside))",
    )
});

/// The file that is not there, in the words of each shell.
static MISSING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) :(?:\.|source):[0-9]+:\ no\ such\ file\ or\ directory:\ (/\S+)
            | (?: \] | ^/[^:\[\s]+ ):\ (?:\.|source):\ (/[^:]+):\ (?:cannot\ open|No\ such\ file)
            | ^-?[a-z0-9]+:\ [0-9]+:\ (?:\.|source):\ [Cc]an(?:not|'t)\ open\ (/[^:]+)
            | (?:\.|source):\ (?:line\ [0-9]+:\ can't|cannot)\ open\ (?:file\ )?[`'](/[^']+)'
            | ^(?:-?[a-z0-9]+|/\S*\ line\ [0-9]+):\ (/[^:]+):\ No\ such\ file\ or\ directory
            | while\ sourcing\ file\ '(/[^']+)'
            | ^(/[^:]+):\ No\ such\ file\ or\ directory\.$",
    )
});

/// Whether a start has left a startup file where that reads one that is not there. bash, zsh and fish go on there.
pub fn stops_at_missing(start: &Observed) -> bool {
    let strict = !["bash", "zsh", "fish"].contains(&start.row.shell.name());
    strict && start.go().is_none()
}

/// Whether a start complains of what it comes to its end at: a check of its own names that line.
pub fn name_the_end(scene: &Scene, start: &Observed) -> bool {
    of(scene, start).iter().any(|complaint| match complaint {
        Complaint::Syntax(_) => true,
        Complaint::Missing(..) => stops_at_missing(start),
    })
}

/// Everything that a start complains of.
pub fn of(scene: &Scene, start: &Observed) -> Vec<Complaint> {
    let mut found = Vec::new();
    for line in start.said.split(|byte| *byte == b'\n') {
        let line = &with_short_home(line, scene.facts.user.home.as_os_str().as_bytes());
        if let Some(complaint) = syntax(scene, start, line).or_else(|| missing(scene, start, line))
            && !found.contains(&complaint)
        {
            found.push(complaint);
        }
    }
    found
}

/// How a home is written while words are looked at: a home may have a blank in its name, at which a name would end.
const HOME: &str = "/~";

/// The words with a short name for the home.
fn with_short_home(words: &[u8], home: &[u8]) -> Vec<u8> {
    let mut short = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((first, behind)) = rest.split_first() {
        let found = rest.strip_prefix(home).filter(|after| home.len() > 1 && after.starts_with(b"/"));
        if let Some(after) = found {
            short.extend(HOME.as_bytes());
            rest = after;
        } else {
            short.push(*first);
            rest = behind;
        }
    }
    short
}

/// A file by the name that words with a short home have for it.
fn file_of(scene: &Scene, name: &[u8]) -> PathBuf {
    let name = Path::new(OsStr::from_bytes(name));
    let below = name.strip_prefix(HOME).or_else(|_| name.strip_prefix("~"));
    below.map_or_else(|_| name.to_owned(), |rest| scene.facts.user.home.join(rest))
}

/// The place that a line of words names; where no file is named, the only one of the user's own that the start reads.
fn place(scene: &Scene, start: &Observed, words: &[u8]) -> Option<Line> {
    let home = &scene.facts.user.home;
    let number = |bytes: &[u8]| std::str::from_utf8(bytes).ok()?.parse().ok().filter(|number| *number > 0);
    if let Some(found) = PLACE.captures(words) {
        let file = file_of(scene, found.get(1)?.as_bytes());
        return Some(Line { file, number: number(found.get(2)?.as_bytes())?, how: How::Traced });
    }
    let number = number(NUMBER.captures(words)?.get(1)?.as_bytes())?;
    let mut own = files(scene, start).into_iter().filter(|file| file.asked.starts_with(home));
    let only = own.next().filter(|_| own.next().is_none())?;
    Some(Line { file: only.asked.clone(), number, how: How::Traced })
}

fn syntax(scene: &Scene, start: &Observed, words: &[u8]) -> Option<Complaint> {
    let fish = start.row.shell.dialect() == Dialect::Fish && OF_FISH.is_match(words);
    let line = (fish || start.row.shell.is_syntax_error(words)).then(|| place(scene, start, words))??;
    // What a program of the user's says of its own files is not meant.
    let read = fish || files(scene, start).iter().any(|file| file.asked == line.file) || OF_SHELL.is_match(words);
    read.then_some(Complaint::Syntax(line))
}

fn missing(scene: &Scene, start: &Observed, words: &[u8]) -> Option<Complaint> {
    let found = MISSING.captures(words)?;
    let name = found.iter().skip(1).flatten().next()?.as_bytes().trim_ascii();
    let file = file_of(scene, name);
    let reads = |line: &Line| {
        let bytes = scene.file(&line.file)?.bytes()?;
        let range = crate::text::fence::lines(bytes).nth(line.number.checked_sub(1)?)?;
        READS.is_match(&bytes[range]).then_some(())
    };
    let told = place(scene, start, words).filter(|line| line.file != file);
    // That the line reads it the shell has said, if not where.
    let read = || naming(scene, start, file.as_os_str()).into_iter().find(|line| reads(line).is_some());
    let line = told.or_else(|| read().map(|line| Line { how: How::Traced, ..line }))?;
    Some(Complaint::Missing(line, file))
}

/// A line that reads a file.
static READS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[\s;&|{])(?:\.|source)\s"));

/// What shells say, in lower case, and what it is called here.
const KINDS: &[(&[u8], &str)] = &[
    (b"unexpected end of file", "the end of a file comes too soon"),
    (b"syntax error", "a syntax error"),
    (b"parse error", "a syntax error"),
    (b"unmatched", "a quote without its end"),
    (b"unterminated", "a quote without its end"),
    (b"unbound variable", "a variable that is not set"),
    (b"parameter not set", "a variable that is not set"),
    (b"undefined variable", "a variable that is not set"),
    (b"read-only variable", "a variable that cannot be changed"),
    (b"readonly variable", "a variable that cannot be changed"),
    (b"is read only", "a variable that cannot be changed"),
    (b"not a valid identifier", "a name that is none"),
    (b"bad substitution", "an expansion that is none"),
    (b"permission denied", "something that you may not do"),
    (b"no such file or directory", "a file that is not there"),
    (b"not found", "a command that is not there"),
    (b"unknown command", "a command that is not there"),
    (b"out of memory", "not enough memory"),
];

/// The first complaint for which there are words of ours.
pub fn kind(stderr: &[u8]) -> Option<&'static str> {
    let holds = |line: &[u8], words: &[u8]| line.windows(words.len()).any(|window| window == words);
    stderr.split(|byte| *byte == b'\n').find_map(|line| {
        let line = line.to_ascii_lowercase();
        KINDS.iter().find(|(words, _)| holds(&line, words)).map(|(_, kind)| *kind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_kind_is_told() {
        for (stderr, wanted) in [
            ("/h/.rc:20: parse error near `hunter2'", Some("a syntax error")),
            ("hunter2\nbash: /h/.rc: line 3: hunter2: unbound variable", Some("a variable that is not set")),
            ("Unmatched '\"'.", Some("a quote without its end")),
            ("hunter2 /h/.rc hunter3", None),
            ("", None),
        ] {
            assert_eq!(kind(stderr.as_bytes()), wanted, "{stderr}");
        }
    }

    #[test]
    fn words_of_shells() {
        for words in [
            "/h/.zshrc:.:2: no such file or directory: /h/gone",
            "/h/.zshrc:source:2: no such file or directory: /h/gone",
            "bash: /h/gone: No such file or directory",
            "/h/.bashrc: line 2: /h/gone: No such file or directory",
            "dash: 2: .: cannot open /h/gone: No such file",
            "/h/.shrc[2]: .: /h/gone: cannot open [No such file or directory]",
            "/h/.shrc: .: /h/gone: cannot open [No such file or directory]",
            "/h/gone: No such file or directory.",
            "E: mksh: /h/.shrc[2]: source: /h/gone: No such file or directory",
            "ash: .: line 2: can't open '/h/gone': No such file or directory",
            ".: cannot open file `/h/gone': No such file or directory",
            "source: Error encountered while sourcing file '/h/gone':",
        ] {
            let found = MISSING.captures(words.as_bytes()).expect(words);
            assert_eq!(
                found.iter().skip(1).flatten().next().map(|name| name.as_bytes()),
                Some(&b"/h/gone"[..]),
                "{words}"
            );
        }
        for words in [
            "/h/.zshrc:4: parse error near `fi'",
            "bash: /h/.zshrc: line 4: syntax error near unexpected token `fi'",
            "E: mksh: /h/.zshrc[4]: syntax error: unexpected 'fi'",
            "/h/.zshrc:.:4: no such file or directory: /h/gone",
            "/h/.zshrc (line 4): 'end' does not take arguments",
        ] {
            let found = PLACE.captures(words.as_bytes()).expect(words);
            assert_eq!((&found[1], &found[2]), (&b"/h/.zshrc"[..], &b"4"[..]), "{words}");
        }
        assert!(MISSING.captures(b"cat: /h/none: No such file or directory").is_some(), "no line reads it: not told");
    }
}
