//! Apple's system files, laid over the real ones by mounts that only the shells of one test see, and shells that are
//! started within each other there.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::Path;

use crate::support::{Home, Ran, find, private_mounts};

/// `/etc/zprofile` of macOS.
const ZPROFILE: &str = "\
# System-wide profile for interactive zsh(1) login shells.

# Setup user specific overrides for this in ~/.zprofile. See zshbuiltins(1)
# and zshoptions(1) for more details.

if [ -x /usr/libexec/path_helper ]; then
	eval `/usr/libexec/path_helper -s`
fi
";

/// The part of macOS's `/etc/zshrc` that is about what other shells inherit.
const ZSHRC: &str = "\
# System-wide profile for interactive zsh(1) shells.

if [[ \"$(locale LC_CTYPE 2>/dev/null)\" == \"UTF-8\" ]]; then
    setopt COMBINING_CHARS
fi
disable log
HISTFILE=${ZDOTDIR:-$HOME}/.zsh_history
HISTSIZE=2000
SAVEHIST=1000
PS1=\"%n@%m %1~ %# \"
";

/// `/etc/profile` of macOS.
const PROFILE: &str = "\
# System-wide .profile for sh(1)

if [ -x /usr/libexec/path_helper ]; then
	eval `/usr/libexec/path_helper -s`
fi

if [ \"${BASH-no}\" != \"no\" ]; then
	[ -r /etc/bashrc ] && . /etc/bashrc
fi
";

const BASHRC: &str = "\
# System-wide .bashrc file for interactive bash(1) shells.
if [ -z \"$PS1\" ]; then
   return
fi

PS1='\\h:\\W \\u\\$ '
# Make bash check its window size after a process completes
shopt -s checkwinsize
";

/// `/etc/csh.cshrc` of macOS.
const CSH_CSHRC: &str = "\
# System-wide .cshrc file for csh(1).

if ( $?prompt ) then
	set promptchars = \"%#\"
	if ( $?tcsh ) then
		set prompt = \"[%m:%c3] %n%# \"
	else
		set prompt = \"`id -nu`@`hostname -s`% \"
	endif
endif
";

/// `/etc/csh.login` of macOS.
const CSH_LOGIN: &str = "\
# System-wide .login file for csh(1).

if ( -x /usr/libexec/path_helper ) then
	eval `/usr/libexec/path_helper -c`
endif
";

/// What Apple's program of this name does: `/etc/paths`, then the files of `/etc/paths.d` in the order of the numbers
/// that they start with, then what PATH was, each folder once.
const PATH_HELPER: &str = r#"#!/bin/sh
new=
add() { case ":$new:" in *":$1:"*) ;; *) new=${new:+$new:}$1 ;; esac; }
for list in /etc/paths $(ls /etc/paths.d | sort -n | sed "s|^|/etc/paths.d/|"); do
  while IFS= read -r line || [ -n "$line" ]; do
    [ -z "$line" ] || add "$line"
  done <"$list"
done
IFS=:
set -f
for folder in $PATH; do add "$folder"; done
case ${1-} in
-c) printf 'setenv PATH "%s";\n' "$new" ;;
*) printf 'PATH="%s"; export PATH;\n' "$new" ;;
esac
"#;

/// What launchd gives every program.
pub(super) const LAUNCHD: &str = "/usr/bin:/bin:/usr/sbin:/sbin";

const UNDER: &str = r#"mount --bind "$1/etc" /etc && mount --bind "$1/libexec" /usr/libexec && shift && exec "$@""#;

/// A shell tells what it has, and starts the next: `$STEPS` are the steps that are still to come.
///
/// A step is `login`, `i`, `l` or `c`, with `+` in front where a nix shell puts its own Go in front before.
const STEP: &str = r#"#!/bin/bash
number=$(ls "$OUT" | wc -l)
printf '%s\0' "${PATH+x$PATH}" "${GOROOT+x$GOROOT}" "$(command -v go)" >"$OUT/$((number + 1000))"
set -- $STEPS
[ $# -gt 0 ] || exit 0
step=$1
shift
export STEPS="$*"
case $step in +*) step=${step#+} PATH=$NIX:$PATH; export GOROOT=/nix/go ;; esac
dash=
args=()
case $step in
li) dash=- args=(-i) ;;
i) args=(-i) ;;
l) dash=- ;;
esac
[ "$CSH" = no ] || args=()
case $CSH,$step in
# csh takes no shell that has a -c for an interactive one.
yes,li | yes,i) exec -a "$dash$NAME_OF_SHELL" "$PROGRAM" <<<"$0" ;;
*) exec -a "$dash$NAME_OF_SHELL" "$PROGRAM" "${args[@]}" -c "$0" ;;
esac
"#;

/// A home, and a Mac around it.
pub(super) struct Stage {
    pub(super) home: Home,
    /// The words before a command that is to see Apple's files.
    mounts: Vec<OsString>,
}

/// What one shell saw.
pub(super) struct Level {
    pub(super) path: Vec<Vec<u8>>,
    pub(super) goroot: Vec<u8>,
    pub(super) go: Vec<u8>,
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [goroot, go] = [&self.goroot, &self.go].map(|value| value.escape_ascii());
        write!(f, "PATH={} GOROOT={goroot} go={go}", self.path.join(&b':').escape_ascii())
    }
}

impl Level {
    fn of(bytes: &[u8]) -> Self {
        let fields: Vec<&[u8]> = bytes.split(|byte| *byte == 0).collect();
        let value = |at: usize| fields[at].strip_prefix(b"x").unwrap_or_default();
        let path = value(0).split(|byte| *byte == b':').map(<[u8]>::to_vec).collect();
        Self { path, goroot: value(1).to_vec(), go: fields[2].to_vec() }
    }

    /// Where a folder stands on PATH.
    pub(super) fn at(&self, folder: &Path) -> Option<usize> {
        self.path.iter().position(|entry| entry == folder.as_os_str().as_encoded_bytes())
    }
}

impl Stage {
    /// `None`: this process may not make mounts of its own.
    pub(super) fn new() -> Option<Self> {
        let mut home = Home::new();
        let unshare = private_mounts(&home).filter(|_| Path::new("/usr/libexec").is_dir())?;
        let apple = home.beside("apple");
        // What else stands in /etc is needed: the user database, the names of programs.
        home.script(r#"mkdir "$TMPDIR/../apple"; cp -R /etc "$TMPDIR/../apple/etc" 2>/dev/null; rm -rf "$TMPDIR/../apple/etc/zsh" "$TMPDIR/../apple/etc/profile.d" "$TMPDIR/../apple/etc/bash.bashrc""#).ok();
        let old = home.beside("old").join("go/bin");
        let zsh = if Path::new("/etc/zsh").is_dir() { "zsh/" } else { "" };
        for (name, text) in [
            (&*format!("{zsh}zprofile"), ZPROFILE),
            (&format!("{zsh}zshrc"), ZSHRC),
            ("profile", PROFILE),
            ("bashrc", BASHRC),
            ("csh.cshrc", CSH_CSHRC),
            ("csh.login", CSH_LOGIN),
            ("paths", "/usr/local/bin\n/System/Cryptexes/App/usr/bin\n/usr/bin\n/bin\n/usr/sbin\n/sbin"),
            ("paths.d/100-rvictl", "/Library/Apple/usr/bin\n"),
            ("paths.d/9-old", &*format!("{}\n", old.display())),
            ("paths.d/10-cryptex", "/var/run/com.apple.security.cryptexd/codex.system/bootstrap/usr/local/bin\n"),
        ] {
            home.file(Path::new("../apple/etc").join(name), text);
        }
        home.file("../apple/libexec/path_helper", PATH_HELPER).mode("../apple/libexec/path_helper", 0o755);
        home.file("../step.sh", STEP);
        home.script(r#"cd "$TMPDIR/.." && cp step.sh step && chmod 755 step"#).ok();
        home.fake_go("sdk/go", "1.22.10");
        home.fake_go("../old/go", "1.20.14");
        home.fake_go("nix/store/go", "1.27.3");
        home.env("PATH", LAUNCHD);
        let under = unshare.iter().copied().chain(["sh", "-c", UNDER, "under"]).map(OsString::from);
        let mounts = under.chain([apple.into_os_string()]).collect();
        Some(Self { home, mounts })
    }

    /// What stands in front of everything else after a login: the system's folders, and that of another Go.
    pub(super) fn apple(&self) -> String {
        format!(
            "/usr/local/bin:/System/Cryptexes/App/usr/bin:/usr/bin:/bin:/usr/sbin:/sbin:{}:\
             /var/run/com.apple.security.cryptexd/codex.system/bootstrap/usr/local/bin:/Library/Apple/usr/bin",
            self.home.beside("old").join("go/bin").display()
        )
    }

    /// Whether `path_helper` has put its folders into this PATH, in its order.
    pub(super) fn was_helped(&self, level: &Level) -> bool {
        let apple: Vec<_> = self.apple().split(':').map(|folder| level.at(folder.as_ref())).collect();
        apple.is_sorted() && apple[0].is_some()
    }

    /// Our Go's folder.
    pub(super) fn bin(&self) -> std::path::PathBuf {
        self.home.path("sdk/go/bin")
    }

    /// The folder of the Go that a nix shell has in front.
    pub(super) fn nix(&self) -> std::path::PathBuf {
        self.home.path("nix/store/go/bin")
    }

    /// A command that sees Apple's files.
    pub(super) fn command(&self, program: impl AsRef<OsStr>, args: &[impl AsRef<OsStr>]) -> std::process::Command {
        let mut words = self.mounts.clone();
        words.push(program.as_ref().to_owned());
        words.extend(args.iter().map(|arg| arg.as_ref().to_owned()));
        self.home.command(find("unshare").expect("it made the mounts"), &words[1..])
    }

    /// Runs goenv-setup where Apple's files are.
    #[track_caller]
    pub(super) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(env!("CARGO_BIN_EXE_goenv-setup"), args))
    }

    /// Starts a shell by the first step, in it one by the second, and so on; gives what each saw.
    #[track_caller]
    pub(super) fn chain(&self, file: &str, argv0: &str, steps: &[&str]) -> Vec<Level> {
        let out = tempfile::tempdir_in(self.home.beside("tmp")).expect("a new folder");
        let mut command = self.command(self.home.beside("step"), &[""; 0]);
        let program = find(file).expect("it was asked for");
        command.env("OUT", out.path()).env("STEPS", steps.join(" ")).env("NIX", self.nix());
        command
            .env("PROGRAM", program)
            .env("NAME_OF_SHELL", argv0)
            .env("CSH", if file.ends_with("csh") { "yes" } else { "no" });
        let ran = Ran::of(&command);
        let levels = levels(out.path());
        // The first is from before any shell.
        assert_eq!(levels.len(), steps.len() + 1, "{file} {steps:?}\n{ran}");
        levels.into_iter().skip(1).collect()
    }
}

/// What was told in this folder, in this order.
pub(super) fn levels(folder: &Path) -> Vec<Level> {
    let mut files: Vec<_> =
        fs_err::read_dir(folder).expect("it is there").flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().map(|file| Level::of(&fs_err::read(file).expect("it is there"))).collect()
}
