//! What was chosen for the user, with its reason, and what follows for the terminal that they sit at.

use std::path::Path;

use super::proof::Proven;
use crate::facts::Facts;
use crate::plan::apply::ApplyPlan;
use crate::plan::coverage::{Coverage, Way};
use crate::plan::shell_choice::Chosen;
use crate::plan::verdict::Verdict;
use crate::plan::{Settings, Source};
use crate::shells::{Holds, LaunchMode, Reach};
use crate::text::show::{sanitise, tilde, tilde_list};
use crate::ui::Ui;

/// Says which shell, which Go, which GOROOT and GOPATH, and from what.
pub(super) fn say(ui: &Ui, planned: &ApplyPlan, home: &Path) {
    for chosen in &planned.shells {
        ui.say(&format!("shell: {}", sanitise(chosen.detected.line().as_bytes())));
        if chosen.reach.value != Reach::default() {
            ui.say(&format!("reach: {}, from {}", chosen.reach.value.name(), chosen.reach.from.word()));
        }
    }
    if let Some(profile) = planned.profile {
        ui.say(&format!("profile: {}", profile.name));
    }
    let go = &planned.settings.go;
    let version = go.value.version.as_ref().map(|version| format!(" ({version})")).unwrap_or_default();
    match (&go.value.bin, go.value.manager) {
        (Some(bin), _) if let Some(portable) = &planned.settings.portable => {
            let count = portable.places.len();
            let here = if go.value.present { format!("{}{version}", tilde(bin, home)) } else { "none".to_owned() };
            ui.say(&format!("go: the first of {count} places, here {here}, from {}", go.from.word()));
        }
        (Some(bin), _) => ui.say(&format!("go: {}{version}, from {}", tilde(bin, home), go.from.word())),
        (None, manager) => ui.say(&format!("go: left to {}{version}", manager.unwrap_or("a version manager"))),
    }
    match &go.value.goroot {
        _ if planned.settings.portable.as_ref().is_some_and(|portable| portable.goroot && !go.value.present) => {
            ui.say("GOROOT: that of the place, where it is a Go root");
        }
        Some(goroot) => ui.say(&format!("GOROOT: {}", tilde(goroot, home))),
        None => ui.say("GOROOT: not exported; Go finds its own"),
    }
    let gopath = &planned.settings.gopath;
    ui.say(&format!("GOPATH: {}, from {}", tilde_list(&gopath.value, home), gopath.from.word()));
    if let Some(gobin) = &planned.settings.gobin {
        ui.say(&format!("GOBIN: {}, from {}", tilde(&gobin.value, home), gobin.from.word()));
    }
}

/// What the proof said of a launch mode, if it was asked.
fn verdict<'a>(proven: &'a [Proven], shell: &str, mode: LaunchMode) -> Option<&'a Verdict> {
    let one = proven.iter().find(|one| one.promise.shell == shell && one.promise.mode == mode)?;
    Some(&one.verdict)
}

/// Whether Go is there, and each shell of the plan promises to find it in a terminal as this user opens them.
pub(super) fn a_new_terminal_has_go(planned: &ApplyPlan, proven: &[Proven]) -> bool {
    let promised = |chosen: &Chosen| {
        let mode = terminal(chosen);
        if verdict(proven, chosen.shell.name(), mode).is_some_and(|verdict| *verdict != Verdict::Proven) {
            return false;
        }
        planned.plan.promises.iter().any(|promise| promise.shell == chosen.shell.name() && promise.mode == mode)
    };
    // zsh would run the old bytecode.
    let read = planned.files.iter().all(|file| !file.snapshot.stale);
    planned.settings.go.value.present && read && planned.left_out.is_empty() && planned.shells.iter().all(promised)
}

/// One line for each shell: where Go is, where it is not, and the flag that would bring it there.
pub(super) fn reach_lines(planned: &ApplyPlan, proven: &[Proven]) -> Vec<String> {
    let words = |ways: &mut dyn Iterator<Item = &Way>| ways.map(|way| way.start.words).collect::<Vec<_>>().join(", ");
    let line = |coverage: &Coverage| {
        let Coverage { shell, covered, wider, unreachable } = coverage;
        // What the shell itself said counts for more than what its files say.
        let failed = |way: &&Way| verdict(proven, shell, way.mode).is_some_and(|verdict| *verdict != Verdict::Proven);
        let (failed, covered): (Vec<&Way>, Vec<&Way>) = covered.iter().partition(failed);
        let covered = if covered.is_empty() { "nothing".to_owned() } else { words(&mut covered.into_iter()) };
        let mut parts = vec![format!("covered: {shell} {covered}")];
        if !failed.is_empty() {
            parts.push(format!("not proven: {} (see above)", words(&mut failed.into_iter())));
        }
        for reach in Reach::ALL {
            let ways: Vec<&Way> = wider.iter().filter(|(_, needs)| *needs == reach).map(|(way, _)| way).collect();
            if !ways.is_empty() {
                let words = words(&mut ways.into_iter());
                parts.push(format!("not covered: {words} (`--reach {}` would)", reach.name()));
            }
        }
        if !unreachable.is_empty() {
            parts.push(format!("no startup file reaches {}", words(&mut unreachable.iter())));
        }
        parts.join("; ")
    };
    planned.coverage.iter().map(line).collect()
}

/// How a terminal starts this shell.
fn terminal(chosen: &Chosen) -> LaunchMode {
    if chosen.detected.login { LaunchMode::LoginInteractive } else { LaunchMode::Interactive }
}

/// The one line that brings Go into the terminal that this runs in.
pub(super) fn this_terminal(facts: &Facts, planned: &ApplyPlan) -> Option<String> {
    // Where we do not know the shell that runs or logs in, nobody knows which one reads the line.
    let chosen = planned.shells.first().filter(|_| planned.left_out.is_empty())?;
    let mode = terminal(chosen);
    let full = || planned.files.iter().filter(|file| file.holds == Holds::All);
    let file = full()
        .find(|file| file.targets.iter().any(|(_, target)| target.modes.contains(&mode)))
        .or_else(|| full().next())?;
    let source = chosen.shell.source(&file.snapshot.asked, &facts.user.home);
    // The block only fills a gap, so an old value has to go first, but for one that a version manager has set.
    let Settings { go, gopath, gobin, .. } = &planned.settings;
    let managed = go.value.manager.is_some() && gopath.from == Source::Default;
    let gobin = gobin.as_ref().map(|gobin| gobin.value.as_os_str());
    let gopath = facts.env.gopath.as_ref().is_some_and(|old| *old != gopath.value && !managed);
    let gobin = gobin.is_some() && facts.env.gobin.as_deref().is_some_and(|old| Some(old) != gobin);
    let stale = match (gopath, gobin) {
        (true, true) => "unset GOPATH GOBIN; ",
        (true, false) => "unset GOPATH; ",
        (false, true) => "unset GOBIN; ",
        (false, false) => "",
    };
    Some(format!("{stale}{}", sanitise(&source)))
}
