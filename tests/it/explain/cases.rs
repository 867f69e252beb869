//! What changes a variable, in each shell that can be made to do it so.

use super::{BASH, BOURNE, CSH, DASH, FISH, KSH, SHRC, TCSH, Way, ZSH, changes, explain, is_here, way};
use crate::support::{Home, say};

/// Files, of which `@` is the one that the shell reads, a variable, and the changes to be told, which begin with `@`
/// likewise.
pub(super) struct Case {
    pub(super) ways: &'static [Way],
    pub(super) files: &'static [(&'static str, &'static str)],
    pub(super) variable: &'static str,
    pub(super) told: &'static [&'static str],
}

pub(super) const fn path(
    ways: &'static [Way],
    files: &'static [(&'static str, &'static str)],
    told: &'static [&'static str],
) -> Case {
    Case { ways, files, variable: "PATH", told }
}

const CASES: &[(&str, Case)] = &[
    (
        "thrown away in a file three deep",
        path(
            &BOURNE,
            &[
                ("@", "export PATH=/one:$PATH\n. ~/a/one.sh\n:\nPATH=$PATH:/last\n"),
                ("a/one.sh", "# deep\n:\n. ~/a/two.sh\n:\n"),
                ("a/two.sh", ":\n. ~/three.sh\n:\n"),
                ("three.sh", "X=1\n:\n:\nPATH=/usr/bin:/bin\n"),
            ],
            &["@:1 prepended /one", "three.sh:4 set, lost /one /usr/local/bin", "@:4 appended /last"],
        ),
    ),
    (
        "in a function, called twice",
        path(
            &BOURNE,
            &[("@", "add() {\n  :\n  PATH=$1:$PATH\n}\nadd /a\n:\nadd /b\n")],
            &["@:3 prepended /a", "@:3 prepended /b"],
        ),
    ),
    (
        "in a function of another file",
        path(
            &BOURNE,
            &[("@", ". ~/lib.sh\n:\n:\n:\nadd /a\n"), ("lib.sh", ":\nadd() {\n  PATH=\"$1:$PATH\"\n}\n")],
            &["lib.sh:3 prepended /a"],
        ),
    ),
    (
        "through eval",
        path(
            &BOURNE,
            &[
                ("@", ":\n:\neval 'PATH=/e:$PATH'\n:\neval \"$(cat ~/text)\"\n:\n"),
                ("text", "A=1\nB=2\nPATH=/f:$PATH\nC=3\n"),
            ],
            &["@:3 prepended /e", "@:5 prepended /f"],
        ),
    ),
    (
        "unset",
        path(
            &BOURNE,
            &[("@", ":\nPATH=/usr/bin\n:\nunset PATH\nPATH=/bin\nexport PATH\n")],
            &["@:2 set, lost /usr/local/bin /bin", "@:4 unset", "@:5 set", "@:6 exported"],
        ),
    ),
    (
        "readonly",
        path(&BOURNE, &[("@", ":\n:\nreadonly PATH=/r:/usr/bin:/bin\n:\n")], &["@:3 set, lost /usr/local/bin"]),
    ),
    (
        "a loop that reads plugins",
        path(
            &BOURNE,
            &[
                (
                    "@",
                    ":\nfor name in one two three; do\n  if [ -r ~/plugins/$name ]; then\n    . ~/plugins/$name\n  fi\ndone\n",
                ),
                ("plugins/one", ":\n"),
                ("plugins/two", "# second\n:\nPATH=\"$PATH:/two\"\n"),
                ("plugins/three", "PATH=/three:$PATH\n"),
            ],
            &["plugins/two:3 appended /two", "plugins/three:1 prepended /three"],
        ),
    ),
    (
        "lines of a here-document are none",
        path(&BOURNE, &[("@", "cat <<X >/dev/null\nPATH=/no:$PATH\nX\n:\nPATH=/no:$PATH\n")], &["@:5 prepended /no"]),
    ),
    (
        "what does not last",
        path(
            &BOURNE,
            &[(
                "@",
                ":\nPATH=/a:$PATH\n(PATH=/sub; :)\nx=$(PATH=/sub; echo x)\nPATH=/lent sh -c :\n:\nPATH=$PATH:/b\n",
            )],
            &["@:2 prepended /a", "@:7 appended /b"],
        ),
    ),
    (
        "a file that ends early",
        path(
            &BOURNE,
            &[("@", "PATH=/a:$PATH\nif [ -n x ]; then\n  return\nfi\nPATH=/b:$PATH\n")],
            &["@:1 prepended /a"],
        ),
    ),
    (
        "a line that goes on",
        path(
            &BOURNE,
            &[("@", ":\nPATH=/a:\\\n/b:\\\n$PATH\n:\nPATH=/c:$PATH\n")],
            &["@:2 prepended /a /b", "@:6 prepended /c"],
        ),
    ),
    (
        "several on one line, and strict settings",
        path(
            &[ZSH, BASH, DASH, KSH],
            &[("@", "set -u\nset -e\nexport PATH=/a:$PATH; export PATH=/b:$PATH\ntrue && PATH=$PATH:/c || :\n")],
            &["@:3 prepended /a", "@:3 prepended /b", "@:4 appended /c"],
        ),
    ),
    (
        "another order, and an entry twice",
        path(
            &BOURNE,
            &[("@", "PATH=/usr/bin:/bin:/usr/local/bin\n:\nPATH=/usr/bin:$PATH\n")],
            &["@:1 set", "@:3 prepended /usr/bin"],
        ),
    ),
    (
        "GOPATH, exported later",
        Case {
            ways: &BOURNE,
            files: &[("@", "GOPATH=/a\n:\nGOPATH=/b:$GOPATH\nexport GOPATH\n:\n")],
            variable: "GOPATH",
            told: &["@:1 set", "@:3 prepended /b", "@:4 exported"],
        },
    ),
    (
        "CRLF",
        Case {
            ways: &[ZSH, BASH],
            files: &[("@", ":\r\nexport GOROOT=/a\r\n:\r\nexport GOROOT=/b\r\n")],
            variable: "GOROOT",
            told: &["@:2 set", "@:4 set"],
        },
    ),
    ("an alias", path(&[ZSH, BASH, KSH], &[("@", "alias add='PATH=/al:$PATH'\n:\n:\nadd\n")], &["@:4 prepended /al"])),
    (
        "zsh: path=()",
        path(
            &[ZSH],
            &[("@", ":\npath=(/a $path)\n:\npath=(/usr/bin /bin)\npath+=(/z)\n")],
            &["@:2 prepended /a", "@:4 set, lost /a /usr/local/bin", "@:5 appended /z"],
        ),
    ),
    (
        "zsh: typeset -U",
        path(
            &[ZSH],
            &[("@", "PATH=/a:$PATH:/a\n:\ntypeset -U path PATH\n")],
            &["@:1 prepended /a, appended /a", "@:3 deduplicated"],
        ),
    ),
    (
        "zsh: functions with options of their own",
        path(
            &[ZSH],
            &[
                ("@", "source ~/lib.zsh\n:\nadd\nPATH=/after:$PATH\n"),
                (
                    "lib.zsh",
                    "function add {\n  emulate -L zsh\n  local x=1\n  path=(/em $path)\n  path+=(/back)\n  x=2\n}\n",
                ),
            ],
            &["lib.zsh:4 prepended /em", "lib.zsh:5 appended /back", "@:4 prepended /after"],
        ),
    ),
    (
        "zsh: what a command writes",
        path(&[ZSH, BASH], &[("@", ":\n:\nsource <(echo 'PATH=/w:$PATH')\n:\n")], &["@:3 prepended /w"]),
    ),
    (
        "zsh: no prompt substitution",
        path(
            &[ZSH],
            &[("@", "unsetopt promptsubst\nPATH=/a:$PATH\n:\nPATH=/b:$PATH\n")],
            &["@:2 prepended /a", "@:4 prepended /b"],
        ),
    ),
    (
        "local in a function",
        path(&[ZSH, BASH], &[("@", "f() {\n  local PATH=/l\n  :\n}\nf\n:\nPATH=/a:$PATH\n")], &["@:7 prepended /a"]),
    ),
    (
        "standard error sent away",
        path(
            &[ZSH, BASH],
            &[("@", ":\n. ~/b.sh 2>/dev/null\n:\n"), ("b.sh", ":\nPATH=/q:$PATH\n")],
            &["b.sh:2 prepended /q"],
        ),
    ),
    (
        "bash: a function with another's prompt",
        path(
            &[BASH],
            &[("@", "PATH=/a:$PATH\nPS4='> '\nPATH=/b:$PATH\n")],
            &["@:1 prepended /a", "@:2 (runs) prepended /b"],
        ),
    ),
    (
        "bash: what sshd starts",
        path(
            &[way("bash", "bash", "ssh-command", ".bashrc")],
            &[("@", "PATH=/a:$PATH\ncase $- in *i*) ;; *) return;; esac\nPATH=/b\n")],
            &["@:1 prepended /a"],
        ),
    ),
    (
        "bash: a login file that reads the other",
        path(
            &[way("bash", "bash", "login-interactive", ".bash_profile")],
            &[
                ("@", ":\n[ -f ~/.bashrc ] && . ~/.bashrc\nPATH=$PATH:/p\n"),
                (".bashrc", "PATH=/rc:$PATH\n"),
                (".profile", "PATH=/never\n"),
            ],
            &[".bashrc:1 prepended /rc", "@:3 appended /p"],
        ),
    ),
    (
        "zsh: four files, in their order",
        path(
            &[way("zsh", "zsh", "login-interactive", ".zshrc")],
            &[
                ("@", "PATH=/rc:$PATH\n"),
                (".zshenv", "PATH=/env:$PATH\n"),
                (".zprofile", ":\nPATH=/profile:$PATH\n"),
                (".zlogin", "PATH=/login:$PATH\n"),
            ],
            &[
                ".zshenv:1 prepended /env",
                ".zprofile:2 prepended /profile",
                "@:1 prepended /rc",
                ".zlogin:1 prepended /login",
            ],
        ),
    ),
    (
        "zsh: another folder",
        path(
            &[way("zsh", "zsh", "interactive", "z/.zshrc")],
            &[("@", "PATH=/rc:$PATH\n"), (".zshenv", "ZDOTDIR=~/z\n"), (".zshrc", "PATH=/never\n")],
            &["@:1 prepended /rc"],
        ),
    ),
    (
        "dash: one of two lines that look the same",
        path(
            &[DASH],
            &[("@", "if [ -n \"$HOME\" ]; then\n  PATH=/s:$PATH\nelse\n  PATH=/s:$PATH\nfi\nPATH=/t:$PATH\n")],
            &["@:2|4 prepended /s", "@:6 prepended /t"],
        ),
    ),
    (
        "dash: the same line twice",
        path(&[DASH], &[("@", "PATH=$PATH:/s\n:\nPATH=$PATH:/s\n")], &["@:1 appended /s", "@:3 appended /s"]),
    ),
    (
        "fish: a file three deep",
        path(
            &[FISH],
            &[
                ("@", "set -gx PATH /one $PATH\nsource ~/a.fish\ntrue\nset PATH $PATH /last\n"),
                ("a.fish", "true\nsource ~/b.fish\n"),
                ("b.fish", "# more\n\nsource ~/c.fish\n"),
                ("c.fish", "true; set -gx PATH /usr/bin /bin\n"),
            ],
            &["@:1 prepended /one", "c.fish:1 set, lost /one /usr/local/bin", "@:4 appended /last"],
        ),
    ),
    (
        "fish: a function, eval and a substitution",
        path(
            &[FISH],
            &[(
                "@",
                "function add --argument-names folder\n    set -gx PATH $folder $PATH\nend\nadd /f\neval 'set -gx PATH /e $PATH'\n\
                 set x (set -gx PATH /s $PATH; echo hi)\n",
            )],
            &["@:2 prepended /f", "@:5 prepended /e", "@:6 prepended /s"],
        ),
    ),
    (
        "fish: fish_add_path",
        path(
            &[FISH],
            &[("@", "true\nfish_add_path -g /usr/lib\ntrue\nfish_add_path -gm /bin\nfish_add_path -gP /usr/share\n")],
            &["@:2 prepended /usr/lib", "@:4 reordered", "@:5 prepended /usr/share"],
        ),
    ),
    (
        "fish: universal folders",
        path(
            &[FISH],
            &[
                ("@", "true\nset -gx PATH $PATH /z\n"),
                (".config/fish/fish_variables", "# VERSION: 3.0\nSETUVAR x:y\nSETUVAR fish_user_paths:/u\\x1e/v\n"),
            ],
            &[".config/fish/fish_variables:3 prepended /u /v", "@:2 appended /z"],
        ),
    ),
    (
        "fish: a function of its own folder",
        path(
            &[FISH],
            &[("@", "true\nadd /a\n"), (".config/fish/functions/add.fish", "function add\n  set -p PATH $argv\nend\n")],
            &[".config/fish/functions/add.fish:2 prepended /a"],
        ),
    ),
    (
        "fish: parts of PATH, and what does not last",
        path(
            &[FISH],
            &[(
                "@",
                "set -gx PATH /a \\\n    /b $PATH\nset -e PATH[1]\nbegin; set -lx PATH /local; true; end\n\
                 PATH=/lent true\nfor d in /x /y\n    set -a PATH $d\nend\n",
            )],
            &["@:1 prepended /a /b", "@:3 lost /a", "@:7 appended /x", "@:7 appended /y"],
        ),
    ),
    (
        "fish: erased",
        Case {
            ways: &[FISH],
            files: &[
                ("@", "set -gx GOPATH /a\ntrue\nset -e GOPATH\n"),
                (".config/fish/conf.d/x.fish", "set -gx GOPATH /c\n"),
            ],
            variable: "GOPATH",
            told: &[".config/fish/conf.d/x.fish:1 set", "@:1 set, lost /c", "@:3 unset"],
        },
    ),
    (
        "csh: setenv, set path and files",
        path(
            &[TCSH, CSH],
            &[
                (
                    "@",
                    "# mine\nsetenv PATH /one:${PATH}\nsource ~/a.csh\nset path = (/two $path)\nif (1) set path = ($path /three)\n",
                ),
                ("a.csh", "\nsource ~/b.csh\n"),
                ("b.csh", "setenv X y\nsource ~/c.csh # deep\n"),
                ("c.csh", "\n\nsetenv PATH /usr/bin:/bin\n"),
            ],
            &[
                "@:2 prepended /one",
                "c.csh:3 set, lost /one /usr/local/bin",
                "@:4 prepended /two",
                "@:5 appended /three",
            ],
        ),
    ),
    (
        "csh: conditions, loops, aliases and eval",
        path(
            &[TCSH, CSH],
            &[(
                "@",
                "if ($?HOME) then\n  setenv PATH /yes:${PATH}\nelse\n  setenv PATH /no\nendif\n\
                 foreach d (/a /b)\n  setenv PATH ${PATH}:$d\nend\nalias add 'setenv PATH /al:${PATH}'\nadd\n\
                 eval 'setenv PATH /ev:${PATH}'\nexit\nsetenv PATH /never\n",
            )],
            &["@:2 prepended /yes", "@:7 appended /a", "@:7 appended /b", "@:10 prepended /al", "@:11 prepended /ev"],
        ),
    ),
    (
        "csh: unsetenv",
        Case {
            ways: &[TCSH, CSH],
            files: &[("@", "setenv GOROOT /a\nsetenv GOROOT /b ; setenv GOROOT /c\n\nunsetenv GOROOT\n")],
            variable: "GOROOT",
            told: &["@:1 set", "@:2 set", "@:2 set", "@:4 unset"],
        },
    ),
    (
        "tcsh: each folder once",
        path(
            &[TCSH],
            &[("@", "set path = (/a $path /a)\nset -f path = ($path)\n")],
            &["@:1 prepended /a, appended /a", "@:2 deduplicated"],
        ),
    ),
];

#[test]
fn the_right_file_and_line() {
    check(CASES);
}

/// Tries each case in each of its shells.
#[track_caller]
pub(super) fn check(cases: &[(&str, Case)]) {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, case) in cases {
        for way in case.ways.iter().copied().filter(|way| is_here(*way)) {
            let mut home = Home::new();
            if way.rc == SHRC {
                let file = home.path(SHRC);
                home.env("ENV", file);
            }
            for (file, text) in case.files {
                home.file(if *file == "@" { way.rc } else { *file }, text);
            }
            let document = explain(&home, way, case.variable);
            let told = changes(&home, &document);
            let expected: Vec<String> = case.told.iter().map(|line| at(line, way.rc)).collect();
            count += 1;
            if told != expected {
                wrong.push(format!("{}: {name}\n  expected {expected:#?}\n  told {told:#?}", way.shell));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    say(&format!("explain: {count} cases, each with the right file and line"));
}

fn at(line: &str, rc: &str) -> String {
    line.strip_prefix('@').map_or_else(|| line.to_owned(), |rest| format!("{rc}{rest}"))
}
