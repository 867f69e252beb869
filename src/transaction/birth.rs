//! The state folder comes into being in one step: with the folders above it that are missing, and with the note that
//! says how many of these are ours, because `uninstall --purge` takes away exactly those. Made one by one, a run that
//! is killed in between would leave folders that nobody can tell from the user's own.
//!
//! All of it is built under a name that is known, and renamed. What a dead run leaves under that name holds nothing,
//! and the next writing command removes it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{Mode, OFlags};

use super::state::{PARENTS, check, make_folder, write_new};
use super::{Failure, StateDir, sys};

/// What becomes the outermost missing folder, beside it until then.
const DRAFT: &str = ".goenv-setup-state~";

impl StateDir {
    /// Creates the folder and those above it. Another run may do the same at the same time; returns whether it was us.
    pub(super) fn create(&self) -> Result<bool, Failure> {
        self.clear_draft();
        loop {
            let Some(outermost) = self.outermost_missing() else { return Ok(false) };
            let Some(above) = outermost.parent() else { return Ok(false) };
            let _guard = Guard::of(above);
            if self.outermost_missing() != Some(outermost) {
                continue; // another run was at it
            }
            let draft = above.join(DRAFT);
            self.remove_draft(above);
            let made = self.build(&draft, outermost).and_then(|()| match sys::rename_new(&draft, outermost) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
                other => other.map(|()| true),
            });
            match made {
                Ok(true) => {}
                Ok(false) => {
                    self.remove_draft(above);
                    continue;
                }
                Err(error) => {
                    self.remove_draft(above);
                    let path = outermost.to_owned();
                    return Err(Failure::RolledBack { tried: "create the folder for backups", path, error });
                }
            }
            return sys::sync_folder(above).map(|()| true).map_err(|error| {
                self.remove_unused();
                Failure::RolledBack { tried: "sync the folder", path: above.to_owned(), error }
            });
        }
    }

    /// Removes what a run left that died while it created the folder.
    pub fn clear_draft(&self) {
        for above in self.path().ancestors().skip(1) {
            if matches!(sys::look(&above.join(DRAFT)), Ok(Some(_))) {
                let _guard = Guard::of(above);
                self.remove_draft(above);
            }
        }
    }

    /// Removes the draft in a folder above ours, and never more than [`Self::build`] makes.
    fn remove_draft(&self, above: &Path) {
        let draft = above.join(DRAFT);
        if check(&draft).is_err() {
            return;
        }
        let mut names = self.path().strip_prefix(above).unwrap_or(Path::new("")).components();
        names.next(); // the one that the draft stands for
        let innermost = draft.join(names.as_path());
        let _ = rustix::fs::unlink(innermost.join(PARENTS));
        for folder in innermost.ancestors().take_while(|folder| folder.starts_with(&draft)) {
            let _ = rustix::fs::rmdir(folder);
        }
    }

    fn outermost_missing(&self) -> Option<&Path> {
        self.path().ancestors().take_while(|folder| matches!(sys::look(folder), Ok(None))).last()
    }

    /// Makes all that is missing, `draft` in the place of `outermost`. All but the last name is durable then.
    fn build(&self, draft: &Path, outermost: &Path) -> io::Result<()> {
        let below = self.path().strip_prefix(outermost).unwrap_or(Path::new(""));
        let mut folder: PathBuf = draft.to_owned();
        make_folder(&folder)?;
        for name in below {
            let above = folder.clone();
            folder.push(name);
            make_folder(&folder)?;
            sys::sync_folder(&above)?;
        }
        write_new(&folder.join(PARENTS), below.components().count().to_string().as_bytes())
    }
}

/// One run at a time builds in a folder: a lock on the folder itself, which needs no file. Where there are no such
/// locks, the rename still lets only one of them win.
struct Guard {
    _folder: Option<File>,
}

impl Guard {
    fn of(folder: &Path) -> Self {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(folder) = rustix::fs::open(folder, flags, Mode::empty()).map(File::from) else {
            return Self { _folder: None };
        };
        // It takes another run some milliseconds; whoever holds it for a second is somebody else.
        for _ in 0..100 {
            match folder.try_lock() {
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
                _ => break,
            }
        }
        Self { _folder: Some(folder) }
    }
}
