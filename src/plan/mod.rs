//! PURE: facts and a request go in, a plan comes out: which files, what block, and why.
//!
//! Invariant: planning again on what a plan made gives an empty plan. `apply --check` and `status` rest on it.

pub mod apply;
pub mod detect;
pub mod edit;
pub mod goversion;
pub mod own_lines;
pub mod paste;
pub mod place;
pub mod request;
pub mod restore;
pub mod scan;
pub mod settings;
pub mod shell_choice;
pub mod stable;
pub mod status;
pub mod uninstall;

use std::ffi::OsString;
use std::path::PathBuf;

pub use edit::{Action, After, Edit};
pub use request::{Request, Setting, Source};
pub use settings::Settings;

use crate::facts::{FileState, Snapshot, snapshot::Obstacle, snapshot::Unusable};
use crate::shells::LaunchMode;
use crate::text::show::{sanitise, tilde};

/// What is to be done, and what the user should know of it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// One edit a real file.
    pub edits: Vec<Edit>,
    /// What cannot be done, each with its reason.
    pub refused: Vec<Refusal>,
    /// What a new shell will find.
    pub promises: Vec<Promise>,
    /// What the user should know.
    pub notes: Vec<Note>,
}

impl Plan {
    /// Whether nothing would change and nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.refused.is_empty()
    }
}

/// Something that cannot be done; nothing is changed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The file that it is about, if it is about one.
    pub file: Option<PathBuf>,
    /// What was tried on which file, and why it failed.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Refusal {
    /// A refusal of a setting.
    pub fn setting(what: String, hint: String) -> Self {
        Self { file: None, what, hint: Some(hint) }
    }
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Good to know.
    Note,
    /// Something may not work as wished.
    Warning,
}

/// Something that the user should know: one sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How much it matters.
    pub level: Level,
    /// The sentence.
    pub text: String,
}

impl Note {
    /// Good to know.
    pub fn note(text: impl Into<String>) -> Self {
        Self { level: Level::Note, text: text.into() }
    }

    /// Something may not work as wished.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { level: Level::Warning, text: text.into() }
    }
}

/// What a new shell will find in a launch mode after the plan is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The shell's name.
    pub shell: &'static str,
    /// How it is started.
    pub mode: LaunchMode,
    /// The folder with `go`; `None` where a version manager brings it.
    pub go: Option<PathBuf>,
    /// GOROOT, if it is exported.
    pub goroot: Option<PathBuf>,
    /// GOPATH.
    pub gopath: OsString,
}

/// Why this file cannot be written, if it cannot.
pub(crate) fn cannot_write(snapshot: &Snapshot, home: &std::path::Path) -> Option<Refusal> {
    let name = tilde(&snapshot.asked, home);
    let real = if snapshot.real == snapshot.asked { name.clone() } else { tilde(&snapshot.real, home) };
    let linked = if real == name { String::new() } else { format!("it is a link to `{real}`, and ") };
    let word = crate::shells::posix::quote_path(
        std::os::unix::ffi::OsStrExt::as_bytes(snapshot.real.as_os_str()),
        home,
        "$HOME",
    );
    let word = sanitise(&word);
    let by_hand =
        "to put the block elsewhere: `goenv-setup apply --file FILE`, or paste what `goenv-setup print` prints";
    let (why, hint) = match (&snapshot.state, &snapshot.obstacle) {
        (FileState::Unusable(unusable), _) => match unusable {
            Unusable::Directory => {
                ("it is a folder".to_owned(), format!("look at it with `ls -ld {word}`; a startup file must be a file"))
            }
            Unusable::Special(kind) => {
                (format!("it is {kind}"), format!("look at it with `ls -l {word}`; a startup file must be a file"))
            }
            Unusable::Dangling { target } => (
                format!("it is a link to `{}`, which does not exist", tilde(target, home)),
                format!(
                    "remove the link with `rm {}`, or create its target",
                    sanitise(&crate::shells::posix::quote_path(
                        std::os::unix::ffi::OsStrExt::as_bytes(snapshot.asked.as_os_str()),
                        home,
                        "$HOME"
                    ))
                ),
            ),
            Unusable::Unreadable(words) => {
                (format!("it cannot be read: {words}"), format!("make it readable with `chmod u+rw {word}`"))
            }
            Unusable::TooLarge(size) => {
                (format!("it has {size} bytes, more than any startup file"), by_hand.to_owned())
            }
        },
        (_, Some(obstacle)) => match obstacle {
            Obstacle::ReadOnly => {
                (format!("{linked}it is read-only"), format!("make it writable with `chmod u+w {word}`"))
            }
            Obstacle::FolderReadOnly(folder) => {
                let folder = sanitise(&crate::shells::posix::quote_path(
                    std::os::unix::ffi::OsStrExt::as_bytes(folder.as_os_str()),
                    home,
                    "$HOME",
                ));
                (format!("{linked}its folder is read-only"), format!("make it writable with `chmod u+w {folder}`"))
            }
            Obstacle::FileSystemReadOnly => {
                (format!("{linked}its file system is mounted read-only"), by_hand.to_owned())
            }
            Obstacle::HardLinks(count) => (
                format!("{linked}it has {count} names (hard links), and replacing one would part them"),
                format!(
                    "find the others with `find \"$HOME\" -samefile {word}`, or use `goenv-setup apply --file FILE`"
                ),
            ),
            Obstacle::Owner(uid) => (
                format!("{linked}it belongs to user {uid}"),
                format!("make it yours with `sudo chown \"$USER\" {word}`"),
            ),
            Obstacle::MountPoint => (format!("{linked}it is a mount point of its own"), by_hand.to_owned()),
            Obstacle::Store => (
                format!("{linked}it lies in a read-only store (Nix, Guix)"),
                "add the lines of `goenv-setup print` to the configuration that makes this file".to_owned(),
            ),
        },
        _ => return None,
    };
    Some(Refusal {
        file: Some(snapshot.asked.clone()),
        what: format!("cannot change `{name}`: {why}"),
        hint: Some(hint),
    })
}

/// Why the fence in this file cannot be worked with, if it cannot.
pub(crate) fn bad_fence(
    fence: &crate::text::fence::FenceState,
    snapshot: &Snapshot,
    home: &std::path::Path,
) -> Option<Refusal> {
    use crate::text::fence::FenceState;
    let name = tilde(&snapshot.asked, home);
    let (why, hint) = match fence {
        FenceState::Newer { line } => (
            format!("the block at line {line} was written by a newer goenv-setup"),
            "update this program, then try again; `goenv-setup --version` tells its version".to_owned(),
        ),
        FenceState::Damaged { lines } => {
            let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
            let first = lines.first().map_or("1", String::as_str);
            (
                format!(
                    "the fence of the block is damaged at line {}: its marker lines make no pair",
                    lines.join(", ")
                ),
                format!(
                    "take the block out by hand: `${{EDITOR:-vi}} +{first} {}`",
                    sanitise(&crate::shells::posix::quote_path(
                        std::os::unix::ffi::OsStrExt::as_bytes(snapshot.asked.as_os_str()),
                        home,
                        "$HOME"
                    ))
                ),
            )
        }
        _ => return None,
    };
    Some(Refusal {
        file: Some(snapshot.asked.clone()),
        what: format!("cannot change `{name}`: {why}"),
        hint: Some(hint),
    })
}
