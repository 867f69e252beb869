//! Diseases of terminals that have Go from their session, of shells that nobody's terminal starts, and of homes with
//! unusual names.

use std::os::unix::fs::PermissionsExt as _;

use super::{Case, Cure, IN_USE, SHELL, findings, healthy, replace, text};
use crate::support::{Home, Ran, need};

/// A session that does not bring Go.
fn bare(home: &mut Home) {
    home.run(&["uninstall", "--yes"]).ok();
    home.env("PATH", "/usr/bin:/bin");
}

/// A home after the first `apply` of somebody who uses this shell.
fn first_apply(home: &mut Home, shell: &str) {
    bare(home);
    home.file(SHELL, shell);
    let root = home.path("opt/go").display().to_string();
    home.run(&["apply", "--shell", shell, "--goroot", &root, "--yes", "--no-verify"]).ok();
}

/// A home of somebody who uses bash, of whom no shell is named.
fn with_bash(home: &mut Home) {
    home.run(&["uninstall", "--yes"]).ok();
    home.env("SHELL", "/bin/bash").file(IN_USE, "");
    home.file(SHELL, "bash");
}

/// The line that people are told to write.
const OWN: &str = "export PATH=$HOME/opt/go/bin:$PATH\n";

/// Puts lines in front of what a file holds.
fn prepend(home: &Home, file: &str, lines: &str) {
    let text = [lines.as_bytes(), &home.read(file).expect("it is there")].concat();
    home.file(file, text);
}

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "P-16",
        name: "dash reads no file",
        make: |home| first_apply(home, "dash"),
        lines: &[],
        cure: Cure::Advice(|home| {
            // What a session has after the next login.
            let bin = home.path("opt/go/bin").display().to_string();
            home.env("PATH", format!("{bin}:/usr/bin:/bin"));
        }),
    },
    Case {
        id: "P-16",
        name: "yash, and no .yashrc to write in",
        make: |home| first_apply(home, "yash"),
        lines: &[],
        cure: Cure::Command,
    },
    Case {
        id: "S-07",
        name: "by dash",
        make: |home| {
            first_apply(home, "dash");
            home.env("PATH", format!("{}:/usr/bin:/bin", home.path("opt/go/bin").display()));
            prepend(home, ".profile", ":\n. ~/gone.sh\n");
        },
        lines: &[(".profile", 2)],
        cure: Cure::Advice(|home| replace(home, ".profile", ". ~/gone.sh\n", "")),
    },
    Case {
        id: "S-04",
        name: "by dash",
        make: |home| {
            first_apply(home, "dash");
            home.env("PATH", format!("{}:/usr/bin:/bin", home.path("opt/go/bin").display()));
            prepend(home, ".profile", "if true; then\n  :\nfi fi\n");
        },
        lines: &[(".profile", 3)],
        cure: Cure::Advice(|home| replace(home, ".profile", "fi fi\n", "fi\n")),
    },
    Case {
        id: "S-05",
        name: "which ends sh, and nobody uses that",
        make: |home| {
            with_bash(home);
            home.file(".bashrc", OWN).file(".profile", format!(". \"$HOME/.cargo/env\"\n{OWN}"));
        },
        lines: &[(".profile", 1)],
        cure: Cure::Advice(|home| replace(home, ".profile", ". \"$HOME/.cargo/env\"\n", "")),
    },
    Case {
        id: "S-01",
        name: "of sh and bash, and nobody uses sh",
        make: |home| {
            with_bash(home);
            home.file(".bashrc", format!("set -e\nfalse\n{OWN}")).file(".profile", ". ~/.bashrc\n");
        },
        lines: &[(".bashrc", 2)],
        cure: Cure::Advice(|home| replace(home, ".bashrc", "set -e\nfalse\n", "")),
    },
    Case {
        id: "S-06",
        name: "exit in what bash does not read alone",
        make: |home| {
            with_bash(home);
            let guard = ":\n[ -n \"$BASH_VERSION\" ] || exit 3\n";
            home.file(".bashrc", OWN).file(".profile", format!("{guard}{OWN}"));
        },
        lines: &[(".profile", 2)],
        cure: Cure::Advice(|home| replace(home, ".profile", "exit 3", ":")),
    },
    Case {
        id: "P-08",
        name: "and bash finds Go by it",
        make: |home| {
            with_bash(home);
            bare(home);
            home.file(".bashrc", "# mine\nexport PATH=\"~/opt/go/bin:$PATH\"\n").file(".profile", ". ~/.bashrc\n");
        },
        lines: &[(".bashrc", 2)],
        cure: Cure::Advice(|home| replace(home, ".bashrc", "~/opt", "$HOME/opt")),
    },
    Case {
        id: "L-16",
        name: "a guard in the .bashrc that .profile reads",
        make: |home| {
            with_bash(home);
            bare(home);
            home.file(".bashrc", format!("[ -n \"$VSCODE_RESOLVING_ENVIRONMENT\" ] && return\n{OWN}"));
            home.file(".profile", ". ~/.bashrc\n");
        },
        lines: &[(".bashrc", 1)],
        cure: Cure::Advice(|home| {
            replace(home, ".bashrc", "[ -n \"$VSCODE_RESOLVING_ENVIRONMENT\" ] && return\n", "");
        }),
    },
    Case {
        id: "L-03",
        name: "an exec in the .bashrc that .profile reads",
        make: |home| {
            with_bash(home);
            home.file(".bashrc", format!("{OWN}[ -n \"$TMUX\" ] || exec /bin/cat\n")).file(".profile", ". ~/.bashrc\n");
        },
        lines: &[(".bashrc", 2)],
        cure: Cure::Advice(|home| replace(home, ".bashrc", "[ -n \"$TMUX\" ]", "[ ! -t 0 ] || [ -n \"$TMUX\" ]")),
    },
    Case {
        id: "L-03",
        name: "an exit in a file that is read",
        make: |home| {
            prepend(home, ".zshrc", "source ~/ed.zsh\n");
            home.file("ed.zsh", ":\nif [[ -n $VSCODE_RESOLVING_ENVIRONMENT ]]; then\n  exit 0\nfi\n");
        },
        lines: &[("ed.zsh", 2)],
        cure: Cure::Advice(|home| replace(home, "ed.zsh", "  exit 0\n", "  :\n")),
    },
    Case {
        id: "S-05",
        name: "in a home with a blank in its name",
        make: |home| {
            home.file(
                "my home/.zshrc",
                format!("export PATH={}:$PATH\nsource ~/gone\n", home.path("opt/go/bin").display()),
            );
            let inner = home.path("my home").display().to_string();
            home.env("HOME", inner);
        },
        lines: &[("my home/.zshrc", 2)],
        cure: Cure::Advice(|home| replace(home, "my home/.zshrc", "source ~/gone\n", "")),
    },
];

/// What is found in a test of its own.
pub(super) const ELSEWHERE: &[&str] = &["F-13"];

/// As another user than root, for whom nothing is closed.
#[test]
fn a_home_that_may_not_be_looked_into() {
    if !need("zsh") {
        return;
    }
    let mut home = healthy();
    let is_root = home.script("id -u").stdout == b"0\n";
    if is_root && !need("setpriv") {
        return;
    }
    home.env("PROGRAM", home.beside("program"));
    home.script("cp \"$0\" \"$PROGRAM\"").ok();
    let program = home.beside("program").display().to_string();
    let mut words = vec!["doctor", "--shell", "zsh", "--offline", "--json"];
    if is_root {
        home.script("chown -R 65534 \"${PROGRAM%/*}\"").ok();
        words.splice(0..0, ["--reuid=65534", "--regid=65534", "--clear-groups", &program]);
    }
    home.script("chmod 0 .").ok();
    let ran = Ran::of(&home.command(if is_root { "setpriv" } else { &program }, &words));
    fs_err::set_permissions(home.path(""), std::fs::Permissions::from_mode(0o700)).expect("it is there");
    let document: serde_json::Value =
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran}"));
    let found: Vec<&str> = findings(&document).into_iter().map(|finding| text(finding, "id")).collect();
    assert_eq!((found, ran.status), (vec!["F-13"], 1), "{document:#}");
}

#[test]
fn that_a_named_shell_finds_no_go_is_a_problem_and_of_an_installed_one_it_is_none() {
    if !need("zsh") || !need("fish") || !need("dash") {
        return;
    }
    let home = healthy();
    home.run(&["uninstall", "--yes"]).ok();
    home.file(".zshrc", OWN);
    let found = |args: &[&str]| {
        let ran = home.run(&[&["doctor", "--offline", "--json"], args].concat());
        let document: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("a document");
        let worth = findings(&document).into_iter().filter(|finding| text(finding, "severity") != "info");
        (ran.status, worth.map(|finding| text(finding, "id").to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(found(&["--all-shells"]), (0, vec![]));
    assert_eq!(found(&["--shell", "fish"]), (1, vec!["P-02".to_owned()]));
}
