//! Startup files of every shape: each is changed and given back exactly, or refused with nothing changed. As whoever
//! runs the tests, and where that is root as an ordinary user too.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use rustix::process::geteuid;

use crate::support::{Home, Kind, Ran, assert_same_tree, cannot, find, long, missing, need, say};

const APPLY: &[&str] = &["apply", "--shell", "zsh", "--shell", "bash", "-y", "--no-verify"];
const UNINSTALL: &[&str] = &["uninstall", "-y"];
const NOBODY: u32 = 65534;

/// What must come of a shape.
enum Comes {
    /// Changed, and given back to the byte.
    Right,
    /// Refused, and these words say why.
    Refused(&'static str),
}
use Comes::{Refused, Right};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Me,
    Nobody,
}

/// As whom to try.
fn everybody() -> Vec<Who> {
    if !geteuid().is_root() {
        cannot("root, who can be anybody: only one user was tried");
        vec![Who::Me]
    } else if find("setpriv").is_none() {
        cannot("setpriv, to become an ordinary user");
        vec![Who::Me]
    } else {
        vec![Who::Me, Who::Nobody]
    }
}

fn run(home: &Home, who: Who, args: &[&str]) -> Ran {
    if who == Who::Me {
        return home.run(args);
    }
    // The program may lie where only root gets to.
    let script = format!(
        r#"[ -e "$TMPDIR/../goenv-setup" ] || cp "$0" "$TMPDIR/../goenv-setup"
        exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups "$TMPDIR/../goenv-setup" "$@""#
    );
    Ran::of(&home.command("/bin/sh", &[&["-c", &script, env!("CARGO_BIN_EXE_goenv-setup")], args].concat()))
}

/// Gives everything in the home to the one who is to run, with modes and access lists as they are.
fn hand_over(home: &Home, who: Who) {
    if who == Who::Nobody {
        let script = format!(r#"chmod 755 "$TMPDIR/.."; chown -R -h {NOBODY}:{NOBODY} "$TMPDIR/../home" "$TMPDIR""#);
        home.script(&script).ok();
    }
}

/// Everything of a file but its content and its time: mode, owner, group, attributes with access lists.
type Portrait = (u32, u32, u32, Vec<(Vec<u8>, Vec<u8>)>);

fn portraits(home: &Home) -> BTreeMap<PathBuf, Portrait> {
    let tree = home.tree().without_state();
    let portrait = |path: &PathBuf| {
        let full = home.path(path);
        let meta = fs_err::symlink_metadata(&full).expect("it is there");
        let names = xattr::list(&full).into_iter().flatten();
        let mut attributes: Vec<_> = names
            .map(|name| {
                let value = xattr::get(&full, &name).ok().flatten().unwrap_or_default();
                (name.into_encoded_bytes(), value)
            })
            .collect();
        attributes.sort();
        (path.clone(), (meta.mode(), meta.uid(), meta.gid(), attributes))
    };
    tree.0.keys().map(portrait).collect()
}

/// Applies and uninstalls with this shape, as everybody.
#[track_caller]
fn try_shape(name: &str, comes: &Comes, make: impl Fn(&mut Home)) {
    for who in everybody() {
        let mut home = Home::with_go();
        home.file(".bashrc", "mine=1\n").mode(".bashrc", 0o644);
        make(&mut home);
        hand_over(&home, who);
        let (before, was) = (home.tree(), portraits(&home));
        let what = format!("{name} as {who:?}");
        let ran = run(&home, who, APPLY);
        match comes {
            Refused(why) => {
                assert!(matches!(ran.status, 3 | 4), "{what}\n{ran}");
                let ran = ran.err_has(why).err_has("error: ").err_has("hint: ");
                let touched = before.touched(&home.tree());
                assert!(touched.is_empty(), "{what}: {touched:?}\n{ran}");
            }
            Right => {
                assert!(ran.status == 0, "{what}\n{ran}");
                let (after, is) = (home.tree().without_state(), portraits(&home));
                for (path, portrait) in &was {
                    assert_eq!(Some(portrait), is.get(path), "{what}: {} after apply\n{ran}", path.display());
                    let (old, new) = (&before.0[path], &after.0[path]);
                    match (&old.kind, &new.kind) {
                        (Kind::File(old_bytes), Kind::File(bytes)) if old_bytes != bytes => {
                            let block = bytes.windows(20).any(|window| window == b"# >>> goenv-setup >>");
                            assert!(block, "{what}: {} was changed without a block", path.display());
                        }
                        (Kind::File(_), Kind::File(_)) => {
                            assert_eq!(old.touch, new.touch, "{what}: {} was touched", path.display());
                        }
                        (old, new) => assert_eq!(old, new, "{what}: {}", path.display()),
                    }
                }
                let changed = before.differences(&after);
                assert!(!changed.is_empty(), "{what}: nothing was done");
                let again = run(&home, who, APPLY);
                assert!(again.status == 0, "{what}\n{again}");
                again.err_has("nothing to do");
                run(&home, who, UNINSTALL).ok();
                assert_same_tree(&before.without_state(), &home.tree().without_state());
                assert!(was == portraits(&home), "{what}: modes, owners or attributes after uninstall");
            }
        }
    }
}

#[test]
fn links() {
    try_shape("a chain of links", &Right, |home| {
        home.file("dots/zsh/zshrc", "one\n")
            .link("dots/b", "zsh/zshrc")
            .link("a", "./dots/../dots/b")
            .link(".zshrc", "a");
    });
    try_shape("an absolute link", &Right, |home| {
        let target = home.path("dots/zshrc");
        home.file("dots/zshrc", "one\n").link(".zshrc", target);
    });
    try_shape("a folder that is a link", &Right, |home| {
        home.dir("real/zsh").file("real/zsh/.zshrc", "one\n").link("zsh", "real/zsh");
        let folder = home.path("zsh");
        home.env("ZDOTDIR", folder);
    });
    try_shape("a link that leads nowhere", &Refused("which does not exist"), |home| {
        home.link(".zshrc", "dots/zshrc");
    });
}

#[test]
fn a_link_into_a_git_checkout() {
    if !need("git") {
        return;
    }
    try_shape("a link into a git checkout", &Right, |home| {
        home.file("dots/zshrc", "one\n").link(".zshrc", "dots/zshrc");
        let script = "cd dots && git init -q && git add -A && git -c user.name=a -c user.email=a@b commit -q -m a";
        home.script(script).ok();
    });
}

#[test]
fn a_home_that_is_a_link() {
    for who in everybody() {
        let mut home = Home::with_go();
        home.file(".zshrc", "one\n").file(".bashrc", "two\n");
        let link = home.beside("link");
        fs_err::os::unix::fs::symlink("home", &link).expect("a new link");
        hand_over(&home, who);
        home.env("HOME", &link);
        let before = home.tree();
        run(&home, who, APPLY).ok();
        assert!(home.read(".zshrc").expect("there").ends_with(b"# <<< goenv-setup <<<\n"));
        run(&home, who, &["restore", "-y"]).ok();
        assert_same_tree(&before, &home.tree().without_state());
        run(&home, who, APPLY).ok();
        run(&home, who, UNINSTALL).ok();
        assert_same_tree(&before, &home.tree().without_state());
        assert!(link.is_symlink());
    }
}

#[test]
fn two_startup_files_that_are_one() {
    for (link, target) in [(".zprofile", ".zshrc"), (".bash_profile", ".bashrc"), (".profile", ".bashrc")] {
        try_shape(&format!("{link} is a link to {target}"), &Right, |home| {
            home.file(".zshrc", "one\n").file(".bashrc", "two\n").link(link, target);
        });
    }
    try_shape("all are links to one", &Right, |home| {
        home.file("dots/all", "one")
            .link(".zshrc", "dots/all")
            .link(".zprofile", "dots/all")
            .link(".profile", ".zshrc");
    });
    try_shape("hard links", &Refused("2 names"), |home| {
        home.file(".zshrc", "one\n");
        fs_err::hard_link(home.path(".zshrc"), home.path(".zprofile")).expect("a hard link");
    });
    try_shape("a hard link elsewhere", &Refused("2 names"), |home| {
        home.file("copy", "one\n");
        fs_err::hard_link(home.path("copy"), home.path(".bash_profile")).expect("a hard link");
    });
}

#[test]
fn modes() {
    for mode in [0o600, 0o640, 0o644, 0o666, 0o700, 0o755] {
        try_shape(&format!("mode {mode:o}"), &Right, |home| {
            home.file(".zshrc", "one\n").mode(".zshrc", mode);
        });
    }
    for mode in [0o400, 0o444, 0o555] {
        try_shape(&format!("mode {mode:o}"), &Refused("read-only"), |home| {
            home.file(".zshrc", "one\n").mode(".zshrc", mode);
        });
    }
    for mode in [0o000, 0o200] {
        try_shape(&format!("mode {mode:o}"), &Refused("cannot be read"), |home| {
            home.file(".zshrc", "one\n").mode(".zshrc", mode);
        });
    }
    for mode in [0o700, 0o1777, 0o777, 0o2755] {
        try_shape(&format!("a home with mode {mode:o}"), &Right, |home| {
            home.file(".zshrc", "one\n").mode("", mode);
        });
    }
    try_shape("a folder that nobody may write", &Refused("read-only"), |home| {
        home.file("zsh/.zshrc", "one\n").mode("zsh", 0o500);
        let folder = home.path("zsh");
        home.env("ZDOTDIR", folder);
    });
}

/// New files get the folder's group; a file that was there keeps its own.
#[test]
fn a_setgid_folder_of_another_group() {
    if !geteuid().is_root() {
        return missing("root, who can give files away", false);
    }
    let home = Home::with_go();
    home.file(".zshrc", "one\n").file(".bashrc", "two\n");
    chown(home.path(""), None, Some(12345)).expect("root may");
    chown(home.path(".bashrc"), None, Some(4711)).expect("root may");
    home.mode("", 0o2755);
    let (before, was) = (home.tree(), portraits(&home));
    home.run(APPLY).ok();
    let is = portraits(&home);
    for (path, portrait) in &was {
        assert_eq!(Some(portrait), is.get(path), "{}", path.display());
    }
    assert_eq!(is[Path::new(".zprofile")].2, 12345, "a new file has the folder's group");
    home.run(UNINSTALL).ok();
    assert_same_tree(&before, &home.tree().without_state());
    assert!(was == portraits(&home));
}

#[test]
fn access_lists_and_attributes() {
    if need("setfacl") {
        try_shape("an access list", &Right, |home| {
            home.file(".zshrc", "one\n");
            Ran::of(&home.command("setfacl", &["-m", "u:1:r,g:2:rw,m::rw", ".zshrc"])).ok();
        });
        try_shape("a default access list on the folder", &Right, |home| {
            home.file(".zshrc", "one\n").mode(".zshrc", 0o600);
            Ran::of(&home.command("setfacl", &["-d", "-m", "u:1:rwx,g:2:r", "."])).ok();
        });
        try_shape("both", &Right, |home| {
            home.file(".zshrc", "one\n");
            Ran::of(&home.command("setfacl", &["-m", "u:3:rw", ".zshrc"])).ok();
            Ran::of(&home.command("setfacl", &["-d", "-m", "u:1:rwx", "."])).ok();
        });
    }
    try_shape("attributes of the user", &Right, |home| {
        home.file(".zshrc", "one\n").file("dots/bash", "x\n").link(".bash_profile", "dots/bash");
        for (file, name, value) in [
            (".zshrc", "user.mine", &b"a\0b"[..]),
            (".zshrc", "user.empty", b""),
            ("dots/bash", "user.long", &[7; 2000]),
        ] {
            if let Err(error) = xattr::set(home.path(file), name, value) {
                cannot(&format!("attributes in the temporary folder ({error})"));
            }
        }
    });
}

#[test]
fn contents() {
    for (name, bytes) in [
        ("empty", &b""[..]),
        ("one NUL", b"\0"),
        ("NUL in the middle", b"one\ntwo\0three\nfour"),
        ("no UTF-8 and no newline", b"\xff\xfe\r\n\r\xc3\x28"),
        ("nothing but newlines", b"\n\n\n\n"),
    ] {
        try_shape(name, &Right, |home| {
            home.file(".zshrc", bytes).file(".bash_profile", bytes);
        });
    }
    try_shape("a hole", &Right, |home| {
        home.file(".zshrc", "one\n");
        let file = File::options().write(true).open(home.path(".zshrc")).expect("it is there");
        file.set_len(3 << 20).expect("a hole takes no space");
    });
    try_shape("a time in the future", &Right, |home| {
        home.file(".zshrc", "one\n");
        let file = File::options().write(true).open(home.path(".zshrc")).expect("it is there");
        let later = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
        file.set_modified(later).expect("ours");
    });
    try_shape("a time before 1970", &Right, |home| {
        home.file(".zshrc", "one\n");
        let file = File::options().write(true).open(home.path(".zshrc")).expect("it is there");
        file.set_modified(SystemTime::UNIX_EPOCH - Duration::new(100_000, 1)).expect("ours");
    });
}

#[test]
fn a_very_large_file() {
    let size = if long() { 100 << 20 } else { 16 << 20 };
    let home = Home::with_go();
    let line = b"# a line that a program wrote into a startup file, again and again and again\n";
    let mut file = File::create(home.path(".zshrc")).expect("a new file");
    file.write_all(&line.repeat(size / line.len())).expect("there is space");
    drop(file);
    let before = home.tree();
    let mut times = Vec::new();
    for args in [&["apply", "--shell", "zsh", "-y"], UNINSTALL] {
        let begun = Instant::now();
        home.run(args).ok();
        times.push(begun.elapsed().as_secs_f32());
    }
    assert_same_tree(&before, &home.tree().without_state());
    say(&format!("shapes: {} MB: apply {:.1} s, uninstall {:.1} s", size >> 20, times[0], times[1]));
}

#[test]
fn what_is_no_file() {
    try_shape("a FIFO", &Refused("it is a FIFO"), |home| {
        Ran::of(&home.command("mkfifo", &[".zshrc"])).ok();
    });
    try_shape("a socket", &Refused("it is a socket"), |home| {
        drop(UnixListener::bind(home.path(".zshrc")).expect("a socket"));
    });
    try_shape("a device", &Refused("it is a device"), |home| {
        home.link(".zshrc", "/dev/null");
    });
    try_shape("a terminal", &Refused("cannot change"), |home| {
        home.link(".zshrc", "/dev/tty");
    });
    try_shape("a folder", &Refused("it is a folder"), |home| {
        home.dir(".zshrc");
    });
    if geteuid().is_root() && find("mknod").is_some() {
        let home = Home::with_go();
        if Ran::of(&home.command("mknod", &[".zshrc", "c", "1", "5"])).status == 0 {
            let before = home.tree();
            home.run(APPLY).code(3).err_has("it is a device");
            home.unchanged(&before);
        } else {
            cannot("the right to make a device");
        }
    }
}

#[test]
fn names_with_line_breaks() {
    try_shape("a folder with a line break", &Right, |home| {
        home.file("z\nd\x1b[31m/.zshrc", "one\n");
        let folder = home.path("z\nd\x1b[31m");
        home.env("ZDOTDIR", folder);
    });
    let home = Home::named_with_go(b"ho\nme\xff \x1b[1m'\"$x`");
    home.file(".zshrc", "one\n").file(".bashrc", "two");
    let before = home.tree();
    let ran = home.run(APPLY);
    assert!(!ran.stderr.contains(&0x1b), "raw\n{ran}");
    if ran.status == 0 {
        home.run(&["restore", "-y"]).ok();
        assert_same_tree(&before, &home.tree().without_state());
        home.run(APPLY).ok();
        home.run(UNINSTALL).ok();
        assert_same_tree(&before, &home.tree().without_state());
    } else {
        ran.code(3).err_has("hint: ");
        home.unchanged(&before);
    }
}

/// An immutable file can be neither replaced nor written, not by root either.
#[test]
fn immutable_files_and_folders() {
    if !geteuid().is_root() {
        return missing("root, who can mark files as immutable", false);
    }
    if !need("chattr") {
        return;
    }
    for (flag, target) in [("i", ".zshrc"), ("a", ".zshrc"), ("i", ".bashrc"), ("i", ".")] {
        let home = Home::with_go();
        home.file(".zshrc", "one\n").file(".bashrc", "two\n").file(".profile", "three\n");
        home.run(APPLY).ok();
        home.run(UNINSTALL).ok();
        let set = Ran::of(&home.command("chattr", &[&format!("+{flag}"), target]));
        if set.status != 0 {
            return cannot("a file system that can mark files as immutable");
        }
        let before = home.tree();
        let ran = home.run(APPLY);
        let after = home.tree();
        Ran::of(&home.command("chattr", &[&format!("-{flag}"), target])).ok();
        assert!(matches!(ran.status, 3 | 4), "+{flag} {target}\n{ran}");
        let touched: Vec<_> = before.touched(&after).into_iter().filter(|line| !line.contains(".local/")).collect();
        let folders = ["~ the folder itself: has another inode or time".to_owned()];
        assert!(touched.iter().all(|line| folders.contains(line)), "+{flag} {target}: {touched:?}\n{ran}");
        ran.err_has("error: ").err_has("hint: ").err_has("immutable");
        home.run(APPLY).ok();
        home.run(UNINSTALL).ok();
        assert_same_tree(&before.without_state(), &home.tree().without_state());
    }
}
