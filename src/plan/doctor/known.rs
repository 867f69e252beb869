//! The Gos that are known: whether there is any, in which folders, whether it may be run here, and its release.

use std::path::{Path, PathBuf};

use super::super::goversion::GoVersion;
use super::scene::{Observed, Scene};
use crate::facts::path::{Entry, GoFile};
use crate::probe::gocommand::How;

/// Whether any Go is known, on any PATH, in a usual place or where a line about PATH says, even one that does not run.
pub fn is_any_known(scene: &Scene) -> bool {
    let entries = scene.seen().flat_map(|start| &start.path).chain(&scene.named);
    let by_tilde = || scene.seen().any(|start| start.by_tilde);
    let known = !scene.facts.go.well_known.is_empty() || !scene.mentioned.is_empty();
    known || by_tilde() || entries.into_iter().any(is_go_of_some_kind)
}

/// Something that is called `go`, though it may not run: other checks tell of it.
pub fn is_go_of_some_kind(entry: &Entry) -> bool {
    !matches!(entry.go, GoFile::Absent | GoFile::Folder)
}

/// Every folder in which a Go is known to be.
pub fn folders_of_go<'a>(scene: &'a Scene) -> Vec<&'a Path> {
    let go = &scene.facts.go;
    let known = [&go.asked, &go.on_path, &go.well_known].into_iter().flatten().map(|dir| dir.bin.as_path());
    let runs = |entry: &&'a Entry| entry.go == GoFile::Runs;
    let seen = scene.seen().flat_map(|start| &start.path).chain(&scene.named).filter(runs);
    let named = scene.mentioned.iter().map(PathBuf::as_path);
    known.chain(seen.map(|entry| Path::new(&entry.text))).chain(scene.chosen()).chain(named).collect()
}

/// Where the Go is that some starts do not find.
pub fn where_it_is(scene: &Scene) -> String {
    let place = scene.chosen().or(scene.facts.go.well_known.first().map(|dir| dir.bin.as_path()));
    let other = || {
        let start = scene.seen().find(|start| start.go().is_some())?;
        Some(format!("{} finds {}", start.name(), scene.show(start.go()?)))
    };
    let place = place.map(|bin| format!("it is in {}", scene.show(bin)));
    let named = || Some(format!("it is in {}", scene.show(scene.mentioned.first()?)));
    place.or_else(other).or_else(named).unwrap_or_else(|| "there is one".to_owned())
}

/// The commands called `go` that we may not execute, where no start finds another in their place: on PATH, or where the
/// block looks for it.
pub fn blocked(scene: &Scene) -> Vec<(PathBuf, Vec<String>)> {
    let found = scene.promised().filter(|start| start.go().is_none()).filter_map(|start| {
        let mut entries = start.path.iter().chain(&scene.named);
        let entry = entries.find(|entry| entry.go == GoFile::NotExecutable)?;
        Some((start.name(), Path::new(&entry.text).join("go")))
    });
    Scene::by_value(found)
}

/// Whether a file of this shell's holds a block of ours.
pub fn is_carried_in(scene: &Scene, shell: &str) -> bool {
    let mut rows = scene.status.rows.iter().filter(|row| row.line.is_some());
    rows.any(|row| scene.facts.shell_of(&row.path).name() == shell)
}

/// Whether this is a container that shares the home with its host, whose block looks for Go where only the host has it.
pub fn is_lost_in_container(scene: &Scene) -> bool {
    let launchers = &scene.facts.env.launchers;
    let shares = launchers.get("CONTAINER_ID").is_some() || launchers.get("TOOLBOX_PATH").is_some();
    let blocks = scene.status.rows.iter().any(|row| row.line.is_some());
    shares && blocks && scene.seen().all(|start| start.go().is_none())
}

/// The release of the `go` that a start finds: as it told itself, else as its files say.
pub fn release(scene: &Scene, start: &Observed) -> Option<GoVersion> {
    let told = start.go().and_then(|go| scene.ran(go)).and_then(|ran| told(&ran.version));
    let written = || GoVersion::parse(start.looked.go.as_ref()?.version.as_deref()?);
    told.and_then(GoVersion::parse).or_else(written)
}

/// What stands behind `go version` in what was said, up to the platform.
pub fn told(how: &How) -> Option<&str> {
    let How::Said(text) = how else { return None };
    text.lines().find_map(|line| line.strip_prefix("go version "))
}

/// The system and the architecture that a `go` was built for, as it told: `linux` and `amd64`.
pub fn platform<'a>(scene: &'a Scene, go: &Path) -> Option<(&'a str, &'a str)> {
    told(&scene.ran(go)?.version)?.split_whitespace().last()?.split_once('/')
}
