//! G: GOPATH, GOBIN, and where Go builds for.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use super::super::scene::{Observed, Origin, Scene};
use super::super::{Case, Check, Fix, Severity};
use super::{manager, valued};
use crate::facts::path::list;
use crate::text::show::sanitise;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "G-01", title: "GOPATH begins with a tilde", severity: Severity::Error, look: tilde },
    Check { id: "G-02", title: "GOPATH is relative", severity: Severity::Error, look: relative },
    Check { id: "G-03", title: "GOPATH and GOROOT are one folder", severity: Severity::Warning, look: same },
    Check { id: "G-04", title: "GOPATH and GOROOT lie within one another", severity: Severity::Warning, look: within },
    Check { id: "G-05", title: "GOPATH begins with an empty entry", severity: Severity::Warning, look: empty },
    Check { id: "G-06", title: "GOBIN is not absolute", severity: Severity::Error, look: gobin },
    Check { id: "G-07", title: "GOBIN, and built for another system", severity: Severity::Error, look: cross },
    Check { id: "G-08", title: "GOPATH has more than one entry", severity: Severity::Info, look: several },
    Check { id: "G-09", title: "GOPATH is of one release alone", severity: Severity::Warning, look: versioned },
    Check { id: "G-10", title: "Go builds for another system everywhere", severity: Severity::Warning, look: target },
    Check { id: "G-11", title: "GOPATH names a folder of commands", severity: Severity::Warning, look: commands },
];

/// The entries of GOPATH that Go looks at, as it takes them.
fn entries(value: &OsString) -> Vec<PathBuf> {
    list(value).into_iter().filter(|entry| !entry.as_os_str().is_empty()).collect()
}

/// A case for each value of a variable that is ill, with the lines or the file that set it.
fn ill(
    scene: &Scene,
    name: &str,
    is_ill: impl Fn(&Observed, &OsString) -> bool,
    what: impl Fn(&str) -> String,
    why: &str,
) -> Vec<Case> {
    valued(scene, name, is_ill, |value| what(&sanitise(value.as_bytes())), why)
}

fn tilde(scene: &Scene) -> Vec<Case> {
    let ill_one = |_: &Observed, value: &OsString| {
        entries(value).iter().any(|entry| entry.as_os_str().as_bytes().starts_with(b"~"))
    };
    let what = |shown: &str| format!("GOPATH is `{shown}`: Go does not expand the tilde, and refuses to work");
    ill(scene, "GOPATH", ill_one, what, "write the folder as an absolute path, or with HOME")
}

fn relative(scene: &Scene) -> Vec<Case> {
    let odd = |entry: &PathBuf| !entry.is_absolute() && !entry.as_os_str().as_bytes().starts_with(b"~");
    let ill_one = |_: &Observed, value: &OsString| entries(value).iter().any(odd);
    let what = |shown: &str| format!("GOPATH is `{shown}`, which is no absolute path: Go refuses to work");
    ill(scene, "GOPATH", ill_one, what, "write the folder as an absolute path, without quotes inside")
}

/// A path without `.` and doubled or trailing slashes.
fn clean(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

/// The root of the Go that a start finds.
fn root(start: &Observed) -> Option<PathBuf> {
    let of_go = || start.looked.go.as_ref().and_then(|go| go.real_root.clone().or(go.root.clone()));
    start.variable("GOROOT").map(PathBuf::from).or_else(of_go).map(|root| clean(&root))
}

/// GOPATH of a start, that which Go takes by itself included.
fn gopath(scene: &Scene, start: &Observed) -> PathBuf {
    let set = scene.effective(start, "GOPATH").and_then(|(value, _)| entries(&value).into_iter().next());
    clean(&set.unwrap_or_else(|| scene.facts.user.home.join("go")))
}

/// Whether GOPATH is what Go, and so our block, takes by itself.
fn is_default(scene: &Scene, value: &OsString) -> bool {
    entries(value).first().is_some_and(|first| *first == scene.facts.user.home.join("go"))
}

/// A case for each pair of folders that are in each other's way.
fn clash(scene: &Scene, ill: impl Fn(&Path, &Path) -> bool, what: impl Fn(&str, &str) -> String) -> Vec<Case> {
    let found = scene.seen().filter(|start| start.go().is_some()).filter_map(|start| {
        let pair = (gopath(scene, start), root(start)?);
        // A GOROOT that is none has a check of its own.
        let goroot = start.variable("GOROOT").and_then(|goroot| scene.root(Path::new(goroot)));
        if goroot.is_some_and(|goroot| !goroot.has_tools || !goroot.has_library) {
            return None;
        }
        ill(&pair.0, &pair.1).then(|| (start.name(), pair))
    });
    let case = |((gopath, root), names): ((PathBuf, PathBuf), Vec<String>)| {
        let starts: Vec<&Observed> = scene.seen().filter(|start| names.contains(&start.name())).collect();
        let what = what(&scene.show(&gopath), &scene.show(&root));
        let case = super::of_variable(scene, &starts, "GOPATH", what, "GOPATH is a folder of its own");
        // By itself Go takes `~/go`, where this one was unpacked.
        let own = starts
            .iter()
            .all(|start| scene.effective(start, "GOPATH").is_none_or(|(value, _)| is_default(scene, &value)));
        let other = "choose another folder with `goenv-setup apply --gopath ~/gopath`, or move that Go to ~/.local/go";
        if own { case.fix(Fix::Advice(other.to_owned())) } else { case }
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

fn same(scene: &Scene) -> Vec<Case> {
    clash(
        scene,
        |gopath, root| gopath == root,
        |gopath, _| {
            format!("GOPATH and the root of Go are both {gopath}: Go warns, and puts your modules among its own files")
        },
    )
}

fn within(scene: &Scene) -> Vec<Case> {
    let ill = |gopath: &Path, root: &Path| {
        // A toolchain that Go itself downloaded lies in the module cache.
        let own = root.starts_with(gopath.join("pkg/mod"));
        gopath != root && !own && (gopath.starts_with(root) || root.starts_with(gopath.join("src")))
    };
    clash(scene, ill, |gopath, root| format!("GOPATH is {gopath} and the root of Go is {root}, one within the other"))
}

fn empty(scene: &Scene) -> Vec<Case> {
    let ill_one = |_: &Observed, value: &OsString| value.as_bytes().starts_with(b":");
    let what =
        |shown: &str| format!("GOPATH is `{shown}`, and its first entry, which counts for tools and modules, is empty");
    ill(scene, "GOPATH", ill_one, what, "take the empty entry out")
}

fn commands(scene: &Scene) -> Vec<Case> {
    let ill_one = |start: &Observed, value: &OsString| {
        // Within the root of Go it is in the way in another sense.
        let in_root = |entry: &PathBuf| root(start).is_some_and(|root| clean(entry).starts_with(root));
        entries(value).first().is_some_and(|first| first.ends_with("bin") && first.is_absolute() && !in_root(first))
    };
    let what = |shown: &str| format!("GOPATH is `{shown}`: tools go into `bin` below that, and modules beside them");
    ill(scene, "GOPATH", ill_one, what, "the folder above bin is meant")
}

fn gobin(scene: &Scene) -> Vec<Case> {
    let ill_one = |_: &Observed, value: &OsString| !Path::new(value).is_absolute() || value.as_bytes().contains(&b':');
    let what = |shown: &str| {
        if shown.starts_with('/') {
            format!("GOBIN is `{shown}`, which is no list: Go takes it for one folder of that name")
        } else {
            format!("GOBIN is `{shown}`, which is no absolute path: `go install` refuses to work")
        }
    };
    ill(scene, "GOBIN", ill_one, what, "write one folder as an absolute path")
}

/// What Go builds for, where that is set to something else than this machine.
fn foreign(scene: &Scene, start: &Observed) -> Option<(&'static str, OsString, Origin)> {
    for (name, here) in [("GOOS", scene.facts.go.system), ("GOARCH", scene.facts.go.machine)] {
        if let Some((value, origin)) = scene.effective(start, name)
            && here.is_some_and(|here| value != here)
        {
            return Some((name, value, origin));
        }
    }
    None
}

/// A case for each variable that makes Go build for another system, with or without a GOBIN.
fn foreign_cases(scene: &Scene, with_gobin: bool, what: impl Fn(&str, &str) -> String, why: &str) -> Vec<Case> {
    ["GOOS", "GOARCH"]
        .into_iter()
        .flat_map(|name| {
            let ill_one = |start: &Observed, value: &OsString| {
                scene.effective(start, "GOBIN").is_some() == with_gobin
                    && foreign(scene, start).is_some_and(|(which, foreign, _)| which == name && foreign == *value)
            };
            ill(scene, name, ill_one, |shown| what(name, shown), why)
        })
        .collect()
}

fn cross(scene: &Scene) -> Vec<Case> {
    let what = |name: &str, shown: &str| format!("{name} is `{shown}` and GOBIN is set: `go install` refuses to work");
    foreign_cases(scene, true, what, "set it for the one command that needs it")
}

fn several(scene: &Scene) -> Vec<Case> {
    let ill_one = |_: &Observed, value: &OsString| entries(value).len() > 1;
    let what = |shown: &str| format!("GOPATH is `{shown}`: tools and modules go into its first entry alone");
    let cases = ill(scene, "GOPATH", ill_one, what, "one entry is enough").into_iter();
    // Who works without modules needs the others: no patch takes them away along with what is really wrong.
    let advice = "nothing, if code without modules is kept in the others; else one entry is enough";
    cases.map(|case| case.fix(Fix::Advice(advice.to_owned()))).collect()
}

/// Whether a folder of the path is named after a release: `go1.22.3`, `1.22`.
fn is_versioned(path: &Path) -> bool {
    let release = |part: Component| {
        let Some(name) = part.as_os_str().to_str() else { return false };
        let name = name.strip_prefix("go").unwrap_or(name).trim_start_matches('-');
        let mut numbers = name.split('.');
        let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let rest: Vec<&str> = numbers.by_ref().skip(1).collect();
        name.starts_with("1.") && !rest.is_empty() && rest.len() < 3 && rest.iter().all(|part| number(part))
    };
    path.components().any(release)
}

fn versioned(scene: &Scene) -> Vec<Case> {
    // A version manager at work does so on purpose.
    let managed = |start: &Observed| {
        let gos = [start.go(), start.seen().and_then(|seen| seen.real_go.as_deref())];
        gos.into_iter().flatten().filter_map(Path::parent).any(|bin| manager(scene, bin).is_some())
    };
    let ill_one = |start: &Observed, value: &OsString| {
        entries(value).first().is_some_and(|first| is_versioned(first)) && !managed(start)
    };
    let what = |shown: &str| {
        format!("GOPATH is `{shown}`, of one release alone: tools that you install are gone after the next upgrade")
    };
    ill(scene, "GOPATH", ill_one, what, "one GOPATH serves every release")
}

fn target(scene: &Scene) -> Vec<Case> {
    let what =
        |name: &str, shown: &str| format!("{name} is `{shown}`, so what Go builds and installs does not run here");
    foreign_cases(scene, false, what, "set it for the one command that needs it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_one_release() {
        for yes in ["/h/go/1.22.3", "/h/.gvm/pkgsets/go1.22/global", "/h/gopath-x/go-1.21.0/x"] {
            assert!(is_versioned(Path::new(yes)), "{yes}");
        }
        for no in ["/h/go", "/h/go1", "/h/v1.22", "/h/1.", "/h/1.2.3.4", "/h/1.x"] {
            assert!(!is_versioned(Path::new(no)), "{no}");
        }
    }
}
