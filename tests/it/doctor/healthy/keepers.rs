//! Homes whose startup files somebody else keeps: dotfiles managers, checkouts, Nix; and tools that change PATH themselves.

use super::{Healthy, ours, own, program, unpack};
use crate::support::Home;

const RC: &str = "export EDITOR=vi\nexport PATH=\"$HOME/.local/go/bin:$PATH\"\n";

fn checkout(home: &Home, folder: &str) {
    home.file(format!("{folder}/.git/HEAD"), "ref: refs/heads/main\n");
    home.dir(format!("{folder}/.git/refs")).dir(format!("{folder}/.git/objects"));
}

const CONDA: &str = "\
# >>> conda initialize >>>
# !! Contents within this block are managed by 'conda init' !!
__conda_setup=\"$(\"$HOME/miniconda3/bin/conda\" 'shell.posix' 'hook' 2> /dev/null)\"
if [ $? -eq 0 ]; then
    eval \"$__conda_setup\"
else
    if [ -f \"$HOME/miniconda3/etc/profile.d/conda.sh\" ]; then
        . \"$HOME/miniconda3/etc/profile.d/conda.sh\"
    else
        export PATH=\"$HOME/miniconda3/bin:$PATH\"
    fi
fi
unset __conda_setup
# <<< conda initialize <<<
";

pub(super) const HOMES: &[Healthy] = &[
    own("dotfiles in a checkout, by GNU stow", "zsh", |home| {
        unpack(home, ".local/go");
        checkout(home, "dotfiles");
        for name in [".zshrc", ".zprofile"] {
            home.file(format!("dotfiles/zsh/{name}"), "typeset -U path PATH\npath=(~/.local/go/bin $path)\n");
            home.link(name, format!("dotfiles/zsh/{name}"));
        }
    }),
    ours("links into a checkout, and our block in it", "bash", |home| {
        unpack(home, ".local/go");
        checkout(home, "src/dotfiles");
        for name in ["bashrc", "bash_profile"] {
            home.file(format!("src/dotfiles/{name}"), "export EDITOR=vi\n");
            home.link(format!(".{name}"), format!("src/dotfiles/{name}"));
        }
    }),
    own("chezmoi", "zsh", |home| {
        unpack(home, ".local/go");
        checkout(home, ".local/share/chezmoi");
        for name in ["zshrc", "zprofile"] {
            home.file(format!(".local/share/chezmoi/dot_{name}"), RC).file(format!(".{name}"), RC);
        }
    }),
    own("home-manager's links, which nobody may write", "zsh", |home| {
        unpack(home, "store/xyz-go-1.22.10/share/go");
        home.link("store/xyz-go-1.22.10/bin/go", "../share/go/bin/go");
        home.link(".nix-profile", "store/xyz-go-1.22.10");
        home.file("store/hm-session-vars.sh", "if [ -n \"$__HM_SESS_VARS_SOURCED\" ]; then return; fi\nexport __HM_SESS_VARS_SOURCED=1\nexport EDITOR=\"vi\"\nexport GOPATH=\"$HOME/go\"\n");
        home.file(
            "store/home-manager-files/.zshenv",
            ". \"$HOME/store/hm-session-vars.sh\"\nexport PATH=\"$HOME/.nix-profile/bin:$PATH\"\n",
        );
        home.file("store/home-manager-files/.zshrc", "typeset -U path cdpath fpath manpath\nHISTSIZE=\"10000\"\n");
        for name in [".zshenv", ".zshrc"] {
            home.mode(format!("store/home-manager-files/{name}"), 0o444);
            home.link(name, home.path(format!("store/home-manager-files/{name}")));
        }
    }),
    own("Nix on another system", "bash", |home| {
        unpack(home, "store/abc-go/share/go");
        home.link("store/abc-go/bin/go", "../share/go/bin/go").link(".nix-profile", "store/abc-go");
        home.file(
            "store/nix.sh",
            "export NIX_PROFILES=\"$HOME/.nix-profile\"\nexport PATH=\"$HOME/.nix-profile/bin:$PATH\"\n",
        );
        for file in [".bashrc", ".bash_profile"] {
            home.file(file, "if [ -e $HOME/store/nix.sh ]; then . $HOME/store/nix.sh; fi # added by Nix installer\n");
        }
    }),
    ours("direnv", "zsh", |home| {
        unpack(home, ".local/go");
        program(
            home,
            ".local/bin/direnv",
            "echo '_direnv_hook() { :; }; typeset -ag precmd_functions; precmd_functions+=(_direnv_hook)'",
        );
        home.file(".zshrc", "eval \"$(~/.local/bin/direnv hook zsh)\"\n");
    }),
    ours("conda in bash", "bash", |home| {
        unpack(home, ".local/go");
        program(
            home,
            "miniconda3/bin/conda",
            "echo \"export CONDA_EXE=$HOME/miniconda3/bin/conda CONDA_SHLVL=1 CONDA_DEFAULT_ENV=base\"; echo \"export PATH=$HOME/miniconda3/bin:$HOME/miniconda3/condabin:\\$PATH\"",
        );
        home.file(".bashrc", CONDA).file(".bash_profile", ". ~/.bashrc\n");
    }),
    ours("pyenv, rbenv and nvm", "-zsh", |home| {
        unpack(home, ".local/go");
        program(home, ".pyenv/bin/pyenv", "echo 'export PATH=\"$HOME/.pyenv/shims:$PATH\"; export PYENV_SHELL=zsh'");
        program(home, ".rbenv/bin/rbenv", "echo 'export PATH=\"$HOME/.rbenv/shims:$PATH\"; export RBENV_SHELL=zsh'");
        home.file(".nvm/nvm.sh", "nvm() { : }\nexport PATH=\"$NVM_DIR/versions/node/v20.1.0/bin:$PATH\"\n");
        home.file(".zprofile", "export PYENV_ROOT=\"$HOME/.pyenv\"\ncommand -v pyenv >/dev/null || export PATH=\"$PYENV_ROOT/bin:$PATH\"\neval \"$(pyenv init -)\"\n");
        home.file(".zshrc", "eval \"$(~/.rbenv/bin/rbenv init - zsh)\"\nexport NVM_DIR=\"$HOME/.nvm\"\n[ -s \"$NVM_DIR/nvm.sh\" ] && \\. \"$NVM_DIR/nvm.sh\"\n");
    }),
    own("a bare repository as dotfiles", "bash", |home| {
        unpack(home, ".local/go");
        home.file(".cfg/HEAD", "ref: refs/heads/main\n").dir(".cfg/refs").dir(".cfg/objects");
        home.file(".bash_profile", "source ~/.bashrc\n");
        home.file(".bashrc", "alias config='git --git-dir=$HOME/.cfg/ --work-tree=$HOME'\nfor f in ~/.config/bash/*.bash; do source \"$f\"; done\n");
        home.file(".config/bash/10-path.bash", "pathadd() {\n  case \":$PATH:\" in *\":$1:\"*) ;; *) PATH=\"$PATH:$1\" ;; esac\n}\npathadd \"$HOME/.local/go/bin\"\npathadd \"$HOME/go/bin\"\nexport PATH\n");
        home.file(".config/bash/20-alias.bash", "alias g=git\n");
    }),
];
