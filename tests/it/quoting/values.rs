//! Byte strings that may be part of a path: every byte but NUL, newline, and the colon that parts a list.

use std::collections::HashSet;

/// What shells, printf, terminals and people stumble over.
pub(crate) fn nasty() -> Vec<Vec<u8>> {
    let texts: &[&[u8]] = &[
        b"plain",
        b"it's",
        b"'",
        b"''",
        b"'''",
        b"a'b'c",
        b"'\\''",
        b"\"",
        b"say \"hi\"",
        b"\"'\"'",
        b"$HOME",
        b"${HOME}",
        b"\"$HOME\"",
        b"'$HOME'",
        b"$",
        b"$$",
        b"$?",
        b"$(touch canary)",
        b"`touch canary`",
        b"'$(touch canary)'",
        b"\"`touch canary`\"",
        b"';touch canary;'",
        b"\";touch canary;\"",
        b"'\\'';touch canary;#",
        b"|touch canary",
        b"&touch canary&",
        b"<(touch canary)",
        b"=(touch canary)",
        b"${x;-$(touch canary)}",
        b"$'\\x41'",
        b"$((1+1))",
        b"!",
        b"!!",
        b"!touch",
        b"\\",
        b"\\\\",
        b"ends in a backslash\\",
        b"\\n\\t\\0",
        b"*",
        b"?",
        b"[a-z]",
        b"[!a]*",
        b"{a,b}",
        b"{1..3}",
        b"~",
        b"~root",
        b"#",
        b"# not a comment",
        b"a #b",
        b"-",
        b"-n",
        b"--help",
        b" leading",
        b"trailing ",
        b" ",
        b"\t",
        b"a\tb",
        b"\r",
        b"ends in CR\r",
        b"\x1b[31mred\x1b[0m",
        b"\x1b]0;title\x07",
        b"\x01\x7f",
        b"\x7f",
        b"\xff\xfe",
        b"caf\xe9",
        b"\xc3",
        b"\xc3\x28",
        b"\xe2\x82",
        b"\xf0\x9f\x98",
        b"\x83\x84\xa2",
        b"\xa0",
        b"\x85",
        "grüße 世界 🦀".as_bytes(),
        "e\u{301}\u{200b}\u{202e}\u{feff}".as_bytes(),
        "\u{2028}\u{85}".as_bytes(),
        b"%",
        b"%s%d%n",
        b"%%",
        b"=x",
        b"x=y",
        b"=ls",
        b"^a^b",
        b"&;|<>()",
        b"a;b",
        b"a&b",
        b"(x)",
        b">out",
        b"EOF",
        b"fi",
        b"# >>> goenv-setup >>> v1 sum=00000000",
        b"# <<< goenv-setup <<<",
        b"{{go}}",
        b"@",
        b",",
        b"..x",
        b"...",
        b"a//b/",
    ];
    texts.iter().map(|text| text.to_vec()).collect()
}

/// Random byte strings, the same in each run.
pub(crate) fn random(count: usize) -> Vec<Vec<u8>> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = move || {
        // xorshift64*
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    };
    let hot = b"'\"\\$`!*?[]{}~# \t\r-\x01\x7f\xff\x83";
    (0..count)
        .map(|_| {
            let length = 1 + next() % 40;
            (0..length)
                .map(|_| {
                    // Half of them are bytes that mean something to a shell.
                    let index = usize::try_from(next()).unwrap_or_default();
                    if next() % 2 == 0 { hot[index % hot.len()] } else { u8::try_from(index % 256).unwrap_or_default() }
                })
                .filter(|byte| !b"\0\n:".contains(byte))
                .collect()
        })
        .filter(|value: &Vec<u8>| !value.is_empty())
        .collect()
}

/// All values, each once: every byte alone, the nasty ones, a long one, and random ones.
pub(crate) fn all() -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = (1..=255).filter(|byte| !b"\n:".contains(byte)).map(|byte| vec![byte]).collect();
    values.extend(nasty());
    values.push(b"long 'and' $nasty ".iter().copied().cycle().take(4096).collect());
    values.extend(random(160));
    let mut seen = HashSet::new();
    values.retain(|value| seen.insert(value.clone()));
    values
}
