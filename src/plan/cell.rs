//! What one cell of the launch matrix is worth: a shell was started for real, and this judges what it saw.

use std::path::{Path, PathBuf};

use super::apply::ApplyPlan;
use super::goversion::GoVersion;
use super::{Source, last_words};
use crate::facts::GoDir;
use crate::probe::launch::Ended;
use crate::probe::report::Seen;
use crate::text::show::sanitise;

/// The verdict of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It finds the Go that the settings name; where a version manager brings Go or none is known, any.
    Ok,
    /// It finds another one.
    OtherGo,
    /// It finds none, though a startup file could bring it.
    NoGo,
    /// It finds none, and opens no startup file that could bring it.
    Unreachable,
    /// It ended without running a command, or its GOROOT keeps its go from working; why.
    Broken(String),
    /// It was still starting at the limit.
    TimedOut,
}

impl Verdict {
    /// The words for tables and JSON.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::OtherGo => "other go",
            Self::NoGo => "no go",
            Self::Unreachable => "not reachable by any file",
            Self::Broken(_) => "broken",
            Self::TimedOut => "timed out",
        }
    }

    /// Why, where the words alone do not say it.
    pub fn why(&self) -> Option<&str> {
        if let Self::Broken(why) = self { Some(why) } else { None }
    }

    /// Whether the start itself went wrong.
    pub const fn is_bad_start(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::TimedOut)
    }
}

/// The Go that a cell should find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The `go` command; `None`: any.
    pub go: Option<PathBuf>,
    /// The same with all links resolved, if it is there.
    pub real_go: Option<PathBuf>,
    /// Whether a version manager brings Go: its shims choose GOROOT themselves.
    pub managed: bool,
}

impl Expected {
    /// What the settings of a bare `apply` name; without a plan, or where no Go is known, any will do. `real_go` is for
    /// the caller to fill.
    pub fn of(plan: Option<&ApplyPlan>) -> Self {
        let Some(plan) = plan else { return Self::default() };
        let go = &plan.settings.go;
        let known = go.value.present || go.from != Source::Default;
        let bin = go.value.bin.as_ref().filter(|_| known);
        Self { go: bin.map(|bin| bin.join("go")), real_go: None, managed: go.value.bin.is_none() }
    }

    fn is(&self, seen: &Seen) -> bool {
        self.go.is_none() || seen.go == self.go || (self.real_go.is_some() && seen.real_go == self.real_go)
    }
}

/// What files say of what a cell saw.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The folder of the real `go`.
    pub go: Option<GoDir>,
    /// `bin` in GOROOT.
    pub goroot: Option<GoDir>,
}

/// Judges. `by_file`: whether a startup file can reach this launch mode; `files`: the user's startup files, whose lines
/// are not repeated.
pub fn judge(by_file: bool, ended: &Ended, expected: &Expected, looked: &Looked, files: &[&[u8]]) -> Verdict {
    match ended {
        Ended::Reported(seen) if seen.go.is_none() => {
            if by_file {
                Verdict::NoGo
            } else {
                Verdict::Unreachable
            }
        }
        Ended::Reported(seen) => match bad_goroot(seen, expected.managed, looked) {
            Some(why) => Verdict::Broken(why),
            None if expected.is(seen) => Verdict::Ok,
            None => Verdict::OtherGo,
        },
        Ended::Silent { status, stderr } => {
            let mut why =
                status.map_or_else(|| "a signal ended it".to_owned(), |status| format!("exit status {status}"));
            if let Some(words) = last_words::of(stderr, files).first() {
                why = format!("{why}: {words}");
            }
            Verdict::Broken(why)
        }
        Ended::TimedOut => Verdict::TimedOut,
        Ended::NotStarted(why) => Verdict::Broken(format!("it cannot be started: {why}")),
        Ended::Stopped => Verdict::Broken("interrupted".to_owned()),
    }
}

/// Why GOROOT keeps this go from working, as far as files tell: its commands must be of the same release as `go` itself.
fn bad_goroot(seen: &Seen, managed: bool, looked: &Looked) -> Option<String> {
    let goroot = seen.variable("GOROOT")?;
    let go = looked.go.as_ref();
    if managed && go.is_none_or(|go| go.root.is_none()) {
        return None;
    }
    let shown = sanitise(std::os::unix::ffi::OsStrExt::as_bytes(goroot));
    if !Path::new(goroot).is_absolute() {
        return Some(format!("GOROOT is `{shown}`, which is no absolute path"));
    }
    let root = looked.goroot.as_ref();
    let Some(root) = root.filter(|root| root.root.is_some()) else {
        return Some(format!("GOROOT is `{shown}`, where there is no Go"));
    };
    if root.real_go.is_some() && root.real_go == seen.real_go {
        return None;
    }
    let (of_root, of_go) = (root.version.as_deref()?, go?.version.as_deref()?);
    let name = |text: &str| version(text).unwrap_or_else(|| sanitise(text.as_bytes()));
    (of_root != of_go).then(|| format!("GOROOT is `{shown}` of {}, and go is {}", name(of_root), name(of_go)))
}

/// A version as it is shown, from the first line of a `VERSION` file.
pub fn version(text: &str) -> Option<String> {
    GoVersion::parse(text).map(|version| version.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir(root: Option<&str>, version: &str) -> GoDir {
        let bin = PathBuf::from(root.unwrap_or("/nowhere")).join("bin");
        let real_go = root.map(|_| bin.join("go"));
        GoDir {
            has_go: root.is_some(),
            real_go,
            root: root.map(Into::into),
            real_root: root.map(Into::into),
            version: Some(version.into()),
            bin,
            ..GoDir::default()
        }
    }

    fn seen(go: Option<&str>, goroot: Option<&str>) -> Ended {
        let variables = goroot.map(|goroot| ("GOROOT".into(), goroot.into()));
        Ended::Reported(Seen {
            go: go.map(Into::into),
            real_go: go.map(Into::into),
            shadow: None,
            shadow_file: None,
            variables: variables.into_iter().collect(),
        })
    }

    fn expected(go: &str) -> Expected {
        Expected { go: Some(go.into()), ..Expected::default() }
    }

    fn simply(ended: &Ended, expected: &Expected) -> &'static str {
        judge(true, ended, expected, &Looked::default(), &[]).words()
    }

    #[test]
    fn the_go_of_the_settings_by_name_or_as_the_same_file() {
        let ours = Expected { real_go: Some("/r/go".into()), ..expected("/a/bin/go") };
        assert_eq!(simply(&seen(Some("/a/bin/go"), None), &ours), "ok");
        assert_eq!(simply(&seen(Some("/r/go"), None), &ours), "ok");
        assert_eq!(simply(&seen(Some("/b/go"), None), &ours), "other go");
        assert_eq!(simply(&seen(Some("/b/go"), None), &Expected::default()), "ok");
        let gone = Ended::Reported(Seen { go: Some("/b/go".into()), ..Seen::default() });
        assert_eq!(simply(&gone, &expected("/a/bin/go")), "other go");
    }

    #[test]
    fn none_is_found() {
        let none = seen(None, Some("/nowhere"));
        assert_eq!(simply(&none, &Expected::default()), "no go");
        assert_eq!(judge(false, &none, &Expected::default(), &Looked::default(), &[]), Verdict::Unreachable);
    }

    #[test]
    fn a_goroot_that_does_not_fit_is_broken_with_the_reason() {
        let go = "/a/bin/go";
        let ours = dir(Some("/a"), "go1.22.10");
        for (goroot, there, why) in [
            ("/a", Some(dir(Some("/a"), "go1.22.10")), None),
            ("/same", Some(dir(Some("/same"), "go1.22.10")), None),
            (
                "/b",
                Some(dir(Some("/b"), "go1.23.4 X:boringcrypto")),
                Some("GOROOT is `/b` of go1.23.4, and go is go1.22.10"),
            ),
            ("/no\x1b", Some(dir(None, "")), Some("GOROOT is `/no^[`, where there is no Go")),
            ("/no", None, Some("GOROOT is `/no`, where there is no Go")),
            ("rel", None, Some("GOROOT is `rel`, which is no absolute path")),
        ] {
            let looked = Looked { go: Some(ours.clone()), goroot: there };
            let verdict = judge(true, &seen(Some(go), Some(goroot)), &expected(go), &looked, &[]);
            assert_eq!(verdict.why(), why, "{goroot}");
            assert_eq!(verdict.words(), if why.is_some() { "broken" } else { "ok" }, "{goroot}");
        }
    }

    #[test]
    fn the_shims_of_a_manager_choose_goroot_themselves() {
        let managed = Expected { managed: true, ..Expected::default() };
        let shim = GoDir { root: None, ..dir(None, "") };
        let looked = Looked { go: Some(shim), goroot: Some(dir(None, "")) };
        assert_eq!(judge(true, &seen(Some("/s/go"), Some("/no")), &managed, &looked, &[]), Verdict::Ok);
        let real = Looked { go: Some(dir(Some("/a"), "go1.22")), goroot: None };
        assert_eq!(judge(true, &seen(Some("/a/bin/go"), Some("/no")), &managed, &real, &[]).words(), "broken");
    }

    #[test]
    fn starts_that_went_wrong() {
        let silent = |status, stderr: &[u8]| Ended::Silent { status, stderr: stderr.to_vec() };
        for (ended, why) in [
            (silent(Some(3), b""), "exit status 3"),
            (silent(Some(1), b"\n  bad\x1b line\nmore"), "exit status 1: bad^[ line"),
            (silent(None, b""), "a signal ended it"),
            (Ended::NotStarted("no such file".to_owned()), "it cannot be started: no such file"),
        ] {
            let verdict = judge(true, &ended, &Expected::default(), &Looked::default(), &[]);
            assert_eq!((verdict.words(), verdict.why()), ("broken", Some(why)));
            assert!(verdict.is_bad_start());
        }
        let late = judge(true, &Ended::TimedOut, &Expected::default(), &Looked::default(), &[]);
        assert_eq!((late.words(), late.is_bad_start()), ("timed out", true));
    }
}
