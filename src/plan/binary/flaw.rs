//! Why a file that is called a program is none that could run anywhere: empty, cut short, or something else.
//!
//! Sources: the System V ABI (ELF program header), Apple's `mach-o/loader.h` (`LC_SEGMENT`, `LC_SEGMENT_64`) and
//! `mach-o/fat.h`.
//!
//! Invariant: a file is called torn only if its own headers name bytes that it does not have.

use super::{Big, Little, Order, Program};

/// How many headers of a program are looked at; Go's own programs have about ten.
const MOST_HEADERS: u64 = 64;

/// What is wrong with a program's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It holds nothing.
    Empty,
    /// It ends before what its headers announce: a copy or an unpacking that broke off.
    Torn,
    /// It is no program of any system, and no text that a shell would read.
    NoProgram,
}

impl Flaw {
    /// What is wrong with a file that begins with `bytes` and is `size` bytes long; `None`: nothing that can be seen.
    pub fn of(bytes: &[u8], size: u64) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::Empty);
        }
        let end = match bytes {
            [0x7f, b'E', b'L', b'F', ..] => elf(bytes),
            [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => macho(bytes, Little),
            [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] => macho(bytes, Big),
            [0xca, 0xfe, 0xba, 0xbe | 0xbf, ..] if Program::parse(bytes).is_some() => fat(bytes),
            _ if Program::parse(bytes).is_some() => Some(0),
            // What has no NUL is text, and a shell runs it as a script although it does not begin with `#!`.
            _ => return bytes.contains(&0).then_some(Self::NoProgram),
        };
        end.is_none_or(|end| end > size).then_some(Self::Torn)
    }

    /// The end of a sentence about the file.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Empty => "is an empty file: it does not run",
            Self::Torn => "is cut short: it does not run",
            Self::NoProgram => "is no program: it does not run",
        }
    }
}

/// An unsigned number of at most 8 bytes.
fn wide(bytes: &[u8], at: u64, size: usize, order: Order) -> Option<u64> {
    let at = usize::try_from(at).ok()?;
    let field = bytes.get(at..at.checked_add(size)?)?;
    let add = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
    Some(match order {
        Little => field.iter().rev().fold(0, add),
        Big => field.iter().fold(0, add),
    })
}

/// Where the last segment of an ELF file ends. `None`: the headers themselves are cut.
fn elf(bytes: &[u8]) -> Option<u64> {
    Program::parse(bytes)?;
    let order = if bytes.get(5) == Some(&1) { Little } else { Big };
    let is_64 = bytes.get(4) == Some(&2);
    // e_phoff, e_phentsize, e_phnum; p_offset, p_filesz; the width of an offset.
    let [table, entry, count, offset, length, width] =
        if is_64 { [32, 54, 56, 8, 32, 8] } else { [28, 42, 44, 4, 16, 4] };
    let width = usize::try_from(width).ok()?;
    let table = wide(bytes, table, width, order)?;
    let entry = wide(bytes, entry, 2, order)?;
    let count = wide(bytes, count, 2, order)?;
    let mut end = table.saturating_add(entry.saturating_mul(count));
    for header in 0..count.min(MOST_HEADERS) {
        let at = table.saturating_add(entry * header);
        let field = |below: u64| wide(bytes, at.saturating_add(below), width, order);
        // A header beyond what was read is not looked at: `end` tells whether the file has it.
        let (Some(offset), Some(length)) = (field(offset), field(length)) else { break };
        end = end.max(offset.saturating_add(length));
    }
    Some(end)
}

/// Where the last segment of a thin Mach-O file ends.
fn macho(bytes: &[u8], order: Order) -> Option<u64> {
    Program::parse(bytes)?;
    let is_64 = bytes.first() == Some(&0xcf) || bytes.get(3) == Some(&0xcf);
    let count = wide(bytes, 16, 4, order)?;
    let mut at: u64 = if is_64 { 32 } else { 28 };
    let mut end = at.saturating_add(wide(bytes, 20, 4, order)?);
    for _ in 0..count.min(MOST_HEADERS) {
        let (Some(command), Some(size)) = (wide(bytes, at, 4, order), wide(bytes, at.saturating_add(4), 4, order))
        else {
            break;
        };
        let segment = match command {
            0x19 => Some((40, 48, 8)),
            0x01 => Some((32, 36, 4)),
            _ => None,
        };
        if let Some((offset, length, width)) = segment {
            let field = |below: u64| wide(bytes, at.saturating_add(below), width, order);
            let (Some(offset), Some(length)) = (field(offset), field(length)) else { break };
            end = end.max(offset.saturating_add(length));
        }
        at = at.saturating_add(size.max(8));
    }
    Some(end)
}

/// Where the last slice of a universal binary ends; always in big-endian order.
fn fat(bytes: &[u8]) -> Option<u64> {
    let is_64 = bytes.get(3) == Some(&0xbf);
    let (entry, length, width) = if is_64 { (32, 16, 8) } else { (20, 12, 4) };
    let count = wide(bytes, 4, 4, Big)?;
    let mut end = 0_u64;
    for slice in 0..count.min(MOST_HEADERS) {
        let at = 8 + slice * entry;
        let offset = wide(bytes, at + 8, width, Big)?;
        end = end.max(offset.saturating_add(wide(bytes, at + length, width, Big)?));
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The beginning of an ELF file of two segments, the last of which ends at `end`.
    fn elf_file(class: u8, order: u8, end: u32) -> Vec<u8> {
        let put = |bytes: &mut Vec<u8>, at: usize, size: usize, value: u32| {
            let mut field = u64::from(value).to_le_bytes()[..size].to_vec();
            if order == 2 {
                field.reverse();
            }
            bytes[at..at + size].copy_from_slice(&field);
        };
        let (head, entry, width) = if class == 2 { (64, 56, 8) } else { (52, 32, 4) };
        let mut bytes = vec![0; head + 2 * entry];
        bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', class, order]);
        put(&mut bytes, 18, 2, 62);
        let fields = if class == 2 { [32, 54, 56, 8, 32] } else { [28, 42, 44, 4, 16] };
        put(&mut bytes, fields[0], width, u32::try_from(head).unwrap());
        put(&mut bytes, fields[1], 2, u32::try_from(entry).unwrap());
        put(&mut bytes, fields[2], 2, 2);
        put(&mut bytes, head + entry + fields[3], width, end - 0x100);
        put(&mut bytes, head + entry + fields[4], width, 0x100);
        bytes
    }

    #[test]
    fn an_elf_file_ends_where_its_last_segment_does() {
        for (class, order) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            let bytes = elf_file(class, order, 5000);
            assert_eq!(Flaw::of(&bytes, 5000), None, "{class} {order}");
            assert_eq!(Flaw::of(&bytes, 4999), Some(Flaw::Torn), "{class} {order}");
            for cut in 1..bytes.len() {
                let size = u64::try_from(cut).unwrap();
                // Four bytes are the least by which it is known.
                let flaw = if cut < 4 { None } else { Some(Flaw::Torn) };
                assert_eq!(Flaw::of(&bytes[..cut], size), flaw, "{class} {order} {cut}");
            }
        }
    }

    #[test]
    fn a_macho_file_ends_where_its_last_segment_does() {
        let mut thin = Vec::new();
        for field in [0xfeed_facf_u32, 0x0100_000c, 0, 2, 2, 16 + 72, 0, 0] {
            thin.extend(field.to_le_bytes());
        }
        thin.extend([0x32_u32, 16, 0, 0].iter().flat_map(|field| field.to_le_bytes()));
        let mut segment = vec![0; 72];
        segment[0] = 0x19;
        segment[4] = 72;
        segment[40..42].copy_from_slice(&4096_u16.to_le_bytes());
        segment[48..50].copy_from_slice(&904_u16.to_le_bytes());
        thin.extend(segment);
        assert_eq!(Flaw::of(&thin, 5000), None);
        assert_eq!(Flaw::of(&thin, 4999), Some(Flaw::Torn));
        assert_eq!(Flaw::of(&thin[..30], 30), Some(Flaw::Torn));

        let mut fat = Vec::new();
        for field in [0xcafe_babe_u32, 2, 0x0100_0007, 3, 4096, 100, 12, 0x0100_000c, 0, 8192, 100, 12] {
            fat.extend(field.to_be_bytes());
        }
        assert_eq!(Flaw::of(&fat, 8292), None);
        assert_eq!(Flaw::of(&fat, 8291), Some(Flaw::Torn));
    }

    #[test]
    fn what_is_no_program_and_what_a_shell_reads() {
        assert_eq!(Flaw::of(b"", 0), Some(Flaw::Empty));
        assert_eq!(Flaw::of(&[0; 4096], 1 << 24), Some(Flaw::NoProgram));
        for text in [&b"#!/bin/sh\n"[..], b"exec /usr/local/go/bin/go \"$@\"\n", b"\n"] {
            assert_eq!(Flaw::of(text, 4096), None);
        }
        let own = std::env::current_exe().unwrap();
        let bytes = fs_err::read(own).unwrap();
        let size = u64::try_from(bytes.len()).unwrap();
        assert_eq!(Flaw::of(&bytes[..4096], size), None);
        assert_eq!(Flaw::of(&bytes[..4096], 4096), Some(Flaw::Torn));
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken(
            start in prop::sample::select(vec![
                vec![0x7f, b'E', b'L', b'F', 2, 1], vec![0x7f, b'E', b'L', b'F', 1, 2], vec![0xcf, 0xfa, 0xed, 0xfe],
                vec![0xfe, 0xed, 0xfa, 0xce], vec![0xca, 0xfe, 0xba, 0xbe], vec![],
            ]),
            rest in prop::collection::vec(prop::sample::select(vec![0_u8, 1, 2, 7, 12, 0x19, 62, 0xff]), 0..300),
            size: u64,
        ) {
            let _ = Flaw::of(&[start, rest].concat(), size);
        }
    }
}
