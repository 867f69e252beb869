//! Where in a startup file of csh or tcsh a block goes.
//!
//! A small scanner of lines: csh knows a construct by the first word of a line and a `then` at its end, ends a quote at
//! the line's end unless a backslash stands before it, and takes the delimiter of a here-document as it is written.
//! `exit` ends only the file; in parentheses or a pipeline it ends nothing, and in quotes it is no builtin (all measured
//! with bsd-csh 20110502 and tcsh 6.24).

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::{Blocker, Earlier, Place, above_what_it_reads, must_stay_last, newlines, pattern, without_terminal};

/// The status of the command before. `$?name` asks whether a variable is set.
static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$\{?status\b|\$\?(?:[^A-Za-z_{]|$)"));

/// A command that ends the file early.
struct Stop {
    /// Where it stands.
    at: usize,
    /// The start of its line, or of the outermost construct that it stands in.
    boundary: usize,
    /// Whether nothing decides about it.
    always: bool,
    what: Blocker,
}

/// What the scanner found.
#[derive(Default)]
struct Reading {
    /// The starts of the lines that stand in no construct.
    boundaries: Vec<usize>,
    stops: Vec<Stop>,
    /// Whether a construct or a here-document is open at the end.
    open: bool,
}

/// The end, unless it is not reached or something must stay last.
pub(super) fn reached_end(bytes: &[u8]) -> Place {
    let reading = read(bytes);
    let stop = reading.stops.iter().find(|stop| stop.always).map(|stop| (stop.boundary, stop.at, stop.what));
    let last = must_stay_last(bytes, &reading.boundaries, bytes.len());
    let earliest = [stop, last].into_iter().flatten().min_by_key(|found| found.0);
    earliest.map_or(Place { at: bytes.len(), why: None }, |(at, start, what)| above(bytes, at, start, what))
}

/// The place at `at`, because of what stands at `start`.
fn above(bytes: &[u8], at: usize, start: usize, what: Blocker) -> Place {
    Place { at, why: Some(Earlier { line: 1 + newlines(&bytes[..start]), what }) }
}

/// Above the first thing that may end the file early; else the end.
pub(super) fn above_guard(bytes: &[u8]) -> Place {
    let end = reached_end(bytes);
    match read(bytes).stops.first() {
        Some(stop) if stop.boundary < end.at => above(bytes, stop.boundary, stop.at, stop.what),
        _ => end,
    }
}

/// Whether nothing in these lines may end the file early, and no construct is open behind them.
pub(super) fn goes_on(above: &[u8]) -> bool {
    let reading = read(above);
    reading.stops.is_empty() && !reading.open
}

fn read(bytes: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let (mut depth, mut outermost) = (0_usize, 0);
    let mut in_if = false;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        if depth == 0 {
            reading.boundaries.push(start);
            outermost = start;
        }
        let line = Line::read(bytes, start);
        at = line.end;
        for command in &line.commands {
            let word = |index: usize| command.words.get(index).map(|(start, end)| &bytes[*start..*end]);
            match word(0) {
                Some(b"if") if word(command.words.len() - 1) == Some(b"then") => {
                    in_if = depth == 0;
                    depth += 1;
                }
                Some(b"foreach" | b"while" | b"switch") => depth += 1,
                Some(b"endif" | b"end" | b"endsw") => {
                    depth = depth.saturating_sub(1);
                    in_if &= depth > 0;
                }
                _ => {}
            }
            let decides = matches!(word(0), Some(b"if" | b"else" | b"repeat" | b"eval"));
            let candidates = if decides { &command.words[..] } else { &command.words[..command.words.len().min(1)] };
            let found = candidates.iter().find_map(|(start, end)| Some((*start, blocker(&bytes[*start..*end])?)));
            if let Some((found, what)) = found.filter(|_| !command.apart) {
                let always = depth == 0 && !decides && !command.depends;
                let boundary = above_what_it_reads(bytes, &reading.boundaries, outermost, found, &STATUS);
                // In a loop or a switch other things decide, too.
                let alone = depth == usize::from(in_if) && (decides || command.depends || in_if);
                let no_terminal = without_terminal(&bytes[boundary..found], what).filter(|_| alone);
                let (always, what) = no_terminal.map_or((always, what), |what| (true, what));
                reading.stops.push(Stop { at: found, boundary, always, what });
            }
        }
        if let Some(delimiter) = line.here_document {
            loop {
                if at >= bytes.len() {
                    reading.open = true;
                    break;
                }
                let rest = &bytes[at..];
                let length = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                at += (length + 1).min(rest.len());
                if rest[..length] == bytes[delimiter.0..delimiter.1] {
                    break;
                }
            }
        }
    }
    reading.open |= depth > 0;
    reading
}

fn blocker(word: &[u8]) -> Option<Blocker> {
    match word {
        b"exit" => Some(Blocker::ExitFile),
        b"exec" => Some(Blocker::Exec),
        b"logout" => Some(Blocker::Logout),
        _ => None,
    }
}

/// A simple command: its words, each from its first byte to behind its last; what is in parentheses is one word.
#[derive(Default)]
struct Command {
    words: Vec<(usize, usize)>,
    /// It stands behind `&&` or `||`.
    depends: bool,
    /// It runs in a process of its own: in a pipeline, or in the background.
    apart: bool,
}

/// A line, with those that a backslash joins to it.
struct Line {
    commands: Vec<Command>,
    here_document: Option<(usize, usize)>,
    /// Behind its newline.
    end: usize,
}

impl Line {
    fn read(bytes: &[u8], start: usize) -> Self {
        let mut line = Self { commands: Vec::new(), here_document: None, end: bytes.len() };
        let mut command = Command::default();
        let mut delimiter = false;
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            let next = bytes.get(at + 1).copied();
            match byte {
                b'\n' => {
                    line.end = at + 1;
                    break;
                }
                b'\\' if next == Some(b'\n') => at += 2,
                b'#' => at = newline(bytes, at),
                b'<' if next == Some(b'<') => {
                    delimiter = true;
                    at += 2;
                }
                b' ' | b'\t' | b'\r' | b'<' => at += 1,
                // `>&!` is one sign
                b'>' => at += bytes[at..].iter().take_while(|b| b">&!".contains(b)).count(),
                b';' | b'&' | b'|' => {
                    let double = byte != b';' && next == Some(byte);
                    command.apart |= byte != b';' && !double;
                    let after = Command { depends: double, apart: byte == b'|' && !double, ..Command::default() };
                    line.commands.push(std::mem::replace(&mut command, after));
                    at += 1 + usize::from(double || byte == b'|' && next == Some(b'&'));
                }
                _ => {
                    let end = word(bytes, at);
                    if std::mem::take(&mut delimiter) {
                        line.here_document = Some((at, end));
                    } else {
                        command.words.push((at, end));
                    }
                    at = end;
                }
            }
        }
        line.commands.push(command);
        line
    }
}

/// The newline that ends a comment or a line, or the end.
fn newline(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |length| at + length)
}

/// Behind the word, or behind the parentheses, that begin here: always further on.
fn word(bytes: &[u8], start: usize) -> usize {
    if bytes[start] == b')' {
        return start + 1;
    }
    let mut deep = 0_usize;
    let mut quote = None;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        let escaped = byte == b'\\' && (quote.is_none() || matches!(bytes.get(at + 1), Some(b'\n' | b'!')));
        match (byte, quote) {
            _ if escaped && at + 1 < bytes.len() => at += 1,
            (b'\n', _) => break,
            (b'\'' | b'"' | b'`', None) => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            (b'(', None) if at == start || deep > 0 => deep += 1,
            (b')', None) if deep > 0 => {
                deep -= 1;
                if deep == 0 {
                    return at + 1;
                }
            }
            (b' ' | b'\t' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')', None) if deep == 0 => break,
            _ => {}
        }
        at += 1;
    }
    at.max(start + 1).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The place is where `§` stands; none: the end.
    fn check(find: impl Fn(&[u8]) -> Place, cases: &[&str]) {
        for case in cases {
            let text = case.replacen('§', "", 1);
            assert_eq!(find(text.as_bytes()).at, case.find('§').unwrap_or(text.len()), "{case}");
        }
    }

    #[test]
    fn the_end_unless_it_is_not_reached() {
        check(
            reached_end,
            &[
                "",
                "set a\n",
                "a\n§exit\nb\n",
                "a\n§b; exit 3\n",
                "§exec zsh\n",
                "§logout # bye\n",
                "ex\\\nit\n",
                "if (! $?prompt) exit\na\n",
                "if ( $x ) then\n exit\nendif\n",
                "if ( $x ) then # why\n exit\nelse if ( y ) then\n exec z\nendif\n§exit\n",
                "foreach x ( a b )\n exit\nend\n",
                "switch ( x )\ncase y:\n exit\nendsw\n",
                "( exit )\nexit | cat\nexit &\na && exit\nb || exit\n\"exit\"\n\\exit\n",
                "cat << 'EOF'\nexit\nEOF\nexit\n'EOF'\nb\n",
                "cat <<E\nexit\nE\n§exit\n",
                "echo 'if ( a ) then'\n§exit\n",
                "set x = ( a \\\n exit )\n echo \\\n exit\n",
                "alias q 'exit'\necho \"it's\"\n# exit\necho exit\n",
                "a\n§# this must stay last\nb\n",
                "§a >& /dev/null; exit\n",
                "a\n§tty -s\n\n# no terminal\nif ( $status ) exit\n",
                "a\n§if ( ! { tty -s } ) exit\n",
                "a\n§tty -s || exit\n",
                "a\n§tty -s\nif ( $status != 0 ) then\n  exit\nendif\nb\n",
                "a\n§tty -s ; if ( $? ) exit\n",
                "tty -s\nif ( ! $?prompt ) exit\n",
                "foreach x ( a )\n tty -s || exit\nend\n",
            ],
        );
    }

    #[test]
    fn above_whatever_may_end_it() {
        check(
            above_guard,
            &[
                "a\n§if (! $?prompt) exit\nb\n",
                "a\n§if ( ! $?prompt ) then\n  exit\nendif\nb\n",
                "§if ( a ) then\n if ( b ) then\n  c\n else\n  exit\n endif\nendif\n",
                "§if ( a ) \\\n  exit\n",
                "cat <<X\nif (1) exit\nX\n§a && exit\n",
                "§a\\\n ; exit\n",
                "a\n§b -q\nif ( $status ) exit\nc\n",
                "a\nb\n",
                "a\n§# must stay last\nb\nif (1) exit\n",
            ],
        );
        assert!(goes_on(b"a\nif ( b ) then\n c\nendif\n"));
        for above in ["if (1) exit\n", "if ( a ) then\n", "cat <<X\n", "exit\n"] {
            assert!(!goes_on(above.as_bytes()), "{above}");
        }
    }

    #[test]
    fn it_says_why() {
        let why = reached_end(b"a\nexit\n").why.map(|why| why.to_string());
        assert_eq!(why.as_deref(), Some("line 2 ends the file early (`exit`), so the block goes above it"));
    }

    #[test]
    fn time_is_linear() {
        for piece in ["a", "(", "\\\n", "'", "if ( a ) then\n", "exit;", "<<E ", "# must be last\n", "\\"] {
            let text = piece.repeat(500_000 / piece.len());
            let start = std::time::Instant::now();
            above_guard(text.as_bytes());
            assert!(start.elapsed().as_secs() < 20, "{piece}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_place_is_the_end_or_a_boundary(
            pieces in prop::collection::vec(prop::sample::select(&[
                "exit", " ", "\n", "\\", "'", "\"", "`", "(", ")", "if", "then", "endif", "end", "<<", "E", ";", "&", "|",
                "#", "foreach", ">", "\n# must stay last\n", "\u{e4}",
            ][..]), 0..40),
        ) {
            let text = pieces.concat();
            for place in [reached_end(text.as_bytes()), above_guard(text.as_bytes())] {
                let boundary = read(text.as_bytes()).boundaries.contains(&place.at);
                prop_assert!(place.at == text.len() || boundary);
            }
            let at = above_guard(text.as_bytes()).at;
            prop_assert!(at == text.len() || goes_on(&text.as_bytes()[..at]));
        }
    }
}
