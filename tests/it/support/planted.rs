//! Backups that no run of ours made.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Home;

/// The state folder of a home whose environment does not say otherwise.
pub(crate) const STATE: &str =
    if cfg!(target_os = "macos") { "Library/Application Support/goenv-setup" } else { ".local/state/goenv-setup" };

/// What a receipt says of a file that there was.
pub(crate) fn before(bytes: &[u8]) -> Value {
    json!({"state": "file", "crc32": crc32fast::hash(bytes), "size": bytes.len(), "mode": 0o644, "uid": me(), "gid": me(),
        "mtime": 1_700_000_000, "mtime_nanos": 0, "backup": "file-0"})
}

/// What a receipt says of a file that a run wrote.
pub(crate) fn after(bytes: &[u8]) -> Value {
    json!({"state": "file", "crc32": crc32fast::hash(bytes), "size": bytes.len()})
}

/// A receipt for one file.
pub(crate) fn receipt(id: &str, file: &Path, before: &Value, after: &Value) -> Value {
    json!({"schema": 1, "id": id, "time": "2026-11-23T05:50:01Z", "unix_time": 1_795_413_001, "command": "apply",
        "version": "0.1.0", "files": [{"asked": file, "real": file, "shell": "zsh", "temp": format!(".goenv-setup-{id}-0~"),
        "before": before, "after": after}]})
}

/// Makes the folder of a backup, with the rights that one has; gives its path.
pub(crate) fn plant(home: &Home, id: &str, receipt: &[u8], copy: Option<&[u8]>, marks: &[&str]) -> PathBuf {
    let folder = Path::new(STATE).join("backups").join(id);
    home.dir(&folder);
    for private in [Path::new(STATE), &Path::new(STATE).join("backups"), &folder] {
        home.mode(private, 0o700);
    }
    let mut files = vec![("receipt.json", receipt)];
    files.extend(copy.map(|copy| ("file-0", copy)));
    files.extend(marks.iter().map(|mark| (*mark, &b""[..])));
    for (name, bytes) in files {
        home.file(folder.join(name), bytes);
        let closed = std::fs::Permissions::from_mode(0o600);
        fs_err::set_permissions(home.path(folder.join(name)), closed).expect("it is ours");
    }
    home.path(folder)
}

fn me() -> u32 {
    rustix::process::geteuid().as_raw()
}
