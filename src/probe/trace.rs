//! Starts a shell in a launch mode as [`super::launch`] does, and has it tell what it runs.
//!
//! What it tells holds the user's own lines and values: it goes into a private file that is gone afterwards, and no part
//! of it is ever shown.

use std::ffi::OsString;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::launch::{Ended, Launch, Surroundings, ended, prepare, reporting};
use super::{Log, run};
use crate::interrupt::Interrupts;
use crate::shells::{Prompt, Shell, Tracing};

/// How long a shell may take that tells what it runs: longer than one that does not.
pub const LIMIT: Duration = Duration::from_secs(15);

/// More than a shell tells at its start, however much it loads.
const MOST: u64 = 256 << 20;

/// The descriptor that bash is given for what it tells, so that a startup file which sends standard error away does not
/// send this away too. Higher than those that people use.
const DESCRIPTOR: u8 = 187;

/// Reads the file that `BASH_ENV` names, if it does.
const NAMED: &[u8] = b"[ -z \"${BASH_ENV-}\" ] || . \"$BASH_ENV\"\n";

/// What a shell told.
#[derive(Debug)]
pub struct Traced {
    /// How it ended.
    pub ended: Ended,
    /// All that it told, as far as it came.
    pub log: Vec<u8>,
    /// What stands behind each field of a prompt.
    pub token: String,
}

/// Starts it. `variables`: whose values stand in the prompt; `reads`: the startup files of this launch mode in their
/// order, for a shell that is made to read them by a command.
pub fn trace(launch: &Launch, variables: &[String], reads: &[PathBuf], around: &Surroundings) -> Traced {
    let token = format!("goenv-{:016x}", RandomState::new().hash_one(0));
    let missing = around.missing();
    let mut log = Vec::new();
    let tracing = launch.shell.tracing();
    let words = |error: std::io::Error| Ended::NotStarted(error.to_string());
    let mut ended = try_trace(launch, &tracing, variables, reads, around, &token, &mut log).unwrap_or_else(words);
    if let Tracing::Prompt(prompt) = tracing
        && !prompt.sources
        && launch.program.argv0 == "sh"
        && matches!(ended, Ended::Reported(_) | Ended::Silent { .. })
        && !log.windows(token.len()).any(|window| window == token.as_bytes())
    {
        // bash called sh is like that, for root: it is made to read its startup files by commands.
        log.clear();
        let by_command = Tracing::Prompt(Prompt { sources: true, args: &[], ..prompt });
        let mut launch = launch.clone();
        launch.start.dash = false;
        launch.start.args = if launch.start.args.contains(&"-i") { &["-i", "-c"] } else { &["-c"] };
        ended = try_trace(&launch, &by_command, variables, reads, around, &token, &mut log).unwrap_or_else(words);
    }
    for folder in missing {
        // One that is not empty is somebody's by now.
        let _ = fs_err::remove_dir(folder);
    }
    Traced { ended, log, token }
}

fn try_trace(
    launch: &Launch,
    tracing: &Tracing,
    variables: &[String],
    reads: &[PathBuf],
    around: &Surroundings,
    token: &str,
    log: &mut Vec<u8>,
) -> std::io::Result<Ended> {
    let interrupts = Interrupts::catch();
    let scratch = super::scratch()?;
    let answer = scratch.path().join("report");
    let mut launch = launch.clone();
    let mut command = reporting(launch.shell, &answer)?;
    let mut args: Vec<&str> = Vec::new();
    let mut variable = None;
    let mut output_too = false;
    match *tracing {
        Tracing::Prompt(prompt) => {
            args.extend(prompt.args);
            let text = prompt.render(token, variables);
            if prompt.sources {
                let name = prompt.variable;
                // A shell that is called sh would read the file that ENV names once more.
                variable = launch.start.env.is_empty().then(|| (OsString::from("ENV"), OsString::new()));
                // What is called sh may be another shell.
                let apart = format!("exec {DESCRIPTOR}>&2; BASH_XTRACEFD={DESCRIPTOR}");
                let begin = format!("[ -z \"${{BASH_VERSION-}}\" ] || {{ {apart}; }}; {name}=").into_bytes();
                let text = launch.shell.quote(text.as_bytes());
                // bash reads what `BASH_ENV` names by then, where nobody types.
                let logs_in = launch.program.argv0 == "bash" && launch.start.args.contains(&"-l");
                let named: &[u8] = if logs_in && !launch.start.args.contains(&"-i") { NAMED } else { b"" };
                let files = sourcing(launch.shell, reads);
                command = [&begin[..], &text, b"; set -x\n", &files, named, &command].concat();
            } else {
                variable = Some((OsString::from(prompt.variable), OsString::from(text)));
            }
        }
        Tracing::Nested => variable = Some(("fish_trace".into(), "1".into())),
        Tracing::Echo { logs_in } => {
            args.push("-VX");
            output_too = true;
            if launch.start.dash && !logs_in {
                launch.start.dash = false;
                args.push("-f");
                command = [sourcing(launch.shell, reads), command].concat();
            }
        }
    }
    let mut shell = prepare(&launch, around, &command);
    shell.args.splice(0..0, args.iter().map(OsString::from));
    shell.env.extend(variable);
    let mut file = tempfile::tempfile_in(scratch.path())?;
    shell.log = Some(Log { file: file.try_clone()?, output_too, most: MOST });
    shell.stop = Some(interrupts.flag());
    let outcome = run(&shell);
    file.rewind()?;
    file.take(MOST).read_to_end(log)?;
    Ok(ended(&answer, outcome))
}

/// The lines that have a shell read its startup files, as it would by itself.
fn sourcing(shell: &dyn Shell, reads: &[PathBuf]) -> Vec<u8> {
    let there = reads.iter().filter(|file| is_there(file));
    // Not from the home on, whose name a startup file may change.
    there.flat_map(|file| [shell.source(file, Path::new("/")), b"\n".to_vec()].concat()).collect()
}

fn is_there(file: &Path) -> bool {
    fs_err::metadata(file).is_ok_and(|meta| meta.is_file())
}
