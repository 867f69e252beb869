//! Asks module proxies while the shells still start: as soon as a terminal has told what it sees.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::super::matrix;
use crate::facts::{EnvFile, Facts, env_file, path};
use crate::plan::proxy;
use crate::plan::proxy::settings::Settings;
use crate::plan::proxy::walk::Outlook;
use crate::probe::http::LIMITS;
use crate::probe::modules::{self, Asked};
use crate::probe::report::Seen;
use crate::ui::Ui;
use crate::ui::progress::Progress;

/// How much longer than the limit is waited: for what cannot be given a limit, such as looking up a name.
const GRACE: Duration = Duration::from_millis(500);

/// What is heard from whoever asks.
enum Told {
    /// An entry has answered.
    One,
    /// All of it.
    All(Asked),
}

/// Questions that are on their way.
pub(super) struct Asking<'a> {
    facts: &'a Facts,
    online: bool,
    on_the_way: Vec<(Outlook, Option<Receiver<Told>>)>,
    begin: Option<Instant>,
}

impl<'a> Asking<'a> {
    /// Nothing is asked yet, and never if not `online`.
    pub(super) fn new(facts: &'a Facts, online: bool) -> Self {
        Self { facts, online, on_the_way: Vec::new(), begin: None }
    }

    /// A terminal has told what it sees: servers are asked now, but only once for the same settings, and not where there
    /// is no Go at all.
    pub(super) fn terminal(&mut self, name: &str, seen: &Seen) {
        let go = &self.facts.go;
        if seen.go.is_none() && go.on_path.is_empty() && go.well_known.is_empty() {
            return;
        }
        let settings = self.settings(seen);
        let git = |entry: &path::Entry| crate::probe::is_program(&Path::new(&entry.text).join("git"));
        let has_git = seen.variable("PATH").map(path::entries).unwrap_or_default().iter().any(git);
        if let Some((known, _)) = self.on_the_way.iter_mut().find(|(known, _)| known.settings == settings) {
            known.starts.push(name.to_owned());
            known.has_git &= has_git;
            return;
        }
        let list = proxy::parse(&settings.proxy.text);
        let receiver = list.as_ref().ok().filter(|_| self.online).map(|list| {
            let (sender, receiver) = channel();
            let (list, settings, home) = (list.clone(), settings.clone(), self.facts.user.home.clone());
            // Not joined: a name that is still being looked up must not hold anybody up.
            std::thread::spawn(move || {
                let one = sender.clone();
                let tell = || drop(one.send(Told::One));
                let asked = modules::ask(&list, &settings, &home, LIMITS, &tell);
                drop(sender.send(Told::All(asked)));
            });
            receiver
        });
        self.begin.get_or_insert_with(Instant::now);
        let starts = vec![name.to_owned()];
        let outlook = Outlook { starts, settings, list, answers: Vec::new(), database: None, has_git };
        self.on_the_way.push((outlook, receiver));
    }

    fn settings(&self, seen: &Seen) -> Settings {
        let goenv = seen.variable("GOENV");
        let stored: Option<EnvFile> = match goenv {
            Some(off) if off == "off" => None,
            Some(file) => env_file::open(PathBuf::from(file)),
            None => self.facts.go.env_file.clone(),
        };
        let root = matrix::look(seen).go.and_then(|go| go.real_root);
        let root = root.and_then(|root| env_file::open(root.join("go.env")));
        let terminal = |name: &str| seen.variable(name).map(OsStr::to_owned);
        let session = |name: &str| -> Option<OsString> {
            let found = self.facts.env.modules.get(name);
            found.map(OsStr::to_owned)
        };
        Settings::of(&terminal, &session, stored.as_ref(), root.as_ref())
    }

    /// What came of it, when all is answered or the time is up.
    pub(super) fn finish(self, ui: &Ui) -> Vec<Outlook> {
        let deadline = self.begin.unwrap_or_else(Instant::now) + LIMITS.total + GRACE;
        let entries = |(outlook, asked): &(Outlook, Option<Receiver<Told>>)| {
            asked.as_ref().and(outlook.list.as_ref().ok()).map_or(0, |list| list.entries.len())
        };
        let all: usize = self.on_the_way.iter().map(entries).sum();
        let mut progress = (all > 0).then(|| Progress::of(ui, "asking where modules come from", all));
        let mut outlooks = Vec::new();
        for (mut outlook, receiver) in self.on_the_way {
            // Whoever asks is gone or too late: nothing is known then.
            while let Some(told) = receiver
                .as_ref()
                .and_then(|told| told.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok())
            {
                match told {
                    Told::One => {
                        if let Some(progress) = &mut progress {
                            progress.step();
                        }
                    }
                    Told::All(asked) => (outlook.answers, outlook.database) = (asked.answers, asked.database),
                }
            }
            outlooks.push(outlook);
        }
        outlooks
    }
}
