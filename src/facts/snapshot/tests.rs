use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::time::{Duration, Instant};

use super::*;
use crate::facts::scratch::Home;

impl Home {
    fn take(&self, name: &str) -> Snapshot {
        take(&self.at(name), &self.user)
    }
}

fn mode(path: &Path, mode: u32) {
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn unusable(snapshot: &Snapshot) -> &Unusable {
    match &snapshot.state {
        FileState::Unusable(why) => why,
        state => panic!("{state:?}"),
    }
}

#[test]
fn a_regular_file() {
    let home = Home::new();
    let file = home.write(".zshrc", b"a\0\xff\r\nno end");
    mode(&file, 0o640);
    let found = home.take(".zshrc");
    assert_eq!((&found.asked, &found.real), (&file, &file));
    assert_eq!(found.bytes(), Some(&b"a\0\xff\r\nno end"[..]));
    assert_eq!((found.obstacle, found.keeper), (None, None));
    let FileState::Regular { meta, .. } = found.state else { panic!() };
    let wanted = fs_err::metadata(&file).unwrap();
    assert_eq!((meta.dev, meta.ino, meta.mode, meta.nlink), (wanted.dev(), wanted.ino(), 0o640, 1));
    assert_eq!((meta.uid, meta.gid, meta.size), (wanted.uid(), wanted.gid(), 11));
    let modified = wanted.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(meta.mtime, i128::try_from(modified.as_nanos()).unwrap());
    assert!(meta.ctime >= meta.mtime);
}

#[test]
fn links_are_resolved() {
    let home = Home::new();
    home.write("dotfiles/zsh/zshrc", b"x");
    symlink("dotfiles/link", home.at(".zshrc")).unwrap();
    symlink("zsh/zshrc", home.at("dotfiles/link")).unwrap();
    let found = home.take(".zshrc");
    assert_eq!((found.asked, found.real), (home.at(".zshrc"), home.at("dotfiles/zsh/zshrc")));
    assert!(matches!(found.state, FileState::Regular { .. }));
}

#[test]
fn missing_files_and_folders() {
    let home = Home::new();
    for (name, missing) in [(".zshrc", 0), ("a/.zshrc", 1), (".config/fish/conf.d/x.fish", 3)] {
        let found = home.take(name);
        assert!(matches!(found.state, FileState::Missing { dirs } if dirs == missing), "{name}: {:?}", found.state);
        assert_eq!(found.real, home.at(name));
        assert_eq!(found.obstacle, None);
    }
    fs_err::create_dir_all(home.at("dotfiles/fish")).unwrap();
    symlink("dotfiles", home.at(".config")).unwrap();
    let found = home.take(".config/fish/conf.d/x.fish");
    assert!(matches!(found.state, FileState::Missing { dirs: 1 }));
    assert_eq!(found.real, home.at("dotfiles/fish/conf.d/x.fish"));
}

#[test]
fn links_that_lead_nowhere() {
    let home = Home::new();
    symlink("middle", home.at(".zshrc")).unwrap();
    symlink("dotfiles/gone", home.at("middle")).unwrap();
    let target = home.at("dotfiles/gone");
    assert_eq!(*unusable(&home.take(".zshrc")), Unusable::Dangling { target: target.clone() });
    // The folder is the link, and a file in it is asked for.
    symlink("dotfiles/gone", home.at(".config")).unwrap();
    assert_eq!(*unusable(&home.take(".config/fish/config.fish")), Unusable::Dangling { target });
    home.write("file", b"");
    symlink("file/below", home.at("through")).unwrap();
    assert_eq!(*unusable(&home.take("through")), Unusable::Dangling { target: home.at("file/below") });
    symlink("loop", home.at("loop")).unwrap();
    assert_eq!(*unusable(&home.take("loop")), Unusable::Unreadable("too many levels of symbolic links".into()));
    let text = format!("`{}` is not a folder", home.at("file").display());
    assert_eq!(*unusable(&home.take("file/fish/config.fish")), Unusable::Unreadable(text));
}

#[test]
fn what_is_no_file_is_not_opened() {
    let home = Home::new();
    fs_err::create_dir(home.at("folder")).unwrap();
    assert_eq!(*unusable(&home.take("folder")), Unusable::Directory);
    home.fifo("fifo");
    symlink("fifo", home.at("link")).unwrap();
    let start = Instant::now();
    assert_eq!(*unusable(&home.take("link")), Unusable::Special("a FIFO"));
    assert!(start.elapsed() < Duration::from_secs(5));
    let _socket = std::os::unix::net::UnixListener::bind(home.at("socket")).unwrap();
    assert_eq!(*unusable(&home.take("socket")), Unusable::Special("a socket"));
    symlink("/dev/null", home.at("null")).unwrap();
    assert_eq!(*unusable(&home.take("null")), Unusable::Special("a device"));
}

#[test]
fn files_that_may_not_be_read() {
    let home = Home::new();
    mode(&home.write(".zshrc", b"x"), 0o200);
    let why = "its owner has no permission to read it";
    assert_eq!(*unusable(&home.take(".zshrc")), Unusable::Unreadable(why.into()));
}

#[test]
fn files_that_are_too_large() {
    let home = Home::new();
    let file = fs_err::File::create(home.at("large")).unwrap();
    file.set_len(LARGEST + 1).unwrap();
    assert_eq!(*unusable(&home.take("large")), Unusable::TooLarge(LARGEST + 1));
    home.write("small", b"1234");
    assert_eq!(read_regular(&home.at("small"), 3).unwrap_err(), Unusable::TooLarge(4));
    assert_eq!(read_regular(&home.at("small"), 4).unwrap().0, b"1234");
}

#[test]
fn obstacles() {
    let home = Home::new();
    let file = home.write("read-only", b"x");
    mode(&file, 0o444);
    assert_eq!(home.take("read-only").obstacle, Some(Obstacle::ReadOnly));

    // The order: somebody else's, hard links, and then the permission.
    fs_err::hard_link(&file, home.at("other-name")).unwrap();
    assert_eq!(home.take("other-name").obstacle, Some(Obstacle::HardLinks(2)));
    let stranger = User { euid: home.user.euid + 1, ..home.user.clone() };
    assert_eq!(take(&file, &stranger).obstacle, Some(Obstacle::Owner(home.user.euid)));
}

#[test]
fn folders_that_may_not_be_written() {
    let home = Home::new();
    home.write("folder/file", b"x");
    mode(&home.at("folder"), 0o555);
    let wanted = Some(Obstacle::FolderReadOnly(home.at("folder")));
    let found = ["folder/file", "folder/missing", "folder/a/missing"].map(|name| home.take(name).obstacle);
    mode(&home.at("folder"), 0o755);
    assert_eq!(found, [wanted.clone(), wanted.clone(), wanted]);
}

#[test]
fn stores_are_left_alone() {
    assert_eq!(store(Path::new("/nix/store/abc-home-manager-files/.zshrc")), Some(Obstacle::Store));
    assert_eq!(store(Path::new("/gnu/store/abc/.zshrc")), Some(Obstacle::Store));
    assert_eq!(store(Path::new("/nix/stored/.zshrc")), None);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_system_that_is_read_only() {
    // A file of the kernel's: sysfs is mounted read-only in containers; elsewhere it can be written by root alone.
    let mounts = fs_err::read("/proc/self/mountinfo").unwrap();
    let read_only = mounts.split(|b| *b == b'\n').filter_map(|line| {
        let fields: Vec<&[u8]> = line.split(|b| *b == b' ').collect();
        let options = fields.get(5)?;
        options.split(|b| *b == b',').any(|option| option == b"ro").then(|| unescaped(fields[4]))
    });
    for point in read_only {
        let point = PathBuf::from(std::ffi::OsStr::from_bytes(&point));
        if point.exists() && fs_err::canonicalize(&point).is_ok() {
            assert_eq!(read_only_file_system(&point), Some(Obstacle::FileSystemReadOnly), "{}", point.display());
        }
    }
    assert_eq!(read_only_file_system(&Home::new().user.home), None);
}

#[test]
fn mounts_are_listed_with_escapes() {
    let mounts = b"36 35 98:0 / / rw,noatime master:1 - ext3 /dev/root rw\n\
        37 36 98:0 /x /home/u/my\\040home/.zshrc rw shared:2 - ext4 /dev/sda rw\n\
        38 36 98:0 /y /home/back\\134slash\\x rw - ext4 /dev/sda rw\n\nbroken\n";
    for (path, listed) in [
        ("/", true),
        ("/home/u/my home/.zshrc", true),
        ("/home/back\\slash\\x", true),
        ("/home/u/.zshrc", false),
        ("/x", false),
        ("rw", false),
    ] {
        assert_eq!(lists_mount(mounts, Path::new(path)), listed, "{path}");
    }
    assert_eq!(unescaped(br"\303\274\012"), "ü\n".as_bytes());
    assert_eq!(unescaped(b"\\777\\04\\"), b"\\777\\04\\");
}

#[cfg(target_os = "linux")]
#[test]
fn real_mount_points_are_seen() {
    let home = Home::new();
    let file = home.write("file", b"");
    let meta = read_regular(&file, 1).unwrap().1;
    assert!(!is_mount_point(&file, &meta, &home.user.home));
    assert!(is_mount_point(Path::new("/proc"), &meta, Path::new("/")));
}
