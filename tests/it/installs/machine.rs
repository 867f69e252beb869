//! A machine with Go on it: a home, and files at absolute places.
//!
//! The absolute files are laid over the real system in a mount namespace of its own, seen by nothing but the programs
//! that are started in it; the system underneath cannot be written. Folders with much in them are mounted, not copied.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{Home, Ran, cannot, find, private_mounts};

/// `$FILES` laid over `/`, folder by folder: a user namespace lays nothing over `/` itself. Its own copy, in memory,
/// because a layer may not lie within another one.
const UNDER: &str = r#"
set -e
mount -t tmpfs none "$FILES.in"
cp -a "$FILES" "$FILES.in/files"
new=$FILES.in/new
mkdir "$new"
for path in /* "$FILES.in"/files/*; do
  name=${path##*/} over=$FILES.in/files/${path##*/}
  if [ -e "$new/$name" ] || [ -L "$new/$name" ]; then
    :
  elif [ -L "/$name" ]; then
    cp -P "/$name" "$new/$name"
  elif [ -L "$over" ]; then
    cp -P "$over" "$new/$name"
  elif [ ! -d "/$name" ]; then
    [ ! -d "$over" ] || cp -a "$over" "$new/$name"
  elif [ ! -d "$over" ]; then
    mkdir "$new/$name"
    mount --rbind "/$name" "$new/$name"
  else
    mkdir "$new/$name"
    mount -t overlay overlay -o "lowerdir=$over:/$name" "$new/$name" 2>/dev/null ||
      mount -t overlay overlay -o "lowerdir=$over:/$name,userxattr" "$new/$name" 2>/dev/null ||
      mount --bind "$over" "$new/$name" # it holds mounts that may not be copied here
  fi
done
while IFS='	' read -r from to options; do
  mount --rbind "$from" "$new$to"
  # Not everywhere may a mount be made stricter.
  mount -o "remount,bind,$options" "$new$to" 2>/dev/null || :
done <"$FILES.mounts"
exec "$CHROOT" "$new" "$@"
"#;

/// What is mounted: a line for each folder, with where it lies, where it is seen, and how, tabs between.
const MOUNTS: &str = "../files.mounts";

pub(crate) struct Machine {
    pub(crate) home: Home,
    /// How to get mounts of one's own, if absolute files are wanted.
    private: Option<&'static [&'static str]>,
}

impl Machine {
    /// One without files outside the home.
    pub(crate) fn at_home() -> Self {
        Self { home: Home::new(), private: None }
    }

    /// One that may have files anywhere; `None`, and said so, where that cannot be.
    pub(crate) fn anywhere() -> Option<Self> {
        let mut home = Home::new();
        let chroot = ["/usr/sbin/chroot", "/sbin/chroot", "/usr/bin/chroot"].map(PathBuf::from);
        let chroot = chroot.into_iter().find(|path| path.is_file()).unwrap_or_else(|| "chroot".into());
        home.dir("../files").dir("../files.in").file(MOUNTS, "");
        home.env("FILES", home.beside("files")).env("CHROOT", chroot);
        // Its own copy: where it was built may lie under what is laid over the system.
        Ran::of(
            &home.command("cp", &[OsStr::new(env!("CARGO_BIN_EXE_goenv-setup")), home.beside("program").as_os_str()]),
        )
        .ok();
        home.file("../files/usr/lib/goenv-setup-test", "");
        let works = |way: &&'static [&'static str]| {
            let args = [&way[1..], &["sh", "-c", UNDER, "under", "test", "-e", "/usr/lib/goenv-setup-test"]].concat();
            Ran::of(&home.command(way[0], &args)).status == 0
        };
        let private = private_mounts(&home).filter(works);
        if private.is_none() {
            cannot("an overlay in a private mount namespace (root, or user namespaces)");
        }
        Some(Self { private: Some(private?), home })
    }

    /// A path as the programs of this machine see it; `~` is the home.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        match path.strip_prefix("~/") {
            Some(rest) => self.home.path(rest),
            None => PathBuf::from(path),
        }
    }

    /// The same as the test's own process reaches it, relative to the home.
    fn here(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), path.strip_prefix('/')) {
            (Some(rest), _) => PathBuf::from(rest),
            (None, Some(rest)) => {
                assert!(self.private.is_some(), "{path} is not in the home");
                Path::new("../files").join(rest)
            }
            (None, None) => panic!("{path} is relative"),
        }
    }

    /// A Go root whose `go` tells its version.
    pub(crate) fn go(&self, root: &str, version: &str) -> &Self {
        self.home.fake_go(self.here(root), version);
        self
    }

    /// A link that holds `target` as it is given; with `~`, the home.
    pub(crate) fn link(&self, link: &str, target: &str) -> &Self {
        self.home.link(self.here(link), self.path(target));
        self
    }

    /// The folder `from` of this system, as it stands there, at `path`; where there are no private mounts, a link to it.
    pub(crate) fn folder(&self, path: &str, from: &Path, may_write: bool) -> &Self {
        if self.private.is_none() {
            self.home.link(self.here(path), from);
            return self;
        }
        self.dir(path);
        let mounts = self.home.read(MOUNTS).expect("it was made with the machine");
        let options = if may_write { "rw" } else { "ro" };
        let line = format!("{}\t{}\t{options}\n", from.display(), self.path(path).display());
        self.home.file(MOUNTS, [mounts, line.into_bytes()].concat());
        self
    }

    /// Takes away everything outside the home, and every folder that was mounted.
    pub(crate) fn clear(&self) -> &Self {
        fs_err::remove_dir_all(self.home.beside("files")).expect("it was made with the machine");
        self.home.file(MOUNTS, "");
        self.dir("/")
    }

    pub(crate) fn file(&self, file: &str, bytes: impl AsRef<[u8]>) -> &Self {
        self.home.file(self.here(file), bytes);
        self
    }

    pub(crate) fn dir(&self, dir: &str) -> &Self {
        self.home.dir(self.here(dir));
        self
    }

    /// A program of any kind, also one that does not run here.
    pub(crate) fn program(&self, file: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let written = self.here(&format!("{file}.new"));
        self.home.file(&written, bytes);
        // By `cp`, as `Home::fake_go` does.
        let [from, to] = [&written, &self.here(file)].map(|path| self.home.path(path));
        Ran::of(&self.home.command("cp", &[&from, &to])).ok();
        fs_err::remove_file(from).expect("it was just written");
        self.home.mode(self.here(file), 0o755);
        self
    }

    /// What a program of this machine says.
    #[track_caller]
    pub(crate) fn runs(&self, program: &OsStr, args: &[&str]) -> Ran {
        Ran::of(&self.command(program, args))
    }

    /// The same as a command.
    pub(crate) fn command(&self, program: &OsStr, args: &[&str]) -> Command {
        let Some(way) = self.private else { return self.home.command(program, args) };
        let words = [&way[1..], &["sh", "-c", UNDER, "under"]].concat();
        let words = words.into_iter().map(OsStr::new).chain([program]).chain(args.iter().map(OsStr::new));
        self.home.command(way[0], &words.collect::<Vec<_>>())
    }

    /// Runs goenv-setup.
    #[track_caller]
    pub(crate) fn setup(&self, args: &[&str]) -> Ran {
        self.runs(OsStr::new(&self.program_path()), args)
    }

    /// Where goenv-setup is for the programs of this machine.
    pub(crate) fn program_path(&self) -> String {
        let own = self.home.beside("program").display().to_string();
        if self.private.is_some() { own } else { env!("CARGO_BIN_EXE_goenv-setup").to_owned() }
    }

    /// The document of `installs --json`.
    #[track_caller]
    pub(crate) fn installs(&self) -> Value {
        let ran = self.setup(&["installs", "--json"]).ok();
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{ran}"))
    }

    /// The rows of one kind.
    #[track_caller]
    pub(crate) fn rows(&self, kind: &str) -> Vec<Value> {
        let all = self.installs();
        let rows = all["installs"].as_array().expect("a list").iter();
        rows.filter(|row| row["kind"] == kind).cloned().collect()
    }

    /// Which `go` a fresh shell finds, what that says of itself, GOROOT and GOPATH.
    #[track_caller]
    pub(crate) fn shell(&self, name: &str, flags: &[&str]) -> [String; 4] {
        let ask = r#"printf '<<%s|%s|%s|%s>>' "$(command -v go)" "$(go version)" "${GOROOT-}" "${GOPATH-}""#;
        let program = find(name).expect("the caller asked for it");
        let ran = self.runs(program.as_os_str(), &[flags, &["-c", ask]].concat());
        let text = String::from_utf8_lossy(&ran.stdout).into_owned();
        let answer = text.split_once("<<").and_then(|(_, rest)| rest.split_once(">>"));
        let (answer, _) = answer.unwrap_or_else(|| panic!("no answer\n{ran}"));
        let fields: Vec<String> = answer.split('|').map(str::to_owned).collect();
        fields.try_into().unwrap_or_else(|_| panic!("no answer\n{ran}"))
    }
}
