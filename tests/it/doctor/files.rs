//! Diseases of startup files and of our fence.

use std::os::unix::fs::chown;

use super::{Case, Cure, append, replace};

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "F-01",
        name: "without its end",
        make: |home| replace(home, ".zshrc", "# <<< goenv-setup <<<\n", ""),
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| append(home, ".zshrc", "# <<< goenv-setup <<<\n")),
    },
    Case {
        id: "F-02",
        name: "a line more",
        make: |home| replace(home, ".zshrc", "unset _go\n", "unset _go\n:\n"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "F-04",
        name: "hidden by another login file",
        make: |home| {
            home.file(super::SHELL, "bash").file(".bash_login", "# mine\n");
            home.run(&["apply", "--shell", "bash", "--yes", "--no-verify"]).ok();
            let block = home.read(".bashrc").expect("it holds the block");
            home.file(".bash_profile", block);
        },
        lines: &[(".bash_login", 3)],
        cure: Cure::Advice(|home| {
            let text = home.read(".bash_login").expect("it holds the block");
            assert!(text.starts_with(b"# mine\n"));
            home.file(".bash_login", "# mine\n");
        }),
    },
    Case {
        id: "F-06",
        name: "in .zshenv",
        make: |home| {
            home.file(".zshenv", "# mine\nexport EDITOR=vi\r\n");
        },
        lines: &[(".zshenv", 2)],
        cure: Cure::Command,
    },
    Case {
        id: "F-08",
        name: "read-only",
        make: |home| {
            home.mode(".zshrc", 0o444);
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.mode(".zshrc", 0o644);
        }),
    },
    Case {
        id: "F-11",
        name: "twice",
        make: |home| {
            let text = home.read(".zshrc").expect("it is there").repeat(2);
            home.file(".zshrc", text);
        },
        lines: &[(".zshrc", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "F-07",
        name: "gvm",
        make: |home| {
            let line = "[[ -s \"$HOME/.gvm/scripts/gvm\" ]] && source \"$HOME/.gvm/scripts/gvm\"\n";
            append(home, ".zshrc", line);
        },
        lines: &[(".zshrc", 20)],
        cure: Cure::Advice(|home| {
            let text = String::from_utf8(home.read(".zshrc").expect("it is there")).expect("text");
            let kept: Vec<&str> = text.split_inclusive('\n').filter(|line| !line.contains(".gvm")).collect();
            home.file(".zshrc", kept.concat());
        }),
    },
    Case {
        id: "F-09",
        name: "written by sudo",
        make: |home| chown(home.path(".zshrc"), Some(12345), None).expect("root may"),
        lines: &[],
        cure: Cure::Advice(|home| chown(home.path(".zshrc"), Some(0), None).expect("root may")),
    },
];
