//! `apply`: facts, plan, diff, question, transaction.

use std::os::unix::ffi::OsStrExt;

use super::args::{Apply, Settings};
use super::carry_out::{Came, Manner, Outcome, carry_out};
use super::exit::Exit;
use super::failure::Failure;
use super::look::{Ground, refuse_broken_syntax};
use super::proof::Proven;
use super::{choices, menu, proof, report};
use crate::facts::{Env, Facts};
use crate::plan::apply::{self, ApplyPlan};
use crate::plan::profile::Profile;
use crate::plan::verdict::Verdict;
use crate::plan::{Action, Request, paste, shell_choice};
use crate::shells::posix;
use crate::text::show::{sanitise, tilde};
use crate::transaction::StateDir;
use crate::ui::Ui;

pub(super) fn run(ui: &Ui, env: Env, args: &Apply) -> Result<Exit, Failure> {
    let ground = Ground::new(env, "apply")?;
    ground.refuse_sudo("apply")?;
    let mut request = request(&args.settings);
    request.all_shells = args.all_shells;
    request.reach = args.reach;
    follow(args.settings.profile, &mut request)?;
    request.files = args.file.iter().map(|file| crate::facts::absolute(file)).collect();
    if !request.files.is_empty() && request.shells.len() > 1 {
        return Err(Failure {
            exit: Exit::Usage,
            what: "cannot put the block of several shells into one file: `--file` goes with one `--shell`".to_owned(),
            hint: Some("run it once for each shell".to_owned()),
            file: None,
        });
    }
    if let Some((file, rest)) = args.file.iter().find_map(|file| Some((file, file.strip_prefix("~").ok()?))) {
        let meant = ground.user.home.join(rest);
        let shown = sanitise(file.as_os_str().as_bytes());
        return Err(Failure {
            exit: Exit::Refused,
            what: format!("cannot use `--file {shown}`: the `~` is not expanded"),
            hint: Some(format!("use `goenv-setup apply --file {}`", posix::word(&meant, &ground.user.home))),
            file: None,
        });
    }
    let unfinished = ground.settle(ui, !args.manner.dry_run && !args.manner.check)?;
    let (facts, state) = ground.facts(&request);
    let mut planned = match apply::plan(&facts, &request) {
        Ok(planned) => planned,
        Err(refusal) => {
            by_hand(ui, &facts, &request);
            return Err(refusal.into());
        }
    };
    planned = match menu::choose(ui, &facts, &mut request, &args.manner, planned)? {
        Ok(planned) => planned,
        Err(exit) => return Ok(exit),
    };
    let about: Vec<&str> = planned.shells.iter().map(|chosen| chosen.shell.name()).collect();
    refuse_broken_syntax(&facts, &mut planned.plan, &about);
    explain(ui, &facts, &planned);
    if !planned.plan.refused.is_empty() {
        for refusal in &planned.plan.refused {
            ui.refusal(refusal);
        }
        ui.say("nothing was changed");
        let outcome = Outcome::refused();
        report::apply(ui, &facts, &state, &planned, &outcome);
        return Ok(outcome.exit);
    }
    let manner = Manner {
        command: "apply",
        dry_run: args.manner.dry_run,
        check: args.manner.check,
        yes: args.manner.yes,
        force: args.manner.force,
        prove: !args.no_verify,
        beside: None,
    };
    let mut outcome = carry_out(ui, &facts, &state, &planned.plan, &manner)?;
    // What is beyond the reach was never asked for, though it mostly comes along.
    let asked = |one: &Proven| {
        let chosen = planned.shells.iter().find(|chosen| chosen.shell.name() == one.promise.shell);
        chosen.is_none_or(|chosen| one.promise.mode.reach() <= chosen.reach.value)
    };
    let other = outcome.proven.iter().any(|one| matches!(one.verdict, Verdict::Other(_)) && asked(one));
    outcome.exit = outcome.exit.unless(unfinished || other);
    conclude(ui, &facts, &state, &planned, &outcome);
    report::apply(ui, &facts, &state, &planned, &outcome);
    Ok(outcome.exit)
}

/// The settings as typed.
pub(super) fn request(settings: &Settings) -> Request {
    Request {
        shells: settings.shell.clone(),
        all_shells: false,
        reach: None,
        files: Vec::new(),
        goroot: settings.goroot.clone().map(Into::into),
        gopath: settings.gopath.clone(),
        gobin: settings.gobin.clone(),
        portable: (settings.portable || settings.no_portable).then_some(settings.portable),
        no_goroot: settings.no_goroot,
        profile: None,
        picked: None,
    }
}

/// Lets a profile fill what the command line left open.
pub(super) fn follow(profile: Option<&'static Profile>, request: &mut Request) -> Result<(), Failure> {
    let Some(profile) = profile else { return Ok(()) };
    profile.fill(request).map_err(|what| Failure {
        exit: Exit::Usage,
        what,
        hint: Some(format!("leave out one of them, as in `goenv-setup apply --profile {}`", profile.name)),
        file: None,
    })
}

/// Says every choice that was made for the user, with its reason.
fn explain(ui: &Ui, facts: &Facts, planned: &ApplyPlan) {
    let home = &facts.user.home;
    choices::say(ui, planned, home);
    for dir in facts.go.on_path.iter().chain(&facts.go.well_known) {
        let version = dir.version.as_deref().unwrap_or("version unknown");
        ui.detail(&format!("found: {} ({})", tilde(&dir.bin, home), sanitise(version.as_bytes())));
    }
    for edit in &planned.plan.edits {
        let name = tilde(&edit.target.asked, home);
        let real = tilde(&edit.target.real, home);
        let link = if edit.target.link { format!(", a link to {real}") } else { String::new() };
        ui.say(&format!("{}: {}{link}: {}", name, edit.action.word(), edit.why.join("; ")));
    }
    for note in &planned.plan.notes {
        ui.note(note);
    }
}

/// Says what came of it, and what to do next.
fn conclude(ui: &Ui, facts: &Facts, state: &StateDir, planned: &ApplyPlan, outcome: &Outcome) {
    let home = &facts.user.home;
    match outcome.came {
        Came::NothingToDo => ui.say("nothing to do: the block is in place in every file"),
        Came::Done => {
            for edit in &planned.plan.edits {
                let done = match edit.action {
                    Action::Create => "created",
                    Action::Insert => "added the block to",
                    Action::Update => "updated the block in",
                    Action::Remove | Action::Restore => "took the block out of",
                    Action::Delete => "removed",
                };
                ui.say(&format!("{done} {}", tilde(&edit.target.asked, home)));
            }
            outcome.say_backup(ui, state, home);
            proof::say(ui, facts, &outcome.proven);
            proof::hint(ui, &outcome.proven);
            if outcome.exit == Exit::Interrupted {
                ui.say("interrupted: what was written stays, and was not proven");
            }
            if planned.settings.go.value.present {
                for line in choices::reach_lines(planned, &outcome.proven) {
                    ui.say(&line);
                }
            }
            if let Some(line) = choices::this_terminal(facts, planned) {
                let line = ui.strong(&line);
                if choices::a_new_terminal_has_go(planned, &outcome.proven) {
                    ui.say(&format!("a new terminal has Go; for this one: {line}"));
                } else {
                    ui.say(&format!("for this terminal: {line}"));
                }
            }
        }
        Came::DryRun => {
            let folder = super::diff::folder(&planned.plan, &facts.user);
            let folder = if *folder == facts.user.real_home { "\"$HOME\"" } else { "/" };
            ui.say(&format!("dry run: nothing was written; the diff is a patch for `patch -p1 -d {folder}`"));
        }
        Came::WouldChange => ui.say("checked: nothing was written, and `goenv-setup apply` would change this"),
        _ => {}
    }
}

/// For a shell that we do not know: the exact lines to paste.
pub(super) fn by_hand(ui: &Ui, facts: &Facts, request: &Request) {
    if shell_choice::choose(facts, request).is_ok() {
        return;
    }
    if let Ok(lines) = paste::posix_lines(facts, request) {
        ui.say("these lines, in the startup file of a POSIX shell, do what we would do:");
        ui.talk(&lines.bytes);
    }
}
