//! `doctor`: every check has a disease that it finds, at the right line, and a cure after which it is silent.

mod chains;
mod contexts;
mod editors;
mod files;
mod go_files;
mod gocommand;
mod gopath;
mod goroot;
mod healthy;
#[cfg(not(target_os = "macos"))]
mod network;
mod once;
mod path;
#[cfg(not(target_os = "macos"))]
mod proxies;
mod robust;
mod secrets;
mod session;
mod settings;
mod shells;
mod startup;
mod terminal;
mod time;
mod toolchain;

use serde_json::Value;

use crate::support::{Home, is_root, need};

/// A disease, and its cure.
struct Case {
    /// The check.
    id: &'static str,
    /// What tells it from others of the same check.
    name: &'static str,
    /// Makes the disease in a healthy home.
    make: fn(&mut Home),
    /// The file and the number of the line that must be named; empty: none.
    lines: &'static [(&'static str, u64)],
    /// How the fix that is offered is carried out.
    cure: Cure,
}

/// How a fix is carried out.
enum Cure {
    /// The command that is offered.
    Command,
    /// `doctor --patch | patch -p1 -d ~`.
    Patch,
    /// What is offered is advice, or a command of Go's, which is not real here; this follows it.
    Advice(fn(&mut Home)),
}

/// Every case of every group.
fn cases() -> impl Iterator<Item = &'static Case> {
    [
        path::CASES,
        gocommand::CASES,
        editors::CASES,
        chains::CASES,
        goroot::CASES,
        gopath::CASES,
        settings::CASES,
        toolchain::CASES,
        files::CASES,
        startup::CASES,
        shells::CASES,
        session::CASES,
        contexts::CASES,
        go_files::CASES,
        #[cfg(not(target_os = "macos"))]
        network::CASES,
    ]
    .into_iter()
    .flatten()
}

/// Puts a line behind what a file holds.
fn append(home: &Home, file: &str, line: &str) {
    let mut text = home.read(file).unwrap_or_default();
    text.extend(line.as_bytes());
    home.file(file, text);
}

/// Replaces some of the text of a file.
fn replace(home: &Home, file: &str, old: &str, new: &str) {
    let text = String::from_utf8(home.read(file).expect("it is there")).expect("text");
    assert!(text.contains(old), "{text}");
    home.file(file, text.replace(old, new));
}

/// A home in which Go works in every terminal of zsh.
fn healthy() -> Home {
    let mut home = Home::with_go();
    home.env("SHELL", "/bin/zsh");
    home.file("opt/go/go.env", "GOTOOLCHAIN=auto\n");
    home.run(&["apply", "--shell", "zsh", "--yes", "--no-verify"]).ok();
    home
}

/// The file that names the shell of a disease that is not zsh's.
const SHELL: &str = "../tmp/shell";

/// The file in which a home keeps the URL of a good module proxy; where it is, doctor is not run with `--offline`.
const SERVER: &str = ".good-server";

/// Where this is, doctor looks at the shells that are in use, as it does when no shell is named.
const IN_USE: &str = ".in-use";

/// The shell that is looked at.
fn shell(home: &Home) -> String {
    home.read(SHELL).map_or_else(|| "zsh".to_owned(), |name| String::from_utf8_lossy(&name).into_owned())
}
/// The file of `go env -w`.
const GO_ENV: &str = if cfg!(target_os = "macos") { "Library/Application Support/go/env" } else { ".config/go/env" };

/// What doctor says.
fn doctor(home: &Home) -> (i32, Value) {
    // Only the diseases of the network have a server.
    let online = home.read(SERVER).is_some();
    let shell = shell(home);
    let named: &[&str] = if home.read(IN_USE).is_some() { &[] } else { &["--shell", &shell] };
    let more: &[&str] = if online { &[] } else { &["--offline"] };
    let ran = home.run(&[&["doctor", "--json"], named, more].concat());
    let document = serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    (ran.status, document)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value:#}"))
}

/// The findings that are worth a word to everybody.
fn findings(document: &Value) -> Vec<&Value> {
    document["findings"].as_array().expect("a list").iter().collect()
}

/// The lines that a finding names.
fn lines(home: &Home, finding: &Value) -> Vec<(String, u64)> {
    let home = format!("{}/", home.path("").display());
    let line = |one: &Value| Some((one["file"].as_str()?.strip_prefix(&home)?.to_owned(), one["line"].as_u64()?));
    finding["evidence"].as_array().expect("a list").iter().filter_map(line).collect()
}

fn carry_out(home: &mut Home, finding: &Value, cure: &Cure) {
    let fix = &finding["fix"];
    match cure {
        Cure::Command => {
            let command =
                text(fix, "command").replace("goenv-setup ", "\"$0\" ").replace("apply", "apply --yes --no-verify");
            home.script(&command).ok();
        }
        Cure::Patch => {
            assert!(fix["lines"].is_array(), "{finding:#}");
            let shell = shell(home);
            home.script(&format!(
                "\"$0\" doctor --shell {shell} --offline --patch >\"$TMPDIR/cure\"; patch -s -p1 -d ~ <\"$TMPDIR/cure\""
            ))
            .ok();
        }
        Cure::Advice(follow) => {
            let real = fix["command"].as_str().is_some_and(|command| command.starts_with("go "));
            assert!(real || !text(fix, "advice").is_empty(), "{finding:#}");
            follow(home);
        }
    }
}

#[test]
fn nothing_is_said_of_a_healthy_home() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    let (status, document) = doctor(&home);
    assert_eq!((status, findings(&document).len()), (0, 0), "{document:#}");
    home.run(&["doctor", "--shell", "zsh", "--offline"]).ok().out_has("nothing is wrong");
}

#[test]
fn every_check_has_a_disease() {
    if !need("zsh") {
        return;
    }
    let (_, document) = doctor(&healthy());
    let checks = document["checks"].as_array().expect("a list");
    for (number, check) in checks.iter().enumerate() {
        let id = text(check, "id");
        assert!(checks[..number].iter().all(|other| other["id"] != id), "two checks are called {id}");
        if cfg!(target_os = "macos") && id.starts_with("N-") {
            continue; // Servers with certificates of our own are for where Go takes them from files.
        }
        if go_files::ELSEWHERE.contains(&id) || session::ELSEWHERE.contains(&id) {
            continue; // It is made on a machine of its own.
        }
        assert!(cases().any(|case| case.id == id), "no disease for {id}");
    }
    for case in cases() {
        assert!(checks.iter().any(|check| check["id"] == case.id), "no check {}", case.id);
    }
}

#[test]
fn every_disease_is_found_and_cured() {
    if !need("zsh") || !need("patch") || !need("openssl") {
        return;
    }
    // All of them, so that one look shows everything.
    let ill = cases().filter(|case| std::panic::catch_unwind(|| is_found_and_cured(case)).is_err());
    let ill: Vec<String> = ill.map(|case| format!("{} {}", case.id, case.name)).collect();
    assert!(ill.is_empty(), "{}", ill.join(", "));
}

fn is_found_and_cured(case: &Case) {
    let name = format!("{} {}", case.id, case.name);
    if case.id == "F-09" && !is_root() {
        return;
    }
    let mut home = healthy();
    (case.make)(&mut home);
    if !need(&shell(&home)) {
        return;
    }
    let (status, document) = doctor(&home);
    let found = findings(&document);
    // What is only good to know may come along.
    let found: Vec<&Value> = found
        .into_iter()
        .filter(|finding| text(finding, "id") == case.id || text(finding, "severity") != "info")
        .collect();
    let ids: Vec<&str> = found.iter().map(|finding| text(finding, "id")).collect();
    assert_eq!(ids, [case.id], "{name}: {document:#}");
    let worth = text(found[0], "severity") != "info";
    assert_eq!(status, i32::from(worth), "{name}");
    let wanted: Vec<(String, u64)> = case.lines.iter().map(|(file, line)| ((*file).to_owned(), *line)).collect();
    assert_eq!(lines(&home, found[0]), wanted, "{name}: {document:#}");
    carry_out(&mut home, found[0], &case.cure);
    let (status, document) = doctor(&home);
    assert_eq!((status, findings(&document).len()), (0, 0), "{name} is not cured: {document:#}");
}
