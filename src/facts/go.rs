//! Go installations: recognised by their files, never by running them.

use std::path::PathBuf;

/// A folder that may hold the `go` command, and what its files say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoDir {
    /// The folder as found, never resolved: what would stand on PATH.
    pub bin: PathBuf,
    /// Whether `go` in it is an executable file.
    pub has_go: bool,
    /// `go` in it with all symbolic links resolved.
    pub real_go: Option<PathBuf>,
    /// The parent of `bin`, if it is a Go root (it holds `bin/go`, and `VERSION` or `pkg/tool`).
    pub root: Option<PathBuf>,
    /// First line of `VERSION` in the root of the resolved `go`, as bytes made text.
    pub version: Option<String>,
}

/// Every place where Go was looked for.
#[derive(Clone, Debug, Default)]
pub struct GoFacts {
    /// Folders that were asked for by name (flag, block, GOROOT), looked at whether or not Go is there.
    pub asked: Vec<GoDir>,
    /// Folders on PATH that hold `go`, in order.
    pub on_path: Vec<GoDir>,
    /// Well-known places that hold `go`, in order of preference.
    pub well_known: Vec<GoDir>,
}
