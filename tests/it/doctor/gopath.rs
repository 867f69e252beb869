//! Diseases of GOPATH and GOBIN.

use super::{Case, Cure, append, replace};

/// Where a line behind our block in `.zshrc` stands.
const BEHIND: &[(&str, u64)] = &[(".zshrc", 20)];

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "G-01",
        name: "quoted tilde",
        make: |home| append(home, ".zshrc", "export GOPATH='~/go'\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "G-01",
        name: "stored",
        make: |home| {
            home.run(&["uninstall", "--yes"]).ok();
            home.file(".config/go/env", "GOPATH=~go\n");
            append(home, ".zshrc", "PATH=$HOME/opt/go/bin:$PATH\n");
        },
        lines: &[(".config/go/env", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "G-02",
        name: "relative",
        make: |home| append(home, ".zshrc", "export GOPATH=go\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "G-03",
        name: "one folder",
        make: |home| append(home, ".zshrc", "export GOPATH=$HOME/opt/go\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "G-03",
        name: "the value of the other variable",
        make: |home| append(home, ".zshrc", "work() { export $1=$GOROOT; }\n:\nwork GOPATH\n"),
        lines: BEHIND,
        cure: Cure::Advice(|home| replace(home, ".zshrc", "work GOPATH\n", "")),
    },
    Case {
        id: "G-04",
        name: "in the root",
        make: |home| append(home, ".zshrc", "export GOPATH=$HOME/opt/go/src\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "G-05",
        name: "empty first",
        make: |home| append(home, ".zshrc", "export GOPATH=:$HOME/go\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "G-05",
        name: "put behind one that is not set",
        make: |home| {
            home.run(&["uninstall", "--yes"]).ok();
            home.file(".zshrc", "export PATH=$PATH:$HOME/opt/go/bin\nexport GOPATH=$GOPATH:$HOME/code\n");
        },
        lines: &[(".zshrc", 2)],
        cure: Cure::Patch,
    },
    Case {
        id: "G-02",
        name: "and the block puts its bin on PATH",
        make: |home| {
            home.file(".zshenv", "export GOPATH=work/go\n");
        },
        lines: &[(".zshenv", 1)],
        cure: Cure::Patch,
    },
    Case {
        id: "G-06",
        name: "relative",
        make: |home| append(home, ".zshrc", "export GOBIN=bin\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "G-07",
        name: "for Windows",
        make: |home| append(home, ".zshrc", "export GOOS=windows\nexport GOBIN=$HOME/go/bin\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "G-08",
        name: "two",
        make: |home| append(home, ".zshrc", "export GOPATH=$HOME/go:$HOME/work\n"),
        lines: BEHIND,
        cure: Cure::Advice(|home| replace(home, ".zshrc", ":$HOME/work", "")),
    },
    Case {
        id: "G-10",
        name: "for plan9",
        make: |home| append(home, ".zshrc", "export GOOS=plan9\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "G-11",
        name: "in a file that is read",
        make: |home| {
            append(home, ".zshrc", ". ~/.zsh/go\n");
            home.file(".zsh/go", "export GOPATH=$HOME/go/bin\n");
        },
        lines: &[(".zsh/go", 1)],
        cure: Cure::Patch,
    },
    Case {
        id: "G-09",
        name: "as a version manager sets it",
        make: |home| append(home, ".zshrc", "export GOPATH=$HOME/go/1.22.10\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
];
