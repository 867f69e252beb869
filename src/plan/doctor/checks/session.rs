//! P: terminals that have Go from the session in which they are opened.
//!
//! A start from here begins with a bare PATH, and a terminal begins with that of its session: what a desktop has read from
//! `.profile`, as go.dev's own instruction wants it, every terminal inherits.

use std::path::Path;

use super::super::super::matrix::Row;
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Fix, Severity};
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
    start.row.mode == LaunchMode::Interactive
        && (scene.seen().filter(at_login).filter_map(Observed::go).any(in_session)
            || (!start.row.promised && finds_go_at_login(scene, start)))
}

/// The start of the same shell at login.
fn login<'a>(scene: &'a Scene, start: &Observed) -> Option<&'a Observed> {
    let same = |row: &Row| row.shell.name() == start.row.shell.name() && row.mode == LaunchMode::LoginInteractive;
    scene.starts.iter().find(|login| same(&login.row) && login.row.by_file)
}

fn finds_go_at_login(scene: &Scene, start: &Observed) -> bool {
    login(scene, start).is_some_and(|login| login.go().is_some())
}

/// Whether no file of the user's can help a start, and one at login of the same shell tells what is wrong, if anything is.
pub(super) fn is_left_to_login(scene: &Scene, start: &Observed) -> bool {
    !start.row.by_file && login(scene, start).is_some_and(|login| login.row.promised)
}

fn from_session(scene: &Scene) -> Vec<Case> {
    let lost = lost(scene).filter(|(start, why)| *why == Why::FromSession && start.row.by_file);
    let found = lost.map(|(start, _)| (start.name(), start.row.shell.name()));
    let case = |(shell, names): (&str, Vec<String>)| {
        let what = format!(
            "{} has Go only where the session brings it: a login puts it on PATH, and no file that this start reads",
            names.join(", ")
        );
        // What a bare `apply` does not do for this start.
        let further = scene.starts.iter().any(|start| names.contains(&start.name()) && !start.row.promised);
        let reach = || format!("goenv-setup apply --shell {shell} --reach all{}", scene.named_root());
        let fix = if further { Fix::Command(reach()) } else { scene.apply(shell, "PATH") };
        Case::new(what).with(starts(names)).fix(fix)
    };
    Scene::by_value(found).into_iter().map(case).chain(without_files(scene)).collect()
}

/// Terminals whose shell reads no file of the user's, and has Go at login.
fn without_files(scene: &Scene) -> Vec<Case> {
    let lost = scene.terminals().filter(|start| start.go().is_none() && is_left_to_login(scene, start));
    // Where this very session brings it, there is nothing to be said.
    let lost = lost.filter(|start| !inherits(scene, start) && finds_go_at_login(scene, start));
    let case = |start: &Observed| {
        let what = format!("{} reads no startup file: it has Go from the session, after the next login", start.name());
        let advice = "log out and in again; until then `. ~/.profile` brings Go into a terminal";
        Case::new(what).with(starts(vec![start.name()])).fix(Fix::Advice(advice.to_owned()))
    };
    lost.map(case).collect()
}
