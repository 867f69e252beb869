//! The rows of the launch matrix: which programs of which shells in which launch modes, which of them a startup file can
//! reach, and which are promised.

use std::path::Path;

use super::coverage::coverage;
use super::files::files;
use super::shell_choice::{self, Chosen};
use super::{Note, Refusal, Request};
use crate::facts::Facts;
use crate::shells::{self, LaunchMode, Look, Places, Program, Reach, Shell, Start};
use crate::text::fence;

/// Which shells the matrix is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Those that this user uses: the one that runs, the login shell, those with a startup file of their own.
    InUse,
    /// Those with these names.
    Named(Vec<String>),
    /// Every one that is installed and that we know.
    Installed,
}

/// One program in one launch mode.
#[derive(Clone, Copy)]
pub struct Row {
    /// The shell.
    pub shell: &'static dyn Shell,
    /// Under which name.
    pub program: Program,
    /// How it is started, in the words of the plan.
    pub mode: LaunchMode,
    /// How it is started.
    pub start: Start,
    /// Whether it opens a startup file of the user's; else it has only what it inherits.
    pub by_file: bool,
    /// Whether the plan promises Go here: the blocks serve this launch mode, or would after a bare `apply`.
    pub promised: bool,
}

impl Row {
    /// What it is called in tables: `zsh -l -i`.
    pub fn name(&self) -> String {
        format!("{} {}", self.program.label, self.start.words)
    }

    /// Whether it is the shell under its own name, as terminals start it, and not `bash as sh` or the like.
    pub fn is_by_own_name(&self) -> bool {
        self.shell.programs().first().is_some_and(|first| first.label == self.program.label)
    }
}

/// The rows, and what the user should know of the choice. `Err`: none of the shells can be started.
pub fn rows(facts: &Facts, asked: &Asked) -> Result<(Vec<Row>, Vec<Note>), Refusal> {
    let shells = shells_of(facts, asked)?;
    let (there, missing): (Vec<_>, Vec<_>) = shells.into_iter().partition(|shell| installed(facts, *shell));
    let names: Vec<&str> = missing.iter().map(|shell| shell.name()).collect();
    if there.is_empty() {
        return Err(Refusal {
            file: None,
            what: format!("cannot start {}: not installed", names.join(", ")),
            hint: Some("for the shells that are here: `goenv-setup matrix --all-shells`".to_owned()),
        });
    }
    let notes = names.iter().map(|name| Note::note(format!("{name} is not installed"))).collect();
    let promised = promised(facts, asked, &there);
    let mut rows = Vec::new();
    for shell in there {
        for (number, program) in shell.programs().iter().enumerate() {
            if facts.program(program.file).is_none() {
                continue;
            }
            for mode in LaunchMode::ALL {
                let Some(start) = shell.start(program, mode) else { continue };
                let by_file = opens_own_file(&facts.places, shell, program, mode);
                let promised = number == 0 && promised.contains(&(shell.name(), mode));
                rows.push(Row { shell, program: *program, mode, start, by_file, promised });
            }
        }
    }
    Ok((rows, notes))
}

fn shells_of(facts: &Facts, asked: &Asked) -> Result<Vec<&'static dyn Shell>, Refusal> {
    let request = match asked {
        Asked::Installed => return Ok(shells::ALL.iter().copied().filter(|shell| installed(facts, *shell)).collect()),
        Asked::InUse => Request { all_shells: true, ..Request::default() },
        Asked::Named(names) => Request { shells: names.clone(), ..Request::default() },
    };
    Ok(shell_choice::choose(facts, &request)?.iter().map(|chosen| chosen.shell).collect())
}

fn installed(facts: &Facts, shell: &dyn Shell) -> bool {
    shell.programs().iter().any(|program| facts.program(program.file).is_some())
}

/// Whether this program opens a file of the user's own in this launch mode, or would if it were there.
fn opens_own_file(places: &Places, shell: &dyn Shell, program: &Program, mode: LaunchMode) -> bool {
    let look = Look { places, login: false, reach: Reach::default(), occupied: &|_| true };
    let Places { home, zdotdir, zshenv_folder, config_home, .. } = places;
    let folders = [home, zdotdir, zshenv_folder, config_home];
    let files = shell.files(places);
    let own = |path: &Path| {
        // A home of `/` would make the system's files the user's.
        let below = folders.iter().any(|folder| folder.parent().is_some() && path.starts_with(folder));
        below || files.iter().any(|file| file == path)
    };
    shell.reads(program, mode, &look).iter().any(|path| own(path))
}

/// The launch modes in which Go should be there: those that are covered for the shells of a bare `apply`, for those
/// with a block in a file of their own, and for those that were asked for by name.
fn promised(facts: &Facts, asked: &Asked, shown: &[&'static dyn Shell]) -> Vec<(&'static str, LaunchMode)> {
    let choose = |request: &Request| shell_choice::choose(facts, request).unwrap_or_default();
    let mut chosen: Vec<Chosen> = choose(&Request::default());
    let more = shown.iter().filter(|shell| {
        let new = chosen.iter().all(|chosen| chosen.shell.name() != shell.name());
        new && (matches!(asked, Asked::Named(_)) || holds_a_block(facts, **shell))
    });
    let names: Vec<String> = more.map(|shell| shell.name().to_owned()).collect();
    if !names.is_empty() {
        chosen.extend(choose(&Request { shells: names, ..Request::default() }));
    }
    let mut promised = Vec::new();
    for chosen in &chosen {
        let (files, _) = files(facts, &Request::default(), std::slice::from_ref(chosen));
        // What reads a file of --file is the user's business.
        if files.iter().all(|file| !file.named) {
            let covered = coverage(facts, chosen, &files).covered;
            // What comes along beyond the reach was never promised.
            let asked = covered.iter().filter(|way| way.mode.reach() <= chosen.reach.value);
            promised.extend(asked.map(|way| (chosen.shell.name(), way.mode)));
        }
    }
    promised
}

fn holds_a_block(facts: &Facts, shell: &dyn Shell) -> bool {
    shell.signs(&facts.places).iter().any(|sign| {
        let bytes = facts.find(sign).and_then(|file| file.bytes()).unwrap_or_default();
        !fence::find(bytes, shell.comment()).blocks().is_empty()
    })
}

#[cfg(test)]
mod tests;
