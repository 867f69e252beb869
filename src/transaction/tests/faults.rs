//! Transactions that fail in the middle: everything is as it was.

use std::process::{Child, Stdio};

use super::*;

/// What a failure left, and what it says: the file and the cause, in the house's form.
fn assert_rolled_back(failure: &Failure, words: &[&str]) {
    assert!(matches!(failure, Failure::RolledBack { .. }), "{failure}");
    let text = failure.to_string();
    for word in words {
        assert!(text.contains(word), "{word:?} in {text}");
    }
    assert!(!text.contains("os error"), "{text}");
    assert!(failure.hint().is_some_and(|hint| hint.contains('`')));
}

#[test]
fn a_second_file_that_cannot_be_replaced_puts_the_first_one_back() {
    let home = Home::new();
    let first = home.file(".zprofile", b"first", 0o640);
    let second = home.file(".zshrc", b"second", 0o644);
    let new = home.path("a/b/new");
    xattr::set(&first, "user.note", b"kept").unwrap();
    let immutable = |flag: &str| able("an immutable file", "chattr", &[flag.as_ref(), second.as_os_str()]).is_some();
    if !immutable("+i") {
        return;
    }
    let before = home.tree();
    let result = home.commit(&[write(&new, b"new"), write(&first, b"new"), write(&second, b"new")]);
    let gone = home.commit(&[write(&first, b"new"), remove(&second, 0)]);
    assert!(immutable("-i"));
    assert_rolled_back(&result.unwrap_err(), &["replace", second.to_str().unwrap(), "operation not permitted"]);
    assert_rolled_back(&gone.unwrap_err(), &["remove", second.to_str().unwrap()]);
    assert_eq!(home.tree(), before, "bytes, modes, times, attributes, folders, and no state folder");
}

#[test]
fn a_place_that_is_taken_at_the_last_moment_puts_everything_back() {
    // The second new file needs a folder where the first one goes: it is there when the first one's turn comes.
    let home = Home::new();
    let old = home.file(".zshrc", b"old", 0o600);
    let gone = home.file("gone", b"old", 0o600);
    let earlier = home.commit(&[write(&home.path("earlier"), b"x")]).unwrap().receipt.unwrap();
    let before = home.tree();
    let edits =
        [write(&old, b"new"), remove(&gone, 0), write(&home.path("x"), b"new"), write(&home.path("x/y"), b"new")];
    let failure = home.commit(&edits).unwrap_err();
    assert!(matches!(&failure, Failure::Changed { path, .. } if *path == home.path("x")), "{failure}");
    assert_eq!(home.tree(), before);
    assert_eq!(home.state().receipts().unwrap().list, [earlier], "only the failed attempt's backup is gone");
}

#[test]
fn no_rights_on_a_folder_change_nothing() {
    let home = Home::new();
    let first = home.file(".zshrc", b"old", 0o600);
    let second = home.file("closed/file", b"old", 0o600);
    if root() {
        skip("a folder that may not be written to", "root may");
        return;
    }
    rustix::fs::chmod(home.path("closed"), sys::permissions(0o500)).unwrap();
    let before = home.tree();
    let failure = home.commit(&[write(&first, b"new"), write(&second, b"new")]).unwrap_err();
    assert_eq!(home.tree(), before);
    rustix::fs::chmod(home.path("closed"), sys::permissions(0o700)).unwrap();
    assert_rolled_back(&failure, &["permission denied", second.to_str().unwrap()]);
}

/// A small file system that only this test sees, reached through the process that holds it.
struct Mount {
    holder: Child,
    root: PathBuf,
    _dir: tempfile::TempDir,
}

impl Mount {
    fn new(options: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let script = r#"mount -t tmpfs -o "$1" none "$2" && echo ready && read -r _; while mount -o remount,bind,ro "$2" && echo ready && read -r _; do :; done"#;
        for flags in ["-m", "-rm"] {
            let mut holder = Command::new("unshare");
            holder.args([flags, "sh", "-c", script, "sh", options]).arg(dir.path());
            let Ok(mut holder) = holder.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
            else {
                break;
            };
            if Self::ready(&mut holder) {
                let inside = dir.path().canonicalize().unwrap();
                let root = Path::new("/proc").join(holder.id().to_string()).join("root");
                let root = root.join(inside.strip_prefix("/").unwrap());
                return Some(Self { holder, root, _dir: dir });
            }
            holder.wait().unwrap();
        }
        skip("a file system of its own", "no mounts here");
        None
    }

    fn ready(holder: &mut Child) -> bool {
        let mut line = [0; 6];
        std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut line).is_ok()
    }

    fn make_read_only(&mut self) {
        std::io::Write::write_all(self.holder.stdin.as_mut().unwrap(), b"\n").unwrap();
        assert!(Self::ready(&mut self.holder));
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}

#[test]
fn a_full_disk_leaves_every_byte_as_it_was() {
    let Some(mount) = Mount::new("size=64k") else {
        return;
    };
    let home = Home::new();
    let first = mount.root.join(".zprofile");
    let second = mount.root.join(".zshrc");
    fs_err::write(&first, b"first").unwrap();
    fs_err::write(&second, b"second").unwrap();
    let before = tree(&mount.root);
    let much = vec![b'x'; 100_000];
    let failure = home.commit(&[write(&first, b"new"), write(&second, &much)]).unwrap_err();
    assert_rolled_back(&failure, &[second.to_str().unwrap(), "no space left on device"]);
    assert!(failure.hint().unwrap().contains("df -h"));
    assert_eq!(tree(&mount.root), before);
    assert!(!home.state().exists());

    // The state folder itself on the full disk, at every point where the space can end.
    let state = StateDir::at(mount.root.join("deep/state"));
    let ballast = mount.root.join("ballast");
    let mut failures = 0;
    for pages in 0..=14 {
        fs_err::write(&ballast, vec![0; 4096 * (14 - pages)]).unwrap();
        let before = tree(&mount.root);
        let edits = [write(&first, b"new"), write(&second, b"new")];
        let Err(failure) = locked_commit(&state, &edits) else { break };
        assert_rolled_back(&failure, &["no space left on device"]);
        assert_eq!(tree(&mount.root), before, "{pages} pages");
        failures += 1;
    }
    assert!((4..14).contains(&failures), "{failures}");
    assert_eq!(fs_err::read(&second).unwrap(), b"new");
}

#[test]
fn a_read_only_file_system_leaves_every_byte_as_it_was() {
    let Some(mut mount) = Mount::new("size=64k") else {
        return;
    };
    let home = Home::new();
    let first = home.file(".zprofile", b"first", 0o600);
    let second = mount.root.join(".zshrc");
    fs_err::write(&second, b"second").unwrap();
    let edits = [write(&first, b"new"), write(&second, b"new")];
    mount.make_read_only();
    let before = home.tree();
    assert_rolled_back(&home.commit(&edits).unwrap_err(), &[second.to_str().unwrap(), "read-only file system"]);
    assert_eq!(home.tree(), before);
    let state = StateDir::at(mount.root.join("state"));
    let failure = locked_commit(&state, &edits[..1]).unwrap_err();
    assert_rolled_back(&failure, &["state", "read-only file system"]);
    assert_eq!(home.tree(), before);
}

/// Where the parent test says what must come of [`scene`].
const EXPECTED: &str = "GOENV_SETUP_SCENE";

/// One transaction of every kind, in a process of its own when faults are injected.
#[test]
fn scene() {
    let home = Home::new();
    let profile = home.file(".profile", b"profile\n", 0o644);
    let zshrc = home.file(".zshrc", b"zshrc\n", 0o640);
    xattr::set(&zshrc, "user.note", b"kept").unwrap();
    if root() {
        for path in [&profile, &zshrc] {
            std::os::unix::fs::chown(path, None, Some(12_345)).unwrap();
        }
    }
    let gone = home.file("gone/ours", b"ours\n", 0o644);
    let new = home.path(".config/zsh/.zprofile");
    let edits = [write(&profile, b"1\n"), write(&zshrc, b"2\n"), write(&new, b"3\n"), remove(&gone, 1)];
    let before = home.tree();
    let expected = std::env::var(EXPECTED).unwrap_or_else(|_| "committed".into());
    let result = std::thread::scope(|scope| {
        if expected.starts_with("raced") {
            scope.spawn(|| save_meanwhile(&home, &profile));
        }
        home.commit(&edits)
    });
    let without_state = |mut tree: BTreeMap<PathBuf, Entry>| {
        tree.retain(|path, _| !path.starts_with(home.path(".local")));
        tree
    };
    let now = without_state(home.tree());
    let wanted = |warned: bool| {
        let stray = now.keys().any(|path| path.to_string_lossy().contains(TEMP_PREFIX));
        assert!(warned || !stray && !gone.parent().unwrap().exists(), "{now:?}");
        assert!(!gone.exists());
        for (path, bytes, mode) in [(&profile, b"1\n", 0o644), (&zshrc, b"2\n", 0o640), (&new, b"3\n", 0o644)] {
            let Entry::File { bytes: found, mode: has, .. } = &now[path] else { panic!() };
            assert_eq!((&**found, has & 0o700), (&bytes[..], mode & 0o700));
        }
        assert_eq!(xattr::get(&zshrc, "user.note").unwrap().as_deref(), Some(&b"kept"[..]));
        let list = home.state().receipts().unwrap().list;
        assert!(list.len() == 1 && list[0].done);
    };
    match (&*expected, result) {
        ("committed", Ok(done)) => {
            assert_eq!(done.warnings, Vec::<String>::new());
            wanted(false);
        }
        ("warned", Ok(done)) => {
            assert_ne!(done.warnings, Vec::<String>::new());
            wanted(true);
        }
        ("rolled back", Err(failure)) => {
            assert_rolled_back(&failure, &[]);
            assert_eq!(now, before);
            assert!(!home.state().exists());
        }
        ("raced before", Err(Failure::Changed { path, .. })) => {
            assert_eq!((&path, &*fs_err::read(&profile).unwrap()), (&profile, &b"saved by another\n"[..]));
            assert!(now.iter().all(|(path, entry)| *path == profile || before[path] == *entry));
            assert!(now.len() == before.len() && !home.state().exists());
        }
        ("raced after", Err(Failure::Stuck { left, .. })) => {
            assert_eq!((left.len(), &left[0].path), (1, &profile));
            assert_eq!(fs_err::read(&profile).unwrap(), b"saved by another\n");
            assert_eq!(fs_err::read(left[0].backup.as_ref().unwrap()).unwrap(), b"profile\n");
            assert!(now.iter().all(|(path, entry)| *path == profile || before[path] == *entry));
        }
        ("either", Err(failure)) => {
            assert_rolled_back(&failure, &[]);
            assert_eq!(now, before);
        }
        ("either", Ok(done)) => wanted(!done.warnings.is_empty()),
        ("stuck", Err(failure @ Failure::Stuck { .. })) => {
            let Failure::Stuck { left, .. } = &failure else { panic!() };
            let backup = left[0].backup.clone().unwrap();
            assert_eq!((left.len(), &left[0].path), (1, &profile));
            assert_eq!(fs_err::read(&backup).unwrap(), b"profile\n");
            assert!(failure.hint().unwrap().contains(backup.to_str().unwrap()));
            assert!(failure.to_string().contains("input/output error"), "{failure}");
            assert!(!home.state().receipts().unwrap().list[0].done);
            let aside = now.keys().find(|path| path.to_string_lossy().contains(TEMP_PREFIX)).unwrap();
            assert_eq!(now[aside], before[&profile], "the old file itself is kept too");
            assert_eq!(fs_err::read(&zshrc).unwrap(), b"zshrc\n");
            assert!(gone.exists() && !new.exists());
        }
        (expected, result) => panic!("expected {expected}: {result:?}"),
    }
}

/// Another program saves the file, some time after the last new file was staged.
fn save_meanwhile(home: &Home, path: &Path) {
    let staged = |name: &std::ffi::OsString| name.to_string_lossy().starts_with(TEMP_PREFIX);
    let last = home.path(".config/zsh");
    while !fs_err::read_dir(&last).into_iter().flatten().any(|entry| staged(&entry.unwrap().file_name())) {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(Duration::from_millis(200));
    fs_err::write(path, b"saved by another\n").unwrap();
}

/// Plays [`scene`] under faults; `false`, said aloud, where processes cannot be traced.
fn play(expected: &str, faults: &[&str]) -> bool {
    let args: Vec<&OsStr> = ["-V".as_ref()].to_vec();
    if able("injected faults", "strace", &args).is_none() {
        return false;
    }
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut strace = Command::new("strace");
    strace.arg("-fqqo").arg(log.path());
    for fault in faults {
        strace.args(["-e", &format!("inject={fault}")]);
    }
    strace.arg(std::env::current_exe().unwrap()).args(["--exact", "transaction::tests::faults::scene"]);
    let output = strace.env(EXPECTED, expected).output().unwrap();
    let log = fs_err::read_to_string(log.path()).unwrap();
    if log.is_empty() {
        skip("injected faults", &format!("strace: {}", String::from_utf8_lossy(&output.stderr).trim()));
        return false;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{expected} {faults:?}:\n{text}");
    assert!(text.contains("1 passed"), "{text}");
    assert!(
        expected == "either" || log.contains("(INJECTED)") || log.contains("(DELAYED)"),
        "{faults:?} never happened"
    );
    true
}

#[test]
fn faults_that_are_injected() {
    for (expected, faults) in [
        // File systems and kernels without exchange, without any such rename, without hard links.
        ("committed", &["renameat2:error=EINVAL"][..]),
        ("committed", &["renameat2:error=ENOSYS"]),
        ("committed", &["renameat2:error=EOPNOTSUPP"]),
        ("committed", &["renameat2:error=EINVAL", "?link,linkat:error=EPERM"]),
        // Each of the renames, with and without exchange. (The first of all gives the state folder its name, the first
        // plain one the receipt.)
        ("rolled back", &["renameat2:error=EIO:when=1"]),
        ("rolled back", &["renameat2:error=EIO:when=2"]),
        ("rolled back", &["renameat2:error=ENOSPC:when=3"]),
        ("rolled back", &["renameat2:error=EDQUOT:when=4"]),
        ("rolled back", &["renameat2:error=EIO:when=5"]),
        ("rolled back", &["renameat2:error=EINVAL", "?rename,?renameat:error=EIO:when=4"]),
        ("rolled back", &["renameat2:error=EINVAL", "?link,linkat:error=EIO:when=2"]),
        ("rolled back", &["renameat2:error=EINVAL", "?link,linkat:error=EIO:when=3"]),
        // What makes no difference, and what does.
        ("committed", &["fsync:error=EINTR:when=1"]),
        ("warned", &["?rmdir,unlinkat:error=EIO:when=1"]),
        ("warned", &["?unlink,unlinkat:error=EIO:when=1"]),
        ("warned", &["fsync:error=EIO:when=15"]),      // a folder of the targets
        ("rolled back", &["fsync:error=EIO:when=19"]), // the mark
        ("stuck", &["renameat2:error=EIO:when=3+"]),
        // The mark is there and not synced, and then a file cannot be put back: that must not count as done.
        ("stuck", &["fsync:error=EIO:when=19", "renameat2:error=EIO:when=8"]),
        // Another program saves a file right before its rename, and after it.
        ("raced before", &["renameat2:delay_enter=900000:when=2"]),
        ("raced before", &["renameat2:error=EINVAL", "fsync:delay_exit=900000:when=14"]), // the last staged file
        ("raced after", &["renameat2:error=EIO:delay_enter=900000:when=3"]),
    ] {
        if !play(expected, faults) {
            return;
        }
    }
    if root() {
        // A group that may not be given: no matter where it has the rights of all others (0644), an error elsewhere (0640).
        play("warned", &["fchown:error=EPERM:when=1"]);
        play("rolled back", &["fchown:error=EPERM:when=2"]);
    } else {
        skip("a group that may not be given", "not root");
    }
    // On x86-64 the test's own folders and files come and go through other calls (mkdir, unlinkat) than ours do.
    let ours = if cfg!(target_arch = "x86_64") { &["mkdirat", "unlink"][..] } else { &[] };
    for call in ["fsync", "fchmod", "fsetxattr"].iter().chain(ours) {
        for when in 1..=20 {
            play("either", &[&format!("{call}:error=EIO:when={when}")]);
        }
    }
}
