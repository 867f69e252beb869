//! A home held in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use goenv_setup::facts::snapshot::Unusable;
use goenv_setup::facts::{Facts, FileState, Meta, Remembered, Snapshot};
use goenv_setup::plan::{After, Plan};
use goenv_setup::shells::{self, Places};

use super::machine::{self, HOME, Step};
use super::text::Choices;

/// The files and folders of a home, and what a machine keeps beside them.
#[derive(Clone, Debug)]
pub(super) struct World {
    /// Every regular file by its real name.
    pub(super) files: BTreeMap<PathBuf, Vec<u8>>,
    /// Every folder.
    dirs: BTreeSet<PathBuf>,
    /// Links to files, by their own name.
    links: BTreeMap<PathBuf, PathBuf>,
    zdotdir: PathBuf,
    /// The files of earlier runs, as the receipts tell them.
    remembered: Vec<Remembered>,
}

impl PartialEq for World {
    /// What stands on the disk; the receipts are ours.
    fn eq(&self, other: &Self) -> bool {
        (&self.files, &self.dirs, &self.links) == (&other.files, &other.dirs, &other.links)
    }
}

const NAMES: &[&str] = &[
    ".zshrc",
    ".zprofile",
    ".bashrc",
    ".profile",
    ".bash_profile",
    ".zshenv",
    ".bash_login",
    ".zlogin",
    ".config/shell/go.sh",
];

impl World {
    /// A home whose files are made by `text`; some are missing, links to others, links to nothing, or folders.
    pub(super) fn new(c: &mut Choices, text: fn(&mut Choices) -> Vec<u8>) -> Self {
        let home = PathBuf::from(HOME);
        let zdotdir = home.join(c.pick(&["", "", ".zsh", ".config/zsh"])).components().collect();
        let mut world = Self {
            files: BTreeMap::new(),
            dirs: home.ancestors().map(Path::to_path_buf).collect(),
            links: BTreeMap::new(),
            zdotdir,
            remembered: Vec::new(),
        };
        if c.one_in(4) {
            world.make_dirs(&home.join(c.pick(&[".config", ".zsh", ".config/zsh", ".config/shell"])));
        }
        for _ in 0..c.below(5) {
            let name = c.pick(NAMES);
            let folder = if name.starts_with(".z") && !c.one_in(4) { &world.zdotdir } else { &home };
            let path = folder.join(name);
            if world.is_there(&path) {
                continue;
            }
            if let Some(above) = path.parent() {
                world.make_dirs(above);
            }
            match c.below(12) {
                10 => {
                    let target = home.join(c.pick(&["dotfiles/rc", ".zshrc", ".bashrc", ".profile", "gone"]));
                    if target == home.join("dotfiles/rc") && !world.is_there(&target) {
                        world.make_dirs(&home.join("dotfiles"));
                        let text = text(c);
                        world.files.insert(target.clone(), text);
                    }
                    if !world.links.contains_key(&target) && target != path {
                        world.links.insert(path, target);
                    }
                }
                11 if c.one_in(4) => world.make_dirs(&path),
                _ => {
                    let text = text(c);
                    world.files.insert(path, text);
                }
            }
        }
        world
    }

    fn is_there(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.dirs.contains(path) || self.links.contains_key(path)
    }

    fn make_dirs(&mut self, folder: &Path) {
        self.dirs.extend(folder.ancestors().map(Path::to_path_buf));
    }

    /// A file to write to, which is made if it is not there, with the folders above it.
    pub(super) fn file_mut(&mut self, path: &Path) -> &mut Vec<u8> {
        if let Some(above) = path.parent() {
            self.make_dirs(above);
        }
        self.files.entry(path.to_path_buf()).or_default()
    }

    /// What the program would find before it plans this step.
    pub(super) fn facts(&self, step: &Step) -> Facts {
        let places = Places {
            zdotdir: self.zdotdir.clone(),
            zshenv_folder: self.zdotdir.clone(),
            ..Places::plain(Path::new(HOME))
        };
        let own: Vec<PathBuf> = shells::ALL.iter().flat_map(|shell| shell.files(&places)).collect();
        let mut names: Vec<&PathBuf> = Vec::new();
        for name in own.iter().chain(&step.request.files).chain(self.remembered.iter().map(|file| &file.path)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let files = names.into_iter().map(|name| self.snapshot(name)).collect();
        let remembered =
            self.remembered.iter().filter(|file| file.named || !own.contains(&file.path)).cloned().collect();
        machine::facts(step, places, files, remembered)
    }

    fn snapshot(&self, asked: &Path) -> Snapshot {
        let link = self.links.get(asked);
        let real = link.map_or(asked, PathBuf::as_path);
        let state = if let Some(bytes) = self.files.get(real) {
            FileState::Regular { bytes: bytes.clone(), meta: meta(bytes.len()) }
        } else if self.dirs.contains(real) {
            FileState::Unusable(Unusable::Directory)
        } else if let Some(target) = link {
            FileState::Unusable(Unusable::Dangling { target: target.clone() })
        } else {
            let missing = real.ancestors().skip(1).take_while(|above| !self.dirs.contains(*above)).count();
            FileState::Missing { dirs: u8::try_from(missing).expect("a few folders") }
        };
        let real = if let FileState::Unusable(_) = state { asked } else { real };
        let (asked, real) = (asked.to_path_buf(), real.to_path_buf());
        Snapshot { asked, real, state, obstacle: None, keeper: None, link: link.is_some(), stale: false }
    }

    /// Does what the plan says.
    pub(super) fn carry_out(&mut self, plan: &Plan) {
        let mut seen = BTreeSet::new();
        for edit in &plan.edits {
            let real = &edit.target.real;
            assert!(seen.insert(real), "two edits of {}", real.display());
            assert_eq!(self.files.get(real).map(Vec::as_slice), edit.target.bytes(), "{}", real.display());
            assert_ne!(
                self.files.get(real).map(Vec::as_slice),
                Some(edit.bytes_after()).filter(|_| matches!(edit.after, After::Bytes(_))),
                "an edit that changes nothing"
            );
            match &edit.after {
                After::Bytes(bytes) => self.file_mut(real).clone_from(bytes),
                After::Gone { rmdirs } => {
                    self.files.remove(real);
                    for above in real.ancestors().skip(1).take(usize::from(*rmdirs)) {
                        if !self.is_empty(above) {
                            break;
                        }
                        self.dirs.remove(above);
                    }
                }
            }
            let path = edit.target.asked.clone();
            self.remembered.retain(|file| file.path != path || file.shell != edit.shell);
            self.remembered.push(Remembered { path, shell: edit.shell.to_owned(), named: edit.named });
        }
    }

    fn is_empty(&self, folder: &Path) -> bool {
        let inside = |path: &PathBuf| path.parent() == Some(folder);
        !self.files.keys().any(inside) && !self.dirs.iter().any(inside) && !self.links.keys().any(inside)
    }

    /// What is not the same in `other`, in words.
    pub(super) fn difference(&self, other: &Self) -> String {
        let names: BTreeSet<_> = self.files.keys().chain(other.files.keys()).collect();
        let show = |bytes: Option<&Vec<u8>>| bytes.map(|bytes| bytes.escape_ascii().to_string());
        let files = names.into_iter().filter(|name| self.files.get(*name) != other.files.get(*name)).map(|name| {
            format!("{}:\n{:?}\nbecame\n{:?}", name.display(), show(self.files.get(name)), show(other.files.get(name)))
        });
        let dirs = self.dirs.symmetric_difference(&other.dirs).map(|dir| format!("folder {}", dir.display()));
        files.chain(dirs).collect::<Vec<_>>().join("\n")
    }
}

fn meta(size: usize) -> Meta {
    let size = size as u64;
    Meta { dev: 1, ino: 2, mode: 0o644, uid: 1000, gid: 1000, nlink: 1, size, mtime: 0, ctime: 0 }
}
