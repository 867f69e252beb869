use proptest::prelude::*;

use super::*;

fn found(text: &str) -> String {
    let name = |variable| match variable {
        Variable::Goroot => "R",
        Variable::Gopath => "G",
        Variable::Path => "P",
    };
    let lines = own_lines(text.as_bytes(), Dialect::Posix, &[]);
    let words = lines.iter().map(|own| format!("{}{}", name(own.variable), own.line));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn settings_in_every_form() {
    for (text, expected) in [
        ("export GOPATH=$HOME/go", "G1"),
        ("GOPATH=$HOME/go\nexport GOPATH", "G1"),
        ("A=1 GOROOT=/x", "R1"),
        ("typeset -tx GOROOT=/x", "R1"),
        ("declare -x GOPATH=/x", "G1"),
        ("export A=x GOPATH=/x GOROOT=\"/y\"", "R1 G1"),
        ("export \"GOPATH=/x\"", "G1"),
        ("set -gx GOPATH $HOME/go", "G1"),
        ("set -x GOROOT /x\nset --global --export GOPATH /x", "R1 G2"),
        ("setenv GOPATH ~/go", "G1"),
        ("if ( ! $?GOPATH ) setenv GOPATH ~/go", "G1"),
        ("set path = ( $path /usr/local/go/bin )", "P1"),
        ("setenv PATH ${PATH}:/usr/local/go/bin", "P1"),
        ("path=(\n  # $GOPATH/bin\n  ~/bin\n  \"$HOME/go/bin\" $path\n  $GOPATH/bin\n)", "P4 P5"),
        ("PATH=\"a:\\\ngo/bin\"", "P2"),
        ("path+=(/usr/local/go/bin)\npath+=$GOROOT/bin", "P1 P2"),
        ("PATH=$GOPATH/bin:$PATH", "P1"),
        ("export PATH=\"$PATH:${GOPATH}/bin\"", "P1"),
        ("export PATH=$PATH:/usr/local/go/bin; export GOPATH=/x", "G1 P1"),
        ("PATH=\"$PATH\\\n:/usr/lib/go-1.22/bin\"", "P2"),
        ("export PATH=$PATH:$(go env GOPATH)/bin", "P1"),
        ("PATH=$HOME/.gvm/gos/go1.21/bin:$PATH", "P1"),
        ("export PATH=\"/opt/homebrew/opt/go/libexec/bin:$PATH\"", "P1"),
        ("fish_add_path $HOME/go/bin\nfish_add_path (go env GOPATH)/bin", "P1 P2"),
        ("set -gx PATH $PATH ~/.go/bin", "P1"),
        ("pathmunge /usr/local/go/bin after\nadd_to_path \"$GOBIN\"\nPATH_add go/bin", "P1 P2 P3"),
        ("[ -d /x ] && export GOROOT=/x", "R1"),
        ("if a; then\n GOPATH=/x\nfi\nf() { GOPATH=/y; }", "G2 G4"),
        (": \"${GOPATH:=$HOME/go}\"\n: ${GOROOT=/x}", "G1 R2"),
        ("a\r\nexport GOPATH=/x\r\n", "G2"),
        ("set it 'it\\'s'\nset -gx GOPATH ~/go", "G2"),
        ("if test -d ~/go\n  set -gx GOPATH ~/go\nend", "G2"),
        ("export PATH=\"$PATH:$HOME/go/bin\"\necho \"open", "P1"),
    ] {
        let mut got: Vec<_> = found(text).split(' ').map(str::to_owned).collect();
        let mut expected: Vec<_> = expected.split(' ').map(str::to_owned).collect();
        got.sort();
        expected.sort();
        assert_eq!(got, expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_one() {
    for text in [
        "# export GOPATH=/x",
        "NOT_GOPATH=/x\nMYGOPATH=/x\nGOPATHX=/x",
        "echo \"GOPATH=/x\"\necho \"; GOPATH=/x\"\necho GOPATH=/x",
        "echo 'a\nexport GOPATH=/x\n'",
        "cat <<E\nexport GOPATH=/x\nE",
        "unset GOPATH\nexport GOPATH\nset -e GOPATH\nset -q GOPATH; or a",
        "GOPATH=/x go build",
        "(GOPATH=/x; go build)\na=$(GOPATH=/x; b)",
        "[ -n \"$GOPATH\" ] && a",
        "export PATH=$HOME/.cargo/bin:/opt/google/bin:/mango/bin:$PATH",
        "PATH=$PATH:$GOOGLE_HOME/bin\nMANPATH=/usr/local/go/bin",
        "ls /usr/local/go/bin\nalias g=\"PATH=$HOME/go/bin a\"",
        "set -eu\nset -- GOPATHX\nset -o vi",
        "PATH=/usr/bin:/usr/local/gobin:/go/binary",
    ] {
        assert_eq!(found(text), "", "{text}");
    }
}

#[test]
fn our_blocks_are_not_reported() {
    let text = b"GOPATH=/x\n# >>>\nGOPATH=/y\n# <<<\nGOROOT=/z\n";
    let lines = own_lines(text, Dialect::Posix, std::slice::from_ref(&(10..32)));
    let expected = [(1, Variable::Gopath), (5, Variable::Goroot)];
    assert_eq!(lines, expected.map(|(line, variable)| OwnLine { line, variable }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_are_those_of_the_text(
        text in prop_oneof![prop::collection::vec(any::<u8>(), 0..200), crate::plan::scan::tests::soup()],
        ours in 0..200usize,
    ) {
        let lines = text.split(|&b| b == b'\n').count();
        let found = own_lines(&text, Dialect::Posix, &[]);
        prop_assert!(found.iter().all(|own| (1..=lines).contains(&own.line)));
        prop_assert!(found.is_sorted());
        let fewer = own_lines(&text, Dialect::Posix, std::slice::from_ref(&(0..ours)));
        prop_assert!(fewer.iter().all(|own| found.contains(own)));
        prop_assert!(own_lines(&text, Dialect::Posix, std::slice::from_ref(&(0..text.len()))).is_empty());
    }
}
