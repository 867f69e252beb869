//! What can stand in a block of a path, how paths are said, and which commands are proposed for them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::Ground;
use crate::shells::posix;
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

/// The command that sets `flag` to this path or list, if it can be copied.
pub(super) fn command(ground: &Ground, flag: &str, value: &OsStr) -> Option<String> {
    let portable = if ground.request.portable == Some(true) { " --portable" } else { "" };
    let word = posix::exact_word(value.as_bytes(), ground.home)?;
    Some(format!("goenv-setup apply{portable} {flag} {word}"))
}

/// The command that repairs an unexpanded `~`, else one with the first of the examples. None that would be refused.
pub(super) fn repair(
    ground: &Ground,
    flag: &str,
    value: &OsStr,
    examples: &[PathBuf],
    is_taken: impl Fn(&OsStr) -> bool,
) -> String {
    let repaired = expanded(value, ground.home);
    let tried = repaired.iter().chain(examples).filter(|path| is_taken(path.as_os_str()));
    let mut commands = tried.filter_map(|path| command(ground, flag, path.as_os_str()));
    commands.next().map_or_else(|| format!("leave out `{flag}`"), |command| format!("use `{command}`"))
}

/// What a value that begins with `~/` was meant to be.
pub(super) fn expanded(value: &OsStr, home: &Path) -> Option<PathBuf> {
    let rest = value.as_bytes().strip_prefix(b"~/")?;
    let start = rest.iter().position(|byte| *byte != b'/').unwrap_or(rest.len());
    Some(home.join(OsStr::from_bytes(&rest[start..])))
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
