//! The few calls where systems differ, and nothing else: looking at a file, syncing it, and the renames that
//! cannot lose anything. Errors are the system's own, without a path: the caller knows what it was trying.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

/// Opens a file to read it. A symbolic link in its place is an error, a FIFO does not hang.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

/// Creates a file that must not exist yet, with these permission bits less the umask.
pub(super) fn create(path: &Path, mode: u32) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, permissions(mode))?.into())
}

/// Opens a file to write it and creates it if it is missing, with these permission bits less the umask.
pub(super) fn open_or_create(path: &Path, mode: u32) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, permissions(mode))?.into())
}

/// Permission bits in the system's own type, which is narrower on some.
pub(super) fn permissions(mode: u32) -> Mode {
    #[allow(clippy::cast_possible_truncation, reason = "07777 fits in the 16 bits of macOS")]
    Mode::from_raw_mode((mode & 0o7777) as rustix::fs::RawMode)
}

/// What is at a path, without following a link in its last part; `None`: nothing.
pub(super) fn look(path: &Path) -> io::Result<Option<Metadata>> {
    match fs_err::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// All of an open file's content.
pub(super) fn read_all(mut file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Makes a file's content and metadata durable. On Apple's systems `fsync` leaves them in the drive's cache, so it
/// is `F_FULLFSYNC` there; network and FUSE file systems do not know that, and then `fsync` is all there is.
pub(super) fn sync_file(file: &File) -> io::Result<()> {
    #[cfg(target_vendor = "apple")]
    match rustix::fs::fcntl_fullfsync(file) {
        Err(Errno::NOTSUP | Errno::OPNOTSUPP | Errno::INVAL | Errno::NOTTY) => {}
        other => return Ok(other?),
    }
    loop {
        match rustix::fs::fsync(file) {
            Err(Errno::INTR) => {}
            other => return Ok(other?),
        }
    }
}

/// Makes the names in a folder durable, where the file system can.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder: File = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(folder) => folder.into(),
        // A folder may let us write names in it and not read them; then there is nothing to sync through.
        Err(Errno::ACCESS) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    match sync_file(&folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}

/// Swaps two files in one step, so that both still exist. `false`: this file system or kernel cannot.
pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<bool> {
    match rustix::fs::renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(error) if unsupported(error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Renames a file and takes the place of another.
pub(super) fn rename_over(from: &Path, to: &Path) -> io::Result<()> {
    Ok(rustix::fs::rename(from, to)?)
}

/// Renames a file to a name that must be free. Where the system has no such rename, a hard link says the same; where
/// the file system has no hard links either (FAT), the name is looked at first.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(error) if unsupported(error) => {}
        other => return Ok(other?),
    }
    match rustix::fs::link(from, to) {
        Ok(()) => rustix::fs::unlink(from).map_err(|error| {
            let _ = rustix::fs::unlink(to); // nothing was renamed
            error.into()
        }),
        Err(error) if unsupported(error) || error == Errno::PERM => match look(to)? {
            Some(_) => Err(Errno::EXIST.into()),
            None => rename_over(from, to),
        },
        Err(error) => Err(error.into()),
    }
}

fn unsupported(error: Errno) -> bool {
    // ENOTSUP and EOPNOTSUPP are one number on Linux and two on macOS.
    error == Errno::NOTSUP || error == Errno::OPNOTSUPP || matches!(error, Errno::INVAL | Errno::NOSYS)
}

/// Gives a file the flags of another that change nothing but how it is shown and dumped. (One that is immutable cannot
/// be replaced at all.) There is no safe call for it; chflags(1) is in every macOS.
#[cfg(target_vendor = "apple")]
pub(super) fn carry_flags(from: &File, to: &Path) -> io::Result<()> {
    use std::os::macos::fs::MetadataExt as _;
    const NODUMP_OPAQUE_HIDDEN: u32 = 0x1 | 0x8 | 0x8000;
    let flags = from.metadata()?.st_flags() & NODUMP_OPAQUE_HIDDEN;
    if flags == 0 {
        return Ok(());
    }
    #[expect(clippy::disallowed_methods, reason = "the one thing that only a program can do here")]
    let status = std::process::Command::new("/usr/bin/chflags").arg(format!("{flags:o}")).arg(to).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("chflags failed")) }
}

/// Linux has no such flags that a rename over the file would lose and its owner may set.
#[cfg(not(target_vendor = "apple"))]
#[expect(clippy::unnecessary_wraps, reason = "the other system's can fail")]
pub(super) fn carry_flags(_from: &File, _to: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether losing this extended attribute would lose something of the user's: their own ones, and access lists.
/// The others are labels that the system gives (`security.*`, `com.apple.*`), often only it may set them.
pub(super) fn attribute_matters(name: &OsStr) -> bool {
    let name = name.as_bytes();
    if cfg!(target_vendor = "apple") {
        !name.starts_with(b"com.apple.")
    } else {
        name.starts_with(b"user.") || name.starts_with(b"system.posix_acl_")
    }
}
