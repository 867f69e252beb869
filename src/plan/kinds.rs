//! The kinds of Go installations: where each lies, how its folders are recognised, and what may be kept of them.
//!
//! Invariant: they are data. What differs from kind to kind stands in its file `table`; nothing here knows one by name.

pub mod pattern;
mod table;

use std::path::{Path, PathBuf};

pub use pattern::Landmarks;
pub use table::KINDS;

use crate::shells::Place;

/// What lies above the system's own folder of commands; no Go root, but `go` is in its `bin`.
pub const SYSTEM: &str = "/usr";

/// Whether this folder is the system's own, which holds a `go` in its `bin` at most.
pub fn is_system(root: &Path) -> bool {
    root == Path::new(SYSTEM) || root == Path::new("/")
}

/// One way in which Go gets installed. All folders are those that hold the `go` command, as [`pattern`]s.
#[derive(Debug)]
pub struct Kind {
    /// Its name, for the table and JSON.
    pub name: &'static str,
    /// Files and folders of which one has to be there, or its `places` are of another kind, as patterns without signs;
    /// empty: none has to.
    pub marks: &'static [&'static str],
    /// Where it is looked for, the better place first; of several folders that fit a sign, the newest Go is first.
    pub places: &'static [&'static str],
    /// The Go roots of its places that a portable block tries: those with one name on every machine and after every
    /// upgrade, absolute or below `~`.
    pub portable: &'static [&'static str],
    /// Where it is looked for only to be listed: what lies there is not chosen unless PATH or the user names it.
    pub more: &'static [&'static str],
    /// How else its folders look, and what holds for each.
    pub shapes: &'static [(&'static str, Policy)],
    /// What holds for its places.
    pub policy: Policy,
    /// What the file is called to which its `go` leads, as patterns of one name: where its folder says nothing.
    pub leads_to: &'static [&'static str],
    /// The name of the command.
    pub program: &'static str,
}

/// What a startup file may hold of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The folder as it is.
    Stays,
    /// The folder as it is; what is in it is a front of this other folder.
    SameAs(&'static str),
    /// The next upgrade removes the folder: the stable name, a template.
    Instead(&'static str),
    /// The folder is versioned: the stable name, a template, if it leads to the same Go.
    Rather(&'static str),
    /// It is left to this version manager.
    Manager(&'static str),
    /// It has to be activated, or comes and goes; the reason in words.
    Environment(&'static str),
    /// Nothing, with the reason in words.
    Never(&'static str),
}

/// A folder, recognised.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// Its kind.
    pub kind: &'static Kind,
    /// What holds for it.
    pub policy: Policy,
    /// The folder that the policy's template names.
    pub other: Option<PathBuf>,
}

impl Kind {
    /// A kind with nothing but a name.
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            marks: &[],
            places: &[],
            portable: &[],
            more: &[],
            shapes: &[],
            policy: Policy::Stays,
            leads_to: &[],
            program: "go",
        }
    }

    /// Whether a mark of it is there, if it wants one.
    pub fn is_marked(&self, land: &Landmarks) -> bool {
        self.marks.is_empty() || self.marks.iter().any(|mark| land.marks.contains(mark))
    }

    /// The patterns of its folders with what holds for each, the most telling first.
    fn patterns(&self, marked: bool) -> impl Iterator<Item = (&'static str, Policy)> {
        let places = if marked { self.places } else { &[] };
        let is_exact = |place: &&&'static str| place.split('/').all(pattern::is_plain);
        let exact = places.iter().filter(is_exact);
        let open = places.iter().filter(move |place| !is_exact(place));
        let more = self.more.iter().filter(|_| self.policy != Policy::Stays);
        let plain = |place: &&'static str| (*place, self.policy);
        // `/snap/go/current/bin` before `/snap/go/*/bin`, and that before a place with signs.
        exact.map(plain).chain(self.shapes.iter().copied()).chain(open.chain(more).map(plain))
    }
}

impl Policy {
    /// Which of two kinds that fit one folder wins: a manager may lie in a tool cache, a conda environment in a manager.
    const fn strength(self) -> u8 {
        match self {
            Self::Never(_) => 3,
            Self::Environment(_) => 2,
            Self::Manager(_) => 1,
            Self::Stays | Self::SameAs(_) | Self::Instead(_) | Self::Rather(_) => 0,
        }
    }
}

/// The kind of a folder, by its path alone; `None`: nothing in the table fits, which forbids nothing.
pub fn recognise(bin: &Path, land: &Landmarks) -> Option<Recognised> {
    let mut best: Option<Recognised> = None;
    for kind in KINDS {
        for (pattern, policy) in kind.patterns(kind.is_marked(land)) {
            if best.as_ref().is_some_and(|best| best.policy.strength() >= policy.strength()) {
                continue;
            }
            let Some(fit) = pattern::fit(pattern, bin, land) else { continue };
            let other = match policy {
                Policy::Instead(template) | Policy::Rather(template) | Policy::SameAs(template) => {
                    pattern::fill(template, &fit, land)
                }
                _ => None,
            };
            best = Some(Recognised { kind, policy, other });
        }
    }
    best
}

/// The kind of a `go` by the name of its file, all links resolved, where that says more than its folder.
pub fn of_program(real_go: &Path) -> Option<&'static Kind> {
    let name = real_go.file_name()?;
    KINDS.iter().find(|kind| kind.leads_to.iter().any(|pattern| pattern::fit_part(pattern, name).is_some()))
}

/// Why a `go` may not be kept, whatever leads to it: its file, all links resolved, is of a kind that never is.
pub fn never(real_go: &Path, land: &Landmarks) -> Option<&'static str> {
    let kind = recognise(real_go.parent()?, land)?.kind;
    match kind.policy {
        Policy::Never(why) if real_go.ends_with(kind.program) => Some(why),
        _ => None,
    }
}

/// The variables that the table's patterns begin with, each once.
pub fn variables() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = KINDS
        .iter()
        .flat_map(|kind| {
            let places = kind.places.iter().chain(kind.more).chain(kind.marks).copied();
            places.chain(kind.shapes.iter().map(|shape| shape.0))
        })
        .filter_map(|pattern| pattern.strip_prefix('$')?.split('/').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The Go roots that a portable block tries, in the table's order, which is that of `apply` where PATH has no Go: what
/// was unpacked or installed on purpose, then the system's own. `/usr` is last: every distribution has its `go` in
/// `/usr/bin`, also one that has no folder of a stable name for the rest.
pub fn usual_places() -> Vec<Place> {
    let roots = KINDS.iter().flat_map(|kind| kind.portable).copied().chain([SYSTEM]);
    roots.map(|root| root.strip_prefix("~/").map_or(Place::At(root), Place::InHome)).collect()
}

/// Whether `path` is on a Windows drive as WSL mounts it: `/mnt/c/…`.
pub fn is_windows_drive(path: &Path) -> bool {
    let land = Landmarks { home: Path::new("/nonexistent"), variables: &[], marks: &[] };
    pattern::fit("/mnt/&/**", path, &land).is_some()
}

#[cfg(test)]
mod tests;
