//! What ksh93 and mksh have in common: `.profile` at login, and a file of their own in every terminal, unless `ENV` names
//! another.

use std::path::PathBuf;

use super::{EnvVar, Holds, LaunchMode, Look, Places, Spot, Target, Targets};
use crate::text::show::tilde;

use LaunchMode::{Command, Interactive, Login, LoginInteractive, SshCommand};

/// The file that ENV names, or `rc` in the home where it names none; `None` where we cannot tell.
pub(super) fn env_or(places: &Places, rc: &str) -> Option<PathBuf> {
    (places.env != EnvVar::Unclear).then(|| places.env_file.clone().unwrap_or_else(|| places.home.join(rc)))
}

/// What is read in a launch mode, where interactive shells read `interactive`.
pub(super) fn reads(mode: LaunchMode, look: &Look, interactive: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let login = [PathBuf::from("/etc/profile"), look.places.home.join(".profile")].into_iter();
    match mode {
        LoginInteractive => login.chain(interactive).collect(),
        Interactive => interactive.collect(),
        Login => login.collect(),
        Command | SshCommand => Vec::new(),
    }
}

/// The targets of `shell`, whose own file is `rc`; `unread` says why it is not read, where that is known already.
///
/// The own file gets its block also where ENV keeps it from being read: ENV may be set in this terminal and not in the
/// next, and the plan must not depend on that. But then it promises nothing.
pub(super) fn targets(look: &Look, shell: &str, rc: &str, unread: Option<String>) -> Targets {
    let places = look.places;
    let own = places.home.join(rc);
    let unread = unread.or_else(|| match &places.env_file {
        Some(file) if *file != own => {
            let file = tilde(file, &places.home);
            Some(format!("`ENV` names `{file}`: {shell} reads that file in place of `~/{rc}`"))
        }
        None if places.env == EnvVar::Unclear => Some(format!(
            "`ENV` names a file that cannot be told from here: {shell} reads that file in place of `~/{rc}`"
        )),
        _ => None,
    });
    let file = |path, modes, why| Target { path, holds: Holds::All, spot: Spot::End, modes, why };
    let why_login = format!("{shell} reads it at login");
    let (modes, why): (&'static [LaunchMode], _) = match &unread {
        None => (&[LoginInteractive, Interactive], format!("{shell} reads it in every terminal")),
        Some(_) => (&[], format!("{shell} reads it in every terminal where nothing keeps it from that")),
    };
    let files = vec![
        Target { spot: look.login_spot(), ..file(places.home.join(".profile"), &[LoginInteractive, Login], why_login) },
        file(own, modes, why),
    ];
    let unread = unread.map(|why| {
        format!("{why}; a terminal that is not a login shell finds Go only through the login shell that it came from")
    });
    Targets { files, notes: unread.into_iter().collect() }
}
