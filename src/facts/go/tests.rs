use std::os::unix::fs::symlink;

use super::*;
use crate::facts::scratch::Home;
use crate::plan::stable;

/// A Go root as an archive has it, with a `go` that would be noticed if it were run.
fn install(root: &Path, version: &str) {
    fs_err::create_dir_all(root.join("bin")).unwrap();
    fs_err::create_dir_all(root.join("pkg/tool")).unwrap();
    fs_err::write(root.join("VERSION"), format!("{version}\ntime 2024-06-27T20:11:12Z\n")).unwrap();
    executable(&root.join("bin/go"));
}

fn executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::create_dir_all(file.parent().unwrap()).unwrap();
    fs_err::write(file, "#!/bin/sh\n: > \"$0.was-run\"\n").unwrap();
    fs_err::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn bins(found: &[GoDir], top: &Path) -> Vec<String> {
    found.iter().map(|go| go.bin.strip_prefix(top).unwrap().display().to_string()).collect()
}

#[test]
fn a_root_is_known_by_its_files() {
    let home = Home::new();
    let top = home.user.home.clone();
    install(&top.join("go"), "go1.22.5");
    let found = look(&top.join("go/bin"));
    assert_eq!(found.bin, top.join("go/bin"));
    assert!(found.has_go);
    assert_eq!(found.real_go, Some(top.join("go/bin/go")));
    assert_eq!(found.root, Some(top.join("go")));
    assert_eq!(found.version.as_deref(), Some("go1.22.5"));
    assert!(!top.join("go/bin/go.was-run").exists());

    // A build from source before its first commit has no VERSION; a folder of tools is no root.
    fs_err::remove_file(top.join("go/VERSION")).unwrap();
    let found = look(&top.join("go/bin"));
    assert_eq!((found.root, found.version), (Some(top.join("go")), None));
    install(&top.join("trimmed"), "go1.22.5");
    fs_err::remove_dir_all(top.join("trimmed/pkg")).unwrap();
    assert_eq!(look(&top.join("trimmed/bin")).root, Some(top.join("trimmed")));
    executable(&top.join("tools/bin/go"));
    let found = look(&top.join("tools/bin"));
    assert_eq!((found.has_go, found.root, found.version), (true, None, None));
}

#[test]
fn a_link_is_followed_for_what_it_says_and_kept_as_found() {
    let home = Home::new();
    let top = home.user.home.clone();
    install(&top.join("Cellar/go/1.22.5/libexec"), "go1.22.5 X:boringcrypto\r");
    fs_err::create_dir_all(top.join("bin")).unwrap();
    symlink("../Cellar/go/1.22.5/libexec/bin/go", top.join("bin/go")).unwrap();
    let found = look(&top.join("bin"));
    assert_eq!(found.bin, top.join("bin"));
    assert_eq!(found.real_go, Some(top.join("Cellar/go/1.22.5/libexec/bin/go")));
    assert_eq!(found.root, None);
    assert_eq!(found.version.as_deref(), Some("go1.22.5 X:boringcrypto"));
}

#[test]
fn what_is_no_go() {
    let home = Home::new();
    let top = home.user.home.clone();
    fs_err::create_dir_all(top.join("a/go")).unwrap();
    fs_err::create_dir_all(top.join("b")).unwrap();
    fs_err::write(top.join("b/go"), "not executable").unwrap();
    fs_err::create_dir_all(top.join("c")).unwrap();
    symlink("nowhere", top.join("c/go")).unwrap();
    for bin in ["a", "b", "c", "none"] {
        let found = look(&top.join(bin));
        assert_eq!((found.has_go, found.real_go, found.root, found.version), (false, None, None, None), "{bin}");
    }
}

#[test]
fn odd_version_files() {
    let home = Home::new();
    let top = home.user.home.clone();
    let version_of = |bytes: &[u8]| {
        install(&top, "");
        fs_err::write(top.join("VERSION"), bytes).unwrap();
        look(&top.join("bin")).version
    };
    assert_eq!(version_of(b""), None);
    assert_eq!(version_of(b"\ngo1.22"), None);
    assert_eq!(version_of(b"go1.22\xff").as_deref(), Some("go1.22\u{fffd}"));
    assert_eq!(version_of(&vec![b'x'; 100_000]).map(|text| text.len()), Some(4096));
    fs_err::remove_file(top.join("VERSION")).unwrap();
    home.fifo("VERSION");
    assert_eq!(look(&top.join("bin")).version, None);
}

#[test]
fn path_in_order_without_doubles() {
    let home = Home::new();
    let top = home.user.home.clone();
    install(&top.join("one"), "go1.21.0");
    install(&top.join("two words"), "go1.22.0");
    let path =
        format!("::bin:one/bin:{t}/none:{t}/two words/bin:{t}/one/bin/:{t}/one/bin:/mnt/c/go", t = top.display());
    let found = gather(Some(OsStr::new(&path)), &top, Platform::Linux, &[top.join("none")]);
    assert_eq!(bins(&found.on_path, &top), ["two words/bin", "one/bin"]);
    // The block cuts `/bin` off the folder's name to tell GOROOT.
    assert!(found.on_path[1].bin.as_os_str().as_bytes().ends_with(b"one/bin"), "without a trailing slash");
    assert_eq!(found.on_path[0].version.as_deref(), Some("go1.22.0"));
    assert_eq!(found.asked.len(), 1);
    assert!(!found.asked[0].has_go);
    // A relative entry is passed over even if it leads to Go from here.
    let relative = format!("{}{}", "../".repeat(64), top.join("one/bin").display().to_string().trim_start_matches('/'));
    assert!(look(Path::new(&relative)).has_go);
    assert!(gather(Some(OsStr::new(&relative)), &top, Platform::Linux, &[]).on_path.is_empty());
    assert!(gather(None, &top, Platform::Linux, &[]).on_path.is_empty());
}

#[test]
fn windows_folders_are_passed_over() {
    assert!(is_windows_drive(Path::new("/mnt/c/Program Files/Go/bin")));
    assert!(is_windows_drive(Path::new("/mnt/c")));
    assert!(!is_windows_drive(Path::new("/mnt/data/go/bin")));
    assert!(!is_windows_drive(Path::new("/srv/c/go/bin")));
    let path = OsStr::new("/usr/bin:/mnt/c/Windows:/mnt/data:/mnt/c/Program Files/Go/bin");
    assert_eq!(entries(path, Platform::Linux), ["/usr/bin", "/mnt/data"].map(PathBuf::from));
    assert_eq!(entries(path, Platform::MacOs).len(), 4);
}

#[test]
fn well_known_places_in_order_of_preference() {
    let home = Home::new();
    let top = home.user.home.clone();
    let home = top.join("home/u");
    assert!(well_known(&top, &home).is_empty());
    for place in SYSTEM_PLACES.iter().rev().chain(PLACES.iter().rev()) {
        install(top.join(&place[1..]).parent().unwrap(), "go1.22.0");
    }
    for place in [".local/go", ".local/opt/go", "sdk/go1.9.7", "sdk/go1.22rc1", "sdk/gotip", "sdk/go1.21.13"] {
        install(&home.join(place), "go1.22.0");
    }
    fs_err::create_dir_all(home.join("sdk/go1.99.0")).unwrap(); // not unpacked yet
    executable(&home.join("go/bin/go")); // GOPATH/bin with a tool named go
    let expected = [
        "usr/local/go/bin",
        "opt/homebrew/opt/go/libexec/bin",
        "usr/local/opt/go/libexec/bin",
        "home/linuxbrew/.linuxbrew/opt/go/libexec/bin",
        "opt/local/lib/go/bin",
        "opt/go/bin",
        "home/u/.local/go/bin",
        "home/u/.local/opt/go/bin",
        "usr/lib/go/bin",
        "usr/lib/golang/bin",
        "snap/go/current/bin",
        "home/u/sdk/go1.22rc1/bin",
    ];
    assert_eq!(bins(&well_known(&top, &home), &top), expected);

    install(&home.join("go"), "go1.22.0");
    assert!(bins(&well_known(&top, &home), &top).contains(&"home/u/go/bin".to_owned()));
}

#[test]
fn well_known_places_may_be_kept() {
    for place in PLACES.iter().chain(SYSTEM_PLACES) {
        assert_eq!(stable::keep(Path::new(place), Path::new("/home/u")), stable::Keep::AsIs, "{place}");
    }
}
