//! The shell's own syntax check, of a file as it was and as it would be.
//!
//! It finds what no fence can: somebody wrapped the block in an `if`, and taking it out leaves `if … fi` with nothing
//! inside; an open quote swallows the block (mamba#1356).

use std::ffi::OsStr;
use std::time::Duration;

use super::{Outcome, Run, run, which};
use crate::shells::Shell;

const LIMIT: Duration = Duration::from_secs(10);

/// What a shell says of a script.
enum Verdict {
    Parses,
    Complains(Vec<u8>),
    /// The shell is not installed, or did not answer.
    Unknown,
}

/// The shell's complaint about `after`, if it has none about `before`.
pub fn breaks(shell: &dyn Shell, before: &[u8], after: &[u8]) -> Option<Vec<u8>> {
    match (ask(shell, after), ask(shell, before)) {
        (Verdict::Complains(words), Verdict::Parses) => Some(words),
        _ => None,
    }
}

/// Whether what stands behind the end of a file would not be read as code: an open here-document takes it. (A line that
/// no shell accepts passes unseen.)
pub fn swallows(shell: &dyn Shell, file: &[u8]) -> bool {
    let behind = [file, b"\n;;\n"].concat();
    matches!((ask(shell, file), ask(shell, &behind)), (Verdict::Parses, Verdict::Parses))
}

/// The shell's complaint about a file as it is.
pub fn complaint(shell: &dyn Shell, file: &[u8]) -> Option<Vec<u8>> {
    match ask(shell, file) {
        Verdict::Complains(words) => Some(words),
        Verdict::Parses | Verdict::Unknown => None,
    }
}

fn ask(shell: &dyn Shell, script: &[u8]) -> Verdict {
    let Some(program) = which(shell.name()) else { return Verdict::Unknown };
    let mut check = Run::new(program, LIMIT);
    check.args = shell.syntax_check().iter().map(|arg| OsStr::new(arg).to_owned()).collect();
    check.stdin = script.to_vec();
    match run(&check) {
        Outcome::Ended { success: true, .. } => Verdict::Parses,
        // zsh opens the file of `$(<file)` even when it only parses: judge by its words, not by its status alone.
        Outcome::Ended { stderr, .. } if shell.is_syntax_error(&stderr) => Verdict::Complains(stderr),
        Outcome::Ended { .. } => Verdict::Parses,
        Outcome::TimedOut | Outcome::NotStarted(_) => Verdict::Unknown,
    }
}
