//! ksh93. Source of the facts: ksh93(1), INVOCATION, and measurement (ksh93u+m 1.0.4).
//!
//! A login shell reads `.profile`; each interactive one then the file that `ENV` names, which is `.kshrc` where ENV is
//! unset. An ENV that is empty keeps it from reading any. Many systems install it as `ksh`.

use std::path::PathBuf;

use super::{EnvVar, LaunchMode, Look, Places, Program, Shell, Targets, korn};

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
        let own = if look.places.env == EnvVar::Empty { None } else { korn::env_or(look.places, RC) };
        korn::reads(mode, look, [PathBuf::from("/etc/ksh.kshrc")].into_iter().chain(own))
    }

    fn targets(&self, look: &Look) -> Targets {
        let nothing = (look.places.env == EnvVar::Empty).then(|| format!("`ENV` is set to nothing: ksh93 then reads no `~/{RC}`"));
        korn::targets(look, "ksh93", RC, nothing)
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["-n"]
    }
}
