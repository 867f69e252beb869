//! bash. Source of the facts: bash(1), INVOCATION, and measurement where the manual is wrong.
//!
//! A login shell reads the first of `.bash_profile .bash_login .profile` that is there: an empty, unreadable or
//! directory `.bash_profile` still wins (the manual says "exists and is readable"), a dangling link does not. Each
//! other interactive shell reads `.bashrc`, and only that; so does one that sshd starts to run a command. A
//! `.bash_profile` that somebody creates hides `.profile` with all that is in it (pipx#456, cargo-dist#931): we never
//! create one.

use std::path::PathBuf;

use super::{Holds, LaunchMode, Look, Places, Program, Reach, Shell, Spot, Start, Target, Targets, Prompt, Tracing, tracing};

use LaunchMode::{Command, Interactive, Login, LoginInteractive, SshCommand};

const LOGIN_FILES: [&str; 3] = [".bash_profile", ".bash_login", ".profile"];

pub(super) struct Bash;

impl Shell for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn names(&self) -> &'static [&'static str] {
        &["bash", "rbash"]
    }

    fn programs(&self) -> &'static [Program] {
        const { &[Program::named("bash")] }
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = LOGIN_FILES.iter().map(|name| places.home.join(name)).collect();
        files.push(places.home.join(".bashrc"));
        files
    }

    fn signs(&self, places: &Places) -> Vec<PathBuf> {
        [".bash_profile", ".bash_login", ".bashrc"].iter().map(|name| places.home.join(name)).collect()
    }

    fn reads(&self, _program: &Program, mode: LaunchMode, look: &Look) -> Vec<PathBuf> {
        let own = |name: &str| look.places.home.join(name);
        match mode {
            LoginInteractive | Login => {
                [PathBuf::from("/etc/profile")].into_iter().chain(login_file(look).map(own)).collect()
            }
            Interactive | SshCommand => vec![PathBuf::from("/etc/bash.bashrc"), own(".bashrc")],
            Command => Vec::new(),
        }
    }

    /// bash takes `-c` for sshd's where `SSH_CLIENT` is set and no shell has counted SHLVL up yet.
    fn start(&self, _program: &Program, mode: LaunchMode) -> Option<Start> {
        let ssh = Start { env: &[("SSH_CLIENT", "127.0.0.1 50000 22")], ..Start::with(SshCommand, &["-c"]) };
        Start::usual(mode).or(Some(ssh))
    }

    fn tracing(&self) -> Tracing {
        Tracing::Prompt(Prompt {
            args: &["--noprofile", "--norc"],
            scope: "${FUNCNAME[*]-}",
            late: false,
            sources: true,
            ..tracing::POSIX
        })
    }

    fn targets(&self, look: &Look) -> Targets {
        let mut targets = Targets::default();
        let login = match login_file(look) {
            Some(".profile") => {
                Some((".profile", "bash reads it at login: there is no .bash_profile and no .bash_login"))
            }
            Some(name) => Some((
                name,
                "bash reads it at login, and no other: it is the first of .bash_profile, .bash_login and .profile",
            )),
            None if look.login || look.reach > Reach::Interactive => {
                Some((".profile", "bash reads it at login; a new .bash_profile would hide a later .profile"))
            }
            None => None,
        };
        match login {
            Some((name, why)) => targets.files.push(Target {
                path: look.places.home.join(name),
                holds: Holds::All,
                spot: look.login_spot(),
                modes: &[LoginInteractive, Login],
                why: why.to_owned(),
            }),
            None => targets.notes.push(
                "bash has no login file here (.bash_profile, .bash_login, .profile) and terminals do not start login \
                 shells, so none is created; a login shell (ssh, a console) will not find Go"
                    .to_owned(),
            ),
        }
        let (spot, why) = if look.reach == Reach::All {
            let why = "bash reads it in every terminal that is not a login shell, and for a command over ssh: at its \
                       top, above what ends it where nobody types";
            (Spot::Top, why)
        } else {
            (Spot::End, "bash reads it in every terminal that is not a login shell")
        };
        let (path, why) = (look.places.home.join(".bashrc"), why.to_owned());
        targets.files.push(Target { path, holds: Holds::All, spot, modes: &[Interactive, SshCommand], why });
        targets
    }

    fn what_go_is(&self) -> &'static [u8] {
        br#" "$(builtin type -t go 2>/dev/null)""#
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["--norc", "--noprofile", "-n"]
    }
}

/// The login file that bash reads; the others are hidden by it.
fn login_file(look: &Look) -> Option<&'static str> {
    LOGIN_FILES.into_iter().find(|name| (look.occupied)(&look.places.home.join(name)))
}
