//! Mounts that only the programs of one test see.

use super::{Home, Ran, find};

/// The command that gives its children mounts of their own, if this process may do that.
pub(crate) fn private_mounts(home: &Home) -> Option<&'static [&'static str]> {
    find("unshare")?;
    let ways: [&[&str]; 2] = [&["unshare", "-m"], &["unshare", "-r", "-m"]];
    let works = |way: &&&[&str]| {
        let args = [&way[1..], &["sh", "-c", r#"mount --bind "$TMPDIR" "$TMPDIR""#]].concat();
        Ran::of(&home.command(way[0], &args)).status == 0
    };
    ways.iter().find(works).copied()
}
