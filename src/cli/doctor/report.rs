//! What `doctor` found, for people and as a JSON document.

mod chains;

use serde_json::{Value, json};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::report::{bytes, head};
use crate::plan::doctor::editors::Started;
use crate::plan::doctor::scene::{Observed, Scene};
use crate::plan::doctor::{Evidence, Finding, Fix, GROUPS, Severity, checks};
use crate::plan::proxy::walk::{Answer, Outlook};
use crate::plan::proxy::{Entry, redacted};
use crate::probe::launch::Ended;
use crate::probe::report::Seen;
use crate::text::show::sanitise;
use crate::ui::Ui;

/// Sends it.
pub(super) fn send(ui: &Ui, scene: &Scene, findings: &[Finding], exit: Exit) {
    if ui.json() {
        let mut document = head("doctor", exit, if exit == Exit::Done { "healthy" } else { "ill" });
        document["findings"] = findings.iter().map(json_finding).collect();
        document["checks"] = GROUPS
            .iter()
            .flat_map(|group| group.checks.iter().map(|check| (group.name, check)))
            .map(|(group, check)| {
                json!({"id": check.id, "group": group, "title": check.title, "severity": check.severity.word()})
            })
            .collect();
        document["network"] = scene.network.iter().map(json_outlook).collect();
        document["editors"] = scene.editors.iter().map(json_editor).collect();
        document["chains"] = chains::json(scene);
        document["starts"] = scene.starts.iter().map(json_start).collect();
        crate::cli::report::send(ui, &document);
        return;
    }
    let mut text = starts(scene);
    text.push_str(&chains::text(scene));
    text.push_str(&network(scene));
    for finding in findings {
        text.push('\n');
        text.push_str(&words(ui, scene, finding));
    }
    let count = |severity: Severity| findings.iter().filter(|finding| finding.check.severity == severity).count();
    let several = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let all = several(checks().count(), "check");
    if findings.is_empty() {
        text.push_str(&format!("\nnothing is wrong: {all}\n"));
    } else {
        text.push_str(&format!("\n{}, {} of {all}\n", several(errors, "error"), several(warnings, "warning")));
    }
    ui.product(text.as_bytes());
}

/// One line for each start: which go it finds; also for those of editors.
fn starts(scene: &Scene) -> String {
    let mut lines: Vec<(String, String)> =
        scene.starts.iter().map(|start| (start.name(), outcome(scene, start))).collect();
    lines.extend(scene.editors.iter().map(|started| (started.name(), told(scene, started))));
    let wide = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for (name, outcome) in lines {
        text.push_str(&format!("{name:wide$}  {outcome}\n"));
    }
    text
}

fn told(scene: &Scene, started: &Started) -> String {
    match &started.replayed.seen {
        _ if !started.is_told() => "gets nothing from the shell".to_owned(),
        Some(Seen { go: Some(go), .. }) => scene.show(go),
        _ => "no go".to_owned(),
    }
}

fn outcome(scene: &Scene, start: &Observed) -> String {
    match &start.ended {
        Ended::Reported(seen) => match &seen.go {
            Some(go) => scene.show(go),
            None if start.row.by_file => "no go".to_owned(),
            None => "no go, and it reads no startup file".to_owned(),
        },
        Ended::TimedOut => "was still starting at the limit".to_owned(),
        Ended::Silent { .. } => "ended early".to_owned(),
        Ended::Stopped => "interrupted".to_owned(),
        Ended::NotStarted(why) => format!("cannot be started: {}", sanitise(why.as_bytes())),
    }
}

/// One line for each server that was asked.
fn network(scene: &Scene) -> String {
    let mut text = String::new();
    for outlook in &scene.network {
        let Ok(list) = &outlook.list else { continue };
        for (entry, answer) in list.entries.iter().zip(&outlook.answers) {
            if let Some(answer) = answer {
                text.push_str(&format!("{}  {}\n", list.name(entry), answer.words()));
            }
        }
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// Of URLs never more than scheme and host.
fn json_outlook(outlook: &Outlook) -> Value {
    let entries = outlook.list.as_ref().map(|list| list.entries.as_slice()).unwrap_or_default();
    let answer = |index: usize| outlook.answers.get(index).and_then(Option::as_ref).map(Answer::words);
    let entry = |(index, entry): (usize, &Entry)| json!({"entry": entry.shown(), "answer": answer(index)});
    json!({
        "starts": outlook.starts,
        "goproxy": redacted(&outlook.settings.proxy.text),
        "set_by": outlook.settings.proxy.origin.words(),
        "works": outlook.works(),
        "entries": entries.iter().enumerate().map(entry).collect::<Vec<_>>(),
        "sumdb": outlook.database.as_ref().map(|(_, answer)| answer.words()),
    })
}

fn words(ui: &Ui, scene: &Scene, finding: &Finding) -> String {
    let (check, case) = (finding.check, &finding.case);
    let head = format!("{} {}:", check.severity.word(), check.id);
    let head = if ui.out_colour() { ui.strong(&head) } else { head };
    let mut text = format!("{head} {}\n", case.what);
    let mut names: Vec<&str> = Vec::new();
    for evidence in &case.evidence {
        match evidence {
            Evidence::Line { file, line, what } => {
                text.push_str(&format!("  line {line} of {} {what}\n", scene.show(file)));
            }
            Evidence::Value { name, value } => text.push_str(&format!("  {name} is `{value}`\n")),
            Evidence::File(file) => text.push_str(&format!("  see {}\n", scene.show(file))),
            Evidence::Start(name) => names.push(name),
        }
    }
    if !names.is_empty() {
        text.push_str(&format!("  seen in: {}\n", names.join(", ")));
    }
    match &case.fix {
        None => {}
        Some(Fix::Command(command)) => text.push_str(&format!("  fix: `{command}`\n")),
        Some(Fix::Advice(advice)) => text.push_str(&format!("  fix: {advice}\n")),
        Some(Fix::Patch(_)) => text.push_str("  fix: `goenv-setup doctor --patch | patch -p1 -d ~`\n"),
    }
    text
}

fn json_start(start: &Observed) -> Value {
    json!({
        "shell": start.row.shell.name(),
        "mode": start.row.mode.name(),
        "words": start.name(),
        "terminal": start.terminal,
        "promised": start.row.promised,
        "go": start.go().map(bytes),
        "ms": u64::try_from(start.took.as_millis()).unwrap_or(u64::MAX),
    })
}

fn json_editor(started: &Started) -> Value {
    let seen = started.replayed.seen.as_ref();
    json!({
        "editor": started.editor.name,
        "shell": started.shell.name(),
        "words": started.name(),
        "told": started.is_told(),
        "go": seen.and_then(|seen| seen.go.as_deref()).map(bytes),
        "limit_ms": u64::try_from(started.editor.limit.as_millis()).unwrap_or(u64::MAX),
        "ms": u64::try_from(started.replayed.took.as_millis()).unwrap_or(u64::MAX),
    })
}

fn json_finding(finding: &Finding) -> Value {
    let (check, case) = (finding.check, &finding.case);
    let evidence = case.evidence.iter().map(|evidence| match evidence {
        Evidence::Line { file, line, what } => json!({"file": bytes(file), "line": line, "what": what}),
        Evidence::Value { name, value } => json!({"variable": name, "value": value}),
        Evidence::Start(name) => json!({"start": name}),
        Evidence::File(file) => json!({"file": bytes(file)}),
    });
    let fix = case.fix.as_ref().map(|fix| match fix {
        Fix::Command(command) => json!({"command": command}),
        Fix::Advice(advice) => json!({"advice": advice}),
        Fix::Patch(cuts) => json!({
            "command": "goenv-setup doctor --patch | patch -p1 -d ~",
            "lines": cuts.iter().map(|cut| json!({"file": bytes(&cut.file), "line": cut.line})).collect::<Vec<_>>(),
        }),
    });
    json!({
        "id": check.id,
        "title": check.title,
        "severity": check.severity.word(),
        "what": case.what,
        "evidence": evidence.collect::<Vec<_>>(),
        "fix": fix,
    })
}

/// Where there is no home to look at: that itself is what is wrong.
pub(super) fn no_home(ui: &Ui, failure: &Failure) -> Exit {
    let hint = failure.hint.as_deref();
    if ui.json() {
        let mut document = head("doctor", Exit::NotAsWished, "ill");
        document["findings"] = json!([{
            "id": "H-01", "title": "no home to look at", "severity": "error", "what": failure.what,
            "evidence": [], "fix": hint.map(|hint| json!({"advice": hint})),
        }]);
        crate::cli::report::send(ui, &document);
    } else {
        let fix = hint.map(|hint| format!("  fix: {hint}\n")).unwrap_or_default();
        ui.product(format!("error H-01: {}\n{fix}", failure.what).as_bytes());
    }
    Exit::NotAsWished
}

/// Says that the user broke off.
pub(super) fn interrupted(ui: &Ui) {
    crate::cli::report::send(ui, &head("doctor", Exit::Interrupted, "interrupted"));
}
