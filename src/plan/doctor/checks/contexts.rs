//! L: where Go is started by something other than a terminal, as files tell.

mod jobs;

use std::path::PathBuf;

use super::super::jobs::{Starter, Variable};
use super::super::known::{is_lost_in_container, platform};
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::{case, starts};
use crate::facts::path::GoFile;
use crate::text::show::tilde_list;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "L-05", title: "a job of launchd does not find Go", severity: Severity::Error, look: launchd },
    Check { id: "L-06", title: "a job of cron does not find Go", severity: Severity::Error, look: cron },
    Check {
        id: "L-10",
        title: "a block names a folder that this container lacks",
        severity: Severity::Error,
        look: shared_home,
    },
    Check { id: "L-11", title: "a service does not find Go", severity: Severity::Error, look: services },
    Check { id: "L-12", title: "a CI job's steps do not find Go", severity: Severity::Warning, look: ci },
    Check { id: "L-14", title: "go is the Go of Windows", severity: Severity::Warning, look: windows },
    Check { id: "L-21", title: "GOROOT of a job is not there", severity: Severity::Error, look: no_root },
    Check { id: "L-22", title: "PATH without the system's folders", severity: Severity::Warning, look: no_system },
    Check { id: "L-23", title: "a setting that counts for nothing", severity: Severity::Warning, look: ignored },
    Check { id: "L-24", title: "a runner has kept a PATH without Go", severity: Severity::Info, look: runner },
    Check { id: "L-25", title: "a value that nothing expands", severity: Severity::Warning, look: literal },
];

fn launchd(scene: &Scene) -> Vec<Case> {
    jobs::lost(scene, Starter::Launchd)
}

fn cron(scene: &Scene) -> Vec<Case> {
    jobs::lost(scene, Starter::Cron)
}

fn services(scene: &Scene) -> Vec<Case> {
    jobs::lost(scene, Starter::Systemd)
}

fn shared_home(scene: &Scene) -> Vec<Case> {
    if !is_lost_in_container(scene) {
        return Vec::new();
    }
    let names = scene.terminals().map(Observed::name).collect();
    let folder =
        scene.named.first().map(|entry| format!(" in {}", scene.show(entry.text.as_ref()))).unwrap_or_default();
    let what =
        format!("this container shares your home, and the Go that the block looks for{folder} is only on its host");
    let advice = "install Go in the container too, in the same folder; `goenv-setup apply` here would change the block for \
                  the host as well";
    vec![case(what, names, Fix::Advice(advice.to_owned()))]
}

fn ci(scene: &Scene) -> Vec<Case> {
    let Some(bin) = scene.chosen() else { return Vec::new() };
    if scene.facts.env.launchers.get("GITHUB_ACTIONS").is_none() || !scene.facts.go.on_path.is_empty() {
        return Vec::new();
    }
    let what = format!("the steps of a job read no startup file, and Go in {} is not on their PATH", scene.show(bin));
    let advice = format!("in a step before those that need it: `echo {} >> \"$GITHUB_PATH\"`", scene.word(bin));
    vec![Case::new(what).fix(Fix::Advice(advice))]
}

fn runner(scene: &Scene) -> Vec<Case> {
    let (Some((file, path)), Some(bin)) = (&scene.contexts.runner, scene.chosen()) else { return Vec::new() };
    if path.is_empty() || path.iter().any(|entry| entry.go == GoFile::Runs) {
        return Vec::new();
    }
    let what = "the runner gives its jobs the PATH of the day when it was set up, and no folder of that holds go";
    let advice = format!("put `{}:` in front of what that file holds, and start the runner anew", scene.show(bin));
    vec![Case::new(what).with([Evidence::File(file.clone())]).fix(Fix::Advice(advice))]
}

fn windows(scene: &Scene) -> Vec<Case> {
    if scene.facts.env.launchers.get("WSL_DISTRO_NAME").is_none() {
        return Vec::new();
    }
    let found = scene.terminals().filter_map(|start| {
        let go = start.go()?;
        platform(scene, go).filter(|(system, _)| *system == "windows")?;
        Some((start.name(), go.to_path_buf()))
    });
    let case = |(go, names): (PathBuf, Vec<String>)| {
        let shown = scene.show(&go);
        let what = format!("{shown} is the Go of Windows: it builds for Windows, and takes no path of Linux's");
        let advice = "install Go for Linux as https://go.dev/doc/install says, then `goenv-setup apply`";
        case(what, names, Fix::Advice(advice.to_owned())).with([Evidence::File(go)])
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

/// Every variable that a job or the manager of services is given, each line once.
fn variables<'a>(scene: &'a Scene) -> Vec<(Option<Starter>, &'a Variable)> {
    let mut found: Vec<(Option<Starter>, &Variable)> = Vec::new();
    let of_jobs = scene.contexts.jobs.iter().flat_map(|job| job.variables.iter().map(|one| (Some(job.starter), one)));
    for (starter, one) in of_jobs.chain(scene.contexts.manager.iter().map(|one| (None, one))) {
        if !found.iter().any(|(_, known)| *known == one) {
            found.push((starter, one));
        }
    }
    found
}

/// A case about a variable, with the place where it is set, and its value.
fn about(scene: &Scene, variable: &Variable, what: String, advice: String) -> Case {
    let place = match (&variable.file, variable.line) {
        (Some(file), Some(line)) => {
            Some(Evidence::Line { file: file.clone(), line, what: format!("sets {}", variable.name) })
        }
        (Some(file), None) => Some(Evidence::File(file.clone())),
        (None, _) => None,
    };
    let value = tilde_list(&variable.value, &scene.facts.user.home);
    let shown = Evidence::Value { name: variable.name.clone(), value };
    Case::new(what).with(place).with([shown]).fix(Fix::Advice(advice))
}

/// Where a variable is set, in words: only a crontab has no file to name.
fn place(variable: &Variable) -> String {
    match (&variable.file, variable.line) {
        (None, Some(line)) => format!("line {line} of your crontab: "),
        _ => String::new(),
    }
}

fn is_literal(variable: &Variable) -> bool {
    let text = variable.value.to_string_lossy();
    text.split(':').any(|entry| entry.starts_with('~') || entry.contains('$'))
}

fn literal(scene: &Scene) -> Vec<Case> {
    let case = |(starter, variable): (Option<Starter>, &Variable)| {
        let who = starter.map_or("systemd expands neither a tilde nor a command", |starter| match starter {
            Starter::Launchd => "launchd expands neither a variable nor a tilde",
            Starter::Cron => "cron expands neither a variable nor a tilde",
            Starter::Systemd => "systemd expands neither a variable nor a tilde in `Environment=`",
        });
        let what = format!("{}{} stays as it is written there: {who}", place(variable), variable.name);
        let home = scene.facts.user.home.display();
        about(scene, variable, what, format!("write absolute folders there: your home is `{home}`"))
    };
    // Of the PATH of a job that does not find its command, the check of its starter tells.
    let lost = |variable: &Variable| jobs::lack_path(scene).any(|job| job.variables.contains(variable));
    let told = |variable: &Variable| variable.name == "PATH" && !variable.for_all && lost(variable);
    let literal = variables(scene).into_iter().filter(|(_, variable)| is_literal(variable) && !told(variable));
    literal.map(case).collect()
}

fn no_root(scene: &Scene) -> Vec<Case> {
    let ill = |variable: &Variable| variable.name == "GOROOT" && !variable.is_folder && !is_literal(variable);
    let case = |(_, variable): (Option<Starter>, &Variable)| {
        let what = format!("{}GOROOT is set to a folder that is not there: go answers nothing at all", place(variable));
        about(scene, variable, what, "take GOROOT out there: Go finds its root by itself".to_owned())
    };
    variables(scene).into_iter().filter(|(_, variable)| ill(variable)).map(case).collect()
}

fn no_system(scene: &Scene) -> Vec<Case> {
    let ill = |variable: &Variable| {
        let text = variable.value.to_string_lossy();
        let lacks = |folder: &str| text.split(':').all(|entry| entry != folder);
        variable.name == "PATH" && variable.for_all && lacks("/usr/bin") && lacks("/bin")
    };
    let case = |(_, variable): (Option<Starter>, &Variable)| {
        let what = "PATH is set there for every program that is started later, without /usr/bin and /bin".to_owned();
        about(scene, variable, what, "put `/usr/bin:/bin` at the end of the value".to_owned())
    };
    variables(scene).into_iter().filter(|(_, variable)| ill(variable)).map(case).collect()
}

fn ignored(scene: &Scene) -> Vec<Case> {
    let of_manager = scene.contexts.ignored.iter().map(|(file, line, why)| (Some(file), Some(*line), why));
    let of_jobs = scene
        .contexts
        .jobs
        .iter()
        .flat_map(|job| job.ignored.iter().map(|(why, line)| (job.file.as_ref(), *line, why)));
    let case = |(file, line, why): (Option<&PathBuf>, Option<usize>, &String)| {
        let place = file.map(|file| match line {
            Some(line) => Evidence::Line { file: file.clone(), line, what: "sets it".to_owned() },
            None => Evidence::File(file.clone()),
        });
        Case::new(why.clone()).with(place).fix(Fix::Advice("write it as the format has it, or take it out".to_owned()))
    };
    of_jobs.chain(of_manager).map(case).collect()
}

/// The starts that a job goes through, as evidence.
fn seen_in(name: String) -> impl Iterator<Item = Evidence> {
    starts(vec![name])
}
