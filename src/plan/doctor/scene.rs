//! What the checks look at: plain data, gathered before any of them runs.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::Edit;
use super::super::apply::ApplyPlan;
use super::super::cell::Looked;
use super::super::life::Life;
use super::super::matrix::Row;
use super::super::proxy::walk::Outlook;
use super::super::request::Source;
use super::super::status::Report;
use super::Fix;
use super::chains::Chain;
use super::editors::Started;
use super::lives::{Sourced, Traced};
use crate::facts::contexts::Contexts;
use crate::facts::module::Module;
use crate::facts::path::Entry;
use crate::facts::{EnvFile, Facts, GoDir, Snapshot};
use crate::probe::gocommand::Ran;
use crate::probe::launch::Ended;
use crate::probe::report::Seen;
use crate::shells::{LaunchMode, posix};
use crate::text::show::tilde;

/// Everything that was observed.
pub struct Scene<'a> {
    /// What is true of this machine and user.
    pub facts: &'a Facts,
    /// What a bare `apply` would do; `None`: it was refused.
    pub plan: Option<&'a ApplyPlan>,
    /// What the startup files hold.
    pub status: &'a Report,
    /// Every start of a shell.
    pub starts: Vec<Observed>,
    /// The folder in which the block, or the one that `apply` would write, looks for `go`.
    pub named: Vec<Entry>,
    /// Every folder with a `go` on the PATH of a terminal, as it stands there.
    pub gos: Vec<GoDir>,
    /// The folders that hold a `go` and that lines about PATH name, or that a traced start had on PATH at some time.
    pub mentioned: Vec<PathBuf>,
    /// The folders of installed tools, and the names of the programs in each.
    pub tools: Vec<(PathBuf, Vec<OsString>)>,
    /// Every GOROOT that a start has.
    pub roots: Vec<Root>,
    /// The files that a GOENV names and that can be read.
    pub readable: Vec<PathBuf>,
    /// The roots of Go in which the file `go.env` is missing.
    pub without_defaults: Vec<PathBuf>,
    /// The file `go.env` in the root of the Go that terminals find.
    pub defaults: Option<EnvFile>,
    /// The module or workspace of the current folder.
    pub module: Option<Module>,
    /// What came of asking for a module, for each set of settings that terminals have; none where there is no Go.
    pub network: Vec<Outlook>,
    /// The file in which `go env -w` stores, as one to be written.
    pub env_file: Option<Snapshot>,
    /// What other tools brought that is not there any more, of [`super::leftovers::TOOLS`].
    pub gone: Vec<&'static str>,
    /// The starts that were traced, because something was found to be wrong in them; `None`: this is the first look.
    pub traced: Option<Vec<Traced>>,
    /// The files that those read beside the startup files.
    pub sourced: Vec<Sourced>,
    /// Every `go` that was run.
    pub ran: Vec<Ran>,
    /// The shell as editors start it.
    pub editors: Vec<Started>,
    /// The launch chains.
    pub chains: Vec<Chain>,
    /// Whether the user may not look into their home.
    pub closed: bool,
    /// The file with the keys of those who may come over ssh, if there is any.
    pub ssh_keys: Option<PathBuf>,
    /// Where Go is started by something other than a terminal, and what lies behind the Go of each start.
    pub contexts: Contexts,
}

/// Where the value of a variable of Go's comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The environment.
    Environment,
    /// The file of `go env -w`.
    Stored,
    /// `go.env` in the root of Go.
    Root,
}

/// What is where a GOROOT points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Where it points to.
    pub path: PathBuf,
    /// Whether a folder is there.
    pub is_folder: bool,
    /// Whether a file is there.
    pub is_file: bool,
    /// Whether it holds the compiler: `pkg/tool`.
    pub has_tools: bool,
    /// Whether it holds the library: `src/fmt`.
    pub has_library: bool,
}

/// A start of a shell, and what came of it.
pub struct Observed {
    /// The shell, and how it was started.
    pub row: Row,
    /// Whether a terminal starts the shell so here.
    pub terminal: bool,
    /// How it ended.
    pub ended: Ended,
    /// How long it took, while the others did.
    pub took: Duration,
    /// What it wrote to standard error, as far as it ended by itself. It may hold secrets.
    pub said: Vec<u8>,
    /// The folders on its PATH, in order.
    pub path: Vec<Entry>,
    /// Whether the shell itself finds a `go` where a tilde on its PATH leads: bash alone does.
    pub by_tilde: bool,
    /// What files say of the `go` that it finds, and of its GOROOT.
    pub looked: Looked,
}

impl Observed {
    /// Which start it is: `zsh -l -i`.
    pub fn name(&self) -> String {
        self.row.name()
    }

    /// Whether somebody types into it.
    pub fn terminal_like(&self) -> bool {
        matches!(self.row.mode, LaunchMode::Interactive | LaunchMode::LoginInteractive)
    }

    /// What it saw, if it came so far.
    pub fn seen(&self) -> Option<&Seen> {
        if let Ended::Reported(seen) = &self.ended { Some(seen) } else { None }
    }

    /// The value of a variable; `None`: it is not exported, or empty.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        self.seen()?.variable(name)
    }

    /// The `go` that it finds.
    pub fn go(&self) -> Option<&Path> {
        self.seen()?.go.as_deref()
    }
}

impl Scene<'_> {
    /// The starts that told what they saw.
    pub fn seen(&self) -> impl Iterator<Item = &Observed> {
        self.starts.iter().filter(|start| start.seen().is_some())
    }

    /// The starts of terminals that told what they saw.
    pub fn terminals(&self) -> impl Iterator<Item = &Observed> {
        self.seen().filter(|start| start.terminal)
    }

    /// The starts that should find Go: those of terminals, and whatever the blocks promise.
    pub fn promised(&self) -> impl Iterator<Item = &Observed> {
        self.seen().filter(|start| start.terminal || start.row.promised)
    }

    /// The folder of the Go that a bare `apply` chooses, if it is there.
    pub fn chosen(&self) -> Option<&Path> {
        let go = &self.plan?.settings.go.value;
        go.bin.as_deref().filter(|_| go.present)
    }

    /// The folder in which the blocks look for Go, if it is not there any more.
    pub fn gone(&self) -> Option<&Path> {
        let go = &self.plan.filter(|plan| plan.settings.go.from == Source::Block)?.settings.go.value;
        go.bin.as_deref().filter(|_| !go.present)
    }

    /// The fix by our own block; where it is in place already, another line must be at fault.
    pub fn apply(&self, shell: &str, variable: &str) -> Fix {
        let changes = self.plan.is_none_or(|plan| {
            let of_shell = |edit: &Edit| edit.shell == shell || shell.is_empty();
            plan.plan.edits.iter().any(of_shell) || !plan.plan.refused.is_empty()
        });
        // A block that looks for Go where it is no more is as `apply` leaves it.
        if changes || self.gone().is_some() && !self.named_root().is_empty() {
            self.apply_for(shell)
        } else {
            Fix::Advice(format!(
                "the block is in place: find the line that changes {variable} behind it with \
                 `goenv-setup explain {variable} --shell {shell}`"
            ))
        }
    }

    /// The command that writes the block of a shell.
    pub fn apply_for(&self, shell: &str) -> Fix {
        Fix::Command(format!("goenv-setup apply --shell {shell}{}", self.named_root()))
    }

    /// ` --goroot DIR` for a command, where a start finds a Go, or a line names one, that `apply` does not know of.
    pub fn named_root(&self) -> String {
        let of_start = self.seen().find_map(Observed::go).and_then(Path::parent);
        let usual = || self.facts.go.well_known.first().map(|dir| dir.bin.as_path());
        let elsewhere = of_start.or(self.mentioned.first().map(PathBuf::as_path)).or_else(usual);
        let elsewhere = elsewhere.filter(|_| self.chosen().is_none());
        let root = elsewhere.filter(|bin| bin.ends_with("bin")).and_then(Path::parent);
        root.map_or_else(String::new, |root| format!(" --goroot {}", self.word(root)))
    }

    /// Whether the user has to do with a start: it is of a shell that a terminal starts, or blocks promise Go there.
    pub fn is_used(&self, start: &Observed) -> bool {
        let same = |other: &Observed| other.row.program.label == start.row.program.label;
        start.row.promised || self.starts.iter().any(|other| other.terminal && same(other))
    }

    /// The value of a variable of Go's that counts in a start, and where it comes from. Source: cmd/go/internal/cfg.
    pub fn effective(&self, start: &Observed, name: &str) -> Option<(OsString, Origin)> {
        if let Some(value) = start.variable(name) {
            return Some((value.to_owned(), Origin::Environment));
        }
        // What a start cannot be told by a file: where that file is.
        let file = |file: &Option<EnvFile>| {
            file.as_ref().filter(|_| name != "GOENV").and_then(|file| file.value(name).map(OsStr::to_owned))
        };
        let off = start.variable("GOENV").is_some_and(|value| value == "off");
        let stored = if off { None } else { file(&self.facts.go.env_file) };
        stored.map(|value| (value, Origin::Stored)).or_else(|| file(&self.defaults).map(|value| (value, Origin::Root)))
    }

    /// A file as it was when we looked: a startup file, or one that a traced start has read.
    pub fn file(&self, path: &Path) -> Option<&Snapshot> {
        let sourced = || self.sourced.iter().find(|file| file.snapshot.asked == path).map(|file| &file.snapshot);
        self.facts.find(path).or_else(sourced)
    }

    /// Whether no start was traced yet: what is found is looked at once more if a trace can tell more of it.
    pub fn is_first_look(&self) -> bool {
        self.traced.is_none()
    }

    /// What a traced start told.
    pub fn traced(&self, start: &Observed) -> Option<&Traced> {
        let name = start.name();
        self.traced.iter().flatten().find(|traced| traced.start == name)
    }

    /// The life of a variable in a start, if that was traced and came to the same end as the start itself.
    pub fn life(&self, start: &Observed, variable: &str) -> Option<&Life> {
        let life = self.traced(start)?.lives.iter().find(|life| life.variable == variable)?;
        let same = start.variable(variable).map(std::os::unix::ffi::OsStrExt::as_bytes) == life.last.as_deref();
        same.then_some(life)
    }

    /// What came of running this `go`.
    pub fn ran(&self, go: &Path) -> Option<&Ran> {
        self.ran.iter().find(|ran| ran.go == go)
    }

    /// What is where a GOROOT points to.
    pub fn root(&self, path: &Path) -> Option<&Root> {
        self.roots.iter().find(|root| root.path == path)
    }

    /// A path as a word of a command to copy.
    pub fn word(&self, path: &Path) -> String {
        posix::word(path, &self.facts.user.home)
    }

    /// A path as it is shown.
    pub fn show(&self, path: &Path) -> String {
        tilde(path, &self.facts.user.home)
    }

    /// The starts in which something holds, as one name each, by the value that they share.
    pub fn by_value<T: PartialEq>(starts: impl Iterator<Item = (String, T)>) -> Vec<(T, Vec<String>)> {
        let mut found: Vec<(T, Vec<String>)> = Vec::new();
        for (name, value) in starts {
            if let Some((_, names)) = found.iter_mut().find(|(known, _)| *known == value) {
                names.push(name);
            } else {
                found.push((value, vec![name]));
            }
        }
        found
    }
}
