//! How editors that are started from the desktop get at the user's environment: each starts the login shell once.
//!
//! Sources: VS Code, `shellEnv.ts`; `JetBrains`, `EnvironmentUtil.java`; Zed, `crates/util/src/shell_env.rs`;
//! exec-path-from-shell.el; the dev containers CLI, `injectHeadless.ts`, `userEnvProbe`. All of them throw away what a
//! shell told that ended with an error.

use std::time::Duration;

use crate::probe::replay::{End, Replayed};
use crate::shells::Shell;

/// An editor, or a family of them.
pub struct Editor {
    /// Its name.
    pub name: &'static str,
    /// The variables that it sets: startup files ask for them.
    pub variables: &'static [(&'static str, &'static str)],
    /// How long it waits; where it waits for ever, how long we do.
    pub limit: Duration,
    /// Where it starts the shell at all.
    pub here: Here,
    /// The shells that do not take what it gives them: nothing in a startup file can help.
    pub not: &'static [&'static str],
    /// How it starts the shell of this name.
    pub way: fn(&str) -> Way,
}

/// Where an editor starts the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// Everywhere.
    Everywhere,
    /// On macOS only: elsewhere the desktop's environment is what it has.
    MacOs,
    /// Where one of these is there: from the home on, or absolute.
    Signs(&'static [&'static str]),
    /// In a container in which one of these is there.
    Container(&'static [&'static str]),
}

/// How a shell is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// `argv[0]`, if it is not the path.
    pub argv0: Option<&'static str>,
    /// The arguments before the command line.
    pub args: &'static [&'static str],
}

impl Way {
    const fn with(args: &'static [&'static str]) -> Self {
        Self { argv0: None, args }
    }
}

/// Every editor that is known.
pub const EDITORS: &[Editor] = &[
    Editor {
        // Cursor, VSCodium and Windsurf are built from it.
        name: "VS Code",
        variables: &[
            ("VSCODE_RESOLVING_ENVIRONMENT", "1"),
            ("ELECTRON_RUN_AS_NODE", "1"),
            ("ELECTRON_NO_ATTACH_CONSOLE", "1"),
        ],
        limit: Duration::from_secs(10),
        here: Here::Everywhere,
        not: &[],
        way: |shell| match shell {
            "tcsh" | "csh" => Way::with(&["-ic"]),
            _ => Way::with(&["-i", "-l", "-c"]),
        },
    },
    Editor {
        name: "JetBrains IDEs",
        variables: &[("INTELLIJ_ENVIRONMENT_READER", "true"), ("DISABLE_AUTO_UPDATE", "true")],
        limit: Duration::from_secs(20),
        here: Here::MacOs,
        not: &[],
        way: |shell| match shell {
            "tcsh" | "csh" => Way::with(&["-i", "-c"]),
            "fish" => Way::with(&["-l", "-c"]),
            _ => Way::with(&["-l", "-i", "-c"]),
        },
    },
    Editor {
        name: "Zed",
        variables: &[],
        limit: Duration::from_secs(10),
        here: Here::Signs(&[".config/zed", "Library/Application Support/Zed", "/Applications/Zed.app"]),
        not: &[],
        way: |shell| match shell {
            "tcsh" | "csh" => Way { argv0: Some("-"), args: &["-i", "-c"] },
            _ => Way::with(&["-l", "-i", "-c"]),
        },
    },
    Editor {
        // With the package exec-path-from-shell, which people use for it.
        name: "Emacs",
        variables: &[],
        limit: Duration::from_secs(10),
        here: Here::Signs(&[".emacs", ".emacs.d", ".config/emacs"]),
        not: &[],
        way: |shell| match shell {
            "tcsh" | "csh" => Way::with(&["-d", "-c"]),
            "fish" => Way::with(&["-l", "-c"]),
            _ => Way::with(&["-l", "-i", "-c"]),
        },
    },
    Editor {
        name: "dev containers",
        variables: &[],
        limit: Duration::from_secs(10),
        here: Here::Container(&[".devcontainer", ".vscode-server"]),
        not: &["tcsh", "csh"],
        way: |_| Way::with(&["-lic"]),
    },
];

/// Variables that say who starts a shell, of editors and agents that cannot be replayed, and who that is.
pub const OTHERS: &[(&str, &str)] =
    &[("INTELLIJ_ENVIRONMENT_READER", "JetBrains IDEs"), ("INSIDE_EMACS", "Emacs"), ("CURSOR_AGENT", "Cursor's agent")];

/// An editor, and what came of starting the shell as it does.
pub struct Started {
    /// The editor.
    pub editor: &'static Editor,
    /// The shell that it started.
    pub shell: &'static dyn Shell,
    /// What came of it.
    pub replayed: Replayed,
}

impl Started {
    /// Whether what the shell told counts for the editor.
    pub fn is_told(&self) -> bool {
        self.replayed.seen.is_some() && matches!(self.replayed.end, End::Status(Some(0), _))
    }

    /// What it is called: `VS Code (zsh -i -l -c)`.
    pub fn name(&self) -> String {
        let way = (self.editor.way)(self.shell.name());
        format!("{} ({} {})", self.editor.name, self.shell.name(), way.args.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(editor: &str, shell: &str) -> String {
        let editor = EDITORS.iter().find(|known| known.name == editor).unwrap();
        let way = (editor.way)(shell);
        format!("{} {}", way.argv0.unwrap_or(shell), way.args.join(" "))
    }

    #[test]
    fn the_command_lines_of_editors() {
        for (editor, shell, wanted) in [
            ("VS Code", "zsh", "zsh -i -l -c"),
            ("VS Code", "tcsh", "tcsh -ic"),
            ("VS Code", "csh", "csh -ic"),
            ("JetBrains IDEs", "bash", "bash -l -i -c"),
            ("JetBrains IDEs", "tcsh", "tcsh -i -c"),
            ("JetBrains IDEs", "fish", "fish -l -c"),
            ("Zed", "fish", "fish -l -i -c"),
            ("Zed", "csh", "- -i -c"),
            ("Emacs", "csh", "csh -d -c"),
            ("dev containers", "bash", "bash -lic"),
        ] {
            assert_eq!(line(editor, shell), wanted, "{editor}");
        }
    }

    #[test]
    fn how_long_they_wait() {
        let wait = |name: &str| EDITORS.iter().find(|editor| editor.name == name).unwrap().limit.as_secs();
        assert_eq!((wait("VS Code"), wait("JetBrains IDEs")), (10, 20));
    }
}
