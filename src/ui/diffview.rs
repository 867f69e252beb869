//! The diff for a person at a terminal: the hunks of [`crate::text::udiff`], made safe to look at.
//!
//! A startup file may hold escape sequences (prompts do) and text that is made to look like other text. Raw bytes belong
//! into the patch, which goes to a pipe or a file; here everything that could steer the terminal is shown by name.
//!
//! Invariant: of the control characters only `\n` (between lines) and TAB come out, and the escape sequences of our own
//! colours when `colour` is asked for.

use anstyle::{AnsiColor, Style};

use crate::text::show::sanitise;
use crate::text::udiff::{NO_NEWLINE, Side, Tag, hunks};

#[cfg(test)]
mod tests;

const NAME: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// Appends the diff of one file. Names stand unquoted; nothing is appended if nothing changes.
pub fn view(out: &mut Vec<u8>, old: &Side, new: &Side, colour: bool) {
    if old.is_same(new) {
        return;
    }
    let mut print = |style: Style, text: &str| {
        let style = if colour { style } else { Style::new() };
        out.extend_from_slice(format!("{style}{text}{style:#}\n").as_bytes());
    };
    let name = |prefix, side: &Side| match side.name {
        Some(name) => format!("{prefix}{}", sanitise(name)),
        None => "/dev/null".to_owned(),
    };
    print(NAME, &format!("--- {}", name("a/", old)));
    print(NAME, &format!("+++ {}", name("b/", new)));
    for hunk in hunks(old.bytes, new.bytes) {
        print(PLACE, &hunk.title());
        for line in &hunk.lines {
            let style = match line.tag {
                Tag::Context => Style::new(),
                Tag::Removed => REMOVED,
                Tag::Added => ADDED,
            };
            let sign = char::from(line.tag.sign());
            print(style, &format!("{sign}{}", sanitise(line.bytes)));
            if !line.newline {
                print(Style::new(), &sanitise(NO_NEWLINE));
            }
        }
    }
}
