//! A folder to the byte, and what is different between two of them.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Everything in a folder, by its path in it; the folder itself is `""`.
#[derive(Clone, Debug)]
pub(crate) struct Tree(pub(crate) BTreeMap<PathBuf, Entry>);

/// One file, folder or link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    /// The permission bits; 0 for a link, where they mean nothing.
    pub(crate) mode: u32,
    /// The inode and the time of the last change of the content, in seconds and nanoseconds: who writes a file anew
    /// with the same bytes changes these.
    pub(crate) touch: (u64, i64, i64),
}

/// What an entry is, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File(Vec<u8>),
    Dir,
    Link(PathBuf),
    /// A file or folder that we may not read.
    Sealed,
    /// A FIFO, a socket, a device.
    Other,
}

/// Where our state folder is in a home whose environment does not say otherwise.
const STATE: &str =
    if cfg!(target_os = "macos") { "Library/Application Support/goenv-setup" } else { ".local/state/goenv-setup" };

impl Tree {
    /// Reads a folder; links are not followed.
    pub(crate) fn of(folder: &Path) -> Self {
        let mut entries = BTreeMap::new();
        let mut todo = vec![PathBuf::new()];
        while let Some(relative) = todo.pop() {
            let path = folder.join(&relative);
            let meta = fs_err::symlink_metadata(&path).expect("nothing else is at work in this folder");
            let kind = if meta.is_symlink() {
                Kind::Link(fs_err::read_link(&path).expect("a link can be read"))
            } else if meta.is_dir() {
                match fs_err::read_dir(&path) {
                    Ok(names) => {
                        todo.extend(names.map(|name| relative.join(name.expect("a readable folder").file_name())));
                        Kind::Dir
                    }
                    Err(error) => sealed(&error),
                }
            } else if meta.is_file() {
                fs_err::read(&path).map_or_else(|error| sealed(&error), Kind::File)
            } else {
                Kind::Other
            };
            let mode = if meta.is_symlink() { 0 } else { meta.mode() & 0o7777 };
            entries.insert(relative, Entry { kind, mode, touch: (meta.ino(), meta.mtime(), meta.mtime_nsec()) });
        }
        Self(entries)
    }

    /// The same without our state folder, and without folders above it that hold nothing else.
    pub(crate) fn without_state(mut self) -> Self {
        self.0.retain(|path, _| !path.starts_with(STATE));
        for above in Path::new(STATE).ancestors().skip(1).filter(|above| *above != "") {
            if self.0.keys().filter(|path| path.starts_with(above)).count() == 1 {
                self.0.remove(above);
            }
        }
        self
    }

    /// What differs in names, kinds, modes and bytes: one line for each.
    pub(crate) fn differences(&self, after: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        for (path, old) in &self.0 {
            let name = name(path);
            let Some(new) = after.0.get(path) else {
                lines.push(format!("- {name}: {} is gone", old.kind.word()));
                continue;
            };
            if let Some(change) = old.kind.change(&new.kind) {
                lines.push(format!("~ {name}: {change}"));
            }
            if old.mode != new.mode {
                lines.push(format!("~ {name}: mode {:04o} became {:04o}", old.mode, new.mode));
            }
        }
        for (path, new) in after.0.iter().filter(|(path, _)| !self.0.contains_key(*path)) {
            lines.push(format!("+ {}: {} with mode {:04o} is new", name(path), new.kind.word(), new.mode));
        }
        lines
    }

    /// What differs as in [`Tree::differences`], and what was written again with the same bytes.
    pub(crate) fn touched(&self, after: &Self) -> Vec<String> {
        let mut lines = self.differences(after);
        for (path, old) in &self.0 {
            if after.0.get(path).is_some_and(|new| new.touch != old.touch) {
                lines.push(format!("~ {}: has another inode or time", name(path)));
            }
        }
        lines
    }
}

/// Both trees have the same names, kinds, modes and bytes.
#[track_caller]
pub(crate) fn assert_same_tree(before: &Tree, after: &Tree) {
    let differences = before.differences(after);
    assert!(differences.is_empty(), "the trees differ:\n{}", differences.join("\n"));
}

impl Kind {
    fn word(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Dir => "folder",
            Self::Link(_) => "link",
            Self::Sealed => "something unreadable",
            Self::Other => "special file",
        }
    }

    fn change(&self, new: &Self) -> Option<String> {
        match (self, new) {
            (old, new) if old == new => None,
            (Self::File(old), Self::File(new)) => Some(first_difference(old, new)),
            (Self::Link(old), Self::Link(new)) => Some(format!("link to {} became link to {}", name(old), name(new))),
            (old, new) => Some(format!("{} became {}", old.word(), new.word())),
        }
    }
}

/// The first line in which two files differ.
fn first_difference(old: &[u8], new: &[u8]) -> String {
    let [mut old_lines, mut new_lines] = [old, new].map(|bytes| bytes.split_inclusive(|byte| *byte == b'\n'));
    let mut number = 1;
    loop {
        let (old_line, new_line) = (old_lines.next(), new_lines.next());
        if old_line != new_line {
            let [was, is] = [old_line, new_line].map(|line| {
                line.map_or("the end".into(), |line| format!("`{}`", line[..line.len().min(200)].escape_ascii()))
            });
            return format!("{} bytes became {}; line {number}: {was} became {is}", old.len(), new.len());
        }
        number += 1;
    }
}

fn sealed(error: &std::io::Error) -> Kind {
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    Kind::Sealed
}

fn name(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        "the folder itself".into()
    } else {
        format!("`{}`", path.as_os_str().as_bytes().escape_ascii())
    }
}
