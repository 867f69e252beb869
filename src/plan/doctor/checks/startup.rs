//! The chain of startup files: where a start that finds no Go leaves it, and the line at which it does.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::super::files::Planned;
use super::super::super::own_lines::{Variable, own_lines};
use super::super::super::place::pattern;
use super::super::super::trace::Place;
use super::super::complaints::{self, Complaint};
use super::super::gos::folders;
use super::super::lines::{How, Line, files, losing};
use super::super::lives::{bringing, brings_nothing, ever_had, of_place, throws, unique};
use super::super::meant::{Slip, literal, of_variables};
use super::super::patch::Cut;
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::contexts::is_lost_in_container;
use super::files::fence_of;
use super::path::{blocked, is_any_known, is_carried_in, is_go_of_some_kind};
use super::session::{inherits, is_left_to_login};
use super::shells::stops_at_missing;
use super::{cut, leave_out, starts};
use crate::facts::path::GoFile;
use crate::facts::{Platform, Snapshot};
use crate::probe::report::Shadow;
use crate::shells::{Dialect, Shell};
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

/// Why a start finds no Go though there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
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
    /// Nothing of its own, but the session in which a terminal is opened brings Go.
    FromSession,
    /// No line has to do with it.
    Unknown,
}

/// The starts that should find a Go and do not, each with why, where there is a Go that may run.
pub(super) fn lost<'a>(scene: &'a Scene) -> impl Iterator<Item = (&'a Observed, Why)> {
    let any = is_any_known(scene) && blocked(scene).is_empty() && !is_lost_in_container(scene);
    // Where a file does not parse S-04 names the line, and where one that is not there ends it, S-07.
    let parsed = |start: &&Observed| {
        !complaints::of(scene, start).iter().any(|complaint| match complaint {
            Complaint::Syntax(_) => true,
            Complaint::Missing(..) => stops_at_missing(start),
        })
    };
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

/// Every folder in which a Go is known to be.
pub(super) fn folders_of_go<'a>(scene: &'a Scene) -> Vec<&'a Path> {
    let go = &scene.facts.go;
    let known = [&go.asked, &go.on_path, &go.well_known].into_iter().flatten().map(|dir| dir.bin.as_path());
    let runs = |entry: &&'a crate::facts::path::Entry| entry.go == GoFile::Runs;
    let seen = scene.seen().flat_map(|start| &start.path).chain(&scene.named).filter(runs);
    let named = scene.mentioned.iter().map(PathBuf::as_path);
    known.chain(seen.map(|entry| Path::new(&entry.text))).chain(scene.chosen()).chain(named).collect()
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

/// The lines of a file that put Go on PATH: those that begin a block, and the user's own.
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
    let found = own.map(|own| own.line).chain(by_folder).chain(fence_of(file, shell.comment()));
    found.collect::<BTreeSet<usize>>().into_iter().collect()
}

/// Whether a file of this shell's has such a line.
pub(super) fn is_set_up_for(scene: &Scene, shell: &dyn Shell) -> bool {
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
pub(super) fn that_finds_go<'a>(scene: &'a Scene, shell: &str) -> Option<&'a Observed> {
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
pub(super) fn no_go_in(names: &[String]) -> String {
    format!("{} {} no go", names.join(", "), if names.len() == 1 { "finds" } else { "find" })
}

/// Where the Go is that they do not find.
pub(super) fn where_it_is(scene: &Scene) -> String {
    let place = scene.chosen().or(scene.facts.go.well_known.first().map(|dir| dir.bin.as_path()));
    let other = || {
        let start = scene.seen().find(|start| start.go().is_some())?;
        Some(format!("{} finds {}", start.name(), scene.show(start.go()?)))
    };
    let place = place.map(|bin| format!("it is in {}", scene.show(bin)));
    let named = || Some(format!("it is in {}", scene.show(scene.mentioned.first()?)));
    place.or_else(other).or_else(named).unwrap_or_else(|| "there is one".to_owned())
}

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
