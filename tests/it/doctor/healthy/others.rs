//! Homes of those who use other shells, or unusual options.

use super::{Healthy, ours, own, unpack};

pub(super) const HOMES: &[Healthy] = &[
    ours("ksh93 with ENV", "ksh93", |home| {
        unpack(home, ".local/go");
        home.file(".profile", "export ENV=$HOME/.kshrc\nexport VISUAL=vi\n")
            .file(".kshrc", "set -o vi\nPS1='$PWD> '\n");
    }),
    own("ksh93 with lines of its own", "-ksh93", |home| {
        unpack(home, ".local/go");
        home.file(".profile", "PATH=$PATH:$HOME/.local/go/bin; export PATH\nENV=$HOME/.kshrc; export ENV\n");
        home.file(".kshrc", "case :$PATH: in *:$HOME/.local/go/bin:*) ;; *) PATH=$PATH:$HOME/.local/go/bin ;; esac\n");
    }),
    own("mksh", "mksh", |home| {
        unpack(home, ".local/go");
        home.file(".mkshrc", "PS1='$ '\nset -o vi-tabcomplete\nPATH=$HOME/.local/go/bin:$PATH\n");
        home.file(".profile", "export PATH=$HOME/.local/go/bin:$PATH\n");
    }),
    ours("mksh with its skeleton", "mksh", |home| {
        unpack(home, ".local/go");
        home.file(".mkshrc", "case $KSH_VERSION in\n*MIRBSD\\ KSH*|*LEGACY\\ KSH*) ;;\n*) return 0 ;;\nesac\nPS1='# '\nalias ls='ls -F'\n");
    }),
    ours("tcsh", "tcsh", |home| {
        unpack(home, ".local/go");
        home.file(
            ".tcshrc",
            "if ($?prompt) then\n  set prompt = '%m:%~%# '\n  set history = 1000\n  alias ll ls -l\nendif\n",
        );
    }),
    own("tcsh with FreeBSD's .cshrc", "tcsh", |home| {
        unpack(home, ".local/go");
        home.file(".cshrc", "alias h\t\thistory 25\nalias la\tls -aF\numask 22\n\nset path = (/sbin /bin /usr/sbin /usr/bin /usr/local/sbin /usr/local/bin $HOME/bin $HOME/.local/go/bin $HOME/go/bin)\n\nsetenv\tEDITOR\tvi\nsetenv\tPAGER\tless\n\nif ($?prompt) then\n\tset prompt = \"%N@%m:%~ %# \"\n\tset filec\n\tset history = 1000\nendif\n");
        home.file(".login", "if ( -x /usr/bin/fortune ) /usr/bin/fortune freebsd-tips\n");
    }),
    ours("yash", "yash", |home| {
        unpack(home, ".local/go");
        home.file(".yashrc", "set -o vi\nPS1='$ '\n");
    }),
    ours("dash at login", "-dash", |home| {
        unpack(home, ".local/go");
        home.file(".profile", "umask 022\nexport EDITOR=vi\n");
    }),
    ours("set -u", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshrc", "setopt no_unset\nexport EDITOR=vi\n");
        home.file(".bashrc", "set -u\nexport EDITOR=vi\n").file(".profile", "set -u\n. ~/.bashrc\n");
    }),
    own("a literal PATH that holds Go", "bash", |home| {
        unpack(home, ".local/go");
        for file in [".bashrc", ".profile"] {
            home.file(file, "export PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games:$HOME/.local/go/bin:$HOME/go/bin\n");
        }
    }),
    own("one file for all shells", "bash", |home| {
        unpack(home, ".local/go");
        home.file(".shrc", "add() { case :$PATH: in *:\"$1\":*) ;; *) PATH=$PATH:$1 ;; esac; }\nadd \"$HOME/.local/go/bin\"\nexport PATH\n");
        for file in [".bashrc", ".bash_profile", ".zshrc", ".profile"] {
            home.file(file, "[ -r ~/.shrc ] && . ~/.shrc\n");
        }
    }),
    own("zsh with everything in .zshenv", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshenv", "typeset -U path\npath=(\"$HOME/.local/go/bin\" $path)\nexport GOPATH=$HOME/go\n");
        home.file(".zshrc", "bindkey -e\n");
    }),
    ours("bash with colours, traps and a PROMPT_COMMAND", "bash", |home| {
        unpack(home, ".local/go");
        home.file(".bashrc", "shopt -s histappend checkwinsize\nHISTCONTROL=ignoreboth\nPROMPT_COMMAND='history -a'\ntrap 'printf \"\\e[0m\"' DEBUG\nparse() { git branch 2>/dev/null | sed -n 's/^\\* //p'; }\nPS1='\\[\\e[32m\\]\\w $(parse)\\$ '\necho welcome\n");
        home.file(".bash_profile", "if [ -f ~/.bashrc ]; then source ~/.bashrc; fi\n");
    }),
];
