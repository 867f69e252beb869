//! Where the block goes, judged by the real shells: a line put there runs, and the file still parses.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test writes files and starts shells, says which are missing, and stops where it cannot go on"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use goenv_setup::plan::place::{Blocker, place};
use goenv_setup::shells::{Dialect, Spot};

/// Startup files, interactive ones. `bz|` in front names the shells that read it, `§` the place (none: the
/// end), `∅` a file without a newline at its end.
const FILES: &str = include_str!("place/files.sh");

const PROBE: &str = "GOENV_PROBE=1; printf 1 >\"$GOENV_OUT\"\n";

struct Case {
    name: String,
    shells: String,
    text: String,
    expected: usize,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for part in FILES.split("#### ").skip(1) {
        let (head, text) = part.split_once('\n').unwrap();
        let (shells, name) = head.split_once(": ").unwrap();
        // no newline at the end
        let text = text.strip_suffix("\u{2205}\n").unwrap_or(text);
        let expected = text.find('\u{a7}').unwrap_or(text.len());
        let text = text.replacen('\u{a7}', "", 1);
        assert!(!text.contains('\u{a7}'), "{name}: one place at most");
        cases.push(Case { name: name.to_owned(), shells: shells.to_owned(), text, expected });
    }
    cases
}

struct Room {
    dir: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let bin = dir.path().join("bin");
        fs::create_dir(&bin).unwrap();
        for name in ["tmux", "fish", "startx", "zsh", "bash"] {
            fs::write(bin.join(name), "#!/bin/sh\nexit 0\n").unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self { dir }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, shell: &Path, arguments: &[&str]) -> Output {
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.path("bin").display());
        Command::new(shell)
            .args(arguments)
            .env_clear()
            .env("HOME", self.dir.path())
            .env("PATH", path)
            .env("TERM", "dumb")
            .env("GOENV_OUT", self.path("out"))
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Whether the probe ran, and whether its variable was there after the file.
    fn source(&self, shell: &Path, text: &str) -> (bool, bool) {
        fs::write(self.path("rc"), text).unwrap();
        let _ = fs::remove_file(self.path("out"));
        let flag = if shell.ends_with("zsh") { "-f" } else { "--norc" };
        let line = ". ./rc; cd ~; printf '<%s>' \"${GOENV_PROBE-}\"";
        // `+m`: a shell without job control leaves the terminal of whoever runs this alone
        let output = self.run(shell, &[flag, "+m", "-i", "-c", line]);
        let arrived = String::from_utf8_lossy(&output.stdout).contains("<1>");
        (self.path("out").exists(), arrived)
    }

    fn parses(&self, shell: &Path, text: &str) -> bool {
        fs::write(self.path("rc"), text).unwrap();
        let flag = if shell.ends_with("zsh") { "-fn" } else { "-n" };
        // `zsh -n` has a status of its own for files that it cannot open
        self.run(shell, &[flag, "rc"]).stderr.is_empty()
    }
}

fn find(shell: &str) -> Option<std::path::PathBuf> {
    let folders = ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
    let found = folders.iter().map(|folder| Path::new(folder).join(shell)).find(|path| path.exists());
    if found.is_none() {
        assert!(std::env::var_os("GOENV_SETUP_TEST_ALL").is_none_or(|all| all != "1"), "no {shell}");
        eprintln!("1 shell is missing: {shell}");
    }
    found
}

#[test]
fn the_places_are_the_expected_ones() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    let line = |text: &str, at: usize| text[..at].matches('\n').count() + 1;
    let wrong = cases.iter().filter_map(|case| {
        let text = &case.text;
        let at = place(text.as_bytes(), Dialect::Posix, Spot::End).at;
        let (is, should) = (line(text, at), line(text, case.expected));
        (at != case.expected).then(|| format!("{}: {is}, not {should}", case.name))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
}

fn judged_by(letter: char, shell: &str) {
    let Some(shell) = find(shell) else { return };
    let mut seen = 0;
    let mut wrong = Vec::new();
    for case in cases().iter().filter(|case| case.shells.contains(letter)) {
        let room = Room::new();
        let (name, text) = (&case.name, &case.text);
        let place = place(text.as_bytes(), Dialect::Posix, Spot::End);
        let glue = if place.at == text.len() && !text.is_empty() { "\n" } else { "" };
        let with = format!("{}{glue}{PROBE}{}", &text[..place.at], &text[place.at..]);
        let ends = matches!(place.why.map(|why| why.what), Some(Blocker::Exit | Blocker::Exec));
        let mut claim = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{name}: {what}"));
            }
        };
        let same = room.parses(&shell, text) == room.parses(&shell, &with);
        claim(same, "it parses as it did before");
        let (ran, arrived) = room.source(&shell, &with);
        claim(ran, "the line runs");
        claim(arrived || ends, "the variable arrives");
        // and at the end it would not have run
        if place.why.is_some_and(|why| why.what != Blocker::MustStayLast) {
            let (ran, _) = room.source(&shell, &format!("{text}\n{PROBE}"));
            claim(!ran, "the end is not reached");
        }
        seen += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen >= 60, "{seen}");
}

#[test]
fn bash_runs_what_is_put_there() {
    judged_by('b', "bash");
}

#[test]
fn zsh_runs_what_is_put_there() {
    judged_by('z', "zsh");
}
