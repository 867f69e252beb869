//! Diseases of launch chains, and what is said of each.

use serde_json::Value;

use super::{Case, Cure, append, doctor, findings, healthy, replace, text};
use crate::support::{Home, Ran, cannot, find, need, private_mounts};

/// A line that only interactive shells read, where others find the same Go.
fn only_interactive(home: &Home, line: &str) {
    home.run(&["apply", "--shell", "zsh", "--reach", "all", "--yes", "--no-verify"]).ok();
    append(home, ".zshrc", line);
}

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "L-19",
        name: "GOMODCACHE",
        make: |home| only_interactive(home, "export GOMODCACHE=$HOME/modules\n"),
        lines: &[],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "export GOMODCACHE=$HOME/modules\n", "")),
    },
    #[cfg(not(target_os = "macos"))]
    Case {
        id: "L-19",
        name: "XDG_CACHE_HOME",
        make: |home| only_interactive(home, "export XDG_CACHE_HOME=$HOME/caches\n"),
        lines: &[],
        cure: Cure::Advice(|home| {
            let stored = format!("GOCACHE={}\n", home.path("caches/go-build").display());
            home.file(".config/go/env", stored);
        }),
    },
    Case {
        id: "L-20",
        name: "GOPROXY",
        make: |home| only_interactive(home, "export GOPROXY=https://proxy.example,direct\n"),
        lines: &[(".zshrc", 1)],
        cure: Cure::Advice(|home| {
            home.file(super::GO_ENV, "GOPROXY=https://proxy.example,direct\n");
            replace(home, ".zshrc", "export GOPROXY=https://proxy.example,direct\n", "");
        }),
    },
];

fn chain<'a>(document: &'a Value, name: &str) -> &'a Value {
    let chains = document["chains"].as_array().expect("a list");
    chains.iter().find(|chain| chain["chain"] == name).unwrap_or_else(|| panic!("no {name} in {document:#}"))
}

#[test]
fn chains_side_by_side() {
    if !need("zsh") || !need("bash") {
        return;
    }
    let home = healthy();
    append(&home, ".zshrc", "export GOPROXY=https://me:swordfish@proxy.example/path,direct\n");
    let (_, document) = doctor(&home);
    assert!(!document.to_string().contains("swordfish"), "{document:#}");
    let go = home.path("opt/go/bin/go").display().to_string();
    let terminal = document["chains"].as_array().and_then(|chains| chains.first()).expect("a terminal");
    assert_eq!((&terminal["go"], &terminal["terminal"]), (&go.into(), &true.into()), "{document:#}");
    assert!(text(terminal, "goproxy").contains("proxy.example"), "{document:#}");
    let login = chain(&document, "zsh -l -c");
    let default = "https://proxy.golang.org,direct";
    assert_eq!((&login["go"], &login["goproxy"]), (&Value::Null, &default.into()), "{document:#}");
    assert_eq!(login["gomodcache"], home.path("go/pkg/mod").display().to_string());
    assert_eq!(
        (&login["shares_modules_with_terminal"], &login["shares_cache_with_terminal"]),
        (&true.into(), &true.into())
    );
    for name in ["bash -lc", "sh -c"] {
        assert_eq!(chain(&document, name)["possible"], true, "{document:#}");
    }
    let empty = chain(&document, "env -i");
    for nothing in ["go", "path", "gomodcache", "gocache"] {
        assert_eq!(empty[nothing], Value::Null, "{nothing} {empty:#}");
    }
    assert_eq!(empty["shares_cache_with_terminal"], false);
    // Nobody's real home is looked at.
    let names: Vec<&str> =
        document["chains"].as_array().expect("a list").iter().map(|chain| text(chain, "chain")).collect();
    let su = names.iter().find(|name| name.starts_with("su - ")).expect("it is named");
    assert!(text(chain(&document, su), "why").starts_with("HOME is not the home of "), "{document:#}");
    home.run(&["doctor", "--shell", "zsh", "--offline"])
        .out_has("launch chains, by what Go would use in each:")
        .out_has("not possible here: HOME is not the home of ")
        .out_has("not set\n              in env -i\n");
}

#[test]
#[cfg(not(target_os = "macos"))]
fn su_starts_the_login_shell_of_the_user_database() {
    let mut home = healthy();
    let Some(mounts) = private_mounts(&home) else {
        cannot("a private mount namespace over /etc (root, or user namespaces)");
        return;
    };
    if !need("zsh") || !need("su") {
        return;
    }
    home.env("LOGNAME", "root");
    home.file(
        ".zprofile",
        "export GOPROXY=https://login.example GOMODCACHE=$HOME/modules PATH=$HOME/opt/go/bin:$PATH\n",
    );
    let entry = format!("root:x:0:0:root:{}:/bin/zsh\n", home.path("").display());
    home.file("../tmp/passwd", entry.replace("/:/bin", ":/bin"));
    let script = "mount --bind \"$TMPDIR/passwd\" /etc/passwd && exec \"$0\" doctor --shell zsh --offline --json";
    let program = home.script("printf %s \"$0\"").stdout;
    let program = String::from_utf8(program).expect("a path");
    let ran = Ran::of(&home.command(mounts[0], &[&mounts[1..], &["sh", "-c", script, program.as_str()]].concat()));
    let document: Value = serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let sudo = chain(&document, "sudo -i -u root");
    let su = chain(&document, "su - root");
    if !rustix::process::geteuid().is_root() {
        // Root of no more than a user namespace may become nobody.
        assert_eq!((&su["possible"], text(su, "why").is_empty()), (&false.into(), false), "{document:#}");
        return;
    }
    if find("sudo").is_some() {
        assert_eq!(sudo["goproxy"], "https://login.example", "{document:#}");
    } else {
        assert_eq!(sudo["why"], "sudo is not installed");
    }
    assert_eq!((&su["possible"], &su["goproxy"]), (&true.into(), &"https://login.example".into()), "{document:#}");
    assert_eq!(su["gomodcache"], home.path("modules").display().to_string());
    assert_eq!(su["shares_modules_with_terminal"], false, "{document:#}");
    let found = findings(&document);
    assert!(found.iter().any(|finding| finding["id"] == "L-20"), "{document:#}");
}
