//! The shell's own syntax check, of a file as it was and as it would be.
//!
//! It finds what no fence can: somebody wrapped the block in an `if`, and taking it out leaves `if … fi` with nothing
//! inside; an open quote swallows the block (mamba#1356).

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use super::{Outcome, Run, run, which};
use crate::shells::Shell;

const LIMIT: Duration = Duration::from_secs(10);

/// What a shell says of a script.
enum Verdict {
    Parses,
    Complains(Vec<u8>),
    /// The shell did not answer.
    Unknown,
}

/// What a shell makes of a change to a file that it reads.
pub enum Judgement {
    /// Nothing speaks against it, or the shell could not be asked.
    Fine,
    /// It parses before and not after, with the shell's words.
    Breaks(Vec<u8>),
    /// What stands behind its end is not read as code: an open here-document takes it.
    Swallows,
    /// It does not parse as it is, with the shell's words, so lines at its end may not be reached.
    Unparsed(Vec<u8>),
}

/// Judges a change; `at_the_end`: the new lines are added there. Each form of the file is parsed once. `installed_as` is
/// where the shell is, should it go by another name on the system's own PATH.
pub fn judge(
    shell: &dyn Shell,
    installed_as: Option<&Path>,
    before: &[u8],
    after: &[u8],
    at_the_end: bool,
) -> Judgement {
    let Some(program) = which(shell.name()).or_else(|| installed_as.map(Path::to_path_buf)) else {
        return Judgement::Fine;
    };
    let ask = |script: &[u8]| ask(shell, &program, script);
    match ask(before) {
        Verdict::Complains(words) if at_the_end => Judgement::Unparsed(words),
        Verdict::Complains(_) | Verdict::Unknown => Judgement::Fine,
        Verdict::Parses => match ask(after) {
            Verdict::Complains(words) => Judgement::Breaks(words),
            // A line that no shell accepts passes unseen.
            _ if at_the_end && matches!(ask(&[before, shell.nonsense()].concat()), Verdict::Parses) => {
                Judgement::Swallows
            }
            _ => Judgement::Fine,
        },
    }
}

fn ask(shell: &dyn Shell, program: &Path, script: &[u8]) -> Verdict {
    let options = shell.syntax_check();
    if options.is_empty() {
        return Verdict::Unknown; // it would run the script
    }
    let mut check = Run::new(program.to_path_buf(), LIMIT);
    check.args = options.iter().map(|arg| OsStr::new(arg).to_owned()).collect();
    check.stdin = script.to_vec();
    match run(&check) {
        Outcome::Ended { success: true, .. } => Verdict::Parses,
        // zsh opens the file of `$(<file)` even when it only parses: judge by its words, not by its status alone.
        Outcome::Ended { stderr, .. } if shell.is_syntax_error(&stderr) => Verdict::Complains(stderr),
        Outcome::Ended { .. } => Verdict::Parses,
        Outcome::TimedOut | Outcome::Stopped | Outcome::NotStarted(_) => Verdict::Unknown,
    }
}
