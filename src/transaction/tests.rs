//! Real files in real folders. What a machine cannot do (mounts, ACLs, another owner) is said aloud.
#![expect(clippy::disallowed_methods, reason = "tests start programs, and read what the test run was asked for")]
#![expect(clippy::print_stderr, reason = "a skipped part is said aloud")]

mod commits;
mod faults;
mod state_folder;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::*;
use crate::plan::Action;

/// A home of its own, with the state folder in it.
struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join(name)
    }

    /// A file with this content and mode, last changed long ago.
    fn file(&self, name: &str, bytes: &[u8], mode: u32) -> PathBuf {
        let path = self.path(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, bytes).unwrap();
        rustix::fs::chmod(&path, sys::permissions(mode)).unwrap();
        let long_ago = UNIX_EPOCH + Duration::new(1_234_567_890, 987_654_321);
        fs_err::File::open(&path).unwrap().set_modified(long_ago).unwrap();
        path
    }

    fn state(&self) -> StateDir {
        StateDir::at(self.path(".local/state/goenv-setup"))
    }

    fn commit(&self, edits: &[Edit]) -> Result<Committed, Failure> {
        locked_commit(&self.state(), edits)
    }

    fn tree(&self) -> BTreeMap<PathBuf, Entry> {
        let mut tree = tree(&self.path(""));
        // Each run writes its process id there.
        tree.remove(&self.state().lock_file());
        tree
    }
}

/// Everything of a file that must not be lost.
#[derive(Debug, PartialEq, Eq)]
enum Entry {
    Folder { mode: u32 },
    File { bytes: Vec<u8>, mode: u32, owner: (u32, u32), mtime: (i64, i64), xattrs: BTreeMap<String, Vec<u8>> },
    Other { mode: u32 },
}

fn tree(top: &Path) -> BTreeMap<PathBuf, Entry> {
    let mut found = BTreeMap::new();
    for entry in fs_err::read_dir(top).unwrap() {
        let path = entry.unwrap().path();
        let meta = fs_err::symlink_metadata(&path).unwrap();
        let entry = if meta.is_dir() {
            found.append(&mut tree(&path));
            Entry::Folder { mode: meta.mode() }
        } else if meta.is_file() {
            let value = |name: &OsStr| xattr::get(&path, name).unwrap().unwrap_or_default();
            let names = xattr::list(&path).into_iter().flatten();
            Entry::File {
                bytes: fs_err::read(&path).unwrap(),
                mode: meta.mode(),
                owner: (meta.uid(), meta.gid()),
                mtime: (meta.mtime(), meta.mtime_nsec()),
                xattrs: names.map(|name| (name.to_string_lossy().into_owned(), value(&name))).collect(),
            }
        } else {
            Entry::Other { mode: meta.mode() }
        };
        found.insert(path, entry);
    }
    found
}

/// What the reading edge would say of a file.
fn snapshot(path: &Path) -> Snapshot {
    let state = match sys::look(path).unwrap() {
        None => FileState::Missing { dirs: u8::try_from(missing_folders(path)).unwrap() },
        Some(found) => FileState::Regular { bytes: fs_err::read(path).unwrap(), meta: Meta::of(&found) },
    };
    Snapshot {
        asked: path.to_owned(),
        real: path.to_owned(),
        state,
        link: false,
        stale: false,
        obstacle: None,
        keeper: None,
    }
}

fn edit(path: &Path, after: After) -> Edit {
    let (target, action) = (snapshot(path), Action::Update);
    Edit {
        target,
        also: Vec::new(),
        shell: "zsh",
        named: false,
        after,
        mode: None,
        action,
        why: Vec::new(),
        loses_hand_edits: false,
    }
}

fn write(path: &Path, bytes: &[u8]) -> Edit {
    edit(path, After::Bytes(bytes.to_vec()))
}

fn remove(path: &Path, rmdirs: u8) -> Edit {
    edit(path, After::Gone { rmdirs })
}

fn root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Says what could not be tested here.
fn skip(what: &str, why: &str) {
    eprintln!("skipped: {what}: {why}");
}

/// Runs a program; `None`, said aloud, if it is not installed or does not succeed.
fn able(what: &str, program: &str, args: &[&OsStr]) -> Option<Output> {
    match Command::new(program).args(args).output() {
        Ok(output) if output.status.success() => Some(output),
        Ok(output) => {
            skip(what, &format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()));
            None
        }
        Err(error) => {
            assert!(std::env::var_os("GOENV_SETUP_TEST_ALL").is_none(), "{what}: {program} is not here: {error}");
            skip(what, &format!("{program}: {error}"));
            None
        }
    }
}

/// A commit as the commands do it: with the lock.
fn locked_commit(state: &StateDir, edits: &[Edit]) -> Result<Committed, Failure> {
    let lock = state.lock(&|| ())?;
    commit(state, &lock, "apply", edits, SystemTime::now())
}
