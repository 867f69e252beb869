//! The plan of `uninstall`: our fence out of every startup file that any shell of ours could have.
//!
//! Wide to clean, narrow to write: also a file that no shell reads now may still hold a block.

use std::path::Path;

use super::{Action, After, Edit, Note, Plan, Refusal, bad_fence, cannot_write};
use crate::facts::{Facts, FileState, Snapshot, snapshot::Unusable};
use crate::shells::{self, Shell};
use crate::text::fence::{self, FenceState};
use crate::text::show::tilde;

/// Plans what `uninstall` does; `only` are the shells that were asked for, none means all.
pub fn plan(facts: &Facts, only: &[&'static dyn Shell]) -> Plan {
    let mut plan = Plan::default();
    let home = &facts.user.home;
    let mut seen: Vec<&Path> = Vec::new();
    for snapshot in &facts.files {
        let readers: Vec<&str> = readers(facts, &snapshot.asked);
        let asked = only.is_empty() || readers.is_empty() || only.iter().any(|shell| readers.contains(&shell.name()));
        if !asked || seen.contains(&snapshot.real.as_path()) {
            continue;
        }
        seen.push(&snapshot.real);
        let snapshot = under_its_own_name(facts, snapshot);
        match edit(snapshot, facts.shell_of(&snapshot.asked), home) {
            Ok(None) => {}
            Ok(Some(edit)) => {
                let others: Vec<&str> = readers
                    .into_iter()
                    .filter(|name| !only.is_empty() && only.iter().all(|shell| shell.name() != *name))
                    .filter(|name| is_installed(facts, name))
                    .collect();
                if !others.is_empty() {
                    plan.notes.push(Note::note(format!(
                        "`{}` is read by {} too, which loses Go with it",
                        tilde(&snapshot.asked, home),
                        others.join(" and ")
                    )));
                }
                plan.edits.push(edit);
            }
            Err(refusal) => plan.refused.push(refusal),
        }
    }
    plan
}

/// The same file under the name that is no link, if a startup file is called so: what we created under that name goes,
/// even though a link leads to it.
pub(super) fn under_its_own_name<'a>(facts: &'a Facts, snapshot: &'a Snapshot) -> &'a Snapshot {
    facts.files.iter().find(|file| file.real == snapshot.real && !file.link).unwrap_or(snapshot)
}

/// The shells that read this file in some launch mode, or for which `--file` named it.
fn readers(facts: &Facts, path: &Path) -> Vec<&'static str> {
    let remembered =
        |shell: &&dyn Shell| facts.remembered.iter().any(|file| file.path == path && file.shell == shell.name());
    let reads = |shell: &&dyn Shell| shell.files(&facts.places).iter().any(|file| file == path) || remembered(shell);
    shells::ALL.iter().filter(|shell| reads(shell)).map(|shell| shell.name()).collect()
}

fn is_installed(facts: &Facts, shell: &str) -> bool {
    let shell = shells::by_name(shell);
    shell.is_some_and(|shell| shell.programs().iter().any(|program| facts.program(program.file).is_some()))
}

/// The edit that takes our blocks out of one file; `None`: there is none.
pub(super) fn edit(snapshot: &Snapshot, shell: &dyn Shell, home: &Path) -> Result<Option<Edit>, Refusal> {
    let bytes = match &snapshot.state {
        FileState::Regular { bytes, .. } => bytes,
        FileState::Unusable(Unusable::Unreadable(_)) => return cannot_write(snapshot, home).map_or(Ok(None), Err),
        FileState::Missing { .. } | FileState::Unusable(_) => return Ok(None),
    };
    let blocks = match fence::find(bytes, shell.comment()) {
        FenceState::Absent => return Ok(None),
        FenceState::Blocks(blocks) => blocks,
        bad => return bad_fence(&bad, snapshot, home).map_or(Ok(None), Err),
    };
    if let Some(refusal) = cannot_write(snapshot, home) {
        return Err(refusal);
    }
    let after = fence::strip(bytes, &blocks);
    let new = blocks.iter().map(|block| block.undo.new).max().unwrap_or(0);
    // A link stays: it is not what we created.
    let (after, action, why) = if new > 0 && after.is_empty() && !snapshot.link {
        (After::Gone { rmdirs: new - 1 }, Action::Delete, "goenv-setup created it and nothing else is in it")
    } else if new > 0 && !after.is_empty() {
        (After::Bytes(after), Action::Remove, "it holds lines of your own now, so the file stays")
    } else {
        (After::Bytes(after), Action::Remove, "it holds the block")
    };
    Ok(Some(Edit {
        target: snapshot.clone(),
        also: Vec::new(),
        shell: shell.name(),
        named: false,
        after,
        mode: None,
        action,
        why: vec![why.to_owned()],
        loses_hand_edits: blocks.iter().any(|block| block.edited),
    }))
}
