//! Which Go: flag, profile, menu, intact block, environment, PATH, well-known places, in this order.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::found::{found, install, keep, keep_of, left_to, left_to_one_unseen, looked_at, passed_over, same_go};
use super::paths::{bad_path, fits_path, parent, repair, shown, trimmed};
use super::{GoInstall, Ground, USUAL_ROOT, portable, recipe, rootless, runs};
use crate::facts::GoDir;
use crate::plan::request::{Setting, Source};
use crate::plan::stable::Keep;
use crate::plan::{Note, Refusal};
use crate::shells::{Carried, posix};
use crate::text::show::sanitise;

pub(super) fn choose_go(ground: &Ground, notes: &mut Vec<Note>) -> Result<Setting<GoInstall>, Refusal> {
    if let Some(root) = &ground.request.goroot {
        let value = asked_go(root, ground, notes)?;
        let profiles = ground.request.profile.is_some_and(|profile| profile.is_about(root));
        return Ok(Setting { value, from: if profiles { Source::Profile } else { Source::Flag } });
    }
    if let Some(asked) = recipe::asked(ground, notes) {
        return asked;
    }
    if let Some(value) = ground.request.picked.as_deref().and_then(|bin| picked(bin, ground, notes)) {
        return Ok(Setting { value, from: Source::Menu });
    }
    let carried = ground.remembered();
    if let Some(value) = recipe::remembered(carried, ground, notes) {
        return Ok(Setting { value, from: Source::Block });
    }
    if let Some(Carried { go: Some(bin), goroot, .. }) = carried {
        let dir = looked_at(ground.go, bin);
        let goroot = goroot.then(|| parent(bin));
        let value = install(bin.clone(), goroot, dir);
        if !value.present {
            notes.push(gone(bin, ground));
        }
        return Ok(Setting { value, from: Source::Block });
    }
    if carried.is_some_and(|carried| carried.left) {
        let value = match recipe::left(ground) {
            Some((manager, dir)) => left_to(manager, Some(dir), ground, notes),
            None => left_to_one_unseen(notes),
        };
        return Ok(Setting { value, from: Source::Block });
    }
    if let Some(value) = of_goroot(ground, notes) {
        return Ok(Setting { value, from: Source::Env });
    }
    for (dirs, from) in [(&ground.go.on_path, Source::Path), (&ground.go.well_known, Source::WellKnown)] {
        for dir in dirs {
            if !runs::is_passed_over(dir, ground, from.word(), notes)
                && let Some(value) = found(dir, ground, from.word(), notes)
            {
                return Ok(Setting { value, from });
            }
        }
    }
    for dir in &ground.go.on_path {
        if let Keep::Environment(why) = keep(&dir.bin, ground) {
            // It was passed over a moment ago.
            let passed_over = passed_over(dir, Source::Path.word(), why);
            notes.retain(|note| *note != passed_over);
            notes.push(Note::warning(format!(
                "there is no other Go that could be kept: {} is used, although {why}",
                shown(&dir.bin)
            )));
            return Ok(Setting { value: install(dir.bin.clone(), None, Some(dir)), from: Source::Path });
        }
    }
    let root = PathBuf::from(USUAL_ROOT);
    notes.push(Note::warning(format!(
        "no Go was found; the plan is for {USUAL_ROOT}, and the block does nothing until Go is there (https://go.dev/dl/)"
    )));
    let value = install(root.join("bin"), Some(root), None);
    Ok(Setting { value, from: Source::Default })
}

/// The Go of GOROOT in the environment, if it counts.
fn of_goroot(ground: &Ground, notes: &mut Vec<Note>) -> Option<GoInstall> {
    let root = ground.env.goroot.as_ref()?;
    let bin = root.join("bin");
    let dir = looked_at(ground.go, &bin)
        .filter(|dir| root.is_absolute() && dir.root.is_some() && dir.has_go && fits_path(&bin, ground.home));
    let Some(dir) = dir else {
        notes.push(Note::warning(format!("GOROOT is {}, which is no Go root: ignored", shown(root))));
        return None;
    };
    if let Some(manager) = manager_in_front_of(dir, ground) {
        notes.push(Note::warning(format!(
            "GOROOT is {}, but {manager} brings `go`: it does not count, and the two may be no pair; take the line that sets \
             it out of your startup files",
            shown(root)
        )));
        return None;
    }
    if runs::is_passed_over(dir, ground, "GOROOT", notes) { None } else { found(dir, ground, "GOROOT", notes) }
}

/// The version manager whose `go` is the first on PATH, if the Go in GOROOT is no manager's.
fn manager_in_front_of(named: &GoDir, ground: &Ground) -> Option<&'static str> {
    let mut on_path = ground.go.on_path.iter().filter(|dir| runs::why_passed_over(dir, ground).is_none());
    let first = on_path.find_map(|dir| found(dir, ground, "", &mut Vec::new()))?;
    first.manager.filter(|_| !matches!(keep(&named.bin, ground), Keep::Manager(_)))
}

/// The Go that was picked from the menu.
fn picked(bin: &Path, ground: &Ground, notes: &mut Vec<Note>) -> Option<GoInstall> {
    found(looked_at(ground.go, bin)?, ground, Source::Menu.word(), notes)
}

/// The block's Go is not there; what is, if anything.
fn gone(bin: &Path, ground: &Ground) -> Note {
    let there = ground.go.on_path.iter().chain(&ground.go.well_known);
    let mut there = there.filter(|dir| runs::why_passed_over(dir, ground).is_none());
    let other = there.find_map(|dir| {
        let root = found(dir, ground, "", &mut Vec::new())?.goroot?;
        posix::exact_word(root.as_os_str().as_bytes(), ground.home)
    });
    let other = other.unwrap_or_else(|| "DIR".to_owned());
    Note::warning(format!(
        "the block names {}, where there is no Go; to choose another: `goenv-setup apply --goroot {other}`",
        shown(bin)
    ))
}

/// Why a `--goroot` is refused, and one that would do.
struct Cannot {
    why: &'static str,
    example: PathBuf,
}

impl Cannot {
    fn be(why: &'static str) -> Self {
        Self { why, example: USUAL_ROOT.into() }
    }
}

/// The Go of `--goroot`.
pub(super) fn asked_go(root: &Path, ground: &Ground, notes: &mut Vec<Note>) -> Result<GoInstall, Refusal> {
    let is_taken = |other: &OsStr| {
        taken_at_its_word(Path::new(other), ground, &mut Vec::new())
            .is_ok_and(|go| ground.request.portable != Some(true) || portable::place_of(&go).is_some())
    };
    taken_at_its_word(root, ground, notes).map_err(|Cannot { why, example }| {
        let shown = sanitise(root.as_os_str().as_bytes());
        let hint = repair(ground, "--goroot", root.as_os_str(), &[example], is_taken);
        Refusal::setting(format!("cannot use `--goroot {shown}`: {why}"), hint)
    })
}

/// The Go in a root that was asked for, unless the path cannot stand in a startup file.
fn taken_at_its_word(root: &Path, ground: &Ground, notes: &mut Vec<Note>) -> Result<GoInstall, Cannot> {
    if let Some(why) = bad_path(root.as_os_str().as_bytes(), ground.home) {
        return Err(Cannot::be(why));
    }
    if root.as_os_str().as_bytes().contains(&b':') {
        return Err(Cannot::be("PATH cannot carry a folder with a colon in its name"));
    }
    let mut root = trimmed(root);
    let mut dir = looked_at(ground.go, &root.join("bin"));
    if let Some(asked) = dir.filter(|dir| !dir.has_go)
        && let Some((above, there)) = root_around(&root, ground)
    {
        notes.push(Note::warning(format!(
            "{} holds no Go, missing: {}; it lies in {}, which does and is used",
            shown(&root),
            missing(asked),
            shown(&above)
        )));
        (root, dir) = (above, Some(there));
    }
    let bin = root.join("bin");
    match dir.map_or_else(|| keep(&bin, ground), |dir| keep_of(dir, ground)) {
        Keep::AsIs => {}
        Keep::Environment(why) => {
            notes.push(Note::warning(format!("{} is used as you say, although {why}", shown(&root))));
        }
        Keep::Rather(stable) => {
            if let Some(there) = same_go(dir, &stable, ground) {
                notes.push(Note::note(format!("{} is used, the stable name of {}", shown(&stable), shown(&bin))));
                return Ok(install(stable, there.root.clone(), Some(there)));
            }
        }
        Keep::Instead(stable) => match looked_at(ground.go, &stable) {
            Some(dir) if dir.has_go => {
                notes.push(Note::note(format!(
                    "{} goes with the next upgrade; its stable name {} is used",
                    shown(&root),
                    shown(&stable)
                )));
                return Ok(install(stable.clone(), Some(parent(&stable)), Some(dir)));
            }
            _ => {
                return Err(Cannot { why: "the next upgrade removes this folder", example: parent(&stable) });
            }
        },
        Keep::Manager(manager) => {
            if let Some(dir) = dir.filter(|dir| !dir.has_go) {
                notes.push(Note::warning(format!("{} holds no Go, missing: {}", shown(&root), missing(dir))));
            }
            return Ok(left_to(manager, dir, ground, notes));
        }
        Keep::Never(why) => {
            let example = dir.and_then(|dir| name_that_stays(dir, ground));
            return Err(Cannot { why, example: example.unwrap_or_else(|| USUAL_ROOT.into()) });
        }
    }
    if let Some(dir) = dir.filter(|dir| dir.has_go && dir.root.is_none()) {
        return Ok(rootless::take(root, bin, dir, ground, notes));
    }
    if let Some(dir) = dir.filter(|dir| !dir.has_go) {
        let portable = ground.request.portable == Some(true);
        let until = if portable { "takes the first of the usual places" } else { "does nothing" };
        notes.push(Note::warning(format!(
            "{} holds no Go, missing: {}; the block {until} until it is there",
            shown(&root),
            missing(dir)
        )));
    }
    Ok(install(bin, Some(root), dir))
}

/// Another root by which the same Go was found, and that may be kept.
fn name_that_stays(asked: &GoDir, ground: &Ground) -> Option<PathBuf> {
    let mut there = ground.go.on_path.iter().chain(&ground.go.well_known).filter(|dir| dir.real_go == asked.real_go);
    there.find_map(|dir| Some(parent(&found(dir, ground, "", &mut Vec::new())?.bin?)))
}

/// The Go root of which somebody named the `bin`, or the `go` in it.
fn root_around<'a>(asked: &Path, ground: &Ground<'a>) -> Option<(PathBuf, &'a GoDir)> {
    let bin = bin_around(asked)?;
    let dir = looked_at(ground.go, bin).filter(|dir| dir.root.is_some() || dir.real_root.is_some())?;
    Some((parent(bin), dir))
}

/// The folder called `bin` that a path names, itself or by the `go` in it.
pub(super) fn bin_around(path: &Path) -> Option<&Path> {
    let bin = if path.ends_with("bin/go") { path.parent()? } else { path };
    bin.ends_with("bin").then_some(bin)
}

/// Warns of a Go root without the compiler, as one that was not unpacked to its end. What was built from a checkout has
/// no VERSION, and lacks nothing.
pub(super) fn about_its_parts(go: &GoInstall, ground: &Ground, notes: &mut Vec<Note>) {
    let Some(dir) = go.bin.as_deref().and_then(|bin| looked_at(ground.go, bin)) else { return };
    if dir.has_go && dir.root.is_some() && !dir.has_tools {
        let root = shown(&parent(&dir.bin));
        notes.push(Note::warning(format!("{root} is no whole Go, missing: {}; it can build nothing", missing(dir))));
    }
}

/// The parts of a Go root that a folder lacks.
fn missing(dir: &GoDir) -> String {
    let go = if dir.root.is_some() { "an executable bin/go" } else { "bin/go" };
    let parts = [(go, dir.has_go), ("VERSION", dir.has_version), ("pkg/tool", dir.has_tools)];
    let lacks: Vec<&str> = parts.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
    lacks.join(", ")
}
