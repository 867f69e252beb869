//! The blocks that bash reads use nothing newer than bash 3.2, which is what macOS has.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use goenv_setup::shells::{self, Holds, Reach, Values};
use regex::bytes::Regex;

use crate::support::{Home, Ran, find, need, os};

/// What came after 3.2: a pattern, and a line in which it finds it. From bash's own list of changes.
const NEWER: [(&str, &str); 30] = [
    // 4.0
    (r"\$\{!?[A-Za-z_0-9\[\]@*]+(,|\^)", "echo ${x,,}"),
    (r"&>>", "make &>> log"),
    (r"\|&", "make |& cat"),
    (r";;?&", "a) b ;;&"),
    (r"\b(declare|typeset|local)\s+-\w*A", "declare -A map"),
    (r"\bcoproc\b", "coproc cat"),
    (r"\b(mapfile|readarray)\b", "mapfile -t lines"),
    (r"\b(globstar|dirspell|autocd|checkjobs)\b", "shopt -s globstar"),
    (r"\bBASHPID\b", "echo $BASHPID"),
    (r"\bPROMPT_DIRTRIM\b", "PROMPT_DIRTRIM=2"),
    (r"\bread\s+(-\w+\s+)*-\w*[iN]", "read -r -N 1 x"),
    (r"\{0\d+\.\.", "echo {01..10}"),
    (r"\{\d+\.\.\d+\.\.", "echo {1..9..2}"),
    // 4.1
    (r"\{[A-Za-z_]\w*\}[<>]", "exec {fd}>log"),
    (r"\bprintf\s+-v\s*\S*\[", "printf -v list[0] x"),
    (r"\bBASH_XTRACEFD\b", "BASH_XTRACEFD=3"),
    // 4.2
    (r"(\[\[?|\btest)\s+(!\s+)?-v\s", "[[ -v x ]]"),
    (r"\b(declare|typeset)\s+-\w*g", "declare -g x"),
    (r"\blastpipe\b", "shopt -s lastpipe"),
    (r"%\([^)]*\)T", "printf '%(%s)T'"),
    (r"\$'[^']*\\[uU]", r"x=$'\u00e9'"),
    (r"\$\{[^}:]+:[^}:]*:\s*-", "echo ${x:0:-1}"),
    (r"\w\[-\d+\]", "echo ${x[-1]}"),
    // 4.3
    (r"\b(declare|typeset|local)\s+-\w*n\b", "local -n ref=x"),
    (r"(\[\[?|\btest)\s+(!\s+)?-R\s", "[[ -R x ]]"),
    (r"\bwait\s+-\w*[np]", "wait -n"),
    // 4.4 and 5
    (r"\$\{!?[A-Za-z_0-9\[\]@*]+@", "echo ${x@Q}"),
    (r"\blocal\s+-(\s|$)", "local -"),
    (r"\b(EPOCHSECONDS|EPOCHREALTIME|SRANDOM|BASH_ARGV0)\b", "echo $EPOCHSECONDS"),
    (r"\$\{\s|\$\{\|", "x=${ date; }"),
];

/// What is as old as can be and looks a little like it.
const OLD: &str = r#"case ":$PATH:" in *":${x%%:*}/bin:"*) ;; *) PATH="$PATH:x" ;; esac
a && b || c; d & e 2>&1 >>log; ${x:-1}; ${x#*,}; [ -n "${x-}" ] && test -x y; printf -v y x
"#;

fn patterns() -> Vec<Regex> {
    NEWER.iter().map(|(pattern, _)| Regex::new(&format!("(?-u){pattern}")).expect("a constant pattern")).collect()
}

/// Every form of block that bash may read, with plain and with odd values.
fn blocks() -> Vec<Vec<u8>> {
    let home = Path::new("/home/u");
    let odd = OsString::from("/g o/it's:$HOME/`x`:/q\"!\\");
    let mut blocks = Vec::new();
    for name in ["bash", "sh", "ksh93", "mksh"] {
        let shell = shells::by_name(name).expect("it is one of ours");
        for go in [None, Some("/opt/go/bin"), Some("/usr/bin"), Some("/home/u/sdk/go/bin"), Some("/a b/$x/'y'/bin")] {
            for goroot in [false, true] {
                for gopath in ["/home/u/go".into(), odd.clone()] {
                    for reach in Reach::ALL {
                        let loads = go.is_none().then(|| PathBuf::from("/opt/gvm/scripts/gvm"));
                        let values = Values {
                            go: go.map(PathBuf::from),
                            goroot,
                            gopath: gopath.clone(),
                            reach,
                            loads,
                            gobin: None,
                            places: Vec::new(),
                        };
                        blocks.push(shell.body(&values, Holds::All, home));
                    }
                }
            }
        }
    }
    blocks
}

#[test]
fn nothing_newer_than_bash_3_2() {
    let patterns = patterns();
    for (pattern, (_, line)) in patterns.iter().zip(NEWER) {
        assert!(pattern.is_match(line.as_bytes()), "{pattern} does not find what it is for: {line}");
        assert!(!pattern.is_match(OLD.as_bytes()), "{pattern} finds what is old");
    }
    // What stands in single quotes is a value.
    let value = Regex::new(r"(?-u)'[^']*'").expect("a constant pattern");
    for block in blocks() {
        let code = value.replace_all(&block, &b"''"[..]);
        for pattern in &patterns {
            let text = String::from_utf8_lossy(&block);
            assert!(!pattern.is_match(&code), "{pattern} came after bash 3.2, and stands in\n{text}");
        }
    }
}

/// Shells that know nothing of bash come to the same, and so does bash where it takes itself for 3.2.
#[test]
fn shells_without_bashs_extensions_run_the_block() {
    if !["bash", "dash", "busybox", "yash"].into_iter().all(need) {
        return;
    }
    let home = Home::new();
    home.fake_go("sdk/go", "1.22.10");
    let bash = shells::by_name("bash").expect("it is one of ours");
    let (go, gopath) = (home.path("sdk/go/bin"), home.path("go"));
    for goroot in [false, true] {
        for reach in Reach::ALL {
            let values = Values {
                go: Some(go.clone()),
                goroot,
                gopath: gopath.clone().into(),
                reach,
                loads: None,
                gobin: None,
                places: Vec::new(),
            };
            home.file("block", bash.body(&values, Holds::All, &home.path("")));
            for path in ["/usr/bin:/bin", "/x:/usr/bin:@:/bin", "@:/usr/bin"] {
                let path = path.replace('@', go.to_str().expect("a plain path"));
                let script =
                    r#"set -eu; PATH=$1; . "$HOME/block"; . "$HOME/block"; printf '%s|%s' "$PATH" "${GOROOT-}""#;
                let answers = [
                    &["bash", "-c"][..],
                    &["bash", "-O", "compat32", "-c"],
                    &["bash", "--posix", "-c"],
                    &["dash", "-c"],
                    &["busybox", "ash", "-c"],
                    &["yash", "--posixly-correct", "-c"],
                ]
                .map(|words| {
                    let args = [&words[1..], &[script, "run", &path]].concat();
                    let program = find(words[0]).expect("it was asked for");
                    let ran = Ran::of(&home.command(program, &args)).ok();
                    assert!(ran.stderr.is_empty(), "{ran}");
                    os(ran.stdout)
                });
                let root = if goroot { go.parent().expect("it has one").to_str().expect("a plain path") } else { "" };
                let said = answers[0].to_str().expect("text");
                assert!(said.starts_with(go.to_str().expect("plain")) && said.ends_with(&format!("|{root}")), "{said}");
                assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
            }
        }
    }
}
