//! A startup file as it was when we looked: what it holds, what it really is, and what would keep us from writing it.

use std::io::ErrorKind::{NotADirectory, NotFound};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, Mode, OFlags, StatVfsMountFlags};
use rustix::io::Errno;

use super::{User, keeper, words};

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
    /// Whether the name that the shell opens is itself a symbolic link.
    pub link: bool,
    /// Whether zsh's compiled form of it (`.zshrc.zwc`) is dated in the future: zsh runs that instead of what is written.
    pub stale: bool,
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
    /// The file or its folder is marked as immutable (`chattr +i`, `chflags uchg`), which binds root too.
    Immutable(PathBuf),
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
    /// A file that is not there.
    pub fn missing(path: &Path) -> Self {
        let (asked, real) = (path.to_owned(), path.to_owned());
        let state = FileState::Missing { dirs: 0 };
        Self { asked, real, state, obstacle: None, keeper: None, link: false, stale: false }
    }

    /// The content, if this is a file that could be read.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.state {
            FileState::Regular { bytes, .. } => Some(bytes),
            _ => None,
        }
    }
}

/// Largest file that is taken for a startup file, in bytes.
pub(crate) const LARGEST: u64 = 256 << 20;

/// How many links the kernel follows for one name.
const LINKS: u32 = 40;

/// Looks at the startup file `asked` of `user`, an absolute path. Nothing is changed, and no FIFO or device is opened.
pub fn take(asked: &Path, user: &User) -> Snapshot {
    let (real, state, obstacle) = match fs_err::canonicalize(asked) {
        Ok(real) => look_at(real, user),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => look_for(asked),
        Err(error) => (asked.to_owned(), FileState::Unusable(Unusable::Unreadable(words(&error))), None),
    };
    let bytes = match &state {
        FileState::Missing { .. } => Some(None),
        FileState::Regular { bytes, .. } => Some(Some(&bytes[..])),
        FileState::Unusable(_) => None,
    };
    let keeper = bytes.and_then(|bytes| keeper::find(asked, &real, bytes, user));
    Snapshot {
        asked: asked.to_owned(),
        real,
        state,
        obstacle,
        keeper,
        link: fs_err::symlink_metadata(asked).is_ok_and(|meta| meta.is_symlink()),
        stale: is_compiled_in_the_future(asked),
    }
}

fn is_compiled_in_the_future(asked: &Path) -> bool {
    let mut compiled = asked.as_os_str().to_owned();
    compiled.push(".zwc");
    let modified = fs_err::metadata(compiled).and_then(|meta| meta.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_err())
}

/// A name that does not lead to a file: missing, or a link that leads nowhere on the way.
fn look_for(asked: &Path) -> (PathBuf, FileState, Option<Obstacle>) {
    let unusable = |why| (asked.to_owned(), FileState::Unusable(why), None);
    let mut dirs = 0u8;
    for (above, folder) in asked.ancestors().enumerate() {
        if fs_err::symlink_metadata(folder).is_ok() {
            let Ok(real_folder) = fs_err::canonicalize(folder) else {
                return unusable(Unusable::Dangling { target: last_target(folder) });
            };
            if above == 0 {
                return unusable(Unusable::Unreadable("it changed while it was looked at".to_owned()));
            }
            if !real_folder.is_dir() {
                return unusable(Unusable::Unreadable(format!("`{}` is not a folder", folder.display())));
            }
            dirs = u8::try_from(above - 1).unwrap_or(u8::MAX);
            let real = asked.strip_prefix(folder).map_or_else(|_| asked.to_owned(), |rest| real_folder.join(rest));
            let obstacle =
                store(&real).or_else(|| read_only_file_system(&real_folder)).or_else(|| folder_obstacle(&real_folder));
            return (real, FileState::Missing { dirs }, obstacle);
        }
        dirs = dirs.saturating_add(1);
    }
    unusable(Unusable::Unreadable("no such file or directory".to_owned()))
}

/// Where a chain of links ends that leads nowhere.
fn last_target(link: &Path) -> PathBuf {
    let mut at = link.to_owned();
    for _ in 0..LINKS {
        let Ok(target) = fs_err::read_link(&at) else {
            break;
        };
        at = at.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
    }
    at
}

/// Something that is there, with links resolved.
fn look_at(real: PathBuf, user: &User) -> (PathBuf, FileState, Option<Obstacle>) {
    match read_regular(&real, LARGEST) {
        Ok((bytes, meta)) => {
            let obstacle = obstacle(&real, &meta, user);
            (real, FileState::Regular { bytes, meta }, obstacle)
        }
        Err(why) => (real, FileState::Unusable(why), None),
    }
}

/// Reads a regular file. Anything else is told by its kind before it is opened: opening a FIFO waits, a tape rewinds.
pub(super) fn read_regular(path: &Path, largest: u64) -> Result<(Vec<u8>, Meta), Unusable> {
    let unreadable = |error: io::Error| Unusable::Unreadable(words(&error));
    let path = fs_err::canonicalize(path).map_err(unreadable)?;
    let seen = fs_err::symlink_metadata(&path).map_err(unreadable)?;
    let kind = seen.file_type();
    if kind.is_dir() {
        return Err(Unusable::Directory);
    } else if kind.is_fifo() {
        return Err(Unusable::Special("a FIFO"));
    } else if kind.is_socket() {
        return Err(Unusable::Special("a socket"));
    } else if !kind.is_file() {
        return Err(Unusable::Special("a device"));
    }
    if seen.mode() & 0o400 == 0 {
        // Root could read it, but whoever took the permission away means it.
        return Err(Unusable::Unreadable("its owner has no permission to read it".to_owned()));
    }
    if seen.len() > largest {
        return Err(Unusable::TooLarge(seen.len()));
    }
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = rustix::fs::open(&path, flags, Mode::empty()).map_err(|errno| unreadable(errno.into()))?;
    let mut file = std::fs::File::from(file);
    let opened = file.metadata().map_err(unreadable)?;
    if !opened.is_file() || (opened.dev(), opened.ino()) != (seen.dev(), seen.ino()) {
        return Err(Unusable::Unreadable("it changed while it was looked at".to_owned()));
    }
    let mut bytes = Vec::new();
    (&mut file).take(largest + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    match bytes.len() as u64 {
        size if size > largest => Err(Unusable::TooLarge(size)),
        _ => Ok((bytes, Meta::of(&opened))),
    }
}

impl Meta {
    /// What the system says of an open file.
    pub(crate) fn of(meta: &std::fs::Metadata) -> Self {
        let nanoseconds = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Self {
            dev: meta.dev(),
            ino: meta.ino(),
            mode: meta.mode() & 0o7777,
            uid: meta.uid(),
            gid: meta.gid(),
            nlink: meta.nlink(),
            size: meta.size(),
            mtime: nanoseconds(meta.mtime(), meta.mtime_nsec()),
            ctime: nanoseconds(meta.ctime(), meta.ctime_nsec()),
        }
    }
}

/// The first thing that would keep us from replacing a regular file, the one that can least be helped first.
fn obstacle(real: &Path, meta: &Meta, user: &User) -> Option<Obstacle> {
    let writable = rustix::fs::access(real, Access::WRITE_OK);
    let folder = real.parent()?;
    if let Some(found) = store(real).or_else(|| read_only_file_system(real)) {
        return Some(found);
    }
    if meta.uid != user.euid {
        return Some(Obstacle::Owner(meta.uid));
    }
    if meta.nlink > 1 {
        return Some(Obstacle::HardLinks(meta.nlink));
    }
    if is_mount_point(real, meta, folder) {
        return Some(Obstacle::MountPoint);
    }
    if writable == Err(Errno::PERM) {
        return Some(Obstacle::Immutable(real.to_owned()));
    }
    // Root may write all the same, but whoever took the permission away means it.
    if meta.mode & 0o200 == 0 || writable.is_err() {
        return Some(Obstacle::ReadOnly);
    }
    folder_obstacle(folder)
}

fn store(real: &Path) -> Option<Obstacle> {
    let stores = ["/nix/store", "/gnu/store"];
    stores.iter().any(|store| real.starts_with(store)).then_some(Obstacle::Store)
}

fn read_only_file_system(path: &Path) -> Option<Obstacle> {
    let flagged = rustix::fs::statvfs(path).is_ok_and(|fs| fs.f_flag.contains(StatVfsMountFlags::RDONLY));
    let refused = rustix::fs::access(path, Access::WRITE_OK) == Err(Errno::ROFS);
    (flagged || refused).then_some(Obstacle::FileSystemReadOnly)
}

fn folder_obstacle(folder: &Path) -> Option<Obstacle> {
    let owner_may = fs_err::metadata(folder).is_ok_and(|meta| meta.mode() & 0o200 != 0);
    let access = rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK);
    if access == Err(Errno::PERM) {
        return Some(Obstacle::Immutable(folder.to_owned()));
    }
    (!(owner_may && access.is_ok())).then(|| Obstacle::FolderReadOnly(folder.to_owned()))
}

/// Whether a file was mounted over this name (`docker run -v …/.zshrc`): renaming onto it fails.
///
/// Linux lists all mounts. Elsewhere, and without that list, a device other than the folder's tells; on Linux it would
/// also tell of files in an overlay.
fn is_mount_point(real: &Path, meta: &Meta, folder: &Path) -> bool {
    match fs_err::read("/proc/self/mountinfo") {
        Ok(mounts) => lists_mount(&mounts, real),
        Err(_) => fs_err::metadata(folder).is_ok_and(|folder| folder.dev() != meta.dev),
    }
}

/// Whether `proc_pid_mountinfo(5)` has a mount at this path: its fifth field, with blanks and the like in octal.
fn lists_mount(mountinfo: &[u8], path: &Path) -> bool {
    let points = mountinfo.split(|b| *b == b'\n').filter_map(|line| line.split(|b| *b == b' ').nth(4));
    points.map(unescaped).any(|point| point == path.as_os_str().as_bytes())
}

/// `\040` is a blank.
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, after)) = rest.split_first() {
        let octal = match rest {
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
                Some((a & 3) << 6 | (b & 7) << 3 | (c & 7))
            }
            _ => None,
        };
        plain.push(octal.unwrap_or(*first));
        rest = if octal.is_some() { &rest[4..] } else { after };
    }
    plain
}

#[cfg(test)]
mod tests;
