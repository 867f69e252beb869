//! bash. Source of the facts: bash(1), INVOCATION, and measurement where the manual is wrong.
//!
//! A login shell reads the first of `.bash_profile .bash_login .profile` that is there: an empty, unreadable or
//! directory `.bash_profile` still wins (the manual says "exists and is readable"), a dangling link does not. Each
//! other interactive shell reads `.bashrc`, and only that. A `.bash_profile` that somebody creates hides `.profile`
//! with all that is in it (pipx#456, cargo-dist#931): we never create one.

use std::path::PathBuf;

use super::{Holds, LaunchMode, Look, Places, Shell, Target, Targets};

const LOGIN_FILES: [&str; 3] = [".bash_profile", ".bash_login", ".profile"];

pub(super) struct Bash;

impl Shell for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn names(&self) -> &'static [&'static str] {
        &["bash", "rbash"]
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = LOGIN_FILES.iter().map(|name| places.home.join(name)).collect();
        files.push(places.home.join(".bashrc"));
        files
    }

    fn targets(&self, look: &Look) -> Targets {
        let mut targets = Targets::default();
        let there = LOGIN_FILES.iter().find(|name| (look.occupied)(&look.places.home.join(name)));
        let login = match there {
            Some(&".profile") => Some((".profile", "bash reads it at login: there is no .bash_profile and no .bash_login")),
            Some(name) => Some((*name, "bash reads it at login, and no other: it is the first of .bash_profile, .bash_login and .profile")),
            None if look.login => {
                Some((".profile", "bash reads it at login; a new .bash_profile would hide a later .profile"))
            }
            None => None,
        };
        match login {
            Some((name, why)) => targets.files.push(Target {
                path: look.places.home.join(name),
                holds: Holds::All,
                modes: &[LaunchMode::LoginInteractive, LaunchMode::Login],
                why: why.to_owned(),
            }),
            None => targets.notes.push(
                "bash has no login file here (.bash_profile, .bash_login, .profile) and terminals do not start login \
                 shells, so none is created; a login shell (ssh, a console) will not find Go"
                    .to_owned(),
            ),
        }
        targets.files.push(Target {
            path: look.places.home.join(".bashrc"),
            holds: Holds::All,
            modes: &[LaunchMode::Interactive, LaunchMode::SshCommand],
            why: "bash reads it in every terminal that is not a login shell".to_owned(),
        });
        targets
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["--norc", "--noprofile", "-n"]
    }
}
