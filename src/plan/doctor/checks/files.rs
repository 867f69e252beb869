//! F: startup files and our fence.

use std::ffi::OsStr;
use std::path::Path;

use super::super::super::status::{self, State};
use super::super::complaints::{self, Complaint};
use super::super::leftovers::TOOLS;
use super::super::lines::{fence_of, naming};
use super::super::lives::unique;
use super::super::lost::is_told_of_line_ends;
use super::super::scene::Scene;
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::CLOSED;
use crate::facts::snapshot::Obstacle;
use crate::facts::{FileState, Snapshot};
use crate::shells::Dialect;
use crate::text::fence::{self, FenceState};

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: CLOSED, title: "your home cannot be looked into", severity: Severity::Error, look: closed },
    Check { id: "F-01", title: "our fence is damaged", severity: Severity::Error, look: damaged },
    Check { id: "F-02", title: "the block was edited by hand", severity: Severity::Warning, look: edited },
    Check { id: "F-04", title: "a block in a file that no shell reads", severity: Severity::Warning, look: unread },
    Check { id: "F-06", title: "line ends of Windows in a startup file", severity: Severity::Warning, look: crlf },
    Check { id: "F-07", title: "lines of a tool that is gone", severity: Severity::Info, look: left_over },
    Check { id: "F-08", title: "a startup file cannot be changed", severity: Severity::Warning, look: refused },
    Check { id: "F-09", title: "a startup file is another user's", severity: Severity::Warning, look: of_another },
    Check { id: "F-11", title: "the block is not as apply would write it", severity: Severity::Info, look: outdated },
];

/// A case for each startup file in this state.
fn in_state(
    scene: &Scene,
    wanted: &[State],
    what: impl Fn(&str) -> String,
    fix: impl Fn(&status::Row) -> Fix,
) -> Vec<Case> {
    let rows = scene.status.rows.iter().filter(|row| wanted.contains(&row.state));
    let case = |row: &status::Row| {
        let lines = row.line.map_or_else(|| markers(scene, &row.path), |line| vec![line]);
        let places = lines.into_iter().map(|line| Evidence::Line {
            file: row.path.clone(),
            line,
            what: "is a marker of ours".to_owned(),
        });
        let file = Evidence::File(row.path.clone());
        Case::new(what(&scene.show(&row.path))).with(places).with([file]).fix(fix(row))
    };
    rows.map(case).collect()
}

/// The lines of a damaged fence, or one that is a newer version's.
fn markers(scene: &Scene, path: &Path) -> Vec<usize> {
    let Some(file) = scene.facts.find(path) else { return Vec::new() };
    match fence::find(file.bytes().unwrap_or_default(), scene.facts.shell_of(path).comment()) {
        FenceState::Newer { line } => vec![line],
        FenceState::Damaged { lines } => lines,
        FenceState::Absent | FenceState::Blocks(_) => Vec::new(),
    }
}

fn hint(row: &status::Row) -> Option<String> {
    row.problem.as_ref().and_then(|problem| problem.hint.clone())
}

fn closed(scene: &Scene) -> Vec<Case> {
    let home = &scene.facts.user.home;
    let what = "you may not look into your home, so that no shell finds its startup files there".to_owned();
    let word = scene.word(home);
    let advice =
        format!("`chmod u+rwx {word}`; if it belongs to another user, `sudo chown \"$(id -un)\" {word}` first");
    let case = Case::new(what).with([Evidence::File(home.clone())]).fix(Fix::Advice(advice));
    if scene.closed { vec![case] } else { Vec::new() }
}

fn damaged(scene: &Scene) -> Vec<Case> {
    let what = |name: &str| {
        format!("the fence in {name} is damaged or a newer version's, so that nothing of it can be changed")
    };
    in_state(scene, &[State::Damaged, State::Newer], what, |row| {
        Fix::Advice(hint(row).unwrap_or_else(|| "put the marker lines right by hand".to_owned()))
    })
}

fn edited(scene: &Scene) -> Vec<Case> {
    let what = |name: &str| format!("somebody has changed the block in {name} by hand");
    in_state(scene, &[State::EditedByHand], what, |_| Fix::Command("goenv-setup apply --force".to_owned()))
}

fn outdated(scene: &Scene) -> Vec<Case> {
    let what = |name: &str| format!("a bare `apply` would change the block in {name}");
    in_state(scene, &[State::Outdated, State::Doubled], what, |_| Fix::Command("goenv-setup apply".to_owned()))
}

fn unread(scene: &Scene) -> Vec<Case> {
    let read: Vec<&Snapshot> = scene.starts.iter().flat_map(|start| super::super::lines::files(scene, start)).collect();
    let named = |file: &Snapshot| scene.facts.remembered.iter().any(|known| known.path == file.asked);
    let shells: Vec<&str> = scene.starts.iter().map(|start| start.row.shell.name()).collect();
    let case = |file: &Snapshot| {
        let shell = scene.facts.shell_of(&file.asked);
        let lines = fence_of(file, shell.comment());
        let hidden =
            !read.iter().any(|known| known.real == file.real) && shells.contains(&shell.name()) && !named(file);
        let line = *lines.first().filter(|_| hidden)?;
        let place = Evidence::Line { file: file.asked.clone(), line, what: "begins the block".to_owned() };
        let what = format!("{} holds a block, and {} does not read that file", scene.show(&file.asked), shell.name());
        let advice = "take that block out by hand, or remove the file that hides this one";
        Some(Case::new(what).with([place]).fix(Fix::Advice(advice.to_owned())))
    };
    scene.facts.files.iter().filter_map(case).collect()
}

/// The first line of a file that ends as on Windows, where that does harm.
fn windows_line(scene: &Scene, file: &Snapshot) -> Option<usize> {
    let posix = scene.facts.shell_of(&file.asked).dialect() != Dialect::Fish;
    let bytes = file.bytes()?;
    let at = bytes.windows(2).position(|pair| pair == b"\r\n").filter(|_| posix)?;
    Some(bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1)
}

/// The way to give a file the line ends of Unix, if it has others.
pub(super) fn to_unix(scene: &Scene, file: &Snapshot) -> Option<Fix> {
    windows_line(scene, file)?;
    Some(Fix::Command(format!("sed -i.bak 's/\\r$//' {}", scene.word(&file.real))))
}

fn crlf(scene: &Scene) -> Vec<Case> {
    let case = |file: &Snapshot| {
        let (line, fix) = (windows_line(scene, file)?, to_unix(scene, file)?);
        let name = scene.show(&file.asked);
        let what = format!("{name} has line ends of Windows: the carriage return becomes part of each last word");
        let place = Evidence::Line { file: file.asked.clone(), line, what: "is the first such line".to_owned() };
        Some(Case::new(what).with([place]).fix(fix))
    };
    // Where a shell does not get through that file, or finds no Go for it, another check tells.
    let told = |file: &&Snapshot| !stumbles_over(scene, &file.asked) && !is_told_of_line_ends(scene, &file.asked);
    read(scene).into_iter().filter(told).filter_map(case).collect()
}

/// Whether a shell that is in use cannot parse this file.
fn stumbles_over(scene: &Scene, file: &Path) -> bool {
    let used = scene.starts.iter().filter(|start| scene.is_used(start));
    let mut complaints = used.flat_map(|start| complaints::of(scene, start));
    complaints.any(|complaint| matches!(complaint, Complaint::Syntax(line) if line.file == file))
}

/// Whether a startup file that is read has such line ends.
pub(super) fn has_windows_line_ends(scene: &Scene) -> bool {
    read(scene).into_iter().any(|file| windows_line(scene, file).is_some())
}

fn refused(scene: &Scene) -> Vec<Case> {
    let Some(plan) = scene.plan else { return Vec::new() };
    let fence = |path: &Path| {
        scene.status.rows.iter().any(|row| row.path == path && matches!(row.state, State::Damaged | State::Newer))
    };
    // Where the user's own lines bring Go, nothing has to be changed: home-manager's links may stay as they are.
    let all_well = scene.promised().all(|start| start.go().is_some());
    let needed = |path: &Path| {
        let holds_a_block = |file: &Snapshot| !fence_of(file, scene.facts.shell_of(&file.asked).comment()).is_empty();
        !all_well || scene.facts.find(path).is_some_and(holds_a_block)
    };
    let refused = plan.plan.refused.iter().filter(|refusal| {
        let told = |file: &Path| fence(file) || scene.facts.find(file).is_some_and(is_given);
        !refusal.file.as_deref().is_some_and(told) && refusal.file.as_deref().is_none_or(needed)
    });
    let case = |refusal: &crate::plan::Refusal| {
        let case = Case::new(refusal.what.clone()).with(refusal.file.clone().map(Evidence::File));
        match &refusal.hint {
            Some(hint) => case.fix(Fix::Advice(hint.clone())),
            None => case,
        }
    };
    let mut cases: Vec<Case> = refused.map(case).collect();
    // A file that is as wished already is not written, but cannot be the next time.
    let stuck = plan.files.iter().filter(|file| matches!(file.snapshot.state, FileState::Regular { .. }));
    let known = |file: &Snapshot| plan.plan.refused.iter().any(|refusal| refusal.file.as_ref() == Some(&file.asked));
    let stuck = stuck.filter(|file| file.snapshot.obstacle.is_some() && needed(&file.snapshot.asked));
    for file in stuck.filter(|file| !known(&file.snapshot) && !is_given(&file.snapshot)) {
        if let Some(refusal) = crate::plan::cannot_change(&file.snapshot, &scene.facts.user.home) {
            cases.push(case(&refusal));
        }
    }
    cases
}

/// Whether a file belongs to another user.
fn is_given(file: &Snapshot) -> bool {
    matches!(file.obstacle, Some(Obstacle::Owner(_)))
}

fn of_another(scene: &Scene) -> Vec<Case> {
    let own = |file: &&Snapshot| file.asked.starts_with(&scene.facts.user.home);
    let case = |file: &Snapshot| {
        let Some(Obstacle::Owner(uid)) = file.obstacle else { return None };
        let owner = if uid == 0 { "root".to_owned() } else { format!("user {uid}") };
        let what = format!("{} belongs to {owner}: a command with `sudo` may have written it", scene.show(&file.asked));
        let advice = format!("make it yours: `sudo chown \"$USER\" {}`", scene.word(&file.real));
        Some(Case::new(what).with([Evidence::File(file.asked.clone())]).fix(Fix::Advice(advice)))
    };
    read(scene).into_iter().filter(own).filter_map(case).collect()
}

/// The startup files that some start reads, each once.
fn read<'a>(scene: &'a Scene) -> Vec<&'a Snapshot> {
    let mut seen: Vec<&Snapshot> = Vec::new();
    for file in scene.starts.iter().flat_map(|start| super::super::lines::files(scene, start)) {
        if !seen.iter().any(|known| known.real == file.real) {
            seen.push(file);
        }
    }
    seen
}

fn left_over(scene: &Scene) -> Vec<Case> {
    let case = |(tool, _, words): &(&str, &str, &str)| {
        let lines = scene.starts.iter().flat_map(|start| naming(scene, start, OsStr::new(words)));
        let lines: Vec<Evidence> = unique(lines).into_iter().map(|line| line.evidence("is of it")).collect();
        let what = format!("{tool} is gone, and a startup file still has lines of it");
        let advice = "they do nothing any more: take them out".to_owned();
        (!lines.is_empty()).then(|| Case::new(what).with(lines).fix(Fix::Advice(advice)))
    };
    TOOLS.iter().filter(|tool| scene.gone.contains(&tool.1)).filter_map(case).collect()
}
