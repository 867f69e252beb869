//! A machine for real shells to start on: a file in every place where some shell might look, each of which says, when
//! it is read, that it was.
//!
//! The files of `/etc` lie in a folder of the test that only its shells see there, by a mount of their own. The home
//! holds the files of every shell at once. Each holds one line that every shell understands.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use goenv_setup::shells::{self, Dialect, LaunchMode, Look, Places, Program, Reach, Shell};

use crate::support::{Home, Ran, find, private_mounts};

/// Names that look as if some shell read them, beside those that the model knows. `.cshdirs` and `.history` are not
/// among them: tcsh keeps its own state there.
const TRAPS: [&str; 52] = [
    ".ashrc",
    ".bash_login",
    ".bash_logout",
    ".bash_profile",
    ".bashrc",
    ".config/bash/bashrc",
    ".config/fish/conf.d/00-trap.sh",
    ".config/fish/config.fish",
    ".config/ksh/kshrc",
    ".config/yash/profile",
    ".config/yash/rc",
    ".config/zsh/.zshenv",
    ".config/zsh/.zshrc",
    ".cshrc",
    ".dashrc",
    ".environment",
    ".fishrc",
    ".kshrc",
    ".login",
    ".logout",
    ".mkshrc",
    ".profile",
    ".rc",
    ".shinit",
    ".shrc",
    ".tcshrc",
    ".yash_logout",
    ".yash_profile",
    ".yashrc",
    ".zlogin",
    ".zlogout",
    ".zprofile",
    ".zshenv",
    ".zshrc",
    "/etc/bash.bash_logout",
    "/etc/bash.bashrc",
    "/etc/bashrc",
    "/etc/csh.cshrc",
    "/etc/csh.login",
    "/etc/csh.logout",
    "/etc/csh/login.d/trap",
    "/etc/fish/config.fish",
    "/etc/ksh.kshrc",
    "/etc/kshrc",
    "/etc/mkshrc",
    "/etc/profile",
    "/etc/profile.d/trap.sh",
    "/etc/suid_profile",
    "/etc/tcsh.tcshrc",
    "/etc/yashrc",
    "/etc/zprofile",
    "/etc/zshenv",
];

/// What shells and the programs before them need of `/etc`.
const NEEDED: [&str; 5] = ["group", "ld.so.cache", "ld.so.conf", "localtime", "nsswitch.conf"];

/// What begins our lines of the log. A busybox that is built so writes its banner there, too.
const MARK: &str = "read:";

/// The line of the command, which comes after the startup files.
const DONE: &str = "done";

/// The line of the command where the shell is an interactive one.
const INTERACTIVE: &str = "interactive";

/// How the mounts are made that only one program sees; `$1` becomes `/etc`.
const UNDER: &str = r#"mount --bind "$1" /etc && shift && exec "$@""#;

/// How a program gets a file as its standard input.
const TYPED: &str = r#"exec "$@" <"$0""#;

/// The stage.
pub(super) struct Stage {
    pub(super) home: Home,
    /// The words before a command that gives it the `/etc` of this stage, if this process may do that.
    mounts: Option<Vec<OsString>>,
    log: PathBuf,
    /// What else runs before the shell.
    pub(super) leader: Vec<OsString>,
}

impl Stage {
    /// Every candidate place is taken.
    pub(super) fn new() -> Self {
        let home = Home::with_go();
        let log = home.beside("log");
        let mut stage = Self { mounts: None, log, leader: Vec::new(), home };
        for path in stage.candidates() {
            stage.put(&path);
        }
        let etc = stage.home.beside("etc");
        for name in NEEDED {
            if let Ok(bytes) = fs_err::read(Path::new("/etc").join(name)) {
                fs_err::write(etc.join(name), bytes).expect("a new file");
            }
        }
        // Which program stands behind a name in Debian's /usr/bin.
        fs_err::create_dir(etc.join("alternatives")).expect("a new folder");
        for link in fs_err::read_dir("/etc/alternatives").into_iter().flatten().flatten() {
            let Ok(target) = fs_err::read_link(link.path()) else { continue };
            let link = etc.join("alternatives").join(link.file_name());
            fs_err::os::unix::fs::symlink(target, link).expect("a new link");
        }
        // Shells that are started without HOME look there.
        let passwd = format!("root:x:0:0:root:{}:/bin/sh\n", stage.at("").display());
        fs_err::write(etc.join("passwd"), passwd).expect("a new file");
        stage.mounts = private_mounts(&stage.home).map(|unshare| {
            let under = unshare.iter().copied().chain(["sh", "-c", UNDER, "under"]).map(OsString::from);
            under.chain([etc.into_os_string()]).collect()
        });
        stage
    }

    /// Whether the shells see this stage's `/etc`.
    pub(super) fn has_etc(&self) -> bool {
        self.mounts.is_some()
    }

    /// A path in the home.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.home.path(name)
    }

    /// Every place where a file says that it was read.
    fn candidates(&self) -> BTreeSet<PathBuf> {
        let plain = Places::plain(&self.at(""));
        let places = [
            Places { zsh_etc: "/etc".into(), env_file: Some(self.at(".env-file")), ..plain.clone() },
            Places { zdotdir: self.at("zdot"), zshenv_folder: self.at("zdot"), ..plain.clone() },
            Places { config_home: self.at("xdg"), csh_is_tcsh: true, ..plain },
        ];
        let mut candidates: BTreeSet<PathBuf> = TRAPS.iter().map(|trap| self.at("").join(trap)).collect();
        candidates.insert(self.at("bash-env"));
        for (places, shell) in places.iter().flat_map(|places| shells::ALL.iter().map(move |shell| (places, shell))) {
            candidates.extend(shell.files(places));
            for (program, mode) in starts(*shell) {
                for occupied in [true, false] {
                    candidates.extend(shell.reads(program, mode, &look(places, &|_| occupied)));
                }
            }
        }
        candidates.retain(|path| path.starts_with("/etc") || path.starts_with(self.at("")));
        candidates
    }

    /// Where a path lies for us.
    fn staged(&self, path: &Path) -> PathBuf {
        path.strip_prefix("/etc").map_or_else(|_| path.to_owned(), |rest| self.home.beside("etc").join(rest))
    }

    fn line(&self, path: &Path) -> String {
        format!("echo '{MARK}{}' >>'{}'\n", path.display(), self.log.display())
    }

    /// Puts a file there that says so when it is read.
    pub(super) fn put(&self, path: &Path) {
        self.put_with(path, "");
    }

    /// The same, with more lines behind.
    pub(super) fn put_with(&self, path: &Path, more: &str) {
        let staged = self.staged(path);
        fs_err::create_dir_all(staged.parent().expect("a file is in a folder")).expect("a new folder");
        fs_err::write(staged, self.line(path) + more).expect("a new file");
    }

    /// Takes a file away again, in whichever form it is there.
    pub(super) fn take(&self, path: &Path) {
        let staged = self.staged(path);
        if staged.is_dir() {
            fs_err::remove_dir(staged).expect("an empty folder");
        } else if fs_err::symlink_metadata(&staged).is_ok() {
            fs_err::remove_file(staged).expect("a file of ours");
        }
    }

    /// Whether a shell that reads this file says so.
    pub(super) fn speaks(&self, path: &Path) -> bool {
        let seen = self.has_etc() || path.starts_with(self.at(""));
        let staged = self.staged(path);
        // Whoever runs the tests may be able to read everything, but not the shell.
        let readable = fs_err::metadata(&staged).is_ok_and(|meta| meta.is_file() && meta.mode() & 0o400 != 0);
        let text = || fs_err::read(&staged).is_ok_and(|bytes| bytes.starts_with(self.line(path).as_bytes()));
        seen && readable && text()
    }

    /// Which of the files the model says are read, in order.
    pub(super) fn told(&self, shell: &dyn Shell, program: &Program, mode: LaunchMode, places: &Places) -> Vec<PathBuf> {
        self.told_as(shell, program, mode, places, |_| true)
    }

    /// The same, where some files count as if they were not there.
    pub(super) fn told_as(
        &self,
        shell: &dyn Shell,
        program: &Program,
        mode: LaunchMode,
        places: &Places,
        counts: impl Fn(&Path) -> bool,
    ) -> Vec<PathBuf> {
        let occupied = |path: &Path| counts(path) && self.staged(path).exists();
        let mut told = shell.reads(program, mode, &look(places, &occupied));
        told.retain(|path| self.speaks(path));
        told
    }

    /// Which of the files the real shell reads, in order. `env`: what is set, or unset, for this start alone.
    #[track_caller]
    pub(super) fn read(
        &self,
        shell: &dyn Shell,
        program: &Program,
        mode: LaunchMode,
        env: &[(&str, Option<&str>)],
    ) -> Vec<PathBuf> {
        let start = shell.start(program, mode).expect("a launch mode of this shell");
        // `env` looks for the name on PATH, and that name is what the shell is told that it is called.
        let name = format!("{}{}", if start.dash { "-" } else { "" }, program.argv0);
        let names = self.home.beside("names").join(program.file);
        let link = names.join(&name);
        if !link.exists() {
            fs_err::create_dir_all(&names).expect("a new folder");
            fs_err::os::unix::fs::symlink(find(program.file).expect("it is installed"), link).expect("a new link");
        }
        let mut variables = vec![
            ("HOME", Some(self.at("").display().to_string())),
            ("LANG", Some("C.UTF-8".into())),
            ("PATH", Some(format!("{}:/usr/bin:/bin", names.display()))),
            ("TERM", Some("xterm".into())),
        ];
        variables.extend(start.env.iter().map(|(name, value)| (*name, Some((*value).to_owned()))));
        for (name, value) in env {
            variables.retain(|(known, _)| known != name);
            variables.push((name, value.map(str::to_owned)));
        }
        let interactive = format!("echo {MARK}{INTERACTIVE} >>'{}'", self.log.display());
        let interactive = match shell.dialect() {
            Dialect::Posix => format!("case $- in *i*) {interactive} ;; esac"),
            Dialect::Csh => format!("if ($?prompt) {interactive}"),
            Dialect::Fish => format!("status is-interactive; and {interactive}"),
        };
        let command = format!("{interactive}\necho {MARK}{DONE} >>'{}'\n", self.log.display());
        // Without `-c`, a shell takes its commands from standard input.
        let typed = !start.args.contains(&"-c");
        let input = self.home.beside("input");
        fs_err::write(&input, &command).expect("a new file");

        let mut words = self.mounts.clone().unwrap_or_default();
        words.extend(self.leader.iter().cloned());
        if typed {
            words.extend(["sh", "-c", TYPED].map(OsString::from));
            words.push(input.into());
        }
        words.extend(["env", "-i"].map(OsString::from));
        words.extend(variables.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?).into())));
        words.push(name.into());
        words.extend(start.args.iter().map(OsString::from));
        if !typed {
            words.push(command.into());
        }

        // csh's `noclobber` wants it to be there.
        fs_err::write(&self.log, "").expect("a new file");
        let ran = Ran::of(&self.home.command(&words[0], &words[1..]));
        let log = fs_err::read_to_string(&self.log).expect("text");
        let mut lines = log.lines().filter_map(|line| line.strip_prefix(MARK));
        let mut read: Vec<PathBuf> = lines.by_ref().take_while(|line| *line != DONE).map(PathBuf::from).collect();
        assert!(
            log.contains(&format!("{MARK}{DONE}\n")),
            "{} did not get so far; read: {read:?}\n{ran}",
            program.label
        );
        let late: Vec<_> = lines.filter(|line| !line.contains("logout")).collect();
        assert!(late.is_empty(), "{} read {late:?} after the command\n{ran}", program.label);
        let interactive = read.pop_if(|line| *line == Path::new(INTERACTIVE)).is_some();
        let wanted = matches!(mode, LaunchMode::LoginInteractive | LaunchMode::Interactive);
        assert_eq!(interactive, wanted, "{} is interactive, in {}\n{ran}", program.label, mode.name());
        read
    }
}

/// The programs of a shell and the launch modes that each has.
pub(super) fn starts(shell: &dyn Shell) -> impl Iterator<Item = (&'static Program, LaunchMode)> {
    let programs = shell.programs().iter();
    let all = programs.flat_map(|program| LaunchMode::ALL.map(|mode| (program, mode)));
    all.filter(move |(program, mode)| shell.start(program, *mode).is_some())
}

fn look<'a>(places: &'a Places, occupied: &'a dyn Fn(&Path) -> bool) -> Look<'a> {
    Look { places, login: false, reach: Reach::default(), occupied }
}
