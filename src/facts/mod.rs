//! READ edge: what is true of this machine and user, gathered once, without changing anything, as plain data.

mod ask;
pub mod go;
mod keeper;
pub mod process;
#[cfg(test)]
mod scratch;
pub mod snapshot;
pub mod user;
pub mod zdotdir;

use std::path::{Path, PathBuf};

pub use go::{GoDir, GoFacts};
pub use process::Process;
pub use snapshot::{FileState, Meta, Snapshot};
pub use user::{User, UserError};

use crate::shells::{self, Places, Shell};

/// The operating system's habits, as far as they differ for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// macOS: terminals start login shells, `path_helper` reorders PATH.
    MacOs,
    /// Linux and everything else: terminals start shells that are not login shells.
    Linux,
}

impl Platform {
    /// The platform that this program was built for.
    pub const HERE: Self = if cfg!(target_os = "macos") { Self::MacOs } else { Self::Linux };

    /// Whether terminals start login shells here by habit.
    pub const fn terminals_log_in(self) -> bool {
        matches!(self, Self::MacOs)
    }
}

/// The environment variables that we look at, as bytes; an empty variable counts as unset.
#[derive(Clone, Debug, Default)]
pub struct Env {
    /// `SHELL`: the login shell, by convention.
    pub shell: Option<PathBuf>,
    /// `ZDOTDIR`: where zsh looks for its startup files.
    pub zdotdir: Option<PathBuf>,
    /// Where programs keep what they remember: `$XDG_STATE_HOME` or `~/.local/state`; on macOS
    /// `~/Library/Application Support`.
    pub state_home: Option<PathBuf>,
    /// `GOROOT`.
    pub goroot: Option<PathBuf>,
    /// `GOPATH`, a list separated by `:`.
    pub gopath: Option<std::ffi::OsString>,
    /// `PATH`, a list separated by `:`.
    pub path: Option<std::ffi::OsString>,
    /// Version managers that were told where to live, and where.
    pub managers: Vec<(&'static str, PathBuf)>,
    /// Whether `NO_COLOR` is set (no-color.org).
    pub no_color: bool,
    /// Whether `CLICOLOR_FORCE` is set, and not to 0 (bixense.com/clicolors).
    pub force_color: bool,
    /// Whether `TERM` says that the terminal knows no colour.
    pub dumb_terminal: bool,
}

/// The variables that tell version managers where to live.
const MANAGERS: &[(&str, &str)] = &[
    ("mise", "MISE_DATA_DIR"),
    ("asdf", "ASDF_DATA_DIR"),
    ("asdf", "ASDF_DIR"),
    ("goenv", "GOENV_ROOT"),
    ("gvm", "GVM_ROOT"),
];

impl Env {
    /// Reads the environment. An empty variable counts as unset, as it does for Go and most shells; a relative path stays one.
    pub fn gather() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place where these variables are read")]
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            shell: variable("SHELL").map(PathBuf::from),
            zdotdir: variable("ZDOTDIR").map(PathBuf::from),
            // macOS has no state folder of its own.
            state_home: dirs::state_dir().or_else(dirs::data_dir),
            goroot: variable("GOROOT").map(PathBuf::from),
            gopath: variable("GOPATH"),
            path: variable("PATH"),
            managers: MANAGERS
                .iter()
                .filter_map(|(name, root)| Some((*name, PathBuf::from(variable(root)?))))
                .filter(|(_, root)| root.is_absolute() && root.parent().is_some())
                .collect(),
            no_color: variable("NO_COLOR").is_some(),
            force_color: variable("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb_terminal: variable("TERM").is_none_or(|term| term == "dumb"),
        }
    }
}

/// A file that an earlier run changed, from its receipt: one that `--file` named, or one in which no shell looks now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The file.
    pub path: PathBuf,
    /// The name of the shell whose block it was.
    pub shell: String,
    /// Whether `--file` named it.
    pub named: bool,
}

/// Everything that a plan is made from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The operating system's habits.
    pub platform: Platform,
    /// Who, and where home is.
    pub user: User,
    /// The environment.
    pub env: Env,
    /// The processes that started us, the parent first.
    pub parents: Vec<Process>,
    /// Where shells look for startup files.
    pub places: Places,
    /// Every file in which a block of ours could stand: each shell's startup files, then those asked for and remembered.
    pub files: Vec<Snapshot>,
    /// Files of earlier runs, as far as they are not simply the shells' own.
    pub remembered: Vec<Remembered>,
    /// Where Go is.
    pub go: GoFacts,
}

impl Facts {
    /// Looks at everything. `asked`: files of `--file`; `remembered`: files of earlier runs, from their receipts.
    pub fn gather(user: User, env: Env, places: Places, asked: &[PathBuf], remembered: &[Remembered]) -> Self {
        let mut paths: Vec<PathBuf> = Vec::new();
        let startup_files: Vec<PathBuf> = shells::ALL.iter().flat_map(|shell| shell.files(&places)).collect();
        for path in startup_files.iter().chain(asked).chain(remembered.iter().map(|file| &file.path)) {
            if !paths.contains(path) {
                paths.push(path.clone());
            }
        }
        let files = paths.iter().map(|path| snapshot::take(path, &user)).collect();
        let go = go::gather(env.path.as_deref(), &user.home, Platform::HERE, &[]);
        let parents = process::ancestors();
        let remembered =
            remembered.iter().filter(|file| file.named || !startup_files.contains(&file.path)).cloned().collect();
        Self { platform: Platform::HERE, user, env, parents, places, files, remembered, go }
    }

    /// Looks at these folders too, whether or not Go is there.
    pub fn look_at(&mut self, folders: &[PathBuf]) {
        self.go.asked.extend(folders.iter().map(|folder| go::look(folder)));
    }

    /// The snapshot of a file, if it was looked at.
    pub fn find(&self, path: &Path) -> Option<&Snapshot> {
        self.files.iter().find(|file| file.asked == path)
    }

    /// The snapshot of a file; one that was not looked at counts as missing.
    pub fn file(&self, path: &Path) -> Snapshot {
        self.find(path).cloned().unwrap_or_else(|| Snapshot::missing(path))
    }

    /// The shell whose startup file this is, or for which `--file` named it.
    pub fn shell_of(&self, path: &Path) -> &'static dyn Shell {
        let reads = |shell: &&&'static dyn Shell| shell.files(&self.places).iter().any(|file| file == path);
        let remembered = || self.remembered.iter().find(|file| file.path == path);
        let by_name = || shells::by_name(&remembered()?.shell);
        shells::ALL.iter().find(reads).copied().or_else(by_name).unwrap_or(shells::ALL[0])
    }
}

/// The folders in which this user's shells look for startup files.
pub fn places(user: &User, env: &Env) -> Places {
    let (zdotdir, zdotdir_note) = zdotdir::find(user, env);
    Places { home: user.home.clone(), zdotdir, zdotdir_note }
}

/// A path as given on the command line, made absolute.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// What the system says of a failure, as it stands in a sentence: `permission denied`.
pub(crate) fn words(error: &std::io::Error) -> String {
    let text = error.to_string();
    // fs_err puts what it did to which file in front, and shows the system's error in no other way.
    let text = text.rsplit_once("`: ").map_or(text.as_str(), |(_, system)| system);
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words() {
        let wrapped = fs_err::read("/nonexistent/file").unwrap_err();
        assert_eq!(
            wrapped.to_string(),
            "failed to open file `/nonexistent/file`: No such file or directory (os error 2)"
        );
        assert_eq!(words(&wrapped), "no such file or directory");
        assert_eq!(words(&std::io::Error::from_raw_os_error(13)), "permission denied");
        assert_eq!(words(&std::io::Error::other("Odd")), "odd");
    }
}
