//! What the programs that are called `ksh` are: on Debian a link leads to ksh93 or to mksh, elsewhere the name alone does
//! not tell, so the program is asked.

use std::path::{Path, PathBuf};

use super::ask::ask;
use super::process::Process;
use super::{Env, User};
use crate::probe;

/// Each program called `ksh` that this user has to do with, and the name of the shell that it is; the installed one first.
pub(super) fn gather(user: &User, env: &Env, parents: &[Process]) -> Vec<(PathBuf, &'static str)> {
    let own = [env.shell.as_ref(), user.passwd_shell.as_ref()].into_iter().flatten();
    let own = own.chain(parents.iter().filter_map(|process| process.exe.as_ref()));
    let own = own.filter(|path| path.is_absolute() && (path.ends_with("ksh") || path.ends_with("rksh"))).cloned();
    let mut found: Vec<(PathBuf, &'static str)> = Vec::new();
    for path in probe::which("ksh").into_iter().chain(own) {
        if found.iter().all(|(known, _)| *known != path)
            && probe::is_program(&path)
            && let Some(shell) = by_file(&path).or_else(|| by_its_own_words(&path))
        {
            found.push((path, shell));
        }
    }
    found
}

/// By the name of the file that a link leads to.
fn by_file(path: &Path) -> Option<&'static str> {
    let real = fs_err::canonicalize(path).ok()?;
    let name = real.file_name()?.to_str()?;
    let name = name.strip_prefix('r').filter(|rest| rest.contains("ksh")).unwrap_or(name);
    [("ksh93", "ksh93"), ("mksh", "mksh"), ("lksh", "mksh"), ("oksh", "oksh"), ("loksh", "oksh"), ("pdksh", "oksh")]
        .into_iter()
        .find_map(|(start, shell)| name.starts_with(start).then_some(shell))
}

/// By `KSH_VERSION`, which each of them sets. No startup file is read for `-c`.
fn by_its_own_words(path: &Path) -> Option<&'static str> {
    let words = ask(path.to_str()?, &["-c", "echo \"$KSH_VERSION\""])?;
    by_version(&String::from_utf8_lossy(&words))
}

fn by_version(words: &str) -> Option<&'static str> {
    [("MIRBSD KSH", "mksh"), ("LEGACY KSH", "mksh"), ("PD KSH", "oksh"), ("Version A", "ksh93")]
        .into_iter()
        .find_map(|(part, shell)| words.contains(part).then_some(shell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (words, shell) in [
            ("Version AJM 93u+m/1.0.4 2022-10-22\n", Some("ksh93")),
            ("Version AJM 93u+ 2012-08-01\n", Some("ksh93")),
            ("Version A 2020.0.0\n", Some("ksh93")),
            ("@(#)MIRBSD KSH R59 2023/04/29 +Debian\n", Some("mksh")),
            ("@(#)LEGACY KSH R59 2023/04/29\n", Some("mksh")),
            ("@(#)PD KSH v5.2.14 99/07/13.2\n", Some("oksh")),
            ("\n", None),
        ] {
            assert_eq!(by_version(words), shell, "{words}");
        }
    }

    #[test]
    fn names_of_files() {
        let home = crate::facts::scratch::Home::new();
        for (file, shell) in [
            ("ksh93", Some("ksh93")),
            ("rksh93", Some("ksh93")),
            ("mksh-static", Some("mksh")),
            ("lksh", Some("mksh")),
            ("oksh", Some("oksh")),
            ("ksh", None),
            ("rksh", None),
        ] {
            assert_eq!(by_file(&home.write(file, "")), shell, "{file}");
        }
        fs_err::os::unix::fs::symlink("lksh", home.at("link")).unwrap();
        assert_eq!(by_file(&home.at("link")), Some("mksh"));
    }
}
