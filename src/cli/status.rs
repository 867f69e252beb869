//! `status`: which startup files hold the block, and in what state.

use super::exit::Exit;
use super::failure::Failure;
use super::look::Ground;
use super::{choices, report};
use crate::facts::Env;
use crate::plan::Request;
use crate::plan::status::{self, State};
use crate::text::show::tilde;
use crate::ui::{Sent, Ui};

pub(super) fn run(ui: &Ui, env: Env) -> Result<Exit, Failure> {
    let ground = Ground::new(env, "status")?;
    let unfinished = ground.settle(ui, false)?;
    let (facts, _) = ground.facts(&Request::default());
    let found = status::report(&facts);
    let all = !found.rows.is_empty() && found.plan.is_ok() && found.rows.iter().all(|row| row.state == State::InPlace);
    let exit = if all { Exit::Done.unless(unfinished) } else { Exit::NotAsWished };
    let home = &facts.user.home;
    if ui.json() {
        report::status(ui, &facts, &found, exit);
        return Ok(exit);
    }
    let mut table = String::new();
    let names: Vec<String> = found.rows.iter().map(|row| tilde(&row.path, home)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (row, name) in found.rows.iter().zip(&names) {
        let pad = " ".repeat(width - name.chars().count());
        let line = row.line.map(|line| format!(" (line {line})")).unwrap_or_default();
        table.push_str(&format!("{name}{pad}  {}{line}\n", row.state.words()));
    }
    match &found.plan {
        Ok(plan) => choices::say(ui, plan, home),
        Err(refusal) => ui.refusal(refusal),
    }
    if ui.product(table.as_bytes()) == Sent::Closed {
        return Ok(exit);
    }
    for note in &found.notes {
        ui.note(note);
    }
    for row in &found.rows {
        if let Some(problem) = &row.problem {
            ui.refusal(problem);
        }
    }
    if found.plan.is_ok()
        && found.rows.iter().any(|row| matches!(row.state, State::Absent | State::Outdated | State::Doubled))
    {
        ui.say("to put the block in place: `goenv-setup apply`");
    }
    Ok(exit)
}
