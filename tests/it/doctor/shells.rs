//! Shells that do not come through their startup files.

use super::{Case, Cure, append, replace};

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "S-01",
        name: "exit",
        make: |home| {
            home.file(".zlogin", "exit 3\n");
        },
        lines: &[(".zlogin", 1)],
        cure: Cure::Advice(|home| fs_err::remove_file(home.path(".zlogin")).expect("it is there")),
    },
    Case {
        id: "S-02",
        name: "something waits",
        make: |home| {
            home.file(".zlogin", ":\nsleep 600\n");
        },
        lines: &[(".zlogin", 2)],
        cure: Cure::Advice(|home| fs_err::remove_file(home.path(".zlogin")).expect("it is there")),
    },
    Case {
        id: "S-03",
        name: "something is slow",
        make: |home| {
            home.file(".zlogin", "sleep 6\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| fs_err::remove_file(home.path(".zlogin")).expect("it is there")),
    },
    Case {
        id: "S-04",
        name: "a word too many, above the block",
        make: |home| {
            let text = [&b"if true; then\n  :\nfi fi\n"[..], &home.read(".zshrc").expect("it is there")].concat();
            home.file(".zshrc", text);
        },
        lines: &[(".zshrc", 3)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "fi fi\n", "fi\n")),
    },
    Case {
        id: "S-04",
        name: "with line ends of Windows",
        make: |home| {
            home.file(super::SHELL, "bash");
            home.file(".profile", ". ~/.bashrc\n");
            home.file(".bashrc", "if true; then\r\n  PATH=$PATH:$HOME/opt/go/bin\r\nfi\r\n");
        },
        lines: &[(".bashrc", 4)],
        cure: Cure::Command,
    },
    Case {
        id: "S-07",
        name: "by tcsh",
        make: |home| {
            home.file(super::SHELL, "tcsh");
            home.run(&["apply", "--shell", "tcsh", "--yes", "--no-verify"]).ok();
            let text = [&b"source ~/gone.csh\n"[..], &home.read(".cshrc").expect("it is there")].concat();
            home.file(".cshrc", text);
        },
        lines: &[(".cshrc", 1)],
        cure: Cure::Advice(|home| replace(home, ".cshrc", "source ~/gone", "if (-r ~/gone.csh) source ~/gone")),
    },
    Case {
        id: "S-05",
        name: "by ksh93, in the first line",
        make: |home| {
            home.file(super::SHELL, "ksh93");
            home.run(&["apply", "--shell", "ksh93", "--yes", "--no-verify"]).ok();
            let text = [&b". ~/gone.sh\n"[..], &home.read(".kshrc").expect("it is there")].concat();
            home.file(".kshrc", text);
        },
        lines: &[(".kshrc", 1)],
        cure: Cure::Advice(|home| replace(home, ".kshrc", ". ~/gone", "[ -r ~/gone.sh ] && . ~/gone")),
    },
    Case {
        id: "S-04",
        name: "in a file that bash reads",
        make: |home| {
            home.file(super::SHELL, "bash");
            home.run(&["apply", "--shell", "bash", "--yes", "--no-verify"]).ok();
            append(home, ".bashrc", ". ~/.bashrc.local\n");
            home.file(".bashrc.local", "alias a=b\ncase x in\nesac esac\n");
        },
        lines: &[(".bashrc.local", 3)],
        cure: Cure::Advice(|home| replace(home, ".bashrc.local", "esac esac\n", "esac\n")),
    },
    Case {
        id: "S-04",
        name: "an if of fish's without its end",
        make: |home| {
            home.file(super::SHELL, "fish");
            home.run(&["apply", "--shell", "fish", "--yes", "--no-verify"]).ok();
            home.file(".config/fish/config.fish", "source ~/more.fish\n").file("more.fish", "true\nif true\n");
        },
        lines: &[("more.fish", 2)],
        cure: Cure::Advice(|home| append(home, "more.fish", "end\n")),
    },
    Case {
        id: "S-08",
        name: "by exec, above the line with Go",
        make: |home| {
            home.run(&["uninstall", "--yes"]).ok();
            home.env("PATH", "/usr/bin:/bin");
            home.file(".zshrc", ":\nexec fish\nexport PATH=$HOME/opt/go/bin:$PATH\n");
        },
        lines: &[(".zshrc", 2)],
        cure: Cure::Command,
    },
    Case {
        id: "S-05",
        name: "by zsh, in another file",
        make: |home| {
            append(home, ".zshrc", "source ~/more\n");
            home.file("more", ":\n. ~/gone.sh\n");
        },
        lines: &[("more", 2)],
        cure: Cure::Advice(|home| replace(home, "more", ". ~/gone.sh\n", "[ -r ~/gone.sh ] && . ~/gone.sh\n")),
    },
    Case {
        id: "S-05",
        name: "by bash",
        make: |home| {
            home.file(super::SHELL, "bash");
            home.run(&["apply", "--shell", "bash", "--yes", "--no-verify"]).ok();
            append(home, ".bashrc", "# gone.sh\n. \"$HOME/gone.sh\"\n");
        },
        lines: &[(".bashrc", 21)],
        cure: Cure::Advice(|home| replace(home, ".bashrc", ". \"$HOME/gone.sh\"\n", "")),
    },
];
