//! Which Go, which GOROOT, which GOPATH: flag, intact block, environment, detection, in this order.
//!
//! So a bare `apply` in cron or in an old shell never reverts what was chosen. PATH gets the folder as found, never
//! resolved; GOROOT is exported only where the folder's parent is a Go root that stays where it is.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use super::goversion::GoVersion;
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
}

/// The settings of a plan.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which Go.
    pub go: Setting<GoInstall>,
    /// GOPATH, a list separated by `:`.
    pub gopath: Setting<OsString>,
}

impl Settings {
    /// What a block carries that serves this reach.
    pub fn values(&self, reach: Reach) -> Values {
        Values {
            reach,
            go: self.go.value.bin.clone(),
            goroot: self.go.value.goroot.is_some(),
            gopath: self.gopath.value.clone(),
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
}

/// The folders that [`choose`] wants to know about, whether or not Go is there.
pub fn folders_to_look_at(ground: &Ground) -> Vec<PathBuf> {
    let roots = [ground.request.goroot.as_deref(), ground.env.goroot.as_deref()];
    let mut bins: Vec<PathBuf> = roots.into_iter().flatten().map(|root| root.join("bin")).collect();
    bins.extend(ground.carried.and_then(|carried| carried.go.clone()));
    bins.extend(ground.go.on_path.iter().map(|dir| dir.bin.clone()));
    let stable: Vec<PathBuf> = bins
        .iter()
        .filter_map(|bin| match keep(bin, ground) {
            Keep::Instead(stable) | Keep::Rather(stable) => Some(stable),
            _ => None,
        })
        .collect();
    bins.extend(stable);
    bins
}

/// What may be persisted of a folder; a version manager may have been told to live elsewhere.
fn keep(bin: &Path, ground: &Ground) -> Keep {
    let told = ground.env.managers.iter().find(|(_, root)| bin.starts_with(root));
    told.map_or_else(|| stable::keep(bin, ground.home), |(name, _)| Keep::Manager(name))
}

/// Chooses every setting. Notes say what was passed over and why.
pub fn choose(ground: &Ground, notes: &mut Vec<Note>) -> Result<Settings, Refusal> {
    let mut go = choose_go(ground, notes)?;
    if ground.request.no_goroot {
        go.value.goroot = None;
    }
    if let Some(version) = &go.value.version
        && version.is_older_than(1, 14)
    {
        notes.push(Note::warning(format!("{version} is older than go1.14, the first that is ready for modules")));
    }
    let gopath = choose_gopath(ground, go.value.bin.as_deref(), notes)?;
    Ok(Settings { go, gopath })
}

fn choose_go(ground: &Ground, notes: &mut Vec<Note>) -> Result<Setting<GoInstall>, Refusal> {
    if let Some(root) = &ground.request.goroot {
        let value = asked_go(root, ground, notes)?;
        return Ok(Setting { value, from: Source::Flag });
    }
    if let Some(Carried { go: Some(bin), goroot, .. }) = ground.carried {
        let dir = looked_at(ground.go, bin);
        let goroot = goroot.then(|| parent(bin));
        let value = install(bin.clone(), goroot, dir);
        if !value.present {
            notes.push(gone(bin, ground.go));
        }
        return Ok(Setting { value, from: Source::Block });
    }
    if let Some(root) = &ground.env.goroot {
        let bin = root.join("bin");
        match looked_at(ground.go, &bin) {
            Some(dir) if root.is_absolute() && dir.root.is_some() && dir.has_go && fits_path(&bin) => {
                if let Some(value) = found(dir, ground, "GOROOT", notes) {
                    return Ok(Setting { value, from: Source::Env });
                }
            }
            _ => notes.push(Note::warning(format!("GOROOT is {}, which is no Go root: ignored", shown(root)))),
        }
    }
    for (dirs, from) in [(&ground.go.on_path, Source::Path), (&ground.go.well_known, Source::WellKnown)] {
        for dir in dirs {
            if let Some(value) = found(dir, ground, from.word(), notes) {
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
    let value =
        GoInstall { bin: Some(root.join("bin")), goroot: Some(root), version: None, present: false, manager: None };
    Ok(Setting { value, from: Source::Default })
}

/// The block's Go is not there; what is, if anything.
fn gone(bin: &Path, go: &GoFacts) -> Note {
    let other = go.on_path.iter().chain(&go.well_known).find_map(|dir| dir.root.as_deref());
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
    if let Some(why) = bad_path(root.as_os_str().as_bytes()) {
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
        Keep::Manager(manager) => return Ok(left_to(manager, dir, notes)),
        Keep::Never(why) => return refuse(why, example),
    }
    let missing = dir.filter(|dir| !dir.has_go).map(|_| "bin/go");
    if let Some(dir) = dir.filter(|dir| dir.has_go && dir.root.is_none()) {
        // Its `go` leads to a root elsewhere: Homebrew's formula folder, one level above `libexec`.
        let elsewhere = dir.version.is_some();
        notes.push(Note::warning(format!(
            "{} looks like no Go root, VERSION and pkg/tool are missing: its bin goes on PATH, GOROOT {}",
            shown(&root),
            if elsewhere { "is not exported" } else { "is exported as you say" }
        )));
        return Ok(install(bin, Some(root).filter(|_| !elsewhere), Some(dir)));
    }
    if let Some(missing) = missing {
        notes.push(Note::warning(format!(
            "{} holds no Go: {missing} is missing; the block does nothing until it is there",
            shown(&root)
        )));
    }
    Ok(install(bin, Some(root), dir))
}

/// A Go that was found, if it may be persisted.
fn found(dir: &GoDir, ground: &Ground, whence: &str, notes: &mut Vec<Note>) -> Option<GoInstall> {
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
        Keep::Manager(manager) => Some(left_to(manager, Some(dir), notes)),
        Keep::Never(why) | Keep::Environment(why) => {
            notes.push(Note::note(format!("{} ({whence}) is passed over: {why}", shown(&dir.bin))));
            None
        }
    }
}

/// The stable folder, if it leads to the same `go`.
fn same_go<'a>(dir: Option<&GoDir>, stable: &Path, ground: &Ground<'a>) -> Option<&'a GoDir> {
    let there = looked_at(ground.go, stable)?;
    (there.has_go && there.real_go == dir?.real_go).then_some(there)
}

fn left_to(manager: &'static str, dir: Option<&GoDir>, notes: &mut Vec<Note>) -> GoInstall {
    notes.push(Note::note(format!(
        "{manager} brings Go: GOROOT and the folder of `go` are left to it, the block sets GOPATH and its bin"
    )));
    GoInstall { bin: None, goroot: None, version: version(dir), present: true, manager: Some(manager) }
}

fn install(bin: PathBuf, goroot: Option<PathBuf>, dir: Option<&GoDir>) -> GoInstall {
    // The block derives GOROOT from the folder, so only a folder called bin can have one.
    let goroot = goroot.filter(|_| bin.ends_with("bin"));
    GoInstall {
        bin: Some(bin),
        goroot,
        version: version(dir),
        present: dir.is_some_and(|dir| dir.has_go),
        manager: None,
    }
}

fn version(dir: Option<&GoDir>) -> Option<GoVersion> {
    GoVersion::parse(dir?.version.as_deref()?)
}

fn choose_gopath(ground: &Ground, bin: Option<&Path>, notes: &mut Vec<Note>) -> Result<Setting<OsString>, Refusal> {
    let goroot = bin.map(parent);
    let check = |list: &OsStr| bad_gopath(list.as_bytes(), goroot.as_deref());
    let example = "goenv-setup apply --gopath \"$HOME/gopath\"";
    let refuse = |name: &str, value: &OsStr, why: &str| {
        Err(Refusal::setting(
            format!("cannot use {name} `{}`: {why}", sanitise(value.as_bytes())),
            format!("use `{}`", home_hint("--gopath", value, example)),
        ))
    };
    if let Some(list) = &ground.request.gopath {
        return match check(list) {
            Some(why) => refuse("`--gopath`", list, why),
            None => Ok(Setting { value: list.clone(), from: Source::Flag }),
        };
    }
    if let Some(list) = ground.carried.and_then(|carried| carried.gopath.as_ref()) {
        return match check(list) {
            Some(why) => refuse("the GOPATH of the block,", list, why),
            None => Ok(Setting { value: list.clone(), from: Source::Block }),
        };
    }
    let default = ground.home.join("go").into_os_string();
    if let Some(list) = &ground.env.gopath {
        match check(list) {
            None => return Ok(Setting { value: list.clone(), from: Source::Env }),
            Some(why) => notes.push(Note::warning(format!(
                "GOPATH is `{}` in the environment: {why}; the default is used",
                sanitise(list.as_bytes())
            ))),
        }
    }
    match check(&default) {
        Some(why) => refuse("the default GOPATH,", &default, why),
        None => Ok(Setting { value: default, from: Source::Default }),
    }
}

/// Why a GOPATH list cannot be used; Go itself refuses most of these (`go help gopath`).
fn bad_gopath(list: &[u8], goroot: Option<&Path>) -> Option<&'static str> {
    list.split(|byte| *byte == b':').find_map(|path| {
        let same = goroot.is_some_and(|root| clean(Path::new(OsStr::from_bytes(path))) == clean(root));
        bad_path(path).or(same.then_some("it is GOROOT, and Go refuses that they are the same folder"))
    })
}

/// Why a path cannot stand in a block.
fn bad_path(path: &[u8]) -> Option<&'static str> {
    match path {
        [] => Some("an entry is empty"),
        [b'~', ..] => Some("the `~` is not expanded"),
        _ if path.contains(&b'\n') => Some("it contains a newline"),
        [b'/', ..] => None,
        _ => Some("it is not an absolute path"),
    }
}

fn fits_path(bin: &Path) -> bool {
    !bin.as_os_str().as_bytes().iter().any(|byte| matches!(byte, b':' | b'\n'))
}

/// The command that repairs an unexpanded `~`, else an example.
fn home_hint(flag: &str, value: &OsStr, example: &str) -> String {
    match value.as_bytes().strip_prefix(b"~/") {
        Some(rest) if rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(byte)) => {
            format!("goenv-setup apply {flag} \"$HOME/{}\"", sanitise(rest))
        }
        _ => example.to_owned(),
    }
}

fn looked_at<'a>(go: &'a GoFacts, bin: &Path) -> Option<&'a GoDir> {
    go.asked.iter().chain(&go.on_path).find(|dir| dir.bin == bin)
}

fn parent(bin: &Path) -> PathBuf {
    bin.parent().unwrap_or(bin).to_path_buf()
}

/// The path as Go compares it (`path/filepath.Clean`): `..` taken by the letter.
fn clean(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut clean, part| {
        if part != Component::ParentDir || !clean.pop() {
            clean.push(part);
        }
        clean
    })
}

/// The path without trailing slashes and without `.` parts.
fn trimmed(path: &Path) -> PathBuf {
    path.components().collect()
}

fn shown(path: &Path) -> String {
    format!("`{}`", sanitise(path.as_os_str().as_bytes()))
}

#[cfg(test)]
mod tests;
