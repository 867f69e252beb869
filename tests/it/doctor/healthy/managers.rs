//! Homes in which a version manager brings Go, loaded as its documentation has it.

use super::{Healthy, own, program, session, unpack};
use crate::support::Home;

/// A shim that runs one version.
fn shim(home: &Home, path: &str, runs: &str) {
    program(home, path, &format!("exec \"$HOME/{runs}/bin/go\" \"$@\""));
}

/// Both kinds of terminal read this.
fn both(home: &Home, text: &str) {
    home.file(".zshrc", text).file(".zprofile", text);
}

fn goenv(home: &Home) {
    unpack(home, ".goenv/versions/1.22.10");
    shim(home, ".goenv/shims/go", ".goenv/versions/1.22.10");
    program(
        home,
        ".goenv/bin/goenv",
        "case $1 in init) cat <<'E'\n\
         export GOENV_SHELL=zsh\nexport GOENV_ROOT=\"$HOME/.goenv\"\n\
         if [ -z \"${GOENV_RC_FILE:-}\" ]; then GOENV_RC_FILE=\"${HOME}/.goenvrc\"; fi\n\
         if [ \"${PATH#*$GOENV_ROOT/shims}\" = \"${PATH}\" ]; then export PATH=\"$GOENV_ROOT/shims:$PATH\"; fi\n\
         export GOROOT=\"$HOME/.goenv/versions/1.22.10\"; export GOPATH=\"$HOME/go/1.22.10\"\nE\n;; esac",
    );
}

fn asdf(home: &Home) {
    unpack(home, ".asdf/installs/golang/1.22.10/go");
    program(
        home,
        ".asdf/shims/go",
        "at=$HOME/.asdf/installs/golang/1.22.10; : \"${GOROOT:=$at/go}\" \"${GOPATH:=$at/packages}\"; export GOROOT GOPATH\n\
         exec \"$at/go/bin/go\" \"$@\"",
    );
    // Installed before there was an asdf.
    program(home, "go/bin/gopls", ":");
}

fn mise(home: &Home) {
    unpack(home, ".local/share/mise/installs/go/1.22.10");
    home.link(".local/share/mise/installs/go/1.22", "./1.22.10");
    program(
        home,
        ".local/bin/mise",
        "cat <<'E'\nexport MISE_SHELL=zsh\nexport GOROOT=$HOME/.local/share/mise/installs/go/1.22.10\n\
         export GOBIN=$HOME/.local/share/mise/installs/go/1.22.10/bin\n\
         export PATH=$HOME/.local/share/mise/installs/go/1.22.10/bin:$PATH\nE",
    );
    shim(home, ".local/share/mise/shims/go", ".local/share/mise/installs/go/1.22.10");
}

pub(super) const HOMES: &[Healthy] = &[
    own("mise activate", "zsh", |home| {
        mise(home);
        both(home, "eval \"$(~/.local/bin/mise activate zsh)\"\n");
    }),
    own("mise's shims", "bash", |home| {
        mise(home);
        for file in [".bashrc", ".bash_profile"] {
            home.file(file, "export PATH=\"$HOME/.local/share/mise/shims:$PATH\"\n");
        }
    }),
    own("mise in fish", "fish", |home| {
        mise(home);
        home.file(".config/fish/config.fish", "fish_add_path -gP ~/.local/share/mise/shims\n");
    }),
    own("asdf by its script", "bash", |home| {
        asdf(home);
        home.file(".asdf/asdf.sh", "export ASDF_DIR=$HOME/.asdf\ncase \":$PATH:\" in *\":$ASDF_DIR/shims:\"*) ;; *) PATH=\"$ASDF_DIR/shims:$ASDF_DIR/bin:$PATH\" ;; esac\nexport PATH\n");
        home.file(".bashrc", ". \"$HOME/.asdf/asdf.sh\"\n").file(".bash_profile", ". ~/.bashrc\n");
    }),
    own("asdf by its shims", "zsh", |home| {
        asdf(home);
        both(home, "export PATH=\"${ASDF_DATA_DIR:-$HOME/.asdf}/shims:$PATH\"\n");
    }),
    own("goenv init", "zsh", |home| {
        goenv(home);
        both(
            home,
            "export GOENV_ROOT=\"$HOME/.goenv\"\nexport PATH=\"$GOENV_ROOT/bin:$PATH\"\neval \"$(goenv init -)\"\nexport PATH=\"$PATH:$GOPATH/bin\"\n",
        );
    }),
    own("gvm", "bash", |home| {
        unpack(home, ".gvm/gos/go1.22.10");
        home.file(".gvm/scripts/gvm", "export GVM_ROOT=$HOME/.gvm\nexport gvm_go_name=go1.22.10\nexport GOROOT=\"$GVM_ROOT/gos/go1.22.10\" GOPATH=\"$GVM_ROOT/pkgsets/go1.22.10/global\"\nexport PATH=\"$GVM_ROOT/pkgsets/go1.22.10/global/bin:$GVM_ROOT/gos/go1.22.10/bin:$GVM_ROOT/bin:$PATH\"\n");
        for file in [".bashrc", ".bash_profile"] {
            home.file(file, "[[ -s \"$HOME/.gvm/scripts/gvm\" ]] && source \"$HOME/.gvm/scripts/gvm\"\n");
        }
    }),
    own("voidint's g", "zsh", |home| {
        unpack(home, ".g/versions/1.22.10");
        home.link(".g/go", "versions/1.22.10");
        home.file(".g/env", "#!/bin/sh\n# g shell setup\nexport GOROOT=\"${HOME}/.g/go\"\n[ -z \"$GOPATH\" ] && export GOPATH=\"${HOME}/go\"\nexport PATH=\"${HOME}/.g/bin:${GOROOT}/bin:${GOPATH}/bin:$PATH\"\nexport G_MIRROR=https://golang.google.cn/dl/\n");
        both(home, "[ -s \"${HOME}/.g/env\" ] && \\. \"${HOME}/.g/env\"\n");
    }),
    own("stefanmaric's g", "bash", |home| {
        unpack(home, ".go/.versions/1.22.10");
        for part in ["bin", "pkg", "src", "VERSION", "go.env"] {
            home.link(format!(".go/{part}"), home.path(format!(".go/.versions/1.22.10/{part}")));
        }
        home.link("go/bin/go", home.path(".go/bin/go"));
        for file in [".bashrc", ".bash_profile"] {
            home.file(file, "export GOPATH=\"$HOME/go\"; export GOROOT=\"$HOME/.go\"; export PATH=\"$GOPATH/bin:$PATH\"; # g-install: do NOT edit, see https://github.com/stefanmaric/g\n");
        }
    }),
    own("goup", "bash", |home| {
        unpack(home, ".go/go1.22.10");
        home.link(".go/current", "./go1.22.10");
        home.file(
            ".go/env",
            "export GOROOT=\"$HOME/.go/current\"\nexport PATH=\"$HOME/.go/bin:$HOME/.go/current/bin:$PATH\"\n",
        );
        home.file(".bashrc", ". \"$HOME/.go/env\"\n").file(".profile", ". \"$HOME/.go/env\"\n");
    }),
    own("gobrew", "zsh", |home| {
        unpack(home, ".gobrew/versions/1.22.10/go");
        home.link(".gobrew/current", home.path(".gobrew/versions/1.22.10/go"));
        both(
            home,
            "export PATH=\"$HOME/.gobrew/current/bin:$HOME/.gobrew/bin:$PATH\"\nexport GOROOT=\"$HOME/.gobrew/current\"\n",
        );
    }),
    own("golang.org/dl", "bash", |home| {
        unpack(home, "sdk/go1.22.10");
        home.file("sdk/go1.22.10/.unpacked-success", "");
        program(home, "go/bin/go1.22.10", "exec ~/sdk/go1.22.10/bin/go \"$@\"");
        for file in [".bashrc", ".profile"] {
            home.file(file, "export PATH=$HOME/sdk/go1.22.10/bin:$PATH:$HOME/go/bin\n");
        }
    }),
    own("webi", "zsh", |home| {
        unpack(home, ".local/opt/go-v1.22.10");
        home.link(".local/opt/go", "go-v1.22.10").dir(".local/opt/go-bin-v1.22.10/bin");
        home.link("go", ".local/opt/go-bin-v1.22.10");
        home.file(
            ".config/envman/PATH.env",
            "export PATH=\"$HOME/.local/opt/go/bin:$PATH\"\nexport PATH=\"$HOME/go/bin:$PATH\"\n",
        );
        home.file(".config/envman/load.sh", ". \"$HOME/.config/envman/PATH.env\"\n");
        let load = "# Generated for envman. Do not edit.\n[ -s \"$HOME/.config/envman/load.sh\" ] && source \"$HOME/.config/envman/load.sh\"\n";
        both(home, load);
    }),
    own("an older release behind the one in use", "bash", |home| {
        unpack(home, ".local/go");
        home.fake_go("old/go", "1.19.8");
        session(home, &[".local/go/bin", "old/go/bin"]);
        for file in [".bashrc", ".profile"] {
            home.file(file, "export PATH=$HOME/.local/go/bin:$PATH:$HOME/old/go/bin\n");
        }
    }),
];
