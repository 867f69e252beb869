//! What other tools for Go leave in startup files when they are gone.

/// A tool, the folder below the home that it lives in, and what its lines name.
///
/// Sources: what the installers of gvm, g (stefanmaric and voidint), goup, gobrew and goenv write.
pub const TOOLS: &[(&str, &str, &str)] = &[
    ("gvm", ".gvm", ".gvm/scripts/gvm"),
    ("g", ".go", "g-install: do NOT edit"),
    ("goup", ".go", ".go/env"),
    ("g", ".g", ".g/env"),
    ("gobrew", ".gobrew", ".gobrew/current/bin"),
    ("goenv", ".goenv", "GOENV_ROOT=\"$HOME/.goenv\""),
];
