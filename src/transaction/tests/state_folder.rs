//! The state folder: closed to others, believed only when it is, and given back exactly.

use super::*;

fn one_commit(home: &Home) -> Receipt {
    let path = home.path(".zshrc");
    let next = sys::look(&path).unwrap().map_or(0, |found| found.size()) + 1;
    home.commit(&[write(&path, &vec![b'x'; usize::try_from(next).unwrap()])]).unwrap().receipt.unwrap()
}

#[test]
fn nobody_else_can_look_into_it() {
    let home = Home::new();
    one_commit(&home);
    let mut seen = 0;
    for (path, entry) in tree(home.state().path()) {
        let (Entry::Folder { mode } | Entry::File { mode, .. } | Entry::Other { mode }) = entry;
        assert_eq!(mode & 0o077, 0, "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 5, "{seen}"); // parents, backups, one folder, receipt, done
    assert_eq!(fs_err::metadata(home.state().path()).unwrap().mode() & 0o7777, 0o700);
}

#[test]
fn purge_gives_back_the_tree_that_was_there() {
    for there in ["", ".local", ".local/state", ".local/state/goenv-setup"] {
        let home = Home::new();
        fs_err::create_dir_all(home.path(there)).unwrap();
        rustix::fs::chmod(home.path(there), sys::permissions(0o700)).unwrap();
        let mut before = home.tree();
        let made = one_commit(&home);
        one_commit(&home);
        assert_eq!(home.state().receipts().unwrap().list.len(), 2);
        assert_eq!(home.state().receipts().unwrap().list[1].id, made.id, "the newest comes first");
        assert_eq!(home.state().remove().unwrap(), Purged::All);
        fs_err::remove_file(home.path(".zshrc")).unwrap();
        before.remove(home.state().path()); // that one goes in any case
        assert_eq!(home.tree(), before, "{there:?}");
        assert_eq!(home.state().remove().unwrap(), Purged::Nothing);
    }
}

#[test]
fn purge_leaves_what_is_not_ours() {
    let home = Home::new();
    one_commit(&home);
    let theirs = home.file(".local/state/goenv-setup/theirs", b"x", 0o600);
    assert_eq!(home.state().remove().unwrap(), Purged::FolderStays);
    assert!(theirs.exists());
    fs_err::remove_file(theirs).unwrap();
    assert_eq!(home.state().remove().unwrap(), Purged::All);

    let home = Home::new();
    one_commit(&home);
    home.file(".local/state/other/theirs", b"x", 0o600);
    assert_eq!(home.state().remove().unwrap(), Purged::All);
    assert!(home.path(".local/state/other/theirs").exists());
}

#[test]
fn a_folder_that_others_could_have_written_is_refused() {
    type Way<'a> = (&'a str, &'a dyn Fn(&Home));
    let link = |home: &Home| {
        let state = home.state();
        fs_err::rename(state.path(), home.path("real")).unwrap();
        std::os::unix::fs::symlink(home.path("real"), state.path()).unwrap();
    };
    let link_inside = |home: &Home| {
        let backups = home.state().backups();
        fs_err::rename(&backups, home.path("real")).unwrap();
        std::os::unix::fs::symlink(home.path("real"), &backups).unwrap();
    };
    let open = |home: &Home| rustix::fs::chmod(home.state().path(), sys::permissions(0o770)).unwrap();
    let file = |home: &Home| {
        fs_err::remove_dir_all(home.state().path()).unwrap();
        fs_err::write(home.state().path(), b"").unwrap();
    };
    let foreign = |home: &Home| std::os::unix::fs::chown(home.state().path(), Some(12_345), None).unwrap();
    let mut ways: Vec<Way> =
        vec![("link", &link), ("link", &link_inside), ("others may write", &open), ("not a folder", &file)];
    if root() {
        ways.push(("12345", &foreign));
    } else {
        skip("a state folder of another user", "not root");
    }
    for (how, spoil) in ways {
        let home = Home::new();
        one_commit(&home);
        spoil(&home);
        let before = home.tree();
        let failure = home.commit(&[write(&home.path(".zshrc"), b"new")]).unwrap_err();
        assert!(matches!(failure, Failure::Refused { .. }), "{how}: {failure}");
        assert!(failure.to_string().contains(how), "{how}: {failure}");
        assert!(failure.hint().is_some_and(|hint| hint.contains('`')));
        assert!(home.state().receipts().is_err(), "{how}");
        assert_eq!(home.tree(), before, "{how}");
    }
}

#[test]
fn a_folder_that_others_can_only_read_is_closed() {
    let home = Home::new();
    fs_err::create_dir_all(home.state().path()).unwrap();
    rustix::fs::chmod(home.state().path(), sys::permissions(0o755)).unwrap();
    one_commit(&home);
    assert_eq!(fs_err::metadata(home.state().path()).unwrap().mode() & 0o7777, 0o700);
}

#[test]
fn receipts_that_cannot_be_believed_are_left_out() {
    let good = |home: &Home| {
        let receipt = one_commit(home);
        let folder = home.state().backup_folder(&receipt.id);
        (fs_err::read_to_string(folder.join("receipt.json")).unwrap(), folder)
    };
    let changes: &[(&str, &str)] = &[
        ("\"schema\": 1", "\"schema\": 2"),
        ("\"file-0\"", "\"../../file-0\""),
        ("\"file-0\"", "\"/etc/passwd\""),
        ("\"temp\": \"", "\"temp\": \"x/"),
        ("\"temp\": \".goenv-setup-", "\"temp\": \".zshrc-"),
        ("\"real\": \"/", "\"real\": \""),
        ("\"real\": \"/", "\"real\": \"/../"),
        ("\"id\": \"2", "\"id\": \"3"),
        ("}", ""),
        ("\"asked\": \"/", "\"asked\": [\""),
    ];
    for (from, to) in changes {
        let home = Home::new();
        home.file(".zshrc", b"x", 0o644);
        let (text, folder) = good(&home);
        assert!(text.contains(from), "{from}");
        fs_err::write(folder.join("receipt.json"), text.replacen(from, to, 1)).unwrap();
        let read = home.state().receipts().unwrap();
        assert_eq!((read.list.len(), read.left_out), (0, 1), "{from} -> {to}");
        fs_err::write(folder.join("receipt.json"), text).unwrap();
        assert_eq!(home.state().receipts().unwrap().list.len(), 1);
    }
    let home = Home::new();
    let (_, folder) = good(&home);
    fs_err::remove_file(folder.join("done")).unwrap();
    assert!(!home.state().receipts().unwrap().list[0].done);
    fs_err::rename(folder.join("receipt.json"), home.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(home.path("elsewhere"), folder.join("receipt.json")).unwrap();
    assert_eq!(home.state().receipts().unwrap().left_out, 1);
}

#[test]
fn the_calendar() {
    for (seconds, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (1_234_567_890, "2009-02-13T23:31:30Z"),
        (1_709_251_199, "2024-02-29T23:59:59Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"),
    ] {
        assert_eq!(receipt::Utc::of(seconds).rfc3339(), text);
    }
    assert_eq!(receipt::Utc::of(0).compact(), "19700101T000000Z");
    assert_eq!(receipt::split_time(-1), (-1, 999_999_999));
}

#[test]
fn a_new_state_folder_is_taken_back_only_while_it_is_unused() {
    let home = Home::new();
    let (file, state) = (home.file(".zshrc", b"old", 0o600), home.state());
    let lock = state.lock(&|| ()).unwrap();
    assert!(lock.fresh);
    // Another run was faster with this folder.
    let old_edit = write(&file, b"other");
    commit(&state, &lock, "apply", &[write(&file, b"new")], UNIX_EPOCH).unwrap();
    let failure = commit(&state, &lock, "apply", &[old_edit], UNIX_EPOCH).unwrap_err();
    assert!(matches!(failure, Failure::Changed { .. }), "{failure}");
    assert_eq!(state.receipts().unwrap().list.len(), 1, "its backup is still there");
}
