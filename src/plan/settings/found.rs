//! What a block would carry of a Go that is in a folder, and what its files say of it.

use std::path::{Path, PathBuf};

use super::paths::{fits_path, shown, trimmed};
use super::{GoInstall, Ground};
use crate::facts::{GoDir, GoFacts};
use crate::plan::Note;
use crate::plan::goversion::GoVersion;
use crate::plan::kinds;
use crate::plan::stable::{self, Keep};

/// A Go that was found, if it may be persisted.
pub(super) fn found(dir: &GoDir, ground: &Ground, whence: &str, notes: &mut Vec<Note>) -> Option<GoInstall> {
    if !fits_path(&dir.bin, ground.home) {
        notes.push(Note::note(format!("{} ({whence}) is passed over: PATH cannot carry its name", shown(&dir.bin))));
        return None;
    }
    match keep_of(dir, ground) {
        Keep::AsIs => Some(install(dir.bin.clone(), dir.root.as_deref().map(trimmed), Some(dir))),
        Keep::Instead(stable) => {
            let there = looked_at(ground.go, &stable).filter(|there| there.has_go);
            notes.push(Note::note(match there {
                Some(_) => format!(
                    "{} ({whence}) goes with the next upgrade; its stable name {} is used",
                    shown(&dir.bin),
                    shown(&stable)
                ),
                None => format!("{} ({whence}) is passed over: the next upgrade removes it", shown(&dir.bin)),
            }));
            there.map(|there| install(stable, there.root.clone(), Some(there)))
        }
        Keep::Rather(stable) => match same_go(Some(dir), &stable, ground) {
            Some(there) => Some(install(stable, there.root.clone(), Some(there))),
            None => Some(install(dir.bin.clone(), dir.root.as_deref().map(trimmed), Some(dir))),
        },
        Keep::Manager(manager) => Some(left_to(manager, Some(dir), ground, notes)),
        Keep::Never(why) | Keep::Environment(why) => {
            notes.push(passed_over(dir, whence, why));
            None
        }
    }
}

/// A Go that may not be persisted, or only where there is no other.
pub(super) fn passed_over(dir: &GoDir, whence: &str, why: &str) -> Note {
    Note::note(format!("{} ({whence}) is passed over: {why}", shown(&dir.bin)))
}

/// What a block would carry of a Go that was found, and what may be persisted of its folder.
pub(in crate::plan) fn verdict(dir: &GoDir, ground: &Ground) -> (Keep, Option<GoInstall>) {
    (keep_of(dir, ground), found(dir, ground, "", &mut Vec::new()))
}

/// The stable folder, if it leads to the same `go`.
pub(super) fn same_go<'a>(dir: Option<&GoDir>, stable: &Path, ground: &Ground<'a>) -> Option<&'a GoDir> {
    let there = looked_at(ground.go, stable)?;
    (there.has_go && there.real_go == dir?.real_go).then_some(there)
}

pub(super) fn left_to(manager: &'static str, dir: Option<&GoDir>, ground: &Ground, notes: &mut Vec<Note>) -> GoInstall {
    // One that is not on PATH is not at work. GOROOT may name a version whose shims are there.
    let at_work = ground.go.on_path.iter().any(|dir| keep(&dir.bin, ground) == Keep::Manager(manager));
    let idle = dir.filter(|_| !at_work);
    notes.push(match idle {
        None => Note::note(format!(
            "{manager} brings Go: GOROOT and the folder of `go` are left to it, the block sets GOPATH and its bin"
        )),
        Some(dir) => Note::warning(format!(
            "{} belongs to {manager}, which does not bring Go into this terminal: load {manager} in your startup file as \
             its documentation says; the block sets GOPATH and its bin",
            shown(&dir.bin)
        )),
    });
    GoInstall { manager: Some(manager), present: idle.is_none(), ..of(dir) }
}

/// What a block says that leaves Go to a version manager, where none can be seen: cron and an old shell do not know
/// where it was told to live.
pub(super) fn left_to_one_unseen(notes: &mut Vec<Note>) -> GoInstall {
    notes.push(Note::note(
        "the block leaves Go to a version manager, and there is none in this environment: it stays so; to choose anew: \
         `goenv-setup apply --profile auto`",
    ));
    of(None)
}

pub(super) fn install(bin: PathBuf, goroot: Option<PathBuf>, dir: Option<&GoDir>) -> GoInstall {
    // The block derives GOROOT from the folder, so only a folder called bin can have one; the system's own holds no Go root.
    let goroot = goroot.filter(|root| bin.ends_with("bin") && !kinds::is_system(root));
    GoInstall { bin: Some(bin), goroot, ..of(dir) }
}

/// What the files of a folder say.
pub(super) fn of(dir: Option<&GoDir>) -> GoInstall {
    GoInstall {
        bin: None,
        goroot: None,
        version: version(dir),
        present: dir.is_some_and(|dir| dir.has_go),
        may_be_root: dir.is_none_or(|dir| !dir.has_go || dir.root.is_some()),
        manager: None,
        found_in: dir.map(|dir| dir.bin.clone()),
        real_root: dir.and_then(|dir| dir.real_root.clone()),
        program: dir.and_then(|dir| dir.program.clone()),
        flaw: dir.and_then(|dir| dir.flaw),
        loads: None,
    }
}

fn version(dir: Option<&GoDir>) -> Option<GoVersion> {
    GoVersion::parse(dir?.version.as_deref()?)
}

/// What is known of a folder.
pub(in crate::plan) fn looked_at<'a>(go: &'a GoFacts, bin: &Path) -> Option<&'a GoDir> {
    go.asked.iter().chain(&go.on_path).chain(&go.well_known).find(|dir| dir.bin == bin)
}

/// What may be persisted of a folder that was looked at.
pub(super) fn keep_of(dir: &GoDir, ground: &Ground) -> Keep {
    let land = ground.land();
    let never = dir.real_go.as_deref().and_then(|go| kinds::never(go, &land));
    never.map_or_else(|| stable::keep(&dir.bin, &land), Keep::Never)
}

/// What may be persisted of a folder.
pub(super) fn keep(bin: &Path, ground: &Ground) -> Keep {
    stable::keep(bin, &ground.land())
}
