//! R: GOROOT.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::super::super::cell;
use super::super::lines::setting;
use super::super::lives::unique;
use super::super::scene::{Observed, Scene, list};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::{starts, take_out};
use crate::text::show::sanitise;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "R-01", title: "GOROOT is not there", severity: Severity::Error, look: missing },
    Check { id: "R-02", title: "GOROOT is of another release than go", severity: Severity::Error, look: mismatch },
    Check { id: "R-03", title: "GOROOT lacks parts of Go", severity: Severity::Error, look: incomplete },
    Check { id: "R-04", title: "GOROOT names the command, not its root", severity: Severity::Error, look: not_a_root },
    Check { id: "R-05", title: "GOROOT goes with the next upgrade", severity: Severity::Warning, look: versioned },
    Check { id: "R-08", title: "go env -w has stored GOROOT", severity: Severity::Error, look: stored },
];

/// What is wrong with a GOROOT, in the order in which Go would stumble over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ill {
    Missing,
    NotARoot,
    Incomplete,
    Mismatch,
    Versioned,
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
    let of_go = start.looked.go.as_ref().and_then(|go| go.version.as_deref());
    let of_root = looked.and_then(|root| root.version.as_deref());
    let same_file = looked.is_some_and(|root| {
        root.real_go.is_some() && root.real_go == start.seen().and_then(|seen| seen.real_go.clone())
    });
    match (of_go, of_root) {
        (Some(go), Some(root)) if go != root && !same_file => Some(Ill::Mismatch),
        _ if goes(goroot) => Some(Ill::Versioned),
        _ => None,
    }
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
        Case::new(what).with(evidence).with([shown]).with(starts(names.clone())).fix(fix).wants("GOROOT", &names)
    };
    found.into_iter().map(case).collect()
}

fn missing(scene: &Scene) -> Vec<Case> {
    cases(scene, Ill::Missing, |_, shown| format!("GOROOT is {shown}, which is no folder: go answers nothing at all"))
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
        let version = |dir: Option<&crate::facts::GoDir>| {
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
            .with([Evidence::File(file.path.clone())])
            .fix(Fix::Command(command.trim_start_matches("GOENV=off; ").to_owned())),
    ]
}
