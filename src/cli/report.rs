//! `--json`: one document on standard output, with `"schema": 1` and the exit code that the run ends with.
//!
//! Bytes are text where they are UTF-8, else `{"base64": …}`. Of users' files only our own lines are shown: their
//! other lines may hold secrets.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use serde_json::{Value, json};

use super::carry_out::{Came, Outcome};
use super::exit::Exit;
use super::failure::Failure;
use super::proof::Proven;
use crate::facts::Facts;
use crate::plan::apply::ApplyPlan;
use crate::plan::coverage::{Coverage, Way};
use crate::plan::installs::Survey;
use crate::plan::paste::Lines;
use crate::plan::restore::RestorePlan;
use crate::plan::status::Report;
use crate::plan::verdict::Verdict;
use crate::plan::{Edit, Level, Note, Plan, Refusal, Settings};
use crate::shells::Shell;
use crate::text::fence;
use crate::text::json_bytes::JsonBytes;
use crate::transaction::{Receipt, Receipts, StateDir};
use crate::ui::Ui;

pub(super) fn apply(ui: &Ui, facts: &Facts, state: &StateDir, planned: &ApplyPlan, outcome: &Outcome) {
    let mut document = plan("apply", facts, state, &planned.plan, outcome);
    document["shells"] = planned
        .shells
        .iter()
        .map(|chosen| {
            json!({
                "name": chosen.shell.name(),
                "login": chosen.detected.login,
                "from": chosen.detected.from,
                "reach": chosen.reach.value.name(),
            })
        })
        .collect();
    let stands = !matches!(outcome.came, Came::Refused | Came::PutBack);
    document["profile"] = json!(planned.profile.map(|profile| profile.name));
    document["coverage"] = planned.coverage.iter().filter(|_| stands).map(coverage).collect();
    document["proof"] = outcome.proven.iter().map(|one| proven(facts, one)).collect();
    document["settings"] = settings(&planned.settings);
    document["promises"] = planned
        .plan
        .promises
        .iter()
        .map(|promise| {
            json!({
                "shell": promise.shell,
                "mode": promise.mode.name(),
                "go": promise.go.as_ref().map(bytes),
                "goroot": promise.goroot.as_ref().map(bytes),
                "gopath": bytes(&promise.gopath),
                "gobin": promise.gobin.as_ref().map(bytes),
            })
        })
        .collect();
    document["this_terminal"] = json!(super::choices::this_terminal(facts, planned).filter(|_| stands));
    send(ui, &document);
}

pub(super) fn uninstall(ui: &Ui, facts: &Facts, state: &StateDir, planned: &Plan, outcome: &Outcome) {
    send(ui, &plan("uninstall", facts, state, planned, outcome));
}

pub(super) fn status(ui: &Ui, facts: &Facts, report: &Report, exit: Exit) {
    let mut document = head("status", exit, if exit == Exit::Done { "in place" } else { "not as wished" });
    document["files"] = report
        .rows
        .iter()
        .map(|row| {
            json!({
                "file": bytes(&row.path),
                "state": row.state.words(),
                "line": row.line,
                "problem": row.problem.as_ref().map(refusal),
            })
        })
        .collect();
    match &report.plan {
        Ok(plan) => {
            document["settings"] = settings(&plan.settings);
            document["shells"] = plan
                .shells
                .iter()
                .map(|chosen| json!({"name": chosen.shell.name(), "login": chosen.detected.login, "from": chosen.detected.from}))
                .collect();
        }
        Err(refused) => document["refused"] = json!([refusal(refused)]),
    }
    document["home"] = bytes(&facts.user.home);
    document["notes"] = notes(&report.notes);
    send(ui, &document);
}

pub(super) fn installs(ui: &Ui, survey: &Survey, exit: Exit) {
    let mut document = head("installs", exit, "done");
    document["installs"] = survey
        .installs
        .iter()
        .map(|go| {
            json!({
                "kind": go.kind,
                "root": go.root.as_ref().map(bytes),
                "bin": bytes(&go.bin),
                "stable": go.stable.as_ref().map(bytes),
                "version": go.version,
                "arch": go.program.as_ref().map(ToString::to_string),
                "on_path": go.on_path,
                "chosen": go.chosen,
                "why": go.why,
            })
        })
        .collect();
    match &survey.settings {
        Ok(chosen) => document["settings"] = settings(chosen),
        Err(refused) => document["refused"] = json!([refusal(refused)]),
    }
    document["notes"] = notes(&survey.notes);
    send(ui, &document);
}

pub(super) fn backups(ui: &Ui, state: &StateDir, receipts: &Receipts, exit: Exit) {
    let mut document = head("backups", exit, "done");
    document["backups"] = receipts
        .list
        .iter()
        .map(|receipt| {
            json!({
                "id": receipt.id,
                "time": receipt.time,
                "command": receipt.command,
                "state": receipt.state(),
                "folder": bytes(&state.backup_folder(&receipt.id)),
                "files": receipt.files.iter().map(|file| bytes(&file.asked)).collect::<Vec<_>>(),
            })
        })
        .collect();
    document["left_out"] = json!(receipts.left_out);
    send(ui, &document);
}

pub(super) fn restore(
    ui: &Ui,
    facts: &Facts,
    state: &StateDir,
    receipt: &Receipt,
    restore: &RestorePlan,
    outcome: &Outcome,
) {
    let mut document = plan("restore", facts, state, &restore.plan, outcome);
    document["restored"] = json!(receipt.id);
    document["changed_since"] = restore.changed.iter().map(bytes).collect();
    send(ui, &document);
}

pub(super) fn print(ui: &Ui, lines: &Lines) {
    let mut document = head("print", Exit::Done, "done");
    document["shell"] = json!(lines.shell.name());
    document["block"] = json!(JsonBytes(lines.bytes.clone()));
    document["notes"] = notes(&lines.notes);
    send(ui, &document);
}

pub(super) fn failure(ui: &Ui, command: &str, failure: &Failure) {
    let result = match failure.exit {
        Exit::Refused => "refused",
        Exit::Failed => "failed",
        _ => "not done",
    };
    let mut document = head(command, failure.exit, result);
    document["refused"] =
        json!([{"file": failure.file.as_ref().map(bytes), "message": failure.what, "hint": failure.hint}]);
    send(ui, &document);
}

pub(super) fn head(command: &str, exit: Exit, result: &str) -> Value {
    json!({"schema": 1, "command": command, "exit": exit.code(), "result": result})
}

fn plan(command: &str, facts: &Facts, state: &StateDir, plan: &Plan, outcome: &Outcome) -> Value {
    let mut document = head(command, outcome.exit, outcome.came.word());
    document["edits"] = plan.edits.iter().map(|one| edit(facts, one)).collect();
    document["refused"] = plan.refused.iter().map(refusal).collect();
    document["notes"] = notes(&plan.notes);
    document["backup"] = json!(outcome.backup(state).as_ref().map(bytes));
    document
}

fn edit(facts: &Facts, edit: &Edit) -> Value {
    let shell = facts.shell_of(&edit.target.asked);
    json!({
        "file": bytes(&edit.target.asked),
        "real": bytes(&edit.target.real),
        "action": edit.action.word(),
        "why": edit.why,
        "edited_by_hand": edit.loses_hand_edits,
        "before": block(shell, edit.before()),
        "after": block(shell, edit.bytes_after()),
    })
}

fn coverage(coverage: &Coverage) -> Value {
    let names = |ways: &[Way]| ways.iter().map(|way| way.mode.name()).collect::<Vec<_>>();
    let wider = coverage.wider.iter().map(|(way, reach)| json!({"mode": way.mode.name(), "reach": reach.name()}));
    json!({
        "shell": coverage.shell,
        "covered": names(&coverage.covered),
        "not_covered": wider.collect::<Vec<_>>(),
        "unreachable": names(&coverage.unreachable),
    })
}

fn proven(facts: &Facts, proven: &Proven) -> Value {
    let seen = proven.seen.as_ref().map(|seen| {
        json!({
            "go": seen.go.as_ref().map(bytes),
            "goroot": seen.variable("GOROOT").map(bytes),
        })
    });
    let why = match &proven.verdict {
        Verdict::Unknown(why) => Some(why.clone()),
        Verdict::Broken(stderr) => Some(super::proof::last_words(facts, stderr).join("\n")),
        Verdict::Proven | Verdict::Other(_) => None,
    };
    let lines = proven.lines.iter().map(|one| json!({"file": bytes(&one.file), "line": one.line, "what": one.what}));
    json!({
        "shell": proven.promise.shell,
        "mode": proven.promise.mode.name(),
        "verdict": proven.verdict.word(),
        "seen": seen,
        "why": why,
        "lines": lines.collect::<Vec<_>>(),
        "traced": proven.traced,
    })
}

/// Our own lines in a file, fence included; `null` if there are none.
fn block(shell: &dyn Shell, file: &[u8]) -> Value {
    let found = fence::find(file, shell.comment());
    let first = found.blocks().first();
    json!(first.map(|block| json!({"line": block.line, "text": JsonBytes(file[block.outer.clone()].to_vec())})))
}

pub(super) fn settings(settings: &Settings) -> Value {
    let go = &settings.go.value;
    json!({
        "go": {
            "bin": go.bin.as_ref().map(bytes),
            "version": go.version.as_ref().map(ToString::to_string),
            "present": go.present,
            "manager": go.manager,
            "loads": go.loads.as_ref().map(bytes),
            "from": settings.go.from.word(),
        },
        "goroot": go.goroot.as_ref().map(bytes),
        "gopath": {"value": bytes(&settings.gopath.value), "from": settings.gopath.from.word()},
        "gobin": settings.gobin.as_ref().map(|gobin| json!({"value": bytes(&gobin.value), "from": gobin.from.word()})),
        "portable": settings.portable.is_some(),
    })
}

pub(super) fn refusal(refusal: &Refusal) -> Value {
    json!({"file": refusal.file.as_ref().map(bytes), "message": refusal.what, "hint": refusal.hint})
}

fn notes(notes: &[Note]) -> Value {
    let level = |note: &Note| if note.level == Level::Warning { "warning" } else { "note" };
    notes.iter().map(|note| json!({"level": level(note), "text": note.text})).collect()
}

pub(super) fn bytes(text: &(impl AsRef<OsStr> + ?Sized)) -> Value {
    json!(JsonBytes(text.as_ref().as_bytes().to_vec()))
}

/// Adds what was said on the way (recovery, an interrupted run) and sends the document.
pub(super) fn send(ui: &Ui, document: &Value) {
    if ui.json() {
        let mut document = document.clone();
        let Value::Array(mut all) = notes(&ui.said()) else { return };
        for note in document["notes"].as_array().into_iter().flatten() {
            if !all.contains(note) {
                all.push(note.clone());
            }
        }
        document["notes"] = Value::Array(all);
        ui.product(format!("{document:#}\n").as_bytes());
    }
}
