//! Several Gos and nobody who has chosen yet: a menu where somebody can be asked, else a note.

use super::args;
use super::exit::Exit;
use super::failure::Failure;
use crate::facts::Facts;
use crate::plan::apply::{self, ApplyPlan};
use crate::plan::{Request, menu};
use crate::ui::Ui;
use crate::ui::menu::{Picked, fits, pick};

/// The plan for the Go that was picked; `Err` within: the user picked none, and that is all.
pub(super) fn choose(
    ui: &Ui,
    facts: &Facts,
    request: &mut Request,
    manner: &args::Manner,
    mut planned: ApplyPlan,
) -> Result<Result<ApplyPlan, Exit>, Failure> {
    if !planned.plan.refused.is_empty() {
        return Ok(Ok(planned));
    }
    let choices = menu::choices(facts, request);
    let args::Manner { dry_run, check, yes, json, .. } = *manner;
    let asks = ui.can_ask() && fits() && !(dry_run || check || yes || json || ui.quiet());
    if choices.is_empty() || !asks {
        planned.plan.notes.extend(menu::note(&choices));
        return Ok(Ok(planned));
    }
    let lines: Vec<String> = choices.iter().map(|choice| choice.line.clone()).collect();
    let picked = pick("Which Go (arrow keys and Enter)", &lines).map_err(|error| Failure {
        exit: Exit::Failed,
        what: format!("cannot ask which Go: {}", crate::facts::words(&error)),
        hint: Some("choose it with `goenv-setup apply --goroot DIR`".to_owned()),
        file: None,
    })?;
    match picked {
        Picked::Line(line) => {
            request.picked = choices.get(line).and_then(|choice| choice.bin.clone());
            if request.picked.is_some() { Ok(Ok(apply::plan(facts, request)?)) } else { Ok(Ok(planned)) }
        }
        Picked::None => {
            ui.say("nothing was changed");
            Ok(Err(Exit::NotAsWished))
        }
        Picked::Interrupted => Ok(Err(Exit::Interrupted)),
    }
}
