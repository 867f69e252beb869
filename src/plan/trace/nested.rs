//! fish: commands with everything expanded, each behind a dash for every level that it is nested.
//!
//! fish tells neither files nor lines nor values. The files follow from what is sourced and from where functions were
//! defined, the lines from what stands in them, the values from the `set` commands: everything else of fish that changes a
//! variable ends in one, but for the handler that puts `fish_user_paths` in front of PATH, which it does not tell of.

mod set;

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use set::{Scope, Set};

use super::changes::Derived;
use super::text::{Shown, Text, is_eval, plain};
use super::{Ground, Place, Sure, Told, Value, beside};

/// What fish keeps from one start to the next, beside its `config.fish`.
pub const UNIVERSAL: &str = "fish_variables";

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
        shadows: Vec::new(),
        folder: ground.home.to_owned(),
        user_paths: Vec::new(),
        derived: Derived::new(ground),
    };
    fish.begin();
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

/// The file that a command reads.
pub(super) fn sourced(text: &[u8]) -> Option<Vec<u8>> {
    let words = words(text);
    let name = match &words[..] {
        [first, rest @ ..] if matches!(&first[..], b"source" | b".") => rest.first()?,
        [builtin, first, rest @ ..] if builtin == b"builtin" && matches!(&first[..], b"source" | b".") => {
            rest.first()?
        }
        _ => return None,
    };
    Some(name.clone())
}

/// The folder that a command goes to.
pub(super) fn gone_to(text: &[u8], folder: &Path) -> Option<PathBuf> {
    match &words(text)[..] {
        [first, name] if first == b"cd" => Some(folder.join(OsStr::from_bytes(name))),
        _ => None,
    }
}

/// The folder of what fish itself brings, from the first file that it reads.
fn own_folder(text: &[u8]) -> Option<PathBuf> {
    let file = beside(Path::new("/"), &sourced(text)?, Path::new("/")).into_iter().next()?;
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
    /// Whether it is a function, which may have variables of its own.
    is_function: bool,
}

/// A variable that hides a global one as long as the commands are so deep.
struct Shadow {
    variable: usize,
    depth: usize,
}

struct Fish<'a> {
    ground: &'a Ground<'a>,
    texts: Vec<Text>,
    /// All commands, to tell lines apart that look the same, and how many of them a command of a file can have become.
    shown: Vec<Vec<u8>>,
    counts: RefCell<HashMap<(usize, Option<usize>), usize>>,
    own: Option<PathBuf>,
    frames: Vec<Frame>,
    /// The functions, each with the file that it stands in, if it stands in one.
    functions: Vec<(Vec<u8>, Option<PathBuf>)>,
    shadows: Vec<Shadow>,
    /// The folder that the shell is in.
    folder: PathBuf,
    user_paths: Vec<Vec<u8>>,
    derived: Derived<'a>,
}

/// The value of a variable that fish keeps, as it writes it: what is no plain letter in hexadecimal digits, entries of a list
/// apart by one of those.
fn kept(value: &[u8], between: u8) -> Vec<u8> {
    let mut plain = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((first, behind)) = rest.split_first() {
        let digits = rest.strip_prefix(b"\\x").and_then(|digits| std::str::from_utf8(digits.get(..2)?).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            plain.push(if byte == 0x1e { between } else { byte });
            rest = &rest[4..];
        } else {
            plain.push(*first);
            rest = behind;
        }
    }
    plain
}

impl Fish<'_> {
    /// What fish keeps from one start to the next, and programs see, is there before its first command.
    fn begin(&mut self) {
        for (index, name) in self.ground.variables.iter().enumerate() {
            let inherited = self.ground.inherited.get(index).is_some_and(Option::is_some);
            if let Some((place, value)) = self.universal_value(name).filter(|_| !inherited) {
                self.derived.set(index, Some(value), Some(&place), Sure::Line);
            }
        }
    }

    /// What fish keeps of a variable, if programs see it, and where.
    fn universal_value(&self, name: &str) -> Option<(Place, Vec<u8>)> {
        let (place, line) = self.universal(name)?;
        let at = line.iter().position(|byte| *byte == b':')?;
        let exported = line[..at].windows(9).any(|window| window == b"--export ");
        exported.then(|| (place, kept(line[at + 1..].trim_ascii_end(), between(name))))
    }

    fn command(&mut self, depth: usize, text: &[u8]) {
        while self.frames.last().is_some_and(|frame| depth <= frame.depth) {
            self.frames.pop();
        }
        self.shadows.retain(|shadow| shadow.depth <= depth);
        let place = self.place(text);
        self.derived.at(place.as_ref());
        let words = words(text);
        let Some((first, arguments)) = words.split_first() else { return };
        match &first[..] {
            b"set" => self.set(depth, arguments, place.as_ref()),
            b"function" => {
                let file = self.frames.last().and_then(|frame| frame.file.clone());
                if let Some(name) = arguments.first() {
                    self.functions.retain(|(known, _)| known != name);
                    self.functions.push((name.clone(), file));
                }
            }
            b"cd" => self.folder = gone_to(text, &self.folder).unwrap_or_else(|| std::mem::take(&mut self.folder)),
            _ => {}
        }
        let mut is_function = false;
        let file = match sourced(text) {
            // One that is gone, such as what `psub` makes, has no lines that could be named.
            Some(name) => beside(&self.folder, &name, self.ground.home)
                .into_iter()
                .find(|file| self.ground.has(file) || is_embedded(file)),
            None if is_eval(text) => None,
            None => match self.functions.iter().find(|(name, _)| name == first) {
                Some((_, file)) => {
                    is_function = true;
                    file.clone()
                }
                None => return,
            },
        };
        let is_user_paths = first == b"__fish_reconstruct_path";
        // What it calls at its start puts them in front of PATH.
        let kept = || self.universal("fish_user_paths").map(|(place, _)| place);
        let from = if is_user_paths { kept().or(place) } else { place };
        self.frames.push(Frame { depth, file, at: 0, from, is_user_paths, is_function });
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

    /// Where fish keeps a variable from one start to the next, and that line.
    fn universal(&self, variable: &str) -> Option<(Place, &[u8])> {
        let (file, bytes) = self.ground.files.iter().find(|(path, _)| path.ends_with(UNIVERSAL))?;
        let mut lines = bytes.split(|byte| *byte == b'\n').enumerate();
        let (index, line) = lines.find(|(_, line)| {
            let before = line.split(|byte| *byte == b':').next().unwrap_or_default();
            let name = before.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
            line.starts_with(b"SETUVAR ") && name == variable.as_bytes()
        })?;
        Some((Place { file: file.clone(), lines: vec![index + 1] }, line))
    }

    fn lines(&self, number: usize, text: &[u8], at: usize) -> Vec<usize> {
        let file = &self.texts[number];
        let shown = Shown::new(text, &[], [&[], &[]]);
        let lines = file.lines(&shown);
        let Some(first) = lines.first().copied() else { return lines };
        if lines.len() > 1 {
            let command = file.number(first, &shown);
            let count = || file.count(command, self.shown.iter().map(Vec::as_slice));
            if *self.counts.borrow_mut().entry((number, command)).or_insert_with(count) < lines.len() {
                return if lines.contains(&at) { vec![at] } else { lines };
            }
        }
        vec![lines.into_iter().find(|line| *line > at).unwrap_or(first)]
    }

    fn is_own(&self, file: &Path) -> bool {
        let below = self
            .own
            .as_deref()
            .is_some_and(|own| file.strip_prefix(own).is_ok_and(|rest| !rest.to_string_lossy().starts_with("vendor_")));
        below || is_embedded(file)
    }

    /// `set`: what it does to the variables that were asked for.
    fn set(&mut self, depth: usize, arguments: &[Vec<u8>], place: Option<&Place>) {
        let Some(set) = Set::of(arguments) else { return };
        let name = String::from_utf8_lossy(set.name).into_owned();
        if self.is_local(&set, depth, &name) {
            return;
        }
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
        let between = between(&name);
        // Behind one that is erased for this shell stands the one that is kept.
        let behind =
            self.universal_value(&name).filter(|_| set.erase && set.scope == Scope::Global && set.index.is_none());
        if let Some((kept_in, value)) = behind {
            self.derived.set(variable, Some(value), Some(&kept_in), Sure::Line);
            return;
        }
        let value: Value = if set.erase && set.index.is_none() {
            None
        } else {
            let mut list = split(self.derived.now(variable), between);
            set.change(&mut list, between == b':');
            Some(list.join(&between))
        };
        self.derived.exports(variable, set.exports, &value, place);
        self.derived.set(variable, value, place, Sure::Line);
    }

    /// Whether a `set` is about a variable of a function's or block's own; takes note of it.
    fn is_local(&mut self, set: &Set, depth: usize, name: &str) -> bool {
        let Some(variable) = self.ground.variables.iter().position(|known| known == name) else { return false };
        let function = self.frames.iter().rfind(|frame| frame.is_function).map(|frame| frame.depth + 1);
        let depth = match set.scope {
            Scope::Global => return false,
            Scope::Block => depth,
            Scope::Function => function.unwrap_or(depth),
            Scope::Any => {
                if let Some(index) = self.shadows.iter().rposition(|shadow| shadow.variable == variable) {
                    if set.erase && set.index.is_none() {
                        self.shadows.remove(index);
                    }
                    return true;
                }
                match function.filter(|_| self.derived.now(variable).is_none() && !set.erase) {
                    Some(depth) => depth,
                    None => return false,
                }
            }
        };
        if !set.erase {
            self.shadows.push(Shadow { variable, depth });
        }
        true
    }
}

/// Whether fish carries a file in itself.
fn is_embedded(file: &Path) -> bool {
    file.to_string_lossy().contains("/embedded:")
}

/// What stands between the entries of a list: fish takes each variable whose name ends so for one of folders.
fn between(name: &str) -> u8 {
    if name.ends_with("PATH") { b':' } else { b' ' }
}

fn split(value: &Value, between: u8) -> Vec<Vec<u8>> {
    let Some(value) = value.as_ref().filter(|value| !value.is_empty()) else { return Vec::new() };
    value.split(|byte| *byte == between).map(<[u8]>::to_vec).collect()
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
                b'r' if !quoted => b'\r',
                b'e' if !quoted => 0x1b,
                next => next,
            })),
            _ => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    words
}
