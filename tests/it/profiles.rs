//! `--profile`: each recipe resolved, written, read back by a bare `apply`, and what real shells find.

mod gvm;

use serde_json::{Value, json};

use crate::installs::machine::Machine;
use crate::support::{Home, need, say};

const V: &str = "go version go1.22.10 linux/amd64";

/// Homebrew's shape below a prefix.
fn brew(machine: &Machine, prefix: &str, formula: &str) {
    let keg = format!("{prefix}/Cellar/{formula}/1.22.10");
    machine.go(&format!("{keg}/libexec"), "1.22.10").link(&format!("{keg}/bin/go"), "../libexec/bin/go");
    machine.link(&format!("{prefix}/opt/{formula}"), &format!("../Cellar/{formula}/1.22.10"));
}

fn block(machine: &Machine, file: &str) -> String {
    String::from_utf8(machine.home.read(file).unwrap_or_default()).expect("text")
}

#[test]
fn homebrew_is_found_on_either_architecture_and_on_linux() {
    if cfg!(target_os = "macos") || !need("zsh") {
        return; // the same files could not be laid over the system there
    }
    for (prefix, formula, others) in [
        ("/opt/homebrew", "go", &["go@1.21"][..]),
        ("/usr/local", "go", &[]),
        ("/home/linuxbrew/.linuxbrew", "go", &[]),
        ("/opt/homebrew", "go@1.22", &[]),
    ] {
        let Some(machine) = Machine::anywhere() else { return };
        brew(&machine, prefix, formula);
        for other in others {
            brew(&machine, prefix, other);
        }
        // The rule would take this one.
        machine.go("/usr/local/go", "1.20.14");
        let before = machine.home.tree();
        machine.setup(&["apply", "--profile", "homebrew", "--yes"]).ok().err_has("profile: homebrew");
        let root = format!("{prefix}/opt/{formula}/libexec");
        let text = block(&machine, ".zshrc");
        assert!(text.contains(&format!("_go='{root}/bin'\n")) && !text.contains("brew --prefix"), "{text}");
        for flags in [&["-l", "-i"][..], &["-i"]] {
            let [go, says, goroot, _] = machine.shell("zsh", flags);
            assert_eq!([go, says, goroot], [format!("{root}/bin/go"), V.to_owned(), root.clone()], "{flags:?}");
        }
        machine.setup(&["apply", "--shell", "zsh", "--check"]).ok();
        machine.setup(&["uninstall", "--yes"]).ok();
        crate::support::assert_same_tree(&before, &machine.home.tree().without_state());
    }
    say("profiles: 4 shapes of Homebrew, 2 shells each");
}

#[test]
fn without_homebrews_go_its_profile_is_refused() {
    let home = Home::with_go();
    let before = home.tree();
    let ran = home.run(&["apply", "--profile", "homebrew", "--yes"]).code(3);
    ran.err_has(
        "error: cannot use `--profile homebrew`: Homebrew has no Go here (looked for `/opt/homebrew/opt/go/libexec`",
    )
    .err_has("`brew install go`")
    .err_has("`goenv-setup apply --profile auto`");
    home.unchanged(&before);
}

#[test]
fn a_go_built_by_hand_is_in_all_of_zprofile_and_in_other_terminals_too() {
    if cfg!(target_os = "macos") || !need("zsh") {
        return; // the same files could not be laid over the system there
    }
    let Some(machine) = Machine::anywhere() else { return };
    machine.go("/usr/local/go", "1.22.10");
    let ran = machine.setup(&["apply", "--profile", "manual", "--yes", "--json"]).ok();
    let document: Value = serde_json::from_slice(&ran.stdout).expect("one document");
    assert_eq!(document["profile"], "manual");
    assert_eq!(document["settings"]["go"]["from"], "profile");
    assert_eq!(
        document["coverage"][0]["covered"],
        json!(["login-interactive", "interactive", "login"]),
        "{document:#}"
    );
    let text = block(&machine, ".zprofile");
    for line in ["_go='/usr/local/go/bin'", "GOROOT=", "GOPATH=\"$HOME/go\"", "  export PATH"] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    for flags in [&["-l", "-i"][..], &["-i"], &["-l"]] {
        let [go, says, goroot, _] = machine.shell("zsh", flags);
        assert_eq!([&*go, &*says, &*goroot], ["/usr/local/go/bin/go", V, "/usr/local/go"], "{flags:?}");
    }
    machine.setup(&["apply", "--shell", "zsh", "--check"]).ok();
}

#[test]
fn a_go_that_is_still_to_be_built_is_warned_of() {
    if cfg!(target_os = "macos") {
        return; // the same files could not be laid over the system there
    }
    let Some(machine) = Machine::anywhere() else { return };
    machine.dir("/usr/local/go");
    let ran = machine.setup(&["apply", "--profile", "manual", "--yes", "--no-verify"]).ok();
    ran.err_has("warning: `/usr/local/go` holds no Go, missing: bin/go, VERSION, pkg/tool");
    // One that is elsewhere is named.
    let home = Home::new();
    let root = home.fake_go("built/go", "1.22.10");
    home.run(&["apply", "--profile", "manual", "--goroot", root.to_str().expect("text"), "--yes", "--no-verify"]).ok();
    let text = String::from_utf8(home.read(".zprofile").expect("it is there")).expect("text");
    assert!(text.contains("_go=\"${HOME-}/built/go/bin\"\n") && text.contains("# Reach: login\n"), "{text}");
}

#[test]
fn what_contradicts_a_profile_is_wrong_usage() {
    let home = Home::with_go();
    let before = home.tree();
    for (profile, other, words) in [
        ("gvm", &["--goroot", "/usr/local/go"][..], "`--profile gvm` says which Go, and `--goroot` another"),
        ("homebrew", &["--goroot", "/usr/local/go"], "`--profile homebrew` says which Go"),
        ("gvm", &["--shell", "fish"], "`--profile gvm` is for bash and zsh, and `--shell fish`"),
        ("gvm", &["--all-shells"], "`--profile gvm` is for bash and zsh, and `--all-shells`"),
    ] {
        let args = [&["apply", "--profile", profile, "--yes"], other].concat();
        home.run(&args).code(2).err_has(words).err_has("hint: ");
    }
    home.run(&["apply", "--profile", "conda"]).code(2).err_has("homebrew, gvm, manual");
    home.unchanged(&before);
}

#[test]
fn auto_is_what_happens_without_a_profile() {
    let home = Home::with_go();
    let plain = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    let auto = home.run(&["apply", "--shell", "zsh", "--dry-run", "--profile", "auto"]).ok();
    assert_eq!(plain.stdout, auto.stdout);
}

/// A root that lacks something: what it is, to the letter.
#[test]
fn what_a_root_lacks_is_named() {
    for (make, words) in [
        ("mkdir root", "holds no Go, missing: bin/go, VERSION, pkg/tool; the block does nothing"),
        ("mkdir -p root/pkg/tool; echo go1.22 >root/VERSION", "holds no Go, missing: bin/go; the block does nothing"),
        (
            "mkdir -p root/bin root/pkg/tool; : >root/bin/go",
            "holds no Go, missing: an executable bin/go, VERSION; the block does nothing",
        ),
        (
            "mkdir root; cp -R opt/go/bin root/; echo go1.22 >root/VERSION",
            "is no whole Go, missing: pkg/tool; it can build",
        ),
        ("mkdir root; cp -R opt/go/bin root/", "looks like no Go root, VERSION and pkg/tool are missing"),
    ] {
        let home = Home::with_go();
        home.script(make).ok();
        let root = home.path("root");
        let args = ["apply", "--shell", "zsh", "--dry-run", "--goroot", root.to_str().expect("text")];
        home.run(&args).ok().err_has(&format!("warning: `{}` {words}", root.display()));
    }
    // A Go that was built from a checkout has no VERSION, and a whole one lacks nothing.
    for make in ["cp -R opt/go root; rm root/VERSION", "cp -R opt/go root"] {
        let home = Home::with_go();
        home.script(make).ok();
        let ran =
            home.run(&["apply", "--shell", "zsh", "--dry-run", "--goroot", home.path("root").to_str().expect("text")]);
        assert!(!String::from_utf8_lossy(&ran.stderr).contains("missing"), "{make}\n{ran}");
    }
}
