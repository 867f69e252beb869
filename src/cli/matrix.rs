//! `matrix`: every shell in every launch mode, started for real, and which Go each finds.

mod document;
mod markdown;
pub(super) mod table;

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::{Format, Matrix};
use super::choices;
use super::exit::Exit;
use super::failure::Failure;
use super::look::Ground;
use crate::facts::{Env, Facts, go};
use crate::interrupt::Interrupts;
use crate::plan::cell::{self, Expected, Looked, Verdict};
use crate::plan::matrix::{self, Asked, Row};
use crate::plan::{Note, Request, apply, last_words};
use crate::probe::launch::{self, Ended, Launch, Launched};
use crate::probe::report::Seen;
use crate::probe::version;
use crate::ui::progress::Progress;
use crate::ui::{Sent, Ui};

/// A row, and what came of it.
struct Cell {
    row: Row,
    verdict: Verdict,
    /// What it saw, if it came so far.
    seen: Option<Seen>,
    /// The version of the go that it found, if that can be told.
    version: Option<String>,
    /// How long it took to start, while the other shells did.
    took: Duration,
    /// What it said before it ended early.
    last_words: Vec<String>,
}

pub(super) fn run(ui: &Ui, env: Env, args: &Matrix) -> Result<Exit, Failure> {
    let ground = Ground::new(env, "matrix")?;
    ground.settle(ui, false)?;
    let (facts, _) = ground.facts(&Request::default());
    let (rows, notes) = matrix::rows(&facts, &asked(args))?;
    let plan = apply::plan(&facts, &Request::default());
    match &plan {
        Ok(plan) => choices::say(ui, plan, &facts.user.home),
        Err(refusal) => ui.note(&Note::note(format!("any go counts as ok: {}", refusal.what))),
    }
    for note in &notes {
        ui.note(note);
    }
    let mut expected = Expected::of(plan.as_ref().ok());
    expected.real_go = expected.go.as_ref().and_then(|go| fs_err::canonicalize(go).ok());
    let Some(cells) = measure(ui, &facts, &rows).and_then(|launched| judged(&facts, rows, launched, &expected)) else {
        ui.say("interrupted");
        document::interrupted(ui);
        return Ok(Exit::Interrupted);
    };
    let bad = |cell: &&Cell| cell.verdict.is_bad_start() || (cell.row.promised && cell.verdict != Verdict::Ok);
    let names: Vec<String> = cells.iter().filter(bad).map(|cell| cell.row.name()).collect();
    let exit = if names.is_empty() { Exit::Done } else { Exit::NotAsWished };
    let home = &facts.user.home;
    let sent = match args.format {
        _ if ui.json() => {
            document::send(ui, home, plan.as_ref().ok(), &cells, exit);
            return Ok(exit);
        }
        Format::Markdown => ui.product(markdown::table(&cells, home).as_bytes()),
        Format::Table | Format::Json => ui.product(table::table(&cells, home, ui.out_colour()).as_bytes()),
    };
    if sent == Sent::Whole && exit == Exit::NotAsWished {
        ui.say(&format!("not as it should be: {}", names.join(", ")));
        ui.say("what the startup files hold: `goenv-setup status`");
    }
    Ok(exit)
}

fn asked(args: &Matrix) -> Asked {
    if args.all_shells {
        Asked::Installed
    } else if args.shell.is_empty() {
        Asked::InUse
    } else {
        Asked::Named(args.shell.clone())
    }
}

/// Starts them all; gives what came of each row, `None` if the user broke off.
fn measure(ui: &Ui, facts: &Facts, rows: &[Row]) -> Option<Vec<Launched>> {
    // Programs that are one executable share its history and dump files, whatever they are called.
    let mut lanes: Vec<(_, Vec<usize>, Vec<Launch>)> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let file = facts.program(row.program.file).unwrap_or(Path::new(row.program.file)).to_owned();
        let key = fs_err::metadata(&file).map(|meta| (meta.dev(), meta.ino())).map_err(|_| file.clone());
        let Row { shell, program, start, .. } = *row;
        let launch = Launch { shell, program, file, start, limit: launch::LIMIT };
        if let Some((_, numbers, lane)) = lanes.iter_mut().find(|(known, ..)| *known == key) {
            numbers.push(number);
            lane.push(launch);
        } else {
            lanes.push((key, vec![number], vec![launch]));
        }
    }
    let (numbers, lanes): (Vec<_>, Vec<_>) = lanes.into_iter().map(|(_, numbers, lane)| (numbers, lane)).unzip();
    let mut progress = Progress::of(ui, "starting shells", rows.len());
    let over = launch::all(&lanes, &facts.new_terminal(), |_, _| progress.step());
    let mut over: Vec<(usize, Launched)> = numbers.into_iter().flatten().zip(over.into_iter().flatten()).collect();
    over.sort_unstable_by_key(|(number, _)| *number);
    let stopped = over.iter().any(|(_, launched)| launched.ended == Ended::Stopped);
    (!stopped).then(|| over.into_iter().map(|(_, launched)| launched).collect())
}

/// Judges each row; `None` if the user broke off.
fn judged(facts: &Facts, rows: Vec<Row>, launched: Vec<Launched>, expected: &Expected) -> Option<Vec<Cell>> {
    let files: Vec<&[u8]> = facts.files.iter().filter_map(|file| file.bytes()).collect();
    let interrupts = Interrupts::catch();
    let mut versions: Vec<(PathBuf, Option<String>)> = Vec::new();
    let mut cells = Vec::new();
    for (row, Launched { ended, took, .. }) in rows.into_iter().zip(launched) {
        let seen = if let Ended::Reported(seen) = &ended { Some(seen) } else { None };
        let looked = seen.map(look).unwrap_or_default();
        let verdict = cell::judge(row.by_file, &ended, expected, &looked, &files);
        let version = seen.and_then(|seen| {
            let written = looked.go.as_ref().and_then(|go| go.version.clone());
            written.as_deref().and_then(cell::version).or_else(|| told(seen, &mut versions, &interrupts))
        });
        if interrupts.came() {
            return None;
        }
        let last_words =
            if let Ended::Silent { stderr, .. } = &ended { last_words::of(stderr, &files) } else { vec![] };
        let seen = seen.cloned();
        cells.push(Cell { row, verdict, seen, version, took, last_words });
    }
    Some(cells)
}

/// What files say of what a start saw.
pub(super) fn look(seen: &Seen) -> Looked {
    let folder = seen.real_go.as_deref().and_then(Path::parent);
    // A shim may be a link to a program that has another name, and another `go` beside it.
    let go = folder.map(go::look).filter(|go| go.real_go == seen.real_go);
    let goroot = seen.variable("GOROOT").map(Path::new).filter(|goroot| goroot.is_absolute());
    Looked { go, goroot: goroot.map(|goroot| go::look(&goroot.join("bin"))) }
}

/// What a `go` says of itself, which is asked once: by the name under which it was found, since one file may be many
/// commands (snap, mise).
fn told(seen: &Seen, known: &mut Vec<(PathBuf, Option<String>)>, interrupts: &Interrupts) -> Option<String> {
    let (go, real_go) = (seen.go.as_deref()?, seen.real_go.as_deref()?);
    if let Some((_, version)) = known.iter().find(|(known, _)| known == real_go) {
        return version.clone();
    }
    let says = version::ask(go, &seen.variables, interrupts.flag());
    let version = says.as_deref().and_then(cell::version);
    known.push((real_go.to_owned(), version.clone()));
    version
}
