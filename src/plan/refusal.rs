//! What cannot be done, in the words that the user reads: what was tried on which file, why it failed, one hint.

use std::path::{Path, PathBuf};

use crate::facts::{FileState, Snapshot, snapshot::Obstacle, snapshot::Unusable};
use crate::shells::posix;
use crate::text::fence::FenceState;
use crate::text::show::tilde;

/// Something that cannot be done; nothing is changed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The file that it is about, if it is about one.
    pub file: Option<PathBuf>,
    /// What was tried on which file, and why it failed.
    pub what: String,
    /// What to do about it, with a command to copy.
    pub hint: Option<String>,
}

impl Refusal {
    /// A refusal of a setting.
    pub fn setting(what: String, hint: String) -> Self {
        Self { file: None, what, hint: Some(hint) }
    }

    /// A refusal to change this file.
    pub fn of(snapshot: &Snapshot, home: &Path, why: &str, hint: impl Into<String>) -> Self {
        let what = format!("cannot change `{}`: {why}", tilde(&snapshot.asked, home));
        Self { file: Some(snapshot.asked.clone()), what, hint: Some(hint.into()) }
    }
}

/// Why this file cannot be written, if it cannot.
pub fn cannot_write(snapshot: &Snapshot, home: &Path) -> Option<Refusal> {
    let (why, hint) = match (&snapshot.state, &snapshot.obstacle) {
        (FileState::Unusable(unusable), _) => unusable_file(unusable, snapshot, home),
        (_, Some(obstacle)) => {
            let (why, hint) = in_the_way(obstacle, snapshot, home);
            if snapshot.link {
                (format!("it is a link to `{}`, and {why}", tilde(&snapshot.real, home)), hint)
            } else {
                (why, hint)
            }
        }
        _ => return None,
    };
    Some(Refusal::of(snapshot, home, &why, hint))
}

const ELSEWHERE: &str =
    "to put the block elsewhere: `goenv-setup apply --file FILE`, or paste what `goenv-setup print` prints";

fn unusable_file(unusable: &Unusable, snapshot: &Snapshot, home: &Path) -> (String, String) {
    let real = posix::word(&snapshot.real, home);
    match unusable {
        Unusable::Directory => {
            ("it is a folder".to_owned(), format!("look at it with `ls -ld {real}`; a startup file must be a file"))
        }
        Unusable::Special(kind) => {
            (format!("it is {kind}"), format!("look at it with `ls -l {real}`; a startup file must be a file"))
        }
        Unusable::Dangling { target } => (
            format!("it is a link to `{}`, which does not exist", tilde(target, home)),
            format!("remove the link with `rm {}`, or create its target", posix::word(&snapshot.asked, home)),
        ),
        Unusable::Unreadable(words) if words.contains("permission") => {
            (format!("it cannot be read: {words}"), format!("make it readable with `chmod u+rw {real}`"))
        }
        Unusable::Unreadable(words) => {
            let folder = posix::word(snapshot.asked.parent().unwrap_or(&snapshot.asked), home);
            let asked = posix::word(&snapshot.asked, home);
            (format!("it cannot be read: {words}"), format!("see what is there: `ls -ld {folder} {asked}`"))
        }
        Unusable::TooLarge(size) => (format!("it has {size} bytes, more than any startup file"), ELSEWHERE.to_owned()),
    }
}

fn in_the_way(obstacle: &Obstacle, snapshot: &Snapshot, home: &Path) -> (String, String) {
    let real = posix::word(&snapshot.real, home);
    match obstacle {
        Obstacle::ReadOnly => ("it is read-only".to_owned(), format!("make it writable with `chmod u+w {real}`")),
        Obstacle::FolderReadOnly(folder) => (
            "its folder is read-only".to_owned(),
            format!("make it writable with `chmod u+w {}`", posix::word(folder, home)),
        ),
        Obstacle::Immutable(marked) => {
            let command = if cfg!(target_vendor = "apple") { "chflags nouchg" } else { "sudo chattr -i" };
            (
                "it or its folder is marked as immutable".to_owned(),
                format!("take the mark away with `{command} {}`", posix::word(marked, home)),
            )
        }
        Obstacle::FileSystemReadOnly => ("its file system is mounted read-only".to_owned(), ELSEWHERE.to_owned()),
        Obstacle::HardLinks(count) => (
            format!("it has {count} names (hard links), and replacing one would part them"),
            format!("find the others with `find \"$HOME\" -samefile {real}`, or use `goenv-setup apply --file FILE`"),
        ),
        Obstacle::Owner(uid) => {
            (format!("it belongs to user {uid}"), format!("make it yours with `sudo chown \"$USER\" {real}`"))
        }
        Obstacle::MountPoint => ("it is a mount point of its own".to_owned(), ELSEWHERE.to_owned()),
        Obstacle::Store => (
            "it lies in a read-only store (Nix, Guix)".to_owned(),
            "add the lines of `goenv-setup print` to the configuration that makes this file".to_owned(),
        ),
    }
}

/// Why the fence in this file cannot be worked with, if it cannot.
pub(super) fn bad_fence(fence: &FenceState, snapshot: &Snapshot, home: &Path) -> Option<Refusal> {
    let (why, hint) = match fence {
        FenceState::Newer { line } => (
            format!("the block at line {line} was written by a newer goenv-setup"),
            "update this program, then try again; `goenv-setup --version` tells its version".to_owned(),
        ),
        FenceState::Damaged { lines } => {
            let first = lines.first().copied().unwrap_or(1);
            let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
            (
                format!(
                    "the fence of the block is damaged at line {}: its marker lines make no pair",
                    lines.join(", ")
                ),
                format!(
                    "take the block out by hand: `${{EDITOR:-vi}} +{first} {}`",
                    posix::word(&snapshot.asked, home)
                ),
            )
        }
        FenceState::Absent | FenceState::Blocks(_) => return None,
    };
    Some(Refusal::of(snapshot, home, &why, hint))
}
