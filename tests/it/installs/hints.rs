//! Every command that names a Go of some kind does what the line says: it is taken, and that very Go comes out.

use std::ffi::OsStr;

use serde_json::{Value, json};

use super::kinds::{ANYWHERE, AT_HOME, Case};
use super::machine::Machine;
use crate::support::say;

/// Kinds that come and go: who names one of them is warned all the same.
const WARNED_OF: &[&str] = &["ci-tool-cache", "conda", "python"];

/// What stands between backquotes in a sentence.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The document of a command as it is told, and not carried out.
#[track_caller]
fn told(machine: &Machine, command: &str) -> Value {
    let arguments = command.strip_prefix("goenv-setup ").unwrap_or_else(|| panic!("{command}"));
    let script = format!("exec \"$0\" {arguments} --shell zsh --dry-run --json");
    let program = machine.program_path();
    let ran = machine.runs(OsStr::new("sh"), &["-c", &script, &program]).ok();
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{ran}"))
}

/// Whether two folders have the same `go`.
#[track_caller]
fn same_go(machine: &Machine, folders: [&str; 2]) -> bool {
    let files = folders.map(|bin| format!("{bin}/go"));
    let ran = machine.runs(OsStr::new("realpath"), &[&files[0], &files[1]]).ok();
    let real: Vec<&[u8]> = ran.stdout.split(|byte| *byte == b'\n').collect();
    real[0] == real[1]
}

fn warnings(document: &Value) -> Vec<&Value> {
    document["notes"].as_array().expect("a list").iter().filter(|note| note["level"] == "warning").collect()
}

/// How many commands were tried.
fn holds(case: &Case, mut machine: Machine) -> usize {
    (case.build)(&machine);
    // Whatever the kind, another is in front.
    machine.go("~/apps/first", "1.30.1");
    let path = ["~/apps/first/bin"].iter().chain(case.path).map(|path| machine.path(path).display().to_string());
    let path: Vec<String> = path.chain(["/usr/bin:/bin".to_owned()]).collect();
    machine.home.env("PATH", path.join(":"));
    let mut tried = 0;
    let all = machine.installs();
    for row in all["installs"].as_array().expect("a list") {
        let why = row["why"].as_str().expect("text");
        let command = quoted(why).find(|command| command.starts_with("goenv-setup apply --goroot "));
        let never = ["left to ", "never chosen"].iter().any(|start| why.starts_with(start));
        assert_eq!(command.is_some(), !never && row["chosen"] == false, "{}\n{row:#}", case.name);
        let Some(command) = command else { continue };
        let document = told(&machine, command);
        let bin = document["settings"]["go"]["bin"].as_str().unwrap_or_else(|| panic!("{command}\n{document:#}"));
        let root = row["root"].as_str().map(|root| format!("{root}/bin"));
        let expected = root.as_deref().or(row["bin"].as_str()).expect("one of them");
        assert!(same_go(&machine, [bin, expected]), "{}: {command}: {bin}, not {expected}", case.name);
        if !WARNED_OF.contains(&row["kind"].as_str().expect("text")) {
            assert_eq!(warnings(&document), [&json!(null); 0], "{}: {command}", case.name);
        }
        tried += 1;
    }
    // The note where nobody can be asked.
    let document = told(&machine, "goenv-setup apply");
    for note in document["notes"].as_array().expect("a list") {
        let text = note["text"].as_str().expect("text");
        let Some((_, roots)) = text.split_once("where DIR is ") else { continue };
        for root in quoted(roots) {
            let command = format!("goenv-setup apply --goroot {root}");
            let one = told(&machine, &command);
            let bin = one["settings"]["go"]["bin"].as_str().unwrap_or_else(|| panic!("{command}\n{one:#}"));
            assert_ne!(one["settings"]["go"]["bin"], document["settings"]["go"]["bin"], "{}: {command}", case.name);
            assert_eq!((&one["settings"]["go"]["present"], warnings(&one).len()), (&json!(true), 0), "{bin}\n{one:#}");
            tried += 1;
        }
    }
    tried
}

#[test]
fn each_hint_chooses_its_go_in_the_home() {
    let tried: usize = AT_HOME.iter().map(|case| holds(case, Machine::at_home())).sum();
    assert!(tried >= 15, "{tried}");
    say(&format!("installs: {tried} commands that name a Go in the home"));
}

#[test]
fn each_hint_chooses_its_go_at_absolute_places() {
    if cfg!(target_os = "macos") {
        return; // the same files could not be laid over the system there
    }
    let mut tried = 0;
    for case in ANYWHERE {
        let Some(machine) = Machine::anywhere() else { return };
        tried += holds(case, machine);
    }
    assert!(tried >= 30, "{tried}");
    say(&format!("installs: {tried} commands that name a Go at absolute places"));
}
