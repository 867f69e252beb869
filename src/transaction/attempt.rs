//! One try at a transaction, and its way back. What was done so far is always written down before the next thing is
//! tried, so that [`Attempt::roll_back`] is the same wherever it stopped.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use tempfile::TempPath;

use super::receipt::{Before, CLEAN, DONE, FILE, Receipt, ReceiptFile, Utc, seconds};
use super::stage::{Model, Staged, stage};
use super::{Committed, Failure, Left, StateDir, changed, compare_identity, failure, recover, state, sys};
use crate::facts::{FileState, Meta, Snapshot};
use crate::interrupt::Interrupts;
use crate::plan::{After, Edit};
use crate::shells;
use crate::text::fence;

/// How far one file has come.
enum Placed {
    /// The target is untouched.
    Not,
    /// The new file is in place and the old one under the temporary name.
    Swapped,
    /// The new file is in place and the old one is only in the backup.
    Over,
    /// The new file is in place; there was none before.
    Created,
    /// The old file is under the temporary name and nothing is in its place.
    Aside(TempPath),
}

struct Step<'a> {
    edit: &'a Edit,
    entry: &'a ReceiptFile,
    staged: Option<Staged>,
    placed: Placed,
}

struct Attempt<'a> {
    /// The backup folder.
    backup: PathBuf,
    steps: Vec<Step<'a>>,
    /// Folders that we created above the targets, outermost first.
    made: Vec<PathBuf>,
    warnings: Vec<String>,
    interrupts: Interrupts,
}

/// Runs steps 2 to 7 of the module's order.
pub(super) fn run(state: &StateDir, command: &str, work: &[&Edit], now: SystemTime) -> Result<Committed, Failure> {
    let interrupts = Interrupts::catch();
    let id = new_backup_folder(state, now)?;
    let mut receipt = Receipt::new(&id, command, work, now);
    let step = |(edit, entry)| Step { edit, entry, staged: None, placed: Placed::Not };
    let steps = work.iter().copied().zip(&receipt.files).map(step).collect();
    let mut attempt =
        Attempt { backup: state.backup_folder(&id), steps, made: Vec::new(), warnings: Vec::new(), interrupts };
    let tried = attempt
        .back_up(&receipt, state)
        .and_then(|()| attempt.make_folders())
        .and_then(|()| attempt.stage())
        .and_then(|()| attempt.place())
        .and_then(|()| attempt.mark());
    if let Err(failure) = tried {
        return Err(attempt.roll_back(failure));
    }
    let (warnings, clean) = attempt.clean_up(state);
    receipt.done = true;
    receipt.clean = clean;
    Ok(Committed { receipt: Some(receipt), warnings })
}

/// Creates a folder whose name was never used: the moment, the process and a number.
fn new_backup_folder(state: &StateDir, now: SystemTime) -> Result<String, Failure> {
    // Finer than a second, so that sorted by name they are in order.
    let fraction = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_micros());
    let (moment, process) = (Utc::of(seconds(now)).compact(), std::process::id());
    let moment = format!("{}.{fraction:06}Z", moment.trim_end_matches('Z'));
    let mut number = 0_u32;
    loop {
        let id = format!("{moment}-{process}-{number}");
        let folder = state.backup_folder(&id);
        match state::make_folder(&folder) {
            Ok(()) => return Ok(id),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < u32::MAX => number += 1,
            Err(error) => return Err(failed("create the folder for the backup", &folder)(error)),
        }
    }
}

impl Attempt<'_> {
    /// Step 2: copies of all files, then the receipt; all of it durable.
    fn back_up(&self, receipt: &Receipt, state: &StateDir) -> Result<(), Failure> {
        for step in &self.steps {
            if let (FileState::Regular { bytes, .. }, Before::File { backup, .. }) =
                (&step.edit.target.state, &step.entry.before)
            {
                let copy = self.backup.join(backup);
                state::write_new(&copy, bytes).map_err(failed("write the backup", &copy))?;
            }
        }
        let journal = self.backup.join(FILE);
        let text = serde_json::to_vec_pretty(receipt).map_err(io::Error::from);
        // Under its own name it is always whole: a journal that is half written would name files and undo nothing.
        let written = text.and_then(|text| {
            let draft = journal.with_extension("new");
            state::write_new(&draft, &text)?;
            sys::rename_over(&draft, &journal)
        });
        written.map_err(failed("write the receipt", &journal))?;
        for folder in [&*self.backup, &state.backups(), state.path()] {
            sys::sync_folder(folder).map_err(failed("sync the folder", folder))?;
        }
        Ok(())
    }

    /// Step 3a: folders that are missing above new files, with the rights that any new folder gets.
    fn make_folders(&mut self) -> Result<(), Failure> {
        for step in &self.steps {
            let (FileState::Missing { .. }, After::Bytes(_)) = (&step.edit.target.state, &step.edit.after) else {
                continue;
            };
            let above = step.entry.real.ancestors().skip(1);
            let missing: Vec<_> = above.take_while(|folder| matches!(sys::look(folder), Ok(None))).collect();
            for folder in missing.into_iter().rev() {
                let made = rustix::fs::mkdir(folder, sys::permissions(0o777)).map_err(io::Error::from);
                made.map_err(failed("create the folder", folder))?;
                self.made.push(folder.to_owned());
            }
        }
        Ok(())
    }

    /// Step 3b: every new file, beside its target.
    fn stage(&mut self) -> Result<(), Failure> {
        for step in &mut self.steps {
            let After::Bytes(bytes) = &step.edit.after else {
                continue;
            };
            let (real, temp) = (&step.entry.real, step.entry.temp_path());
            let staged = match &step.edit.target.state {
                FileState::Regular { meta, .. } => sys::open(real).and_then(|file| {
                    stage(&temp, bytes, Some(&Model { file: &file, meta, with_time: false }), step.edit.mode)
                }),
                _ => stage(&temp, bytes, None, step.edit.mode),
            };
            let mut staged = staged.map_err(failed("write the new version of", real))?;
            if let Some(warning) = staged.warning.take() {
                self.warnings.push(format!("`{}`: {warning}", real.display()));
            }
            step.staged = Some(staged);
        }
        Ok(())
    }

    /// Step 4: one rename for each file.
    fn place(&mut self) -> Result<(), Failure> {
        for step in &mut self.steps {
            if self.interrupts.came() {
                return Err(Failure::Interrupted);
            }
            step.place()?;
        }
        Ok(())
    }

    /// Steps 5 and 6: the names are durable, and then the journal says that they are.
    fn mark(&mut self) -> Result<(), Failure> {
        if self.interrupts.came() {
            return Err(Failure::Interrupted);
        }
        for folder in self.folders() {
            if let Err(error) = sys::sync_folder(&folder) {
                let (folder, cause) = (folder.display(), failure::cause(&error));
                self.warnings.push(format!("`{folder}` could not be synced, so a power cut may undo this: {cause}"));
            }
        }
        let mark = self.backup.join(DONE);
        let marked = state::write_new(&mark, b"").and_then(|()| sys::sync_folder(&self.backup));
        marked.map_err(failed("mark the backup as complete in", &mark))
    }

    /// Step 7: nothing of ours stays beside the targets.
    fn clean_up(self, state: &StateDir) -> (Vec<String>, bool) {
        let mut warnings = self.warnings;
        let (mut emptied, mut swept) = (Vec::new(), true);
        for step in self.steps {
            if let After::Gone { rmdirs } = step.edit.after {
                emptied.push((&*step.entry.real, rmdirs));
            }
            let old = match step.placed {
                Placed::Aside(path) => Some(path),
                Placed::Swapped => step.staged.map(|staged| staged.path),
                _ => None,
            };
            if let (Some(old), FileState::Regular { meta, .. }) = (&old, &step.edit.target.state) {
                match keep_late_save(&self.backup, old, meta) {
                    Ok(None) => {}
                    Ok(Some(kept)) => warnings.push(format!(
                        "`{}` was saved by another program while it was being replaced; what that wrote is in `{}`",
                        step.entry.real.display(),
                        kept.display()
                    )),
                    Err(error) => {
                        warnings.push(format!(
                            "what another program wrote into the old `{}` could not be kept: {}",
                            step.entry.real.display(),
                            failure::cause(&error)
                        ));
                    }
                }
            }
            if let Some(Err(error)) = old.map(TempPath::close) {
                let temp = step.entry.temp_path();
                swept = false;
                warnings.push(format!("`{}` could not be removed: {}", temp.display(), failure::cause(&error)));
            }
        }
        for (file, rmdirs) in emptied {
            if let Err(error) = state.remove_empty_above(file, rmdirs.into()) {
                warnings.push(format!("could not remove {error}"));
            }
        }
        // Not synced: if it is lost, there is just nothing left to sweep.
        let clean = swept && state::mark(&self.backup.join(CLEAN)).is_ok();
        (warnings, clean)
    }

    /// Puts everything back, the last thing first, and says how that went.
    fn roll_back(mut self, failure: Failure) -> Failure {
        // First of all: a transaction that is being taken back must never count as done.
        let _ = rustix::fs::unlink(self.backup.join(DONE));
        let mut left = Vec::new();
        let temps: Vec<PathBuf> = self.steps.iter().map(|step| step.entry.temp_path()).collect();
        while let Some(step) = self.steps.pop() {
            // That this one was saved is what the failure says already.
            let told = matches!(&failure, Failure::Changed { path, .. } if *path == step.entry.real);
            left.extend(step.put_back(&self.backup, told));
        }
        for folder in self.made.iter().rev() {
            match rustix::fs::rmdir(folder).map_err(io::Error::from) {
                // Somebody else uses it by now.
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                Err(error) => {
                    left.push(Left { path: folder.clone(), why: failure::cause(&error), backup: None });
                }
                Ok(()) => {}
            }
        }
        if left.is_empty() {
            // While a temporary file stands that could not be removed, the journal stays too: recovery removes both.
            // If this fails, a receipt stays whose files are all as they were: recovery finds nothing to do.
            if !temps.iter().any(|temp| matches!(sys::look(temp), Ok(Some(_)))) {
                let _ = state::remove_backup(&self.backup);
            }
            return failure;
        }
        left.reverse();
        Failure::Stuck { failed: failure.what(), left }
    }

    /// The folders whose names have changed.
    fn folders(&self) -> BTreeSet<PathBuf> {
        let above = |path: &Path| path.parent().map(Path::to_owned);
        let targets = self.steps.iter().filter_map(|step| above(&step.entry.real));
        targets.chain(self.made.iter().filter_map(|folder| above(folder))).collect()
    }
}

impl Step<'_> {
    fn place(&mut self) -> Result<(), Failure> {
        let (target, real) = (&self.edit.target, &*self.entry.real);
        compare_identity(target)?;
        let Some(staged) = &mut self.staged else {
            return self.set_aside();
        };
        if let FileState::Regular { meta, .. } = &target.state {
            if sys::exchange(&staged.path, real).map_err(failed("replace", real))? {
                self.placed = Placed::Swapped;
                return compare_old(target, meta, &staged.path);
            }
            sys::rename_over(&staged.path, real).map_err(failed("replace", real))?;
            self.placed = Placed::Over;
        } else {
            sys::rename_new(&staged.path, real).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => changed(target, "it was missing and exists now".into()),
                _ => failed("create", real)(error),
            })?;
            self.placed = Placed::Created;
        }
        staged.path.disable_cleanup(true); // nothing is there any more
        Ok(())
    }

    /// Takes a file that goes out of its place.
    fn set_aside(&mut self) -> Result<(), Failure> {
        let (real, temp) = (&*self.entry.real, self.entry.temp_path());
        let FileState::Regular { meta, .. } = &self.edit.target.state else {
            return Ok(());
        };
        sys::rename_new(real, &temp).map_err(failed("remove", real))?;
        let aside = TempPath::try_from_path(&temp).map_err(failed("remove", real))?;
        self.placed = Placed::Aside(aside);
        compare_old(&self.edit.target, meta, &temp)
    }

    /// Makes the target what it was. `Some`: it is not. `told`: a save of this file is the reason for all this.
    fn put_back(self, backups: &Path, told: bool) -> Option<Left> {
        let real = &*self.entry.real;
        let backup = match &self.entry.before {
            Before::File { backup, .. } => Some(backups.join(backup)),
            Before::Missing { .. } => None,
        };
        let left = |why: String| Some(Left { path: real.to_owned(), why, backup: backup.clone() });
        // A save that stands there by now is newer than anything of ours. It needs no more if no block came with it.
        let saved = || if told && has_old_blocks(self.edit, real) { None } else { left(failure::SAVED.into()) };
        if let (Placed::Swapped | Placed::Over | Placed::Created, Some(staged)) = (&self.placed, &self.staged)
            && !is_version(real, &staged.meta)
        {
            return saved();
        }
        let (result, old) = match (self.placed, self.staged) {
            (Placed::Swapped, Some(staged)) => match swap_back(&staged, real, backups) {
                Ok(Back::Old) => (Ok(()), None),
                Ok(Back::Save) => return saved(),
                Ok(Back::Saves { kept }) => {
                    let kept = kept.display();
                    return left(format!("another program saved it again and again; one of its saves is in `{kept}`"));
                }
                Err(error) => (Err(error), Some(staged.path)),
            },
            (Placed::Aside(path), _) => (sys::rename_new(&path, real), Some(path)),
            (Placed::Created, _) => (rustix::fs::unlink(real).map_err(io::Error::from), None),
            (Placed::Over, _) => (copy_back(self.edit, self.entry), None),
            (Placed::Not | Placed::Swapped, _) => (Ok(()), None),
        };
        if let Some(parent) = real.parent() {
            // Best effort: if the power is cut now, the journal is still there.
            let _ = sys::sync_folder(parent);
        }
        let error = result.err()?;
        if let Some(mut old) = old {
            old.disable_cleanup(true); // it is the old file itself
        }
        left(failure::cause(&error))
    }
}

/// The file that came out is the one that we looked at. (Its inode change time is now that of the rename.)
/// The bytes are compared too: a save may put the times back (`touch -r`, `rsync -t`).
fn compare_old(target: &Snapshot, was: &Meta, temp: &Path) -> Result<(), Failure> {
    let same = |is: &std::fs::Metadata| {
        let bytes = || sys::open(temp).and_then(|file| sys::read_all(&file)).ok();
        same_version(was, &Meta::of(is)) && bytes().as_deref() == target.bytes()
    };
    match sys::look(temp) {
        Ok(Some(is)) if is.is_file() && same(&is) => Ok(()),
        _ => Err(changed(target, "it was saved at the very moment of the change".into())),
    }
}

/// A program that had the old file open wrote into it after the exchange: its bytes are kept beside the backup.
fn keep_late_save(backup: &Path, old: &Path, was: &Meta) -> io::Result<Option<PathBuf>> {
    let file = sys::open(old)?;
    if same_version(was, &Meta::of(&file.metadata()?)) {
        return Ok(None);
    }
    recover::keep(backup, &sys::read_all(&file)?).map(Some)
}

/// Writes the old file anew over the new one, which carries the attributes of the old.
fn copy_back(edit: &Edit, entry: &ReceiptFile) -> io::Result<()> {
    let FileState::Regular { bytes, meta } = &edit.target.state else {
        return Ok(());
    };
    let file = sys::open(&entry.real)?;
    let old = stage(&entry.temp_path(), bytes, Some(&Model { file: &file, meta, with_time: true }), None)?;
    sys::rename_over(&old.path, &entry.real)
}

/// What stands in a file's place after the old one was to be put back.
enum Back {
    /// The old one.
    Old,
    /// A save that came in at that very moment.
    Save,
    /// One save, while another came in between two renames and was put here.
    Saves { kept: PathBuf },
}

/// Puts what stands under the temporary name back into its place, unless a save comes in at that very moment: it is
/// newer, so it stays.
fn swap_back(staged: &Staged, real: &Path, backup: &Path) -> io::Result<Back> {
    let temp = &*staged.path;
    let old = sys::look(temp)?.map(|found| Meta::of(&found));
    if !sys::exchange(temp, real)? {
        return sys::rename_over(temp, real).map(|()| Back::Old);
    }
    if is_version(temp, &staged.meta) {
        return Ok(Back::Old); // dropping it removes what was ours
    }
    sys::exchange(temp, real)?;
    if old.is_some_and(|old| is_version(temp, &old)) {
        return Ok(Back::Save);
    }
    let kept = recover::keep(backup, &sys::read_all(&sys::open(temp)?)?)?;
    Ok(Back::Saves { kept })
}

/// Whether a file holds the blocks that it held before, whatever else it holds.
fn has_old_blocks(edit: &Edit, real: &Path) -> bool {
    let comment = shells::by_name(edit.shell).map_or(&b"#"[..], |shell| shell.comment());
    let blocks = |bytes: &[u8]| -> Vec<Vec<u8>> {
        fence::find(bytes, comment).blocks().iter().map(|block| bytes[block.outer.clone()].to_vec()).collect()
    };
    let now = sys::open(real).and_then(|file| sys::read_all(&file));
    now.is_ok_and(|now| blocks(&now) == blocks(edit.before()))
}

/// Whether this version of a file stands at a path.
fn is_version(path: &Path, meta: &Meta) -> bool {
    matches!(sys::look(path), Ok(Some(found)) if same_version(meta, &Meta::of(&found)))
}

/// Whether two looks saw the same file with the same content; a rename in between does not count.
fn same_version(a: &Meta, b: &Meta) -> bool {
    (a.dev, a.ino, a.size, a.mtime, a.mode, a.uid, a.gid) == (b.dev, b.ino, b.size, b.mtime, b.mode, b.uid, b.gid)
}

fn failed(tried: &'static str, path: &Path) -> impl Fn(io::Error) -> Failure + use<> {
    let path = path.to_owned();
    move |error| Failure::RolledBack { tried, path: path.clone(), error }
}
