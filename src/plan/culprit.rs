//! Which line of a startup file may be why a shell sees another Go than was planned: lines that throw PATH away, and the
//! user's own lines that set what the block sets.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::own_lines::own_lines;
use super::place::pattern;
use crate::shells::Dialect;
use crate::text::fence;

/// What a line does that may be why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Culprit {
    /// Its number; the first is 1.
    pub line: usize,
    /// What it does, to follow "line N of FILE".
    pub what: &'static str,
}

/// Sets PATH, in the words of sh, zsh, csh and fish.
static SETS_PATH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) ^[\t\ ]* (?: (?: export | declare | typeset ) (?: \ +-\w+ )* \ + )?
            (?: PATH= | path=\( | setenv\ +PATH\ | set\ +path\ *= | set\ +(?:-\S+\ +)*PATH\  ) (.*) ",
    )
});

/// Names the value that PATH has.
static KEEPS_PATH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$\{?[(@)#^=~]*(?:PATH|path)\b"));

/// The lines outside our blocks (`ours`) that may be why.
pub fn culprits(bytes: &[u8], dialect: Dialect, ours: &[Range<usize>]) -> Vec<Culprit> {
    let mut found = Vec::new();
    for (index, range) in fence::lines(bytes).enumerate() {
        if ours.iter().any(|block| block.contains(&range.start)) {
            continue;
        }
        let value = SETS_PATH.captures(&bytes[range]).and_then(|line| line.get(1));
        if value.is_some_and(|value| !KEEPS_PATH.is_match(value.as_bytes())) {
            found.push(Culprit { line: index + 1, what: "sets PATH without what it held" });
        }
    }
    for own in own_lines(bytes, dialect, ours) {
        let what = match own.variable {
            super::own_lines::Variable::Goroot => "sets GOROOT",
            super::own_lines::Variable::Gopath => "sets GOPATH",
            super::own_lines::Variable::Path => "puts a folder of Go's on PATH",
        };
        if found.iter().all(|known| known.line != own.line) {
            found.push(Culprit { line: own.line, what });
        }
    }
    found.sort_by_key(|culprit| culprit.line);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        culprits(text.as_bytes(), Dialect::Posix, &[]).iter().map(|culprit| culprit.line).collect()
    }

    #[test]
    fn what_throws_path_away() {
        for line in [
            "PATH=/usr/bin:/bin",
            "export PATH=\"/usr/bin\"",
            "typeset -x PATH=/bin",
            "path=(/usr/bin /bin)",
            "setenv PATH /usr/bin:/bin",
            "set path = (/usr/bin /bin)",
            "  set -gx PATH /usr/bin",
            "set PATH /usr/bin",
            "set --global -x PATH /usr/bin",
        ] {
            assert_eq!(lines(&format!("# first\n{line}\n")), [2], "{line}");
        }
    }

    #[test]
    fn what_keeps_it() {
        for line in [
            "PATH=\"$HOME/bin:$PATH\"",
            "export PATH=${PATH}:/x",
            "path=(/usr/bin $path)",
            "path=(\"${(@)path:#/x}\")",
            "setenv PATH /x:${PATH}",
            "set path = ($path /x)",
            "set -gx PATH /x $PATH",
            "set PATH /x $PATH",
            "# PATH=/usr/bin",
            "MYPATH=/usr/bin",
        ] {
            assert!(lines(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn our_own_block_is_no_culprit() {
        let text = b"PATH=/usr/bin\n";
        let ours = std::iter::once(0..text.len()).collect::<Vec<_>>();
        assert!(culprits(text, Dialect::Posix, &ours).is_empty());
        assert_eq!(lines("export GOROOT=/opt/go\n"), [1]);
    }
}
