//! What a program is built for, from the first bytes of its file: ELF, Mach-O (thin and universal) and PE.
//!
//! Sources: the System V ABI (ELF header), Apple's `mach-o/loader.h` and `mach-o/fat.h`, Microsoft's PE/COFF
//! specification; names are Go's (`GOARCH`).
//!
//! Invariant: any bytes are taken, also torn and hostile ones, and none are read beyond what is given.

mod flaw;

use std::fmt;

pub use flaw::Flaw;

/// How many bytes from the start of a file are enough: every header of Go's own tools lies far before.
pub const ENOUGH: u64 = 4096;

/// A universal binary names few architectures; more than this is no program (a Java class begins like one).
const MOST_SLICES: u32 = 16;

/// The form of a program file, which tells the system that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Linux and most others.
    Elf,
    /// macOS.
    MachO,
    /// Windows.
    Pe,
    /// A text that begins with `#!`: a version manager's shim.
    Script,
}

/// What a program is built for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The form.
    pub form: Form,
    /// The architectures, each as Go calls it, in the order of the file; empty for a script.
    pub archs: Vec<&'static str>,
}

impl Program {
    /// Reads the beginning of a file; `None`: no program that we know, or torn.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let one = |form, arch| Some(Self { form, archs: vec![arch] });
        match bytes {
            [b'#', b'!', ..] => Some(Self { form: Form::Script, archs: Vec::new() }),
            [0x7f, b'E', b'L', b'F', ..] => one(Form::Elf, elf(bytes)?),
            [b'M', b'Z', ..] => one(Form::Pe, pe(bytes)?),
            [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => one(Form::MachO, cpu(number(bytes, 4, 4, Little)?)),
            [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] => one(Form::MachO, cpu(number(bytes, 4, 4, Big)?)),
            [0xca, 0xfe, 0xba, 0xbe, ..] => fat(bytes, 20),
            [0xca, 0xfe, 0xba, 0xbf, ..] => fat(bytes, 32),
            _ => None,
        }
    }

    /// Whether it runs on a machine of this architecture without an emulator; a script does.
    pub fn is_native_on(&self, machine: &str) -> bool {
        let runs = |arch: &&str| *arch == machine || matches!((*arch, machine), ("386", "amd64") | ("arm", "arm64"));
        self.archs.is_empty() || self.archs.iter().any(|arch| runs(arch) || *arch == UNKNOWN)
    }
}

/// An architecture that has no name here.
const UNKNOWN: &str = "unknown";

impl fmt::Display for Program {
    /// `arm64`; `amd64+arm64` for a universal binary.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.form == Form::Script { f.write_str("script") } else { f.write_str(&self.archs.join("+")) }
    }
}

/// The order of the bytes of a number.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}
use Order::{Big, Little};

/// An unsigned number of at most 8 bytes.
fn number(bytes: &[u8], at: usize, size: usize, order: Order) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(size)?)?;
    let add = |number: u32, byte: &u8| (number << 8) | u32::from(*byte);
    Some(match order {
        Little => field.iter().rev().fold(0, add),
        Big => field.iter().fold(0, add),
    })
}

/// `e_machine`, with the class where one number stands for two architectures.
fn elf(bytes: &[u8]) -> Option<&'static str> {
    let wide = match bytes.get(4)? {
        1 => false,
        2 => true,
        _ => return None,
    };
    let order = match bytes.get(5)? {
        1 => Little,
        2 => Big,
        _ => return None,
    };
    let little = matches!(order, Little);
    // Type, machine and version are always at the same place.
    Some(match (number(bytes, 18, 2, order)?, wide, little) {
        (3, ..) => "386",
        (8, false, false) => "mips",
        (8, false, true) => "mipsle",
        (8, true, false) => "mips64",
        (8, true, true) => "mips64le",
        (21, _, false) => "ppc64",
        (21, _, true) => "ppc64le",
        (22, true, _) => "s390x",
        (40, ..) => "arm",
        (62, ..) => "amd64",
        (183, ..) => "arm64",
        (243, true, _) => "riscv64",
        (258, true, _) => "loong64",
        _ => UNKNOWN,
    })
}

/// `Machine`, behind the offset that the DOS header holds.
fn pe(bytes: &[u8]) -> Option<&'static str> {
    let at = usize::try_from(number(bytes, 0x3c, 4, Little)?).ok()?;
    if bytes.get(at..at.checked_add(4)?)? != b"PE\0\0" {
        return None;
    }
    Some(match number(bytes, at.checked_add(4)?, 2, Little)? {
        0x014c => "386",
        0x01c0 | 0x01c4 => "arm",
        0x8664 => "amd64",
        0xaa64 => "arm64",
        _ => UNKNOWN,
    })
}

/// `cputype`.
const fn cpu(kind: u32) -> &'static str {
    match kind {
        7 => "386",
        12 => "arm",
        0x0100_0007 => "amd64",
        0x0100_000c => "arm64",
        18 => "ppc",
        0x0100_0012 => "ppc64",
        _ => UNKNOWN,
    }
}

/// The slices of a universal binary; always in big-endian order.
fn fat(bytes: &[u8], size: usize) -> Option<Program> {
    let count = number(bytes, 4, 4, Big).filter(|count| (1..=MOST_SLICES).contains(count))?;
    let count = usize::try_from(count).ok()?;
    let archs: Option<Vec<_>> = (0..count).map(|slice| Some(cpu(number(bytes, 8 + slice * size, 4, Big)?))).collect();
    let archs = archs?;
    // A class file of Java begins with the same bytes, and its version reads as a count.
    archs.iter().any(|arch| *arch != UNKNOWN).then_some(Program { form: Form::MachO, archs })
}

#[cfg(test)]
mod tests;
