//! Which shells a plan is for, and how far each reaches: those asked for, else the one that was detected.

use std::path::{Path, PathBuf};

use super::Refusal;
use super::detect::{Detected, detect};
use super::files::occupied;
use super::request::{Request, Setting, Source};
use crate::facts::{Facts, Snapshot};
use crate::shells::{self, Look, Reach, Shell};
use crate::text::fence;

/// A shell of the plan, and how it was found.
pub struct Chosen {
    /// The shell.
    pub shell: &'static dyn Shell,
    /// How it was found, and whether its terminals are login shells.
    pub detected: Detected,
    /// Which launch modes the plan promises.
    pub reach: Setting<Reach>,
}

/// The shells of a request; each only once.
pub fn choose(facts: &Facts, request: &Request) -> Result<Vec<Chosen>, Refusal> {
    let mut chosen: Vec<Chosen> = Vec::new();
    if request.all_shells {
        for detected in in_use(facts) {
            // A login shell that we do not know is no reason to leave the others out.
            if let Some(shell) = shells::by_name(&detected.name) {
                add(facts, request, shell, detected, &mut chosen);
            }
        }
        if chosen.is_empty() {
            return Err(unknown("cannot tell which shells you use"));
        }
        level(facts, request, &mut chosen);
        return Ok(chosen);
    }
    let asked: Vec<Option<&str>> = match &request.shells[..] {
        [] => vec![None],
        shells => shells.iter().map(|shell| Some(shell.as_str())).collect(),
    };
    for asked in asked {
        let Some(detected) = find(facts, asked) else {
            return Err(unknown("cannot tell which shell you use"));
        };
        let Some(shell) = shells::by_name(&detected.name) else {
            // Which command it is for is not known here.
            let tried = match asked {
                Some(name) => format!("cannot use `--shell {name}`"),
                None => format!("cannot set up `{}` ({})", detected.name, detected.from),
            };
            return Err(unknown(&format!("{tried}: it is not a shell that we know")));
        };
        add(facts, request, shell, detected, &mut chosen);
    }
    level(facts, request, &mut chosen);
    Ok(chosen)
}

/// Shells that share a file share its block, and so what the block remembers.
fn level(facts: &Facts, request: &Request, chosen: &mut [Chosen]) {
    let files_of = |one: &Chosen| {
        let mut files = targets_of_any_reach(facts, one.shell, one.detected.login);
        files.extend(named(facts, request, one.shell));
        files
    };
    let files: Vec<Vec<PathBuf>> = chosen.iter().map(files_of).collect();
    // Each round widens somebody, and nothing is wider than everything.
    for _ in 0..chosen.len() * Reach::ALL.len() {
        for one in 0..chosen.len() {
            for other in 0..chosen.len() {
                let shared = files[one].iter().any(|file| files[other].contains(file));
                if shared && chosen[one].reach.value < chosen[other].reach.value {
                    chosen[one].reach = chosen[other].reach.clone();
                }
            }
        }
    }
}

/// The real files that a shell has a use for in any reach.
fn targets_of_any_reach(facts: &Facts, shell: &dyn Shell, login: bool) -> Vec<PathBuf> {
    let occupied = |path: &Path| occupied(facts, path);
    let looks = Reach::ALL.map(|reach| Look { places: &facts.places, login, reach, occupied: &occupied });
    let targets = looks.iter().flat_map(|look| shell.targets(look).files);
    targets.map(|target| facts.file(&target.path).real).collect()
}

fn add(facts: &Facts, request: &Request, shell: &'static dyn Shell, detected: Detected, chosen: &mut Vec<Chosen>) {
    if chosen.iter().all(|other| other.shell.name() != shell.name()) {
        let reach = reach(facts, request, shell, detected.login);
        chosen.push(Chosen { shell, detected, reach });
    }
}

fn find(facts: &Facts, asked: Option<&str>) -> Option<Detected> {
    let Facts { parents, env, user, platform, kshs, .. } = facts;
    detect(asked, parents, env.shell.as_deref(), user.passwd_shell.as_deref(), *platform, kshs)
}

/// The shells that this user uses: the one that runs, the login shell, and each that is installed and has a startup file
/// of its own.
fn in_use(facts: &Facts) -> Vec<Detected> {
    let Facts { env, user, platform, kshs, .. } = facts;
    let login = detect(None, &[], env.shell.as_deref(), user.passwd_shell.as_deref(), *platform, kshs);
    let installed = |shell: &dyn Shell| shell.programs().iter().any(|program| facts.program(program.file).is_some());
    let others = shells::ALL.iter().filter(|shell| installed(**shell) && facts.in_use.contains(&shell.name()));
    let others = others.filter_map(|shell| find(facts, Some(shell.name())));
    find(facts, None).into_iter().chain(login).chain(others).collect()
}

/// The shells that run or log in here and that we do not know, where those in use were asked for: they get no block.
pub fn left_out(facts: &Facts, request: &Request) -> Vec<Detected> {
    let mut found: Vec<Detected> = Vec::new();
    for detected in in_use(facts).into_iter().filter(|_| request.all_shells) {
        if shells::by_name(&detected.name).is_none() && found.iter().all(|known| known.name != detected.name) {
            found.push(detected);
        }
    }
    found
}

/// How far the blocks reach: the flag, else what the shell's own blocks remember, first those where blocks belong now,
/// else those of other shells.
fn reach(facts: &Facts, request: &Request, shell: &dyn Shell, login: bool) -> Setting<Reach> {
    if let Some(value) = request.reach {
        let profiles = request.profile.is_some_and(|profile| profile.reach == Some(value));
        return Setting { value, from: if profiles { Source::Profile } else { Source::Flag } };
    }
    let named = named(facts, request, shell);
    let targets = targets_of_any_reach(facts, shell, login);
    let own: Vec<PathBuf> = shell.files(&facts.places).iter().map(|path| facts.file(path).real).collect();
    let all: Vec<PathBuf> = facts.files.iter().map(|file| file.real.clone()).collect();
    for files in [named, targets, own, all] {
        let blocks = facts.files.iter().filter(|file| files.contains(&file.real));
        if let Some(value) = blocks.filter_map(|file| remembered(facts, file)).max() {
            return Setting { value, from: Source::Block };
        }
    }
    Setting { value: Reach::default(), from: Source::Default }
}

/// The real files that `--file` names for a shell, now or in an earlier run.
fn named(facts: &Facts, request: &Request, shell: &dyn Shell) -> Vec<PathBuf> {
    let named = facts.remembered.iter().filter(|file| file.named && file.shell == shell.name());
    named.map(|file| &file.path).chain(&request.files).map(|path| facts.file(path).real).collect()
}

fn remembered(facts: &Facts, file: &Snapshot) -> Option<Reach> {
    let shell = facts.shell_of(&file.asked);
    let bytes = file.bytes()?;
    let found = fence::find(bytes, shell.comment());
    let blocks = found.blocks().iter().filter(|block| !block.edited);
    blocks.map(|block| shell.carried(&bytes[block.body.clone()], &facts.user.home).reach).max()
}

fn unknown(what: &str) -> Refusal {
    let names: Vec<&str> = shells::ALL.iter().map(|shell| shell.name()).collect();
    let all = shells::ALL.iter().flat_map(|shell| shell.names()).copied();
    let others: Vec<&str> = all.filter(|name| !names.contains(name)).collect();
    Refusal {
        file: None,
        what: format!("{what}; supported are {} (also as {})", names.join(", "), others.join(", ")),
        hint: Some(format!("name one with `goenv-setup apply --shell {}`", names.first().unwrap_or(&"sh"))),
    }
}
