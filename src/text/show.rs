//! Names and values as a person may see them: no control character ever reaches a terminal raw.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The name under which a path is shown: `~/…` below home.
pub fn tilde(path: &Path, home: &Path) -> String {
    let shown = |path: &Path| sanitise(path.as_os_str().as_bytes());
    match path.strip_prefix(home) {
        Ok(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Ok(rest) if home != Path::new("/") => format!("~/{}", shown(rest)),
        _ => shown(path),
    }
}

/// Text made safe to show: control characters, invalid UTF-8 and what changes the direction of text are escaped.
pub fn sanitise(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).collect()
}
