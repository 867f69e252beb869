//! `backups`: what was changed when, and what can be taken back.

use super::exit::Exit;
use super::failure::Failure;
use super::look::Ground;
use super::report;
use crate::facts::Env;
use crate::text::show::tilde;
use crate::ui::Ui;

pub(super) fn run(ui: &Ui, env: Env) -> Result<Exit, Failure> {
    let ground = Ground::new(env, "backups")?;
    let unfinished = ground.settle(ui, false)?;
    let exit = Exit::Done.unless(unfinished);
    let receipts = ground.state.receipts()?;
    if ui.json() {
        report::backups(ui, &ground.state, &receipts, exit);
        return Ok(exit);
    }
    if receipts.list.is_empty() {
        ui.say("there are no backups");
        return Ok(exit);
    }
    let home = &ground.user.home;
    let width = receipts.list.iter().map(|receipt| receipt.id.len()).max().unwrap_or(0);
    let mut table = String::new();
    for receipt in &receipts.list {
        let files: Vec<String> = receipt.files.iter().map(|file| tilde(&file.asked, home)).collect();
        let (id, time, command) = (&receipt.id, &receipt.time, &receipt.command);
        table.push_str(&format!("{id:width$}  {time}  {command:9}  {:11}  {}\n", receipt.state(), files.join(" ")));
    }
    ui.product(table.as_bytes());
    ui.say("to take one back: `goenv-setup restore ID`");
    Ok(exit)
}
