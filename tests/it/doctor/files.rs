//! Diseases of startup files and of our fence.

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
];
