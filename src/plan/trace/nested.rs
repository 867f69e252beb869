//! fish: commands with everything expanded, each behind a dash for every level that it is nested.
//!
//! fish tells neither files nor lines nor values. The files follow from what is sourced and from where functions were
//! defined, the lines from what stands in them, the values from the `set` commands: everything else of fish that changes a
//! variable ends in one, but for the handler that puts `fish_user_paths` in front of PATH, which it does not tell of.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::changes::Derived;
use super::text::{Text, is_eval, plain, sourced};
use super::{Ground, Place, Sure, Told, Value, path_of};

/// What fish keeps from one start to the next, beside its `config.fish`.
pub(super) const UNIVERSAL: &str = "fish_variables";

/// Reads the log of such a shell.
pub(super) fn read(log: &[u8], ground: &Ground) -> Told {
    let commands: Vec<(usize, &[u8])> = log.split(|byte| *byte == b'\n').filter_map(command).collect();
    let mut fish = Fish {
        ground,
        texts: ground.files.iter().map(|(_, bytes)| Text::of(bytes, ground.dialect)).collect(),
        shown: commands.iter().map(|(_, text)| plain(text)).collect(),
        counts: RefCell::default(),
        own: commands.iter().find_map(|(_, text)| own_folder(text)),
        frames: Vec::new(),
        functions: Vec::new(),
        user_paths: Vec::new(),
        derived: Derived::new(ground),
    };
    for (depth, text) in commands {
        fish.command(depth, text);
    }
    fish.derived.finish()
}

/// The number of dashes and the command of a line of the trace.
fn command(line: &[u8]) -> Option<(usize, &[u8])> {
    let depth = line.iter().take_while(|byte| **byte == b'-').count();
    Some((depth, line[depth..].strip_prefix(b"> ")?))
}

/// The folder of what fish itself brings, from the first file that it reads.
fn own_folder(text: &[u8]) -> Option<PathBuf> {
    let file = path_of(&sourced(text)?, Path::new("/"))?;
    (file.file_name()? == "config.fish").then(|| file.parent().map(Path::to_path_buf))?
}

struct Frame {
    /// The depth of the command that began it: all that is deeper is in it.
    depth: usize,
    /// The file whose lines it runs; `None`: the text of an `eval`.
    file: Option<PathBuf>,
    /// The line that it has come to.
    at: usize,
    /// Where it was begun.
    from: Option<Place>,
    /// Whether it is fish's own function that puts `fish_user_paths` in front.
    is_user_paths: bool,
}

struct Fish<'a> {
    ground: &'a Ground<'a>,
    texts: Vec<Text>,
    /// All commands, to tell lines apart that look the same, and how many of them a command of a file can have become.
    shown: Vec<Vec<u8>>,
    counts: RefCell<HashMap<(usize, Option<usize>), usize>>,
    own: Option<PathBuf>,
    frames: Vec<Frame>,
    functions: Vec<(Vec<u8>, PathBuf)>,
    user_paths: Vec<Vec<u8>>,
    derived: Derived<'a>,
}

impl Fish<'_> {
    fn command(&mut self, depth: usize, text: &[u8]) {
        while self.frames.last().is_some_and(|frame| depth <= frame.depth) {
            self.frames.pop();
        }
        let place = self.place(text);
        self.derived.at(place.as_ref());
        let words = words(text);
        let Some((first, arguments)) = words.split_first() else { return };
        match &first[..] {
            b"set" => self.set(arguments, place.as_ref()),
            b"function" => {
                let file = self.frames.iter().rev().find_map(|frame| frame.file.clone());
                if let (Some(name), Some(file)) = (arguments.first(), file) {
                    self.functions.retain(|(known, _)| known != name);
                    self.functions.push((name.clone(), file));
                }
            }
            _ => {}
        }
        let file = match sourced(text) {
            Some(name) => path_of(&name, self.ground.home),
            None if is_eval(text) => None,
            None => match self.functions.iter().find(|(name, _)| name == first) {
                Some((_, file)) => Some(file.clone()),
                None => return,
            },
        };
        let is_user_paths = first == b"__fish_reconstruct_path";
        let from = if is_user_paths { self.universal().or(place) } else { place };
        self.frames.push(Frame { depth, file, at: 0, from, is_user_paths });
    }

    /// Where a command stands: in what is read or called. What fish itself brings is passed over for who called it. What
    /// a command is given by a substitution comes before it, as if it belonged to the one before.
    fn place(&mut self, text: &[u8]) -> Option<Place> {
        let mut behind = 0;
        for index in (0..self.frames.len()).rev() {
            let Frame { file, at, from, .. } = &self.frames[index];
            let Some(file) = file else {
                behind = from.as_ref().and_then(|from| from.lines.first().copied()).unwrap_or(0);
                continue;
            };
            let Some(number) = self.ground.files.iter().position(|(path, _)| path == file) else { continue };
            let lines = self.lines(number, text, *at);
            let Some(first) = lines.first().copied().filter(|first| *first > behind) else { continue };
            if from.is_some() && (self.is_own(file) || self.frames[index].is_user_paths) {
                return from.clone();
            }
            self.frames[index].at = first;
            return Some(Place { file: self.frames[index].file.clone()?, lines });
        }
        // It stands in no file.
        let outer = |frame: &Frame| frame.from.is_some() && frame.file.as_ref().is_none_or(|file| self.is_own(file));
        let index = self.frames.iter().rposition(|frame| !outer(frame))?;
        if let Some(called) = self.frames.get(index + 1) {
            return called.from.clone();
        }
        let Frame { file, at, .. } = &self.frames[index];
        Some(Place { file: file.clone()?, lines: (*at > 0).then_some(*at).into_iter().collect() })
    }

    /// Where fish keeps `fish_user_paths` from one start to the next: what it calls at its start puts it in front of PATH.
    fn universal(&self) -> Option<Place> {
        let (file, bytes) = self.ground.files.iter().find(|(path, _)| path.ends_with(UNIVERSAL))?;
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let line = lines.position(|line| {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            line.starts_with(b"SETUVAR ") && name.ends_with(b" fish_user_paths")
        })?;
        Some(Place { file: file.clone(), lines: vec![line + 1] })
    }

    fn lines(&self, number: usize, text: &[u8], at: usize) -> Vec<usize> {
        let file = &self.texts[number];
        let lines = file.lines(text);
        let Some(first) = lines.first().copied() else { return lines };
        if lines.len() > 1 {
            let command = file.number(first, text);
            let count = || file.count(command, self.shown.iter().map(Vec::as_slice));
            if *self.counts.borrow_mut().entry((number, command)).or_insert_with(count) < lines.len() {
                return lines;
            }
        }
        vec![lines.into_iter().find(|line| *line > at).unwrap_or(first)]
    }

    fn is_own(&self, file: &Path) -> bool {
        let below = self
            .own
            .as_deref()
            .is_some_and(|own| file.strip_prefix(own).is_ok_and(|rest| !rest.to_string_lossy().starts_with("vendor_")));
        below || file.to_string_lossy().contains("/embedded:")
    }

    /// `set`: what it does to the variables that were asked for.
    fn set(&mut self, arguments: &[Vec<u8>], place: Option<&Place>) {
        let Some(set) = Set::of(arguments) else { return };
        let name = String::from_utf8_lossy(set.name).into_owned();
        if name == "fish_user_paths" {
            let old = self.user_paths.clone();
            set.change(&mut self.user_paths, true);
            let new = self.user_paths.clone();
            if let Some(variable) = self.ground.variables.iter().position(|known| known == "PATH") {
                let now = split(self.derived.now(variable), b':');
                let kept = now.into_iter().filter(|entry| !old.contains(entry) && !new.contains(entry));
                let path: Vec<Vec<u8>> = new.iter().cloned().chain(kept).collect();
                self.derived.set(variable, Some(path.join(&b':')), place, Sure::Line);
            }
            return;
        }
        let Some(variable) = self.ground.variables.iter().position(|known| *known == name) else { return };
        // fish takes each variable whose name ends so for a list of folders.
        let between = if name.ends_with("PATH") { b':' } else { b' ' };
        let value: Value = if set.erase && set.index.is_none() {
            None
        } else {
            let mut list = split(self.derived.now(variable), between);
            set.change(&mut list, between == b':');
            Some(list.join(&between))
        };
        self.derived.set(variable, value, place, Sure::Line);
    }
}

fn split(value: &Value, between: u8) -> Vec<Vec<u8>> {
    let Some(value) = value.as_ref().filter(|value| !value.is_empty()) else { return Vec::new() };
    value.split(|byte| *byte == between).map(<[u8]>::to_vec).collect()
}

/// A `set` that sets something for good.
struct Set<'a> {
    name: &'a [u8],
    index: Option<i64>,
    values: &'a [Vec<u8>],
    append: bool,
    prepend: bool,
    erase: bool,
}

impl<'a> Set<'a> {
    fn of(arguments: &'a [Vec<u8>]) -> Option<Self> {
        let (mut append, mut prepend, mut erase) = (false, false, false);
        let mut rest = arguments;
        while let Some((option, more)) = rest.split_first().filter(|(option, _)| option.starts_with(b"-")) {
            rest = more;
            match &option[..] {
                b"--" => break,
                b"--append" => append = true,
                b"--prepend" => prepend = true,
                b"--erase" => erase = true,
                b"--local" | b"--function" | b"--query" | b"--show" | b"--names" => return None,
                long if long.starts_with(b"--") => {}
                short => {
                    if short.iter().any(|byte| b"lfqSn".contains(byte)) {
                        return None;
                    }
                    append |= short.contains(&b'a');
                    prepend |= short.contains(&b'p');
                    erase |= short.contains(&b'e');
                }
            }
        }
        let (name, values) = rest.split_first()?;
        let (name, index) = match name.iter().position(|byte| *byte == b'[') {
            None => (&name[..], None),
            Some(at) => {
                let index = name[at + 1..].strip_suffix(b"]")?;
                (&name[..at], Some(std::str::from_utf8(index).ok()?.parse().ok()?))
            }
        };
        Some(Self { name, index, values, append, prepend, erase })
    }

    /// Does it to a list, which may be one of folders.
    fn change(&self, list: &mut Vec<Vec<u8>>, folders: bool) {
        let values = self.values.iter().flat_map(|value| value.split(|byte| folders && *byte == b':'));
        let values = values.map(<[u8]>::to_vec);
        if let Some(index) = self.index {
            let count = i64::try_from(list.len()).unwrap_or(i64::MAX);
            let from_front = if index < 0 { count + index } else { index - 1 };
            let Some(at) = usize::try_from(from_front).ok().filter(|at| *at < list.len()) else { return };
            let new: Vec<Vec<u8>> = if self.erase { Vec::new() } else { values.collect() };
            list.splice(at..=at, new);
        } else if self.erase {
            list.clear();
        } else if self.append {
            list.extend(values);
        } else if self.prepend {
            list.splice(0..0, values);
        } else {
            *list = values.collect();
        }
    }
}

/// The words of a command as fish shows them: with quotes or backslashes where it needs them.
fn words(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quoted = false;
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' if !quoted => words.extend(word.take()),
            b'\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            b'\\' => word.get_or_insert_default().extend(bytes.next().map(|next| match next {
                b'n' if !quoted => b'\n',
                b't' if !quoted => b'\t',
                next => next,
            })),
            _ => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    words
}
