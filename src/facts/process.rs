//! The processes that started us: from the parent up to the first one.

use std::path::PathBuf;

/// What a process reads as its standard input, as far as it can be told from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// A terminal.
    Terminal,
    /// A pipe, a file, a socket, `/dev/null`.
    Other,
    /// It cannot be told.
    Unknown,
}

/// One ancestor of this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its process id.
    pub pid: u32,
    /// Its arguments as bytes, `argv[0]` first; may be empty where the system does not tell.
    pub argv: Vec<Vec<u8>>,
    /// The file that it runs, where the system tells.
    pub exe: Option<PathBuf>,
    /// What it reads.
    pub stdin: Stdin,
    /// Whether it started the next process down in a process group of its own, as a shell with job control does.
    pub job_control: Option<bool>,
}
