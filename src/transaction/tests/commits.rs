//! Transactions that succeed, and those that find something changed before they begin.

use super::*;

#[test]
fn several_files_become_what_was_planned() {
    let home = Home::new();
    let zshrc = home.file(".zshrc", b"one\n\xff", 0o640);
    let gone = home.file(".config/fish/conf.d/goenv-setup.fish", b"ours\n", 0o600);
    let new = home.path("a/b/.zprofile");
    xattr::set(&zshrc, "user.note", b"kept").unwrap();
    let plain = home.file("plain", b"", 0o644);
    fs_err::remove_file(&plain).unwrap();
    fs_err::write(&plain, b"").unwrap();

    let done = home.commit(&[write(&zshrc, b"two\n"), write(&new, b"new\n"), remove(&gone, 2)]).unwrap();
    assert_eq!(done.warnings, Vec::<String>::new());
    let receipt = done.receipt.unwrap();

    let Entry::File { bytes, mode, xattrs, .. } = &home.tree()[&zshrc] else { panic!() };
    assert_eq!((&**bytes, mode & 0o7777), (&b"two\n"[..], 0o640));
    assert_eq!(xattrs["user.note"], b"kept");
    let Entry::File { bytes, mode, .. } = &home.tree()[&new] else { panic!() };
    assert_eq!(bytes, b"new\n");
    assert_eq!(*mode, fs_err::metadata(&plain).unwrap().mode(), "a new file has the rights of any new file");
    assert!(!home.path(".config/fish").exists());
    assert!(home.path(".config").exists());
    let strays: Vec<_> = home.tree().into_keys().filter(|path| path.to_string_lossy().contains(TEMP_PREFIX)).collect();
    assert_eq!(strays, Vec::<PathBuf>::new());

    let kept = home.state().backup_folder(&receipt.id);
    assert_eq!(fs_err::read(kept.join("file-0")).unwrap(), b"one\n\xff");
    assert_eq!(fs_err::read(kept.join("file-2")).unwrap(), b"ours\n");
    assert!(!kept.join("file-1").exists());
    let read = home.state().receipts().unwrap();
    assert_eq!((read.list.as_slice(), read.left_out), (&[receipt.clone()][..], 0));
    assert!(receipt.done);
    assert_eq!(receipt.files[1].before, FileBefore::Missing { dirs: 2 });
    assert_eq!(receipt.files[2].after, FileAfter::Gone { rmdirs: 2 });
    assert_eq!(receipt.files[0].after, FileAfter::File { crc32: crc32fast::hash(b"two\n"), size: 4 });
    let FileBefore::File { mode, size, mtime, mtime_nanos, .. } = receipt.files[0].before else { panic!() };
    assert_eq!((mode, size, mtime, mtime_nanos), (0o640, 5, 1_234_567_890, 987_654_321));
}

#[test]
fn any_owner_and_set_id_bits_stay() {
    let home = Home::new();
    for (mode, owner) in [(0o604, 12_345), (0o6755, 12_345), (0o400, 0), (0o000, 0)] {
        let path = home.file(&format!("{mode:o}"), b"old", 0o600);
        if root() {
            std::os::unix::fs::chown(&path, Some(owner), Some(owner)).unwrap();
        } else {
            skip("another owner", "not root");
        }
        let change = |bytes| {
            rustix::fs::chmod(&path, sys::permissions(0o600)).unwrap();
            let bytes = write(&path, bytes).after;
            rustix::fs::chmod(&path, sys::permissions(mode)).unwrap();
            bytes
        };
        let after = change(b"new");
        if !root() && mode & 0o400 == 0 {
            continue;
        }
        let before = fs_err::metadata(&path).unwrap();
        home.commit(&[edit(&path, after)]).unwrap();
        let now = fs_err::metadata(&path).unwrap();
        assert_eq!((now.mode(), now.uid(), now.gid()), (before.mode(), before.uid(), before.gid()), "{mode:o}");
        assert_eq!(now.len(), 3);
    }
}

#[test]
fn access_lists_stay_and_none_is_gained() {
    let home = Home::new();
    let with = home.file("d/with", b"old", 0o600);
    let without = home.file("d/without", b"old", 0o640);
    let folder = home.path("d");
    let set = |args: &[&str], path: &Path| {
        let args: Vec<&OsStr> = args.iter().map(OsStr::new).chain([path.as_os_str()]).collect();
        able("access lists", "setfacl", &args).is_some()
    };
    if !set(&["-m", "u:12345:rw"], &with) || !set(&["-d", "-m", "u:54321:rwx"], &folder) {
        return;
    }
    let of = |path: &Path| xattr::get(path, "system.posix_acl_access").unwrap();
    let (list, mode) = (of(&with), fs_err::metadata(&with).unwrap().mode());
    assert!(list.is_some());
    let new = home.path("d/new");
    home.commit(&[write(&with, b"new"), write(&without, b"new"), write(&new, b"new")]).unwrap();
    assert_eq!(of(&with), list);
    assert_eq!(fs_err::metadata(&with).unwrap().mode(), mode);
    assert_eq!(of(&without), None, "the folder's default list is for new files");
    assert_eq!(fs_err::metadata(&without).unwrap().mode() & 0o7777, 0o640);
    assert!(of(&new).is_some());
}

#[test]
fn equal_bytes_touch_nothing() {
    let home = Home::new();
    let zshrc = home.file(".zshrc", b"same", 0o644);
    let missing = home.path("none");
    let (before, ino) = (home.tree(), fs_err::metadata(&zshrc).unwrap());
    let done = home.commit(&[write(&zshrc, b"same"), remove(&missing, 0)]).unwrap();
    assert_eq!(done, Committed::default());
    assert_eq!(home.tree(), before);
    let now = fs_err::metadata(&zshrc).unwrap();
    assert_eq!((now.ino(), now.ctime_nsec()), (ino.ino(), ino.ctime_nsec()));
    assert!(!home.state().exists());
}

#[test]
fn folders_go_only_while_they_are_empty() {
    let home = Home::new();
    let both = [home.file("a/b/c/1", b"x", 0o644), home.file("a/b/c/2", b"x", 0o644)];
    home.file("a/theirs", b"x", 0o644);
    home.commit(&[remove(&both[0], 3), remove(&both[1], 0)]).unwrap();
    assert!(home.path("a/theirs").exists());
    assert!(!home.path("a/b").exists());
}

#[test]
fn an_edit_of_a_file_that_changed_meanwhile_writes_nothing() {
    type Change = fn(&Home, &Path);
    fn in_place(_: &Home, path: &Path) {
        fs_err::write(path, b"their").unwrap();
    }
    let changes: &[(&str, Change)] = &[
        ("it was written to", in_place),
        ("their", |home, path| {
            // The same size and time: only the inode's own time can tell.
            in_place(home, path);
            let long_ago = UNIX_EPOCH + Duration::new(1_234_567_890, 987_654_321);
            fs_err::File::open(path).unwrap().set_modified(long_ago).unwrap();
        }),
        ("took its place", |home, path| {
            let other = home.file("other", b"start", 0o644);
            fs_err::rename(other, path).unwrap();
        }),
        ("mode", |_, path| rustix::fs::chmod(path, sys::permissions(0o600)).unwrap()),
        ("gone", |_, path| fs_err::remove_file(path).unwrap()),
        ("not a regular file", |home, path| {
            fs_err::rename(path, home.path("elsewhere")).unwrap();
            std::os::unix::fs::symlink(home.path("elsewhere"), path).unwrap();
        }),
        ("not a regular file", |_, path| {
            fs_err::remove_file(path).unwrap();
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
        ("exists now", |home, _| fs_err::write(home.path("x/new"), b"").unwrap()),
        ("folders above", |home, _| fs_err::create_dir(home.path("x/y")).unwrap()),
        ("folders above", |home, _| fs_err::remove_dir(home.path("x")).unwrap()),
    ];
    for (how, change) in changes {
        let home = Home::new();
        let first = home.file(".bashrc", b"first", 0o644);
        let second = home.file(".profile", b"start", 0o644);
        fs_err::create_dir(home.path("x")).unwrap();
        let edits = [
            write(&first, b"new"),
            write(&second, b"new"),
            write(&home.path("x/new"), b"new"),
            write(&home.path("x/y/new"), b"new"),
        ];
        change(&home, &second);
        let before = home.tree();
        let failure = home.commit(&edits).unwrap_err();
        assert!(matches!(failure, Failure::Changed { .. }), "{how}: {failure}");
        if *how != "their" {
            assert!(failure.to_string().contains(how), "{how}: {failure}");
        }
        assert_eq!(home.tree(), before, "{how}");
        assert!(!home.state().exists());
        assert!(failure.hint().is_some());
    }
}

#[test]
fn same_looks_with_other_bytes_are_a_change() {
    let home = Home::new();
    let path = home.file(".zshrc", b"start", 0o644);
    let mut edit = write(&path, b"new");
    let FileState::Regular { bytes, .. } = &mut edit.target.state else { panic!() };
    bytes[0] = b'S';
    assert!(matches!(home.commit(&[edit]), Err(Failure::Changed { .. })));
    assert_eq!(fs_err::read(&path).unwrap(), b"start");
}

#[test]
fn what_cannot_be_done_is_refused() {
    let home = Home::new();
    let path = home.file(".zshrc", b"start", 0o644);
    let mut unusable = write(&path, b"new");
    unusable.target.state = FileState::Unusable(crate::facts::snapshot::Unusable::Directory);
    let mut relative = write(&path, b"new");
    relative.target.real = ".zshrc".into();
    let before = home.tree();
    for edits in [vec![unusable], vec![relative], vec![write(&path, b"new"), write(&path, b"other")]] {
        assert!(matches!(home.commit(&edits), Err(Failure::Refused { .. })));
        assert_eq!(home.tree(), before);
    }
}
