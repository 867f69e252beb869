//! The life of a variable for a person: one line for each change and, below it, what was done.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::Explained;
use crate::cli::matrix::table::{fold, plain};
use crate::plan::life::{self, Did, Event, Life, OnPath, Source};
use crate::plan::secret;
use crate::plan::trace::{Place, Sure, Value};
use crate::text::show::{tilde, tilde_list};

/// Columns before what belongs to a line above.
const INDENT: usize = 4;

/// The whole text.
pub(super) fn lines(told: &Explained, life: &Life, gos: &[OnPath], hidden: &[&OnPath], home: &Path) -> String {
    let mut out = format!("{} in {} {}\n\n", life.variable, told.program.label, told.start.words);
    let mut line = |head: &str, text: &str| {
        out.push_str(head);
        out.push('\n');
        if !text.is_empty() {
            out.push_str(&" ".repeat(INDENT));
            fold(&mut out, text, INDENT);
        }
    };
    line("inherited", &value(life, &life.inherited, home));
    for event in &life.events {
        let head = head(event, home);
        let did: Vec<String> = event.did.iter().map(|did| words(life, did, event, home)).collect();
        line(&head, &did[0]);
        for more in &did[1..] {
            line_below(&mut line, more);
        }
    }
    if life.events.is_empty() {
        line("no line changes it", "");
    }
    let end = match life.exported {
        Some(true) => "at the end",
        Some(false) if life.last.is_some() => "at the end, set but not exported: programs do not see it",
        Some(false) => "at the end",
        None => "when it was last seen",
    };
    line(end, &value(life, &life.last, home));
    let by = |go: &OnPath| match go.source {
        Source::Inherited => "inherited".to_owned(),
        Source::Event(number) => from(&life.events[number], home),
    };
    if life.variable == "PATH" {
        match gos.first() {
            Some(go) => line("go", &format!("{} ({})", shown(&go.folder.join("go"), home), by(go))),
            None => line("go", "none on PATH"),
        }
        for go in hidden {
            line("hidden behind it", &format!("{} ({})", shown(&go.folder.join("go"), home), by(go)));
        }
        let was = super::with_go(life);
        for (folder, number) in life.lost().into_iter().filter(|(folder, _)| was.contains(folder)) {
            let go = shown(&folder.join("go"), home);
            line("lost on the way", &format!("{go} ({})", from(&life.events[number], home)));
        }
    }
    out
}

fn line_below(line: &mut impl FnMut(&str, &str), text: &str) {
    let mut folded = " ".repeat(INDENT);
    fold(&mut folded, text, INDENT);
    line(folded.trim_end(), "");
}

fn shown(path: &Path, home: &Path) -> String {
    plain(&tilde(path, home))
}

/// A file and its line, as editors and terminals know it.
pub(super) fn place(place: &Place, home: &Path) -> String {
    let file = shown(&place.file, home);
    let lines: Vec<String> = place.lines.iter().map(usize::to_string).collect();
    match &lines[..] {
        [] => file,
        [line] => format!("{file}:{line}"),
        [first, more @ ..] => format!("{file}:{first} or {}", more.join(" or ")),
    }
}

fn from(event: &Event, home: &Path) -> String {
    match &event.place {
        Some(at) if event.ours => format!("{}, goenv-setup's block", place(at, home)),
        Some(at) => place(at, home),
        None => "the shell itself".to_owned(),
    }
}

fn head(event: &Event, home: &Path) -> String {
    let sure = if event.sure == Sure::Runs && event.place.is_some() { " (something that it runs)" } else { "" };
    format!("{}{sure}", from(event, home))
}

/// A value, as far as it may be shown.
fn value(life: &Life, value: &Value, home: &Path) -> String {
    match value {
        None => "not set".to_owned(),
        Some(_) if !secret::is_shown(&life.variable) => "set; its value may be a secret and is not shown".to_owned(),
        Some(value) if value.is_empty() => "empty".to_owned(),
        Some(value) => {
            let value = secret::without_secrets(&life.variable, value);
            let value = OsStr::from_bytes(&value);
            if life::is_list(&life.variable) || value.as_bytes().starts_with(b"/") {
                plain(&tilde_list(value, home))
            } else {
                plain(&crate::text::show::sanitise(value.as_bytes()))
            }
        }
    }
}

/// What was done, in words.
fn words(life: &Life, did: &Did, event: &Event, home: &Path) -> String {
    let list = |entries: &[Vec<u8>]| {
        let names = entries.iter().map(|entry| {
            if entry.is_empty() { "an empty entry".to_owned() } else { shown(Path::new(OsStr::from_bytes(entry)), home) }
        });
        names.collect::<Vec<_>>().join(" ")
    };
    match did {
        Did::Set if !secret::is_shown(&life.variable) => "set it".to_owned(),
        Did::Set => format!("set it to {}", value(life, &event.after, home)),
        Did::Unset => "unset it".to_owned(),
        Did::Exported => "exported it".to_owned(),
        Did::Prepended(entries) => format!("put in front: {}", list(entries)),
        Did::Appended(entries) => format!("put at the end: {}", list(entries)),
        Did::Inserted(entries) => format!("put between: {}", list(entries)),
        Did::Lost(entries) => format!("lost: {}", list(entries)),
        Did::Reordered => format!("put in another order: {}", value(life, &event.after, home)),
        Did::Deduplicated => "took out what stood there twice".to_owned(),
    }
}
