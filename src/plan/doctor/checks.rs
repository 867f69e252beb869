//! Every check, in groups: one file a group.

mod contexts;
mod files;
mod go_files;
mod gopath;
mod goroot;
mod network;
mod path;
mod settings;
mod shells;
mod toolchain;

use std::ffi::OsString;

use super::lines::{Line, setting};
use super::patch::{Cut, is_safe};
use super::scene::{Observed, Scene};
use super::{Case, Check, Evidence, Fix};
use crate::shells::Dialect;

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
    Group { name: "GOROOT", checks: goroot::CHECKS },
    Group { name: "GOPATH and GOBIN", checks: gopath::CHECKS },
    Group { name: "go/env file against environment", checks: settings::CHECKS },
    Group { name: "toolchain and go.mod", checks: toolchain::CHECKS },
    Group { name: "startup files and our fence", checks: files::CHECKS },
    Group { name: "shells that start", checks: shells::CHECKS },
    Group { name: "launch contexts", checks: contexts::CHECKS },
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

/// The way to take out lines that set a variable: a patch where it can be shown to be safe, else words.
fn take_out(scene: &Scene, lines: &[Line], variable: &str, why: &str) -> Fix {
    let cut = |line: &Line| {
        let file = scene.facts.find(&line.file)?;
        let posix = scene.facts.shell_of(&line.file).dialect() == Dialect::Posix;
        let safe = posix && is_safe(file.bytes()?, line.number);
        safe.then(|| Cut { file: line.file.clone(), line: line.number, why: why.to_owned() })
    };
    let cuts: Vec<Cut> = lines.iter().filter_map(cut).collect();
    if !lines.is_empty() && cuts.len() == lines.len() {
        return Fix::Patch(cuts);
    }
    let advice = if lines.is_empty() {
        format!("find what sets {variable} with `goenv-setup explain {variable}`, and take it out: {why}")
    } else {
        format!("take that line out: {why}")
    };
    Fix::Advice(advice)
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
    let mut lines: Vec<Line> = Vec::new();
    for line in starts.iter().flat_map(|start| setting(scene, start, name)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let names = starts.iter().map(|start| start.name()).collect();
    let stored = scene
        .facts
        .go
        .env_file
        .as_ref()
        .filter(|file| file.value(name).is_some() && starts.iter().any(|start| start.variable(name).is_none()));
    if let Some(file) = stored {
        let command = format!("sed -i.bak '/^{name}=/d' {}", scene.word(&file.path));
        return case(what, names, Fix::Command(command)).with([Evidence::File(file.path.clone())]);
    }
    let fix = take_out(scene, &lines, name, why);
    let sets = format!("sets {name}");
    let evidence: Vec<Evidence> = lines.into_iter().map(|line| line.evidence(&sets)).collect();
    case(what, names, fix).with(evidence)
}
