//! The life of a variable for a person: one line for each change and, below it, what was done.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::super::traced::Explained;
use crate::cli::matrix::table::{fold, plain};
use crate::plan::life::{self, Did, Event, Life, OnPath, Source};
use crate::plan::secret;
use crate::plan::trace::{Place, Sure, Value};
use crate::text::show::{tilde, tilde_list};

/// Columns before what belongs to a line above.
const INDENT: usize = 4;

/// The whole text. `hidden`: those of `gos` that never run.
pub(super) fn lines(told: &Explained, life: &Life, gos: &[OnPath], hidden: &[&OnPath], home: &Path) -> String {
    let mut page = Page(format!("{} in {} {}\n\n", life.variable, told.program.label, told.start.words));
    page.part("inherited", &[value(life, &life.inherited, home)]);
    for event in &life.events {
        let did: Vec<String> = event.did.iter().map(|did| words(life, did, event, home)).collect();
        page.part(&head(event, home), &did);
    }
    if life.events.is_empty() {
        page.part("no line changes it", &[]);
    }
    let end = match life.exported {
        None => "when it was last seen",
        Some(false) if life.last.is_some() => "at the end, set but not exported: programs do not see it",
        Some(_) => "at the end",
    };
    page.part(end, &[value(life, &life.last, home)]);
    if life.variable == "PATH" {
        let by = |go: &OnPath| match go.source {
            Source::Inherited => "inherited".to_owned(),
            Source::Event(number) => from(&life.events[number], home),
        };
        let with = |folder: &Path, by: &str| format!("{} ({by})", shown(&folder.join("go"), home));
        let first = gos.first().map_or_else(|| "none on PATH".to_owned(), |go| with(&go.folder, &by(go)));
        page.part("go", &[first]);
        for go in hidden {
            page.part("hidden behind it", &[with(&go.folder, &by(go))]);
        }
        let had = super::with_go(life);
        for (folder, number) in life.lost().into_iter().filter(|(folder, _)| had.contains(folder)) {
            page.part("lost on the way", &[with(&folder, &from(&life.events[number], home))]);
        }
    }
    page.0
}

/// What is written, in parts: a line, and below it what belongs to it.
struct Page(String);

impl Page {
    fn part(&mut self, head: &str, below: &[String]) {
        fold(&mut self.0, head, 0);
        for text in below {
            self.0.push_str(&" ".repeat(INDENT));
            fold(&mut self.0, text, INDENT);
        }
    }
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
    let sure = if event.sure == Sure::Runs && event.place.is_some() {
        " (something that it runs, or what comes after it untold)"
    } else {
        ""
    };
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
            if entry.is_empty() {
                "an empty entry".to_owned()
            } else {
                shown(Path::new(OsStr::from_bytes(entry)), home)
            }
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
