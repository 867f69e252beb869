//! A program in a terminal.

use std::process::Command;

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

/// A program that runs in a terminal of its own, where it reads what the test types. The terminal does not echo.
pub(crate) struct Tty {
    session: PtySession,
}

impl Tty {
    /// Starts a command, whose program must exist: a fork that cannot start it would go on as a second test run.
    #[track_caller]
    pub(crate) fn start(command: Command) -> Self {
        let program = std::path::Path::new(command.get_program());
        assert!(program.is_absolute() && program.is_file(), "{} does not exist", program.display());
        Self { session: spawn_command(command, Some(20_000)).expect("the program starts") }
    }

    /// Waits for `text` on the screen; gives what came before it. Bytes above 127 arrive as Latin-1.
    #[track_caller]
    pub(crate) fn sees(&mut self, text: &str) -> String {
        self.session.exp_string(text).unwrap_or_else(|error| panic!("expected on the screen: {text}\n{error}"))
    }

    /// Types this text, without Enter.
    pub(crate) fn types(&mut self, text: &str) -> &mut Self {
        self.session.send(text).expect("the terminal is open");
        self.session.flush().expect("the terminal is open");
        self
    }

    /// Types a letter with Control held down.
    pub(crate) fn control(&mut self, letter: char) -> &mut Self {
        self.session.send_control(letter).expect("the terminal is open");
        self
    }

    /// Waits for the end; gives the exit status as a shell has it, and what was still to be read.
    #[track_caller]
    pub(crate) fn end(mut self) -> (i32, String) {
        let rest = self.session.exp_eof().unwrap_or_else(|error| panic!("expected the end\n{error}"));
        let status = match self.session.process().wait() {
            Ok(WaitStatus::Exited(_, status)) => status,
            Ok(WaitStatus::Signaled(_, signal, _)) => 128 + signal as i32,
            other => panic!("not an end: {other:?}"),
        };
        (status, rest)
    }
}
