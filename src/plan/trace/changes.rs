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
    /// How surely it stands there: not where it is in no file that is known.
    pub(super) sure: Sure,
    /// The variables that it gives a value to if they have none, before it is shown.
    pub(super) fills: Vec<usize>,
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
    blind: Vec<Option<(Option<Place>, Sure)>>,
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
                self.blind[variable] = Some((step.place.clone(), step.sure));
            }
            if let Does::Sets(value) = does {
                self.change(variable, Some(value), step.place.clone(), step.sure);
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
            self.changes.push(Change { variable, before: value.clone(), after: value, place, sure: step.sure });
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
        let blind = self.blind[variable].clone().filter(|_| !self.told[variable]);
        if let Some((place, sure)) = blind {
            self.change(variable, value, place, sure);
        } else if step.fills.contains(&variable) {
            self.change(variable, value, step.place.clone(), step.sure);
        } else if self.late && matches!(here, Does::Sets(_) | Does::Adds) && !is_builtin(step.text) {
            // The one before may have changed it too, and was shown before it did.
            let first = before.and_then(|before| match &there {
                Does::Sets(first) if is_builtin(before.text) => Some((Some(first.clone()), before)),
                Does::Names if before.text.starts_with(b"unset ") => Some((None, before)),
                _ => None,
            });
            let first = first.map(|(first, before)| (first, before.place.clone(), before.sure));
            if let Some((first, place, sure)) = first {
                self.change(variable, first, place, sure);
            }
            self.change(variable, value, step.place.clone(), step.sure);
        } else {
            let explains = match &there {
                Does::Sets(new) => Some(new) == value.as_ref(),
                Does::Adds | Does::Names => true,
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
                let itself = there != Does::Nothing;
                let sure = before.map(|before| before.sure).filter(|_| itself).unwrap_or(Sure::Runs);
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

    /// The changes, and the values at the end. `silent`: where it was if no command was told.
    pub(super) fn finish(mut self, last: Option<&[Value]>, silent: Option<Place>) -> (Vec<Change>, Vec<Value>) {
        let place = self.before.as_ref().map_or(silent, |before| before.place.clone());
        for variable in 0..self.variables.len() {
            // A variable that no program sees may still be set.
            let Some(value) = last.and_then(|last| last.get(variable)).cloned().flatten() else { continue };
            if self.now[variable].as_ref() != Some(&value) {
                let blind = self.blind[variable].clone().and_then(|(place, _)| place);
                self.change(variable, Some(value), blind.or_else(|| place.clone()), Sure::Runs);
            }
        }
        (self.changes, self.now)
    }
}

/// The last change of each variable came before what stands in this line: of several lines that it may be, those below
/// are not.
fn narrow(changes: &mut [Change], next: Option<&Place>) {
    let Some(Place { file, lines }) = next else { return };
    let [next] = lines[..] else { return };
    let mut seen: Vec<usize> = Vec::new();
    for change in changes.iter_mut().rev() {
        if seen.contains(&change.variable) {
            break;
        }
        seen.push(change.variable);
        let place = change.place.as_mut().filter(|place| place.file == *file && place.lines.len() > 1);
        if let Some(place) = place.filter(|place| place.lines[0] <= next) {
            place.lines.retain(|known| *known <= next);
        }
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
    /// Whether the programs that the shell starts see them.
    exported: Vec<bool>,
    /// The last command that changed a variable to what it does not tell.
    blind: Vec<Option<Place>>,
    changes: Vec<Change>,
    last: Option<Place>,
    ends: Vec<Place>,
}

impl<'a> Derived<'a> {
    /// Begins with the values that the shell inherited.
    pub(super) fn new(ground: &'a Ground<'a>) -> Self {
        let count = ground.variables.len();
        let now: Vec<Value> = (0..count).map(|index| ground.inherited.get(index).cloned().flatten()).collect();
        let exported = now.iter().map(Option::is_some).collect();
        Self { ground, now, exported, blind: vec![None; count], changes: Vec::new(), last: None, ends: Vec::new() }
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
        self.exported[variable] &= value.is_some();
        self.blind[variable] = None;
        let before = std::mem::replace(&mut self.now[variable], value.clone());
        if before != value {
            self.changes.push(Change { variable, before, after: value, place: place.cloned(), sure });
        }
    }

    /// A variable that keeps its value is exported, or not any more; `None`: it stays as it is.
    pub(super) fn exports(&mut self, variable: usize, exports: Option<bool>, value: &Value, place: Option<&Place>) {
        let Some(exports) = exports else { return };
        let was = std::mem::replace(&mut self.exported[variable], exports);
        if exports && !was && value.is_some() && *value == self.now[variable] {
            let (before, after) = (value.clone(), value.clone());
            self.changes.push(Change { variable, before, after, place: place.cloned(), sure: Sure::Line });
        }
    }

    /// A variable gets a value that is not told.
    pub(super) fn changes(&mut self, variable: usize, place: Option<&Place>) {
        self.blind[variable] = place.cloned();
    }

    /// What came of it. Where it is not what a program saw at the end, something happened that was not told.
    pub(super) fn finish(mut self) -> Told {
        for variable in 0..self.now.len() {
            let last = self.ground.last.and_then(|last| last.get(variable)).cloned().flatten();
            if let Some(value) = last {
                let sure = if self.blind[variable].is_some() { Sure::Line } else { Sure::Runs };
                let place = self.blind[variable].clone().or_else(|| self.last.clone());
                self.set(variable, Some(value), place.as_ref(), sure);
            }
        }
        Told { changes: self.changes, last: self.last, ends: self.ends, values: self.now }
    }
}
