//! X: what the files of a Go that is found say about whether it can work.

use std::path::{Path, PathBuf};

use super::super::super::goversion::GoVersion;
use super::super::known::platform;
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::case;
use crate::facts::contexts::Behind;
use crate::facts::{GoDir, Platform};

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "X-03", title: "go is built for another processor", severity: Severity::Warning, look: slow },
    Check { id: "X-05", title: "macOS keeps go in quarantine", severity: Severity::Warning, look: quarantined },
    Check { id: "X-06", title: "files of two releases in one Go", severity: Severity::Error, look: mixed },
    Check { id: "X-07", title: "Go may not write where it must", severity: Severity::Error, look: closed },
    Check { id: "X-08", title: "this macOS is too old for this Go", severity: Severity::Warning, look: too_new },
];

/// What to do about a Go that is not whole or not for here.
const REINSTALL: &str = "install Go anew as https://go.dev/doc/install says: remove the old folder first";

fn slow(scene: &Scene) -> Vec<Case> {
    let found = scene.promised().filter_map(|start| {
        let go = start.go()?;
        let (system, built_for) = platform(scene, go)?;
        let machine = scene.facts.go.machine.filter(|machine| *machine != built_for)?;
        (Some(system) == scene.facts.go.system).then(|| (start.name(), (go.to_path_buf(), built_for, machine)))
    });
    let case = |((go, built_for, machine), names): ((PathBuf, &str, &str), Vec<String>)| {
        let slowly = if scene.facts.platform == Platform::MacOs { " slowly, under Rosetta," } else { "" };
        let what = format!(
            "{} is built for {built_for}, and this machine is {machine}: it runs{slowly} and builds for {built_for}",
            scene.show(&go)
        );
        let advice = format!("take the archive of https://go.dev/dl/ that is built for {machine}");
        case(what, names, Fix::Advice(advice)).with([Evidence::File(go)])
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

/// A case for each Go of which something behind it is wrong.
fn behind(scene: &Scene, what: impl Fn(&Behind, &Observed) -> Option<(String, Fix)>) -> Vec<Case> {
    let mut found: Vec<(PathBuf, String, Fix, Vec<String>)> = Vec::new();
    for start in scene.seen() {
        let of_start = |one: &&Behind| start.seen().and_then(|seen| seen.real_go.as_ref()) == Some(&one.go);
        let Some(one) = scene.contexts.behind.iter().find(of_start) else { continue };
        let Some((what, fix)) = what(one, start) else { continue };
        match found.iter_mut().find(|(_, known, _, _)| *known == what) {
            Some((.., names)) => names.push(start.name()),
            None => found.push((one.go.clone(), what, fix, vec![start.name()])),
        }
    }
    found.into_iter().map(|(go, what, fix, names)| case(what, names, fix).with([Evidence::File(go)])).collect()
}

fn quarantined(scene: &Scene) -> Vec<Case> {
    let what = |one: &Behind, _: &Observed| {
        let root = one.go.parent().and_then(Path::parent).filter(|_| one.quarantined)?;
        let what =
            format!("{} bears the mark of a file from the web: macOS may refuse to start it", scene.show(&one.go));
        Some((what, Fix::Command(format!("xattr -dr com.apple.quarantine {}", scene.word(root)))))
    };
    behind(scene, what)
}

/// The minor release that the file `VERSION` tells: none for what is not released.
fn minor(dir: &GoDir) -> Option<u32> {
    match GoVersion::parse(dir.version.as_deref()?)? {
        GoVersion::Numbered { major: 1, minor, .. } => Some(minor),
        _ => None,
    }
}

fn mixed(scene: &Scene) -> Vec<Case> {
    let what = |one: &Behind, start: &Observed| {
        let dir = start.looked.go.as_ref()?;
        let (version, library) = (minor(dir)?, one.library?);
        let root = dir.real_root.as_ref().filter(|_| version != library)?;
        let what = format!(
            "{} says that it is go1.{version}, and its library is that of go1.{library}: one was unpacked over the other",
            scene.show(root)
        );
        Some((what, Fix::Advice(REINSTALL.to_owned())))
    };
    behind(scene, what)
}

fn closed(scene: &Scene) -> Vec<Case> {
    let closed = &scene.contexts.closed;
    let home = &scene.facts.user.home;
    // What lies in a closed folder is told with it.
    let inner = |folder: &Path| {
        closed.iter().any(|other| folder != other.folder && folder.starts_with(&other.folder) && !other.is_own)
    };
    let case = |one: &crate::facts::contexts::Closed| {
        let shown = scene.show(&one.folder);
        let word = scene.word(&one.folder);
        let is_in_home = one.folder.starts_with(home) && one.folder != *home;
        let (why, fix) = match (one.is_own, is_in_home) {
            (true, _) => ("nobody may write there", Fix::Command(format!("chmod u+w {word}"))),
            (false, true) => (
                "it belongs to another user, as after `sudo go`",
                Fix::Command(format!("sudo chown -R \"$(id -un)\" {word}")),
            ),
            // A system's folder must not be given away.
            (false, false) => (
                "it is not yours",
                Fix::Advice("name a folder of your own, as in `go env -w GOBIN=\"$HOME/go/bin\"`".to_owned()),
            ),
        };
        let what = format!("Go writes in {shown}, and {why}");
        Case::new(what).with([Evidence::File(one.folder.clone())]).fix(fix)
    };
    closed.iter().filter(|one| !inner(&one.folder)).map(case).collect()
}

/// The first macOS on which a release runs: the first release, then macOS. Source: Go's release notes.
const MACOS: &[(u32, (u32, u32))] = &[(27, (13, 0)), (25, (12, 0)), (23, (11, 0)), (21, (10, 15)), (17, (10, 13))];

fn too_new(scene: &Scene) -> Vec<Case> {
    let what = |one: &Behind, start: &Observed| {
        let minor = minor(start.looked.go.as_ref()?)?;
        let (_, needs) = MACOS.iter().find(|(first, _)| minor >= *first)?;
        let here = one.macos.filter(|here| here < needs)?;
        let what = format!("go1.{minor} needs macOS {}.{}, and this is {}.{}", needs.0, needs.1, here.0, here.1);
        let last = MACOS.iter().rev().take_while(|(_, needs)| *needs <= here).last();
        let until = last.and_then(|(first, _)| MACOS.iter().rev().find(|(next, _)| next > first));
        let advice = until.map_or_else(
            || "update macOS, or take an older Go".to_owned(),
            |(next, _)| format!("update macOS, or take go1.{}, the last for this one", next - 1),
        );
        Some((what, Fix::Advice(advice)))
    };
    behind(scene, what)
}
