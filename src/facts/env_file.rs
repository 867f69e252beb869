//! The file in which `go env -w` keeps its settings. Source of the facts: cmd/go/internal/cfg, `EnvFile` and `readEnvFile`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::{Env, Platform, go};

/// How much of the file is read, in bytes.
const SIZE: u64 = 64 * 1024;

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFile {
    /// The file.
    pub path: PathBuf,
    /// Each variable with its value, in the file's order.
    pub values: Vec<(OsString, OsString)>,
    /// All of it, as far as it was read.
    pub bytes: Vec<u8>,
}

impl EnvFile {
    /// What counts for a variable: its last value; one that is empty is none.
    pub fn value(&self, name: &str) -> Option<&OsStr> {
        let last = self.values.iter().rev().find(|(variable, _)| variable == name);
        last.map(|(_, value)| value.as_os_str()).filter(|value| !value.is_empty())
    }

    /// Whether the last line that sets a variable sets it to nothing.
    pub fn is_empty(&self, name: &str) -> bool {
        self.values.iter().rev().find(|(variable, _)| variable == name).is_some_and(|(_, value)| value.is_empty())
    }

    /// The line of that value; the first is 1.
    pub fn line(&self, name: &str) -> Option<usize> {
        let sets = |line: &[u8]| line.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"="));
        let found = self.bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| sets(line));
        found.last().map(|(index, _)| index + 1)
    }
}

/// Reads it, if it is a regular file: the one that GOENV names, else `go/env` in the folder for the user's settings.
pub(super) fn gather(home: &Path, env: &Env, platform: Platform) -> Option<EnvFile> {
    let path = match (&env.goenv, platform) {
        (Some(off), _) if off.as_os_str() == "off" => return None,
        (Some(path), _) => path.clone(),
        (None, Platform::MacOs) => home.join("Library/Application Support/go/env"),
        // Go refuses a relative folder there (`os.UserConfigDir`).
        (None, Platform::Linux) => match &env.config_home {
            Some(folder) if folder.is_absolute() => folder.join("go/env"),
            Some(_) => return None,
            None => home.join(".config/go/env"),
        },
    };
    open(path)
}

/// Reads such a file, if it is a regular one; `go.env` in a Go root is another.
pub fn open(path: PathBuf) -> Option<EnvFile> {
    let bytes = go::beginning(&path, SIZE)?;
    Some(EnvFile { values: read(&bytes), path, bytes })
}

/// The lines `NAME=value`; what does not begin with a capital letter is a comment.
fn read(bytes: &[u8]) -> Vec<(OsString, OsString)> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| line.first().is_some_and(u8::is_ascii_uppercase));
    let pair = |line: &[u8]| {
        let at = line.iter().position(|byte| *byte == b'=')?;
        Some((OsStr::from_bytes(&line[..at]).to_owned(), OsStr::from_bytes(&line[at + 1..]).to_owned()))
    };
    lines.filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_go_reads_them() {
        let values =
            read(b"# GOBIN=/a\nGOBIN=/b\n GOBIN=/c\nexport GOBIN=/d\nGOPATH=/x=y\r\nGOFLAGS\nGOBIN=/e\nGOROOT=");
        let file = EnvFile { path: "/h/go/env".into(), values, bytes: Vec::new() };
        assert_eq!(file.value("GOBIN"), Some(OsStr::new("/e")));
        assert_eq!(file.value("GOPATH"), Some(OsStr::new("/x=y\r")));
        assert_eq!(file.value("GOROOT"), None);
        assert_eq!(file.value("GOFLAGS"), None);
    }
}
