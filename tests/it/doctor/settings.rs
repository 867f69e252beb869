//! Diseases of what `go env -w` has stored, and of Go's other variables.

use super::{Case, Cure, append, doctor, findings, healthy, text};
use crate::support::need;

/// Where a line behind our block in `.zshrc` stands.
const BEHIND: &[(&str, u64)] = &[(".zshrc", 20)];

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "E-01",
        name: "GOFLAGS",
        make: |home| {
            home.file(".config/go/env", "GOFLAGS=-v\n");
            append(home, ".zshrc", "export GOFLAGS=-x\n");
        },
        lines: &[(".zshrc", 20), (".config/go/env", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "E-02",
        name: "off",
        make: |home| append(home, ".zshrc", "export GOENV=off\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "E-02",
        name: "no file",
        make: |home| append(home, ".zshrc", "export GOENV=$HOME/nothing\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "E-03",
        name: "quotes",
        make: |home| {
            home.file(".config/go/env", "# mine\nGOCACHE=\"/tmp/a cache\"\n");
        },
        lines: &[(".config/go/env", 2)],
        cure: Cure::Command,
    },
    Case {
        id: "E-03",
        name: "a tilde",
        make: |home| {
            home.file(".config/go/env", "GOCACHE=~/cache\n");
        },
        lines: &[(".config/go/env", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "E-03",
        name: "a variable",
        make: |home| {
            home.file(".config/go/env", "GOCACHE=$HOME/cache\n");
        },
        lines: &[(".config/go/env", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "E-03",
        name: "a carriage return",
        make: |home| {
            home.file(".config/go/env", "GOCACHE=/tmp/cache\r\n");
        },
        lines: &[(".config/go/env", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "E-03",
        name: "a variable of the user's own",
        make: |home| {
            home.file(super::GO_ENV, "GOPRIVATE=$COMPANY/*\n");
        },
        lines: &[(super::GO_ENV, 1)],
        cure: Cure::Advice(|home| {
            home.file(super::GO_ENV, "GOPRIVATE=corp.example/*\n");
        }),
    },
    Case {
        id: "E-05",
        name: "a value that Go does not know",
        make: |home| append(home, ".zshrc", "export GO111MODULE=yes\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "E-01",
        name: "a variable of few",
        make: |home| {
            home.file(super::GO_ENV, "GONOSUMDB=a.example\n");
            append(home, ".zshrc", "export GONOSUMDB=b.example\n");
        },
        lines: &[(".zshrc", 20), (super::GO_ENV, 1)],
        cure: Cure::Command,
    },
    Case {
        id: "E-04",
        name: "export",
        make: |home| {
            home.file(".config/go/env", "GOCACHE=/tmp/cache\nexport GOFLAGS=-v\n");
        },
        lines: &[(".config/go/env", 2)],
        cure: Cure::Command,
    },
    Case {
        id: "E-04",
        name: "a blank",
        make: |home| {
            home.file(".config/go/env", " GOFLAGS=-v\n");
        },
        lines: &[(".config/go/env", 1)],
        cure: Cure::Command,
    },
    Case {
        id: "E-05",
        name: "off",
        make: |home| append(home, ".zshrc", "export GO111MODULE=off\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "E-06",
        name: "-mod",
        make: |home| append(home, ".zshrc", "export GOFLAGS=-mod=vendor\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "E-06",
        name: "no flag",
        make: |home| {
            home.file(".config/go/env", "GOFLAGS=-v\n# mine\nGOFLAGS=v\n");
        },
        lines: &[(".config/go/env", 3)],
        cure: Cure::Command,
    },
    Case {
        id: "E-07",
        name: "GONOSUMCHECK",
        make: |home| append(home, ".zshrc", "export GONOSUMCHECK=1\n"),
        lines: BEHIND,
        cure: Cure::Patch,
    },
    Case {
        id: "E-09",
        name: "gone",
        make: |home| {
            fs_err::remove_file(home.path("opt/go/go.env")).expect("it is there");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.file("opt/go/go.env", "GOTOOLCHAIN=auto\n");
        }),
    },
    Case {
        id: "E-10",
        name: "a shell that exports it",
        make: |home| {
            home.env("GO111MODULE", "off");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.env("GO111MODULE", "");
        }),
    },
    Case {
        id: "E-08",
        name: "read-only",
        make: |home| {
            home.file(".config/go/env", "GOFLAGS=-v\n").mode(".config/go/env", 0o444);
        },
        lines: &[],
        cure: Cure::Command,
    },
];

#[test]
fn what_this_terminal_alone_has_is_named_without_its_value() {
    if !need("zsh") {
        return;
    }
    let mut home = healthy();
    append(&home, ".zshrc", "export GOPRIVATE=same.example\n");
    home.env("GOROOT", "/nonexistent").env("GOFLAGS", "-ldflags=hunter2").env("GOPRIVATE", "same.example");
    let (status, document) = doctor(&home);
    let found = findings(&document);
    let ids: Vec<&str> = found.iter().map(|finding| text(finding, "id")).collect();
    assert_eq!((status, &ids[..]), (0, &["E-10"][..]), "{document:#}");
    assert!(text(found[0], "what").contains(" GOFLAGS, GOROOT "), "{document:#}");
    assert!(text(&found[0]["fix"], "advice").contains("`unset GOFLAGS GOROOT`"), "{document:#}");
    assert!(!document.to_string().contains("hunter2"), "{document:#}");
}
