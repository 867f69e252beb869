//! The life of a variable as a JSON document.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use serde_json::{Value as Json, json};

use super::super::traced::Explained;
use crate::cli::exit::Exit;
use crate::cli::report::{bytes, head};
use crate::facts::Facts;
use crate::plan::life::{Did, Event, Life, OnPath, Source};
use crate::plan::secret;
use crate::plan::trace::{Place, Sure, Value};
use crate::ui::Ui;

/// Sends it.
pub(super) fn send(ui: &Ui, facts: &Facts, told: &Explained, life: &Life, gos: &[OnPath], exit: Exit) {
    let mut document = head("explain", exit, if exit == Exit::Done { "done" } else { "not told" });
    let Explained { program, start, mode, seen, trouble, at, .. } = told;
    document["variable"] = json!(life.variable);
    document["program"] = json!(program.label);
    document["mode"] = json!(mode.name());
    document["words"] = json!(start.words);
    document["shown"] = json!(secret::is_shown(&life.variable));
    document["inherited"] = value(life, &life.inherited);
    document["inherited_set"] = json!(life.inherited.is_some());
    document["changes"] = life.events.iter().map(|event| change(life, event)).collect();
    document["value"] = value(life, &life.last);
    document["set"] = json!(life.last.is_some());
    document["exported"] = json!(life.exported);
    document["trouble"] = json!(trouble);
    document["at"] = at.as_ref().filter(|_| trouble.is_some()).map_or(Json::Null, place);
    if life.variable == "PATH" {
        let go = seen.as_ref().and_then(|seen| seen.go.as_ref());
        document["go"] = json!(go.map(bytes));
        document["gos"] =
            gos.iter().map(|go| json!({"go": bytes(&go.folder.join("go")), "from": source(life, go.source)})).collect();
    }
    document["home"] = bytes(&facts.user.home);
    crate::cli::report::send(ui, &document);
}

/// Says that the user broke off.
pub(super) fn interrupted(ui: &Ui) {
    crate::cli::report::send(ui, &head("explain", Exit::Interrupted, "interrupted"));
}

fn value(life: &Life, value: &Value) -> Json {
    let shown = value.as_ref().filter(|_| secret::is_shown(&life.variable));
    shown.map_or(Json::Null, |value| bytes(OsStr::from_bytes(&secret::without_secrets(&life.variable, value))))
}

fn place(place: &Place) -> Json {
    json!({"file": bytes(&place.file), "line": place.lines.first().filter(|_| place.lines.len() == 1), "lines": place.lines})
}

fn source(life: &Life, source: Source) -> Json {
    match source {
        Source::Inherited => Json::Null,
        Source::Event(number) => life.events[number].place.as_ref().map_or(Json::Null, place),
    }
}

fn change(life: &Life, event: &Event) -> Json {
    let mut one = event.place.as_ref().map_or_else(|| json!({"file": null, "line": null, "lines": []}), place);
    one["block"] = json!(event.ours);
    one["sure"] = json!(event.sure == Sure::Line);
    one["did"] = event.did.iter().map(did).collect();
    one["value"] = value(life, &event.after);
    one["set"] = json!(event.after.is_some());
    one
}

fn did(did: &Did) -> Json {
    let (word, entries) = match did {
        Did::Set => ("set", None),
        Did::Unset => ("unset", None),
        Did::Exported => ("exported", None),
        Did::Prepended(entries) => ("prepended", Some(entries)),
        Did::Appended(entries) => ("appended", Some(entries)),
        Did::Inserted(entries) => ("inserted", Some(entries)),
        Did::Lost(entries) => ("lost", Some(entries)),
        Did::Reordered => ("reordered", None),
        Did::Deduplicated => ("deduplicated", None),
    };
    let entries =
        entries.map(|entries| entries.iter().map(|entry| bytes(OsStr::from_bytes(entry))).collect::<Vec<_>>());
    json!({"what": word, "entries": entries})
}
