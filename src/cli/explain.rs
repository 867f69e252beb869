//! `explain`: the life of a variable, from what the shell inherited to what its programs see, down to the line.

mod document;
mod lines;

use super::args::Explain;
use super::exit::Exit;
use super::failure::Failure;
use super::look::Ground;
use super::traced::{explain, with_go};
use crate::facts::{Env, Facts};
use crate::plan::life::OnPath;
use crate::plan::{Request, secret, shell_choice};
use crate::probe::trace::LIMIT;
use crate::shells::{LaunchMode, Program, Shell, Start};
use crate::ui::Ui;

pub(super) fn run(ui: &Ui, env: Env, args: &Explain) -> Result<Exit, Failure> {
    let variable = &args.variable;
    if !secret::is_told(variable) {
        return Err(usage(
            format!("cannot explain `{variable}`: it is no variable of Go's, and others may hold secrets"),
            "PATH, HOME, those that begin with GO or CGO_, and those that name a proxy: `goenv-setup explain GOROOT`",
        ));
    }
    let ground = Ground::new(env, "explain")?;
    let (facts, _) = ground.facts(&Request::default());
    let (shell, mode) = choose(&facts, args)?;
    let (program, start) = way(&facts, shell, args.shell.as_deref(), mode)?;
    ui.detail(&format!("starting {} {}", program.label, start.words));
    let told = explain(&facts, (shell, program, start, mode), std::slice::from_ref(variable), LIMIT)?;
    let Some(told) = told else {
        ui.say("interrupted");
        document::interrupted(ui);
        return Ok(Exit::Interrupted);
    };
    let exit = Exit::Done.unless(told.trouble.is_some());
    let Some(life) = told.lives.first() else { return Ok(exit) };
    let gos = if variable == "PATH" { life.on_path(&with_go(life)) } else { Vec::new() };
    let hidden: Vec<&OnPath> = gos.iter().skip(1).collect();
    if ui.json() {
        document::send(ui, &facts, &told, life, &gos, exit);
    } else {
        ui.product(lines::lines(&told, life, &gos, &hidden, &facts.user.home).as_bytes());
    }
    if let Some(trouble) = &told.trouble {
        let at = told.at.as_ref().map(|at| format!(", at {}", lines::place(at, &facts.user.home)));
        ui.error(
            &format!("cannot tell the whole life of {variable}: {trouble}{}", at.unwrap_or_default()),
            Some("start the shell by hand to see what it waits for, or see which others start: `goenv-setup matrix`"),
        );
    }
    Ok(exit)
}

fn usage(what: String, hint: &str) -> Failure {
    Failure { exit: Exit::Usage, what, hint: Some(hint.to_owned()), file: None }
}

/// The shell that was asked for or detected, and how a terminal here starts it.
fn choose(facts: &Facts, args: &Explain) -> Result<(&'static dyn Shell, LaunchMode), Failure> {
    let request = Request { shells: args.shell.iter().cloned().collect(), ..Request::default() };
    let chosen = shell_choice::choose(facts, &request)
        .map_err(|refusal| Failure { exit: Exit::Usage, ..Failure::from(refusal) })?;
    let Some(chosen) = chosen.into_iter().next() else {
        return Err(usage("cannot tell which shell you use".to_owned(), "name it: `goenv-setup explain --shell zsh`"));
    };
    let terminal = if chosen.detected.login { LaunchMode::LoginInteractive } else { LaunchMode::Interactive };
    Ok((chosen.shell, args.mode.unwrap_or(terminal)))
}

/// The program that is the shell, and how it is started in a launch mode.
fn way(
    facts: &Facts,
    shell: &'static dyn Shell,
    asked: Option<&str>,
    mode: LaunchMode,
) -> Result<(Program, Start), Failure> {
    let installed = || shell.programs().iter().filter(|program| facts.program(program.file).is_some());
    let named = installed().find(|program| asked.is_some_and(|asked| program.argv0 == asked));
    let Some(program) = named.or_else(|| installed().next()) else {
        return Err(Failure {
            exit: Exit::NotAsWished,
            what: format!("cannot start {}: not installed", shell.name()),
            hint: Some("for the shells that are here: `goenv-setup matrix --all-shells`".to_owned()),
            file: None,
        });
    };
    let Some(start) = shell.start(program, mode) else {
        let ways = LaunchMode::ALL.into_iter().filter(|mode| shell.start(program, *mode).is_some());
        let ways: Vec<&str> = ways.map(LaunchMode::name).collect();
        return Err(usage(
            format!("cannot start {} as {}: it has no such way", program.label, mode.name()),
            &format!("those that it has are {}", ways.join(", ")),
        ));
    };
    Ok((*program, start))
}
