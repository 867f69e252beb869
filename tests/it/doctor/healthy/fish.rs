//! Homes of those who use fish.

use super::{Healthy, ours, own, unpack};
use crate::support::Home;

const ARCH_WIKI: &str = "\
[[ $- != *i* ]] && return
if [[ $(ps --no-header --pid=$PPID --format=comm) != \"fish\" && -z ${BASH_EXECUTION_STRING} && ${SHLVL} == 1 ]]
then
\tshopt -q login_shell && LOGIN_OPTION='--login' || LOGIN_OPTION=''
\texec fish $LOGIN_OPTION
fi
";

fn fisher(home: &Home) {
    home.file(".config/fish/fish_plugins", "jorgebucaran/fisher\nPatrickF1/fzf.fish\nIlanCosman/tide@v6\n");
    home.file(".config/fish/functions/fisher.fish", "function fisher --description 'A plugin manager'\nend\n");
    home.file(
        ".config/fish/conf.d/fzf.fish",
        "status is-interactive || exit\nset --global _fzf_search_vars_command '_fzf'\n",
    );
    home.file(
        ".config/fish/conf.d/_tide_init.fish",
        "function _tide_init_install --on-event _tide_init_install\n    true\nend\n",
    );
    home.file(".config/fish/functions/fish_prompt.fish", "function fish_prompt\n    printf '> '\nend\n");
}

pub(super) const HOMES: &[Healthy] = &[
    ours("fish with nothing", "fish", |home| unpack(home, ".local/go")),
    ours("fish with plugins of fisher", "fish", |home| {
        unpack(home, ".local/go");
        fisher(home);
        home.file(
            ".config/fish/config.fish",
            "if status is-interactive\n    # Commands to run in interactive sessions can go here\nend\n",
        );
    }),
    own("fish_add_path", "fish", |home| {
        unpack(home, ".local/go");
        fisher(home);
        home.file(".config/fish/config.fish", "set -gx GOPATH ~/go\nfish_add_path -g ~/.local/go/bin $GOPATH/bin\n");
        home.dir("go/bin");
    }),
    own("set -gx in conf.d", "-fish", |home| {
        unpack(home, ".local/go");
        home.file(
            ".config/fish/conf.d/go.fish",
            "set -gx GOPATH $HOME/go\nif not contains -- $HOME/.local/go/bin $PATH\n    set -gx PATH $PATH $HOME/.local/go/bin\nend\n",
        );
    }),
    own("universal fish_user_paths", "fish", |home| {
        unpack(home, ".local/go");
        let go = home.path(".local/go/bin").display().to_string();
        home.file(
            ".config/fish/fish_variables",
            format!("# This file contains fish universal variable definitions.\n# VERSION: 3.0\nSETUVAR fish_user_paths:{go}\n"),
        );
    }),
    ours("oh-my-fish and a prompt", "fish", |home| {
        unpack(home, ".local/go");
        home.file(".local/share/omf/init.fish", "set -g OMF 1\n");
        home.file(
            ".config/fish/conf.d/omf.fish",
            "set -q XDG_DATA_HOME\n  and set -gx OMF_PATH \"$XDG_DATA_HOME/omf\"\n  or set -gx OMF_PATH \"$HOME/.local/share/omf\"\nsource $OMF_PATH/init.fish\n",
        );
    }),
    own("fish from bash as the Arch wiki has it", "fish", |home| {
        unpack(home, ".local/go");
        home.env("SHELL", "/bin/bash").file(".bashrc", ARCH_WIKI);
        home.file(".bash_profile", "[[ -f ~/.bashrc ]] && . ~/.bashrc\nexport PATH=$PATH:$HOME/.local/go/bin\n");
        home.file(".config/fish/config.fish", "fish_add_path -gP ~/.local/go/bin\n");
    }),
    own("every interactive bash becomes fish", "fish", |home| {
        unpack(home, ".local/go");
        home.env("SHELL", "/bin/bash").file(
            ".bashrc",
            "# fish it is\nexport PATH=$PATH:$HOME/.local/go/bin\nif [ -n \"$PS1\" ]; then\n  exec fish\nfi\n",
        );
        home.file(".config/fish/config.fish", "fish_add_path -gP ~/.local/go/bin\n");
    }),
];
