//! `--profile gvm`: the block loads gvm's script, once, in the shells that it is made for, and leaves Go to it.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Home, Mode, assert_same_tree, launch, need, os, shell};

/// gvm as its installer leaves it below `root`, with one Go that is the default. What it does when it is loaded is what
/// the real one does (moovweb/gvm, `scripts/gvm-default`): it unsets Go's variables, sets its own, puts itself and its Go
/// in front, reads variables that are not set, and speaks bash.
fn gvm(home: &Home, root: &str) -> PathBuf {
    let at = home.path(root);
    let quoted = at.display().to_string().replace('\'', r"'\''");
    home.fake_go(format!("{root}/gos/go1.22.10"), "1.22.10");
    home.file(
        format!("{root}/scripts/gvm"),
        format!("export GVM_ROOT='{quoted}'\n. \"$GVM_ROOT/scripts/gvm-default\"\n"),
    );
    home.file(format!("{root}/scripts/gvm-default"), DEFAULT).file(format!("{root}/VERSION"), "1.0.22\n");
    home.file(format!("{root}/environments/default"), ENVIRONMENT);
    home.file(format!("{root}/bin/gvm"), "#!/bin/sh\necho the program\n").mode(format!("{root}/bin/gvm"), 0o755);
    at
}

const DEFAULT: &str = r#"unset GOROOT
unset GOPATH
unset GOBIN
unset gvm_go_name
export GVM_VERSION=$(cat "$GVM_ROOT/VERSION")
export PATH="$GVM_ROOT/bin:$PATH"
export GVM_PATH_BACKUP="$PATH"
[ -f "$GVM_ROOT/environments/default" ] && . "$GVM_ROOT/environments/default"
gvm() {
	if [[ "$1" == "" ]]; then
		"$GVM_ROOT/bin/gvm" "$@"
	fi
}
defaults_hash=()
[[ "${GVM_DEBUG}" -eq 1 ]] && echo "Resolving defaults..."
false
[[ -z "$GVM_LOADS" ]] || printf x >>"$GVM_LOADS"
"#;

const ENVIRONMENT: &str = r#"export GVM_ROOT
export gvm_go_name; gvm_go_name="go1.22.10"
export GOROOT; GOROOT="$GVM_ROOT/gos/go1.22.10"
export GOPATH; GOPATH="$GVM_ROOT/pkgsets/go1.22.10/global"
export PATH; PATH="${GVM_ROOT}/pkgsets/go1.22.10/global/bin:${GVM_ROOT}/gos/go1.22.10/bin:${GVM_ROOT}/bin:${PATH}"
"#;

/// The home, and gvm in its usual place; terminals of bash read `.bash_profile` and `.bashrc`.
fn home() -> Home {
    let home = Home::new();
    gvm(&home, ".gvm");
    home.file(".bash_profile", "# mine\n").file(".bashrc", "# mine too");
    home
}

/// A shell started so finds gvm's Go, with gvm's variables.
#[track_caller]
fn has_gvm(home: &Home, root: &str, name: &str, mode: Mode) {
    let seen = launch(home, name, mode);
    let root = home.path(root);
    let go = root.join("gos/go1.22.10");
    let what = format!("{name} {mode:?}");
    assert_eq!(seen.go, Some(go.join("bin/go")), "{what}");
    assert_eq!(seen.goroot, Some(go.into_os_string().into_encoded_bytes()), "{what}");
    let list = root.join("pkgsets/go1.22.10/global");
    assert_eq!(seen.gopath.as_deref(), Some(list.as_os_str().as_encoded_bytes()), "{what}");
    let path = String::from_utf8(seen.path.expect("it is set")).expect("text");
    let tools = list.join("bin").display().to_string();
    assert_eq!(path.split(':').filter(|entry| **entry == tools).count(), 1, "{what}: {path}");
}

#[test]
fn bash_has_gvm_in_every_terminal_and_uninstall_gives_the_files_back() {
    if !need("bash") {
        return;
    }
    let home = home();
    let before = home.tree();
    home.run(&["apply", "--profile", "gvm", "--yes"])
        .ok()
        .err_has("profile: gvm")
        .err_has("go: left to gvm")
        .err_has("GOROOT: not exported")
        .err_has("note: gvm brings Go: GOROOT and the folder of `go` are left to it; the block loads ");
    for file in [".bash_profile", ".bashrc"] {
        let text = String::from_utf8(home.read(file).expect("it is there")).expect("text");
        assert!(text.contains("\n_gvm=\"${HOME-}/.gvm/scripts/gvm\"\n"), "{text}");
        assert!(!text.contains("GOROOT") && !text.contains("_go="), "{text}");
    }
    for mode in [Mode::LoginInteractive, Mode::Interactive, Mode::Login] {
        has_gvm(&home, ".gvm", "bash", mode);
    }
    let ask = r#"type -t gvm; echo "${_gvm-} ${_gvm_set-}"; bash -ic 'type -t gvm'"#;
    let ran = shell(&home, "bash", &["-l", "-c", ask]).ok();
    assert_eq!(ran.stdout, b"function\n \nfunction\n", "{ran}");

    // A bare run keeps it, also where PATH shows gvm's Go and the environment its GOPATH.
    let applied = home.tree();
    let again = |home: &Home| {
        home.run(&["apply", "--shell", "bash", "--yes"]).ok().err_has("nothing to do");
        home.run(&["status"]).ok();
        home.unchanged(&applied);
    };
    again(&home);
    let mut home = home;
    let go = home.path(".gvm/gos/go1.22.10/bin").into_os_string();
    home.env("PATH", os([go.as_encoded_bytes(), b":/usr/bin:/bin"].concat()));
    for (name, below) in [("GVM_ROOT", ""), ("GOROOT", "gos/go1.22.10"), ("GOPATH", "pkgsets/go1.22.10/global")] {
        let value = home.path(".gvm").join(below);
        home.env(name, value);
    }
    again(&home);

    home.run(&["uninstall", "--yes"]).ok();
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn zsh_can_load_gvm_too() {
    if !need("zsh") {
        return;
    }
    let home = home();
    home.run(&["apply", "--profile", "gvm", "--shell", "zsh", "--yes"]).ok();
    for mode in [Mode::LoginInteractive, Mode::Interactive, Mode::Login] {
        has_gvm(&home, ".gvm", "zsh", mode);
    }
    home.run(&["apply", "--shell", "zsh", "--check"]).ok();
    // Where the login file holds the variables alone, the other one remembers.
    home.run(&["apply", "--profile", "gvm", "--shell", "zsh", "--reach", "interactive", "--yes"]).ok();
    has_gvm(&home, ".gvm", "zsh", Mode::LoginInteractive);
    home.run(&["apply", "--shell", "zsh", "--check"]).ok();
}

/// How often gvm was loaded by one start of bash.
#[track_caller]
fn loads(home: &Home, flags: &[&str]) -> usize {
    let counter = home.beside("tmp/loads");
    fs_err::write(&counter, "").expect("a new file");
    let mut bash =
        home.command(crate::support::find("bash").expect("the caller asked"), &[flags, &["-c", ":"]].concat());
    crate::support::Ran::of(bash.env("GVM_LOADS", &counter)).ok();
    fs_err::read(counter).expect("it is there").len()
}

#[test]
fn what_is_loaded_is_not_loaded_again() {
    if !need("bash") {
        return;
    }
    let home = Home::new();
    gvm(&home, ".gvm");
    // What gvm's installer writes, and a login file that reads `.bashrc`, as distributions have it.
    let line = "[[ -s \"$HOME/.gvm/scripts/gvm\" ]] && source \"$HOME/.gvm/scripts/gvm\"\n";
    home.file(".bash_profile", "[ -f ~/.bashrc ] && . ~/.bashrc\n").file(".bashrc", line);
    assert_eq!(loads(&home, &["-i"]), 1);
    home.run(&["apply", "--profile", "gvm", "--yes"]).ok();
    for flags in [&["-i"][..], &["-l", "-i"], &["-l"]] {
        assert_eq!(loads(&home, flags), 1, "{flags:?}");
    }
    // Without that line the block does it, and once.
    home.run(&["uninstall", "--yes"]).ok();
    home.file(".bashrc", "");
    home.run(&["apply", "--profile", "gvm", "--yes"]).ok();
    for flags in [&["-i"][..], &["-l", "-i"], &["-l"]] {
        assert_eq!(loads(&home, flags), 1, "{flags:?}");
    }
    assert_eq!(loads(&home, &[]), 0);
}

#[test]
fn strict_shells_survive_and_stay_strict() {
    if !need("bash") {
        return;
    }
    for options in ["eu", "e", "u"] {
        let home = home();
        home.file(".bash_profile", format!("set -{options}\n"));
        home.run(&["apply", "--profile", "gvm", "--yes"]).ok();
        has_gvm(&home, ".gvm", "bash", Mode::Login);
        let ran = shell(&home, "bash", &["-l", "-c", "echo \"<$->\""]).ok();
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        for letter in ['e', 'u'] {
            assert_eq!(said.contains(letter), options.contains(letter), "{options}: {said}");
        }
    }
}

/// A display manager reads `.profile` with dash, which cannot read gvm's script.
#[test]
fn other_shells_that_read_the_file_do_not_load_it() {
    let home = Home::new();
    gvm(&home, ".gvm");
    home.file(".profile", "");
    home.run(&["apply", "--profile", "gvm", "--yes", "--no-verify"]).ok();
    for name in ["dash", "ksh93", "mksh", "yash"] {
        if need(name) {
            let seen = launch(&home, name, Mode::Login);
            assert_eq!((seen.go, seen.goroot), (None, None), "{name}");
            let list = home.path("go").into_os_string().into_encoded_bytes();
            // yash has a login file of its own.
            assert_eq!(seen.gopath, Some(list).filter(|_| name != "yash"), "{name}");
        }
    }
    if need("bash") {
        has_gvm(&home, ".gvm", "bash", Mode::Login);
    }
    // A plan for sh keeps what bash needs of the file that they share.
    let before = home.read(".profile");
    home.run(&["apply", "--shell", "sh", "--yes", "--no-verify"]).ok();
    assert_eq!(before, home.read(".profile"));
}

#[test]
fn another_root_is_remembered_by_the_block() {
    if !need("bash") {
        return;
    }
    let mut home = Home::new();
    let root = gvm(&home, "tools/g v'm");
    home.env("GVM_ROOT", root).file(".bash_profile", "");
    home.run(&["apply", "--profile", "gvm", "--yes"]).ok();
    home.unset("GVM_ROOT");
    has_gvm(&home, "tools/g v'm", "bash", Mode::LoginInteractive);
    let ran = home.run(&["apply", "--shell", "bash", "--check", "--json"]).ok();
    let document: Value = serde_json::from_slice(&ran.stdout).expect("one document");
    let go = &document["settings"]["go"];
    let expected = json!([home.path("tools/g v'm/scripts/gvm"), "gvm", "block", true]);
    assert_eq!(json!([go["loads"], go["manager"], go["from"], go["present"]]), expected);
    // Another choice takes it out again.
    let other = home.fake_go("opt/go", "1.21.13");
    home.run(&["apply", "--shell", "bash", "--goroot", other.to_str().expect("text"), "--yes"]).ok();
    assert_eq!(launch(&home, "bash", Mode::LoginInteractive).go, Some(other.join("bin/go")));
    assert!(!String::from_utf8(home.read(".bash_profile").expect("it is there")).expect("text").contains("gvm"));
}

#[test]
fn a_gvm_that_comes_later_is_warned_of_and_loaded_then() {
    if !need("bash") {
        return;
    }
    let home = Home::new();
    home.file(".bash_profile", "");
    let ran = home.run(&["apply", "--profile", "gvm", "--yes"]).ok();
    ran.err_has("warning: gvm is not here: ")
        .err_has("/.gvm/scripts/gvm` is missing; the block loads it once it is there");
    assert_eq!(launch(&home, "bash", Mode::Login).go, None);
    home.file(".gvm/scripts/gvm", "");
    assert_eq!(launch(&home, "bash", Mode::Login).go, None);
    gvm(&home, ".gvm");
    has_gvm(&home, ".gvm", "bash", Mode::Login);
    // No default version: gvm sets no GOPATH, and the block fills the gap.
    fs_err::remove_file(home.path(".gvm/environments/default")).expect("it was there");
    let seen = launch(&home, "bash", Mode::Login);
    assert_eq!(seen.gopath, Some(home.path("go").into_os_string().into_encoded_bytes()));
    let path = String::from_utf8(seen.path.expect("it is set")).expect("text");
    assert!(path.ends_with("/home/go/bin"), "{path}");
}

#[test]
fn the_lines_to_paste_load_it_too() {
    let home = home();
    let ran = home.run(&["print", "--profile", "gvm"]).ok();
    let text = String::from_utf8_lossy(&ran.stdout);
    assert!(text.starts_with("_gvm=\"${HOME-}/.gvm/scripts/gvm\"\n") && !text.contains("GOROOT"), "{text}");
    home.run(&["print", "--profile", "gvm", "--goroot", "/usr/local/go"]).code(2);
}
