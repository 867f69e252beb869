//! The user and the home folder.

use std::path::PathBuf;

/// Who runs us, and where home is.
#[derive(Clone, Debug)]
pub struct User {
    /// The effective user id.
    pub euid: u32,
    /// The effective user's name, if the user database tells.
    pub name: Option<String>,
    /// `$HOME` as given.
    pub home: PathBuf,
    /// `$HOME` with symbolic links resolved.
    pub real_home: PathBuf,
    /// The login shell of the user database.
    pub passwd_shell: Option<PathBuf>,
    /// The user who called sudo, unless that is root: name or id.
    pub sudo_user: Option<String>,
}
