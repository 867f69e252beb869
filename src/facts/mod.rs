//! READ edge: what is true of this machine and user, gathered once, without changing anything, as plain data.

mod ask;
pub mod go;
mod keeper;
pub mod process;
#[cfg(test)]
mod scratch;
pub mod snapshot;
pub mod user;

use std::path::PathBuf;

pub use go::{GoDir, GoFacts};
pub use process::Process;
pub use snapshot::{FileState, Meta, Snapshot};
pub use user::{User, UserError};

/// The operating system's habits, as far as they differ for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// macOS: terminals start login shells, `path_helper` reorders PATH.
    MacOs,
    /// Linux and everything else: terminals start shells that are not login shells.
    Linux,
}

impl Platform {
    /// The platform that this program was built for.
    pub const HERE: Self = if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };

    /// Whether terminals start login shells here by habit.
    pub const fn terminals_log_in(self) -> bool {
        matches!(self, Self::MacOs)
    }
}

/// The environment variables that we look at, as bytes; an empty variable counts as unset.
#[derive(Clone, Debug, Default)]
pub struct Env {
    /// `SHELL`: the login shell, by convention.
    pub shell: Option<PathBuf>,
    /// `ZDOTDIR`: where zsh looks for its startup files.
    pub zdotdir: Option<PathBuf>,
    /// `XDG_STATE_HOME`.
    pub xdg_state_home: Option<PathBuf>,
    /// `GOROOT`.
    pub goroot: Option<PathBuf>,
    /// `GOPATH`, a list separated by `:`.
    pub gopath: Option<std::ffi::OsString>,
    /// `PATH`, a list separated by `:`.
    pub path: Option<std::ffi::OsString>,
}

impl Env {
    /// Reads the environment. An empty variable counts as unset, as it does for Go and most shells; a relative path stays one.
    pub fn gather() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place where these variables are read"
        )]
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            shell: variable("SHELL").map(PathBuf::from),
            zdotdir: variable("ZDOTDIR").map(PathBuf::from),
            xdg_state_home: variable("XDG_STATE_HOME").map(PathBuf::from),
            goroot: variable("GOROOT").map(PathBuf::from),
            gopath: variable("GOPATH"),
            path: variable("PATH"),
        }
    }
}

/// What the system says of a failure, as it stands in a sentence: `permission denied`.
pub(crate) fn words(error: &std::io::Error) -> String {
    let text = error.to_string();
    // fs_err puts what it did to which file in front, and shows the system's error in no other way.
    let text = text
        .rsplit_once("`: ")
        .map_or(text.as_str(), |(_, system)| system);
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words() {
        let wrapped = fs_err::read("/nonexistent/file").unwrap_err();
        assert_eq!(
            wrapped.to_string(),
            "failed to open file `/nonexistent/file`: No such file or directory (os error 2)"
        );
        assert_eq!(words(&wrapped), "no such file or directory");
        assert_eq!(
            words(&std::io::Error::from_raw_os_error(13)),
            "permission denied"
        );
        assert_eq!(words(&std::io::Error::other("Odd")), "odd");
    }
}
