//! Diseases of the `go` command and of PATH.

use super::{Case, Cure, append, replace};
use crate::support::Home;

/// A tool that somebody has installed.
fn tool(home: &Home, name: &str) {
    home.file(format!("go/bin/{name}"), "#!/bin/sh\n").mode(format!("go/bin/{name}"), 0o755);
}

/// A home with lines of its own in place of our block.
fn without_block(home: &Home, lines: &str) {
    home.run(&["uninstall", "--yes"]).ok();
    home.file(".zshrc", lines);
}

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "P-01",
        name: "nowhere",
        make: |home| {
            fs_err::remove_dir_all(home.path("opt/go")).expect("it is there");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.fake_go("opt/go", "1.22.10");
            home.file("opt/go/go.env", "GOTOOLCHAIN=auto\n");
        }),
    },
    Case {
        id: "P-02",
        name: "no block",
        make: |home| {
            home.run(&["uninstall", "--yes"]).ok();
        },
        lines: &[],
        cure: Cure::Command,
    },
    Case {
        id: "P-02",
        name: "a tilde that only bash expands",
        make: |home| without_block(home, "export PATH=\"$PATH:~/opt/go/bin\"\n"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "~/", "$HOME/")),
    },
    Case {
        id: "P-02",
        name: "a variable that nothing expands",
        make: |home| without_block(home, ":\nexport PATH=$PATH:'$HOME/opt/go/bin'\n"),
        lines: &[(".zshrc", 2)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "'", "")),
    },
    Case {
        id: "P-02",
        name: "GOROOT is set below",
        make: |home| without_block(home, "export PATH=$PATH:$GOROOT/bin\nexport GOROOT=$HOME/opt/go\n"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| {
            home.file(".zshrc", "export PATH=$PATH:$HOME/opt/go/bin\n");
        }),
    },
    Case {
        id: "P-02",
        name: "GOROOT is set below, in fish",
        make: |home| {
            home.file(super::SHELL, "fish");
            home.file(".config/fish/config.fish", "set -gx PATH $PATH $GOROOT/bin\nset -gx GOROOT ~/opt/go\n");
        },
        lines: &[(".config/fish/config.fish", 1)],
        cure: Cure::Advice(|home| {
            home.file(".config/fish/config.fish", "set -gx PATH $PATH ~/opt/go/bin\n");
        }),
    },
    Case {
        id: "P-02",
        name: "line ends of Windows",
        make: |home| without_block(home, "export PATH=$PATH:$HOME/opt/go/bin\r\n"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "P-02",
        name: "the root of Go",
        make: |home| without_block(home, "export PATH=$PATH:$HOME/opt/go\n"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "opt/go", "opt/go/bin")),
    },
    Case {
        id: "P-02",
        name: "Go has moved",
        make: |home| {
            home.dir(".local");
            fs_err::rename(home.path("opt/go"), home.path(".local/go")).expect("it is there");
        },
        lines: &[(".zprofile", 1), (".zshrc", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "P-02",
        name: "PATH is read-only above the block",
        make: |home| {
            let block = home.read(".zshrc").expect("it is there");
            home.file(".zshrc", [b"typeset -gr PATH\n", &block[..]].concat());
        },
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| {
            replace(home, ".zshrc", "typeset -gr PATH\n", "");
            append(home, ".zshrc", "readonly PATH\n");
        }),
    },
    Case {
        id: "P-04",
        name: "another release in front",
        make: |home| {
            home.fake_go("sdk/go1.21.0", "1.21.0");
            home.file("sdk/go1.21.0/go.env", "GOTOOLCHAIN=auto\n");
            append(home, ".zshrc", "PATH=$HOME/sdk/go1.21.0/bin:$PATH; unset GOROOT\n");
        },
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| {
            replace(home, ".zshrc", "PATH=$HOME/sdk/go1.21.0/bin:$PATH; unset GOROOT\n", "");
        }),
    },
    Case {
        id: "P-04",
        name: "two in no usual place",
        make: |home| {
            for (folder, version) in [("old/go", "1.21.0"), ("new/go", "1.23.4")] {
                home.fake_go(folder, version);
                home.file(format!("{folder}/go.env"), "GOTOOLCHAIN=auto\n");
            }
            append(home, ".zshrc", "unset GOROOT\nPATH=$HOME/old/go/bin:$HOME/new/go/bin:$PATH\n");
        },
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "$HOME/old/go/bin:$HOME/new", "$HOME/new")),
    },
    Case {
        id: "P-06",
        name: "first of all",
        make: |home| {
            home.link("bin/go", "/nonexistent/go");
            append(home, ".zshrc", "PATH=$HOME/bin:$PATH\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| fs_err::remove_file(home.path("bin/go")).expect("it is there")),
    },
    Case {
        id: "P-08",
        name: "quoted",
        make: |home| append(home, ".zshrc", "PATH=\"$PATH:~/tools\"\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", ":~/", ":$HOME/")),
    },
    Case {
        id: "P-09",
        name: "a blank",
        make: |home| append(home, ".zshrc", "PATH=\"$PATH: /opt/tools\"\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", ": /opt", ":/opt")),
    },
    Case {
        id: "P-09",
        name: "a colon too many",
        make: |home| append(home, ".zshrc", "PATH=$PATH:\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "PATH=$PATH:\n", "")),
    },
    Case {
        id: "P-10",
        name: "at the end, and set below",
        make: |home| append(home, ".zshrc", "PATH=$PATH:\"$GOBIN\"/bin\nexport GOBIN=$HOME/go/bin\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "PATH=$PATH:\"$GOBIN\"/bin\n", "")),
    },
    Case {
        id: "P-10",
        name: "GOBIN",
        make: |home| append(home, ".zshrc", "PATH=$GOBIN/bin:$PATH\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "$GOBIN/bin", "$HOME/tools")),
    },
    Case {
        id: "P-11",
        name: "twice",
        make: |home| append(home, ".zshrc", "PATH=$PATH:/usr/bin\n"),
        lines: &[],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "PATH=$PATH:/usr/bin\n", "")),
    },
    Case {
        id: "P-13",
        name: "another GOPATH",
        make: |home| {
            home.file("work/bin/mytool", "#!/bin/sh\n").mode("work/bin/mytool", 0o755);
            append(home, ".zshrc", "export GOPATH=$HOME/work\n");
        },
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| {
            replace(home, ".zshrc", "export GOPATH=$HOME/work\n", "");
            let below = home.read(".zshrc").expect("it is there");
            home.file(".zshrc", [&b"export GOPATH=$HOME/work\n"[..], &below].concat());
        }),
    },
    Case {
        id: "P-13",
        name: "GOBIN, as it is stored",
        make: |home| {
            home.file("tools/mytool", "#!/bin/sh\n").mode("tools/mytool", 0o755);
            home.file(super::GO_ENV, format!("GOBIN={}\n", home.path("tools").display()));
        },
        lines: &[(super::GO_ENV, 1)],
        cure: Cure::Command,
    },
    Case {
        id: "P-14",
        name: "ls",
        make: |home| {
            tool(home, "ls");
            append(home, ".zshrc", "PATH=$HOME/go/bin:${PATH%:*}\n");
        },
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "PATH=$HOME/go/bin:${PATH%:*}\n", "")),
    },
    Case {
        id: "P-16",
        name: "in .zprofile alone",
        make: |home| {
            home.run(&["uninstall", "--yes"]).ok();
            home.file(".zprofile", "export PATH=\"$PATH:$HOME/opt/go/bin\"\n");
        },
        lines: &[],
        cure: Cure::Command,
    },
    Case {
        id: "X-01",
        name: "mode",
        make: |home| {
            home.mode("opt/go/bin/go", 0o644);
        },
        lines: &[],
        cure: Cure::Command,
    },
];
