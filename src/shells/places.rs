//! The Go roots of which a portable block takes the first that holds Go, as words of each language.
//!
//! One file serves many machines and many homes: but for the root that the user names, the words are the same whatever
//! home they are written in.

use std::path::{Path, PathBuf};

/// How long a line of the list gets, in columns.
const WIDTH: usize = 100;

/// A Go root that is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The one that the user names: any path.
    Named(PathBuf),
    /// A usual place on every machine: an absolute path of plain characters.
    At(&'static str),
    /// A usual place below the home: what stands behind `~/`, in plain characters.
    InHome(&'static str),
}

impl Place {
    /// The Go root, for a user of this home.
    pub fn root(&self, home: &Path) -> PathBuf {
        match self {
            Self::Named(root) => root.clone(),
            Self::At(root) => PathBuf::from(root),
            Self::InHome(rest) => home.join(rest),
        }
    }
}

/// The places as words between blanks, on as many lines as they need; `None` where there are none. `home_word` is the
/// home in this language; `quote` writes a path of any bytes. What stands `before` them takes its room on the first line.
pub(super) fn words(
    places: &[Place],
    before: &str,
    home_word: &str,
    quote: &dyn Fn(&Path) -> Vec<u8>,
) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::new();
    let mut column = before.len();
    for place in places {
        let word = match place {
            Place::Named(root) => quote(root),
            Place::At(root) => root.as_bytes().to_vec(),
            Place::InHome(rest) => format!("{home_word}/{rest}").into_bytes(),
        };
        if !out.is_empty() && column + word.len() > WIDTH {
            // Each blank is read at every start.
            out.extend_from_slice(b" \\\n ");
            column = 2;
        }
        if !out.is_empty() {
            out.push(b' ');
        }
        column += word.len() + 1;
        out.extend_from_slice(&word);
    }
    (!out.is_empty()).then_some(out)
}

/// The first of the words, read by `unquote`, which takes a whole word or none.
pub(super) fn first(words: &[u8], unquote: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    // A blank within quotes leaves them open.
    let blanks = words.iter().enumerate().filter(|(_, byte)| byte.is_ascii_whitespace()).map(|(at, _)| at);
    blanks.chain([words.len()]).find_map(|end| unquote(&words[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shells::ALL;

    #[test]
    fn words_and_the_first_of_them_in_each_language() {
        let home = Path::new("/home/me");
        for shell in ALL {
            for root in ["/usr/local/go", "/home/me/a b's go", "/opt/x;y) do", "/home/me"] {
                let places = [Place::Named(root.into()), Place::InHome(".local/go"), Place::At("/usr")];
                let quote = |path: &Path| {
                    let values = crate::shells::Values {
                        go: Some(path.into()),
                        places: Vec::new(),
                        goroot: false,
                        gopath: "/g".into(),
                        gobin: None,
                        reach: crate::shells::Reach::default(),
                        loads: None,
                    };
                    let holes = shell.holes(&values, home);
                    holes.into_iter().find(|(name, _)| *name == "go").and_then(|(_, word)| word).unwrap()
                };
                let list = words(&places, "", "~", &quote).unwrap();
                let read = first(&list, &|word| shell.unquote(word, home)).unwrap();
                assert_eq!(read, root.as_bytes(), "{}", shell.name());
            }
        }
    }

    #[test]
    fn long_lists_stand_on_several_lines() {
        let places = [const { Place::At("/a-place-that-is-long/and/longer/still/and/longer/still/opt/go") }; 3];
        let list = String::from_utf8(words(&places, "for _go in ", "~", &|_| Vec::new()).unwrap()).unwrap();
        assert_eq!(list.lines().count(), 3);
        assert!(list.lines().all(|line| line.len() <= WIDTH), "{list}");
        assert_eq!(list.split_whitespace().filter(|word| *word != "\\").count(), 3);
    }
}
