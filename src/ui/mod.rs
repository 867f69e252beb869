//! The terminal: one owner of standard output, standard error and the prompt.
//!
//! Standard output carries the product (diff, JSON, block), raw when it is not a terminal; standard error the talk.

pub mod diffview;
pub mod menu;
pub mod progress;
pub mod prompt;

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use crate::facts::Env;
use crate::plan::{Level, Note, Refusal};
use crate::text::show::sanitise;

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColourChoice {
    /// Where the stream is a terminal; `NO_COLOR` and `CLICOLOR_FORCE` are obeyed.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How the product left us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// All of it.
    Whole,
    /// Whoever read it closed standard output early.
    Closed,
}

/// The terminal.
pub struct Ui {
    quiet: bool,
    verbose: bool,
    json: bool,
    out_is_terminal: bool,
    err_is_terminal: bool,
    can_ask: bool,
    out_colour: bool,
    err_colour: bool,
    /// Whether standard output could not be written.
    lost_output: Cell<bool>,
    /// The notes that were said, for JSON.
    said: RefCell<Vec<Note>>,
}

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

impl Ui {
    /// Looks at the streams.
    pub fn new(choice: ColourChoice, quiet: bool, verbose: bool, json: bool, env: &Env) -> Self {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let colour = |terminal: bool| match choice {
            ColourChoice::Always => true,
            ColourChoice::Never => false,
            ColourChoice::Auto if env.no_color => false,
            ColourChoice::Auto => env.force_color || (terminal && !env.dumb_terminal),
        };
        Self {
            quiet,
            verbose,
            json,
            out_is_terminal: out,
            err_is_terminal: err,
            can_ask: err && io::stdin().is_terminal(),
            out_colour: colour(out),
            err_colour: colour(err),
            lost_output: Cell::new(false),
            said: RefCell::default(),
        }
    }

    /// Whether the product is one JSON document.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Whether only warnings and errors are wanted.
    pub fn quiet(&self) -> bool {
        self.quiet
    }

    /// Whether a person reads standard output.
    pub fn out_is_terminal(&self) -> bool {
        self.out_is_terminal
    }

    /// Whether a question can be asked: standard input and standard error are terminals.
    pub fn can_ask(&self) -> bool {
        self.can_ask
    }

    /// Whether the product on standard output is coloured.
    pub fn out_colour(&self) -> bool {
        self.out_colour
    }

    /// Whether the diff on standard error is coloured.
    pub fn err_colour(&self) -> bool {
        self.err_colour
    }

    /// Writes the product: bytes as they are.
    pub fn product(&self, bytes: &[u8]) -> Sent {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Ok(()) => Sent::Whole,
            Err(error) => {
                // Whoever closes the pipe early has seen enough; a full disk is another matter.
                if error.kind() != io::ErrorKind::BrokenPipe && !self.lost_output.replace(true) {
                    let hint = "see where it goes, and whether there is space: `df`";
                    self.error(
                        &format!("cannot write to standard output: {}", crate::facts::words(&error)),
                        Some(hint),
                    );
                }
                Sent::Closed
            }
        }
    }

    /// Whether some of the product could not be written, for another reason than that nobody reads it any more.
    pub fn lost_output(&self) -> bool {
        self.lost_output.get()
    }

    /// Writes talk as it is: bytes that were made safe before.
    pub fn talk(&self, bytes: &[u8]) {
        // Nobody is left to tell when standard error is closed.
        let _ = io::stderr().lock().write_all(bytes);
    }

    /// Says a line, unless told to be quiet.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            self.talk(format!("{line}\n").as_bytes());
        }
    }

    /// Says a line that only `--verbose` asks for.
    pub fn detail(&self, line: &str) {
        if self.verbose {
            self.say(line);
        }
    }

    /// Says a note or a warning; only warnings come through `--quiet`.
    pub fn note(&self, note: &Note) {
        self.said.borrow_mut().push(note.clone());
        match note.level {
            Level::Note => self.say(&self.tagged("note", CYAN, &note.text)),
            Level::Warning => self.talk(format!("{}\n", self.tagged("warning", YELLOW, &note.text)).as_bytes()),
        }
    }

    /// The notes and warnings that were said so far.
    pub fn said(&self) -> Vec<Note> {
        self.said.borrow().clone()
    }

    /// Says what to do about what was said before.
    pub fn hint(&self, hint: &str) {
        self.talk(format!("{}\n", self.tagged("hint", CYAN, hint)).as_bytes());
    }

    /// Says an error and its hint.
    pub fn error(&self, what: &str, hint: Option<&str>) {
        self.talk(format!("{}\n", self.tagged("error", RED, what)).as_bytes());
        if let Some(hint) = hint {
            self.hint(hint);
        }
    }

    /// Says what was refused.
    pub fn refusal(&self, refusal: &Refusal) {
        self.error(&refusal.what, refusal.hint.as_deref());
    }

    /// A heading of the talk.
    pub fn strong(&self, text: &str) -> String {
        if self.err_colour { format!("{BOLD}{text}{BOLD:#}") } else { text.to_owned() }
    }

    fn tagged(&self, tag: &str, style: Style, text: &str) -> String {
        let text = sanitise(text.as_bytes());
        if self.err_colour { format!("{style}{tag}:{style:#} {text}") } else { format!("{tag}: {text}") }
    }
}
