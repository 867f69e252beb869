//! Which Go, which GOROOT, which GOPATH: flag, intact block, environment, detection, in this order.
//!
//! So a bare `apply` in cron or in an old shell never reverts what was chosen. PATH gets the folder as found, never
//! resolved; GOROOT is exported only where the folder's parent is a Go root that stays where it is.

mod found;
mod gobin;
mod goenv;
mod gopath;
mod paths;
mod portable;
mod recipe;
mod rootless;
pub(super) mod runs;
mod which;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use portable::{Portable, of_carried};

use found::keep;
pub(super) use found::{looked_at, verdict};
use which::choose_go;

use super::binary::{Flaw, Program};
use super::goversion::GoVersion;
use super::kinds::Landmarks;
use super::request::{Request, Setting};
use super::stable::Keep;
use super::{Note, Refusal};
use crate::facts::{Env, GoFacts};
use crate::shells::{Carried, Reach, Values};

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
    /// Whether nothing shows that the folder above `bin` is no Go root: `go` alone in a folder does.
    pub may_be_root: bool,
    /// The version manager that it was left to, where it can be told which.
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

impl<'a> Ground<'a> {
    /// What the blocks say of which Go; nothing, where a profile says it anew.
    fn remembered(&self) -> Option<&'a Carried> {
        self.carried.filter(|_| self.request.profile.is_none())
    }

    /// What the table of kinds is read with.
    pub fn land(&self) -> Landmarks<'_> {
        Landmarks { home: self.home, variables: &self.env.go_folders, marks: &self.go.marks }
    }
}

/// The folders that [`choose`] wants to know about, whether or not Go is there, and the scripts.
pub fn folders_to_look_at(ground: &Ground) -> Vec<PathBuf> {
    let roots = [ground.request.goroot.as_deref(), ground.env.goroot.as_deref()];
    let mut bins: Vec<PathBuf> = roots.into_iter().flatten().map(|root| root.join("bin")).collect();
    bins.extend(ground.request.goroot.as_deref().and_then(which::bin_around).map(Path::to_path_buf));
    let meant = ground.request.goroot.as_deref().and_then(|root| paths::expanded(root.as_os_str(), ground.home));
    bins.extend(meant.map(|root| root.join("bin")));
    bins.extend(ground.remembered().and_then(|carried| carried.go.clone()));
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
    which::about_its_parts(&go.value, ground, notes);
    let gopath = gopath::choose(ground, &go.value, portable.as_ref(), notes)?;
    let gobin = gobin::choose(ground, portable.is_some(), notes)?;
    let settings = Settings { go, gopath, gobin, portable };
    goenv::compare(ground, &settings, notes);
    Ok(settings)
}

#[cfg(test)]
mod tests;
