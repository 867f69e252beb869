//! What `go env -w` has stored, where it is not what the block sets: which of the two wins, and how to end it.
//!
//! Source of the facts: `go help environment`, and measurement (go1.22.10, go1.27.3): a variable of the environment wins
//! over the file; a GOROOT in the file counts, although `go env -w` no longer writes one, and nor does `go env -u` take it
//! out any more (go1.27).

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::paths::command;
use super::{Ground, Settings, gobin, gopath};
use crate::plan::Note;
use crate::shells::posix;
use crate::text::show::{sanitise, tilde};

/// Points out each value of the file that disagrees.
pub(super) fn compare(ground: &Ground, settings: &Settings, notes: &mut Vec<Note>) {
    let Some(file) = &ground.go.env_file else { return };
    let name = format!("`{}`", tilde(&file.path, ground.home));
    let shown = |value: &OsStr| format!("`{}`", sanitise(value.as_bytes()));
    if let Some(value) = file.value("GOROOT") {
        let goroot = settings.go.value.goroot.as_deref();
        if goroot != Some(Path::new(value)) {
            let wins = match goroot {
                Some(goroot) => format!("the block's {} wins where it is exported", shown(goroot.as_os_str())),
                None => "Go takes it, whichever `go` runs".to_owned(),
            };
            let edit = posix::word(&file.path, ground.home);
            notes.push(Note::warning(format!(
                "{name} sets GOROOT to {}: {wins}; take that line out with `${{EDITOR:-vi}} {edit}`",
                shown(value)
            )));
        }
    }
    let out = |name: &str| format!("to take it out there: `go env -u {name}`");
    // Only what a block can hold is worth keeping.
    let keep = |flag: &str, value: &OsStr, bad: Option<&str>| match bad {
        Some(why) => format!(", and a block cannot hold it: {why}"),
        None => command(ground, flag, value).map(|command| format!(", to keep it: `{command}`")).unwrap_or_default(),
    };
    let gopath = &settings.gopath.value;
    let roots = gopath::roots(&settings.go.value, settings.portable.as_ref(), ground.home);
    if let Some(value) = file.value("GOPATH").filter(|value| value != gopath) {
        notes.push(Note::note(format!(
            "{name} sets GOPATH to {}: the block's {} wins, as the environment does over that file; {}{}",
            shown(value),
            shown(gopath),
            out("GOPATH"),
            keep("--gopath", value, gopath::bad(value, &roots, ground.home))
        )));
    }
    if let Some(value) = file.value("GOBIN") {
        let bad = gobin::bad(value, ground.home);
        let keep = format!("{}{}", out("GOBIN"), keep("--gobin", value, bad));
        match &settings.gobin {
            Some(gobin) if gobin.value == Path::new(value) => {}
            Some(gobin) => notes.push(Note::note(format!(
                "{name} sets GOBIN to {}: the block's {} wins, as the environment does over that file; {keep}",
                shown(value),
                shown(gobin.value.as_os_str())
            ))),
            None => notes.push(Note::note(format!(
                "{name} sets GOBIN to {}, and Go installs there, but the block puts GOPATH's bin on PATH; {keep}",
                shown(value)
            ))),
        }
    }
}
