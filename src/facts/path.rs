//! What stands on a PATH: each folder, and what is called `go` in it.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::Access;

/// What is called `go` in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoFile {
    /// Nothing.
    Absent,
    /// An executable file.
    Runs,
    /// A file that we may not execute.
    NotExecutable,
    /// A link to nothing; what it holds.
    Dangling(PathBuf),
    /// A folder.
    Folder,
}

/// An entry of PATH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry as it stands there.
    pub text: OsString,
    /// Whether it is a folder that can be looked into.
    pub is_folder: bool,
    /// What is called `go` in it.
    pub go: GoFile,
}

/// The entries of a list separated by `:`, as folders.
pub fn list(value: &OsStr) -> Vec<PathBuf> {
    value.as_bytes().split(|byte| *byte == b':').map(|entry| PathBuf::from(OsStr::from_bytes(entry))).collect()
}

/// Looks at every entry of a list separated by `:`, in order. An entry that is not absolute means another folder in each
/// terminal, and is not looked into.
pub fn entries(path: &OsStr) -> Vec<Entry> {
    let entries = path.as_bytes().split(|byte| *byte == b':').map(OsStr::from_bytes);
    entries
        .map(|text| {
            let folder = Path::new(text);
            let known = folder.is_absolute();
            let go = if known { go_in(folder) } else { GoFile::Absent };
            Entry { text: text.to_owned(), is_folder: known && folder.is_dir(), go }
        })
        .collect()
}

fn go_in(folder: &Path) -> GoFile {
    let go = folder.join("go");
    match fs_err::metadata(&go) {
        Ok(meta) if meta.is_dir() => GoFile::Folder,
        Ok(meta) if meta.is_file() && rustix::fs::access(&go, Access::EXEC_OK).is_ok() => GoFile::Runs,
        Ok(_) => GoFile::NotExecutable,
        Err(_) => fs_err::read_link(&go).map_or(GoFile::Absent, GoFile::Dangling),
    }
}
