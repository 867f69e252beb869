//! Which Go, which GOROOT, which GOPATH: flag, intact block, environment, detection, in this order.
//!
//! So a bare `apply` in cron or in an old shell never reverts what was chosen. PATH gets the folder as found, never
//! resolved; GOROOT is exported only where the folder's parent is a Go root that stays where it is.

mod gobin;
mod goenv;
mod gopath;
mod paths;
mod portable;
mod recipe;
mod rootless;
pub(super) mod runs;

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

pub use portable::{Portable, of_carried};

use super::binary::{Flaw, Program};
use paths::{bad_path, fits_path, home_hint, parent, shown, trimmed};

use super::goversion::GoVersion;
use super::kinds::Landmarks;
use super::request::{Request, Setting, Source};
use super::stable::{self, Keep};
use super::{Note, Refusal};
use crate::facts::{Env, GoDir, GoFacts};
use crate::shells::{Carried, Reach, Values, posix};
use crate::text::show::sanitise;

/// Where Go is expected when it is nowhere.
const USUAL_ROOT: &str = "/usr/local/go";

/// The Go that the blocks name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoInstall {
    /// The folder with the `go` command; `None` where a version manager brings Go.
    pub bin: Option<PathBuf>,
    /// GOROOT; `None`: never exported.
    pub goroot: Option<PathBuf>,
    /// Its version, from the `VERSION` file.
    pub version: Option<GoVersion>,
    /// Whether `go` is there now.
    pub present: bool,
    /// The version manager that it was left to.
    pub manager: Option<&'static str>,
    /// The folder in which it was found: that of the version manager where it was left to one.
    pub found_in: Option<PathBuf>,
    /// The Go root that its `go` leads to.
    pub real_root: Option<PathBuf>,
    /// What its `go` is built for.
    pub program: Option<Program>,
    /// Why that is no program that could run anywhere.
    pub flaw: Option<Flaw>,
    /// The script of the version manager that the block loads.
    pub loads: Option<PathBuf>,
}

/// The settings of a plan.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which Go.
    pub go: Setting<GoInstall>,
    /// GOPATH, a list separated by `:`.
    pub gopath: Setting<OsString>,
    /// GOBIN; `None`: left alone.
    pub gobin: Option<Setting<PathBuf>>,
    /// The places of a portable block; `go` is then what the first of them holds here.
    pub portable: Option<Portable>,
}

impl Settings {
    /// What a block carries that serves this reach.
    pub fn values(&self, reach: Reach) -> Values {
        Values {
            reach,
            go: self.go.value.bin.clone().filter(|_| self.portable.is_none()),
            places: self.portable.as_ref().map(|portable| portable.places.clone()).unwrap_or_default(),
            // What is here decides nothing in a file for many machines.
            goroot: self.portable.as_ref().map_or(self.go.value.goroot.is_some(), |portable| portable.goroot),
            gopath: self.gopath.value.clone(),
            loads: self.go.value.loads.clone(),
            gobin: self.gobin.as_ref().map(|gobin| gobin.value.clone()),
        }
    }
}

/// What the choice is made from.
pub struct Ground<'a> {
    /// The command line.
    pub request: &'a Request,
    /// What the intact blocks say, if there is one.
    pub carried: Option<&'a Carried>,
    /// The environment.
    pub env: &'a Env,
    /// Where Go was found.
    pub go: &'a GoFacts,
    /// The home folder.
    pub home: &'a Path,
    /// The home folder with symbolic links resolved.
    pub real_home: &'a Path,
}

impl Ground<'_> {
    /// What the table of kinds is read with.
    pub fn land(&self) -> Landmarks<'_> {
        Landmarks { home: self.home, variables: &self.env.go_folders, marks: &self.go.marks }
    }
}

/// The folders that [`choose`] wants to know about, whether or not Go is there, and the scripts.
pub fn folders_to_look_at(ground: &Ground) -> Vec<PathBuf> {
    let roots = [ground.request.goroot.as_deref(), ground.env.goroot.as_deref()];
    let mut bins: Vec<PathBuf> = roots.into_iter().flatten().map(|root| root.join("bin")).collect();
    bins.extend(ground.carried.and_then(|carried| carried.go.clone()));
    bins.extend(portable::folders_to_look_at(ground));
    bins.extend(ground.go.on_path.iter().chain(&ground.go.well_known).map(|dir| dir.bin.clone()));
    let stable: Vec<PathBuf> = bins
        .iter()
        .filter_map(|bin| match keep(bin, ground) {
            Keep::Instead(stable) | Keep::Rather(stable) => Some(stable),
            _ => None,
        })
        .collect();
    bins.extend(stable);
    bins.extend(recipe::to_look_at(ground));
    bins
}

/// What may be persisted of a folder.
fn keep(bin: &Path, ground: &Ground) -> Keep {
    stable::keep(bin, &ground.land())
}

/// Chooses every setting. Notes say what was passed over and why.
pub fn choose(ground: &Ground, notes: &mut Vec<Note>) -> Result<Settings, Refusal> {
    let portable = portable::choose(ground, notes)?;
    let mut go = match &portable {
        Some(portable) => portable::go(portable, ground, notes),
        None => choose_go(ground, notes)?,
    };
    if ground.request.no_goroot {
        go.value.goroot = None;
    }
    if let Some(version) = &go.value.version
        && version.is_older_than(1, 14)
    {
        notes.push(Note::warning(format!("{version} is older than go1.14, the first that is ready for modules")));
    }
    runs::about_the_program(&go.value, ground, notes);
    let gopath = gopath::choose(ground, &go.value, portable.is_some(), notes)?;
    let gobin = gobin::choose(ground, portable.is_some(), notes)?;
    let settings = Settings { go, gopath, gobin, portable };
    goenv::compare(ground, &settings, notes);
    Ok(settings)
}

fn choose_go(ground: &Ground, notes: &mut Vec<Note>) -> Result<Setting<GoInstall>, Refusal> {
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
    if let Some(value) = recipe::remembered(ground.carried, ground, notes) {
        return Ok(Setting { value, from: Source::Block });
    }
    if let Some(Carried { go: Some(bin), goroot, .. }) = ground.carried {
        let dir = looked_at(ground.go, bin);
        let goroot = goroot.then(|| parent(bin));
        let value = install(bin.clone(), goroot, dir);
        if !value.present {
            notes.push(gone(bin, ground));
        }
        return Ok(Setting { value, from: Source::Block });
    }
    if ground.carried.is_some_and(|carried| carried.left)
        && let Some((manager, dir)) = recipe::left(ground)
    {
        return Ok(Setting { value: left_to(manager, Some(dir), ground, notes), from: Source::Block });
    }
    if let Some(root) = &ground.env.goroot {
        let bin = root.join("bin");
        match looked_at(ground.go, &bin) {
            Some(dir) if root.is_absolute() && dir.root.is_some() && dir.has_go && fits_path(&bin, ground.home) => {
                if !runs::is_passed_over(dir, ground, "GOROOT", notes)
                    && let Some(value) = found(dir, ground, "GOROOT", notes)
                {
                    return Ok(Setting { value, from: Source::Env });
                }
            }
            _ => notes.push(Note::warning(format!("GOROOT is {}, which is no Go root: ignored", shown(root)))),
        }
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
            notes.push(Note::warning(format!("there is no other Go than {}, although {why}", shown(&dir.bin))));
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

/// The Go that was picked from the menu.
fn picked(bin: &Path, ground: &Ground, notes: &mut Vec<Note>) -> Option<GoInstall> {
    found(looked_at(ground.go, bin)?, ground, Source::Menu.word(), notes)
}

/// The block's Go is not there; what is, if anything.
fn gone(bin: &Path, ground: &Ground) -> Note {
    let there = ground.go.on_path.iter().chain(&ground.go.well_known);
    let mut there = there.filter(|dir| runs::why_passed_over(dir, ground).is_none());
    let other = there.find_map(|dir| found(dir, ground, "", &mut Vec::new())?.goroot);
    let other = other.map_or_else(|| "DIR".to_owned(), |root| sanitise(&posix::quote(root.as_os_str().as_bytes())));
    Note::warning(format!(
        "the block names {}, where there is no Go; to choose another: `goenv-setup apply --goroot {other}`",
        shown(bin)
    ))
}

/// The Go of `--goroot`: taken at its word, unless the path cannot stand in a startup file.
fn asked_go(root: &Path, ground: &Ground, notes: &mut Vec<Note>) -> Result<GoInstall, Refusal> {
    let refuse = |why: &str, hint: String| {
        let root = sanitise(root.as_os_str().as_bytes());
        Err(Refusal::setting(format!("cannot use `--goroot {root}`: {why}"), format!("use `{hint}`")))
    };
    let example = "goenv-setup apply --goroot /usr/local/go".to_owned();
    if let Some(why) = bad_path(root.as_os_str().as_bytes(), ground.home) {
        return refuse(why, home_hint("--goroot", root.as_os_str(), &example));
    }
    if root.as_os_str().as_bytes().contains(&b':') {
        return refuse("PATH cannot carry a folder with a colon in its name", example);
    }
    let root = trimmed(root);
    let bin = root.join("bin");
    let dir = looked_at(ground.go, &bin);
    match keep(&bin, ground) {
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
                return refuse(
                    "the next upgrade removes this folder",
                    format!("goenv-setup apply --goroot {}", posix::word(&parent(&stable), ground.home)),
                );
            }
        },
        Keep::Manager(manager) => return Ok(left_to(manager, dir, ground, notes)),
        Keep::Never(why) => return refuse(why, example),
    }
    if let Some(dir) = dir.filter(|dir| dir.has_go && dir.root.is_none()) {
        return Ok(rootless::take(root, bin, dir, ground, notes));
    }
    if let Some(dir) = dir {
        notes.extend(incomplete(dir, &root));
    }
    Ok(install(bin, Some(root), dir))
}

/// What a Go root lacks, if it lacks anything. One that was built from a checkout has no VERSION.
fn incomplete(dir: &GoDir, root: &Path) -> Option<Note> {
    let parts = [("VERSION", dir.has_version), ("pkg/tool", dir.has_tools)];
    let lacks = parts.iter().filter(|(_, there)| !there).map(|(name, _)| *name);
    if !dir.has_go {
        let go = if dir.root.is_some() { "an executable bin/go" } else { "bin/go" };
        let lacks: Vec<&str> = [go].into_iter().chain(lacks).collect();
        return Some(Note::warning(format!(
            "{} holds no Go, missing: {}; the block does nothing until it is there",
            shown(root),
            lacks.join(", ")
        )));
    }
    (!dir.has_tools).then(|| {
        let lacks: Vec<&str> = lacks.collect();
        Note::warning(format!("{} is no whole Go, missing: {}; it can build nothing", shown(root), lacks.join(", ")))
    })
}

/// A Go that was found, if it may be persisted.
fn found(dir: &GoDir, ground: &Ground, whence: &str, notes: &mut Vec<Note>) -> Option<GoInstall> {
    if !fits_path(&dir.bin, ground.home) {
        notes.push(Note::note(format!("{} ({whence}) is passed over: PATH cannot carry its name", shown(&dir.bin))));
        return None;
    }
    match keep(&dir.bin, ground) {
        Keep::AsIs => Some(install(dir.bin.clone(), dir.root.as_deref().map(trimmed), Some(dir))),
        Keep::Instead(stable) => {
            let there = looked_at(ground.go, &stable).filter(|there| there.has_go);
            notes.push(Note::note(match there {
                Some(_) => format!(
                    "{} ({whence}) goes with the next upgrade; its stable name {} is used",
                    shown(&dir.bin),
                    shown(&stable)
                ),
                None => format!("{} ({whence}) is passed over: the next upgrade removes it", shown(&dir.bin)),
            }));
            there.map(|there| install(stable, there.root.clone(), Some(there)))
        }
        Keep::Rather(stable) => match same_go(Some(dir), &stable, ground) {
            Some(there) => Some(install(stable, there.root.clone(), Some(there))),
            None => Some(install(dir.bin.clone(), dir.root.as_deref().map(trimmed), Some(dir))),
        },
        Keep::Manager(manager) => Some(left_to(manager, Some(dir), ground, notes)),
        Keep::Never(why) | Keep::Environment(why) => {
            notes.push(Note::note(format!("{} ({whence}) is passed over: {why}", shown(&dir.bin))));
            None
        }
    }
}

/// What a block would carry of a Go that was found, and what may be persisted of its folder.
pub(super) fn verdict(dir: &GoDir, ground: &Ground) -> (Keep, Option<GoInstall>) {
    (keep(&dir.bin, ground), found(dir, ground, "", &mut Vec::new()))
}

/// The stable folder, if it leads to the same `go`.
fn same_go<'a>(dir: Option<&GoDir>, stable: &Path, ground: &Ground<'a>) -> Option<&'a GoDir> {
    let there = looked_at(ground.go, stable)?;
    (there.has_go && there.real_go == dir?.real_go).then_some(there)
}

fn left_to(manager: &'static str, dir: Option<&GoDir>, ground: &Ground, notes: &mut Vec<Note>) -> GoInstall {
    // One that is in a well-known place alone is not at work. GOROOT may name a version whose shims are on PATH.
    let at_work = ground.go.on_path.iter().any(|dir| keep(&dir.bin, ground) == Keep::Manager(manager));
    let idle = dir.filter(|dir| ground.go.well_known.contains(dir) && !at_work);
    notes.push(match idle {
        None => Note::note(format!(
            "{manager} brings Go: GOROOT and the folder of `go` are left to it, the block sets GOPATH and its bin"
        )),
        Some(dir) => Note::warning(format!(
            "{} belongs to {manager}, which does not bring Go into this terminal: load {manager} in your startup file as \
             its documentation says; the block sets GOPATH and its bin",
            shown(&dir.bin)
        )),
    });
    GoInstall { manager: Some(manager), present: idle.is_none(), ..of(dir) }
}

fn install(bin: PathBuf, goroot: Option<PathBuf>, dir: Option<&GoDir>) -> GoInstall {
    // The block derives GOROOT from the folder, so only a folder called bin can have one.
    let goroot = goroot.filter(|_| bin.ends_with("bin"));
    GoInstall { bin: Some(bin), goroot, ..of(dir) }
}

/// What the files of a folder say.
fn of(dir: Option<&GoDir>) -> GoInstall {
    GoInstall {
        bin: None,
        goroot: None,
        version: version(dir),
        present: dir.is_some_and(|dir| dir.has_go),
        manager: None,
        found_in: dir.map(|dir| dir.bin.clone()),
        real_root: dir.and_then(|dir| dir.real_root.clone()),
        program: dir.and_then(|dir| dir.program.clone()),
        flaw: dir.and_then(|dir| dir.flaw),
        loads: None,
    }
}

fn version(dir: Option<&GoDir>) -> Option<GoVersion> {
    GoVersion::parse(dir?.version.as_deref()?)
}

/// What is known of a folder.
pub(super) fn looked_at<'a>(go: &'a GoFacts, bin: &Path) -> Option<&'a GoDir> {
    go.asked.iter().chain(&go.on_path).chain(&go.well_known).find(|dir| dir.bin == bin)
}

#[cfg(test)]
mod tests;
