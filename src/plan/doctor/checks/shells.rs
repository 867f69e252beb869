//! S: shells that do not come through their startup files.

use std::time::Duration;

use super::super::complaint;
use super::super::scene::{Observed, Scene};
use super::super::terminals::hands_over;
use super::super::{Case, Check, Fix, Severity};
use super::starts;
use crate::probe::launch::{Ended, LIMIT};

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "S-01", title: "a shell ends before it is there", severity: Severity::Error, look: ends },
    Check { id: "S-02", title: "a shell does not come to its prompt", severity: Severity::Error, look: hangs },
    Check { id: "S-03", title: "a shell takes long to start", severity: Severity::Warning, look: slow },
];

/// How long a start may take before editors lose their patience with it: half of what VS Code waits.
const SLOW: Duration = Duration::from_secs(5);

fn ends(scene: &Scene) -> Vec<Case> {
    let why = |start: &Observed| {
        let why = match &start.ended {
            // What another shell takes over does not come back, and is no terminal's any more.
            Ended::Silent { status: Some(0), .. }
                if hands_over(scene.facts, start.row.shell, &start.row.program, start.row.mode) =>
            {
                return None;
            }
            Ended::Silent { status, stderr } => {
                let why =
                    status.map_or_else(|| "a signal ended it".to_owned(), |status| format!("exit status {status}"));
                let kind = complaint::kind(stderr).map(|kind| format!("; it complains of {kind}"));
                format!("{why}{}", kind.unwrap_or_default())
            }
            Ended::NotStarted(why) => format!("it cannot be started: {why}"),
            _ => return None,
        };
        Some((start.name(), (start.row.shell.name(), why)))
    };
    let case = |((shell, why), names): ((&str, String), Vec<String>)| {
        let what = format!("{} ends before its startup files do, {why}", names.join(", "));
        let advice = format!("find the line with `goenv-setup explain --shell {shell}`");
        Case::new(what).with(starts(names)).fix(Fix::Advice(advice))
    };
    Scene::by_value(scene.starts.iter().filter_map(why)).into_iter().map(case).collect()
}

fn hangs(scene: &Scene) -> Vec<Case> {
    let hanging = scene.starts.iter().filter(|start| start.ended == Ended::TimedOut);
    let found = hanging.map(|start| (start.name(), start.row.shell.name()));
    let case = |(shell, names): (&str, Vec<String>)| {
        let what = format!("{} still ran in its startup files after {} s", names.join(", "), LIMIT.as_secs());
        let advice = format!("find the line with `goenv-setup explain --shell {shell}`: something waits there");
        Case::new(what).with(starts(names)).fix(Fix::Advice(advice))
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

fn slow(scene: &Scene) -> Vec<Case> {
    let slow = scene.seen().filter(|start| start.took > SLOW);
    let found = slow.map(|start| (start.name(), start.row.shell.name()));
    let case = |(shell, names): (&str, Vec<String>)| {
        let what = format!("{} took more than {} s: editors give up after 10", names.join(", "), SLOW.as_secs());
        let advice = format!("see what is slow: `goenv-setup matrix --shell {shell}`");
        Case::new(what).with(starts(names)).fix(Fix::Advice(advice))
    };
    Scene::by_value(found).into_iter().map(case).collect()
}
