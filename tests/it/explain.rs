//! `explain`: the right file and line in real shells, whatever changes the variable.

mod cases;
mod followed;
mod go;
mod said;
mod secrets;
mod trouble;

use serde_json::Value;

use crate::support::{Home, Ran, need};

/// A shell: what `--shell` calls it, the tool that has to be here, a launch mode, and the file that it reads then.
#[derive(Clone, Copy, Debug)]
struct Way {
    shell: &'static str,
    tool: &'static str,
    mode: &'static str,
    rc: &'static str,
}

const fn way(shell: &'static str, tool: &'static str, mode: &'static str, rc: &'static str) -> Way {
    Way { shell, tool, mode, rc }
}

/// What `ENV` names, for shells that have no other file in a terminal.
const SHRC: &str = ".shrc";

const ZSH: Way = way("zsh", "zsh", "interactive", ".zshrc");
const BASH: Way = way("bash", "bash", "interactive", ".bashrc");
const DASH: Way = way("dash", "dash", "interactive", SHRC);
const FISH: Way = way("fish", "fish", "interactive", ".config/fish/config.fish");
const TCSH: Way = way("tcsh", "tcsh", "interactive", ".tcshrc");
const CSH: Way = way("csh", "csh", "interactive", ".cshrc");
const KSH: Way = way("ksh93", "ksh93", "interactive", ".kshrc");

/// Each shell of the Bourne family, in a launch mode in which it reads one file of the user's.
const BOURNE: [Way; 7] = [
    ZSH,
    BASH,
    DASH,
    KSH,
    way("mksh", "mksh", "interactive", ".mkshrc"),
    way("yash", "yash", "interactive", ".yashrc"),
    way("ash", "busybox", "interactive", SHRC),
];

/// The document that `explain --json` prints.
#[track_caller]
fn document(ran: &Ran) -> Value {
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("not one JSON document: {error}\n{ran}"))
}

#[track_caller]
fn explain(home: &Home, way: Way, variable: &str) -> Value {
    let ran = home.run(&["explain", variable, "--shell", way.shell, "--mode", way.mode, "--json"]).ok();
    document(&ran)
}

/// The changes as lines of text, those in files of the home alone: `.zshrc:3 prepended /x`.
#[track_caller]
fn changes(home: &Home, document: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let root = format!("{}/", home.path("").display());
    let mut lines = Vec::new();
    for change in document["changes"].as_array().expect("a list") {
        let Some(file) = change["file"].as_str().and_then(|file| file.strip_prefix(&root)) else { continue };
        let numbers: Vec<String> = change["lines"].as_array().expect("a list").iter().map(Value::to_string).collect();
        let did = change["did"].as_array().expect("a list").iter().map(|did| {
            let entries = did["entries"].as_array().into_iter().flatten().map(text);
            std::iter::once(text(&did["what"])).chain(entries).collect::<Vec<_>>().join(" ")
        });
        let sure = if change["sure"] == true { "" } else { " (runs)" };
        let ours = if change["block"] == true { " (block)" } else { "" };
        let did: Vec<String> = did.collect();
        lines.push(format!("{file}:{}{ours}{sure} {}", numbers.join("|"), did.join(", ")).replace(&root, "~/"));
    }
    lines
}

fn is_here(way: Way) -> bool {
    need("zsh") && need(way.tool)
}
