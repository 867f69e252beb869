//! Homes after well-known public dotfiles, and with what else stands beside startup files: services, jobs, guards.

use super::{Healthy, ours, own, program, session, unpack};
use crate::support::Home;

/// The user's own line for Go.
const GO: &str = "export PATH=\"$HOME/.local/go/bin:$PATH\"\n";

/// Both kinds of terminal of bash's read this.
fn bash(home: &Home, text: &str) {
    unpack(home, ".local/go");
    home.file(".bashrc", text).file(".bash_profile", ". ~/.bashrc\n");
}

/// Both kinds of terminal of zsh's read this.
fn zsh(home: &Home, text: &str) {
    unpack(home, ".local/go");
    home.file(".zshrc", text).file(".zprofile", text);
}

pub(super) const HOMES: &[Healthy] = &[
    own("Go in .bash_aliases", "bash", |home| {
        bash(
            home,
            "case $- in\n    *i*) ;;\n      *) return;;\nesac\nif [ -f ~/.bash_aliases ]; then\n    . ~/.bash_aliases\nfi\n",
        );
        home.file(".bash_aliases", format!("alias ll='ls -l'\n{GO}"));
    }),
    own("WSL, with folders of Windows behind", "bash", |home| {
        bash(home, GO);
        program(home, "mnt/c/Program Files/Go/bin/go.exe", ":");
        home.env("WSL_DISTRO_NAME", "Ubuntu");
        let windows = home.path("mnt/c/Program Files/Go/bin").display().to_string();
        home.env("PATH", format!("/usr/bin:/bin:{windows}"));
    }),
    own("grml's zsh, Go in .zshrc.local", "zsh", |home| {
        zsh(home, "xsource() { [[ -r $1 ]] && source $1 }\nxsource ~/.zshrc.local\nunfunction xsource\n");
        home.file(".zshrc.local", "path=(~/.local/go/bin ~/go/bin $path)\n");
    }),
    own("zplug", "zsh", |home| {
        let text =
            "source ~/.zplug/init.zsh\nzplug \"a/b\", defer:2\nif ! zplug check; then zplug install; fi\nzplug load\n";
        zsh(home, &format!("{text}{GO}"));
        home.file(".zplug/init.zsh", "zplug() { return 0 }\n");
    }),
    ours("sheldon and cargo in .zshenv", "-zsh", |home| {
        unpack(home, ".local/go");
        program(home, ".cargo/bin/sheldon", "echo 'fpath+=(~/x); autoload -Uz add-zsh-hook'");
        home.file(".cargo/env", "case \":${PATH}:\" in\n  *:\"$HOME/.cargo/bin\":*) ;;\n  *) export PATH=\"$HOME/.cargo/bin:$PATH\" ;;\nesac\n");
        home.file(".zshenv", ". \"$HOME/.cargo/env\"\n").file(".zshrc", "eval \"$(sheldon source)\"\n");
    }),
    own("ZDOTDIR from .zshenv, one file of paths", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshenv", "export XDG_CONFIG_HOME=\"$HOME/.config\"\nexport ZDOTDIR=\"$XDG_CONFIG_HOME/zsh\"\n");
        for file in [".zshrc", ".zprofile"] {
            home.file(format!(".config/zsh/{file}"), "source $ZDOTDIR/path.zsh\n");
        }
        home.file(
            ".config/zsh/path.zsh",
            "typeset -U path\npath=($HOME/.local/go/bin $path)\nexport GOPATH=$HOME/.local/share/go\n",
        );
    }),
    ours("zsh4humans", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshenv", "setopt no_global_rcs\nif [ -n \"${ZSH_VERSION-}\" ]; then\n  : ${ZDOTDIR:=~}\n  [[ -o no_interactive && -z \"${Z4H_BOOTSTRAPPING-}\" ]] && return\n  setopt no_rcs\n  unset Z4H_BOOTSTRAPPING\nfi\nsetopt rcs\n: \"${Z4H:=${XDG_CACHE_HOME:-$HOME/.cache}/zsh4humans/v5}\"\n");
        home.file(".zshrc", "export GPG_TTY=$TTY\npath=(~/bin $path)\n");
    }),
    own("prezto's .zshenv reads .zprofile", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".zshenv", "if [[ ( \"$SHLVL\" -eq 1 && ! -o LOGIN ) && -s \"${ZDOTDIR:-$HOME}/.zprofile\" ]]; then\n  source \"${ZDOTDIR:-$HOME}/.zprofile\"\nfi\n");
        home.file(
            ".zprofile",
            "typeset -gU cdpath fpath mailpath path\npath=(\n  $HOME/{,s}bin(N)\n  $HOME/.local/go/bin\n  $path\n)\n",
        );
        home.file(
            ".zshrc",
            "[[ -s ~/.zprezto/init.zsh ]] && source ~/.zprezto/init.zsh\npath=(~/.local/go/bin $path)\n",
        );
    }),
    own("bash-it with a plugin of one's own", "bash", |home| {
        bash(home, "export BASH_IT=\"$HOME/.bash_it\"\nsource \"$BASH_IT\"/bash_it.sh\n");
        home.file(".bash_it/bash_it.sh", "for f in \"$BASH_IT\"/custom/*.bash; do [ -e \"$f\" ] && . \"$f\"; done\n");
        home.file(".bash_it/custom/go.bash", "pathmunge () { if [[ -d \"${1:-}\" && ! \":${PATH}:\" =~ \":${1}:\" ]]; then export PATH=\"$1:$PATH\"; fi; }\npathmunge \"$HOME/.local/go/bin\"\nexport GOPATH=${GOPATH:-\"$HOME/go\"}\npathmunge \"${GOPATH}/bin\"\n");
    }),
    own("home-manager's bash", "bash", |home| {
        unpack(home, "store/go/share/go");
        home.link(".nix-profile/bin/go", home.path("store/go/share/go/bin/go"));
        home.file(".nix-profile/etc/profile.d/hm-session-vars.sh", "if [ -n \"$__HM_SESS_VARS_SOURCED\" ]; then return; fi\nexport __HM_SESS_VARS_SOURCED=1\nexport GOPATH=\"$HOME/go\"\nexport PATH=\"$HOME/.nix-profile/bin:$PATH\"\n");
        home.file(".profile", ". \"$HOME/.nix-profile/etc/profile.d/hm-session-vars.sh\"\n");
        home.file(".bash_profile", "[[ -f ~/.profile ]] && . ~/.profile\n[[ -f ~/.bashrc ]] && . ~/.bashrc\n");
        home.file(".bashrc", "[[ $- == *i* ]] || return\nHISTFILESIZE=100000\n. ~/.profile\n");
    }),
    own("a loop over dot files, as mathias has it", "-bash", |home| {
        unpack(home, ".local/go");
        home.file(".path", GO).file(".exports", "export EDITOR=vim\n").file(".aliases", "alias g=git\n");
        home.file(".bash_profile", "for file in ~/.{path,bash_prompt,exports,aliases,functions,extra}; do\n\t[ -r \"$file\" ] && [ -f \"$file\" ] && source \"$file\";\ndone;\nunset file;\n");
        home.file(".bashrc", "[ -n \"$PS1\" ] && source ~/.bash_profile;\n");
    }),
    own("topics, as holman has them", "zsh", |home| {
        unpack(home, ".local/go");
        home.file(".dotfiles/go/path.zsh", format!("export GOPATH=$HOME/code/go\n{GO}"));
        home.file(".dotfiles/git/aliases.zsh", "alias gl='git pull'\n");
        home.file(".dotfiles/zsh/zshrc.symlink", "export ZSH=$HOME/.dotfiles\ntypeset -U config_files\nconfig_files=($ZSH/**/*.zsh)\nfor file in ${(M)config_files:#*/path.zsh}; do source $file; done\nautoload -U compinit\nfor file in ${config_files:#*/path.zsh}; do source $file; done\nunset config_files\n");
        home.link(".zshrc", ".dotfiles/zsh/zshrc.symlink").link(".zprofile", ".dotfiles/go/path.zsh");
    }),
    own("an alternate of yadm's", "bash", |home| {
        unpack(home, ".local/go");
        home.file(".local/share/yadm/repo.git/HEAD", "ref: refs/heads/main\n");
        home.dir(".local/share/yadm/repo.git/refs").dir(".local/share/yadm/repo.git/objects");
        home.file(".bashrc##os.Linux", GO).link(".bashrc", ".bashrc##os.Linux");
        home.file(".bash_profile", ". ~/.bashrc\n");
    }),
    own("Homebrew on Linux, in the home", "bash", |home| {
        unpack(home, ".linuxbrew/Cellar/go/1.22.10/libexec");
        home.link(".linuxbrew/Cellar/go/1.22.10/bin/go", "../libexec/bin/go");
        home.link(".linuxbrew/opt/go", "../Cellar/go/1.22.10");
        home.link(".linuxbrew/bin/go", "../Cellar/go/1.22.10/bin/go");
        program(
            home,
            ".linuxbrew/bin/brew",
            "echo 'export HOMEBREW_PREFIX=\"$HOME/.linuxbrew\"; export PATH=\"$HOME/.linuxbrew/bin:$HOME/.linuxbrew/sbin${PATH+:$PATH}\"'",
        );
        home.file(".bashrc", "eval \"$($HOME/.linuxbrew/bin/brew shellenv)\"\n").file(".profile", ". ~/.bashrc\n");
    }),
    own("mise: shims at login, activated in terminals", "-zsh", |home| {
        unpack(home, ".local/share/mise/installs/go/1.22.10");
        program(home, ".local/share/mise/shims/go", "exec $HOME/.local/share/mise/installs/go/1.22.10/bin/go \"$@\"");
        program(
            home,
            ".local/bin/mise",
            "echo 'export MISE_SHELL=zsh; export GOROOT=$HOME/.local/share/mise/installs/go/1.22.10; export PATH=$GOROOT/bin:$PATH'",
        );
        home.file(".zprofile", "export PATH=\"$HOME/.local/share/mise/shims:$PATH\"\n");
        home.file(".zshrc", "eval \"$($HOME/.local/bin/mise activate zsh)\"\n");
    }),
    own("asdf with its set-env", "bash", |home| {
        unpack(home, ".asdf/installs/golang/1.22.10/go");
        program(home, ".asdf/shims/go", "exec \"$HOME/.asdf/installs/golang/1.22.10/go/bin/go\" \"$@\"");
        home.file(".asdf/plugins/golang/set-env.bash", "export GOROOT=\"$HOME/.asdf/installs/golang/1.22.10/go\"\nexport GOPATH=\"$HOME/.asdf/installs/golang/1.22.10/packages\"\n");
        home.file(".tool-versions", "golang 1.22.10\n");
        let text = "export PATH=\"${ASDF_DATA_DIR:-$HOME/.asdf}/shims:$PATH\"\n. ~/.asdf/plugins/golang/set-env.bash\n";
        home.file(".bashrc", text).file(".bash_profile", text);
    }),
    own("a wrapper of one's own in front of Go", "bash", |home| {
        bash(home, "export PATH=$HOME/bin:$PATH:$HOME/.local/go/bin\n");
        program(home, "bin/go", "exec \"$HOME/.local/go/bin/go\" \"$@\"");
    }),
    own("functions that append, and a folder that is not there", "bash", |home| {
        bash(
            home,
            "path_append() {\n  for ARG in \"$@\"; do\n    if [ -d \"$ARG\" ] && [[ \":$PATH:\" != *\":$ARG:\"* ]]; then\n      PATH=\"${PATH:+\"$PATH:\"}$ARG\"\n    fi\n  done\n}\npath_append ~/.local/go/bin ~/go/bin /opt/none\nexport PATH\n",
        );
    }),
    own("an editor's guard below Go, and tmux where there is a terminal", "zsh", |home| {
        zsh(
            home,
            &format!("{GO}[[ -n $VSCODE_RESOLVING_ENVIRONMENT ]] && return\n[[ -t 0 ]] || return 0\nexec tmux\n"),
        );
    }),
    own("services that find Go, and some that want none", "bash", |home| {
        bash(home, GO);
        let unit = |name: &str, text: &str| {
            home.file(format!(".config/systemd/user/{name}.service"), format!("[Service]\n{text}"));
        };
        unit("build", "Environment=PATH=%h/.local/go/bin:/usr/bin:/bin\nExecStart=/bin/sh -c \"go build ./...\"\n");
        unit("whole", "Environment=\"GOFLAGS=-mod=mod\"\nExecStart=%h/.local/go/bin/go build\n");
        unit("syncthing", "ExecStart=/usr/bin/syncthing --no-browser\nEnvironment=STNORESTART=yes\n");
        unit("gopass", "ExecStart=/usr/bin/gopass sync\n");
        home.file(".config/environment.d/10-go.conf", "GOPATH=$HOME/go\nPATH=\"$HOME/.local/go/bin:$PATH\"\n");
    }),
    own("launchd's jobs with whole paths", "-zsh", |home| {
        zsh(home, &format!("typeset -U path PATH\n{GO}"));
        let go = home.path(".local/go/bin").display().to_string();
        let job = |name: &str, body: &str| {
            let text = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict><key>Label</key><string>{name}</string>{body}</dict></plist>\n"
            );
            home.file(format!("Library/LaunchAgents/{name}.plist"), text);
        };
        job("a", &format!("<key>ProgramArguments</key><array><string>{go}/go</string><string>build</string></array>"));
        job(
            "b",
            &format!(
                "<key>Program</key><string>/bin/sh</string><key>ProgramArguments</key><array><string>sh</string><string>-c</string><string>go vet</string></array><key>EnvironmentVariables</key><dict><key>PATH</key><string>{go}:/usr/bin:/bin</string></dict>"
            ),
        );
        job("c", "<key>ProgramArguments</key><array><string>/usr/bin/true</string></array><key>RunAtLoad</key><true/>");
    }),
    own("a crontab that tells its PATH, and a line that sets it", "bash", |home| {
        bash(home, GO);
        let go = home.path(".local/go/bin").display().to_string();
        home.file(".crontab", format!("@daily . $HOME/.profile; go test\n@daily export PATH=$PATH:{go}; go vet\nPATH={go}:/usr/bin:/bin\n0 5 * * * cd src && go test ./...\n"));
        program(home, "cron/crontab", "cat \"$HOME/.crontab\"");
        session(home, &["cron"]);
    }),
    own("a module of an older language, and a workspace", "zsh", |home| {
        zsh(home, GO);
        home.file("go.work", "go 1.22\n\nuse (\n\t./a\n\t./b\n)\n");
        home.file("a/go.mod", "module example.com/a\n\ngo 1.16\n")
            .file("b/go.mod", "module b\n\ngo 1.21.0\n\ntoolchain go1.22.3\n");
    }),
];
