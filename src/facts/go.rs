//! Go installations: recognised by their files, never by running them.
//!
//! A `go` found on PATH may be a version manager's shim that installs something, or `go version` in a module that
//! downloads a toolchain; and a GOROOT that does not exist keeps `go` from answering at all.

mod places;

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, Mode, OFlags};

use super::{EnvFile, Platform};
use crate::plan::binary::{self, Flaw, Form, Program};
use crate::plan::goversion;
use crate::plan::kinds::{self, KINDS, Kind, Landmarks, Policy, Recognised, is_windows_drive};

/// How much of a `VERSION` file is read, in bytes.
const VERSION_SIZE: u64 = 4096;

/// The operating system, as Go calls it.
const SYSTEM: &str = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };

/// What is there where Rosetta is, which only Macs with Apple's processors have.
const ROSETTA: &[&str] =
    &["/Library/Apple/usr/libexec/oah/libRosettaRuntime", "/Library/Apple/usr/share/rosetta/rosetta"];

/// A folder that may hold the `go` command, and what its files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoDir {
    /// The folder as found, never resolved: what would stand on PATH.
    pub bin: PathBuf,
    /// Whether `go` in it is an executable file.
    pub has_go: bool,
    /// `go` in it with all symbolic links resolved.
    pub real_go: Option<PathBuf>,
    /// The parent of `bin`, if it is a Go root (it holds `bin/go`, and `VERSION` or `pkg/tool`).
    pub root: Option<PathBuf>,
    /// The Go root of the resolved `go`.
    pub real_root: Option<PathBuf>,
    /// First line of `VERSION` in the root of the resolved `go`; none that names no release.
    pub version: Option<String>,
    /// What `go` is built for, from the first bytes of the file.
    pub program: Option<Program>,
    /// Why `go` is no program that could run anywhere, if it can be seen that it is none.
    pub flaw: Option<Flaw>,
    /// Whether the parent of `bin` holds the file `VERSION`.
    pub has_version: bool,
    /// Whether the parent of `bin` holds the folder `pkg/tool`.
    pub has_tools: bool,
}

/// Every place where Go was looked for.
#[derive(Clone, Debug, Default)]
pub struct GoFacts {
    /// Folders that were asked for by name (flag, block, GOROOT), looked at whether or not Go is there.
    pub asked: Vec<GoDir>,
    /// Folders on PATH that hold `go`, in order.
    pub on_path: Vec<GoDir>,
    /// Well-known places that hold a whole Go, in order of preference.
    pub well_known: Vec<GoDir>,
    /// Places that are looked at only to be listed: nothing is chosen there unless PATH or the user names it.
    pub listed: Vec<GoDir>,
    /// Scripts of version managers that were asked for by name (profile, block) and are there.
    pub scripts: Vec<PathBuf>,
    /// What `go env -w` has stored, if it has.
    pub env_file: Option<EnvFile>,
    /// The marks of the table of kinds that are there.
    pub marks: Vec<&'static str>,
    /// The operating system of this machine, as Go calls it.
    pub system: Option<&'static str>,
    /// The architecture of this machine, as Go calls it; under Rosetta the processor's own.
    pub machine: Option<&'static str>,
    /// The form that programs have on this system.
    pub form: Option<Form>,
}

/// The folders that stand for `$NAME` in the table of kinds: of a list, the first; none that says nothing.
pub fn folders_of(variable: &impl Fn(&str) -> Option<OsString>) -> Vec<(&'static str, PathBuf)> {
    let folder = |name: &'static str| {
        let value = match name {
            // home-manager and NixOS keep a profile for each user there.
            "NIX_USER_PROFILE" => {
                variable("USER").map(|user| Path::new("/etc/profiles/per-user").join(user).into_os_string())
            }
            _ => variable(name),
        }?;
        let first = value.as_bytes().split(|byte| *byte == b':').next()?;
        Some((name, PathBuf::from(OsStr::from_bytes(first))))
    };
    let folders = kinds::variables().into_iter().filter_map(folder);
    folders.filter(|(_, folder)| folder.is_absolute() && folder.parent().is_some()).collect()
}

/// Looks for Go: on PATH and in the well-known places. `variables`: the folders that stand for `$NAME` in the table.
pub fn gather(path: Option<&OsStr>, home: &Path, variables: &[(&'static str, PathBuf)], platform: Platform) -> GoFacts {
    let top = Path::new("/");
    let marks = marks(top, home, variables);
    let land = Landmarks { home, variables, marks: &marks };
    let on_path = on_path(path.unwrap_or_default(), platform).into_iter().map(|dir| behind(dir, &land)).collect();
    let mut well_known = in_places(top, &land, |kind| kind.places);
    // A version manager that is not on PATH is not at work, also where its link lies in a place of another kind.
    let is_managed =
        |dir: &GoDir| matches!(kinds::recognise(&dir.bin, &land), Some(Recognised { policy: Policy::Manager(_), .. }));
    well_known.sort_by_key(is_managed);
    let form = if platform == Platform::MacOs { Form::MachO } else { Form::Elf };
    GoFacts {
        on_path,
        well_known,
        machine: machine(top),
        form: Some(form),
        marks,
        system: Some(SYSTEM),
        ..GoFacts::default()
    }
}

/// Looks in the places that [`gather`] passes over, because nothing is chosen there.
pub fn list(path: Option<&OsStr>, land: &Landmarks, platform: Platform) -> Vec<GoDir> {
    let mut found = windows_on_path(path.unwrap_or_default(), platform);
    found.extend(in_places(Path::new("/"), land, |kind| kind.more));
    found
}

/// Looks at the folder `bin` as [`gather`] does, whatever is there.
pub fn look_at(bin: &Path, land: &Landmarks) -> GoDir {
    behind(look(bin), land)
}

/// A front, such as snap's, leads to a launcher: what its files say is said by the Go that is launched.
fn behind(front: GoDir, land: &Landmarks) -> GoDir {
    let found = kinds::recognise(&front.bin, land).filter(|found| matches!(found.policy, Policy::SameAs(_)));
    let Some(other) = found.and_then(|found| found.other).filter(|_| front.has_go) else { return front };
    let there = look(&other);
    if !there.has_go {
        return front;
    }
    let GoDir { bin, root, has_version, has_tools, .. } = front;
    GoDir { bin, root, has_version, has_tools, ..there }
}

/// Looks at the folder `bin`, whatever is there, and at nothing behind it.
pub fn look(bin: &Path) -> GoDir {
    look_for("go", bin)
}

/// Whether a script is there that a shell would find something in.
pub fn is_script(path: &Path) -> bool {
    fs_err::metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() > 0)
}

/// Looks for a command of this name in the folder `bin`.
fn look_for(program: &str, bin: &Path) -> GoDir {
    // Without doubled and trailing slashes: the block takes GOROOT from the folder's name by cutting `/bin` off.
    let bin: PathBuf = bin.components().collect();
    let go = bin.join(program);
    let has_go =
        fs_err::metadata(&go).is_ok_and(|meta| meta.is_file()) && rustix::fs::access(&go, Access::EXEC_OK).is_ok();
    let real_go = if has_go { fs_err::canonicalize(&go).ok() } else { None };
    // GCC's `go` has no root, whatever lies above its folder.
    let has_root = real_go.as_deref().and_then(kinds::of_program).is_none();
    let root = root_above(&go).filter(|_| has_root);
    let real_root = real_go.as_deref().and_then(root_above).filter(|_| has_root);
    let version = real_root.as_ref().or(root.as_ref()).and_then(|root| version(root));
    let (beginning, size) = real_go.as_deref().and_then(|go| read(go, binary::ENOUGH)).unzip();
    let program = beginning.as_deref().and_then(Program::parse);
    let flaw = beginning.as_deref().zip(size).and_then(|(bytes, size)| Flaw::of(bytes, size));
    let [has_version, has_tools] = bin.parent().map_or([false; 2], parts);
    GoDir { bin, has_go, real_go, root, real_root, version, program, flaw, has_version, has_tools }
}

/// The Go root of which `go` is the command in `bin`.
fn root_above(go: &Path) -> Option<PathBuf> {
    let bin = go.parent()?;
    let root = bin.parent()?;
    let go_is_file = || fs_err::metadata(go).is_ok_and(|meta| meta.is_file());
    (bin.file_name() == Some(OsStr::new("bin")) && go_is_file() && parts(root).contains(&true)).then(|| root.to_owned())
}

/// Whether a folder holds `VERSION` and `pkg/tool`, by which a Go root is known.
fn parts(root: &Path) -> [bool; 2] {
    [fs_err::metadata(root.join("VERSION")).is_ok_and(|meta| meta.is_file()), root.join("pkg/tool").is_dir()]
}

/// The first line of `VERSION`.
fn version(root: &Path) -> Option<String> {
    goversion::first_line(&beginning(&root.join("VERSION"), VERSION_SIZE)?).map(str::to_owned)
}

/// The first bytes of a regular file; a FIFO is not waited for.
pub(crate) fn beginning(file: &Path, most: u64) -> Option<Vec<u8>> {
    read(file, most).map(|(bytes, _)| bytes)
}

/// The same, with the size of the whole file in bytes.
fn read(file: &Path, most: u64) -> Option<(Vec<u8>, u64)> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = std::fs::File::from(rustix::fs::open(file, flags, Mode::empty()).ok()?);
    let meta = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).ok()?;
    Some((bytes, meta.len()))
}

/// The folders on PATH that hold `go`.
fn on_path(path: &OsStr, platform: Platform) -> Vec<GoDir> {
    entries(path, platform).iter().map(|bin| look(bin)).filter(|found| found.has_go).collect()
}

/// The folders on PATH that hold Windows' Go.
fn windows_on_path(path: &OsStr, platform: Platform) -> Vec<GoDir> {
    let folders = folders(path).into_iter().filter(|bin| platform == Platform::Linux && is_windows_drive(bin));
    folders.map(|bin| look_for("go.exe", &bin)).filter(|found| found.has_go).collect()
}

/// The folders on PATH that may hold a Go for this system. Those of Windows (WSL puts them all on PATH) are slow to look
/// at and hold none for Linux.
fn entries(path: &OsStr, platform: Platform) -> Vec<PathBuf> {
    folders(path).into_iter().filter(|bin| !(platform == Platform::Linux && is_windows_drive(bin))).collect()
}

/// The folders on PATH, each once. Entries that are not absolute mean another folder in each terminal.
fn folders(path: &OsStr) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    path.as_bytes()
        .split(|b| *b == b':')
        .map(|entry| PathBuf::from(OsStr::from_bytes(entry)))
        .filter(|bin| bin.is_absolute() && seen.insert(bin.clone()))
        .collect()
}

/// The places of every kind that hold a whole Go, each folder once; the absolute ones are looked for below `top`.
fn in_places(top: &Path, land: &Landmarks, which: impl Fn(&Kind) -> &'static [&'static str]) -> Vec<GoDir> {
    let mut found: Vec<GoDir> = Vec::new();
    for kind in KINDS.iter().filter(|kind| kind.is_marked(land)) {
        for place in which(kind) {
            let whole = places::expand(place, top, land).into_iter().map(|bin| look_for(kind.program, &bin));
            let mut whole: Vec<GoDir> =
                whole.filter(|dir| dir.has_go && (dir.root.is_some() || dir.real_root.is_some())).collect();
            whole.sort_by_cached_key(|dir| std::cmp::Reverse(places::age(dir)));
            whole.retain(|dir| found.iter().all(|other| other.bin != dir.bin));
            found.extend(whole);
        }
    }
    found
}

/// The marks of the table that are there; the absolute ones are looked for below `top`.
fn marks(top: &Path, home: &Path, variables: &[(&'static str, PathBuf)]) -> Vec<&'static str> {
    let land = Landmarks { home, variables, marks: &[] };
    let there = |mark: &&str| places::expand(mark, top, &land).iter().any(|path| fs_err::metadata(path).is_ok());
    KINDS.iter().flat_map(|kind| kind.marks).copied().filter(there).collect()
}

/// The architecture of this machine, as Go calls it.
fn machine(top: &Path) -> Option<&'static str> {
    let rosetta = || ROSETTA.iter().any(|path| fs_err::metadata(top.join(path.trim_start_matches('/'))).is_ok());
    Some(match std::env::consts::ARCH {
        "x86_64" if cfg!(target_os = "macos") && rosetta() => "arm64",
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "loongarch64" => "loong64",
        "powerpc64" if cfg!(target_endian = "little") => "ppc64le",
        "powerpc64" => "ppc64",
        same @ ("arm" | "riscv64" | "s390x") => same,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
