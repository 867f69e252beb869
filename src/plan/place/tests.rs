use proptest::prelude::*;

use super::*;
use crate::plan::scan::scan;

/// The line before which the block goes (None: the end) and the line that says why.
fn found(text: &str) -> Option<(usize, usize, Blocker)> {
    let place = reached_end(text.as_bytes());
    let at = 1 + newlines(&text.as_bytes()[..place.at]);
    assert!(place.why.is_some() || place.at == text.len(), "{text}");
    place.why.map(|why| (at, why.line, why.what))
}

#[test]
fn what_ends_a_file() {
    use Blocker::{Exec, Exit, Return};
    for (text, expected) in [
        ("a\nreturn\nb\n", Some((2, 2, Return))),
        ("a\nb; return 0 # c\nb\n", Some((2, 2, Return))),
        ("a \\\n ; return\n", Some((1, 2, Return))),
        ("a\n{ b\n return; }\n", Some((2, 3, Return))),
        ("a\nbuiltin return && b\n", Some((2, 2, Return))),
        ("cat <<E; exit 1\nx\nE\n", Some((1, 1, Exit))),
        ("a\r\nreturn\r\nb\r\n", Some((2, 2, Return))),
        ("a\nX=1 exec zsh -l\n", Some((2, 2, Exec))),
        ("exec -a -zsh zsh >x", Some((1, 1, Exec))),
        ("exec tmux\nreturn\n", Some((1, 1, Exec))),
        ("x=(return)\nexec 2>&1 >x {fd}<y 3<&- <<<z\nexec -a x\n", None),
        ("a && return\na || exit\na | return\nreturn | a\nexec x &\n! { exit; } | b\n", None),
        ("if a; then return; fi\nf() { exit; }\n(exit)\na=$(exit)\nwhile a; do exec b; done\n", None),
        ("cat <<E\nreturn\nE\n'\nreturn\n'\n# return\necho return \\\nreturn\n", None),
        ("return\nif a\n", Some((1, 1, Return))),
        ("if ( $?x ) exit\nexit\n", None),
        ("a\n{\nreturn\n", None),
        ("exec -l >x", None),
        ("if a\n# must be last\n", None),
        ("a\nreturn\n'\n", None),
        ("a\nreturn\nfi\n", None),
        ("f() {\n echo }\n return\n}\n", None),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn what_ends_a_file_for_want_of_a_terminal() {
    for text in [
        "a\n[[ -o interactive && -t 0 ]] || return\nb\n",
        "a\n[ -t 1 ] || return 0\nb\n",
        "a\nif ! test -t 0; then exit; fi\nb\n",
        "a\nif [ ! -t 2 ]; then\n  return\nfi\nb\n",
        "a\ntty -s || return\nb\n",
        "a\ntty -s\nif [ $? -ne 0 ]; then return; fi\nb\n",
        "a\ntty -s\n\n# none\n[ $? = 0 ] || return\n",
    ] {
        let found = found(text);
        assert!(matches!(found, Some((2, 2 | 3 | 5, Blocker::NoTerminal))), "{text} {found:?}");
    }
    for text in [
        "[ -t 0 ] && exec tmux\n",
        "if [ -t 1 ]; then PS1=x; fi\n[ -z \"$PS1\" ] && return\n",
        "f() { [ -t 0 ] || return; }\n",
        "f() {\n  [ -t 0 ] || return\n}\n",
        "( [ -t 0 ] || exit )\n",
        "[[ $x = -t ]] || return\n[ -t 3 ] || return\n",
        "(( tty )) && return\n",
        "tty -s\n[ -n \"$PS1\" ] || return\n",
    ] {
        assert_eq!(found(text), None, "{text}");
    }
}

#[test]
fn what_a_guard_asks_about_stays_beside_it() {
    for (text, line) in [
        ("a\nb -q\nif [ $? != 0 ]; then return; fi\n", 2),
        ("a\nb -q\n\n# c\n[ \"${PIPESTATUS[0]}\" = 0 ] || return\n", 2),
        ("a\nb; [ $? = 0 ] || return\n", 2),
        ("[ $? = 0 ] || return\n", 1),
        ("a\nb\n[ -n \"$PS1\" ] || return $?\n", 3),
    ] {
        let place = above_guard(text.as_bytes());
        assert_eq!(1 + newlines(&text.as_bytes()[..place.at]), line, "{text}");
    }
}

#[test]
fn what_must_stay_last() {
    for comment in [
        "#THIS MUST BE AT THE END OF THE FILE FOR SDKMAN TO WORK!!!",
        "# Add RVM to PATH for scripting. Make sure this is the last PATH variable change.",
        "# Amazon Q post block. Keep at the bottom of this file.",
        "# Please make sure this block is at the end of this file.",
        "# zsh-syntax-highlighting must be sourced last",
        "# Syntax highlighting (should be last)",
        "# Those commands must be at the end of .zshrc",
        "## --- Everything below must stay at the end of .zshrc ---",
        "# load zsh-syntax-highlighting; should be last.",
        "# Keep this at the end!",
        "# needs to be the last thing in this file",
        "# MUST BE LAST \u{e9}",
        "  # Don't put anything below this",
        "# DO NOT ADD ANYTHING AFTER THIS LINE",
        "# Load last!",
    ] {
        let text = format!("a\n\n# Two\n{comment}\nb\n");
        assert_eq!(found(&text), Some((3, 4, Blocker::MustStayLast)), "{comment}");
        let text = format!("a\nif b; then\n{comment}\nb\nfi\ncat <<E\n{comment}\nE\n");
        assert_eq!(found(&text), None, "{comment}");
    }
    for comment in [
        "# Amazon Q pre block. Keep at the top of this file.",
        "# Added by LM Studio CLI (lms)",
        "# End of LM Studio CLI section",
        "# append to the history file, don't overwrite it",
        "# show the exit code of the last command",
        "# must come before the end of the prompt",
        "# the last one wins",
        "# Should you need to edit this, see the manual",
        "echo must be last",
    ] {
        assert_eq!(found(&format!("a\n{comment}\nb\n")), None, "{comment}");
    }
}

#[test]
fn a_stale_comment_in_the_middle_has_no_effect() {
    let tail = |n: usize| format!("a\n# must be last\n{}", "b\n\n".repeat(n));
    assert_eq!(found(&tail(15)), Some((2, 2, Blocker::MustStayLast)));
    assert_eq!(found(&tail(16)), None);
}

#[test]
fn a_paragraph_ends_at_a_fence_and_a_shebang() {
    for (above, line) in [
        ("# <<< conda initialize <<<", 2),
        ("# End of LM Studio CLI section", 2),
        ("### MANAGED BY RANCHER DESKTOP END (DO NOT EDIT)", 2),
        ("#!/bin/bash", 2),
        ("# endregion", 2),
        ("# just a comment", 1),
    ] {
        let text = format!("{above}\n# must be last\nb\n");
        assert_eq!(found(&text), Some((line, 2, Blocker::MustStayLast)), "{above}");
    }
}

#[test]
fn the_earliest_wins_and_says_so() {
    let text = "a\n# must be last\nb\nreturn\n";
    assert_eq!(found(text), Some((2, 2, Blocker::MustStayLast)));
    let text = "a\nreturn\n# must be last\nb\n";
    assert_eq!(found(text), Some((2, 2, Blocker::Return)));
    let why = reached_end(text.as_bytes()).why.map(|why| why.to_string());
    let said = "line 2 ends the file early (`return`), so the block goes above it";
    assert_eq!(why.as_deref(), Some(said));
}

/// A megabyte of each of these takes a fraction of a second even unoptimised; anything quadratic takes minutes.
#[test]
fn time_is_linear() {
    let pieces: [&[u8]; 18] = [
        b"a",
        b"(",
        b"$(",
        b"{ ",
        b"if a\n",
        b"a | ",
        b"'\"",
        b"# must be last\n",
        b"# must be",
        b"${",
        b"f() ",
        b"case x in (",
        b"<<E ",
        b"a=(",
        b"{ a; } | ",
        b"for x (a) ",
        b"PATH=/go/",
        b"PATH=/go/b ",
    ];
    for piece in pieces {
        let text = piece.repeat(1_000_000 / piece.len());
        let start = std::time::Instant::now();
        reached_end(&text);
        for dialect in [Dialect::Posix, Dialect::Csh, Dialect::Fish] {
            crate::plan::own_lines::own_lines(&text, dialect, &[]);
        }
        let took = start.elapsed().as_secs();
        assert!(took < 20, "{}: {took} s", piece.escape_ascii());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_place_is_the_end_or_a_boundary(
        text in prop_oneof![prop::collection::vec(any::<u8>(), 0..200), crate::plan::scan::tests::soup()],
    ) {
        let place = reached_end(&text);
        match place.why {
            None => prop_assert_eq!(place.at, text.len()),
            Some(why) => {
                prop_assert!(scan(&text).boundaries.contains(&place.at));
                prop_assert!(newlines(&text[..place.at]) < why.line);
            }
        }
        // what stands above the place is complete in itself
        if place.why.is_some() {
            prop_assert_eq!(scan(&text[..place.at]).end, End::Balanced);
        }
    }
}
