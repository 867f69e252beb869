//! The main job with real shells: in each home, `apply`, then every launch mode of the default reach finds that Go,
//! nested shells keep it as it is, and `uninstall` puts every byte, mode and absence back.

mod no_goroot;
mod other_go;
mod report;

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::homes::{self, Case};
use crate::support::{Home, Kind, Tree, assert_same_tree, need, run_under, say};
use report::{Level, chain, without};

/// Where a home's Go comes from.
#[derive(Clone, Copy, Debug)]
enum Origin {
    /// `--goroot`, with a `--gopath` too; a Go outside the home.
    Flag,
    /// Found on PATH; a Go in the home.
    Path,
    /// `GOROOT` of the environment; a Go outside the home.
    Env,
}

/// What was done, for the summary.
#[derive(Default)]
struct Count {
    homes: usize,
    launches: usize,
    shells: usize,
}

/// What the plan should come to.
struct Planned {
    root: PathBuf,
    gopath: PathBuf,
}

impl Planned {
    fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }
}

#[test]
fn zsh_finds_go_in_every_home() {
    every_home("zsh");
}

#[test]
fn bash_finds_go_in_every_home() {
    every_home("bash");
}

#[test]
fn dash_finds_go_in_every_home() {
    every_home("dash");
}

fn every_home(shell: &str) {
    if !(need(shell) && need("bash") && need("dash")) {
        return;
    }
    if cfg!(target_os = "linux") && !Path::new("/etc/debian_version").exists() {
        say("launch: this is no Debian, so these homes are not tried under its system files");
    }
    let cases = homes::all();
    let names: BTreeSet<_> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "names are unique");
    let mut count = Count::default();
    for (number, case) in cases.iter().enumerate() {
        let origin = [Origin::Flag, Origin::Path, Origin::Env][number % 3];
        one_home(case, shell, origin, shell, &mut count);
        // Without a login file, what bash gets depends on whether terminals start login shells.
        if shell == "bash" && !has_login_file(case) {
            one_home(case, shell, origin, "-bash", &mut count);
        }
    }
    say(&format!(
        "launch: {} homes × {shell}: {} launches, {} shells with those nested in them",
        count.homes, count.launches, count.shells
    ));
}

fn has_login_file(case: &Case) -> bool {
    let mut home = Home::named(case.folder);
    (case.build)(&mut home);
    homes::bash_has_login_file(&home)
}

/// The launch modes that are promised, each with shells nested in it; `parent` is what the terminal starts.
fn promised(home: &Home, shell: &str, parent: &str) -> Vec<Vec<&'static str>> {
    // `-u` stands for a plain `-c`: what it has was exported.
    let all = [vec!["-li", "-i", "-li", "-u"], vec!["-i", "-li", "-i", "-u"]];
    match shell {
        // Outside a login, dash reads no file of ours.
        "dash" => vec![vec!["-li", "-i", "-li", "-i"], vec!["-li", "-li", "-u", "-i"]],
        // A nested login shell reads no file of ours either, and starts from the system's PATH.
        "bash" if !homes::bash_has_login_file(home) && !parent.starts_with('-') => vec![vec!["-i", "-i", "-i", "-u"]],
        _ => all.to_vec(),
    }
}

fn one_home(case: &Case, shell: &str, origin: Origin, parent: &str, count: &mut Count) {
    let mut home = Home::named(case.folder);
    (case.build)(&mut home);
    let what = format!("{} ({shell} below {parent}, Go by {origin:?})", case.name);
    #[expect(clippy::print_stderr, reason = "the test harness shows it where the test fails, and only there")]
    {
        eprintln!("home: {what}");
    }
    let root = match origin {
        Origin::Path => home.fake_go("sdk/go", "1.22.10"),
        Origin::Flag | Origin::Env => {
            home.fake_go("../opt/go", "1.22.10");
            home.beside("opt").join("go")
        }
    };
    let gopath = match ((case.own_gopath)(shell), origin) {
        (Some(own), _) => home.path(own),
        (None, Origin::Flag) => home.path("my go path"),
        (None, _) => home.path("go"),
    };
    let planned = Planned { root, gopath };
    let flags = promised(&home, shell, parent);
    let chains_before: Vec<_> = flags.iter().map(|flags| chain(&home, shell, flags)).collect();
    let before = home.tree();

    apply(&mut home, &planned, shell, origin, parent);
    let applied = home.tree();
    let edited: Vec<PathBuf> = changed_files(&before, &applied);
    assert!(!edited.is_empty(), "{what}: nothing was written");

    for (flags, old) in flags.iter().zip(&chains_before) {
        let new = chain(&home, shell, flags);
        assert_eq!(new.len(), flags.len(), "{what}: {flags:?}");
        for (depth, (level, old)) in new.iter().zip(old).enumerate() {
            check(level, old, &planned, &format!("{what}: {flags:?}, shell {depth}"));
        }
        count.shells += new.len();
    }
    count.launches += flags.len();
    home.unchanged(&applied);

    run_under(&home, parent, &["apply", "--yes", "--shell", shell]).ok().err_has("nothing to do");
    home.unchanged(&applied);
    let status = run_under(&home, parent, &["status"]);
    assert!(status.status == 0, "{what}\n{status}");
    home.unchanged(&applied);

    run_under(&home, parent, &["uninstall", "--yes"]).ok();
    let back = home.tree().without_state();
    assert_same_tree(&before.clone().without_state(), &back);
    for (path, old) in &before.0 {
        if !edited.contains(path) && !matches!(old.kind, Kind::Dir) {
            assert_eq!(old.touch, back.0[path].touch, "{what}: {} was touched", path.display());
        }
    }

    apply(&mut home, &planned, shell, origin, parent);
    run_under(&home, parent, &["uninstall", "--purge", "--yes"]).ok();
    assert_same_tree(&before, &home.tree());
    assert!(!home.beside("state of others").join("goenv-setup").exists(), "{what}: the state folder is there");
    count.homes += 1;
}

/// Runs `apply` so that it finds the Go in the way that is to be tried.
fn apply(home: &mut Home, planned: &Planned, shell: &str, origin: Origin, parent: &str) {
    let mut args = vec!["apply".into(), "--yes".into(), "--shell".into(), shell.into()];
    match origin {
        Origin::Flag => {
            for (flag, value) in [("--goroot", planned.root.clone()), ("--gopath", home.path("my go path"))] {
                args.extend([flag.into(), value.into_os_string()]);
            }
        }
        Origin::Path => {
            let path = [b"/usr/games:", planned.bin().as_os_str().as_bytes(), b":/usr/bin:/bin"].concat();
            home.env("PATH", crate::support::os(path));
        }
        Origin::Env => {
            home.env("GOROOT", &planned.root);
        }
    }
    run_under(home, parent, &args).ok();
    home.env("PATH", "/usr/bin:/bin").unset("GOROOT");
}

/// The files whose bytes are other ones, or that are new.
fn changed_files(before: &Tree, after: &Tree) -> Vec<PathBuf> {
    let changed = |path: &&PathBuf| before.0.get(*path).map(|entry| &entry.kind) != Some(&after.0[*path].kind);
    after.0.keys().filter(changed).cloned().collect()
}

/// The shell finds the planned Go and has the planned variables, and PATH is what it was but for our two folders, each
/// of which is there once.
#[track_caller]
fn check(level: &Level, before: &Level, planned: &Planned, what: &str) {
    let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
    assert_eq!(level.go, Some(bytes(&planned.bin().join("go"))), "go, {what}\n{level:?}");
    assert_eq!(level.goroot, Some(bytes(&planned.root)), "GOROOT, {what}\n{level:?}");
    assert_eq!(level.gopath, Some(bytes(&planned.gopath)), "GOPATH, {what}\n{level:?}");
    let ours = [bytes(&planned.bin()), bytes(&planned.gopath.join("bin"))];
    for own in &ours {
        let times = |level: &Level| level.path().filter(|entry| entry == own).count();
        // The user's own lines may put it there in each shell anew.
        assert_eq!(
            times(level),
            times(before).max(1),
            "how often `{}` is on PATH, {what}\n{level:?}",
            own.escape_ascii()
        );
    }
    assert_eq!(
        without(level, &ours),
        without(before, &ours),
        "PATH without our folders, {what}\n{level:?}\n{before:?}"
    );
}
