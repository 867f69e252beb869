//! What the commands have in common before they plan: who, where, what is there.

use super::exit::Exit;
use super::failure::Failure;
use crate::facts::{self, Env, Facts, Remembered, User};
use crate::plan::{Plan, Refusal, Request, apply};
use crate::probe::syntax;
use crate::shells;
use crate::text::show::{sanitise, tilde};
use crate::transaction::StateDir;

/// The user, if the home folder is one that we may work in.
pub(super) fn user(command: &str) -> Result<User, Failure> {
    facts::user::gather().map_err(|error| Failure {
        exit: Exit::Refused,
        what: error.to_string(),
        hint: Some(error.hint(&format!("goenv-setup {command}"))),
        file: None,
    })
}

/// Refuses to write root's files for somebody who called sudo.
pub(super) fn refuse_sudo(user: &User, command: &str) -> Result<(), Failure> {
    let Some(name) = &user.sudo_user else { return Ok(()) };
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

/// The state folder.
pub(super) fn state(user: &User, env: &Env) -> StateDir {
    let parent = env.state_home.clone().unwrap_or_else(|| user.home.join(".local/state"));
    StateDir::at(parent.join("goenv-setup"))
}

/// Everything that a plan for `request` is made from.
pub(super) fn facts(user: User, env: Env, request: &Request, state: &StateDir) -> Facts {
    let remembered = remembered(state);
    let mut facts = Facts::gather(user, env, &request.files, &remembered);
    let folders = apply::folders_to_look_at(&facts, request);
    facts.look_at(&folders);
    facts
}

/// The files of earlier runs.
fn remembered(state: &StateDir) -> Vec<Remembered> {
    let mut files: Vec<Remembered> = Vec::new();
    for receipt in state.receipts().map(|receipts| receipts.list).unwrap_or_default() {
        for file in receipt.files {
            if files.iter().all(|known| known.path != file.asked) {
                files.push(Remembered { path: file.asked, shell: file.shell });
            }
        }
    }
    files
}

/// Turns each edit into a refusal after which a shell that reads the file could no longer parse it.
pub(super) fn refuse_broken_syntax(facts: &Facts, plan: &mut Plan) {
    let home = &facts.user.home;
    let mut kept = Vec::new();
    for edit in std::mem::take(&mut plan.edits) {
        let readers = shells::ALL.iter().filter(|shell| shell.files(&facts.places).contains(&edit.target.asked));
        let broken =
            readers.copied().find_map(|shell| Some((shell, syntax::breaks(shell, edit.before(), edit.bytes_after())?)));
        match broken {
            None => kept.push(edit),
            Some((shell, words)) => {
                let words = words
                    .split(|byte| *byte == b'\n')
                    .map(sanitise)
                    .find(|line| !line.trim().is_empty())
                    .unwrap_or_default();
                let name = tilde(&edit.target.asked, home);
                plan.refused.push(Refusal {
                    file: Some(edit.target.asked.clone()),
                    what: format!("cannot change `{name}`: {} could not read it any more ({})", shell.name(), words.trim()),
                    hint: Some(format!(
                        "something stands around the block, such as an `if` that holds nothing else: look at it with `${{EDITOR:-vi}} {name}`"
                    )),
                });
            }
        }
    }
    plan.edits = kept;
}
