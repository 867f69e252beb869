//! Homes of those who have told Go more than where it is.

use super::{Healthy, ours, own, program, unpack};
use crate::support::Home;

/// Lines for both files of zsh.
fn zsh(home: &Home, lines: &str) {
    unpack(home, ".local/go");
    let text = format!("typeset -U path PATH\nexport PATH=$HOME/.local/go/bin:$PATH\n{lines}");
    home.file(".zshrc", &text).file(".zprofile", &text);
}

pub(super) const HOMES: &[Healthy] = &[
    own("GOPATH elsewhere, with tools in it", "zsh", |home| {
        zsh(home, "export GOPATH=$HOME/dev\nexport PATH=$PATH:$GOPATH/bin\n");
        program(home, "dev/bin/gopls", ":");
    }),
    own("GOPATH is the home", "zsh", |home| zsh(home, "export GOPATH=$HOME\nexport PATH=$PATH:$HOME/bin\n")),
    own("GOPATH hidden, and in XDG's folder", "zsh", |home| {
        zsh(
            home,
            "export GOPATH=\"${XDG_DATA_HOME:-$HOME/.local/share}/go\"\nexport GOMODCACHE=\"$HOME/.cache/go/mod\"\n",
        );
    }),
    own("GOBIN", "zsh", |home| {
        zsh(home, "export GOBIN=$HOME/.local/bin\nexport PATH=$PATH:$GOBIN\n");
        program(home, ".local/bin/gopls", ":");
    }),
    own("GOROOT, and it is right", "zsh", |home| zsh(home, "export GOROOT=$HOME/.local/go\n")).knowing(&["R-06"]),
    own("a company's proxy", "zsh", |home| {
        zsh(
            home,
            "export GOPROXY=https://goproxy.corp.example,direct\nexport GOPRIVATE='*.corp.example,github.com/corp/*'\nexport GONOSUMDB=$GOPRIVATE GONOPROXY=none\nexport HTTPS_PROXY=http://proxy.corp.example:3128 NO_PROXY=.corp.example\nexport GOINSECURE=git.corp.example\n",
        );
    }),
    own("go env -w", "zsh", |home| {
        zsh(home, "");
        let gopath = home.path("code").display().to_string();
        home.file(".config/go/env", format!("GOPATH={gopath}\nGOPROXY=https://goproxy.cn,direct\nGOPRIVATE=git.corp.example\nGOTELEMETRY=off\nGOFLAGS=-buildvcs=false\nCGO_ENABLED=0\nGONOSUMDB=*.corp.example\nGOTOOLCHAIN=auto\nGO111MODULE=\n"));
    }),
    own("go env -w and the environment agree", "zsh", |home| {
        zsh(home, "export GOPROXY=https://goproxy.io,direct\nexport GO111MODULE=on\n");
        home.file(".config/go/env", "GOPROXY=https://goproxy.io,direct\nGO111MODULE=on\n");
    }),
    own("go env -w with a comment and no final newline", "bash", |home| {
        unpack(home, ".local/go");
        for file in [".bashrc", ".profile"] {
            home.file(file, "export PATH=$PATH:$HOME/.local/go/bin\n");
        }
        home.file(".config/go/env", "# set GOPATH here\n#GOPATH=~/go\n\nGOSUMDB=sum.golang.google.cn");
    }),
    own("GOFLAGS that do no harm", "zsh", |home| {
        zsh(home, "export GOFLAGS='-mod=readonly -trimpath -modcacherw -p=4'\n");
    }),
    own("GOFLAGS=-mod=mod", "zsh", |home| zsh(home, "export GOFLAGS=-mod=mod\n")),
    own("GOTOOLCHAIN names one", "zsh", |home| zsh(home, "export GOTOOLCHAIN=go1.22.10+auto GODEBUG=http2client=0\n")),
    own("variables that begin with GO and are not Go's", "zsh", |home| {
        zsh(
            home,
            "export GOOGLE_APPLICATION_CREDENTIALS=$HOME/key.json GOOGLE_CLOUD_PROJECT=p GOPASS_HOMEDIR=$HOME GOLAND_JDK=/x GOSS_PATH=/y GOREMAN=1 GOCD_HOME=/z GOTIFY_TOKEN=t GOVC_URL=v GOKRAZY=1 GOTESTSUM_FORMAT=dots GOLANGCI_LINT_CACHE=$HOME/.cache GOSEC=1\n",
        );
    }),
    own("tools for gopls and friends, GOPATH's bin first", "bash", |home| {
        unpack(home, ".local/go");
        for tool in ["gopls", "dlv", "staticcheck", "goimports", "golangci-lint"] {
            program(home, &format!("go/bin/{tool}"), ":");
        }
        for file in [".bashrc", ".profile"] {
            home.file(file, "export GOPATH=\"$HOME/go\"\nexport PATH=\"$GOPATH/bin:$HOME/.local/go/bin:$PATH\"\n");
        }
    }),
    own("a module in the current folder", "zsh", |home| {
        zsh(home, "");
        home.file("go.mod", "module example.com/x\n\ngo 1.21\n\nrequire golang.org/x/text v0.3.0\n");
    }),
    own("a newer Go for a module, which Go fetches", "zsh", |home| {
        zsh(home, "");
        home.file("go.mod", "module example.com/x\n\ngo 1.25.0\n\ntoolchain go1.26.1\n");
    }),
    ours("--gobin and --gopath", "zsh", |home| {
        unpack(home, ".local/go");
        let [gobin, gopath] = ["bin", "work/go"].map(|folder| home.path(folder).display().to_string());
        home.run(&["apply", "--shell", "zsh", "--gobin", &gobin, "--gopath", &gopath, "--yes", "--no-verify"]).ok();
        program(home, "bin/gopls", ":");
    }),
    ours("--portable", "bash", |home| {
        unpack(home, ".local/go");
        home.run(&["apply", "--shell", "bash", "--portable", "--yes", "--no-verify"]).ok();
    }),
    ours("--reach all", "zsh", |home| {
        unpack(home, ".local/go");
        home.run(&["apply", "--shell", "zsh", "--reach", "all", "--yes", "--no-verify"]).ok();
    }),
];
