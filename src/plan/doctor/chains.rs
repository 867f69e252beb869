//! Launch chains side by side: what Go would use in each, computed as Go does.
//!
//! Sources: cmd/go/internal/cfg (`GOPATH`, `GOMODCACHE`, `EnvFile`), cmd/go/internal/cache/default.go, Go's
//! `os.UserCacheDir` and `os.UserConfigDir`.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::super::proxy::redacted;
use crate::facts::{EnvFile, Platform, path};
use crate::probe::report::Seen;

/// What Go takes where nothing is set.
const PROXY: &str = "https://proxy.golang.org,direct";

/// A way in which programs come to be started here.
pub struct Chain {
    /// What it is called: `zsh -i`, `bash -lc`, `env -i`, `su - me`.
    pub name: String,
    /// Whether it is a terminal.
    pub terminal: bool,
    /// What Go would use in it; else why that cannot be told here.
    pub uses: Result<Uses, String>,
}

/// What Go would use.
#[derive(Clone, PartialEq, Eq)]
pub struct Uses {
    /// The `go` that is found.
    pub go: Option<PathBuf>,
    /// The same with all links resolved.
    pub real_go: Option<PathBuf>,
    /// PATH, if it is set.
    pub path: Option<OsString>,
    /// GOPROXY. It may hold a secret.
    proxy: String,
    /// GOCACHE; else why there is none.
    pub cache: Result<PathBuf, &'static str>,
    /// GOMODCACHE; else why there is none.
    pub modules: Result<PathBuf, &'static str>,
}

impl Uses {
    /// What Go would use where a program sees this. `stored`: the file of `go env -w` that counts there; `root`: `go.env` in
    /// the root of the Go that is found, and `goroot` that root.
    pub fn of(
        seen: &Seen,
        stored: Option<&EnvFile>,
        root: Option<&EnvFile>,
        goroot: Option<&Path>,
        platform: Platform,
    ) -> Self {
        let find = |name: &str| {
            let file = |file: Option<&EnvFile>| file.and_then(|file| file.value(name).map(OsStr::to_owned));
            seen.variable(name).map(OsStr::to_owned).or_else(|| file(stored)).or_else(|| file(root))
        };
        let home = seen.variable("HOME").map(PathBuf::from);
        let gopath = find("GOPATH").and_then(|list| path::list(&list).into_iter().next());
        let gopath =
            gopath.or_else(|| home.as_ref().map(|home| home.join("go")).filter(|go| Some(go.as_path()) != goroot));
        let modules = find("GOMODCACHE")
            .map(PathBuf::from)
            .or_else(|| gopath.filter(|gopath| !gopath.as_os_str().is_empty()).map(|gopath| gopath.join("pkg/mod")))
            .ok_or("neither GOMODCACHE nor GOPATH nor HOME is set");
        Self {
            go: seen.go.clone(),
            real_go: seen.real_go.clone(),
            path: seen.variable("PATH").map(OsStr::to_owned),
            proxy: find("GOPROXY").map_or_else(|| PROXY.to_owned(), |value| value.to_string_lossy().into_owned()),
            cache: cache(find("GOCACHE"), seen, home.as_deref(), platform),
            modules: modules.and_then(|folder| {
                if folder.is_absolute() { Ok(folder) } else { Err("its folder is no absolute path") }
            }),
        }
    }

    /// GOPROXY as it may be shown.
    pub fn proxy(&self) -> String {
        redacted(&self.proxy)
    }

    /// Whether modules come from the same place.
    pub fn has_same_proxy(&self, other: &Self) -> bool {
        self.proxy == other.proxy
    }
}

/// GOCACHE.
fn cache(set: Option<OsString>, seen: &Seen, home: Option<&Path>, platform: Platform) -> Result<PathBuf, &'static str> {
    if let Some(set) = set.map(PathBuf::from) {
        return match set.to_str() {
            Some("off") => Err("GOCACHE is off"),
            _ if !set.is_absolute() => Err("GOCACHE is no absolute path"),
            _ => Ok(set),
        };
    }
    let none = "GOCACHE, XDG_CACHE_HOME and HOME are not set";
    let folder = match (platform, seen.variable("XDG_CACHE_HOME").map(PathBuf::from)) {
        (Platform::MacOs, _) => home.ok_or(none)?.join("Library/Caches"),
        (Platform::Linux, Some(folder)) if folder.is_absolute() => folder,
        (Platform::Linux, Some(_)) => return Err("XDG_CACHE_HOME is no absolute path"),
        (Platform::Linux, None) => home.ok_or(none)?.join(".cache"),
    };
    Ok(folder.join("go-build"))
}

/// The file of `go env -w` that counts where a program sees this, if Go would read any.
pub fn env_file(seen: &Seen, platform: Platform) -> Option<PathBuf> {
    match seen.variable("GOENV") {
        Some(off) if off == "off" => return None,
        Some(file) => return Some(PathBuf::from(file)),
        None => {}
    }
    let home = seen.variable("HOME").map(PathBuf::from);
    let folder = match (platform, seen.variable("XDG_CONFIG_HOME").map(PathBuf::from)) {
        (Platform::MacOs, _) => home?.join("Library/Application Support"),
        (Platform::Linux, Some(folder)) => Some(folder).filter(|folder| folder.is_absolute())?,
        (Platform::Linux, None) => home?.join(".config"),
    };
    Some(folder.join("go/env"))
}

/// The chain that the others are compared with: the first terminal that finds a go.
pub fn first(chains: &[Chain]) -> Option<&Uses> {
    let found = |chain: &&Chain| chain.terminal && chain.uses.as_ref().is_ok_and(|uses| uses.go.is_some());
    chains.iter().find(found).and_then(|chain| chain.uses.as_ref().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(variables: &[(&str, &str)]) -> Seen {
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Seen { variables: variables.collect(), ..Seen::default() }
    }

    fn stored(values: &[(&str, &str)]) -> EnvFile {
        EnvFile { values: seen(values).variables, ..EnvFile::default() }
    }

    fn paths(uses: &Uses) -> [Result<&str, &'static str>; 2] {
        [&uses.cache, &uses.modules].map(|path| path.as_ref().map(|path| path.to_str().unwrap()).map_err(|why| *why))
    }

    #[test]
    fn as_go_computes_them() {
        type Row = (
            &'static [(&'static str, &'static str)],
            &'static [(&'static str, &'static str)],
            [Result<&'static str, &'static str>; 2],
        );
        let none = ["GOCACHE, XDG_CACHE_HOME and HOME are not set", "neither GOMODCACHE nor GOPATH nor HOME is set"];
        let table: &[Row] = &[
            (&[("HOME", "/h")], &[], [Ok("/h/.cache/go-build"), Ok("/h/go/pkg/mod")]),
            (&[], &[], [Err(none[0]), Err(none[1])]),
            (&[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")], &[], [Ok("/x/go-build"), Ok("/h/go/pkg/mod")]),
            (
                &[("HOME", "/h"), ("XDG_CACHE_HOME", "x")],
                &[],
                [Err("XDG_CACHE_HOME is no absolute path"), Ok("/h/go/pkg/mod")],
            ),
            (&[("HOME", "/h"), ("GOPATH", "/a:/b")], &[("GOPATH", "/c")], [Ok("/h/.cache/go-build"), Ok("/a/pkg/mod")]),
            (&[("HOME", "/h")], &[("GOPATH", "/c"), ("GOCACHE", "/d")], [Ok("/d"), Ok("/c/pkg/mod")]),
            (&[("HOME", "/h"), ("GOCACHE", "off"), ("GOMODCACHE", "/m")], &[], [Err("GOCACHE is off"), Ok("/m")]),
            (&[("HOME", "/h"), ("GOPATH", ":/b")], &[], [Ok("/h/.cache/go-build"), Err(none[1])]),
            (
                &[("HOME", "/h"), ("GOPATH", "go")],
                &[],
                [Ok("/h/.cache/go-build"), Err("its folder is no absolute path")],
            ),
        ];
        for (variables, values, wanted) in table {
            let uses = Uses::of(&seen(variables), Some(&stored(values)), None, None, Platform::Linux);
            assert_eq!(paths(&uses), *wanted, "{variables:?} {values:?}");
        }
        let mac = Uses::of(&seen(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")]), None, None, None, Platform::MacOs);
        assert_eq!(paths(&mac)[0], Ok("/h/Library/Caches/go-build"));
        let unpacked = Uses::of(&seen(&[("HOME", "/h")]), None, None, Some(Path::new("/h/go")), Platform::Linux);
        assert_eq!(paths(&unpacked)[1], Err(none[1]));
    }

    #[test]
    fn the_proxy_and_where_it_comes_from() {
        let root = stored(&[("GOPROXY", "https://root.example")]);
        let file = stored(&[("GOPROXY", "https://me:pw@file.example/x,direct")]);
        let of = |variables, stored, root| Uses::of(&seen(variables), stored, root, None, Platform::Linux);
        assert_eq!(of(&[], None, None).proxy(), PROXY);
        assert_eq!(of(&[], None, Some(&root)).proxy(), "https://root.example");
        let shown = of(&[], Some(&file), Some(&root)).proxy();
        assert!(shown.contains("file.example") && !shown.contains("pw"), "{shown}");
        assert_eq!(of(&[("GOPROXY", "off")], Some(&file), Some(&root)).proxy(), "off");
        assert!(!of(&[], Some(&file), None).has_same_proxy(&of(&[], None, None)));
    }

    #[test]
    fn the_file_of_go_env_w() {
        let file = |variables| env_file(&seen(variables), Platform::Linux);
        assert_eq!(file(&[("HOME", "/h")]), Some("/h/.config/go/env".into()));
        assert_eq!(file(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")]), Some("/x/go/env".into()));
        assert_eq!(file(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "x")]), None);
        assert_eq!(file(&[("HOME", "/h"), ("GOENV", "/e")]), Some("/e".into()));
        assert_eq!(file(&[("HOME", "/h"), ("GOENV", "off")]), None);
        assert_eq!(file(&[]), None);
        let mac = env_file(&seen(&[("HOME", "/h")]), Platform::MacOs);
        assert_eq!(mac, Some("/h/Library/Application Support/go/env".into()));
    }
}
