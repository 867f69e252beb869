//! Homes with frameworks and prompts.

use super::{Healthy, ours, own, program, unpack};
use crate::support::Home;

const OH_MY_ZSH: &str = "\
autoload -U compaudit compinit
fpath=($ZSH/functions $ZSH/completions $fpath)
compinit -D -u
for plugin ($plugins); do
  [[ -f $ZSH/plugins/$plugin/$plugin.plugin.zsh ]] && source $ZSH/plugins/$plugin/$plugin.plugin.zsh
done
for config_file ($ZSH_CUSTOM/*.zsh(N)); do source $config_file; done
setopt auto_cd multios prompt_subst
";

fn oh_my_zsh(home: &Home) {
    home.file(".oh-my-zsh/oh-my-zsh.sh", OH_MY_ZSH);
    home.file(".oh-my-zsh/plugins/git/git.plugin.zsh", "alias gst='git status'\n");
    home.file(
        ".oh-my-zsh/plugins/golang/golang.plugin.zsh",
        "alias gob='go build'\nalias gop='cd $GOPATH'\nalias got='go test'\nalias gov='go vet'\n",
    );
    home.file(
        ".zshrc",
        "# export PATH=$HOME/bin:$HOME/.local/bin:/usr/local/bin:$PATH\nexport ZSH=\"$HOME/.oh-my-zsh\"\n\
         ZSH_CUSTOM=$ZSH/custom\nZSH_THEME=\"robbyrussell\"\nplugins=(git golang)\n\nsource $ZSH/oh-my-zsh.sh\n\n\
         # User configuration\n# export MANPATH=\"/usr/local/man:$MANPATH\"\n",
    );
}

const PREZTO_ENV: &str = "\
#
# Defines environment variables.
#
# Ensure that a non-login, non-interactive shell has a defined environment.
if [[ ( \"$SHLVL\" -eq 1 && ! -o LOGIN ) && -s \"${ZDOTDIR:-$HOME}/.zprofile\" ]]; then
  source \"${ZDOTDIR:-$HOME}/.zprofile\"
fi
";

const PREZTO_PROFILE: &str = "\
if [[ -z \"$LANG\" ]]; then
  export LANG='en_US.UTF-8'
fi
typeset -gU cdpath fpath mailpath path
# Set the list of directories that Zsh searches for programs.
path=(
  $HOME/{,s}bin(N)
  /opt/{homebrew,local}/{,s}bin(N)
  /usr/local/{,s}bin(N)
  $path
)
export LESS='-g -i -M -R -S -w -X -z-4'
";

fn prezto(home: &Home, more: &str) {
    home.file(".zprezto/init.zsh", "setopt extended_glob no_clobber\nautoload -Uz add-zsh-hook\n");
    let rc = "if [[ -s \"${ZDOTDIR:-$HOME}/.zprezto/init.zsh\" ]]; then\n  source \"${ZDOTDIR:-$HOME}/.zprezto/init.zsh\"\nfi\n";
    let login = "{\n  : compile the completion dump\n} &!\n";
    let profile = format!("{PREZTO_PROFILE}{more}");
    for (name, text) in [("zshenv", PREZTO_ENV), ("zprofile", &profile), ("zshrc", rc), ("zlogin", login)] {
        home.file(format!(".zprezto/runcoms/{name}"), text);
        home.link(format!(".{name}"), format!(".zprezto/runcoms/{name}"));
    }
}

/// A program that prints what its `init` prints.
fn prompt(home: &Home, name: &str, says: &str) {
    program(home, &format!(".local/bin/{name}"), &format!("cat <<'E'\n{says}\nE"));
}

pub(super) const HOMES: &[Healthy] = &[
    ours("oh-my-zsh", "zsh", |home| {
        unpack(home, ".local/go");
        oh_my_zsh(home);
    }),
    own("oh-my-zsh with a custom go.zsh", "-zsh", |home| {
        unpack(home, ".local/go");
        oh_my_zsh(home);
        home.file(
            ".oh-my-zsh/custom/go.zsh",
            "export GOPATH=$HOME/go\nexport PATH=$HOME/.local/go/bin:$PATH:$GOPATH/bin\n",
        );
    }),
    ours("prezto", "zsh", |home| {
        unpack(home, ".local/go");
        prezto(home, "");
    }),
    own("prezto with Go in its path array", "zsh", |home| {
        unpack(home, ".local/go");
        prezto(home, "path=(\n  $HOME/.local/go/bin\n  $path\n)\n");
    }),
    ours("zinit", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".local/share/zinit/zinit.git/zinit.zsh", "zinit() { : }\nzi() { : }\ntypeset -gA ZINIT\n");
        home.file(".zshrc", "ZINIT_HOME=\"${XDG_DATA_HOME:-${HOME}/.local/share}/zinit/zinit.git\"\n[ ! -d $ZINIT_HOME ] && mkdir -p \"$(dirname $ZINIT_HOME)\"\n[ ! -d $ZINIT_HOME/.git ] && : git clone https://github.com/zdharma-continuum/zinit.git \"$ZINIT_HOME\"\nsource \"${ZINIT_HOME}/zinit.zsh\"\nzinit ice wait lucid\nzinit light zsh-users/zsh-autosuggestions\nautoload -Uz compinit && compinit -D -u\nzinit cdreplay -q\n");
    }),
    own("antigen", "zsh", |home| {
        unpack(home, ".local/go");
        home.file("antigen.zsh", "antigen() { : }\n");
        home.file(".zshrc", "source $HOME/antigen.zsh\nantigen use oh-my-zsh\nantigen bundle git\nantigen theme robbyrussell\nantigen apply\n\ntypeset -U path PATH\npath+=($HOME/.local/go/bin $HOME/go/bin)\nexport PATH\n");
    }),
    ours("antidote and ZDOTDIR", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshenv", "export ZDOTDIR=\"$HOME/.config/zsh\"\n");
        home.file(".config/zsh/.antidote/antidote.zsh", "antidote() { : }\n");
        home.file(".config/zsh/.zshrc", "source ${ZDOTDIR:-~}/.antidote/antidote.zsh\nantidote load\n");
    }),
    ours("starship in bash and zsh", "zsh", |home| {
        unpack(home, ".local/go");
        prompt(home, "starship", "starship_precmd() { :; }\nPROMPT_COMMAND=\"starship_precmd\"\nPS1='> '");
        home.file(".zshrc", "path=(~/.local/bin $path)\neval \"$(starship init zsh)\"\n");
        home.file(".bashrc", "PATH=~/.local/bin:$PATH\neval \"$(starship init bash)\"\n");
    }),
    ours("powerlevel10k with instant prompt", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".p10k.zsh", "() { emulate -L zsh; typeset -g POWERLEVEL9K_MODE=ascii }\n");
        home.file(".zshrc", "# Enable Powerlevel10k instant prompt. Should stay close to the top of ~/.zshrc.\nif [[ -r \"${XDG_CACHE_HOME:-$HOME/.cache}/p10k-instant-prompt-${(%):-%n}.zsh\" ]]; then\n  source \"${XDG_CACHE_HOME:-$HOME/.cache}/p10k-instant-prompt-${(%):-%n}.zsh\"\nfi\nbindkey -e\n# To customize prompt, run `p10k configure` or edit ~/.p10k.zsh.\n[[ ! -f ~/.p10k.zsh ]] || source ~/.p10k.zsh\n");
    }),
    ours("zim", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshrc", "setopt HIST_IGNORE_ALL_DUPS\nbindkey -e\nWORDCHARS=${WORDCHARS//[\\/]}\nZIM_HOME=${ZDOTDIR:-${HOME}}/.zim\nif [[ -e ${ZIM_HOME}/init.zsh ]] source ${ZIM_HOME}/init.zsh\nzmodload -F zsh/terminfo +p:terminfo\n");
    }),
    own("oh-my-bash", "bash", |home| {
        unpack(home, ".local/go");
        home.file(
            ".oh-my-bash/oh-my-bash.sh",
            "for f in \"$OSH\"/custom/*.sh; do [ -r \"$f\" ] && source \"$f\"; done\n",
        );
        home.file(".oh-my-bash/custom/path.sh", "export PATH=$PATH:$HOME/.local/go/bin\n");
        home.file(".bashrc", "case $- in\n  *i*) ;;\n    *) return;;\nesac\nexport OSH=\"$HOME/.oh-my-bash\"\nOSH_THEME=\"font\"\nplugins=(git bashmarks)\nsource \"$OSH\"/oh-my-bash.sh\n");
        home.file(".bash_profile", "[[ -f ~/.bashrc ]] && source ~/.bashrc\n");
    }),
    ours("bash-it", "-bash", |home| {
        unpack(home, ".local/go");
        home.file(".bash_it/bash_it.sh", "function bash-it() { :; }\n");
        home.file(".bash_profile", "export BASH_IT=\"$HOME/.bash_it\"\nexport BASH_IT_THEME='bobby'\nunset MAILCHECK\nsource \"$BASH_IT\"/bash_it.sh\n");
    }),
    ours("tmux by itself, with a guard", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshrc", "if [[ -z \"$TMUX\" && $- == *i* && -t 0 ]] && command -v tmux >/dev/null; then\n  exec tmux new-session -A -s main\nfi\n");
        home.file(".bashrc", "if command -v tmux &> /dev/null && [ -n \"$PS1\" ] && [[ ! \"$TERM\" =~ screen ]] && [[ ! \"$TERM\" =~ tmux ]] && [ -z \"$TMUX\" ]; then\n  exec tmux\nfi\n");
    }),
    ours("lines of many installers", "bash", |home| {
        unpack(home, ".local/go");
        home.file(
            ".cargo/env",
            "case \":${PATH}:\" in *:\"$HOME/.cargo/bin\":*) ;; *) export PATH=\"$HOME/.cargo/bin:$PATH\" ;; esac\n",
        );
        home.file(".nvm/nvm.sh", "nvm() { :; }\n").file(".fzf.bash", "PATH=\"${PATH:+${PATH}:}$HOME/.fzf/bin\"\n");
        let rc = "export NVM_DIR=\"$HOME/.nvm\"\n[ -s \"$NVM_DIR/nvm.sh\" ] && \\. \"$NVM_DIR/nvm.sh\"  # This loads nvm\n[ -f ~/.fzf.bash ] && source ~/.fzf.bash\n. \"$HOME/.cargo/env\"\nexport PNPM_HOME=\"$HOME/.local/share/pnpm\"\ncase \":$PATH:\" in\n  *\":$PNPM_HOME:\"*) ;;\n  *) export PATH=\"$PNPM_HOME:$PATH\" ;;\nesac\n# bun\nexport BUN_INSTALL=\"$HOME/.bun\"\nexport PATH=\"$BUN_INSTALL/bin:$PATH\"\nexport PATH=\"$PATH:$HOME/.rvm/bin\" # Add RVM to PATH for scripting. Make sure this is the last PATH variable change.\n";
        home.file(".bashrc", rc).file(".profile", ". \"$HOME/.cargo/env\"\n. ~/.bashrc\n");
    }),
    ours("sdkman must stay last", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".sdkman/bin/sdkman-init.sh", "export SDKMAN_CANDIDATES_DIR=$SDKMAN_DIR/candidates\nPATH=\"$SDKMAN_CANDIDATES_DIR/java/current/bin:$PATH\"\nexport PATH\n");
        home.file(".zshrc", "#THIS MUST BE AT THE END OF THE FILE FOR SDKMAN TO WORK!!!\nexport SDKMAN_DIR=\"$HOME/.sdkman\"\n[[ -s \"$HOME/.sdkman/bin/sdkman-init.sh\" ]] && source \"$HOME/.sdkman/bin/sdkman-init.sh\"\n");
    }),
];
