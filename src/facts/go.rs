//! Go installations: recognised by their files, never by running them.
//!
//! A `go` found on PATH may be a version manager's shim that installs something, or `go version` in a module that
//! downloads a toolchain; and a GOROOT that does not exist keeps `go` from answering at all.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, Mode, OFlags};

use super::Platform;
use crate::plan::goversion::GoVersion;
use crate::plan::stable::is_windows_drive;

/// How much of a `VERSION` file is read, in bytes.
const VERSION_SIZE: u64 = 4096;

/// Where installers put Go under a name that stays, in order of preference: the archive of go.dev, Homebrew (macOS on
/// ARM, on Intel, Linux), `MacPorts`, and an archive in `/opt`.
const PLACES: &[&str] = &[
    "/usr/local/go/bin",
    "/opt/homebrew/opt/go/libexec/bin",
    "/usr/local/opt/go/libexec/bin",
    "/home/linuxbrew/.linuxbrew/opt/go/libexec/bin",
    "/opt/local/lib/go/bin",
    "/opt/go/bin",
];

/// The same in the home; `~/go` is GOPATH's default place and counts only if a Go was unpacked there.
const HOME_PLACES: &[&str] = &[".local/go/bin", ".local/opt/go/bin", "go/bin"];

/// Debian, Arch, Alpine; Fedora; snap. They put `go` on PATH themselves and come last.
const SYSTEM_PLACES: &[&str] = &["/usr/lib/go/bin", "/usr/lib/golang/bin", "/snap/go/current/bin"];

/// A folder that may hold the `go` command, and what its files say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoDir {
    /// The folder as found, never resolved: what would stand on PATH.
    pub bin: PathBuf,
    /// Whether `go` in it is an executable file.
    pub has_go: bool,
    /// `go` in it with all symbolic links resolved.
    pub real_go: Option<PathBuf>,
    /// The parent of `bin`, if it is a Go root (it holds `bin/go`, and `VERSION` or `pkg/tool`).
    pub root: Option<PathBuf>,
    /// First line of `VERSION` in the root of the resolved `go`, as bytes made text.
    pub version: Option<String>,
}

/// Every place where Go was looked for.
#[derive(Clone, Debug, Default)]
pub struct GoFacts {
    /// Folders that were asked for by name (flag, block, GOROOT), looked at whether or not Go is there.
    pub asked: Vec<GoDir>,
    /// Folders on PATH that hold `go`, in order.
    pub on_path: Vec<GoDir>,
    /// Well-known places that hold `go`, in order of preference.
    pub well_known: Vec<GoDir>,
}

/// Looks for Go: in the folders `asked`, on PATH and in the well-known places.
pub fn gather(path: Option<&OsStr>, home: &Path, platform: Platform, asked: &[PathBuf]) -> GoFacts {
    GoFacts {
        asked: asked.iter().map(|bin| look(bin)).collect(),
        on_path: on_path(path.unwrap_or_default(), platform),
        well_known: well_known(Path::new("/"), home),
    }
}

/// Looks at the folder `bin`, whatever is there.
pub fn look(bin: &Path) -> GoDir {
    // Without doubled and trailing slashes: the block takes GOROOT from the folder's name by cutting `/bin` off.
    let bin: PathBuf = bin.components().collect();
    let go = bin.join("go");
    let has_go =
        fs_err::metadata(&go).is_ok_and(|meta| meta.is_file()) && rustix::fs::access(&go, Access::EXEC_OK).is_ok();
    let real_go = if has_go { fs_err::canonicalize(&go).ok() } else { None };
    let root = root_above(&go);
    let version = real_go.as_deref().and_then(root_above).or_else(|| root.clone()).and_then(|root| version(&root));
    GoDir { bin, has_go, real_go, root, version }
}

/// The Go root of which `go` is `bin/go`.
fn root_above(go: &Path) -> Option<PathBuf> {
    let bin = go.parent()?;
    let root = bin.parent()?;
    let is_root = || {
        let is_file = |name| fs_err::metadata(root.join(name)).is_ok_and(|meta| meta.is_file());
        is_file("bin/go") && (is_file("VERSION") || root.join("pkg/tool").is_dir())
    };
    (bin.file_name() == Some(OsStr::new("bin")) && is_root()).then(|| root.to_owned())
}

/// The first line of `VERSION`.
fn version(root: &Path) -> Option<String> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = std::fs::File::from(rustix::fs::open(root.join("VERSION"), flags, Mode::empty()).ok()?);
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(VERSION_SIZE).read_to_end(&mut bytes).ok()?;
    let line = bytes.split(|b| *b == b'\n').next()?.trim_ascii();
    (!line.is_empty()).then(|| String::from_utf8_lossy(line).into_owned())
}

/// The folders on PATH that hold `go`.
fn on_path(path: &OsStr, platform: Platform) -> Vec<GoDir> {
    entries(path, platform).iter().map(|bin| look(bin)).filter(|found| found.has_go).collect()
}

/// The folders on PATH, each once. Entries that are not absolute mean another folder in each terminal, and those of
/// Windows (WSL puts them all on PATH) are slow to look at and hold no Go for Linux.
fn entries(path: &OsStr, platform: Platform) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    path.as_bytes()
        .split(|b| *b == b':')
        .map(|entry| PathBuf::from(OsStr::from_bytes(entry)))
        .filter(|bin| bin.is_absolute() && !(platform == Platform::Linux && is_windows_drive(bin)))
        .filter(|bin| seen.insert(bin.clone()))
        .collect()
}

/// The well-known places that hold a whole Go; the absolute ones are looked for below `top`.
fn well_known(top: &Path, home: &Path) -> Vec<GoDir> {
    let absolute = |places: &'static [&str]| places.iter().map(|place| top.join(place.trim_start_matches('/')));
    let in_home = HOME_PLACES.iter().map(|place| home.join(place));
    let places = absolute(PLACES).chain(in_home).chain(absolute(SYSTEM_PLACES)).chain(newest_sdk(home));
    places.map(|bin| look(&bin)).filter(|found| found.has_go && found.root.is_some()).collect()
}

/// The newest `~/sdk/go1.22.5/bin` of golang.org/dl.
fn newest_sdk(home: &Path) -> Option<PathBuf> {
    let versions = fs_err::read_dir(home.join("sdk")).ok()?.filter_map(|entry| {
        let name = entry.ok()?.file_name();
        let name = name.to_str().filter(|name| name.starts_with("go"))?;
        let bin = home.join("sdk").join(name).join("bin");
        look(&bin).has_go.then_some((GoVersion::parse(name)?, bin))
    });
    versions.max().map(|(_, bin)| bin)
}

#[cfg(test)]
mod tests;
