//! One disease has one finding, and what is to be done has not to be done twice.

use super::{GO_ENV, append, doctor, findings, healthy, text};
use crate::support::{Home, need};

/// A disease, and the check that tells of it.
type Disease = (&'static str, fn(&Home));

const AGENT: &str = "Library/LaunchAgents/job.plist";

const DISEASES: &[Disease] = &[
    ("N-02", |home| append(home, ".zshrc", "export GOPROXY=off,https://proxy.example\n")),
    ("G-02", |home| {
        home.run(&["uninstall", "--yes"]).ok();
        home.file(GO_ENV, "GOPATH=\"$HOME/go\"\n");
        append(home, ".zshrc", "PATH=$HOME/opt/go/bin:$PATH\n");
    }),
    ("L-05", |home| {
        let lines = "<key>Label</key><string>me.job</string>\n\
            <key>ProgramArguments</key><array><string>go</string><string>run</string></array>\n\
            <key>EnvironmentVariables</key><dict><key>PATH</key><string>$HOME/opt/go/bin:/usr/bin</string></dict>\n";
        home.file(AGENT, format!("<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict>\n{lines}</dict></plist>\n"));
    }),
    ("L-11", |home| {
        let unit = "[Service]\nEnvironment=PATH=$HOME/opt/go/bin:/usr/bin\nExecStart=/bin/sh -c 'exec go run .'\n";
        home.file(".config/systemd/user/job.service", unit);
    }),
    ("L-06", |home| {
        home.file("crontab.txt", "PATH=$HOME/opt/go/bin:/usr/bin\n@daily go clean -cache\n");
        home.script("printf '#!/bin/sh\\ncat ~/crontab.txt\\n' >opt/go/bin/crontab; chmod +x opt/go/bin/crontab").ok();
    }),
    ("F-06", |home| append(home, ".zshrc", "export PATH=$PATH:/opt/x/bin\r\n")),
];

#[test]
fn one_disease_has_one_finding() {
    if !need("zsh") {
        return;
    }
    for (id, make) in DISEASES {
        let home = healthy();
        make(&home);
        let (_, document) = doctor(&home);
        let ids: Vec<&str> = findings(&document).iter().map(|finding| text(finding, "id")).collect();
        assert_eq!(ids, [*id], "{document:#}");
        let fix = findings(&document)[0]["fix"].to_string();
        assert!(
            !id.starts_with("L-") || !fix.contains("$HOME/opt"),
            "what nothing expands is to be written again: {fix}"
        );
    }
}

/// Commands name what they edit: lines move when another command has taken one out.
#[test]
fn commands_on_the_stored_file_may_come_in_any_order() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    home.file(GO_ENV, "GOFLAGS=v\nGOCACHE=\"/tmp/a cache\"\n export GOPRIVATE=x.example\nGOTOOLCHAIN=none\n");
    let (_, document) = doctor(&home);
    let found = findings(&document);
    assert_eq!(found.len(), 4, "{document:#}");
    for finding in found {
        home.script(text(&finding["fix"], "command")).ok();
    }
    let left = home.read(GO_ENV).unwrap_or_default();
    assert_eq!(String::from_utf8_lossy(&left), "GOCACHE=/tmp/a cache\nGOPRIVATE=x.example\n");
}
