//! Journals of every kind, and files in every state: recovery touches nothing but startup files, never panics, and ends.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use goenv_setup::shells::Places;
use goenv_setup::transaction::{Failure, Lock, StateDir};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{mutate, search};
use crate::support::planted::{after, before};
use crate::support::{Dice, Tree};

const BLOCK: &[u8] = b"# >>> goenv-setup >>> v1 sum=46ea081f\nx\n# <<< goenv-setup <<<\n";
const CONTENTS: &[&[u8]] = &[
    b"",
    b"one\n",
    b"two\nno newline",
    BLOCK,
    b"one\n\n# >>> goenv-setup >>> v1 sum=46ea081f\nx\n# <<< goenv-setup <<<\n",
    b"# >>> goenv-setup >>> v1 sum=46ea081f new=1\nx\n# <<< goenv-setup <<<\n",
    b"evil\n",
];
const STARTUP: &[&str] = &["home/.zshrc", "home/.zprofile", "home/.bashrc"];
/// Files of somebody else, and how much of each may be a block of ours: nothing.
const OTHERS: &[(&str, &[u8])] = &[
    ("home/.ssh/authorized_keys", b"one\n"),
    ("home/.hushlogin", b""),
    ("beside/passwd", b"two\nno newline"),
    ("beside/nothing", b""),
];
const FOLDERS: &[&str] = &["home/.ssh", "home/empty/empty", "beside/folder/folder"];

/// A home, somebody else's files, and a state folder whose lock we hold.
struct World {
    root: TempDir,
    path: PathBuf,
    state: StateDir,
    lock: Lock,
    others: Tree,
}

impl World {
    fn new() -> Self {
        // In memory where there is such a folder: a sync costs nothing there.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let root = tempfile::Builder::new().prefix("goenv-setup-").tempdir_in(folder).expect("a temporary folder");
        let path = fs_err::canonicalize(root.path()).expect("it is there");
        for folder in FOLDERS {
            fs_err::create_dir_all(path.join(folder)).expect("a new folder");
        }
        for (name, bytes) in OTHERS {
            fs_err::write(path.join(name), bytes).expect("a new file");
        }
        let state = StateDir::at(path.join("state")).keeping(&path.join("home"));
        let lock = state.lock(&|| {}).map_err(|failure| failure.to_string()).expect("nobody has it");
        let mut world = Self { root, path, state, lock, others: Tree(BTreeMap::new()) };
        world.others = world.others();
        world
    }

    /// All but the startup files, the state folder and the times of the folders around them.
    fn others(&self) -> Tree {
        let mut tree = Tree::of(self.root.path());
        let ours = |path: &Path| path.starts_with("state") || STARTUP.iter().any(|name| path == Path::new(name));
        tree.0.retain(|path, _| !ours(path) && !path.to_string_lossy().contains(".goenv-setup-"));
        for folder in ["", "home"] {
            tree.0.get_mut(Path::new(folder)).expect("it is there").touch = (0, 0, 0);
        }
        tree
    }

    /// Everything is as at the beginning, but for the startup files, which hold anything.
    fn reset(&self, dice: &mut Dice) {
        for entry in fs_err::read_dir(self.path.join("home")).expect("it is there") {
            let path = entry.expect("readable").path();
            if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".goenv-setup-")) {
                fs_err::remove_file(path).expect("ours");
            }
        }
        for name in STARTUP {
            let path = self.path.join(name);
            if path.exists() {
                fs_err::remove_file(&path).expect("ours");
            }
            if !dice.one_in(4) {
                fs_err::write(&path, dice.pick(CONTENTS)).expect("a new file");
            }
        }
        let backups = self.path.join("state/backups");
        fs_err::remove_dir_all(&backups).expect("ours");
        self.folder(&backups);
    }

    fn folder(&self, path: &Path) {
        assert!(path.starts_with(&self.path));
        fs_err::create_dir(path).expect("a new folder");
        fs_err::set_permissions(path, Permissions::from_mode(0o700)).expect("ours");
    }

    fn file(&self, path: &Path, bytes: &[u8]) {
        assert!(path.starts_with(&self.path));
        fs_err::write(path, bytes).expect("a new file");
        fs_err::set_permissions(path, Permissions::from_mode(0o600)).expect("ours");
    }

    fn one_file(&self, id: &str, n: usize, dice: &mut Dice) -> Value {
        let pool: Vec<&str> =
            STARTUP.iter().chain(STARTUP).copied().chain(OTHERS.iter().map(|(name, _)| *name)).collect();
        let asked = match dice.below(12) {
            0 => self.path.join("home/empty/empty/.zshrc"),
            1 => self.path.join("beside/folder/folder/new"),
            2 => self.path.join("home/../beside/passwd"),
            3 => self.path.join("home"),
            _ => self.path.join(dice.pick(&pool)),
        };
        let real = if dice.one_in(8) { self.path.join(dice.pick(&pool)) } else { normal(&asked) };
        let there = fs_err::read(&real).ok();
        // Mostly something that fits what is there, or nothing would ever be done.
        let content = |dice: &mut Dice| match &there {
            Some(bytes) if dice.one_in(2) => bytes.clone(),
            _ => dice.pick(CONTENTS).to_vec(),
        };
        let was = if dice.one_in(3) {
            json!({"state": "missing", "dirs": dice.pick(&[0, 1, 2, 9, 255])})
        } else {
            let bytes = content(dice);
            let mut was = before(&bytes);
            was["backup"] = json!(format!("file-{n}"));
            was["mode"] = json!(dice.pick(&[0o600, 0o644, 0, 0o7777, 0o100_644]));
            if !dice.one_in(6) {
                let copy = if dice.one_in(6) { content(dice) } else { bytes };
                self.file(&self.path.join("state/backups").join(id).join(format!("file-{n}")), &copy);
            }
            was
        };
        let is = if dice.one_in(4) {
            json!({"state": "gone", "rmdirs": dice.pick(&[0, 1, 2, 9, 255])})
        } else {
            after(&content(dice))
        };
        let temp = format!(".goenv-setup-{id}-{n}~");
        if dice.one_in(2) {
            // Where a startup file stands; beside the files of others nothing of ours can be.
            self.file(&self.path.join("home").join(&temp), dice.pick::<&[u8]>(CONTENTS));
        }
        let shell = dice.pick(&["zsh", "bash", "sh", "fish", ""]);
        json!({"asked": asked, "real": real, "shell": shell, "temp": temp, "before": was, "after": is})
    }

    fn one_journal(&self, number: usize, dice: &mut Dice) {
        let id = format!("20261123T05500{number}.000000Z-42-0");
        let folder = self.path.join("state/backups").join(&id);
        self.folder(&folder);
        let files: Vec<Value> = (0..=dice.below(3)).map(|n| self.one_file(&id, n, dice)).collect();
        let mut journal = json!({"schema": 1, "id": id, "time": "2026-11-23T05:50:01Z", "unix_time": 1_795_413_001 + number,
            "command": "apply", "version": "0.1.0", "files": files});
        if dice.one_in(4) {
            hostile(&mut journal, &self.path, dice);
        }
        let mut text = journal.to_string().into_bytes();
        if dice.one_in(4) {
            mutate(&mut text, dice);
        }
        self.file(&folder.join("receipt.json"), &text);
        for mark in ["done", "clean", "recovered"] {
            if dice.one_in(5) {
                self.file(&folder.join(mark), b"");
            }
        }
    }

    fn one(&self, dice: &mut Dice) {
        self.reset(dice);
        for number in 0..=dice.below(2) {
            self.one_journal(number, dice);
        }
        let places = Places::plain(&self.path.join("home"));
        let recovered = self.state.recover(&self.lock, &|path| places.is_startup_file(path));
        match recovered {
            Ok(told) => {
                for one in told {
                    assert!(!one.to_string().is_empty());
                }
                let receipts = self.state.receipts().map_err(|failure| failure.to_string()).expect("a folder of ours");
                assert!(
                    receipts.list.iter().all(goenv_setup::transaction::Receipt::settled),
                    "something is left to do"
                );
            }
            Err(failure) => assert!(matches!(failure, Failure::Unrecovered { .. }), "{failure}"),
        }
        let touched = self.others.touched(&self.others());
        assert!(touched.is_empty(), "not ours, and touched: {touched:?}");
        for name in STARTUP {
            let now = fs_err::read(self.path.join(name)).ok();
            assert!(now.is_none_or(|now| CONTENTS.contains(&&now[..])), "{name} holds what was never in it");
        }
    }
}

/// The path without `..`, as a name in a receipt has to be.
fn normal(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == std::path::Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

/// Puts something in the place of any one value.
fn hostile(journal: &mut Value, root: &Path, dice: &mut Dice) {
    let value = match dice.below(12) {
        0 => json!(null),
        1 => json!(-1),
        2 => json!(u64::MAX),
        3 => json!(1e300),
        4 => json!("../../beside/passwd"),
        5 => json!(root.join("beside/passwd")),
        6 => json!({"base64": "Li4v/w=="}),
        7 => json!({"state": "missing", "dirs": 255}),
        8 => json!([]),
        9 => json!("file-1"),
        10 => json!(".goenv-setup-x~"),
        _ => json!("\u{1b}[31m\n"),
    };
    let mut pointers = Vec::new();
    leaves(journal, String::new(), &mut pointers);
    let at = dice.pick(&pointers);
    *journal.pointer_mut(at).expect("it was just there") = value;
}

fn leaves(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| leaves(value, format!("{at}/{name}"), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| leaves(value, format!("{at}/{n}"), found));
        }
        _ => {}
    }
    found.push(at);
}

#[test]
fn journals_of_every_kind() {
    let world = World::new();
    search("journal and recovery", Duration::from_millis(2500), 300_000, |dice| world.one(dice));
}
