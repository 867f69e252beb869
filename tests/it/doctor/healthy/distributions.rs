//! Homes as distributions make them.

use super::{Healthy, ours, own, program, session, unpack};
use crate::support::Home;

fn debian(home: &Home) {
    home.file(".bashrc", include_str!("../../homes/debian.bashrc"));
    home.file(".profile", include_str!("../../homes/debian.profile"));
    home.file(".bash_logout", "[ \"$SHLVL\" = 1 ] && [ -x /usr/bin/clear_console ] && /usr/bin/clear_console -q\n");
}

const FEDORA_RC: &str = "\
# .bashrc

# Source global definitions
if [ -f /etc/bashrc ]; then
    . /etc/bashrc
fi

# User specific environment
if ! [[ \"$PATH\" =~ \"$HOME/.local/bin:$HOME/bin:\" ]]; then
    PATH=\"$HOME/.local/bin:$HOME/bin:$PATH\"
fi
export PATH

# Uncomment the following line if you don't like systemctl's auto-paging feature:
# export SYSTEMD_PAGER=

# User specific aliases and functions
if [ -d ~/.bashrc.d ]; then
    for rc in ~/.bashrc.d/*; do
        if [ -f \"$rc\" ]; then
            . \"$rc\"
        fi
    done
fi
unset rc
";

const FEDORA_PROFILE: &str = "\
# .bash_profile

# Get the aliases and functions
if [ -f ~/.bashrc ]; then
    . ~/.bashrc
fi

# User specific environment and startup programs
";

fn fedora(home: &Home) {
    home.file(".bashrc", FEDORA_RC).file(".bash_profile", FEDORA_PROFILE);
    home.file(".bash_logout", "# ~/.bash_logout\n\n");
}

fn arch(home: &Home) {
    home.file(
        ".bashrc",
        "#\n# ~/.bashrc\n#\n\n# If not running interactively, don't do anything\n[[ $- != *i* ]] && return\n\n\
         alias ls='ls --color=auto'\nalias grep='grep --color=auto'\nPS1='[\\u@\\h \\W]\\$ '\n",
    );
    home.file(".bash_profile", "#\n# ~/.bash_profile\n#\n\n[[ -f ~/.bashrc ]] && . ~/.bashrc\n");
    home.file(".bash_logout", "#\n# ~/.bash_logout\n#\n\n");
}

const SUSE_RC: &str = "\
# Sample .bashrc for SUSE Linux
# Copyright (c) SUSE Software Solutions Germany GmbH

# There are 3 different types of shells in bash: the login shell, normal shell
# and interactive shell.
#
# NOTE: It is recommended to make language settings in ~/.profile rather than
# here, since multilingual X sessions would not work properly if LANG is over-
# ridden in every subshell.

test -s ~/.alias && . ~/.alias || true
";

const SUSE_PROFILE: &str = "\
# Sample .profile for SUSE Linux
# rewritten by Christian Steinruecken <cstein@suse.de>
#
# This file is read each time a login shell is started.
# All other interactive shells will only read .bashrc; this is particularly
# important for language settings, see below.

test -z \"$PROFILEREAD\" && . /etc/profile || true

# Some applications read the EDITOR variable to determine your favourite text
# editor. So uncomment the line below and enter the editor of your choice :-)
#export EDITOR=/usr/bin/vim
";

const BREW: &str = r#"[ "$1" = shellenv ] || exit 1
echo "export HOMEBREW_PREFIX=\"$HOME/homebrew\";"
echo "export HOMEBREW_CELLAR=\"$HOME/homebrew/Cellar\";"
echo "export PATH=\"$HOME/homebrew/bin:$HOME/homebrew/sbin\${PATH+:\$PATH}\";"
echo "[ -z \"\${MANPATH-}\" ] || export MANPATH=\":\${MANPATH#:}\";"
"#;

fn homebrew(home: &Home) {
    unpack(home, "homebrew/Cellar/go/1.22.10/libexec");
    home.link("homebrew/Cellar/go/1.22.10/bin/go", "../libexec/bin/go");
    home.link("homebrew/opt/go", "../Cellar/go/1.22.10").link("homebrew/bin/go", "../Cellar/go/1.22.10/bin/go");
    program(home, "homebrew/bin/brew", BREW);
}

pub(super) const HOMES: &[Healthy] = &[
    ours("Debian's skeleton", "bash", |home| {
        unpack(home, ".local/go");
        debian(home);
    }),
    ours("Debian's skeleton, in login shells", "-bash", |home| {
        unpack(home, ".local/go");
        debian(home);
    }),
    own("Debian, Go in .bashrc and .profile", "bash", |home| {
        unpack(home, ".local/go");
        debian(home);
        for file in [".bashrc", ".profile"] {
            let mut text = home.read(file).expect("it is there");
            text.extend(b"\nexport PATH=\"$PATH:$HOME/.local/go/bin:$HOME/go/bin\"\n");
            home.file(file, text);
        }
    }),
    own("Ubuntu, Go in .profile as go.dev has it, read by the desktop's session", "bash", |home| {
        unpack(home, ".local/go");
        debian(home);
        let mut text = home.read(".profile").expect("it is there");
        text.extend(b"\nexport PATH=$PATH:$HOME/.local/go/bin\n");
        home.file(".profile", text);
        session(home, &[".local/go/bin"]);
    })
    .knowing(&["P-16"]),
    ours("Fedora's skeleton", "bash", |home| {
        unpack(home, ".local/go");
        fedora(home);
    }),
    own("Fedora, Go in a file of .bashrc.d", "bash", |home| {
        unpack(home, ".local/go");
        fedora(home);
        home.file(".bashrc.d/10-go.sh", "export GOPATH=$HOME/go\nPATH=$PATH:$HOME/.local/go/bin:$GOPATH/bin\n");
    }),
    own("Amazon Linux, Go in .bash_profile and .bashrc", "-bash", |home| {
        unpack(home, ".local/go");
        home.file(".bashrc", "# .bashrc\n\n# Source global definitions\nif [ -f /etc/bashrc ]; then\n\t. /etc/bashrc\nfi\n\n# User specific aliases and functions\nexport PATH=$PATH:$HOME/.local/go/bin\n");
        home.file(".bash_profile", "# .bash_profile\n\nif [ -f ~/.bashrc ]; then\n\t. ~/.bashrc\nfi\n\nPATH=$PATH:$HOME/.local/bin:$HOME/bin\n\nexport PATH\n");
    }),
    ours("Arch's skeleton", "bash", |home| {
        unpack(home, ".local/go");
        arch(home);
    }),
    own("Arch, Go behind the guard", "bash", |home| {
        unpack(home, ".local/go");
        arch(home);
        let mut text = home.read(".bashrc").expect("it is there");
        text.extend(b"export GOPATH=\"$HOME/go\"\nexport PATH=\"$HOME/.local/go/bin:$PATH:$GOPATH/bin\"\n");
        home.file(".bashrc", text);
    }),
    ours("Gentoo's skeleton", "-bash", |home| {
        unpack(home, ".local/go");
        home.file(".bashrc", "# /etc/skel/.bashrc\n#\n# Test for an interactive shell.  There is no need to set anything\n# past this point for scp and rcp.\nif [[ $- != *i* ]] ; then\n\t# Shell is non-interactive.  Be done now!\n\treturn\nfi\n\n# Put your fun stuff here.\n");
        home.file(".bash_profile", "# /etc/skel/.bash_profile\n\n# This file is sourced by bash for login shells.\nif [[ -f ~/.bashrc ]] ; then\n\t. ~/.bashrc\nfi\n");
    }),
    ours("openSUSE's skeleton", "bash", |home| {
        unpack(home, ".local/go");
        home.file(".bashrc", SUSE_RC).file(".profile", SUSE_PROFILE);
    }),
    own("Alpine, ash with ENV", "-sh", |home| {
        unpack(home, ".local/go");
        home.file(".profile", "export ENV=\"$HOME/.ashrc\"\nexport PATH=\"$PATH:$HOME/.local/go/bin\"\n");
        home.file(".ashrc", "alias ll='ls -l'\nPS1='\\h:\\w\\$ '\n");
    }),
    ours("Alpine with nothing", "-sh", |home| unpack(home, ".local/go")),
    ours("root's files of Debian", "-bash", |home| {
        unpack(home, ".local/go");
        home.file(".bashrc", "# ~/.bashrc: executed by bash(1) for non-login shells.\n\n# You may uncomment the following lines if you want `ls' to be colorized:\n# export LS_OPTIONS='--color=auto'\n# alias ls='ls $LS_OPTIONS'\n");
        home.file(".profile", "# ~/.profile: executed by Bourne-compatible login shells.\n\nif [ \"$BASH\" ]; then\n  if [ -f ~/.bashrc ]; then\n    . ~/.bashrc\n  fi\nfi\n\nmesg n 2> /dev/null || true\n");
    }),
    ours("Manjaro's zsh", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshrc", "# Use powerline\nUSE_POWERLINE=\"true\"\n# Has weird character width\nHAS_WIDECHARS=\"false\"\n# Source manjaro-zsh-configuration\nif [[ -e /usr/share/zsh/manjaro-zsh-config ]]; then\n  source /usr/share/zsh/manjaro-zsh-config\nfi\n");
    }),
    ours("what zsh-newuser-install writes", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshrc", "# Lines configured by zsh-newuser-install\nHISTFILE=~/.histfile\nHISTSIZE=1000\nSAVEHIST=1000\nsetopt autocd extendedglob\nunsetopt beep\nbindkey -v\n# End of lines configured by zsh-newuser-install\n# The following lines were added by compinstall\nzstyle :compinstall filename \"$HOME/.zshrc\"\n\nautoload -Uz compinit\ncompinit -D -u\n# End of lines added by compinstall\n");
    }),
    ours("macOS as it comes", "-zsh", |home| unpack(home, ".local/go")),
    own("macOS, Homebrew in .zprofile and .zshrc", "-zsh", |home| {
        homebrew(home);
        for file in [".zprofile", ".zshrc"] {
            home.file(file, "eval \"$(\"$HOME/homebrew/bin/brew\" shellenv)\"\n");
        }
    })
    .knowing(&["P-11"]),
    own("macOS, Homebrew in .zprofile alone, as Homebrew has it", "-zsh", |home| {
        homebrew(home);
        home.file(".zprofile", "\neval \"$(\"$HOME/homebrew/bin/brew\" shellenv)\"\n");
        session(home, &["homebrew/bin"]);
    })
    .knowing(&["P-16"]),
];
