//! Where in an XML property list a value stands: the reader of the format tells no lines.

/// The line, from 1, of the value behind these keys, each within the one before it. `None`: it is no XML, or not there.
pub fn of_value(bytes: &[u8], keys: &[&str]) -> Option<usize> {
    let text = without_comments(bytes);
    let mut at = 0;
    for key in keys {
        at += find(&text[at..], format!("<key>{key}</key>").as_bytes())?;
    }
    at += find(&text[at..], b"</key>")? + b"</key>".len();
    // An array or a dictionary is told by its first value.
    let value = find(&text[at..], b"<string").unwrap_or(0);
    Some(1 + text[..at + value].iter().filter(|byte| **byte == b'\n').count())
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|window| window == needle)
}

/// The same text, with blanks where comments stand.
fn without_comments(bytes: &[u8]) -> Vec<u8> {
    let mut text = bytes.to_vec();
    let mut at = 0;
    while let Some(start) = find(&text[at..], b"<!--").map(|found| at + found) {
        let end = find(&text[start..], b"-->").map_or(text.len(), |found| start + found + 3);
        for byte in text[start..end].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
        at = end;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_behind_keys() {
        let text =
            b"<dict>\n<!-- <key>PATH</key>\n-->\n<key>E</key>\n<dict>\n<key>PATH</key>\n <string>x</string></dict>\n\
            <key>P</key><array>\n<string>a</string></array></dict>";
        assert_eq!(of_value(text, &["E", "PATH"]), Some(7));
        assert_eq!(of_value(text, &["P"]), Some(9));
        assert_eq!(of_value(text, &["P", "PATH"]), None);
        assert_eq!(of_value(b"bplist00", &["P"]), None);
    }
}
