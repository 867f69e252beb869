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
        id: "R-01",
        name: "in a file that is read",
        make: |home| {
            home.file("env/go.sh", "# mine\nexport GOROOT=/nonexistent\n");
            behind(home, "for file in ~/env/*.sh; do source $file; done\n");
        },
        lines: &[("env/go.sh", 2)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-01",
        name: "in a file of a tool's",
        make: |home| {
            home.file(".tool/env", "export GOROOT=/nonexistent\n");
            behind(home, "source ~/.tool/env\n");
        },
        lines: &[(".tool/env", 1)],
        cure: Cure::Advice(|home| fs_err::write(home.path(".tool/env"), "").expect("it is there")),
    },
    Case {
        id: "R-01",
        name: "in a file of a checkout's",
        make: |home| {
            home.file("dots/.git/HEAD", "ref: refs/heads/main\n").file("dots/env.sh", "export GOROOT=/nonexistent\n");
            behind(home, "source ~/dots/env.sh\n");
        },
        lines: &[("dots/env.sh", 1)],
        cure: Cure::Advice(|home| fs_err::write(home.path("dots/env.sh"), "").expect("it is there")),
    },
    Case {
        id: "R-01",
        name: "by eval",
        make: |home| behind(home, "for name in GOROOT; do\n  eval \"export $name=/nonexistent\"\ndone\n"),
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| append(home, ".zshrc", "unset GOROOT\n")),
    },
    Case {
        id: "R-01",
        name: "the folder of GOPATH",
        make: |home| behind(home, "set_root() {\n  export GOROOT=$GOPATH\n}\nset_root\n"),
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| append(home, ".zshrc", "unset GOROOT\n")),
    },
    Case {
        id: "R-01",
        name: "by fish's set",
        make: |home| {
            home.file(super::SHELL, "fish");
            home.run(&["apply", "--shell", "fish", "--yes", "--no-verify"]).ok();
            home.file(".config/fish/config.fish", "for name in GOROOT\n    set -gx $name /nonexistent\nend\n");
        },
        lines: &[(".config/fish/config.fish", 2)],
        cure: Cure::Advice(|home| append(home, ".config/fish/config.fish", "set -e GOROOT\n")),
    },
    Case {
        id: "R-01",
        name: "what fish keeps",
        make: |home| {
            home.file(super::SHELL, "fish");
            home.run(&["apply", "--shell", "fish", "--no-goroot", "--yes", "--no-verify"]).ok();
            home.script("fish -c 'set -Ux GOROOT /nonexistent/\"go root\"'").ok();
        },
        lines: &[(".config/fish/fish_variables", 3)],
        cure: Cure::Command,
    },
    Case {
        id: "R-01",
        name: "twice",
        make: |home| behind(home, "export GOROOT=/nonexistent\n:\nexport GOROOT=/nonexistent\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-01",
        name: "in a file that lies elsewhere",
        make: |home| {
            append(home, ".zshenv", "export GOROOT=/nonexistent\n");
            fs_err::rename(home.path(".zshenv"), home.beside("elsewhere")).expect("one file system");
            home.link(".zshenv", home.beside("elsewhere"));
            home.run(&["uninstall", "--yes"]).ok();
            behind(home, "export PATH=$PATH:$HOME/opt/go/bin\n");
        },
        lines: &[(".zshenv", 1)],
        cure: Cure::Advice(|home| fs_err::write(home.beside("elsewhere"), "").expect("it is there")),
    },
    Case {
        id: "R-01",
        name: "by typeset",
        make: |home| behind(home, "typeset -x GOROOT=/nonexistent\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-01",
        name: "alone in a condition",
        make: |home| behind(home, "if [[ -n $HOME ]]; then\n  export GOROOT=/nonexistent\nfi\n"),
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| super::replace(home, ".zshrc", "export GOROOT=/nonexistent", ":")),
    },
    Case {
        id: "R-02",
        name: "another Go before that of the block",
        make: |home| {
            home.fake_go("sdk/go1.21.0", "1.21.0");
            home.file("sdk/go1.21.0/go.env", "GOTOOLCHAIN=auto\n");
            behind(home, ":\nPATH=$HOME/sdk/go1.21.0/bin:$PATH\n");
        },
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| super::replace(home, ".zshrc", "PATH=$HOME/sdk/go1.21.0/bin:$PATH\n", "")),
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
        id: "R-03",
        name: "the folder of GOPATH",
        make: |home| {
            home.dir("go/bin");
            behind(home, "name=GOROOT\nexport $name=$HOME/go\n");
        },
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| append(home, ".zshrc", "unset GOROOT\n")),
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
        lines: &[(".config/go/env", 2)],
        cure: Cure::Command,
    },
    Case {
        id: "R-06",
        name: "and nothing needs it",
        make: |home| {
            home.run(&["uninstall", "--yes"]).ok();
            behind(home, "export GOROOT=$HOME/opt/go\nexport PATH=$HOME/opt/go/bin:$PATH # no $GOROOTS\n");
        },
        lines: &[(".zshrc", 1)],
        cure: Cure::Patch,
    },
    Case {
        id: "R-06",
        name: "as many write it",
        make: |home| {
            home.run(&["uninstall", "--yes"]).ok();
            behind(home, "export GOROOT=$HOME/opt/go\nexport PATH=$GOROOT/bin:$PATH\n");
        },
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| {
            home.file(".zshrc", "export PATH=$HOME/opt/go/bin:$PATH\n");
        }),
    },
    Case {
        id: "R-07",
        name: "left from the manager before",
        make: |home| {
            home.fake_go(".gvm/gos/go1.22.10", "1.22.10");
            home.fake_go(".goenv/versions/1.21.3", "1.21.3");
            home.file(".goenv/versions/1.21.3/go.env", "GOTOOLCHAIN=auto\n");
            home.run(&["uninstall", "--yes"]).ok();
            behind(home, "use() { export GOROOT=$HOME/.gvm/gos/$1; }\nuse go1.22.10\n");
            behind(home, "PATH=$HOME/.goenv/versions/1.21.3/bin:$PATH\n");
        },
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| append(home, ".zshrc", "unset GOROOT\n")),
    },
    Case {
        id: "R-09",
        name: "copied into a folder of the user's",
        make: |home| {
            home.dir("bin");
            fs_err::copy("/bin/ls", home.path("bin/go")).expect("a program");
            behind(home, "PATH=$HOME/bin:$PATH; unset GOROOT\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| fs_err::remove_file(home.path("bin/go")).expect("it is there")),
    },
];
