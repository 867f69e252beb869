//! What the document says, and that nothing is run, written or believed on the way.

use serde_json::{Value, json};

use super::machine::Machine;
use crate::support::{Home, need, say};

fn installs(home: &Home) -> Value {
    let ran = home.run(&["installs", "--json"]).ok();
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{ran}"))
}

/// The rows: kind and whether it is chosen.
fn rows(document: &Value) -> Vec<(String, bool)> {
    let list = document["installs"].as_array().expect("a list").iter();
    list.map(|row| (row["kind"].as_str().expect("text").to_owned(), row["chosen"] == true)).collect()
}

/// The kinds that the test made, besides what the machine itself has.
fn row<'a>(document: &'a Value, kind: &str) -> &'a Value {
    let mut list = document["installs"].as_array().expect("a list").iter();
    list.find(|row| row["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {document:#}"))
}

#[test]
fn one_document() {
    let home = Home::new();
    let root = home.fake_go(".local/go", "1.22.10");
    let one = installs(&home);
    let head = ["schema", "command", "exit", "result"].map(|key| one[key].clone());
    assert_eq!(head, [json!(1), json!("installs"), json!(0), json!("done")]);
    let expected = json!({
        "kind": "tarball",
        "root": root,
        "bin": root.join("bin"),
        "stable": root.join("bin"),
        "version": "go1.22.10",
        "arch": "script",
        "on_path": false,
        "chosen": true,
        "why": "PATH has none that may be kept, and its place is the best of the known ones",
    });
    assert_eq!(*row(&one, "tarball"), expected);
    assert_eq!(one["settings"]["go"]["bin"], json!(root.join("bin")));
}

/// A link and its target, a folder with a slash at its end, and a link to `go` alone: one Go.
#[test]
fn two_names_for_one_go_are_one_row() {
    let mut home = Home::new();
    let root = home.fake_go("apps/go1.22.10", "1.22.10");
    home.link(".local/go", &root).link("bin/go", root.join("bin/go"));
    let folders =
        ["bin", "apps/go1.22.10/bin/", ".local/go/bin"].map(|bin| home.path("").join(bin).display().to_string());
    home.env("PATH", format!("{}:/usr/bin:/bin", folders.join(":"))).env("GOROOT", &root);
    let one = installs(&home);
    let ours: Vec<_> = rows(&one).into_iter().filter(|(kind, _)| kind == "tarball" || kind == "other").collect();
    assert_eq!(ours, [("tarball".to_owned(), true)], "{one:#}");
    let go = row(&one, "tarball");
    assert_eq!((&go["on_path"], &go["root"]), (&json!(true), &json!(root)));
    assert_eq!(go["why"], "GOROOT names it");
}

/// However PATH spells a folder, it is on it.
#[test]
fn odd_spellings_of_a_folder_on_path() {
    for (front, back) in [("//apps//go/", "bin//"), ("/./apps/go", "./bin/."), ("/apps/go", "bin/")] {
        let mut home = Home::new();
        home.fake_go("apps/go", "1.22.10");
        home.env("PATH", format!("{}{front}/{back}:/usr/bin:/bin", home.path("").display()));
        let one = installs(&home);
        let go = row(&one, "other");
        assert_eq!((&go["on_path"], &go["chosen"]), (&json!(true), &json!(true)), "{front}/{back}: {go:#}");
        assert_eq!(go["stable"], json!(home.path("apps/go/bin")));
    }
}

/// The reason does not say that what goes with its environment may be kept.
#[test]
fn the_only_go_is_an_environments() {
    let mut home = Home::new();
    home.fake_go("miniconda3/envs/w/go", "1.22.10");
    home.link("miniconda3/envs/w/bin/go", "../go/bin/go");
    home.env("PATH", format!("{}:/usr/bin:/bin", home.path("miniconda3/envs/w/bin").display()));
    let one = installs(&home);
    if one["settings"]["go"]["from"] == "well-known place" {
        return; // this machine has a Go of its own
    }
    let go = row(&one, "conda");
    assert_eq!(go["chosen"], true, "{one:#}");
    let why =
        "there is no other that could be kept, although it belongs to a conda environment, which has to be activated";
    assert_eq!(go["why"], why);
}

#[test]
fn nothing_is_run_and_nothing_is_written() {
    let mut home = Home::new();
    let trap = "#!/bin/sh\n: > \"$HOME/was-run\"\n";
    for root in [".local/go", "sdk/go1.22.10", ".gvm/gos/go1.21", ".goenv/versions/1.20", "go"] {
        home.dir(format!("{root}/pkg/tool")).file(format!("{root}/bin/go"), trap).mode(format!("{root}/bin/go"), 0o755);
    }
    home.file(".goenv/shims/go", trap).mode(".goenv/shims/go", 0o755);
    let shims = home.path(".goenv/shims");
    home.env("PATH", format!("{}:/usr/bin:/bin", shims.display()));
    let before = home.tree();
    home.run(&["installs"]).ok();
    home.run(&["installs", "--json"]).ok();
    home.unchanged(&before);
}

/// Files that would be waited for, that never end, or that are torn.
#[test]
fn odd_files_stop_nothing() {
    let home = Home::new();
    let good = home.fake_go(".local/go", "1.22.10");
    for (root, make) in [
        ("sdk/go1.1", "mkfifo bin/go"),
        ("sdk/go1.2", "mkfifo VERSION; cp ~/.local/go/bin/go bin/go"),
        ("sdk/go1.3", "ln -s /dev/zero VERSION; cp ~/.local/go/bin/go bin/go"),
        ("sdk/go1.4", "ln -s go bin/go"),
        ("sdk/go1.5", "mkdir bin/go"),
        ("sdk/go1.6", "printf '\\177ELF\\2' >bin/go; chmod +x bin/go; echo go1.6 >VERSION"),
        ("sdk/go1.7", "ln -s /dev/zero bin/go"),
        ("sdk/go1.8", "mkdir VERSION; cp ~/.local/go/bin/go bin/go"),
    ] {
        home.dir(format!("{root}/bin")).dir(format!("{root}/pkg/tool"));
        home.script(&format!("cd ~/{root} && {{ {make}; }}")).ok();
    }
    let one = installs(&home);
    let sdk = one["installs"].as_array().expect("a list").iter().filter(|row| row["kind"] == "sdk");
    let mut found: Vec<_> = sdk
        .map(|row| {
            (
                row["root"].as_str().expect("text").rsplit('/').next().expect("a name"),
                row["version"].is_null(),
                row["arch"].clone(),
            )
        })
        .collect();
    found.sort_by_key(|row| row.0);
    let script = json!("script");
    let expected = [
        ("go1.2", true, script.clone()),
        ("go1.3", true, script.clone()),
        ("go1.6", false, Value::Null),
        ("go1.8", true, script),
    ];
    assert_eq!(found, expected);
    assert_eq!(one["settings"]["go"]["bin"], json!(good.join("bin")));
}

/// The first bytes of a program, as a linker writes them.
pub(super) fn elf(machine: u8) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
    bytes[18] = machine;
    bytes
}

pub(super) fn mach(cpus: &[u32]) -> Vec<u8> {
    if let [one] = cpus {
        return [[0xfeed_facf_u32.to_le_bytes(), one.to_le_bytes()].concat(), vec![0; 24]].concat();
    }
    let mut bytes = [0xcafe_babe_u32.to_be_bytes(), u32::try_from(cpus.len()).expect("few").to_be_bytes()].concat();
    for cpu in cpus {
        bytes.extend(cpu.to_be_bytes());
        bytes.extend([0; 16]);
    }
    bytes
}

#[test]
fn architectures_are_told_and_a_foreign_one_is_warned_of() {
    let home = Home::new();
    let here = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let other = if here == "arm64" { "amd64" } else { "arm64" };
    let (amd64, arm64) = (0x0100_0007, 0x0100_000c);
    home.fake_go(".local/go", "1.22.10");
    for (bytes, expected) in [
        (elf(62), "amd64"),
        (elf(183), "arm64"),
        (elf(243), "riscv64"),
        (mach(&[amd64]), "amd64"),
        (mach(&[arm64]), "arm64"),
        (mach(&[amd64, arm64]), "amd64+arm64"),
    ] {
        home.file(".local/go/bin/go", &bytes);
        let one = installs(&home);
        let go = row(&one, "tarball");
        assert_eq!(go["arch"], expected);
        let other_system = (bytes[0] == 0x7f) == cfg!(target_os = "macos");
        let foreign = other_system || !expected.contains(here);
        let why = if other_system { "is a program for" } else { "is built for" };
        assert_eq!(go["why"].as_str().expect("text").contains(why), foreign, "{go:#}");
        let ran = home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
        let warned = String::from_utf8_lossy(&ran.stderr).contains("warning: the Go in");
        assert_eq!(warned, foreign, "{expected} on {here}, not {other}\n{ran}");
    }
}

/// What is there in one version.
type Shape = fn(&Machine, &str);

/// A block holds names that stay: the links move to the next version, the old one goes, and the old block still works.
#[test]
fn after_an_upgrade_the_old_block_still_works() {
    if cfg!(target_os = "macos") || !(need("zsh") && need("bash")) {
        return; // the same files could not be laid over the system there
    }
    let shapes: [(&str, &str, Shape); 5] = [
        ("a link of one's own, in GOROOT with its target", "usr", |machine, version| {
            machine.go(&format!("/usr/local/go{version}"), version).link("/usr/local/go", &format!("go{version}"));
        }),
        ("Homebrew", "opt/homebrew", |machine, version| {
            let keg = format!("/opt/homebrew/Cellar/go/{version}");
            machine.go(&format!("{keg}/libexec"), version).link(&format!("{keg}/bin/go"), "../libexec/bin/go");
            machine.link("/opt/homebrew/opt/go", &format!("../Cellar/go/{version}"));
            machine.link("/opt/homebrew/bin/go", &format!("../Cellar/go/{version}/bin/go"));
        }),
        ("snap", "snap", |machine, version| {
            let revision = version.replace('.', "");
            machine.go(&format!("/snap/go/{revision}"), version).link("/snap/go/current", &revision);
        }),
        ("Debian", "usr", |machine, version| {
            let (line, _) = version.rsplit_once('.').expect("three numbers");
            machine.go(&format!("/usr/lib/go-{line}"), version).link("/usr/lib/go", &format!("go-{line}"));
        }),
        ("a Debian with go on PATH", "usr", |machine, version| {
            let (line, _) = version.rsplit_once('.').expect("three numbers");
            machine.go(&format!("/usr/lib/go-{line}"), version).link("/usr/lib/go", &format!("go-{line}"));
            machine.link("/usr/bin/go", "../lib/go/bin/go");
        }),
    ];
    for (name, top, shape) in shapes {
        let Some(mut machine) = Machine::anywhere() else { return };
        shape(&machine, "1.21.13");
        machine.file("~/.bash_profile", "");
        if name.starts_with("a link") {
            machine.home.env("GOROOT", "/usr/local/go1.21.13");
        }
        for shell in ["zsh", "bash"] {
            machine.setup(&["apply", "--shell", shell, "--yes"]).ok();
        }
        machine.home.unset("GOROOT");
        let said = |shell: &str, flags: &[&str]| machine.shell(shell, flags)[1].clone();
        assert_eq!(said("zsh", &["-i"]), "go version go1.21.13 linux/amd64", "{name}");
        fs_err::remove_dir_all(machine.home.beside("files").join(top)).expect("the old version goes");
        shape(&machine, "1.22.10");
        for shell in ["zsh", "bash"] {
            for flags in [&["-l", "-i"][..], &["-i"]] {
                assert_eq!(said(shell, flags), "go version go1.22.10 linux/amd64", "{name}: {shell} {flags:?}");
            }
            machine.setup(&["apply", "--shell", shell, "--check"]).ok();
        }
    }
    say("installs: upgrades of 5 shapes, 4 shells each");
}

/// What managers were told of where to live, and what is only listed.
#[test]
fn managers_and_caches_that_live_elsewhere() {
    let mut home = Home::new();
    home.fake_go(".local/go", "1.20.14");
    for (variable, root, below) in [
        ("GVM_ROOT", "tools/gv", "gos/go1.22.10"),
        ("GOENV_ROOT", "tools/ge", "versions/1.22.10"),
        ("ASDF_DATA_DIR", "tools/as", "installs/golang/1.22.10/go"),
        ("MISE_DATA_DIR", "tools/mi", "installs/go/1.22.10"),
        ("RUNNER_TOOL_CACHE", "tools/ci", "go/1.22.10/x64"),
        ("CONDA_PREFIX", "tools/co", "go"),
        ("GOMODCACHE", "tools/mod", "golang.org/toolchain@v0.0.1-go1.22.10.linux-amd64"),
        ("PROTO_HOME", "tools/pr", "tools/go/1.22.10"),
    ] {
        home.fake_go(format!("{root}/{below}"), "1.22.10");
        home.env(variable, home.path(root));
    }
    let one = installs(&home);
    for (kind, why) in [
        ("gvm", "left to gvm"),
        ("goenv", "left to goenv"),
        ("asdf", "left to asdf"),
        ("mise", "left to mise"),
        ("proto", "left to proto"),
        ("ci-tool-cache", "not chosen unless you say so"),
        ("conda", "not chosen unless you say so"),
        ("toolchain-cache", "never chosen"),
    ] {
        let go = row(&one, kind);
        assert!(go["why"].as_str().expect("text").starts_with(why), "{go:#}");
        assert_eq!((&go["chosen"], &go["stable"], &go["version"]), (&json!(false), &Value::Null, &json!("go1.22.10")));
    }
    assert_eq!(row(&one, "tarball")["chosen"], true);
}

/// A keg that Homebrew has not cleaned up yet: its stable name leads to the new one.
#[test]
fn an_old_keg_is_listed_and_has_no_stable_name() {
    if cfg!(target_os = "macos") {
        return; // the same files could not be laid over the system there
    }
    let Some(machine) = Machine::anywhere() else { return };
    machine
        .go("/opt/homebrew/Cellar/go/1.22.10/libexec", "1.22.10")
        .link("/opt/homebrew/opt/go", "../Cellar/go/1.22.10");
    machine.go("/opt/homebrew/Cellar/go/1.21.13/libexec", "1.21.13");
    let rows = machine.rows("homebrew");
    let seen: Vec<_> = rows.iter().map(|row| (&row["version"], &row["stable"], &row["chosen"])).collect();
    let stable = json!("/opt/homebrew/opt/go/libexec/bin");
    let expected = [(&json!("go1.22.10"), &stable, &json!(true)), (&json!("go1.21.13"), &Value::Null, &json!(false))];
    assert_eq!(seen, expected);
    assert_eq!(rows[1]["why"], "never chosen: the next upgrade removes it");
}
