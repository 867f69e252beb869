//! fish. Source of the facts: fish's own `share/config.fish`, fish(1), and measurement with 3.6.
//!
//! However it is started, login or not, for a terminal, a script or a command, fish reads every file of `conf.d`, and
//! then its `config.fish`. So the block stands in a file of its own there, which nobody else edits, and serves every
//! launch mode whatever the reach. Of two files with one name in the `conf.d` folders (the user's, the system's, those
//! of packages) only the first is read: ours has a name that no package has.
//!
//! On macOS fish does the work of `path_helper` itself before it reads `conf.d`. `fish_add_path` and universal variables are no
//! way to set PATH for others: they outlive the block, and put their folder in front in every later shell.

mod quoting;

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::{Dialect, Holds, LaunchMode, Look, Places, Program, Shell, Spot, Target, Targets, Values, places, Tracing};

use LaunchMode::{Command, Interactive, Login, LoginInteractive};

const TEMPLATE: &str = include_str!("../../templates/conf.fish");

pub(super) struct Fish;

impl Shell for Fish {
    fn name(&self) -> &'static str {
        "fish"
    }

    fn names(&self) -> &'static [&'static str] {
        &["fish"]
    }

    fn programs(&self) -> &'static [Program] {
        const { &[Program::named("fish")] }
    }

    fn dialect(&self) -> Dialect {
        Dialect::Fish
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        vec![own(places), config(places)]
    }

    /// `conf.d` alone is no sign: installers leave files there for a fish that nobody uses. Whoever has used it at a
    /// prompt has `fish_variables`.
    fn signs(&self, places: &Places) -> Vec<PathBuf> {
        vec![own(places), config(places), places.config_home.join("fish/fish_variables")]
    }

    /// Beside these it reads whatever else stands in the `conf.d` folders, ours among it in the order of names.
    fn reads(&self, _program: &Program, _mode: LaunchMode, look: &Look) -> Vec<PathBuf> {
        vec![own(look.places), PathBuf::from("/etc/fish/config.fish"), config(look.places)]
    }

    fn makes(&self, places: &Places) -> Vec<PathBuf> {
        vec![places.config_home.join("fish"), places.data_home.join("fish")]
    }

    fn tracing(&self) -> Tracing {
        Tracing::Nested
    }

    fn targets(&self, look: &Look) -> Targets {
        let target = Target {
            path: own(look.places),
            holds: Holds::All,
            spot: Spot::End,
            modes: &[LoginInteractive, Interactive, Login, Command],
            why: "fish reads it however it is started; it is a file of our own".to_owned(),
        };
        Targets { files: vec![target], notes: Vec::new() }
    }

    /// It tells also which file a function is from; of one that `alias` has made, that it does not know.
    fn what_go_is(&self) -> &'static [u8] {
        b" (type -t go 2>/dev/null) (functions -D go 2>/dev/null)"
    }

    /// fish knows `--no-config` since 3.3; an older one says that it does not, which is no syntax error.
    fn syntax_check(&self) -> &'static [&'static str] {
        &["--no-config", "--no-execute"]
    }

    /// An `end` would do as the last word of a line that a backslash joins to it.
    fn nonsense(&self) -> &'static [u8] {
        b"\n)\n"
    }

    /// fish shows the place below its words, which may be translated; at the end of a file it has words alone.
    fn is_syntax_error(&self, stderr: &[u8]) -> bool {
        let points = |line: &[u8]| line.contains(&b'^') && line.iter().all(|byte| b" \t^~".contains(byte));
        stderr.split(|byte| *byte == b'\n').any(points)
            || stderr.windows(b"xpected ".len()).any(|window| window == b"xpected ")
    }

    fn template(&self, _holds: Holds) -> &'static str {
        TEMPLATE
    }

    fn quote(&self, value: &[u8]) -> Vec<u8> {
        quoting::quote(value)
    }

    fn unquote(&self, text: &[u8], home: &Path) -> Option<Vec<u8>> {
        quoting::unquote(text, home)
    }

    fn word(&self, path: &Path, home: &Path) -> Vec<u8> {
        quoting::quote_path(path.as_os_str().as_bytes(), home)
    }

    fn source(&self, path: &Path, home: &Path) -> Vec<u8> {
        [b"source ", &self.word(path, home)[..]].concat()
    }

    /// fish cuts the end of a word off only in a command substitution, so where the root is needed the block carries
    /// that, and the folder of `go` follows from it.
    fn holes(&self, values: &Values, home: &Path) -> Vec<(&'static str, Option<Vec<u8>>)> {
        let go = values.go.as_deref();
        let root = go.and_then(Path::parent).filter(|_| values.goroot);
        let word = |path: &Path| quoting::quote_path(path.as_os_str().as_bytes(), home);
        vec![
            ("goroot", root.map(word)),
            ("go", go.filter(|_| root.is_none()).map(word)),
            ("places", places::words(&values.places, "  for root in ", "~", &word)),
            ("gopath", Some(quoting::quote_list(values.gopath.as_bytes(), home))),
            ("gobin", values.gobin.as_deref().map(word)),
        ]
    }

    fn exporting(&self, variable: &str) -> String {
        format!("set -gx {variable}")
    }
}

/// The file of our own.
fn own(places: &Places) -> PathBuf {
    places.config_home.join("fish/conf.d/goenv-setup.fish")
}

/// The user's own startup file.
fn config(places: &Places) -> PathBuf {
    places.config_home.join("fish/config.fish")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_errors_are_known_by_their_words_or_by_the_place_shown() {
        for (words, expected) in [
            (&b"fish: 'end' outside of a block\nend\n^~^\n"[..], true),
            (b"fish: Expected a command, but found end of the input\n", true),
            ("fish: Anführungszeichen fehlen\necho \"open\n     ^\n".as_bytes(), true),
            (b"fish: unrecognized option '--no-config'\n", false),
            (b"", false),
        ] {
            assert_eq!(Fish.is_syntax_error(words), expected, "{}", words.escape_ascii());
        }
    }
}
