//! The fence: the two marker lines around our block, found and changed in bytes.
//!
//! ```text
//! # >>> goenv-setup >>> v1 sum=HEX8[ noeol][ new=N]
//! (body)
//! # <<< goenv-setup <<<
//! ```
//!
//! Everything that undo needs stands in the begin line, not in a state folder, because dotfiles travel:
//! `sum` tells whether somebody edited the body, `noeol` that the user's last line had no end and got one from us,
//! `new=N` that we created the file (and N − 1 folders above it).
//!
//! Invariants, each held by a property test:
//! - `strip(put(x)) == x` for every `x` without our markers, also after updates.
//! - Nothing outside the fence changes, but for the line end and the one blank line before the block that are ours.
//! - Markers are whole lines. Anything but well-ordered pairs is [`FenceState::Damaged`] and left alone: a tool that
//!   guesses the missing end deletes the user's lines (openwiki#537, rancher-desktop#6281).

use std::ops::Range;

const BEGIN: &[u8] = b" >>> goenv-setup >>>";
const END: &[u8] = b" <<< goenv-setup <<<";

/// What undo needs, as the begin line keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undo {
    /// The file's last line had no line end; we added it.
    pub noeol: bool,
    /// Path parts that we created: 0 none, 1 the file, 3 the file and two folders.
    pub new: u8,
}

/// One block of ours in a file. All ranges are byte offsets into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// From the start of the begin line to the end of the end line, its line end included.
    pub outer: Range<usize>,
    /// The lines between the markers.
    pub body: Range<usize>,
    /// Line number of the begin line, from 1.
    pub line: usize,
    /// What undo needs.
    pub undo: Undo,
    /// Whether the body is not what we wrote.
    pub edited: bool,
}

/// What a file holds of us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FenceState {
    /// No marker line.
    Absent,
    /// Well-formed blocks in order; more than one after a git merge, and all of them ours.
    Blocks(Vec<Block>),
    /// Written by a newer version of this program (unknown version or flag): left alone.
    Newer {
        /// Line number of the begin line, from 1.
        line: usize,
    },
    /// Marker lines that make no pair, or a begin line that cannot be read: left alone.
    Damaged {
        /// Line numbers of the lines in question, from 1.
        lines: Vec<usize>,
    },
}

impl FenceState {
    /// The blocks; empty unless the fence is well-formed.
    pub fn blocks(&self) -> &[Block] {
        match self {
            Self::Blocks(blocks) => blocks,
            _ => &[],
        }
    }
}

/// Finds our blocks in `bytes`; `comment` is the shell's comment leader (`#`).
pub fn find(bytes: &[u8], comment: &[u8]) -> FenceState {
    let mut blocks = Vec::new();
    let mut damaged = Vec::new();
    let mut newer = None;
    let mut open: Option<(Range<usize>, usize, Begin)> = None;
    for (index, line) in lines(bytes).enumerate() {
        let number = index + 1;
        match marker(&bytes[line.clone()], comment) {
            None => {}
            Some(Marker::Begin(begin)) => {
                match begin {
                    Begin::Newer => newer = newer.or(Some(number)),
                    Begin::Unreadable => damaged.push(number),
                    Begin::Known { .. } => {}
                }
                if let Some((_, line, _)) = open.replace((line, number, begin)) {
                    damaged.push(line);
                }
            }
            Some(Marker::End) => match open.take() {
                None => damaged.push(number),
                Some((begin, number, Begin::Known { sum, undo })) => {
                    let body = begin.end..line.start;
                    let edited = checksum(&bytes[body.clone()]) != sum;
                    blocks.push(Block { outer: begin.start..line.end, body, line: number, undo, edited });
                }
                Some(_) => {}
            },
        }
    }
    if let Some((_, line, _)) = open {
        damaged.push(line);
    }
    if let Some(line) = newer {
        FenceState::Newer { line }
    } else if !damaged.is_empty() {
        damaged.sort_unstable();
        damaged.dedup();
        FenceState::Damaged { lines: damaged }
    } else if blocks.is_empty() {
        FenceState::Absent
    } else {
        FenceState::Blocks(blocks)
    }
}

/// Puts a new block into `bytes` before offset `at`, which is the start of a line or the end.
///
/// `body` is whole lines. A non-empty file gets one blank line before the block, which is ours: a last line that ends
/// in a backslash would swallow the begin line otherwise. `new` as in [`Undo::new`]: where it is not 0 there is no such
/// line, because whatever stands above in a file that we created came later.
pub fn put(bytes: &[u8], at: usize, comment: &[u8], body: &[u8], new: u8) -> Vec<u8> {
    let (above, below) = bytes.split_at(at);
    let noeol = !above.is_empty() && !above.ends_with(b"\n");
    let mut out = Vec::with_capacity(bytes.len() + body.len() + 128);
    out.extend_from_slice(above);
    if noeol {
        out.push(b'\n');
    }
    if !above.is_empty() && new == 0 {
        out.push(b'\n');
    }
    out.extend(fenced(comment, body, Undo { noeol, new }));
    out.extend_from_slice(below);
    out
}

/// Replaces the body of the first block, keeping what undo needs, and takes any further block out.
pub fn update(bytes: &[u8], blocks: &[Block], comment: &[u8], body: &[u8]) -> Vec<u8> {
    let Some((first, rest)) = blocks.split_first() else { return bytes.to_vec() };
    let mut out = strip_below(bytes, first.outer.end, rest);
    if first.edited || out[first.body.clone()] != *body {
        out.splice(first.outer.clone(), fenced(comment, body, first.undo));
    }
    out
}

/// Takes `blocks` out and puts one with `body` at the place that `at` finds in what is left, keeping what undo needs.
pub fn move_to(bytes: &[u8], blocks: &[Block], comment: &[u8], body: &[u8], at: impl Fn(&[u8]) -> usize) -> Vec<u8> {
    let without = strip(bytes, blocks);
    let at = at(&without);
    // What undo cannot take back is not put there: a file that we created and that has lines of the user's now.
    let goes_on = without[..at].trim_ascii_end().ends_with(b"\\");
    let new = if goes_on { 0 } else { blocks.iter().map(|block| block.undo.new).max().unwrap_or(0) };
    put(&without, at, comment, body, new)
}

/// Takes `blocks` (as [`find`] gave them for `bytes`) out, and with each what we added around it.
pub fn strip(bytes: &[u8], blocks: &[Block]) -> Vec<u8> {
    strip_below(bytes, 0, blocks)
}

/// The same, for blocks that all stand below offset `top`, above which nothing changes.
fn strip_below(bytes: &[u8], top: usize, blocks: &[Block]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (n, block) in blocks.iter().enumerate().rev() {
        // What we added stands behind the block above, never in it.
        let above = if n == 0 { top } else { blocks[n - 1].outer.end };
        let blank = if block.undo.new > 0 { 0 } else { blank_line_before(&out[above..block.outer.start]) };
        let start = block.outer.start - blank;
        // The block behind this one may have taken the line end between them with it.
        let end = block.outer.end.min(out.len());
        out.drain(start..end);
        // Text that the user has since added below must not be glued to the line whose end is ours.
        if block.undo.noeol && start == out.len() && out[above..].ends_with(b"\n") {
            // A conversion to CRLF gave our line end a CR, as it did to our blank line.
            let ours = if blank == 2 && out.ends_with(b"\r\n") { 2 } else { 1 };
            out.truncate(out.len() - ours);
        }
    }
    out
}

/// Whether all that `new` does to `now` is to take our blocks out. The body of a block may say anything, so a file that
/// is nobody's startup file never gets one because some receipt says so.
pub fn takes_only_our_block_out(new: &[u8], now: &[u8], comment: &[u8]) -> bool {
    let found = find(now, comment);
    let ours = found.blocks();
    !ours.is_empty() && strip(now, ours) == new
}

/// Length of the blank line at the end of `above`: 0 if there is none, 1 for LF, 2 for CR LF.
fn blank_line_before(above: &[u8]) -> usize {
    let blank = if above.ends_with(b"\r\n") { 2 } else { usize::from(above.ends_with(b"\n")) };
    let rest = &above[..above.len() - blank];
    if rest.is_empty() || rest.ends_with(b"\n") { blank } else { 0 }
}

/// The block with its fence, in whole lines.
fn fenced(comment: &[u8], body: &[u8], undo: Undo) -> Vec<u8> {
    let mut flags = format!(" v1 sum={:08x}", checksum(body));
    if undo.noeol {
        flags.push_str(" noeol");
    }
    if undo.new > 0 {
        flags.push_str(&format!(" new={}", undo.new));
    }
    [comment, BEGIN, flags.as_bytes(), b"\n", body, comment, END, b"\n"].concat()
}

/// CRC-32 of the lines with their line ends trimmed, so that a conversion to CRLF is not an edit.
fn checksum(body: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    for line in lines(body) {
        crc.update(trim_line_end(&body[line]));
        crc.update(b"\n");
    }
    crc.finalize()
}

/// The line without its line end (LF, or any CRs before it).
fn trim_line_end(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r'));
    &line[..end.map_or(0, |last| last + 1)]
}

/// The lines of `bytes` as ranges, each with its LF; a lone CR ends no line.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    bytes.split_inclusive(|byte| *byte == b'\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some(start..*at)
    })
}

enum Marker {
    Begin(Begin),
    End,
}

enum Begin {
    Known { sum: u32, undo: Undo },
    Newer,
    Unreadable,
}

/// Reads a marker line: leading blanks (somebody indented it) and trailing blanks and CRs are tolerated.
fn marker(line: &[u8], comment: &[u8]) -> Option<Marker> {
    let line = line.trim_ascii().strip_prefix(comment)?;
    if line == END {
        return Some(Marker::End);
    }
    let flags = line.strip_prefix(BEGIN)?;
    if flags.first().is_some_and(|byte| !byte.is_ascii_whitespace()) {
        return None;
    }
    Some(Marker::Begin(begin(flags)))
}

fn begin(flags: &[u8]) -> Begin {
    let mut words = flags.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    match words.next() {
        Some(b"v1") => {}
        Some([b'v', digits @ ..]) if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            return Begin::Newer;
        }
        _ => return Begin::Unreadable,
    }
    let rest: Vec<&[u8]> = words.collect();
    let mut words = rest.iter().copied();
    let Some(sum) = words.next().and_then(|word| word.strip_prefix(b"sum=")).and_then(hex8) else {
        // A flag that we do not know may stand anywhere.
        let known = rest.iter().any(|word| word.strip_prefix(b"sum=").and_then(hex8).is_some());
        return if known { Begin::Newer } else { Begin::Unreadable };
    };
    let mut undo = Undo::default();
    for word in words {
        match word {
            b"noeol" => undo.noeol = true,
            [b'n', b'e', b'w', b'=', digits @ ..] => {
                let Some(new) = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()) else {
                    return Begin::Unreadable;
                };
                undo.new = new;
            }
            _ => return Begin::Newer,
        }
    }
    Begin::Known { sum, undo }
}

fn hex8(word: &[u8]) -> Option<u32> {
    let hex = std::str::from_utf8(word).ok()?;
    let plain = hex.len() == 8 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if plain { u32::from_str_radix(hex, 16).ok() } else { None }
}

#[cfg(test)]
mod tests;
