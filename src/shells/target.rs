//! Startup files: where shells look for them, and which of them get a block.

use std::path::{Path, PathBuf};

use super::{ALL, LaunchMode, Reach};

/// What the variable `ENV` holds. Shells do not agree on how they expand it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EnvVar {
    /// Nothing: there is no such variable.
    #[default]
    Unset,
    /// The empty string.
    Empty,
    /// The name of a file, to the letter.
    Literal,
    /// The name of a file, with `$HOME` in it.
    Expanded,
    /// Something that only the shell can tell.
    Unclear,
}

/// The folders and files in which shells look for startup files.
#[derive(Clone, Debug)]
pub struct Places {
    /// The home folder.
    pub home: PathBuf,
    /// Where zsh looks: `$ZDOTDIR`, or home.
    pub zdotdir: PathBuf,
    /// How that was found out, where it is not simply home.
    pub zdotdir_note: Option<String>,
    /// The folder of the `.zshenv` that a fresh zsh reads: home, unless something before it has set ZDOTDIR.
    pub zshenv_folder: PathBuf,
    /// Where zsh looks for the system's files: `/etc/zsh` on Debian, else `/etc`.
    pub zsh_etc: PathBuf,
    /// Where fish looks: `$XDG_CONFIG_HOME`, or `.config` in the home.
    pub config_home: PathBuf,
    /// Where fish keeps its history: `$XDG_DATA_HOME`, or `.local/share` in the home.
    pub data_home: PathBuf,
    /// The file that `ENV` names: what interactive POSIX shells read.
    pub env_file: Option<PathBuf>,
    /// How it names it.
    pub env: EnvVar,
    /// Whether `csh` is tcsh under another name, as on macOS.
    pub csh_is_tcsh: bool,
}

impl Places {
    /// Those of a home in which nothing is out of the ordinary.
    pub fn plain(home: &Path) -> Self {
        Self {
            home: home.to_owned(),
            zdotdir: home.to_owned(),
            zdotdir_note: None,
            zshenv_folder: home.to_owned(),
            zsh_etc: PathBuf::from("/etc/zsh"),
            config_home: home.join(".config"),
            data_home: home.join(".local/share"),
            env_file: None,
            env: EnvVar::Unset,
            csh_is_tcsh: false,
        }
    }

    /// Whether any shell of ours reads this file in some launch mode.
    pub fn is_startup_file(&self, path: &Path) -> bool {
        ALL.iter().any(|shell| shell.files(self).iter().any(|file| file == path))
    }
}

/// What a block sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// GOROOT and GOPATH.
    Variables,
    /// GOROOT, GOPATH and PATH.
    All,
}

impl Holds {
    /// The words for messages.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Variables => "GOROOT and GOPATH",
            Self::All => "GOROOT, GOPATH and PATH",
        }
    }
}

/// Where in a startup file the block goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// At the end, as far as it is reached.
    #[default]
    End,
    /// Above the first line that may end the file early, such as a test for an interactive shell; else at the end.
    AboveGuard,
    /// At the top: above everything that may end the file early.
    Top,
}

/// A startup file that the plan writes, and why this one.
#[derive(Clone, Debug)]
pub struct Target {
    /// The name that the shell opens.
    pub path: PathBuf,
    /// What its block sets.
    pub holds: Holds,
    /// Where in the file it goes.
    pub spot: Spot,
    /// The launch modes in which the shell reads the file as far as the block.
    pub modes: &'static [LaunchMode],
    /// Why this file, as a sentence without a full stop.
    pub why: String,
}

/// The startup files to write for a shell, and what the user should know of the choice.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// The files, in the order in which the shell reads them.
    pub files: Vec<Target>,
    /// What is not covered, and why.
    pub notes: Vec<String>,
}

/// What is asked of the user's files when a shell chooses its targets.
pub struct Look<'a> {
    /// The folders.
    pub places: &'a Places,
    /// Whether this user's terminals start login shells.
    pub login: bool,
    /// Which launch modes are wished for.
    pub reach: Reach,
    /// Whether the shell would find something at a path: anything but nothing and a link to nothing.
    pub occupied: &'a dyn Fn(&Path) -> bool,
}

impl Look<'_> {
    /// Where in a login file the block goes: a login shell that nobody types into may leave the file early.
    pub fn login_spot(&self) -> Spot {
        if self.reach >= Reach::Login { Spot::AboveGuard } else { Spot::End }
    }
}
