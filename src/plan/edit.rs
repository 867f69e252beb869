//! One real file: what it was, what it becomes, and why.

use std::path::PathBuf;

use crate::facts::Snapshot;

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// It holds these bytes. Where it was missing, it is created, and the folders above it that were missing too.
    Bytes(Vec<u8>),
    /// It is removed, and then so many folders above it, as long as they are empty.
    Gone {
        /// How many folders above the file to remove, nearest first.
        rmdirs: u8,
    },
}

/// What an edit does, in the words that the user reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The file is created with the block.
    Create,
    /// The block is added to a file that had none.
    Insert,
    /// The block that is there changes.
    Update,
    /// The block is taken out, the file stays.
    Remove,
    /// The file becomes what it was before an earlier run.
    Restore,
    /// The block is taken out and nothing is left, so the file that we created goes too.
    Delete,
}

impl Action {
    /// The word for messages and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Remove => "remove",
            Self::Restore => "restore",
            Self::Delete => "delete",
        }
    }
}

/// One change to one real file.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The file as it was when we looked.
    pub target: Snapshot,
    /// Other names of the same file that the plan also covers.
    pub also: Vec<PathBuf>,
    /// The shell whose block this is, by name.
    pub shell: &'static str,
    /// Whether `--file` named the file: the block stays there in later runs.
    pub named: bool,
    /// What it becomes.
    pub after: After,
    /// Permission bits of a file that is created; `None`: those that any new file gets.
    pub mode: Option<u32>,
    /// What that means to the user.
    pub action: Action,
    /// Why this file, and why this place in it: whole sentences without a full stop.
    pub why: Vec<String>,
    /// Whether lines inside our fence that were changed by hand would be lost.
    pub loses_hand_edits: bool,
}

impl Edit {
    /// The bytes before; empty for a file that was missing.
    pub fn before(&self) -> &[u8] {
        self.target.bytes().unwrap_or_default()
    }

    /// The bytes after; empty for a file that goes.
    pub fn bytes_after(&self) -> &[u8] {
        match &self.after {
            After::Bytes(bytes) => bytes,
            After::Gone { .. } => &[],
        }
    }
}
