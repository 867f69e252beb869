//! Every Go on this machine, each once, and which one `apply` would choose, and why.
//!
//! Invariant: the choice is that of [`settings::choose`]; nothing here decides.

mod naming;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::binary::Program;
use super::kinds::{self, Landmarks, Recognised};
use super::request::{Request, Source};
use super::settings::runs::Misfit;
use super::settings::{self, Ground, Settings};
use super::stable::{self, Keep};
use super::{Note, Refusal, apply, files, shell_choice};
use crate::facts::{Facts, GoDir};
use crate::shells::{Carried, posix};

/// The name of what no kind of the table fits.
pub const OTHER: &str = "other";

/// One Go, under all the names that lead to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    /// Its kind.
    pub kind: &'static str,
    /// Its Go root with links resolved; `None` for a shim.
    pub root: Option<PathBuf>,
    /// The folder with its command, as it was found first.
    pub bin: PathBuf,
    /// The folder that a block would carry; `None`: none would.
    pub stable: Option<PathBuf>,
    /// The root by which `--goroot` chooses it; `None`: there is none.
    pub named_by: Option<PathBuf>,
    /// Whether it runs here, as far as its files tell.
    pub runs: bool,
    /// The first line of its `VERSION`.
    pub version: Option<String>,
    /// What it is built for.
    pub program: Option<Program>,
    /// Whether one of its folders is on PATH.
    pub on_path: bool,
    /// Whether `apply` would choose it.
    pub chosen: bool,
    /// Why, or why not.
    pub why: String,
}

/// What there is, and what `apply` says to it.
pub struct Survey {
    /// Every Go: in the order of PATH, then of preference.
    pub installs: Vec<Install>,
    /// What `apply` would choose.
    pub settings: Result<Settings, Refusal>,
    /// What it would say of the choice.
    pub notes: Vec<Note>,
}

/// The folders that matter to the choice, and the other names of each Go that was found; look at them before [`survey`].
pub fn folders_to_look_at(facts: &Facts) -> Vec<PathBuf> {
    let (request, carried) = (Request::default(), carried(facts));
    let ground = apply::ground(facts, &request, carried.as_ref());
    let mut bins = settings::folders_to_look_at(&ground);
    let land = ground.land();
    let go = &facts.go;
    for dir in go.on_path.iter().chain(&go.well_known).chain(&go.listed).filter(|dir| dir.has_go) {
        let real = dir.real_go.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        for bin in [Some(dir.bin.clone()), real].into_iter().flatten() {
            match stable::keep(&bin, &land) {
                Keep::Instead(stable) | Keep::Rather(stable) => bins.extend([bin, stable]),
                _ => bins.push(bin),
            }
        }
    }
    bins.sort_unstable();
    bins.dedup();
    bins
}

/// What there is where no block says yet which Go is to be used, or it is to be chosen `anew`.
pub(super) fn first_survey(facts: &Facts, anew: bool) -> Option<Survey> {
    (anew || carried(facts).is_none()).then(|| survey_with(facts, None))
}

/// Lists every Go that was found.
pub fn survey(facts: &Facts) -> Survey {
    survey_with(facts, carried(facts).as_ref())
}

fn survey_with(facts: &Facts, carried: Option<&Carried>) -> Survey {
    let request = Request::default();
    let ground = apply::ground(facts, &request, carried);
    let mut notes = Vec::new();
    let settings = settings::choose(&ground, &mut notes);
    let groups = groups(facts);
    let installs = groups.iter().map(|group| install(group, &ground, settings.as_ref().ok())).collect();
    Survey { installs, settings, notes }
}

/// What the blocks say; also for a shell that we do not know.
fn carried(facts: &Facts) -> Option<Carried> {
    let request = Request::default();
    let shells = shell_choice::choose(facts, &request).unwrap_or_default();
    let (files, _) = files::files(facts, &request, &shells);
    apply::carried(facts, &files)
}

/// The folders that hold Go, those that lead to the same one together.
fn groups(facts: &Facts) -> Vec<Vec<&GoDir>> {
    let go = &facts.go;
    let all = || go.on_path.iter().chain(&go.well_known).chain(&go.listed).chain(&go.asked).filter(|dir| dir.has_go);
    let mut groups: Vec<(&Path, Vec<&GoDir>)> = Vec::new();
    let mut seen: HashSet<&Path> = HashSet::new();
    for dir in all().filter(|dir| seen.insert(&dir.bin)) {
        let key = dir.real_go.as_deref().unwrap_or(&dir.bin);
        match groups.iter_mut().find(|(other, _)| *other == key) {
            Some((_, group)) => group.push(dir),
            None => groups.push((key, vec![dir])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn install(group: &[&GoDir], ground: &Ground, settings: Option<&Settings>) -> Install {
    let first = group[0];
    let of_path = ground.env.path.as_deref().unwrap_or_default().as_bytes();
    // As paths: doubled slashes and `.` parts make no difference.
    let path: HashSet<&Path> =
        of_path.split(|byte| *byte == b':').map(|bin| Path::new(OsStr::from_bytes(bin))).collect();
    let on_path = |dir: &&&GoDir| path.contains(dir.bin.as_path());
    let go = settings.map(|settings| &settings.go);
    let chosen = |dir: &&&GoDir| {
        go.is_some_and(|go| go.value.bin.as_ref().or(go.value.found_in.as_ref()) == Some(&dir.bin) && go.value.present)
    };
    let is_chosen = group.iter().any(|dir| chosen(&dir));
    let land = ground.land();
    let kind = kind(group, &land);
    let verdicts: Vec<_> = group.iter().map(|dir| settings::verdict(dir, ground)).collect();
    // Only a name that leads to this very Go: the stable name of an old keg leads to the new one.
    let leads_here = |bin: &PathBuf| {
        let dir = settings::looked_at(ground.go, bin);
        dir.is_some_and(|dir| group.iter().any(|same| same.bin == dir.bin))
    };
    let stable = match go.filter(|_| is_chosen) {
        Some(go) => go.value.bin.clone(),
        None => verdicts.iter().filter_map(|(_, go)| go.as_ref()?.bin.clone()).find(leads_here),
    };
    let rooted = group.iter().find(|dir| dir.real_root.is_some()).or(group.iter().find(|dir| dir.root.is_some()));
    let root = rooted.and_then(|dir| dir.real_root.clone().or(dir.root.clone()));
    let keep = verdicts.into_iter().map(|(keep, _)| keep).max_by_key(weight);
    let program = group.iter().find_map(|dir| dir.program.clone());
    let misfit = settings::runs::misfit(program.as_ref(), group.iter().find_map(|dir| dir.flaw), ground.go);
    let stuck = matches!(misfit, Some(Misfit::Stuck(_)));
    let named_by = naming::root(group, stable.as_deref(), ground);
    let mut why = if is_chosen {
        let keep = keep.as_ref().filter(|keep| stable.is_none() || matches!(keep, Keep::Environment(_)));
        why_chosen(go.map_or(Source::Default, |go| go.from), keep)
    } else {
        let passed_over = stuck && group.iter().any(|dir| settings::runs::why_passed_over(dir, ground).is_some());
        let first = if passed_over { "another runs here, and this one may not" } else { "another comes first" };
        let named_by = named_by.as_deref().map(|root| posix::word(root, ground.home));
        why_not(keep.as_ref(), stable.is_some(), first, named_by.as_deref())
    };
    if let Some(misfit) = misfit.filter(|_| !matches!(keep, Some(Keep::Never(_)))) {
        why.push_str("; it ");
        why.push_str(misfit.words());
    }
    Install {
        kind,
        root,
        bin: first.bin.clone(),
        stable,
        named_by,
        runs: !stuck,
        version: group.iter().find_map(|dir| dir.version.clone()),
        program,
        on_path: group.iter().any(|dir| on_path(&dir)),
        chosen: is_chosen,
        why,
    }
}

/// What a Go is: where its files really lie tells more than the names that lead there, and these tell more than where
/// the program lies that a manager's shim leads to.
fn kind(group: &[&GoDir], land: &Landmarks) -> &'static str {
    if let Some(kind) = group.iter().find_map(|dir| kinds::of_program(dir.real_go.as_deref()?)) {
        return kind.name;
    }
    let real = |has_root: bool| {
        let dirs = group.iter().filter(move |dir| dir.real_root.is_some() == has_root);
        dirs.filter_map(|dir| dir.real_go.as_deref()?.parent())
    };
    let names = group.iter().map(|dir| dir.bin.as_path());
    let found: Option<Recognised> =
        real(true).chain(names).chain(real(false)).find_map(|bin| kinds::recognise(bin, land));
    found.map_or(OTHER, |found| found.kind.name)
}

/// Of several names for one Go, the one that may be kept best speaks for it.
const fn weight(keep: &Keep) -> u8 {
    match keep {
        Keep::AsIs => 5,
        Keep::Rather(_) => 4,
        Keep::Manager(_) => 3,
        Keep::Instead(_) => 2,
        Keep::Environment(_) => 1,
        Keep::Never(_) => 0,
    }
}

fn why_chosen(from: Source, keep: Option<&Keep>) -> String {
    let source = match from {
        Source::Flag => "it was asked for",
        Source::Block => "the block names it",
        Source::Env | Source::GoEnv => "GOROOT names it",
        Source::Path => "it is the first on PATH that may be kept",
        Source::WellKnown => "PATH has none that may be kept, and its place is the best of the known ones",
        Source::Profile => "the profile is about it",
        Source::Menu => "you picked it",
        Source::Default => "there is no other",
    };
    match (keep, from) {
        (Some(Keep::Manager(manager)), _) => format!("{source}; its folder and GOROOT are left to {manager}"),
        (Some(Keep::Environment(why)), Source::Path) => format!("there is no other that could be kept, although {why}"),
        _ => source.to_owned(),
    }
}

/// `first`: what comes before this one. `root`: the word to name it by.
fn why_not(keep: Option<&Keep>, is_stable: bool, first: &str, root: Option<&str>) -> String {
    let choose = root.map(|root| format!("`goenv-setup apply --goroot {root}`"));
    match keep {
        Some(Keep::Never(why)) => format!("never chosen: {why}"),
        Some(Keep::Environment(why)) => {
            let choose = choose.map(|choose| format!("; {choose}")).unwrap_or_default();
            format!("not chosen unless you say so: {why}{choose}")
        }
        Some(Keep::Manager(manager)) => format!("left to {manager}, which chooses between its own"),
        Some(Keep::Instead(_)) if !is_stable => "never chosen: the next upgrade removes it".to_owned(),
        _ => match choose {
            Some(choose) => format!("{first}; to choose this one: {choose}"),
            None => format!("{first}; to choose this one, put its folder in front on PATH"),
        },
    }
}
