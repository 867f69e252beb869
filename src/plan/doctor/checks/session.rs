//! P: terminals that have Go from the session in which they are opened.
//!
//! A start from here begins with a bare PATH, and a terminal begins with that of its session: what a desktop has read from
//! `.profile`, as go.dev's own instruction wants it, every terminal inherits.

use super::super::lost::{Why, finds_go_at_login, inherits, is_left_to_login, lost};
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Fix, Severity};
use super::starts;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[Check {
    id: "P-16",
    title: "terminals have Go only from their session",
    severity: Severity::Info,
    look: from_session,
}];

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
