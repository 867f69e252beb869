//! A home folder for one test.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::Permissions;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Ran, Tree, Tty};

/// A home folder in a temporary folder, and the environment of the programs that a test starts in it.
pub(crate) struct Home {
    root: TempDir,
    path: PathBuf,
    env: BTreeMap<OsString, OsString>,
}

impl Home {
    /// An empty home with a plain name.
    pub(crate) fn new() -> Self {
        Self::named(b"home")
    }

    /// An empty home with a name that may hold any byte but NUL and `/`, as far as the file system takes it.
    pub(crate) fn named(name: &[u8]) -> Self {
        let root = tempfile::Builder::new().prefix("goenv-setup-").tempdir().expect("a temporary folder");
        // macOS's temporary folder stands behind a link.
        let real = fs_err::canonicalize(root.path()).expect("the temporary folder is there");
        let path = real.join(OsStr::from_bytes(name));
        let tmp = real.join("tmp");
        fs_err::create_dir(&path).expect("a new folder");
        fs_err::create_dir(&tmp).expect("a new folder");
        let mut home = Self { root, path, env: BTreeMap::new() };
        home.env("HOME", home.path.clone()).env("TMPDIR", tmp).env("PATH", "/usr/bin:/bin");
        home.env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        home
    }

    /// An empty home but for a Go root in `opt/go`, whose `go` is the first on PATH.
    pub(crate) fn with_go() -> Self {
        Self::named_with_go(b"home")
    }

    /// The same, with a name as in [`Home::named`].
    pub(crate) fn named_with_go(name: &[u8]) -> Self {
        let mut home = Self::named(name);
        let mut path = home.fake_go("opt/go", "1.22.10").join("bin").into_os_string();
        path.push(":/usr/bin:/bin");
        home.env("PATH", path);
        home
    }

    /// Sets a variable for every program started from here on.
    pub(crate) fn env(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> &mut Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Takes a variable away from every program started from here on.
    pub(crate) fn unset(&mut self, name: &str) -> &mut Self {
        self.env.remove(OsStr::new(name));
        self
    }

    /// A path in this home, or the home itself for `""`.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        let relative = relative.as_ref();
        assert!(relative.is_relative(), "{} is not in the home", relative.display());
        // `join("")` would put a `/` at the end.
        if relative.as_os_str().is_empty() { self.path.clone() } else { self.path.join(relative) }
    }

    /// A path beside this home, in the folder that goes with it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// Makes a folder and those above it.
    pub(crate) fn dir(&self, relative: impl AsRef<Path>) -> &Self {
        fs_err::create_dir_all(self.path(relative)).expect("a new folder");
        self
    }

    /// Writes a file, which gets mode 0644 if it is new, and makes the folders above it.
    pub(crate) fn file(&self, relative: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(&relative);
        fs_err::create_dir_all(path.parent().expect("a file is in a folder")).expect("a new folder");
        let new = !path.exists();
        fs_err::write(path, bytes).expect("a new file");
        if new { self.mode(relative, 0o644) } else { self }
    }

    /// Sets the mode of a file or folder.
    pub(crate) fn mode(&self, relative: impl AsRef<Path>, mode: u32) -> &Self {
        fs_err::set_permissions(self.path(relative), Permissions::from_mode(mode)).expect("the mode can be set");
        self
    }

    /// Makes a symbolic link that holds `target` as it is given.
    pub(crate) fn link(&self, relative: impl AsRef<Path>, target: impl AsRef<Path>) -> &Self {
        let path = self.path(relative);
        fs_err::create_dir_all(path.parent().expect("a link is in a folder")).expect("a new folder");
        fs_err::os::unix::fs::symlink(target, path).expect("a new link");
        self
    }

    /// What a file holds, or nothing if it is not there.
    pub(crate) fn read(&self, relative: impl AsRef<Path>) -> Option<Vec<u8>> {
        match fs_err::read(self.path(relative)) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// Makes a Go root of files only, as the tool recognises one, whose `go` knows `version` and `env`; gives its path.
    pub(crate) fn fake_go(&self, relative: impl AsRef<Path>, version: &str) -> PathBuf {
        let root = relative.as_ref();
        self.dir(root.join("bin")).dir(root.join("pkg/tool")).dir(root.join("src/fmt"));
        self.file(root.join("VERSION"), format!("go{version}\ntime 2024-12-03T00:00:00Z\n"));
        let script = FAKE_GO.replace("@VERSION@", version).replace("@PLATFORM@", &platform());
        self.file(root.join("bin/go.sh"), script);
        // By `cp`: a program that this process has open for writing, or has just forked with, cannot be started.
        let bin = self.path(root.join("bin"));
        Ran::of(self.command("cp", &["go.sh", "go"]).current_dir(&bin)).ok();
        fs_err::remove_file(bin.join("go.sh")).expect("it was just written");
        self.mode(root.join("bin/go"), 0o755);
        self.path(root)
    }

    /// Tells a real Go, from 1.23 on, not to count. Otherwise it leaves a process of its own session behind, which writes
    /// into the home, even after the test has removed it.
    pub(crate) fn no_telemetry(&self) -> &Self {
        let config = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
        self.file(Path::new(config).join("go/telemetry/mode"), "off\n")
    }

    /// Everything in this home, to the byte.
    pub(crate) fn tree(&self) -> Tree {
        Tree::of(&self.path)
    }

    /// Nothing in this home was written, renamed or touched since `before`, the state folder included.
    #[track_caller]
    pub(crate) fn unchanged(&self, before: &Tree) {
        let differences = before.touched(&self.tree());
        assert!(differences.is_empty(), "the home was touched:\n{}", differences.join("\n"));
    }

    /// A command in this home with this environment, to be started by the caller. A name without `/` is looked for in
    /// the home's `PATH`.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, args: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(program);
        command.args(args).env_clear().envs(&self.env).current_dir(&self.path);
        command
    }

    /// Runs goenv-setup without a terminal and without standard input.
    #[track_caller]
    pub(crate) fn run(&self, args: &[impl AsRef<OsStr>]) -> Ran {
        Ran::of(&self.command(GOENV_SETUP, args))
    }

    /// Runs a script of `sh`, without a terminal and without standard input. In it, `"$0"` is goenv-setup.
    #[track_caller]
    pub(crate) fn script(&self, script: &str) -> Ran {
        Ran::of(&self.command("/bin/sh", &["-c", script, GOENV_SETUP]))
    }

    /// Runs a command line, in which `$GOENV_SETUP` is the program under test, as if it was typed into an interactive
    /// shell that is called `shell`: what it is started by, whatever else stands above the tests.
    #[track_caller]
    pub(crate) fn typed_in(&self, shell: &str, line: &str) -> Ran {
        let script = r#"
            ln -sf "$(command -v bash)" "$TMPDIR/$1"; printf '%s\nexit $?\n' "$2" >"$TMPDIR/typed"
            GOENV_SETUP=$0 HISTFILE= "$TMPDIR/$1" --norc -i <"$TMPDIR/typed""#;
        Ran::of(&self.command("/bin/sh", &["-c", script, GOENV_SETUP, shell, line]))
    }

    /// Starts a script of `sh` in a terminal. In it, `"$0"` is goenv-setup.
    #[track_caller]
    pub(crate) fn tty_script(&self, script: &str) -> Tty {
        Tty::start(self.command("/bin/sh", &["-c", script, GOENV_SETUP]))
    }

    /// Starts goenv-setup in a terminal.
    #[track_caller]
    pub(crate) fn tty(&self, args: &[impl AsRef<OsStr>]) -> Tty {
        Tty::start(self.command(GOENV_SETUP, args))
    }
}

impl Drop for Home {
    /// Makes every folder writable again, without which a user other than root cannot remove them.
    fn drop(&mut self) {
        let mut folders = vec![self.root.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            fs_err::set_permissions(&folder, Permissions::from_mode(0o700)).ok();
            let entries = fs_err::read_dir(&folder).into_iter().flatten().flatten();
            folders.extend(entries.filter(|e| e.file_type().is_ok_and(|t| t.is_dir())).map(|e| e.path()));
        }
    }
}

/// The program under test.
const GOENV_SETUP: &str = env!("CARGO_BIN_EXE_goenv-setup");

/// This machine, as Go calls it.
fn platform() -> String {
    let system = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}/{machine}")
}

const FAKE_GO: &str = r#"#!/bin/sh
root=$(CDPATH= cd "$(dirname "$0")/.." && pwd)
case "${1-}" in
version) echo "go version go@VERSION@ @PLATFORM@" ;;
env)
  shift
  for name in "$@"; do
    case "$name" in
    GOROOT) printf '%s\n' "${GOROOT:-$root}" ;;
    GOPATH) printf '%s\n' "${GOPATH:-$HOME/go}" ;;
    GOVERSION) echo "go@VERSION@" ;;
    *) echo ;;
    esac
  done
  ;;
*) exit 2 ;;
esac
"#;
