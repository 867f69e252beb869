//! Shells that do not come through their startup files.

use super::{Case, Cure};

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "S-01",
        name: "exit",
        make: |home| {
            home.file(".zlogin", "exit 3\n");
        },
        lines: &[(".zlogin", 1)],
        cure: Cure::Advice(|home| fs_err::remove_file(home.path(".zlogin")).expect("it is there")),
    },
    Case {
        id: "S-02",
        name: "something waits",
        make: |home| {
            home.file(".zlogin", ":\nsleep 600\n");
        },
        lines: &[(".zlogin", 2)],
        cure: Cure::Advice(|home| fs_err::remove_file(home.path(".zlogin")).expect("it is there")),
    },
    Case {
        id: "S-03",
        name: "something is slow",
        make: |home| {
            home.file(".zlogin", "sleep 6\n");
        },
        lines: &[],
        cure: Cure::Advice(|home| fs_err::remove_file(home.path(".zlogin")).expect("it is there")),
    },
];
