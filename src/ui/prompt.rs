//! The yes or no before anything is written.
//!
//! Not dialoguer's Confirm: it dies by ^C with the cursor hidden, takes a `y` typed before the question for an answer,
//! and reads `/dev/tty` when standard input is a pipe (dialoguer#77, #170, #188). Its terminal layer does what we need.

use std::io::{self, Write};

use dialoguer::console::{Key, Term};
use rustix::termios::{OptionalActions, QueueSelector, tcflush, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

/// What the person answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No, or just Enter.
    No,
    /// ^C, or the end of the input.
    Interrupted,
}

/// While a key is waited for, the terminal is in raw mode. A signal that ends the program must not leave it so.
pub(super) struct KeepTerminal {
    handle: Option<signal_hook::iterator::Handle>,
}

impl KeepTerminal {
    /// From now on, a signal gives the terminal back, then `leaves`, and ends the program.
    pub(super) fn watch(leaves: fn()) -> Self {
        let before = rustix::termios::tcgetattr(rustix::stdio::stdin()).ok();
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT]) else { return Self { handle: None } };
        let handle = Some(signals.handle());
        std::thread::spawn(move || {
            if signals.forever().next().is_some() {
                if let Some(before) = &before {
                    let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, before);
                }
                leaves();
                std::process::exit(130);
            }
        });
        Self { handle }
    }
}

impl Drop for KeepTerminal {
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            handle.close();
        }
    }
}

/// What was typed before a question is no answer to it.
pub(super) fn drop_type_ahead() {
    let _ = tcflush(rustix::stdio::stdin(), QueueSelector::IFlush);
}

/// Asks on standard error; one key answers. Call it only where [`super::Ui::can_ask`] says so.
pub fn confirm(question: &str) -> io::Result<Answer> {
    let mut term = Term::stderr();
    write!(term, "{question} [y/N] ")?;
    term.flush()?;
    let _guard = KeepTerminal::watch(|| {
        let _ = writeln!(Term::stderr());
    });
    drop_type_ahead();
    let answer = loop {
        match term.read_key_raw() {
            Ok(Key::Char('y' | 'Y')) => break Answer::Yes,
            Ok(Key::Char('n' | 'N') | Key::Enter | Key::Escape) => break Answer::No,
            Ok(Key::CtrlC | Key::Char('\u{4}')) => break Answer::Interrupted,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::Interrupted) => {
                break Answer::Interrupted;
            }
            Err(error) => {
                writeln!(term)?;
                return Err(error);
            }
        }
    };
    writeln!(
        term,
        "{}",
        match answer {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Interrupted => "",
        }
    )?;
    Ok(answer)
}
