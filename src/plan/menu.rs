//! Which Gos a user may choose between, where nobody has chosen yet.
//!
//! Invariant: the first is what the rule chooses, so that taking it changes nothing.

use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use super::Note;
use super::installs::{self, Install};
use super::profile::Profile;
use super::request::Request;
use crate::facts::Facts;
use crate::shells::posix;
use crate::text::show::{sanitise, tilde};

/// How many are offered; `goenv-setup installs` lists the rest.
const MOST: usize = 8;

/// A Go that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// One line that says which it is, safe on a terminal.
    pub line: String,
    /// The folder by which [`Request::picked`] names it; `None`: the rule chooses it.
    pub bin: Option<PathBuf>,
    /// The root to name it by on a command line, as a word of a POSIX shell; `None`: none names it.
    word: Option<String>,
}

/// The Gos to choose between: none, unless there are at least two, and nothing says yet which: no flag, no profile but
/// the one that chooses anew, else no block. A portable block takes what each machine has.
pub fn choices(facts: &Facts, request: &Request) -> Vec<Choice> {
    let says_which = request.goroot.is_some() || request.profile.is_some_and(Profile::names_a_go);
    if says_which || request.portable == Some(true) {
        return Vec::new();
    }
    let Some(survey) = installs::first_survey(facts, request.profile.is_some()) else { return Vec::new() };
    let chosen = survey.installs.iter().filter(|go| go.chosen);
    // What a version manager keeps is its business, unless it is at work: then it is what the rule chooses.
    let others = survey.installs.iter().filter(|go| !go.chosen && go.runs && go.root.is_some() && go.stable.is_some());
    let all: Vec<Choice> = chosen.take(1).chain(others).take(MOST).map(|go| choice(facts, go)).collect();
    let rule = all.first().is_some_and(|first| first.bin.is_none());
    if all.len() > 1 && rule { all } else { Vec::new() }
}

fn choice(facts: &Facts, go: &Install) -> Choice {
    let home = &facts.user.home;
    let bin = go.stable.as_ref().unwrap_or(&go.bin);
    let version = go.version.as_deref().and_then(|version| version.split_whitespace().next());
    let version = version.map_or("version unknown".to_owned(), |version| sanitise(version.as_bytes()));
    let left = if go.stable.is_none() { ", left to it" } else { "" };
    Choice {
        line: format!("{}  {version}  ({}{left})", tilde(bin, home), go.kind),
        word: go.named_by.as_deref().and_then(|root| posix::exact_word(root.as_os_str().as_bytes(), home)),
        bin: (!go.chosen).then(|| bin.clone()),
    }
}

/// What is said where nobody can be asked.
pub fn note(choices: &[Choice]) -> Option<Note> {
    let others: Vec<&Choice> = choices.iter().filter(|one| one.bin.is_some()).collect();
    if others.is_empty() {
        return None;
    }
    let words: Vec<String> = others.iter().filter_map(|one| Some(format!("`{}`", one.word.as_ref()?))).collect();
    Some(Note::note(if words.is_empty() {
        "there is more than one Go here: `goenv-setup installs` lists them".to_owned()
    } else {
        format!(
            "there is more than one Go here; to choose another: `goenv-setup apply --goroot DIR`, where DIR is {}",
            words.join(" or ")
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_names_the_others_alone() {
        let one = |bin: Option<&str>, word: &str| Choice {
            line: String::new(),
            bin: bin.map(Into::into),
            word: Some(word.to_owned()).filter(|word| !word.is_empty()),
        };
        assert_eq!(note(&[]), None);
        assert_eq!(note(&[one(None, "/usr/local/go")]), None);
        let all = [one(None, "/usr/local/go"), one(Some("/usr/bin"), "/usr"), one(Some("/h/a b/bin"), "'/h/a b'")];
        let text = note(&all).expect("there are others").text;
        assert!(text.ends_with("where DIR is `/usr` or `'/h/a b'`"), "{text}");
        let text = note(&[one(None, "/usr/local/go"), one(Some("/h/tools"), "")]).expect("there are others").text;
        assert!(text.ends_with("`goenv-setup installs` lists them"), "{text}");
    }
}
