//! Real Go releases after `apply`: they build, install and run in fresh shells, also where an old environment is at work.
//!
//! The home is new for each test; what the compiler made is shared by release, so that only the first run is slow.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::support::{Home, Ran, need, real_go, shell};

const MAIN: &str =
    "package main\n\nimport \"runtime\"\n\nfunc main() {\n\tprintln(\"built by\", runtime.Version())\n}\n";

/// Every way to start a terminal.
const TERMINALS: [&[&str]; 2] = [&["-l", "-i"], &["-i"]];

/// A home with a Go module in it and a tool to install, where `go` may ask nobody and write nowhere else.
fn home_with_module() -> Home {
    let mut home = Home::new();
    home.file("hello/go.mod", "module example.com/hello\n\ngo 1.22\n").file("hello/main.go", MAIN);
    home.file("hello/cmd/our-tool/main.go", MAIN);
    home.file(".bash_profile", "[ -f ~/.bashrc ] && . ~/.bashrc\n").file(".bashrc", "").file(".zshrc", "");
    for (name, value) in [
        ("GOFLAGS", "-mod=mod"),
        ("GOPROXY", "off"),
        ("GOTOOLCHAIN", "local"),
        ("GOTELEMETRY", "off"),
        ("CGO_ENABLED", "0"),
        ("SHELL", "/bin/zsh"),
    ] {
        home.env(name, value);
    }
    home.file(".config/go/telemetry/mode", "off\n");
    home
}

/// The name of a release as `go version` says it: the folder's.
fn release(root: &Path) -> String {
    root.file_name().expect("a release has a name").to_string_lossy().into_owned()
}

/// One cache for each release, kept between runs.
fn cache(root: &Path) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("gocache").join(release(root))
}

/// Whether `name` is here, and both releases; gives the releases, oldest first.
fn two_releases(name: &str) -> Option<[PathBuf; 2]> {
    let here = need(name);
    let roots = real_go();
    <[PathBuf; 2]>::try_from(roots).ok().filter(|_| here)
}

/// Builds, runs, installs, and runs what was installed by name, in a shell started so; `go` must be of this release.
#[track_caller]
fn works(home: &Home, name: &str, flags: &[&str], release: &str) {
    let script = "cd ~/hello && rm -rf hello \"${GOPATH%%:*}/bin\" && go version && go env GOROOT GOPATH && go vet . && \
         go build && ./hello && go install ./cmd/our-tool && our-tool && command -v our-tool";
    let ran = shell(home, name, &[flags, &["-c", script]].concat());
    assert!(!ran.stderr.windows(14).any(|words| words == b"does not match"), "not a pair\n{ran}");
    let ran = ran.ok();
    let said = |text: String| assert!(holds(&ran.stdout, &text) || holds(&ran.stderr, &text), "{text}\n{ran}");
    said(format!("go version {release} "));
    let twice = format!("built by {release}\nbuilt by {release}\n");
    said(twice);
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What `go env GOROOT GOPATH` says in such a shell.
#[track_caller]
fn go_env(home: &Home, name: &str, flags: &[&str]) -> String {
    let ran = shell(home, name, &[flags, &["-c", "go env GOROOT GOPATH"]].concat()).ok();
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// Unpacked into `~/.local/go` as the archive of go.dev is, it is found without a flag and works in each terminal.
#[track_caller]
fn found_and_works(name: &str) {
    let Some(releases) = two_releases(name) else { return };
    for root in releases {
        let mut home = home_with_module();
        home.env("GOCACHE", cache(&root)).link(".local/go", &root);
        home.run(&["apply", "--yes", "--shell", name]).ok();
        let planned = format!("{}\n{}\n", home.path(".local/go").display(), home.path("go").display());
        for flags in TERMINALS {
            works(&home, name, flags, &release(&root));
            assert_eq!(go_env(&home, name, flags), planned, "{name} {flags:?}");
        }
        assert!(home.path("go/bin/our-tool").is_file());
    }
}

#[test]
fn found_and_works_in_zsh() {
    found_and_works("zsh");
}

#[test]
fn found_and_works_in_bash() {
    found_and_works("bash");
}

/// The variables that a shell of this home hands down.
fn environment(home: &Home, name: &str) -> Vec<(OsString, OsString)> {
    let ran = shell(home, name, &["-l", "-i", "-c", "printf '%s\\n%s\\n%s\\n' \"$PATH\" \"$GOROOT\" \"$GOPATH\""]).ok();
    let text = String::from_utf8(ran.stdout).expect("our names are plain");
    let values: Vec<&str> = text.lines().rev().take(3).collect();
    ["GOPATH", "GOROOT", "PATH"].into_iter().zip(values).map(|(name, value)| (name.into(), value.into())).collect()
}

/// After a change from one release to the other, a fresh shell is a matching pair, even if an old shell starts it.
#[track_caller]
fn switching(name: &str) {
    let Some(releases) = two_releases(name) else { return };
    let [older, newer] = &releases;
    for [from, to] in [[older, newer], [newer, older]] {
        let mut home = home_with_module();
        home.link("old/go", from).link("new/go", to);
        let [old_root, new_root] = ["old/go", "new/go"].map(|root| home.path(root).display().to_string());
        home.run(&["apply", "--yes", "--shell", name, "--goroot", &old_root]).ok();
        let old = environment(&home, name);
        assert!(old.contains(&("GOROOT".into(), old_root.into())), "the old environment is no old one: {old:?}");
        home.run(&["apply", "--yes", "--shell", name, "--goroot", &new_root]).ok();

        home.env("GOCACHE", cache(to));
        for flags in TERMINALS {
            works(&home, name, flags, &release(to));
        }
        for (variable, value) in old {
            home.env(variable, value);
        }
        for flags in TERMINALS {
            works(&home, name, flags, &release(to));
            assert!(go_env(&home, name, flags).starts_with(&format!("{new_root}\n")));
        }
    }
}

#[test]
fn switching_in_zsh() {
    switching("zsh");
}

#[test]
fn switching_in_bash() {
    switching("bash");
}

/// `zsh -lc` reads no `.zshrc`: where another Go leads PATH (a nix shell), a GOROOT of ours would not match it.
#[test]
fn a_login_command_with_another_go_in_front_is_a_pair() {
    let Some([ours, other]) = two_releases("zsh") else { return };
    for exported in [false, true] {
        let mut home = home_with_module();
        home.env("GOCACHE", cache(&other)).link(".local/go", &ours);
        home.run(&["apply", "--yes", "--shell", "zsh"]).ok();
        home.env("PATH", format!("{}:/usr/bin:/bin", other.join("bin").display()));
        if exported {
            home.env("GOROOT", &other);
        }
        let ran: Ran = shell(&home, "zsh", &["-lc", "cd ~/hello && go version && go build && ./hello"]).ok();
        assert!(holds(&ran.stdout, &format!("go version {} ", release(&other))), "{ran}");
        assert!(holds(&ran.stderr, &format!("built by {}\n", release(&other))), "{ran}");
    }
}
