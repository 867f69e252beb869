//! Values in front of commands, turned into changes.
//!
//! A value that differs from the one before was changed by the command between the two. What a command lends a variable
//! while another runs, what is local to a function, and what happens in a subshell comes back by itself: such a change
//! and its return are none.

use super::names::{Does, does};
use super::{Change, Ground, Place, Sure, Told, Value};

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
    changes: Vec<Change>,
}

impl<'a> Gathering<'a> {
    /// Begins with the values that the shell inherited.
    pub(super) fn new(variables: &'a [String], inherited: &[Value], late: bool) -> Self {
        let count = variables.len();
        let now = (0..count).map(|index| inherited.get(index).cloned().flatten()).collect();
        let (blind, told) = (vec![None; count], vec![true; count]);
        Self { variables, late, now, before: None, blind, told, changes: Vec::new() }
    }

    /// The next command.
    pub(super) fn step(&mut self, step: Step<'a>) {
        for variable in 0..self.variables.len() {
            match step.values.get(variable).cloned().flatten() {
                Some(value) => self.known(variable, value, &step),
                None => {
                    self.told[variable] = false;
                    let does = does(step.text, &self.variables[variable]);
                    if does != Does::Nothing {
                        self.blind[variable].clone_from(&step.place);
                    }
                    if let Does::Sets(value) = does {
                        self.change(variable, Some(value), step.place.clone(), Sure::Line);
                    }
                }
            }
        }
        self.before = Some(step);
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
}

impl<'a> Derived<'a> {
    /// Begins with the values that the shell inherited.
    pub(super) fn new(ground: &'a Ground<'a>) -> Self {
        let count = ground.variables.len();
        let now = (0..count).map(|index| ground.inherited.get(index).cloned().flatten()).collect();
        Self { ground, now, changes: Vec::new(), last: None }
    }

    /// A command stands there.
    pub(super) fn at(&mut self, place: Option<&Place>) {
        if let Some(place) = place {
            self.last = Some(place.clone());
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
        Told { changes: self.changes, last: self.last, values: self.now }
    }
}
