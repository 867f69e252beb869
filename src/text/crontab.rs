//! The lines of a crontab. Source: crontab(5) of Debian's cron, measured: nothing is expanded in a value, a setting
//! counts for the lines behind it only, and blanks around `=` and quotes around the whole value are taken away.

/// A line of a crontab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `NAME=value`.
    Setting {
        /// The variable.
        name: Vec<u8>,
        /// Its value.
        value: Vec<u8>,
    },
    /// A job.
    Job {
        /// Who runs it, where the crontab tells.
        user: Option<Vec<u8>>,
        /// The line that the shell gets.
        command: Vec<u8>,
    },
}

/// The entries, each with the number of its line, from 1. `with_user`: jobs name their user, as in `/etc/crontab`.
pub fn entries(bytes: &[u8], with_user: bool) -> Vec<(usize, Entry)> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    lines.filter_map(|(index, line)| Some((index + 1, entry(line.trim_ascii(), with_user)?))).collect()
}

fn entry(line: &[u8], with_user: bool) -> Option<Entry> {
    if line.is_empty() || line.starts_with(b"#") {
        return None;
    }
    if let Some(setting) = setting(line) {
        return Some(setting);
    }
    let times = if line.starts_with(b"@") { 1 } else { 5 };
    let mut rest = line;
    let mut word = || {
        let end = rest.iter().position(u8::is_ascii_whitespace)?;
        let word = &rest[..end];
        rest = rest[end..].trim_ascii_start();
        Some(word.to_vec())
    };
    for _ in 0..times {
        word()?;
    }
    let user = if with_user { Some(word()?) } else { None };
    Some(Entry::Job { user, command: command(rest) })
}

fn setting(line: &[u8]) -> Option<Entry> {
    let at = line.iter().position(|byte| *byte == b'=')?;
    let name = unquoted(line[..at].trim_ascii());
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let is_name = !name.is_empty() && name.iter().all(plain) && !name[0].is_ascii_digit();
    is_name.then(|| Entry::Setting { name: name.to_vec(), value: unquoted(line[at + 1..].trim_ascii()).to_vec() })
}

fn unquoted(text: &[u8]) -> &[u8] {
    match text {
        [first @ (b'"' | b'\''), inner @ .., last] if first == last => inner,
        _ => text,
    }
}

/// The command up to the first `%`, which begins what it reads; `\%` is a plain one.
fn command(rest: &[u8]) -> Vec<u8> {
    let mut command = Vec::new();
    let mut at = 0;
    while let Some(byte) = rest.get(at) {
        match (byte, rest.get(at + 1)) {
            (b'\\', Some(b'%')) => {
                command.push(b'%');
                at += 1;
            }
            (b'%', _) => break,
            _ => command.push(*byte),
        }
        at += 1;
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(command: &str) -> Entry {
        Entry::Job { user: None, command: command.into() }
    }

    fn set(name: &str, value: &str) -> Entry {
        Entry::Setting { name: name.into(), value: value.into() }
    }

    #[test]
    fn every_kind_of_line() {
        let text = b"# PATH=/x\n\n PATH = \"/a b:$HOME\" \nMAILTO=\n@daily go x\n*/5 * * * *\tA=1 go test \\% x%stdin\n1 2 3\n";
        let expected =
            [(3, set("PATH", "/a b:$HOME")), (4, set("MAILTO", "")), (5, job("go x")), (6, job("A=1 go test % x"))];
        assert_eq!(entries(text, false), expected);
        let system = entries(b"17 * * * * me cd / && go\n", true);
        assert_eq!(system, [(1, Entry::Job { user: Some(b"me".to_vec()), command: b"cd / && go".to_vec() })]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_taken(text in "[ *@=%\\\\\"'\n0-9A-Za-z]{0,80}") {
            for with_user in [false, true] {
                let found = entries(text.as_bytes(), with_user);
                proptest::prop_assert!(found.len() <= text.lines().count());
            }
        }
    }
}
