//! How a transaction fails. Each way says what is true of the files now, because that is what decides what the user
//! does next.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::shells::posix;

/// Why a file was not put back: what stands there is newer than anything of ours.
pub(super) const SAVED: &str = "another program has changed it meanwhile, so it was left alone";

/// Why nothing was committed, and how the files are now.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A target is not what it was when we looked. Nothing was changed, or all of it was taken back: exit code 3.
    #[error("`{}` changed after the diff was made: {how}; nothing was changed", .path.display())]
    Changed {
        /// The target.
        path: PathBuf,
        /// What is different.
        how: String,
    },
    /// Something is in the way that we will not touch. Nothing was changed: exit code 3.
    #[error("`{}` cannot be used: {why}; nothing was changed", .path.display())]
    Refused {
        /// What is in the way.
        path: PathBuf,
        /// Why.
        why: String,
        /// What to do about it, with a command to copy.
        fix: Option<String>,
    },
    /// Something failed, and everything was put back: exit code 4.
    #[error("could not {tried} `{}`: {}; every file is as it was before", .path.display(), cause(.error))]
    RolledBack {
        /// What was tried, as a verb.
        tried: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why it failed.
        error: io::Error,
    },
    /// Something failed, and so did putting these files back: exit code 4. The backup stays, without its `done` mark.
    #[error("{failed}; and then not everything could be put back:{}", list(.left))]
    Stuck {
        /// What was tried on which file, and why it failed.
        failed: String,
        /// The files that are not as they were.
        left: Vec<Left>,
    },
    /// Another run is changing files: exit code 3.
    #[error("another goenv-setup is at work{}; nothing was changed", holder.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Busy {
        /// Its process id, as it wrote down itself.
        holder: Option<u32>,
    },
    /// A signal came, and everything was put back: exit code 130.
    #[error("interrupted; every file is as it was before")]
    Interrupted,
    /// What an interrupted run left could not be finished; nothing else was tried: exit code 4.
    #[error("could not finish what an interrupted run left at `{}`: {}", .path.display(), cause(.error))]
    Unrecovered {
        /// With which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Taking away backups failed in the middle; the startup files are not concerned: exit code 4.
    #[error("could not remove `{}`: {}", .path.display(), cause(.error))]
    Unpurged {
        /// What could not be removed.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// A file that is not as it was, although everything should have been put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The file or folder.
    pub path: PathBuf,
    /// Why it could not be put back.
    pub why: String,
    /// Where its old content is; `None`: it did not exist before.
    pub backup: Option<PathBuf>,
}

impl Failure {
    /// What to do next, with a command to copy.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Changed { .. } => {
                Some("`goenv-setup status` shows how it is now; then run the same command again".into())
            }
            Self::Refused { fix, .. } => fix.clone(),
            Self::Busy { .. } => Some("wait until it is done, then run the same command again".into()),
            Self::Interrupted => None,
            Self::RolledBack { path, error, .. }
            | Self::Unpurged { path, error }
            | Self::Unrecovered { path, error } => Some(look_at(path, error)),
            Self::Stuck { left, .. } => {
                let commands: Vec<_> = left.iter().map(by_hand).collect();
                Some(format!("put it back by hand: `{}`", commands.join("; ")))
            }
        }
    }

    /// Whether something was not there, so that it may be another run that took it away.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::RolledBack { error, .. } if error.kind() == io::ErrorKind::NotFound)
    }

    /// What failed, without what became of the files.
    pub(super) fn what(&self) -> String {
        match self {
            Self::RolledBack { tried, path, error } => {
                format!("could not {tried} `{}`: {}", path.display(), cause(error))
            }
            Self::Changed { path, how } => format!("`{}` changed after the diff was made: {how}", path.display()),
            other => other.to_string(),
        }
    }
}

/// The system's words in the house's form: lower case, without the number.
pub(super) fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split_once(" (os error").map_or(&*text, |(words, _)| words);
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

fn look_at(path: &Path, error: &io::Error) -> String {
    let folder = quoted(path.parent().unwrap_or(path));
    match error.kind() {
        io::ErrorKind::StorageFull => {
            format!("free some space there, then try again: `df -h {folder}`")
        }
        io::ErrorKind::QuotaExceeded => "free some space or ask for a larger quota: `quota -s`".into(),
        io::ErrorKind::ReadOnlyFilesystem => {
            format!("see how it is mounted: `df {folder}`, then `mount`")
        }
        _ if error.raw_os_error() == Some(rustix::io::Errno::PERM.raw_os_error()) => {
            let list = if cfg!(target_vendor = "apple") { "ls -lO" } else { "lsattr" };
            format!("it may be marked as immutable: `{list} {}`", quoted(path))
        }
        io::ErrorKind::PermissionDenied => format!("see who may write there: `ls -ld {folder}`"),
        _ => format!("look at what is there: `ls -la {folder}`"),
    }
}

fn by_hand(left: &Left) -> String {
    match &left.backup {
        Some(backup) if left.why == SAVED => format!("diff {} {}", quoted(backup), quoted(&left.path)),
        Some(backup) => format!("cp {} {}", quoted(backup), quoted(&left.path)),
        None => format!("ls -ld {}", quoted(&left.path)),
    }
}

fn list(left: &[Left]) -> String {
    let mut text = String::new();
    for Left { path, why, backup } in left {
        let _ = write!(text, "\n  `{}`: {why}", path.display());
        if let Some(backup) = backup {
            let _ = write!(text, "; its old content is in `{}`", backup.display());
        }
    }
    text
}

/// A path that can be pasted into any of the shells.
pub(super) fn quoted(path: &Path) -> String {
    posix::bare_word(path.as_os_str().as_encoded_bytes())
}
