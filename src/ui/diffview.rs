//! The diff for a person at a terminal: the hunks of [`crate::text::udiff`], made safe to look at.
//!
//! A startup file may hold escape sequences (prompts do) and text that is made to look like other text. Raw bytes belong
//! into the patch, which goes to a pipe or a file; here everything that could steer the terminal is shown by name.
//!
//! Invariant: of the control characters only `\n` (between lines) and TAB come out, and the escape sequences of our own
//! colours when `colour` is asked for.

use anstyle::{AnsiColor, Style};

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

/// Text that is safe on a terminal, for any name or value that is shown to a person.
///
/// TAB stays. Other ASCII control characters become `^M`, `^[`, `^?`; bytes that are no UTF-8 become `\xff`; control
/// characters beyond ASCII and characters that are invisible or reorder their neighbours become `\u{202e}`. This is for
/// reading only: it cannot be turned back.
pub fn sanitise(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '\t' => out.push(char),
                '\0'..='\x1f' | '\x7f' => {
                    out.push('^');
                    out.push(char::from(char as u8 ^ 0x40));
                }
                _ if misleads(char) => out.extend(char.escape_unicode()),
                _ => out.push(char),
            }
        }
        for byte in chunk.invalid() {
            out.extend(format!("\\x{byte:02x}").chars());
        }
    }
    out
}

/// Control characters beyond ASCII, and characters that cannot be seen or that move others: Unicode's format characters
/// (general category Cf), line separators, and letters that look like nothing. U+FE00 to U+FE0F stay: ordinary emoji are
/// written with them, and they hide nothing.
fn misleads(char: char) -> bool {
    matches!(char,
        '\u{80}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}'
    )
}
