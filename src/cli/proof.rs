//! The proof after `apply`: the real shells, started before and after, as a new terminal would start them.
//!
//! Commit first, probe then: undoing is a normal restore. Only a shell that started well before and does not now is a
//! reason for it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::look;
use super::traced::explain;
use crate::facts::{Facts, Snapshot};
use crate::plan::culprit::{Suspect, suspects, traced};
use crate::plan::verdict::{Verdict, judge};
use crate::plan::{Note, Plan, Promise, restore};
use crate::probe::launch::{self, Ended, Launch, Launched, Surroundings};
use crate::probe::report::Seen;
use crate::probe::trace;
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
    /// The lines that are why it saw something else.
    pub(super) lines: Vec<Suspect>,
    /// Whether the shell itself told of these lines; else they only may be why.
    pub(super) traced: bool,
}

impl Proven {
    fn of(promise: Promise, verdict: Verdict, ended: Option<Ended>) -> Self {
        let stopped = ended == Some(Ended::Stopped);
        let seen = if let Some(Ended::Reported(seen)) = ended { Some(seen) } else { None };
        Self { promise, verdict, seen, stopped, lines: Vec::new(), traced: false }
    }
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
        "{} will be started before and after, as a new terminal does it, to prove the result, and once more to find the line if that is not as planned (`--no-verify` leaves it out)",
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
                Proven::of(promise.clone(), verdict, Some(after.ended))
            })
            .collect();
        proven.extend(self.unknown.into_iter().map(|promise| {
            let verdict = Verdict::Unknown(format!("{} is not installed", promise.shell));
            Proven::of(promise, verdict, None)
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
pub(super) fn say(ui: &Ui, facts: &Facts, proven: &[Proven]) {
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
                let what = other(&one.promise, seen, home);
                let lines: Vec<String> = one.lines.iter().map(|line| line.words(home)).collect();
                let why = match (&lines[..], one.traced) {
                    ([], _) => String::new(),
                    (lines, true) => format!("; it is {}", lines.join(", ")),
                    (lines, false) => format!("; it may be {}", lines.join(", ")),
                };
                ui.note(&Note::warning(format!("`{name}` {what}{why}")));
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

/// Says where to look on, if a shell sees something else and no line was found that is why.
pub(super) fn hint(ui: &Ui, proven: &[Proven]) {
    let open = proven.iter().find(|one| matches!(one.verdict, Verdict::Other(_)) && one.lines.is_empty());
    if let Some(Proven { promise: Promise { shell, mode, .. }, .. }) = open {
        let mode = mode.name();
        ui.hint(&format!("what each line does to PATH: `goenv-setup explain PATH --shell {shell} --mode {mode}`"));
    }
}

/// What a shell said before it ended, fit to be shown.
pub(super) fn last_words(facts: &Facts, stderr: &[u8]) -> Vec<String> {
    let files: Vec<&[u8]> = facts.files.iter().filter_map(Snapshot::bytes).collect();
    crate::plan::last_words::of(stderr, &files)
}

/// Looks for the lines that are why a shell saw something else: it is started once more and tells what it runs. Where that
/// tells nothing, those that may be why as far as reading tells.
pub(super) fn look_closer(facts: &Facts, plan: &Plan, proven: &mut [Proven]) {
    let mut lanes: Vec<Vec<&mut Proven>> = Vec::new();
    for one in proven.iter_mut().filter(|one| matches!(one.verdict, Verdict::Other(_))) {
        match lanes.iter_mut().find(|lane| lane.iter().any(|other| other.promise.shell == one.promise.shell)) {
            Some(lane) => lane.push(one),
            None => lanes.push(vec![one]),
        }
    }
    std::thread::scope(|scope| {
        for lane in lanes {
            scope.spawn(move || lane.into_iter().for_each(|one| name_lines(facts, plan, one)));
        }
    });
}

fn name_lines(facts: &Facts, plan: &Plan, one: &mut Proven) {
    let Some(seen) = &one.seen else { return };
    let variables = ["PATH", "GOROOT"].map(str::to_owned);
    let told = launch_of(facts, &one.promise).and_then(|Launch { shell, program, start, .. }| {
        explain(facts, (shell, program, start, one.promise.mode), &variables, trace::LIMIT).ok().flatten()
    });
    if let Some(told) = told {
        one.lines = traced(facts, plan, &one.promise, seen, (&told.lives, &told.ends));
    }
    one.traced = !one.lines.is_empty();
    if !one.traced {
        one.lines = suspects(facts, plan, &one.promise, seen);
    }
}

/// What was seen instead.
fn other(promise: &Promise, seen: &Seen, home: &Path) -> String {
    let goroot = seen.variable("GOROOT").map(PathBuf::from);
    match (&seen.go, &promise.go, goroot) {
        (None, Some(bin), _) => format!("finds no go, not even {}", tilde(&bin.join("go"), home)),
        (_, None, _) => "does not have the folder of installed tools on PATH".to_owned(),
        (Some(go), Some(bin), _) if *go != bin.join("go") => {
            format!("finds {}, not {}", tilde(go, home), tilde(&bin.join("go"), home))
        }
        (_, _, Some(goroot)) => format!("has GOROOT {}, which is not that of its go", tilde(&goroot, home)),
        _ => "sees another Go".to_owned(),
    }
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
