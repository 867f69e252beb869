//! sh: dash on Debian, busybox's ash on Alpine, bash or zsh under that name elsewhere. Source of the facts: dash(1), Invocation.
//!
//! A login shell reads `.profile`. Other interactive ones read the file that `ENV` names, which is the user's own
//! business and no place of ours; what no file can reach is said, not promised.

use std::path::PathBuf;

use super::{Holds, LaunchMode, Look, Places, Shell, Target, Targets};

pub(super) struct Sh;

impl Shell for Sh {
    fn name(&self) -> &'static str {
        "sh"
    }

    fn names(&self) -> &'static [&'static str] {
        &["sh", "dash", "ash"]
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        vec![places.home.join(".profile")]
    }

    fn targets(&self, look: &Look) -> Targets {
        let mut targets = Targets::default();
        targets.files.push(Target {
            path: look.places.home.join(".profile"),
            holds: Holds::All,
            modes: &[LaunchMode::LoginInteractive, LaunchMode::Login],
            why: "sh reads it at login".to_owned(),
        });
        if !look.login {
            targets.notes.push(
                "sh reads no startup file in a terminal that is not a login shell: Go is there after the next login".to_owned(),
            );
        }
        targets
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["-n"]
    }
}
