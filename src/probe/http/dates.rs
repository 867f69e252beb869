//! Until when a certificate counts. The library asks that of a server's only, and Go of an authority's too.

/// Whether it is over. `now`: the seconds since 1970. What cannot be read is not.
pub(super) fn is_over(der: &[u8], now: u64) -> bool {
    not_after(der).is_some_and(|end| end < now)
}

/// The end of its validity, in seconds since 1970 (RFC 5280, 4.1).
fn not_after(der: &[u8]) -> Option<u64> {
    let (_, certificate, _) = element(der)?;
    let (_, body, _) = element(certificate)?;
    // A version, which may be left out, a number, an algorithm and an issuer stand in front.
    let skipped = if body.first() == Some(&0xa0) { 4 } else { 3 };
    let rest = (0..skipped).try_fold(body, |rest, _| Some(element(rest)?.2))?;
    let (_, validity, _) = element(rest)?;
    let (_, _, rest) = element(validity)?;
    let (tag, text, _) = element(rest)?;
    let text = std::str::from_utf8(text).ok()?;
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
    let (year, rest) = match tag {
        // Two digits: the years from 1950 on.
        0x17 => (number(0, 2).map(|year| if year < 50 { 2000 + year } else { 1900 + year })?, 2),
        0x18 => (number(0, 4)?, 4),
        _ => return None,
    };
    let [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map(|at| number(rest + at, rest + at + 2));
    Some(((days(year, month?, day?)? * 24 + hour?) * 60 + minute?) * 60 + second?)
}

/// The days from 1970 to a date. Source: Hinnant, `days_from_civil`.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = year.checked_sub(u64::from(month <= 2))?;
    let of_era = year % 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.checked_sub(1)?;
    (year / 400 * 146_097 + of_era * 365 + of_era / 4 + of_year).checked_sub(719_468 + of_era / 100)
}

/// The first element of DER: its tag, what it holds, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(first & 0x7f) {
        short if *first < 0x80 => (short, rest),
        count => {
            let (bytes, rest) = rest.split_at_checked(count).filter(|_| count <= 4)?;
            (bytes.iter().fold(0, |length, byte| (length << 8) | usize::from(*byte)), rest)
        }
    };
    let (inner, rest) = rest.split_at_checked(length)?;
    Some((*tag, inner, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As much of a certificate as is read, with this end of its validity.
    fn certificate(tag: u8, end: &str) -> Vec<u8> {
        let wrap = |tag: u8, inner: &[u8]| [&[tag, u8::try_from(inner.len()).unwrap()], inner].concat();
        let validity = wrap(0x30, &[wrap(0x17, b"200101000000Z"), wrap(tag, end.as_bytes())].concat());
        let before = [wrap(0xa0, &[2, 1, 2]), wrap(2, &[1]), wrap(0x30, b""), wrap(0x30, b"")];
        wrap(0x30, &wrap(0x30, &[before.concat(), validity].concat()))
    }

    #[test]
    fn the_end_of_a_certificate() {
        for (tag, end, wanted) in [
            (0x17, "700101000000Z", Some(0)),
            (0x17, "700301000001Z", Some(59 * 86_400 + 1)),
            (0x17, "240229235959Z", Some(1_709_251_199)),
            (0x17, "491231235959Z", Some(2_524_607_999)),
            (0x18, "20500101000000Z", Some(2_524_608_000)),
            (0x18, "99991231235959Z", Some(253_402_300_799)),
            (0x17, "691231235959Z", None),
            (0x17, "70", None),
            (0x05, "700101000000Z", None),
        ] {
            assert_eq!(not_after(&certificate(tag, end)), wanted, "{end}");
        }
        assert!(is_over(&certificate(0x17, "240101000000Z"), 1_709_251_199));
        assert!(!is_over(&certificate(0x17, "490101000000Z"), 1_709_251_199) && !is_over(b"one", 1));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_taken(bytes: Vec<u8>, tag: u8, end in "[0-9Z-]{0,16}") {
            let _ = (not_after(&bytes), not_after(&certificate(tag, &end)));
        }
    }
}
