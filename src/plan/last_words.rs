//! What a shell said before it ended early, fit to be shown: no control characters, and no line of the user's own.
//!
//! Shells repeat what they choke on (bash's syntax errors, `set -x`), and startup files hold secrets.

use crate::text::fence;
use crate::text::show::sanitise;

/// How many lines are kept.
const LINES: usize = 3;

/// How many characters are kept of each.
const LENGTH: usize = 160;

/// What is shorter than this, in bytes, is no secret, and stands in many a message: `fi`, `done`.
const TELLING: usize = 6;

/// What interactive shells say where there is no terminal: we started them so.
const NO_TERMINAL: [&[u8]; 4] = [b"job control", b"process group", b"access tty", b"access to tty"];

/// The first lines of `stderr` that are not empty and not about the missing terminal. What stands as a whole line in one of `files` becomes `…`.
pub fn of(stderr: &[u8], files: &[&[u8]]) -> Vec<String> {
    let mut own: Vec<&[u8]> = files
        .iter()
        .flat_map(|file| fence::lines(file).map(|line| file[line].trim_ascii()))
        .filter(|line| line.len() >= TELLING)
        .collect();
    own.sort_unstable_by_key(|line| std::cmp::Reverse(line.len()));
    own.dedup();
    let holds = |line: &[u8], words: &[u8]| line.windows(words.len()).any(|window| window == words);
    let telling = |line: &&[u8]| !line.is_empty() && !NO_TERMINAL.iter().any(|words| holds(line, words));
    let lines = stderr.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(telling);
    let shown = lines.map(|line| shortened(&sanitise(&without(line, &own))));
    shown.filter(|line| line.contains(char::is_alphanumeric)).take(LINES).collect()
}

fn without(line: &[u8], own: &[&[u8]]) -> Vec<u8> {
    let mut line = line.to_vec();
    for own in own {
        while let Some(at) = line.windows(own.len()).position(|window| window == *own) {
            line.splice(at..at + own.len(), "…".bytes());
        }
    }
    line
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LENGTH {
        return text.to_owned();
    }
    text.chars().take(LENGTH - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_users_own_are_left_out() {
        let file: &[u8] = b"export TOKEN=hunter2\r\n  last=hunter2\nfi\n# caf\xc3\xa9";
        let stderr = b"~/.bashrc: line 1: syntax error near unexpected token `fi'\n\n~/.bashrc: line 1: `export TOKEN=hunter2'\n+ last=hunter2\nmore";
        assert_eq!(
            of(stderr, &[file]),
            ["~/.bashrc: line 1: syntax error near unexpected token `fi'", "~/.bashrc: line 1: `…'", "more"]
        );
        assert_eq!(of(b"1 # caf\xc3\xa9# caf\xc3\xa9", &[file]), ["1 ……"]);
        assert!(of(b"last=hunter2", &[file]).is_empty(), "nothing else is left of it");
    }

    #[test]
    fn short_and_safe() {
        assert_eq!(of(b"\x1b[31mred\xff\r\n \n", &[]), ["^[[31mred\\xff"]);
        let long = of(&[b'x'; 500], &[]);
        assert_eq!((long.len(), long[0].chars().count()), (1, 160));
        assert!(of(b"", &[b"a line of a file"]).is_empty());
    }

    #[test]
    fn the_missing_terminal_is_no_reason() {
        for noise in [
            "bash: cannot set terminal process group (-1): Inappropriate ioctl for device\nbash: no job control in this shell",
            "sh: 0: can't access tty; job control turned off",
            "ash: can't access tty; job control turned off",
            "mksh: warning: won't have full job control",
            "Warning: no access to tty (Bad file descriptor).\nThus no job control in this shell.",
        ] {
            assert_eq!(of(format!("{noise}\nreal words\n").as_bytes(), &[]), ["real words"]);
        }
    }

    #[test]
    fn a_line_that_is_the_mark_itself_ends() {
        assert_eq!(of("1…………".as_bytes(), &["……".as_bytes()]), ["1…"]);
    }
}
