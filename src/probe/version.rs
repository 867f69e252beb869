//! Asks a `go` that has no `VERSION` file beside it, a wrapper or a shim, which version it is.
//!
//! It runs in an empty folder, so that no module or tool file chooses a toolchain, and may download and install nothing;
//! its counters go to that folder too.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::{Outcome, Run, run};

/// How long it may take.
const LIMIT: Duration = Duration::from_secs(5);

/// Over what the shell handed down: Go's own toolchains, flags and module proxy; where Go counts (cmd/go,
/// `TEST_TELEMETRY_DIR`); mise installs nothing.
const SETTINGS: &[(&str, &str)] =
    &[("GOTOOLCHAIN", "local"), ("GOFLAGS", ""), ("GOPROXY", "off"), ("MISE_AUTO_INSTALL", "0")];

/// What `go version` says behind its first two words, if it is well. `variables`: what the shell handed down.
pub fn ask(go: &Path, variables: &[(OsString, OsString)], stop: Arc<AtomicBool>) -> Option<String> {
    let empty = super::scratch().ok()?;
    let counters = super::scratch().ok()?;
    let mut version = Run::new(go.to_owned(), LIMIT);
    version.args = vec!["version".into()];
    version.env = variables.iter().filter(|(name, _)| name != "GOROOT").cloned().collect();
    version.env.extend(SETTINGS.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))));
    version.env.push(("TEST_TELEMETRY_DIR".into(), counters.path().as_os_str().to_owned()));
    version.folder = Some(empty.path().to_owned());
    version.stop = Some(stop);
    let Outcome::Ended { success: true, stdout, .. } = run(&version) else { return None };
    let text = String::from_utf8_lossy(&stdout);
    text.lines().find_map(|line| line.strip_prefix("go version ")).map(str::to_owned)
}
