//! Which GOPATH: flag, intact block, environment, default; and what Go would refuse.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use super::found::keep;
use super::paths::{bad_path, parent, repair};
use super::{GoInstall, Ground, Portable};
use crate::plan::goversion::GoVersion;
use crate::plan::request::{Setting, Source};
use crate::plan::stable::Keep;
use crate::plan::{Note, Refusal};
use crate::text::show::sanitise;

/// The folder in the home that is GOPATH where Go itself was unpacked into `~/go`.
const INSTEAD: &str = "gopath";

/// An example of a GOPATH outside the home.
const ELSEWHERE: &str = "/srv/gopath";

/// Chooses GOPATH for this Go.
pub(super) fn choose(
    ground: &Ground,
    go: &GoInstall,
    portable: Option<&Portable>,
    notes: &mut Vec<Note>,
) -> Result<Setting<OsString>, Refusal> {
    let roots = roots(go, portable, ground.home);
    let check = |list: &OsStr| bad(list, &roots, ground.home);
    let refuse = |name: &str, value: &OsStr, why: &str| {
        let examples = [ground.home.join(INSTEAD), ground.home.join("go"), ELSEWHERE.into()];
        Err(Refusal::setting(
            format!("cannot use {name} `{}`: {why}", sanitise(value.as_bytes())),
            repair(ground, "--gopath", value, &examples, |list| check(list).is_none()),
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
    let no_default = || {
        Err(Refusal::setting(
            format!(
                "cannot use the default GOPATH, `{}`: GOPATH is a list, and a colon parts it",
                sanitise(default.as_bytes())
            ),
            format!("use a folder outside this home: `goenv-setup apply --gopath {ELSEWHERE}`"),
        ))
    };
    if let Some(list) = ground.env.gopath.as_ref().filter(|list| portable.is_some() && **list != default) {
        notes.push(Note::note(format!(
            "GOPATH is `{}` in the environment of this machine: a portable block does not hold it, unless `--gopath` says so",
            sanitise(list.as_bytes())
        )));
    }
    if let Some(list) = ground.env.gopath.as_ref().filter(|_| portable.is_none()) {
        match check(list) {
            None if go.manager.is_some_and(|_| is_managed(list, ground)) => {
                let manager = go.manager.unwrap_or_default();
                notes.push(Note::note(format!(
                    "GOPATH is `{}` in the environment, which changes with the version: that is left to {manager}, and the \
                     block sets the default where {manager} sets none",
                    sanitise(list.as_bytes())
                )));
            }
            None => return Ok(Setting { value: list.clone(), from: Source::Env }),
            Some(why) => notes.push(Note::warning(format!(
                "GOPATH is `{}` in the environment: {why}; the default is used",
                sanitise(list.as_bytes())
            ))),
        }
    }
    // An archive that was unpacked in the home is there, maybe behind a link: what `go install` brings must not get into it.
    let real_root = go.real_root.clone().filter(|_| portable.is_none());
    let holds_go = roots.iter().chain(&real_root).any(|root| {
        let root = clean(root);
        [ground.home, ground.real_home].into_iter().any(|home| clean(&home.join("go")) == root)
    });
    if holds_go {
        let other = ground.home.join(INSTEAD);
        notes.push(Note::note(format!(
            "`~/go` is where Go itself is, and its default GOPATH too, which Go refuses: GOPATH is `~/{INSTEAD}`; or move Go \
             to `~/.local/go`"
        )));
        return Ok(Setting { value: other.into_os_string(), from: Source::Default });
    }
    if default.as_bytes().contains(&b':') {
        return no_default();
    }
    match check(&default) {
        Some(why) => refuse("the default GOPATH,", &default, why),
        None => Ok(Setting { value: default, from: Source::Default }),
    }
}

/// Whether a version manager has set this GOPATH: its first folder is the manager's own (gvm's package sets), or called
/// after a version (goenv's `~/go/1.22.5`).
fn is_managed(list: &OsStr, ground: &Ground) -> bool {
    let first = list.as_bytes().split(|byte| *byte == b':').next().unwrap_or_default();
    let first = Path::new(OsStr::from_bytes(first));
    let name = first.file_name().and_then(OsStr::to_str).unwrap_or_default();
    (name.contains('.') && GoVersion::parse(name).is_some())
        || matches!(keep(&first.join("bin"), ground), Keep::Manager(_))
}

/// The Go roots that GOPATH must not be; those of a portable block wherever they hold Go.
pub(super) fn roots(go: &GoInstall, portable: Option<&Portable>, home: &Path) -> Vec<PathBuf> {
    match portable {
        Some(portable) => portable.places.iter().map(|place| place.root(home)).collect(),
        // `go` alone in a folder, such as one in the bin of GOPATH, makes no root of the folder above.
        None => go.bin.as_deref().filter(|_| go.may_be_root || go.goroot.is_some()).map(parent).into_iter().collect(),
    }
}

/// Why a GOPATH list cannot be used with these Go roots; Go itself refuses most of these (`go help gopath`).
pub(super) fn bad(list: &OsStr, roots: &[PathBuf], home: &Path) -> Option<&'static str> {
    list.as_bytes().split(|byte| *byte == b':').find_map(|path| {
        let same = roots.iter().any(|root| clean(Path::new(OsStr::from_bytes(path))) == clean(root));
        bad_path(path, home).or(same.then_some("it is GOROOT, and Go refuses that they are the same folder"))
    })
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
