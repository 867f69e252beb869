//! Diseases of toolchains and of modules.

use super::{Case, Cure, append, replace};

/// The cases of this group. The current folder of the tests is the home.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "T-01",
        name: "local",
        make: |home| {
            home.file("go.mod", "module x\n\ngo 1.27.0\n").file(".config/go/env", "GOTOOLCHAIN=local\n");
        },
        lines: &[("go.mod", 3)],
        cure: Cure::Advice(|home| {
            home.file(".config/go/env", "GOTOOLCHAIN=auto\n");
        }),
    },
    Case {
        id: "T-01",
        name: "local, by a startup file",
        make: |home| {
            home.file("go.mod", "module x\n\ngo 1.27.0\n");
            append(home, ".zshrc", "export GOTOOLCHAIN=local\n");
        },
        lines: &[("go.mod", 3), (".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "T-06",
        name: "by a startup file",
        make: |home| append(home, ".zshrc", "export GOTOOLCHAIN=local\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "T-01",
        name: "as go itself tells its release",
        make: |home| {
            fs_err::remove_file(home.path("opt/go/VERSION")).expect("it is there");
            home.file("go.mod", "module x\n\ngo 1.27.0\n").file(".config/go/env", "GOTOOLCHAIN=local\n");
        },
        lines: &[("go.mod", 3)],
        cure: Cure::Advice(|home| {
            home.file(".config/go/env", "GOTOOLCHAIN=auto\n");
        }),
    },
    Case {
        id: "T-02",
        name: "1.22",
        make: |home| {
            home.fake_go("opt/go", "1.21.3");
            home.file("go.mod", "module x\n\ngo 1.22\n");
        },
        lines: &[("go.mod", 3)],
        cure: Cure::Advice(|home| {
            home.file("go.mod", "module x\n\ngo 1.22.0\n");
        }),
    },
    Case {
        id: "T-03",
        name: "an old Go",
        make: |home| {
            home.fake_go("opt/go", "1.20.3");
            home.file("go.mod", "module x\n\ngo 1.22.0\n");
        },
        lines: &[("go.mod", 3)],
        cure: Cure::Advice(|home| {
            home.fake_go("opt/go", "1.22.0");
        }),
    },
    Case {
        id: "T-04",
        name: "latest",
        make: |home| append(home, ".zshrc", "export GOTOOLCHAIN=latest\n"),
        lines: &[(".zshrc", 20)],
        cure: Cure::Patch,
    },
    Case {
        id: "T-05",
        name: "no proxy",
        make: |home| {
            home.file("go.mod", "module x\n\ngo 1.27.0\n");
            append(home, ".zshrc", "export GOPROXY=off\n");
        },
        lines: &[("go.mod", 3), (".zshrc", 20)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "export GOPROXY=off\n", "")),
    },
    Case {
        id: "T-05",
        name: "no checksums",
        make: |home| {
            home.file("go.mod", "module x\n\ngo 1.27.0\n");
            append(home, ".zshrc", "export GOSUMDB=off\n");
        },
        lines: &[("go.mod", 3), (".zshrc", 20)],
        cure: Cure::Advice(|home| replace(home, ".zshrc", "export GOSUMDB=off\n", "")),
    },
    Case {
        id: "T-06",
        name: "as a distribution ships it",
        make: |home| {
            home.file("opt/go/go.env", "GOTOOLCHAIN=local\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| {
            home.file(".config/go/env", "GOTOOLCHAIN=auto\n");
        }),
    },
];
