//! What a power cut may find: the order in which data and names are made durable, read off the calls of real runs.
//!
//! A file system may write what was not synced in any order, or never. So at each of these moments nothing that it
//! leans on may be unsynced: when anything beside a startup file is first touched (the journal and the copies), when a
//! new file takes its name (its content), when the journal is closed (the names), when an old file goes (the mark).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::cases::{Case, Stage, cases, more_cases};
use super::long;
use super::strace::{Call, able};
use crate::support::say;

/// What is known half-way through a run.
struct Disk<'a> {
    state: &'a Path,
    targets: &'a [PathBuf],
    /// Files whose content or metadata may be lost.
    files: BTreeSet<PathBuf>,
    /// Folders in which a change of names may be lost.
    folders: BTreeSet<PathBuf>,
    /// Temporary names of files that have another name too.
    linked: BTreeSet<PathBuf>,
    placed: BTreeSet<PathBuf>,
    copies: usize,
    journal: bool,
    /// Whether anything beside our state folder was touched.
    begun: bool,
    mark: Option<PathBuf>,
    complaints: Vec<String>,
}

/// What is out of order in a run that changed `targets`, of which `copies` existed before. Also: which calls made
/// something durable.
fn check(calls: &[Call], home: &Path, targets: &[PathBuf], copies: usize) -> (Vec<String>, Vec<usize>) {
    let state = home.join(".local/state/goenv-setup");
    let mut disk = Disk {
        state: &state,
        targets,
        files: BTreeSet::new(),
        folders: BTreeSet::new(),
        linked: BTreeSet::new(),
        placed: BTreeSet::new(),
        copies: 0,
        journal: false,
        begun: false,
        mark: None,
        complaints: Vec::new(),
    };
    let mut useful = Vec::new();
    for (n, call) in calls.iter().enumerate().filter(|(_, call)| call.worked && call.changes(home)) {
        if disk.step(call, copies) {
            useful.push(n);
        }
    }
    if disk.mark.is_none() {
        disk.complaints.push("it was never marked as done".into());
    }
    let missed = targets.iter().filter(|target| !disk.placed.contains(*target));
    disk.complaints.extend(missed.map(|target| format!("{} was not changed", target.display())));
    (disk.complaints, useful)
}

impl Disk<'_> {
    /// Takes one call in; gives whether it made anything durable.
    fn step(&mut self, call: &Call, copies: usize) -> bool {
        let path = &call.paths[0];
        let above = |path: &Path| path.parent().expect("a file is in a folder").to_owned();
        if call.paths.iter().any(|path| self.outside(path)) && !call.name.ends_with("sync") {
            self.rely_on_journal(call, copies);
        }
        match call.name.as_str() {
            "fsync" | "fdatasync" => return self.files.remove(path) | self.folders.remove(path),
            "flock" => {}
            "mkdir" | "mkdirat" => {
                self.folders.insert(above(path));
            }
            "unlink" | "unlinkat" | "rmdir" => {
                if !self.linked.remove(path) && self.outside(path) {
                    self.rely_on_mark(call);
                }
                self.folders.insert(above(path));
            }
            name if name.starts_with("rename") || name.starts_with("link") => self.rename(call),
            name if name.starts_with("open") => {
                self.create(path);
                self.folders.insert(above(path));
            }
            // Only who is at work, for messages.
            _ if path.ends_with("lock") => {}
            _ => {
                self.files.insert(path.clone());
            }
        }
        false
    }

    fn create(&mut self, path: &Path) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|_| path.starts_with(self.state))
        else {
            self.files.insert(path.to_owned());
            return;
        };
        match name {
            "lock" => return,
            "done" => {
                let unsynced: Vec<_> = self.folders.iter().filter(|folder| !folder.starts_with(self.state)).collect();
                if !unsynced.is_empty() {
                    self.complaints.push(format!("marked before these folders were synced: {unsynced:?}"));
                }
                if self.mark.replace(path.to_owned()).is_some() {
                    self.complaints.push("marked twice".into());
                }
            }
            "clean" => {
                self.rely_on_mark_for("swept");
                return; // if it is lost, there is just nothing left to sweep
            }
            _ if name.starts_with("file-") => self.copies += 1,
            _ => {}
        }
        self.files.insert(path.to_owned());
    }

    fn rename(&mut self, call: &Call) {
        let [from, to] = &call.paths[..] else { panic!("two names: {call:?}") };
        for name in [from, to].into_iter().filter(|name| self.targets.contains(name)) {
            self.placed.insert(name.clone());
            if self.mark.is_some() {
                self.complaints.push(format!("{} was changed after the mark", name.display()));
            }
        }
        if self.targets.contains(to) && self.files.contains(from) {
            self.complaints.push(format!("{} took its name before it was synced", to.display()));
        }
        if to.ends_with("receipt.json") {
            self.journal = !self.files.contains(from);
        }
        if call.name.starts_with("link") {
            self.linked.insert(from.clone());
        }
        let moved = |path: PathBuf| match path.strip_prefix(from) {
            Ok(rest) if rest.as_os_str().is_empty() => to.clone(),
            Ok(rest) => to.join(rest),
            Err(_) => path,
        };
        self.files = std::mem::take(&mut self.files).into_iter().map(moved).collect();
        self.folders = std::mem::take(&mut self.folders).into_iter().map(moved).collect();
        self.folders.extend([from, to].map(|path| path.parent().expect("a folder").to_owned()));
    }

    /// Something beside our state folder is touched: by now the journal and the copies are durable.
    fn rely_on_journal(&mut self, call: &Call, copies: usize) {
        if !self.journal {
            self.complaints.push(format!("{} before the journal", call.word()));
        }
        if self.copies != copies {
            self.complaints.push(format!("{} after {} copies of {copies}", call.word(), self.copies));
        }
        if std::mem::replace(&mut self.begun, true) {
            return; // from here on these folders change by what we check
        }
        let in_state = |path: &&PathBuf| !self.outside(path);
        let unsynced: Vec<_> = self.files.iter().chain(&self.folders).filter(in_state).collect();
        if !unsynced.is_empty() {
            self.complaints.push(format!("{} before these were synced: {unsynced:?}", call.word()));
        }
    }

    fn rely_on_mark(&mut self, call: &Call) {
        self.rely_on_mark_for(&call.word());
    }

    fn rely_on_mark_for(&mut self, what: &str) {
        let durable = self.mark.as_ref().is_some_and(|mark| {
            !self.files.contains(mark) && !self.folders.contains(mark.parent().expect("it is in a folder"))
        });
        if !durable {
            self.complaints.push(format!("{what} before the mark was durable"));
        }
    }

    /// Whether this is neither in the state folder nor one of the folders that lead to it.
    fn outside(&self, path: &Path) -> bool {
        let draft = path.iter().any(|name| name == ".goenv-setup-state~");
        !draft && !path.starts_with(self.state) && !self.state.starts_with(path)
    }
}

#[test]
fn nothing_leans_on_what_a_power_cut_may_take() {
    if !able() {
        return;
    }
    let mut traced = cases();
    traced.extend(cases().into_iter().map(Case::without_exchange));
    if long() {
        traced.extend(more_cases());
    }
    let (mut renames, mut doctored) = (0, 0);
    for case in &traced {
        let stage = Stage::new(*case);
        let home = stage.home.path("");
        let targets: Vec<_> = stage.touched().iter().map(|file| stage.home.path(file)).collect();
        let copies = stage.touched().iter().filter(|file| stage.old.0.contains_key(*file)).count();
        let judge = |calls: &[Call]| check(calls, &home, &targets, copies);
        let (complaints, useful) = judge(&stage.calls);
        assert!(complaints.is_empty(), "{}:\n{}", stage.word(), complaints.join("\n"));
        renames += targets.len();

        // The checker must be able to fail: each sync left out, each name taken at once, the mark made at once.
        let mut wrong: Vec<(String, Vec<Call>)> = Vec::new();
        for n in useful {
            let mut calls = stage.calls.clone();
            wrong.push((format!("without {}", calls.remove(n).word()), calls));
        }
        for (n, call) in stage.calls.iter().enumerate().filter(|(_, call)| call.worked) {
            let named = call.paths.iter().any(|path| targets.contains(path)) && !call.name.ends_with("sync");
            let marks = call.name.starts_with("open") && call.paths.iter().any(|path| path.ends_with("done"));
            let takes = call.name.starts_with("rename") || call.name.starts_with("link");
            if call.changes(&home) && (named && takes || marks) {
                let mut calls = stage.calls.clone();
                let call = calls.remove(n);
                wrong.push((format!("{} at once", call.word()), [&[call][..], &calls].concat()));
            }
        }
        doctored += wrong.len();
        for (what, calls) in wrong {
            assert!(!judge(&calls).0.is_empty(), "{}, {what}: nobody complained", stage.word());
        }
    }
    say(&format!(
        "order of syncs: {} traces with {renames} files in order; {doctored} doctored ones found out",
        traced.len()
    ));
    assert!(doctored > 200, "only {doctored}");
}
