//! The yes or no before anything is written.
//!
//! Not dialoguer's Confirm: it dies by ^C with the cursor hidden, takes a `y` typed before the question for an answer,
//! and reads `/dev/tty` when standard input is a pipe (dialoguer#77, #170, #188). Its terminal layer does what we need.

use std::io::{self, Write};

use dialoguer::console::{Key, Term};
use rustix::termios::{QueueSelector, tcflush};

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

/// Asks on standard error; one key answers. Call it only where [`super::Ui::can_ask`] says so.
pub fn confirm(question: &str) -> io::Result<Answer> {
    let mut term = Term::stderr();
    write!(term, "{question} [y/N] ")?;
    term.flush()?;
    // What was typed before the question is no answer to it.
    let _ = tcflush(rustix::stdio::stdin(), QueueSelector::IFlush);
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
