//! What a person sees, and that nothing else reaches the terminal.

use super::*;

fn side<'a>(name: &'a [u8], bytes: &'a [u8]) -> Side<'a> {
    Side { name: Some(name), bytes }
}

fn shown(old: &Side, new: &Side, colour: bool) -> String {
    let mut out = Vec::new();
    view(&mut out, old, new, colour);
    String::from_utf8(out).unwrap()
}

#[test]
fn shows_the_hunks_plainly() {
    let text = shown(&side(b"my file", b"a\nb"), &side(b"my file", b"a\r\n\tc\n"), false);
    assert_eq!(
        text,
        "--- a/my file\n+++ b/my file\n@@ -1,2 +1,2 @@\n-a\n-b\n\\ No newline at end of file\n+a^M\n+\tc\n"
    );
}

#[test]
fn colours_each_kind_of_line_and_ends_it() {
    let text = shown(&side(b"f", b"a\nb\n"), &side(b"f", b"a\nc\n"), true);
    assert_eq!(
        text,
        "\x1b[1m--- a/f\x1b[0m\n\x1b[1m+++ b/f\x1b[0m\n\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n a\n\
         \x1b[31m-b\x1b[0m\n\x1b[32m+c\x1b[0m\n"
    );
}

#[test]
fn says_when_a_file_comes_or_goes() {
    let absent = Side { name: None, bytes: b"" };
    let created = shown(&absent, &side(b"f", b"x\n"), false);
    assert!(created.starts_with("--- /dev/null\n+++ b/f\n"), "{created}");
    let removed = shown(&side(b"f", b""), &absent, false);
    assert_eq!(removed, "--- a/f\n+++ /dev/null\n");
    assert_eq!(shown(&side(b"f", b"x"), &side(b"f", b"x"), true), "");
}

#[test]
fn names_what_would_steer_the_terminal() {
    for (bytes, text) in [
        (b"plain \xc3\xa9\tok ~".as_slice(), "plain é\tok ~"),
        (b"\x1b[31mred\x07\r\n\x00\x7f", "^[[31mred^G^M^J^@^?"),
        (b"\xff\xc3(\xe2\x80", "\\xff\\xc3(\\xe2\\x80"),
        ("\u{9b}2J".as_bytes(), "\\u{9b}2J"),
        ("a\u{202e}b\u{2066}c\u{200b}\u{feff}".as_bytes(), "a\\u{202e}b\\u{2066}c\\u{200b}\\u{feff}"),
        ("\u{2028}\u{e0041}\u{ad}".as_bytes(), "\\u{2028}\\u{e0041}\\u{ad}"),
    ] {
        assert_eq!(sanitise(bytes), text);
    }
}

/// All single bytes, and all characters of the basic plane: no control character comes out, in a name or in a line.
#[test]
fn no_control_character_comes_out() {
    let mut every: Vec<u8> = (0..=255).collect();
    every.extend(('\u{80}'..='\u{ffff}').collect::<String>().bytes());
    let text = shown(&side(&every, b""), &side(&every, &every), false);
    let raw = text.chars().find(|char| char.is_control() && !matches!(char, '\n' | '\t'));
    assert_eq!(raw, None);
    // 256 bytes hold one line feed: two lines of names, one title, two lines of text, one note.
    assert_eq!(text.lines().count(), 6);
}
