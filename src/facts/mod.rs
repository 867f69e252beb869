//! READ edge: what is true of this machine and user, gathered once, without changing anything, as plain data.

pub mod go;
pub mod process;
pub mod snapshot;
pub mod user;

use std::path::PathBuf;

pub use go::{GoDir, GoFacts};
pub use process::Process;
pub use snapshot::{FileState, Meta, Snapshot};
pub use user::User;

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
