//! A home of its own for a test, gone when it is dropped.

use std::path::PathBuf;

use super::User;
use super::ask::ask;

pub(super) struct Home {
    _dir: tempfile::TempDir,
    pub(super) user: User,
}

impl Home {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().canonicalize().unwrap();
        let user = User {
            euid: rustix::process::geteuid().as_raw(),
            name: None,
            home: home.clone(),
            real_home: home,
            passwd_shell: None,
            sudo_user: None,
        };
        Self { _dir: dir, user }
    }

    /// The path of `name` in the home.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.user.home.join(name)
    }

    /// Writes a file, and the folders above it.
    pub(super) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, bytes).unwrap();
        path
    }

    /// Makes a FIFO; opening it would wait for ever.
    pub(super) fn fifo(&self, name: &str) {
        let path = self.at(name).display().to_string();
        assert!(ask("mkfifo", &[&path]).is_some(), "mkfifo {path}");
    }
}
