//! The program that the system loads to start another one: ELF's interpreter (`PT_INTERP`), `/lib64/ld-linux-x86-64.so.2`.

use super::Program;
use super::flaw::wide;
use super::{Big, Little};

/// The program header that names it.
const INTERPRETER: u64 = 3;

/// A linker writes few headers; more are no program's.
const MOST_HEADERS: u64 = 64;

/// Which one a file asks for, from its first bytes. `None`: none, or it stands behind what is given.
pub fn loader(bytes: &[u8]) -> Option<&[u8]> {
    if !bytes.starts_with(b"\x7fELF") {
        return None;
    }
    Program::parse(bytes)?;
    let order = if bytes.get(5) == Some(&1) { Little } else { Big };
    let is_64 = bytes.get(4) == Some(&2);
    // e_phoff, e_phentsize, e_phnum; p_offset, p_filesz; the width of an offset.
    let [table, entry, count, offset, length, width] =
        if is_64 { [32, 54, 56, 8, 32, 8] } else { [28, 42, 44, 4, 16, 4] };
    let width = usize::try_from(width).ok()?;
    let table = wide(bytes, table, width, order)?;
    let entry = wide(bytes, entry, 2, order)?;
    for header in 0..wide(bytes, count, 2, order)?.min(MOST_HEADERS) {
        let at = table.checked_add(entry * header)?;
        if wide(bytes, at, 4, order)? != INTERPRETER {
            continue;
        }
        let from = usize::try_from(wide(bytes, at.checked_add(offset)?, width, order)?).ok()?;
        let size = usize::try_from(wide(bytes, at.checked_add(length)?, width, order)?).ok()?;
        let text = bytes.get(from..from.checked_add(size)?)?;
        return text.split(|byte| *byte == 0).next().filter(|path| path.starts_with(b"/"));
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The beginning of an ELF file that asks for this loader.
    fn asking(path: &str) -> Vec<u8> {
        let mut bytes = vec![0; 64 + 2 * 56];
        bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, 1]);
        bytes[18] = 62;
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = 2;
        bytes[64] = 1;
        let second = 64 + 56;
        bytes[second] = 3;
        bytes[second + 8] = 176;
        bytes[second + 32] = u8::try_from(path.len() + 1).unwrap();
        bytes.extend(path.as_bytes());
        bytes.push(0);
        bytes
    }

    #[test]
    fn the_loader_that_a_file_asks_for() {
        let whole = asking("/lib/ld-musl-x86_64.so.1");
        assert_eq!(loader(&whole), Some(&b"/lib/ld-musl-x86_64.so.1"[..]));
        assert_eq!(loader(&whole[..whole.len() - 1]), None, "it is cut");
        assert_eq!(loader(b"#!/bin/sh\n"), None);
        assert_eq!(loader(&asking("relative")), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken(rest in prop::collection::vec(prop::sample::select(vec![0_u8, 1, 2, 3, 8, 56, 62, 0xff]), 0..300)) {
            let _ = loader(&[&b"\x7fELF\x02\x01"[..], &rest].concat());
        }
    }
}
