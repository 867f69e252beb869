//! The starts that should find a Go and do not, each with why.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::files::Planned;
use super::super::matrix::Row;
use super::super::own_lines::{Variable, own_lines};
use super::super::place::pattern;
use super::super::trace::Place;
use super::complaints;
use super::gos::folders;
use super::known::{blocked, folders_of_go, is_any_known, is_carried_in, is_go_of_some_kind, is_lost_in_container};
use super::line::{How, Line};
use super::lines::{closing, fence_of, files, losing};
use super::lives::{bringing, ever_had, of_place};
use super::meant::{Slip, literal, of_variables};
use super::scene::{Observed, Scene};
use crate::facts::Snapshot;
use crate::shells::{Holds, LaunchMode, Shell};
use crate::text::fence::{self, Block};

/// Why a start finds no Go though there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// These lines took its folder off PATH, or threw PATH away.
    Thrown(Vec<(Line, bool)>),
    /// The block in this file, which begins on this line, is not reached; the last line that runs before it.
    NotReached(PathBuf, usize, Vec<Line>),
    /// These lines would put it there, and their files are not read; the file that hides them, if one does.
    NotRead(Vec<(PathBuf, usize)>, Option<PathBuf>),
    /// These lines would put it there, and stand in a condition that does not hold in this start.
    Condition(Vec<(PathBuf, usize)>),
    /// These were meant to put it there, each with the lines that name it.
    Meant(Vec<(Slip, Vec<Line>)>),
    /// These lines keep PATH from being changed, by our block too.
    Closed(Vec<Line>),
    /// Nothing of its own, but the session in which a terminal is opened brings Go.
    FromSession,
    /// No line has to do with it.
    Unknown,
}

/// The starts that should find a Go and do not, each with why, where there is a Go that may run.
pub fn lost<'a>(scene: &'a Scene) -> impl Iterator<Item = (&'a Observed, Why)> {
    let any = is_any_known(scene) && blocked(scene).is_empty() && !is_lost_in_container(scene);
    // Where a file does not parse S-04 names the line, and where one that is not there ends it, S-07.
    let parsed = |start: &&Observed| !complaints::name_the_end(scene, start);
    let lost = scene.promised().filter(move |start| any && start.go().is_none() && !start.by_tilde);
    let lost = lost.filter(|start| !is_left_to_login(scene, start));
    let lost = lost.filter(|start| !start.path.iter().any(is_go_of_some_kind)).filter(parsed);
    lost.map(move |start| (start, why(scene, start)))
}

fn why(scene: &Scene, start: &Observed) -> Why {
    if let Some((file, line)) = below_a_guard(scene, start) {
        return not_reached_in(scene, start, file, line);
    }
    let gos = folders_of_go(scene);
    // What stands on PATH in place of Go's folder was not thrown away.
    let literal = literal(scene, start, &gos);
    if !literal.is_empty() {
        return Why::Meant(literal);
    }
    let thrown = losing(scene, start, &gos);
    if !thrown.is_empty() {
        return Why::Thrown(thrown);
    }
    if let Some((file, line)) = passed_over(scene, start) {
        return match not_reached_in(scene, start, file, line) {
            Why::NotReached(path, line, last) if is_condition(file, &last) => Why::Condition(vec![(path, line)]),
            why => why,
        };
    }
    if inherits(scene, start) {
        return Why::FromSession;
    }
    let meant = of_variables(scene, start);
    if !meant.is_empty() {
        return Why::Meant(meant);
    }
    // No file is at fault where the Go is gone that the block looks for.
    if scene.gone().is_some() && is_carried_in(scene, start.row.shell.name()) {
        return Why::Unknown;
    }
    let closing = closing(scene, start);
    if !closing.is_empty() {
        return Why::Closed(closing);
    }
    let (mut lines, hider) = in_files_not_read(scene, start);
    if lines.is_empty() {
        lines = in_files_of_another_start(scene, start);
        let ends = scene.traced(start).map(|traced| &traced.ends[..]).unwrap_or_default();
        if !lines.is_empty() && lines.iter().all(|(file, _)| ends.iter().any(|end| end.file == *file)) {
            return Why::Condition(lines);
        }
    }
    if lines.is_empty() { Why::Unknown } else { Why::NotRead(lines, hider) }
}

/// A line that opens what runs on a condition, in any of the languages.
static OPENS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*(?:if|elif|else|case|switch|while|until|for|foreach)\b|(?:\b(?:then|do|in)|\{)\s*$")
});

/// A word that ends a file, or the shell.
static ENDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:return|exit|exec|logout|kill)\b"));

/// Whether the last line that ran in a file is one that only asks, so that what stands below it is not cut off by it.
fn is_condition(file: &Snapshot, last: &[Line]) -> bool {
    let [last] = last else { return false };
    let bytes = file.bytes().unwrap_or_default();
    let line = fence::lines(bytes).nth(last.number - 1).map(|range| &bytes[range]).unwrap_or_default();
    OPENS.is_match(line) && !ENDS.is_match(line)
}

/// The file of the plan, and the line in it, in which a block of this shell stands below a line that may end the file; the
/// trace, if there is one, does not say that the block ran.
fn below_a_guard<'a>(scene: &'a Scene, start: &Observed) -> Option<(&'a Snapshot, usize)> {
    let files = scene.plan.map(|plan| &plan.files[..]).unwrap_or_default();
    let of_shell = |file: &&Planned| file.guarded && file.shell.name() == start.row.shell.name();
    let found = files.iter().filter(of_shell).find_map(|file| {
        let line = *fence_of(&file.snapshot, file.shell.comment()).first()?;
        Some((&file.snapshot, line))
    });
    found.filter(|_| !ran(scene, start))
}

/// Whether a traced start had Go's folder on PATH at some time.
fn ran(scene: &Scene, start: &Observed) -> bool {
    let had = |life| folders_of_go(scene).iter().any(|folder| ever_had(life, folder));
    scene.life(start, "PATH").is_some_and(had)
}

/// The file that a traced start has read without coming to the block in it, or to the line that puts Go on PATH.
fn passed_over<'a>(scene: &'a Scene, start: &Observed) -> Option<(&'a Snapshot, usize)> {
    let traced = scene.traced(start)?;
    if ran(scene, start) {
        return None;
    }
    let sourced = traced.ends.iter().filter_map(|end| scene.facts.find(&end.file));
    files(scene, start).into_iter().chain(sourced).find_map(|file| {
        let line = *lines_for_go(scene, file, start.row.shell).first()?;
        let came = |end: &&Place| end.file == file.asked && end.lines.iter().all(|at| *at < line);
        traced.ends.iter().find(came).map(|_| (file, line))
    })
}

/// The lines of a file that put Go on PATH: those that begin a block that does, and the user's own.
fn lines_for_go(scene: &Scene, file: &Snapshot, shell: &dyn Shell) -> Vec<usize> {
    let bytes = file.bytes().unwrap_or_default();
    let fence = fence::find(bytes, shell.comment());
    let ours: Vec<_> = fence.blocks().iter().map(|block| block.outer.clone()).collect();
    let own = own_lines(bytes, shell.dialect(), &ours).into_iter().filter(|own| own.variable == Variable::Path);
    let home = &scene.facts.user.home;
    let names = |range: &std::ops::Range<usize>| {
        let outside = !ours.iter().any(|block| block.contains(&range.start));
        outside && folders(&bytes[range.clone()], home).iter().any(|folder| scene.mentioned.contains(folder))
    };
    let by_folder = fence::lines(bytes).enumerate().filter(|(_, range)| names(range)).map(|(index, _)| index + 1);
    let does = |block: &&Block| shell.holds(&bytes[block.body.clone()]) == Holds::All;
    let by_block = fence.blocks().iter().filter(does).map(|block| block.line);
    let found = own.map(|own| own.line).chain(by_folder).chain(by_block);
    found.collect::<BTreeSet<usize>>().into_iter().collect()
}

/// Whether a file of this shell's has such a line.
pub fn is_set_up_for(scene: &Scene, shell: &dyn Shell) -> bool {
    let files = shell.files(&scene.facts.places);
    let mut known = files.iter().filter_map(|path| scene.facts.find(path));
    known.any(|file| !lines_for_go(scene, file, shell).is_empty())
}

fn not_reached_in(scene: &Scene, start: &Observed, file: &Snapshot, line: usize) -> Why {
    let end = scene.traced(start).and_then(|traced| traced.ends.iter().find(|end| end.file == file.asked));
    let last = end.map(|end| of_place(end, How::Traced)).unwrap_or_default();
    Why::NotReached(file.asked.clone(), line, last.into_iter().filter(|last| last.number < line).collect())
}

/// The lines of this shell's files that put Go on PATH, in files that the start does not read, and the file that it reads in
/// place of one of them.
fn in_files_not_read(scene: &Scene, start: &Observed) -> (Vec<(PathBuf, usize)>, Option<PathBuf>) {
    let shell = start.row.shell;
    let read = files(scene, start);
    let ends = scene.traced(start).map(|traced| &traced.ends[..]).unwrap_or_default();
    let mut hider = None;
    let mut found = Vec::new();
    for path in shell.files(&scene.facts.places) {
        let Some(file) = scene.facts.find(&path) else { continue };
        let is_read = read.iter().any(|known| known.real == file.real) || ends.iter().any(|end| end.file == path);
        if is_read {
            continue;
        }
        let lines = lines_for_go(scene, file, shell);
        if !lines.is_empty() && is_login_file(&path) && hider.is_none() {
            hider = read.iter().map(|file| file.asked.clone()).find(|path| is_login_file(path));
        }
        found.extend(lines.into_iter().map(|line| (path.clone(), line)));
    }
    (found, hider)
}

/// The start of the same shell that finds a go and would tell where it has it from.
pub fn that_finds_go<'a>(scene: &'a Scene, shell: &str) -> Option<&'a Observed> {
    scene.seen().find(|other| other.row.shell.name() == shell && other.go().is_some())
}

/// The lines that put Go on PATH in another start of the same shell, wherever they stand.
fn in_files_of_another_start(scene: &Scene, start: &Observed) -> Vec<(PathBuf, usize)> {
    let found = || {
        let other = that_finds_go(scene, start.row.shell.name())?;
        let folder = other.go()?.parent()?;
        bringing(scene.life(other, "PATH")?, folder.as_os_str().as_bytes())
    };
    let lines = found().unwrap_or_default();
    lines.into_iter().map(|line| (line.file, line.number)).collect()
}

/// Whether it is one of the files of which a login shell of bash's reads the first alone.
fn is_login_file(path: &Path) -> bool {
    [".bash_profile", ".bash_login", ".profile"].iter().any(|name| path.ends_with(name))
}

/// `zsh -i, zsh -l -i find no go`.
pub fn no_go_in(names: &[String]) -> String {
    format!("{} {} no go", names.join(", "), if names.len() == 1 { "finds" } else { "find" })
}

/// Whether a start that finds no go would find one as a terminal opens it: by the PATH of this session, which has it from
/// a login, or which is all that the start has.
pub fn inherits(scene: &Scene, start: &Observed) -> bool {
    let session = &scene.facts.go.on_path;
    if !start.row.by_file {
        return !session.is_empty();
    }
    // A desktop's session reads what sh reads at login.
    let shells = [start.row.shell.name(), "sh"];
    let at_login = |login: &&Observed| {
        matches!(login.row.mode, LaunchMode::LoginInteractive | LaunchMode::Login)
            && shells.contains(&login.row.shell.name())
    };
    let in_session = |go: &Path| session.iter().any(|dir| Some(dir.bin.as_path()) == go.parent());
    start.row.mode == LaunchMode::Interactive
        && (scene.seen().filter(at_login).filter_map(Observed::go).any(in_session)
            || (!start.row.promised && finds_go_at_login(scene, start)))
}

/// The start of the same shell at login.
fn login<'a>(scene: &'a Scene, start: &Observed) -> Option<&'a Observed> {
    let same = |row: &Row| row.shell.name() == start.row.shell.name() && row.mode == LaunchMode::LoginInteractive;
    scene.starts.iter().find(|login| same(&login.row) && login.row.by_file)
}

/// Whether the same shell finds a go at login.
pub fn finds_go_at_login(scene: &Scene, start: &Observed) -> bool {
    login(scene, start).is_some_and(|login| login.go().is_some())
}

/// Whether no file of the user's can help a start, and one at login of the same shell tells what is wrong, if anything is.
pub fn is_left_to_login(scene: &Scene, start: &Observed) -> bool {
    !start.row.by_file && login(scene, start).is_some_and(|login| login.row.promised)
}

/// Whether it is told of a start that finds no Go that the line ends of this file keep it from that.
pub fn is_told_of_line_ends(scene: &Scene, file: &Path) -> bool {
    let here = |(slip, lines): &(Slip, Vec<Line>)| {
        let text = if let Slip::Literal(text) = slip { text.as_bytes() } else { b"" };
        text.ends_with(b"\r") && lines.iter().any(|line| line.file == file)
    };
    lost(scene).any(|(_, why)| matches!(why, Why::Meant(slips) if slips.iter().any(here)))
}
