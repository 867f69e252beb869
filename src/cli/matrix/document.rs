//! The matrix as a JSON document.

use std::path::Path;

use serde_json::{Value, json};

use super::Cell;
use super::table::by;
use crate::cli::exit::Exit;
use crate::cli::report::{bytes, head, settings};
use crate::plan::apply::ApplyPlan;
use crate::ui::Ui;

/// Sends it.
pub(super) fn send(ui: &Ui, home: &Path, plan: Option<&ApplyPlan>, cells: &[Cell], exit: Exit) {
    let mut document = head("matrix", exit, if exit == Exit::Done { "as promised" } else { "not as wished" });
    document["cells"] = cells.iter().map(cell).collect();
    document["settings"] = plan.map_or(Value::Null, |plan| settings(&plan.settings));
    document["home"] = bytes(home);
    crate::cli::report::send(ui, &document);
}

/// Says that the user broke off.
pub(super) fn interrupted(ui: &Ui) {
    crate::cli::report::send(ui, &head("matrix", Exit::Interrupted, "interrupted"));
}

fn cell(cell: &Cell) -> Value {
    let Cell { row, verdict, seen, version, took, last_words } = cell;
    let variable = |name| seen.as_ref().and_then(|seen| seen.variable(name)).map(bytes);
    let mut one = json!({
        "shell": row.shell.name(),
        "program": row.program.label,
        "mode": row.mode.name(),
        "words": row.start.words,
        "verdict": verdict.words(),
        "why": verdict.why(),
        "promised": row.promised,
        "go": seen.as_ref().and_then(|seen| seen.go.as_ref()).map(bytes),
        "version": version,
        "goroot": variable("GOROOT"),
        "gopath": variable("GOPATH"),
        "reached_by": by(cell),
        "ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    });
    if !last_words.is_empty() {
        one["stderr"] = json!(last_words);
    }
    one
}
