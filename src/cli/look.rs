//! What the commands have in common before they plan: who, where, what is there.

use super::exit::Exit;
use super::failure::Failure;
use crate::facts::{self, Env, Facts, Remembered, User};
use crate::plan::{Action, Note, Plan, Refusal, Request, apply};
use crate::probe::syntax::{self, Judgement};
use crate::shells::{self, Places, Shell, posix};
use crate::text::show::{sanitise, tilde};
use crate::transaction::{Lock, Recovered, StateDir};
use crate::ui::Ui;

/// Where a command stands before it looks at any file: who, which home, which state folder.
pub(super) struct Ground {
    pub(super) user: User,
    pub(super) state: StateDir,
    env: Env,
    places: Places,
}

impl Ground {
    /// The home must be one that we may work in; `command` is what to run again, for the hint.
    pub(super) fn new(env: Env, command: &str) -> Result<Self, Failure> {
        let user = facts::user::gather().map_err(|error| Failure {
            exit: Exit::Refused,
            what: error.to_string(),
            hint: Some(error.hint(&format!("goenv-setup {command}"))),
            file: None,
        })?;
        let places = facts::places(&user, &env);
        let parent = env.state_home.clone().unwrap_or_else(|| user.home.join(".local/state"));
        let state = StateDir::at(parent.join("goenv-setup")).keeping(&user.home).keeping(&user.real_home);
        Ok(Self { user, state, env, places })
    }

    /// Before anything is written: not root's files for somebody who called sudo.
    pub(super) fn refuse_sudo(&self, command: &str) -> Result<(), Failure> {
        let Some(name) = &self.user.sudo_user else { return Ok(()) };
        Err(Failure {
            exit: Exit::Refused,
            what: format!(
                "cannot {command} under sudo: it would change the files of root, not those of {name}; nothing was changed"
            ),
            hint: Some(format!(
                "run it as yourself: `goenv-setup {command}`; for another user: `sudo -H -u USER goenv-setup {command}`"
            )),
            file: None,
        })
    }

    /// Finishes what interrupted runs left, if this run `writes`; else only tells of it. Returns whether something is
    /// left to be finished.
    pub(super) fn settle(&self, ui: &Ui, writes: bool) -> Result<bool, Failure> {
        if writes {
            self.state.clear_draft();
        }
        // A folder that cannot be believed at all stops whoever writes, with its own words, when it takes the lock.
        let doubt = match self.state.unbelievable() {
            Ok(0) => None,
            Ok(count) => Some(format!("{count} of the backups cannot be believed or read, and are left alone")),
            Err(refused) => Some(refused.to_string()),
        };
        if let Some(doubt) = &doubt {
            let folder = posix::word(self.state.path(), &self.user.home);
            ui.note(&Note::warning(doubt.clone()));
            ui.hint(&format!("see owner, mode and links of what is there: `ls -lR {folder}`"));
        }
        if writes {
            if self.state.unfinished() > 0 {
                let lock = lock(ui, &self.state)?;
                recover(ui, &self.state, &lock, &self.places)?;
            }
            return Ok(false);
        }
        let unfinished = self.state.unfinished() > 0;
        if unfinished {
            ui.note(&Note::warning("an earlier run was interrupted, and what it had changed is not put back yet"));
            ui.hint(
                "`goenv-setup backups` names it; `goenv-setup apply` or `goenv-setup uninstall` first puts it back",
            );
        }
        Ok(unfinished || doubt.is_some())
    }

    /// Everything that a plan for `request` is made from.
    pub(super) fn facts(self, request: &Request) -> (Facts, StateDir) {
        let remembered = remembered(&self.state);
        let mut facts = Facts::gather(self.user, self.env, self.places, &request.files, &remembered);
        let folders = apply::folders_to_look_at(&facts, request);
        facts.look_at(&folders);
        (facts, self.state)
    }
}

/// Takes the lock, and says so if that takes a while.
pub(super) fn lock(ui: &Ui, state: &StateDir) -> Result<Lock, Failure> {
    Ok(state.lock(&|| ui.say("waiting for another goenv-setup that is at work"))?)
}

/// Finishes what interrupted runs left, and says what became of each file.
pub(super) fn recover(ui: &Ui, state: &StateDir, lock: &Lock, places: &Places) -> Result<(), Failure> {
    for told in state.recover(lock, &|path| places.is_startup_file(path))? {
        let text = told.to_string();
        ui.note(&if matches!(told, Recovered::PutBack(_)) { Note::note(text) } else { Note::warning(text) });
    }
    Ok(())
}

/// The files of earlier runs.
fn remembered(state: &StateDir) -> Vec<Remembered> {
    let mut files: Vec<Remembered> = Vec::new();
    for receipt in state.receipts().map(|receipts| receipts.list).unwrap_or_default() {
        for file in receipt.files {
            // The newest run that was about a file knows best.
            if !files.iter().any(|known| known.path == file.asked && known.shell == file.shell) {
                files.push(Remembered { path: file.asked, shell: file.shell, named: file.named });
            }
        }
    }
    files
}

/// Turns each edit into a refusal after which a shell that reads the file could no longer parse it, or in which it would
/// not read the block; and tells of files that a shell of `about`, those that the plan is made for, does not parse as they
/// are: a `.profile` in bash's language is no news to those who have mksh installed.
pub(super) fn refuse_broken_syntax(facts: &Facts, plan: &mut Plan, about: &[&str]) {
    let home = &facts.user.home;
    let first_line = |words: &[u8]| {
        let mut lines = words.split(|byte| *byte == b'\n').map(sanitise);
        lines.find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned()
    };
    let mut kept = Vec::new();
    for edit in std::mem::take(&mut plan.edits) {
        let readers = shells::ALL.iter().filter(|shell| shell.files(&facts.places).contains(&edit.target.asked));
        let word = posix::word(&edit.target.asked, home);
        let (before, after) = (edit.before(), edit.bytes_after());
        let at_the_end = edit.action == Action::Insert && after.starts_with(before);
        let judge = |shell: &dyn Shell| syntax::judge(shell, facts.program(shell.name()), before, after, at_the_end);
        let judged: Vec<_> = readers.map(|shell| (shell.name(), judge(*shell))).collect();
        let breaks = judged.iter().find_map(|(shell, judgement)| match judgement {
            Judgement::Breaks(words) => Some((shell, words)),
            _ => None,
        });
        if let Some((shell, words)) = breaks {
            let why = format!("{shell} could not read it any more ({})", first_line(words));
            let hint = format!(
                "something stands around the block, such as an if that holds nothing else: look at it with \
                 `${{EDITOR:-vi}} {word}`"
            );
            plan.refused.push(Refusal::of(&edit.target, home, &why, hint));
            continue;
        }
        if judged.iter().any(|(_, judgement)| matches!(judgement, Judgement::Swallows)) {
            let why =
                "its end is open (a here-document without its last line?), so the block would not be read as code";
            plan.refused.push(Refusal::of(&edit.target, home, why, format!("look at its end with `tail {word}`")));
            continue;
        }
        let unparsed = judged.iter().find_map(|(shell, judgement)| match judgement {
            Judgement::Unparsed(words) if *shell == edit.shell || about.contains(shell) => Some(first_line(words)),
            _ => None,
        });
        if let Some(words) = unparsed {
            let name = tilde(&edit.target.asked, home);
            plan.notes.push(Note::warning(format!(
                "`{name}` does not parse as it is ({words}), so the block may not be reached"
            )));
        }
        kept.push(edit);
    }
    plan.edits = kept;
}
