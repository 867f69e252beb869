//! The files of systemd's user manager: `environment.d/*.conf` and units. Sources: environment.d(5) and systemd.service(5),
//! the former measured with the generator of systemd 252.

use std::collections::BTreeMap;

/// A line of a file of settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1; of lines joined by a backslash the first.
    pub number: usize,
    /// What stands before the `=`.
    pub name: Vec<u8>,
    /// What stands behind it.
    pub value: Vec<u8>,
}

/// The settings of a file; `section`: only those in the section of this name.
pub fn settings(bytes: &[u8], section: Option<&str>) -> Vec<Line> {
    let mut found = Vec::new();
    let mut inside = section.is_none();
    let mut lines = bytes.split(|byte| *byte == b'\n').enumerate();
    while let Some((index, line)) = lines.next() {
        let mut text = line.trim_ascii().to_vec();
        if matches!(text.first(), None | Some(b'#' | b';')) {
            continue;
        }
        while text.last() == Some(&b'\\') {
            text.pop();
            let Some((_, more)) = lines.next() else { break };
            if section.is_some() {
                text.push(b' '); // In a unit, the backslash becomes a blank.
            }
            text.extend_from_slice(more.trim_ascii());
        }
        if let Some(wanted) = section.filter(|_| text.starts_with(b"[")) {
            inside = text == format!("[{wanted}]").as_bytes();
            continue;
        }
        let Some(at) = text.iter().position(|byte| *byte == b'=').filter(|_| inside) else { continue };
        let (name, value) = (text[..at].trim_ascii().to_vec(), text[at + 1..].trim_ascii().to_vec());
        found.push(Line { number: index + 1, name, value });
    }
    found
}

/// The value of a line of `environment.d`: quotes are taken away, and variables are expanded within every kind of quotes.
pub fn expanded(value: &[u8], known: &BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        at += 1;
        match byte {
            b'"' | b'\'' | b'\\' => {}
            b'$' if value.get(at) == Some(&b'$') => {
                out.push(b'$');
                at += 1;
            }
            b'$' if value.get(at) == Some(&b'{') => {
                let Some(end) = value[at..].iter().position(|byte| *byte == b'}') else { return out };
                out.extend(parameter(&value[at + 1..at + end], known));
                at += end + 1;
            }
            b'$' => {
                let long = value[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
                if long == 0 {
                    out.push(b'$');
                }
                out.extend(known.get(&value[at..at + long]).into_iter().flatten());
                at += long;
            }
            _ => out.push(*byte),
        }
    }
    out
}

/// `NAME`, `NAME:-else` or `NAME:+alternative`.
fn parameter(text: &[u8], known: &BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    let end = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
    let value = known.get(&text[..end]).filter(|value| !value.is_empty());
    match (&text[end..], value) {
        ([b':', b'-', other @ ..], None) | ([b':', b'+', other @ ..], Some(_)) => other.to_vec(),
        ([b':', b'+', ..], None) => Vec::new(),
        (_, value) => value.cloned().unwrap_or_default(),
    }
}

/// The words of a command or of `Environment=` in a unit. `%h` is the home.
pub fn words(value: &[u8], home: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = value.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, quote) {
            (b'"' | b'\'', None) => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (_, Some(open)) if byte == open => quote = None,
            (b'\\', _) => word.get_or_insert_default().extend(bytes.next()),
            (b'%', _) => {
                let next = bytes.next();
                let word = word.get_or_insert_default();
                match next {
                    Some(b'h') => word.extend_from_slice(home),
                    Some(b'%') => word.push(b'%'),
                    other => word.extend([b'%'].into_iter().chain(other)),
                }
            }
            (_, None) if byte.is_ascii_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the generator of systemd 252 has it.
    #[test]
    fn values_of_environment_d() {
        let known = BTreeMap::from([(b"HOME".to_vec(), b"/h".to_vec()), (b"X".to_vec(), Vec::new())]);
        for (text, value) in [
            ("$HOME/go", "/h/go"),
            ("${HOME}/go:$PATH", "/h/go:"),
            ("\"$HOME\"'/$HOME'", "/h//h"),
            ("~/go", "~/go"),
            ("\\$HOME", "/h"),
            ("$$HOME", "$HOME"),
            ("${X:-def}${HOME:+alt}${X:+no}", "defalt"),
            ("a b # c", "a b # c"),
            ("${HOME", ""),
        ] {
            assert_eq!(String::from_utf8(expanded(text.as_bytes(), &known)).unwrap(), value, "{text}");
        }
    }

    #[test]
    fn lines_and_sections() {
        let line = |number, name: &str, value: &str| Line { number, name: name.into(), value: value.into() };
        let conf = b"# c\n; c\n A = v\nexport B=1\r\nC=a\\\nb\n[x]=y\n";
        let expected = [line(3, "A", "v"), line(4, "export B", "1"), line(5, "C", "ab"), line(7, "[x]", "y")];
        assert_eq!(settings(conf, None), expected);
        let unit = b"[Unit]\nA=1\n[Service]\nExecStart=/bin/sh -c \\\n 'go x'\n[Install]\nA=2\n";
        assert_eq!(settings(unit, Some("Service")), [line(4, "ExecStart", "/bin/sh -c  'go x'")]);
    }

    #[test]
    fn words_of_a_unit() {
        let words = words(b"%h/bin/x 'a b' \"PATH=%h/go\" 100%% \\ ", b"/h");
        let words: Vec<String> = words.into_iter().map(|word| String::from_utf8(word).unwrap()).collect();
        assert_eq!(words, ["/h/bin/x", "a b", "PATH=/h/go", "100%", " "]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_taken(text in "[ $%{}:+=\\\\\"'\n\\[\\]#;A-Z]{0,80}") {
            let known = BTreeMap::from([(b"A".to_vec(), b"a".to_vec())]);
            for line in settings(text.as_bytes(), None) {
                let _ = (expanded(&line.value, &known), words(&line.value, b"/h"));
            }
            let _ = settings(text.as_bytes(), Some("A"));
        }
    }
}
