//! S: shells that do not come through their startup files.

use std::time::Duration;

use super::super::complaints::{self, Complaint};
use super::super::lines::{How, Line};
use super::super::lives::{of_place, unique};
use super::super::scene::{Observed, Scene};
use super::super::terminals::hands_over;
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::starts;
use crate::probe::launch::{Ended, LIMIT};

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "S-01", title: "a shell ends before it is there", severity: Severity::Error, look: ends },
    Check { id: "S-02", title: "a shell does not come to its prompt", severity: Severity::Error, look: hangs },
    Check { id: "S-03", title: "a shell takes long to start", severity: Severity::Warning, look: slow },
    Check { id: "S-04", title: "a startup file does not parse", severity: Severity::Error, look: unparsed },
    Check {
        id: "S-05",
        title: "a startup file reads one that is not there",
        severity: Severity::Warning,
        look: missing,
    },
];

/// How long a start may take before editors lose their patience with it: half of what VS Code waits.
const SLOW: Duration = Duration::from_secs(5);

/// Where these starts were last, as far as they were traced.
fn last_lines(scene: &Scene, names: &[String], what: &str) -> Vec<Evidence> {
    let observed = scene.starts.iter().filter(|start| names.contains(&start.name()));
    let places = observed.filter_map(|start| scene.traced(start)?.last.as_ref());
    let lines = unique(places.flat_map(|place| of_place(place, How::Traced)));
    lines.into_iter().map(|line| line.evidence(what)).collect()
}

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
                let kind = complaints::kind(stderr).map(|kind| format!("; it complains of {kind}"));
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
        let last = last_lines(scene, &names, "is the last one that runs");
        Case::new(what).with(last).with(starts(names.clone())).fix(Fix::Advice(advice)).wants("PATH", &names)
    };
    Scene::by_value(scene.starts.iter().filter_map(why)).into_iter().map(case).collect()
}

fn hangs(scene: &Scene) -> Vec<Case> {
    let hanging = scene.starts.iter().filter(|start| start.ended == Ended::TimedOut);
    // What is ended before the limit says too much.
    let found = hanging.map(|start| (start.name(), (start.row.shell.name(), start.took < LIMIT)));
    let case = |((shell, talks), names): ((&str, bool), Vec<String>)| {
        let (does, why) = if talks {
            ("writes without end in its startup files".to_owned(), "something never stops")
        } else {
            (format!("still ran in its startup files after {} s", LIMIT.as_secs()), "something waits")
        };
        let what = format!("{} {does}", names.join(", "));
        let advice = format!("find the line with `goenv-setup explain --shell {shell}`: {why} there");
        let case = Case::new(what).with(starts(names.clone())).fix(Fix::Advice(advice));
        // What never stops talking has nothing to tell in a trace either.
        if talks { case } else { case.with(last_lines(scene, &names, "is where it waits")).wants("PATH", &names) }
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

/// A case for each thing that starts complain of, and that this has words for.
fn complained(scene: &Scene, words: impl Fn(&Complaint) -> Option<(String, Line, &'static str, String)>) -> Vec<Case> {
    let all = |start| complaints::of(scene, start).into_iter().map(move |complaint| (start.name(), complaint));
    let found = scene.starts.iter().flat_map(all);
    let case = |(complaint, names): (Complaint, Vec<String>)| {
        let (what, line, does, advice) = words(&complaint)?;
        Some(Case::new(what).with([line.evidence(does)]).with(starts(names)).fix(Fix::Advice(advice)))
    };
    Scene::by_value(found).into_iter().filter_map(case).collect()
}

fn unparsed(scene: &Scene) -> Vec<Case> {
    complained(scene, |complaint| {
        let Complaint::Syntax(line) = complaint else { return None };
        let what = format!("{} has a syntax error, and nothing behind it is read", scene.show(&line.file));
        let advice = "put it right: what is wrong often begins some lines above".to_owned();
        Some((what, line.clone(), "is where the shell gives up", advice))
    })
}

fn missing(scene: &Scene) -> Vec<Case> {
    complained(scene, |complaint| {
        // Not which: a startup file may hold a secret in any word.
        let Complaint::Missing(line, _) = complaint else { return None };
        let what = format!("{} reads a file that is not there", scene.show(&line.file));
        let advice = "take that line out, or put a test in front of it, as in `[ -r FILE ] && . FILE`".to_owned();
        Some((what, line.clone(), "reads it", advice))
    })
}
