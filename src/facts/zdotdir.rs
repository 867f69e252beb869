//! Where zsh looks for its startup files: `$ZDOTDIR`, which may be set inside `~/.zshenv`.
//!
//! zsh is asked only where `~/.zshenv` or the system's own zshenv names ZDOTDIR (17 of 69 real ones do); asking costs
//! a start of the shell and runs that file.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Env, User};
use crate::probe::{self, Outcome, Run};

const SYSTEM_FILES: [&str; 2] = ["/etc/zshenv", "/etc/zsh/zshenv"];
const MARK: &[u8] = b"\0goenv-setup\0";

/// The folder, if it is not the home folder.
pub fn find(user: &User, env: &Env) -> Option<PathBuf> {
    if let Some(zdotdir) = env.zdotdir.as_ref().filter(|zdotdir| zdotdir.is_absolute()) {
        return Some(zdotdir.clone());
    }
    let own = user.home.join(".zshenv");
    let named = SYSTEM_FILES.iter().map(Path::new).chain([own.as_path()]).any(names_zdotdir);
    if named { ask_zsh(user) } else { None }
}

fn names_zdotdir(path: &Path) -> bool {
    let regular = fs_err::metadata(path).is_ok_and(|meta| meta.is_file());
    regular && fs_err::read(path).is_ok_and(|text| mentions(&text))
}

fn mentions(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii_start().starts_with(b"#"))
        .any(|line| line.windows(7).any(|word| word == b"ZDOTDIR"))
}

/// Asks with a sentinel: the user's file may print (rustup#3584).
fn ask_zsh(user: &User) -> Option<PathBuf> {
    let mut run = Run::new(probe::which("zsh")?, Duration::from_secs(5));
    run.args = [&b"-c"[..], b"printf '\\0goenv-setup\\0%s\\0goenv-setup\\0' \"$ZDOTDIR\""]
        .map(|arg| OsStr::from_bytes(arg).into())
        .to_vec();
    run.env.push(("HOME".into(), user.home.clone().into_os_string()));
    let Outcome::Ended { stdout, .. } = probe::run(&run) else { return None };
    let start = stdout.windows(MARK.len()).position(|window| window == MARK)? + MARK.len();
    let length = stdout[start..].windows(MARK.len()).position(|window| window == MARK)?;
    let folder = PathBuf::from(OsStr::from_bytes(&stdout[start..start + length]));
    folder.is_absolute().then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_nothing() {
        assert!(mentions(b"export A=1\nexport ZDOTDIR=~/.zsh\n"));
        assert!(!mentions(b"# export ZDOTDIR=~/.zsh\n"));
    }
}
