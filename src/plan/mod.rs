//! PURE: facts and a request go in, a plan comes out: which files, what block, and why.
//!
//! - What changes: [`request`], [`apply`], [`uninstall`], [`restore`] and [`status`] give a [`Plan`] of [`edit`]s.
//! - Which shell, and which of its files: [`detect`], [`shell_choice`], [`files`].
//! - Which Go: [`installs`] and [`kinds`] (data), [`stable`] (the name that stays), [`settings`], [`profile`], [`goversion`],
//!   [`binary`].
//! - Where in a file: [`scan`] (the syntax of shells), [`place`], [`own_lines`] (the user's own Go lines), [`culprit`].
//! - What a start should find: [`coverage`], [`verdict`], and the [`matrix`] of them.
//! - Why it does not: [`trace`] and [`life`] (`explain`), [`doctor`] with its checks, [`proxy`] (GOPROXY as Go walks it).
//! - What may be shown: [`secret`], [`variables`], [`last_words`].
//!
//! Invariant: planning again on what a plan made gives an empty plan. `apply --check` and `status` rest on it.

pub mod apply;
pub mod binary;
pub mod cell;
pub mod coverage;
pub mod culprit;
pub mod detect;
pub mod doctor;
pub mod edit;
pub mod files;
pub mod goversion;
pub mod installs;
pub mod kinds;
pub mod last_words;
pub mod life;
pub mod matrix;
pub mod menu;
pub mod own_lines;
pub mod paste;
pub mod place;
pub mod profile;
pub mod proxy;
mod refusal;
pub mod request;
pub mod restore;
pub mod scan;
pub mod secret;
pub mod settings;
pub mod shell_choice;
pub mod stable;
pub mod status;
pub mod trace;
pub mod uninstall;
pub mod variables;
pub mod verdict;

use std::ffi::OsString;
use std::path::PathBuf;

pub use edit::{Action, After, Edit};
pub use refusal::Refusal;
pub use refusal::cannot_write as cannot_change;
use refusal::{bad_fence, cannot_write};
pub use request::{Request, Setting, Source};
pub use settings::Settings;

use crate::shells::LaunchMode;

/// What is to be done, and what the user should know of it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// One edit a real file.
    pub edits: Vec<Edit>,
    /// What cannot be done, each with its reason.
    pub refused: Vec<Refusal>,
    /// What a new shell will find.
    pub promises: Vec<Promise>,
    /// What the user should know.
    pub notes: Vec<Note>,
}

impl Plan {
    /// Whether nothing would change and nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.refused.is_empty()
    }
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Good to know.
    Note,
    /// Something may not work as wished.
    Warning,
}

/// Something that the user should know: one sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How much it matters.
    pub level: Level,
    /// The sentence.
    pub text: String,
}

impl Note {
    /// Good to know.
    pub fn note(text: impl Into<String>) -> Self {
        Self { level: Level::Note, text: text.into() }
    }

    /// Something may not work as wished.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { level: Level::Warning, text: text.into() }
    }
}

/// What a new shell will find in a launch mode after the plan is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The shell's name.
    pub shell: &'static str,
    /// How it is started.
    pub mode: LaunchMode,
    /// The folder with `go`; `None` where a version manager brings it.
    pub go: Option<PathBuf>,
    /// GOROOT, if it is exported.
    pub goroot: Option<PathBuf>,
    /// GOPATH.
    pub gopath: OsString,
    /// GOBIN, if the block sets it.
    pub gobin: Option<PathBuf>,
}
