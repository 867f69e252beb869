//! By which root a Go is named on a command line, so that `apply` chooses that very Go.
//!
//! Invariant: nothing is guessed: each root is put to [`settings::choose`], as `--goroot` would, and is named only if
//! that Go comes out.

use std::path::{Path, PathBuf};

use super::super::request::Request;
use super::super::settings::{self, Ground};
use super::super::{Level, Note};
use crate::facts::GoDir;

/// The root to name a Go by, given all the folders that lead to it and the one that a block would carry: the one of which
/// `apply` has least to warn, and of those one that is a Go root itself.
pub(super) fn root(group: &[&GoDir], stable: Option<&Path>, ground: &Ground) -> Option<PathBuf> {
    let bins = stable.into_iter().chain(group.iter().map(|dir| dir.bin.as_path()));
    let roots = bins.filter(|bin| bin.ends_with("bin")).filter_map(Path::parent);
    let told = roots.filter_map(|root| Some((drawbacks(root, group, ground)?, root)));
    told.min_by_key(|(drawbacks, _)| *drawbacks).map(|(_, root)| root.to_path_buf())
}

/// How many warnings `apply --goroot` gives, and whether it exports no GOROOT; `None`: it does not choose this Go.
fn drawbacks(root: &Path, group: &[&GoDir], ground: &Ground) -> Option<(usize, bool)> {
    let request = Request { goroot: Some(root.to_path_buf()), ..Request::default() };
    let mut notes: Vec<Note> = Vec::new();
    let go = settings::choose(&Ground { request: &request, ..*ground }, &mut notes).ok()?.go.value;
    let bin = go.bin.filter(|_| go.present)?;
    let warnings = notes.iter().filter(|note| note.level == Level::Warning).count();
    group.iter().any(|dir| dir.bin == bin).then_some((warnings, go.goroot.is_none()))
}
