//! The folders in which Go writes.

use std::path::PathBuf;

use super::scene::Scene;
use crate::facts::Platform;
use crate::facts::path::list;

/// Every folder in which a Go that starts find would write: the caches, and where installed tools go. Sources: cmd/go,
/// `GOCACHE`, `GOMODCACHE`, `GOBIN`; `os.UserCacheDir`.
pub fn folders(scene: &Scene) -> Vec<PathBuf> {
    let home = &scene.facts.user.home;
    let named = scene.facts.env.terminal.iter().find(|(name, _)| name == "XDG_CACHE_HOME");
    let named = named.map(|(_, value)| PathBuf::from(value)).filter(|folder| folder.is_absolute());
    let caches = match scene.facts.platform {
        Platform::MacOs => home.join("Library/Caches"),
        Platform::Linux => named.unwrap_or_else(|| home.join(".cache")),
    };
    let mut folders: Vec<PathBuf> = Vec::new();
    for start in scene.seen().filter(|start| start.go().is_some()) {
        let set = |name: &str| scene.effective(start, name).map(|(value, _)| value);
        let gopath = set("GOPATH").and_then(|value| list(&value).into_iter().next());
        let gopath = gopath.unwrap_or_else(|| home.join("go"));
        let modules = set("GOMODCACHE").map_or_else(|| gopath.join("pkg/mod"), PathBuf::from);
        let cache = set("GOCACHE").map_or_else(|| caches.join("go-build"), PathBuf::from);
        let tools = set("GOBIN").map_or_else(|| gopath.join("bin"), PathBuf::from);
        folders.extend([modules.join("cache"), modules.join("cache/download"), modules, cache, tools, gopath]);
    }
    folders.retain(|folder| folder.is_absolute());
    folders.sort();
    folders.dedup();
    folders
}
