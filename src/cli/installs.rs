//! `installs`: every Go on this machine, which one `apply` would choose, and why.

use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::failure::Failure;
use super::look::Ground;
use super::report;
use crate::facts::Env;
use crate::plan::installs::{self, Install};
use crate::plan::{Level, Note, Request};
use crate::text::show::{sanitise, tilde};
use crate::ui::{Sent, Ui};

/// How wide the table may be before the roots go on lines of their own, in characters.
const WIDTH: usize = 80;

/// How many blanks stand between two columns.
const GAP: usize = 2;

/// How much of a version is shown, in characters: a `VERSION` file may hold anything.
const VERSION_WIDTH: usize = 20;

pub(super) fn run(ui: &Ui, env: Env) -> Result<Exit, Failure> {
    let ground = Ground::new(env, "installs")?;
    let (mut facts, _) = ground.facts(&Request::default());
    facts.look_everywhere();
    let folders = installs::folders_to_look_at(&facts);
    facts.look_at(&folders);
    let survey = installs::survey(&facts);
    let exit = Exit::Done;
    if ui.json() {
        report::installs(ui, &survey, exit);
    } else if !survey.installs.is_empty()
        && ui.product(table(&survey.installs, &facts.user.home).as_bytes()) == Sent::Closed
    {
        return Ok(exit);
    }
    if survey.installs.is_empty() {
        ui.note(&Note::warning("no Go was found on this machine"));
        ui.hint("install it as https://go.dev/doc/install says, then `goenv-setup apply`");
        return Ok(exit);
    }
    for note in survey.notes.iter().filter(|note| note.level == Level::Warning) {
        ui.note(note);
    }
    if let Err(refusal) = &survey.settings {
        ui.refusal(refusal);
    }
    Ok(exit)
}

/// One line for each Go, and one or more with the reason; the one that `apply` would choose is marked.
fn table(installs: &[Install], home: &Path) -> String {
    let head = ["", "KIND", "VERSION", "ARCH", "PATH", "USE", "ROOT"].map(str::to_owned);
    let rows: Vec<[String; 7]> = installs.iter().map(|go| row(go, home)).collect();
    let mut widths = [0; 7];
    for row in rows.iter().chain([&head]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let before_root = widths[..6].iter().map(|width| width + GAP).sum::<usize>();
    let beside = before_root + widths[6] <= WIDTH;
    let mut table = String::new();
    let head = if beside { head } else { ["", "KIND", "VERSION", "ARCH", "PATH", "USE, ROOT", ""].map(str::to_owned) };
    line(&mut table, &head, &widths);
    for (go, mut cells) in installs.iter().zip(rows) {
        let root = if beside { String::new() } else { std::mem::take(&mut cells[6]) };
        line(&mut table, &cells, &widths);
        if !root.is_empty() {
            let indent = before_root - widths[5] - GAP;
            table.push_str(&format!("{:indent$}{root}\n", ""));
        }
        wrap(
            &mut table,
            &format!("{}{}", if go.chosen { "apply chooses it: " } else { "" }, sanitise(go.why.as_bytes())),
        );
    }
    table
}

/// The cells of a row: mark, kind, version, architecture, on PATH, folder to use, root.
fn row(go: &Install, home: &Path) -> [String; 7] {
    let version = sanitise(go.version.as_deref().unwrap_or("-").as_bytes()).replace('\t', " ");
    let shown = |path: Option<&PathBuf>| path.map_or_else(|| "-".to_owned(), |path| tilde(path, home));
    [
        if go.chosen { "*" } else { "" }.to_owned(),
        go.kind.to_owned(),
        if version.chars().count() <= VERSION_WIDTH {
            version
        } else {
            version.chars().take(VERSION_WIDTH - 1).chain(['…']).collect()
        },
        go.program.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string),
        if go.on_path { "yes" } else { "no" }.to_owned(),
        shown(go.stable.as_ref()),
        // What has no root is known by its folder.
        shown(go.root.as_ref().or(Some(&go.bin))),
    ]
}

/// Adds one line of the table, without blanks at its end.
fn line(table: &mut String, cells: &[String], widths: &[usize]) {
    let mut text = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        text.push_str(cell);
        text.push_str(&" ".repeat((width + GAP).saturating_sub(cell.chars().count()).max(1)));
    }
    table.push_str(text.trim_end());
    table.push('\n');
}

/// Adds a sentence, indented, in lines that are as wide as the table may be.
fn wrap(table: &mut String, text: &str) {
    const INDENT: &str = "    ";
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && INDENT.len() + line.chars().count() + 1 + word.chars().count() > WIDTH {
            table.push_str(&format!("{INDENT}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    table.push_str(&format!("{INDENT}{line}\n"));
}
