//! The user and the home folder.
//!
//! Startup files of somebody else's home would be written with the wrong owner, and those of no home nowhere; so a home
//! that is not this user's is an error, before anything is read in it.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::shells::posix;

use super::ask::ask;

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

/// Why there is no home to work in.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct UserError {
    /// What is wrong with `HOME`.
    pub what: HomeError,
    /// The home of the user database, if it is a folder and not the one that was tried.
    pub known_home: Option<PathBuf>,
}

/// What is wrong with `HOME`.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// Unset or empty.
    #[error("cannot tell where your home folder is: the variable `HOME` is not set")]
    Unset,
    /// Not absolute.
    #[error("cannot use `{}` as home folder: `HOME` is a relative path", .0.display())]
    Relative(PathBuf),
    /// It does not exist.
    #[error("cannot use `{}` as home folder: it does not exist", .0.display())]
    Missing(PathBuf),
    /// It is there, but not a folder.
    #[error("cannot use `{}` as home folder: it is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The system would not look at it.
    #[error("cannot look at the home folder `{}`: {}", .0.display(), super::words(.1))]
    Unreadable(PathBuf, #[source] io::Error),
    /// It belongs to somebody else.
    #[error("cannot use `{}` as home folder: it belongs to {owner}, not to {me}", home.display())]
    Foreign {
        /// `$HOME`.
        home: PathBuf,
        /// Its owner: a name, or `#` and an id, as sudo takes it.
        owner: String,
        /// The effective user, likewise.
        me: String,
        /// Whether its owner called us through sudo.
        through_sudo: bool,
    },
}

impl UserError {
    /// One line that says what to do, with a command to copy; `command` is what was tried (`goenv-setup apply`).
    pub fn hint(&self, command: &str) -> String {
        match (&self.what, &self.known_home) {
            (HomeError::Foreign { through_sudo: true, .. }, _) => format!("run it without sudo: `{command}`"),
            (HomeError::Foreign { owner, me, .. }, _) if me == "root" => {
                format!("run it as the owner: `sudo -H -u {} {command}`", quoted(OsStr::new(owner)))
            }
            (_, Some(home)) => format!("name your own home: `HOME={} {command}`", quoted(home.as_os_str())),
            (HomeError::Foreign { owner, .. }, None) => {
                format!("run it as the owner: `sudo -H -u {} {command}`", quoted(OsStr::new(owner)))
            }
            (_, None) => format!("name your home: `HOME=/path/to/your/home {command}`"),
        }
    }
}

/// Reads who the user is and checks that `$HOME` is a folder of theirs.
pub fn gather() -> Result<User, UserError> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where these variables are read")]
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let sudo = Sudo { uid: variable("SUDO_UID"), user: variable("SUDO_USER") };
    look(variable("HOME").as_deref().map(Path::new), rustix::process::geteuid().as_raw(), &sudo)
}

/// The home of a user in the user database.
pub fn home_of(uid: u32) -> Option<PathBuf> {
    Entry::of(uid).map(|entry| entry.home)
}

/// What sudo says of its caller.
#[derive(Default)]
struct Sudo {
    uid: Option<OsString>,
    user: Option<OsString>,
}

impl Sudo {
    /// The caller, unless it is root.
    fn caller(&self) -> Option<String> {
        let name = self.user.as_ref().map(|name| name.to_string_lossy().into_owned());
        let uid = self.uid.as_ref().map(|uid| uid.to_string_lossy().into_owned());
        if uid.as_deref() == Some("0") || name.as_deref() == Some("root") {
            return None;
        }
        name.or_else(|| uid.map(|uid| format!("#{uid}")))
    }
}

fn look(home: Option<&Path>, euid: u32, sudo: &Sudo) -> Result<User, UserError> {
    let entry = Entry::of(euid);
    let sudo_user = if euid == 0 { sudo.caller() } else { None };
    let me = entry.as_ref().map_or_else(|| format!("#{euid}"), |entry| entry.name.clone());
    let fail = |what: HomeError| {
        let known_home = entry.as_ref().map(|entry| entry.home.clone());
        // Root in another's home is there by mistake (sudo keeps HOME): its own home would not help.
        let known_home = known_home.filter(|_| !(euid == 0 && matches!(what, HomeError::Foreign { .. })));
        Err(UserError { what, known_home: known_home.filter(|known| Some(known.as_path()) != home && known.is_dir()) })
    };

    let Some(given) = home.map(Path::to_owned) else {
        return fail(HomeError::Unset);
    };
    if !given.is_absolute() {
        return fail(HomeError::Relative(given));
    }
    let real = fs_err::canonicalize(&given).and_then(|real| Ok((fs_err::metadata(&real)?, real)));
    let (meta, real_home) = match real {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return fail(HomeError::Missing(given));
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return fail(HomeError::NotAFolder(given));
        }
        Err(error) => return fail(HomeError::Unreadable(given, error)),
    };
    if !meta.is_dir() {
        return fail(HomeError::NotAFolder(given));
    }
    if meta.uid() != euid {
        let owner = Entry::of(meta.uid()).map_or_else(|| format!("#{}", meta.uid()), |entry| entry.name);
        let through_sudo = sudo_user
            .as_ref()
            .is_some_and(|caller| *caller == owner || sudo.uid.as_deref() == Some(OsStr::new(&meta.uid().to_string())));
        return fail(HomeError::Foreign { home: given, owner, me, through_sudo });
    }
    let passwd_shell = entry.as_ref().and_then(|entry| entry.shell.clone());
    Ok(User { euid, name: entry.map(|entry| entry.name), home: given, real_home, passwd_shell, sudo_user })
}

/// A user's line of the user database.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    uid: u32,
    name: String,
    home: PathBuf,
    shell: Option<PathBuf>,
}

impl Entry {
    /// The entry of a user: from `/etc/passwd`, else (LDAP, systemd-homed) from `getent`; on macOS from `id -P`.
    fn of(uid: u32) -> Option<Self> {
        let find = |lines: &[u8]| lines.split(|b| *b == b'\n').filter_map(Self::parse).find(|entry| entry.uid == uid);
        if cfg!(target_os = "macos") {
            return find(&ask("/usr/bin/id", &["-P", &uid.to_string()])?);
        }
        let file = fs_err::read("/etc/passwd").unwrap_or_default();
        find(&file).or_else(|| find(&ask("getent", &["passwd", &uid.to_string()])?))
    }

    /// Reads a line of passwd(5) (7 fields) or of `id -P`, in the form of master.passwd(5) (10 fields): name and id are
    /// the first and the third, home and shell the last two.
    fn parse(line: &[u8]) -> Option<Self> {
        let fields: Vec<&[u8]> = line.split(|b| *b == b':').collect();
        let (name, uid) = (fields.first()?, fields.get(2)?);
        let [.., home, shell] = fields[..] else {
            return None;
        };
        if name.is_empty() || !matches!(fields.len(), 7 | 10) {
            return None;
        }
        let path = |bytes: &[u8]| PathBuf::from(OsString::from_vec(bytes.to_vec()));
        Some(Self {
            uid: std::str::from_utf8(uid).ok()?.parse().ok()?,
            name: String::from_utf8_lossy(name).into_owned(),
            home: path(home),
            shell: Some(path(shell)).filter(|shell| !shell.as_os_str().is_empty()),
        })
    }
}

/// A word as every shell takes it, to be copied: bare if nothing in it is special, else in single quotes.
fn quoted(word: &OsStr) -> String {
    posix::bare_word(word.as_encoded_bytes())
}

#[cfg(test)]
mod tests;
