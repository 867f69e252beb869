//! The homes in which every shell is tried at once: fresh, Debian's, and busy ones.

use std::path::Path;

use crate::support::Home;

/// A home, by what it has in it.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) build: fn(&Home),
}

pub(super) const ALL: [Case; 6] = [
    Case { name: "fresh", build: |_| {} },
    Case { name: "skeleton", build: skeleton },
    Case { name: "guards", build: |home| put(home, GUARDS) },
    Case { name: "tmux", build: |home| put(home, TMUX) },
    Case { name: "set -u", build: |home| put(home, NOUNSET) },
    Case { name: "framework", build: |home| put(home, FRAMEWORK) },
];

fn put(home: &Home, files: &[(&str, &str)]) {
    for (name, text) in files {
        home.file(name, text);
    }
}

/// What Debian gives a new user: bash's own files, and those of the other shells that are installed.
fn skeleton(home: &Home) {
    home.file(".bashrc", include_str!("../homes/debian.bashrc"));
    home.file(".profile", include_str!("../homes/debian.profile"));
    for name in [".bash_logout", ".kshrc", ".mkshrc"] {
        if let Ok(bytes) = fs_err::read(Path::new("/etc/skel").join(name)) {
            home.file(name, bytes);
        }
    }
}

const RETURN_UNLESS_INTERACTIVE: &str =
    "# not for scripts\ncase $- in\n*i*) ;;\n*) return ;;\nesac\nalias ll='ls -l'\n";
const EXIT_WITHOUT_PROMPT: &str = "setenv EDITOR vi\nif (! $?prompt) exit\nset filec\nalias ll ls -l\n";

/// Each file ends early where nobody types.
const GUARDS: &[(&str, &str)] = &[
    (".zshenv", "[[ -o interactive ]] || return\nsetopt no_beep\n"),
    (".zprofile", "[[ -o interactive ]] || return 0\nexport EDITOR=vi\n"),
    (".zshrc", "[[ $- != *i* ]] && return\nsetopt auto_cd\n"),
    (".bash_profile", "export EDITOR=vi\n[ -z \"$PS1\" ] && return\n[ -f ~/.bashrc ] && . ~/.bashrc\n"),
    (".bashrc", RETURN_UNLESS_INTERACTIVE),
    (".profile", RETURN_UNLESS_INTERACTIVE),
    (".kshrc", RETURN_UNLESS_INTERACTIVE),
    (".mkshrc", RETURN_UNLESS_INTERACTIVE),
    (".yash_profile", "umask 022\n"),
    (".yashrc", RETURN_UNLESS_INTERACTIVE),
    (".tcshrc", EXIT_WITHOUT_PROMPT),
    (".cshrc", EXIT_WITHOUT_PROMPT),
    (".config/fish/config.fish", "status is-interactive; or exit\nset -g fish_greeting\n"),
    (".config/fish/conf.d/a.fish", "status is-interactive; or exit\nset -gx A a\n"),
];

/// What a terminal starts goes on in a multiplexer, unless it is in one. The program that it would go on in says so.
const EXEC: &str = "if [ -z \"${TMUX-}\" ]; then\n  exec echo here would be tmux\nfi\nalias ll='ls -l'\n";
const EXEC_SHORT: &str = "export EDITOR=vi\n[ -n \"${TMUX-}\" ] || exec echo here would be tmux\n";
const EXEC_CSH: &str = "if (! $?TMUX) exec echo here would be tmux\nsetenv EDITOR vi\n";

const TMUX: &[(&str, &str)] = &[
    (".zshrc", EXEC),
    (".zprofile", EXEC_SHORT),
    (".bash_login", EXEC_SHORT),
    (".bashrc", EXEC),
    (".profile", EXEC),
    (".kshrc", EXEC_SHORT),
    (".mkshrc", EXEC),
    (".yash_profile", EXEC),
    (".cshrc", EXEC_CSH),
    (".login", "setenv PAGER less\n"),
    (".config/fish/config.fish", "if not set -q TMUX\n    exec echo here would be tmux\nend\n"),
];

const NOUNSET: &[(&str, &str)] = &[
    (".zshenv", "setopt no_unset\n"),
    (".zshrc", "set -u"),
    (".bash_profile", "set -u\n. ~/.bashrc\n"),
    (".bashrc", "set -u\nset -o noclobber"),
    (".profile", "set -u\n"),
    (".kshrc", "set -u\n"),
    (".mkshrc", "set -u -o noglob\n"),
    (".yash_profile", "set -u\n"),
    (".yashrc", "set -u\n"),
    (".cshrc", "set noglob\nset noclobber\n"),
    (".config/fish/config.fish", "set -gx XDG_DATA_DIRS /usr/share\n"),
];

const ZSH_FRAMEWORK: &str = "\
setopt extended_glob no_clobber ksh_arrays
autoload -Uz add-zsh-hook
typeset -U path fpath
fpath=(\"$ZSH/functions\" \"${fpath[@]}\")
unsetopt ksh_arrays
for plugin in $plugins; do . $ZSH/plugins/$plugin.zsh; done
_title() { print -Pn '\\e]0;%~\\a' }
[[ -t 1 ]] && add-zsh-hook precmd _title
:
";

/// Frameworks that bring plugins and prompts, and files that read other files.
const FRAMEWORK: &[(&str, &str)] = &[
    (".oh-my-zsh/oh-my-zsh.sh", ZSH_FRAMEWORK),
    (".oh-my-zsh/plugins/git.zsh", "alias gst='git status'\n"),
    (
        ".zshrc",
        "export ZSH=$HOME/.oh-my-zsh\nplugins=(git)\nsource $ZSH/oh-my-zsh.sh\n# [[ -f ~/.p10k.zsh ]] || . ~/.p10k.zsh\n",
    ),
    (".oh-my-bash/oh-my-bash.sh", "shopt -s extglob histappend\nPROMPT_COMMAND='history -a'\nalias gst='git status'\n"),
    (
        ".bashrc",
        "# ~/.bashrc\ncase $- in *i*) ;; *) return;; esac\nexport OSH=~/.oh-my-bash\nsource \"$OSH\"/oh-my-bash.sh\n",
    ),
    (".bash_profile", "[[ -r ~/.profile ]] && . ~/.profile\n[[ $- == *i* ]] && . ~/.bashrc\n"),
    (".profile", "export EDITOR=vi\nexport ENV=$HOME/.shrc\n"),
    (".shrc", "alias ll='ls -l'\n"),
    (".kshrc", "PS1='$ '\nset -o vi\n"),
    (".mkshrc", "PS1='$ '\nset -o vi-tabcomplete\n"),
    (".yash_profile", "export EDITOR=vi\n"),
    (".yashrc", "PS1='$ '\nset -o vi\n"),
    (
        ".tcshrc",
        "source ~/.aliases.csh\nset autolist\nif ($?prompt) then\n  set prompt = '%m:%~%# '\n  complete cd 'p/1/d/'\nendif\n",
    ),
    (".cshrc", "source ~/.aliases.csh\nif ($?prompt) then\n  set prompt = '% '\nendif"),
    (".aliases.csh", "alias ll ls -l\nalias h history\n"),
    (".login", "setenv PAGER less\n"),
    (
        ".config/fish/config.fish",
        "if status is-interactive\n    set -g fish_greeting\nend\nset -gx PATH $HOME/.local/bin $PATH\n",
    ),
    (
        ".config/fish/conf.d/fisher.fish",
        "set -g fisher_path ~/.config/fish\nfunction _tide_init --on-event fish_prompt\nend\n",
    ),
    (".config/fish/conf.d/zz_last.fish", "set -gx EDITOR vi\n"),
    (".config/fish/functions/ll.fish", "function ll\n    ls -l $argv\nend\n"),
];
