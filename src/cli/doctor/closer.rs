//! A closer look: what is wrong in some starts is traced in these once more, so that the lines are named that really do it.

use std::path::{Component, Path};
use std::time::Duration;

use crate::cli::traced::{Explained, explain, with_go};
use crate::facts::{Facts, Snapshot, snapshot};
use crate::plan::doctor::lives::{Sourced, Traced};
use crate::plan::doctor::scene::{Observed, Scene};
use crate::plan::doctor::{Finding, diagnose};
use crate::plan::secret;
use crate::probe::launch::Ended;
use crate::probe::trace::LIMIT;
use crate::ui::Ui;
use crate::ui::progress::Progress;

/// How long a traced start may take that did not end untraced: it only has to come to where it waits.
const SHORT: Duration = Duration::from_secs(4);

/// Looks again, with the traces of the starts in which something was found to be wrong; `None`: the user broke off.
pub(super) fn look(ui: &Ui, scene: &mut Scene, findings: Vec<Finding>) -> Option<Vec<Finding>> {
    let wants = wants(scene, &findings);
    if wants.is_empty() {
        return Some(findings);
    }
    let mut progress = Progress::of(ui, "looking for the lines", wants.len());
    let facts = scene.facts;
    let told: Vec<(usize, Option<Explained>, bool)> = std::thread::scope(|scope| {
        let trace = |(number, variables): (usize, Vec<String>)| {
            let Observed { row, ended, took, .. } = &scene.starts[number];
            let limit = if *ended == Ended::TimedOut { SHORT } else { (*took * 4).clamp(SHORT, LIMIT) };
            let way = (row.shell, row.program, row.start, row.mode);
            scope.spawn(move || match explain(facts, way, &variables, limit) {
                Ok(None) => (number, None, true),
                Ok(told) => (number, told, false),
                Err(_) => (number, None, false),
            })
        };
        let running: Vec<_> = wants.into_iter().map(trace).collect();
        let joined = running.into_iter().filter_map(|one| {
            let told = one.join().ok();
            progress.step();
            told
        });
        joined.collect()
    });
    drop(progress);
    if told.iter().any(|(.., stopped)| *stopped) {
        return None;
    }
    scene.traced = Some(Vec::new());
    for (number, told, _) in told {
        let Some(told) = told else { continue };
        let start = &scene.starts[number];
        let (name, dialect) = (start.name(), start.row.shell.dialect());
        let Explained { lives, at, ends, .. } = told;
        // A file that only makes functions runs nothing that could be traced.
        let made_in = start.seen().and_then(|seen| seen.shadow_file.clone());
        for file in ends.iter().map(|end| end.file.clone()).chain(made_in) {
            if scene.file(&file).is_none() {
                let snapshot = snapshot::take(&file, &facts.user);
                let own = is_own(&snapshot, facts);
                scene.sourced.push(Sourced { snapshot, dialect, own });
            }
        }
        for bin in lives.iter().filter(|life| life.variable == "PATH").flat_map(with_go) {
            if !scene.mentioned.contains(&bin) {
                scene.mentioned.push(bin);
            }
        }
        scene.traced.get_or_insert_default().push(Traced { start: name, lives, last: at, ends });
    }
    Some(diagnose(scene))
}

/// The starts that are wanted, by their numbers, each with the variables.
fn wants(scene: &Scene, findings: &[Finding]) -> Vec<(usize, Vec<String>)> {
    let mut wants: Vec<(usize, Vec<String>)> = Vec::new();
    for want in findings.iter().flat_map(|finding| &finding.case.wants) {
        let Some(number) = scene.starts.iter().position(|start| start.name() == want.start) else { continue };
        if !secret::is_told(&want.variable) {
            continue;
        }
        match wants.iter_mut().find(|(known, _)| *known == number) {
            Some((_, variables)) if variables.contains(&want.variable) => {}
            Some((_, variables)) => variables.push(want.variable.clone()),
            None => wants.push((number, vec![want.variable.clone()])),
        }
    }
    wants
}

/// Folders in which tools keep what is theirs, wherever they stand.
const OF_TOOLS: &[&str] =
    &["plugins", "bundle", "vendor", "node_modules", "site-packages", "share", "lib", "oh-my-zsh", "prezto", "themes"];

/// Whether a file that is read by another is surely the user's own to change: a plain file in the home that can be
/// replaced and nobody else keeps, in no checkout and in no folder of a tool's.
fn is_own(file: &Snapshot, facts: &Facts) -> bool {
    let home = &facts.user.real_home;
    let Ok(below) = file.real.strip_prefix(home) else { return false };
    let plain = file.bytes().is_some() && file.obstacle.is_none() && file.keeper.is_none() && !file.link;
    let folders: Vec<&str> = below
        .parent()
        .into_iter()
        .flat_map(Path::components)
        .filter_map(|part| if let Component::Normal(part) = part { Some(part.to_str().unwrap_or(".")) } else { None })
        .collect();
    // `.config`, `.zsh`, `.bashrc.d`: other hidden folders are those of tools.
    let of_user = |folder: &&str| {
        let of_shell =
            |name: &str| ["zsh", "bash", "profile", "shell", "sh", "ksh", "csh"].iter().any(|own| name.contains(own));
        !OF_TOOLS.contains(folder) && folder.strip_prefix('.').is_none_or(|name| name == "config" || of_shell(name))
    };
    let checkout = || {
        let folders = file.real.ancestors().skip(1).take_while(|folder| folder.starts_with(home) && *folder != home);
        folders.into_iter().any(|folder| [".git", ".hg", ".svn"].iter().any(|name| folder.join(name).exists()))
    };
    plain && folders.iter().all(of_user) && !checkout()
}
