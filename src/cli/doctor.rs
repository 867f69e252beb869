//! `doctor`: why Go does not work here, and what to do about it.

mod chains;
mod closer;
mod editors;
mod gocommand;
mod network;
mod report;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::args::Doctor;
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::look::Ground;
use crate::facts::contexts::{self, Contexts};
use crate::facts::{Env, Facts, env_file, module, path, snapshot};
use crate::plan::doctor::scene::{self, Observed, Root, Scene};
use crate::plan::doctor::terminals::{Terminal, terminals};
use crate::plan::doctor::{Finding, Fix, Severity, diagnose, leftovers, patch, writes};
use crate::plan::matrix::{self, Asked, Row};
use crate::plan::{Level, Plan, Request, apply, status};
use crate::probe::launch::{self, Ended, Launch, Launched};
use crate::probe::replay::{self, Replay};
use crate::ui::Ui;
use crate::ui::progress::Progress;

pub(super) fn run(ui: &Ui, env: Env, args: &Doctor) -> Result<Exit, Failure> {
    let ground = match Ground::new(env, "doctor") {
        Ok(ground) => ground,
        // That there is no home to work in is what is wrong here.
        Err(failure) => return Ok(report::no_home(ui, &failure)),
    };
    let (mut facts, _) = ground.facts(&Request::default());
    facts.look_everywhere();
    let asked = match (args.all_shells, args.shell.is_empty()) {
        (true, _) => Asked::Installed,
        (false, true) => Asked::InUse,
        (false, false) => Asked::Named(args.shell.clone()),
    };
    let (mut rows, notes) = matrix::rows(&facts, &asked)?;
    if !args.all_shells {
        only_its_own_name(&mut rows);
    }
    for note in notes.iter().filter(|note| note.level == Level::Warning) {
        ui.note(note);
    }
    let plan = apply::plan(&facts, &Request { shells: args.shell.clone(), ..Request::default() }).ok();
    let terminals = terminals(&facts, &asked);
    // No server has a line of the user's in it.
    let mut asking = network::Asking::new(&facts, !args.offline && !args.patch);
    let mut running = gocommand::Running::new();
    let editors = editors::replays(&facts, &rows);
    let wanted = chains::wanted(&facts, &rows, &terminals);
    let of_chains = wanted.iter().filter_map(|wanted| match &wanted.how {
        chains::How::Run(replay) => Some((**replay).clone()),
        _ => None,
    });
    let replays: Vec<Replay> = editors.iter().map(|(.., replay)| replay.clone()).chain(of_chains).collect();
    // All of it at once: nobody waits longer than for the slowest.
    let stop = running.flag();
    let (starts, mut replayed) = std::thread::scope(|scope| {
        let replayed = scope.spawn(|| replay::all(&replays, &facts.new_terminal(), &stop));
        let starts = start(ui, &facts, rows, &terminals, &mut asking, &mut running);
        (starts, replayed.join().unwrap_or_default())
    });
    // What is on its way when the user breaks off ends now, and takes its folders along.
    let ran = running.finish(starts.as_deref().unwrap_or_default());
    let (Some(starts), Some(ran)) = (starts, ran) else {
        ui.say("interrupted");
        report::interrupted(ui);
        return Ok(Exit::Interrupted);
    };
    let (tools, roots) = (tools(&facts, &starts), roots(&starts));
    let bin = plan.as_ref().and_then(|plan| plan.settings.go.value.bin.as_deref());
    let named = bin.map(|bin| path::entries(bin.as_os_str())).unwrap_or_default();
    let status = status::report(&facts);
    let terminal = starts.iter().find(|start| start.terminal).and_then(|start| start.looked.go.as_ref());
    let defaults = terminal.and_then(|go| go.real_root.as_ref()).and_then(|root| env_file::open(root.join("go.env")));
    let goenvs = starts.iter().filter_map(|start| start.variable("GOENV")).map(PathBuf::from);
    let readable = goenvs.filter(|path| env_file::open(path.clone()).is_some()).collect();
    let found = starts.iter().filter_map(|start| start.looked.go.as_ref()?.real_root.clone());
    let without_defaults = found.filter(|root| !root.join("go.env").is_file()).collect();
    #[expect(clippy::disallowed_methods, reason = "the module that counts is that of the current folder")]
    let module = std::env::current_dir().ok().and_then(|folder| module::of(&folder));
    let of_chains = replayed.split_off(editors.len().min(replayed.len()));
    let chains = chains::chains(&facts, wanted, &starts, of_chains);
    let network = asking.finish(ui);
    let mut scene = Scene {
        facts: &facts,
        plan: plan.as_ref(),
        status: &status,
        starts,
        named,
        tools,
        roots,
        readable,
        without_defaults,
        defaults,
        module,
        network,
        env_file: facts.go.env_file.as_ref().map(|file| snapshot::take(&file.path, &facts.user)),
        gone: leftovers::TOOLS
            .iter()
            .map(|tool| tool.1)
            .filter(|folder| !facts.user.home.join(folder).exists())
            .collect(),
        traced: None,
        sourced: Vec::new(),
        ran,
        chains,
        editors: editors::started(editors, replayed),
        ssh_keys: editors::ssh_keys(&facts.user.home),
        contexts: Contexts::default(),
    };
    scene.contexts = contexts(&scene);
    let findings = diagnose(&scene);
    let looked = if stop.load(Ordering::Relaxed) { None } else { closer::look(ui, &mut scene, findings) };
    let Some(findings) = looked else {
        ui.say("interrupted");
        report::interrupted(ui);
        return Ok(Exit::Interrupted);
    };
    let bad = findings.iter().any(|finding| finding.check.severity > Severity::Info);
    let exit = if bad { Exit::NotAsWished } else { Exit::Done };
    if args.patch && !ui.json() {
        let plan = cut(&scene, &findings);
        ui.product(&diff::bare_patch(&plan, &facts.user));
        if plan.edits.is_empty() {
            ui.say("no line can be shown to be safe to take out");
        } else {
            let folder = diff::folder(&plan, &facts.user);
            let folder = if folder == facts.user.real_home { "~".to_owned() } else { folder.display().to_string() };
            ui.hint(&format!("to apply it: `goenv-setup doctor --patch | patch -p1 -d {folder}`"));
        }
        return Ok(exit);
    }
    report::send(ui, &scene, &findings, exit);
    Ok(exit)
}

/// What files say of the other places where Go is started, and of the Go that is found.
fn contexts(scene: &Scene) -> Contexts {
    let ground = contexts::Ground { facts: scene.facts, tools: &scene.tools, top: Path::new("/") };
    let mut found = contexts::gather(&ground);
    let mut gos: Vec<PathBuf> = scene.seen().filter_map(|start| start.seen()?.real_go.clone()).collect();
    gos.sort();
    gos.dedup();
    found.look_behind(&ground, &gos, &writes::folders(scene));
    found
}

/// Starts every shell in every launch mode at once; `None` if the user broke off.
fn start(
    ui: &Ui,
    facts: &Facts,
    rows: Vec<Row>,
    terminals: &[Terminal],
    asking: &mut network::Asking,
    running: &mut gocommand::Running,
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
fn only_its_own_name(rows: &mut Vec<Row>) {
    let named: Vec<&str> = rows.iter().filter(|row| is_first(row)).map(|row| row.shell.name()).collect();
    rows.retain(|row| is_first(row) || !named.contains(&row.shell.name()));
}

/// Whether it is the shell under its own name.
fn is_first(row: &Row) -> bool {
    row.shell.programs().first().is_some_and(|first| first.label == row.program.label)
}

/// Whether a terminal starts the shell so.
fn is_terminal(row: &Row, terminals: &[Terminal]) -> bool {
    is_first(row) && terminals.contains(&(row.shell.name(), row.mode))
}

fn observe(row: Row, Launched { ended, took, said }: Launched, terminals: &[Terminal]) -> Observed {
    let seen = if let Ended::Reported(seen) = &ended { Some(seen) } else { None };
    let path = seen.and_then(|seen| seen.variable("PATH")).map(path::entries).unwrap_or_default();
    let looked = seen.map(super::matrix::look).unwrap_or_default();
    let terminal = is_terminal(&row, terminals);
    Observed { row, terminal, ended, took, said, path, looked }
}

/// What stands in each folder of installed tools.
fn tools(facts: &Facts, starts: &[Observed]) -> Vec<(PathBuf, Vec<OsString>)> {
    let mut folders: Vec<PathBuf> = vec![facts.user.home.join("go/bin")];
    let stored = |name: &str| facts.go.env_file.as_ref().and_then(|file| file.value(name));
    let gobin = starts.iter().filter_map(|start| start.variable("GOBIN")).chain(stored("GOBIN"));
    folders.extend(gobin.map(PathBuf::from));
    let gopath = starts.iter().filter_map(|start| start.variable("GOPATH")).chain(stored("GOPATH"));
    folders.extend(gopath.flat_map(scene::list).map(|folder| folder.join("bin")));
    folders.sort();
    folders.dedup();
    let programs = |folder: &PathBuf| -> Vec<OsString> {
        let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
        entries.filter(|entry| crate::probe::is_program(&entry.path())).map(|entry| entry.file_name()).collect()
    };
    folders.into_iter().map(|folder| (folder.clone(), programs(&folder))).collect()
}

/// What is where each GOROOT points to.
fn roots(starts: &[Observed]) -> Vec<Root> {
    let mut paths: Vec<PathBuf> =
        starts.iter().filter_map(|start| start.variable("GOROOT")).map(PathBuf::from).collect();
    paths.sort();
    paths.dedup();
    let look = |path: PathBuf| Root {
        is_folder: path.is_dir(),
        is_file: path.is_file(),
        has_tools: path.join("pkg/tool").is_dir(),
        has_library: path.join("src/fmt").is_dir(),
        path,
    };
    paths.into_iter().map(look).collect()
}

/// The edits of every fix that is a patch.
fn cut(scene: &Scene, findings: &[Finding]) -> Plan {
    let cuts = findings.iter().filter_map(|finding| match &finding.case.fix {
        Some(Fix::Patch(cuts)) => Some(cuts),
        _ => None,
    });
    patch::plan(scene, cuts.flatten())
}
