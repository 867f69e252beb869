//! What a shell complained of before it ended, in our own words: shells repeat whatever they choke on, and startup files
//! hold secrets, so nothing that a shell wrote is passed on but what kind of thing is wrong.

/// What shells say, in lower case, and what it is called here.
const KINDS: &[(&[u8], &str)] = &[
    (b"unexpected end of file", "the end of a file comes too soon"),
    (b"syntax error", "a syntax error"),
    (b"parse error", "a syntax error"),
    (b"unmatched", "a quote without its end"),
    (b"unterminated", "a quote without its end"),
    (b"unbound variable", "a variable that is not set"),
    (b"parameter not set", "a variable that is not set"),
    (b"undefined variable", "a variable that is not set"),
    (b"read-only variable", "a variable that cannot be changed"),
    (b"readonly variable", "a variable that cannot be changed"),
    (b"is read only", "a variable that cannot be changed"),
    (b"not a valid identifier", "a name that is none"),
    (b"bad substitution", "an expansion that is none"),
    (b"permission denied", "something that you may not do"),
    (b"no such file or directory", "a file that is not there"),
    (b"not found", "a command that is not there"),
    (b"unknown command", "a command that is not there"),
    (b"out of memory", "not enough memory"),
];

/// The first complaint for which there are words of ours.
pub fn kind(stderr: &[u8]) -> Option<&'static str> {
    let holds = |line: &[u8], words: &[u8]| line.windows(words.len()).any(|window| window == words);
    stderr.split(|byte| *byte == b'\n').find_map(|line| {
        let line = line.to_ascii_lowercase();
        KINDS.iter().find(|(words, _)| holds(&line, words)).map(|(_, kind)| *kind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_kind_is_told() {
        for (stderr, wanted) in [
            ("/h/.rc:20: parse error near `hunter2'", Some("a syntax error")),
            ("hunter2\nbash: /h/.rc: line 3: hunter2: unbound variable", Some("a variable that is not set")),
            ("Unmatched '\"'.", Some("a quote without its end")),
            ("hunter2 /h/.rc hunter3", None),
            ("", None),
        ] {
            assert_eq!(kind(stderr.as_bytes()), wanted, "{stderr}");
        }
    }
}
