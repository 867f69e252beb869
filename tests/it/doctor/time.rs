//! doctor takes no longer than 1.5 times the slowest start of a shell, or what the cores need for all of them; and the
//! network's limit where it is asked. Measured in the same run, the best of some rounds.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::append;
use crate::support::clock::{busy, cores, time};
use crate::support::{Home, need, say};

/// The best round tells, and there are rounds for so long: others may use the machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A home of somebody who works with zsh and bash: completions, a framework in miniature, our blocks.
fn normal() -> Home {
    let mut home = Home::with_go();
    home.env("SHELL", "/bin/zsh").file("opt/go/go.env", "GOTOOLCHAIN=auto\n");
    home.file(
        ".zshrc",
        "autoload -Uz compinit && compinit -D -u\nsetopt prompt_subst\nfor n in {1..3000}; do : $n; done\n",
    );
    home.file(".bashrc", include_str!("../homes/debian.bashrc"));
    home.file(".profile", include_str!("../homes/debian.profile"));
    home.run(&["apply", "--shell", "zsh", "--shell", "bash", "--yes", "--no-verify"]).ok();
    home
}

/// Whether the best round is within the bound; `more`: seconds that the network may take.
fn is_in_time(what: &str, home: &Home, flags: &str, more: f64) {
    let mut best = (f64::MAX, String::new());
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        let before = busy();
        let (wall, cpu) = time(home, 1, &format!(r#""$0" doctor --json {flags} >"$TMPDIR/out" 2>"$TMPDIR/talk""#));
        let others = (busy() - before - cpu).max(0.0) / wall;
        let out = home.read("../tmp/out").expect("it was written");
        let document: Value = serde_json::from_slice(&out).expect("one document");
        let starts = document["starts"].as_array().expect("a list");
        let slowest = starts.iter().filter_map(|start| start["ms"].as_u64()).max().expect("there are some");
        let slowest = f64::from(u32::try_from(slowest).expect("a short time")) / 1000.0;
        // What others use of the cores is not to be had.
        let free = (cores() - others).max(0.3);
        let ratio = wall / (1.5 * slowest.max(cpu / free) + more);
        if ratio < best.0 {
            let plain = wall / (1.5 * slowest + more);
            best = (
                ratio,
                format!(
                    "doctor: {what}: {wall:.3} s, slowest start {slowest:.3} s, CPU {cpu:.3} s on {free:.1} free cores: \
                     {ratio:.2} of what it may take, {plain:.2} by the slowest start alone"
                ),
            );
        }
        if ratio <= 1.0 {
            break;
        }
    }
    say(&best.1);
    assert!(best.0 <= 1.0, "too slow: {}", best.1);
}

#[test]
fn a_normal_home() {
    if need("zsh") && need("bash") {
        is_in_time("a normal home", &normal(), "--offline", 0.0);
    }
}

#[test]
fn a_startup_file_that_waits() {
    if !(need("zsh") && need("bash")) {
        return;
    }
    let home = normal();
    for file in [".zshrc", ".bashrc"] {
        append(&home, file, "sleep 1\n");
    }
    is_in_time("each terminal waits for 1 s", &home, "--offline", 0.0);
    is_in_time("each terminal waits for 1 s, all shells", &home, "--offline --all-shells", 0.0);
}

/// The network's limit is 10 s and half a second for what cannot be given one. What no server answers is traced to the line
/// that named it.
#[test]
#[cfg(not(target_os = "macos"))]
fn with_module_proxies() {
    use crate::support::server::{Manner, Server};

    if !(need("zsh") && need("bash")) {
        return;
    }
    for (what, manner, more) in [
        ("a module proxy", Manner::Good, 0.5),
        ("a module proxy that never answers", Manner::Slow(Duration::from_secs(60)), 12.0),
    ] {
        let home = normal();
        let server = Server::start(manner);
        append(&home, ".zshrc", &format!("export GOPROXY={} GOSUMDB=off\n", server.url()));
        is_in_time(what, &home, "--shell zsh", more);
    }
}
