//! What the user wants, and each resolved setting with where it came from.

use std::ffi::OsString;
use std::path::PathBuf;

use super::profile::Profile;
use crate::shells::Reach;

/// What was asked for on the command line, before anything is looked up.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `--shell`, each.
    pub shells: Vec<String>,
    /// `--all-shells`.
    pub all_shells: bool,
    /// `--reach`.
    pub reach: Option<Reach>,
    /// `--file`, each, made absolute.
    pub files: Vec<PathBuf>,
    /// `--goroot`.
    pub goroot: Option<PathBuf>,
    /// `--gopath`: a list separated by `:`.
    pub gopath: Option<OsString>,
    /// `--gobin`; empty: none.
    pub gobin: Option<OsString>,
    /// `--portable`, or `--no-portable`.
    pub portable: Option<bool>,
    /// `--no-goroot`.
    pub no_goroot: bool,
    /// `--profile`; what it says of the others stands in them already.
    pub profile: Option<&'static Profile>,
    /// The folder of the Go that was picked from the menu.
    pub picked: Option<PathBuf>,
}

/// Where a setting came from, in the order in which they win.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A flag on the command line.
    Flag,
    /// The profile on the command line.
    Profile,
    /// The menu.
    Menu,
    /// An intact block of ours.
    Block,
    /// The environment.
    Env,
    /// The file of `go env -w`.
    GoEnv,
    /// The `go` command on PATH.
    Path,
    /// A well-known place.
    WellKnown,
    /// Nothing said otherwise.
    Default,
}

impl Source {
    /// The word for messages and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Profile => "profile",
            Self::Menu => "menu",
            Self::Block => "block",
            Self::Env => "environment",
            Self::GoEnv => "go env -w",
            Self::Path => "PATH",
            Self::WellKnown => "well-known place",
            Self::Default => "default",
        }
    }
}

/// A setting and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub from: Source,
}
