//! An error as the user meets it: exit code, what was tried and why it failed, one hint.

use std::path::PathBuf;

use super::exit::Exit;
use crate::plan::Refusal;
use crate::transaction;

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

impl From<transaction::Failure> for Failure {
    fn from(failure: transaction::Failure) -> Self {
        use transaction::Failure as Kind;
        let (exit, file) = match &failure {
            Kind::Changed { path, .. } | Kind::Refused { path, .. } => (Exit::Refused, Some(path.clone())),
            Kind::RolledBack { path, .. } | Kind::Unpurged { path, .. } | Kind::Unrecovered { path, .. } => {
                (Exit::Failed, Some(path.clone()))
            }
            Kind::Stuck { .. } => (Exit::Failed, None),
            Kind::Busy { .. } => (Exit::Refused, None),
            Kind::Interrupted => (Exit::Interrupted, None),
        };
        Self { exit, what: failure.to_string(), hint: failure.hint(), file }
    }
}
