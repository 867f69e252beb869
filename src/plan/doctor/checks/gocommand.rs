//! P and X: the `go` command, as it was run.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::super::super::goversion::GoVersion;
use super::super::super::settings::runs::{Misfit, misfit};
use super::super::super::variables::KNOWN;
use super::super::super::{last_words, secret};
use super::super::known::told;
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::{case, of_variable};
use crate::probe::gocommand::{How, LIMIT, Ran};
use crate::text::show::sanitise;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "P-15", title: "go is not the Go of go.dev", severity: Severity::Warning, look: another_kind },
    Check { id: "X-02", title: "go is no program for this machine", severity: Severity::Error, look: not_executed },
    Check { id: "X-04", title: "what go needs in order to run is missing", severity: Severity::Error, look: no_loader },
    Check { id: "X-09", title: "go does not run", severity: Severity::Error, look: fails },
    Check { id: "X-10", title: "go runs, but not with this environment", severity: Severity::Error, look: fails_here },
    Check { id: "X-11", title: "go is another release than its files", severity: Severity::Warning, look: mixed },
];

/// What stands for a value that is not shown.
const LEFT_OUT: &[u8] = "…".as_bytes();

/// Variables whose values are no secrets, and stand in what `go` says of them.
const PLAIN: &[&str] = &[
    "GO111MODULE",
    "GOARCH",
    "GOBIN",
    "GOCACHE",
    "GOENV",
    "GOEXPERIMENT",
    "GOMODCACHE",
    "GOOS",
    "GOPATH",
    "GOROOT",
    "GOTMPDIR",
    "GOTOOLCHAIN",
    "GOVCS",
    "GOWORK",
    "HOME",
    "PATH",
];

/// What is shorter than this, in bytes, is no secret.
const TELLING: usize = 6;

/// Whether a version is that of the compilers for Go of GCC and LLVM.
fn is_gcc(version: &str) -> bool {
    version.contains("gccgo") || version.contains("gollvm")
}

/// The starts that find this `go`.
fn names(scene: &Scene, go: &Path) -> Vec<String> {
    scene.promised().filter(|start| start.go() == Some(go)).map(Observed::name).collect()
}

/// A case for each `go` of which there is something to say.
fn of_each(scene: &Scene, of: impl Fn(&Ran) -> Option<(String, Fix)>) -> Vec<Case> {
    let case = |ran: &Ran| {
        let (what, fix) = of(ran)?;
        Some(case(what, names(scene, &ran.go), fix).with([Evidence::File(ran.go.clone())]))
    };
    scene.ran.iter().filter_map(case).collect()
}

fn install(scene: &Scene, go: &Path) -> Fix {
    let rest = if scene.facts.go.well_known.iter().any(|dir| dir.bin.join("go") != go) {
        "; `goenv-setup installs` lists what else is here"
    } else {
        ""
    };
    Fix::Advice(format!(
        "install Go for this machine as https://go.dev/doc/install says, then `goenv-setup apply`{rest}"
    ))
}

fn another_kind(scene: &Scene) -> Vec<Case> {
    of_each(scene, |ran| {
        let How::Said(text) = &ran.version else { return None };
        let shown = sanitise(text.lines().next().unwrap_or_default().chars().take(80).collect::<String>().as_bytes());
        let what = match told(&ran.version) {
            Some(version) if is_gcc(version) => {
                format!("{} is gccgo: `{shown}`", scene.show(&ran.go))
            }
            Some(_) => return None,
            // tells.
            None if shown.is_empty() => return None,
            None => format!("{} is no Go: asked for its version, it says `{shown}`", scene.show(&ran.go)),
        };
        Some((what, install(scene, &ran.go)))
    })
}

/// Why the file is none that runs here, as far as it tells.
fn stuck(scene: &Scene, ran: &Ran) -> Option<String> {
    let looked = scene.seen().find(|start| start.go() == Some(&ran.go)).and_then(|start| start.looked.go.as_ref())?;
    let misfit = misfit(looked.program.as_ref(), looked.flaw, &scene.facts.go)?;
    matches!(misfit, Misfit::Stuck(_)).then(|| misfit.words().to_owned())
}

fn not_executed(scene: &Scene) -> Vec<Case> {
    of_each(scene, |ran| {
        let why = match &ran.version {
            How::Said(text) if !text.trim().is_empty() => return None,
            How::TimedOut | How::NoInterpreter(_) | How::Unknown => return None,
            How::NotExecuted => stuck(scene, ran).unwrap_or_else(|| "is not executed by this system".to_owned()),
            // The C library has a shell read what the system does not execute.
            How::Said(_) | How::Failed { .. } => stuck(scene, ran)?,
        };
        Some((format!("{} {why}", scene.show(&ran.go)), install(scene, &ran.go)))
    })
}

fn no_loader(scene: &Scene) -> Vec<Case> {
    of_each(scene, |ran| {
        let How::NoInterpreter(named) = &ran.version else { return None };
        let needs = named.as_ref().map_or_else(|| "a loader".to_owned(), |path| scene.show(path));
        let what =
            format!("{} needs {needs}, which is not there: shells say that go is not found", scene.show(&ran.go));
        Some((what, install(scene, &ran.go)))
    })
}

fn fails(scene: &Scene) -> Vec<Case> {
    // Where it lacks its root, R-09 tells more.
    let alone: Vec<&Path> = super::goroot::alone_in(scene).map(|(_, go)| go).collect();
    of_each(scene, |ran| {
        if alone.contains(&ran.go.as_path()) {
            return None;
        }
        let silent = matches!(&ran.version, How::Said(text) if text.trim().is_empty());
        let silent = silent.then(|| "says nothing, as no Go does".to_owned());
        let what = silent.or_else(|| ended(scene, ran, &ran.version)).filter(|_| stuck(scene, ran).is_none())?;
        Some((format!("`{} version` {what}", scene.show(&ran.go)), install(scene, &ran.go)))
    })
}

fn fails_here(scene: &Scene) -> Vec<Case> {
    // Where one of Go's variables is known to be wrong, that check tells more.
    let groups = [super::goroot::CHECKS, super::gopath::CHECKS, super::settings::CHECKS, super::toolchain::CHECKS];
    let mut others = groups.into_iter().flatten().filter(|check| check.severity == Severity::Error);
    if others.any(|check| !(check.look)(scene).is_empty()) {
        return Vec::new();
    }
    let case_of = |ran: &Ran| {
        let what = ended(scene, ran, ran.with_environment.as_ref()?)?;
        let named = KNOWN.iter().filter(|name| what.contains(**name)).max_by_key(|name| name.len());
        let what = format!("go {what}, but not without Go's variables");
        let starts: Vec<&Observed> = scene.promised().filter(|start| start.go() == Some(&ran.go)).collect();
        let set = |name: &&&str| starts.iter().any(|start| scene.effective(start, name).is_some());
        let case = if let Some(name) = named.filter(set) {
            of_variable(scene, &starts, name, what, "go does not work with it")
        } else {
            let advice = "one of Go's variables keeps it from working: `goenv-setup explain GOFLAGS`, or the one that it names, shows which line sets it";
            case(what, names(scene, &ran.go), Fix::Advice(advice.to_owned()))
        };
        Some(case.with([Evidence::File(ran.go.clone())]))
    };
    scene.ran.iter().filter_map(case_of).collect()
}

/// How it ended, if not well; to follow what was run.
fn ended(scene: &Scene, ran: &Ran, how: &How) -> Option<String> {
    match how {
        How::Failed { status, stderr } => {
            let how = status.map_or_else(|| "was ended by a signal".to_owned(), |status| format!("fails ({status})"));
            let words = words(scene, ran, stderr);
            Some(words.map_or(how.clone(), |words| format!("{how}: {words}")))
        }
        How::TimedOut => Some(format!("still ran after {} s", LIMIT.as_secs())),
        _ => None,
    }
}

/// The first line that it said of its failure, without any value that may be secret.
fn words(scene: &Scene, ran: &Ran, stderr: &[u8]) -> Option<String> {
    let mut text = stderr.to_vec();
    let stored = scene.facts.go.env_file.iter().flat_map(|file| &file.values);
    let handed = scene.seen().filter(|start| start.go() == Some(&ran.go)).filter_map(Observed::seen);
    let handed = handed.flat_map(|seen| &seen.variables);
    let mut values: Vec<&[u8]> = stored.chain(handed).flat_map(|(name, value)| hidden(name, value)).collect();
    values.retain(|value| value.len() >= TELLING);
    values.sort_unstable_by_key(|value| std::cmp::Reverse(value.len()));
    values.dedup();
    for value in values {
        while let Some(at) = text.windows(value.len()).position(|window| window == value) {
            text.splice(at..at + value.len(), LEFT_OUT.iter().copied());
        }
    }
    let text = secret::said(&text);
    let files: Vec<&[u8]> = scene.facts.files.iter().filter_map(|file| file.bytes()).collect();
    last_words::of(&text, &files).into_iter().next()
}

/// What of a variable is not repeated: all of it and each of its words, but for paths; of GOFLAGS what is given to flags, and
/// whatever is no flag.
fn hidden<'a>(name: &OsStr, value: &'a OsStr) -> Vec<&'a [u8]> {
    let value = value.as_bytes();
    let words = value.split(u8::is_ascii_whitespace);
    let given = |word: &'a [u8]| word.iter().position(|byte| *byte == b'=').map(|at| &word[at + 1..]);
    if name == "GOFLAGS" {
        return words.filter_map(|word| if word.starts_with(b"-") { given(word) } else { Some(word) }).collect();
    }
    let known = name.to_str().is_some_and(|name| PLAIN.contains(&name));
    if known || value.starts_with(b"/") {
        return Vec::new();
    }
    words.clone().chain(words.filter_map(given)).chain([value]).collect()
}

fn mixed(scene: &Scene) -> Vec<Case> {
    of_each(scene, |ran| {
        let start = scene.seen().find(|start| start.go() == Some(&ran.go))?;
        let written = GoVersion::parse(start.looked.go.as_ref()?.version.as_deref()?)?;
        let told = GoVersion::parse(told(&ran.version).filter(|told| !is_gcc(told))?)?;
        let what = format!("{} is {told}, and the files around it are of {written}", scene.show(&ran.go));
        let advice =
            "one release was unpacked over another: remove the folder and unpack one archive of https://go.dev/dl/";
        (told != written).then(|| (what, Fix::Advice(advice.to_owned())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_repeated() {
        let of = |name: &str, value: &'static str| -> Vec<String> {
            let hidden = hidden(OsStr::new(name), OsStr::new(value)).into_iter();
            hidden.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
        };
        assert_eq!(of("GOFLAGS", "-ldflags=-X=main.key=abc -v word"), ["-X=main.key=abc", "word"]);
        assert_eq!(of("GOAUTH", "git hunter2"), ["git", "hunter2", "git hunter2"]);
        assert_eq!(of("GO_TOKEN", "k=v"), ["k=v", "v", "k=v"]);
        assert!(of("GO111MODULE", "maybe").is_empty() && of("GO_HOME", "/home/me").is_empty());
    }
}
