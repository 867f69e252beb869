//! Files that are named in some other way than by a plain absolute name, and lines that look like others.

use super::cases::{Case, check, path};
use super::{BASH, BOURNE, CSH, DASH, FISH, KSH, TCSH, ZSH, changes, explain, is_here, way};
use crate::support::Home;

const CASES: &[(&str, Case)] = &[
    (
        "a line that looks like one of a file that was read before",
        path(
            &BOURNE,
            &[("@", ". ~/a\nPATH=$PATH:/x\nexport PATH=/y:$PATH\nexport PATH=$PATH:/z\n"), ("a", ":\nPATH=/a:$PATH\n")],
            &["a:2 prepended /a", "@:2 appended /x", "@:3 prepended /y", "@:4 appended /z"],
        ),
    ),
    (
        "rustup's env and lines behind it",
        path(
            &BOURNE,
            &[
                (
                    "@",
                    ". \"$HOME/.cargo/env\"\nexport PATH=$PATH:/u/go/bin\nexport PATH=\"/h/go/bin:$PATH\"\nPATH=$PATH:/l/bin\n",
                ),
                (
                    ".cargo/env",
                    "case \":${PATH}:\" in\n    *:\"/c/bin\":*)\n        ;;\n    *)\n        export PATH=\"/c/bin:$PATH\"\n        ;;\nesac\n",
                ),
            ],
            &[
                ".cargo/env:5 prepended /c/bin",
                "@:2 appended /u/go/bin",
                "@:3 prepended /h/go/bin",
                "@:4 appended /l/bin",
            ],
        ),
    ),
    (
        "files within files that all look the same",
        path(
            &BOURNE,
            &[
                ("@", ". ~/a1\nPATH=/end:$PATH\n"),
                ("a1", ":\n. ~/a2\nPATH=$PATH:/s1\n"),
                ("a2", ":\n. ~/a3\nPATH=$PATH:/s2\n"),
                ("a3", "\n\nPATH=/deep:$PATH\n"),
            ],
            &["a3:3 prepended /deep", "a2:3 appended /s2", "a1:3 appended /s1", "@:2 prepended /end"],
        ),
    ),
    (
        "a function that adds in front or behind",
        path(
            &BOURNE,
            &[(
                "@",
                "munge () {\n  case \":${PATH}:\" in\n    *:\"$1\":*) ;;\n    *)\n      if [ \"$2\" = after ]; then\n        PATH=$PATH:$1\n      else\n        PATH=$1:$PATH\n      fi\n  esac\n}\nmunge /u\nmunge /v after\nmunge /u\n",
            )],
            &["@:8 prepended /u", "@:6 appended /v"],
        ),
    ),
    (
        "names with blanks, quotes and letters of all kinds",
        path(
            &BOURNE,
            &[
                ("@", ". \"$HOME/a b/c d.sh\"\n. \"$HOME/é ü.sh\"\n. \"$HOME/a'b.sh\"\n. \"$HOME/a%xb.sh\"\n:\n"),
                ("a b/c d.sh", ":\nPATH=/1:$PATH\n"),
                ("é ü.sh", ":\nPATH=/2:$PATH\n"),
                ("a'b.sh", ":\nPATH=/3:$PATH\n"),
                ("a%xb.sh", ":\nPATH=/4:$PATH\n"),
            ],
            &["a b/c d.sh:2 prepended /1", "é ü.sh:2 prepended /2", "a'b.sh:2 prepended /3", "a%xb.sh:2 prepended /4"],
        ),
    ),
    (
        "names with control characters",
        path(
            &[ZSH, BASH, DASH, KSH, way("mksh", "mksh", "interactive", ".mkshrc")],
            &[("@", ". \"$HOME/a\x1b[31mb.sh\"\n:\n"), ("a\x1b[31mb.sh", ":\nPATH=/1:$PATH\n")],
            &["a\x1b[31mb.sh:2 prepended /1"],
        ),
    ),
    (
        "a name with a line end",
        path(&[ZSH, BASH], &[("@", ". \"$HOME/a\nb\"\n:\n"), ("a\nb", ":\nPATH=/1:$PATH\n")], &["a\nb:2 prepended /1"]),
    ),
    (
        "from another folder",
        path(
            &BOURNE,
            &[("@", "cd ~/sub\n. ./x.sh\n:\ncd\n"), ("sub/x.sh", ":\nPATH=/r:$PATH\n")],
            &["sub/x.sh:2 prepended /r"],
        ),
    ),
    (
        "found by PATH",
        path(
            &BOURNE,
            &[("@", "PATH=$PATH:~/lib\n. x.sh\n:\n"), ("lib/x.sh", ":\nPATH=/r:$PATH\n")],
            &["@:1 appended ~/lib", "lib/x.sh:2 prepended /r"],
        ),
    ),
    (
        "found by PATH, where another variable is asked for",
        Case {
            ways: &BOURNE,
            files: &[("@", "PATH=$PATH:~/lib\n. x.sh\n:\n"), ("lib/x.sh", ":\nexport GOPATH=/r\n")],
            variable: "GOPATH",
            told: &["lib/x.sh:2 set"],
        },
    ),
    (
        "by command and backslash",
        path(
            &[BASH, DASH, KSH, BOURNE[4], BOURNE[5], BOURNE[6]],
            &[("@", "command . ~/e\n\\. ~/e\n:\n"), ("e", ":\nPATH=/e:$PATH\n")],
            &["e:2 prepended /e", "e:2 prepended /e"],
        ),
    ),
    (
        "no newline at the end",
        path(
            &BOURNE,
            &[("@", ":\n. ~/a\nPATH=/y:$PATH"), ("a", ":\nPATH=/x:$PATH")],
            &["a:2 prepended /x", "@:3 prepended /y"],
        ),
    ),
    (
        "a value of several lines",
        path(
            &BOURNE,
            &[("@", ":\nPATH='/a\nb':$PATH\n:\nPATH=/c:$PATH\n")],
            &["@:2 prepended /a\nb", "@:5 prepended /c"],
        ),
    ),
    (
        "zsh: emulate -c",
        path(
            &[ZSH],
            &[("@", ":\n:\n:\nemulate sh -c '. ~/p.sh'\n:\n"), ("p.sh", ":\nPATH=/em:$PATH\n")],
            &["p.sh:2 prepended /em"],
        ),
    ),
    (
        "a function that was made by eval",
        path(
            &BOURNE,
            &[
                ("@", ":\neval \"$(cat ~/hook)\"\nPATH=/z:$PATH\n"),
                ("hook", "export A=b\nadd() {\n    X=\"/h/bin\"\n    PATH=\"${X}:${PATH}\"\n}\nadd\n"),
            ],
            &["@:2 prepended /h/bin", "@:3 prepended /z"],
        ),
    ),
    (
        "what a command writes into a pipe or a file that is gone",
        path(
            &[ZSH, BASH, KSH],
            &[("@", ":\n. <(echo X=1; echo 'PATH=/w:$PATH')\necho 'PATH=/v:$PATH' >~/t; . ~/t; rm ~/t\n")],
            &["@:2 prepended /w", "@:3 prepended /v"],
        ),
    ),
    (
        "fish: names, folders and what is gone",
        path(
            &[FISH],
            &[
                (
                    "@",
                    "source ~/a\\'b.fish\nsource \"$HOME/\x1bx.fish\"\ncd ~/sub\nsource x.fish\ncat ~/text | psub >~/name\n\
                     source (cat ~/text | psub)\n",
                ),
                ("a'b.fish", "\n\nset -p PATH /1\n"),
                ("\x1bx.fish", "\nset -p PATH /2\n"),
                ("sub/x.fish", "\nset -p PATH /3\n"),
                ("text", "set -gx A b\nset -gx PATH /4 $PATH\n"),
            ],
            &["a'b.fish:3 prepended /1", "\x1bx.fish:2 prepended /2", "sub/x.fish:2 prepended /3", "@:6 prepended /4"],
        ),
    ),
    (
        "csh: names and folders",
        path(
            &[TCSH, CSH],
            &[
                ("@", "source \"$HOME/a b.csh\"\ncd ~/sub\nsource x.csh\nset x = 1\n"),
                ("a b.csh", "\nsetenv PATH /1:$PATH\n"),
                ("sub/x.csh", "\n\nsetenv PATH /2:$PATH\n"),
            ],
            &["a b.csh:2 prepended /1", "sub/x.csh:3 prepended /2"],
        ),
    ),
];

#[test]
fn files_by_whatever_name() {
    check(CASES);
}

/// The file that ENV names may be chosen on the way, as FreeBSD's `.profile` does.
#[test]
fn a_login_file_that_names_the_other() {
    for way in [
        way("dash", "dash", "login-interactive", ".profile"),
        way("ksh93", "ksh93", "login-interactive", ".profile"),
        way("mksh", "mksh", "login-interactive", ".profile"),
        way("ash", "busybox", "login-interactive", ".profile"),
    ] {
        if !is_here(way) {
            continue;
        }
        let home = Home::new();
        home.file(".profile", "ENV=$HOME/.shinit; export ENV\nPATH=$PATH:/pr\n")
            .file(".shinit", ":\nPATH=/env:$PATH\n");
        let told = changes(&home, &explain(&home, way, "PATH"));
        assert_eq!(told, [".profile:2 appended /pr", ".shinit:2 prepended /env"], "{way:?}");
    }
}

/// A login file may name a file for shells in which nobody types, which a login shell then reads too.
#[test]
fn a_login_file_that_names_one_for_scripts() {
    let way = way("bash", "bash", "login", ".profile");
    if !is_here(way) {
        return;
    }
    let home = Home::new();
    home.file(".profile", ":\nBASH_ENV=~/env\nPATH=/a:$PATH\n").file("env", ":\nPATH=/env:$PATH\n");
    let told = explain(&home, way, "PATH");
    assert_eq!(changes(&home, &told), [".profile:3 prepended /a", "env:2 prepended /env"]);
}
