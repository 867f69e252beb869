//! ksh93. Source of the facts: ksh93(1), INVOCATION, and measurement (ksh93u+m 1.0.4).
//!
//! A login shell reads `.profile`; each interactive one then the file that `ENV` names, which is `.kshrc` where ENV is
//! unset. An ENV that is empty keeps it from reading any. `$HOME/.kshrc` is what it makes of an unset ENV, and it
//! expands what comes of that once more: in a home with a quote in its name it is not read. Many systems install it as
//! `ksh`.

use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use super::{EnvVar, LaunchMode, Look, Places, Program, Shell, Start, Targets, korn, Prompt, Tracing, tracing};

const RC: &str = ".kshrc";

pub(super) struct Ksh93;

impl Shell for Ksh93 {
    fn name(&self) -> &'static str {
        "ksh93"
    }

    /// What `ksh` is on this machine the facts tell; where they cannot, it is this one.
    fn names(&self) -> &'static [&'static str] {
        &["ksh93", "ksh"]
    }

    fn programs(&self) -> &'static [Program] {
        const { &[Program::named("ksh93")] }
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        vec![places.home.join(".profile"), places.home.join(RC)]
    }

    fn signs(&self, places: &Places) -> Vec<PathBuf> {
        vec![places.home.join(RC)]
    }

    fn reads(&self, _program: &Program, mode: LaunchMode, look: &Look) -> Vec<PathBuf> {
        let own = if unread(look.places).is_some() { None } else { korn::env_or(look.places, RC) };
        korn::reads(mode, look, [PathBuf::from("/etc/ksh.kshrc")].into_iter().chain(own))
    }

    /// It makes a history file as soon as it is interactive, also where nobody types.
    fn start(&self, _program: &Program, mode: LaunchMode) -> Option<Start> {
        Some(Start { env: &[("HISTFILE", "/dev/null")], ..Start::usual(mode)? })
    }

    fn tracing(&self) -> Tracing {
        Tracing::Prompt(Prompt { file: "${.sh.file}", subshell: "${.sh.subshell}", ..tracing::POSIX })
    }

    fn targets(&self, look: &Look) -> Targets {
        korn::targets(look, "ksh93", RC, unread(look.places))
    }

    fn what_go_is(&self) -> &'static [u8] {
        super::posix::WHAT_GO_IS
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["-n"]
    }
}

/// Why it reads none of the user's files in a terminal, if it reads none.
fn unread(places: &Places) -> Option<String> {
    match places.env {
        EnvVar::Empty => Some(format!("`ENV` is set to nothing: ksh93 then reads no `~/{RC}`")),
        EnvVar::Unset if places.home.as_os_str().as_bytes().iter().any(|byte| b"'\"$`\\".contains(byte)) => {
            Some(format!("ksh93 does not find `~/{RC}` in a home with a quote, `$`, backtick or backslash in its name"))
        }
        _ => None,
    }
}
