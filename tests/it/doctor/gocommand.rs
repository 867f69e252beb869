//! Diseases of the `go` command itself, which show when it is run.

use super::{Case, Cure, append, doctor, findings, healthy, replace, text};
use crate::support::{Home, need, real_go};

/// Puts a program in the place of `go`, by `cp`: one that this process has open for writing cannot be started.
fn program(home: &Home, bytes: impl AsRef<[u8]>) {
    home.file("opt/go/bin/new", bytes).mode("opt/go/bin/new", 0o755);
    home.script("cd opt/go/bin && rm go && cp -p new go && rm new").ok();
}

/// Puts Go back in its place.
const CURE: Cure = Cure::Advice(|home| {
    home.fake_go("opt/go", "1.22.10");
});

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "P-15",
        name: "gccgo",
        make: |home| {
            program(home, "#!/bin/sh\necho go version go1.18 gccgo '(Debian 12.2.0-14)' 12.2.0 linux/amd64\n");
        },
        lines: &[],
        cure: CURE,
    },
    Case {
        id: "P-15",
        name: "another program",
        make: |home| program(home, "#!/bin/sh\necho GNU Go 3.8\n"),
        lines: &[],
        cure: CURE,
    },
    Case { id: "X-02", name: "it is empty", make: |home| program(home, ""), lines: &[], cure: CURE },
    Case { id: "X-09", name: "it says nothing", make: |home| program(home, "#!/bin/sh\n"), lines: &[], cure: CURE },
    #[cfg(not(target_os = "macos"))]
    Case {
        id: "X-02",
        name: "for another processor",
        make: |home| {
            // The header of an ELF program for s390x, and nothing else.
            let mut bytes = vec![0; 4096];
            bytes[..8].copy_from_slice(b"\x7fELF\x02\x02\x01\0");
            (bytes[17], bytes[19], bytes[23], bytes[53]) = (2, 22, 1, 64);
            program(home, bytes);
        },
        lines: &[],
        cure: CURE,
    },
    Case {
        id: "X-04",
        name: "no interpreter",
        make: |home| program(home, "#!/nonexistent/sh\n"),
        lines: &[],
        cure: CURE,
    },
    #[cfg(not(target_os = "macos"))]
    Case {
        id: "X-04",
        name: "no loader",
        make: |home| {
            let mut bytes = fs_err::read("/bin/true").expect("it is there");
            let name = b"/ld-linux";
            let at = bytes.windows(name.len()).position(|window| window == name).expect("it has a loader");
            bytes[at + 4..at + 6].copy_from_slice(b"no");
            program(home, bytes);
        },
        lines: &[],
        cure: CURE,
    },
    Case {
        id: "X-09",
        name: "it crashes",
        make: |home| program(home, "#!/bin/sh\nkill -SEGV $$\n"),
        lines: &[],
        cure: CURE,
    },
    Case {
        id: "X-09",
        name: "it fails",
        make: |home| program(home, "#!/bin/sh\necho 'go: version 1.22 is not installed' >&2\nexit 1\n"),
        lines: &[],
        cure: CURE,
    },
    Case {
        id: "X-09",
        name: "it hangs",
        make: |home| program(home, "#!/bin/sh\nexec sleep 600\n"),
        lines: &[],
        cure: CURE,
    },
    Case {
        id: "X-10",
        name: "a flag that there is not",
        make: |home| {
            replace(
                home,
                "opt/go/bin/go",
                "env)\n",
                "env)\n  case ${GOFLAGS-} in -x*) echo 'go: parsing $GOFLAGS: unknown flag' >&2; exit 1;; esac\n",
            );
            append(home, ".zshrc", "export GOFLAGS=-xyz\n");
        },
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "X-11",
        name: "VERSION",
        make: |home| {
            home.file("opt/go/VERSION", "go1.23.4\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.file("opt/go/VERSION", "go1.22.10\n");
        }),
    },
];

/// A home in which a real Go is found: behind the name of the one that the block carries.
fn with_real_go(name: &str) -> Option<Home> {
    let root = real_go().into_iter().find(|root| root.ends_with(name)).filter(|_| need("zsh"))?;
    let home = healthy();
    home.file("opt/go/VERSION", format!("{name}\n"));
    program(&home, format!("#!/bin/sh\nexec {}/bin/go \"$@\"\n", root.display()));
    Some(home)
}

#[test]
fn a_real_go_is_healthy_and_leaves_nothing_behind() {
    // The newest counts what it does, unless it is told not to.
    let Some(home) = with_real_go("go1.27.3") else { return };
    let before = home.tree();
    let (status, document) = doctor(&home);
    assert_eq!((status, findings(&document).len()), (0, 0), "{document:#}");
    std::thread::sleep(std::time::Duration::from_millis(500));
    home.unchanged(&before);
}

#[test]
fn go_says_itself_what_is_wrong_without_the_secrets() {
    let Some(home) = with_real_go("go1.22.10") else { return };
    append(&home, ".zshrc", "export GOFLAGS='-nosuchflag=hunter2hunter2' GOAUTH='off hunter2hunter2'\n");
    let (status, document) = doctor(&home);
    let found = findings(&document);
    let finding = found.iter().find(|finding| text(finding, "id") == "X-10").unwrap_or_else(|| panic!("{document:#}"));
    assert!(text(finding, "what").contains("unknown flag -nosuchflag"), "{finding:#}");
    assert_eq!(status, 1);
    append(&home, ".zshrc", "export GOFLAGS=\n");
    // Whatever go says, nothing secret is repeated.
    let script = "#!/bin/sh\n[ \"$1\" != env ] || { echo \"bad: $GOAUTH at https://me:swordfish@host/\" >&2; exit 1; }\n\
                  echo go version go1.22.10 linux/amd64\n";
    program(&home, script);
    let (_, document) = doctor(&home);
    let shown = document.to_string();
    assert!(shown.contains("bad: ") && shown.contains("X-10"), "{document:#}");
    assert!(!shown.contains("hunter2") && !shown.contains("swordfish"), "{document:#}");
}

/// What the user has set for Go has checks of its own, however `go version` minds it.
#[test]
fn what_is_wrong_with_a_variable_is_not_said_of_go() {
    for (value, id) in [("~/go", "G-01"), ("go", "G-02")] {
        let Some(home) = with_real_go("go1.27.3") else { return };
        append(&home, ".zshrc", &format!("export GOPATH='{value}'\n"));
        let (_, document) = doctor(&home);
        let ids: Vec<&str> = findings(&document).iter().map(|finding| text(finding, "id")).collect();
        assert_eq!(ids, [id], "{document:#}");
    }
}
