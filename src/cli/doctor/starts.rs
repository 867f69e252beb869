//! Everything that is started: the shells in every launch mode, the login shell as editors start it, launch chains, `go`
//! itself, and what is asked of module proxies. All of it at once, so that nobody waits longer than for the slowest.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::gocommand::Running;
use super::network::Asking;
use super::{chains, editors};
use crate::facts::{Facts, path};
use crate::plan::doctor::chains::Chain;
use crate::plan::doctor::editors::Started;
use crate::plan::doctor::scene::Observed;
use crate::plan::doctor::terminals::{Terminal, is_terminal};
use crate::plan::matrix::Row;
use crate::plan::proxy::walk::Outlook;
use crate::probe::gocommand::Ran;
use crate::probe::launch::{self, Ended, Launch, Launched};
use crate::probe::replay::{self, Replay};
use crate::probe::report::Seen;
use crate::ui::Ui;
use crate::ui::progress::Progress;

/// What came of it.
pub(super) struct Heard {
    /// Every start of a shell.
    pub(super) starts: Vec<Observed>,
    /// Every `go` that was run.
    pub(super) ran: Vec<Ran>,
    /// The shell as editors start it.
    pub(super) editors: Vec<Started>,
    /// The launch chains.
    pub(super) chains: Vec<Chain>,
    /// What module proxies said.
    pub(super) network: Vec<Outlook>,
    /// Set when the user breaks off.
    pub(super) stop: Arc<AtomicBool>,
}

/// Starts it; `None` if the user broke off.
pub(super) fn all(ui: &Ui, facts: &Facts, rows: Vec<Row>, terminals: &[Terminal], online: bool) -> Option<Heard> {
    let mut asking = Asking::new(facts, online);
    let mut running = Running::new();
    let of_editors = editors::replays(facts, &rows);
    let wanted = chains::wanted(facts, &rows, terminals);
    let of_chains = wanted.iter().filter_map(|wanted| match &wanted.how {
        chains::How::Run(replay) => Some((**replay).clone()),
        _ => None,
    });
    let replays: Vec<Replay> = of_editors.iter().map(|(.., replay)| replay.clone()).chain(of_chains).collect();
    let stop = running.flag();
    let (starts, mut replayed) = std::thread::scope(|scope| {
        let replayed = scope.spawn(|| replay::all(&replays, &facts.new_terminal(), &stop));
        let starts = shells(ui, facts, rows, terminals, &mut asking, &mut running);
        (starts, replayed.join().unwrap_or_default())
    });
    // What is on its way when the user breaks off ends now, and takes its folders along.
    let ran = running.finish(starts.as_deref().unwrap_or_default());
    let (starts, ran) = (starts?, ran?);
    let of_chains = replayed.split_off(of_editors.len().min(replayed.len()));
    let chains = chains::chains(facts, wanted, &starts, of_chains);
    let editors = editors::started(of_editors, replayed);
    Some(Heard { starts, ran, editors, chains, network: asking.finish(ui), stop })
}

/// Starts every shell in every launch mode; `None` if the user broke off.
fn shells(
    ui: &Ui,
    facts: &Facts,
    rows: Vec<Row>,
    terminals: &[Terminal],
    asking: &mut Asking,
    running: &mut Running,
) -> Option<Vec<Observed>> {
    let lanes: Vec<Vec<Launch>> = rows
        .iter()
        .map(|row| {
            let file = facts.program(row.program.file).unwrap_or(Path::new(row.program.file)).to_owned();
            let Row { shell, program, start, .. } = *row;
            vec![Launch { shell, program, file, start, limit: launch::LIMIT }]
        })
        .collect();
    let mut progress = Progress::of(ui, "starting shells", rows.len());
    let stop = running.flag();
    let over = launch::all_until(&lanes, &facts.new_terminal(), &stop, |launch, launched| {
        let same = |row: &&Row| row.program.label == launch.program.label && row.start.words == launch.start.words;
        let terminal = rows.iter().find(same).filter(|row| is_terminal(row, terminals));
        if let (Some(row), Ended::Reported(seen)) = (terminal, &launched.ended) {
            asking.terminal(&row.name(), seen);
            running.terminal(seen);
        }
        progress.step();
    });
    drop(progress);
    let observed =
        rows.into_iter().zip(over.into_iter().flatten()).map(|(row, launched)| observe(row, launched, terminals));
    let observed: Vec<Observed> = observed.collect();
    (!observed.iter().any(|start| start.ended == Ended::Stopped)).then_some(observed)
}

/// Leaves out `bash as sh` and the like, which nobody's terminal starts, where the shell is there under its own name.
pub(super) fn only_its_own_name(rows: &mut Vec<Row>) {
    let named: Vec<&str> = rows.iter().filter(|row| row.is_by_own_name()).map(|row| row.shell.name()).collect();
    rows.retain(|row| row.is_by_own_name() || !named.contains(&row.shell.name()));
}

/// Whether a `go` is found once a tilde at the beginning of an entry of PATH is the home. Source: bash(1), "Tilde
/// Expansion" is done on PATH when a command is looked for, but not in POSIX mode.
fn finds_by_tilde(seen: &Seen) -> bool {
    let (Some(path), Some(home)) = (seen.variable("PATH"), seen.variable("HOME")) else { return false };
    let in_home = |entry: path::Entry| Some(Path::new(home).join(Path::new(&entry.text).strip_prefix("~").ok()?));
    let mut folders = path::entries(path).into_iter().filter_map(in_home);
    folders.any(|folder| path::entries(folder.as_os_str()).iter().any(|entry| entry.go == path::GoFile::Runs))
}

fn observe(row: Row, Launched { ended, took, said }: Launched, terminals: &[Terminal]) -> Observed {
    let seen = if let Ended::Reported(seen) = &ended { Some(seen) } else { None };
    let path = seen.and_then(|seen| seen.variable("PATH")).map(path::entries).unwrap_or_default();
    let looked = seen.map(crate::cli::matrix::look).unwrap_or_default();
    let terminal = is_terminal(&row, terminals);
    let by_tilde = row.shell.name() == "bash" && seen.is_some_and(finds_by_tilde);
    Observed { row, terminal, ended, took, said, path, by_tilde, looked }
}
