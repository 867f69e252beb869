//! The exit codes: a contract, scripts rely on them.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, nothing to do, or a dry run.
    Done = 0,
    /// Not as wished: `--check` found changes, the user said no, a damaged file had to be left.
    NotAsWished = 1,
    /// Wrong usage, or a question without a terminal.
    Usage = 2,
    /// Refused, nothing changed.
    Refused = 3,
    /// Failed and rolled back.
    Failed = 4,
    /// Interrupted.
    Interrupted = 130,
}

impl Exit {
    /// Not as wished, where this would have been done.
    #[must_use]
    pub const fn unless(self, problem: bool) -> Self {
        if problem && matches!(self, Self::Done) { Self::NotAsWished } else { self }
    }

    /// The number.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_codes_are_a_contract() {
        let codes = [Exit::Done, Exit::NotAsWished, Exit::Usage, Exit::Refused, Exit::Failed, Exit::Interrupted]
            .map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3, 4, 130]);
    }
}
