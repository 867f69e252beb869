//! An error as the user meets it: exit code, what was tried and why it failed, one hint.

use std::path::PathBuf;

use super::exit::Exit;
use crate::plan::Refusal;

/// An error that ends the run.
#[derive(Debug)]
pub(super) struct Failure {
    /// The exit code.
    pub(super) exit: Exit,
    /// What was tried on which file, and why it failed.
    pub(super) what: String,
    /// What to do about it.
    pub(super) hint: Option<String>,
    /// The file that it is about.
    pub(super) file: Option<PathBuf>,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self { exit: Exit::Refused, what: refusal.what, hint: refusal.hint, file: refusal.file }
    }
}
