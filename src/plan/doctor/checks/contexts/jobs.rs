//! Jobs that do not find the commands of Go's that they run.

use std::path::{Path, PathBuf};

use super::super::super::jobs::{Job, Starter};
use super::super::super::scene::{Observed, Scene};
use super::super::super::{Case, Evidence, Fix};
use super::seen_in;
use crate::shells::LaunchMode;
use crate::shells::posix;
use crate::text::show::{sanitise, tilde_list};

/// A case for each job of this starter's that does not find what it runs.
pub(super) fn lost(scene: &Scene, starter: Starter) -> Vec<Case> {
    let jobs = scene.contexts.jobs.iter().filter(|job| job.starter == starter);
    jobs.filter_map(|job| of_literal(scene, job).or_else(|| of_gone(scene, job)).or_else(|| of_missing(scene, job)))
        .collect()
}

/// What it is called: a file, or a line of the user's crontab, which has no file that could be read.
fn name(scene: &Scene, job: &Job) -> String {
    match (&job.file, job.line) {
        (Some(file), _) => scene.show(file),
        (None, Some(line)) => format!("line {line} of your crontab"),
        (None, None) => "your crontab".to_owned(),
    }
}

fn place(job: &Job) -> Option<Evidence> {
    let file = job.file.clone()?;
    Some(match job.line {
        Some(line) => Evidence::Line { file, line, what: "tells what it starts".to_owned() },
        None => Evidence::File(file),
    })
}

fn of_literal(scene: &Scene, job: &Job) -> Option<Case> {
    let program = job.wants.literal.first()?;
    let shown = sanitise(std::os::unix::ffi::OsStrExt::as_bytes(program.as_os_str()));
    let what = format!(
        "{} starts `{shown}`, and {} expands neither a variable nor a tilde there",
        name(scene, job),
        job.starter.name()
    );
    Some(Case::new(what).with(place(job)).fix(Fix::Advice(format!("write its absolute path{}", again(scene, job)))))
}

fn of_gone(scene: &Scene, job: &Job) -> Option<Case> {
    let program = job.gone.first()?;
    let what = format!("{} starts {}, which is not there", name(scene, job), scene.show(program));
    let other =
        program.file_name().and_then(|name| folder_of(scene, &name.to_string_lossy()).map(|bin| bin.join(name)));
    let instead = other.map_or_else(String::new, |other| format!(": it is `{}`", scene.show(&other)));
    let advice = format!("write there where it is now{instead}{}", again(scene, job));
    Some(Case::new(what).with(place(job)).fix(Fix::Advice(advice)))
}

/// The jobs that do not find a command on a PATH of their own.
pub(super) fn lack_path<'a>(scene: &'a Scene) -> impl Iterator<Item = &'a Job> {
    let own = |job: &&Job| job.wants.literal.is_empty() && job.gone.is_empty() && job.wants.through.is_none();
    scene.contexts.jobs.iter().filter(own).filter(|job| of_missing(scene, job).is_some())
}

/// The PATH of a job, without what nothing expands there.
fn expanded(job: &Job) -> String {
    let path = job.path.to_string_lossy();
    let plain: Vec<&str> = path.split(':').filter(|entry| !entry.starts_with('~') && !entry.contains('$')).collect();
    if plain.is_empty() { job.starter.path().to_owned() } else { plain.join(":") }
}

/// Whether there is nothing of that on its PATH.
fn is_expanded(job: &Job) -> bool {
    expanded(job) == job.path.to_string_lossy()
}

fn of_missing(scene: &Scene, job: &Job) -> Option<Case> {
    let command = job.missing.first()?;
    let bin = folder_of(scene, command)?;
    if let Some(through) = &job.wants.through {
        let of_job = |start: &&Observed| start.row.shell.name() == through.shell && start.row.mode == through.mode;
        let start = scene.seen().find(of_job)?;
        if start.path.iter().any(|entry| Path::new(&entry.text) == bin) || (command == "go" && start.go().is_some()) {
            return None;
        }
        let what = format!("{} runs {command} by {}, which does not find it", name(scene, job), start.name());
        let reach = match through.mode {
            LaunchMode::LoginInteractive | LaunchMode::Interactive => "",
            LaunchMode::Login => " --reach login",
            LaunchMode::Command | LaunchMode::SshCommand => " --reach all",
        };
        let command = format!("goenv-setup apply --shell {}{reach}", through.shell);
        return Some(Case::new(what).with(place(job)).with(seen_in(start.name())).fix(Fix::Command(command)));
    }
    let why = if is_expanded(job) {
        String::new()
    } else {
        format!(": {} expands neither a variable nor a tilde there", job.starter.name())
    };
    let what = format!("{} runs {command}, and no folder on its PATH holds that{why}", name(scene, job));
    let value = tilde_list(&job.path, &scene.facts.user.home);
    let shown = Evidence::Value { name: "PATH".to_owned(), value };
    Some(Case::new(what).with(place(job)).with([shown]).fix(Fix::Advice(way(scene, job, &bin, command))))
}

/// How the job gets to the folder in which its command is.
fn way(scene: &Scene, job: &Job, bin: &Path, command: &str) -> String {
    let home = &scene.facts.user.home;
    let Some(folder) = posix::exact_word(bin.as_os_str().as_encoded_bytes(), Path::new("/nonexistent")) else {
        return format!("write the absolute path of {command} there{}", again(scene, job));
    };
    match (job.starter, &job.file) {
        (Starter::Launchd, Some(file)) => {
            let (verb, path) = if job.sets_path { ("Set", "") } else { ("Add", "string ") };
            let value = format!("{}:{}", bin.display(), expanded(job));
            let entry = posix::bare_word(format!("{verb} :EnvironmentVariables:PATH {path}{value}").as_bytes());
            let file = posix::word(file, home);
            format!("`/usr/libexec/PlistBuddy -c {entry} {file}`{}", again(scene, job))
        }
        (Starter::Cron, _) => {
            let edit = if job.file.is_some() { "there" } else { "with `crontab -e`" };
            let line = if job.sets_path { "write the line of its PATH anew" } else { "put a line above it" };
            format!("{line} {edit}: `PATH={}:{}`", bin.display(), expanded(job))
        }
        _ => {
            let rest = if is_expanded(job) { "" } else { ", and absolute folders into its PATH" };
            format!("write `{folder}/{command}` there in place of `{command}`{rest}{}", again(scene, job))
        }
    }
}

/// How a changed file comes into force.
fn again(scene: &Scene, job: &Job) -> String {
    let Some(file) = &job.file else { return String::new() };
    let word = scene.word(file);
    match job.starter {
        Starter::Launchd if file.to_string_lossy().contains("/LaunchDaemons/") => {
            format!("; then `sudo launchctl bootout system {word}; sudo launchctl bootstrap system {word}`")
        }
        Starter::Launchd => {
            format!("; then `launchctl bootout gui/$(id -u) {word}; launchctl bootstrap gui/$(id -u) {word}`")
        }
        Starter::Systemd => "; then `systemctl --user daemon-reload`, and start the service anew".to_owned(),
        Starter::Cron => String::new(),
    }
}

/// The folder in which a command of Go's is.
fn folder_of(scene: &Scene, command: &str) -> Option<PathBuf> {
    if command == "go" || command == "gofmt" {
        let found = || scene.terminals().find_map(|start| start.go()?.parent());
        let known = || scene.facts.go.well_known.first().map(|dir| dir.bin.as_path());
        return scene.chosen().or_else(found).or_else(known).map(Path::to_path_buf);
    }
    let holds = |(_, programs): &&(PathBuf, Vec<std::ffi::OsString>)| programs.iter().any(|name| name == command);
    scene.tools.iter().find(holds).map(|(folder, _)| folder.clone())
}
