//! Which lines may be why: those that a traced start has run; where none was traced, those of the startup files that a start
//! reads and that set a variable, outside our blocks.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::culprit;
use super::super::place::pattern;
use super::line::{How, Line};
use super::lives;
use super::scene::{Observed, Scene};
use crate::facts::Snapshot;
use crate::shells::{Holds, LaunchMode, Look, Reach};
use crate::text::fence;

/// The lines that set a variable to what it is in a start.
pub fn setting(scene: &Scene, start: &Observed, variable: &str) -> Vec<Line> {
    scene.life(start, variable).and_then(lives::setting).unwrap_or_else(|| read(scene, start, variable))
}

/// The lines that bring an entry of PATH to where it is; as far as only reading tells, those that name it.
pub fn bringing(scene: &Scene, start: &Observed, entry: &OsStr) -> Vec<Line> {
    let life = scene.life(start, "PATH");
    life.and_then(|life| lives::bringing(life, entry.as_bytes())).unwrap_or_else(|| naming(scene, start, entry))
}

/// The lines on which our blocks begin.
pub fn fence_of(file: &Snapshot, comment: &[u8]) -> Vec<usize> {
    fence::find(file.bytes().unwrap_or_default(), comment).blocks().iter().map(|block| block.line).collect()
}

/// A line that keeps PATH from being changed.
static CLOSES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) (?: ^ | [\s;&|(] ) (?: readonly | (?:typeset|declare) \s+ -[a-qs-zA-Z]*r[a-zA-Z]* ) \s ([^;]*\s)? (?:PATH|path) (?: [=;\s] | $ )",
    )
});

/// The lines that keep PATH from being changed, as far as reading tells.
pub fn closing(scene: &Scene, start: &Observed) -> Vec<Line> {
    matching(scene, start, |line| CLOSES.is_match(line))
}

/// The startup files that a start reads, in order, as far as they can be read.
pub fn files<'a>(scene: &'a Scene, start: &Observed) -> Vec<&'a Snapshot> {
    let facts = scene.facts;
    let occupied = |path: &Path| facts.find(path).is_some_and(|file| file.bytes().is_some());
    let look = Look { places: &facts.places, login: false, reach: Reach::default(), occupied: &occupied };
    let paths = start.row.shell.reads(&start.row.program, start.row.mode, &look);
    paths.iter().filter_map(|path| facts.find(path)).filter(|file| file.bytes().is_some()).collect()
}

/// The lines that may set a variable, in the words of sh, zsh, csh and fish, in the files that a start reads.
pub fn read(scene: &Scene, start: &Observed, variable: &str) -> Vec<Line> {
    let name = regex::escape(variable);
    let sets = pattern(&format!(
        r"(?x) (?: ^ | [\s;&|(]{{1}} ) (?: {name}\+?= | setenv\s+{name}\s | set\s+(?:-\S+\s+)*{name}\s | \$\{{{name}:?= )"
    ));
    matching(scene, start, |line| sets.is_match(line))
}

/// The lines that name a folder, whole or from the home on.
pub fn naming(scene: &Scene, start: &Observed, text: &OsStr) -> Vec<Line> {
    let home = &scene.facts.user.home;
    let short = Path::new(text).strip_prefix(home).ok().map(|rest| rest.as_os_str().as_bytes());
    let needle = short.filter(|rest| !rest.is_empty()).unwrap_or(text.as_bytes());
    matching(scene, start, |line| !needle.is_empty() && line.windows(needle.len()).any(|window| window == needle))
}

/// The lines outside our blocks, but for comments, of the files that a start reads.
pub(super) fn matching(scene: &Scene, start: &Observed, wanted: impl Fn(&[u8]) -> bool) -> Vec<Line> {
    matching_in(files(scene, start), start, wanted)
}

/// The same of these files.
fn matching_in(files: Vec<&Snapshot>, start: &Observed, wanted: impl Fn(&[u8]) -> bool) -> Vec<Line> {
    let mut found = Vec::new();
    for file in files {
        let bytes = file.bytes().unwrap_or_default();
        let fence = fence::find(bytes, start.row.shell.comment());
        let ours: Vec<_> = fence.blocks().iter().map(|block| block.outer.clone()).collect();
        for (index, range) in fence::lines(bytes).enumerate() {
            let line = &bytes[range.clone()];
            let code = !line.trim_ascii_start().starts_with(b"#");
            if code && !ours.iter().any(|block| block.contains(&range.start)) && wanted(line) {
                found.push(Line { file: file.asked.clone(), number: index + 1, how: How::Read });
            }
        }
    }
    found
}

/// The lines that took folders off PATH for good, each with whether it sets PATH without what it held. Where only reading
/// tells, those behind our block that set PATH so.
pub fn losing(scene: &Scene, start: &Observed, folders: &[&Path]) -> Vec<(Line, bool)> {
    if let Some(life) = scene.life(start, "PATH") {
        return lives::losing(life, folders);
    }
    let lines = culprit::throwing_path_away(scene.facts, start.row.shell, &start.row.program, start.row.mode);
    lines.into_iter().map(|(file, number)| (Line { file, number, how: How::Read }, true)).collect()
}

/// What ends a startup file, or puts another program in the shell's place.
static LEAVES: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[\s;&|({])(?:return|exit|exec)(?:[\s;)}]|$)"));

/// What puts another program in the shell's place; an `exec` that only redirects does not.
static EXEC: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[\s;&|({])exec\s+[^\s\d<>&{]"));

/// A test for a variable that is not set, which keeps what follows from whoever sets it.
static UNLESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"-z\s|!=|!\s|\bnot\s|!\$\?"));

/// The lines that leave a startup file, or the shell, where one of these variables is set: above our block, or with
/// `whole` anywhere outside it.
pub fn guards(scene: &Scene, start: &Observed, variables: &[&str], whole: bool) -> Vec<Line> {
    let names: Vec<String> = variables.iter().map(|name| regex::escape(name)).collect();
    let mentioned = pattern(&format!(r"\b(?:{})\b", names.join("|")));
    let mut found = Vec::new();
    let all = |file: &Snapshot| file.bytes().map_or(0, <[u8]>::len);
    let files = if whole {
        all_files(scene, start).into_iter().map(|file| (file, all(file))).collect()
    } else {
        above_the_block(scene, start)
    };
    for (file, until) in files {
        let bytes = file.bytes().unwrap_or_default();
        let lines: Vec<&[u8]> = fence::lines(&bytes[..until]).map(|line| bytes[line].trim_ascii()).collect();
        for (index, line) in lines.iter().enumerate() {
            if line.starts_with(b"#") || !mentioned.is_match(line) || UNLESS.is_match(line) {
                continue;
            }
            let closes = |line: &&&[u8]| {
                [&b"fi"[..], b"else", b"elif", b"end", b"esac"].iter().any(|word| line.starts_with(word))
            };
            let opens = line.starts_with(b"if") || line.starts_with(b"case");
            let within = lines[index + 1..].iter().take_while(|line| !closes(line));
            if LEAVES.is_match(line) || (opens && within.into_iter().any(|line| LEAVES.is_match(line))) {
                found.push(Line { file: file.asked.clone(), number: index + 1, how: How::Read });
            }
        }
    }
    found
}

/// The lines outside our blocks that put another program in the shell's place.
pub fn replacing_the_shell(scene: &Scene, start: &Observed) -> Vec<Line> {
    matching_in(all_files(scene, start), start, |line| EXEC.is_match(line))
}

/// The startup files that a start reads, and those that these read: by a trace, and the file of a terminal that a login
/// file names.
fn all_files<'a>(scene: &'a Scene, start: &Observed) -> Vec<&'a Snapshot> {
    let mut all = files(scene, start);
    let named = |file: &Path| {
        let name = file.file_name().unwrap_or_default().as_bytes();
        let holds = |bytes: &[u8]| bytes.windows(name.len().max(1)).any(|window| window == name);
        all.iter().any(|reader| reader.bytes().is_some_and(holds))
    };
    let facts = scene.facts;
    let occupied = |path: &Path| facts.find(path).is_some_and(|file| file.bytes().is_some());
    let look = Look { places: &facts.places, login: false, reach: Reach::default(), occupied: &occupied };
    let inner = start.row.shell.reads(&start.row.program, LaunchMode::Interactive, &look);
    let inner: Vec<&Snapshot> = inner.iter().filter(|path| named(path)).filter_map(|path| facts.find(path)).collect();
    let ends = scene.traced(start).map(|traced| &traced.ends[..]).unwrap_or_default();
    let read = ends.iter().filter_map(|end| scene.file(&end.file));
    for file in inner.into_iter().chain(read) {
        if file.bytes().is_some() && !all.iter().any(|known| known.real == file.real) {
            all.push(file);
        }
    }
    all
}

/// The files that a start reads up to our block, the one that holds all; and how far each counts, in bytes.
fn above_the_block<'a>(scene: &'a Scene, start: &Observed) -> Vec<(&'a Snapshot, usize)> {
    let mut above = Vec::new();
    for file in all_files(scene, start) {
        let bytes = file.bytes().unwrap_or_default();
        let fence = fence::find(bytes, start.row.shell.comment());
        let whole = fence.blocks().iter().find(|block| start.row.shell.holds(&bytes[block.body.clone()]) == Holds::All);
        above.push((file, whole.map_or(bytes.len(), |block| block.outer.start)));
        if whole.is_some() {
            break;
        }
    }
    above
}
