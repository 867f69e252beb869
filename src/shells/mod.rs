//! PURE: what each shell is: its startup files, its quoting, its block. One file a shell.
//!
//! Adding a shell is one file here, at most one template in `templates/`, and one line in the registry below.
//! Which file a shell reads when was measured with real shells; the source of each rule stands beside it.

pub mod posix;
pub mod template;

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use crate::text::fence;

macro_rules! shells {
    ($($module:ident::$shell:ident),* $(,)?) => {
        $(mod $module;)*
        /// Every shell that we support.
        pub static ALL: &[&dyn Shell] = &[$(&$module::$shell),*];
    };
}

shells![zsh::Zsh, bash::Bash, sh::Sh];

/// The supported shell that is called `name` (`dash` is `sh`).
pub fn by_name(name: &str) -> Option<&'static dyn Shell> {
    ALL.iter().copied().find(|shell| shell.names().contains(&name))
}

/// How a shell is started: what decides which startup files it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaunchMode {
    /// `-l -i`, or `argv[0]` with a dash: a macOS terminal, tmux, ssh, a console.
    LoginInteractive,
    /// `-i`: a Linux terminal.
    Interactive,
    /// `-l -c`: a login shell that runs one command.
    Login,
    /// `-c` under sshd; bash treats it apart.
    SshCommand,
}

impl LaunchMode {
    /// The name for messages and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LoginInteractive => "login-interactive",
            Self::Interactive => "interactive",
            Self::Login => "login",
            Self::SshCommand => "ssh-command",
        }
    }
}

/// The folders in which shells look for startup files.
#[derive(Clone, Debug)]
pub struct Places {
    /// The home folder.
    pub home: PathBuf,
    /// Where zsh looks: `$ZDOTDIR`, or home.
    pub zdotdir: PathBuf,
    /// How that was found out, where it is not simply home.
    pub zdotdir_note: Option<String>,
}

impl Places {
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

/// A startup file that the plan writes, and why this one.
#[derive(Clone, Debug)]
pub struct Target {
    /// The name that the shell opens.
    pub path: PathBuf,
    /// What its block sets.
    pub holds: Holds,
    /// The launch modes in which the shell reads it.
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
    /// Whether the shell would find something at a path: anything but nothing and a link to nothing.
    pub occupied: &'a dyn Fn(&Path) -> bool,
}

/// The settings that a block carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// The folder with the `go` command, for PATH; `None` where a version manager brings Go.
    pub go: Option<PathBuf>,
    /// Whether GOROOT, the parent of `go`, is exported.
    pub goroot: bool,
    /// GOPATH: a list separated by `:`.
    pub gopath: OsString,
}

/// What a block was found to carry; `None` where it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// The folder with the `go` command.
    pub go: Option<PathBuf>,
    /// Whether GOROOT is exported.
    pub goroot: bool,
    /// GOPATH.
    pub gopath: Option<OsString>,
}

/// A shell. The defaults are those of the POSIX family.
pub trait Shell: Sync {
    /// Its name, which is also the program's name.
    fn name(&self) -> &'static str;

    /// Every name that means this shell, in `--shell` and as `argv[0]`.
    fn names(&self) -> &'static [&'static str];

    /// Wide to clean: every startup file of this shell in which a block of ours could stand.
    fn files(&self, places: &Places) -> Vec<PathBuf>;

    /// Narrow to write: the files that get a block.
    fn targets(&self, look: &Look) -> Targets;

    /// Options that make it parse a script from standard input without running it.
    fn syntax_check(&self) -> &'static [&'static str];

    /// Whether what it wrote to standard error says that the script does not parse.
    fn is_syntax_error(&self, stderr: &[u8]) -> bool {
        let words = stderr.to_ascii_lowercase();
        ["syntax error", "parse error", "unexpected", "unmatched", "unterminated"]
            .iter()
            .any(|word| words.windows(word.len()).any(|window| window == word.as_bytes()))
    }

    /// The template of its block.
    fn template(&self, _holds: Holds) -> &'static str {
        posix::TEMPLATE
    }

    /// What begins a comment line.
    fn comment(&self) -> &'static [u8] {
        b"#"
    }

    /// Why this shell cannot carry a value, if it cannot.
    fn cannot_carry(&self, _value: &[u8]) -> Option<&'static str> {
        None
    }

    /// A path as a word of this shell, for a command line to copy.
    fn word(&self, path: &Path, home: &Path) -> Vec<u8> {
        posix::quote_path(path.as_os_str().as_bytes(), home, "$HOME")
    }

    /// The command that reads a startup file into the running shell.
    fn source(&self, path: &Path, home: &Path) -> Vec<u8> {
        [b". ", &self.word(path, home)[..]].concat()
    }

    /// The body of the block, in whole lines.
    fn body(&self, values: &Values, holds: Holds, home: &Path) -> Vec<u8> {
        let go = values.go.as_deref();
        let mut parts = Vec::new();
        if let Some(go) = go {
            parts.push("go");
            // The system's own folders stay where they are: in front they would hide the user's.
            if go != Path::new("/usr/bin") && go != Path::new("/bin") {
                parts.push("front");
            }
            if values.goroot {
                parts.push("goroot");
            }
        }
        let go = go.map(|go| posix::quote_path(go.as_os_str().as_bytes(), home, "${HOME-}"));
        let gopath = posix::quote_list(values.gopath.as_bytes(), home);
        template::render(self.template(holds), &[("go", go), ("gopath", Some(gopath))], &parts)
    }

    /// What the body of a block sets.
    fn holds(&self, body: &[u8]) -> Holds {
        let sets_path = body.windows(11).any(|window| window == b"export PATH");
        if sets_path { Holds::All } else { Holds::Variables }
    }

    /// Reads the settings back from the body of a block, also one that an older version wrote.
    fn carried(&self, body: &[u8], home: &Path) -> Carried {
        let value = |hole: &str| {
            let leads = [Holds::All, Holds::Variables]
                .into_iter()
                .flat_map(|holds| template::leads(self.template(holds), hole));
            leads.into_iter().find_map(|lead| {
                fence::lines(body).find_map(|line| {
                    let word = body[line].trim_ascii_start().strip_prefix(lead.as_bytes())?;
                    posix::unquote(word, home).map(OsString::from_vec)
                })
            })
        };
        Carried {
            go: value("go").map(PathBuf::from),
            goroot: body.windows(7).any(|window| window == b"GOROOT="),
            gopath: value("gopath"),
        }
    }
}

#[cfg(test)]
mod tests;
