//! Diseases of the chain of startup files: what takes Go off PATH, and what keeps its lines from being reached.

use super::{Case, Cure, append, replace};
use crate::support::{Home, need};

/// A home in which another shell is looked at, with blocks for it.
fn of(home: &mut Home, shell: &str) {
    home.file(super::SHELL, shell);
    home.run(&["apply", "--shell", shell, "--yes", "--no-verify"]).ok();
}

/// A home in which bash is looked at, without blocks.
fn bare_bash(home: &mut Home) {
    home.run(&["uninstall", "--yes"]).ok();
    home.file(super::SHELL, "bash");
}

/// The line that people are told to write.
const OWN: &str = "export PATH=$HOME/opt/go/bin:$PATH\n";

/// A home in which another shell is looked at, without blocks, and with a Go of which only its own lines know.
fn unknown(home: &mut Home, shell: &str) {
    home.run(&["uninstall", "--yes"]).ok();
    home.file(super::SHELL, shell);
    home.env("PATH", "/usr/bin:/bin");
}

/// Puts lines in front of what a file holds.
fn prepend(home: &Home, file: &str, lines: &str) {
    let text = [lines.as_bytes(), &home.read(file).expect("it is there")].concat();
    home.file(file, text);
}

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "P-12",
        name: "PATH is thrown away",
        make: |home| append(home, ".zshrc", "export PATH=/usr/bin:/bin\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "P-12",
        name: "three files deep",
        make: |home| {
            append(home, ".zshrc", "# PATH=/no\n. ~/a/one.sh\n");
            home.file("a/one.sh", ":\n. ~/a/two.sh\n:\n").file("a/two.sh", ":\n:\n. ~/three.sh\n");
            home.file("three.sh", "X=1\nPATH=/usr/bin:/bin\n");
        },
        lines: &[("three.sh", 2)],
        cure: Cure::Patch,
    },
    Case {
        id: "P-12",
        name: "in a function",
        make: |home| append(home, ".zshrc", "reset() {\n  PATH=/usr/bin:/bin\n}\n:\nreset\n"),
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "\nreset\n", "\n")),
    },
    Case {
        id: "P-12",
        name: "by eval of what a variable holds",
        make: |home| append(home, ".zshrc", "what='PATH=/usr/bin:/bin'\n:\neval \"$what\"\n"),
        lines: &[(".zshrc", 22)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "eval \"$what\"\n", "")),
    },
    Case {
        id: "P-12",
        name: "by zsh's list",
        make: |home| append(home, ".zshrc", ":\npath=(/usr/bin /bin)\n"),
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "/usr/bin /bin)\n", "$path)\n")),
    },
    Case {
        id: "P-12",
        name: "only its own folder goes",
        make: |home| append(home, ".zshrc", ":\npath=(${path:#*/opt/go/bin})\n"),
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "path=(${path:#*/opt/go/bin})\n", "")),
    },
    Case {
        id: "P-12",
        name: "by fish's set",
        make: |home| {
            of(home, "fish");
            home.file(".config/fish/config.fish", "true\nset -x PATH /usr/bin /bin\n");
        },
        lines: &[(".config/fish/config.fish", 2)],
        cure: Cure::Advice(|home| replace(home, ".config/fish/config.fish", "/usr/bin /bin\n", "$PATH\n")),
    },
    Case {
        id: "P-12",
        name: "by tcsh's setenv, in another file",
        make: |home| {
            home.file(".tcshrc", "# mine\n");
            of(home, "tcsh");
            append(home, ".tcshrc", "source ~/path.csh\n");
            home.file("path.csh", "\nsetenv PATH /usr/bin:/bin\n");
        },
        lines: &[("path.csh", 2)],
        cure: Cure::Advice(|home| replace(home, "path.csh", "/usr/bin:/bin\n", "${PATH}\n")),
    },
    Case {
        id: "P-12",
        name: "in a loop of bash's",
        make: |home| {
            of(home, "bash");
            append(home, ".bashrc", "for file in ~/.bashrc.d/*; do\n  . \"$file\"\ndone\n");
            home.file(".bashrc.d/10-a", ":\n").file(".bashrc.d/20-b", "# b\nexport PATH=/usr/bin:/bin\n");
        },
        lines: &[(".bashrc.d/20-b", 2)],
        cure: Cure::Patch,
    },
    Case {
        id: "P-12",
        name: "by mksh",
        make: |home| {
            home.file(".mkshrc", "# mine\n").file(".profile", "# mine\n");
            of(home, "mksh");
            append(home, ".mkshrc", "fresh() { PATH=/usr/bin:/bin; }\n:\nfresh\n");
        },
        lines: &[(".mkshrc", 22)],
        cure: Cure::Advice(|home| replace(home, ".mkshrc", "\nfresh\n", "\n")),
    },
    Case {
        id: "P-12",
        name: "by a function of bash's that unsets it first",
        make: |home| {
            of(home, "bash");
            append(home, ".bashrc", "fresh() {\n  unset PATH\n  PATH=/usr/bin:/bin\n  export PATH\n}\nfresh\n");
        },
        lines: &[(".bashrc", 21)],
        cure: Cure::Advice(|home| replace(home, ".bashrc", "\nfresh\n", "\n")),
    },
    Case {
        id: "P-12",
        name: "Go is in no usual place",
        make: |home| {
            unknown(home, "zsh");
            home.file(".zshrc", format!("{OWN}export PATH=/usr/bin:/bin\n"));
        },
        lines: &[(".zshrc", 2)],
        cure: Cure::Patch,
    },
    Case {
        id: "P-12",
        name: "Go is where only a trace tells",
        make: |home| {
            unknown(home, "zsh");
            home.file(".zshrc", ". ~/go.sh\nfresh() { PATH=/usr/bin:/bin; }\nfresh\n");
            home.file("go.sh", "mine=$HOME/opt\nPATH=$mine/go/bin:$PATH\n");
        },
        lines: &[(".zshrc", 2)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "\nfresh\n", "\n")),
    },
    Case {
        id: "P-12",
        name: "Go is in no usual place, by fish",
        make: |home| {
            unknown(home, "fish");
            home.file(
                ".config/fish/config.fish",
                "set -gx PATH ~/opt/go/bin $PATH\nfunction fresh\n  set -gx PATH /usr/bin /bin\nend\nfresh\n",
            );
        },
        lines: &[(".config/fish/config.fish", 3)],
        cure: Cure::Advice(|home| replace(home, ".config/fish/config.fish", "end\nfresh\n", "end\n")),
    },
    Case {
        id: "P-12",
        name: "Go is in no usual place, by tcsh",
        make: |home| {
            unknown(home, "tcsh");
            home.file(".tcshrc", "set path = (~/opt/go/bin $path)\nsetenv PATH /usr/bin:/bin\n");
        },
        lines: &[(".tcshrc", 2)],
        cure: Cure::Advice(|home| replace(home, ".tcshrc", "setenv PATH /usr/bin:/bin\n", "")),
    },
    Case {
        id: "P-07",
        name: "an alias",
        make: |home| append(home, ".zshrc", "alias gofmt=x go='grc go'\nalias go='grc go'\n"),
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(|home| append(home, ".zshrc", "unalias go\n")),
    },
    Case {
        id: "P-07",
        name: "a function in a file that bash reads",
        make: |home| {
            of(home, "bash");
            append(home, ".bashrc", "for file in ~/lib/*.sh; do . $file; done\n");
            home.file("lib/go.sh", ":\ngo() {\n  command go \"$@\"\n}\n");
        },
        lines: &[("lib/go.sh", 2)],
        cure: Cure::Advice(|home| append(home, ".bashrc", "unset -f go\n")),
    },
    Case {
        id: "P-07",
        name: "a function in a file that does nothing else",
        make: |home| {
            append(home, ".zshrc", "source ~/lib/go.sh\n");
            home.file("lib/go.sh", "# mine\ngo() {\n  command go \"$@\"\n}\n");
        },
        lines: &[("lib/go.sh", 2)],
        cure: Cure::Advice(|home| append(home, ".zshrc", "unset -f go\n")),
    },
    Case {
        id: "P-07",
        name: "an alias among others",
        make: |home| {
            of(home, "bash");
            append(home, ".bashrc", ". ~/.bash_aliases\n");
            home.file(".bash_aliases", "alias l=ls\nalias ll='ls -l' go='go -v'\n");
        },
        lines: &[(".bash_aliases", 2)],
        cure: Cure::Advice(|home| append(home, ".bashrc", "unalias go\n")),
    },
    Case {
        id: "P-07",
        name: "a function of ksh93",
        make: |home| {
            of(home, "ksh93");
            append(home, ".kshrc", "function go { command go \"$@\"; }\n");
        },
        lines: &[(".kshrc", 20)],
        cure: Cure::Advice(|home| append(home, ".kshrc", "unset -f go\n")),
    },
    Case {
        id: "P-07",
        name: "an alias of mksh",
        make: |home| {
            of(home, "mksh");
            append(home, ".mkshrc", "alias go=gcc\n");
        },
        lines: &[(".mkshrc", 20)],
        cure: Cure::Advice(|home| append(home, ".mkshrc", "unalias go\n")),
    },
    Case {
        id: "P-07",
        name: "an alias of tcsh",
        make: |home| {
            of(home, "tcsh");
            home.file("mine.csh", "alias l ls\nalias go 'go -v'\n");
            append(home, ".cshrc", "source ~/mine.csh\n");
        },
        lines: &[("mine.csh", 2)],
        cure: Cure::Advice(|home| append(home, ".cshrc", "unalias go\n")),
    },
    Case {
        id: "P-07",
        name: "a file of a function of fish",
        make: |home| {
            of(home, "fish");
            home.file(".config/fish/functions/go.fish", "# mine\nfunction go\n    command go $argv\nend\n");
        },
        lines: &[(".config/fish/functions/go.fish", 2)],
        cure: Cure::Advice(|home| append(home, ".config/fish/config.fish", "functions -e go\n")),
    },
    Case {
        id: "P-12",
        name: "in the file of two shells",
        make: |home| {
            of(home, "tcsh");
            append(home, ".cshrc", "set path = (/usr/bin /bin)\n");
        },
        lines: &[(".cshrc", 54)],
        cure: Cure::Advice(|home| replace(home, ".cshrc", "set path = (/usr/bin /bin)\n", "")),
    },
    Case {
        id: "P-07",
        name: "a function of fish",
        make: |home| {
            of(home, "fish");
            home.file(".config/fish/config.fish", "function go --wraps go\n    command go $argv\nend\n");
        },
        lines: &[(".config/fish/config.fish", 1)],
        cure: Cure::Advice(|home| append(home, ".config/fish/config.fish", "functions -e go\n")),
    },
    Case {
        id: "F-03",
        name: "a return in a file that a login file reads",
        make: |home| {
            bare_bash(home);
            home.file(".profile", ". ~/.bashrc\n").file(".bashrc", format!("[ -z \"$NOTHING\" ] && return\n{OWN}"));
        },
        lines: &[(".bashrc", 1), (".bashrc", 2)],
        cure: Cure::Advice(|home| {
            home.file(".bashrc", OWN);
        }),
    },
    Case {
        id: "F-03",
        name: "a return above it",
        make: |home| prepend(home, ".zshrc", "[[ -o login ]] || return\n"),
        lines: &[(".zshrc", 1), (".zshrc", 2)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "[[ -o login ]] || return\n", "")),
    },
    Case {
        id: "F-03",
        name: "a return in a condition that holds",
        make: |home| prepend(home, ".zshrc", ":\nif [[ -n $HOME ]]; then\n  return\nfi\n"),
        lines: &[(".zshrc", 3), (".zshrc", 5)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "  return\n", "  :\n")),
    },
    Case {
        id: "F-03",
        name: "a return of bash's",
        make: |home| {
            of(home, "bash");
            prepend(home, ".bashrc", "case $- in\n  *i*) return ;;\nesac\n");
        },
        lines: &[(".bashrc", 2), (".bashrc", 4)],
        cure: Cure::Advice(|home| replace(home, ".bashrc", "*i*) return", "*i*) :")),
    },
    Case {
        id: "F-03",
        name: "a return above one's own line",
        make: |home| {
            unknown(home, "zsh");
            home.file(".zshrc", format!(":\nreturn\n{OWN}"));
        },
        lines: &[(".zshrc", 2), (".zshrc", 3)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "return\n", "")),
    },
    Case {
        id: "F-03",
        name: "a return in a file that the login file reads",
        make: |home| {
            unknown(home, "bash");
            home.file(".bash_profile", ". ~/.bashrc\n");
            home.file(".bashrc", format!(":\n[ -n \"$HOME\" ] && return\n{OWN}"));
        },
        lines: &[(".bashrc", 2), (".bashrc", 3)],
        cure: Cure::Advice(|home| replace(home, ".bashrc", "&& return", "|| return")),
    },
    Case {
        id: "P-02",
        name: "a condition that does not hold",
        make: |home| {
            unknown(home, "zsh");
            home.file(".zshrc", format!(":\nif [[ $OSTYPE = plan9 ]]; then\n{OWN}fi\n"));
        },
        lines: &[(".zshrc", 3)],
        cure: Cure::Command,
    },
    Case {
        id: "P-02",
        name: "a condition that holds at login alone",
        make: |home| {
            unknown(home, "fish");
            let own = "if status is-login\n    set -gx PATH ~/opt/go/bin $PATH\nend\n";
            home.file(".config/fish/config.fish", own);
        },
        lines: &[(".config/fish/config.fish", 2)],
        cure: Cure::Command,
    },
    Case {
        id: "F-03",
        name: "an exit of fish's",
        make: |home| {
            unknown(home, "fish");
            home.file(".config/fish/config.fish", ":\nexit\nset -gx PATH ~/opt/go/bin $PATH\n");
        },
        lines: &[(".config/fish/config.fish", 2), (".config/fish/config.fish", 3)],
        cure: Cure::Advice(|home| replace(home, ".config/fish/config.fish", "exit\n", "")),
    },
    Case {
        id: "F-03",
        name: "a variable that tcsh does not know",
        make: |home| {
            unknown(home, "tcsh");
            home.file(".tcshrc", "setenv A $undefined\nset path = (~/opt/go/bin $path)\n");
        },
        lines: &[(".tcshrc", 1), (".tcshrc", 2)],
        cure: Cure::Advice(|home| replace(home, ".tcshrc", "setenv A $undefined\n", "")),
    },
    Case {
        id: "F-05",
        name: "the system's folders are gone",
        make: |home| append(home, ".zshrc", "export PATH=$HOME/opt/go/bin\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "F-05",
        name: "by a file that is read",
        make: |home| {
            append(home, ".zshrc", "source ~/paths\n");
            home.file("paths", "\n\nfor one in $HOME/opt/go/bin; do path=($one); done\n");
        },
        lines: &[("paths", 3)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "source ~/paths\n", "")),
    },
    Case {
        id: "F-12",
        name: "a login file hides the one with Go",
        make: |home| {
            bare_bash(home);
            home.file(".profile", format!("# mine\n{OWN}")).file(".bashrc", OWN).file(".bash_profile", "# mine\n");
        },
        lines: &[(".profile", 2), (".bashrc", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "F-12",
        name: "a login file that does not read .bashrc",
        make: |home| {
            bare_bash(home);
            home.file(".bashrc", format!("# mine\n{OWN}")).file(".bash_profile", "# mine\n");
        },
        lines: &[(".bashrc", 2)],
        cure: Cure::Command,
    },
    Case {
        id: "F-12",
        name: "in zsh's login file alone",
        make: |home| {
            home.run(&["uninstall", "--yes"]).ok();
            home.file(".zprofile", OWN);
            // No session brings it either.
            home.env("PATH", "/usr/bin:/bin");
        },
        lines: &[(".zprofile", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "F-12",
        name: "in a file that zsh's login file reads",
        make: |home| {
            unknown(home, "zsh");
            home.file(".zprofile", ". ~/env.sh\n");
            home.file("env.sh", "mine=$HOME/opt\neval \"PATH=$mine/go/bin:\\$PATH\"\n");
        },
        lines: &[("env.sh", 2)],
        cure: Cure::Command,
    },
];

/// The options of each start of zsh, one a line: `x` among them in one that is traced.
const STARTED: &str = "print -r -- $- >>$TMPDIR/started\n";

fn traced(home: &Home) -> usize {
    let started = fs_err::read_to_string(home.beside("tmp").join("started")).expect("zsh was started");
    started.lines().filter(|options| options.contains('x')).count()
}

#[test]
fn only_what_is_wrong_is_traced() {
    if !need("zsh") {
        return;
    }
    let home = super::healthy();
    home.file(".zshenv", STARTED);
    assert_eq!(super::doctor(&home).0, 0);
    assert_eq!(traced(&home), 0, "nothing is wrong");
    // In terminals alone.
    append(&home, ".zshrc", "export GOROOT=/nonexistent GOFLAGS=-mod=vendor\n");
    assert_eq!(super::doctor(&home).0, 1);
    assert_eq!(traced(&home), 2, "zsh -i and zsh -l -i, once for both variables");
}

#[test]
fn what_a_trace_holds_is_not_told() {
    if !need("zsh") {
        return;
    }
    let home = super::healthy();
    home.file("env", "export TOKEN=hunter2\nset_root() { export GOROOT=$1 TOKEN=hunter3; }\nset_root /nonexistent\n");
    append(&home, ".zshrc", "export API_KEY=hunter4 && . ~/env\nPATH=/usr/bin:/bin; curl_opts=hunter5\n");
    home.file(".zlogin", "echo hunter6 >&2\nif hunter7; then\n");
    for more in [&["--json"][..], &["-v"], &["--patch"], &[]] {
        let ran = home.run(&[&["doctor", "--shell", "zsh", "--offline"], more].concat());
        let said = [ran.stdout, ran.stderr].concat();
        assert!(!said.windows(6).any(|word| word == b"hunter"), "{}", String::from_utf8_lossy(&said));
    }
}
