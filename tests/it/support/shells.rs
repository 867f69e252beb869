//! Starting real shells.

use std::ffi::OsStr;
use std::hash::{BuildHasher as _, RandomState};
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

use super::{Home, Ran, find};

/// How a shell is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    LoginInteractive,
    Interactive,
    Login,
    /// Neither: `bash -c …`.
    Command,
}

impl Mode {
    pub(crate) const ALL: [Self; 4] = [Self::LoginInteractive, Self::Interactive, Self::Login, Self::Command];

    /// The flags that start zsh, bash and dash so.
    pub(crate) fn flags(self) -> &'static [&'static str] {
        match self {
            Self::LoginInteractive => &["-l", "-i"],
            Self::Interactive => &["-i"],
            Self::Login => &["-l"],
            Self::Command => &[],
        }
    }
}

/// What a shell ended up with after its startup files. `None`: unset, or not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) goroot: Option<Vec<u8>>,
    pub(crate) gopath: Option<Vec<u8>>,
    /// What `command -v go` said: a path, unless someone made `go` a function or an alias.
    pub(crate) go: Option<PathBuf>,
}

/// Runs a real shell in this home. The caller has asked [`super::need`] for it.
#[track_caller]
pub(crate) fn shell(home: &Home, name: &str, args: &[impl AsRef<OsStr>]) -> Ran {
    let program = find(name).unwrap_or_else(|| panic!("{name} is not installed; ask `need(\"{name}\")` first"));
    Ran::of(&home.command(program, args))
}

/// Starts a shell of the Bourne family in this way and asks it what it sees.
#[track_caller]
pub(crate) fn launch(home: &Home, name: &str, mode: Mode) -> Seen {
    launch_as(home, &[name], mode)
}

/// The same for a shell that is started by several words, such as `busybox ash`.
#[track_caller]
pub(crate) fn launch_as(home: &Home, program: &[&str], mode: Mode) -> Seen {
    let (name, words) = program.split_first().expect("a program");
    // Random, so that nothing that a startup file prints is taken for the answer.
    let mark = format!("seen-{:016x}", RandomState::new().hash_one(()));
    let script = format!(
        r#"printf '%s\0' {mark} "${{PATH+x$PATH}}" "${{GOROOT+x$GOROOT}}" "${{GOPATH+x$GOPATH}}" "$(printf {mark}; command -v go)" {mark}"#
    );
    let ran = shell(home, name, &[words, mode.flags(), &["-c", &script]].concat());
    let fields: Vec<_> = ran.stdout.split(|byte| *byte == 0).collect();
    // The mark begins the answer's first field behind whatever was printed before it.
    let answer = fields.windows(6).find(|f| f[0].ends_with(mark.as_bytes()) && f[5] == mark.as_bytes());
    let Some(&[_, path, goroot, gopath, go, _]) = answer else {
        panic!("{name} did not get through its startup files\n{ran}");
    };
    let [path, goroot, gopath] = [path, goroot, gopath].map(|field| field.strip_prefix(b"x").map(<[u8]>::to_vec));
    // busybox's ash greets in each subshell.
    let said = go.windows(mark.len()).position(|part| part == mark.as_bytes()).map(|at| go[at + mark.len()..].to_vec());
    let go = said.filter(|go| !go.is_empty()).map(|go| PathBuf::from(std::ffi::OsString::from_vec(go)));
    Seen { path, goroot, gopath, go }
}
