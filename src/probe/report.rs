//! What a shell hands down to the programs that it starts: told by this very program, started by the shell.
//!
//! The shell runs one command, the same in every shell: our own file with [`REPORTER`] and a file to write to. So nothing
//! has to be quoted back out of any shell, what a startup file prints is never taken for an answer, and `go` is looked
//! for as any program would look for it. Of aliases and functions of the shell is seen only whether one is called `go`.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use fs_err::os::unix::fs::OpenOptionsExt as _;

use super::is_program;
use crate::plan::proxy::web;

/// The hidden first argument under which this program reports.
pub const REPORTER: &str = "__report";

/// The variables that are reported, beside those with a beginning of [`BEGIN`] and those of the web.
const TOLD: &[&str] = &["PATH", "HOME"];

/// How the names of the others begin: Go's own and goenv's; where programs keep settings and caches; what the shims of
/// version managers go by.
const BEGIN: &[&[u8]] = &[b"GO", b"CGO_", b"XDG_", b"ASDF_", b"MISE_"];

/// The last record: without it, the report is not whole.
const END: &[u8] = b"end";

/// What a shell ended up with, as a program that it starts finds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// `go` as PATH finds it.
    pub go: Option<PathBuf>,
    /// The same with all links resolved.
    pub real_go: Option<PathBuf>,
    /// What the shell itself takes `go` for, where it was asked and that is no command.
    pub shadow: Option<Shadow>,
    /// The file in which that is made, where the shell tells.
    pub shadow_file: Option<PathBuf>,
    /// PATH, HOME, the variables whose name begins with GO, `CGO_`, `XDG_`, `ASDF_` or `MISE_`, and those that say how Go
    /// gets at a server. Some hold secrets.
    pub variables: Vec<(OsString, OsString)>,
}

/// What stands in front of a command in a shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shadow {
    /// An alias.
    Alias,
    /// A function.
    Function,
}

impl Shadow {
    /// What it is, in one word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Function => "function",
        }
    }

    /// From the words of a shell: `alias`, `go: function`.
    fn of(words: &[u8]) -> Option<Self> {
        [Self::Alias, Self::Function].into_iter().find(|shadow| words.ends_with(shadow.word().as_bytes()))
    }
}

impl Seen {
    /// The value of a variable; `None`: it is not exported, or empty, which is the same to Go.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        let found = self.variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_os_str()).filter(|value| !value.is_empty())
    }
}

/// Writes what this process sees to `file`, whole or not at all. `called`: what the shell says that `go` is, if it was asked.
pub fn write(file: &Path, called: &[OsString]) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "the environment that the shell handed down is what is asked for")]
    let variables = std::env::vars_os();
    let web = |name: &OsStr| web::VARIABLES.iter().any(|known| name == *known);
    let told = |name: &OsStr| {
        let begins = BEGIN.iter().any(|begin| name.as_bytes().starts_with(begin));
        TOLD.iter().any(|told| name == *told) || begins || web(name)
    };
    let variables: Vec<(OsString, OsString)> = variables.filter(|(name, _)| told(name)).collect();
    let path = variables.iter().find(|(name, _)| name == "PATH").map(|(_, path)| path.as_os_str());
    let go = path.and_then(find_go);
    let real_go = go.as_ref().and_then(|go| fs_err::canonicalize(go).ok());
    let mut records: Vec<Vec<u8>> =
        [go, real_go].map(|path| path.map(|path| path.into_os_string().into_vec()).unwrap_or_default()).into();
    let shadow = called.iter().find_map(|words| Shadow::of(words.as_bytes().trim_ascii()));
    records.push(shadow.map(|shadow| shadow.word().into()).unwrap_or_default());
    let made_in = called.iter().find(|words| Path::new(words).is_absolute() && shadow.is_some());
    records.push(made_in.map(|file| file.as_bytes().to_vec()).unwrap_or_default());
    records.extend(variables.into_iter().map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat()));
    records.push(END.to_vec());
    let draft = file.with_extension("part");
    let mut private = fs_err::OpenOptions::new();
    private.write(true).create(true).truncate(true).mode(0o600);
    private.open(&draft)?.write_all(&records.join(&0))?;
    fs_err::rename(&draft, file)
}

/// Reads such a file; `None`: the shell did not come so far.
pub fn read(file: &Path) -> Option<Seen> {
    let bytes = fs_err::read(file).ok()?;
    let mut records: Vec<&[u8]> = bytes.split(|byte| *byte == 0).collect();
    if records.pop() != Some(END) || records.len() < 4 {
        return None;
    }
    let path = |record: &[u8]| (!record.is_empty()).then(|| PathBuf::from(OsStr::from_bytes(record)));
    let variables = records[4..].iter().filter_map(|record| {
        let at = record.iter().position(|byte| *byte == b'=')?;
        Some((OsStr::from_bytes(&record[..at]).to_owned(), OsStr::from_bytes(&record[at + 1..]).to_owned()))
    });
    let (go, real_go, shadow) = (path(records[0]), path(records[1]), Shadow::of(records[2]));
    let shadow_file = path(records[3]);
    Some(Seen { go, real_go, shadow, shadow_file, variables: variables.collect() })
}

/// The first `go` on PATH; an empty entry is the current folder (execvp(3)).
fn find_go(path: &OsStr) -> Option<PathBuf> {
    let entries = path.as_bytes().split(|byte| *byte == b':');
    let folders =
        entries.map(|entry| if entry.is_empty() { Path::new(".") } else { Path::new(OsStr::from_bytes(entry)) });
    folders.map(|folder| folder.join("go")).find(|go| is_program(go))
}
