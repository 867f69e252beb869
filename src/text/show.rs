//! Names and values as a person may see them: no control character ever reaches a terminal raw.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The name under which a path is shown: `~/…` below home.
pub fn tilde(path: &Path, home: &Path) -> String {
    let shown = |path: &Path| sanitise(path.as_os_str().as_bytes());
    match path.strip_prefix(home) {
        Ok(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Ok(rest) if home != Path::new("/") => format!("~/{}", shown(rest)),
        _ => shown(path),
    }
}

/// A list of paths separated by `:`, each as [`tilde`] shows it.
pub fn tilde_list(list: &OsStr, home: &Path) -> String {
    let paths: Vec<String> = list
        .as_bytes()
        .split(|byte| *byte == b':')
        .map(|path| tilde(Path::new(OsStr::from_bytes(path)), home))
        .collect();
    paths.join(":")
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
