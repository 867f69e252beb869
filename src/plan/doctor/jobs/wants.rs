//! Which of Go's commands a command line runs.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use super::super::super::scan::{End, scan};
use crate::shells::{LaunchMode, posix};

/// What a command line runs, as far as it is Go's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Commands that are looked for on PATH.
    pub bare: Vec<String>,
    /// Commands by their absolute path.
    pub named: Vec<PathBuf>,
    /// Commands by a path with a tilde or a variable that nothing expands.
    pub literal: Vec<OsString>,
    /// The shell that reads startup files first, and how it is started.
    pub through: Option<Through>,
    /// What `launchctl setenv` sets; only values in which no shell expands anything.
    pub sets: Vec<(String, OsString)>,
}

/// A shell that reads startup files before it runs the commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    /// Its name.
    pub shell: String,
    /// How it is started.
    pub mode: LaunchMode,
}

impl Wants {
    /// Whether it has nothing to do with Go.
    pub const fn is_nothing(&self) -> bool {
        self.bare.is_empty() && self.named.is_empty() && self.literal.is_empty() && self.sets.is_empty()
    }

    fn add(&mut self, other: Self) {
        self.bare.extend(other.bare);
        self.named.extend(other.named);
        self.literal.extend(other.literal);
        self.sets.extend(other.sets);
        self.through = self.through.take().or(other.through);
    }
}

/// How deep a `sh -c` may stand in another one.
const DEEPEST: usize = 4;

/// Programs that run the command that follows them, with the PATH that they have.
const WRAPPERS: &[&str] =
    &["env", "exec", "nice", "ionice", "nohup", "setsid", "time", "timeout", "chronic", "caffeinate", "stdbuf"];

/// Shells that run a line of their own after `-c`.
const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "ksh", "ksh93", "mksh", "yash", "fish"];

/// Commands after which nothing is known of PATH any more; and those by which a line asks first whether Go is there.
const UNSURE: &[&str] =
    &[".", "source", "eval", "command", "which", "type", "hash", "[", "[[", "test", "sudo", "doas", "su"];

/// What a program with these words runs; no shell has expanded them. `is_tool`: what Go has installed.
pub fn of_words(words: &[OsString], home: &Path, is_tool: &dyn Fn(&OsStr) -> bool) -> Wants {
    words_at(words, home, is_tool, false, 0).unwrap_or_default()
}

/// What a line of a POSIX-like shell's runs.
pub fn of_line(line: &[u8], home: &Path, is_tool: &dyn Fn(&OsStr) -> bool) -> Wants {
    line_at(line, home, is_tool, 0)
}

/// `None`: what follows is not known.
fn words_at(
    words: &[OsString],
    home: &Path,
    is_tool: &dyn Fn(&OsStr) -> bool,
    expanded: bool,
    depth: usize,
) -> Option<Wants> {
    let mut rest = words;
    loop {
        let name = Path::new(rest.first()?).file_name()?.to_str().unwrap_or_default();
        if UNSURE.contains(&name) {
            return None;
        }
        if !WRAPPERS.contains(&name) {
            break;
        }
        rest = &rest[1..];
        let is_passed = |word: &OsString| {
            let bytes = word.as_bytes();
            let setting = name == "env" && bytes.contains(&b'=') && !bytes.starts_with(b"PATH=");
            bytes.starts_with(b"-") || bytes.first().is_some_and(u8::is_ascii_digit) || setting
        };
        let passed = rest.iter().take_while(|word| is_passed(word)).count();
        // `env -i` and `env -u PATH` leave another PATH.
        if name == "env" && rest[..passed].iter().any(|word| word.as_bytes().starts_with(b"-")) {
            return None;
        }
        rest = &rest[passed..];
    }
    let first = rest.first()?;
    let name = Path::new(first).file_name()?;
    if let Some(shell) = name.to_str().filter(|name| SHELLS.contains(name)) {
        return of_shell(shell, &rest[1..], home, is_tool, depth);
    }
    let mut wants = Wants::default();
    if name == "launchctl" && rest.get(1).is_some_and(|word| word == "setenv") {
        for pair in rest[2..].chunks_exact(2) {
            if let Some(variable) = pair[0].to_str().filter(|name| super::is_ours(name)) {
                wants.sets.push((variable.to_owned(), pair[1].clone()));
            }
        }
        return Some(wants);
    }
    if !(name == "go" || name == "gofmt" || is_tool(name)) {
        return Some(wants);
    }
    let bytes = first.as_bytes();
    if !bytes.contains(&b'/') {
        wants.bare.push(name.to_string_lossy().into_owned());
    } else if bytes.starts_with(b"/") {
        wants.named.push(first.into());
    } else if !expanded && (bytes.starts_with(b"~") || bytes.starts_with(b"$")) {
        wants.literal.push(first.clone());
    }
    Some(wants)
}

/// What a shell with these words behind its name runs; a script is not read.
fn of_shell(
    shell: &str,
    words: &[OsString],
    home: &Path,
    is_tool: &dyn Fn(&OsStr) -> bool,
    depth: usize,
) -> Option<Wants> {
    let (mut login, mut interactive, mut runs) = (false, false, false);
    let mut rest = words.iter();
    let line = loop {
        let word = rest.next()?;
        let bytes = word.as_bytes();
        match bytes {
            b"--login" => login = true,
            b"-o" | b"+o" => {
                rest.next()?;
            }
            _ if bytes.starts_with(b"--") => {}
            [b'-', flags @ ..] => {
                login |= flags.contains(&b'l');
                interactive |= flags.contains(&b'i');
                runs |= flags.contains(&b'c');
            }
            _ if runs => break word,
            _ => return None,
        }
    };
    let mut wants = if depth < DEEPEST { line_at(line.as_bytes(), home, is_tool, depth + 1) } else { return None };
    let mode = match (login, interactive) {
        (true, true) => LaunchMode::LoginInteractive,
        (true, false) => LaunchMode::Login,
        (false, true) => LaunchMode::Interactive,
        (false, false) => LaunchMode::Command,
    };
    if mode != LaunchMode::Command || matches!(shell, "zsh" | "fish") {
        wants.through = wants.through.or(Some(Through { shell: shell.to_owned(), mode }));
    }
    Some(wants)
}

fn line_at(line: &[u8], home: &Path, is_tool: &dyn Fn(&OsStr) -> bool, depth: usize) -> Wants {
    let mut parts = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"||") {
        parts.push(&rest[..at]);
        rest = &rest[at + 2..];
    }
    parts.push(rest);
    let mut wants = parts.into_iter().map(|part| part_at(part, home, is_tool, depth));
    let first = wants.next().unwrap_or_default();
    // What is tried where something else failed may be another Go: then neither is needed.
    if wants.all(|other| other.is_nothing()) { first } else { Wants::default() }
}

/// What a line without `||` runs.
fn part_at(line: &[u8], home: &Path, is_tool: &dyn Fn(&OsStr) -> bool, depth: usize) -> Wants {
    let mut wants = Wants::default();
    let scanned = scan(line);
    if matches!(scanned.end, End::Lost) {
        return wants;
    }
    for command in &scanned.commands {
        let mut words: Vec<&[u8]> = scanned.words(command).iter().map(|range| &line[range.clone()]).collect();
        let settings = words.iter().take_while(|word| is_setting(word)).count();
        let exports = words.get(settings).is_some_and(|word| matches!(*word, b"export" | b"typeset" | b"declare"));
        if words.iter().take(if exports { words.len() } else { settings }).any(|word| sets_path(word)) {
            return wants;
        }
        let words: Vec<OsString> = words.drain(settings..).map(|word| plain(word, home)).collect();
        if words.is_empty() || exports {
            continue;
        }
        let Some(found) = words_at(&words, home, is_tool, true, depth) else { return wants };
        wants.add(found);
    }
    wants
}

/// A word as its command gets it; one that holds an expansion stays as it stands.
fn plain(word: &[u8], home: &Path) -> OsString {
    if let Some(rest) = word.strip_prefix(b"~/") {
        return home.join(OsStr::from_bytes(rest)).into_os_string();
    }
    OsString::from_vec(posix::unquote(word, home).unwrap_or_else(|| word.to_vec()))
}

/// Whether a word sets a variable.
fn is_setting(word: &[u8]) -> bool {
    let name = word.split(|byte| *byte == b'=').next().unwrap_or_default();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    name.len() < word.len() && !name.is_empty() && name.iter().all(plain) && !name[0].is_ascii_digit()
}

fn sets_path(word: &[u8]) -> bool {
    [&b"PATH="[..], b"PATH+=", b"BASH_ENV=", b"path="].iter().any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Wants {
        of_line(text.as_bytes(), Path::new("/h"), &|name| name == "gopls")
    }

    fn words(words: &[&str]) -> Wants {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        of_words(&words, Path::new("/h"), &|name| name == "gopls")
    }

    #[test]
    fn the_commands_of_a_line() {
        for (text, bare) in [
            ("go build", &["go"][..]),
            ("cd /x && go build ./... | tee go", &["go"]),
            ("A=1 nice -n 10 timeout 5m gopls; gofmt -l .", &["gopls", "gofmt"]),
            ("if true; then go vet; fi", &["go"]),
            ("sh -c 'cd x; go run .'", &["go"]),
            ("env GOOS=js go build", &["go"]),
            ("go build || exit 1", &["go"]),
            ("go build || /usr/local/go/bin/go build", &[]),
            ("[ -x /x/go ] && /x/go build; go vet", &[]),
            ("echo go; git go; hugo; /bin/ls go", &[]),
            ("PATH=/a:$PATH go build", &[]),
            ("export PATH=/a; go build", &[]),
            (". ~/.profile; go build", &[]),
            ("command -v go && go build", &[]),
            ("env -i go build", &[]),
            ("sudo go build", &[]),
            ("sh script go", &[]),
            ("go 'open", &[]),
        ] {
            assert_eq!(line(text).bare, bare, "{text}");
        }
        assert_eq!(line("~/go/bin/gopls; \"$HOME/go/bin/gopls\"").named, [Path::new("/h/go/bin/gopls"); 2]);
        assert!(line("~/go/bin/other; $X/go").is_nothing());
    }

    #[test]
    fn the_words_of_a_program() {
        assert_eq!(words(&["go", "build"]).bare, ["go"]);
        assert_eq!(words(&["/x/go", "build"]).named, [Path::new("/x/go")]);
        assert_eq!(words(&["~/go/bin/gopls"]).literal, ["~/go/bin/gopls"]);
        assert_eq!(words(&["$HOME/go/bin/gopls"]).literal, ["$HOME/go/bin/gopls"]);
        assert_eq!(words(&["/usr/bin/env", "go"]).bare, ["go"]);
        assert_eq!(words(&["launchctl", "setenv", "GOPATH", "/g", "TOKEN", "x"]).sets.len(), 1);
        assert!(words(&[]).is_nothing());
        let login = words(&["/bin/zsh", "-lc", "go run ."]);
        assert_eq!(login.through, Some(Through { shell: "zsh".to_owned(), mode: LaunchMode::Login }));
        assert_eq!(login.bare, ["go"]);
        assert_eq!(words(&["/bin/bash", "-c", "go run ."]).through, None);
        assert_eq!(words(&["bash", "-o", "pipefail", "-ic", "go"]).through.unwrap().mode, LaunchMode::Interactive);
    }

    #[test]
    fn a_go_that_is_tried_first_may_be_missing() {
        assert!(line("test -x ~/go/bin/gopls && ~/go/bin/gopls").is_nothing());
        assert!(line(&"go || ".repeat(50_000)).is_nothing());
    }

    #[test]
    fn shells_in_shells_end() {
        let mut text = "go".to_owned();
        for _ in 0..30 {
            text = format!("sh -c {}", String::from_utf8(posix::quote(text.as_bytes())).unwrap());
            if text.len() > 10_000 {
                break;
            }
        }
        assert!(line(&text).is_nothing());
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_taken(pieces in proptest::collection::vec(proptest::sample::select(vec![
            "go", " ", "sh -c ", "'", "\"", "||", "&&", ";", "$(", ")", "env ", "-", "PATH=", "launchctl setenv ", "nice ", "\n", "~/",
        ]), 0..30)) {
            let _ = line(&pieces.concat());
            let _ = words(&pieces);
        }
    }
}
