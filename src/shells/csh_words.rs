//! What csh and tcsh have in common: their quoting, their block, what they read. Source of the facts: csh(1) and
//! tcsh(1), and measurement with bsd-csh 20110502 and tcsh 6.24.
//!
//! Within single quotes a newline and the `!` of history are special even in a file, so these and the backslash stand
//! outside the quotes, behind a backslash; a newline stands inside, behind one. `${HOME:q}` is `$HOME` whatever is in
//! it: within double quotes a newline would end the file with an error.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::posix::{below, trim_slashes};
use super::{Look, Start, Values, places};

/// The block of both shells.
pub(super) const TEMPLATE: &str = include_str!("../../templates/csh.csh");

/// A word that says whether `go` is an alias: there are no functions. Of the alias the text stays in the shell.
pub(super) const WHAT_GO_IS: &[u8] = br#" "`alias go | /bin/sh -c 'read a && echo alias'`""#;

/// The longest value in bytes. bsd-csh ends a file with an error at a word of 8 KiB, and cuts off a PATH of that size.
const LONGEST: usize = 2000;

/// Why the shells cannot carry the body of a block, if they cannot: each value stands on one line.
pub(super) fn cannot_carry(body: &[u8]) -> Option<&'static str> {
    body.split(|byte| *byte == b'\n')
        .any(|line| line.len() > LONGEST)
        .then_some("csh takes no words of this length (a value of more than 2000 bytes)")
}

/// Quotes any bytes but NUL as one word.
pub(super) fn quote(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 2);
    let mut inside = false;
    let turn = |out: &mut Vec<u8>, inside: &mut bool, wish: bool| {
        if *inside != wish {
            out.push(b'\'');
            *inside = wish;
        }
    };
    for byte in value {
        match byte {
            b'\'' | b'!' | b'\\' => {
                turn(&mut out, &mut inside, false);
                out.extend([b'\\', *byte]);
            }
            b'\n' => {
                turn(&mut out, &mut inside, true);
                out.extend(b"\\\n");
            }
            _ => {
                turn(&mut out, &mut inside, true);
                out.push(*byte);
            }
        }
    }
    turn(&mut out, &mut inside, false);
    if out.is_empty() { b"''".to_vec() } else { out }
}

/// Quotes a path; one below `home` starts with `${HOME:q}`.
pub(super) fn quote_path(path: &[u8], home: &Path) -> Vec<u8> {
    let Some(rest) = below(path, home) else { return quote(path) };
    let rest = if rest.iter().copied().all(is_plain) { rest.to_vec() } else { quote(rest) };
    [b"${HOME:q}", &rest[..]].concat()
}

/// Quotes a list of paths separated by `:`.
fn quote_list(list: &[u8], home: &Path) -> Vec<u8> {
    let word = |path: &[u8]| if path.is_empty() { Vec::new() } else { quote_path(path, home) };
    let joined = list.split(|byte| *byte == b':').map(word).collect::<Vec<_>>().join(&b':');
    if joined.is_empty() { quote(b"") } else { joined }
}

/// Reads back what [`quote`], [`quote_path`] and [`quote_list`] write, and plain text; `None` for anything else.
pub(super) fn unquote(text: &[u8], home: &Path) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        if let Some(tail) = rest.strip_prefix(b"${HOME:q}") {
            out.extend_from_slice(trim_slashes(home.as_os_str().as_bytes()));
            rest = tail;
            continue;
        }
        match rest {
            [] | [b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b')', ..] => return Some(out),
            [b'\'', tail @ ..] => {
                rest = tail;
                loop {
                    match rest {
                        [] | [b'\n', ..] => return None,
                        [b'\'', tail @ ..] => {
                            rest = tail;
                            break;
                        }
                        [b'\\', byte @ (b'\n' | b'!'), tail @ ..] | [byte, tail @ ..] => {
                            out.push(*byte);
                            rest = tail;
                        }
                    }
                }
            }
            [b'\\', byte, tail @ ..] => {
                out.push(*byte);
                rest = tail;
            }
            [byte, ..] if b"\"$`\\(<>*?[{~#!".contains(byte) => return None,
            [byte, tail @ ..] => {
                out.push(*byte);
                rest = tail;
            }
        }
    }
}

/// A path as a word for a command line to copy; it holds no `!` that history would expand.
pub(super) fn word(path: &Path, home: &Path) -> Vec<u8> {
    let path = path.as_os_str().as_bytes();
    match below(path, home) {
        None => quote(path),
        Some(rest) if rest.iter().copied().all(is_plain) => [b"\"$HOME", rest, b"\""].concat(),
        Some(rest) => [b"\"$HOME\"", &quote(rest)[..]].concat(),
    }
}

/// Whether a byte means nothing to the shell.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/._-+@%,".contains(&byte)
}

/// What the template's holes are filled with. csh cannot take `/bin` off a word, so GOROOT is written out.
pub(super) fn holes(values: &Values, home: &Path) -> Vec<(&'static str, Option<Vec<u8>>)> {
    let path = |path: &Path| quote_path(path.as_os_str().as_bytes(), home);
    vec![
        ("go", values.go.as_deref().map(path)),
        ("goroot", values.go.as_deref().and_then(Path::parent).map(path)),
        // What a `~` stands for would be looked at as a pattern.
        ("places", places::words(&values.places, "  foreach _go_root ( ", "${HOME:q}", &path)),
        ("gopath", Some(quote_list(values.gopath.as_bytes(), home))),
        ("gobin", values.gobin.as_deref().map(path)),
    ]
}

/// What exports a variable in the template.
pub(super) fn exporting(variable: &str) -> String {
    // csh keeps PATH and its list `path` alike.
    // With the blank before it, it is not the end of `unsetenv`.
    if variable == "PATH" { "set path =".to_owned() } else { format!(" setenv {variable}") }
}

/// The file of its own that tcsh reads: a `.tcshrc` hides `.cshrc`, also an empty one.
pub(super) fn tcsh_file(look: &Look) -> PathBuf {
    let own = look.places.home.join(".tcshrc");
    if (look.occupied)(&own) { own } else { look.places.home.join(".cshrc") }
}

/// What a shell reads: the system's file, at login another of the system's, the user's own, and at login `.login`.
pub(super) fn reads(login: bool, own: PathBuf, look: &Look) -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from("/etc/csh.cshrc")];
    if login {
        files.push(PathBuf::from("/etc/csh.login"));
    }
    files.push(own);
    if login {
        files.push(look.places.home.join(".login"));
    }
    files
}

/// A start as a terminal does it: `$prompt` is set, by which startup files know that somebody types.
pub(super) const fn typed(dash: bool) -> Start {
    let words = if dash { "login" } else { "-i" };
    Start { dash, args: &[], typed: true, env: &[], words }
}

/// The methods of [`super::Shell`] in which the two shells do not differ.
macro_rules! shared {
    () => {
        fn dialect(&self) -> super::Dialect {
            super::Dialect::Csh
        }

        fn template(&self, _holds: super::Holds) -> &'static str {
            super::csh_words::TEMPLATE
        }

        fn cannot_carry(&self, body: &[u8]) -> Option<&'static str> {
            super::csh_words::cannot_carry(body)
        }

        fn quote(&self, value: &[u8]) -> Vec<u8> {
            super::csh_words::quote(value)
        }

        fn unquote(&self, text: &[u8], home: &std::path::Path) -> Option<Vec<u8>> {
            super::csh_words::unquote(text, home)
        }

        fn word(&self, path: &std::path::Path, home: &std::path::Path) -> Vec<u8> {
            super::csh_words::word(path, home)
        }

        fn source(&self, path: &std::path::Path, home: &std::path::Path) -> Vec<u8> {
            [b"source ", &super::csh_words::word(path, home)[..]].concat()
        }

        fn holes(&self, values: &super::Values, home: &std::path::Path) -> Vec<(&'static str, Option<Vec<u8>>)> {
            super::csh_words::holes(values, home)
        }

        fn exporting(&self, variable: &str) -> String {
            super::csh_words::exporting(variable)
        }
    };
}

pub(super) use shared;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms() {
        let home = Path::new("/home/me");
        assert_eq!(quote(b"/usr/local/go/bin"), b"'/usr/local/go/bin'");
        assert_eq!(quote(b""), b"''");
        assert_eq!(quote(b"it's!"), b"'it'\\''s'\\!");
        assert_eq!(quote(b"a\\b\nc"), b"'a'\\\\'b\\\nc'");
        assert_eq!(quote_path(b"/home/me", home), b"${HOME:q}");
        assert_eq!(quote_path(b"/home/me/go", home), b"${HOME:q}/go");
        assert_eq!(quote_path(b"/home/me/a b", home), b"${HOME:q}'/a b'");
        assert_eq!(quote_path(b"/home/meow", home), b"'/home/meow'");
        assert_eq!(quote_list(b"/home/me:/srv/go", home), b"${HOME:q}:'/srv/go'");
    }

    #[test]
    fn what_we_would_not_write_is_not_read() {
        for text in [&b"\"$OTHER/go\""[..], b"$HOME/go", b"'open", b"'open\n'", b"`x`", b"~/go", b"a{b,c}", b"a!b"] {
            assert_eq!(unquote(text, Path::new("/h")), None, "{}", text.escape_ascii());
        }
        assert_eq!(unquote(b"/opt/go; exit", Path::new("/h")), Some(b"/opt/go".to_vec()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn unquote_undoes_quote(
            value in prop::collection::vec(prop_oneof![1u8.., prop::sample::select(&b"'\\!\n$ \"`"[..])], 0..40),
            inside_home in any::<bool>(),
            tail in "[ ;)|]?",
        ) {
            let home = Path::new("/home/me");
            let path = if inside_home { [b"/home/me/", &value[..]].concat() } else { value };
            let one = [&quote_path(&path, home)[..], tail.as_bytes()].concat();
            prop_assert_eq!(unquote(&one, home), Some(path.clone()));
            let list = [&quote_list(&path, home)[..], tail.as_bytes()].concat();
            prop_assert_eq!(unquote(&list, home), Some(path));
        }
    }
}
