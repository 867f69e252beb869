//! A folder that `--goroot` names and that is no Go root, although there is a `go` in its `bin`.

use std::path::{Path, PathBuf};

use super::found::install;
use super::paths::shown;
use super::{GoInstall, Ground};
use crate::facts::GoDir;
use crate::plan::{Note, kinds};

/// Its Go: GOROOT is exported as the user says, unless it is seen to be elsewhere.
pub(super) fn take(root: PathBuf, bin: PathBuf, dir: &GoDir, ground: &Ground, notes: &mut Vec<Note>) -> GoInstall {
    let gcc = dir.real_go.as_deref().and_then(kinds::of_program);
    // Homebrew's formula folder, one level above `libexec`; the folder of a profile; the system's.
    let elsewhere = dir.real_root.is_some() || gcc.is_some() || kinds::is_system(&root);
    let root_is = shown(&root);
    notes.push(match gcc.map(|kind| kind.name) {
        Some(name) => {
            Note::note(format!("the `go` of {root_is} is {name}, which has no Go root: GOROOT is not exported"))
        }
        // A known place is as it should be.
        None if elsewhere && kinds::recognise(Path::new(&dir.bin), &ground.land()).is_some() => Note::note(format!(
            "{root_is} is no Go root, its `go` leads to one elsewhere: its bin goes on PATH, GOROOT is not exported"
        )),
        None => Note::warning(format!(
            "{root_is} looks like no Go root, VERSION and pkg/tool are missing: its bin goes on PATH, GOROOT {}",
            if elsewhere { "is not exported" } else { "is exported as you say" }
        )),
    });
    install(bin, Some(root).filter(|_| !elsewhere), Some(dir))
}
