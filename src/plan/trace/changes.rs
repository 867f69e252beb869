//! Values in front of commands, turned into changes.
//!
//! A value that differs from the one before was changed by the command between the two. What a command lends a variable
//! while another runs, what is local to a function, and what happens in a subshell comes back by itself: such a change
//! and its return are none.

use super::names::{Does, does};
use super::{Change, Ground, Place, Sure, Told, Value, came_to};

/// One command in a file, or outside of any.
pub(super) struct Step<'a> {
    /// Where it stands.
    pub(super) place: Option<Place>,
    /// The values before it, or behind it for a plain assignment of a shell that shows it late.
    pub(super) values: Vec<Option<Value>>,
    /// The command, expanded.
    pub(super) text: &'a [u8],
}

/// Gathers the changes from commands in their order.
pub(super) struct Gathering<'a> {
    variables: &'a [String],
    late: bool,
    now: Vec<Value>,
    before: Option<Step<'a>>,
    /// The last command that named a variable while its values were not told.
    blind: Vec<Option<Place>>,
    /// Whether they were told at all since the last known value.
    told: Vec<bool>,
    /// Whether the programs that the shell starts see them.
    exported: Vec<bool>,
    changes: Vec<Change>,
}

impl<'a> Gathering<'a> {
    /// Begins with the values that the shell inherited.
    pub(super) fn new(variables: &'a [String], inherited: &[Value], late: bool) -> Self {
        let count = variables.len();
        let now: Vec<Value> = (0..count).map(|index| inherited.get(index).cloned().flatten()).collect();
        let (blind, told) = (vec![None; count], vec![true; count]);
        let exported = now.iter().map(Option::is_some).collect();
        Self { variables, late, now, before: None, blind, told, exported, changes: Vec::new() }
    }

    /// The first command of a subshell: the values before it are those of the shell itself.
    pub(super) fn aside(&mut self, step: &Step<'a>) {
        for variable in 0..self.variables.len() {
            if let Some(value) = step.values.get(variable).cloned().flatten() {
                self.known(variable, value, step);
            }
        }
    }

    /// The next command.
    pub(super) fn step(&mut self, step: Step<'a>) {
        narrow(&mut self.changes, step.place.as_ref());
        for variable in 0..self.variables.len() {
            if let Some(value) = step.values.get(variable).cloned().flatten() {
                self.known(variable, value, &step);
                continue;
            }
            self.told[variable] = false;
            let does = does(step.text, &self.variables[variable]);
            if does != Does::Nothing {
                self.blind[variable].clone_from(&step.place);
            }
            if let Does::Sets(value) = does {
                self.change(variable, Some(value), step.place.clone(), Sure::Line);
            }
        }
        for variable in 0..self.variables.len() {
            self.export(variable, &step);
        }
        self.before = Some(step);
    }

    /// Takes note of a command that exports a variable which has its value already.
    fn export(&mut self, variable: usize, step: &Step<'a>) {
        let name = &self.variables[variable];
        if step.text.starts_with(b"unset ") && does(step.text, name) != Does::Nothing {
            self.exported[variable] = false;
        }
        if self.exported[variable] || !is_export(step.text) {
            return;
        }
        let does = does(step.text, name);
        self.exported[variable] = does != Does::Nothing;
        let here = |change: &Change| change.variable == variable && change.place == step.place;
        if does == Does::Names && self.now[variable].is_some() && !self.changes.iter().any(here) {
            let value = self.now[variable].clone();
            let place = step.place.clone();
            self.changes.push(Change { variable, before: value.clone(), after: value, place, sure: Sure::Line });
        }
    }

    fn known(&mut self, variable: usize, value: Value, step: &Step<'a>) {
        if value == self.now[variable] {
            self.sees(variable);
            return;
        }
        let name = &self.variables[variable];
        let before = self.before.as_ref();
        let here = does(step.text, name);
        let there = before.map_or(Does::Nothing, |before| does(before.text, name));
        let is_lent = matches!(&here, Does::Lends(lent) if Some(lent) == value.as_ref());
        let shows_itself = matches!(&here, Does::Sets(new) if Some(new) == value.as_ref());
        if is_lent || !self.late && shows_itself {
            // bash and others have the value there before the command that gets it is run.
            return;
        }
        if !self.told[variable] && self.blind[variable].is_some() {
            let place = self.blind[variable].clone();
            self.change(variable, value, place, Sure::Line);
        } else if self.late && matches!(here, Does::Sets(_)) {
            // The one before may have changed it too, and was shown before it did.
            let first = before.and_then(|before| match &there {
                Does::Sets(first) if is_builtin(before.text) => Some((Some(first.clone()), before.place.clone())),
                Does::Names if before.text.starts_with(b"unset ") => Some((None, before.place.clone())),
                _ => None,
            });
            if let Some((first, place)) = first {
                self.change(variable, first, place, Sure::Line);
            }
            self.change(variable, value, step.place.clone(), Sure::Line);
        } else {
            let explains = match &there {
                Does::Sets(new) => Some(new) == value.as_ref(),
                Does::Names => true,
                Does::Nothing | Does::Lends(_) => false,
            };
            let back = self.changes.iter().position(|change| change.variable == variable && change.before == value);
            if let (false, Some(back)) = (explains, back) {
                // It has come back by itself: nothing since then was to last.
                let mut index = 0;
                self.changes.retain(|change| {
                    index += 1;
                    index <= back || change.variable != variable
                });
                self.now[variable] = value;
            } else {
                let place = before.and_then(|before| before.place.clone());
                let sure = if there == Does::Nothing { Sure::Runs } else { Sure::Line };
                self.change(variable, value, place, sure);
            }
        }
        self.sees(variable);
    }

    fn sees(&mut self, variable: usize) {
        self.blind[variable] = None;
        self.told[variable] = true;
    }

    fn change(&mut self, variable: usize, value: Value, place: Option<Place>, sure: Sure) {
        let before = std::mem::replace(&mut self.now[variable], value.clone());
        if before != value {
            self.changes.push(Change { variable, before, after: value, place, sure });
        }
    }

    /// The changes, and the values at the end.
    pub(super) fn finish(mut self, last: Option<&[Value]>) -> (Vec<Change>, Vec<Value>) {
        let place = self.before.as_ref().and_then(|before| before.place.clone());
        for variable in 0..self.variables.len() {
            // A variable that no program sees may still be set.
            let Some(value) = last.and_then(|last| last.get(variable)).cloned().flatten() else { continue };
            if self.now[variable].as_ref() != Some(&value) {
                let blind = self.blind[variable].clone();
                self.change(variable, Some(value), blind.or_else(|| place.clone()), Sure::Runs);
            }
        }
        (self.changes, self.now)
    }
}

/// The last change came before what stands in this line: of several lines that it may be, those below are not.
fn narrow(changes: &mut [Change], next: Option<&Place>) {
    let Some(place) = changes.last_mut().and_then(|change| change.place.as_mut()) else { return };
    let Some(Place { file, lines }) = next else { return };
    if let [line] = lines[..]
        && place.lines.len() > 1
        && place.file == *file
        && place.lines[0] <= line
    {
        place.lines.retain(|known| *known <= line);
    }
}

/// Whether the command exports what it names.
fn is_export(text: &[u8]) -> bool {
    let option = |start: &[u8]| {
        let option = text.strip_prefix(start).unwrap_or_default();
        option.starts_with(b"-") && option.split(|byte| *byte == b' ').next().unwrap_or_default().contains(&b'x')
    };
    text.starts_with(b"export ") || option(b"typeset ") || option(b"declare ")
}

/// Whether the command is one of those that set variables by arguments.
fn is_builtin(text: &[u8]) -> bool {
    [&b"export "[..], b"readonly ", b"typeset ", b"declare "].iter().any(|start| text.starts_with(start))
}

/// Values that follow from the commands themselves.
pub(super) struct Derived<'a> {
    ground: &'a Ground<'a>,
    now: Vec<Value>,
    changes: Vec<Change>,
    last: Option<Place>,
    ends: Vec<Place>,
}

impl<'a> Derived<'a> {
    /// Begins with the values that the shell inherited.
    pub(super) fn new(ground: &'a Ground<'a>) -> Self {
        let count = ground.variables.len();
        let now = (0..count).map(|index| ground.inherited.get(index).cloned().flatten()).collect();
        Self { ground, now, changes: Vec::new(), last: None, ends: Vec::new() }
    }

    /// A command stands there.
    pub(super) fn at(&mut self, place: Option<&Place>) {
        if let Some(place) = place {
            narrow(&mut self.changes, Some(place));
            self.last = Some(place.clone());
            came_to(&mut self.ends, place);
        }
    }

    /// The value that a variable has now.
    pub(super) fn now(&self, variable: usize) -> &Value {
        &self.now[variable]
    }

    /// A variable gets a value.
    pub(super) fn set(&mut self, variable: usize, value: Value, place: Option<&Place>, sure: Sure) {
        let before = std::mem::replace(&mut self.now[variable], value.clone());
        if before != value {
            self.changes.push(Change { variable, before, after: value, place: place.cloned(), sure });
        }
    }

    /// What came of it. Where it is not what a program saw at the end, something happened that was not told.
    pub(super) fn finish(mut self) -> Told {
        for variable in 0..self.now.len() {
            let last = self.ground.last.and_then(|last| last.get(variable)).cloned().flatten();
            if let Some(value) = last {
                let place = self.last.clone();
                self.set(variable, Some(value), place.as_ref(), Sure::Runs);
            }
        }
        Told { changes: self.changes, last: self.last, ends: self.ends, values: self.now }
    }
}
