//! READ edge: what is true of this machine and user, gathered once, without changing anything, as plain data.

mod ask;
pub mod contexts;
pub mod env_file;
pub mod go;
mod keeper;
mod ksh;
pub mod module;
pub mod path;
pub mod process;
#[cfg(test)]
mod scratch;
pub mod snapshot;
pub mod user;
pub mod zdotdir;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

pub use env_file::EnvFile;
pub use go::{GoDir, GoFacts};
pub use process::Process;
pub use snapshot::{FileState, Meta, Snapshot};
pub use user::{User, UserError};

use crate::plan::kinds::Landmarks;
use crate::plan::proxy::web;
use crate::plan::variables::KNOWN;
use crate::probe::{self, launch::Surroundings};
use crate::shells::{self, EnvVar, Places, Shell};
use crate::text::fence;

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

    /// PATH before any startup file: launchd's, or that of a Linux login (login.defs, `pam_env`).
    pub const fn first_path(self) -> &'static str {
        match self {
            Self::MacOs => "/usr/bin:/bin:/usr/sbin:/sbin",
            Self::Linux => "/usr/local/bin:/usr/bin:/bin",
        }
    }

    /// Whether terminals start login shells here by habit.
    pub const fn terminals_log_in(self) -> bool {
        matches!(self, Self::MacOs)
    }
}

/// The environment variables that we look at, as bytes; an empty variable counts as unset, but for `ZDOTDIR`.
#[derive(Clone, Debug, Default)]
pub struct Env {
    /// `SHELL`: the login shell, by convention.
    pub shell: Option<PathBuf>,
    /// `ZDOTDIR`: where zsh looks for its startup files. Empty it is not unset: zsh then looks in `/`.
    pub zdotdir: Option<PathBuf>,
    /// Where programs keep what they remember: `$XDG_STATE_HOME` or `~/.local/state`; on macOS
    /// `~/Library/Application Support`.
    pub state_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`: where fish looks for its startup files.
    pub config_home: Option<PathBuf>,
    /// `XDG_DATA_HOME`: where fish keeps its history.
    pub data_home: Option<PathBuf>,
    /// `ENV`: the startup file of interactive POSIX shells, as it stands there, not expanded; ksh93 takes one that is
    /// empty for another thing than none.
    pub env_file: Option<OsString>,
    /// `GOROOT`.
    pub goroot: Option<PathBuf>,
    /// `GOPATH`, a list separated by `:`.
    pub gopath: Option<OsString>,
    /// `GOBIN`.
    pub gobin: Option<OsString>,
    /// `GOENV`: the file of `go env -w`, or `off`.
    pub goenv: Option<PathBuf>,
    /// `PATH`, a list separated by `:`.
    pub path: Option<OsString>,
    /// The folders that stand for `$NAME` in the table of kinds: where version managers were told to live, and the like.
    pub go_folders: Vec<(&'static str, PathBuf)>,
    /// Variables that a new terminal has before any shell runs, as far as this process has them too.
    pub terminal: Vec<(OsString, OsString)>,
    /// Variables that say how Go gets modules, as far as this process has them. Some hold secrets.
    pub modules: Hidden,
    /// Go's own variables, as far as this process has them. Some hold secrets.
    pub own: Hidden,
    /// Variables by which a place where Go is started makes itself known, as far as this process has them.
    pub launchers: Hidden,
    /// Whether `NO_COLOR` is set (no-color.org).
    pub no_color: bool,
    /// Whether `CLICOLOR_FORCE` is set, and not to 0 (bixense.com/clicolors).
    pub force_color: bool,
    /// Whether `TERM` says that the terminal knows no colour.
    pub dumb_terminal: bool,
}

/// Variables of which some hold secrets: only the names are ever shown.
#[derive(Clone, Default)]
pub struct Hidden(Vec<(&'static str, OsString)>);

impl Hidden {
    /// Those of these variables that are set.
    fn of<'a>(names: impl Iterator<Item = &'a &'static str>, variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        Self(names.filter_map(|name| Some((*name, variable(name)?))).collect())
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_os_str())
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// What a session hands to a terminal: who and where, language, the desktop. Nothing that a shell sets for itself, so
/// that a start from here is like a start from there. The agent's socket keeps startup files from starting another.
const TERMINAL: &[&str] = &[
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "TERM",
    "ZDOTDIR",
    "ENV",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSH_AUTH_SOCK",
];

/// Go's own variables that say how it gets modules.
const MODULES: &[&str] =
    &["GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE", "GOFLAGS", "GOAUTH"];

/// What GitHub's runners, WSL, distrobox and toolbox set.
const LAUNCHERS: &[&str] = &["GITHUB_ACTIONS", "WSL_DISTRO_NAME", "CONTAINER_ID", "TOOLBOX_PATH"];

impl Env {
    /// Reads the environment. An empty variable counts as unset, as it does for Go and most shells; a relative path stays one.
    pub fn gather() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place where these variables are read")]
        let raw = |name: &str| std::env::var_os(name);
        let variable = |name: &str| raw(name).filter(|value| !value.is_empty());
        Self {
            shell: variable("SHELL").map(PathBuf::from),
            zdotdir: raw("ZDOTDIR").map(PathBuf::from),
            // macOS has no state folder of its own.
            state_home: dirs::state_dir().or_else(dirs::data_dir),
            config_home: variable("XDG_CONFIG_HOME").map(PathBuf::from),
            data_home: variable("XDG_DATA_HOME").map(PathBuf::from),
            env_file: raw("ENV"),
            goroot: variable("GOROOT").map(PathBuf::from),
            gopath: variable("GOPATH"),
            gobin: variable("GOBIN"),
            goenv: variable("GOENV").map(PathBuf::from),
            path: variable("PATH"),
            go_folders: go::folders_of(&variable),
            terminal: TERMINAL.iter().filter_map(|name| Some((name.into(), variable(name)?))).collect(),
            modules: Hidden::of(MODULES.iter().chain(web::VARIABLES), &variable),
            own: Hidden::of(KNOWN.iter(), &variable),
            launchers: Hidden::of(LAUNCHERS.iter(), &variable),
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
    /// What each program called `ksh` is, by the name of a shell: the installed one first, then other login shells and
    /// parents of that name.
    pub kshs: Vec<(PathBuf, &'static str)>,
    /// The shells' programs that are installed, by file name, and where.
    pub programs: Vec<(&'static str, PathBuf)>,
    /// The shells, by name, of which the user has a startup file of their own.
    pub in_use: Vec<&'static str>,
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
        let files: Vec<Snapshot> = paths.iter().map(|path| snapshot::take(path, &user)).collect();
        let mut go = go::gather(env.path.as_deref(), &user.home, &env.go_folders, Platform::HERE);
        go.env_file = env_file::gather(&user.home, &env, Platform::HERE);
        let parents = process::ancestors();
        let remembered =
            remembered.iter().filter(|file| file.named || !startup_files.contains(&file.path)).cloned().collect();
        let kshs = ksh::gather(&user, &env, &parents);
        let programs = programs(&user, &env, &kshs);
        let is_sign = |path: &PathBuf| path.exists() && !path.is_dir() && !is_ours_for_another(path, &files, &places);
        let in_use = shells::ALL.iter().filter(|shell| shell.signs(&places).iter().any(is_sign));
        let in_use = in_use.map(|shell| shell.name()).collect();
        Self { platform: Platform::HERE, user, env, parents, places, files, remembered, go, kshs, programs, in_use }
    }

    /// Looks at these folders too, whether or not Go is there; one that is a file is a script that a block loads.
    pub fn look_at(&mut self, folders: &[PathBuf]) {
        let (scripts, folders): (Vec<_>, Vec<_>) = folders.iter().partition(|path| go::is_script(path));
        self.go.scripts.extend(scripts.into_iter().cloned());
        let land = Landmarks { home: &self.user.home, variables: &self.env.go_folders, marks: &self.go.marks };
        let asked: Vec<GoDir> = folders.into_iter().map(|folder| go::look_at(folder, &land)).collect();
        self.go.asked.extend(asked);
    }

    /// Looks in the places too where nothing is chosen, to list what is there.
    pub fn look_everywhere(&mut self) {
        let land = Landmarks { home: &self.user.home, variables: &self.env.go_folders, marks: &self.go.marks };
        self.go.listed = go::list(self.env.path.as_deref(), &land, self.platform);
    }

    /// The snapshot of a file, if it was looked at.
    pub fn find(&self, path: &Path) -> Option<&Snapshot> {
        self.files.iter().find(|file| file.asked == path)
    }

    /// The snapshot of a file; one that was not looked at counts as missing.
    pub fn file(&self, path: &Path) -> Snapshot {
        self.find(path).cloned().unwrap_or_else(|| Snapshot::missing(path))
    }

    /// What surrounds a shell that is started as a new terminal would start it. TMUX is set, so that startup files which
    /// start tmux where there is none leave it.
    pub fn new_terminal(&self) -> Surroundings {
        let mut env = self.env.terminal.clone();
        // What the plan takes for not set: a relative one means another folder in each terminal.
        let folders = ["ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"];
        env.retain(|(name, value)| !folders.iter().any(|folder| name == folder) || Path::new(value).is_absolute());
        env.push(("HOME".into(), self.user.home.clone().into()));
        env.push(("PATH".into(), self.platform.first_path().into()));
        env.push(("TMUX".into(), "/nonexistent/goenv-setup,0,0".into()));
        // No terminal is dumb, and many a startup file ends early in one: that is an editor's, or none at all.
        env.retain(|(name, value)| name != "TERM" || value != "dumb");
        if !env.iter().any(|(name, _)| name == "TERM") {
            env.push(("TERM".into(), "xterm-256color".into()));
        }
        let folder = if self.user.home.is_dir() { self.user.home.clone() } else { PathBuf::from("/") };
        let made = shells::ALL.iter().flat_map(|shell| shell.makes(&self.places)).collect();
        Surroundings { env, folder, made }
    }

    /// Where a program of a shell is, if it is installed.
    pub fn program(&self, file: &str) -> Option<&Path> {
        self.programs.iter().find(|(name, _)| *name == file).map(|(_, path)| path.as_path())
    }

    /// The shell for which `--file` named a file, or whose startup file it is.
    pub fn shell_of(&self, path: &Path) -> &'static dyn Shell {
        let reads = |shell: &&&'static dyn Shell| shell.files(&self.places).iter().any(|file| file == path);
        let of_this = |file: &&Remembered| file.path == path;
        let named = self.remembered.iter().filter(of_this).find(|file| file.named);
        let known = || shells::by_name(&self.remembered.iter().find(of_this)?.shell);
        let named = named.and_then(|file| shells::by_name(&file.shell));
        named.or_else(|| shells::ALL.iter().find(reads).copied()).or_else(known).unwrap_or(shells::ALL[0])
    }
}

/// Whether a file that several shells read holds nothing but the block with which we created it: it shows no use of the
/// one for which it was not created.
pub fn is_ours_for_another(path: &Path, files: &[Snapshot], places: &Places) -> bool {
    let readers = shells::ALL.iter().filter(|shell| shell.files(places).iter().any(|file| file == path));
    let Some(bytes) = files.iter().find(|file| file.asked == path).and_then(Snapshot::bytes) else { return false };
    let found = fence::find(bytes, b"#");
    let created = found.blocks().iter().any(|block| block.undo.new > 0);
    created && readers.count() > 1 && fence::strip(bytes, found.blocks()).is_empty()
}

/// The shells' programs: where the user's own login shell is, there first; else where systems put them. Some systems have
/// a ksh under no other name than `ksh`.
fn programs(user: &User, env: &Env, kshs: &[(PathBuf, &'static str)]) -> Vec<(&'static str, PathBuf)> {
    let own: Vec<&Path> = [env.shell.as_deref(), user.passwd_shell.as_deref()].into_iter().flatten().collect();
    let find = |file: &'static str| {
        let own = own.iter().find(|shell| shell.is_absolute() && shell.ends_with(file) && probe::is_program(shell));
        let as_ksh = || kshs.iter().find(|(_, shell)| *shell == file).map(|(path, _)| path.clone());
        let elsewhere = || probe::which(file).or_else(as_ksh);
        Some((file, own.map_or_else(elsewhere, |shell| Some(shell.to_path_buf()))?))
    };
    let mut files: Vec<&str> =
        shells::ALL.iter().flat_map(|shell| shell.programs()).map(|program| program.file).collect();
    files.sort_unstable();
    files.dedup();
    files.into_iter().filter_map(find).collect()
}

/// The folders in which this user's shells look for startup files.
pub fn places(user: &User, env: &Env) -> Places {
    let (zdotdir, zdotdir_note) = zdotdir::find(user, env);
    let home = &user.home;
    let debian = Path::new("/etc/zsh");
    let env_names = env.env_file.as_deref().filter(|file| !file.is_empty());
    let env_file = env_names.and_then(|file| expand_home(file, home));
    Places {
        zshenv_folder: zdotdir::zshenv_folder(user, env, &zdotdir),
        zsh_etc: if debian.is_dir() { debian.to_owned() } else { PathBuf::from("/etc") },
        // A relative one means another folder in each terminal.
        config_home: env.config_home.clone().filter(|home| home.is_absolute()).unwrap_or_else(|| home.join(".config")),
        data_home: env.data_home.clone().filter(|home| home.is_absolute()).unwrap_or_else(|| home.join(".local/share")),
        env: match (&env.env_file, &env_file) {
            (None, _) => EnvVar::Unset,
            (Some(text), _) if text.is_empty() => EnvVar::Empty,
            (Some(text), Some(file)) if file.as_os_str() == text => EnvVar::Literal,
            (Some(_), Some(_)) => EnvVar::Expanded,
            (Some(_), None) => EnvVar::Unclear,
        },
        env_file,
        csh_is_tcsh: probe::which("csh").is_some_and(|csh| is_tcsh(&csh)),
        zdotdir,
        zdotdir_note,
        home: home.clone(),
    }
}

/// The file that `ENV` names. Shells expand it as a parameter (`$HOME/.shinit`), and some tildes too; what holds any other
/// expansion we do not guess at.
fn expand_home(file: &OsStr, home: &Path) -> Option<PathBuf> {
    let rest = [&b"$HOME/"[..], b"${HOME}/"].iter().find_map(|start| file.as_bytes().strip_prefix(*start));
    let file = rest.map_or_else(|| PathBuf::from(file), |rest| home.join(OsStr::from_bytes(rest)));
    (file.is_absolute() && !file.as_os_str().as_bytes().contains(&b'$')).then_some(file)
}

/// Whether this `csh` is tcsh: a link to it, or a second name of the same file.
fn is_tcsh(csh: &Path) -> bool {
    let by_name = fs_err::canonicalize(csh).is_ok_and(|real| real.ends_with("tcsh"));
    let same = |tcsh: PathBuf| {
        let (Ok(csh), Ok(tcsh)) = (fs_err::metadata(csh), fs_err::metadata(tcsh)) else { return false };
        (csh.dev(), csh.ino()) == (tcsh.dev(), tcsh.ino())
    };
    by_name || probe::which("tcsh").is_some_and(same)
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
