//! The plan of `restore`: each file of an earlier run back to what it was before that run.
//!
//! What was saved since then is named and kept, unless the user insists.

use std::path::PathBuf;

use super::{Action, After, Edit, Plan, Refusal, cannot_write};
use crate::facts::{Facts, FileState, Snapshot};
use crate::shells;
use crate::text::fence;
use crate::text::show::tilde;
use crate::transaction::{FileBefore, ReceiptFile};

/// One file of the earlier run.
pub struct Past {
    /// What the receipt says of it.
    pub file: ReceiptFile,
    /// Its content before that run; `None`: there was none, or its backup is not what the receipt says.
    pub content: Option<Vec<u8>>,
}

/// A plan, and the files in which something would be lost.
#[derive(Default)]
pub struct RestorePlan {
    /// What is to be done.
    pub plan: Plan,
    /// The files that were changed after the run that is to be undone.
    pub changed: Vec<PathBuf>,
}

/// Plans the way back.
pub fn plan(facts: &Facts, files: &[Past]) -> RestorePlan {
    let mut restore = RestorePlan::default();
    for past in files {
        let snapshot = facts.file(&past.file.asked);
        match edit(facts, past, &snapshot) {
            Ok(None) => {}
            Ok(Some(edit)) => {
                if snapshot.bytes().is_some_and(|now| !past.file.after.is(now)) {
                    restore.changed.push(snapshot.asked.clone());
                }
                restore.plan.edits.push(edit);
            }
            Err(refusal) => restore.plan.refused.push(refusal),
        }
    }
    restore
}

fn edit(facts: &Facts, past: &Past, snapshot: &Snapshot) -> Result<Option<Edit>, Refusal> {
    let home = &facts.user.home;
    let refuse = |why: &str, hint: &str| {
        let what = format!("cannot restore `{}`: {why}", tilde(&snapshot.asked, home));
        Err(Refusal { file: Some(snapshot.asked.clone()), what, hint: Some(hint.to_owned()) })
    };
    if snapshot.real != past.file.real {
        return refuse("its name leads to another file now", "see where it leads: `ls -l`");
    }
    let now = match &snapshot.state {
        FileState::Missing { .. } => None,
        FileState::Regular { bytes, .. } => Some(bytes.as_slice()),
        FileState::Unusable(_) => return cannot_write(snapshot, home).map_or(Ok(None), Err),
    };
    let (after, action, mode) = match (&past.file.before, &past.content) {
        (FileBefore::Missing { .. }, _) if now.is_none() => return Ok(None),
        (FileBefore::Missing { dirs }, _) => (After::Gone { rmdirs: *dirs }, Action::Delete, None),
        (FileBefore::File { .. }, None) => {
            return refuse("its backup is not what was kept", "see which backups there are: `goenv-setup backups`");
        }
        (FileBefore::File { .. }, Some(content)) if now == Some(content) => return Ok(None),
        (FileBefore::File { mode, .. }, Some(content)) => {
            let action = if now.is_none() { Action::Create } else { Action::Restore };
            (After::Bytes(content.clone()), action, Some(*mode))
        }
    };
    // A receipt can only lead to a startup file, or to one that holds our block and in which nothing else changes.
    let comment = shells::by_name(&past.file.shell).map_or(&b"#"[..], |shell| shell.comment());
    if !facts.places.is_startup_file(&snapshot.asked)
        && !fence::takes_only_our_block_out(
            past.content.as_deref().unwrap_or_default(),
            now.unwrap_or_default(),
            comment,
        )
    {
        return refuse(
            "it is no startup file of this home, and it does not hold our block",
            "to put the block there again: `goenv-setup apply --file PATH`",
        );
    }
    if let Some(refusal) = cannot_write(snapshot, home) {
        return Err(refusal);
    }
    Ok(Some(Edit {
        target: snapshot.clone(),
        also: Vec::new(),
        shell: shells::by_name(&past.file.shell).map_or("sh", |shell| shell.name()),
        named: past.file.named,
        after,
        mode,
        action,
        why: vec!["so it was before".to_owned()],
        loses_hand_edits: false,
    }))
}
