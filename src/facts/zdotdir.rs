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

/// The folder of the `.zshenv` that a fresh zsh reads: the one where zsh begins to look, if that file itself sets ZDOTDIR
/// for what comes later.
pub fn zshenv_folder(user: &User, env: &Env, zdotdir: &Path) -> PathBuf {
    // Home comes first: what it sets is what a shell below has in its environment.
    let first = [Some(&user.home), env.zdotdir.as_ref().filter(|zdotdir| zdotdir.is_absolute())];
    let first = first.into_iter().flatten().find(|folder| names_zdotdir(&folder.join(".zshenv")));
    first.map_or_else(|| zdotdir.to_owned(), PathBuf::from)
}

/// The folder, and a note if it is not simply the home folder.
pub fn find(user: &User, env: &Env) -> (PathBuf, Option<String>) {
    let (folder, note) = find_absolute(user, env);
    let notes: Vec<String> = ignored(env).map(str::to_owned).into_iter().chain(note).collect();
    (folder, (!notes.is_empty()).then(|| notes.join("; and ")))
}

/// Why the environment's own value makes no sense in any other terminal. zsh 5.9 takes it as it stands: with an empty
/// one it opens `/.zshrc`.
fn ignored(env: &Env) -> Option<&'static str> {
    let zdotdir = env.zdotdir.as_deref().filter(|zdotdir| !zdotdir.is_absolute())?;
    Some(if zdotdir.as_os_str().is_empty() {
        "ZDOTDIR is set but empty, and a zsh that inherits it so looks in `/` and reads nothing of yours: ignored, the plan \
         is for terminals without it; to have it so here: `unset ZDOTDIR`"
    } else {
        "ZDOTDIR is a relative path, and a zsh that inherits it looks below the folder in which it is started: ignored, \
         the plan is for terminals without it; to have it so here: `unset ZDOTDIR`"
    })
}

fn find_absolute(user: &User, env: &Env) -> (PathBuf, Option<String>) {
    let start = env.zdotdir.clone().filter(|zdotdir| zdotdir.is_absolute());
    let own = start.as_ref().unwrap_or(&user.home).join(".zshenv");
    let named = SYSTEM_FILES.iter().map(Path::new).chain([own.as_path()]).any(names_zdotdir);
    let told = if named { ask_zsh(user, start.as_deref()) } else { None };
    match (told, start) {
        (Some(told), _) if told == user.home => (told, None),
        (Some(told), _) => (told, Some("zsh looks in ZDOTDIR, as it says itself (a zshenv sets it)".to_owned())),
        (None, start) if named => {
            let note = "a zshenv names ZDOTDIR, but zsh did not tell it in 5 s or is not here: the plan may be about \
                        files that it does not read";
            (start.unwrap_or_else(|| user.home.clone()), Some(note.to_owned()))
        }
        (None, Some(start)) => (start, Some("zsh looks in ZDOTDIR, from the environment".to_owned())),
        (None, None) => (user.home.clone(), None),
    }
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
fn ask_zsh(user: &User, start: Option<&Path>) -> Option<PathBuf> {
    let mut run = Run::new(probe::which("zsh")?, Duration::from_secs(5));
    run.args = [&b"-c"[..], b"printf '\\0goenv-setup\\0%s\\0goenv-setup\\0' \"$ZDOTDIR\""]
        .map(|arg| OsStr::from_bytes(arg).into())
        .to_vec();
    run.env.push(("HOME".into(), user.home.clone().into_os_string()));
    run.env.extend(start.map(|start| ("ZDOTDIR".into(), start.as_os_str().to_owned())));
    let Outcome::Ended { stdout, .. } = probe::run(&run) else { return None };
    let start = stdout.windows(MARK.len()).position(|window| window == MARK)? + MARK.len();
    let length = stdout[start..].windows(MARK.len()).position(|window| window == MARK)?;
    let folder = PathBuf::from(OsStr::from_bytes(&stdout[start..start + length]));
    // Named, but not set after all: then it is the home folder.
    if folder.as_os_str().is_empty() { Some(user.home.clone()) } else { folder.is_absolute().then_some(folder) }
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
