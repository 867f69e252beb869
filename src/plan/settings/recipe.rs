//! Which Go a profile is about, and what a block that loads a version manager's script remembers.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::found::{found, keep, looked_at, of};
use super::paths::{bad_path, shown};
use super::{GoInstall, Ground};
use crate::facts::GoDir;
use crate::plan::kinds;
use crate::plan::profile::{PROFILES, Profile, Which};
use crate::plan::request::{Setting, Source};
use crate::plan::stable::Keep;
use crate::plan::{Note, Refusal};
use crate::shells::Carried;
use crate::text::show::tilde;

/// The Go of the profile that was asked for; `None`: it leaves that to the rule.
pub(super) fn asked(ground: &Ground, notes: &mut Vec<Note>) -> Option<Result<Setting<GoInstall>, Refusal>> {
    let profile = ground.request.profile?;
    let from = Source::Profile;
    match &profile.go {
        Which::Rule | Which::Root(_) => None,
        Which::Kinds { kinds, owner, install } => {
            let dir = of_kinds(ground, kinds).and_then(|dir| found(dir, ground, profile.name, notes));
            Some(dir.map(|value| Setting { value, from }).ok_or_else(|| {
                Refusal::setting(
                    format!(
                        "cannot use `--profile {}`: {owner} has no Go here (looked for {})",
                        profile.name,
                        places(kinds, ground).join(", ")
                    ),
                    format!(
                        "install it with `{install}`, or take what is there with `goenv-setup apply --profile auto`"
                    ),
                )
            }))
        }
        Which::Script { manager, .. } => {
            let scripts = scripts(profile, ground);
            let there = scripts.iter().find(|script| ground.go.scripts.contains(script));
            let value = loaded(manager, there.or(scripts.first())?.clone(), ground, notes);
            Some(Ok(Setting { value, from }))
        }
    }
}

/// What a block that loads a script says.
pub(super) fn remembered(carried: Option<&Carried>, ground: &Ground, notes: &mut Vec<Note>) -> Option<GoInstall> {
    let script = carried?.loads.as_ref()?;
    let manager = PROFILES.iter().find_map(|profile| match profile.go {
        Which::Script { manager, .. } => Some(manager),
        _ => None,
    })?;
    Some(loaded(manager, script.clone(), ground, notes))
}

/// The manager whose Go is there, for a block that left Go to one: the one on PATH, else one in its usual place.
pub(super) fn left<'a>(ground: &Ground<'a>) -> Option<(&'static str, &'a GoDir)> {
    let mut there = ground.go.on_path.iter().chain(&ground.go.well_known);
    there.find_map(|dir| match keep(&dir.bin, ground) {
        Keep::Manager(manager) => Some((manager, dir)),
        _ => None,
    })
}

/// What has to be looked at besides: stable names of what PATH leads to, and scripts.
pub(super) fn to_look_at(ground: &Ground) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = ground.remembered().and_then(|carried| carried.loads.clone()).into_iter().collect();
    let Some(profile) = ground.request.profile else { return paths };
    paths.extend(scripts(profile, ground));
    if matches!(profile.go, Which::Kinds { .. }) {
        paths.extend(ground.go.on_path.iter().filter_map(|dir| behind(dir, ground)));
    }
    paths
}

fn of_kinds<'a>(ground: &Ground<'a>, names: &[&str]) -> Option<&'a GoDir> {
    let land = ground.land();
    let is = |dir: &GoDir, name: &str| kinds::recognise(&dir.bin, &land).is_some_and(|found| found.kind.name == name);
    let there = || {
        let behind = ground.go.on_path.iter().filter_map(|dir| looked_at(ground.go, &behind(dir, ground)?));
        ground.go.well_known.iter().chain(behind).filter(|dir| dir.has_go)
    };
    names.iter().find_map(|name| there().find(|dir| is(dir, name)))
}

/// The stable folder of the keg that a link on PATH leads to, wherever Homebrew was told to live.
fn behind(dir: &GoDir, ground: &Ground) -> Option<PathBuf> {
    match keep(dir.real_go.as_deref()?.parent()?, ground) {
        Keep::Instead(stable) => Some(stable),
        _ => None,
    }
}

/// The places of these kinds, as they are shown.
fn places(names: &[&str], ground: &Ground) -> Vec<String> {
    let places = kinds::KINDS.iter().filter(|kind| names.contains(&kind.name)).flat_map(|kind| kind.places);
    let root = |place: &&str| format!("`{}`", tilde(Path::new(place.trim_end_matches("/bin")), ground.home));
    places.map(root).collect()
}

/// Where the script of a profile may be, the better place first.
fn scripts(profile: &Profile, ground: &Ground) -> Vec<PathBuf> {
    let Which::Script { scripts, .. } = &profile.go else { return Vec::new() };
    let land = ground.land();
    let all = scripts.iter().flat_map(|pattern| {
        let (starts, rest) = land.starts(pattern);
        starts.into_iter().map(move |start| start.join(rest))
    });
    all.filter(|script| bad_path(script.as_os_str().as_bytes(), ground.home).is_none()).collect()
}

fn loaded(manager: &'static str, script: PathBuf, ground: &Ground, notes: &mut Vec<Note>) -> GoInstall {
    let present = ground.go.scripts.contains(&script);
    notes.push(if present {
        Note::note(format!(
            "{manager} brings Go: GOROOT and the folder of `go` are left to it; the block loads {} where that is not done \
             yet, and sets GOPATH and its bin where {manager} does not",
            shown(&script)
        ))
    } else {
        Note::warning(format!(
            "{manager} is not here: {} is missing; the block loads it once it is there",
            shown(&script)
        ))
    });
    GoInstall { manager: Some(manager), present, loads: Some(script), ..of(None) }
}
