//! Diseases of the files of Go.

use super::{Case, Cure};
use crate::installs::machine::Machine;
use crate::support::{Home, Ran, need};

/// Checks whose disease is made on a machine of its own, or only where the system has it.
pub(super) const ELSEWHERE: &[&str] = if cfg!(target_os = "macos") { &["X-08"] } else { &["X-05", "X-08"] };

/// The beginning of an ELF file: its class, its architecture, and the loader that it asks for.
fn elf(class: u8, machine: u8, loader: &str) -> Vec<u8> {
    let (head, entry) = (64, 56);
    let mut bytes = vec![0; head + entry];
    bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', class, 1]);
    bytes[18] = machine;
    if class == 2 {
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = 1;
        bytes[64] = 3;
        bytes[72] = 120;
        bytes[96] = u8::try_from(loader.len() + 1).expect("it is short");
        bytes.extend(loader.as_bytes());
        bytes.push(0);
    }
    bytes
}

/// Puts a program in the place of go.
fn instead(home: &Home, bytes: &[u8]) {
    home.file("opt/go/bin/go.new", bytes).mode("opt/go/bin/go.new", 0o755);
    fs_err::rename(home.path("opt/go/bin/go.new"), home.path("opt/go/bin/go")).expect("the same folder");
}

fn whole(home: &mut Home) {
    home.fake_go("opt/go", "1.22.10");
}

/// `e_machine` of this machine, of another one, and of its smaller sister.
#[cfg(not(target_os = "macos"))]
const MACHINES: [u8; 3] = if cfg!(target_arch = "aarch64") { [183, 62, 40] } else { [62, 183, 3] };

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    #[cfg(not(target_os = "macos"))]
    Case {
        id: "X-02",
        name: "for another machine",
        make: |home| instead(home, &elf(2, MACHINES[1], "/bin/sh")),
        lines: &[],
        cure: Cure::Advice(whole),
    },
    #[cfg(target_os = "macos")]
    Case {
        id: "X-02",
        name: "for another system",
        make: |home| instead(home, &elf(2, 62, "/bin/sh")),
        lines: &[],
        cure: Cure::Advice(whole),
    },
    Case { id: "X-02", name: "an empty file", make: |home| instead(home, b""), lines: &[], cure: Cure::Advice(whole) },
    #[cfg(not(target_os = "macos"))]
    Case {
        id: "X-03",
        name: "for its smaller sister",
        make: |home| instead(home, &elf(1, MACHINES[2], "")),
        lines: &[],
        cure: Cure::Advice(whole),
    },
    #[cfg(not(target_os = "macos"))]
    Case {
        id: "X-04",
        name: "another C library",
        make: |home| instead(home, &elf(2, MACHINES[0], "/nonexistent/ld-musl.so.1")),
        lines: &[],
        cure: Cure::Advice(whole),
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
