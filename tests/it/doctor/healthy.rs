//! Homes of many styles in which Go works, with our block or by the user's own lines: doctor finds nothing wrong there,
//! and leaves everything as it was.

mod distributions;
mod fish;
mod frameworks;
mod keepers;
mod managers;
mod others;
mod public;
mod settings;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::Value;

use super::{findings, text};
use crate::support::{Home, Tree, need, run_under, say, shell};

/// A home in which Go works.
struct Healthy {
    /// What is special about it.
    name: &'static str,
    /// What the terminal calls its shell: `zsh`, or `-zsh` where terminals start login shells.
    terminal: &'static str,
    /// Whether our block brings Go; else the user's own lines do.
    ours: bool,
    /// Puts everything in place, a Go included.
    build: fn(&mut Home),
    /// The findings that are only good to know, and are said rightly.
    infos: &'static [&'static str],
}

/// A home in which our block brings Go.
const fn ours(name: &'static str, terminal: &'static str, build: fn(&mut Home)) -> Healthy {
    Healthy { name, terminal, ours: true, build, infos: &[] }
}

/// A home in which the user's own lines bring Go.
const fn own(name: &'static str, terminal: &'static str, build: fn(&mut Home)) -> Healthy {
    Healthy { name, terminal, ours: false, build, infos: &[] }
}

impl Healthy {
    /// The same home, of which this is told.
    const fn knowing(self, infos: &'static [&'static str]) -> Self {
        Self { infos, ..self }
    }

    /// The shell of its terminal.
    fn shell(&self) -> &'static str {
        self.terminal.trim_start_matches('-')
    }
}

/// What a Go ships as its defaults.
const GO_ENV: &str = "# defaults\nGOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n";

/// Unpacks a Go.
fn unpack(home: &Home, root: &str) {
    home.fake_go(root, "1.22.10");
    home.file(Path::new(root).join("go.env"), GO_ENV);
}

/// A script that may be run.
fn program(home: &Home, path: &str, script: &str) {
    home.file(path, format!("#!/bin/sh\n{script}\n")).mode(path, 0o755);
}

/// What the session hands to its terminals: these folders of the home in front of the system's.
fn session(home: &mut Home, folders: &[&str]) {
    let own = folders.iter().map(|folder| home.path(folder).display().to_string());
    let path: Vec<String> = own.chain(["/usr/bin".to_owned(), "/bin".to_owned()]).collect();
    home.env("PATH", path.join(":"));
}

fn all() -> Vec<&'static Healthy> {
    let groups: [&[Healthy]; 8] = [
        distributions::HOMES,
        frameworks::HOMES,
        fish::HOMES,
        managers::HOMES,
        keepers::HOMES,
        others::HOMES,
        public::HOMES,
        settings::HOMES,
    ];
    groups.into_iter().flatten().collect()
}

#[test]
fn nothing_is_wrong_where_go_works() {
    let tools = ["zsh", "bash", "dash", "fish", "tcsh", "ksh93", "mksh", "yash"];
    if !tools.iter().all(|tool| need(tool)) {
        return;
    }
    let homes = all();
    let names: BTreeSet<&str> = homes.iter().map(|home| home.name).collect();
    assert_eq!(names.len(), homes.len(), "names are unique");
    let (next, ill, begin) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Instant::now());
    // Much of the time goes by while shells wait for one another.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(home) = homes.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if catch_unwind(AssertUnwindSafe(|| is_healthy(home))).is_err() {
                        ill.lock().expect("nobody panics with it").push(home.name);
                    }
                }
            });
        }
    });
    let ill = ill.into_inner().expect("nobody panics with it");
    assert!(ill.is_empty(), "not healthy: {}", ill.join("; "));
    let ours = homes.iter().filter(|home| home.ours).count();
    let shells: BTreeSet<&str> = homes.iter().map(|home| home.shell()).collect();
    say(&format!(
        "doctor: {} healthy homes ({ours} with our block) of {} shells, no error and no warning, in {:.1} s",
        homes.len(),
        shells.len(),
        begin.elapsed().as_secs_f32()
    ));
}

fn is_healthy(case: &Healthy) {
    let what = format!("{} (below {})", case.name, case.terminal);
    let mut home = Home::new();
    home.env("SHELL", format!("/bin/{}", case.shell()));
    (case.build)(&mut home);
    if case.ours {
        run_under(&home, case.terminal, &["apply", "--yes", "--no-verify"]).ok();
    }
    go_works(&home, case, &what);
    let before = home.tree();
    let ran = run_under(&home, case.terminal, &["doctor", "--offline", "--json"]);
    let document: Value = serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{what}: {error}\n{ran}"));
    let worth = |finding: &&&Value| text(finding, "severity") != "info";
    let found = findings(&document);
    let bad: Vec<&&Value> = found.iter().filter(worth).collect();
    assert!(bad.is_empty() && ran.status == 0, "{what}: {bad:#?}\n{ran}");
    let infos: BTreeSet<&str> = found.iter().map(|finding| text(finding, "id")).collect();
    assert_eq!(infos, case.infos.iter().copied().collect(), "{what}: {found:#?}");
    let starts = document["starts"].as_array().expect("a list");
    assert!(starts.iter().any(|start| start["terminal"] == true && start["shell"] == document_name(case)), "{what}");
    let changed = changes(&before, &home.tree());
    assert!(changed.is_empty(), "{what}: {}", changed.join("\n"));
}

/// The shell of the terminal as goenv-setup calls it.
fn document_name(case: &Healthy) -> &'static str {
    if case.shell() == "dash" { "sh" } else { case.shell() }
}

/// What doctor relies on is so: the shell of the terminal, started as it would be, runs Go.
fn go_works(home: &Home, case: &Healthy, what: &str) {
    let login = case.terminal.starts_with('-');
    let flags: &[&str] = match (case.shell(), login) {
        // It reads its files also for a command, and takes no command at login.
        ("tcsh", _) => &[],
        (_, true) => &["-l", "-i"],
        (_, false) => &["-i"],
    };
    let program = if case.shell() == "sh" { "dash" } else { case.shell() };
    let ran = shell(home, program, &[flags, &["-c", "go version"]].concat());
    let told = String::from_utf8_lossy(&ran.stdout).contains("go version go1.22.10");
    assert!(told, "{what}: Go does not work at all\n{ran}");
}

/// Where shells keep what is their own: history, dumps, settings of a first start.
const SHELLS_OWN: &[&str] =
    &[".zcompdump", ".zsh_history", ".bash_history", ".config/fish", ".local/share/fish", ".cache/fish", ".sh_history"];

/// What differs, but for what is the shells' own.
pub(super) fn changes(before: &Tree, after: &Tree) -> Vec<String> {
    let without = |tree: &Tree| {
        let mut tree = tree.clone();
        tree.0.retain(|path, _| !SHELLS_OWN.iter().any(|own| path.to_string_lossy().starts_with(own)));
        // A shell's first start may make the folders above its own.
        for folder in ["", ".config", ".local", ".local/share", ".cache"] {
            tree.0.remove(Path::new(folder));
        }
        tree
    };
    without(before).touched(&without(after))
}
