//! Every check, in groups: one file a group.

mod chains;
mod contexts;
mod editors;
mod files;
mod go_files;
mod gocommand;
mod gopath;
mod goroot;
mod network;
mod path;
mod session;
mod settings;
mod shells;
mod startup;
mod toolchain;

use std::ffi::OsString;
use std::path::Path;

use super::super::kinds::{self, Landmarks, Policy, Recognised};
use super::super::trace::UNIVERSAL;
use super::line::{How, Line};
use super::lines::setting;
use super::lives::surest;
use super::patch::{Cut, does_more, goes_on, is_held, is_safe, may_be_shown};
use super::scene::{Observed, Scene};
use super::{Case, Check, Evidence, Fix};
use crate::facts::EnvFile;
use crate::shells::Dialect;
use crate::text::fence;

/// The check that says all there is to say where it finds something.
pub(super) const CLOSED: &str = "F-13";

/// Checks that belong together.
pub struct Group {
    /// What they are about.
    pub name: &'static str,
    /// The checks.
    pub checks: &'static [Check],
}

/// Every group.
pub const GROUPS: &[Group] = &[
    Group { name: "executable and PATH", checks: path::CHECKS },
    Group { name: "Go from the session", checks: session::CHECKS },
    Group { name: "go itself", checks: gocommand::CHECKS },
    Group { name: "GOROOT", checks: goroot::CHECKS },
    Group { name: "GOPATH and GOBIN", checks: gopath::CHECKS },
    Group { name: "go/env file against environment", checks: settings::CHECKS },
    Group { name: "toolchain and go.mod", checks: toolchain::CHECKS },
    Group { name: "startup files and our fence", checks: files::CHECKS },
    Group { name: "startup chain", checks: startup::CHECKS },
    Group { name: "shells that start", checks: shells::CHECKS },
    Group { name: "launch contexts", checks: contexts::CHECKS },
    Group { name: "editors", checks: editors::CHECKS },
    Group { name: "launch chains", checks: chains::CHECKS },
    Group { name: "the files of Go", checks: go_files::CHECKS },
    Group { name: "network", checks: network::CHECKS },
];

/// The starts in which something was seen, as evidence.
fn starts(names: Vec<String>) -> impl Iterator<Item = Evidence> {
    names.into_iter().map(Evidence::Start)
}

/// A case with the starts that show it.
fn case(what: String, names: Vec<String>, fix: Fix) -> Case {
    Case::new(what).with(starts(names)).fix(fix)
}

/// The line on which `go env -w` has stored a variable.
fn stored_line(file: &EnvFile, name: &str) -> Evidence {
    let line = |line| Evidence::Line { file: file.path.clone(), line, what: format!("sets {name}") };
    file.line(name).map_or_else(|| Evidence::File(file.path.clone()), line)
}

/// The kind of a folder that holds a `go`.
fn recognise(scene: &Scene, bin: &Path) -> Option<Recognised> {
    let facts = scene.facts;
    let land = Landmarks { home: &facts.user.home, variables: &facts.env.go_folders, marks: &facts.go.marks };
    kinds::recognise(bin, &land)
}

/// The version manager that a folder with a `go` belongs to.
fn manager(scene: &Scene, bin: &Path) -> Option<&'static str> {
    match recognise(scene, bin)?.policy {
        Policy::Manager(name) => Some(name),
        _ => None,
    }
}

/// The language of a file.
fn dialect(scene: &Scene, path: &Path) -> Dialect {
    let sourced = scene.sourced.iter().find(|file| file.snapshot.asked == path);
    sourced.map_or_else(|| scene.facts.shell_of(path).dialect(), |file| file.dialect)
}

/// A line that sets a variable, as one to comment out; `None`: it cannot be shown to be safe.
fn cut(scene: &Scene, line: &Line, variable: &str, why: &str) -> Option<Cut> {
    let sourced = scene.sourced.iter().find(|file| file.snapshot.asked == line.file);
    let posix = dialect(scene, &line.file) == Dialect::Posix;
    let own = sourced.is_none_or(|file| file.own) && line.how != How::Runs && posix;
    let file = scene.file(&line.file)?;
    let bytes = file.bytes()?;
    // The patch is for the home.
    let own = own && file.real.starts_with(&scene.facts.user.real_home);
    let safe = own && is_safe(bytes, line.number, variable) && may_be_shown(variable, bytes, line.number);
    safe.then(|| Cut { file: line.file.clone(), line: line.number, why: why.to_owned() })
}

/// The way to take out lines that set a variable: a patch where it can be shown to be safe, else words.
fn take_out(scene: &Scene, lines: &[Line], variable: &str, why: &str) -> Fix {
    let cuts: Vec<Cut> = lines.iter().filter_map(|line| cut(scene, line, variable, why)).collect();
    let used = is_used(scene, variable, lines);
    if !lines.is_empty() && cuts.len() == lines.len() && !used {
        let again = cuts.iter().flat_map(|cut| again(scene, cut, variable)).collect::<Vec<Cut>>();
        return Fix::Patch(cuts.into_iter().chain(again).collect());
    }
    let Some(first) = lines.first() else {
        return Fix::Advice(format!(
            "find what sets {variable} with `goenv-setup explain {variable}`, and take it out: {why}"
        ));
    };
    // What fish keeps from one start to the next is no file to be edited.
    if lines.iter().all(|line| line.file.ends_with(UNIVERSAL)) {
        return Fix::Command(format!("fish -c 'set -e -U {variable}'"));
    }
    let how = leave_out(scene, first, variable);
    let advice = if used {
        format!("{how}, and name the folder itself where another says `${variable}`: {why}")
    } else {
        format!("{how}: {why}")
    };
    Fix::Advice(advice)
}

/// The lines of a file that say the same once more: where one is taken out, the next would do it.
fn again(scene: &Scene, cut: &Cut, variable: &str) -> Vec<Cut> {
    let bytes = scene.file(&cut.file).and_then(|file| file.bytes()).unwrap_or_default();
    let lines: Vec<&[u8]> = fence::lines(bytes).map(|line| bytes[line].trim_ascii()).collect();
    let same = |number: &usize| lines[*number - 1] == lines[cut.line - 1] && is_safe(bytes, *number, variable);
    let others = (1..=lines.len()).filter(|number| *number != cut.line && same(number));
    others.map(|line| Cut { line, ..cut.clone() }).collect()
}

/// How a line that sets a variable is taken out by hand, with nothing else coming to harm.
fn leave_out(scene: &Scene, line: &Line, variable: &str) -> &'static str {
    let bytes = scene.file(&line.file).and_then(|file| file.bytes()).unwrap_or_default();
    let dialect = dialect(scene, &line.file);
    if does_more(bytes, line.number, variable) {
        "take that setting out of the line, and leave the rest of it"
    } else if dialect == Dialect::Posix && goes_on(bytes, line.number) {
        "take that setting out of the command, which stands in several lines"
    } else if dialect == Dialect::Posix && is_held(bytes, line.number) {
        "put `:` in place of that line"
    } else {
        "take that line out"
    }
}

/// Whether a line outside our blocks, and none of these, names the value of a variable: without the variable it would mean
/// another thing.
fn is_used(scene: &Scene, variable: &str, but: &[Line]) -> bool {
    let names = |text: &[u8]| {
        let after = |start: &str| {
            let found = text.windows(start.len()).enumerate().filter(|(_, window)| *window == start.as_bytes());
            let mut next = found.map(|(at, _)| text.get(at + start.len()));
            next.any(|next| next.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_'))
        };
        !text.trim_ascii_start().starts_with(b"#")
            && (after(&format!("${variable}")) || after(&format!("${{{variable}")))
    };
    let sourced = scene.sourced.iter().map(|file| &file.snapshot);
    scene.facts.files.iter().chain(sourced).any(|file| {
        let bytes = file.bytes().unwrap_or_default();
        let found = fence::find(bytes, scene.facts.shell_of(&file.asked).comment());
        let ours = |at: usize| found.blocks().iter().any(|block| block.outer.contains(&at));
        let left = |number: usize| but.iter().all(|line| line.file != file.asked || line.number != number);
        let mut lines = fence::lines(bytes).enumerate();
        lines.any(|(index, line)| left(index + 1) && !ours(line.start) && names(&bytes[line]))
    })
}

/// A case for each value of a variable of Go's that is ill, in the starts that find a go: with the lines of startup files
/// that set it, or the file in which `go env -w` stored it, and the way to take it out.
fn valued(
    scene: &Scene,
    name: &str,
    is_ill: impl Fn(&Observed, &OsString) -> bool,
    what: impl Fn(&OsString) -> String,
    why: &str,
) -> Vec<Case> {
    let mut found: Vec<(OsString, Vec<&Observed>)> = Vec::new();
    for start in scene.seen().filter(|start| start.go().is_some()) {
        let Some((value, _)) = scene.effective(start, name).filter(|(value, _)| is_ill(start, value)) else { continue };
        match found.iter_mut().find(|(known, _)| *known == value) {
            Some((_, starts)) => starts.push(start),
            None => found.push((value, vec![start])),
        }
    }
    found.into_iter().map(|(value, starts)| of_variable(scene, &starts, name, what(&value), why)).collect()
}

/// A case about a variable in these starts, with what sets it there and the way to take it out.
fn of_variable(scene: &Scene, starts: &[&Observed], name: &str, what: String, why: &str) -> Case {
    let lines = surest(starts.iter().flat_map(|start| setting(scene, start, name)));
    let names: Vec<String> = starts.iter().map(|start| start.name()).collect();
    let stored = scene
        .facts
        .go
        .env_file
        .as_ref()
        .filter(|file| file.value(name).is_some() && starts.iter().any(|start| start.variable(name).is_none()));
    if let Some(file) = stored {
        let command = format!("sed -i.bak '/^{name}=/d' {}", scene.word(&file.path));
        return case(what, names, Fix::Command(command)).with([stored_line(file, name)]);
    }
    let fix = take_out(scene, &lines, name, why);
    let sets = format!("sets {name}");
    let evidence: Vec<Evidence> = lines.into_iter().map(|line| line.evidence(&sets)).collect();
    case(what, names.clone(), fix).with(evidence).wants(name, &names)
}
