//! Running goenv-setup as somebody's terminal would, whoever runs the tests.
//!
//! The program asks its ancestors which shell the user sits in front of, and whether it is a login shell. Here the
//! nearest one is always a process that calls itself as the test says, so the terminal of whoever runs the tests
//! never decides anything.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use super::{Home, Ran};

/// Runs goenv-setup below an interactive shell whose `argv[0]` is `parent`: `zsh`, or `-zsh` for a login shell. The
/// caller has asked [`super::need`] for bash and dash.
#[track_caller]
pub(crate) fn run_under(home: &Home, parent: &str, args: &[impl AsRef<OsStr>]) -> Ran {
    let mut plain = home.command("bash", &["-c", r#"exec -a "$0" dash -i"#, parent]);
    let mut script = b"unset ENV\n".to_vec();
    // A login dash reads startup files, which must be neither the home's nor change what the program sees.
    for name in ["HOME", "PATH"] {
        let value = plain.get_envs().find(|(own, _)| *own == name).and_then(|(_, value)| value.map(OsStr::to_owned));
        match value {
            Some(value) => {
                script.extend([name.as_bytes(), b"=", &quoted(&value), b"\nexport ", name.as_bytes(), b"\n"].concat());
            }
            None => script.extend([b"unset ", name.as_bytes(), b"\n"].concat()),
        }
    }
    script.extend_from_slice(&quoted(OsStr::new(env!("CARGO_BIN_EXE_goenv-setup"))));
    for arg in args {
        script.push(b' ');
        script.extend_from_slice(&quoted(arg.as_ref()));
    }
    script.extend_from_slice(b"\nexit $?\n");
    let folder = home.beside("parent");
    fs_err::create_dir_all(&folder).expect("a new folder");
    // A name without anything that a shell expands, since `ENV` is expanded.
    let file = tempfile::Builder::new().prefix("script").tempfile_in(folder).expect("a new file");
    fs_err::write(file.path(), script).expect("a new file");
    plain.env("ENV", file.path()).env("HOME", "/nonexistent").env("PATH", "/usr/bin:/bin");
    Ran::of(&plain)
}

/// One word of a POSIX shell.
pub(crate) fn quoted(value: &OsStr) -> Vec<u8> {
    let mut word = b"'".to_vec();
    for byte in value.as_bytes() {
        if *byte == b'\'' { word.extend_from_slice(br"'\''") } else { word.push(*byte) }
    }
    word.push(b'\'');
    word
}

/// Bytes as an argument.
pub(crate) fn os(bytes: impl Into<Vec<u8>>) -> OsString {
    OsString::from_vec(bytes.into())
}
