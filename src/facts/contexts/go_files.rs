//! What the files of a `go` that is found say about whether it can work here.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::Access;

use super::Ground;
use crate::facts::go;

/// How much of a source file is read, in bytes.
const SIZE: u64 = 16 * 1024;

/// The mark that macOS puts on what was loaded from the web.
const QUARANTINE: &str = "com.apple.quarantine";

/// What lies behind a `go`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The command, with all links resolved.
    pub go: PathBuf,
    /// The minor release by the library's own file, `internal/goversion`.
    pub library: Option<u32>,
    /// Whether it bears the mark of a file from the web.
    pub quarantined: bool,
    /// The release of macOS, where this is one.
    pub macos: Option<(u32, u32)>,
}

/// A folder in which Go writes, and this user may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The folder.
    pub folder: PathBuf,
    /// Whether it belongs to this user, who may change its mode.
    pub is_own: bool,
}

/// Looks behind a `go` with all links resolved.
pub(super) fn behind(ground: &Ground, file: &Path) -> Behind {
    let root = file.parent().and_then(Path::parent);
    let source = root.and_then(|root| go::beginning(&root.join("src/internal/goversion/goversion.go"), SIZE));
    Behind {
        go: file.to_path_buf(),
        library: source.as_deref().and_then(minor),
        quarantined: matches!(xattr::get(file, QUARANTINE), Ok(Some(_))),
        macos: go::beginning(&ground.at("/System/Library/CoreServices/SystemVersion.plist"), SIZE)
            .as_deref()
            .and_then(macos),
    }
}

/// The number in `const Version = 22`.
fn minor(source: &[u8]) -> Option<u32> {
    let mut lines = source.split(|byte| *byte == b'\n');
    let value = lines.find_map(|line| line.strip_prefix(b"const Version = "))?;
    std::str::from_utf8(value.trim_ascii()).ok()?.parse().ok()
}

/// `ProductVersion`.
fn macos(bytes: &[u8]) -> Option<(u32, u32)> {
    let root = plist::Value::from_reader(std::io::Cursor::new(bytes)).ok()?.into_dictionary()?;
    let mut numbers = root.get("ProductVersion")?.as_string()?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next().and_then(Result::ok).unwrap_or(0)))
}

/// A folder that is there, and in which this user may not write.
pub(super) fn closed(folder: &Path, euid: u32) -> Option<Closed> {
    let meta = fs_err::metadata(folder).ok().filter(std::fs::Metadata::is_dir)?;
    let is_own = meta.uid() == euid;
    // root may write anyway, but does not stay root.
    let is_closed = rustix::fs::access(folder, Access::WRITE_OK).is_err() || (is_own && meta.mode() & 0o200 == 0);
    is_closed.then(|| Closed { folder: folder.to_path_buf(), is_own })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_of_the_library() {
        assert_eq!(minor(b"package goversion\n\n// Version\nconst Version = 27\n"), Some(27));
        assert_eq!(minor(b"package goversion\n"), None);
    }

    #[test]
    fn the_release_of_macos() {
        let text = |version: &str| {
            format!(
                "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>ProductVersion</key><string>{version}</string></dict></plist>"
            )
        };
        assert_eq!(macos(text("12.7.6").as_bytes()), Some((12, 7)));
        assert_eq!(macos(text("26").as_bytes()), Some((26, 0)));
        assert_eq!(macos(text("x").as_bytes()), None);
        assert_eq!(macos(b"x"), None);
    }
}
