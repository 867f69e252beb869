//! Show, ask, commit: the one way from a plan to the disk, for every command that writes.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::exit::Exit;
use super::failure::Failure;
use super::look;
use super::proof::{self, Before, Proven};
use crate::facts::{Facts, User};
use crate::plan::verdict::Verdict;
use crate::plan::{Edit, Note, Plan};
use crate::text::show::tilde;
use crate::transaction::{self, Committed, StateDir};
use crate::ui::prompt::{Answer, confirm};
use crate::ui::{Sent, Ui};

/// How far to go, and under which name.
pub(super) struct Manner<'a> {
    /// The command, for the receipt.
    pub(super) command: &'a str,
    /// Write nothing.
    pub(super) dry_run: bool,
    /// Write nothing, and exit with 1 if anything would change.
    pub(super) check: bool,
    /// Do not ask.
    pub(super) yes: bool,
    /// Overwrite a block that was edited by hand, without a question.
    pub(super) force: bool,
    /// Start the shells before and after, to prove what the plan promises.
    pub(super) prove: bool,
    /// Something beside the edits that would be done, as words.
    pub(super) beside: Option<String>,
}

impl Manner<'_> {
    fn writes(&self) -> bool {
        !self.dry_run && !self.check
    }
}

/// How far a plan came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// There was nothing in it.
    NothingToDo,
    /// It was shown.
    DryRun,
    /// It was shown, because something would change.
    WouldChange,
    /// The user said no, or could not see it.
    Declined,
    /// The user broke off at the question.
    Interrupted,
    /// It cannot be carried out.
    Refused,
    /// It is carried out.
    Done,
    /// It was carried out, broke a shell, and was put back.
    PutBack,
}

impl Came {
    /// The word for JSON.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::NothingToDo => "nothing to do",
            Self::DryRun => "dry run",
            Self::WouldChange => "would change",
            Self::Declined => "declined",
            Self::Interrupted => "interrupted",
            Self::Refused => "refused",
            Self::Done => "done",
            Self::PutBack => "put back",
        }
    }
}

/// What came of it.
pub(super) struct Outcome {
    /// The exit code.
    pub(super) exit: Exit,
    /// How far it came.
    pub(super) came: Came,
    /// What was written.
    pub(super) committed: Committed,
    /// What the real shells saw afterwards.
    pub(super) proven: Vec<Proven>,
    /// Whether to go on and do what stands beside the edits.
    pub(super) go_on: bool,
}

impl Outcome {
    /// Says where the backup is, and what else is worth knowing of what was written.
    pub(super) fn say_backup(&self, ui: &Ui, state: &StateDir, home: &Path) {
        if let Some(backup) = self.backup(state) {
            ui.say(&format!("backup: {}", tilde(&backup, home)));
        }
        for warning in &self.committed.warnings {
            ui.note(&Note::warning(warning.clone()));
        }
    }

    /// The folder that holds the files as they were.
    pub(super) fn backup(&self, state: &StateDir) -> Option<PathBuf> {
        self.committed.receipt.as_ref().map(|receipt| state.backup_folder(&receipt.id))
    }

    /// Something was refused before anything was shown.
    pub(super) fn refused() -> Self {
        Self::ended(Exit::Refused, Came::Refused)
    }

    fn ended(exit: Exit, came: Came) -> Self {
        Self { exit, came, committed: Committed::default(), proven: Vec::new(), go_on: false }
    }
}

/// Carries a plan out as far as `manner` goes. Refused edits are not this function's business.
pub(super) fn carry_out(
    ui: &Ui,
    facts: &Facts,
    state: &StateDir,
    plan: &Plan,
    manner: &Manner,
) -> Result<Outcome, Failure> {
    let user = &facts.user;
    if plan.edits.is_empty() && manner.beside.is_none() {
        return Ok(Outcome::ended(Exit::Done, Came::NothingToDo));
    }
    let edited: Vec<&Edit> = plan.edits.iter().filter(|edit| edit.loses_hand_edits).collect();
    let ask = manner.writes() && !manner.yes;
    // With -q and -y the caller wants it done, not told; a dry run is about nothing but the diff.
    let sent = if ask || !manner.writes() || !ui.quiet() { show(ui, user, plan, ask) } else { Sent::Whole };
    for edit in &edited {
        ui.note(&Note::warning(format!(
            "the block in `{}` was edited by hand; these changes overwrite that",
            tilde(&edit.target.asked, &user.home)
        )));
    }
    let proving = manner.prove && !plan.promises.is_empty();
    if !manner.writes() {
        let word = if manner.check { Came::WouldChange } else { Came::DryRun };
        return Ok(Outcome::ended(if manner.check { Exit::NotAsWished } else { Exit::Done }, word));
    }
    if ask {
        if !ui.can_ask() {
            return Err(Failure::no_terminal(manner.command));
        }
        // Nobody can say yes to what they did not see.
        if sent == Sent::Closed {
            ui.say("nothing was changed: the diff could not be shown, standard output is closed");
            return Ok(Outcome::ended(Exit::NotAsWished, Came::Declined));
        }
        if proving {
            ui.say(&proof::announcement(plan));
        }
        match confirm("Apply these changes?").map_err(|error| Failure::prompt(&error))? {
            Answer::Yes => {}
            Answer::No => {
                ui.say("nothing was changed");
                return Ok(Outcome::ended(Exit::NotAsWished, Came::Declined));
            }
            Answer::Interrupted => return Ok(Outcome::ended(Exit::Interrupted, Came::Interrupted)),
        }
    } else if let Some(edit) = edited.first()
        && !manner.force
    {
        return Err(Failure::edited_by_hand(edit, &user.home, manner.command));
    }
    #[expect(clippy::disallowed_methods, reason = "the clock is read here, at the edge")]
    let now = SystemTime::now();
    // Once more under the lock; but what is clear already need not touch the state folder.
    transaction::check(&plan.edits)?;
    state.check_before()?;
    let before = proving.then(|| Before::look(facts, plan));
    if before.as_ref().is_some_and(Before::stopped) {
        ui.say("interrupted; nothing was changed");
        return Ok(Outcome::ended(Exit::Interrupted, Came::Interrupted));
    }
    let committed = {
        let lock = look::lock(ui, state)?;
        look::recover(ui, state, &lock, &facts.places)?;
        transaction::commit(state, &lock, manner.command, &plan.edits, now)?
    };
    let mut proven = before.map(Before::judge).unwrap_or_default();
    let stopped = proven.iter().any(|one| one.stopped);
    if !stopped {
        proof::look_closer(facts, plan, &mut proven);
    }
    let exit = if stopped { Exit::Interrupted } else { Exit::Done };
    let mut outcome = Outcome { exit, came: Came::Done, committed, proven, go_on: true };
    let broken = outcome.proven.iter().any(|one| matches!(one.verdict, Verdict::Broken(_)));
    if let Some(receipt) = outcome.committed.receipt.as_ref().filter(|_| broken) {
        proof::say(ui, facts, &outcome.proven);
        proof::put_back(ui, facts, state, receipt)?;
        ui.say("every file is back as it was before");
        ui.hint("start the shell by hand and see what it says; to write the block all the same: `goenv-setup apply --no-verify`");
        (outcome.exit, outcome.came) = (Exit::Failed, Came::PutBack);
    }
    Ok(outcome)
}

/// Shows the diff: a patch on standard output, a view where a person reads.
fn show(ui: &Ui, user: &User, plan: &Plan, ask: bool) -> Sent {
    if ui.json() {
        if ask && ui.can_ask() {
            ui.talk(&super::diff::view(plan, user, ui.err_colour()));
        }
        return Sent::Whole;
    }
    if ui.out_is_terminal() {
        return ui.product(&super::diff::view(plan, user, ui.out_colour()));
    }
    let sent = ui.product(&super::diff::patch(plan, user));
    if ask && ui.can_ask() {
        ui.talk(&super::diff::view(plan, user, ui.err_colour()));
    }
    sent
}

impl Failure {
    fn no_terminal(command: &str) -> Self {
        Self {
            exit: Exit::Usage,
            what:
                "cannot ask for confirmation: standard input or standard error is not a terminal; nothing was changed"
                    .to_owned(),
            hint: Some(format!(
                "to go ahead without a question: `goenv-setup {command} --yes`; to look only: `goenv-setup {command} --dry-run`"
            )),
            file: None,
        }
    }

    fn prompt(error: &io::Error) -> Self {
        Self {
            exit: Exit::Usage,
            what: format!("cannot read the answer: {error}; nothing was changed"),
            hint: Some("to go ahead without a question, add `--yes`".to_owned()),
            file: None,
        }
    }

    fn edited_by_hand(edit: &Edit, home: &Path, command: &str) -> Self {
        let file = tilde(&edit.target.asked, home);
        Self {
            exit: Exit::Refused,
            what: format!(
                "cannot change `{file}`: its block was edited by hand, and nobody was asked; nothing was changed"
            ),
            hint: Some(format!(
                "to overwrite the edit: `goenv-setup {command} --yes --force`; to be asked: `goenv-setup {command}`"
            )),
            file: Some(edit.target.asked.clone()),
        }
    }
}
