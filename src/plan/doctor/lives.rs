//! What traced starts told: which lines really did something to a variable, wherever they stand.

use std::path::Path;

use super::super::life::{Did, Event, Life, Source};
use super::super::trace::{Place, Sure};
use super::line::{How, Line};
use crate::facts::Snapshot;
use crate::shells::Dialect;

/// A start that was traced.
#[derive(Clone, Debug)]
pub struct Traced {
    /// Which start: `zsh -l -i`.
    pub start: String,
    /// The lives of the variables that were asked for.
    pub lives: Vec<Life>,
    /// Where it was last.
    pub last: Option<Place>,
    /// Where it was last in each file, in the order in which it left them.
    pub ends: Vec<Place>,
}

/// A file that a traced start has read, and that is no startup file.
#[derive(Clone, Debug)]
pub struct Sourced {
    /// The file.
    pub snapshot: Snapshot,
    /// The language in which it was read.
    pub dialect: Dialect,
    /// Whether it is surely the user's own to change: a plain file in their home, of no package, checkout or tool.
    pub own: bool,
}

/// The lines of a place; none where not even that is known.
pub fn of_place(place: &Place, how: How) -> Vec<Line> {
    // Of several that look the same, any may be it.
    let how = if place.lines.len() > 1 { How::Runs } else { how };
    place.lines.iter().map(|number| Line { file: place.file.clone(), number: *number, how }).collect()
}

/// The lines of an event that are not our block's.
pub(super) fn of_event(event: &Event) -> Vec<Line> {
    let how = if event.sure == Sure::Line { How::Traced } else { How::Runs };
    event.place.as_ref().filter(|_| !event.ours).map(|place| of_place(place, how)).unwrap_or_default()
}

/// The lines that gave a variable the value that it has; `None`: the trace does not tell.
pub fn setting(life: &Life) -> Option<Vec<Line>> {
    let sets = |event: &&Event| event.after == life.last && !matches!(event.did[..], [Did::Exported]);
    let events: Vec<&Event> = life.events.iter().filter(sets).collect();
    let lines = unique(events.iter().flat_map(|event| of_event(event)));
    // By our own block alone: no line of the user's is at fault.
    let ours = !events.is_empty() && events.iter().all(|event| event.ours && event.sure == Sure::Line);
    (ours || !lines.is_empty()).then_some(lines)
}

/// The lines that brought an entry of a list to where it is; `None`: the trace does not tell.
pub fn bringing(life: &Life, entry: &[u8]) -> Option<Vec<Line>> {
    let Source::Event(number) = life.source(entry) else { return None };
    let lines = of_event(life.events.get(number)?);
    (!lines.is_empty()).then_some(lines)
}

/// Whether some line, one of our block included, brought an entry, whatever became of it.
pub fn ever_had(life: &Life, entry: &Path) -> bool {
    let lists = life.events.iter().map(|event| &event.after).chain([&life.inherited]);
    lists
        .flatten()
        .any(|list| entries(list).any(|known| known == std::os::unix::ffi::OsStrExt::as_bytes(entry.as_os_str())))
}

/// The folders of the system's commands, which every session has on PATH.
const OF_SYSTEM: &[&[u8]] = &[
    b"/usr/local/sbin",
    b"/usr/local/bin",
    b"/usr/sbin",
    b"/usr/bin",
    b"/sbin",
    b"/bin",
    b"/usr/games",
    b"/usr/local/games",
];

/// Whether a line puts nothing on the list but what was there before it, and what is the system's.
pub fn brings_nothing(life: &Life, by: &Line) -> bool {
    let at = |event: &Event| of_event(event).contains(by);
    let known = |number: usize, entry: &[u8]| {
        OF_SYSTEM.contains(&entry) || life.before(number).iter().any(|list| entries(list).any(|known| known == entry))
    };
    let mut events = life.events.iter().enumerate().filter(|(_, event)| at(event)).peekable();
    events.peek().is_some()
        && events.all(|(number, event)| event.after.iter().all(|list| entries(list).all(|entry| known(number, entry))))
}

fn entries(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b':')
}

/// The lines that lost one of these folders for good, each with whether it set the list without what it held.
pub fn losing(life: &Life, folders: &[&Path]) -> Vec<(Line, bool)> {
    let lost = life.lost().into_iter().filter(|(folder, _)| folders.iter().any(|wanted| folder == wanted));
    let mut lines: Vec<(Line, bool)> = Vec::new();
    for event in lost.filter_map(|(_, number)| life.events.get(number)) {
        let sets = event.did.contains(&Did::Set) || event.did.contains(&Did::Unset);
        for line in of_event(event) {
            if !lines.iter().any(|(known, _)| *known == line) {
                lines.push((line, sets));
            }
        }
    }
    lines
}

/// What a line does that took something off PATH; `sets`: it sets the list without what it held.
pub const fn throws(sets: bool) -> &'static str {
    if sets { "sets PATH without what it held" } else { "takes it off PATH" }
}

/// Each once, in order, without those that only may be it, where another start tells for sure which line of the file it is.
pub fn surest(lines: impl IntoIterator<Item = Line>) -> Vec<Line> {
    let lines = unique(lines);
    let sure = |line: &Line| line.how == How::Traced;
    let known = |line: &Line| lines.iter().any(|other| sure(other) && other.file == line.file);
    lines.iter().filter(|line| sure(line) || !known(line)).cloned().collect()
}

/// Each once, in order.
pub fn unique(lines: impl IntoIterator<Item = Line>) -> Vec<Line> {
    let mut once: Vec<Line> = Vec::new();
    for line in lines {
        if !once.contains(&line) {
            once.push(line);
        }
    }
    once
}
