//! csh: each line as it was read, and each command once more with everything expanded.
//!
//! The place is the line that was read last; the files follow from `source`; the values from the commands that set them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::changes::Derived;
use super::text::{plain, sourced};
use super::{Ground, Place, Sure, Told, Value, beside};

/// Reads the log of such a shell.
pub(super) fn read(log: &[u8], ground: &Ground) -> Told {
    let files = ground.files.iter().map(|(_, bytes)| lines(bytes)).collect();
    let mut csh = Csh {
        ground,
        files,
        stack: Vec::new(),
        begun: 0,
        folder: ground.home.to_owned(),
        derived: Derived::new(ground),
    };
    for line in log.split(|byte| *byte == b'\n') {
        csh.line(line.trim_ascii());
    }
    csh.derived.finish()
}

/// The lines of a file that a shell reads as one, each with its number and without blanks and quotes.
fn lines(bytes: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut lines: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut goes_on = false;
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        let continues = line.ends_with(b"\\");
        let text = without_comment(line);
        match lines.last_mut().filter(|_| goes_on) {
            Some((_, before)) => before.extend(plain(text)),
            None => lines.push((index + 1, plain(text))),
        }
        goes_on = continues;
    }
    lines.retain(|(_, line)| !line.is_empty());
    lines
}

fn without_comment(line: &[u8]) -> &[u8] {
    let mut quote = None;
    for (at, byte) in line.iter().copied().enumerate() {
        match (quote, byte) {
            (None, b'#') if at == 0 || line[at - 1].is_ascii_whitespace() => return &line[..at],
            (None, b'\'' | b'"' | b'`') => quote = Some(byte),
            (Some(open), _) if byte == open => quote = None,
            _ => {}
        }
    }
    line
}

struct Csh<'a> {
    ground: &'a Ground<'a>,
    files: Vec<Vec<(usize, Vec<u8>)>>,
    /// The files that are being read, by their numbers, and the index of the line that each has come to.
    stack: Vec<(usize, Option<usize>)>,
    begun: usize,
    /// The folder that the shell is in.
    folder: PathBuf,
    derived: Derived<'a>,
}

impl Csh<'_> {
    fn line(&mut self, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        self.follow(&plain(text));
        let place = self.stack.last().map(|(number, at)| Place {
            file: self.ground.files[*number].0.clone(),
            lines: at.map(|at| self.files[*number][at].0).into_iter().collect(),
        });
        self.derived.at(place.as_ref());
        let words: Vec<&[u8]> = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
        let index = |name: &[u8]| self.ground.variables.iter().position(|known| known.as_bytes() == name);
        // As it was read, and not expanded yet, or with what is expanded only when it runs.
        if text.iter().any(|byte| b"$`".contains(byte)) {
            let variable = match &words[..] {
                [b"setenv", name, ..] => index(name),
                [b"set", first, ..] if first.starts_with(b"path") => index(b"PATH"),
                _ => None,
            };
            if let Some(variable) = variable {
                self.derived.changes(variable, place.as_ref());
            }
            return;
        }
        if let Some(number) = self.read(text)
            && self.stack.last() != Some(&(number, None))
        {
            self.stack.push((number, None));
            return;
        }
        self.folder = gone_to(text, &self.folder, self.ground.home).unwrap_or_else(|| std::mem::take(&mut self.folder));
        // Several commands of one line come by themselves.
        if words.contains(&&b";"[..]) {
            return;
        }
        if words == [&b"shift"[..], b"path"]
            && let Some(path) = index(b"PATH")
        {
            // Shown twice, when it is read and when it runs, and without effect on PATH in one csh of two.
            self.derived.changes(path, place.as_ref());
        }
        let (variable, value): (_, Value) = match &words[..] {
            [b"setenv", name, value @ ..] => (index(name), Some(unquoted(&self.expanded(&value.join(&b' '))))),
            [b"unsetenv", name] => (index(name), None),
            [b"set", rest @ ..] => match path_of_set(rest, |folder| self.expanded(folder)) {
                // Which folders there are is not told.
                Some(value) if value.iter().any(|byte| b"*?[{".contains(byte)) => {
                    if let Some(path) = index(b"PATH") {
                        self.derived.changes(path, place.as_ref());
                    }
                    return;
                }
                Some(value) => (index(b"PATH"), Some(value)),
                None => match (index(b"PATH"), element_of_path(rest)) {
                    (Some(path), Some((at, folder))) => {
                        let now = self.derived.now(path).clone().unwrap_or_default();
                        let mut folders: Vec<Vec<u8>> = now.split(|byte| *byte == b':').map(<[u8]>::to_vec).collect();
                        let Some(old) = at.checked_sub(1).and_then(|at| folders.get_mut(at)) else { return };
                        *old = unquoted(&self.expanded(folder));
                        (Some(path), Some(folders.join(&b':')))
                    }
                    _ => return,
                },
            },
            _ => return,
        };
        if let Some(variable) = variable {
            self.derived.set(variable, value, place.as_ref(), Sure::Line);
        }
    }

    /// The number of the file that a command reads.
    fn read(&self, text: &[u8]) -> Option<usize> {
        let mut files = sourced(text).into_iter().flat_map(|name| beside(&self.folder, &name, self.ground.home));
        files.find_map(|path| self.ground.files.iter().position(|(known, _)| *known == path))
    }

    /// A word with the home in the place of its tilde, which the line that is shown has still.
    fn expanded(&self, word: &[u8]) -> Vec<u8> {
        let home = self.ground.home.as_os_str().as_bytes();
        word.strip_prefix(b"~/").map_or_else(|| word.to_vec(), |rest| [home, b"/", rest].concat())
    }

    /// Takes note of where the shell is, if this is a line as it stands in a file.
    fn follow(&mut self, line: &[u8]) {
        for depth in (0..self.stack.len()).rev() {
            let (number, at) = self.stack[depth];
            let lines = &self.files[number];
            let is = |index: &usize| lines[*index].1 == line;
            if at.is_some_and(|at| is(&at)) {
                return;
            }
            let next = at.map_or(0, |at| at + 1);
            let before = (0..next).rev().filter(|_| depth + 1 == self.stack.len());
            if let Some(found) = (next..lines.len()).chain(before).find(is) {
                self.stack.truncate(depth + 1);
                self.stack[depth].1 = Some(found);
                return;
            }
        }
        for index in self.begun..self.ground.startup.len() {
            let startup = &self.ground.startup[index];
            let Some(number) = self.ground.files.iter().position(|(known, _)| known == startup) else { continue };
            if let Some(found) = self.files[number].iter().position(|(_, text)| text == line) {
                self.begun = index + 1;
                self.stack = vec![(number, Some(found))];
                return;
            }
        }
    }
}

/// The folder that a command goes to.
pub(super) fn gone_to(text: &[u8], folder: &Path, home: &Path) -> Option<PathBuf> {
    let name = text.strip_prefix(b"cd ").or_else(|| text.strip_prefix(b"chdir "))?.trim_ascii();
    if name.iter().any(|byte| b"$`;".contains(byte)) {
        return None;
    }
    match name {
        b"~" => Some(home.to_owned()),
        [b'~', b'/', rest @ ..] => Some(home.join(OsStr::from_bytes(rest))),
        name => Some(folder.join(OsStr::from_bytes(name))),
    }
}

/// `path[N] = folder`.
fn element_of_path<'a>(words: &[&'a [u8]]) -> Option<(usize, &'a [u8])> {
    let [name, b"=", folder] = words else { return None };
    let index = name.strip_prefix(b"path[")?.strip_suffix(b"]")?;
    Some((std::str::from_utf8(index).ok()?.parse().ok()?, folder))
}

/// The PATH that `set path = ( … )` makes.
fn path_of_set(words: &[&[u8]], expanded: impl Fn(&[u8]) -> Vec<u8>) -> Option<Vec<u8>> {
    let (once, words) = match words {
        [flag @ (b"-f" | b"-l"), rest @ ..] => (Some(*flag), rest),
        words => (None, words),
    };
    let text = words.join(&b' ');
    let rest = text.strip_prefix(b"path")?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii();
    let inner = rest.strip_prefix(b"(")?.strip_suffix(b")")?;
    let mut folders: Vec<&[u8]> = inner.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
    let dedupe = |folders: &mut Vec<&[u8]>| {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        folders.retain(|folder| {
            let new = !seen.iter().any(|known| known == folder);
            seen.extend(new.then(|| folder.to_vec()));
            new
        });
    };
    match once {
        Some(b"-f") => dedupe(&mut folders),
        Some(_) => {
            folders.reverse();
            dedupe(&mut folders);
            folders.reverse();
        }
        None => {}
    }
    let folders: Vec<Vec<u8>> = folders.into_iter().map(expanded).collect();
    Some(unquoted(&folders.join(&b':')))
}

fn unquoted(value: &[u8]) -> Vec<u8> {
    value.iter().copied().filter(|byte| !b"'\"".contains(byte)).collect()
}
