//! L: what starts the user's shell, other than a terminal.

use std::path::Path;

use super::super::complaints;
use super::super::editors::{OTHERS, Started};
use super::super::line::Line;
use super::super::lines::{guards, replacing_the_shell};
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::case;
use crate::probe::replay::End;
use crate::shells::LaunchMode;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    // An editor that is started from a terminal has what the terminal has.
    Check { id: "L-03", title: "an editor gets nothing from the shell", severity: Severity::Warning, look: nothing },
    Check { id: "L-16", title: "an editor finds no go", severity: Severity::Warning, look: no_go },
    Check { id: "L-17", title: "an editor finds another go", severity: Severity::Warning, look: another_go },
    Check { id: "L-18", title: "a startup file leaves out Go for an editor", severity: Severity::Info, look: guarded },
    Check { id: "P-03", title: "ssh commands find no go", severity: Severity::Info, look: ssh },
];

/// The editors with the start of the same shell in a login terminal, where that one came through; else other checks tell
/// what is wrong.
fn editors<'a>(scene: &'a Scene) -> impl Iterator<Item = (&'a Started, &'a Observed)> {
    scene.editors.iter().filter_map(|started| Some((started, login(scene, started.shell.name())?)))
}

/// The start of a shell in a login terminal, if it came through.
fn login<'a>(scene: &'a Scene, shell: &str) -> Option<&'a Observed> {
    scene.seen().find(|start| start.row.shell.name() == shell && start.row.mode == LaunchMode::LoginInteractive)
}

/// What is wrong, the lines that may be why, and the start of a terminal that goes the same way.
type Told = (String, Vec<Line>, String);

/// A case for editors with the same to say, and the lines that may be why.
fn together(found: Vec<(String, Told)>, does: &str, advice: &str) -> Vec<Case> {
    let case = |((what, lines, start), names): (Told, Vec<String>)| {
        // The line may stand in a file that a startup file reads: a trace tells which those are.
        let unknown: Vec<String> = if lines.is_empty() { vec![start] } else { Vec::new() };
        let evidence = lines.into_iter().map(|line| line.evidence(does));
        case(what, names, Fix::Advice(advice.to_owned())).with(evidence).wants("PATH", &unknown)
    };
    Scene::by_value(found.into_iter()).into_iter().map(case).collect()
}

/// The lines that leave out this editor.
fn for_editor(scene: &Scene, started: &Started, start: &Observed, whole: bool) -> Vec<Line> {
    let names: Vec<&str> = started.editor.variables.iter().map(|(name, _)| *name).collect();
    if names.is_empty() { Vec::new() } else { guards(scene, start, &names, whole) }
}

fn nothing(scene: &Scene) -> Vec<Case> {
    let found = editors(scene).filter(|(started, _)| !started.is_told()).filter_map(|(started, start)| {
        let why = match (&started.replayed.end, &started.replayed.seen) {
            (End::Unknown, _) => return None,
            (End::TimedOut, _) => format!("is still starting after {} s", started.editor.limit.as_secs()),
            (End::Status(Some(0), _), _) => "ends without running what it was given".to_owned(),
            (End::Status(status, stderr), seen) => {
                let kind = complaints::kind(stderr).filter(|_| seen.is_none());
                let words = kind.map(|kind| format!("; it complains of {kind}")).unwrap_or_default();
                match status {
                    Some(status) => format!("ends with exit status {status}{words}"),
                    None => format!("is ended by a signal{words}"),
                }
            }
        };
        let mut lines = for_editor(scene, started, start, true);
        let asks = !lines.is_empty();
        if lines.is_empty() && !matches!(started.replayed.end, End::TimedOut) {
            lines = replacing_the_shell(scene, start);
        }
        let what =
            format!("the shell that an editor starts from the desktop {why}, so the editor gets no PATH from it");
        Some((asks, (started.name(), (what, lines, start.name()))))
    });
    let (asking, others): (Vec<_>, Vec<_>) = found.partition(|(asks, _)| *asks);
    let told = |found: Vec<(bool, (String, Told))>| found.into_iter().map(|(_, one)| one).collect();
    let mut cases = together(
        told(asking),
        "leaves the shell",
        "let that line leave out only what an editor must not run, in place of the shell",
    );
    cases.extend(together(
        told(others),
        "leaves the shell",
        "let what does it ask for a terminal first, as in `[ -t 0 ] && …`; or start the editor from a terminal",
    ));
    cases
}

fn no_go(scene: &Scene) -> Vec<Case> {
    let lost = editors(scene).filter(|(started, start)| {
        let finds = started.replayed.seen.as_ref().is_some_and(|seen| seen.go.is_some());
        started.is_told() && !finds && start.go().is_some()
    });
    let found = lost.map(|(started, start)| {
        let what = "an editor that is started from the desktop finds no go, and a terminal does".to_owned();
        (started.name(), (what, for_editor(scene, started, start, false), start.name()))
    });
    let found: Vec<_> = found.collect();
    let advice = if found.iter().any(|(_, (_, lines, _))| !lines.is_empty()) {
        "move that line below what puts Go on PATH, or let it leave out only what an editor must not run".to_owned()
    } else {
        let named = scene.named_root();
        format!("`goenv-setup apply --reach login{named}` brings Go to shells that only run a command, too")
    };
    together(found, "leaves the file where an editor asks", &advice)
}

fn another_go(scene: &Scene) -> Vec<Case> {
    let found = editors(scene).filter_map(|(started, start)| {
        let seen = started.replayed.seen.as_ref().filter(|_| started.is_told())?;
        let (theirs, ours) = (seen.go.as_deref()?, start.go()?);
        let other = seen.real_go != start.seen()?.real_go;
        let what = format!(
            "an editor that is started from the desktop finds {}, and a terminal {}",
            scene.show(theirs),
            scene.show(ours)
        );
        other.then(|| (started.name(), (what, for_editor(scene, started, start, false), start.name())))
    });
    together(
        found.collect(),
        "asks for an editor",
        "let PATH be the same whoever starts the shell; `goenv-setup explain PATH` shows which line puts what in front",
    )
}

fn guarded(scene: &Scene) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for start in scene.seen().filter(|start| start.row.mode == LaunchMode::LoginInteractive) {
        let replayed = |name: &str| {
            let mut variables = scene.editors.iter().flat_map(|started| started.editor.variables);
            variables.any(|(known, _)| *known == name)
        };
        for (variable, who) in OTHERS.iter().filter(|(name, _)| !replayed(name)) {
            let lines = guards(scene, start, &[variable], false);
            if lines.is_empty() {
                continue;
            }
            let what = format!("a startup file ends above the block where {variable} is set: {who} may find no go");
            let evidence = lines.into_iter().map(|line| line.evidence("leaves the file"));
            let advice = "move that line below the block".to_owned();
            let case = Case::new(what).with(evidence).fix(Fix::Advice(advice));
            if !cases.contains(&case) {
                cases.push(case);
            }
        }
    }
    cases
}

fn ssh(scene: &Scene) -> Vec<Case> {
    let Some(keys) = &scene.ssh_keys else { return Vec::new() };
    // bash alone tells a command that comes over ssh from others.
    let modes = [LaunchMode::SshCommand, LaunchMode::Command];
    let of_shell = |shell: &str| {
        let first = |start: &&Observed| start.row.shell.name() == shell && is_first(start);
        modes.iter().find_map(|mode| scene.seen().filter(first).find(|start| start.row.mode == *mode))
    };
    let login_shell = scene.facts.env.shell.as_deref().or(scene.facts.user.passwd_shell.as_deref());
    let name = login_shell.and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let Some(shell) = crate::shells::by_name(name).map(crate::shells::Shell::name) else { return Vec::new() };
    let Some(start) = of_shell(shell).filter(|start| start.go().is_none() && !start.row.promised) else {
        return Vec::new();
    };
    if login(scene, shell).is_none_or(|login| login.go().is_none()) {
        return Vec::new();
    }
    let what = "`ssh HOST go …` finds no go here, and a terminal does".to_owned();
    let fix = if start.row.by_file {
        Fix::Command(format!("goenv-setup apply --shell {shell} --reach {}", start.row.mode.reach().name()))
    } else {
        Fix::Advice(format!("{shell} reads no startup file then: name the whole path of go, or `{shell} -l -c 'go …'`"))
    };
    vec![case(what, vec![start.name()], fix).with([Evidence::File(keys.clone())])]
}

/// Whether it is the shell under its own name.
fn is_first(start: &Observed) -> bool {
    start.row.shell.programs().first().is_some_and(|first| first.label == start.row.program.label)
}
