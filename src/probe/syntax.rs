//! The shell's own syntax check, of a file as it was and as it would be.
//!
//! It finds what no fence can: somebody wrapped the block in an `if`, and taking it out leaves `if … fi` with nothing
//! inside; an open quote swallows the block (mamba#1356).

use std::ffi::OsStr;
use std::time::Duration;

use super::{Outcome, Run, run, which};
use crate::shells::Shell;

const LIMIT: Duration = Duration::from_secs(10);

/// The shell's complaint about `after`, if it has none about `before`; `None` also where the shell is not installed.
pub fn breaks(shell: &dyn Shell, before: &[u8], after: &[u8]) -> Option<Vec<u8>> {
    let complaint = complaint(shell, after)?;
    match complaint_or_silence(shell, before) {
        Some(None) => Some(complaint),
        _ => None,
    }
}

fn complaint(shell: &dyn Shell, script: &[u8]) -> Option<Vec<u8>> {
    complaint_or_silence(shell, script)?
}

/// `None`: it could not be asked. `Some(None)`: it parses.
fn complaint_or_silence(shell: &dyn Shell, script: &[u8]) -> Option<Option<Vec<u8>>> {
    let mut check = Run::new(which(shell.name())?, LIMIT);
    check.args = shell.syntax_check().iter().map(|arg| OsStr::new(arg).to_owned()).collect();
    check.stdin = script.to_vec();
    match run(&check) {
        Outcome::Ended { success: true, .. } => Some(None),
        // zsh opens the file of `$(<file)` even when it only parses: judge by its words, not by its status alone.
        Outcome::Ended { stderr, .. } if shell.is_syntax_error(&stderr) => Some(Some(stderr)),
        Outcome::Ended { .. } => Some(None),
        Outcome::TimedOut | Outcome::NotStarted(_) => None,
    }
}
