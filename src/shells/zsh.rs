//! zsh. Source of the facts: zshall(1), STARTUP/SHUTDOWN FILES.
//!
//! A login shell reads `.zshenv .zprofile .zshrc .zlogin`, each other interactive one `.zshenv .zshrc`, and each the
//! system's file of that name before the user's. All but the first are looked for in `$ZDOTDIR`. `.zshrc` is what both
//! kinds of terminal read, so PATH stands there; `.zshenv` alone would come before macOS's `path_helper`, which moves the
//! system's folders in front again (rustup#3652), so where everything is to be reached the login file holds the block too.

use std::path::PathBuf;

use super::{Holds, LaunchMode, Look, Places, Program, Reach, Shell, Spot, Target, Targets, Prompt, Tracing, tracing};

use LaunchMode::{Command, Interactive, Login, LoginInteractive};

const ZPROFILE: &str = include_str!("../../templates/zprofile.zsh");

pub(super) struct Zsh;

impl Shell for Zsh {
    fn name(&self) -> &'static str {
        "zsh"
    }

    fn names(&self) -> &'static [&'static str] {
        &["zsh"]
    }

    fn programs(&self) -> &'static [Program] {
        const { &[Program::named("zsh")] }
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        let mut folders = vec![&places.zdotdir];
        if places.zdotdir != places.home {
            folders.push(&places.home);
        }
        let names = [".zshenv", ".zprofile", ".zshrc", ".zlogin"];
        folders.into_iter().flat_map(|folder| names.map(|name| folder.join(name))).collect()
    }

    fn reads(&self, _program: &Program, mode: LaunchMode, look: &Look) -> Vec<PathBuf> {
        let names: &[&str] = match mode {
            LoginInteractive => &["zshenv", "zprofile", "zshrc", "zlogin"],
            Interactive => &["zshenv", "zshrc"],
            Login => &["zshenv", "zprofile", "zlogin"],
            Command | LaunchMode::SshCommand => &["zshenv"],
        };
        let Places { zsh_etc, zdotdir, zshenv_folder, .. } = look.places;
        let pair = |name: &&str| {
            let own = if *name == "zshenv" { zshenv_folder } else { zdotdir };
            [zsh_etc.join(name), own.join(format!(".{name}"))]
        };
        names.iter().flat_map(pair).collect()
    }

    /// In the language of prompts `%x` is the file, `%I` its line, `%N` the function or `(eval)`.
    fn tracing(&self) -> Tracing {
        Tracing::Prompt(Prompt {
            args: &["-x", "-o", "promptsubst"],
            file: "%x",
            line: "%I",
            scope: "%N",
            subshell: "${ZSH_SUBSHELL}",
            doubles_percent: true,
            late: false,
            ..tracing::POSIX
        })
    }

    fn targets(&self, look: &Look) -> Targets {
        let Places { zdotdir, zshenv_folder, .. } = look.places;
        let file = |path, holds, modes, why: &str| Target { path, holds, spot: Spot::End, modes, why: why.to_owned() };
        let zprofile = |holds, why: &str| Target {
            spot: look.login_spot(),
            ..file(zdotdir.join(".zprofile"), holds, &[LoginInteractive, Login], why)
        };
        let files = match look.reach {
            Reach::Interactive => vec![
                zprofile(Holds::Variables, "zsh reads it once, at login: GOROOT and GOPATH"),
                file(
                    zdotdir.join(".zshrc"),
                    Holds::All,
                    &[LoginInteractive, Interactive],
                    "zsh reads it in every terminal: PATH, and the two variables where no login set them",
                ),
            ],
            Reach::Login => vec![
                zprofile(Holds::All, "zsh reads it in every login shell, also in one that only runs a command"),
                file(
                    zdotdir.join(".zshrc"),
                    Holds::All,
                    &[LoginInteractive, Interactive],
                    "zsh reads it in every terminal that is not a login shell, too",
                ),
            ],
            Reach::All => vec![
                Target {
                    spot: Spot::AboveGuard,
                    ..file(
                        zshenv_folder.join(".zshenv"),
                        Holds::All,
                        &[LoginInteractive, Interactive, Login, Command],
                        "zsh reads it however it is started",
                    )
                },
                zprofile(Holds::All, "at login the system may move its own folders in front after .zshenv (macOS's path_helper)"),
            ],
        };
        Targets { files, notes: look.places.zdotdir_note.iter().cloned().collect() }
    }

    /// From 5.4 on it tells which file a function is from.
    fn what_go_is(&self) -> &'static [u8] {
        br#" "$(builtin whence -w go 2>/dev/null)" "${functions_source[go]-}""#
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
