//! Every check, in groups: one file a group.

mod goroot;
mod network;
mod path;

use super::lines::Line;
use super::patch::{Cut, is_safe};
use super::scene::Scene;
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
