//! cron's jobs: those that `crontab -l` prints, and this user's in `/etc/crontab`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;

use super::{Given, Ground, SIZE, new_job, variable};
use crate::facts::ask::ask;
use crate::facts::go;
use crate::plan::doctor::jobs::{Job, Starter, Through, is_ours, of_line};
use crate::shells::LaunchMode;
use crate::text::crontab::{Entry, entries};

pub(super) fn jobs(ground: &Ground) -> Vec<Job> {
    let own = ask("crontab", &["-l"]).map(|bytes| of(ground, None, &bytes)).unwrap_or_default();
    let system = ground.at("/etc/crontab");
    let systems = go::beginning(&system, SIZE).map(|bytes| of(ground, Some(&system), &bytes)).unwrap_or_default();
    own.into_iter().chain(systems).collect()
}

fn of(ground: &Ground, file: Option<&Path>, bytes: &[u8]) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut variables = Vec::new();
    let mut path: Option<OsString> = None;
    let mut shell = b"/bin/sh".to_vec();
    let mut reads_a_script = false;
    for (line, entry) in entries(bytes, file.is_some()) {
        match entry {
            Entry::Setting { name, value } => match name.as_slice() {
                b"SHELL" => shell = value,
                b"BASH_ENV" => reads_a_script = !value.is_empty(),
                _ => {
                    let Ok(name) = String::from_utf8(name) else { continue };
                    if is_ours(&name) {
                        let value = OsString::from_vec(value);
                        if name == "PATH" {
                            path = Some(value.clone());
                        }
                        variables.push(variable(&name, value, file, Some(line), false));
                    }
                }
            },
            Entry::Job { user, command } => {
                let other =
                    user.is_some_and(|user| ground.facts.user.name.as_deref().map(str::as_bytes) != Some(&user));
                if other || reads_a_script {
                    continue;
                }
                let mut wants = of_line(&command, ground.home(), &|name| ground.is_tool(name));
                if wants.is_nothing() {
                    continue;
                }
                let name = shell.rsplit(|byte| *byte == b'/').next().map(String::from_utf8_lossy).unwrap_or_default();
                if matches!(&*name, "zsh" | "fish") {
                    let shell = name.into_owned();
                    wants.through = wants.through.or(Some(Through { shell, mode: LaunchMode::Command }));
                }
                let given = path.clone().map(|value| Given { value, is_set: true });
                let given = given.unwrap_or_else(|| Given::default_of(Starter::Cron));
                let mut job = new_job(Starter::Cron, file, Some(line), wants, given);
                job.variables.clone_from(&variables);
                jobs.push(job);
            }
        }
    }
    jobs
}
