//! A shell that tells what it sees, and starts the next one in itself, which does the same.

use std::fmt;

use crate::support::{Home, Ran, find};

/// What one shell of a chain saw. `None`: unset, or not found.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) path: Option<Vec<u8>>,
    pub(super) goroot: Option<Vec<u8>>,
    pub(super) gopath: Option<Vec<u8>>,
    pub(super) go: Option<Vec<u8>>,
}

impl Level {
    /// The folders on PATH.
    pub(super) fn path(&self) -> impl Iterator<Item = &[u8]> {
        self.path.as_deref().unwrap_or_default().split(|byte| *byte == b':')
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in
            [("PATH", &self.path), ("GOROOT", &self.goroot), ("GOPATH", &self.gopath), ("go", &self.go)]
        {
            match value {
                Some(value) => writeln!(f, "  {name}={}", value.escape_ascii())?,
                None => writeln!(f, "  {name} is unset")?,
            }
        }
        Ok(())
    }
}

/// What every shell of a chain tells; what no startup file of a test prints.
const MARK: &[u8] = b"what-this-shell-sees";

/// `$NEST`: tell, then start the next shell with the next flags; `+` before the flags first does what
/// a nix shell or a manager may do: put `$OTHER` in front of PATH, and keep, unset or set GOROOT.
pub(super) const NEST: &str = r#"printf '%s\0' what-this-shell-sees "${PATH+x$PATH}" "${GOROOT+x$GOROOT}" "${GOPATH+x$GOPATH}" "x$(command -v go)"
[ $# -eq 0 ] || {
  flags=$1
  shift
  case $flags in
  +*)
    flags=${flags#+} PATH="$OTHER:$PATH"
    case $OTHER_ROOT in
    kept) ;;
    unset) unset GOROOT ;;
    *) GOROOT=$OTHER_ROOT; export GOROOT ;;
    esac
    ;;
  esac
  "$NEST_SHELL" "$flags" -c "$NEST" nest "$@"
}"#;

/// Starts `shell` with the first flags, in it one with the second, and so on; gives what each saw.
#[track_caller]
pub(super) fn chain(home: &Home, shell: &str, flags: &[&str]) -> Vec<Level> {
    let program = find(shell).expect("the caller has asked for the shell");
    let program = program.to_str().expect("a plain path");
    let mut command = home.command(program, &[&[flags[0], "-c", NEST, "nest"], &flags[1..]].concat());
    command.env("NEST", NEST).env("NEST_SHELL", program);
    let ran = Ran::of(&command);
    let levels = levels(&ran.stdout);
    assert!(ran.status == 0 && levels.len() == flags.len(), "not every shell of {flags:?} told what it sees\n{ran}");
    levels
}

fn levels(stdout: &[u8]) -> Vec<Level> {
    let fields: Vec<_> = stdout.split(|byte| *byte == 0).collect();
    let value = |field: &[u8]| field.strip_prefix(b"x").map(<[u8]>::to_vec);
    // The first field of an answer may have noise of the startup files before the mark.
    let answers = fields.windows(5).filter(|answer| answer[0].ends_with(MARK));
    answers
        .map(|answer| Level {
            path: value(answer[1]),
            goroot: value(answer[2]),
            gopath: value(answer[3]),
            go: value(answer[4]).filter(|go| !go.is_empty()),
        })
        .collect()
}

/// The PATH of a shell without some folders.
pub(super) fn without(level: &Level, folders: &[Vec<u8>]) -> Vec<Vec<u8>> {
    level.path().filter(|entry| !folders.iter().any(|folder| folder == entry)).map(<[u8]>::to_vec).collect()
}
