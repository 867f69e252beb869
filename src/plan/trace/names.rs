//! What the text of a command, expanded as a shell shows it, does to a variable.

use std::iter::Peekable;

/// That.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// It does not name it.
    Nothing,
    /// It gives it this value. The values of shells that quote nothing may be cut off at a blank.
    Sets(Vec<u8>),
    /// It gives it this value for as long as another command runs.
    Lends(Vec<u8>),
    /// It adds something to its value.
    Adds,
    /// It names it.
    Names,
}

/// What a text does to a variable.
pub(super) fn does(text: &[u8], variable: &str) -> Does {
    let words = words(text);
    let mut rest = &words[..];
    let mut set = None;
    while let Some((name, value)) = rest.first().and_then(|word| assignment(word)) {
        rest = &rest[1..];
        if let Some(first) = value.strip_prefix(b"(") {
            // An array: up to its parenthesis.
            let end = rest.iter().position(|word| word.ends_with(b")")).map_or(rest.len(), |at| at + 1);
            let elements = std::iter::once(first).chain(rest[..end].iter().map(Vec::as_slice));
            let elements = elements.map(|word| word.strip_suffix(b")").unwrap_or(word));
            let elements: Vec<&[u8]> = elements.filter(|word| !word.is_empty()).collect();
            rest = &rest[end..];
            if name == b"path" && variable == "PATH" {
                set = Some(elements.join(&b':'));
            }
        } else if name == variable.as_bytes() {
            set = Some(value.to_vec());
        }
    }
    match (rest.first().map(Vec::as_slice), set) {
        (None, Some(value)) => Does::Sets(value),
        (Some(_), Some(value)) => Does::Lends(value),
        (Some(b"export" | b"readonly" | b"typeset" | b"declare"), None) => {
            let found = rest.iter().rev().filter_map(|word| assignment(word));
            match found.into_iter().find(|(name, _)| *name == variable.as_bytes()) {
                Some((_, value)) => Does::Sets(value.to_vec()),
                None if mentions(text, variable) => Does::Names,
                None => Does::Nothing,
            }
        }
        (Some(word), None) if is_addition(word, variable) => Does::Adds,
        _ if mentions(text, variable) => Does::Names,
        _ => Does::Nothing,
    }
}

/// `NAME+=value`.
fn is_addition(word: &[u8], variable: &str) -> bool {
    word.strip_prefix(variable.as_bytes()).is_some_and(|rest| rest.starts_with(b"+="))
}

/// Whether a text names a variable; zsh has PATH as `path` too, and others if it is told so.
fn mentions(text: &[u8], variable: &str) -> bool {
    has_word(text, variable.as_bytes()) || has_word(text, variable.to_ascii_lowercase().as_bytes())
}

/// Whether a word of letters, digits and underlines stands there. What is part of a path is none.
fn has_word(text: &[u8], word: &[u8]) -> bool {
    let part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_/.-".contains(byte));
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"_/.-".contains(byte));
    text.windows(word.len()).enumerate().any(|(at, window)| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        window == word && !part(before) && ends(text.get(at + word.len()))
    })
}

/// `NAME=value`.
fn assignment(word: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = word.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (&word[..at], &word[at + 1..]);
    let plain = name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    (plain && name.first().is_some_and(|byte| !byte.is_ascii_digit())).then_some((name, value))
}

/// The words of a text, without their quotes.
pub(super) fn words(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (None, b' ' | b'\t') => words.extend(word.take()),
            (None, b'\'' | b'"') => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (None, b'$') if bytes.next_if_eq(&b'\'').is_some() => {
                quote = Some(b'$');
                word.get_or_insert_default();
            }
            (Some(b'$'), b'\'') => quote = None,
            (Some(b'$'), b'\\') => word.get_or_insert_default().extend(spelt(&mut bytes)),
            (Some(b'"'), b'\\') => {
                let next = bytes.next_if(|next| b"\"\\$`".contains(next)).unwrap_or(b'\\');
                word.get_or_insert_default().push(next);
            }
            (None, b'\\') => word.get_or_insert_default().extend(bytes.next()),
            (Some(open), _) if byte == open && open != b'$' => quote = None,
            _ => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    words
}

/// The byte that a backslash and what follows it spell between `$'` and `'`.
fn spelt(bytes: &mut Peekable<impl Iterator<Item = u8>>) -> Option<u8> {
    let control = |byte: u8| if byte == b'?' { 0x7f } else { byte & 0x1f };
    let byte = bytes.next()?;
    Some(match byte {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'e' | b'E' => 0x1b,
        b'c' => control(bytes.next()?),
        b'C' if bytes.next_if_eq(&b'-').is_some() => control(bytes.next()?),
        b'M' if bytes.next_if_eq(&b'-').is_some() => {
            let escaped = bytes.next_if_eq(&b'\\').is_some();
            0x80 | if escaped { spelt(bytes)? } else { bytes.next()? }
        }
        b'x' => digits(bytes, 0, 16),
        b'0'..=b'7' => digits(bytes, byte - b'0', 8),
        byte => byte,
    })
}

/// A number, of which the first digit is known or none, and two more follow at most.
fn digits(bytes: &mut Peekable<impl Iterator<Item = u8>>, first: u8, radix: u8) -> u8 {
    let mut number = first;
    for _ in 0..2 {
        let digit = bytes.peek().and_then(|byte| char::from(*byte).to_digit(radix.into()));
        let Some(digit) = digit.and_then(|digit| u8::try_from(digit).ok()) else { break };
        bytes.next();
        number = number.wrapping_mul(radix).wrapping_add(digit);
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(value: &str) -> Does {
        Does::Sets(value.as_bytes().to_vec())
    }

    #[test]
    fn what_texts_do_to_path() {
        for (text, expected) in [
            ("PATH=/a:/b", sets("/a:/b")),
            ("PATH='/a b:/c'", sets("/a b:/c")),
            ("PATH=$'/a:/b' ", sets("/a:/b")),
            ("X=1 PATH=/a Y=2", sets("/a")),
            ("export 'PATH=/a'", sets("/a")),
            ("export PATH=/a B=/c", sets("/a")),
            ("typeset -gx PATH=/a", sets("/a")),
            ("PATH=/a make", Does::Lends(b"/a".to_vec())),
            ("export PATH", Does::Names),
            ("typeset -U path PATH", Does::Names),
            ("path=( /a /b ) ", sets("/a:/b")),
            ("path=( ) ", sets("")),
            ("path=(", sets("")),
            ("path=( /a", sets("/a")),
            ("path+=( /g ) ", Does::Names),
            ("unset PATH", Does::Names),
            ("read -r PATH", Does::Names),
            ("PATH+=:/a", Does::Adds),
            (r"PATH=$'/a\n\E\x41\101\C-[\M-a\'/b'", Does::Sets(b"/a\n\x1bAA\x1b\xe1'/b".to_vec())),
            (r#"PATH="/a\"\b""#, sets(r#"/a"\b"#)),
            ("MYPATH=/a", Does::Nothing),
            ("ls /x/PATH", Does::Nothing),
            ("PATH_X=/a", Does::Nothing),
            ("GOPATH=/PATH", Does::Nothing),
            ("make path/x", Does::Nothing),
            ("", Does::Nothing),
        ] {
            assert_eq!(does(text.as_bytes(), "PATH"), expected, "{text}");
        }
        assert_eq!(does(b"path=( /a )", "GOPATH"), Does::Nothing);
        assert_eq!(does(b"a=( GOPATH ) b=1 GOPATH=/x", "GOPATH"), sets("/x"));
    }
}
