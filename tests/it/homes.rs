//! Homes as people have them: each is made of what real dotfiles hold, in miniature.
//!
//! Every home is fit for zsh, bash and sh at once, so that each shell is also tried beside the files of the others.

use std::path::Path;

use crate::support::Home;

/// A home in which goenv-setup has to do its job.
pub(crate) struct Case {
    /// What is special about it.
    pub(crate) name: &'static str,
    /// The name of the home folder.
    pub(crate) folder: &'static [u8],
    /// The GOPATH that the user's own files set for this shell, below the home.
    pub(crate) own_gopath: fn(shell: &str) -> Option<&'static str>,
    /// Puts everything in place.
    pub(crate) build: fn(&mut Home),
}

fn case(name: &'static str, build: fn(&mut Home)) -> Case {
    Case { name, folder: b"home", own_gopath: |_| None, build }
}

const ZSH: [&str; 2] = [".zprofile", ".zshrc"];
const BASH: [&str; 2] = [".bash_profile", ".bashrc"];
const RC: [&str; 3] = [".zshrc", ".bashrc", ".profile"];

/// Writes the same bytes into several files.
fn each(home: &Home, names: &[&str], bytes: impl AsRef<[u8]>) {
    for name in names {
        home.file(name, &bytes);
    }
}

/// Two aliases and a prompt: what nobody would miss, and no test may lose.
const PLAIN: &str = "# my settings\nalias ll='ls -l'\nexport EDITOR=vi\n";

/// All homes.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = vec![
        case("fresh", |_| {}),
        case("debian's skeleton", |home| {
            home.file(".bashrc", include_str!("homes/debian.bashrc"));
            home.file(".profile", include_str!("homes/debian.profile"));
            home.file(
                ".bash_logout",
                "[ \"$SHLVL\" = 1 ] && [ -x /usr/bin/clear_console ] && /usr/bin/clear_console -q\n",
            );
        }),
        case("plain files", |home| each(home, &[".zshrc", ".zprofile", ".bashrc", ".profile"], PLAIN)),
        case("oh-my-zsh", |home| {
            home.file(".oh-my-zsh/oh-my-zsh.sh", OH_MY_ZSH)
                .file(".oh-my-zsh/plugins/git/git.plugin.zsh", "alias gst='git status'\n");
            home.file(".zshrc", OH_MY_ZSHRC).file(".zshrc.pre-oh-my-zsh", "# old\n");
        }),
        case("prezto", |home| {
            home.file(".zprezto/init.zsh", "setopt extended_glob no_clobber\nautoload -Uz add-zsh-hook\n");
            for name in ["zshenv", "zprofile", "zshrc", "zlogin"] {
                home.file(format!(".zprezto/runcoms/{name}"), prezto(name));
                home.link(format!(".{name}"), home.path(format!(".zprezto/runcoms/{name}")));
            }
        }),
        case("blocks of other tools", |home| {
            each(home, &[".zshrc", ".bashrc"], OTHER_TOOLS);
            home.file(".bash_profile", "[ -f ~/.bashrc ] && . ~/.bashrc\n# Added by LM Studio CLI (lms)\nexport PATH=\"$PATH:$HOME/.lmstudio/bin\"\n# End of LM Studio CLI section\n\n");
        }),
        case("powerlevel10k", |home| {
            home.file(".p10k.zsh", "() { emulate -L zsh; typeset -g POWERLEVEL9K_MODE=ascii }\n");
            home.file(".zshrc", P10K);
        }),
        case("sdkman must stay last", |home| each(home, &[".zshrc", ".bashrc", ".profile"], SDKMAN)),
        case("early return guards", |home| {
            home.file(
                ".bashrc",
                "# If not running interactively, don't do anything\n[ -z \"$PS1\" ] && return\nshopt -s histappend\n",
            );
            home.file(".zshrc", "[[ $- != *i* ]] && return\nsetopt autocd\n[[ -o interactive ]] || return 0\n");
            home.file(".profile", "case $- in *i*) ;; *) return ;; esac\nmesg n 2>/dev/null || true\n");
        }),
        case("dead lines below a return", |home| {
            each(
                home,
                &RC,
                "export EDITOR=vi\nreturn 0\n# whatever an installer appends below is dead on purpose\nexport NEVER=1\n",
            );
        }),
        case("exec tmux in a condition", |home| {
            let tmux = "if [ -z \"${TMUX-}\" ] && [ -t 0 ] && command -v tmux >/dev/null 2>&1; then\n  exec tmux new-session -A -s main\nfi\n[ \"$(tty)\" = /dev/tty1 ] && exec startx\n:\n";
            each(home, &RC, tmux);
        }),
        case("no final newline", |home| {
            each(home, &[".zshrc", ".zprofile", ".bashrc", ".profile"], "alias a=b\nexport EDITOR=vi");
        }),
        case("a last comment without newline", |home| each(home, &RC, "export EDITOR=vi\n# the end")),
        case("a last line that ends in a backslash", |home| each(home, &RC, "alias a=b\nexport EDITOR=vi \\")),
        case("blank lines at the end", |home| each(home, &RC, "export EDITOR=vi\n\n\n")),
        case("empty files", |home| each(home, &[".zshrc", ".zprofile", ".bashrc", ".profile"], "")),
        case("lines that end in CR LF", |home| {
            each(home, &RC, "# from Windows\r\nexport EDITOR=vi\r\nexport PAGER=less\nalias ll='ls -l'\r\n");
        }),
        case("raw escapes and bytes that are no UTF-8", |home| {
            each(home, &RC, b"PS1='\x1b[1;32m%\x1b[0m '\n# caf\xe9 na\xefve \xff\xfe\nA='\xc3\x28'\n# lone \r CR\nB='gr\xc3\xbc\xc3\x9fe'\n");
        }),
        case("no UTF-8 in the locale", |home| {
            home.env("LANG", "C");
            each(home, &RC, "# grüße aus dem süden\nexport NAME='Jürgen'\n");
        }),
        case(".bash_profile only", |home| {
            home.file(".bash_profile", PLAIN);
        }),
        case(".bash_login only", |home| {
            home.file(".bash_login", PLAIN);
        }),
        case("an empty .bash_profile hides .profile", |home| {
            home.file(".bash_profile", "").file(".profile", PLAIN);
        }),
        case(".bash_profile reads .bashrc", |home| {
            home.file(".bash_profile", "if [ -f ~/.bashrc ]; then\n  . ~/.bashrc\nfi\n").file(".bashrc", PLAIN);
        }),
        case(".bash_profile reads .profile, which reads .bashrc", |home| {
            home.file(".bash_profile", "[ -r ~/.profile ] && . ~/.profile\ncase \"$-\" in *i*) . ~/.bashrc ;; esac\n");
            home.file(".profile", PLAIN).file(".bashrc", PLAIN);
        }),
        case("a dangling .bash_profile", |home| {
            home.link(".bash_profile", "gone/bash_profile").file(".profile", PLAIN);
        }),
        case(".profile is a link to .bashrc", |home| {
            home.file(".bashrc", PLAIN).link(".profile", ".bashrc").link(".bash_profile", home.path(".bashrc"));
        }),
        case(".zprofile is a link to .zshrc", |home| {
            home.file(".zshrc", PLAIN).link(".zprofile", ".zshrc");
        }),
        case("dotfiles in a git checkout", |home| {
            home.file("src/dotfiles/.git/HEAD", "ref: refs/heads/main\n")
                .dir("src/dotfiles/.git/refs")
                .dir("src/dotfiles/.git/objects");
            for name in ["zshrc", "zprofile", "bashrc", "bash_profile", "profile"] {
                home.file(format!("src/dotfiles/{name}"), PLAIN);
                home.link(format!(".{name}"), format!("src/dotfiles/{name}"));
            }
        }),
        case("links of links, one through a folder", |home| {
            home.file("real/shell/rc", PLAIN).link("cfg", "real").link("rc", "cfg/shell/rc");
            home.link(".zshrc", home.path("rc")).link(".bashrc", "./rc");
            home.file("real/profile", PLAIN)
                .link(".profile", "cfg/profile")
                .link(".zprofile", "cfg/../real/zprofile")
                .file("real/zprofile", PLAIN);
        }),
        case("ZDOTDIR in the environment", |home| {
            home.env("ZDOTDIR", home.path(".config/zsh"));
            home.file(".config/zsh/.zshrc", PLAIN).file(".zshrc", "# never read\n");
        }),
        case("ZDOTDIR set inside .zshenv", |home| {
            home.file(
                ".zshenv",
                "export ZDOTDIR=\"${XDG_CONFIG_HOME:-$HOME/.config}/zsh\"\necho 'zshenv says hello'\n",
            );
            home.file(".config/zsh/.zshrc", PLAIN);
        }),
        case("set -eu near the top", |home| {
            each(home, &BASH, "set -eu\nexport EDITOR=vi\n");
            each(home, &[".profile", ".zshrc"], "set -eu\nexport EDITOR=vi\n");
        }),
        case("zsh with unusual options", |home| {
            each(
                home,
                &ZSH,
                "setopt ksh_arrays sh_word_split rc_quotes no_unset glob_subst no_nomatch\ntypeset -U path PATH\n",
            );
        }),
        case("modes", |home| {
            home.file(".zshrc", PLAIN).mode(".zshrc", 0o600).file(".zprofile", PLAIN).mode(".zprofile", 0o755);
            home.file(".bashrc", "#!/bin/bash\nexport EDITOR=vi\n").mode(".bashrc", 0o755);
            home.file(".profile", PLAIN).mode(".profile", 0o640);
        }),
        case("PATH set without its old value", |home| {
            each(home, &[".zshrc", ".bashrc", ".profile"], "export PATH=/usr/local/bin:/usr/bin:/bin:/usr/games\n");
        }),
        case("PATH with old Go lines, four times", |home| {
            let own = "export PATH=$PATH:/usr/local/go/bin\n";
            each(home, &RC, own.repeat(4));
        }),
        case("a long file", |home| {
            each(
                home,
                &RC,
                "# one line of very many, as some people have them ………\n: \"${COLUMNS:-80}\"\n".repeat(1500),
            );
        }),
        case("a heredoc and functions near the end", |home| {
            let text =
                "say() {\n  cat <<EOF\nexport PATH=in/a/heredoc\nreturn 1\nEOF\n}\nif true; then\n  alias g=git\nfi\n";
            each(home, &RC, text);
        }),
        case("a state folder elsewhere", |home| {
            home.env("XDG_STATE_HOME", home.beside("state of others"));
            home.env("XDG_CONFIG_HOME", home.path("cfg"));
            each(home, &RC, PLAIN);
        }),
        Case {
            name: "a GOPATH of the user's own",
            own_gopath: |_| Some("gocode"),
            ..case("", |home| {
                let own = "export GOPATH=$HOME/gocode\nexport PATH=$PATH:$GOPATH/bin\n";
                each(home, &[".zshrc", ".zprofile", ".bashrc", ".profile"], own);
            })
        },
        Case {
            name: "a GOPATH that another file sets",
            own_gopath: |shell| (shell == "zsh").then_some(".go"),
            ..case("", |home| {
                home.file("exports.zsh", "GOPATH=$HOME/.go\nexport GOPATH\n").file(".zshenv", "source ~/exports.zsh\n");
            })
        },
    ];
    let nasty: [(&str, &[u8]); 5] = [
        ("blanks in the home's name", b"my home  folder "),
        ("a dollar in the home's name", b"$HOME $(touch canary) `touch canary`"),
        ("quotes in the home's name", b"it's \"me\" \\ !!"),
        ("globs in the home's name", b"[a-z]*?{b,c}~#%"),
        ("a home's name that is no UTF-8", b"caf\xe9 \x1b[31m \t;&|"),
    ];
    for (name, folder) in nasty {
        // File systems of macOS take UTF-8 only.
        if !cfg!(target_os = "macos") || folder.is_ascii() {
            cases.push(Case { name, folder, ..case("", |home| each(home, &[".zshrc", ".bashrc", ".profile"], PLAIN)) });
        }
    }
    cases
}

/// Whether bash has a file to read at login.
pub(crate) fn bash_has_login_file(home: &Home) -> bool {
    [".bash_profile", ".bash_login", ".profile"].iter().any(|name| Path::exists(&home.path(name)))
}

const OH_MY_ZSH: &str = "\
autoload -U compaudit compinit
fpath=($ZSH/functions $ZSH/completions $fpath)
compinit -D -u
for plugin ($plugins); do
  [[ -f $ZSH/plugins/$plugin/$plugin.plugin.zsh ]] && source $ZSH/plugins/$plugin/$plugin.plugin.zsh
done
setopt auto_cd multios prompt_subst
";

const OH_MY_ZSHRC: &str = "\
# If you come from bash you might have to change your $PATH.
# export PATH=$HOME/bin:$HOME/.local/bin:/usr/local/bin:$PATH

# Path to your Oh My Zsh installation.
export ZSH=\"$HOME/.oh-my-zsh\"
ZSH_THEME=\"robbyrussell\"
# DISABLE_AUTO_TITLE=\"true\"
plugins=(git)

source $ZSH/oh-my-zsh.sh

# You may need to manually set your language environment
# export LANG=en_US.UTF-8
# alias zshconfig=\"mate ~/.zshrc\"
";

fn prezto(name: &str) -> &'static str {
    match name {
        "zshenv" => {
            "if [[ ( \"$SHLVL\" -eq 1 && ! -o LOGIN ) && -s \"${ZDOTDIR:-$HOME}/.zprofile\" ]]; then\n  source \"${ZDOTDIR:-$HOME}/.zprofile\"\nfi\n"
        }
        "zprofile" => {
            "export EDITOR='nano'\ntypeset -gU cdpath fpath mailpath path\npath=(\n  $HOME/{,s}bin(N)\n  /opt/{homebrew,local}/{,s}bin(N)\n  $path\n)\n"
        }
        "zshrc" => {
            "# Source Prezto.\nif [[ -s \"${ZDOTDIR:-$HOME}/.zprezto/init.zsh\" ]]; then\n  source \"${ZDOTDIR:-$HOME}/.zprezto/init.zsh\"\nfi\n\n# Customize to your needs...\n"
        }
        _ => "{\n  : compile the completion dump\n} &!\n",
    }
}

const OTHER_TOOLS: &str = "\
# >>> conda initialize >>>
# !! Contents within this block are managed by 'conda init' !!
__conda_setup=\"$('/opt/miniconda3/bin/conda' 'shell.posix' 'hook' 2> /dev/null)\"
if [ $? -eq 0 ]; then
    eval \"$__conda_setup\"
else
    if [ -f \"/opt/miniconda3/etc/profile.d/conda.sh\" ]; then
        . \"/opt/miniconda3/etc/profile.d/conda.sh\"
    else
        export PATH=\"/opt/miniconda3/bin:$PATH\"
    fi
fi
unset __conda_setup
# <<< conda initialize <<<

export NVM_DIR=\"$HOME/.nvm\"
[ -s \"$NVM_DIR/nvm.sh\" ] && \\. \"$NVM_DIR/nvm.sh\"  # This loads nvm
# pnpm
export PNPM_HOME=\"$HOME/.local/share/pnpm\"
case \":$PATH:\" in
  *\":$PNPM_HOME:\"*) ;;
  *) export PATH=\"$PNPM_HOME:$PATH\" ;;
esac
# pnpm end
### MANAGED BY RANCHER DESKTOP START (DO NOT EDIT)
export PATH=\"$HOME/.rd/bin:$PATH\"
### MANAGED BY RANCHER DESKTOP END (DO NOT EDIT)
[ -f ~/.fzf.sh ] && source ~/.fzf.sh
export PATH=\"$PATH:$HOME/.rvm/bin\" # Add RVM to PATH for scripting. Make sure this is the last PATH variable change.
";

const P10K: &str = "\
# Enable Powerlevel10k instant prompt. Should stay close to the top of ~/.zshrc.
if [[ -r \"${XDG_CACHE_HOME:-$HOME/.cache}/p10k-instant-prompt-${(%):-%n}.zsh\" ]]; then
  source \"${XDG_CACHE_HOME:-$HOME/.cache}/p10k-instant-prompt-${(%):-%n}.zsh\"
fi
bindkey -e
# To customize prompt, run `p10k configure` or edit ~/.p10k.zsh.
[[ ! -f ~/.p10k.zsh ]] || source ~/.p10k.zsh
";

const SDKMAN: &str = "\
export EDITOR=vi

#THIS MUST BE AT THE END OF THE FILE FOR SDKMAN TO WORK!!!
export SDKMAN_DIR=\"$HOME/.sdkman\"
[ ! -s \"$HOME/.sdkman/bin/sdkman-init.sh\" ] || . \"$HOME/.sdkman/bin/sdkman-init.sh\"
";
