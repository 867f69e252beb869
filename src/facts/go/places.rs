//! The places of the table on this machine: patterns made folders, as many as there are.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::GoDir;
use crate::plan::goversion::GoVersion;
use crate::plan::kinds::Landmarks;
use crate::plan::kinds::pattern::{fit_part, is_plain};

/// How many names are read of one folder: `/usr/lib` has some thousands.
const MOST_NAMES: usize = 20_000;

/// How many folders one pattern may become.
const MOST_FOLDERS: usize = 256;

/// The folders that a pattern names, in any order; the absolute ones are looked for below `top`. Parts without signs are
/// not looked at.
pub(super) fn expand(pattern: &str, top: &Path, land: &Landmarks) -> Vec<PathBuf> {
    let (starts, rest) = land.starts(pattern);
    let mut folders = if pattern.starts_with('/') { vec![top.to_path_buf()] } else { starts };
    for part in rest.split('/').filter(|part| !part.is_empty()) {
        if is_plain(part) {
            for folder in &mut folders {
                folder.push(part);
            }
            continue;
        }
        folders = folders
            .iter()
            .filter_map(|folder| Some((folder, fs_err::read_dir(folder).ok()?)))
            .flat_map(|(folder, entries)| {
                let names = entries.take(MOST_NAMES).filter_map(|entry| Some(entry.ok()?.file_name()));
                names.filter(|name| fit_part(part, name).is_some()).map(|name| folder.join(name))
            })
            .take(MOST_FOLDERS)
            .collect();
    }
    folders
}

/// How new the Go in a folder is: what it says itself, then what the folders that it lies in are called.
pub(super) fn age(dir: &GoDir) -> (Option<GoVersion>, Option<GoVersion>, PathBuf) {
    let said = dir.version.as_deref().and_then(GoVersion::parse);
    let named = dir.bin.iter().rev().find_map(|name| {
        let name = std::str::from_utf8(name.as_bytes()).ok()?;
        let version = name.trim_start_matches("go").trim_start_matches(['@', '-', 'v']);
        GoVersion::parse(version)
    });
    (said, named, dir.bin.clone())
}
