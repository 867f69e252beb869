//! P: terminals that have Go from the session in which they are opened.
//!
//! A start from here begins with a bare PATH, and a terminal begins with that of its session: what a desktop has read from
//! `.profile`, as go.dev's own instruction wants it, every terminal inherits.

use std::path::Path;

use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Severity};
use super::starts;
use super::startup::{Why, lost};
use crate::shells::LaunchMode;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[Check {
    id: "P-16",
    title: "terminals have Go only from their session",
    severity: Severity::Info,
    look: from_session,
}];

/// Whether a start that finds no go would find one as a terminal opens it: by the PATH of this session, which has it from
/// a login, or which is all that the start has.
pub(super) fn inherits(scene: &Scene, start: &Observed) -> bool {
    let session = &scene.facts.go.on_path;
    if !start.row.by_file {
        return !session.is_empty();
    }
    // A desktop's session reads what sh reads at login.
    let shells = [start.row.shell.name(), "sh"];
    let at_login = |login: &&Observed| {
        matches!(login.row.mode, LaunchMode::LoginInteractive | LaunchMode::Login)
            && shells.contains(&login.row.shell.name())
    };
    let in_session = |go: &Path| session.iter().any(|dir| Some(dir.bin.as_path()) == go.parent());
    start.row.mode == LaunchMode::Interactive && scene.seen().filter(at_login).filter_map(Observed::go).any(in_session)
}

fn from_session(scene: &Scene) -> Vec<Case> {
    let lost = lost(scene).filter(|(start, why)| *why == Why::FromSession && start.row.by_file);
    let found = lost.map(|(start, _)| (start.name(), start.row.shell.name()));
    let case = |(shell, names): (&str, Vec<String>)| {
        let what = format!(
            "{} has Go only where the session brings it: a login puts it on PATH, and no file that this start reads",
            names.join(", ")
        );
        Case::new(what).with(starts(names)).fix(scene.apply(shell, "PATH"))
    };
    Scene::by_value(found).into_iter().map(case).collect()
}
