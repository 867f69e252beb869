//! A startup file as it was when we looked: what it holds, what it really is, and what would keep us from writing it.

use std::path::PathBuf;

/// A startup file at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The name that the shell opens.
    pub asked: PathBuf,
    /// The file behind it, with symbolic links resolved; for a missing file, the resolved folder joined with the name.
    pub real: PathBuf,
    /// What is there.
    pub state: FileState,
    /// Why it could not be replaced, if it could not.
    pub obstacle: Option<Obstacle>,
    /// Who else manages it, if somebody does.
    pub keeper: Option<Keeper>,
}

/// What is at the place of a startup file.
#[derive(Clone, Debug)]
pub enum FileState {
    /// Nothing; `dirs` folders above it are missing too.
    Missing {
        /// How many folders above the file do not exist.
        dirs: u8,
    },
    /// A regular file that we could read.
    Regular {
        /// Its content.
        bytes: Vec<u8>,
        /// What the system says of it.
        meta: Meta,
    },
    /// Something else: it is there, but we cannot read it as a file.
    Unusable(Unusable),
}

/// What identifies a file and its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Device number.
    pub dev: u64,
    /// Inode number.
    pub ino: u64,
    /// Permission bits (07777).
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Number of hard links.
    pub nlink: u64,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change of its content, nanoseconds since 1970.
    pub mtime: i128,
    /// Time of the last change of its inode, nanoseconds since 1970.
    pub ctime: i128,
}

/// Why something at a startup file's place cannot be read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is a folder.
    Directory,
    /// It is a FIFO, a socket or a device.
    Special(&'static str),
    /// A symbolic link whose target does not exist.
    Dangling {
        /// What the link names.
        target: PathBuf,
    },
    /// It could not be read or looked at, with the system's words.
    Unreadable(String),
    /// Larger than any startup file is.
    TooLarge(u64),
}

/// Why a file that can be read must not, or could not, be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Its owner took the write permission away.
    ReadOnly,
    /// Its folder cannot be written to.
    FolderReadOnly(PathBuf),
    /// The file system is mounted read-only.
    FileSystemReadOnly,
    /// It has more than one name; replacing one would part them.
    HardLinks(u64),
    /// It belongs to another user.
    Owner(u32),
    /// It is a mount point of its own.
    MountPoint,
    /// It lies in the Nix or Guix store.
    Store,
}

/// Who else writes this file and may revert us at the next sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The file is a link into a git checkout.
    GitCheckout(PathBuf),
    /// chezmoi has a source for it.
    Chezmoi(PathBuf),
    /// yadm tracks it.
    Yadm,
    /// A header in its first lines says so (the line's number).
    Header(usize),
}

impl Snapshot {
    /// The content, if this is a file that could be read.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.state {
            FileState::Regular { bytes, .. } => Some(bytes),
            _ => None,
        }
    }
}
