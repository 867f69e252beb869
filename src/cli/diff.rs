//! The diff of a plan: as a patch, and as a view for a person.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::facts::User;
use crate::plan::{After, Edit, Plan};
use crate::text::udiff::{self, Side};
use crate::ui::diffview;

/// The folder in which the patch applies: home, or `/` if a real file lies outside of it.
pub(super) fn folder<'a>(plan: &Plan, user: &'a User) -> &'a Path {
    let inside = plan.edits.iter().all(|edit| edit.target.real.starts_with(&user.real_home));
    if inside { &user.real_home } else { Path::new("/") }
}

/// A patch that `patch -p1` and `git apply` accept in [`folder`].
pub(super) fn patch(plan: &Plan, user: &User) -> Vec<u8> {
    each(plan, user, |out, old, new| out.extend(udiff::patch(old, new)))
}

/// A patch that `patch -p1` accepts, and that shows nothing of the files but the lines that change.
pub(super) fn bare_patch(plan: &Plan, user: &User) -> Vec<u8> {
    each(plan, user, |out, old, new| out.extend(udiff::bare_patch(old, new)))
}

/// The same hunks made safe for a terminal.
pub(super) fn view(plan: &Plan, user: &User, colour: bool) -> Vec<u8> {
    each(plan, user, |out, old, new| diffview::view(out, old, new, colour))
}

fn each(plan: &Plan, user: &User, mut write: impl FnMut(&mut Vec<u8>, &Side, &Side)) -> Vec<u8> {
    let mut out = Vec::new();
    let folder = folder(plan, user);
    for edit in &plan.edits {
        let name = name(edit, folder);
        let name = Some(name.as_os_str().as_bytes());
        let old = Side { name: edit.target.bytes().and(name), bytes: edit.before() };
        let new =
            Side { name: matches!(edit.after, After::Bytes(_)).then_some(name).flatten(), bytes: edit.bytes_after() };
        write(&mut out, &old, &new);
    }
    out
}

/// The real file's name: `patch` and `git apply` refuse to write through a link.
fn name(edit: &Edit, folder: &Path) -> PathBuf {
    let real = &edit.target.real;
    real.strip_prefix(folder)
        .map_or_else(|_| PathBuf::from(OsStr::from_bytes(real.as_os_str().as_bytes())), Path::to_path_buf)
}
