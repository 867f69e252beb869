//! The state folder, where backups and receipts are kept. Nothing in it is believed before it is known that nobody
//! else could have put it there: a real folder, ours, where no one else may write.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::receipt::{self, Receipt, ReceiptFile};
use super::{Failure, Lock, failure, sys};
use crate::plan::restore::Past;

/// The folder of the backups in the state folder.
const BACKUPS: &str = "backups";
/// The file that says how many folders above the state folder were created with it, as a decimal number.
pub(super) const PARENTS: &str = "parents";
/// How many backups are kept.
const KEPT: usize = 20;

/// The state folder, whether or not it exists.
#[derive(Clone, Debug)]
pub struct StateDir {
    path: PathBuf,
    /// Folders that are never removed, nor those above them.
    kept: Vec<PathBuf>,
}

/// The receipts that were found.
#[derive(Clone, Debug, Default)]
pub struct Receipts {
    /// Those that can be believed, newest first.
    pub list: Vec<Receipt>,
    /// How many others there are: unreadable, damaged, not ours.
    pub left_out: usize,
}

/// What became of the state folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purged {
    /// There was none.
    Nothing,
    /// It is gone, and so are the folders above it that we had created, as far as they are empty.
    All,
    /// Our files are gone; something else is in the folder, so it stays.
    FolderStays,
}

impl StateDir {
    /// The state folder at this path. Touches nothing.
    pub fn at(path: PathBuf) -> Self {
        Self { path, kept: Vec::new() }
    }

    /// The same, in which neither this folder nor one above it is ever removed, whatever a file says that is read
    /// there: the home.
    #[must_use]
    pub fn keeping(mut self, folder: &Path) -> Self {
        self.kept.push(folder.to_owned());
        self
    }

    /// Removes the folders above a file, nearest first, as long as they are empty.
    pub(super) fn remove_empty_above(&self, file: &Path, count: usize) -> io::Result<()> {
        let kept = |folder: &Path| self.kept.iter().any(|kept| kept.starts_with(folder));
        for folder in file.ancestors().skip(1).take(count).take_while(|folder| !kept(folder)) {
            match rustix::fs::rmdir(folder).map_err(io::Error::from) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => break,
                Err(error) => {
                    let words = format!("the folder `{}`: {}", folder.display(), failure::cause(&error));
                    return Err(io::Error::new(error.kind(), words));
                }
            }
        }
        Ok(())
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether anything is there.
    pub fn exists(&self) -> bool {
        matches!(sys::look(&self.path), Ok(Some(_)))
    }

    /// The folder that holds the backup of a transaction.
    pub fn backup_folder(&self, id: &str) -> PathBuf {
        self.backups().join(id)
    }

    /// All receipts. Fails with [`Failure::Refused`] if the folder cannot be believed at all.
    pub fn receipts(&self) -> Result<Receipts, Failure> {
        let mut found = Receipts::default();
        if !self.exists() {
            return Ok(found);
        }
        match check(&self.path).and_then(|_| check(&self.backups())) {
            // Never made, or just taken away by another run.
            Err(failure) if failure.is_not_found() => return Ok(found),
            checked => checked?,
        };
        let entries = match fs_err::read_dir(self.backups()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            entries => entries.map_err(|error| refused(&self.backups(), &error))?,
        };
        for entry in entries {
            let folder = entry.ok().map(|entry| entry.path());
            match folder.as_deref().and_then(Receipt::read) {
                Some(receipt) => found.list.push(receipt),
                // Of a run that died before it had a receipt, or nothing of ours at all (`.DS_Store`).
                None if folder.is_some_and(|folder| is_no_journal(&folder)) => {}
                None => found.left_out += 1,
            }
        }
        found.list.sort_by(|a, b| (b.unix_time, &b.id).cmp(&(a.unix_time, &a.id)));
        Ok(found)
    }

    /// The files of a receipt with their content before that run.
    pub fn past(&self, receipt: &Receipt) -> Vec<Past> {
        let folder = self.backup_folder(&receipt.id);
        let past = |file: &ReceiptFile| Past { content: receipt::copy(&folder, file), file: file.clone() };
        receipt.files.iter().map(past).collect()
    }

    /// Removes the backups, the folder, and the folders above it that we had created and that are empty, so that the
    /// tree is what it was before the first run.
    pub fn purge(&self, _lock: &Lock) -> Result<Purged, Failure> {
        self.remove()
    }

    /// [`Self::purge`], for whoever has the lock already.
    pub(super) fn remove(&self) -> Result<Purged, Failure> {
        if !self.exists() {
            return Ok(Purged::Nothing);
        }
        check(&self.path)?;
        let parents = self.parents();
        let failed = |path: &Path, error: io::Error| Failure::Unpurged { path: path.to_owned(), error };
        let backups = self.backups();
        absent_is_fine(fs_err::remove_dir_all(&backups)).map_err(|error| failed(&backups, error))?;
        let note = self.path.join(PARENTS);
        absent_is_fine(fs_err::remove_file(&note)).map_err(|error| failed(&note, error))?;
        let lock = self.lock_file();
        absent_is_fine(fs_err::remove_file(&lock)).map_err(|error| failed(&lock, error))?;
        match rustix::fs::rmdir(&self.path).map_err(io::Error::from) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                return Ok(Purged::FolderStays);
            }
            Err(error) => return Err(failed(&self.path, error)),
        }
        // Something of another program's is in it by now, or it may not be removed: then it stays.
        let _ = self.remove_empty_above(&self.path, parents);
        Ok(Purged::All)
    }

    /// Takes the folder away again that was made for a run which then changed nothing, unless another run has put a
    /// backup there since. Best effort: an empty folder does no harm.
    pub(super) fn remove_unused(&self) {
        if absent_is_fine(rustix::fs::rmdir(self.backups()).map_err(io::Error::from)).is_ok() {
            let _ = self.remove();
        }
    }

    /// Makes sure that the folder is there and safe to write to. Returns whether it was created just now.
    pub(super) fn open(&self) -> Result<bool, Failure> {
        if !self.path.is_absolute() {
            let why = "its path is not absolute".into();
            let fix = Some("see where it comes from: `echo \"$HOME\" \"$XDG_STATE_HOME\"`".into());
            return Err(Failure::Refused { path: self.path.clone(), why, fix });
        }
        let fresh = !self.exists() && self.create()?;
        let found = check(&self.path)?;
        let tried = |tried, path: &Path| {
            let path = path.to_owned();
            move |error| Failure::RolledBack { tried, path, error }
        };
        if found.mode() & 0o077 != 0 {
            tighten(&self.path).map_err(tried("change the mode of", &self.path))?;
        }
        let backups = self.backups();
        match make_folder(&backups) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                check(&backups)?;
            }
            Err(error) => {
                if fresh {
                    self.remove_unused();
                }
                return Err(tried("create", &backups)(error));
            }
        }
        Ok(fresh)
    }

    /// Removes the backups that nobody needs, after a success: all but the newest [`KEPT`], and those that alone remember
    /// a file that `--file` named. Best effort.
    pub(super) fn prune(&self) {
        let list = self.receipts().map(|receipts| receipts.list).unwrap_or_default();
        let (kept, old) = list.split_at(list.len().min(KEPT));
        let mut known: Vec<&Path> = kept.iter().flat_map(|receipt| &receipt.files).map(|file| &*file.asked).collect();
        for receipt in old {
            let remembers = receipt.files.iter().any(|file| file.named && !known.contains(&&*file.asked));
            known.extend(receipt.files.iter().map(|file| &*file.asked));
            if receipt.settled() && !remembers {
                let _ = remove_backup(&self.backup_folder(&receipt.id));
            }
        }
    }

    /// Removes the folders of runs that died before they had a receipt: they never touched anything.
    pub(super) fn remove_empty_attempts(&self) {
        for entry in fs_err::read_dir(self.backups()).into_iter().flatten().flatten() {
            let folder = entry.path();
            if check(&folder).is_ok() && matches!(sys::look(&folder.join(receipt::FILE)), Ok(None)) {
                let _ = remove_backup(&folder);
            }
        }
    }

    /// How many folders above ours we created.
    fn parents(&self) -> usize {
        let note = sys::open(&self.path.join(PARENTS)).and_then(|file| sys::read_all(&file)).unwrap_or_default();
        std::str::from_utf8(&note).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    pub(super) fn backups(&self) -> PathBuf {
        self.path.join(BACKUPS)
    }
}

/// Whether somebody other than the effective user could have written this.
pub(super) fn others_write(found: &Metadata) -> bool {
    found.uid() != rustix::process::geteuid().as_raw() || found.mode() & 0o022 != 0
}

/// Refuses a folder that somebody else could have written to, or that leads somewhere else.
pub(super) fn check(folder: &Path) -> Result<Metadata, Failure> {
    let found = match sys::look(folder) {
        Ok(Some(found)) => found,
        Ok(None) => {
            let (path, error) = (folder.to_owned(), io::ErrorKind::NotFound.into());
            return Err(Failure::RolledBack { tried: "open", path, error });
        }
        Err(error) => return Err(refused(folder, &error)),
    };
    let shown = failure::quoted(folder);
    let why = if found.is_symlink() {
        "it is a symbolic link, and backups are kept only in a real folder".into()
    } else if !found.is_dir() {
        "it is not a folder".into()
    } else if found.uid() != rustix::process::geteuid().as_raw() {
        format!("it belongs to the user with the id {}", found.uid())
    } else if found.mode() & 0o022 != 0 {
        let why = "others may write to it, so what is in it cannot be believed".into();
        let fix = Some(format!("if nothing in it is foreign, close it: `ls -lR {shown}`, then `chmod 700 {shown}`"));
        return Err(Failure::Refused { path: folder.to_owned(), why, fix });
    } else {
        return Ok(found);
    };
    let fix = Some(format!("see what it is, then move it away: `ls -ld {shown}`"));
    Err(Failure::Refused { path: folder.to_owned(), why, fix })
}

fn refused(path: &Path, error: &io::Error) -> Failure {
    let fix = Some(format!("look at what is there: `ls -ld {}`", failure::quoted(path)));
    Failure::Refused { path: path.to_owned(), why: failure::cause(error), fix }
}

/// Creates a folder for us alone.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::mkdir(path, sys::permissions(0o700))?)
}

/// Writes a file for us alone, that must not exist yet, and makes it durable.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = sys::create(path, 0o600)?;
    io::Write::write_all(&mut file, bytes)?;
    sys::sync_file(&file)
}

/// Leaves a mark: an empty file for us alone.
pub(super) fn mark(path: &Path) -> io::Result<()> {
    sys::create(path, 0o600).map(drop)
}

/// Whether something among the backups cannot be a journal: a hidden file, or a folder without a receipt.
fn is_no_journal(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    hidden || (check(path).is_ok() && matches!(sys::look(&path.join(receipt::FILE)), Ok(None)))
}

/// Removes a backup folder: the receipt first, so that what a dead run leaves of it is no journal.
pub(super) fn remove_backup(folder: &Path) -> io::Result<()> {
    absent_is_fine(rustix::fs::unlink(folder.join(receipt::FILE)).map_err(io::Error::from))?;
    absent_is_fine(fs_err::remove_dir_all(folder))
}

fn tighten(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::chmod(path, sys::permissions(0o700))?)
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
