//! Diseases of GOROOT.

use super::{Case, Cure, append};
use crate::support::Home;

/// A line behind our block in `.zshrc`, which then is line 20.
fn behind(home: &Home, line: &str) {
    append(home, ".zshrc", line);
}

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "R-01",
        name: "a folder that is gone",
        make: |home| behind(home, "export GOROOT=/nonexistent\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-01",
        name: "relative",
        make: |home| behind(home, "export GOROOT=opt/go\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-01",
        name: "in a line that does more",
        make: |home| behind(home, "export GOROOT=/nonexistent TOKEN=hunter2\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| {
            let text = String::from_utf8(home.read(".zshrc").expect("a file")).expect("text");
            home.file(".zshrc", text.replace("GOROOT=/nonexistent ", ""));
        }),
    },
    Case {
        id: "R-02",
        name: "of another release",
        make: |home| {
            home.fake_go("other", "1.11");
            behind(home, "export GOROOT=\"$HOME/other\"\n");
        },
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-03",
        name: "without the library",
        make: |home| {
            home.fake_go("other", "1.22.10");
            fs_err::remove_dir_all(home.path("other/src")).expect("it is there");
            behind(home, "export GOROOT=\"$HOME/other\"\n");
        },
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-04",
        name: "the folder of the command",
        make: |home| behind(home, "export GOROOT=\"$HOME/opt/go/bin\"\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-04",
        name: "the command",
        make: |home| behind(home, "export GOROOT=$HOME/opt/go/bin/go\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-05",
        name: "in Homebrew's Cellar",
        make: |home| {
            home.fake_go("brew/Cellar/go/1.22.10/libexec", "1.22.10");
            behind(home, "export GOROOT=$HOME/brew/Cellar/go/1.22.10/libexec\n");
        },
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-08",
        name: "stored",
        make: |home| {
            home.file(".config/go/env", "GOFLAGS=-v\nGOROOT=/nonexistent\n");
        },
        lines: &[],
        cure: Cure::Command,
    },
];
