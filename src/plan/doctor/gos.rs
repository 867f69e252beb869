//! Where a Go may be that is on no PATH and in no usual place: in the folders that lines about PATH name.
//!
//! Who has unpacked Go wherever they like has it on PATH by a line of their own. Where that line is not reached, or a later
//! one throws away what it did, the line still says where that Go is.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use crate::text::fence;

/// The folders that the lines of a startup file name which have to do with PATH, in the words of sh, csh and fish; not
/// those that a variable of the user's own stands for.
pub fn folders(bytes: &[u8], home: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for range in fence::lines(bytes) {
        let line = bytes[range].trim_ascii();
        let about = line.windows(4).any(|window| window.eq_ignore_ascii_case(b"path"));
        if !about || line.starts_with(b"#") {
            continue;
        }
        let parts = line.split(|byte| b" \t:=;&|()\"'".contains(byte));
        for folder in parts.filter_map(|part| folder(part, home)) {
            if !found.contains(&folder) {
                found.push(folder);
            }
        }
    }
    found
}

/// The folder that a part of a line names from the root or the home on.
fn folder(part: &[u8], home: &Path) -> Option<PathBuf> {
    let below = [&b"~/"[..], b"$HOME/", b"${HOME}/", b"$home/"].iter().find_map(|start| part.strip_prefix(*start));
    let path = match below {
        Some(rest) => home.join(OsStr::from_bytes(rest)),
        None => PathBuf::from(OsString::from_vec(part.to_vec())),
    };
    let plain = !path.as_os_str().as_bytes().iter().any(|byte| b"$`*?\\{".contains(byte));
    (plain && path.is_absolute()).then_some(path)
}

/// Where the `go` would be that somebody meant who wrote this folder: in it, or in the root of Go that it is or holds.
pub fn meant(folder: &Path) -> [PathBuf; 3] {
    [folder.to_owned(), folder.join("bin"), folder.join("go/bin")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_the_words_of_shells() {
        for line in [
            "export PATH=/a/bin:$PATH",
            "PATH=\"$PATH:/a/bin\" ; export PATH",
            "path=(/a/bin $path)",
            "set path = ( /a/bin $path )",
            "setenv PATH /a/bin:${PATH}",
            "fish_add_path -g '/a/bin'",
        ] {
            assert_eq!(folders(line.as_bytes(), Path::new("/h")), [Path::new("/a/bin")], "{line}");
        }
        for line in ["path+=(~/b)", "PATH=$HOME/b", "PATH=${HOME}/b:$X/c", "set path = ($home/b)"] {
            assert_eq!(folders(line.as_bytes(), Path::new("/h")), [Path::new("/h/b")], "{line}");
        }
        for line in ["# PATH=/a", "GO=/a", "PATH=a:$PATH", "PATH=$(x):~me/b"] {
            assert!(folders(line.as_bytes(), Path::new("/h")).is_empty(), "{line}");
        }
    }
}
