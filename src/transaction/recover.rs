//! Finishing what a dead run left: a journal without its marks.
//!
//! | marks | what happened | what is done |
//! |---|---|---|
//! | no receipt | it died before it touched anything | the folder goes |
//! | none | it died before the commit point | every file is put back |
//! | `done` | it died while cleaning up | the old files under temporary names go |
//! | `done`, `clean` | nothing | nothing |
//! | `recovered` | recovery left a file alone | nothing more; `restore` can give it back |
//!
//! A startup file is one of three things: what it was, what it was to become, or something else. The first needs
//! nothing, the second is put back, the third is the user's and is left alone and named. Nothing is thrown away that
//! is neither the old nor the new content: it is kept beside the backup.
//!
//! A journal is believed only as far as it speaks of a startup file of this home, or of a file that holds our block now
//! and in which nothing else would change. It can never make us write anything else.

use std::collections::HashSet;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::receipt::{self, After, Before, ReceiptFile};
use super::stage::{Model, stage};
use super::{Failure, Lock, StateDir, failure, state, sys};
use crate::facts::{Meta, snapshot};
use crate::shells;
use crate::text::fence;

const NOT_OURS: &str = "it is no startup file of this home";

/// What recovery did with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// The file is again what it was before the interrupted run.
    PutBack(PathBuf),
    /// The file was changed by somebody else meanwhile and was left alone.
    LeftAlone {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
        /// Its content before the interrupted run, if it existed.
        backup: Option<PathBuf>,
    },
    /// Bytes that were neither the old nor the new content were found beside the file and kept here.
    Kept {
        /// The file.
        path: PathBuf,
        /// Where the bytes are.
        kept: PathBuf,
    },
}

impl StateDir {
    /// How many folders among the backups cannot be believed as such, because of their owner, their mode or what is in
    /// them. One of them may be the journal of a run that was interrupted.
    pub fn unbelievable(&self) -> Result<usize, Failure> {
        Ok(if self.is_busy() { 0 } else { self.receipts()?.left_out })
    }

    /// The runs that were interrupted and not yet finished; `0` also where another run is at work right now.
    pub fn unfinished(&self) -> usize {
        let open = || -> HashSet<String> {
            let list = self.receipts().map(|receipts| receipts.list).unwrap_or_default();
            list.into_iter().filter(|receipt| !receipt.settled()).map(|receipt| receipt.id).collect()
        };
        let before = open();
        if before.is_empty() || self.is_busy() {
            return 0;
        }
        // One that was at work when we looked first has ended by now.
        open().intersection(&before).count()
    }

    /// Finishes every interrupted run, the newest first. `is_startup_file` says whether a shell of this home reads a
    /// path.
    pub fn recover(&self, _lock: &Lock, is_startup_file: &dyn Fn(&Path) -> bool) -> Result<Vec<Recovered>, Failure> {
        let (mut told, mut failed) = (Vec::new(), None);
        for receipt in self.receipts()?.list.iter().filter(|receipt| !receipt.settled()) {
            let folder = self.backup_folder(&receipt.id);
            let before = told.len();
            let each = Journal { state: self, folder: &folder, is_startup_file };
            // A file that cannot be dealt with now keeps its journal open, and no other file waiting.
            let mut whole = true;
            for file in receipt.files.iter().rev() {
                let done = if receipt.done { each.sweep(file, &mut told) } else { each.put_back(file, &mut told) };
                if let Err(error) = done.map_err(unrecovered(&file.real)) {
                    whole = false;
                    failed.get_or_insert(error);
                }
            }
            if !whole {
                continue;
            }
            if receipt.done {
                mark(&folder, receipt::CLEAN)?;
            } else if told[before..].iter().all(|one| matches!(one, Recovered::PutBack(_))) {
                state::remove_backup(&folder).map_err(unrecovered(&folder))?;
            } else {
                mark(&folder, receipt::RECOVERED)?;
            }
        }
        self.remove_empty_attempts();
        failed.map_or(Ok(told), Err)
    }
}

fn mark(folder: &Path, name: &str) -> Result<(), Failure> {
    let path = folder.join(name);
    state::write_new(&path, b"").map_err(unrecovered(&path))
}

fn unrecovered(path: &Path) -> impl Fn(io::Error) -> Failure + use<> {
    let path = path.to_owned();
    move |error| Failure::Unrecovered { path: path.clone(), error }
}

/// What stands at a path.
enum Found {
    Nothing,
    File {
        meta: Meta,
        bytes: Vec<u8>,
    },
    /// A link, a folder, somebody else's, larger than any startup file: never touched.
    Foreign,
}

fn find(path: &Path) -> io::Result<Found> {
    let Some(found) = sys::look(path)? else { return Ok(Found::Nothing) };
    let ours = found.uid() == rustix::process::geteuid().as_raw();
    if !found.is_file() || !ours || found.len() > snapshot::LARGEST {
        return Ok(Found::Foreign);
    }
    let file = sys::open(path)?;
    Ok(Found::File { meta: Meta::of(&file.metadata()?), bytes: sys::read_all(&file)? })
}

struct Journal<'a> {
    state: &'a StateDir,
    folder: &'a Path,
    is_startup_file: &'a dyn Fn(&Path) -> bool,
}

impl Journal<'_> {
    /// Undoes the change of one file as far as it came.
    fn put_back(&self, file: &ReceiptFile, told: &mut Vec<Recovered>) -> io::Result<()> {
        let temp = file.temp_path();
        let found = find(&file.real)?;
        let was_there = matches!(found, Found::File { .. });
        let undone = match (found, &file.before) {
            _ if resolve(&file.asked).as_deref() != Some(&file.real) => Err("its name leads to another file now"),
            // It never came to this file, or put it back before it died.
            (Found::File { bytes, .. }, Before::File { .. }) if file.before.is(&bytes) => Ok(()),
            (Found::Nothing, Before::Missing { .. }) => Ok(()),
            // The new file is in place.
            (Found::File { meta, bytes }, _) if file.after.is(&bytes) => self.take_out(file, &meta, &bytes)?,
            // The old file was taken away.
            (Found::Nothing, Before::File { .. }) if matches!(file.after, After::Gone { .. }) => match find(&temp)? {
                Found::File { bytes, .. } if self.may_write(file, &bytes, b"") => {
                    sys::rename_new(&temp, &file.real)?;
                    Ok(())
                }
                // A link or a folder that somebody put into the file's place at the very moment of the change.
                Found::Foreign if (self.is_startup_file)(&file.asked) => {
                    sys::rename_new(&temp, &file.real)?;
                    Ok(())
                }
                _ => Err("it is gone"),
            },
            _ => Err("it was changed since"),
        };
        if let Err(why) = undone {
            self.keep_temp(file, told)?;
            let backup = self.backup(file).filter(|_| receipt::copy(self.folder, file).is_some());
            told.push(Recovered::LeftAlone { path: file.asked.clone(), why: why.to_owned(), backup });
            return Ok(());
        }
        // What is still there was never in place: a new file, perhaps not yet whole.
        let staged = matches!(find(&temp)?, Found::File { .. });
        if staged {
            rustix::fs::unlink(&temp)?;
        }
        if let Before::Missing { dirs } = file.before {
            self.remove_folders(file, dirs, was_there || staged);
        }
        if let Some(parent) = file.real.parent().filter(|parent| parent.is_dir()) {
            sys::sync_folder(parent)?;
        }
        told.push(Recovered::PutBack(file.asked.clone()));
        Ok(())
    }

    /// Takes the new file, which is in place, out again. The error says why it was left.
    fn take_out(&self, file: &ReceiptFile, meta: &Meta, now: &[u8]) -> io::Result<Result<(), &'static str>> {
        if let Before::Missing { .. } = file.before {
            if !self.may_write(file, b"", now) {
                return Ok(Err(NOT_OURS));
            }
            rustix::fs::unlink(&file.real)?;
            return Ok(Ok(()));
        }
        if meta.nlink > 1 {
            return Ok(Err("it has another name now (a hard link)"));
        }
        let temp = file.temp_path();
        match find(&temp)? {
            // The old file itself, perhaps with a save that came too late to be seen: it goes back as it is, but for
            // a change of mode since.
            Found::File { bytes, meta: old } if !file.after.is(&bytes) => {
                if !self.may_write(file, &bytes, now) {
                    return Ok(Err(NOT_OURS));
                }
                if meta.mode != old.mode {
                    rustix::fs::chmod(&temp, sys::permissions(meta.mode))?;
                }
                sys::rename_over(&temp, &file.real)?;
                return Ok(Ok(()));
            }
            // A link or a folder that somebody put into the file's place at the very moment of the change.
            Found::Foreign => {
                let swapped = (self.is_startup_file)(&file.asked) && sys::exchange(&temp, &file.real)?;
                return Ok(if swapped { Ok(()) } else { Err("something else was put into its place") });
            }
            Found::File { .. } | Found::Nothing => {}
        }
        match receipt::copy(self.folder, file) {
            None => Ok(Err("its backup is damaged")),
            Some(old) if !self.may_write(file, &old, now) => Ok(Err(NOT_OURS)),
            Some(old) => copy_back(file, meta, &old).map(Ok),
        }
    }

    /// Whether a journal may make us write `new` where `now` stands.
    fn may_write(&self, file: &ReceiptFile, new: &[u8], now: &[u8]) -> bool {
        let comment = shells::by_name(&file.shell).map_or(&b"#"[..], |shell| shell.comment());
        (self.is_startup_file)(&file.asked) || fence::takes_only_our_block_out(new, now, comment)
    }

    /// Takes the folders away that were created with a file. Whether we did that nobody can tell where the file is
    /// none of this home's startup files, unless it was just found there.
    fn remove_folders(&self, file: &ReceiptFile, count: u8, found: bool) {
        if found || (self.is_startup_file)(&file.asked) {
            let _ = self.state.remove_empty_above(&file.real, count.into());
        }
    }

    /// Takes away what a finished run left beside a file.
    fn sweep(&self, file: &ReceiptFile, told: &mut Vec<Recovered>) -> io::Result<()> {
        if resolve(&file.asked).as_deref() == Some(&file.real) {
            let swept = self.keep_temp(file, told)?;
            if let After::Gone { rmdirs } = file.after {
                self.remove_folders(file, rmdirs, swept);
            }
        }
        Ok(())
    }

    /// Removes the temporary file. What is neither the old nor the new content may be a save that came too late, or a
    /// new file that was never finished: it is kept beside the backup. Returns whether there was one.
    fn keep_temp(&self, file: &ReceiptFile, told: &mut Vec<Recovered>) -> io::Result<bool> {
        let temp = file.temp_path();
        match find(&temp)? {
            Found::Nothing | Found::Foreign => return Ok(false),
            Found::File { bytes, .. } if bytes.is_empty() || file.before.is(&bytes) || file.after.is(&bytes) => {}
            Found::File { bytes, .. } => {
                let kept = keep(self.folder, &bytes)?;
                told.push(Recovered::Kept { path: file.asked.clone(), kept });
            }
        }
        rustix::fs::unlink(&temp)?;
        Ok(true)
    }

    fn backup(&self, file: &ReceiptFile) -> Option<PathBuf> {
        match &file.before {
            Before::File { backup, .. } => Some(self.folder.join(backup)),
            Before::Missing { .. } => None,
        }
    }
}

/// Writes the old content over the new file, which carries the attributes of the old.
fn copy_back(file: &ReceiptFile, is: &Meta, old: &[u8]) -> io::Result<()> {
    let model = file.before.meta(*is);
    let temp = file.temp_path();
    let _ = rustix::fs::unlink(&temp);
    let current = sys::open(&file.real)?;
    let staged = stage(&temp, old, Some(&Model { file: &current, meta: &model, with_time: true }), None)?;
    sys::rename_over(&staged.path, &file.real)
}

/// Keeps bytes beside a backup, under a name that is free.
pub(super) fn keep(folder: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let mut number = 0_u32;
    loop {
        let path = folder.join(format!("kept-{number}"));
        match state::write_new(&path, bytes) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            other => return other.map(|()| path),
        }
    }
}

/// The real file behind a name, as [`crate::facts::snapshot::take`] finds it.
fn resolve(asked: &Path) -> Option<PathBuf> {
    if let Ok(real) = fs_err::canonicalize(asked) {
        return Some(real);
    }
    let above = asked.ancestors().skip(1).find(|folder| folder.exists())?;
    Some(fs_err::canonicalize(above).ok()?.join(asked.strip_prefix(above).ok()?))
}

/// What recovery says, for a person.
impl std::fmt::Display for Recovered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::PutBack(path) => {
                write!(f, "`{}` is again what it was before a run that was interrupted", path.display())
            }
            Self::LeftAlone { path, why, backup } => {
                write!(f, "`{}` was left alone after a run that was interrupted: {why}", path.display())?;
                backup
                    .as_ref()
                    .map_or(Ok(()), |backup| write!(f, "; its content before is in {}", failure::quoted(backup)))
            }
            Self::Kept { path, kept } => {
                write!(f, "bytes that were found beside `{}` are kept in {}", path.display(), failure::quoted(kept))
            }
        }
    }
}
