//! The portable block: the Go roots that it tries at shell start, and what the first of them holds on this machine.
//!
//! Invariant: what a block carries does not depend on the machine on which it is planned. Only what is promised and
//! shown does.

use std::path::{Path, PathBuf};

use super::found::{install, keep, looked_at};
use super::paths::{parent, shown, trimmed};
use super::which::asked_go;
use super::{GoInstall, Ground};
use crate::facts::GoDir;
use crate::plan::kinds::{self, SYSTEM};
use crate::plan::request::{Setting, Source};
use crate::plan::stable::Keep;
use crate::plan::{Note, Refusal};
use crate::shells::{Carried, Place};

/// What a portable block carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portable {
    /// The Go roots in their order.
    pub places: Vec<Place>,
    /// Whether GOROOT is exported where one of them leads PATH.
    pub goroot: bool,
    /// Where the wish came from.
    pub from: Source,
}

/// The places that a block carries, if it is portable.
pub fn of_carried(carried: &Carried, home: &Path) -> Vec<Place> {
    carried.first.as_ref().map(|first| places(Some(first.clone()), home)).unwrap_or_default()
}

/// The usual places, and before them the one that the user names. No place is there twice.
fn places(named: Option<PathBuf>, home: &Path) -> Vec<Place> {
    let usual = kinds::usual_places();
    let first = usual.first().map(|place| place.root(home));
    let named = named.filter(|named| Some(named) != first.as_ref());
    let others = usual.into_iter().filter(|place| Some(place.root(home)) != named).collect::<Vec<_>>();
    named.clone().map(Place::Named).into_iter().chain(others).collect()
}

/// The places in question, if any; nothing is judged.
fn wished(ground: &Ground) -> Option<(Vec<Place>, Source)> {
    let home = ground.home;
    match (ground.request.portable, &ground.request.goroot) {
        (Some(true), root) => Some((places(root.as_deref().map(trimmed), home), Source::Flag)),
        (None, None) => {
            let first = ground.remembered()?.first.clone()?;
            Some((places(Some(first), home), Source::Block))
        }
        // --no-portable, or a root alone: one folder on one machine.
        _ => None,
    }
}

/// The folders whose Go matters.
pub(super) fn folders_to_look_at(ground: &Ground) -> Vec<PathBuf> {
    let places = wished(ground).map(|(places, _)| places).unwrap_or_default();
    places.iter().map(|place| place.root(ground.home).join("bin")).collect()
}

/// Whether the block is portable, and over which places it goes.
pub(super) fn choose(ground: &Ground, notes: &mut Vec<Note>) -> Result<Option<Portable>, Refusal> {
    let Some((wished, from)) = wished(ground) else { return Ok(None) };
    let mut named = None;
    if let Some(root) = ground.request.goroot.as_deref().filter(|_| from == Source::Flag) {
        let go = asked_go(root, ground, notes)?;
        named = match place_of(&go) {
            Some(place) => place,
            None => {
                return Err(Refusal::setting(
                    format!(
                        "cannot use `--goroot {}` with `--portable`: it is no Go root",
                        shown(root).trim_matches('`')
                    ),
                    "use `goenv-setup apply --portable`: it looks in the usual places".to_owned(),
                ));
            }
        };
    }
    let places = if from == Source::Flag { places(named, ground.home) } else { wished };
    let carried = ground.remembered().filter(|_| from == Source::Block);
    let goroot = carried.is_none_or(|carried| carried.goroot) && !ground.request.no_goroot;
    Ok(Some(Portable { places, goroot, from }))
}

/// The place that a Go adds to the usual ones, if any; `None`: it cannot be a place.
#[expect(clippy::option_option, reason = "the system's own folder is a place that adds nothing")]
pub(super) fn place_of(go: &GoInstall) -> Option<Option<PathBuf>> {
    // It comes last in any case: nothing of the system's is moved in front.
    let system = || go.bin.as_deref().is_some_and(|bin| [Path::new("/usr/bin"), Path::new("/bin")].contains(&bin));
    if go.goroot.is_none() && system() { Some(None) } else { go.goroot.clone().map(Some) }
}

/// What the first of the places holds on this machine.
pub(super) fn go(portable: &Portable, ground: &Ground, notes: &mut Vec<Note>) -> Setting<GoInstall> {
    let roots = || portable.places.iter().map(|place| place.root(ground.home));
    let held = roots().find_map(|root| {
        let dir = looked_at(ground.go, &root.join("bin")).filter(|dir| dir.has_go)?;
        Some((root, dir))
    });
    let value = if let Some((root, dir)) = held {
        notes.extend(about_a_manager(&root, dir, ground));
        let goroot = Some(root).filter(|_| portable.goroot);
        install(dir.bin.clone(), goroot, Some(dir))
    } else {
        notes.push(Note::warning(format!(
            "none of the {} places of the portable block holds Go on this machine: it does nothing here until one does",
            portable.places.len()
        )));
        let first = roots().next().unwrap_or_else(|| PathBuf::from(super::USUAL_ROOT)).join("bin");
        let goroot = Some(parent(&first)).filter(|_| portable.goroot);
        install(first, goroot, None)
    };
    Setting { value, from: portable.from }
}

/// What becomes of a version manager whose Go is in front here. Measured in zsh, bash and fish: a portable block puts its
/// folder before what stands in PATH by then, but for the system's own folder, which it never moves.
fn about_a_manager(root: &Path, held: &GoDir, ground: &Ground) -> Option<Note> {
    let mut before = ground.go.on_path.iter().take_while(|dir| dir.bin != held.bin);
    let (manager, shims) = before.find_map(|dir| match keep(&dir.bin, ground) {
        Keep::Manager(manager) => Some((manager, &dir.bin)),
        _ => None,
    })?;
    let (shims, bin) = (shown(shims), shown(&held.bin));
    Some(Note::note(if root == Path::new(SYSTEM) {
        format!("{shims} of {manager} stays in front on PATH: the portable block never moves {bin}")
    } else {
        format!(
            "{shims} of {manager} is in front on PATH here: where a startup file loads {manager} above the portable block, \
             {bin} gets in front of it, and where below, as in fish, {manager}'s Go stays; to leave Go to {manager}: \
             `goenv-setup apply --no-portable`"
        )
    }))
}
