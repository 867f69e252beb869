//! R: GOROOT.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::super::super::cell;
use super::super::super::kinds::{self, Policy};
use super::super::lines::{bringing, read, setting};
use super::super::lives::unique;
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::{manager, recognise, starts, take_out};
use crate::facts::GoDir;
use crate::facts::path::list;
use crate::plan::binary::Form;
use crate::text::show::sanitise;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "R-01", title: "GOROOT is not there", severity: Severity::Error, look: missing },
    Check { id: "R-02", title: "GOROOT is of another release than go", severity: Severity::Error, look: mismatch },
    Check { id: "R-03", title: "GOROOT lacks parts of Go", severity: Severity::Error, look: incomplete },
    Check { id: "R-04", title: "GOROOT names the command, not its root", severity: Severity::Error, look: not_a_root },
    Check { id: "R-05", title: "GOROOT goes with the next upgrade", severity: Severity::Warning, look: versioned },
    Check { id: "R-06", title: "GOROOT is set without need", severity: Severity::Info, look: needless },
    Check { id: "R-07", title: "GOROOT is another version manager's", severity: Severity::Error, look: of_manager },
    Check { id: "R-08", title: "go env -w has stored GOROOT", severity: Severity::Error, look: stored },
    Check { id: "R-09", title: "go was copied without its root", severity: Severity::Error, look: alone },
];

/// What is wrong with a GOROOT, in the order in which Go would stumble over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ill {
    Missing,
    NotARoot,
    Incomplete,
    Manager,
    Mismatch,
    Versioned,
    Needless,
}

/// The starts whose GOROOT is ill in this way: where a Go is found, else GOROOT does no harm.
fn ill<'a>(scene: &'a Scene, which: Ill) -> Vec<(&'a Observed, PathBuf)> {
    let found = scene.seen().filter(|start| start.go().is_some()).filter_map(|start| {
        let goroot = PathBuf::from(start.variable("GOROOT")?);
        (diagnosis(scene, start, &goroot) == Some(which)).then_some((start, goroot))
    });
    found.collect()
}

fn diagnosis(scene: &Scene, start: &Observed, goroot: &Path) -> Option<Ill> {
    let looked = start.looked.goroot.as_ref();
    let there = scene.root(goroot);
    if goroot.ends_with("bin") || there.is_some_and(|root| root.is_file) {
        return Some(Ill::NotARoot);
    }
    if !goroot.is_absolute() || there.is_none_or(|root| !root.is_folder) {
        return Some(Ill::Missing);
    }
    if there.is_some_and(|root| !root.has_tools || !root.has_library) {
        return Some(Ill::Incomplete);
    }
    if managers(scene, start, goroot).is_some() {
        return Some(Ill::Manager);
    }
    let of_go = start.looked.go.as_ref().and_then(|go| go.version.as_deref());
    let of_root = looked.and_then(|root| root.version.as_deref());
    let same_file = looked.is_some_and(|root| {
        root.real_go.is_some() && root.real_go == start.seen().and_then(|seen| seen.real_go.clone())
    });
    match (of_go, of_root) {
        (Some(go), Some(root)) if go != root && !same_file => Some(Ill::Mismatch),
        _ if goes(goroot) => Some(Ill::Versioned),
        // Our own block sets it where it is right, and so do some version managers.
        _ if is_its_own(start)
            && manager(scene, &goroot.join("bin")).is_none()
            && !read(scene, start, "GOROOT").is_empty() =>
        {
            Some(Ill::Needless)
        }
        _ => None,
    }
}

/// Whether GOROOT is the root that go finds by itself.
fn is_its_own(start: &Observed) -> bool {
    let root = |dir: &Option<GoDir>| dir.as_ref().and_then(|dir| dir.real_root.clone());
    root(&start.looked.go).is_some() && root(&start.looked.go) == root(&start.looked.goroot)
}

/// The version manager that a GOROOT belongs to, and the one whose go is the first on PATH, where these are two.
fn managers(scene: &Scene, start: &Observed, goroot: &Path) -> Option<(&'static str, &'static str)> {
    let of_go = [start.go(), start.seen()?.real_go.as_deref()];
    let of_go = of_go.into_iter().flatten().find_map(|go| manager(scene, go.parent()?));
    let (root, go) = (manager(scene, &goroot.join("bin"))?, of_go?);
    (root != go).then_some((root, go))
}

/// Whether an upgrade removes this folder.
fn goes(goroot: &Path) -> bool {
    let text = goroot.as_os_str().to_string_lossy();
    ["/Cellar/", "/nix/store/", "/gnu/store/", "/toolchain@"].iter().any(|part| text.contains(part))
        || text.strip_prefix("/snap/go/").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// A case for each value, with the lines that set it and the way to take them out.
fn cases(scene: &Scene, which: Ill, what: impl Fn(&Observed, &str) -> String) -> Vec<Case> {
    let mut found: Vec<(PathBuf, Vec<&Observed>)> = Vec::new();
    for (start, goroot) in ill(scene, which) {
        match found.iter_mut().find(|(known, _)| *known == goroot) {
            Some((_, all)) => all.push(start),
            None => found.push((goroot, vec![start])),
        }
    }
    let case = |(goroot, observed): (PathBuf, Vec<&Observed>)| {
        let lines = unique(observed.iter().flat_map(|start| setting(scene, start, "GOROOT")));
        if which == Ill::Mismatch
            && lines.is_empty()
            && observed.iter().all(|start| is_put_before_the_block(scene, start))
        {
            return put_before_the_block(scene, &goroot, &observed, what(observed[0], &scene.show(&goroot)));
        }
        let mut what = what(observed[0], &scene.show(&goroot));
        let gopath = observed[0].variable("GOPATH").map(OsStr::to_owned);
        let gopath = gopath.unwrap_or_else(|| scene.facts.user.home.join("go").into_os_string());
        if which != Ill::Mismatch && list(&gopath).contains(&goroot) {
            what.push_str("; it is the folder of GOPATH, which is another thing");
        }
        let shown = Evidence::Value { name: "GOROOT".to_owned(), value: scene.show(&goroot) };
        let names: Vec<String> = observed.iter().map(|start| start.name()).collect();
        let fix = take_out(scene, &lines, "GOROOT", "Go finds its root by itself");
        let evidence = lines.into_iter().map(|line| line.evidence("sets GOROOT"));
        let case = Case::new(what).with(evidence).with([shown]).with(starts(names.clone())).fix(fix);
        // What does no harm is worth no second start.
        if which == Ill::Needless { case } else { case.wants("GOROOT", &names) }
    };
    found.into_iter().map(case).collect()
}

/// Whether GOROOT is that of our block, and another Go was put before the block's own on PATH.
pub(super) fn is_put_before_the_block(scene: &Scene, start: &Observed) -> bool {
    let ours = || scene.status.rows.iter().any(|row| row.line.is_some()) && setting(scene, start, "GOROOT").is_empty();
    let goroot = start.variable("GOROOT").map(Path::new);
    goroot.is_some_and(|goroot| scene.chosen() == Some(&goroot.join("bin")) && ours())
        && goroot.and_then(|goroot| diagnosis(scene, start, goroot)) == Some(Ill::Mismatch)
}

/// A case for a Go that a line has put before that of the block: that line is at fault.
fn put_before_the_block(scene: &Scene, goroot: &Path, observed: &[&Observed], what: String) -> Case {
    let folders = observed.iter().filter_map(|start| Some((start, start.go()?.parent()?)));
    let lines = unique(folders.flat_map(|(start, bin)| bringing(scene, start, bin.as_os_str())));
    let names: Vec<String> = observed.iter().map(|start| start.name()).collect();
    let root = observed[0].go().and_then(Path::parent).and_then(Path::parent).map(|root| scene.word(root));
    let other = root.map_or_else(String::new, |root| format!("; or have that Go: `goenv-setup apply --goroot {root}`"));
    let shown = Evidence::Value { name: "GOROOT".to_owned(), value: scene.show(goroot) };
    let evidence = lines.into_iter().map(|line| line.evidence("puts another Go before that of the block"));
    let case = Case::new(what).with(evidence).with([shown]).with(starts(names.clone()));
    let advice = format!("move that line above the block, or take it out{other}");
    case.fix(Fix::Advice(advice)).wants("GOROOT", &names).wants("PATH", &names)
}

fn missing(scene: &Scene) -> Vec<Case> {
    cases(scene, Ill::Missing, |start, shown| {
        let tilde = start.variable("GOROOT").is_some_and(|goroot| goroot.as_bytes().starts_with(b"~"));
        let why = if tilde { "whose tilde nothing expands" } else { "which is no folder" };
        format!("GOROOT is {shown}, {why}: go answers nothing at all")
    })
}

fn not_a_root(scene: &Scene) -> Vec<Case> {
    cases(scene, Ill::NotARoot, |_, shown| format!("GOROOT is {shown}: the folder above `bin` would be the root"))
}

fn incomplete(scene: &Scene) -> Vec<Case> {
    cases(scene, Ill::Incomplete, |_, shown| {
        format!("GOROOT is {shown}, which lacks pkg/tool or src/fmt: nothing can be built with it")
    })
}

fn mismatch(scene: &Scene) -> Vec<Case> {
    cases(scene, Ill::Mismatch, |start, shown| {
        let version = |dir: Option<&GoDir>| {
            dir.and_then(|dir| dir.version.as_deref())
                .and_then(cell::version)
                .unwrap_or_else(|| "another release".to_owned())
        };
        let (root, go) = (version(start.looked.goroot.as_ref()), version(start.looked.go.as_ref()));
        format!("GOROOT is {shown} of {root}, and go is {go}: its compiler and its library do not fit")
    })
}

fn versioned(scene: &Scene) -> Vec<Case> {
    cases(scene, Ill::Versioned, |_, shown| format!("GOROOT is {shown}, which the next upgrade removes"))
}

fn needless(scene: &Scene) -> Vec<Case> {
    cases(scene, Ill::Needless, |_, shown| format!("GOROOT is {shown}, which go finds by itself"))
}

fn of_manager(scene: &Scene) -> Vec<Case> {
    cases(scene, Ill::Manager, |start, shown| {
        let goroot = start.variable("GOROOT").map(Path::new);
        let (root, go) = goroot.and_then(|goroot| managers(scene, start, goroot)).unwrap_or(("one", "another"));
        format!("GOROOT is {shown}, which is {root}'s, and the go on PATH is {go}'s")
    })
}

/// The starts whose go stands without its root around it, each with that go.
pub(super) fn alone_in<'a>(scene: &'a Scene) -> impl Iterator<Item = (&'a Observed, &'a Path)> {
    scene.promised().filter_map(move |start| {
        let (go, real_go) = (start.go()?, start.seen()?.real_go.as_ref()?);
        let looked = start.looked.go.as_ref()?;
        // A program of its own, no script nor link of a manager's, and none that a store or a distribution wraps.
        let native = looked.program.as_ref().is_some_and(|program| program.form != Form::Script);
        let known = [go.parent()?, real_go.parent()?]
            .iter()
            .any(|bin| recognise(scene, bin).is_some_and(|known| !matches!(known.policy, Policy::Stays)));
        let plain = native && real_go.ends_with("go") && !known && kinds::of_program(real_go).is_none();
        let rootless = looked.real_root.is_none() && looked.root.is_none() && start.variable("GOROOT").is_none();
        // What the system's packages bring knows its root.
        let own = !real_go.starts_with("/usr/bin") && !real_go.starts_with("/bin");
        (plain && rootless && own).then_some((start, go))
    })
}

fn alone(scene: &Scene) -> Vec<Case> {
    let found = alone_in(scene).map(|(start, go)| (start.name(), go.to_owned()));
    let case = |(go, names): (PathBuf, Vec<String>)| {
        let shown = scene.show(&go);
        let what = format!("{shown} is a go without its root around it: it finds neither compiler nor library");
        let advice = format!("remove it with `rm {}`; a link to the go in its root would do", scene.word(&go));
        Case::new(what).with([Evidence::File(go)]).with(starts(names)).fix(Fix::Advice(advice))
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

fn stored(scene: &Scene) -> Vec<Case> {
    let Some(file) = &scene.facts.go.env_file else { return Vec::new() };
    let Some(value) = file.value("GOROOT") else { return Vec::new() };
    let right = scene.chosen().and_then(Path::parent).is_some_and(|root| root == Path::new(value));
    if right {
        return Vec::new();
    }
    let shown = sanitise(std::os::unix::ffi::OsStrExt::as_bytes(value as &OsStr));
    let what = format!("`go env -w` has stored GOROOT as `{shown}`, and while it is wrong, `go env -u` fails too");
    let command = format!("GOENV=off; sed -i.bak '/^GOROOT=/d' {}", scene.word(&file.path));
    vec![
        Case::new(what)
            .with([super::stored_line(file, "GOROOT")])
            .fix(Fix::Command(command.trim_start_matches("GOENV=off; ").to_owned())),
    ]
}
