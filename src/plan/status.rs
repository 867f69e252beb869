//! What each startup file holds of us: the words of `status`.

use std::path::PathBuf;

use super::apply::{self, ApplyPlan};
use super::request::Request;
use super::settings;
use super::{Note, Refusal, bad_fence, cannot_write};
use crate::facts::{Facts, FileState, Snapshot};
use crate::shells::{self, Carried, Holds, Shell, Values};
use crate::text::fence::{self, FenceState};

/// The state of a startup file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It should hold our block and holds none.
    Absent,
    /// It holds the block as `apply` would write it.
    InPlace,
    /// It holds a block of ours that `apply` would change.
    Outdated,
    /// Somebody changed the block by hand.
    EditedByHand,
    /// It holds more than one block.
    Doubled,
    /// The block is a newer version's.
    Newer,
    /// The fence is damaged.
    Damaged,
    /// The file cannot be read.
    Unreadable,
}

impl State {
    /// The words for messages and JSON.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::InPlace => "in place",
            Self::Outdated => "outdated",
            Self::EditedByHand => "edited by hand",
            Self::Doubled => "doubled",
            Self::Newer => "newer",
            Self::Damaged => "damaged",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One line of `status`.
#[derive(Clone, Debug)]
pub struct Row {
    /// The startup file.
    pub path: PathBuf,
    /// Its state.
    pub state: State,
    /// Line of the first block, from 1.
    pub line: Option<usize>,
    /// What is wrong, in a sentence, with a hint.
    pub problem: Option<Refusal>,
}

/// The report: a row for each file of the detected shell and each other file that holds our fence.
pub struct Report {
    /// The plan that a bare `apply` would make, or why there is none.
    pub plan: Result<ApplyPlan, Refusal>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What the user should know.
    pub notes: Vec<Note>,
}

/// Looks at every startup file.
pub fn report(facts: &Facts) -> Report {
    let plan = apply::plan(facts, &Request::default());
    let mut rows: Vec<Row> = Vec::new();
    let mut reals: Vec<PathBuf> = Vec::new();
    if let Ok(plan) = &plan {
        for file in &plan.files {
            let changes = plan.plan.edits.iter().any(|edit| edit.target.real == file.snapshot.real);
            reals.push(file.snapshot.real.clone());
            rows.push(row(facts, &file.snapshot, changes));
        }
    }
    for snapshot in &facts.files {
        if reals.contains(&snapshot.real) {
            continue;
        }
        reals.push(snapshot.real.clone());
        let row = row(facts, snapshot, outdated(facts, snapshot));
        if row.state != State::Absent && row.state != State::Unreadable {
            rows.push(row);
        }
    }
    let notes = plan.as_ref().map(|plan| plan.plan.notes.clone()).unwrap_or_default();
    Report { plan, rows, notes }
}

fn row(facts: &Facts, snapshot: &Snapshot, changes: bool) -> Row {
    let shell = facts.shell_of(&snapshot.asked);
    let home = &facts.user.home;
    let mut row = Row { path: snapshot.asked.clone(), state: State::Absent, line: None, problem: None };
    let FileState::Regular { bytes, .. } = &snapshot.state else {
        if let FileState::Unusable(_) = snapshot.state {
            row.state = State::Unreadable;
            row.problem = cannot_write(snapshot, home);
        }
        return row;
    };
    let found = fence::find(bytes, shell.comment());
    row.line = found.blocks().first().map(|block| block.line);
    row.problem = bad_fence(&found, snapshot, home);
    row.state = match &found {
        FenceState::Absent => State::Absent,
        FenceState::Newer { .. } => State::Newer,
        FenceState::Damaged { .. } => State::Damaged,
        FenceState::Blocks(blocks) if blocks.iter().any(|block| block.edited) => State::EditedByHand,
        FenceState::Blocks(blocks) if blocks.len() > 1 => State::Doubled,
        FenceState::Blocks(_) if changes => State::Outdated,
        FenceState::Blocks(_) => State::InPlace,
    };
    row
}

/// Whether a file of another shell holds a block that this version would write otherwise, with the block's own settings.
/// Whose language it is in the block itself shows best: one file may have names of several shells.
fn outdated(facts: &Facts, snapshot: &Snapshot) -> bool {
    let home = &facts.user.home;
    let Some(bytes) = snapshot.bytes() else { return false };
    let comment = facts.shell_of(&snapshot.asked).comment();
    let found = fence::find(bytes, comment);
    let Some(block) = found.blocks().first() else { return false };
    let body = &bytes[block.body.clone()];
    let written_so = |shell: &&dyn Shell| {
        let carried = shell.carried(body, home);
        let places = settings::of_carried(&carried, home);
        let Carried { go, goroot, gopath: Some(gopath), gobin, reach, loads, .. } = carried else { return false };
        let values = Values { go, places, goroot, gopath, gobin, reach, loads };
        [Holds::All, Holds::Variables].iter().any(|holds| shell.body(&values, *holds, home) == body)
    };
    !shells::ALL.iter().any(written_so)
}
