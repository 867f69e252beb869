//! A new file beside its target: complete, with everything of the old one carried over, and durable, so that one
//! rename is all that is left to do. It removes itself when it is dropped.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::fs::{Gid, Timespec, Timestamps, UTIME_OMIT, Uid};
use tempfile::TempPath;
use xattr::FileExt as _;

use super::sys;
use crate::facts::Meta;

/// A file that waits for its rename.
pub(super) struct Staged {
    /// Where it waits. Dropping this removes whatever stands there.
    pub(super) path: TempPath,
    /// What the system says of it.
    pub(super) meta: Meta,
    /// What could not be carried over and makes no difference.
    pub(super) warning: Option<String>,
}

/// The file that a new one takes the place of.
pub(super) struct Model<'a> {
    /// It, open for reading.
    pub(super) file: &'a File,
    /// The owner and mode that the new one gets.
    pub(super) meta: &'a Meta,
    /// Whether the new one also gets the time of its last change.
    pub(super) with_time: bool,
}

/// Writes a file under a name that must be free. Without a model it gets the rights that any new file gets in that
/// folder (umask, default access list, group), because the kernel itself gives them.
///
/// `mode`: permission bits for a file without a model that is to have others than any new one.
pub(super) fn stage(temp: &Path, bytes: &[u8], model: Option<&Model>, mode: Option<u32>) -> io::Result<Staged> {
    let mut file = sys::create(temp, if model.is_some() { 0o600 } else { 0o644 })?;
    let path = TempPath::try_from_path(temp)?;
    file.write_all(bytes)?;
    let mut warning = None;
    if let Some(model) = model {
        // In this order: a change of owner clears set-id bits, attributes need the right to write.
        warning = carry_owner(&file, model.meta)?;
        carry_attributes(model.file, &file)?;
        sys::carry_flags(model.file, temp)?;
        rustix::fs::fchmod(&file, sys::permissions(model.meta.mode))?;
        if model.with_time {
            carry_time(&file, model.meta.mtime)?;
        }
    }
    if let Some(mode) = mode {
        rustix::fs::fchmod(&file, sys::permissions(mode))?;
    }
    sys::sync_file(&file)?;
    Ok(Staged { path, meta: Meta::of(&file.metadata()?), warning })
}

/// Gives the file to the old one's owner and group. A group that we may not give to files is given up where nobody
/// gains or loses a right by it.
fn carry_owner(file: &File, was: &Meta) -> io::Result<Option<String>> {
    let is = file.metadata()?;
    if is.uid() != was.uid {
        rustix::fs::fchown(file, Some(Uid::from_raw(was.uid)), None)?;
    }
    if is.gid() != was.gid
        && let Err(error) = rustix::fs::fchown(file, None, Some(Gid::from_raw(was.gid)))
    {
        let same_rights = was.mode & 0o2000 == 0 && (was.mode >> 3) & 7 == was.mode & 7;
        if !same_rights {
            return Err(error.into());
        }
        return Ok(Some(format!(
            "its group {} became {}: only a member may give a file to a group",
            was.gid,
            is.gid()
        )));
    }
    Ok(None)
}

/// Copies extended attributes, and takes away those that the folder gave to the new file and the old one never had
/// (a default access list).
fn carry_attributes(from: &File, to: &File) -> io::Result<()> {
    let wanted = attributes(from)?;
    for name in attributes(to)?.into_iter().filter(|name| !wanted.contains(name)) {
        must(&name, to.remove_xattr(&name))?;
    }
    for name in wanted {
        must(&name, copy_attribute(&name, from, to))?;
    }
    Ok(())
}

fn copy_attribute(name: &OsString, from: &File, to: &File) -> io::Result<()> {
    match from.get_xattr(name)? {
        Some(value) if to.get_xattr(name)?.as_ref() != Some(&value) => to.set_xattr(name, &value),
        _ => Ok(()),
    }
}

fn attributes(file: &File) -> io::Result<Vec<OsString>> {
    match file.list_xattr() {
        Ok(names) => Ok(names.collect()),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// An error about an attribute that matters is an error, and says which one it was.
fn must(name: &OsString, result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if sys::attribute_matters(name) => {
            let text = super::failure::cause(&error);
            Err(io::Error::new(error.kind(), format!("its attribute `{}` is lost: {text}", name.display())))
        }
        _ => Ok(()),
    }
}

/// Sets the time of the last change, in nanoseconds since 1970, and leaves the time of the last access alone.
fn carry_time(file: &File, mtime: i128) -> io::Result<()> {
    let (seconds, nanoseconds) = super::receipt::split_time(mtime);
    let times = Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec { tv_sec: seconds, tv_nsec: nanoseconds.into() },
    };
    Ok(rustix::fs::futimens(file, &times)?)
}
