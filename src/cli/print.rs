//! `print`: the block alone, to paste or to put into a dotfiles manager.

use super::args::Print;
use super::exit::Exit;
use super::failure::Failure;
use super::look::Ground;
use super::{apply as apply_command, report};
use crate::facts::Env;
use crate::plan::paste;
use crate::ui::Ui;

pub(super) fn run(ui: &Ui, env: Env, args: &Print) -> Result<Exit, Failure> {
    let ground = Ground::new(env, "print")?;
    let mut request = apply_command::request(&args.settings);
    apply_command::follow(args.settings.profile, &mut request)?;
    let (facts, _) = ground.facts(&request);
    let printed = paste::lines(&facts, &request).inspect_err(|_| apply_command::by_hand(ui, &facts, &request))?;
    for note in &printed.notes {
        ui.note(note);
    }
    if ui.json() {
        report::print(ui, &printed);
    } else {
        ui.product(&printed.bytes);
    }
    Ok(Exit::Done)
}
