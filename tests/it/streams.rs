//! Flags, streams and exit codes: what goes where, what is written, and what a second run does.

mod again;
mod file;
mod patches;
mod print;
mod quiet;
mod status;

const APPLY: &[&str] = &["apply", "--shell", "zsh", "-y"];
const UNINSTALL: &[&str] = &["uninstall", "-y"];
