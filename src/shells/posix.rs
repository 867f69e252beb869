//! What sh, bash and zsh have in common: their quoting, their block, their way of naming a startup file.
//!
//! A value is quoted once, on one line, so that any byte string arrives exactly and none is ever run; `$HOME` stays
//! `$HOME`, so that the file can be shared between machines (volta#689, conda#10249).

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::text::show::sanitise;

/// The block of every POSIX shell.
pub const TEMPLATE: &str = include_str!("../../templates/posix.sh");

/// Words that say what `go` is, in the words of POSIX: `command -v` tells the name alone of a function. Of an alias the text
/// stays in the shell.
pub(super) const WHAT_GO_IS: &[u8] = br#" "$(alias go >/dev/null 2>&1 && echo alias)" "$(case $(command -v go 2>/dev/null) in (go) echo function;; esac)""#;

/// Quotes bytes as one POSIX word. Any byte but NUL can be carried; a newline makes the word span two lines.
///
/// No empty `''` is ever written beside a quote: zsh's `rc_quotes` reads `''` inside quotes as one quote.
pub fn quote(value: &[u8]) -> Vec<u8> {
    if value.is_empty() {
        return b"''".to_vec();
    }
    let mut out = Vec::with_capacity(value.len() + 2);
    for (index, run) in value.split(|byte| *byte == b'\'').enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\\'");
        }
        if !run.is_empty() {
            out.push(b'\'');
            out.extend_from_slice(run);
            out.push(b'\'');
        }
    }
    out
}

/// Quotes a path; one below `home` starts with `home_word` (`$HOME`, or `${HOME-}` where HOME may be unset).
pub fn quote_path(path: &[u8], home: &Path, home_word: &str) -> Vec<u8> {
    let Some(rest) = below(path, home) else { return quote(path) };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@%,".contains(byte);
    if rest.iter().all(plain) {
        [b"\"", home_word.as_bytes(), rest, b"\""].concat()
    } else {
        [b"\"", home_word.as_bytes(), b"\"", &quote(rest)[..]].concat()
    }
}

/// Text as a word in a command line that a person copies, without quotes where none are needed.
pub fn bare_word(text: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@%,".contains(byte);
    let bare = !text.is_empty() && text.iter().all(plain);
    String::from_utf8_lossy(&if bare { text.to_vec() } else { quote(text) }).into_owned()
}

/// A path as a word in a command line that a person copies: nothing in it steers the terminal.
pub fn word(path: &Path, home: &Path) -> String {
    sanitise(&quote_path(path.as_os_str().as_bytes(), home, "$HOME"))
}

/// A list of paths, or one, as a word in a command line; `None`: what a person would copy is not what it is, because of
/// control characters, bytes that are no text, or a backtick, between which commands are shown.
pub fn exact_word(list: &[u8], home: &Path) -> Option<String> {
    let word = String::from_utf8(quote_list(list, home)).ok()?;
    (sanitise(word.as_bytes()) == word && !word.contains('`')).then_some(word)
}

/// Quotes a list of paths separated by `:`, each as [`quote_path`] does.
pub fn quote_list(list: &[u8], home: &Path) -> Vec<u8> {
    let words: Vec<Vec<u8>> = list
        .split(|byte| *byte == b':')
        .map(|path| if path.is_empty() { Vec::new() } else { quote_path(path, home, "$HOME") })
        .collect();
    let joined = words.join(&b':');
    if joined.is_empty() { quote(b"") } else { joined }
}

/// What follows `home` in `path`, if `path` is home or lies below it; a home of `/` is no prefix.
pub(super) fn below<'a>(path: &'a [u8], home: &Path) -> Option<&'a [u8]> {
    let home = trim_slashes(home.as_os_str().as_bytes());
    let rest = path.strip_prefix(home)?;
    (!home.is_empty() && (rest.is_empty() || rest.starts_with(b"/"))).then_some(rest)
}

/// A path without the slashes at its end.
pub(super) fn trim_slashes(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    &path[..end]
}

/// Reads the word at the start of `text` back: what [`quote`], [`quote_path`] and [`quote_list`] write, and plain
/// unquoted text. `None` where it is anything else (an expansion of some other variable, an open quote).
pub fn unquote(text: &[u8], home: &Path) -> Option<Vec<u8>> {
    let home = trim_slashes(home.as_os_str().as_bytes());
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        match rest {
            [] | [b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b')' | b'}', ..] => return Some(out),
            [b'\'', tail @ ..] => {
                let end = tail.iter().position(|byte| *byte == b'\'')?;
                out.extend_from_slice(&tail[..end]);
                rest = &tail[end + 1..];
            }
            [b'"', tail @ ..] => {
                let end = tail.iter().position(|byte| *byte == b'"')?;
                let (mut inside, after) = (&tail[..end], &tail[end + 1..]);
                for word in [&b"${HOME-}"[..], b"${HOME}", b"$HOME"] {
                    if let Some(below) = inside.strip_prefix(word) {
                        out.extend_from_slice(home);
                        inside = below;
                        break;
                    }
                }
                if inside.iter().any(|byte| b"$`\\".contains(byte)) {
                    return None;
                }
                out.extend_from_slice(inside);
                rest = after;
            }
            [b'\\', byte, tail @ ..] => {
                out.push(*byte);
                rest = tail;
            }
            [byte, ..] if b"$`\\(<>*?[~#!".contains(byte) => return None,
            [byte, tail @ ..] => {
                out.push(*byte);
                rest = tail;
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
        assert_eq!(quote(b"/usr/local/go/bin"), b"'/usr/local/go/bin'");
        assert_eq!(quote(b"it's"), b"'it'\\''s'");
        assert_eq!(quote(b"'"), b"\\'");
        assert_eq!(quote_path(b"/home/me/go", home, "$HOME"), b"\"$HOME/go\"");
        assert_eq!(quote_path(b"/home/me", home, "${HOME-}"), b"\"${HOME-}\"");
        assert_eq!(quote_path(b"/home/me/a b", home, "$HOME"), b"\"$HOME\"'/a b'");
        assert_eq!(quote_path(b"/home/meow/go", home, "$HOME"), b"'/home/meow/go'");
        assert_eq!(quote_path(b"/go", Path::new("/"), "$HOME"), b"'/go'");
        assert_eq!(quote_list(b"/home/me/go:/srv/go", home), b"\"$HOME/go\":'/srv/go'");
    }

    #[test]
    fn what_we_would_not_write_is_not_read() {
        for text in [&b"\"$OTHER/go\""[..], b"$(go env GOPATH)", b"'open", b"`x`", b"~/go", b"\"a\\\"\""] {
            assert_eq!(unquote(text, Path::new("/h")), None, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(unquote(b"/opt/go; export X", Path::new("/h")), Some(b"/opt/go".to_vec()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

        #[test]
        fn unquote_undoes_quote(value in proptest::collection::vec(1u8.., 0..40), inside_home in any::<bool>(), tail in "[ ;})|]?") {
            let home = Path::new("/home/me");
            let path = if inside_home { [b"/home/me/", &value[..]].concat() } else { value };
            let one = [&quote_path(&path, home, "${HOME-}")[..], tail.as_bytes()].concat();
            prop_assert_eq!(unquote(&one, home), Some(path.clone()));
            let list = [&quote_list(&path, home)[..], tail.as_bytes()].concat();
            prop_assert_eq!(unquote(&list, home), Some(path));
        }
    }
}
