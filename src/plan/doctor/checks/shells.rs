//! S: shells that do not come through their startup files.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::Duration;

use super::super::complaints::{self, Complaint};
use super::super::known::{folders_of_go, is_any_known, where_it_is};
use super::super::line::{How, Line};
use super::super::lives::{of_place, unique};
use super::super::lost::is_set_up_for;
use super::super::scene::{Observed, Scene};
use super::super::terminals::{HandsOver, handing_over, hands_over};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::files::to_unix;
use super::starts;
use crate::probe::launch::{Ended, LIMIT};
use crate::shells::{self, Dialect};

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "S-01", title: "a shell ends before it is there", severity: Severity::Error, look: ends },
    Check { id: "S-02", title: "a shell does not come to its prompt", severity: Severity::Error, look: hangs },
    Check { id: "S-03", title: "a shell takes long to start", severity: Severity::Warning, look: slow },
    Check { id: "S-04", title: "a startup file does not parse", severity: Severity::Error, look: unparsed },
    Check { id: "S-08", title: "another shell takes over, without Go", severity: Severity::Error, look: taken_over },
    Check {
        id: "S-05",
        title: "a startup file reads one that is not there",
        severity: Severity::Warning,
        look: missing,
    },
    Check { id: "S-06", title: "a shell that you do not use ends or waits", severity: Severity::Info, look: unused },
    Check {
        id: "S-07",
        title: "a startup file ends where it reads one that is not there",
        severity: Severity::Error,
        look: stopped,
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

/// Whether another shell takes over: it does not come back, and is no terminal's any more.
fn is_handed_over(scene: &Scene, start: &Observed) -> bool {
    let ended = matches!(start.ended, Ended::Silent { status: Some(0), .. });
    ended && hands_over(scene.facts, start.row.shell, &start.row.program, start.row.mode)
}

fn ends(scene: &Scene) -> Vec<Case> {
    let why = |start: &Observed| {
        let why = match &start.ended {
            _ if is_handed_over(scene, start) || !scene.is_used(start) || complaints::name_the_end(scene, start) => {
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

/// Whether Go is known and a shell does not find it that takes over from this start, as far as a trace tells.
fn is_without_go(scene: &Scene, start: &Observed, to: Option<&str>) -> bool {
    // What it finds when it is started by itself, it finds here too.
    let other = |other: &Observed| Some(other.row.shell.name()) == to && other.terminal_like() && other.go().is_some();
    if !is_any_known(scene) || scene.seen().any(other) {
        return false;
    }
    // Its files were not tried, and would put it there as far as their words tell.
    let shell = to.and_then(shells::by_name);
    let tried = shell.is_some_and(|shell| scene.seen().any(|other| other.row.shell.name() == shell.name()));
    if !tried && shell.is_some_and(|shell| is_set_up_for(scene, shell)) {
        return false;
    }
    let Some(traced) = scene.traced(start) else { return scene.is_first_look() };
    // What was on PATH when it took over, it inherits.
    let life = traced.lives.iter().find(|life| life.variable == "PATH");
    let last = life.and_then(|life| life.last.as_deref()).unwrap_or_default();
    let has = |folder: &&Path| last.split(|byte| *byte == b':').any(|entry| entry == folder.as_os_str().as_bytes());
    !folders_of_go(scene).iter().any(has)
}

fn taken_over(scene: &Scene) -> Vec<Case> {
    let ended = scene.starts.iter().filter(|start| matches!(start.ended, Ended::Silent { status: Some(0), .. }));
    let found = ended.filter(|start| start.row.promised && start.terminal_like()).filter_map(|start| {
        let by = handing_over(scene.facts, start.row.shell, &start.row.program, start.row.mode)?;
        is_without_go(scene, start, by.to.as_deref()).then(|| (start.name(), by))
    });
    let case = |(by, names): (HandsOver, Vec<String>)| {
        let other = by.to.as_deref().unwrap_or("another shell");
        let what = format!("{} becomes {other}, which finds no go, and {}", names.join(", "), where_it_is(scene));
        let fix = match by.to.as_deref().filter(|name| shells::by_name(name).is_some()) {
            Some(name) => scene.apply_for(name),
            None => Fix::Advice("put Go on PATH above that line, or in the startup files of that shell".to_owned()),
        };
        let line = Line { file: by.file, number: by.line, how: How::Traced }.evidence("makes another shell of it");
        Case::new(what).with([line]).with(starts(names.clone())).fix(fix).wants("PATH", &names)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

fn hangs(scene: &Scene) -> Vec<Case> {
    let hanging = scene.starts.iter().filter(|start| start.ended == Ended::TimedOut && scene.is_used(start));
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

/// Whether a start does not come through its startup files.
fn is_stuck(scene: &Scene, start: &Observed) -> bool {
    let ends = matches!(start.ended, Ended::Silent { .. } | Ended::NotStarted(_)) && !is_handed_over(scene, start);
    let unparsed = || complaints::of(scene, start).iter().any(|complaint| matches!(complaint, Complaint::Syntax(_)));
    ends || start.ended == Ended::TimedOut || unparsed()
}

fn unused(scene: &Scene) -> Vec<Case> {
    // What stands in the way of the user's own shell as well is told of that one.
    if scene.starts.iter().any(|start| scene.is_used(start) && is_stuck(scene, start)) {
        return Vec::new();
    }
    let told: Vec<Complaint> = used(scene).flat_map(|start| complaints::of(scene, start)).collect();
    let alone = |start: &&Observed| !complaints::of(scene, start).iter().any(|complaint| told.contains(complaint));
    let stuck = scene.starts.iter().filter(|start| !scene.is_used(start) && is_stuck(scene, start)).filter(alone);
    let case = |(shell, names): (&str, Vec<String>)| {
        let what = format!("{} do not come through their startup files; no terminal of yours is one", names.join(", "));
        let all = scene.starts.iter().filter(|start| names.contains(&start.name()));
        let lines = all.flat_map(|start| complaints::of(scene, start)).map(|complaint| match complaint {
            Complaint::Syntax(line) | Complaint::Missing(line, _) => line,
        });
        let lines: Vec<Evidence> =
            unique(lines).into_iter().map(|line| line.evidence("is where they give up")).collect();
        let lines = if lines.is_empty() { last_lines(scene, &names, "is the last one that runs") } else { lines };
        let advice = format!("what is {shell} by name may be in use elsewhere: a desktop reads `.profile` as sh does");
        Case::new(what).with(lines).with(starts(names.clone())).fix(Fix::Advice(advice)).wants("PATH", &names)
    };
    Scene::by_value(stuck.map(|start| (start.name(), start.row.shell.name()))).into_iter().map(case).collect()
}

/// The starts that the user has to do with.
fn used<'a>(scene: &'a Scene) -> impl Iterator<Item = &'a Observed> {
    scene.starts.iter().filter(|start| scene.is_used(start))
}

/// A case for each thing that starts complain of, and that this has words for.
fn complained<'a>(
    scene: &Scene,
    starting: impl Iterator<Item = &'a Observed>,
    words: impl Fn(&Complaint) -> Option<(String, Line, &'static str, Fix)>,
) -> Vec<Case> {
    let found = starting
        .flat_map(|start| complaints::of(scene, start).into_iter().map(move |complaint| (start.name(), complaint)));
    let case = |(complaint, names): (Complaint, Vec<String>)| {
        let (what, line, does, fix) = words(&complaint)?;
        Some(Case::new(what).with([line.evidence(does)]).with(starts(names)).fix(fix))
    };
    Scene::by_value(found).into_iter().filter_map(case).collect()
}

fn unparsed(scene: &Scene) -> Vec<Case> {
    complained(scene, used(scene), |complaint| {
        let Complaint::Syntax(line) = complaint else { return None };
        let file = scene.show(&line.file);
        let (what, fix) = match scene.file(&line.file).and_then(|file| to_unix(scene, file)) {
            Some(fix) => (format!("{file} has line ends of Windows, with which it does not parse"), fix),
            None => (
                format!("{file} has a syntax error, and nothing behind it is read"),
                Fix::Advice("put it right: what is wrong often begins some lines above".to_owned()),
            ),
        };
        Some((what, line.clone(), "is where the shell gives up", fix))
    })
}

fn missing(scene: &Scene) -> Vec<Case> {
    let stopping: Vec<Complaint> = stopping(scene).flat_map(|start| complaints::of(scene, start)).collect();
    complained(scene, scene.starts.iter(), |complaint| {
        // Not which: a startup file may hold a secret in any word.
        let Complaint::Missing(line, _) = complaint else { return None };
        let what = format!("{} reads a file that is not there", scene.show(&line.file));
        (!stopping.contains(complaint)).then(|| (what, line.clone(), "reads it", leave_out(scene, line)))
    })
}

/// What to do about a line that reads a file that is not there.
fn leave_out(scene: &Scene, line: &Line) -> Fix {
    let tested = match super::dialect(scene, &line.file) {
        Dialect::Csh => "if (-r FILE) source FILE",
        Dialect::Fish => "test -r FILE; and source FILE",
        Dialect::Posix => "[ -r FILE ] && . FILE",
    };
    Fix::Advice(format!("take that line out, or put a test in front of it, as in `{tested}`"))
}

/// The starts that come to an end where a file is to be read that is not there.
fn stopping<'a>(scene: &'a Scene) -> impl Iterator<Item = &'a Observed> {
    used(scene).filter(|start| complaints::stops_at_missing(start))
}

fn stopped(scene: &Scene) -> Vec<Case> {
    complained(scene, stopping(scene), |complaint| {
        let Complaint::Missing(line, _) = complaint else { return None };
        let what =
            format!("{} reads a file that is not there, and nothing behind that is read", scene.show(&line.file));
        Some((what, line.clone(), "reads it", leave_out(scene, line)))
    })
}
