//! `uninstall`: our block out of every startup file; each is then byte for byte what it was.

use std::path::Path;

use super::args::Uninstall;
use super::carry_out::{Came, Manner, Outcome, carry_out};
use super::exit::Exit;
use super::failure::Failure;
use super::look::{self, Ground};
use super::report;
use crate::facts::Env;
use crate::plan::{Plan, Request, shell_choice, uninstall};
use crate::text::show::tilde;
use crate::transaction::StateDir;
use crate::ui::Ui;

pub(super) fn run(ui: &Ui, env: Env, args: &Uninstall) -> Result<Exit, Failure> {
    let ground = Ground::new(env, "uninstall")?;
    ground.refuse_sudo("uninstall")?;
    let unfinished = ground.settle(ui, !args.manner.dry_run && !args.manner.check)?;
    let request = Request { shells: args.shell.clone(), ..Request::default() };
    let (facts, state) = ground.facts(&Request::default());
    let only = if args.shell.is_empty() { Vec::new() } else { shell_choice::choose(&facts, &request)? };
    let only: Vec<_> = only.iter().map(|chosen| chosen.shell).collect();
    let mut plan = uninstall::plan(&facts, &only);
    look::refuse_broken_syntax(&facts, &mut plan, &[]);

    let home = &facts.user.home;
    for edit in &plan.edits {
        ui.say(&format!("{}: {}: {}", tilde(&edit.target.asked, home), edit.action.word(), edit.why.join("; ")));
    }
    for note in &plan.notes {
        ui.note(note);
    }
    for refusal in &plan.refused {
        ui.refusal(refusal);
    }
    // A fence that is left behind still needs its backups.
    let purge = args.purge && plan.refused.is_empty() && state.exists();
    let manner = Manner {
        command: "uninstall",
        dry_run: args.manner.dry_run,
        check: args.manner.check,
        yes: args.manner.yes,
        force: args.manner.force,
        prove: false,
        beside: purge.then(|| format!("remove the backups in {}", tilde(state.path(), home))),
    };
    if let Some(beside) = &manner.beside {
        ui.say(beside);
    } else if args.purge && !plan.refused.is_empty() {
        ui.say("the backups stay, because what was refused may need them");
    }
    let mut outcome = carry_out(ui, &facts, &state, &plan, &manner)?;
    outcome.exit = outcome.exit.unless(unfinished);
    if outcome.go_on && purge {
        state.purge(&look::lock(ui, &state)?)?;
        outcome.committed.receipt = None;
    }
    if outcome.exit == Exit::Done && !plan.refused.is_empty() {
        (outcome.exit, outcome.came) = match outcome.came {
            Came::NothingToDo => (Exit::Refused, Came::Refused),
            came => (Exit::NotAsWished, came),
        };
    }
    conclude(ui, &state, home, &outcome, &plan, purge);
    report::uninstall(ui, &facts, &state, &plan, &outcome);
    Ok(outcome.exit)
}

fn conclude(ui: &Ui, state: &StateDir, home: &Path, outcome: &Outcome, plan: &Plan, purged: bool) {
    match outcome.came {
        Came::NothingToDo => ui.say("nothing to do: no startup file holds our block"),
        Came::Refused => ui.say("nothing was changed"),
        Came::Done => {
            match (plan.edits.is_empty(), plan.refused.is_empty()) {
                (true, _) => {}
                (false, true) => ui.say("the block is out; every byte of yours is as it was"),
                (false, false) => ui.say("the block is out of these files; what was refused above is as it was"),
            }
            if purged {
                ui.say("the backups and the state folder are gone");
            } else {
                outcome.say_backup(ui, state, home);
            }
        }
        Came::DryRun => ui.say("dry run: nothing was written"),
        Came::WouldChange => ui.say("checked: nothing was written, and `goenv-setup uninstall` would change this"),
        _ => {}
    }
}
