//! The portable block, in real shells: one file, byte for byte, on machines that keep Go in other places; the rules of
//! the block that names one folder; what it costs; how it is chosen, remembered and taken back.

use std::ffi::{OsStr, OsString};

use crate::block_rules::{STARTS, each_state, filled, states};
use crate::installs::machine::Machine;
use crate::support::{Home, Ran, assert_same_tree, cannot, find, need, os, say, shell};
use crate::{csh, fish};

/// Everything that a block is written into by `apply` for these shells.
const FILES: [&str; 6] =
    [".zprofile", ".zshrc", ".profile", ".bashrc", ".config/fish/conf.d/goenv-setup.fish", ".cshrc"];
const SHELLS: [&str; 10] =
    ["--shell", "zsh", "--shell", "bash", "--shell", "fish", "--shell", "tcsh", "--shell", "csh"];

/// The places that a machine may really have; a file in each way keeps them away from a fixture.
const PLACES: [&str; 9] = [
    "/usr/local/go",
    "/opt/homebrew/opt/go/libexec",
    "/usr/local/opt/go/libexec",
    "/opt/local/lib/go",
    "/opt/go",
    "/usr/lib/golang",
    "/usr/lib/go",
    "/snap/go/current",
    "/usr/bin/go",
];

fn all_here() -> bool {
    ["zsh", "bash", "dash", "fish", "tcsh", "csh"].into_iter().all(need)
}

/// A machine without any Go but for what stands in `own`.
fn machine(own: &[&str]) -> Option<Machine> {
    let machine = Machine::anywhere()?;
    for place in PLACES.iter().filter(|place| !own.contains(place)) {
        machine.file(place, "");
    }
    Some(machine)
}

/// What a terminal of this machine sees: `go`, what that says of itself, GOROOT, GOPATH.
#[track_caller]
fn seen(machine: &Machine, name: &str) -> [String; 4] {
    let ask = match name {
        "fish" => r#"printf '<<%s|%s|%s|%s>>' (command -s go) (go version) "$GOROOT" "$GOPATH""#,
        "tcsh" | "csh" => {
            r#"exec sh -c 'printf "<<%s|%s|%s|%s>>" "`command -v go`" "`go version`" "$GOROOT" "$GOPATH"'"#
        }
        _ => return machine.shell(name, &["-i"]),
    };
    let ran = machine.runs(find(name).expect("it was asked for").as_os_str(), &["-c", ask]);
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    let answer = text.split_once("<<").and_then(|(_, rest)| rest.split_once(">>"));
    let (answer, _) = answer.unwrap_or_else(|| panic!("{name}: no answer\n{ran}"));
    let fields: Vec<String> = answer.split('|').map(str::to_owned).collect();
    fields.try_into().unwrap_or_else(|_| panic!("{name}: no answer\n{ran}"))
}

/// A fixture: what it is, the places where it has Go, the one that wins, its version, and whether that is a Go root.
struct Fixture(&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str, bool);

#[test]
fn one_file_is_right_on_every_machine() {
    let fixtures = [
        Fixture("a Mac of Apple's own processor", &[("/opt/homebrew/opt/go/libexec", "1.25.5")], "", "", true),
        Fixture("a Mac with Intel's", &[("/usr/local/opt/go/libexec", "1.24.11")], "", "", true),
        Fixture("a server", &[("/usr/lib/go", "1.19.8"), ("/usr/local/go", "1.27.3")], "/usr/local/go", "1.27.3", true),
        Fixture("a distribution", &[("/usr/lib/go", "1.19.8")], "", "", true),
        Fixture("a home with an archive", &[("~/.local/go", "1.26.6"), ("/usr", "1.19.8")], "", "", true),
        Fixture("only what the system put there", &[("/usr", "1.19.8")], "", "", false),
    ];
    if !all_here() {
        return;
    }
    let mut first: Option<Vec<Vec<u8>>> = None;
    for Fixture(what, places, winner, version, is_root) in fixtures {
        let own: Vec<&str> =
            places.iter().map(|(root, _)| if *root == "/usr" { "/usr/bin/go" } else { root }).collect();
        let Some(machine) = machine(&own) else { return };
        for (root, version) in places {
            if *root == "/usr" {
                machine.program("/usr/bin/go", format!("#!/bin/sh\necho go version go{version} linux/amd64\n"));
            } else {
                machine.go(root, version);
            }
        }
        let (winner, version) = if winner.is_empty() { places[0] } else { (winner, version) };
        machine.home.file(".profile", "");
        let before = machine.home.tree();
        let home = machine.home.path("").display().to_string();
        if let Some(files) = &first {
            for (file, bytes) in FILES.iter().zip(files) {
                machine.home.file(file, bytes);
            }
            let check = [&["apply", "--check"][..], &SHELLS].concat();
            machine.setup(&check).ok().err_has("nothing to do").err_has("the first of 12 places, here ");
            machine.setup(&["status"]).ok();
            machine.setup(&["matrix", "--shell", "zsh"]).ok();
        } else {
            machine.setup(&[&["apply", "--yes", "--portable"][..], &SHELLS].concat()).ok().err_has("proven");
            let files: Vec<Vec<u8>> =
                FILES.iter().map(|file| machine.home.read(file).expect("it was written")).collect();
            for (file, bytes) in FILES.iter().zip(&files) {
                let text = String::from_utf8_lossy(bytes);
                assert!(!text.contains(&home), "{file} names this home:\n{text}");
            }
            first = Some(files);
        }
        let root = machine.path(winner).display().to_string();
        let goroot = if is_root { root.clone() } else { String::new() };
        for name in ["zsh", "bash", "fish", "tcsh", "csh"] {
            let expected = [
                format!("{root}/bin/go"),
                format!("go version go{version} linux/amd64"),
                goroot.clone(),
                format!("{home}/go"),
            ];
            assert_eq!(seen(&machine, name), expected, "{what}: {name}");
        }
        // `zsh -l -c` reads no `.zshrc`: where the system's Go is on PATH, a GOROOT of another would not match it.
        let alone = places.iter().all(|(root, _)| *root != "/usr");
        assert_eq!(machine.shell("zsh", &["-l"])[2], if alone { &goroot[..] } else { "" }, "{what}: zsh -l -c");
        machine.setup(&["uninstall", "--yes"]).ok();
        let mut after = machine.home.tree().without_state();
        after.0.retain(|path, _| {
            !path.starts_with(".local/share/fish") && !path.starts_with(".cache") && !path.starts_with(".config")
        });
        let mut before = before.without_state();
        before.0.retain(|path, _| !path.starts_with(".cache"));
        after.0.retain(|path, _| {
            before.0.contains_key(path) || !(path.ends_with(".local") || path.ends_with(".local/share"))
        });
        assert_same_tree(&before, &after);
    }
}

/// A folder of the system's is never moved and no Go root, wherever it stands in PATH.
#[test]
fn the_systems_folder_stays_where_it_is() {
    if !all_here() {
        return;
    }
    let Some(machine) = machine(&["/usr/bin/go"]) else { return };
    machine.program("/usr/bin/go", "#!/bin/sh\necho go version go1.19.8 linux/amd64\n");
    machine.home.file(".profile", "");
    machine.setup(&[&["apply", "--yes", "--no-verify", "--portable"][..], &SHELLS].concat()).ok();
    let tools = machine.home.path("go/bin").display().to_string();
    for path in ["/usr/bin:/bin", "/x:/usr/bin:/bin", "/x:/bin", "/bin:/usr/bin"] {
        for (name, file) in [
            ("zsh", ".zshrc"),
            ("bash", ".bashrc"),
            ("dash", ".profile"),
            ("fish", FILES[4]),
            ("tcsh", ".cshrc"),
            ("csh", ".cshrc"),
        ] {
            let (set, read) = match name {
                "fish" => (format!("set -gx PATH (string split : {path}); set -e GOROOT"), "source"),
                "tcsh" | "csh" => (format!("setenv PATH {path}; unsetenv GOROOT"), "source"),
                _ => (format!("PATH={path}; unset GOROOT"), "."),
            };
            let flags: &[&str] = match name {
                "zsh" | "tcsh" | "csh" => &["-f"],
                "bash" => &["--norc"],
                "fish" => &["--no-config"],
                _ => &[],
            };
            let file = machine.home.path(file).display().to_string();
            let line = format!("{set}; {read} {file}; {read} {file}; /usr/bin/env");
            let ran =
                machine.runs(find(name).expect("it was asked for").as_os_str(), &[flags, &["-c", &line]].concat());
            let ran = ran.out_has(&format!("PATH={path}:{tools}\n"));
            let told = String::from_utf8_lossy(&ran.stdout).into_owned();
            assert!(!told.lines().any(|line| line.starts_with("GOROOT=")), "{name} from {path}\n{told}");
        }
    }
}

/// A home with portable blocks that try `sdk/go` first.
fn home_with_blocks(name: &[u8], shells: &[&str]) -> Home {
    let home = csh::home(name, &[]);
    let root = home.path("sdk/go").into_os_string();
    let mut args: Vec<OsString> =
        ["apply", "--yes", "--no-verify", "--portable", "--goroot"].map(OsString::from).into();
    args.push(root);
    for shell in shells {
        args.extend(["--shell".into(), (*shell).into()]);
    }
    home.run(&args).ok();
    home
}

#[test]
fn each_state_is_left_as_by_the_block_that_names_one_folder() {
    let shells = [
        (
            "zsh",
            "zsh",
            ".zshrc",
            &[&["-f"][..], &["-f", "-o", "ksharrays", "-o", "shwordsplit", "-o", "globsubst", "-eu"]][..],
        ),
        ("bash", "bash", ".bashrc", &[&["--norc"], &["--posix", "-eukC"], &["-O", "failglob", "-O", "nullglob"]]),
        ("dash", "dash", ".profile", &[&[], &["-euCf"]]),
        ("ksh93", "ksh93", ".kshrc", &[&[], &["-eu"]]),
        ("mksh", "mksh", ".mkshrc", &[&[], &["-eu"]]),
        ("yash", "yash", ".yash_profile", &[&["--norcfile"], &["--norcfile", "-eu"]]),
    ];
    if !shells.iter().all(|(name, ..)| need(name)) {
        return;
    }
    let states = states();
    let mut read = 0;
    for folder in [&b"home"[..], b"[h]* o?me $x !!"] {
        let home = home_with_blocks(folder, &shells.map(|(_, shell, ..)| shell));
        for (name, _, file, options) in shells {
            for options in options {
                for times in [1, 2] {
                    each_state(&home, name, options, "", file, times, &states);
                    read += states.len();
                }
            }
            for nothing in ["unset HOME", "HOME="] {
                let file = crate::support::quoted(home.path(file).as_os_str());
                let line = format!("PATH=/x; {nothing}\n. ");
                let tell = "\necho \"$PATH,${GOROOT-},${GOPATH-},${_go-}\"";
                let script = os([line.as_bytes(), &file, tell.as_bytes()].concat());
                let flag = if name == "yash" { "--norcfile" } else { "-e" };
                shell(&home, name, &[OsStr::new(flag), OsStr::new("-c"), &script]).ok().out_has("/x,,,\n");
            }
        }
    }
    say(&format!("portable: {read} states"));
}

#[test]
fn each_state_in_fish_and_csh() {
    if !all_here() {
        return;
    }
    for folder in [&b"home"[..], b"[h]* o?me $x !!"] {
        let home = home_with_blocks(folder, &["fish", "tcsh"]);
        let own = home.path(".config").join(fish::OWN);
        // fish has words of its own for an empty entry and an unset PATH.
        let plain = |state: &&crate::block_rules::State| {
            state.path().count() > 0 && state.path().all(|entry| !entry.is_empty())
        };
        for state in states().iter().filter(plain) {
            let before = state.before.map(|value| value.map(|value| filled(&home, value)));
            let after = fish::run_with(&home, before, "source $f; source $f", &own);
            assert_eq!(
                after,
                state.after.map(|value| value.map(|value| filled(&home, value))),
                "from {:?}",
                state.before
            );
        }
        let [rc, tell] =
            [home.path(".cshrc"), home.beside("tell")].map(|path| csh::quoted(path.as_os_str().as_encoded_bytes()));
        let text = |text: &str| String::from_utf8(filled(&home, text)).expect("a name in UTF-8");
        // bsd-csh by itself dies of a home whose name is a pattern.
        for name in if folder == b"home" { &["tcsh", "csh"][..] } else { &["tcsh"] } {
            let (mut script, mut expected) = (Vec::new(), Vec::new());
            for (before, after, ours) in csh::PATHS {
                let before = text(before.expect("each is set"));
                script.extend(
                    [b"setenv PATH ", &csh::quoted(before.as_bytes())[..], b"\nunsetenv GOPATH GOROOT\n"].concat(),
                );
                script.extend([b"source ", &rc[..], b"\nsource ", &rc, b"\n", &tell, b"\n"].concat());
                let root = if *ours { text("x@R") } else { String::new() };
                for field in [text(&format!("x{after}")), root, text("x@H/go")] {
                    expected.push(field.as_bytes().escape_ascii().to_string());
                }
            }
            assert_eq!(csh::fields(&home, name, &script), expected, "{name}");
            if folder == b"home" {
                let rc = home.path(".cshrc").display().to_string();
                let tell = home.beside("tell").display().to_string();
                for nothing in ["unsetenv HOME", "setenv HOME ''", "unset path"] {
                    let script = format!("setenv PATH /x:/usr/bin\n{nothing}\nsource {rc}\nsource {rc}\n{tell}\n");
                    assert_eq!(csh::fields(&home, name, script.as_bytes())[1..], ["", ""], "{name}: {nothing}");
                }
            }
        }
    }
}

/// How many instructions a shell takes in which this line is run, and nothing else.
#[track_caller]
fn instructions(machine: &Machine, name: &str, line: &str) -> u64 {
    let flags: &[&str] = match name {
        "zsh" => &["-f"],
        "bash" => &["--norc"],
        "yash" => &["--norcfile"],
        _ => &[],
    };
    let program = find(name).expect("it was asked for").display().to_string();
    let valgrind = ["--tool=callgrind", "--callgrind-out-file=/dev/null", &program];
    let args = [&valgrind[..], flags, &["-c", line]].concat();
    let ran = machine.runs(find("valgrind").expect("it was asked for").as_os_str(), &args).ok();
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    let count = told.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    count.unwrap_or_else(|| panic!("no count\n{ran}"))
}

#[test]
fn it_costs_hardly_more_than_the_block_that_names_one_folder() {
    if cfg!(target_os = "macos") || !(need("valgrind") && need("zsh") && need("bash")) {
        return; // valgrind is Linux's
    }
    let Some(machine) = machine(&["/usr/local/go"]) else { return };
    machine.go("/usr/local/go", "1.27.3");
    machine.home.file("empty", "");
    let files = [
        ("zsh", ".zshrc"),
        ("bash", ".bashrc"),
        ("dash", ".profile"),
        ("ksh93", ".kshrc"),
        ("mksh", ".mkshrc"),
        ("yash", ".yash_profile"),
    ];
    let files = files.map(|(name, file)| (name, file, need(name)));
    let cost = |how: &[&str]| {
        let shells = ["zsh", "bash", "sh", "ksh93", "mksh", "yash"].map(|name| ["--shell", name]).concat();
        machine.setup(&[&["apply", "--yes", "--no-verify"][..], &shells, how].concat()).ok();
        files.map(|(name, file, here)| {
            let count = |file: &str| instructions(&machine, name, &format!(". ~/{file}"));
            if here { count(file) - count("empty") } else { 1 }
        })
    };
    let fixed = cost(&["--goroot", "/usr/local/go"]);
    let portable = cost(&["--portable"]);
    for ((name, ..), (fixed, portable)) in files.iter().zip(fixed.into_iter().zip(portable)) {
        #[expect(clippy::cast_precision_loss, reason = "some hundred thousand")]
        let ratio = portable as f64 / fixed as f64;
        say(&format!("portable: {name}: {portable} instructions, {fixed} for one folder: {ratio:.3} times"));
        // The shells that terminals start; the others take a blink for either.
        let strict = ["zsh", "bash", "ksh93", "mksh"].contains(name);
        assert!(portable * 100 <= fixed * if strict { 115 } else { 120 }, "{name}: {ratio:.3} times");
    }
}

#[test]
fn it_starts_no_process() {
    if cfg!(target_os = "macos") || !(need("strace") && all_here()) {
        return; // strace is Linux's
    }
    let home = home_with_blocks(b"home", &["zsh", "bash", "dash", "fish", "tcsh", "csh"]);
    home.file("empty", "");
    for (name, flag, file) in [
        ("zsh", "-f", ".zshrc"),
        ("zsh", "-f", ".zprofile"),
        ("bash", "--norc", ".bashrc"),
        ("dash", "-e", ".profile"),
        ("fish", "--no-config", FILES[4]),
        ("tcsh", "-f", ".cshrc"),
        ("csh", "-f", ".cshrc"),
    ] {
        let starts = |file: &str| {
            let read = if matches!(name, "fish" | "tcsh" | "csh") { "source" } else { "." };
            let line = format!("{read} {}", home.path(file).display());
            let trace = home.beside("trace");
            let words = ["-f", "-e", "trace=process", "-o"].map(OsStr::new);
            let program = find(name).expect("it was asked for");
            let rest = [program.as_os_str(), OsStr::new(flag), OsStr::new("-c"), OsStr::new(&line)];
            let ran = Ran::of(&home.command("strace", &[&words[..], &[trace.as_os_str()], &rest].concat()));
            let text = fs_err::read_to_string(trace).unwrap_or_default();
            text.contains("execve(").then(|| {
                ran.ok();
                text.lines().filter(|line| STARTS.iter().any(|call| line.contains(call))).count()
            })
        };
        let (Some(with), Some(without)) = (starts(file), starts("empty")) else {
            cannot("permission to trace processes with strace");
            return;
        };
        assert_eq!(with, without, "{name} {file}");
    }
}

/// Remembered until it is taken back, in either way; the same flags again change nothing.
#[test]
fn it_stays_until_it_is_taken_back() {
    if !need("bash") {
        return;
    }
    for back in [&["--no-portable"][..], &["--goroot", "@R"]] {
        let home = Home::with_go();
        let root = home.path("opt/go").display().to_string();
        let apply = |more: &[&str]| {
            let more: Vec<&str> = more.iter().map(|word| if *word == "@R" { &root } else { *word }).collect();
            home.run(&[&["apply", "--yes", "--no-verify", "--shell", "zsh"][..], &more].concat())
        };
        let text = || String::from_utf8(home.read(".zshrc").expect("it was written")).expect("plain");
        apply(&[]).ok();
        let fixed = text();
        apply(&["--portable"]).ok();
        let portable = text();
        assert!(
            portable.contains("\n_go=/usr/local/go\n[ -x \"$_go/bin/go\" ] || for _go in /opt/homebrew/")
                && !portable.contains("opt/go/bin'"),
            "{portable}"
        );
        apply(&["--portable"]).ok().err_has("nothing to do");
        apply(&[]).ok().err_has("nothing to do").err_has("the first of 12 places");
        apply(&["--portable", "--goroot", "@R"]).ok().err_has("the first of 13 places");
        let named = text();
        let first = "\n_go=\"${HOME-}/opt/go\"\n[ -x \"$_go/bin/go\" ] || for _go in /usr/local/go ";
        assert!(named.contains(first), "{named}");
        apply(&[]).ok().err_has("nothing to do").err_has("here ~/opt/go/bin (go1.22.10), from block");
        apply(&["--portable"]).ok();
        assert_eq!(text(), portable);
        apply(&["--portable", "--no-goroot"]).ok();
        assert!(!text().contains("GOROOT"), "{}", text());
        apply(&[]).ok().err_has("nothing to do");
        apply(back).ok();
        assert_eq!(text(), fixed, "{back:?}");
        home.run(&["uninstall", "--yes"]).ok();
        assert!(home.read(".zshrc").is_none());
    }
}

#[test]
fn this_machines_surroundings_do_not_get_in() {
    let mut home = Home::new();
    home.env("GOPATH", "/data/go").env("GOBIN", "/data/bin").env("GOROOT", "/data/root");
    home.fake_go("opt/go", "1.22.10");
    let ran = home.run(&["print", "--shell", "zsh", "--portable"]).ok();
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(!text.contains("/data") && text.contains("GOPATH=${GOPATH:-\"$HOME/go\"}"), "{text}");
    ran.err_has("GOPATH is `/data/go` in the environment of this machine")
        .err_has("GOBIN is `/data/bin` on this machine");
    home.run(&["print", "--shell", "zsh", "--portable", "--gopath", "/data/go", "--gobin", "/data/bin"])
        .ok()
        .out_has("GOPATH=${GOPATH:-'/data/go'}")
        .out_has("GOBIN='/data/bin'");
    home.run(&["print", "--shell", "zsh", "--portable", "--goroot", "/data/no go"]).ok().out_has("_go='/data/no go'\n").err_has(
        "warning: `/data/no go` holds no Go, missing: bin/go, VERSION, pkg/tool; the block takes the first of the usual places until it is there",
    );
    // What is no Go root would be told as GOROOT on each machine.
    home.dir("brew/bin").link("brew/bin/go", home.path("opt/go/bin/go"));
    let brew = home.path("brew").display().to_string();
    home.run(&["print", "--shell", "zsh", "--portable", "--goroot", &brew]).code(3).err_has("it is no Go root");
}
