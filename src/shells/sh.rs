//! sh: dash on Debian, busybox's ash on Alpine, bash or zsh under that name elsewhere. Source of the facts: dash(1),
//! Invocation; bash(1), "invoked with the name sh"; zshall(1), COMPATIBILITY. OpenBSD's ksh has no file of its own either
//! (ksh(1) there, "Shell startup").
//!
//! A login shell reads `.profile`. Other interactive ones read the file that `ENV` names, which is the user's own
//! business and no place of ours; what no file can reach is said, not promised.

use std::path::PathBuf;

use super::{Holds, LaunchMode, Look, Places, Program, Shell, Target, Targets};

use LaunchMode::{Command, Interactive, Login, LoginInteractive, SshCommand};

pub(super) struct Sh;

impl Shell for Sh {
    fn name(&self) -> &'static str {
        "sh"
    }

    fn names(&self) -> &'static [&'static str] {
        &["sh", "dash", "ash", "oksh", "loksh", "pdksh"]
    }

    fn programs(&self) -> &'static [Program] {
        const PROGRAMS: &[Program] = &[
            Program::named("sh"),
            Program { label: "busybox ash", file: "busybox", argv0: "ash" },
            Program { label: "bash as sh", file: "bash", argv0: "sh" },
            Program { label: "zsh as sh", file: "zsh", argv0: "sh" },
        ];
        PROGRAMS
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        vec![places.home.join(".profile")]
    }

    fn reads(&self, _program: &Program, mode: LaunchMode, look: &Look) -> Vec<PathBuf> {
        let login = || [PathBuf::from("/etc/profile"), look.places.home.join(".profile")].into_iter();
        let env = || look.places.env_file.clone();
        match mode {
            LoginInteractive => login().chain(env()).collect(),
            Interactive => env().into_iter().collect(),
            Login => login().collect(),
            Command | SshCommand => Vec::new(),
        }
    }

    fn targets(&self, look: &Look) -> Targets {
        let mut targets = Targets::default();
        targets.files.push(Target {
            path: look.places.home.join(".profile"),
            holds: Holds::All,
            spot: look.login_spot(),
            modes: &[LoginInteractive, Login],
            why: "sh reads it at login".to_owned(),
        });
        if !look.login {
            targets.notes.push(
                "sh reads no startup file in a terminal that is not a login shell: Go is there after the next login"
                    .to_owned(),
            );
        }
        targets
    }

    fn what_go_is(&self) -> &'static [u8] {
        super::posix::WHAT_GO_IS
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["-n"]
    }
}
