//! mksh, and lksh, which is mksh for old scripts. Source of the facts: mksh(1), "Startup files", and measurement (R59).
//!
//! A login shell reads `.profile`; each interactive one then the file that `ENV` names, which is `.mkshrc` where ENV is
//! unset or empty. R59 takes ENV by the letter, whatever its manual says of expansion. The system's `/etc/mkshrc` is read only where the user's file says so.

use std::path::PathBuf;

use super::{EnvVar, LaunchMode, Look, Places, Program, Shell, Targets, korn, Prompt, Tracing, tracing};

const RC: &str = ".mkshrc";

pub(super) struct Mksh;

impl Shell for Mksh {
    fn name(&self) -> &'static str {
        "mksh"
    }

    fn names(&self) -> &'static [&'static str] {
        &["mksh", "lksh"]
    }

    fn programs(&self) -> &'static [Program] {
        const { &[Program::named("mksh"), Program::named("lksh")] }
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        vec![places.home.join(".profile"), places.home.join(RC)]
    }

    fn signs(&self, places: &Places) -> Vec<PathBuf> {
        vec![places.home.join(RC)]
    }

    fn reads(&self, _program: &Program, mode: LaunchMode, look: &Look) -> Vec<PathBuf> {
        let by_the_letter = look.places.env != EnvVar::Expanded;
        korn::reads(mode, look, korn::env_or(look.places, RC).filter(|_| by_the_letter).into_iter())
    }

    fn tracing(&self) -> Tracing {
        Tracing::Prompt(Prompt { subshell: "$((BASHPID-$$))", late: false, ..tracing::POSIX })
    }

    fn targets(&self, look: &Look) -> Targets {
        let unread = (look.places.env == EnvVar::Expanded)
            .then(|| format!("`ENV` is set, with a variable in it that mksh may not expand: it reads no `~/{RC}` then"));
        korn::targets(look, "mksh", RC, unread)
    }

    fn what_go_is(&self) -> &'static [u8] {
        super::posix::WHAT_GO_IS
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["-n"]
    }

    fn is_syntax_error(&self, stderr: &[u8]) -> bool {
        ["syntax error", "no closing quote", "unclosed"]
            .iter()
            .any(|words| stderr.windows(words.len()).any(|window| window == words.as_bytes()))
    }
}
