//! What each installer leaves, with real Go in it.

use std::path::PathBuf;

use super::{Release, SHELLS, TERMINALS, apply, debian_release, lines, machine, releases, works};
use crate::installs::machine::Machine;
use crate::support::{long, say};

/// How a Go is installed.
pub(super) struct Shape {
    pub(super) name: &'static str,
    /// Puts a release where its installer does.
    pub(super) put: fn(&Machine, &Release),
    /// The root that stays, as `--goroot` is given it; `{version}` and `{line}` are those of the release.
    pub(super) root: &'static str,
    /// What `go env GOROOT` says where nothing but this is installed.
    pub(super) says: &'static str,
    /// Whether Debian's own packages are put so.
    debian: bool,
}

impl Shape {
    /// Whether all of it lies in the home.
    pub(super) fn at_home(&self) -> bool {
        self.root.starts_with('~')
    }

    pub(super) fn goroot(&self, machine: &Machine, release: &Release) -> PathBuf {
        machine.path(&release.fill(self.says))
    }

    /// Which of these releases is put so in turn `turn`.
    pub(super) fn release(&self, turn: usize, releases: &[Release], debian: Option<&Release>) -> Option<Release> {
        if self.debian { debian.cloned() } else { Some(releases[turn % releases.len()].clone()) }
    }
}

/// One whose GOROOT is exported.
const fn exported(name: &'static str, root: &'static str, put: fn(&Machine, &Release)) -> Shape {
    Shape { name, put, root, says: root, debian: false }
}

pub(super) const OFFICIAL: Shape = exported("archive in /usr/local", "/usr/local/go", |machine, release| {
    machine.folder("/usr/local/go", &release.root, false);
});

pub(super) const LOCAL: Shape = exported("archive in ~/.local", "~/.local/go", |machine, release| {
    machine.folder("~/.local/go", &release.root, false);
});

pub(super) const SDK: Shape = exported("golang.org/dl", "~/sdk/go{version}", |machine, release| {
    machine.folder(&release.fill("~/sdk/go{version}"), &release.root, false);
});

pub(super) const BREW: Shape =
    exported("Homebrew on Apple silicon", "/opt/homebrew/opt/go/libexec", |machine, release| {
        brew(machine, "/opt/homebrew", release);
    });

pub(super) const LINUXBREW: Shape =
    exported("Homebrew on Linux", "/home/linuxbrew/.linuxbrew/opt/go/libexec", |machine, release| {
        brew(machine, "/home/linuxbrew/.linuxbrew", release);
    });

pub(super) const SNAP: Shape = exported("snap", "/snap/go/current", |machine, release| {
    let revision = release.version.replace('.', "");
    machine.folder(&format!("/snap/go/{revision}"), &release.root, false).link("/snap/go/current", &revision);
});

/// `golang-go`, `golang-src` and the release that they name; `/usr/bin/go` finds GOROOT itself.
pub(super) const DEBIAN: Shape = Shape {
    name: "Debian",
    root: "/usr/lib/go",
    says: "/usr/lib/go-{line}",
    debian: true,
    put: |machine, release| {
        (DEBIAN_LINK.put)(machine, release);
        machine.link("/usr/bin/go", "../lib/go/bin/go");
    },
};

/// The same without the name in `/usr/bin`.
pub(super) const DEBIAN_LINK: Shape = Shape {
    name: "Debian without /usr/bin/go",
    root: "/usr/lib/go",
    says: "/usr/lib/go",
    debian: true,
    put: |machine, release| {
        (DEBIAN_ALONE.put)(machine, release);
        machine.link("/usr/lib/go", &release.fill("go-{line}"));
        machine.link("/usr/share/go", &release.fill("go-{line}"));
    },
};

/// The release's own packages, without those that name a default.
const DEBIAN_ALONE: Shape = Shape {
    name: "Debian's golang-1.X-go",
    root: "/usr/lib/go-{line}",
    says: "/usr/lib/go-{line}",
    debian: true,
    put: |machine, release| {
        machine.file("/etc/debian_version", "12.11\n");
        machine.folder(&release.fill("/usr/lib/go-{line}"), &release.root, false);
        if let Some(share) = &release.share {
            machine.folder(&release.fill("/usr/share/go-{line}"), share, false);
        }
    },
};

const ALL: [&Shape; 9] = [&OFFICIAL, &LOCAL, &BREW, &LINUXBREW, &SDK, &SNAP, &DEBIAN, &DEBIAN_LINK, &DEBIAN_ALONE];

/// Homebrew's shape below a prefix: a keg, and the two names for it that stay.
fn brew(machine: &Machine, prefix: &str, release: &Release) {
    let keg = format!("{prefix}/Cellar/go/{}", release.version);
    machine.folder(&format!("{keg}/libexec"), &release.root, false);
    machine.link(&format!("{keg}/bin/go"), "../libexec/bin/go");
    machine.link(&format!("{prefix}/opt/go"), &format!("../Cellar/go/{}", release.version));
    machine.link(&format!("{prefix}/bin/go"), &format!("../Cellar/go/{}/bin/go", release.version));
}

/// Found without a flag, each works in fresh terminals; the releases take turns.
#[track_caller]
fn every_shape(shell: &str) {
    let Some(releases) = releases(&[shell]) else { return };
    let debian = debian_release();
    let own = SHELLS.iter().position(|name| *name == shell).expect("one of the three");
    let turns = if long() { releases.len() } else { 1 };
    let mut seen = 0;
    for (at, shape) in ALL.into_iter().enumerate() {
        for turn in 0..if shape.debian { 1 } else { turns } {
            let Some(release) = shape.release(at + own + turn, &releases, debian.as_ref()) else { continue };
            let Some(machine) = machine(&[shape]) else { continue };
            (shape.put)(&machine, &release);
            machine.setup(&apply(&[shell], &[])).ok();
            let goroot = shape.goroot(&machine, &release);
            for (which, flags) in TERMINALS.into_iter().enumerate() {
                if long() || which == (at + own) % 2 {
                    works(&machine, shell, flags, &release, &goroot);
                    continue;
                }
                let (said, ran) = lines(&machine, shell, flags, "go version && go env GOROOT GOPATH");
                let version = format!("go version go{} ", release.version);
                assert!(said[0].starts_with(&version), "{}: {version}\n{ran}", shape.name);
                let [goroot, gopath] = [&goroot, &machine.path("~/go")].map(|path| path.display().to_string());
                assert_eq!(said[1..], [goroot, gopath], "{}\n{ran}", shape.name);
            }
            seen += 1;
        }
    }
    say(&format!("real Go in {shell}: {seen} installs in {} shapes, 2 terminals each", ALL.len()));
}

#[test]
fn every_shape_in_zsh() {
    every_shape("zsh");
}

#[test]
fn every_shape_in_bash() {
    every_shape("bash");
}

#[test]
fn every_shape_in_fish() {
    every_shape("fish");
}
