//! zsh. Source of the facts: zshall(1), STARTUP/SHUTDOWN FILES.
//!
//! A login shell reads `.zshenv .zprofile .zshrc .zlogin`, each other interactive one `.zshenv .zshrc`. All but the
//! first are looked for in `$ZDOTDIR`. `.zshrc` is what both kinds of terminal read, so PATH stands there; `.zshenv`
//! would come before macOS's `path_helper`, which moves the system's folders in front again (rustup#3652).

use std::path::PathBuf;

use super::{Holds, LaunchMode, Look, Places, Shell, Target, Targets};

const ZPROFILE: &str = include_str!("../../templates/zprofile.zsh");

pub(super) struct Zsh;

impl Shell for Zsh {
    fn name(&self) -> &'static str {
        "zsh"
    }

    fn names(&self) -> &'static [&'static str] {
        &["zsh"]
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        let mut folders = vec![&places.zdotdir];
        if places.zdotdir != places.home {
            folders.push(&places.home);
        }
        let names = [".zshenv", ".zprofile", ".zshrc", ".zlogin"];
        folders.into_iter().flat_map(|folder| names.map(|name| folder.join(name))).collect()
    }

    fn targets(&self, look: &Look) -> Targets {
        let file = |name: &str, holds, modes, why: &str| Target {
            path: look.places.zdotdir.join(name),
            holds,
            modes,
            why: why.to_owned(),
        };
        Targets {
            files: vec![
                file(
                    ".zprofile",
                    Holds::Variables,
                    &[LaunchMode::LoginInteractive, LaunchMode::Login],
                    "zsh reads it once, at login: GOROOT and GOPATH",
                ),
                file(
                    ".zshrc",
                    Holds::All,
                    &[LaunchMode::LoginInteractive, LaunchMode::Interactive],
                    "zsh reads it in every terminal: PATH, and the two variables where no login set them",
                ),
            ],
            notes: look.places.zdotdir_note.iter().cloned().collect(),
        }
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["-f", "-n"]
    }

    fn template(&self, holds: Holds) -> &'static str {
        match holds {
            Holds::Variables => ZPROFILE,
            Holds::All => super::posix::TEMPLATE,
        }
    }
}
