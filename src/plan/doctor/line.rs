//! A line of a startup file as evidence.

use std::path::PathBuf;

use super::Evidence;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file.
    pub file: PathBuf,
    /// Its number; the first is 1.
    pub number: usize,
    /// How it was found.
    pub how: How,
}

/// How a line was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The shell did it there.
    Traced,
    /// The shell did it there or in something that the line runs.
    Runs,
    /// By reading the startup files: nothing says that the shell comes there.
    Read,
}

impl Line {
    /// As evidence: what the line does, to follow "which".
    pub fn evidence(self, what: &str) -> Evidence {
        let what = match self.how {
            How::Traced => what.to_owned(),
            How::Runs => format!("{what}, or runs what does"),
            How::Read => format!("{what}, as far as reading tells"),
        };
        Evidence::Line { file: self.file, line: self.number, what }
    }
}
