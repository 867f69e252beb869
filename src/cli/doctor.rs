//! `doctor`: why Go does not work here, and what to do about it.

mod chains;
mod closer;
mod editors;
mod gather;
mod gocommand;
mod network;
mod report;
mod starts;

use std::sync::atomic::Ordering;

use super::args::Doctor;
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::look::Ground;
use crate::facts::Env;
use crate::plan::doctor::scene::Scene;
use crate::plan::doctor::terminals::terminals;
use crate::plan::doctor::{Finding, Fix, Severity, diagnose, patch};
use crate::plan::matrix::{self, Asked};
use crate::plan::{Level, Plan, Request, apply, status};
use crate::ui::Ui;

pub(super) fn run(ui: &Ui, env: Env, args: &Doctor) -> Result<Exit, Failure> {
    let ground = match Ground::new(env, "doctor") {
        Ok(ground) => ground,
        // That there is no home to work in is what is wrong here.
        Err(failure) => return Ok(report::no_home(ui, &failure)),
    };
    let (mut facts, _) = ground.facts(&Request::default());
    facts.look_everywhere();
    let asked = match (args.all_shells, args.shell.is_empty()) {
        (true, _) => Asked::Installed,
        (false, true) => Asked::InUse,
        (false, false) => Asked::Named(args.shell.clone()),
    };
    let (mut rows, notes) = matrix::rows(&facts, &asked)?;
    if !args.all_shells {
        starts::only_its_own_name(&mut rows);
    }
    for note in notes.iter().filter(|note| note.level == Level::Warning) {
        ui.note(note);
    }
    let plan = apply::plan(&facts, &Request { shells: args.shell.clone(), ..Request::default() }).ok();
    let status = status::report(&facts);
    // No server has a line of the user's in it.
    let online = !args.offline && !args.patch;
    let Some(heard) = starts::all(ui, &facts, rows, &terminals(&facts, &asked), online) else {
        return Ok(interrupted(ui));
    };
    let stop = heard.stop.clone();
    let mut scene = gather::scene(&facts, plan.as_ref(), &status, heard);
    let findings = diagnose(&scene);
    let looked = if stop.load(Ordering::Relaxed) { None } else { closer::look(ui, &mut scene, findings) };
    let Some(findings) = looked else { return Ok(interrupted(ui)) };
    let bad = findings.iter().any(|finding| finding.check.severity > Severity::Info);
    let exit = if bad { Exit::NotAsWished } else { Exit::Done };
    if args.patch && !ui.json() {
        send_patch(ui, &scene, &findings);
    } else {
        report::send(ui, &scene, &findings, exit);
    }
    Ok(exit)
}

fn interrupted(ui: &Ui) -> Exit {
    ui.say("interrupted");
    report::interrupted(ui);
    Exit::Interrupted
}

fn send_patch(ui: &Ui, scene: &Scene, findings: &[Finding]) {
    let user = &scene.facts.user;
    let plan = cut(scene, findings);
    ui.product(&diff::bare_patch(&plan, user));
    if plan.edits.is_empty() {
        ui.say("no line can be shown to be safe to take out");
        return;
    }
    let folder = diff::folder(&plan, user);
    let folder = if folder == user.real_home { "~".to_owned() } else { folder.display().to_string() };
    ui.hint(&format!("to apply it: `goenv-setup doctor --patch | patch -p1 -d {folder}`"));
}

/// The edits of every fix that is a patch.
fn cut(scene: &Scene, findings: &[Finding]) -> Plan {
    let cuts = findings.iter().filter_map(|finding| match &finding.case.fix {
        Some(Fix::Patch(cuts)) => Some(cuts),
        _ => None,
    });
    patch::plan(scene, cuts.flatten())
}
