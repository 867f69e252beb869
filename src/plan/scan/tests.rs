use proptest::prelude::*;

use super::*;

fn always(text: &str) -> Vec<String> {
    let scan = scan(text.as_bytes());
    assert_ne!(scan.end, End::Lost, "{text:?}");
    let words = |c: &Command| {
        let words = scan.words(c).iter().map(|r| &text[r.clone()]);
        words.collect::<Vec<_>>().join("·")
    };
    scan.commands.iter().filter(|c| c.always).map(words).collect()
}

#[test]
fn words_and_what_always_runs() {
    let cases: &[(&str, &[&str])] = &[
        ("a b 'c d' \"e $(f g) h\" # i", &["a·b·'c d'·\"e $(f g) h\""]),
        ("a >b 2>&1 {fd}<c <<<d e", &["a·e"]),
        ("x=(a # b )\n 'c d' *(N))\ny", &["x=(·a·'c d'·*(N)·)", "y"]),
        ("a | b; c && d || e; f & g", &["c", "g"]),
        ("{ a; b; }; { c; } | d; { e; } &\nf", &["a", "b", "f"]),
        ("if a; then b; elif c; then d; else e; fi; f", &["f"]),
        ("for x in a b; do c; done; for x do c; done; f", &["f"]),
        ("for ((i=0; i<3; i++)); do c; done; f", &["f"]),
        ("for x (a b) c $x; f", &["f"]),
        ("for x (a b) { c; }; for x in a; { c }\nf", &["f"]),
        ("while a; do b; done; until (a) { b }; repeat 3 c\nf", &["f"]),
        ("foreach x (a b)\n c\nend\nf", &["f"]),
        ("if [[ a ]] { b } else { c }\nif (( 1 )) { b }; f", &["f"]),
        ("case $- in *i*) a;; (b|c) d;& (e|f)*) g;;& esac; f", &["f"]),
        ("case x in\n esac\ncase x { a) b;; }\nf", &["f"]),
        ("f() { a; }; f () ( b ); function g { c; }; function g()\n{ d; }\nh", &["h"]),
        ("() { a; } b\nfunction { c }\nf", &["f"]),
        ("{ a } always { b }\nf", &["a", "f"]),
        (
            "echo $# ${#x} ${x#y} $(( 1 << 2 )) $'it\\'s' \\# a#b",
            &["echo·$#·${#x}·${x#y}·$(( 1 << 2 ))·$'it\\'s'·\\#·a#b"],
        ),
        ("cat <<A; cat <<-'B' | c\n'\nA\n\t\"\n\tB\nf", &["cat", "f"]),
        ("$(case x in a) b;; esac)", &["$(case x in a) b;; esac)"]),
        ("[[ $# -gt 0 && $x =~ ^(a|b)$ ]]; ((x++)); f", &["f"]),
        ("! a\r\nb \\\n c\r\n", &["a", "b·c"]),
    ];
    for (text, expected) in cases {
        assert_eq!(&always(text), expected, "{text}");
    }
}

#[test]
fn boundaries_lie_outside_of_everything() {
    let text = "a\nb \\\n c\nd &&\n# e\n f\n'\n'\ncat <<X\n\nX\nif a\nthen b\nfi\nf()\n{\n}\ny=(\n)\nz";
    let lines = |at: &usize| text[*at..].lines().next().unwrap_or_default();
    let found: Vec<_> = scan(text.as_bytes()).boundaries.iter().map(lines).collect();
    let expected = ["a", "b \\", "d &&", "'", "cat <<X", "if a", "f()", "y=(", "z"];
    assert_eq!(found, expected);
}

#[test]
fn an_open_end_is_noticed() {
    for text in
        ["'", "\"a", "`", "$(a", "${a", "((a", "[[ a", "a=(", "cat <<E\n", "fi", "a )", "}", "a;;b", "done", "(a"]
    {
        let end = scan(text.as_bytes()).end;
        assert_ne!(end, End::Balanced, "{text}");
    }
    assert_eq!(scan(b"a\nif b\nreturn\n").end, End::Open(4));
}

/// Pieces of shell text in any order.
pub(in crate::plan) fn soup() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = "if then elif else fi case in esac ;; ;& for x do done while until select repeat foreach end { } ( ) (( )) [[ ]] \
        $( ${ $(( ` ' \" \\ | || && & ; ! < > << <<- <<E <<'E' E <<< >& 2>&1 {fd}> $' $# # #c function f f() () always = a=( x= \
        return exit exec zsh export GOPATH=/x PATH=$GOPATH/bin set -gx setenv must be last # keep at the end \0 \u{fe}"
        .split(' ')
        .map(str::as_bytes)
        .chain([&b"\n"[..], b"\n", b"\n", b" ", b"\t", b"\r\n", b"\xff", b"# must stay last\n"])
        .collect();
    let piece = (0..pieces.len(), 0..4usize).prop_map(move |(index, gap)| {
        let mut piece = pieces[index].to_vec();
        piece.extend_from_slice([&b" "[..], b" ", b"\n", b""][gap]);
        piece
    });
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_scanned(text in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&text);
    }

    #[test]
    fn any_soup_is_scanned(text in soup()) {
        check(&text);
    }
}

fn check(text: &[u8]) {
    let scan = scan(text);
    assert!(scan.boundaries.is_sorted_by(|a, b| a < b));
    for &at in &scan.boundaries {
        assert!(at == 0 || text[at - 1] == b'\n');
    }
    for command in &scan.commands {
        let words = scan.words(command);
        assert!(!words.is_empty());
        assert!(words.iter().all(|w| w.start < w.end && w.end <= text.len()));
        assert!(command.boundary <= words[0].start);
    }
}
