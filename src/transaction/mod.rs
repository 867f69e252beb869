//! WRITE edge: carries out a plan: every edit or none, with a backup.
//!
//! # The order, and why
//!
//! 1. **Compare** every target with its snapshot, bytes and identity. What changed since the diff was shown is never
//!    overwritten; up to here nothing at all was written.
//! 2. **Back up** every file into a folder of its own, then the [`Receipt`], which names every file, its checksums and
//!    the temporary file beside it. All of it is synced, folders too, before any startup file is touched. From here on
//!    a dead run can be told from a finished one: its folder has a receipt and no `done` mark.
//! 3. **Stage** every new file beside its target: written, owner, attributes, mode, synced. Whatever can fail for want
//!    of space or rights fails here, while every target is still untouched. Data is durable before its name is, so a
//!    power cut cannot leave a startup file empty.
//! 4. **Place** them, one rename each, right after a last look at the target. A rename is atomic: each startup file is
//!    wholly old or wholly new at any instant.
//!    - An existing file is *exchanged* with the new one. The old file itself (inode, times, attributes) now stands
//!      under the temporary name, so going back is one rename that needs no space; and a save that came in between the
//!      look and the rename shows itself there, and is put back. Where there is no exchange (NFS, old kernels), a plain
//!      rename does it, and going back means a copy from the backup.
//!    - A new file is renamed only to a name that is free.
//!    - A file that goes is renamed to its temporary name, and removed in step 7.
//! 5. **Sync** the folders, so that the new names are durable before the journal says so. Where that fails the files
//!    are right and only a power cut could matter: a warning.
//! 6. **Mark** the receipt as done, synced. This is the commit point. Any failure up to and including this one
//!    rolls everything back, in reverse.
//! 7. **Clean up**: the old files under their temporary names, and folders that are to go while they are empty. What
//!    fails here is a warning. A run that dies here leaves a `done` receipt whose temporary files still exist and can
//!    be removed by anyone who reads it: before the mark a temporary file may be the only copy of the true inode,
//!    after it never.
//!
//! The temporary name is known before the file exists and stands in the receipt, so no kill can leave one that
//! nobody can find.
//!
//! # What a power cut may find
//!
//! A file system may write what was not synced in any order, or never; a rename is the only thing that it does wholly
//! or not at all. So whatever a later step leans on is synced before that step: the copies, the receipt and the names
//! of their folders before anything stands beside a startup file (2), the new content before it takes the name (3),
//! the names before the mark (5), the mark and its name before an old file goes (7). At any moment before the mark is
//! durable the disk thus holds a whole journal, whole copies, and under each startup file's name its old or its new
//! content; after it, the new content under every name. What is not synced is only what may be lost: the last removals,
//! which the next run repeats, and the `clean` mark, without which it looks once more. `tests/it/sweep/order.rs` reads
//! this off the system calls of real runs.

mod attempt;
mod birth;
mod failure;
mod lock;
mod receipt;
mod recover;
mod stage;
mod state;
mod sys;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::Path;
use std::time::SystemTime;

pub use failure::{Failure, Left};
pub use lock::Lock;
pub use receipt::{After as FileAfter, Before as FileBefore, Receipt, ReceiptFile, TEMP_PREFIX};
pub use recover::Recovered;
pub use state::{Purged, Receipts, StateDir};

use crate::facts::{FileState, Meta, Snapshot};
use crate::plan::{After, Edit};

/// What a transaction that succeeded did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The receipt; `None`: there was nothing to do, and nothing was touched.
    pub receipt: Option<Receipt>,
    /// What went wrong without making the result wrong: whole sentences without a full stop.
    pub warnings: Vec<String>,
}

/// Carries out all of these edits or none of them.
///
/// `command` and `now` are for the receipt. The paths in `target.real` must be absolute and resolved, each only once.
pub fn commit(
    state: &StateDir,
    lock: &Lock,
    command: &str,
    edits: &[Edit],
    now: SystemTime,
) -> Result<Committed, Failure> {
    let result = check_and_run(state, command, edits, now);
    match &result {
        Ok(Committed { receipt: Some(_), .. }) => state.prune(),
        Ok(_)
        | Err(Failure::Changed { .. } | Failure::Refused { .. } | Failure::RolledBack { .. } | Failure::Interrupted)
            if lock.fresh =>
        {
            state.remove_unused();
        }
        _ => {}
    }
    result
}

/// Step 1: every target is what it was when we looked.
pub fn check(edits: &[Edit]) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    for Edit { target, .. } in edits {
        refuse_unusable(target, &mut seen)?;
    }
    edits.iter().try_for_each(|edit| compare(&edit.target))
}

fn check_and_run(state: &StateDir, command: &str, edits: &[Edit], now: SystemTime) -> Result<Committed, Failure> {
    check(edits)?;
    let work: Vec<&Edit> = edits.iter().filter(|edit| does_something(edit)).collect();
    if work.is_empty() {
        return Ok(Committed::default());
    }
    attempt::run(state, command, &work, now)
}

/// Equal bytes, and taking away what is not there, are nothing to do.
fn does_something(edit: &Edit) -> bool {
    match (&edit.target.state, &edit.after) {
        (FileState::Regular { bytes, .. }, After::Bytes(after)) => bytes != after,
        (FileState::Missing { .. }, After::Gone { .. }) => false,
        _ => true,
    }
}

fn refuse_unusable<'a>(target: &'a Snapshot, seen: &mut HashSet<&'a Path>) -> Result<(), Failure> {
    let why = if matches!(target.state, FileState::Unusable(_)) {
        "it is not a file that can be read"
    } else if !target.real.is_absolute() || target.real.file_name().is_none() {
        "its path is not absolute"
    } else if !seen.insert(&target.real) {
        "it would be written twice"
    } else {
        return Ok(());
    };
    let fix = Some(format!("look at what is there: `ls -ld {}`", failure::quoted(&target.asked)));
    Err(Failure::Refused { path: target.real.clone(), why: why.into(), fix })
}

/// The target is what the snapshot says, to the byte.
fn compare(target: &Snapshot) -> Result<(), Failure> {
    compare_identity(target)?;
    let (bytes, meta) = match &target.state {
        FileState::Regular { bytes, meta } => (bytes, meta),
        FileState::Missing { dirs } if missing_folders(&target.real) != usize::from(*dirs) => {
            return Err(changed(target, "the folders above it are not the same".into()));
        }
        _ => return Ok(()),
    };
    let read = |path: &Path| {
        let file = sys::open(path)?;
        let found = Meta::of(&file.metadata()?);
        Ok::<_, std::io::Error>((found, sys::read_all(&file)?))
    };
    match read(&target.real) {
        Ok((found, now)) if found == *meta && now == *bytes => Ok(()),
        Ok(_) => Err(changed(target, "its content is another".into())),
        Err(error) => Err(changed(target, failure::cause(&error))),
    }
}

/// The target is what the snapshot says, as far as one look tells.
fn compare_identity(target: &Snapshot) -> Result<(), Failure> {
    let found = sys::look(&target.real).map_err(|error| changed(target, failure::cause(&error)))?;
    match (&target.state, found) {
        (FileState::Regular { .. }, None) => Err(changed(target, "it is gone".into())),
        (FileState::Regular { meta, .. }, Some(found)) => {
            if !found.is_file() {
                return Err(changed(target, "it is not a regular file any more".into()));
            }
            difference(meta, &Meta::of(&found)).map_or(Ok(()), |how| Err(changed(target, how.into())))
        }
        (_, Some(_)) => Err(changed(target, "it was missing and exists now".into())),
        (_, None) => Ok(()),
    }
}

fn difference(was: &Meta, is: &Meta) -> Option<&'static str> {
    if (was.dev, was.ino) != (is.dev, is.ino) {
        Some("another file took its place")
    } else if (was.size, was.mtime) != (is.size, is.mtime) {
        Some("it was written to")
    } else if was != is {
        Some("its mode, owner or attributes are not the same")
    } else {
        None
    }
}

/// How many folders right above a path do not exist.
fn missing_folders(path: &Path) -> usize {
    path.ancestors().skip(1).take_while(|folder| matches!(sys::look(folder), Ok(None))).count()
}

fn changed(target: &Snapshot, how: String) -> Failure {
    Failure::Changed { path: target.real.clone(), how }
}
