//! The lines that are why, where the shell itself was made to tell what it runs.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::super::doctor::Evidence;
use super::super::doctor::line::{How, Line};
use super::super::doctor::lives::{bringing, ever_had, losing, of_place, setting, throws, unique};
use super::super::life::Life;
use super::super::trace::Place;
use super::super::{Plan, Promise};
use super::{Suspect, read_by, whole_block};
use crate::facts::Facts;
use crate::probe::report::Seen;
use crate::shells;

/// The lines that took Go's folder off PATH, put another in front of it or set GOROOT, or the last ones that ran in a file
/// which ends above our block. `lives` are those of PATH and GOROOT, `ends` where the shell was last in each file.
pub fn traced(
    facts: &Facts,
    plan: &Plan,
    promise: &Promise,
    seen: &Seen,
    (lives, ends): (&[Life], &[Place]),
) -> Vec<Suspect> {
    let life = |name: &str| lives.iter().find(|life| life.variable == name);
    let set = || life("GOROOT").and_then(setting).unwrap_or_default();
    let found = match (&promise.go, life("PATH")) {
        (None, Some(path)) => lost(path, &tools(promise)),
        (Some(bin), Some(path)) if seen.go.as_deref() != Some(bin.join("go").as_path()) => {
            about_path(facts, plan, promise, (path, ends), bin, seen)
        }
        (Some(_), _) => set().into_iter().map(|line| (line, "sets GOROOT")).collect(),
        (None, None) => Vec::new(),
    };
    found.into_iter().filter_map(|(line, what)| suspect(line, what)).collect()
}

/// Why PATH does not find the `go` of this folder.
fn about_path(
    facts: &Facts,
    plan: &Plan,
    promise: &Promise,
    (path, ends): (&Life, &[Place]),
    bin: &Path,
    seen: &Seen,
) -> Vec<(Line, &'static str)> {
    let lost = lost(path, bin);
    if !lost.is_empty() {
        return lost;
    }
    if !ever_had(path, bin) {
        let above = above_the_block(facts, plan, promise, ends);
        if !above.is_empty() {
            let what = "is the last one that runs: the block stands below it";
            return above.into_iter().map(|line| (line, what)).collect();
        }
    }
    let other = seen.go.as_deref().and_then(Path::parent);
    let lines = other.and_then(|folder| bringing(path, folder.as_os_str().as_bytes()));
    lines.unwrap_or_default().into_iter().map(|line| (line, "puts the folder of that go on PATH")).collect()
}

fn lost(path: &Life, folder: &Path) -> Vec<(Line, &'static str)> {
    losing(path, &[folder]).into_iter().map(|(line, sets)| (line, throws(sets))).collect()
}

/// The folder of installed tools.
fn tools(promise: &Promise) -> PathBuf {
    let first = promise.gopath.as_bytes().split(|byte| *byte == b':').next().unwrap_or_default();
    promise.gobin.clone().unwrap_or_else(|| Path::new(std::ffi::OsStr::from_bytes(first)).join("bin"))
}

/// The last lines that ran in a file which holds our block further down.
fn above_the_block(facts: &Facts, plan: &Plan, promise: &Promise, ends: &[Place]) -> Vec<Line> {
    let Some(shell) = shells::by_name(promise.shell) else { return Vec::new() };
    let Some(program) = shell.programs().first() else { return Vec::new() };
    let files = read_by(facts, &plan.edits, (shell, program, promise.mode));
    let last = files.into_iter().filter_map(|(file, bytes)| {
        let block = whole_block(shell, bytes)?;
        let end = ends.iter().find(|end| end.file == file)?;
        end.lines.iter().all(|line| *line < block.line).then(|| of_place(end, How::Traced))
    });
    unique(last.flatten())
}

fn suspect(line: Line, what: &str) -> Option<Suspect> {
    let Evidence::Line { file, line, what } = line.evidence(what) else { return None };
    Some(Suspect { file, line, what })
}
