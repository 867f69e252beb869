//! What the checks look at beside facts and starts: what lies where those point to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rustix::fs::Access;
use rustix::io::Errno;

use super::editors;
use super::starts::Heard;
use crate::facts::contexts::{self, Contexts};
use crate::facts::path::GoFile;
use crate::facts::{Facts, GoDir, env_file, go, module, path, snapshot};
use crate::plan::apply::ApplyPlan;
use crate::plan::doctor::scene::{Observed, Root, Scene};
use crate::plan::doctor::{gos, leftovers, writes};
use crate::plan::kinds::Landmarks;
use crate::plan::status::Report;

/// The scene of a first look.
pub(super) fn scene<'a>(facts: &'a Facts, plan: Option<&'a ApplyPlan>, status: &'a Report, heard: Heard) -> Scene<'a> {
    let Heard { starts, ran, editors, chains, network, .. } = heard;
    let bin = plan.and_then(|plan| plan.settings.go.value.bin.as_deref());
    let terminal = starts.iter().find(|start| start.terminal).and_then(|start| start.looked.go.as_ref());
    let defaults = terminal.and_then(|go| go.real_root.as_ref()).and_then(|root| env_file::open(root.join("go.env")));
    let goenvs = starts.iter().filter_map(|start| start.variable("GOENV")).map(PathBuf::from);
    let gos = starts.iter().filter_map(|start| start.looked.go.as_ref()?.real_root.clone());
    let is_gone = |folder: &&str| !facts.user.home.join(folder).exists();
    #[expect(clippy::disallowed_methods, reason = "the module that counts is that of the current folder")]
    let here = std::env::current_dir().ok();
    let mut scene = Scene {
        facts,
        plan,
        status,
        named: bin.map(|bin| path::entries(bin.as_os_str())).unwrap_or_default(),
        gos: gos_on_path(facts, &starts),
        mentioned: mentioned(facts, &starts),
        tools: tools(facts, &starts),
        roots: roots(&starts),
        readable: goenvs.filter(|path| env_file::open(path.clone()).is_some()).collect(),
        without_defaults: gos.filter(|root| !root.join("go.env").is_file()).collect(),
        defaults,
        module: here.and_then(|folder| module::of(&folder)),
        network,
        env_file: facts.go.env_file.as_ref().map(|file| snapshot::take(&file.path, &facts.user)),
        gone: leftovers::TOOLS.iter().map(|tool| tool.1).filter(is_gone).collect(),
        traced: None,
        sourced: Vec::new(),
        ran,
        chains,
        editors,
        closed: is_closed(&facts.user.home),
        ssh_keys: editors::ssh_keys(&facts.user.home),
        contexts: Contexts::default(),
        starts,
    };
    scene.contexts = contexts(&scene);
    scene
}

/// Whether we may not use what lies in a folder that is there. To list it takes more, but no shell does that.
fn is_closed(folder: &Path) -> bool {
    rustix::fs::access(folder, Access::EXEC_OK) == Err(Errno::ACCESS)
}

/// What files say of the other places where Go is started, and of the Go that is found.
fn contexts(scene: &Scene) -> Contexts {
    let ground = contexts::Ground { facts: scene.facts, tools: &scene.tools, top: Path::new("/") };
    let mut found = contexts::gather(&ground);
    let mut gos: Vec<PathBuf> = scene.seen().filter_map(|start| start.seen()?.real_go.clone()).collect();
    gos.sort();
    gos.dedup();
    found.look_behind(&ground, &gos, &writes::folders(scene));
    found
}

/// What lies in each folder on the PATH of a terminal that holds a `go`.
fn gos_on_path(facts: &Facts, starts: &[Observed]) -> Vec<GoDir> {
    let land = Landmarks { home: &facts.user.home, variables: &facts.env.go_folders, marks: &facts.go.marks };
    let entries = starts.iter().filter(|start| start.terminal).flat_map(|start| &start.path);
    let mut folders: Vec<&OsString> =
        entries.filter(|entry| entry.go == GoFile::Runs).map(|entry| &entry.text).collect();
    folders.sort();
    folders.dedup();
    let look = |folder: &OsString| GoDir { bin: PathBuf::from(folder), ..go::look_at(Path::new(folder), &land) };
    folders.into_iter().map(look).collect()
}

/// The folders with a `go` that lines about PATH name.
fn mentioned(facts: &Facts, starts: &[Observed]) -> Vec<PathBuf> {
    let home = &facts.user.home;
    let lines = facts.files.iter().filter_map(|file| file.bytes()).flat_map(|bytes| gos::folders(bytes, home));
    let entries = starts.iter().flat_map(|start| &start.path).map(|entry| PathBuf::from(&entry.text));
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in lines.chain(entries.filter(|entry| entry.is_absolute())) {
        let [itself, root, above] = gos::meant(&folder);
        // What is no folder of commands has to be a root, and not just to hold something of that name.
        let is_root = |bin: &PathBuf| bin.parent().is_some_and(|root| root.join("pkg/tool").is_dir());
        let meant = [Some(itself), Some(root).filter(is_root), Some(above).filter(is_root)];
        let new = meant.into_iter().flatten().filter(|bin| crate::probe::is_program(&bin.join("go")));
        for bin in new {
            if !found.contains(&bin) {
                found.push(bin);
            }
        }
    }
    found
}

/// What stands in each folder of installed tools.
fn tools(facts: &Facts, starts: &[Observed]) -> Vec<(PathBuf, Vec<OsString>)> {
    let mut folders: Vec<PathBuf> = vec![facts.user.home.join("go/bin")];
    let stored = |name: &str| facts.go.env_file.as_ref().and_then(|file| file.value(name));
    let gobin = starts.iter().filter_map(|start| start.variable("GOBIN")).chain(stored("GOBIN"));
    folders.extend(gobin.map(PathBuf::from));
    let gopath = starts.iter().filter_map(|start| start.variable("GOPATH")).chain(stored("GOPATH"));
    folders.extend(gopath.flat_map(path::list).map(|folder| folder.join("bin")));
    folders.sort();
    folders.dedup();
    let programs = |folder: &PathBuf| -> Vec<OsString> {
        let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
        entries.filter(|entry| crate::probe::is_program(&entry.path())).map(|entry| entry.file_name()).collect()
    };
    folders.into_iter().map(|folder| (folder.clone(), programs(&folder))).collect()
}

/// What is where each GOROOT points to.
fn roots(starts: &[Observed]) -> Vec<Root> {
    let mut paths: Vec<PathBuf> =
        starts.iter().filter_map(|start| start.variable("GOROOT")).map(PathBuf::from).collect();
    paths.sort();
    paths.dedup();
    let look = |path: PathBuf| Root {
        is_folder: path.is_dir(),
        is_file: path.is_file(),
        has_tools: path.join("pkg/tool").is_dir(),
        has_library: path.join("src/fmt").is_dir(),
        path,
    };
    paths.into_iter().map(look).collect()
}
