//! The module or workspace that a folder belongs to: which release of Go it asks for. Source: go.dev/doc/toolchain.

use std::path::{Path, PathBuf};

use super::go;

/// How much of the file is read, in bytes.
const SIZE: u64 = 256 * 1024;

/// A `go.work` or `go.mod`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// The file.
    pub path: PathBuf,
    /// The release of its line `go`, and the number of that line; the first is 1.
    pub go: Option<(String, usize)>,
    /// That of its line `toolchain`.
    pub toolchain: Option<(String, usize)>,
}

/// The file that counts in a folder: the nearest `go.work`, else the nearest `go.mod`, in it or above it.
pub fn of(folder: &Path) -> Option<Module> {
    let find = |name: &str| folder.ancestors().map(|above| above.join(name)).find(|path| path.is_file());
    let path = find("go.work").or_else(|| find("go.mod"))?;
    let bytes = go::beginning(&path, SIZE)?;
    Some(Module { go: directive(&bytes, b"go"), toolchain: directive(&bytes, b"toolchain"), path })
}

/// The word behind a directive at the start of a line.
fn directive(bytes: &[u8], name: &[u8]) -> Option<(String, usize)> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let mut found = lines.filter_map(|(index, line)| {
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let value = (words.next()? == name).then(|| words.next())??;
        Some((String::from_utf8_lossy(value).into_owned(), index + 1))
    });
    found.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_read_where_they_stand() {
        let text = b"module x // go 1.1\n\ngo 1.23.4 // why\n\ttoolchain go1.24.0\r\nrequire go v1\n";
        assert_eq!(directive(text, b"go"), Some(("1.23.4".to_owned(), 3)));
        assert_eq!(directive(text, b"toolchain"), Some(("go1.24.0".to_owned(), 4)));
        assert_eq!(directive(b"module go\n", b"go"), None);
        assert_eq!(directive(b"\xff\ngo\n", b"go"), None);
    }
}
