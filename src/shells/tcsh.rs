//! tcsh. Source of the facts: tcsh(1), "Startup and shutdown", and measurement with tcsh 6.24.
//!
//! However it is started it reads `.tcshrc`, or `.cshrc` where there is none, so neither is created beside the other. A
//! login shell is one whose `argv[0]` has a dash, or that got `-l` and nothing else: `tcsh -l -c` is an error. With `-c`
//! no `$prompt` is set, and the usual `if (! $?prompt) exit` ends the file there.

use std::path::PathBuf;

use super::{Holds, LaunchMode, Look, Places, Program, Reach, Shell, Spot, Start, Target, Targets, csh_words, Tracing};

use LaunchMode::{Command, Interactive, Login, LoginInteractive};

pub(super) struct Tcsh;

impl Shell for Tcsh {
    fn name(&self) -> &'static str {
        "tcsh"
    }

    fn names(&self) -> &'static [&'static str] {
        &["tcsh"]
    }

    fn programs(&self) -> &'static [Program] {
        const { &[Program::named("tcsh")] }
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        [".tcshrc", ".cshrc", ".login"].iter().map(|name| places.home.join(name)).collect()
    }

    fn reads(&self, _program: &Program, mode: LaunchMode, look: &Look) -> Vec<PathBuf> {
        csh_words::reads(matches!(mode, LoginInteractive | Login), csh_words::tcsh_file(look), look)
    }

    fn start(&self, _program: &Program, mode: LaunchMode) -> Option<Start> {
        match mode {
            LoginInteractive => Some(csh_words::typed(true)),
            Interactive => Some(csh_words::typed(false)),
            Login => Some(Start { dash: true, words: "login -c", ..Start::with(Login, &["-c"]) }),
            Command => Start::usual(Command),
            LaunchMode::SshCommand => None,
        }
    }

    fn tracing(&self) -> Tracing {
        Tracing::Echo { logs_in: true }
    }

    fn targets(&self, look: &Look) -> Targets {
        let path = csh_words::tcsh_file(look);
        let hidden = path.ends_with(".tcshrc");
        let why = if hidden { ".tcshrc hides .cshrc from it" } else { "there is no .tcshrc" };
        let (spot, end) = if look.reach == Reach::Interactive {
            (Spot::End, "")
        } else {
            (Spot::AboveGuard, ", above what ends it where nobody types")
        };
        let modes = &[LoginInteractive, Interactive, Login, Command];
        let why = format!("tcsh reads it however it is started: {why}{end}");
        Targets { files: vec![Target { path, holds: Holds::All, spot, modes, why }], notes: Vec::new() }
    }

    fn what_go_is(&self) -> &'static [u8] {
        csh_words::WHAT_GO_IS
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["-f", "-n"]
    }

    fn nonsense(&self) -> &'static [u8] {
        b"\n)\n"
    }

    fn is_syntax_error(&self, stderr: &[u8]) -> bool {
        let words = stderr.to_ascii_lowercase();
        ["unmatched", "too many", "too few", "invalid null command", "missing", "ambiguous", "not in while", "improper"]
            .iter()
            .any(|word| words.windows(word.len()).any(|window| window == word.as_bytes()))
    }

    csh_words::shared!();
}
