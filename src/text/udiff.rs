//! The unified diff as bytes: what `patch -p1 -d DIR` and `git apply` accept and what yields exactly the new bytes.
//!
//! Why our own printer: `similar` splits lines at a lone carriage return too and its `UnifiedDiff` writer replaces
//! invalid UTF-8, and either gives patches that do not apply. So `similar` only decides which lines differ; lines are
//! split at `\n` and nowhere else, and every byte of a line is printed as it is.
//!
//! Why plain headers: with `diff --git` lines `git apply` takes names as relative to the top of an enclosing
//! repository, and in a subfolder of one it does nothing and reports success.
//!
//! Invariant: applying `patch(old, new)` to the old bytes gives the new bytes, for all bytes and all names. It holds for
//! patches of several files too, which are made by concatenation (for the one exception see [`file_header`]).

use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, TextDiff, group_diff_ops};

#[cfg(test)]
mod tests;

/// Lines of context around a change, as every tool has them by default. With fewer on one side than on the other, both
/// tools take the hunk as anchored to the start or end of the file.
const CONTEXT: usize = 3;

/// How both tools are told that the last line has no final newline.
pub const NO_NEWLINE: &[u8] = b"\\ No newline at end of file";

/// One side of a comparison: a file that exists, or its absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side<'a> {
    /// Path relative to the folder in which the patch is applied: bytes, no leading slash. `None`: the file does not
    /// exist on this side (and `bytes` is empty).
    pub name: Option<&'a [u8]>,
    /// The whole content.
    pub bytes: &'a [u8],
}

impl Side<'_> {
    /// Whether nothing happens to the file: it is there on both sides or on neither, with the same bytes.
    pub fn is_same(&self, other: &Side) -> bool {
        self.name.is_some() == other.name.is_some() && self.bytes == other.bytes
    }
}

/// What happens to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// It is on both sides.
    Context,
    /// It is on the old side only.
    Removed,
    /// It is on the new side only.
    Added,
}

impl Tag {
    /// The first byte of the printed line.
    pub const fn sign(self) -> u8 {
        match self {
            Self::Context => b' ',
            Self::Removed => b'-',
            Self::Added => b'+',
        }
    }
}

/// One line of a hunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// What happens to it.
    pub tag: Tag,
    /// The line without its final `\n`; a carriage return belongs to it.
    pub bytes: &'a [u8],
    /// Whether `\n` follows. Only the last line of a file can lack it.
    pub newline: bool,
}

/// Changes that stand close together, with their context. The numbers are the printed ones: lines count from 1, and a
/// side of no lines names the line before it (0 at the start of the file).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk<'a> {
    /// First line on the old side.
    pub old_start: usize,
    /// Number of lines on the old side.
    pub old_len: usize,
    /// First line on the new side.
    pub new_start: usize,
    /// Number of lines on the new side.
    pub new_len: usize,
    /// Its lines, in the order of printing.
    pub lines: Vec<Line<'a>>,
}

impl Hunk<'_> {
    /// The line that opens the hunk, without `\n`: `@@ -1,3 +1,4 @@`.
    pub fn title(&self) -> String {
        let side = |start, len| match len {
            1 => format!("{start}"),
            _ => format!("{start},{len}"),
        };
        let (old, new) = (side(self.old_start, self.old_len), side(self.new_start, self.new_len));
        format!("@@ -{old} +{new} @@")
    }
}

/// The hunks that turn `old` into `new`; none if they are equal.
///
/// What the two have in common at the start and at the end is cut off as bytes, so that a small edit of a huge file
/// costs two scans and no list of its lines.
pub fn hunks<'a>(old: &'a [u8], new: &'a [u8]) -> Vec<Hunk<'a>> {
    hunks_with(old, new, CONTEXT)
}

/// The same with so many lines of context.
fn hunks_with<'a>(old: &'a [u8], new: &'a [u8], context: usize) -> Vec<Hunk<'a>> {
    if old == new {
        return Vec::new();
    }
    let head = common_head(old, new);
    let tail = common_tail(&old[head..], &new[head..]);
    let (old_middle, new_middle) = (lines(&old[head..old.len() - tail]), lines(&new[head..new.len() - tail]));
    let middle = TextDiff::configure().algorithm(Algorithm::Myers).diff_slices(&old_middle, &new_middle);

    let above = lines(last_lines(&old[..head], context));
    let below: Vec<&[u8]> = split(&old[old.len() - tail..]).take(context).collect();
    let skipped = count_lines(&old[..head]) - above.len();
    let ops = in_context(middle.ops(), above.len(), below.len());
    let window = Window {
        old: [above.as_slice(), &old_middle, &below].concat(),
        new: [above.as_slice(), &new_middle, &below].concat(),
        skipped,
    };
    group_diff_ops(ops, context).iter().filter_map(|group| window.hunk(group)).collect()
}

/// The lines above the hunks that name the file on both sides.
///
/// They are plain `--- ` and `+++ ` lines, except where no hunk can tell what happens: an empty file that is created or
/// removed. Only git's own header can say that, and GNU patch 2.7 reads it right only at the end of a patch.
pub fn file_header(old: &Side, new: &Side) -> Vec<u8> {
    const EMPTY: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"; // git's hash of no bytes
    const ABSENT: &str = "0000000000000000000000000000000000000000";
    let git = |name: &[u8], what: &str, from: &str, to: &str| {
        let (a, b) = (quoted(b"a/", name), quoted(b"b/", name));
        let rest = format!("\n{what} file mode 100644\nindex {from}..{to}\n");
        [b"diff --git ", &*a, b" ", &b, rest.as_bytes()].concat()
    };
    match (old.name, new.name) {
        (None, Some(name)) if new.bytes.is_empty() => git(name, "new", ABSENT, EMPTY),
        (Some(name), None) if old.bytes.is_empty() => git(name, "deleted", EMPTY, ABSENT),
        _ => {
            let (old, new) = (header_name(b"a/", old.name), header_name(b"b/", new.name));
            [b"--- ", &*old, b"\n+++ ", &new, b"\n"].concat()
        }
    }
}

/// The patch of one file: its header and its hunks. Empty if nothing changes.
pub fn patch(old: &Side, new: &Side) -> Vec<u8> {
    patch_with(old, new, CONTEXT)
}

/// The same without context: of the file it shows nothing but the lines that change. `patch -p1` takes it as it is,
/// `git apply` with `--unidiff-zero`.
pub fn bare_patch(old: &Side, new: &Side) -> Vec<u8> {
    patch_with(old, new, 0)
}

fn patch_with(old: &Side, new: &Side, context: usize) -> Vec<u8> {
    if old.is_same(new) {
        return Vec::new();
    }
    let mut out = file_header(old, new);
    for hunk in hunks_with(old.bytes, new.bytes, context) {
        out.extend_from_slice(hunk.title().as_bytes());
        out.push(b'\n');
        for line in &hunk.lines {
            out.push(line.tag.sign());
            out.extend_from_slice(line.bytes);
            out.push(b'\n');
            if !line.newline {
                out.extend_from_slice(NO_NEWLINE);
                out.push(b'\n');
            }
        }
    }
    out
}

/// The lines around the changes of both files, and how many equal lines stand above them.
struct Window<'a> {
    old: Vec<&'a [u8]>,
    new: Vec<&'a [u8]>,
    skipped: usize,
}

impl<'a> Window<'a> {
    /// The hunk of a group of neighbouring operations; `None` for an empty group.
    fn hunk(&self, group: &[DiffOp]) -> Option<Hunk<'a>> {
        let (first, last) = (group.first()?, group.last()?);
        let old = first.old_range().start..last.old_range().end;
        let new = first.new_range().start..last.new_range().end;
        let printed = |range: &Range<usize>| {
            // A side without lines names the line before it.
            self.skipped + range.start + usize::from(!range.is_empty())
        };
        Some(Hunk {
            old_start: printed(&old),
            old_len: old.len(),
            new_start: printed(&new),
            new_len: new.len(),
            lines: group.iter().flat_map(|op| self.lines(op)).collect(),
        })
    }

    /// The lines of one operation: what goes stands before what comes.
    fn lines(&self, op: &DiffOp) -> impl Iterator<Item = Line<'a>> {
        let (old, new) = (&self.old[op.old_range()], &self.new[op.new_range()]);
        let (old_tag, new) = match op.tag() {
            DiffTag::Equal => (Tag::Context, &new[..0]),
            _ => (Tag::Removed, new),
        };
        let tagged = |tag| {
            move |line: &&'a [u8]| Line {
                tag,
                bytes: line.strip_suffix(b"\n").unwrap_or(line),
                newline: line.ends_with(b"\n"),
            }
        };
        let new: Vec<_> = new.iter().map(tagged(Tag::Added)).collect();
        let old: Vec<_> = old.iter().map(tagged(old_tag)).collect();
        old.into_iter().chain(new)
    }
}

/// The operations on the middle, moved down by the context above and framed by both contexts.
fn in_context(middle: &[DiffOp], above: usize, below: usize) -> Vec<DiffOp> {
    let equal = |old_index, new_index, len| DiffOp::Equal { old_index, new_index, len };
    let mut ops = Vec::with_capacity(middle.len() + 2);
    if above > 0 {
        ops.push(equal(0, 0, above));
    }
    let (mut old_end, mut new_end) = (above, above);
    for op in middle {
        let (tag, old, new) = op.as_tag_tuple();
        let (old_index, new_index) = (old.start + above, new.start + above);
        (old_end, new_end) = (old.end + above, new.end + above);
        ops.push(match tag {
            DiffTag::Equal => equal(old_index, new_index, old.len()),
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                DiffOp::Replace { old_index, old_len: old.len(), new_index, new_len: new.len() }
            }
        });
    }
    if below > 0 {
        ops.push(equal(old_end, new_end, below));
    }
    ops
}

/// The lines of `bytes`, each with its `\n`.
fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    split(bytes).collect()
}

/// The number of whole lines.
fn count_lines(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| usize::from(*byte == b'\n')).sum()
}

/// The last `count` lines of bytes that end in `\n`.
fn last_lines(bytes: &[u8], count: usize) -> &[u8] {
    let ends = bytes.iter().enumerate().rev();
    let start = ends.filter(|(_, byte)| **byte == b'\n').nth(count);
    &bytes[start.map_or(0, |(at, _)| at + 1)..]
}

/// How many bytes are compared at once: large enough for the machine's own compare to be fast.
const STEP: usize = 4096;

/// The length of the whole lines that both begin with.
fn common_head(old: &[u8], new: &[u8]) -> usize {
    let steps = old.chunks_exact(STEP).zip(new.chunks_exact(STEP));
    let far = STEP * steps.take_while(|(old, new)| old == new).count();
    let near = old[far..].iter().zip(&new[far..]);
    let same = far + near.take_while(|(old, new)| old == new).count();
    let end = old[..same].iter().rposition(|byte| *byte == b'\n');
    end.map_or(0, |at| at + 1)
}

/// The length of the whole lines that both end with.
fn common_tail(old: &[u8], new: &[u8]) -> usize {
    let steps = old.rchunks_exact(STEP).zip(new.rchunks_exact(STEP));
    let far = STEP * steps.take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[..old.len() - far], &new[..new.len() - far]);
    let near = old_rest.iter().rev().zip(new_rest.iter().rev());
    let same = far + near.take_while(|(old, new)| old == new).count();

    let begins_line = |bytes: &[u8]| {
        let above = &bytes[..bytes.len() - same];
        above.is_empty() || above.ends_with(b"\n")
    };
    if begins_line(old) && begins_line(new) {
        return same;
    }
    let tail = &old[old.len() - same..];
    let end = tail.iter().position(|byte| *byte == b'\n');
    end.map_or(0, |at| same - at - 1)
}

/// A name as it stands in a `--- ` or `+++ ` line. GNU patch takes a name with blanks only if a TAB follows it.
fn header_name(prefix: &[u8], name: Option<&[u8]>) -> Vec<u8> {
    match name {
        None => b"/dev/null".to_vec(),
        Some(name) if !is_plain(name) => quoted(prefix, name),
        Some(name) if name.contains(&b' ') => [prefix, name, b"\t"].concat(),
        Some(name) => [prefix, name].concat(),
    }
}

/// Whether both tools read the name unquoted: printable ASCII (git's own rule), no quote and no backslash. GNU patch
/// loses a blank at the end.
fn is_plain(name: &[u8]) -> bool {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    name.iter().all(plain) && !name.ends_with(b" ")
}

/// The name with its prefix as a quoted C string, as git writes it.
fn quoted(prefix: &[u8], name: &[u8]) -> Vec<u8> {
    let mut out = b"\"".to_vec();
    out.extend_from_slice(prefix);
    for &byte in name {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b' '..=b'~' => out.push(byte),
            _ => out.extend_from_slice(format!("\\{byte:03o}").as_bytes()),
        }
    }
    out.push(b'"');
    out
}
