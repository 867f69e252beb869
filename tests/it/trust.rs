//! A state folder that somebody else could have written, or that is damaged: nothing but this home's startup files is
//! ever written, created or removed, and nothing panics.

use std::os::unix::fs::{chown, symlink};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;
use serde_json::{Value, json};

use crate::support::planted::{STATE, after, before, plant, receipt};
use crate::support::{Home, Ran, Tree, assert_same_tree, missing, say};

const APPLY: &[&str] = &["apply", "--shell", "zsh", "-y"];
const UNINSTALL: &[&str] = &["uninstall", "-y"];
const RESTORE: &[&str] = &["restore", "-y"];
const ID: &str = "20261123T055001.000000Z-42-0";
const BLOCK: &[u8] = b"# >>> goenv-setup >>> v1 sum=46ea081f new=1\nx\n# <<< goenv-setup <<<\n";

/// A home, and beside it the files of somebody else.
fn home() -> Home {
    let home = Home::with_go();
    home.file(".zshrc", "one\n").file(".zprofile", "two\n").mode(".zprofile", 0o600);
    home.file(".ssh/authorized_keys", "ssh-ed25519 AAAA\n").file(".hushlogin", "").dir("empty/empty/empty");
    for (name, bytes) in [("passwd", &b"root:x:0:0\n"[..]), ("nothing", b"")] {
        fs_err::write(home.beside(name), bytes).expect("a new file");
    }
    fs_err::create_dir_all(home.beside("folder").join("folder")).expect("a new folder");
    home
}

/// Everything that no run has any business with: all but the startup files, our own folder and the scratch folder.
fn others(home: &Home) -> Tree {
    let mut tree = Tree::of(home.path("").parent().expect("a folder"));
    let state = Path::new("home").join(STATE);
    tree.0.retain(|path, _| {
        let startup = [".zshrc", ".zprofile"].iter().any(|name| *path == Path::new("home").join(name));
        let ours = path.starts_with(&state) || state.starts_with(path) || path.starts_with("tmp");
        !startup && !ours
    });
    tree
}

#[track_caller]
fn others_are_untouched(home: &Home, before: &Tree, what: &str) {
    let touched = before.touched(&others(home));
    assert!(touched.is_empty(), "{what}: not ours, and touched:\n{}", touched.join("\n"));
}

#[track_caller]
fn no_panic(ran: &Ran, what: &str) {
    assert!(matches!(ran.status, 0 | 1 | 3 | 4), "{what}\n{ran}");
    assert!(!String::from_utf8_lossy(&ran.stderr).contains("panicked"), "{what}\n{ran}");
}

/// Every command that reads the state folder, the writing ones last and more than once.
fn run_all(home: &Home, before: &Tree, what: &str) {
    for args in [&["backups"][..], &["status"], &["restore", "--dry-run", ID], APPLY, &["restore", "-y", ID], UNINSTALL]
    {
        no_panic(&home.run(args), &format!("{what}: {args:?}"));
        others_are_untouched(home, before, &format!("{what}: {args:?}"));
    }
    no_panic(&home.run(RESTORE), what);
    no_panic(&home.run(&["restore", "-y", "--force", ID]), what);
    home.run(UNINSTALL);
    others_are_untouched(home, before, what);
}

/// The planted journal is one that is believed, or the tests below would show nothing.
#[test]
fn an_honest_journal_is_believed() {
    let home = home();
    let file = home.path(".zshrc");
    let journal = receipt(ID, &file, &before(b"old\n"), &after(b"one\n")).to_string();
    plant(&home, ID, journal.as_bytes(), Some(b"old\n"), &[]);
    let ran = home.run(UNINSTALL).ok();
    ran.err_has("is again what it was before a run that was interrupted");
    assert_eq!(home.read(".zshrc").as_deref(), Some(&b"old\n"[..]));
}

#[test]
fn a_journal_cannot_name_what_is_no_startup_file() {
    let mut count = 0;
    let others_names = |home: &Home| -> Vec<PathBuf> {
        vec![
            home.beside("passwd"),
            home.beside("nothing"),
            home.path(".ssh/authorized_keys"),
            home.path(".hushlogin"),
            home.path("empty/empty/empty/file"),
            home.beside("folder").join("folder/file"),
            home.path("../passwd"),
            home.path(".ssh/../../passwd"),
            home.path(".ssh"),
            home.path("../new/file"),
            "/etc/passwd".into(),
            "/".into(),
            "passwd".into(),
        ]
    };
    for index in 0..others_names(&home()).len() {
        for marks in [&[][..], &["done"], &["done", "clean"]] {
            let home = home();
            let file = others_names(&home).swap_remove(index);
            let real = fs_err::canonicalize(&file).unwrap_or_else(|_| file.clone());
            let now = fs_err::read(&real).unwrap_or_default();
            let missing = json!({"state": "missing", "dirs": 255});
            let gone = json!({"state": "gone", "rmdirs": 255});
            let pairs = [
                (missing.clone(), after(&now), None),
                (missing, gone.clone(), None),
                (before(b"evil\n"), after(&now), Some(&b"evil\n"[..])),
                (before(&now), gone.clone(), Some(&now)),
                (before(b"evil\n"), gone, Some(b"evil\n")),
                (before(BLOCK), after(&now), Some(BLOCK)),
                (before(&[&now, BLOCK].concat()), after(&now), Some(&[&now, BLOCK].concat())),
            ]
            .map(|(was, is, copy)| (was, is, copy.map(<[u8]>::to_vec)));
            for (n, (was, is, copy)) in pairs.iter().enumerate() {
                let id = format!("{ID}{n}");
                let mut journal = receipt(&id, &file, was, is);
                journal["files"][0]["real"] = json!(real);
                plant(&home, &id, journal.to_string().as_bytes(), copy.as_deref(), marks);
            }
            let tree = others(&home);
            let what = format!("{} {marks:?}", file.display());
            for args in [APPLY, UNINSTALL] {
                no_panic(&home.run(args), &what);
                others_are_untouched(&home, &tree, &what);
            }
            for n in 0..pairs.len() {
                let id = format!("{ID}{n}");
                no_panic(&home.run(&["restore", "-y", "--force", &id]), &what);
                others_are_untouched(&home, &tree, &format!("{what}, restore of {n}"));
            }
            count += pairs.len();
        }
    }
    say(&format!("trust: {count} journals that name what is no startup file, nothing of it touched"));
}

/// Receipts that are none, each in a folder where one is expected.
#[test]
fn a_receipt_that_is_none_is_left_out() {
    type Change = fn(&mut Value);
    let changes: &[(&str, Change)] = &[
        ("another schema", |r| r["schema"] = json!(2)),
        ("no schema", |r| r["schema"] = json!(null)),
        ("another id", |r| r["id"] = json!("20261123T055001.000000Z-42-1")),
        ("an id that leads away", |r| r["id"] = json!("../backups")),
        ("a number for a word", |r| r["command"] = json!(1)),
        ("a list for a number", |r| r["unix_time"] = json!([1])),
        ("files that are none", |r| r["files"] = json!("all")),
        ("a negative size", |r| r["files"][0]["after"]["size"] = json!(-1)),
        ("too many folders", |r| r["files"][0]["before"] = json!({"state": "missing", "dirs": 256})),
        ("an unknown state", |r| r["files"][0]["before"]["state"] = json!("link")),
        ("a temporary name in another folder", |r| r["files"][0]["temp"] = json!("../.goenv-setup-x~")),
        ("a temporary name with a slash", |r| r["files"][0]["temp"] = json!(".goenv-setup-/../../../passwd~")),
        ("the temporary name of a file", |r| r["files"][0]["temp"] = json!(".zprofile")),
        ("the temporary name of another run", |r| r["files"][0]["temp"] = json!(".goenv-setup-x~")),
        ("a copy that is elsewhere", |r| r["files"][0]["before"]["backup"] = json!("../../../../.ssh/authorized_keys")),
        ("a copy at a path", |r| r["files"][0]["before"]["backup"] = json!("/etc/passwd")),
        ("a relative file", |r| r["files"][0]["real"] = json!(".zshrc")),
        ("a file with dots", |r| r["files"][0]["real"] = json!("/tmp/../etc/passwd")),
        ("too many nanoseconds", |r| r["files"][0]["before"]["mtime_nanos"] = json!(1_000_000_000)),
        ("an escape sequence", |r| r["time"] = json!("\u{1b}[31m")),
        ("a line break", |r| r["command"] = json!("apply\nerror: x")),
    ];
    for marks in [&[][..], &["done"]] {
        for (what, change) in changes {
            let home = home();
            let mut journal = receipt(ID, &home.path(".zshrc"), &before(b"old\n"), &after(b"one\n"));
            change(&mut journal);
            plant(&home, ID, journal.to_string().as_bytes(), Some(b"old\n"), marks);
            left_out(&home, what);
        }
    }
}

#[test]
fn a_receipt_that_is_no_document_is_left_out() {
    let whole = |home: &Home| receipt(ID, &home.path(".zshrc"), &before(b"old\n"), &after(b"one\n")).to_string();
    let length = whole(&home()).len();
    let mut texts: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"{}".to_vec(),
        b"null".to_vec(),
        b"\xff\xfe".to_vec(),
        vec![0; 4096],
        vec![b'['; 100_000],
        [b"{\"schema\": 1, \"x\": ".to_vec(), vec![b'['; 50_000], vec![b']'; 50_000], b"}".to_vec()].concat(),
    ];
    texts.extend((1..8).map(|part| whole(&home()).into_bytes()[..length * part / 8].to_vec()));
    for text in texts {
        let home = home();
        plant(&home, ID, &text, Some(b"old\n"), &[]);
        left_out(&home, &format!("{} bytes: {}", text.len(), text[..text.len().min(40)].escape_ascii()));
    }
    // Right in every word, but longer than any honest one.
    let home = home();
    plant(&home, ID, [whole(&home).into_bytes(), vec![b' '; 2 << 20]].concat().as_slice(), Some(b"old\n"), &[]);
    left_out(&home, "a very long one");
}

/// Whatever this is, it is no backup: nothing is done for it, and everything else works.
#[track_caller]
fn left_out(home: &Home, what: &str) {
    let tree = others(home);
    let before = home.tree();
    let ran = home.run(&["backups"]).code(1);
    assert!(ran.stdout.is_empty(), "{what}: it is listed\n{ran}");
    ran.err_has("1 of the backups cannot be believed");
    run_all(home, &tree, what);
    assert_same_tree(&before.without_state(), &home.tree().without_state());
}

#[test]
fn what_is_no_file_of_ours_in_a_backup_is_not_read() {
    type Change = fn(&Home, &Path);
    let changes: &[(&str, Change)] = &[
        ("a FIFO", |home, file| drop(Ran::of(&home.command("mkfifo", &[file])).ok())),
        ("a folder", |_, file| fs_err::create_dir(file).expect("a new folder")),
        ("a link", |_, file| {
            let elsewhere = file.with_file_name("elsewhere");
            fs_err::rename(file.with_file_name("old"), &elsewhere).expect("it is there");
            symlink(elsewhere, file).expect("a new link");
        }),
        ("a file that others write", |_, file| {
            let old = file.with_file_name("old");
            fs_err::set_permissions(&old, std::os::unix::fs::PermissionsExt::from_mode(0o666)).expect("ours");
            fs_err::rename(old, file).expect("it is there");
        }),
        ("another's file", |_, file| {
            let old = file.with_file_name("old");
            if geteuid().is_root() {
                chown(&old, Some(12345), None).expect("root may");
                fs_err::rename(old, file).expect("it is there");
            }
        }),
    ];
    for name in ["receipt.json", "file-0"] {
        for (what, change) in changes {
            let home = home();
            let journal = receipt(ID, &home.path(".zshrc"), &before(b"old\n"), &after(b"one\n")).to_string();
            let folder = plant(&home, ID, journal.as_bytes(), Some(b"old\n"), &["done", "clean"]);
            fs_err::rename(folder.join(name), folder.join("old")).expect("it is there");
            change(&home, &folder.join(name));
            let before = home.tree();
            let said = if name == "file-0" { "its backup is not what was kept" } else { "there is no such backup" };
            let ran = home.run(&["restore", "-y", ID]).code(3).err_has(said);
            no_panic(&ran, what);
            home.unchanged(&before);
            let tree = others(&home);
            run_all(&home, &tree, what);
        }
    }
}

#[test]
fn a_copy_that_is_not_what_was_kept_is_not_restored() {
    for copy in [&b""[..], b"new\n", b"old\nold\n", b"old"] {
        let home = home();
        let journal = receipt(ID, &home.path(".zshrc"), &before(b"old\n"), &after(b"one\n")).to_string();
        plant(&home, ID, journal.as_bytes(), Some(copy), &["done", "clean"]);
        let before = home.tree();
        home.run(&["restore", "-y", ID]).code(3).err_has("cannot restore `~/.zshrc`: its backup is not what was kept");
        home.unchanged(&before);

        // Nor does recovery take it.
        fs_err::remove_dir_all(home.path(STATE)).expect("it is ours");
        plant(&home, ID, journal.as_bytes(), Some(copy), &[]);
        home.run(UNINSTALL).ok().err_has("was left alone").err_has("its backup is damaged");
        assert_eq!(home.read(".zshrc").as_deref(), Some(&b"one\n"[..]));
    }
}

#[test]
fn a_file_that_leads_elsewhere_by_now_is_left_alone() {
    let home = home();
    home.file("dots/zshrc", "one\n");
    let journal = receipt(ID, &home.path(".zshrc"), &before(b"old\n"), &after(b"one\n")).to_string();
    plant(&home, ID, journal.as_bytes(), Some(b"old\n"), &[]);
    fs_err::remove_file(home.path(".zshrc")).expect("it is there");
    home.link(".zshrc", "dots/zshrc");
    home.run(UNINSTALL).ok().err_has("was left alone").err_has("its name leads to another file now");
    assert_eq!(home.read("dots/zshrc").as_deref(), Some(&b"one\n"[..]));
    home.run(&["restore", "-y", "--force", ID]).code(3).err_has("its name leads to another file now");
}

#[test]
fn a_state_folder_that_somebody_else_could_have_written_is_refused() {
    type Change = fn(&Home);
    let changes: &[(&str, &str, Change)] = &[
        ("a link", "it is a symbolic link", |home| {
            fs_err::rename(home.path(STATE), home.beside("elsewhere")).expect("it is there");
            symlink(home.beside("elsewhere"), home.path(STATE)).expect("a new link");
        }),
        ("backups are a link", "it is a symbolic link", |home| {
            let backups = home.path(STATE).join("backups");
            fs_err::rename(&backups, home.beside("elsewhere")).expect("it is there");
            symlink(home.beside("elsewhere"), backups).expect("a new link");
        }),
        ("a group may write", "others may write to it", |home| {
            home.mode(STATE, 0o770);
        }),
        ("all may write", "others may write to it", |home| {
            home.mode(STATE, 0o702);
        }),
        ("a group may write to backups", "others may write to it", |home| {
            home.mode(Path::new(STATE).join("backups"), 0o720);
        }),
        ("a file", "it is not a folder", |home| {
            fs_err::remove_dir_all(home.path(STATE)).expect("ours");
            home.file(STATE, "");
        }),
        ("another's", "it belongs to the user with the id 12345", |home| {
            chown(home.path(STATE), Some(12345), None).expect("root may");
        }),
        ("another's backups", "it belongs to the user with the id 12345", |home| {
            chown(home.path(STATE).join("backups"), Some(12345), None).expect("root may");
        }),
    ];
    for (what, said, change) in changes {
        if what.starts_with("another's") && !geteuid().is_root() {
            missing("root, who can give files away", false);
            continue;
        }
        let home = home();
        let journal = receipt(ID, &home.path(".zshrc"), &before(b"old\n"), &after(b"one\n")).to_string();
        plant(&home, ID, journal.as_bytes(), Some(b"old\n"), &[]);
        change(&home);
        let before = Tree::of(home.path("").parent().expect("a folder"));
        for args in [APPLY, &["restore", "-y"], &["restore", "-y", ID], &["backups"], &["uninstall", "-y", "--purge"]] {
            let ran = home.run(args).code(3).err_has(said).err_has("hint: ");
            no_panic(&ran, what);
            let touched = before.touched(&Tree::of(home.path("").parent().expect("a folder")));
            assert!(touched.is_empty(), "{what}: {touched:?}\n{ran}");
        }
    }
}

#[test]
fn a_lock_that_is_no_file_of_ours_is_not_written() {
    type Change = fn(&Home, &Path);
    let changes: &[(&str, Change)] = &[
        ("a link", |home, lock| symlink(home.path(".ssh/authorized_keys"), lock).expect("a new link")),
        ("a link to nothing", |home, lock| symlink(home.beside("new"), lock).expect("a new link")),
        ("a FIFO", |home, lock| drop(Ran::of(&home.command("mkfifo", &[lock])).ok())),
        ("a folder", |_, lock| fs_err::create_dir(lock).expect("a new folder")),
    ];
    for (what, change) in changes {
        let home = home();
        home.run(APPLY).ok();
        home.run(UNINSTALL).ok();
        let lock = home.path(STATE).join("lock");
        fs_err::remove_file(&lock).expect("it is there");
        change(&home, &lock);
        let before = Tree::of(home.path("").parent().expect("a folder"));
        let ran = home.run(APPLY);
        assert!(matches!(ran.status, 3 | 4), "{what}\n{ran}");
        no_panic(&ran.err_has("lock").err_has("hint: "), what);
        let touched = before.touched(&Tree::of(home.path("").parent().expect("a folder")));
        assert!(touched.is_empty(), "{what}: {touched:?}");
    }
}

#[test]
fn a_damaged_note_never_takes_the_home_away() {
    for note in ["200", "18446744073709551615", "-1", "many", ""] {
        let mut home = Home::new();
        home.env("SHELL", "/bin/zsh");
        home.run(APPLY).ok();
        home.run(UNINSTALL).ok();
        fs_err::write(home.path(STATE).join("parents"), note).expect("ours");
        home.run(&["uninstall", "-y", "--purge"]).ok();
        assert!(home.path("").is_dir(), "{note}: the home is gone");
        assert!(!home.path(STATE).exists(), "{note}");
    }
    // Nor does a number of folders in a fence or in a receipt.
    let mut home = Home::new();
    let state = home.beside("state");
    home.env("XDG_STATE_HOME", state);
    let id = "20261123T055001.000000Z-42-7";
    home.file(".zshrc", "# >>> goenv-setup >>> v1 sum=46ea081f new=9\nx\n# <<< goenv-setup <<<\n");
    let ran = home.run(UNINSTALL).ok();
    assert!(home.path("").is_dir(), "the home is gone\n{ran}");
    home.file(".zshrc", BLOCK);
    let journal = receipt(id, &home.path(".zshrc"), &json!({"state": "missing", "dirs": 9}), &after(BLOCK)).to_string();
    let planted = plant(&home, id, journal.as_bytes(), None, &[]);
    let backups = home.beside("state").join("goenv-setup/backups");
    fs_err::rename(planted, backups.join(id)).expect("it is there");
    fs_err::remove_dir_all(home.path(STATE).ancestors().nth(2).expect("it is deep")).expect("ours");
    home.run(UNINSTALL).ok();
    assert!(home.read(".zshrc").is_none() && home.path("").is_dir(), "the home is gone, or nothing was recovered");
}

#[test]
fn root_in_the_home_of_another_is_told_what_to_run() {
    if !geteuid().is_root() {
        return missing("root, who can give files away", false);
    }
    let home = home();
    let journal = receipt(ID, &home.path(".zshrc"), &before(b"old\n"), &after(b"one\n")).to_string();
    plant(&home, ID, journal.as_bytes(), Some(b"old\n"), &[]);
    chown(home.path(""), Some(12345), None).expect("root may");
    let before = home.tree();
    for args in [APPLY, UNINSTALL, RESTORE, &["backups"], &["status"]] {
        let ran = home.run(args).code(3);
        ran.err_has(&format!("sudo -H -u '#12345' goenv-setup {}`", args[0])).err_has("it belongs to #12345");
        home.unchanged(&before);
    }
}
