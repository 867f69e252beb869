//! Which GOBIN: flag, intact block, environment, `go env -w`; else none.
//!
//! A block without one is a choice too: in an old terminal the environment still has what was taken out.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::Ground;
use super::paths::{bad_path, command, repair, trimmed};
use crate::plan::request::{Setting, Source};
use crate::plan::{Note, Refusal};
use crate::text::show::sanitise;

/// Chooses GOBIN. A portable block takes none from this machine's surroundings.
pub(super) fn choose(
    ground: &Ground,
    portable: bool,
    notes: &mut Vec<Note>,
) -> Result<Option<Setting<PathBuf>>, Refusal> {
    if let Some(folder) = &ground.request.gobin {
        if folder.is_empty() {
            return Ok(None);
        }
        return match bad(folder, ground.home) {
            Some(why) => Err(Refusal::setting(
                format!("cannot use `--gobin {}`: {why}", sanitise(folder.as_bytes())),
                repair(ground, "--gobin", folder, &[ground.home.join("bin"), "/srv/bin".into()], |folder| {
                    bad(folder, ground.home).is_none()
                }),
            )),
            None => Ok(Some(Setting { value: trimmed(Path::new(folder)), from: Source::Flag })),
        };
    }
    let of_env = ground.env.gobin.as_deref();
    if let Some(carried) = ground.carried {
        if let Some(folder) = of_env.filter(|folder| carried.gobin.is_none() && bad(folder, ground.home).is_none()) {
            let command = command(ground, "--gobin", folder);
            notes.push(Note::note(format!(
                "GOBIN is `{}` in the environment, and the block leaves it alone{}",
                sanitise(folder.as_bytes()),
                command.map(|command| format!("; to put its folder on PATH: `{command}`")).unwrap_or_default()
            )));
        }
        let kept = carried.gobin.clone().filter(|folder| bad(folder.as_os_str(), ground.home).is_none());
        return Ok(kept.map(|value| Setting { value, from: Source::Block }));
    }
    let of_file = ground.go.env_file.as_ref().and_then(|file| file.value("GOBIN"));
    for (folder, from) in [(of_env, Source::Env), (of_file, Source::GoEnv)] {
        let Some(folder) = folder else { continue };
        let shown = sanitise(folder.as_bytes());
        match bad(folder, ground.home) {
            Some(why) => {
                let word = from.word();
                notes.push(Note::warning(format!("GOBIN is `{shown}`, from {word}: {why}; it is left alone")));
            }
            None if portable => notes.push(Note::note(format!(
                "GOBIN is `{shown}` on this machine, from {}: a portable block does not hold it, unless `--gobin` says so",
                from.word()
            ))),
            None => return Ok(Some(Setting { value: trimmed(Path::new(folder)), from })),
        }
    }
    Ok(None)
}

/// Why a folder cannot be GOBIN; Go itself refuses one that is not absolute (`go help install`).
pub(super) fn bad(folder: &OsStr, home: &Path) -> Option<&'static str> {
    let colon = || folder.as_bytes().contains(&b':').then_some("PATH cannot carry a folder with a colon in its name");
    bad_path(folder.as_bytes(), home).or_else(colon)
}
