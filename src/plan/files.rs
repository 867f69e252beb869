//! Which real files get a block: the targets of each shell, or those of `--file`; each real file once.
//!
//! Two names may be one file (`.zprofile` linked to `.zshrc`, `.profile` for sh and bash): then its roles merge.

use std::path::{Path, PathBuf};

use super::Note;
use super::request::Request;
use super::shell_choice::Chosen;
use crate::facts::{Facts, FileState, Snapshot, snapshot::Unusable};
use crate::shells::{Holds, LaunchMode, Look, Reach, Shell, Spot, Target};
use crate::text::fence;
use crate::text::show::tilde;

/// A real file of the plan, under all the names that lead to it.
pub struct Planned {
    /// The shell whose block it gets.
    pub shell: &'static dyn Shell,
    /// The files that were chosen, each with the shell that reads it; the first gives the name.
    pub targets: Vec<(&'static dyn Shell, Target)>,
    /// What the block sets: the most that any of the targets needs.
    pub holds: Holds,
    /// Where in the file it goes: as high as any of the targets needs.
    pub spot: Spot,
    /// Where it goes for the reach that the block in it remembers.
    pub spot_before: Spot,
    /// The widest reach that it serves.
    pub reach: Reach,
    /// What is there.
    pub snapshot: Snapshot,
    /// Whether `--file` named it, now or in an earlier run.
    pub named: bool,
    /// Whether a line above the block may end the file before it, where nobody types.
    pub guarded: bool,
}

impl Planned {
    /// Whether the block is sure to be read in a launch mode in which this target is.
    pub fn serves(&self, target: &Target, mode: LaunchMode) -> bool {
        target.modes.contains(&mode) && (mode.reach() <= self.reach || !self.guarded)
    }
}

/// The files that get a block, each real file once.
pub(super) fn files(facts: &Facts, request: &Request, shells: &[Chosen]) -> (Vec<Planned>, Vec<Note>) {
    let (files, notes) = files_beside(facts, request, shells, &[]);
    let missing = files.iter().filter(|file| matches!(file.snapshot.state, FileState::Missing { .. }));
    let new: Vec<PathBuf> = missing.flat_map(|file| &file.targets).map(|(_, target)| target.path.clone()).collect();
    if shells.len() < 2 || new.is_empty() {
        return (files, notes);
    }
    // What is created for one shell is there for the others: a `.profile` for sh is the login file of bash, too.
    files_beside(facts, request, shells, &new)
}

/// The same, where these files are there already.
fn files_beside(facts: &Facts, request: &Request, shells: &[Chosen], new: &[PathBuf]) -> (Vec<Planned>, Vec<Note>) {
    let mut files: Vec<Planned> = Vec::new();
    let mut notes = Vec::new();
    for chosen in shells {
        let (targets, said, named) = targets(facts, request, chosen, new);
        notes.extend(said.into_iter().map(Note::note));
        for target in targets {
            let snapshot = facts.file(&target.path);
            let twin = files.iter_mut().find(|file| file.snapshot.real == snapshot.real);
            let spot_before = spot_before(facts, chosen, &snapshot);
            if let Some(file) = twin {
                if file.shell.dialect() != chosen.shell.dialect() {
                    let (this, other) =
                        (tilde(&target.path, &facts.user.home), tilde(&file.snapshot.asked, &facts.user.home));
                    notes.push(Note::warning(format!(
                        "`{this}` is the same file as `{other}`, and {} does not read the language of {}: no block for {} there",
                        chosen.shell.name(), file.shell.name(), chosen.shell.name()
                    )));
                    continue;
                }
                file.holds = file.holds.max(target.holds);
                file.spot = file.spot.max(target.spot);
                file.spot_before = file.spot_before.max(spot_before);
                file.reach = file.reach.max(chosen.reach.value);
                file.targets.push((chosen.shell, target));
            } else {
                let (shell, holds, spot, reach) = (chosen.shell, target.holds, target.spot, chosen.reach.value);
                let targets = vec![(chosen.shell, target)];
                files.push(Planned {
                    shell,
                    targets,
                    holds,
                    spot,
                    spot_before,
                    reach,
                    snapshot,
                    named,
                    guarded: false,
                });
            }
        }
    }
    for file in &mut files {
        file.holds = file.holds.max(held(facts, file));
    }
    (files, notes)
}

/// Where the block of this file was put, as far as the reach that it remembers tells.
fn spot_before(facts: &Facts, chosen: &Chosen, file: &Snapshot) -> Spot {
    let bytes = file.bytes().unwrap_or_default();
    let found = fence::find(bytes, chosen.shell.comment());
    let Some(block) = found.blocks().first() else { return Spot::End };
    let reach = chosen.shell.carried(&bytes[block.body.clone()], &facts.user.home).reach;
    let targets = chosen.shell.targets(&look(facts, chosen, reach, &|path| occupied(facts, path))).files;
    targets.iter().filter(|target| target.path == file.asked).map(|target| target.spot).max().unwrap_or_default()
}

pub(super) fn look<'a>(
    facts: &'a Facts,
    chosen: &Chosen,
    reach: Reach,
    occupied: &'a dyn Fn(&Path) -> bool,
) -> Look<'a> {
    Look { places: &facts.places, login: chosen.detected.login, reach, occupied }
}

/// Whether a shell would find something there: anything but nothing and a link to nothing.
pub(super) fn occupied(facts: &Facts, path: &Path) -> bool {
    match facts.find(path).map(|file| &file.state) {
        None | Some(FileState::Missing { .. } | FileState::Unusable(Unusable::Dangling { .. })) => false,
        Some(FileState::Regular { .. } | FileState::Unusable(_)) => true,
    }
}

/// What the block of a file that has several names holds already: another shell may read it under one of them, and must
/// not lose Go because this plan is not about it.
fn held(facts: &Facts, file: &Planned) -> Holds {
    let names = facts.files.iter().filter(|other| other.real == file.snapshot.real).count();
    let bytes = file.snapshot.bytes().filter(|_| names > 1).unwrap_or_default();
    let found = fence::find(bytes, file.shell.comment());
    found.blocks().first().map_or(Holds::Variables, |block| file.shell.holds(&bytes[block.body.clone()]))
}

/// The files of one shell, what the user should know of them, and whether `--file` named them, now or earlier.
fn targets(facts: &Facts, request: &Request, chosen: &Chosen, new: &[PathBuf]) -> (Vec<Target>, Vec<String>, bool) {
    let elsewhere = |path: &PathBuf, why: &str| Target {
        path: path.clone(),
        holds: Holds::All,
        spot: Spot::End,
        // Whether and when it is read is the user's business, so nothing is promised.
        modes: &[],
        why: why.to_owned(),
    };
    if !request.files.is_empty() {
        let files = request.files.iter().map(|path| elsewhere(path, "it was asked for with --file")).collect();
        return (files, vec!["that your shell reads this file is up to your own startup files".to_owned()], true);
    }
    let occupied = |path: &Path| occupied(facts, path) || new.iter().any(|new| new == path);
    let look = look(facts, chosen, chosen.reach.value, &occupied);
    let targets = chosen.shell.targets(&look);
    let fenced = |path: &Path| {
        let bytes = facts.find(path).and_then(Snapshot::bytes);
        bytes.is_some_and(|bytes| !fence::find(bytes, chosen.shell.comment()).blocks().is_empty())
    };
    // Also where a startup file of this shell holds a block: it may be there for another shell that reads it too.
    let kept: Vec<Target> = facts
        .remembered
        .iter()
        .filter(|file| file.named && file.shell == chosen.shell.name() && fenced(&file.path))
        .map(|file| elsewhere(&file.path, "the block is there since an earlier --file"))
        .collect();
    if !kept.is_empty() {
        return (kept, Vec::new(), true);
    }
    (targets.files, targets.notes, false)
}
