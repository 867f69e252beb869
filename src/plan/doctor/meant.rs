//! Lines that were meant to put Go on PATH, and put something else there.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::life::{Did, Event};
use super::super::place::pattern;
use super::line::Line;
use super::lines::{bringing, files, matching, read};
use super::lives::{of_event, unique};
use super::scene::{Observed, Scene};
use crate::text::fence;
use crate::text::show::sanitise;

/// What stands on PATH in place of the folder of Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// The folder as it was written: nothing expands the tilde or the variable, or takes the quotes off.
    Literal(OsString),
    /// The root of Go, or the command itself.
    Beside(OsString),
    /// What is left of a folder where this variable is empty.
    Empty(String),
}

impl Slip {
    /// What a line does that makes it, to follow "which".
    pub fn does(&self) -> String {
        match self {
            Self::Literal(text) | Self::Beside(text) => format!("puts `{}` on PATH", sanitise(text.as_bytes())),
            Self::Empty(name) => format!("names ${name}, which is not set there"),
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Literal(_) => "write that folder as an absolute path, or with `$HOME` where the shell expands it",
            Self::Beside(_) => "name the folder that holds the command `go`: the one called `bin`",
            Self::Empty(name) => return format!("set {name} above that line, or name the folder itself there"),
        }
        .to_owned()
    }
}

/// The entries of PATH that were meant for one of these folders of Go, each with the lines that put them there.
pub fn literal(scene: &Scene, start: &Observed, gos: &[&Path]) -> Vec<(Slip, Vec<Line>)> {
    let home = &scene.facts.user.home;
    let slips = start.path.iter().filter_map(|entry| Some((slip(&entry.text, home, gos)?, &entry.text)));
    let mut found: Vec<(Slip, Vec<Line>)> = Vec::new();
    for (slip, text) in slips {
        let lines = bringing(scene, start, text);
        if found.iter().all(|(known, _)| *known != slip) && !lines.is_empty() {
            found.push((slip, lines));
        }
    }
    found
}

/// The variables whose `bin` was meant to be put on PATH, each with the line.
pub fn of_variables(scene: &Scene, start: &Observed) -> Vec<(Slip, Vec<Line>)> {
    let empty = emptied(scene, start).unwrap_or_default();
    // fish leaves out a word with a variable that is not set: that nothing was put there no trace tells.
    let empty = if empty.is_empty() { by_reading(scene, start) } else { empty };
    empty.into_iter().map(|(line, name)| (Slip::Empty(name), vec![line])).collect()
}

/// What an entry of PATH was meant to be.
fn slip(text: &OsStr, home: &Path, gos: &[&Path]) -> Option<Slip> {
    let bytes = text.as_bytes();
    let bare = bytes.trim_ascii();
    let bare = bare.strip_prefix(b"\"").or(bare.strip_prefix(b"'")).unwrap_or(bare);
    let bare = bare.strip_suffix(b"\"").or(bare.strip_suffix(b"'")).unwrap_or(bare);
    let below = [&b"~/"[..], b"$HOME/", b"${HOME}/"].iter().find_map(|start| bare.strip_prefix(*start));
    let path = match below {
        Some(rest) => home.join(OsStr::from_bytes(rest)),
        None => PathBuf::from(OsStr::from_bytes(bare)),
    };
    let is_go = |folder: &Path| gos.contains(&folder);
    if is_go(&path) {
        return (below.is_some() || bare.len() < bytes.len()).then(|| Slip::Literal(text.to_owned()));
    }
    let beside = is_go(&path.join("bin")) || path.ends_with("bin/go") && path.parent().is_some_and(is_go);
    beside.then(|| Slip::Beside(text.to_owned()))
}

/// `bin` in the folder that a variable of Go's names.
static IN_VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\$(?:\{(GO[A-Z0-9_]*)\}|(GO[A-Z0-9_]*))["']?/bin\b"#));

/// The variables of Go's in whose folder a line names `bin`.
fn variables(line: &[u8]) -> Vec<String> {
    let names = IN_VARIABLE.captures_iter(line).filter_map(|found| found.get(1).or(found.get(2)));
    let mut names: Vec<String> = names.map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned()).collect();
    names.dedup();
    names
}

/// What is left of the folder `bin` of an empty variable.
pub fn is_left(entry: &[u8]) -> bool {
    matches!(entry, b"/bin" | b"//bin")
}

/// The lines that put `/bin` on PATH because a variable was empty, each with the variable; `None`: no trace tells.
pub fn emptied(scene: &Scene, start: &Observed) -> Option<Vec<(Line, String)>> {
    let life = scene.life(start, "PATH")?;
    let puts = |number: usize, event: &Event| {
        let count = |list: &Option<Vec<u8>>| {
            list.iter().flat_map(|list| list.split(|byte| *byte == b':')).filter(|entry| is_left(entry)).count()
        };
        let again = |did: &Did| matches!(did, Did::Prepended(new) if new.iter().any(|entry| is_left(entry)));
        count(&event.after) > count(life.before(number)) || event.did.iter().any(again)
    };
    let events = life.events.iter().enumerate().filter(|(number, event)| puts(*number, event));
    let lines = unique(events.flat_map(|(_, event)| of_event(event)));
    let found = lines.into_iter().flat_map(|line| {
        let all = text(scene, &line).map(variables).unwrap_or_default();
        let empty: Vec<&String> = all.iter().filter(|name| is_empty_at(scene, start, name, &line)).collect();
        let names = if empty.is_empty() { all.clone() } else { empty.into_iter().cloned().collect() };
        names.into_iter().map(move |name| (line.clone(), name)).collect::<Vec<_>>()
    });
    Some(found.collect())
}

/// The same, as far as the words of the startup files tell.
pub fn by_reading(scene: &Scene, start: &Observed) -> Vec<(Line, String)> {
    let lines = matching(scene, start, |line| !variables(line).is_empty());
    let found = lines.into_iter().flat_map(|line| {
        let names = text(scene, &line).map(variables).unwrap_or_default();
        names.into_iter().map(move |name| (line.clone(), name))
    });
    found.filter(|(line, name)| is_empty_at(scene, start, name, line)).collect()
}

/// Whether a variable is set nowhere, or only by lines that come later.
fn is_empty_at(scene: &Scene, start: &Observed, name: &str, line: &Line) -> bool {
    if start.variable(name).is_none() {
        return true;
    }
    let files = files(scene, start);
    let place = |line: &Line| (files.iter().position(|file| file.asked == line.file), line.number);
    let sets = read(scene, start, name);
    !sets.is_empty() && sets.iter().all(|set| place(set) > place(line))
}

fn text<'a>(scene: &'a Scene, line: &Line) -> Option<&'a [u8]> {
    let bytes = scene.file(&line.file)?.bytes()?;
    let range = fence::lines(bytes).nth(line.number.checked_sub(1)?)?;
    Some(&bytes[range])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        let of =
            |text: &str| slip(OsStr::new(text), Path::new("/h"), &[Path::new("/h/go/bin"), Path::new("/opt/go/bin")]);
        for text in [
            "~/go/bin",
            "$HOME/go/bin",
            "${HOME}/go/bin",
            "\"/opt/go/bin\"",
            " /opt/go/bin",
            "/opt/go/bin\r",
            "'~/go/bin/'",
        ] {
            assert_eq!(of(text), Some(Slip::Literal(text.into())), "{text}");
        }
        for text in ["/h/go", "/opt/go/", "/opt/go/bin/go", "~/go"] {
            assert_eq!(of(text), Some(Slip::Beside(text.into())), "{text}");
        }
        for text in ["/opt/go/bin", "/opt/go/bin/", "/h", "/opt", "~/bin", ""] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn folders_of_variables() {
        for line in ["PATH=$GOROOT/bin:$PATH", "PATH=\"$PATH\":\"$GOROOT\"/bin", "set path = (${GOROOT}/bin $path)"] {
            assert_eq!(variables(line.as_bytes()), ["GOROOT"], "{line}");
        }
        assert_eq!(variables(b"PATH=$PATH:$GOROOT/bin:${GO_HOME}/bin"), ["GOROOT", "GO_HOME"]);
        for line in ["PATH=$HOME/bin", "PATH=${GOPATH:-$HOME/go}/bin", "PATH=$GOROOT/binary", "echo $GOROOT"] {
            assert!(variables(line.as_bytes()).is_empty(), "{line}");
        }
    }
}
