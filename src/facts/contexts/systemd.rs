//! The user's systemd: what `environment.d` sets, and units that run Go's commands.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use super::{Contexts, Given, Ground, files, new_job, variable};
use crate::facts::ask::ask;
use crate::plan::doctor::jobs::{Job, Starter, is_ours, of_words};
use crate::text::systemd::{expanded, settings, words};

/// Where systemd looks for a command without a slash, whatever PATH is. Source: systemd.service(5), `ExecStart=`.
const SEARCHED: &str = Starter::Systemd.path();

pub(super) fn gather(ground: &Ground, found: &mut Contexts) {
    let path = environment(ground, found);
    let units = ground.config_home().join("systemd/user");
    let mut manager = None;
    for (file, bytes) in files(&units, ".service") {
        let mut more = file.clone().into_os_string();
        more.push(".d");
        let drop_ins: Vec<u8> = files(Path::new(&more), ".conf").into_iter().flat_map(|(_, bytes)| bytes).collect();
        let of_manager = || manager.get_or_insert_with(|| of_the_manager().or_else(|| path.clone())).clone();
        found.jobs.extend(unit(ground, &file, &bytes, &drop_ins, of_manager));
    }
}

/// Reads `environment.d`; returns the PATH that it sets. A file hides those of its name in later folders.
fn environment(ground: &Ground, found: &mut Contexts) -> Option<OsString> {
    let folders = [ground.config_home().join("environment.d"), ground.at("/etc/environment.d")];
    let mut all: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for (path, bytes) in folders.iter().flat_map(|folder| files(folder, ".conf")) {
        if all.iter().all(|(known, _)| known.file_name() != path.file_name()) {
            all.push((path, bytes));
        }
    }
    all.sort_by(|(one, _), (other, _)| one.file_name().cmp(&other.file_name()));
    let mut known = BTreeMap::from([
        (b"HOME".to_vec(), ground.home().as_os_str().as_bytes().to_vec()),
        (b"PATH".to_vec(), Starter::Systemd.path().as_bytes().to_vec()),
    ]);
    let mut sets = false;
    for (file, bytes) in &all {
        for line in settings(bytes, None) {
            let name = String::from_utf8_lossy(&line.name).into_owned();
            let bare = name.strip_prefix("export ").unwrap_or(&name).trim();
            if bare != name && is_ours(bare) {
                let why = format!("`export` before {bare} is no part of this format: systemd passes over it");
                found.ignored.push((file.clone(), line.number, why));
                continue;
            }
            let value = expanded(&line.value, &known);
            if is_ours(&name) {
                sets |= name == "PATH";
                let value = OsString::from_vec(value.clone());
                found.manager.push(variable(&name, value, Some(file), Some(line.number), true));
            }
            known.insert(line.name, value);
        }
    }
    known.remove(&b"PATH"[..]).filter(|_| sets).map(OsString::from_vec)
}

/// The PATH that services have now: that of the desktop, where one has told the manager. Nothing else of it is kept.
fn of_the_manager() -> Option<OsString> {
    let printed = ask("systemctl", &["--user", "show-environment"])?;
    let line = printed.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"PATH="))?;
    let quoted = line.first() == Some(&b'$'); // `$'…'`: odd bytes
    (!quoted).then(|| OsStr::from_bytes(line).to_owned())
}

fn unit(
    ground: &Ground,
    file: &Path,
    bytes: &[u8],
    drop_ins: &[u8],
    of_manager: impl FnOnce() -> Option<OsString>,
) -> Option<Job> {
    let home = ground.home().as_os_str().as_bytes();
    let own = settings(bytes, Some("Service"));
    let more = settings(drop_ins, Some("Service"));
    let mut variables = Vec::new();
    let mut path = None;
    let mut unknown = false;
    for (line, is_own) in own.iter().map(|line| (line, true)).chain(more.iter().map(|line| (line, false))) {
        match line.name.as_slice() {
            b"EnvironmentFile" | b"ExecSearchPath" => unknown = true,
            b"Environment" => {
                for word in words(&line.value, home) {
                    let Some(at) = word.iter().position(|byte| *byte == b'=') else { continue };
                    let name = String::from_utf8_lossy(&word[..at]).into_owned();
                    if !is_ours(&name) {
                        continue;
                    }
                    let value = OsString::from_vec(word[at + 1..].to_vec());
                    if name == "PATH" {
                        path = Some(value.clone());
                    }
                    let number = is_own.then_some(line.number);
                    variables.push(variable(&name, value, Some(file), number, false));
                }
            }
            _ => {}
        }
    }
    // A drop-in that starts another command takes the place of what the unit itself starts.
    if unknown || more.iter().any(|line| line.name == b"ExecStart") {
        return None;
    }
    let start = own.iter().rfind(|line| line.name == b"ExecStart" && !line.value.is_empty())?;
    let start_words = words(start.value.trim_ascii_start(), home);
    let mut words: Vec<OsString> = start_words.into_iter().map(OsString::from_vec).collect();
    if let Some(first) = words.first_mut() {
        let plain = first.as_bytes().iter().position(|byte| !b"@-:+!|".contains(byte)).unwrap_or(0);
        *first = OsStr::from_bytes(&first.as_bytes()[plain..]).to_owned();
    }
    let wants = of_words(&words, ground.home(), &|name| ground.is_tool(name));
    if wants.is_nothing() && variables.iter().all(|variable| variable.name == "PATH") {
        return None;
    }
    // A command without a slash is looked for where systemd always looks; one in a shell's line, on PATH.
    let by_systemd = wants.bare.len() == 1 && words.first().is_some_and(|word| *word == *wants.bare[0]);
    let given = match path {
        _ if by_systemd => Given { value: SEARCHED.into(), is_set: false },
        Some(value) => Given { value, is_set: true },
        None if wants.bare.is_empty() => Given::default_of(Starter::Systemd),
        None => {
            of_manager().map_or_else(|| Given::default_of(Starter::Systemd), |value| Given { value, is_set: false })
        }
    };
    let mut job = new_job(Starter::Systemd, Some(file), Some(start.number), wants, given);
    job.variables = variables;
    Some(job)
}
