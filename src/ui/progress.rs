//! One line that tells how far a long step is, for a person: redrawn in place, and gone at the end.

use super::Ui;

/// Such a line. It is taken away when this is dropped.
pub struct Progress<'a> {
    ui: &'a Ui,
    what: &'static str,
    done: usize,
    of: usize,
}

impl<'a> Progress<'a> {
    /// Begins: `what` is said in front of the count.
    pub fn of(ui: &'a Ui, what: &'static str, of: usize) -> Self {
        let progress = Self { ui, what, done: 0, of };
        progress.draw();
        progress
    }

    /// One more is done.
    pub fn step(&mut self) {
        self.done += 1;
        self.draw();
    }

    fn is_shown(&self) -> bool {
        self.ui.err_is_terminal && !self.ui.quiet
    }

    fn line(&self) -> String {
        format!("{}: {} of {}", self.what, self.done, self.of)
    }

    fn draw(&self) {
        if self.is_shown() {
            self.ui.talk(format!("\r{}", self.line()).as_bytes());
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        // Blanks, not an escape sequence: every terminal knows them. The line has only ever grown.
        if self.is_shown() {
            self.ui.talk(format!("\r{}\r", " ".repeat(self.line().len())).as_bytes());
        }
    }
}
