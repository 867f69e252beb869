//! `restore`: the files of an earlier run back to what they were before it, as a transaction of its own.

use super::args::Restore;
use super::carry_out::{Came, Manner, Outcome, carry_out};
use super::exit::Exit;
use super::failure::Failure;
use super::look::{self, Ground};
use super::{diff, report};
use crate::facts::Env;
use crate::plan::Request;
use crate::plan::restore::{self, RestorePlan};
use crate::text::show::{sanitise, tilde};
use crate::transaction::{Receipt, Receipts, StateDir};
use crate::ui::Ui;

pub(super) fn run(ui: &Ui, env: Env, args: &Restore) -> Result<Exit, Failure> {
    let ground = Ground::new(env, "restore")?;
    ground.refuse_sudo("restore")?;
    let unfinished = ground.settle(ui, !args.dry_run)?;
    let receipt = choose(&ground.state, args.id.as_deref())?;
    let past = ground.state.past(&receipt);
    let request =
        Request { files: receipt.files.iter().map(|file| file.asked.clone()).collect(), ..Request::default() };
    let (facts, state) = ground.facts(&request);
    let mut restore = restore::plan(&facts, &past);
    look::refuse_broken_syntax(&facts, &mut restore.plan, &[]);

    let home = &facts.user.home;
    ui.say(&format!("backup: {} of {}, before `{}`", receipt.id, receipt.time, receipt.command));
    for edit in &restore.plan.edits {
        ui.say(&format!("{}: {}: {}", tilde(&edit.target.asked, home), edit.action.word(), edit.why.join("; ")));
    }
    for refusal in &restore.plan.refused {
        ui.refusal(refusal);
    }
    let outcome = if !restore.plan.refused.is_empty() {
        ui.say("nothing was changed");
        Outcome::refused()
    } else if !restore.changed.is_empty() && !args.force {
        refuse_loss(ui, &facts.user, &restore, args.id.as_deref())?
    } else {
        let manner = Manner {
            command: "restore",
            dry_run: args.dry_run,
            check: false,
            yes: args.yes,
            force: args.force,
            prove: false,
            beside: None,
        };
        let mut outcome = carry_out(ui, &facts, &state, &restore.plan, &manner)?;
        outcome.exit = outcome.exit.unless(unfinished);
        outcome
    };
    match outcome.came {
        Came::NothingToDo => ui.say("nothing to do: every file is as it was before that run"),
        Came::Done => {
            ui.say("restored");
            outcome.say_backup(ui, &state, home);
        }
        Came::DryRun => ui.say("dry run: nothing was written"),
        _ => {}
    }
    report::restore(ui, &facts, &state, &receipt, &restore, &outcome);
    Ok(outcome.exit)
}

/// Shows what would be lost, and refuses.
fn refuse_loss(
    ui: &Ui,
    user: &crate::facts::User,
    restore: &RestorePlan,
    id: Option<&str>,
) -> Result<Outcome, Failure> {
    let id = id.map(|id| format!(" {}", sanitise(id.as_bytes()))).unwrap_or_default();
    if !ui.json() {
        let colour = ui.out_colour();
        let patch = if ui.out_is_terminal() {
            diff::view(&restore.plan, user, colour)
        } else {
            diff::patch(&restore.plan, user)
        };
        ui.product(&patch);
    }
    let names: Vec<String> = restore.changed.iter().map(|path| format!("`{}`", tilde(path, &user.home))).collect();
    Err(Failure {
        exit: Exit::Refused,
        what: format!(
            "cannot restore {}: changed since that run, and the lines that the diff takes away would be lost; nothing was \
             changed",
            names.join(", ")
        ),
        hint: Some(format!(
            "to restore all the same (today's content goes into a backup): `goenv-setup restore{id} --force`"
        )),
        file: restore.changed.first().cloned(),
    })
}

/// The backup with this id or with an id that begins so; without one the newest that was completed.
fn choose(state: &StateDir, id: Option<&str>) -> Result<Receipt, Failure> {
    let Receipts { list, left_out } = state.receipts()?;
    let mut found = list.into_iter().filter(|receipt| match id {
        Some(id) => receipt.id.starts_with(id),
        None => receipt.done,
    });
    let refuse = |what: String| {
        let hint = Some("see which backups there are: `goenv-setup backups`".to_owned());
        Err(Failure { exit: Exit::Refused, what, hint, file: None })
    };
    match (found.next(), id) {
        (_, None) if left_out > 0 => {
            refuse("cannot tell which backup is the newest: some cannot be believed or read".to_owned())
        }
        (None, None) => refuse("cannot restore: there is no backup".to_owned()),
        (None, Some(id)) => refuse(format!("cannot restore `{}`: there is no such backup", sanitise(id.as_bytes()))),
        (Some(receipt), Some(id)) if receipt.id != id && found.next().is_some() => {
            refuse(format!("cannot restore `{}`: more than one backup begins so", sanitise(id.as_bytes())))
        }
        (Some(receipt), _) => Ok(receipt),
    }
}
