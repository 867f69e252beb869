use std::os::unix::fs::symlink;

use super::*;
use crate::facts::scratch::Home;

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
        assert_eq!(found, GoDir { bin: top.join(bin), ..GoDir::default() }, "{bin}");
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
    assert_eq!(version_of(b"go1.22\xff"), None);
    assert_eq!(version_of(b"\0\0\0\0"), None);
    assert_eq!(version_of(b"go1.22 \x1b[31m"), None);
    assert_eq!(version_of(&vec![b'x'; 100_000]), None);
    let replaced = |with: &dyn Fn()| {
        if top.join("VERSION").is_dir() {
            fs_err::remove_dir(top.join("VERSION")).unwrap();
        } else if fs_err::symlink_metadata(top.join("VERSION")).is_ok() {
            fs_err::remove_file(top.join("VERSION")).unwrap();
        }
        with();
        let found = look(&top.join("bin"));
        assert_eq!((found.version, found.root.is_some()), (None, true));
    };
    replaced(&|| {});
    replaced(&|| home.fifo("VERSION"));
    replaced(&|| fs_err::create_dir(top.join("VERSION")).unwrap());
    replaced(&|| drop(std::os::unix::net::UnixListener::bind(top.join("VERSION")).unwrap()));
    replaced(&|| symlink("/dev/zero", top.join("VERSION")).unwrap());
    replaced(&|| symlink("VERSION", top.join("VERSION")).unwrap());
}

#[test]
fn path_in_order_without_doubles() {
    let home = Home::new();
    let top = home.user.home.clone();
    install(&top.join("one"), "go1.21.0");
    install(&top.join("two words"), "go1.22.0");
    let path =
        format!("::bin:one/bin:{t}/none:{t}/two words/bin:{t}/one/bin/:{t}/one/bin:/mnt/c/go", t = top.display());
    let found = gather(Some(OsStr::new(&path)), &top, &[], Platform::Linux);
    assert_eq!(bins(&found.on_path, &top), ["two words/bin", "one/bin"]);
    // The block cuts `/bin` off the folder's name to tell GOROOT.
    assert!(found.on_path[1].bin.as_os_str().as_bytes().ends_with(b"one/bin"), "without a trailing slash");
    assert_eq!(found.on_path[0].version.as_deref(), Some("go1.22.0"));
    // A relative entry is passed over even if it leads to Go from here.
    let relative = format!("{}{}", "../".repeat(64), top.join("one/bin").display().to_string().trim_start_matches('/'));
    assert!(look(Path::new(&relative)).has_go);
    assert!(gather(Some(OsStr::new(&relative)), &top, &[], Platform::Linux).on_path.is_empty());
    assert!(gather(None, &top, &[], Platform::Linux).on_path.is_empty());
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

/// Below `top`, with nothing in the environment.
fn well_known(top: &Path, home: &Path) -> Vec<GoDir> {
    let marks = marks(top, home, &[]);
    in_places(top, &Landmarks { home, variables: &[], marks: &marks }, |kind| kind.places)
}

#[test]
fn well_known_places_in_order_of_preference() {
    let home = Home::new();
    let top = home.user.home.clone();
    let home = top.join("home/u");
    assert!(well_known(&top, &home).is_empty());
    let expected = [
        "usr/local/go/bin",
        "opt/homebrew/opt/go/libexec/bin",
        "usr/local/opt/go/libexec/bin",
        "home/linuxbrew/.linuxbrew/opt/go/libexec/bin",
        "opt/local/lib/go/bin",
        "opt/go/bin",
        "home/u/.local/go/bin",
        "home/u/.local/opt/go/bin",
        "opt/go1.20/bin",
        "usr/lib/golang/bin",
        "usr/lib64/go/1.22/bin",
        "usr/lib/go/bin",
        "snap/go/current/bin",
        "opt/homebrew/opt/go@1.21/libexec/bin",
        "opt/homebrew/opt/go@1.9/libexec/bin",
        "home/u/sdk/go1.22rc1/bin",
        "home/u/sdk/go1.21.13/bin",
        "home/u/sdk/go1.9.7/bin",
        "home/u/sdk/gotip/bin",
        "home/u/.gvm/gos/go1.22/bin",
    ];
    for place in expected.iter().rev() {
        install(top.join(place).parent().unwrap(), "go1.22.0");
    }
    fs_err::create_dir_all(home.join("sdk/go1.99.0")).unwrap(); // not unpacked yet
    executable(&home.join("go/bin/go")); // GOPATH/bin with a tool named go
    assert_eq!(bins(&well_known(&top, &home), &top), expected);

    install(&home.join("go"), "go1.22.0");
    assert!(bins(&well_known(&top, &home), &top).contains(&"home/u/go/bin".to_owned()));
    // What a release says of itself counts more than the name of its folder.
    fs_err::write(home.join("sdk/gotip/VERSION"), "devel go1.28-abc").unwrap();
    let sdk = bins(&well_known(&top, &home), &top).into_iter().find(|bin| bin.contains("sdk"));
    assert_eq!(sdk.as_deref(), Some("home/u/sdk/gotip/bin"));
}

#[test]
fn a_profile_leads_to_a_store_that_is_never_listed() {
    let home = Home::new();
    let top = home.user.home.clone();
    let store = top.join("nix/store/abc-go-1.22.5");
    install(&store.join("share/go"), "go1.22.5");
    fs_err::create_dir_all(store.join("bin")).unwrap();
    symlink("../share/go/bin/go", store.join("bin/go")).unwrap();
    let home = top.join("home/u");
    fs_err::create_dir_all(&home).unwrap();
    symlink(&store, home.join(".nix-profile")).unwrap();
    let found = well_known(&top, &home);
    assert_eq!(bins(&found, &top), ["home/u/.nix-profile/bin"]);
    assert_eq!((found[0].root.clone(), found[0].real_root.clone()), (None, Some(store.join("share/go"))));
    assert_eq!(found[0].version.as_deref(), Some("go1.22.5"));
}

#[test]
fn marks_and_variables() {
    let home = Home::new();
    let top = home.user.home.clone();
    let home = top.join("home/u");
    install(&home.join(".go"), "go1.22.0");
    assert!(well_known(&top, &home).is_empty(), "a tarball nobody looks for");
    fs_err::create_dir_all(home.join(".go/.versions")).unwrap();
    executable(&top.join("etc/arch-release"));
    assert_eq!(marks(&top, &home, &[]), ["/etc/arch-release", "~/.go/.versions"]);
    assert_eq!(bins(&well_known(&top, &home), &top), ["home/u/.go/bin"]);

    install(&top.join("opt/goenv/versions/1.22.0"), "go1.22.0");
    install(&top.join("opt/gvm/gos/go1.21"), "go1.21");
    let paths = |name: &str| {
        let path = |relative: &str| top.join(relative).into_os_string();
        match name {
            "GOENV_ROOT" => Some(path("opt/goenv")),
            "GVM_ROOT" => Some("relative/gvm".into()),
            "GOPATH" => {
                let mut list = path("one");
                list.push(":/two");
                Some(list)
            }
            "MISE_DATA_DIR" => Some("/".into()),
            "USER" => Some("u".into()),
            _ => None,
        }
    };
    let variables = folders_of(&paths);
    let names: Vec<_> = variables.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["GOENV_ROOT", "GOPATH", "NIX_USER_PROFILE"]);
    assert_eq!(variables[1].1, top.join("one"));
    assert_eq!(variables[2].1, Path::new("/etc/profiles/per-user/u"));
    let land = Landmarks { home: &home, variables: &variables, marks: &[] };
    assert_eq!(bins(&in_places(&top, &land, |kind| kind.places), &top), ["opt/goenv/versions/1.22.0/bin"]);
}

#[test]
fn what_is_only_listed() {
    let home = Home::new();
    let top = home.user.home.clone();
    install(&top.join("opt/hostedtoolcache/go/1.22.5/x64"), "go1.22.5");
    install(&top.join("opt/homebrew/Cellar/go/1.21.0/libexec"), "go1.21.0");
    let windows = top.join("mnt/c/Program Files/Go");
    install(&windows, "go1.22.5");
    fs_err::rename(windows.join("bin/go"), windows.join("bin/go.exe")).unwrap();
    let home = top.join("home");
    let variables = [("RUNNER_TOOL_CACHE", top.join("opt/hostedtoolcache"))];
    let land = Landmarks { home: &home, variables: &variables, marks: &[] };
    assert!(in_places(&top, &land, |kind| kind.places).is_empty());
    let listed = in_places(&top, &land, |kind| kind.more);
    let expected = [
        "opt/homebrew/Cellar/go/1.21.0/libexec/bin",
        "opt/hostedtoolcache/go/1.22.5/x64/bin",
        "mnt/c/Program Files/Go/bin",
    ];
    assert_eq!(bins(&listed, &top), expected);
    assert!(!look(&windows.join("bin")).has_go, "its `go` is no go");
}

#[test]
fn the_program_is_read_from_regular_files_alone() {
    let home = Home::new();
    let top = home.user.home.clone();
    install(&top, "go1.22.5");
    assert_eq!(look(&top.join("bin")).program.map(|program| program.to_string()).as_deref(), Some("script"));
    let mut elf = vec![0; 64];
    elf[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, 1]);
    elf[18] = 183;
    fs_err::write(top.join("bin/go"), &elf).unwrap();
    assert_eq!(look(&top.join("bin")).program.map(|program| program.to_string()).as_deref(), Some("arm64"));
    fs_err::write(top.join("bin/go"), &elf[..12]).unwrap();
    assert_eq!(look(&top.join("bin")).program, None);
    fs_err::remove_file(top.join("bin/go")).unwrap();
    home.fifo("bin/go");
    let parts = GoDir { has_version: true, has_tools: true, ..GoDir::default() };
    assert_eq!(look(&top.join("bin")), GoDir { bin: top.join("bin"), ..parts });
}

#[test]
fn a_folder_with_very_many_names_is_not_read_for_ever() {
    let home = Home::new();
    let top = home.user.home.clone();
    for number in 0..400 {
        fs_err::create_dir_all(top.join(format!("sdk/go1.{number}"))).unwrap();
    }
    let land = Landmarks { home: &top, variables: &[], marks: &[] };
    assert_eq!(places::expand("~/sdk/go*/bin", &top, &land).len(), 256);
}
