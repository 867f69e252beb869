//! Starts the user's shell as editors do that are started from the desktop.
//!
//! With what a session hands to everything on the desktop, and the PATH that a system begins with: the least that such an
//! editor has, so that what it finds is what the startup files bring. Unlike in a terminal there is no TERM, and no TMUX
//! that would keep startup files from starting tmux: whether they do is what is asked.

use std::path::{Path, PathBuf};

use crate::facts::go::beginning;
use crate::facts::{Facts, Platform};
use crate::plan::doctor::editors::{EDITORS, Editor, Here, Started};
use crate::plan::matrix::Row;
use crate::probe::is_program;
use crate::probe::replay::{Replay, Replayed, Takes};
use crate::shells::{self, Shell};

/// The shell that editors start, if it is one of those that are looked at; and each editor with its command line.
pub(super) fn replays(facts: &Facts, rows: &[Row]) -> Vec<(&'static Editor, &'static dyn Shell, Replay)> {
    let login = [facts.env.shell.as_deref(), facts.user.passwd_shell.as_deref()];
    let Some(program) = login.into_iter().flatten().find(|shell| shell.is_absolute() && is_program(shell)) else {
        return Vec::new();
    };
    let name = program.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let as_ksh = || facts.kshs.iter().find(|(path, _)| path == program).map(|(_, shell)| *shell);
    let Some(shell) = shells::by_name(as_ksh().unwrap_or(name)) else { return Vec::new() };
    if rows.iter().all(|row| row.shell.name() != shell.name()) {
        return Vec::new();
    }
    let around = facts.new_terminal();
    let mut env = around.env;
    env.retain(|(name, _)| name != "TERM" && name != "TMUX");
    let replay = |editor: &'static Editor| {
        let way = (editor.way)(shell.name());
        let mut env = env.clone();
        env.extend(editor.variables.iter().map(|(name, value)| (name.into(), value.into())));
        let replay = Replay {
            program: program.to_owned(),
            argv0: way.argv0,
            args: way.args.iter().map(Into::into).collect(),
            takes: Takes::Line(shell),
            env,
            tmux: true,
            folder: around.folder.clone(),
            limit: editor.limit,
        };
        (editor, shell, replay)
    };
    let starts = |editor: &&Editor| is_here(editor.here, facts) && !editor.not.contains(&shell.name());
    EDITORS.iter().filter(starts).map(replay).collect()
}

fn is_here(here: Here, facts: &Facts) -> bool {
    // Joining an absolute path gives that path.
    let any = |signs: &[&str]| signs.iter().any(|sign| facts.user.home.join(sign).exists());
    match here {
        Here::Everywhere => true,
        Here::MacOs => facts.platform == Platform::MacOs,
        Here::Signs(signs) => any(signs),
        Here::Container(signs) => any(&["/.dockerenv", "/run/.containerenv"]) && any(signs),
    }
}

/// Each editor with what came of it.
pub(super) fn started(
    replays: Vec<(&'static Editor, &'static dyn Shell, Replay)>,
    over: Vec<Replayed>,
) -> Vec<Started> {
    let one = |((editor, shell, _), replayed)| Started { editor, shell, replayed };
    replays.into_iter().zip(over).map(one).collect()
}

/// The file with the keys of those who may come over ssh, if it holds any.
pub(super) fn ssh_keys(home: &Path) -> Option<PathBuf> {
    let file = home.join(".ssh/authorized_keys");
    let bytes = beginning(&file, 64 * 1024)?;
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.any(|line| !line.is_empty() && !line.starts_with(b"#")).then_some(file)
}
