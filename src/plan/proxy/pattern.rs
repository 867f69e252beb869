//! GOPRIVATE and its like: lists of patterns for the beginnings of module paths.
//!
//! Source: golang.org/x/mod/module, `MatchPrefixPatterns`, and path, `Match`.

/// Whether one of the patterns, separated by commas, matches the beginning of a path, in whole elements.
pub fn covers(patterns: &str, path: &str) -> bool {
    patterns.split(',').filter(|pattern| !pattern.is_empty()).any(|pattern| {
        let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
        let count = pattern.split('/').count();
        let elements: Vec<&str> = path.split('/').collect();
        elements.len() >= count
            && pattern
                .split('/')
                .zip(&elements)
                .all(|(pattern, element)| matches(pattern.as_bytes(), element.as_bytes()))
    })
}

/// Whether a pattern matches a whole element: `*`, `?`, and sets as in `[a-z]` and `[^a]`.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], text) => text.is_empty(),
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skip| matches(rest, &text[skip..])),
        ([b'?', rest @ ..], [_, text @ ..]) => matches(rest, text),
        ([b'[', rest @ ..], [first, text @ ..]) => {
            let (set, rest) = match rest.iter().skip(1).position(|byte| *byte == b']') {
                Some(at) => (&rest[..=at], &rest[at + 2..]),
                // Go takes such a pattern for one that matches nothing.
                None => return false,
            };
            let (negated, set) = set.strip_prefix(b"^").map_or((false, set), |set| (true, set));
            is_in(set, *first) != negated && matches(rest, text)
        }
        ([b'\\', byte, rest @ ..] | [byte, rest @ ..], [first, text @ ..]) => byte == first && matches(rest, text),
        _ => false,
    }
}

fn is_in(set: &[u8], byte: u8) -> bool {
    match set {
        [low, b'-', high, rest @ ..] => (*low..=*high).contains(&byte) || is_in(rest, byte),
        [one, rest @ ..] => *one == byte || is_in(rest, byte),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_matches_them() {
        let path = "golang.org/x/text";
        for patterns in
            ["golang.org", "*", "golang.org/x/", "a.b,golang.org/x/text", "*.org/x", "gol?ng.*/[w-y]", "g*/*/t*"]
        {
            assert!(covers(patterns, path), "{patterns}");
        }
        for patterns in
            ["", ",", "golang", "x/text", "golang.org/x/text/more", "golang.org/[^x]", "*.com", "golang.org/[x"]
        {
            assert!(!covers(patterns, path), "{patterns}");
        }
    }
}
