use proptest::prelude::*;

use super::*;

fn elf_file(class: u8, order: u8, machine: u16) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', class, order]);
    bytes[18..20].copy_from_slice(&if order == 1 { machine.to_le_bytes() } else { machine.to_be_bytes() });
    bytes
}

fn mach(magic: u32, cpu: u32) -> Vec<u8> {
    let mut bytes = magic.to_le_bytes().to_vec();
    bytes.extend(cpu.to_le_bytes());
    bytes.extend([0; 24]);
    bytes
}

fn fat_file(magic: u32, size: usize, cpus: &[u32]) -> Vec<u8> {
    let mut bytes = [magic.to_be_bytes(), u32::try_from(cpus.len()).unwrap().to_be_bytes()].concat();
    for cpu in cpus {
        let mut slice = vec![0; size];
        slice[..4].copy_from_slice(&cpu.to_be_bytes());
        bytes.extend(slice);
    }
    bytes
}

fn pe_file(machine: u16, at: u32) -> Vec<u8> {
    let mut bytes = vec![0; 0x40];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[0x3c..].copy_from_slice(&at.to_le_bytes());
    bytes.resize(at as usize, 0);
    bytes.extend(b"PE\0\0");
    bytes.extend(machine.to_le_bytes());
    bytes
}

fn shown(bytes: &[u8]) -> Option<String> {
    Program::parse(bytes).map(|program| program.to_string())
}

const AMD64: u32 = 0x0100_0007;
const ARM64: u32 = 0x0100_000c;

#[test]
fn every_form() {
    for (bytes, expected) in [
        (elf_file(2, 1, 62), "amd64"),
        (elf_file(2, 1, 183), "arm64"),
        (elf_file(1, 1, 3), "386"),
        (elf_file(1, 1, 40), "arm"),
        (elf_file(2, 1, 243), "riscv64"),
        (elf_file(2, 1, 21), "ppc64le"),
        (elf_file(2, 2, 21), "ppc64"),
        (elf_file(2, 2, 22), "s390x"),
        (elf_file(2, 1, 258), "loong64"),
        (elf_file(1, 2, 8), "mips"),
        (elf_file(1, 1, 8), "mipsle"),
        (elf_file(2, 1, 8), "mips64le"),
        (elf_file(2, 1, 4711), "unknown"),
        (mach(0xfeed_facf, AMD64), "amd64"),
        (mach(0xfeed_facf, ARM64), "arm64"),
        (mach(0xfeed_face, 7), "386"),
        ([0xfe_u8, 0xed, 0xfa, 0xce, 0, 0, 0, 18].to_vec(), "ppc"),
        (fat_file(0xcafe_babe, 20, &[AMD64, ARM64]), "amd64+arm64"),
        (fat_file(0xcafe_babf, 32, &[AMD64, ARM64]), "amd64+arm64"),
        (fat_file(0xcafe_babe, 20, &[AMD64, 99]), "amd64+unknown"),
        (pe_file(0x8664, 0x80), "amd64"),
        (pe_file(0xaa64, 0x40), "arm64"),
        (pe_file(0x014c, 0x100), "386"),
        (b"#!/bin/sh\n".to_vec(), "script"),
    ] {
        assert_eq!(shown(&bytes).as_deref(), Some(expected), "{bytes:02x?}");
    }
}

#[test]
fn what_is_no_program() {
    let java = [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52, 0, 16, 10, 0].as_slice();
    // Java 1.0's version, 45.3, followed by a constant pool.
    let old_java = [&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 3], &[7_u8; 60][..]].concat();
    for bytes in [
        &b""[..],
        b"#",
        b"text",
        java,
        &old_java,
        &[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0],
        &elf_file(3, 1, 62),
        &elf_file(2, 3, 62),
        &fat_file(0xcafe_babe, 20, &[99]),
        &pe_file(0x8664, 0x80)[..0x80],
    ] {
        assert_eq!(shown(bytes), None, "{bytes:02x?}");
    }
}

/// The count and the offset are the file's own words, and may be anything.
#[test]
fn hostile_numbers() {
    let mut fat = fat_file(0xcafe_babe, 20, &[AMD64]);
    fat[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(shown(&fat), None);
    fat[4..8].copy_from_slice(&2_u32.to_be_bytes());
    assert_eq!(shown(&fat), None, "the second slice is not there");
    let mut pe = pe_file(0x8664, 0x80);
    for at in [u32::MAX, u32::MAX - 4, 0x7fff_ffff, 0x83] {
        pe[0x3c..0x40].copy_from_slice(&at.to_le_bytes());
        assert_eq!(shown(&pe), None, "{at:x}");
    }
}

#[test]
fn where_it_runs() {
    let on = |bytes: &[u8], machine: &str| Program::parse(bytes).unwrap().is_native_on(machine);
    assert!(on(&elf_file(2, 1, 62), "amd64"));
    assert!(!on(&elf_file(2, 1, 62), "arm64"));
    assert!(on(&elf_file(1, 1, 3), "amd64"));
    assert!(!on(&mach(0xfeed_facf, AMD64), "arm64"), "that is Rosetta");
    assert!(on(&fat_file(0xcafe_babe, 20, &[AMD64, ARM64]), "arm64"));
    assert!(on(b"#!/bin/sh\n", "arm64"));
    assert!(on(&elf_file(2, 1, 4711), "arm64"), "what we cannot tell is not complained of");
}

proptest! {
    #[test]
    fn any_bytes_are_taken(
        magic in prop::sample::select(vec![&b"\x7fELF"[..], b"MZ", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b""]),
        rest in prop::collection::vec(any::<u8>(), 0..96),
    ) {
        let _ = Program::parse(&[magic, &rest].concat());
    }

    #[test]
    fn every_torn_file_is_none_or_the_same(kind in 0_usize..5, cut in 0_usize..256) {
        let whole = [elf_file(2, 1, 62), mach(0xfeed_facf, ARM64), fat_file(0xcafe_babe, 20, &[AMD64, ARM64]), fat_file(0xcafe_babf, 32, &[AMD64, ARM64]), pe_file(0x8664, 0x80)];
        let whole = &whole[kind];
        let torn = Program::parse(&whole[..cut.min(whole.len())]);
        prop_assert!(torn.is_none() || torn == Program::parse(whole));
    }
}
