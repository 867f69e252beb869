//! `doctor --patch`: lines of the user's own, commented out with the reason; nothing is deleted.
//!
//! Only where it can be shown to be safe: the line is one whole command at the top level of its file, does nothing but
//! set one variable, and starts no program. What is not so is named, and left to the user.

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::place::pattern;
use super::super::scan::{Command, End, scan};
use super::super::{Action, After, Edit, Plan};
use super::scene::Scene;
use crate::facts::Snapshot;
use crate::text::fence;

/// A line to comment out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The file.
    pub file: PathBuf,
    /// Its number; the first is 1.
    pub line: usize,
    /// Why: stands above the line in the patch. No quote, backtick, `$` or `!`.
    pub why: String,
}

/// One setting with one value: no second command, no command in it, no line that goes on.
static ONE_SETTING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?x) ^[\t\ ]* (?: (?: export | (?: typeset | declare )\ -g?x ) [\t\ ]+ )? ([A-Za-z_][A-Za-z0-9_]*)=
            (?: "[^"`\\]*" | '[^']*' | [^\s"'`;&|<>()\\\#]* )+ [\t\ ]* $"#,
    )
});

/// Variables whose values are folders and words that everybody may see.
const PLAIN: &[&str] = &[
    "PATH",
    "GOROOT",
    "GOPATH",
    "GOBIN",
    "GOENV",
    "GOOS",
    "GOARCH",
    "GOTOOLCHAIN",
    "GO111MODULE",
    "GOCACHE",
    "GOMODCACHE",
];

/// A value that is no secret: a switch, a folder, a server without anything else, flags without values.
static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?x) = ["']? (?: [01]? | on | off | auto | true | false | direct | (?: \$HOME | \$\{HOME\} )? / [^\s:@?]*
            | (?: https?://[A-Za-z0-9.-]+ (?: :[0-9]+ )? /? (?: [,|] (?: direct | off ) )? )
            | (?: -{1,2} (?: mod= )? [a-z]+ [\ ]* )+ ) ["']? \s* $"#,
    )
});

/// Whether a patch may show this line, which sets a variable of Go's: a patch goes into bug reports and chats as easily as
/// any other output, and says of every line what stands in it.
pub fn may_be_shown(variable: &str, bytes: &[u8], line: usize) -> bool {
    let Some(range) = fence::lines(bytes).nth(line.saturating_sub(1)) else { return false };
    PLAIN.contains(&variable) || HARMLESS.is_match(bytes[range].trim_ascii_end())
}

/// Whether commenting out a line of a POSIX-like shell's changes nothing but this variable, which it sets.
pub fn is_safe(bytes: &[u8], line: usize, variable: &str) -> bool {
    let Some(range) = fence::lines(bytes).nth(line.saturating_sub(1)) else { return false };
    let text = bytes[range.clone()].trim_ascii_end();
    let names = ONE_SETTING.captures(text).and_then(|found| found.get(1)).map(|name| name.as_bytes());
    if names != Some(variable.as_bytes()) || text.windows(2).any(|pair| pair == b"$(") {
        return false;
    }
    let scan = scan(bytes);
    let alone = |at: usize| at == bytes.len() || scan.boundaries.contains(&at);
    let command = scan
        .commands
        .iter()
        .find(|command| scan.words(command).first().is_some_and(|word| range.contains(&word.start)));
    scan.end == End::Balanced && alone(range.start) && alone(range.end) && command.is_some_and(|command| command.always)
}

/// Whether a command on this line is needed where it stands: it is in a condition, a loop or a function, which may hold nothing
/// else, or behind a line that wants one.
pub fn is_held(bytes: &[u8], line: usize) -> bool {
    let Some(range) = fence::lines(bytes).nth(line.saturating_sub(1)) else { return false };
    let scan = scan(bytes);
    let alone = |at: usize| at == bytes.len() || scan.boundaries.contains(&at);
    let begins = |command: &&Command| scan.words(command).first().is_some_and(|word| range.contains(&word.start));
    let mut on_line = scan.commands.iter().filter(begins);
    let first = on_line.next();
    let blanks = bytes[range.clone()].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let first =
        first.filter(|command| scan.words(command).first().is_some_and(|word| word.start == range.start + blanks));
    first.is_some_and(|command| !command.always || !alone(range.start) || !alone(range.end)) && on_line.next().is_none()
}

/// Whether a line goes on in the next, or goes on with the one before: by a backslash, a quote or a here-document, as far as
/// its words tell.
pub fn goes_on(bytes: &[u8], line: usize) -> bool {
    let lines: Vec<&[u8]> = fence::lines(bytes).map(|line| bytes[line].trim_ascii_end()).collect();
    let at = |line: Option<usize>| line.and_then(|line| lines.get(line)).copied().unwrap_or_default();
    let (text, before) = (at(line.checked_sub(1)), at(line.checked_sub(2)));
    let open = |quote: u8| text.iter().filter(|byte| **byte == quote).count() % 2 == 1;
    let document = text.windows(2).any(|pair| pair == b"<<") && !text.windows(3).any(|three| three == b"<<<");
    text.ends_with(b"\\") || before.ends_with(b"\\") || open(b'"') || open(b'\'') || document
}

/// A name that is given a value.
static GIVEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[\s;&|])([A-Za-z_][A-Za-z0-9_]*)="));

/// What is said about a condition in one line.
static CONDITION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:if|for|while|case|test|\[\[?)\b?\s"));

/// Whether a line that sets a variable does something else besides, as far as its words tell.
pub fn does_more(bytes: &[u8], line: usize, variable: &str) -> bool {
    let Some(range) = fence::lines(bytes).nth(line.saturating_sub(1)) else { return false };
    let text = bytes[range].trim_ascii();
    let names = |part: &[u8]| part.windows(variable.len()).any(|window| window == variable.as_bytes());
    if !names(text) {
        return false;
    }
    let others = GIVEN.captures_iter(text).filter_map(|found| found.get(1));
    let parts = || text.split(|byte| *byte == b';').filter(|part| !part.trim_ascii().is_empty());
    let comment = |part: &[u8]| part.trim_ascii_start().starts_with(b"#");
    others.into_iter().any(|name| name.as_bytes() != variable.as_bytes())
        || !CONDITION.is_match(text) && parts().any(|part| !names(part) && !comment(part))
}

/// The file with these lines commented out, each with its reason above it.
pub fn comment_out(bytes: &[u8], cuts: &[&Cut]) -> Vec<u8> {
    let mut after = Vec::with_capacity(bytes.len());
    for (index, range) in fence::lines(bytes).enumerate() {
        if let Some(cut) = cuts.iter().find(|cut| cut.line == index + 1) {
            let end: &[u8] = if bytes[range.clone()].ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
            after.extend(format!("# goenv-setup doctor: {}", cut.why).as_bytes());
            after.extend(end);
            after.extend(b"# ");
        }
        after.extend(&bytes[range]);
    }
    after
}

/// The edits that comment out all of these, one a file.
pub fn plan<'a>(scene: &Scene, cuts: impl IntoIterator<Item = &'a Cut>) -> Plan {
    let mut files: Vec<(&Snapshot, Vec<&Cut>)> = Vec::new();
    for cut in cuts {
        let Some(file) = scene.file(&cut.file) else { continue };
        match files.iter_mut().find(|(known, _)| known.real == file.real) {
            Some((_, cuts)) if cuts.iter().any(|known| known.line == cut.line) => {}
            Some((_, cuts)) => cuts.push(cut),
            None => files.push((file, vec![cut])),
        }
    }
    let edit = |(file, cuts): (&Snapshot, Vec<&Cut>)| Edit {
        target: file.clone(),
        also: Vec::new(),
        shell: scene.facts.shell_of(&file.asked).name(),
        named: false,
        after: After::Bytes(comment_out(file.bytes().unwrap_or_default(), &cuts)),
        mode: None,
        action: Action::Update,
        why: cuts.iter().map(|cut| cut.why.clone()).collect(),
        loses_hand_edits: false,
    };
    Plan { edits: files.into_iter().map(edit).collect(), ..Plan::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe(text: &str) -> Vec<usize> {
        let one = |line: &usize| {
            ["GOROOT", "GOPATH", "GOFLAGS", "PATH"].iter().any(|name| is_safe(text.as_bytes(), *line, name))
        };
        (1..=text.lines().count()).filter(one).collect()
    }

    #[test]
    fn only_the_variable_in_question() {
        assert!(!is_safe(b"GOPATH=/a\n", 1, "GOROOT") && is_safe(b"GOPATH=/a\n", 1, "GOPATH"));
    }

    #[test]
    fn one_setting_that_always_happens() {
        assert_eq!(safe("export GOROOT=/usr/local/go\nGOROOT=\"$HOME/go\"\nPATH='/usr/bin'\n"), [1, 2, 3]);
        assert_eq!(safe("typeset -x GOROOT=/a\ndeclare -gx GOROOT=/a\ntypeset -i GOROOT=1\n"), [1, 2]);
        assert_eq!(safe("GOPATH=$HOME/\"my go\"\r\n  export GOFLAGS=\n"), [1, 2]);
    }

    #[test]
    fn what_does_more_stays() {
        for text in [
            "GOROOT=/a; rm x\n",
            "GOROOT=/a cmd\n",
            "GOROOT=$(go env GOROOT)\n",
            "GOROOT=`go env GOROOT`\n",
            "GOROOT=/a && b\n",
            "if x; then\nGOROOT=/a\nfi\n",
            "x &&\nGOROOT=/a\n",
            "f() {\nGOROOT=/a\n}\n",
            "cat <<E\nGOROOT=/a\nE\n",
            "echo '\nGOROOT=/a\n'\n",
            "GOROOT=/a\\\nb\n",
            "# GOROOT=/a\n",
            "GOROOT=/a # why\n",
            "export GOROOT=/a TOKEN=x\n",
        ] {
            assert!(safe(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn lines_that_may_hold_a_secret_stay_out() {
        let shown = |variable: &str, line: &str| may_be_shown(variable, line.as_bytes(), 1);
        for line in [
            "export GOFLAGS=-mod=vendor",
            "GOFLAGS='-mod=vendor -trimpath'",
            "export GONOSUMCHECK=1\r",
            "GO_PROXY=https://goproxy.cn,direct",
            "export GO_PATH=\"$HOME/go\"",
            "GO_PATH=",
        ] {
            assert!(shown("GOFLAGS", line), "{line}");
        }
        for line in [
            "export GOFLAGS='-mod=vendor -ldflags=-X=hunter2'",
            "GOFLAGS=-ldflags=hunter2",
            "GOFLAGS=hunter2",
            "GO_PROXY=https://me:hunter2@host,direct",
            "GO_PROXY=https://host/hunter2/",
            "GOAUT='git hunter2'",
        ] {
            assert!(!shown("GOFLAGS", line), "{line}");
        }
        assert!(shown("GOROOT", "GOROOT=anything"));
    }

    #[test]
    fn what_is_taken_out_by_hand() {
        let more = |line: &str| does_more(line.as_bytes(), 1, "GOROOT");
        for line in [
            "export GOROOT=/a TOKEN=x",
            "GOROOT=/a; rm x",
            "x=1; export GOROOT=/a",
            "export PATH=$PATH:/b GOROOT=/a",
            "setenv GOROOT /a; setenv X y",
        ] {
            assert!(more(line), "{line}");
        }
        for line in [
            "export GOROOT=/a",
            "GOROOT=/a; export GOROOT",
            "setenv GOROOT /a;",
            "set -gx GOROOT /a; # why",
            "[ -d /a ] && export GOROOT=/a",
            "if [ -d /a ]; then export GOROOT=/a; fi",
            "if (1) setenv GOROOT /a",
            "use_go 1.2; true",
        ] {
            assert!(!more(line), "{line}");
        }
        let text = b"if x; then\n  GOROOT=/a\nfi\nGOROOT=/b\nif y; then GOROOT=/a; fi\nf() { GOROOT=/a; }\n";
        let held: Vec<usize> = (1..=6).filter(|line| is_held(text, *line)).collect();
        assert_eq!(held, [2]);
        for text in ["{\nGOROOT=/a\n}\n", "x &&\nGOROOT=/a\n"] {
            assert!(is_held(text.as_bytes(), 2), "{text}");
        }
        assert!(!is_held(b"x\nGOROOT=/a # why\ny\n", 2) && !goes_on(b"x\nGOROOT=/a\ny\n", 2));
        for text in
            ["x\nGOROOT=/a \\\n  B=1\n", "export B=1 \\\nGOROOT=/a\n", "x\neval '\nGOROOT=/a'\n", "x\n. x <<E\nE\n"]
        {
            assert!(goes_on(text.as_bytes(), 2), "{text}");
        }
    }

    #[test]
    fn a_line_becomes_a_comment_with_its_reason() {
        let cut = |line| Cut { file: PathBuf::new(), line, why: "it is wrong".to_owned() };
        let after = comment_out(b"a\nGOROOT=/b\r\nlast", &[&cut(2), &cut(3)]);
        let wanted = "a\n# goenv-setup doctor: it is wrong\r\n# GOROOT=/b\r\n# goenv-setup doctor: it is wrong\n# last";
        assert_eq!(String::from_utf8_lossy(&after), wanted);
    }
}
