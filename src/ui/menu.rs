//! A short menu.
//!
//! dialoguer's Select hides the cursor, and dies by ^C without giving it back (dialoguer#77): whatever ends it, it is
//! shown again here.

use std::io::{self, Write as _};
use std::sync::Mutex;

use dialoguer::Select;
use dialoguer::console::Term;
use dialoguer::theme::SimpleTheme;

use super::prompt::{KeepTerminal, drop_type_ahead};

/// What the person picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picked {
    /// The line of this index.
    Line(usize),
    /// None of them: Escape.
    None,
    /// ^C, or the end of the input.
    Interrupted,
}

/// Whether the cursor was given back already: a ^C is both a signal and an error of the key that was waited for.
static LEFT: Mutex<bool> = Mutex::new(false);

/// Shows the cursor again, on a line of its own; once.
fn leave() {
    let mut left = LEFT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if !*left {
        *left = true;
        // In one piece, whatever the terminal knows: it is what hid the cursor.
        let _ = Term::stderr().write_all(b"\x1b[?25h\n");
    }
}

/// Whether the terminal is high enough: dialoguer's pages take three lines, and with fewer it panics.
pub fn fits() -> bool {
    Term::stderr().size().0 > 2
}

/// Asks on standard error, with the first of `lines` chosen beforehand; they must be safe on a terminal. Call it only
/// where [`super::Ui::can_ask`] and [`fits`] say so.
///
/// # Errors
///
/// The terminal cannot be read or written.
pub fn pick(question: &str, lines: &[String]) -> io::Result<Picked> {
    let term = Term::stderr();
    let _guard = KeepTerminal::watch(leave);
    drop_type_ahead();
    let select = Select::with_theme(&SimpleTheme).with_prompt(question).items(lines).default(0);
    match select.interact_on_opt(&term).map_err(|dialoguer::Error::IO(error)| error) {
        Ok(Some(line)) => Ok(Picked::Line(line)),
        Ok(None) => Ok(Picked::None),
        Err(error) => {
            leave();
            let over = matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::Interrupted);
            if over { Ok(Picked::Interrupted) } else { Err(error) }
        }
    }
}
