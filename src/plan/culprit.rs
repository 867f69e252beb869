//! Which line of a startup file may be why a shell sees another Go than was planned: lines that throw PATH away, and the
//! user's own lines that set what the block sets.

mod traced;

use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::bytes::Regex;
pub use traced::traced;

use super::own_lines::own_lines;
use super::place::{self, newlines, pattern};
use super::{Edit, Plan, Promise};
use crate::facts::Facts;
use crate::probe::report::Seen;
use crate::shells::{self, Dialect, Holds, LaunchMode, Look, Program, Reach, Shell, Spot};
use crate::text::fence::{self, Block};
use crate::text::show::tilde;

/// What the worst of them do.
const THROWS_AWAY: &str = "sets PATH without what it held";

/// A line, for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// Its file.
    pub file: PathBuf,
    /// Its number; the first is 1.
    pub line: usize,
    /// What it does, to follow "which".
    pub what: String,
}

impl Suspect {
    /// The words for messages.
    pub fn words(&self, home: &Path) -> String {
        format!("line {} of {}, which {}", self.line, tilde(&self.file, home), self.what)
    }
}

/// What a line does that may be why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Culprit {
    /// Its number; the first is 1.
    line: usize,
    /// What it does, to follow "line N of FILE".
    what: &'static str,
}

/// Sets PATH, in the words of sh, zsh, csh and fish.
static SETS_PATH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) ^[\t\ ]* (?: (?: export | declare | typeset ) (?: \ +-\w+ )* \ + )?
            (?: PATH= | path=\( | setenv\ +PATH\ | set\ +path\ *= | set\ +(?:-\S+\ +)*PATH\  ) (.*) ",
    )
});

/// Names the value that PATH has.
static KEEPS_PATH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$\{?[(@)#^=~]*(?:PATH|path)\b"));

/// The lines outside our blocks (`ours`) that may be why.
fn culprits(bytes: &[u8], dialect: Dialect, ours: &[Range<usize>]) -> Vec<Culprit> {
    let mut found = Vec::new();
    for (index, range) in fence::lines(bytes).enumerate() {
        if ours.iter().any(|block| block.contains(&range.start)) {
            continue;
        }
        let value = SETS_PATH.captures(&bytes[range]).and_then(|line| line.get(1));
        if value.is_some_and(|value| !KEEPS_PATH.is_match(value.as_bytes())) {
            found.push(Culprit { line: index + 1, what: THROWS_AWAY });
        }
    }
    for own in own_lines(bytes, dialect, ours) {
        let what = match own.variable {
            super::own_lines::Variable::Goroot => "sets GOROOT",
            super::own_lines::Variable::Gopath => "sets GOPATH",
            super::own_lines::Variable::Path => "puts a folder of Go's on PATH",
        };
        if found.iter().all(|known| known.line != own.line) {
            found.push(Culprit { line: own.line, what });
        }
    }
    found.sort_by_key(|culprit| culprit.line);
    found
}

/// The lines of the startup files of a launch mode that may be why a shell saw this: those that it reads after our block,
/// as far as reading tells.
pub fn suspects(facts: &Facts, plan: &Plan, promise: &Promise, seen: &Seen) -> Vec<Suspect> {
    let Some(shell) = shells::by_name(promise.shell) else { return Vec::new() };
    let Some(program) = shell.programs().first() else { return Vec::new() };
    let folder = seen.go.as_deref().and_then(Path::parent).filter(|folder| Some(*folder) != promise.go.as_deref());
    let found = behind_the_block(facts, &plan.edits, (shell, program, promise.mode), folder);
    let suspect = |(file, culprit): (PathBuf, Culprit)| Suspect { file, line: culprit.line, what: culprit.what.into() };
    let found: Vec<Suspect> = found.into_iter().map(suspect).collect();
    if found.is_empty() && seen.go.is_none() { guards(facts, plan, (shell, program, promise.mode)) } else { found }
}

/// The lines of the startup files of a launch mode, as they are, that throw away what our block put on PATH, or whatever
/// PATH held if there is no block: files and numbers of lines, the first is 1.
pub fn throwing_path_away(
    facts: &Facts,
    shell: &'static dyn Shell,
    program: &Program,
    mode: LaunchMode,
) -> Vec<(PathBuf, usize)> {
    let found = behind_the_block(facts, &[], (shell, program, mode), None);
    let throws = found.into_iter().filter(|(_, culprit)| culprit.what == THROWS_AWAY);
    throws.map(|(path, culprit)| (path, culprit.line)).collect()
}

/// The lines that a start reads after our block and that may be why it is not as planned; with `folder`, those too that
/// name it.
fn behind_the_block(
    facts: &Facts,
    edits: &[Edit],
    (shell, program, mode): (&'static dyn Shell, &Program, LaunchMode),
    folder: Option<&Path>,
) -> Vec<(PathBuf, Culprit)> {
    let home = &facts.user.home;
    let mut lines = Vec::new();
    for (path, bytes) in read_by(facts, edits, (shell, program, mode)) {
        let found = fence::find(bytes, shell.comment());
        let ours: Vec<_> = found.blocks().iter().map(|block| block.outer.clone()).collect();
        let full = found.blocks().iter().rfind(|block| shell.holds(&bytes[block.body.clone()]) == Holds::All);
        let passed = full.map_or(0, |block| newlines(&bytes[..block.outer.end]));
        if full.is_some() {
            // What stood before it, it has put right.
            lines.clear();
        }
        let mut found = culprits(bytes, shell.dialect(), &ours);
        if let Some(folder) = folder {
            found.extend(naming(bytes, folder, home, &ours, &found));
        }
        lines.extend(found.into_iter().filter(|culprit| culprit.line > passed).map(|culprit| (path.clone(), culprit)));
    }
    lines
}

/// The first line above each whole block of ours that may end its file.
fn guards(facts: &Facts, plan: &Plan, start: (&'static dyn Shell, &Program, LaunchMode)) -> Vec<Suspect> {
    let shell = start.0;
    let guard = |(file, bytes): (PathBuf, &[u8])| {
        let above = &bytes[..whole_block(shell, bytes)?.outer.start];
        let earlier = place::place(above, shell.dialect(), Spot::AboveGuard).why?;
        Some(Suspect { file, line: earlier.line, what: earlier.what.words().to_owned() })
    };
    read_by(facts, &plan.edits, start).into_iter().filter_map(guard).collect()
}

/// The block of ours that sets all, PATH too.
fn whole_block(shell: &dyn Shell, bytes: &[u8]) -> Option<Block> {
    let found = fence::find(bytes, shell.comment());
    found.blocks().iter().find(|block| shell.holds(&bytes[block.body.clone()]) == Holds::All).cloned()
}

/// The startup files that a start reads, in order, with our blocks in them: the lines that the user sees.
fn read_by<'a>(
    facts: &'a Facts,
    edits: &'a [Edit],
    (shell, program, mode): (&'static dyn Shell, &Program, LaunchMode),
) -> Vec<(PathBuf, &'a [u8])> {
    let occupied = |path: &Path| facts.find(path).is_some_and(|file| file.bytes().is_some());
    let look = Look { places: &facts.places, login: false, reach: Reach::default(), occupied: &occupied };
    let bytes = |path: PathBuf| {
        let snapshot = facts.find(&path)?;
        let edit = edits.iter().find(|edit| edit.target.real == snapshot.real);
        let bytes = edit.map(Edit::bytes_after).or_else(|| snapshot.bytes())?;
        Some((path, bytes))
    };
    shell.reads(program, mode, &look).into_iter().filter_map(bytes).collect()
}

/// The lines that name a folder, as a whole or from the home on, and are not known yet.
fn naming(bytes: &[u8], folder: &Path, home: &Path, ours: &[Range<usize>], known: &[Culprit]) -> Vec<Culprit> {
    let name = folder.strip_prefix(home).unwrap_or(folder).as_os_str().as_bytes();
    let names = |line: &[u8]| {
        let comment = line.trim_ascii_start().starts_with(b"#");
        !comment && !name.is_empty() && line.windows(name.len()).any(|window| window == name)
    };
    let lines = fence::lines(bytes)
        .enumerate()
        .filter(|(_, range)| names(&bytes[range.clone()]) && !ours.iter().any(|block| block.contains(&range.start)));
    let culprits = lines.map(|(index, _)| Culprit { line: index + 1, what: "names the folder of that go" });
    culprits.filter(|new| known.iter().all(|old| old.line != new.line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        culprits(text.as_bytes(), Dialect::Posix, &[]).iter().map(|culprit| culprit.line).collect()
    }

    #[test]
    fn what_throws_path_away() {
        for line in [
            "PATH=/usr/bin:/bin",
            "export PATH=\"/usr/bin\"",
            "typeset -x PATH=/bin",
            "path=(/usr/bin /bin)",
            "setenv PATH /usr/bin:/bin",
            "set path = (/usr/bin /bin)",
            "  set -gx PATH /usr/bin",
            "set PATH /usr/bin",
            "set --global -x PATH /usr/bin",
        ] {
            assert_eq!(lines(&format!("# first\n{line}\n")), [2], "{line}");
        }
    }

    #[test]
    fn what_keeps_it() {
        for line in [
            "PATH=\"$HOME/bin:$PATH\"",
            "export PATH=${PATH}:/x",
            "path=(/usr/bin $path)",
            "path=(\"${(@)path:#/x}\")",
            "setenv PATH /x:${PATH}",
            "set path = ($path /x)",
            "set -gx PATH /x $PATH",
            "set PATH /x $PATH",
            "# PATH=/usr/bin",
            "MYPATH=/usr/bin",
        ] {
            assert!(lines(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn our_own_block_is_no_culprit() {
        let text = b"PATH=/usr/bin\n";
        let ours = std::iter::once(0..text.len()).collect::<Vec<_>>();
        assert!(culprits(text, Dialect::Posix, &ours).is_empty());
        assert_eq!(lines("export GOROOT=/opt/go\n"), [1]);
    }
}
