//! What can stand in a block of a path, and how paths are said.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::text::show::sanitise;

/// Why a path cannot stand in a block. What the home itself is called matters little: there it stands as `$HOME`.
pub(super) fn bad_path(path: &[u8], home: &Path) -> Option<&'static str> {
    let below = path.strip_prefix(home.as_os_str().as_bytes()).filter(|rest| rest.starts_with(b"/")).unwrap_or(path);
    match path {
        [] => Some("an entry is empty"),
        [b'~', ..] => Some("the `~` is not expanded"),
        _ if below.contains(&b'\n') => Some("it contains a newline"),
        [b'/', ..] => None,
        _ => Some("it is not an absolute path"),
    }
}

pub(super) fn fits_path(bin: &Path, home: &Path) -> bool {
    let bin = bin.as_os_str().as_bytes();
    !bin.contains(&b':') && bad_path(bin, home).is_none()
}

/// The command that repairs an unexpanded `~`, else an example.
pub(super) fn home_hint(flag: &str, value: &OsStr, example: &str) -> String {
    match value.as_bytes().strip_prefix(b"~/") {
        Some(rest) if rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(byte)) => {
            format!("goenv-setup apply {flag} \"$HOME/{}\"", sanitise(rest))
        }
        _ => example.to_owned(),
    }
}

pub(super) fn parent(bin: &Path) -> PathBuf {
    bin.parent().unwrap_or(bin).to_path_buf()
}

/// The path without trailing slashes and without `.` parts.
pub(super) fn trimmed(path: &Path) -> PathBuf {
    path.components().collect()
}

pub(super) fn shown(path: &Path) -> String {
    format!("`{}`", sanitise(path.as_os_str().as_bytes()))
}
