//! One writer at a time: an advisory lock on a file in the state folder, held while files are changed and never while
//! a question waits.
//!
//! The system takes the lock away with the process, so that of a dead one never blocks. The lock lies beside the
//! backups, not on a startup file: a rename would leave it on the old inode.

use std::fs::{File, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::{Failure, StateDir, failure, state, sys};

const FILE: &str = "lock";
/// How long a second run waits for the first. A transaction takes some milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(10);
/// How often in a row others may take the folder away under us before that counts as an error.
const MOST_VANISHED: u32 = 50;

/// The right to change files; given back when it is dropped.
pub struct Lock {
    _file: Option<File>,
    /// Whether the state folder was created for it.
    pub(super) fresh: bool,
}

impl StateDir {
    /// Takes the lock, creating the state folder if need be. `waiting` is called once if another run has it.
    pub fn lock(&self, waiting: &dyn Fn()) -> Result<Lock, Failure> {
        let deadline = Instant::now() + PATIENCE;
        let mut told = false;
        let mut vanished = 0;
        loop {
            let tried = self.open().and_then(|fresh| {
                self.check_lock_file()?;
                let tried = self.try_lock().map_err(|error| {
                    if fresh {
                        self.remove_unused();
                    }
                    Failure::RolledBack { tried: "lock", path: self.lock_file(), error }
                });
                Ok((fresh, tried?))
            });
            let (fresh, tried) = match tried {
                // A run that ends may take the folder away while we open it: then it is made anew.
                Err(failure) if failure.is_not_found() && vanished < MOST_VANISHED => {
                    vanished += 1;
                    std::thread::sleep(PAUSE);
                    continue;
                }
                tried => tried?,
            };
            if let Tried::Locked(file) = tried {
                return Ok(Lock { _file: file, fresh });
            }
            if Instant::now() >= deadline {
                return Err(Failure::Busy { holder: self.holder() });
            }
            if !told {
                waiting();
                told = true;
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Refuses what [`Self::lock`] would refuse of what is there, without taking or creating anything: before the user's
    /// shells are started for nothing.
    pub fn check_before(&self) -> Result<(), Failure> {
        if self.exists() {
            state::check(self.path())?;
            if sys::look(&self.backups()).is_ok_and(|found| found.is_some()) {
                state::check(&self.backups())?;
            }
            self.check_lock_file()?;
        }
        Ok(())
    }

    /// Whether another run is changing files at this moment.
    pub fn is_busy(&self) -> bool {
        sys::open(&self.lock_file()).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Refuses anything in the lock's place that is not a plain file of ours alone.
    fn check_lock_file(&self) -> Result<(), Failure> {
        let path = self.lock_file();
        let Ok(Some(found)) = sys::look(&path) else { return Ok(()) };
        if found.is_file() && found.nlink() <= 1 && !state::others_write(&found) {
            return Ok(());
        }
        let shown = failure::quoted(&path);
        let fix = Some(format!("see what it is, then remove it: `ls -l {shown}`, `rm {shown}`"));
        let why = "it is a link, or not a file of yours alone, and our lock would write into it".into();
        Err(Failure::Refused { path, why, fix })
    }

    fn try_lock(&self) -> io::Result<Tried> {
        let path = self.lock_file();
        let mut file = sys::open_or_create(&path, 0o600)?;
        let mine = file.metadata()?;
        if !mine.is_file() || mine.nlink() > 1 || state::others_write(&mine) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "others could have made it"));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Tried::Busy),
            // A file system without locks: going on is what every program did before there were any.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                return Ok(Tried::Locked(None));
            }
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => return Ok(Tried::Busy),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The one before us may have purged the folder, and the file that we locked with it.
        if sys::look(&path)?.is_none_or(|found| (found.dev(), found.ino()) != (mine.dev(), mine.ino())) {
            return Ok(Tried::Busy);
        }
        // Only for the message of a run that gives up; it does not matter if it fails.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Tried::Locked(Some(file)))
    }

    /// The process that has the lock, as it wrote down itself.
    fn holder(&self) -> Option<u32> {
        let text = sys::open(&self.lock_file()).and_then(|file| sys::read_all(&file)).ok()?;
        std::str::from_utf8(&text).ok()?.parse().ok()
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.path().join(FILE)
    }
}

enum Tried {
    /// `None`: this file system knows no locks.
    Locked(Option<File>),
    Busy,
}
