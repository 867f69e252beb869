//! The life of a variable: what it inherited, what each line did to it, what it was at the end; for PATH also which `go`
//! wins, which others it hides, and which line brought each.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::place::pattern;
use super::trace::{Change, Place, Sure, Value};
use crate::text::fence;

/// Lines that one command takes, at most.
const LINES: usize = 64;

/// What a line did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Did {
    /// It gave it a value that has nothing of the old one, or threw the old one away.
    Set,
    /// It took the variable away.
    Unset,
    /// It had the programs that the shell starts see it.
    Exported,
    /// It put these in front.
    Prepended(Vec<Vec<u8>>),
    /// It put these at the end.
    Appended(Vec<Vec<u8>>),
    /// It put these between others.
    Inserted(Vec<Vec<u8>>),
    /// These are gone.
    Lost(Vec<Vec<u8>>),
    /// What stayed stands in another order.
    Reordered,
    /// What stood there twice stands there once.
    Deduplicated,
}

/// One change, and what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where; `None`: the shell itself, before the first line.
    pub place: Option<Place>,
    /// How surely it was there.
    pub sure: Sure,
    /// Whether the line is one of our own block.
    pub ours: bool,
    /// What it did.
    pub did: Vec<Did>,
    /// The value afterwards.
    pub after: Value,
}

/// The life of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// The variable.
    pub variable: String,
    /// Its value before the shell started.
    pub inherited: Value,
    /// What was done to it, in order.
    pub events: Vec<Event>,
    /// Its value at the end, as the shell itself has it.
    pub last: Value,
    /// Whether the programs that the shell starts see it; `None`: the shell did not come so far.
    pub exported: Option<bool>,
}

/// Which of the events, if any, did something; for an entry of a list: what brought it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The shell inherited it.
    Inherited,
    /// The event of this number brought it, or moved it there.
    Event(usize),
}

/// A `go` that PATH has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnPath {
    /// Its folder.
    pub folder: PathBuf,
    /// What brought it.
    pub source: Source,
}

/// Sets a variable, in the words of sh, zsh, csh and fish, up to its value.
static SETS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) (?: ^ | [\s;&|({] ) (?: ([A-Za-z_]\w*) = | setenv\s+([A-Za-z_]\w*)\s | set\s+(path)\s*=
            | set\s+((?:-\S+\s+)*)([A-Za-z_]\w*)\s ) ([^;]*) ",
    )
});

/// What a shell expands, but for the home.
static EXPANDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$\{?(?:[A-GI-Za-z_0-9@*]|H(?:[^O]|O[^M]|OM[^E]|OME\w))"));

/// Whether a command gives a variable a value without its old one; what a function or a command does is not known.
/// `keeps`: the old value stands in the new one as it was, so that what is expanded there may be it.
fn overwrites(command: &[u8], variable: &str, keeps: bool) -> bool {
    let is = |name: &[u8]| name == variable.as_bytes() || variable == "PATH" && name == b"path";
    let says = |value: &[u8]| {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let calls = value.windows(2).any(|window| window == b"$(") || value.contains(&b'`');
        let lower = variable.to_ascii_lowercase();
        let found = [variable.as_bytes(), lower.as_bytes()].iter().any(|name| {
            value
                .windows(name.len())
                .enumerate()
                .any(|(at, window)| window == *name && !value.get(at + name.len()).is_some_and(|byte| word(*byte)))
        });
        calls || found || keeps && EXPANDS.is_match(value)
    };
    let adds = |options: &[u8]| {
        options.split(u8::is_ascii_whitespace).any(|option| match option.strip_prefix(b"--") {
            Some(long) => matches!(long, b"append" | b"prepend"),
            None => option.iter().any(|letter| b"ap".contains(letter)),
        })
    };
    let mut found = SETS.captures_iter(command).filter(|set| {
        let is_it = [1, 2, 3, 5].iter().any(|group| set.get(*group).is_some_and(|name| is(name.as_bytes())));
        is_it && !set.get(4).is_some_and(|options| adds(options.as_bytes()))
    });
    found.any(|set| set.get(6).is_some_and(|value| !says(value.as_bytes())))
}

/// The lives of the variables. `last`: as programs see them at the end, if the shell came so far; `values`: as the shell
/// has them.
pub fn lives(
    variables: &[String],
    inherited: &[Value],
    changes: &[Change],
    values: &[Value],
    last: Option<&[Value]>,
    files: &[(PathBuf, Vec<u8>)],
) -> Vec<Life> {
    let life = |(index, variable): (usize, &String)| {
        let own = changes.iter().filter(|change| change.variable == index);
        let value = values.get(index).cloned().flatten();
        let seen = last.map(|last| last.get(index).cloned().flatten());
        Life {
            variable: variable.clone(),
            inherited: inherited.get(index).cloned().flatten(),
            events: own.map(|change| event(variable, change, files)).collect(),
            // Programs that see nothing say nothing of what the shell has.
            last: seen.clone().flatten().or(value),
            exported: seen.map(|seen| seen.is_some()),
        }
    };
    variables.iter().enumerate().map(life).collect()
}

fn event(variable: &str, change: &Change, files: &[(PathBuf, Vec<u8>)]) -> Event {
    let Change { before, after, place, sure, .. } = change;
    let bytes = place.as_ref().and_then(|place| {
        let (_, bytes) = files.iter().find(|(path, _)| *path == place.file)?;
        Some((bytes, place.lines.first().copied()?))
    });
    let command = bytes.map(|(bytes, line)| command_from(bytes, line));
    let (old, new) = (entries(before), entries(after));
    let keeps = old.is_empty() || new.windows(old.len()).any(|window| window == old);
    let overwritten = *sure == Sure::Line && command.is_some_and(|command| overwrites(command, variable, keeps));
    let ours = bytes.is_some_and(|(bytes, line)| is_ours(bytes, line));
    let did = if before == after {
        vec![Did::Exported]
    } else if is_list(variable) {
        list(before, after, overwritten)
    } else {
        plain(after)
    };
    Event { place: place.clone(), sure: *sure, ours, did, after: after.clone() }
}

/// What begins in a line: up to its end, or that of another where a backslash, a quote or a parenthesis goes on.
fn command_from(bytes: &[u8], line: usize) -> &[u8] {
    let Some(start) = line.checked_sub(1).and_then(|before| fence::lines(bytes).nth(before)).map(|line| line.start)
    else {
        return &[];
    };
    let (mut quote, mut open, mut lines) = (None, 0_usize, 0);
    let mut at = start;
    while let Some(byte) = bytes.get(at).copied() {
        match (quote, byte) {
            (_, b'\n') => {
                lines += 1;
                if quote.is_none() && open == 0 || lines > LINES {
                    break;
                }
            }
            (None | Some(b'"'), b'\\') => at += 1,
            (None, b'\'' | b'"') => quote = Some(byte),
            (Some(closes), _) if byte == closes => quote = None,
            (None, b'(') => open += 1,
            (None, b')') => open = open.saturating_sub(1),
            (None, b'#') if at == start || bytes[at - 1].is_ascii_whitespace() => {
                // A comment, with whatever quotes are in it.
                while bytes.get(at + 1).is_some_and(|byte| *byte != b'\n') {
                    at += 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    &bytes[start..at.min(bytes.len())]
}

/// Whether a line stands in a block of ours.
fn is_ours(bytes: &[u8], line: usize) -> bool {
    let found = fence::find(bytes, b"#");
    let Some(range) = line.checked_sub(1).and_then(|line| fence::lines(bytes).nth(line)) else { return false };
    found.blocks().iter().any(|block| block.outer.contains(&range.start))
}

/// Whether a value is a list of folders.
pub fn is_list(variable: &str) -> bool {
    matches!(variable, "PATH" | "GOPATH")
}

fn plain(after: &Value) -> Vec<Did> {
    vec![if after.is_some() { Did::Set } else { Did::Unset }]
}

fn entries(value: &Value) -> Vec<&[u8]> {
    let Some(value) = value.as_deref().filter(|value| !value.is_empty()) else { return Vec::new() };
    value.split(|byte| *byte == b':').collect()
}

/// What was done to a list.
fn list(before: &Value, after: &Value, overwritten: bool) -> Vec<Did> {
    if after.is_none() {
        return vec![Did::Unset];
    }
    let (old, new) = (entries(before), entries(after));
    let owned = |entries: &[&[u8]]| entries.iter().map(|entry| entry.to_vec()).collect::<Vec<_>>();
    let kept_whole = if overwritten || old.is_empty() || new.len() == old.len() {
        None
    } else {
        new.windows(old.len()).rposition(|window| window == old)
    };
    if let Some(at) = kept_whole {
        // As it was, with others before or behind it, be they new or not.
        let (front, back) = (&new[..at], &new[at + old.len()..]);
        let added = [(front, Did::Prepended as fn(_) -> _), (back, Did::Appended)];
        return added
            .into_iter()
            .filter(|(entries, _)| !entries.is_empty())
            .map(|(entries, made)| made(owned(entries)))
            .collect();
    }
    let mut lost: Vec<&[u8]> = old.iter().copied().filter(|entry| !new.contains(entry)).collect();
    lost.dedup();
    let mut did = Vec::new();
    let kept: Vec<&[u8]> = new.iter().copied().filter(|entry| old.contains(entry)).collect();
    if overwritten || kept.is_empty() {
        did.push(Did::Set);
    } else {
        let is_new = |entry: &&&[u8]| !old.contains(entry);
        let front = new.iter().take_while(is_new).count();
        let back = if front == new.len() { 0 } else { new.iter().rev().take_while(is_new).count() };
        let middle: Vec<&[u8]> = new[front..new.len() - back].iter().filter(is_new).copied().collect();
        for (entries, made) in [
            (&new[..front], Did::Prepended as fn(_) -> _),
            (&middle[..], Did::Inserted),
            (&new[new.len() - back..], Did::Appended),
        ] {
            if !entries.is_empty() {
                did.push(made(owned(entries)));
            }
        }
        let once = |entries: &[&[u8]]| {
            let mut once: Vec<Vec<u8>> = Vec::new();
            for entry in entries {
                if !once.iter().any(|known| known == entry) {
                    once.push(entry.to_vec());
                }
            }
            once
        };
        let stayed: Vec<&[u8]> = old.iter().copied().filter(|entry| new.contains(entry)).collect();
        if once(&stayed) != once(&kept) {
            did.push(Did::Reordered);
        } else if kept.len() < stayed.len() {
            did.push(Did::Deduplicated);
        } else if kept.len() > stayed.len() {
            // One that was there already was added once more.
            let front = new.len().saturating_sub(old.len());
            let added = if new.ends_with(&old) {
                Did::Prepended(owned(&new[..front]))
            } else {
                Did::Appended(owned(&new[old.len().min(new.len())..]))
            };
            did.retain(|did| !matches!(did, Did::Prepended(_) | Did::Appended(_)));
            did.push(added);
        }
    }
    if !lost.is_empty() {
        did.push(Did::Lost(owned(&lost)));
    }
    did
}

/// Whether an entry stands before one now that stood before it.
fn overtakes(entry: &[u8], before: &Value, after: &Value) -> bool {
    let (old, new) = (entries(before), entries(after));
    let first = |list: &[&[u8]]| list.iter().position(|known| *known == entry);
    let (Some(was), Some(is)) = (first(&old), first(&new)) else { return false };
    old[..was].iter().any(|other| new.contains(other) && !new[..is].contains(other))
}

impl Life {
    /// What brought an entry of the list to where it is.
    pub fn source(&self, entry: &[u8]) -> Source {
        let mut had = entries(&self.inherited).contains(&entry);
        let mut source = Source::Inherited;
        for (number, event) in self.events.iter().enumerate() {
            let has = entries(&event.after).contains(&entry);
            let again = event.did.iter().any(|did| match did {
                Did::Set => true,
                Did::Prepended(new) => new.iter().any(|new| new == entry),
                Did::Reordered => overtakes(entry, self.before(number), &event.after),
                _ => false,
            });
            if has && (!had || again) {
                source = Source::Event(number);
            }
            had = has;
        }
        source
    }

    /// The list as it was before an event.
    pub fn before(&self, number: usize) -> &Value {
        number.checked_sub(1).and_then(|number| self.events.get(number)).map_or(&self.inherited, |event| &event.after)
    }

    /// The folders of the list that hold a `go`, in order, each once.
    pub fn on_path(&self, has_go: &[PathBuf]) -> Vec<OnPath> {
        let mut found: Vec<OnPath> = Vec::new();
        for entry in entries(&self.last) {
            let folder = Path::new(OsStr::from_bytes(entry));
            if has_go.iter().any(|go| go == folder) && found.iter().all(|known| known.folder != folder) {
                found.push(OnPath { folder: folder.to_owned(), source: self.source(entry) });
            }
        }
        found
    }

    /// The folders that were on the list at some time and are not any more, each with the event that lost it.
    pub fn lost(&self) -> Vec<(PathBuf, usize)> {
        let now = entries(&self.last);
        let mut lost: Vec<(PathBuf, usize)> = Vec::new();
        let mut before = &self.inherited;
        for (number, event) in self.events.iter().enumerate() {
            // What is taken away whole is lost too.
            let has = entries(&event.after);
            for entry in entries(before).into_iter().filter(|entry| !has.contains(entry) && !now.contains(entry)) {
                let folder = PathBuf::from(OsStr::from_bytes(entry));
                lost.retain(|(known, _)| *known != folder);
                lost.push((folder, number));
            }
            before = &event.after;
        }
        lost
    }
}

#[cfg(test)]
mod tests;
