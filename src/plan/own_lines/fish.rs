//! The same for fish, whose quotes, comments and scopes are others.
//!
//! A line is a command: lines that a quote, a backslash or an open parenthesis joins are one, and so are the parts between
//! `;`, `&` and `|`. A variable that is local (`-l`, `-f`), asked for or erased is no setting.

use std::ops::Range;

use super::{ADDS_TO_PATH, ASSIGNMENT, Found, GO_FOLDER, Variable};

/// Words that stand before a command.
const BEFORE: [&[u8]; 9] = [b"and", b"or", b"not", b"begin", b"if", b"else", b"while", b"command", b"builtin"];

/// Options of `set` after which it sets nothing that outlives the file. The letters may stand together (`-gx`).
const NO_SETTING: (&[u8], [&[u8]; 6]) =
    (b"elfqSn", [b"--erase", b"--local", b"--function", b"--query", b"--show", b"--names"]);

/// Adds what the commands of a text set, each with its offset.
pub(super) fn read(text: &[u8], found: &mut Found) {
    for command in commands(text) {
        let mut words = &command[..];
        while words.first().is_some_and(|word| BEFORE.contains(&&text[word.clone()])) {
            words = &words[1..];
        }
        let Some((name, arguments)) = words.split_first() else { continue };
        match &text[name.clone()] {
            b"set" => set(text, arguments, found),
            b"export" => export(text, arguments, found),
            other if ADDS_TO_PATH.is_match(other) => go_folders(text, arguments, found),
            _ => {}
        }
    }
}

/// `set -gx NAME VALUE…`
fn set(text: &[u8], mut arguments: &[Range<usize>], found: &mut Found) {
    while let Some((option, rest)) = arguments.split_first().filter(|(word, _)| text[word.start] == b'-') {
        let option = &text[option.clone()];
        let (letters, long) = NO_SETTING;
        if long.contains(&option) || !option.starts_with(b"--") && option.iter().any(|byte| letters.contains(byte)) {
            return;
        }
        arguments = rest;
    }
    let Some((name, values)) = arguments.split_first() else { return };
    let word = &text[name.clone()];
    // `GOPATH[1]` is a part of it.
    match word.split(|byte| *byte == b'[').next().unwrap_or(word) {
        b"GOROOT" => drop(found.insert((name.start, Variable::Goroot))),
        b"GOPATH" => drop(found.insert((name.start, Variable::Gopath))),
        b"PATH" | b"fish_user_paths" => go_folders(text, values, found),
        _ => {}
    }
}

/// `export NAME=VALUE`, a function of fish's for people who come from bash.
fn export(text: &[u8], arguments: &[Range<usize>], found: &mut Found) {
    for word in arguments {
        let name = ASSIGNMENT.captures(&text[word.clone()]).and_then(|parts| Some(parts.get(1)?.as_bytes()));
        match name {
            Some(b"GOROOT") => drop(found.insert((word.start, Variable::Goroot))),
            Some(b"GOPATH") => drop(found.insert((word.start, Variable::Gopath))),
            Some(b"PATH") => go_folders(text, std::slice::from_ref(word), found),
            _ => {}
        }
    }
}

fn go_folders(text: &[u8], words: &[Range<usize>], found: &mut Found) {
    for word in words {
        for folder in GO_FOLDER.find_iter(&text[word.clone()]) {
            let newline = usize::from(folder.as_bytes().starts_with(b"\n"));
            found.insert((word.start + folder.start() + newline, Variable::Path));
        }
    }
}

/// The words of each command, as ranges of bytes; quotes and what stands in parentheses belong to their word.
fn commands(text: &[u8]) -> Vec<Vec<Range<usize>>> {
    let mut all = Vec::new();
    let mut command = Vec::new();
    let mut word: Option<usize> = None;
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let start = at;
        at += 1;
        if depth == 0 {
            let ends_command = b"\n;&|".contains(&byte);
            if ends_command || b" \t\r".contains(&byte) {
                command.extend(word.take().map(|begin| begin..start));
                if ends_command {
                    all.push(std::mem::take(&mut command));
                }
                continue;
            }
            if byte == b'#' && word.is_none() {
                at = text[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| at + end);
                continue;
            }
            if text[start..].starts_with(b"\\\n") {
                at += 1;
                continue;
            }
        }
        word.get_or_insert(start);
        match byte {
            b'\\' => at += 1,
            b'\'' | b'"' => at = behind_quote(text, at, byte),
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    command.extend(word.map(|begin| begin..text.len()));
    all.push(command);
    all
}

/// The offset behind the quote that closes the one before `at`, or behind the end.
fn behind_quote(text: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(&byte) = text.get(at) {
        at += if byte == b'\\' { 2 } else { 1 };
        if byte == quote {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{OwnLine, Variable, own_lines};
    use crate::shells::Dialect;

    fn lines(text: &str) -> String {
        let name = |variable| match variable {
            Variable::Goroot => "R",
            Variable::Gopath => "G",
            Variable::Path => "P",
        };
        let lines = own_lines(text.as_bytes(), Dialect::Fish, &[]);
        lines.iter().map(|own| format!("{}{}", name(own.variable), own.line)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn settings_in_every_form() {
        for (text, expected) in [
            ("set -gx GOPATH $HOME/go", "G1"),
            ("set -x GOROOT /x\nset --global --export GOPATH /x", "R1 G2"),
            ("set -Ux GOPATH ~/go", "G1"),
            ("set -U GOPATH ~/go; set -gx GOROOT /x", "R1 G1"),
            ("set GOPATH /x\r\n", "G1"),
            ("set -gx GOPATH[1] /x", "G1"),
            ("set -gx -- GOPATH /x", "G1"),
            ("if test -d ~/go\n  set -gx GOPATH ~/go\nend", "G2"),
            ("if set -q GOPATH; else; set -gx GOPATH ~/go; end", "G1"),
            ("test -d /x; and set -gx GOROOT /x\ntest -d /x && set -gx GOROOT /x", "R1 R2"),
            ("set it 'it\\'s'\nset -gx GOPATH ~/go", "G2"),
            ("echo 'a\nb'\nset -gx GOPATH ~/go", "G3"),
            ("set -gx \\\n  GOPATH ~/go", "G2"),
            ("set -gx PATH $PATH ~/.go/bin\nset -ax PATH /usr/local/go/bin", "P1 P2"),
            ("set -U fish_user_paths /usr/local/go/bin $fish_user_paths", "P1"),
            ("fish_add_path $HOME/go/bin\nfish_add_path -g (go env GOPATH)/bin {$GOPATH}/bin", "P1 P2"),
            ("set PATH (string split ; -- $PATH; echo #\n) $GOROOT/bin", "P2"),
            ("export GOPATH=/x PATH=\"$PATH:/usr/local/go/bin\"", "G1 P1"),
        ] {
            let mut got: Vec<_> = lines(text).split(' ').map(str::to_owned).collect();
            let mut expected: Vec<_> = expected.split(' ').map(str::to_owned).collect();
            got.sort();
            expected.sort();
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one() {
        for text in [
            "# set -gx GOPATH /x",
            "echo set -gx GOPATH /x",
            "echo 'a\nset -gx GOPATH /x\n'",
            "echo (a\nset -gx GOPATH /x\n)",
            "echo a \\\nset -gx GOPATH /x",
            "set -e GOPATH\nset -q GOPATH; or a\nset -l GOPATH /x\nset --local GOROOT /x\nset -S GOPATH",
            "set -gx NOT_GOPATH /x\nset -gx GOPATHX /x",
            "set -gx PATH ~/.cargo/bin /opt/google/bin $PATH\nfish_add_path ~/bin",
            "GOPATH=/x go build\nenv GOPATH=/x go build",
            "set\nset -gx\nexport\n\\",
        ] {
            assert_eq!(lines(text), "", "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn lines_are_those_of_the_text(
            words in prop::collection::vec(
                prop::sample::select(&["set ", "-gx ", "GOPATH", " /x", "\n", "'", "\"", "\\", "(", ")", "#", ";", "\r", "ä"][..]), 0..40,
            ),
            ours in 0..100_usize,
        ) {
            let text = words.concat();
            let found = own_lines(text.as_bytes(), Dialect::Fish, &[]);
            prop_assert!(found.iter().all(|own: &OwnLine| (1..=text.split('\n').count()).contains(&own.line)));
            let fewer = own_lines(text.as_bytes(), Dialect::Fish, std::slice::from_ref(&(0..ours)));
            prop_assert!(fewer.iter().all(|own| found.contains(own)));
        }
    }
}
