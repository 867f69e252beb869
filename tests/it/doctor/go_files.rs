//! Diseases of the files of Go.

use super::{Case, Cure};
use crate::installs::machine::Machine;
use crate::support::{Ran, need};

/// Checks whose disease is made on a machine of its own, or only where the system has it.
pub(super) const ELSEWHERE: &[&str] = if cfg!(target_os = "macos") { &["X-08"] } else { &["X-05", "X-08"] };

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "X-03",
        name: "for a smaller machine",
        make: |home| {
            home.script("cd opt/go/bin && sed 's|/[a-z0-9]*\" ;;|/386\" ;;|' go >new && cat new >go && rm new").ok();
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.fake_go("opt/go", "1.22.10");
        }),
    },
    #[cfg(target_os = "macos")]
    Case {
        id: "X-05",
        name: "from the web",
        make: |home| {
            home.script("xattr -w com.apple.quarantine '0081;0;x;' opt/go/bin/go").ok();
        },
        lines: &[],
        cure: Cure::Command,
    },
    Case {
        id: "X-06",
        name: "unpacked over an older one",
        make: |home| {
            home.file("opt/go/src/internal/goversion/goversion.go", "package goversion\n\nconst Version = 21\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.file("opt/go/src/internal/goversion/goversion.go", "package goversion\n\nconst Version = 22\n");
        }),
    },
    Case {
        id: "X-07",
        name: "a cache that cannot be written",
        make: |home| {
            home.dir("go/pkg/mod/cache").mode("go/pkg/mod", 0o555);
        },
        lines: &[],
        cure: Cure::Command,
    },
];

#[test]
fn a_macos_that_is_too_old() {
    if !need("zsh") {
        return;
    }
    let Some(machine) = Machine::anywhere() else { return };
    machine.go("~/opt/go", "1.25.1");
    let path = "/System/Library/CoreServices/SystemVersion.plist";
    for (version, ids) in [("11.7.10", &["X-08"][..]), ("12.0", &[])] {
        let text = format!(
            "<plist version=\"1.0\"><dict>\n<key>ProductVersion</key>\n<string>{version}</string>\n</dict></plist>\n"
        );
        machine.file(path, text);
        machine.file("~/.zshrc", "PATH=$HOME/opt/go/bin:$PATH\n");
        let ran = machine.setup(&["doctor", "--shell", "zsh", "--offline", "--json"]);
        let document: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("JSON");
        let found = super::findings(&document).into_iter().map(|finding| super::text(finding, "id"));
        let found: Vec<&str> = found.filter(|id| id.starts_with("X-")).collect();
        assert_eq!(found, ids, "{document:#}");
    }
}

/// As another user than root, for whom nothing is closed: folders that are not one's own.
#[test]
fn folders_of_another_user_s() {
    if !need("zsh") {
        return;
    }
    let mut home = super::healthy();
    super::append(&home, ".zshrc", "export GOBIN=/usr/bin\n");
    home.dir("go/pkg/mod/cache/download").dir(".cache/go-build");
    let is_root = home.script("id -u").stdout == b"0\n";
    if is_root && !need("setpriv") {
        return;
    }
    home.env("PROGRAM", home.beside("program"));
    home.script("cp \"$0\" \"$PROGRAM\"").ok();
    let mut words = vec!["doctor", "--shell", "zsh", "--offline", "--json"];
    let program = home.beside("program").display().to_string();
    if is_root {
        home.script("chown -R 65534 \"${PROGRAM%/*}\"; chown -R 0 go/pkg; chmod 755 go/pkg").ok();
        words.splice(0..0, ["--reuid=65534", "--regid=65534", "--clear-groups", &program]);
    }
    let ran = Ran::of(&home.command(if is_root { "setpriv" } else { &program }, &words));
    let document: serde_json::Value =
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran}"));
    let found = super::findings(&document).into_iter().filter(|finding| super::text(finding, "id") == "X-07");
    let found: Vec<(&str, &serde_json::Value)> =
        found.map(|finding| (super::text(finding, "what"), &finding["fix"])).collect();
    let closed = |(what, _): &(&str, &serde_json::Value)| (*what).to_owned();
    let mut wanted = vec!["Go writes in /usr/bin, and it is not yours".to_owned()];
    if is_root {
        wanted.insert(0, "Go writes in ~/go/pkg/mod, and it belongs to another user, as after `sudo go`".to_owned());
        let fix = serde_json::json!({"command": "sudo chown -R \"$(id -un)\" \"$HOME/go/pkg/mod\""});
        assert!(found.iter().any(|(_, found)| **found == fix), "{document:#}");
    }
    assert_eq!(found.iter().map(closed).collect::<Vec<_>>(), wanted, "{document:#}");
    let systems = found.last().expect("it was just compared").1;
    assert!(systems["advice"].is_string(), "a folder of the system's is not given away: {document:#}");
}
