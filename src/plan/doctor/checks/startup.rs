//! The chain of startup files: where a start that finds no Go leaves it, and the line at which it does.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::super::place::pattern;
use super::super::known::where_it_is;
use super::super::line::{How, Line};
use super::super::lines::{fence_of, files, losing};
use super::super::lives::{brings_nothing, throws, unique};
use super::super::lost::{Why, lost, no_go_in};
use super::super::patch::Cut;
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::{cut, leave_out, starts};
use crate::facts::Platform;
use crate::probe::report::Shadow;
use crate::shells::Dialect;
use crate::text::fence;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "P-12", title: "a line takes Go off PATH", severity: Severity::Error, look: thrown },
    Check { id: "P-07", title: "go is an alias or a function", severity: Severity::Warning, look: shadowed },
    Check { id: "F-03", title: "the lines for Go are not reached", severity: Severity::Error, look: not_reached },
    Check {
        id: "F-05",
        title: "a line takes the system's folders off PATH",
        severity: Severity::Warning,
        look: systems_thrown,
    },
    Check {
        id: "F-12",
        title: "Go is set up in a file that this start does not read",
        severity: Severity::Error,
        look: not_read,
    },
];

/// The lines that took something off PATH, and the shell whose files they are not.
type Thrown<'a> = (Option<&'a str>, Vec<(Line, bool)>);

/// A shell, the lines in files that it does not read, and the file that it reads in their place.
type Hidden<'a> = (&'a str, Vec<(PathBuf, usize)>, Option<PathBuf>);

/// The shell of a start, where only files of the system's are at fault: there its block has to help. Who reads one line in
/// two shells has one disease.
fn to_be_helped<'a>(scene: &Scene, start: &'a Observed, lines: &[(Line, bool)]) -> Option<&'a str> {
    let of_system = |(line, _): &(Line, bool)| !line.file.starts_with(&scene.facts.user.home);
    (!lines.is_empty() && lines.iter().all(of_system)).then(|| start.row.shell.name())
}

/// What to do about lines that take something off PATH.
fn keep(scene: &Scene, shell: Option<&str>, lines: &[(Line, bool)], names: &[String]) -> Fix {
    if let Some(shell) = shell {
        return scene.apply(shell, "PATH");
    }
    let traced = || scene.seen().filter(|start| names.contains(&start.name()));
    let empty =
        |line: &Line| traced().all(|start| scene.life(start, "PATH").is_some_and(|life| brings_nothing(life, line)));
    let why = "it sets PATH without what it held";
    let cuts = lines.iter().map(|(line, _)| cut(scene, line, "PATH", why).filter(|_| empty(line)));
    if let Some(cuts) = cuts.collect::<Option<Vec<Cut>>>().filter(|cuts| !cuts.is_empty()) {
        return Fix::Patch(cuts);
    }
    let out = lines.first().map_or("take the line out", |(line, _)| leave_out(scene, line, "PATH"));
    Fix::Advice(format!("put what PATH held into the value of that line, as `$PATH`, or {out}"))
}

fn thrown(scene: &Scene) -> Vec<Case> {
    let found = lost(scene).filter_map(|(start, why)| match why {
        Why::Thrown(lines) => Some((start.name(), (to_be_helped(scene, start, &lines), lines))),
        _ => None,
    });
    let case = |((shell, lines), names): (Thrown, Vec<String>)| {
        let fix = keep(scene, shell, &lines, &names);
        let evidence = lines.into_iter().map(|(line, sets)| line.evidence(throws(sets)));
        let what = format!("{}, and {}", no_go_in(&names), where_it_is(scene));
        Case::new(what).with(evidence).with(starts(names.clone())).fix(fix).wants("PATH", &names)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

fn not_reached(scene: &Scene) -> Vec<Case> {
    let found = lost(scene).filter_map(|(start, why)| match why {
        Why::NotReached(file, line, last) => Some((start.name(), (file, line, last))),
        _ => None,
    });
    let case = |((file, line, last), names): ((PathBuf, usize, Vec<Line>), Vec<String>)| {
        let comment = scene.facts.shell_of(&file).comment();
        let block = scene.file(&file).is_some_and(|file| fence_of(file, comment).contains(&line));
        let (it, does) = if block { ("the block", "begins the block") } else { ("the line for Go", "puts Go on PATH") };
        let what = format!("a line above {it} in {} ends the file before it", scene.show(&file));
        // The block of a new `apply` would stand where it stands.
        let that = match &last[..] {
            [line] => format!("line {}", line.number),
            _ => "the line that ends the file".to_owned(),
        };
        let advice = format!("move {that} of {} below {it}, with what belongs to it", scene.show(&file));
        let last = last.into_iter().map(|line| line.evidence("is the last one that runs"));
        let evidence = Evidence::Line { file, line, what: does.to_owned() };
        let case = Case::new(what).with(last).with([evidence]).with(starts(names.clone()));
        case.fix(Fix::Advice(advice)).wants("PATH", &names)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

/// The folders of the system's commands that a start has lost. On Linux one of them may be a link to the other; NixOS and
/// Guix have them elsewhere.
fn systems_gone(scene: &Scene, start: &Observed) -> Vec<&'static Path> {
    let has = |folder: &&str| start.path.iter().any(|entry| entry.text == **folder);
    let elsewhere = ["/run/current-system/sw/bin", "/run/current-system/profile/bin"];
    let gone: Vec<&str> = ["/usr/bin", "/bin"].into_iter().filter(|folder| !has(folder)).collect();
    let enough = scene.facts.platform == Platform::Linux && gone.len() < 2;
    if enough || elsewhere.iter().any(has) { Vec::new() } else { gone.into_iter().map(Path::new).collect() }
}

fn systems_thrown(scene: &Scene) -> Vec<Case> {
    // Where Go itself is lost, P-12 names the line.
    let found = scene.seen().filter(|start| start.go().is_some()).filter_map(|start| {
        let gone = systems_gone(scene, start);
        let lines = if gone.is_empty() { Vec::new() } else { losing(scene, start, &gone) };
        // What a system's own file does, it means.
        let own = lines.iter().any(|(line, _)| line.file.starts_with(&scene.facts.user.home));
        let found = own || (scene.is_first_look() && !gone.is_empty());
        found.then(|| (start.name(), (to_be_helped(scene, start, &lines), lines)))
    });
    let case = |((shell, lines), names): (Thrown, Vec<String>)| {
        let what = "PATH lacks the system's folders".to_owned();
        let fix = keep(scene, shell, &lines, &names);
        let evidence = lines.into_iter().map(|(line, sets)| line.evidence(throws(sets)));
        Case::new(what).with(evidence).with(starts(names.clone())).fix(fix).wants("PATH", &names)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

fn not_read(scene: &Scene) -> Vec<Case> {
    let found = lost(scene).filter_map(|(start, why)| match why {
        Why::NotRead(lines, hider) => Some((start.name(), (start.row.shell.name(), lines, hider))),
        _ => None,
    });
    let case = |((shell, lines, hider), names): (Hidden, Vec<String>)| {
        let they = if names.len() == 1 { "it does" } else { "they do" };
        let what = match &hider {
            Some(hider) => format!("{}: {} hides the file that puts it on PATH", no_go_in(&names), scene.show(hider)),
            None => format!("{}: {they} not read the file that puts it on PATH", no_go_in(&names)),
        };
        let evidence = lines.into_iter().map(|(file, line)| {
            let what = "puts Go on PATH, in a file that is not read".to_owned();
            Evidence::Line { file, line, what }
        });
        let case = Case::new(what).with(evidence).with(hider.map(Evidence::File)).with(starts(names.clone()));
        case.fix(scene.apply(shell, "PATH")).wants("PATH", &names)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

/// A line that makes `go` an alias.
static MAKES_ALIAS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?:^|[\s;&|])alias\s+(?:-\S+\s+)*(?:[\w.-]+=(?:'[^']*'|"[^"]*"|\S*)\s+)*go(?:=|\s)"#));

/// A line that makes `go` a function.
static MAKES_FUNCTION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[\s;&|])(?:function\s+go(?:\s|;|\(|$)|go\s*\(\s*\))"));

fn shadowed(scene: &Scene) -> Vec<Case> {
    let found =
        scene.terminals().filter_map(|start| Some((start.name(), (start.row.shell.name(), start.seen()?.shadow?))));
    let case = |((shell, shadow), names): ((&str, Shadow), Vec<String>)| {
        let observed: Vec<&Observed> = scene.seen().filter(|start| names.contains(&start.name())).collect();
        let dialect = observed.first().map(|start| start.row.shell.dialect());
        let makes = |line: &[u8]| match shadow {
            Shadow::Alias => MAKES_ALIAS.is_match(line),
            // What fish calls an alias is a function.
            Shadow::Function => {
                MAKES_FUNCTION.is_match(line) || dialect == Some(Dialect::Fish) && MAKES_ALIAS.is_match(line)
            }
        };
        let read = observed.iter().flat_map(|start| files(scene, start));
        let sourced = scene.sourced.iter().map(|file| &file.snapshot);
        let lines = read.chain(sourced).filter_map(|file| {
            let bytes = file.bytes().unwrap_or_default();
            // The last one of a file counts. That it is one the shell has said, if not where.
            let last = fence::lines(bytes).enumerate().filter(|(_, line)| makes(&bytes[line.clone()])).last();
            last.map(|(at, _)| Line { file: file.asked.clone(), number: at + 1, how: How::Traced })
        });
        let word = shadow.word();
        let does = match shadow {
            Shadow::Alias => "makes `go` an alias",
            Shadow::Function => "makes `go` a function",
        };
        let evidence: Vec<Evidence> = unique(lines).into_iter().map(|line| line.evidence(does)).collect();
        let what = format!("what you type as `go` in {} is no program but the {word} of that name", names.join(", "));
        let (see, without) =
            if dialect == Some(Dialect::Csh) { ("alias go", "\\go") } else { ("type go", "command go") };
        let advice = format!("see what it does with `{see}` in {shell}; `{without}` leaves it out");
        Case::new(what).with(evidence).with(starts(names.clone())).fix(Fix::Advice(advice)).wants("PATH", &names)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}
