//! The proof after `apply`: the real shells, started before and after, as a new terminal would start them.
//!
//! Commit first, probe then: undoing is a normal restore. Only a shell that started well before and does not now is a
//! reason for it.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::look;
use crate::facts::{Facts, Snapshot};
use crate::plan::culprit::suspects;
use crate::plan::verdict::{Verdict, judge};
use crate::plan::{Note, Plan, Promise, restore};
use crate::probe::launch::{self, Ended, Launch, Launched, Surroundings};
use crate::probe::report::Seen;
use crate::shells;
use crate::text::show::tilde;
use crate::transaction::{self, Receipt, StateDir};
use crate::ui::Ui;

/// The least time that a shell gets afterwards, however fast it was before.
const LEAST: Duration = Duration::from_secs(5);

/// A promise, and what became of it.
pub(super) struct Proven {
    /// The promise.
    pub(super) promise: Promise,
    /// What became of it.
    pub(super) verdict: Verdict,
    /// What the shell saw, if it told.
    pub(super) seen: Option<Seen>,
    /// Whether the user broke off before it could tell.
    pub(super) stopped: bool,
}

/// The shells as they started before anything was written.
pub(super) struct Before {
    lanes: Vec<Vec<Promise>>,
    launches: Vec<Vec<Launch>>,
    first: Vec<Vec<Launched>>,
    /// Promises of shells that are not installed.
    unknown: Vec<Promise>,
    surroundings: Surroundings,
}

/// The words for the question: what will be started.
pub(super) fn announcement(plan: &Plan) -> String {
    let mut names: Vec<&str> = Vec::new();
    for promise in &plan.promises {
        if !names.contains(&promise.shell) {
            names.push(promise.shell);
        }
    }
    format!(
        "{} will be started before and after, as a new terminal does it, to prove the result (`--no-verify` leaves that out)",
        names.join(", ")
    )
}

impl Before {
    /// Starts each shell in each promised launch mode.
    pub(super) fn look(facts: &Facts, plan: &Plan) -> Self {
        let mut lanes: Vec<Vec<Promise>> = Vec::new();
        let mut launches: Vec<Vec<Launch>> = Vec::new();
        let mut unknown = Vec::new();
        for promise in &plan.promises {
            let Some(launch) = launch_of(facts, promise) else {
                unknown.push(promise.clone());
                continue;
            };
            let of_this_shell = |lane: &Vec<Promise>| lane.iter().any(|other| other.shell == promise.shell);
            let lane = lanes.iter().position(of_this_shell).unwrap_or_else(|| {
                lanes.push(Vec::new());
                launches.push(Vec::new());
                lanes.len() - 1
            });
            lanes[lane].push(promise.clone());
            launches[lane].push(launch);
        }
        let surroundings = facts.new_terminal();
        let first = launch::all(&launches, &surroundings, |_, _| {});
        Self { lanes, launches, first, unknown, surroundings }
    }

    /// Whether the user broke off while they started.
    pub(super) fn stopped(&self) -> bool {
        self.first.iter().flatten().any(|launched| launched.ended == Ended::Stopped)
    }

    /// Starts them again, now that everything is written, and judges. What hung before is not waited for once more.
    pub(super) fn judge(mut self) -> Vec<Proven> {
        for (launch, before) in self.launches.iter_mut().flatten().zip(self.first.iter().flatten()) {
            launch.limit = if before.ended == Ended::TimedOut { Duration::ZERO } else { LEAST.max(before.took * 3) };
        }
        let after = launch::all(&self.launches, &self.surroundings, |_, _| {});
        let befores = self.first.iter().flatten();
        let mut proven: Vec<Proven> = self
            .lanes
            .iter()
            .flatten()
            .zip(befores.zip(after.into_iter().flatten()))
            .map(|(promise, (before, after))| {
                let real_go = promise.go.as_ref().and_then(|bin| fs_err::canonicalize(bin.join("go")).ok());
                let verdict = judge(promise, real_go.as_deref(), &before.ended, &after.ended);
                let stopped = after.ended == Ended::Stopped;
                let seen = if let Ended::Reported(seen) = after.ended { Some(seen) } else { None };
                Proven { promise: promise.clone(), verdict, seen, stopped }
            })
            .collect();
        proven.extend(self.unknown.into_iter().map(|promise| {
            let verdict = Verdict::Unknown(format!("{} is not installed", promise.shell));
            Proven { promise, verdict, seen: None, stopped: false }
        }));
        proven
    }
}

fn launch_of(facts: &Facts, promise: &Promise) -> Option<Launch> {
    let shell = shells::by_name(promise.shell)?;
    let program = *shell.programs().first()?;
    let file = facts.program(program.file)?.to_owned();
    Some(Launch { shell, program, file, start: shell.start(&program, promise.mode)?, limit: launch::LIMIT })
}

/// Says what was proven, and what was not.
pub(super) fn say(ui: &Ui, facts: &Facts, plan: &Plan, proven: &[Proven]) {
    let home = &facts.user.home;
    let good: Vec<&Proven> = proven.iter().filter(|one| one.verdict == Verdict::Proven).collect();
    if let Some(first) = good.first() {
        let names: Vec<String> = good.iter().map(|one| name(&one.promise)).collect();
        let finds = match &first.promise.go {
            Some(bin) => format!("find go at {}", tilde(&bin.join("go"), home)),
            None => "find the folder of installed tools on PATH".to_owned(),
        };
        ui.say(&format!("proven in the real shell: {} {finds}", names.join(", ")));
    }
    for one in proven {
        let name = name(&one.promise);
        match &one.verdict {
            Verdict::Proven => {
                let gopath = one.seen.as_ref().and_then(|seen| seen.variable("GOPATH"));
                if gopath.is_some_and(|gopath| gopath != one.promise.gopath) {
                    ui.note(&Note::note(format!(
                        "`{name}` has a GOPATH from another line of its startup files, which the block leaves"
                    )));
                }
            }
            Verdict::Other(seen) => {
                let why = other(facts, plan, &one.promise, seen);
                ui.note(&Note::warning(format!("`{name}` {why}")));
            }
            Verdict::Unknown(why) => ui.note(&Note::warning(format!("could not prove it in `{name}`: {why}"))),
            Verdict::Broken(words) => {
                let words = last_words(facts, words);
                let words = if words.is_empty() { "it says nothing".to_owned() } else { words.join("; ") };
                ui.error(&format!("`{name}` started before and does not now: {words}"), None);
            }
        }
    }
}

/// What a shell said before it ended, fit to be shown.
pub(super) fn last_words(facts: &Facts, stderr: &[u8]) -> Vec<String> {
    let files: Vec<&[u8]> = facts.files.iter().filter_map(Snapshot::bytes).collect();
    crate::plan::last_words::of(stderr, &files)
}

/// What was seen instead, and which lines may be why.
fn other(facts: &Facts, plan: &Plan, promise: &Promise, seen: &Seen) -> String {
    let home = &facts.user.home;
    let goroot = seen.variable("GOROOT").map(PathBuf::from);
    let what = match (&seen.go, &promise.go, goroot) {
        (None, Some(bin), _) => format!("finds no go, not even {}", tilde(&bin.join("go"), home)),
        (_, None, _) => "does not have the folder of installed tools on PATH".to_owned(),
        (Some(go), Some(bin), _) if *go != bin.join("go") => {
            format!("finds {}, not {}", tilde(go, home), tilde(&bin.join("go"), home))
        }
        (_, _, Some(goroot)) => format!("has GOROOT {}, which is not that of its go", tilde(&goroot, home)),
        _ => "sees another Go".to_owned(),
    };
    let lines = suspects(facts, plan, promise, seen);
    if lines.is_empty() { what } else { format!("{what}; it may be {}", lines.join(", ")) }
}

/// The shell of a promise in its launch mode, as one would start it.
fn name(Promise { shell, mode, .. }: &Promise) -> String {
    let start = shells::by_name(shell).and_then(|shell| shell.start(shell.programs().first()?, *mode));
    format!("{shell} {}", start.map_or(mode.words(), |start| start.words))
}

/// Puts every file of this run back.
pub(super) fn put_back(
    ui: &Ui,
    facts: &Facts,
    state: &StateDir,
    receipt: &Receipt,
) -> Result<(), super::failure::Failure> {
    let past = state.past(receipt);
    let asked: Vec<PathBuf> = receipt.files.iter().map(|file| file.asked.clone()).collect();
    let now = Facts::gather(facts.user.clone(), facts.env.clone(), facts.places.clone(), &asked, &[]);
    let back = restore::plan(&now, &past);
    if let Some(refusal) = back.plan.refused.into_iter().next() {
        return Err(refusal.into());
    }
    let lock = look::lock(ui, state)?;
    look::recover(ui, state, &lock, &facts.places)?;
    #[expect(clippy::disallowed_methods, reason = "the clock is read here, at the edge")]
    let time = SystemTime::now();
    transaction::commit(state, &lock, "restore", &back.plan.edits, time)?;
    Ok(())
}
