//! What the proof says of a promise: the real shell was started before and after, and this compares what it saw.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::Promise;
use crate::probe::launch::Ended;
use crate::probe::report::Seen;

/// What became of a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The shell sees what was promised.
    Proven,
    /// It sees something else.
    Other(Seen),
    /// Nobody can tell, with the reason. Never rolled back.
    Unknown(String),
    /// It started well before and does not now; what it wrote to standard error.
    Broken(Vec<u8>),
}

impl Verdict {
    /// The word for messages and JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Other(_) => "other",
            Self::Unknown(_) => "unknown",
            Self::Broken(_) => "broken",
        }
    }
}

/// Judges. `real_go`: the promised `go` with all links resolved.
pub fn judge(promise: &Promise, real_go: Option<&Path>, before: &Ended, after: &Ended) -> Verdict {
    match (before, after) {
        (_, Ended::Reported(seen)) if keeps(promise, real_go, seen) => Verdict::Proven,
        (_, Ended::Reported(seen)) => Verdict::Other(seen.clone()),
        (_, Ended::NotStarted(why)) => Verdict::Unknown(why.clone()),
        (_, Ended::TimedOut) => Verdict::Unknown("it did not start within the limit".to_owned()),
        (_, Ended::Stopped) => Verdict::Unknown("interrupted".to_owned()),
        (Ended::Reported(_), Ended::Silent { stderr, .. }) => Verdict::Broken(stderr.clone()),
        (_, Ended::Silent { .. }) => Verdict::Unknown("it ends before it runs a command, as it did before".to_owned()),
    }
}

/// Whether what was seen is as promised. GOROOT may be unset: the block leaves it alone where another folder leads PATH,
/// and Go finds its own. GOPATH only fills a gap.
fn keeps(promise: &Promise, real_go: Option<&Path>, seen: &Seen) -> bool {
    let go = match &promise.go {
        // A manager may set another GOPATH, with the folder of its tools.
        None => {
            let lists = [Some(promise.gopath.as_os_str()), seen.variable("GOPATH").map(OsStr::new)];
            let path = seen.variable("PATH");
            path.is_some_and(|path| lists.into_iter().flatten().any(|list| has_tools(OsStr::new(path), promise, list)))
        }
        Some(bin) => {
            let same_name = seen.go.as_deref() == Some(bin.join("go").as_path());
            same_name || (real_go.is_some() && seen.real_go.as_deref() == real_go)
        }
    };
    let goroot = match (&promise.goroot, seen.variable("GOROOT")) {
        (Some(promised), Some(seen)) => Path::new(seen) == promised,
        _ => true,
    };
    go && goroot
}

/// Whether PATH holds the folder of installed tools: GOBIN, else `bin` in the first entry of GOPATH.
fn has_tools(path: &OsStr, promise: &Promise, gopath: &OsStr) -> bool {
    let first = gopath.as_bytes().split(|byte| *byte == b':').next().unwrap_or_default();
    let bin = promise.gobin.clone().unwrap_or_else(|| Path::new(OsStr::from_bytes(first)).join("bin"));
    path.as_bytes().split(|byte| *byte == b':').any(|entry| Path::new(OsStr::from_bytes(entry)) == bin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shells::LaunchMode;

    fn promise(go: Option<&str>) -> Promise {
        let go = go.map(Into::into);
        let goroot = go.as_ref().map(|_| "/usr/local/go".into());
        Promise { shell: "zsh", mode: LaunchMode::Interactive, go, goroot, gopath: "/h/go:/x".into(), gobin: None }
    }

    fn seen(go: Option<&str>, variables: &[(&str, &str)]) -> Ended {
        Ended::Reported(Seen {
            go: go.map(Into::into),
            real_go: go.map(Into::into),
            shadow: None,
            shadow_file: None,
            variables: variables.iter().map(|(name, value)| (name.into(), value.into())).collect(),
        })
    }

    fn silent(words: &[u8]) -> Ended {
        Ended::Silent { status: Some(1), stderr: words.to_vec() }
    }

    #[test]
    fn the_promised_go_under_any_name() {
        let go = promise(Some("/usr/local/go/bin"));
        let before = seen(None, &[]);
        let right = seen(Some("/usr/local/go/bin/go"), &[("GOROOT", "/usr/local/go")]);
        assert_eq!(judge(&go, None, &before, &right), Verdict::Proven);
        let link = seen(Some("/usr/bin/go"), &[]);
        assert_eq!(judge(&go, Some(Path::new("/usr/bin/go")), &before, &link), Verdict::Proven);
        assert_eq!(judge(&go, None, &before, &link).word(), "other");
        assert_eq!(judge(&go, None, &before, &seen(None, &[])).word(), "other");
    }

    #[test]
    fn another_goroot_is_not_as_promised() {
        let wrong = seen(Some("/usr/local/go/bin/go"), &[("GOROOT", "/opt/go")]);
        assert_eq!(judge(&promise(Some("/usr/local/go/bin")), None, &seen(None, &[]), &wrong).word(), "other");
    }

    #[test]
    fn a_manager_brings_go_and_we_the_tools() {
        let tools = seen(None, &[("PATH", "/usr/bin:/h/go/bin")]);
        assert_eq!(judge(&promise(None), None, &tools, &tools), Verdict::Proven);
        let gobin = Promise { gobin: Some("/h/bin".into()), ..promise(None) };
        assert_eq!(judge(&gobin, None, &tools, &tools).word(), "other");
        let tools = seen(None, &[("PATH", "/h/bin:/usr/bin")]);
        assert_eq!(judge(&gobin, None, &tools, &tools), Verdict::Proven);
        let none = seen(None, &[("PATH", "/usr/bin")]);
        assert_eq!(judge(&promise(None), None, &none, &none).word(), "other");
    }

    #[test]
    fn only_what_started_well_before_is_broken() {
        let go = promise(Some("/usr/local/go/bin"));
        let well = seen(None, &[]);
        assert_eq!(judge(&go, None, &well, &silent(b"bad")), Verdict::Broken(b"bad".to_vec()));
        for before in [silent(b"bad"), Ended::TimedOut, Ended::NotStarted("no".to_owned())] {
            assert_eq!(judge(&go, None, &before, &silent(b"bad")).word(), "unknown");
        }
        for after in [Ended::TimedOut, Ended::Stopped, Ended::NotStarted("no".to_owned())] {
            assert_eq!(judge(&go, None, &well, &after).word(), "unknown");
        }
    }
}
