//! fish's quoting. Source of the facts: fish(1), "Quotes" and "Escaping Characters", and measurement with 3.6.
//!
//! Text stands in single quotes, in which only `\\` and `\'` mean something. Bytes that are no UTF-8, and control
//! characters, stand outside of them as `\XHH`, which is that byte in every locale; so a word never spans two lines.
//! `$HOME` stays `$HOME`, as in the blocks of POSIX shells.

use std::path::Path;

use super::super::posix::{below, trim_slashes};

/// Quotes any bytes but NUL as one word.
pub(super) fn quote(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 2);
    for chunk in value.utf8_chunks() {
        for run in chunk.valid().split_inclusive(|c: char| c.is_ascii_control()) {
            let text = run.strip_suffix(|c: char| c.is_ascii_control()).unwrap_or(run);
            in_quotes(text, &mut out);
            run[text.len()..].bytes().for_each(|byte| escaped(byte, &mut out));
        }
        chunk.invalid().iter().for_each(|byte| escaped(*byte, &mut out));
    }
    if out.is_empty() { b"''".to_vec() } else { out }
}

fn in_quotes(text: &str, out: &mut Vec<u8>) {
    if text.is_empty() {
        return;
    }
    out.push(b'\'');
    for byte in text.bytes() {
        if matches!(byte, b'\'' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'\'');
}

fn escaped(byte: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("\\X{byte:02x}").as_bytes());
}

/// Quotes a path; one below `home` starts with `$HOME`.
pub(super) fn quote_path(path: &[u8], home: &Path) -> Vec<u8> {
    let Some(rest) = below(path, home) else { return quote(path) };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@%,".contains(byte);
    if rest.iter().all(plain) {
        [b"\"$HOME", rest, b"\""].concat()
    } else {
        [b"\"$HOME\"", &quote(rest)[..]].concat()
    }
}

/// Quotes a list of paths separated by `:`, each as [`quote_path`] does.
pub(super) fn quote_list(list: &[u8], home: &Path) -> Vec<u8> {
    let words: Vec<Vec<u8>> = list
        .split(|byte| *byte == b':')
        .map(|path| if path.is_empty() { Vec::new() } else { quote_path(path, home) })
        .collect();
    let joined = words.join(&b':');
    if joined.is_empty() { quote(b"") } else { joined }
}

/// Reads the word at the start of `text` back: what the functions above write, and plain unquoted text. `None` where it
/// is anything else (an expansion of some other variable, an open quote).
pub(super) fn unquote(text: &[u8], home: &Path) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        match rest {
            [] | [b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|', ..] => return Some(out),
            [b'\'', tail @ ..] => rest = read_single(tail, &mut out)?,
            [b'"', tail @ ..] => {
                let end = tail.iter().position(|byte| *byte == b'"')?;
                let (mut inside, after) = (&tail[..end], &tail[end + 1..]);
                if let Some(below) = inside.strip_prefix(b"$HOME") {
                    // `$HOMER` is another variable.
                    if below.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
                        return None;
                    }
                    out.extend_from_slice(trim_slashes(home.as_os_str().as_encoded_bytes()));
                    inside = below;
                }
                if inside.iter().any(|byte| b"$\\".contains(byte)) {
                    return None;
                }
                out.extend_from_slice(inside);
                rest = after;
            }
            [b'\\', b'X' | b'x', high, low, tail @ ..] => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                out.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
                rest = tail;
            }
            // A letter or digit behind a backslash means something else.
            [b'\\', byte, tail @ ..] if byte.is_ascii_punctuation() || *byte == b' ' => {
                out.push(*byte);
                rest = tail;
            }
            [byte, ..] if b"\\$(){}<>*?[]^~#!%`".contains(byte) => return None,
            [byte, tail @ ..] => {
                out.push(*byte);
                rest = tail;
            }
        }
    }
}

/// Reads what stands behind an opening `'`; returns what stands behind the closing one.
fn read_single<'a>(mut text: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    loop {
        match text {
            [] => return None,
            [b'\'', tail @ ..] => return Some(tail),
            [b'\\', byte @ (b'\'' | b'\\'), tail @ ..] | [byte, tail @ ..] => {
                out.push(*byte);
                text = tail;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms() {
        let home = Path::new("/home/me");
        assert_eq!(quote(b"/usr/local/go"), b"'/usr/local/go'");
        assert_eq!(quote(b""), b"''");
        assert_eq!(quote(b"it's \\"), b"'it\\'s \\\\'");
        assert_eq!(quote("grüße".as_bytes()), "'grüße'".as_bytes());
        assert_eq!(quote(b"caf\xe9/x"), b"'caf'\\Xe9'/x'");
        assert_eq!(quote(b"a\nb\r"), b"'a'\\X0a'b'\\X0d");
        assert_eq!(quote_path(b"/home/me/go", home), b"\"$HOME/go\"");
        assert_eq!(quote_path(b"/home/me", home), b"\"$HOME\"");
        assert_eq!(quote_path(b"/home/me/a b", home), b"\"$HOME\"'/a b'");
        assert_eq!(quote_path(b"/home/meow/go", home), b"'/home/meow/go'");
        assert_eq!(quote_path(b"/go", Path::new("/")), b"'/go'");
        assert_eq!(quote_list(b"/home/me/go:/srv/go", home), b"\"$HOME/go\":'/srv/go'");
    }

    #[test]
    fn what_we_would_not_write_is_not_read() {
        for text in
            [&b"\"$OTHER/go\""[..], b"\"$HOMER/go\"", b"(go env GOPATH)", b"'open", b"~/go", b"\"a\\\"\"", b"\\n", b"$x"]
        {
            assert_eq!(unquote(text, Path::new("/h")), None, "{}", text.escape_ascii());
        }
        assert_eq!(unquote(b"/opt/go; and x", Path::new("/h")), Some(b"/opt/go".to_vec()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

        #[test]
        fn unquote_undoes_quote(
            value in prop_oneof![
                proptest::collection::vec(1u8.., 0..40),
                proptest::collection::vec(proptest::sample::select(&b"\\'\"$Xx0a \n\r\xff\xc3\xa4"[..]), 0..40),
            ],
            inside_home in any::<bool>(),
            tail in "[ ;|&]?",
        ) {
            let home = Path::new("/home/me");
            let path = if inside_home { [b"/home/me/", &value[..]].concat() } else { value };
            let one = [&quote_path(&path, home)[..], tail.as_bytes()].concat();
            prop_assert!(!one.contains(&b'\n'));
            prop_assert_eq!(unquote(&one, home), Some(path.clone()));
            let list = [&quote_list(&path, home)[..], tail.as_bytes()].concat();
            prop_assert_eq!(unquote(&list, home), Some(path));
        }
    }
}
