//! The order of PATH under macOS's `path_helper`, which puts the system's folders in front at every login: in each launch
//! mode that a reach promises, Go is in front of them, however deep shells stand in each other; and what a nix shell has
//! put in front stays there.

mod bash32;
mod explained;
mod stage;
mod tmux;

use serde_json::Value;

use crate::support::{Matrix, need, say};
use stage::{LAUNCHD, Level, Stage};

/// The shells, and the programs that are one: what `--shell` calls it, the file, `argv[0]`.
const PROGRAMS: [[&str; 3]; 9] = [
    ["zsh", "zsh", "zsh"],
    ["bash", "bash", "bash"],
    ["sh", "dash", "sh"],
    ["sh", "bash", "sh"],
    ["fish", "fish", "fish"],
    ["tcsh", "tcsh", "tcsh"],
    ["csh", "csh", "csh"],
    ["ksh93", "ksh93", "ksh93"],
    ["mksh", "mksh", "mksh"],
];

/// Which shells are started in which.
const CHAINS: [&[&str]; 8] = [
    &["li", "i", "li", "li", "c", "i"],
    &["i", "li", "i", "c"],
    &["l", "l", "li", "c", "l"],
    &["c", "i", "l"],
    &["li", "+c", "+i", "c"],
    &["i", "+c", "i"],
    &["c", "+i", "+c"],
    &["li", "+li"],
];

fn all_here() -> bool {
    // Each is asked for, so that all that are missing are named.
    ["zsh", "bash", "dash", "fish", "tcsh", "csh", "ksh93", "mksh"].into_iter().filter(|tool| !need(tool)).count() == 0
}

/// A Mac, unless this is one, where each of the other tests runs under the real files.
fn stage() -> Option<Stage> {
    if cfg!(target_os = "macos") || !all_here() {
        return None;
    }
    let stage = Stage::new();
    if stage.is_none() {
        crate::support::cannot("a private mount namespace over /etc and /usr/libexec (root, or CAP_SYS_ADMIN)");
    }
    stage
}

/// Applies for a shell; gives the launch modes that are covered, in the words of [`CHAINS`].
#[track_caller]
fn apply(stage: &Stage, shell: &str, reach: &str) -> Vec<&'static str> {
    // What a Mac's terminals start finds a login file for bash.
    if stage.home.read(".profile").is_none() {
        stage.home.file(".profile", "# mine\n");
    }
    let root = stage.home.path("sdk/go");
    let root = root.to_str().expect("a plain path");
    let args = ["apply", "--yes", "--json", "--no-verify", "--reach", reach, "--goroot", root, "--shell", shell];
    let ran = stage.run(&args).ok();
    let one: Value = serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{ran}"));
    let covered = one["coverage"][0]["covered"].as_array().expect("a list").iter();
    let steps = covered.filter_map(|mode| match mode.as_str().expect("text") {
        "login-interactive" => Some("li"),
        "interactive" => Some("i"),
        "login" => Some("l"),
        "command" => Some("c"),
        "ssh-command" => None,
        other => panic!("no launch mode: {other}"),
    });
    steps.collect()
}

#[test]
fn go_is_in_front_wherever_the_reach_promises_it() {
    let Some(first) = stage() else { return };
    drop(first);
    let (mut shells, mut promised) = (0, 0);
    for [shell, file, argv0] in PROGRAMS {
        let stage = Stage::new().expect("it was there before");
        for reach in ["interactive", "login", "all"] {
            let covered = apply(&stage, shell, reach);
            for steps in CHAINS {
                let levels = stage.chain(file, argv0, steps);
                let what = format!("{argv0} ({file}), --reach {reach}, covered {covered:?}, {steps:?}");
                let steps: Vec<&str> = steps.iter().map(|step| as_taken(argv0, step)).collect();
                promised += judge(&stage, &levels, &steps, &covered, &what);
                shells += levels.len();
            }
        }
    }
    say(&format!(
        "macos: {} programs × 3 reaches × {} chains: {shells} shells, {promised} promised",
        PROGRAMS.len(),
        CHAINS.len()
    ));
}

/// What a shell takes a step for: bsd-csh that runs a command is never a login shell.
fn as_taken<'a>(argv0: &str, step: &'a str) -> &'a str {
    if argv0 == "csh" && step == "l" { "c" } else { step }
}

/// Checks each level; gives for how many of them something was promised.
#[track_caller]
fn judge(stage: &Stage, levels: &[Level], steps: &[&str], covered: &[&str], what: &str) -> usize {
    let (bin, nix) = (stage.bin(), stage.nix());
    let (mut had, mut front, mut nested, mut promised) = (false, false, false, 0);
    for (depth, (level, step)) in levels.iter().zip(steps).enumerate() {
        let what = format!("{what}, shell {depth}: {level:#?}");
        let mode = step.trim_start_matches('+');
        let login = mode.contains('l');
        let system = level.at("/usr/bin".as_ref()).expect("the system is on PATH");
        if login {
            assert!(stage.was_helped(level), "path_helper ran: {what}");
        }
        // What another put in front of ours stays there, and GOROOT with it, until the next login moves it.
        nested = !login && (nested || had && step.starts_with('+'));
        had = level.at(&bin).is_some();
        if nested {
            assert_eq!(level.at(&nix), Some(0), "nix's Go was in front: {what}");
            assert_eq!(level.go, nix.join("go").as_os_str().as_encoded_bytes(), "{what}");
            assert_eq!(level.goroot, b"/nix/go", "{what}");
        }
        front = covered.contains(&mode) || (front && !login);
        if front {
            let at = level.at(&bin).unwrap_or_else(|| panic!("Go is on PATH: {what}"));
            assert!(at < system, "Go is in front: {what}");
            assert_eq!(
                level.path.iter().filter(|entry| *entry == bin.as_os_str().as_encoded_bytes()).count(),
                1,
                "{what}"
            );
            if !nested {
                assert_eq!(level.go, bin.join("go").as_os_str().as_encoded_bytes(), "{what}");
                let root = bin.parent().expect("it has one");
                assert_eq!(level.goroot, root.as_os_str().as_encoded_bytes(), "{what}");
            }
            promised += 1;
        }
    }
    promised
}

/// What the reach that reaches everything must cover, for the check above to mean something.
#[test]
fn reach_all_covers_scripts_of_zsh() {
    let Some(stage) = stage() else { return };
    assert_eq!(apply(&stage, "zsh", "all"), ["li", "i", "l", "c"]);
    let blocks = [".zshenv", ".zprofile", ".zshrc"].map(|name| stage.home.read(name).is_some());
    assert_eq!(blocks, [true, true, false]);
    assert_eq!(apply(&stage, "zsh", "interactive"), ["li", "i"]);
    assert_eq!(apply(&stage, "zsh", "login"), ["li", "i", "l"]);
    assert_eq!(apply(&stage, "fish", "interactive"), ["li", "i", "l", "c"]);
    assert_eq!(apply(&stage, "bash", "all"), ["li", "i", "l"]);
    assert_eq!(apply(&stage, "tcsh", "all"), ["li", "i", "l", "c"]);
}

/// The program's own proof and matrix under Apple's files.
#[test]
fn the_proof_and_the_matrix_agree() {
    let Some(stage) = stage() else { return };
    let root = stage.home.path("sdk/go");
    let shells: Vec<&str> =
        ["zsh", "bash", "sh", "fish", "tcsh", "csh"].iter().flat_map(|name| ["--shell", name]).collect();
    let args = ["apply", "--yes", "--reach", "all", "--goroot", root.to_str().expect("a plain path")];
    let ran = stage.run(&[&args, &shells[..]].concat()).ok();
    assert!(!String::from_utf8_lossy(&ran.stderr).contains("warning:"), "{ran}");
    let ran = stage.run(&[&["matrix", "--json"], &shells[..]].concat());
    let seen = Matrix::of(ran.status, &ran.stdout);
    let promised: Vec<_> = seen.cells.iter().filter(|cell| cell.json["promised"] == true).collect();
    assert!(ran.status == 0 && promised.len() >= 18 && promised.iter().all(|cell| cell.verdict() == "ok"), "{seen}");
}

/// The fixture does what Apple's program does.
#[test]
fn path_helper_is_as_apples() {
    let Some(stage) = stage() else { return };
    let helped = |flag: &str, path: &str| {
        let ran = crate::support::Ran::of(stage.command("/usr/libexec/path_helper", &[flag]).env("PATH", path)).ok();
        String::from_utf8(ran.stdout).expect("text")
    };
    let apple = stage.apple();
    assert_eq!(helped("-s", LAUNCHD), format!("PATH=\"{apple}\"; export PATH;\n"));
    assert_eq!(helped("-s", "/x y:/usr/bin:/a:/x y"), format!("PATH=\"{apple}:/x y:/a\"; export PATH;\n"));
    assert_eq!(helped("-c", "/usr/bin:/a"), format!("setenv PATH \"{apple}:/a\";\n"));
}
