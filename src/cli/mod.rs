//! The command line: one file a command, orchestration only. The only place where an error becomes a message and an
//! exit code.

pub mod args;
pub mod exit;

mod apply;
mod backups;
mod carry_out;
mod choices;
mod diff;
mod doctor;
mod explain;
mod failure;
mod installs;
mod look;
mod matrix;
mod menu;
mod print;
mod proof;
mod report;
mod restore;
mod status;
mod traced;
mod uninstall;

use std::ffi::OsString;
use std::sync::Arc;

use clap::Parser;

use args::{Apply, Cli, Command, Format, Uninstall};
use exit::Exit;

use crate::facts::Env;
use crate::probe;
use crate::ui::Ui;

/// Runs the program with these arguments, the program's own name first.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|word| word == probe::TRAMPOLINE) {
        let error = probe::become_in_new_session(args.into_iter().skip(2));
        return if error.kind() == std::io::ErrorKind::NotFound { Exit::Usage } else { Exit::Failed };
    }
    if let [_, word, file, called @ ..] = &args[..]
        && word == probe::report::REPORTER
    {
        return if probe::report::write(file.as_ref(), called).is_ok() { Exit::Done } else { Exit::Failed };
    }
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody is left to tell when the stream is closed.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    // A limit on the size of files is an error to be told and rolled back, not a reason to die without a word.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    scratch();
    let env = Env::gather();
    let ui = Ui::new(cli.color, cli.quiet, cli.verbose, cli.command.json(), &env);
    let (name, ended) = match &cli.command {
        Command::Apply(args) => ("apply", apply::run(&ui, env, args)),
        Command::Uninstall(args) => ("uninstall", uninstall::run(&ui, env, args)),
        Command::Status(_) => ("status", status::run(&ui, env)),
        Command::Matrix(args) => ("matrix", matrix::run(&ui, env, args)),
        Command::Doctor(args) => ("doctor", doctor::run(&ui, env, args)),
        Command::Explain(args) => ("explain", explain::run(&ui, env, args)),
        Command::Installs(_) => ("installs", installs::run(&ui, env)),
        Command::Print(args) => ("print", print::run(&ui, env, args)),
        Command::Backups(_) => ("backups", backups::run(&ui, env)),
        Command::Restore(args) => ("restore", restore::run(&ui, env, args)),
    };
    let exit = ended.unwrap_or_else(|mut failure| {
        // The core does not know which command asks it.
        failure.hint =
            failure.hint.map(|hint| hint.replace("goenv-setup apply --shell", &format!("goenv-setup {name} --shell")));
        ui.error(&failure.what, failure.hint.as_deref());
        if ui.json() {
            report::failure(&ui, name, &failure);
        }
        failure.exit
    });
    // The product is what these commands are for; `apply --yes` has done its work all the same.
    if ui.lost_output() && exit == Exit::Done && !cli.command.writes() { Exit::Failed } else { exit }
}

/// Where a session's TMPDIR is gone (an old tmux, a job's own folder), shells are started and judged all the same.
fn scratch() {
    if !std::env::temp_dir().is_dir() {
        // It is the first one to say.
        let _ = tempfile::env::override_temp_dir(std::path::Path::new("/tmp"));
    }
}

impl Command {
    /// Whether it changes files, if all goes well.
    fn writes(&self) -> bool {
        match self {
            Self::Apply(Apply { manner, .. }) | Self::Uninstall(Uninstall { manner, .. }) => {
                !manner.dry_run && !manner.check
            }
            Self::Restore(args) => !args.dry_run,
            Self::Status(_)
            | Self::Matrix(_)
            | Self::Doctor(_)
            | Self::Explain(_)
            | Self::Installs(_)
            | Self::Print(_)
            | Self::Backups(_) => false,
        }
    }

    fn json(&self) -> bool {
        match self {
            Self::Apply(args) => args.manner.json,
            Self::Uninstall(args) => args.manner.json,
            Self::Status(args) | Self::Installs(args) | Self::Backups(args) => args.json,
            Self::Matrix(args) => args.json || args.format == Format::Json,
            Self::Doctor(args) => args.json,
            Self::Explain(args) => args.json,
            Self::Print(args) => args.json,
            Self::Restore(args) => args.json,
        }
    }
}
