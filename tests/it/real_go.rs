//! Real Go after `apply`: it builds, installs and runs in fresh shells, in the shape of every installer, also where an
//! old environment is at work, two releases are there at once, or an upgrade came by.
//!
//! The home is new for each test; what the compilers made is shared, so that only the first run is slow.

mod pairs;
mod shapes;
mod upgrades;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::installs::machine::Machine;
use crate::support::{COMPILER, Ran, debian_go, find, need, real_go};

use shapes::Shape;

const SHELLS: [&str; 3] = ["zsh", "bash", "fish"];

/// Every way to start a terminal.
const TERMINALS: [&[&str]; 2] = [&["-l", "-i"], &["-i"]];

const MAIN: &str =
    "package main\n\nimport \"runtime\"\n\nfunc main() {\n\tprintln(\"built by\", runtime.Version())\n}\n";

/// In words that zsh, bash and fish share: what builds, runs, installs, and runs what was installed by its name.
const BUILDS: &str = "cd ~/hello && rm -rf hello ~/go/bin && go version && go env GOROOT GOPATH && go vet . && \
     go build && ./hello 2>&1 && go install ./cmd/our-tool && our-tool 2>&1 && command -v our-tool";

/// The least that tells whether the command and the compiler are of one release.
const PAIR: &str = "cd ~/hello && rm -f hello && go version && go env GOROOT && go build && ./hello 2>&1";

/// A real Go, as `tests/run` fetched it.
#[derive(Clone, Debug)]
struct Release {
    /// `1.22.10`.
    version: String,
    root: PathBuf,
    /// Where Debian keeps the rest of the root.
    share: Option<PathBuf>,
}

impl Release {
    /// `1.22`.
    fn line(&self) -> &str {
        self.version.rsplit_once('.').map_or(self.version.as_str(), |(line, _)| line)
    }

    /// What a path with `{version}` and `{line}` in it names for this release.
    fn fill(&self, text: &str) -> String {
        text.replace("{version}", &self.version).replace("{line}", self.line())
    }
}

/// The releases of go.dev, oldest first, if all shells are here and there are at least two.
fn releases(shells: &[&str]) -> Option<Vec<Release>> {
    let here = shells.iter().all(|shell| need(shell));
    let release = |root: PathBuf| {
        let name = root.file_name().and_then(|name| name.to_str()).expect("go1.X.Y");
        Release { version: name["go".len()..].to_owned(), root, share: None }
    };
    let releases: Vec<_> = real_go().into_iter().map(release).collect();
    (here && releases.len() >= 2).then_some(releases)
}

/// Debian's own.
fn debian_release() -> Option<Release> {
    let folder = debian_go()?;
    let name = fs_err::read_link(folder.join("usr/lib/go")).expect("golang-go links to its release");
    let root = folder.join("usr/lib").join(&name);
    let version = fs_err::read_to_string(root.join("VERSION")).expect("golang-1.X-go has it");
    let version = version.lines().next().and_then(|line| line.strip_prefix("go")).expect("go1.X.Y").to_owned();
    Some(Release { version, root, share: Some(folder.join("usr/share").join(name)) })
}

/// A machine for Go in these shapes, with a module and a tool to install, where `go` may ask nobody.
fn machine(shapes: &[&Shape]) -> Option<Machine> {
    // On macOS nothing can be laid over the system: links have to do, and only in the home.
    let mut machine = match cfg!(target_os = "macos") {
        true if shapes.iter().all(|shape| shape.at_home()) => Machine::at_home(),
        true => return None,
        false => Machine::anywhere()?,
    };
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gocache");
    fs_err::create_dir_all(&cache).expect("the target folder is ours");
    machine.folder("~/gocache", &cache, true);
    let cache = machine.path("~/gocache");
    let home = &mut machine.home;
    home.file("hello/go.mod", "module example.com/hello\n\ngo 1.19\n").file("hello/main.go", MAIN);
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
    home.env("GOCACHE", cache).no_telemetry();
    Some(machine)
}

/// What a shell that is started so says to `script`.
#[track_caller]
fn asked(machine: &Machine, shell: &str, flags: &[&str], script: &str) -> Ran {
    let program = find(shell).expect("the caller asked for it");
    let command = machine.command(program.as_os_str(), &[flags, &["-c", script]].concat());
    let ran = Ran::within(COMPILER, &command);
    let said = [&ran.stdout[..], &ran.stderr].concat();
    assert!(!holds(&said, "does not match"), "not a pair\n{ran}");
    ran
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What a shell prints from `go version` on, in lines, and what that is in all.
#[track_caller]
fn lines(machine: &Machine, shell: &str, flags: &[&str], script: &str) -> (Vec<String>, Ran) {
    let ran = asked(machine, shell, flags, script).ok();
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    let lines = text.lines().map(str::to_owned).skip_while(|line| !line.starts_with("go version ")).collect();
    (lines, ran)
}

/// Everything works in such a shell, by this release with this GOROOT.
#[track_caller]
fn works(machine: &Machine, shell: &str, flags: &[&str], release: &Release, goroot: &Path) {
    let (said, ran) = lines(machine, shell, flags, BUILDS);
    let [version, rest @ ..] = &said[..] else { panic!("no answer\n{ran}") };
    let version_of = format!("go version go{} ", release.version);
    assert!(version.starts_with(&version_of), "expected: {version_of}\n{ran}");
    let [gopath, tool] = ["~/go", "~/go/bin/our-tool"].map(|path| machine.path(path).display().to_string());
    let built = format!("built by go{}", release.version);
    assert_eq!(rest, [goroot.display().to_string(), gopath, built.clone(), built, tool], "{ran}");
}

/// A pair is at work in such a shell; gives its release, such as `go1.22.10`, and its GOROOT.
#[track_caller]
fn pair(machine: &Machine, shell: &str, flags: &[&str]) -> (String, String) {
    let (said, ran) = lines(machine, shell, flags, PAIR);
    let [version, goroot, built] = &said[..] else { panic!("no answer\n{ran}") };
    let version = version.split(' ').nth(2).expect("go version go1.X.Y os/arch");
    assert_eq!(*built, format!("built by {version}"), "{ran}");
    (version.to_owned(), goroot.clone())
}

/// The variables that a terminal of this machine hands down.
fn environment(machine: &Machine, shell: &str) -> Vec<(OsString, OsString)> {
    let ran = asked(machine, shell, TERMINALS[0], "/usr/bin/env").ok();
    let text = String::from_utf8(ran.stdout).expect("our values are plain");
    let ours = text.lines().filter_map(|line| line.split_once('='));
    ours.filter(|(name, _)| ["PATH", "GOROOT", "GOPATH"].contains(name))
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

/// The words of `apply` for these shells, without a question.
fn apply<'a>(shells: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let shells = shells.iter().flat_map(|shell| ["--shell", shell]);
    ["apply", "--yes"].into_iter().chain(shells).chain(more.iter().copied()).collect()
}
