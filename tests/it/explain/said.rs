//! The word for what a line did, and what is no change at all.

use super::cases::{Case, check, path};
use super::{BASH, BOURNE, CSH, DASH, FISH, KSH, TCSH, ZSH, changes, explain, is_here};
use crate::support::Home;

const CASES: &[(&str, Case)] = &[
    ("PATH+=", path(&[ZSH, BASH, KSH, BOURNE[4]], &[("@", ":\nPATH+=:/p\n:\n")], &["@:2 appended /p"])),
    (
        "by way of another variable",
        path(
            &BOURNE,
            &[("@", "NEW=/n:$PATH\nPATH=$NEW\n:\nPATH=/n:/usr/bin\n")],
            &["@:2 prepended /n", "@:4 set, lost /usr/local/bin /bin"],
        ),
    ),
    (
        "in front once more, where it stands further behind",
        path(
            &BOURNE,
            &[("@", "PATH=/a:$PATH\nPATH=/c:$PATH\nPATH=/a:$PATH\nPATH=$PATH:/c\n")],
            &["@:1 prepended /a", "@:2 prepended /c", "@:3 prepended /a", "@:4 appended /c"],
        ),
    ),
    (
        "a default that is filled in",
        Case {
            ways: &BOURNE,
            files: &[("@", "X=1\n: \"${GOROOT:=/r}\"\nexport GOROOT\n:\n")],
            variable: "GOROOT",
            told: &["@:2 set", "@:3 exported"],
        },
    ),
    (
        "a value with blanks, twice",
        Case {
            ways: &BOURNE,
            files: &[("@", "export GOFLAGS='-mod=mod -v'\nexport GOFLAGS=\"$GOFLAGS -x\"\n:\n")],
            variable: "GOFLAGS",
            told: &["@:1 set", "@:2 set"],
        },
    ),
    (
        "what is done at the exit no program sees",
        path(&BOURNE, &[("@", "trap 'PATH=/exit' EXIT\nPATH=/a:$PATH\n")], &["@:2 prepended /a"]),
    ),
    (
        "of two lines that look the same, the one of the command before",
        path(
            &[DASH],
            &[("@", "[ -d /usr ] && PATH=/a:$PATH\n[ -d /none ] && PATH=/a:$PATH\n:\n")],
            &["@:1 prepended /a"],
        ),
    ),
    (
        "CRLF in a value",
        path(&BOURNE, &[("@", "PATH=/a:$PATH\r\n")], &["@:1 prepended /a, appended /bin\r, lost /bin"]),
    ),
    (
        "zsh: an array over several lines",
        path(
            &[ZSH],
            &[("@", ":\npath=(\n  /one # it's first\n  $path\n  /two\n)\n:\n")],
            &["@:2 prepended /one, appended /two"],
        ),
    ),
    (
        "zsh: a variable that is tied to an array",
        Case {
            ways: &[ZSH],
            files: &[("@", "export -TU GOPATH gopath\n:\ngopath=(/g1 $gopath)\ngopath+=/g2\n:\n")],
            variable: "GOPATH",
            told: &["@:1 set", "@:3 set", "@:4 appended /g2"],
        },
    ),
    (
        "zsh: a prompt that expands nothing",
        path(
            &[ZSH],
            &[("@", "PATH=/a:$PATH\nsetopt no_prompt_percent\n:\nPATH=/b:$PATH\n:\n")],
            &["@:1 prepended /a", "@:2 (runs) prepended /b"],
        ),
    ),
    (
        "fish: short and long options",
        path(
            &[FISH],
            &[("@", "set -gxp PATH /a\nset -gx --append PATH /b\nset -gx --prepend PATH /c\n")],
            &["@:1 prepended /a", "@:2 appended /b", "@:3 prepended /c"],
        ),
    ),
    (
        "fish: ranges",
        path(
            &[FISH],
            &[("@", "set -gx PATH /1 /2 /3 /4 $PATH\nset -e PATH[1..2]\nset -e PATH[1 2]\nset PATH[2..-1] /x /y\n")],
            &[
                "@:1 prepended /1 /2 /3 /4",
                "@:2 lost /1 /2",
                "@:3 lost /3 /4",
                "@:4 appended /x /y, lost /usr/bin /bin",
            ],
        ),
    ),
    (
        "fish: what is local",
        Case {
            ways: &[FISH],
            files: &[(
                "@",
                "function f\n  set GOPATH /f\nend\nf\nset -gx GOPATH /g\nbegin\n  set -l GOPATH /l\n  set -a GOPATH /m\nend\n\
                 function h\n  set -a GOPATH /n\nend\nh\n",
            )],
            variable: "GOPATH",
            told: &["@:5 set", "@:11 appended /n"],
        },
    ),
    (
        "fish: exported later",
        Case {
            ways: &[FISH],
            files: &[("@", "set -g GOROOT /l\ntrue\nset -gx GOROOT $GOROOT\n")],
            variable: "GOROOT",
            told: &["@:1 set", "@:3 exported"],
        },
    ),
    (
        "csh: what is not told before it is done",
        path(&[TCSH, CSH], &[("@", "set x = 1\nsetenv PATH `echo /bt`:$PATH\nset y = 1\n")], &["@:2 prepended /bt"]),
    ),
    (
        "csh: one element",
        path(
            &[TCSH, CSH],
            &[("@", "set x = 1\nset path[1] = /one\nset y = 1\n")],
            &["@:2 prepended /one, lost /usr/local/bin"],
        ),
    ),
    ("tcsh: shift", path(&[TCSH], &[("@", "set x = 1\nshift path\nset y = 1\n")], &["@:2 lost /usr/local/bin"])),
];

#[test]
fn the_right_word() {
    check(CASES);
}

/// A line that only moves a folder to the front made it win.
#[test]
fn the_line_that_moved_the_winner() {
    for way in [ZSH, BASH].into_iter().filter(|way| is_here(*way)) {
        let home = Home::new();
        for root in ["a", "b"] {
            home.fake_go(root, "1.24.1");
        }
        home.file(way.rc, "PATH=~/a/bin:$PATH\nPATH=$PATH:~/b/bin\nPATH=~/b/bin:${PATH%:*}\n");
        let told = explain(&home, way, "PATH");
        let lines: Vec<_> =
            told["gos"].as_array().expect("a list").iter().map(|go| go["from"]["line"].clone()).collect();
        assert_eq!(lines, [3, 1], "{told}");
        assert_eq!(changes(&home, &told)[2], format!("{}:3 reordered", way.rc), "{told}");
    }
}

/// A prompt of the user's own from the first line on: it is not the shell itself that did it.
#[test]
fn a_shell_that_tells_nothing() {
    for way in [DASH, KSH].into_iter().filter(|way| is_here(*way)) {
        let mut home = Home::new();
        if way.rc == super::SHRC {
            let file = home.path(way.rc);
            home.env("ENV", file);
        }
        home.file(way.rc, "PS4='$LINENO '\nPATH=/a:$PATH\n");
        let told = explain(&home, way, "PATH");
        assert_eq!(changes(&home, &told), [format!("{}: (runs) prepended /a", way.rc)], "{told}");
    }
}
