//! What fish's `set` says, and what comes of a list.

/// Where a variable is known that a `set` is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Where it is known already; in a function that does not know it, there.
    Any,
    /// Everywhere.
    Global,
    /// In the function.
    Function,
    /// In the block.
    Block,
}

/// A `set` that sets something.
pub(super) struct Set<'a> {
    pub(super) name: &'a [u8],
    /// The ranges of the list that it is about.
    pub(super) index: Option<Vec<(i64, i64)>>,
    pub(super) values: &'a [Vec<u8>],
    pub(super) scope: Scope,
    /// Whether it says that programs see it, or that they do not.
    pub(super) exports: Option<bool>,
    pub(super) append: bool,
    pub(super) prepend: bool,
    pub(super) erase: bool,
}

impl<'a> Set<'a> {
    /// Reads the words behind `set`; `None`: it sets nothing.
    pub(super) fn of(arguments: &'a [Vec<u8>]) -> Option<Self> {
        let (mut append, mut prepend, mut erase) = (false, false, false);
        let (mut scope, mut exports) = (Scope::Any, None);
        let mut option = |letter: u8| match letter {
            b'a' => append = true,
            b'p' => prepend = true,
            b'e' => erase = true,
            b'l' => scope = Scope::Block,
            b'f' => scope = Scope::Function,
            b'g' | b'U' => scope = Scope::Global,
            b'x' => exports = Some(true),
            b'u' => exports = Some(false),
            _ => {}
        };
        let mut rest = arguments;
        while let Some((word, more)) = rest.split_first().filter(|(word, _)| word.starts_with(b"-")) {
            rest = more;
            match &word[..] {
                b"--" => break,
                b"--append" => option(b'a'),
                b"--prepend" => option(b'p'),
                b"--erase" => option(b'e'),
                b"--local" => option(b'l'),
                b"--function" => option(b'f'),
                b"--global" | b"--universal" => option(b'g'),
                b"--export" => option(b'x'),
                b"--unexport" => option(b'u'),
                b"--query" | b"--show" | b"--names" => return None,
                long if long.starts_with(b"--") => {}
                short if short.iter().any(|byte| b"qSn".contains(byte)) => return None,
                short => short.iter().copied().for_each(&mut option),
            }
        }
        let (name, values) = rest.split_first()?;
        let (name, index) = match name.iter().position(|byte| *byte == b'[') {
            None => (&name[..], None),
            Some(at) => (&name[..at], Some(ranges(name[at + 1..].strip_suffix(b"]")?)?)),
        };
        Some(Self { name, index, values, scope, exports, append, prepend, erase })
    }

    /// Does it to a list, which may be one of folders.
    pub(super) fn change(&self, list: &mut Vec<Vec<u8>>, folders: bool) {
        let values = self.values.iter().flat_map(|value| value.split(|byte| folders && *byte == b':'));
        let mut values = values.map(<[u8]>::to_vec);
        if let Some(ranges) = &self.index {
            let count = i64::try_from(list.len()).unwrap_or(i64::MAX);
            let place = |index: i64| if index < 0 { count + index } else { index - 1 };
            let mut places: Vec<usize> = Vec::new();
            for (from, to) in ranges {
                let (from, to) = (place(*from), place(*to).min(count - 1));
                places.extend((from..=to).filter_map(|place| usize::try_from(place).ok()));
            }
            if self.erase {
                let mut at = 0;
                list.retain(|_| {
                    at += 1;
                    !places.contains(&(at - 1))
                });
            } else if let [at] = places[..] {
                list.splice(at..=at, values);
            } else {
                for at in places {
                    list[at] = values.next().unwrap_or_default();
                }
            }
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

/// `1`, `2..-1`, and several of them; `None`: none that can be read.
fn ranges(text: &[u8]) -> Option<Vec<(i64, i64)>> {
    let text = std::str::from_utf8(text).ok()?;
    let number = |text: &str, none: i64| if text.is_empty() { Some(none) } else { text.parse().ok() };
    let range = |word: &str| match word.split_once("..") {
        Some((from, to)) => Some((number(from, 1)?, number(to, -1)?)),
        None => number(word, 0).map(|index| (index, index)),
    };
    text.split_whitespace().map(range).collect()
}
