//! Why Go does not work here: findings with evidence and a fix, from what was observed.
//!
//! A check is one small function over the [`Scene`]: it says what it found, where, and what to do about it. What it says
//! is shown to people who paste it into bug reports, so nothing of it may be a secret: values are those of PATH and of
//! Go's own variables, and of a line of the user's only its number is told.

pub mod chains;
mod checks;
pub mod complaints;
pub mod editors;
pub mod gos;
pub mod jobs;
pub mod known;
pub mod leftovers;
pub mod line;
pub mod lines;
pub mod lives;
pub mod lost;
pub mod meant;
pub mod patch;
pub mod scene;
pub mod terminals;
pub mod writes;

use std::path::PathBuf;

pub use checks::GROUPS;
use patch::Cut;
use scene::Scene;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// It works by luck, or will break.
    Warning,
    /// Go cannot run, or cannot build, in some launch mode.
    Error,
}

impl Severity {
    /// The word for messages and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing to look for.
pub struct Check {
    /// Its name, such as `P-12`: stays the same for ever.
    pub id: &'static str,
    /// What is wrong where it finds something, in a few words.
    pub title: &'static str,
    /// How bad that is.
    pub severity: Severity,
    /// Looks for it.
    pub look: fn(&Scene) -> Vec<Case>,
}

/// One case of what a check looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// What is wrong: one sentence without a full stop.
    pub what: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// What to do about it.
    pub fix: Option<Fix>,
    /// What a closer look could tell more of.
    pub wants: Vec<Want>,
}

/// A start of a shell that would name a line if it was traced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// Which start: `zsh -l -i`.
    pub start: String,
    /// The variable whose life would tell the line.
    pub variable: String,
}

/// What shows that something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A line of a file, and what it does.
    Line {
        /// The file.
        file: PathBuf,
        /// Its number; the first is 1.
        line: usize,
        /// What it does, to follow "which".
        what: String,
    },
    /// The value of a variable of Go's or of PATH; `name` may say in which launch mode.
    Value {
        /// The variable.
        name: String,
        /// Its value, fit to be shown.
        value: String,
    },
    /// The start of a shell in which it was seen, such as `zsh -l -i`.
    Start(String),
    /// A file or folder.
    File(PathBuf),
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// A command to copy.
    Command(String),
    /// Lines of the user's own to comment out, as `doctor --patch` prints it.
    Patch(Vec<Cut>),
    /// What only the user can do, in words; commands in backticks.
    Advice(String),
}

impl Case {
    /// A case of which only the sentence is known yet.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), ..Self::default() }
    }

    /// With something that shows it.
    #[must_use]
    pub fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// With starts whose trace would tell the line that sets a variable.
    #[must_use]
    pub fn wants(mut self, variable: &str, starts: &[String]) -> Self {
        let want = |start: &String| Want { start: start.clone(), variable: variable.to_owned() };
        self.wants.extend(starts.iter().map(want));
        self
    }

    /// With what to do about it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// A case, and the check that found it.
pub struct Finding {
    /// The check.
    pub check: &'static Check,
    /// The case.
    pub case: Case,
}

/// Every check.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    GROUPS.iter().flat_map(|group| group.checks)
}

/// Everything that is wrong, the worst first.
pub fn diagnose(scene: &Scene) -> Vec<Finding> {
    let find = |check: &'static Check| (check.look)(scene).into_iter().map(move |case| Finding { check, case });
    let mut findings: Vec<Finding> = checks().flat_map(find).collect();
    // Nothing else can be told of a home that is closed: no shell finds its files there.
    if scene.closed {
        findings.retain(|finding| finding.check.id == checks::CLOSED);
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.check.severity));
    findings
}
