//! csh: bsd-csh on Debian, tcsh under that name on macOS. Source of the facts: csh(1), and measurement with bsd-csh
//! 20110502.
//!
//! However it is started it reads `.cshrc`. A login shell is one whose `argv[0]` has a dash, or that got `-l` and nothing
//! else; with `-c` bsd-csh is never one. With `-c` no `$prompt` is set, and the usual `if (! $?prompt) exit` ends the
//! file there.

use std::path::PathBuf;

use super::{Holds, LaunchMode, Look, Places, Program, Reach, Shell, Spot, Start, Target, Targets, csh_words, Tracing};

use LaunchMode::{Command, Interactive, LoginInteractive};

pub(super) struct Csh;

impl Shell for Csh {
    fn name(&self) -> &'static str {
        "csh"
    }

    fn names(&self) -> &'static [&'static str] {
        &["csh", "bsd-csh"]
    }

    fn programs(&self) -> &'static [Program] {
        const { &[Program::named("csh")] }
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        let tcsh = places.csh_is_tcsh.then(|| places.home.join(".tcshrc"));
        tcsh.into_iter().chain([".cshrc", ".login"].map(|name| places.home.join(name))).collect()
    }

    fn reads(&self, _program: &Program, mode: LaunchMode, look: &Look) -> Vec<PathBuf> {
        let login = mode == LoginInteractive || mode == LaunchMode::Login && look.places.csh_is_tcsh;
        csh_words::reads(login, file(look), look)
    }

    /// A login shell that runs a command is none in bsd-csh; where csh is tcsh, tcsh stands for it.
    fn start(&self, _program: &Program, mode: LaunchMode) -> Option<Start> {
        match mode {
            LoginInteractive => Some(csh_words::typed(true)),
            Interactive => Some(csh_words::typed(false)),
            Command => Start::usual(Command),
            LaunchMode::Login | LaunchMode::SshCommand => None,
        }
    }

    fn tracing(&self) -> Tracing {
        Tracing::Echo { logs_in: false }
    }

    fn targets(&self, look: &Look) -> Targets {
        let (spot, end) = if look.reach == Reach::All {
            (Spot::AboveGuard, ", above what ends it where nobody types")
        } else {
            (Spot::End, "")
        };
        let modes = &[LoginInteractive, Interactive, Command];
        let why = format!("csh reads it however it is started{end}");
        let target = Target { path: file(look), holds: Holds::All, spot, modes, why };
        Targets { files: vec![target], notes: Vec::new() }
    }

    /// Its own `-n` takes `$?PATH` for a pattern and complains.
    fn what_go_is(&self) -> &'static [u8] {
        csh_words::WHAT_GO_IS
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &[]
    }

    csh_words::shared!();
}

/// Its startup file.
fn file(look: &Look) -> PathBuf {
    if look.places.csh_is_tcsh { csh_words::tcsh_file(look) } else { look.places.home.join(".cshrc") }
}
