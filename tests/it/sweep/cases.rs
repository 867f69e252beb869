//! What is swept: commands over several files, and the homes that they work on.
//!
//! A journal holds whole paths, so a home cannot be copied elsewhere: it is kept aside and put back in its place before
//! each run.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use Which::{Apply, Restore, Uninstall};

use super::strace::{self, Call};
use crate::support::{Home, Kind, Ran, Tree, cannot};

/// The three commands that the figures are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Apply,
    Uninstall,
    Restore,
}

/// One command over one home.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) which: Which,
    /// The home as its user has it.
    scene: Scene,
    /// What was run before, each with `-y`.
    earlier: Earlier,
    /// What the user did then.
    then: fn(&Home),
    /// The command. `ID` stands for the newest backup.
    args: &'static [&'static str],
    /// Faults that are there all the time, as strace's `inject` has them.
    pub(super) always: &'static [&'static str],
    /// Where a first run of the command was killed: the run that is swept has to finish that too.
    killed: Option<Stop>,
}

/// A moment of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Every new file is in place, and nothing says that this is to be kept.
    BeforeMark,
    /// It is to be kept, and the old files are still there.
    AfterMark,
}

const ZSH: &[&str] = &["apply", "--shell", "zsh"];
const BASH: &[&str] = &["apply", "--shell", "bash"];
const BOTH: &[&str] = &["apply", "--shell", "zsh", "--shell", "bash"];
const UNINSTALL: &[&str] = &["uninstall"];
const RESTORE: &[&str] = &["restore", "ID"];
const NO_EXCHANGE: &[&str] = &["renameat2:error=EINVAL"];

fn nothing(_: &Home) {}

/// One file is there, the other will be created.
fn zsh(home: &mut Home) {
    home.file(".zshrc", "alias l='ls -l'\n").mode(".zshrc", 0o640).file("mine", "not a startup file\n");
}

/// Both files will be created, and two folders above them.
fn folders(home: &mut Home) {
    let folder = home.path("config/zsh");
    home.env("ZDOTDIR", folder);
}

/// Two files are there: one for its owner's eyes only and with an attribute, the other behind a link.
fn bash(home: &mut Home) {
    home.file(".bashrc", "export A=1\n# no newline at the end").mode(".bashrc", 0o600);
    home.file("dots/profile", "umask 022\n").link(".profile", "dots/profile");
    if let Err(error) = xattr::set(home.path(".bashrc"), "user.note", b"kept") {
        cannot(&format!("extended attributes in the temporary folder ({error})"));
    }
}

/// Four files at once.
fn both(home: &mut Home) {
    zsh(home);
    bash(home);
}

fn without_zshrc(home: &Home) {
    fs_err::remove_file(home.path(".zshrc")).expect("it is there");
}

type Scene = fn(&mut Home);
type Earlier = &'static [&'static [&'static str]];

fn case(which: Which, name: &'static str, scene: Scene, earlier: Earlier, args: &'static [&'static str]) -> Case {
    Case { name, which, scene, earlier, then: nothing, args, always: &[], killed: None }
}

/// What is swept each time.
pub(super) fn cases() -> Vec<Case> {
    vec![
        case(Apply, "zsh", zsh, &[], ZSH),
        case(Apply, "two folders", folders, &[], ZSH),
        case(Apply, "bash", bash, &[], BASH),
        case(Uninstall, "zsh", zsh, &[ZSH], UNINSTALL),
        case(Uninstall, "two folders", folders, &[ZSH], UNINSTALL),
        case(Uninstall, "bash", bash, &[BASH], UNINSTALL),
        // One file comes back and the other goes.
        Case { then: without_zshrc, ..case(Restore, "zsh, a file gone", zsh, &[ZSH], RESTORE) },
        case(Restore, "two folders, out", folders, &[ZSH], RESTORE),
        case(Restore, "two folders, back in", folders, &[ZSH, UNINSTALL], RESTORE),
        case(Restore, "bash", bash, &[BASH], RESTORE),
    ]
}

/// What the long form sweeps besides.
pub(super) fn more_cases() -> Vec<Case> {
    let mut more = vec![
        case(Apply, "four files", both, &[], BOTH),
        case(Apply, "zsh after bash", both, &[BASH], ZSH),
        case(Uninstall, "four files", both, &[BOTH], UNINSTALL),
        case(Restore, "four files", both, &[BOTH], RESTORE),
        case(Restore, "four files, back in", both, &[BOTH, UNINSTALL], RESTORE),
    ];
    let plain = cases().into_iter().chain(more.clone());
    let blunt: Vec<Case> = plain.map(Case::without_exchange).collect();
    more.extend(blunt);
    more
}

/// Runs that have to finish what another one left, which was killed.
pub(super) fn recovering() -> Vec<Case> {
    let mut recovering = Vec::new();
    for (n, case) in cases().into_iter().enumerate() {
        // By turns; both would take twice as long.
        let stop = if n % 2 == 0 { Stop::BeforeMark } else { Stop::AfterMark };
        recovering.push(Case { killed: Some(stop), ..case });
    }
    recovering
}

/// The same, and with the other moment, and without exchange.
pub(super) fn more_recovering() -> Vec<Case> {
    let all = cases().into_iter().chain(more_cases());
    let both = |case| [Stop::BeforeMark, Stop::AfterMark].map(|stop| Case { killed: Some(stop), ..case });
    all.flat_map(both).collect()
}

/// Where our state folder is.
const STATE: &str = ".local/state/goenv-setup";

/// The home of a case, which can be put back, and what is known of a run in it that nobody disturbs.
pub(super) struct Stage {
    pub(super) home: Home,
    pub(super) case: Case,
    pub(super) args: Vec<String>,
    /// Before anything of ours was run in it.
    pub(super) original: Shot,
    original_tree: Tree,
    pub(super) old: Shot,
    pub(super) new: Shot,
    /// The calls of the undisturbed run that change something in the home.
    pub(super) points: Vec<Call>,
    /// All of its calls.
    pub(super) calls: Vec<Call>,
}

impl Stage {
    pub(super) fn new(case: Case) -> Self {
        let mut home = Home::with_go();
        (case.scene)(&mut home);
        let (original, original_tree) = (Shot::of(&home), home.tree());
        for args in case.earlier {
            home.run(&[*args, &["-y"]].concat()).ok();
        }
        (case.then)(&home);
        let newest = || {
            let names = fs_err::read_dir(home.path(STATE).join("backups")).expect("there is a backup");
            let names = names.map(|entry| entry.expect("a readable folder").file_name());
            names.max().expect("there is a backup").into_string().expect("a plain name")
        };
        let mut args: Vec<String> =
            case.args.iter().map(|arg| if *arg == "ID" { newest() } else { (*arg).into() }).collect();
        args.push("-y".into());
        if args[0] == "apply" {
            // Faults are for the transaction; shells that are started between are not its business.
            args.push("--no-verify".into());
        }
        Ran::of(&home.command("cp", &["-a".as_ref(), home.path("").as_os_str(), home.beside("kept").as_os_str()])).ok();
        let old = Shot::of(&home);
        let (ran, calls) = strace::follow(&home, &args, &case.faults());
        ran.ok();
        let new = Shot::of(&home);
        assert_ne!(old, new, "{}: nothing was done", case.name);
        let mut stage = Self { home, case, args, original, original_tree, old, new, points: Vec::new(), calls };
        if let Some(stop) = case.killed {
            stage.stop(stop);
        }
        stage.points = stage.changes();
        assert!(stage.points.len() > 5, "{}: only {:?}", case.name, stage.points);
        stage
    }

    /// Kills a first run at this moment, and starts from there.
    fn stop(&mut self, stop: Stop) {
        let points = self.changes();
        let marks = |call: &Call| call.name.starts_with("open") && call.paths.iter().any(|path| path.ends_with("done"));
        let mark = points.iter().position(marks).expect("every run makes its mark");
        let point = match stop {
            Stop::BeforeMark => &points[mark],
            Stop::AfterMark => {
                points[mark..].iter().find(|call| !marks(call) && call.name != "fsync").expect("it cleans up")
            }
        };
        let ran = self.meddle(point, "signal=KILL");
        assert_eq!(ran.status, 137, "{ran}");
        let [home, kept] = [self.home.path(""), self.home.beside("kept")];
        fs_err::remove_dir_all(&kept).expect("the copy is ours");
        Ran::of(&self.home.command("cp", &["-a".as_ref(), home.as_os_str(), kept.as_os_str()])).ok();
        let (ran, calls) = strace::follow(&self.home, &self.args, &self.case.faults());
        ran.ok();
        let differences = self.new.differences(&Shot::of(&self.home));
        assert!(differences.is_empty(), "{}: {differences:?}", self.word());
        self.calls = calls;
    }

    /// The calls that change something in the home.
    fn changes(&self) -> Vec<Call> {
        let (case, home) = (self.case, self.home.path(""));
        let known = |call: &&Call| {
            call.changes(&home) && !case.always.iter().any(|fault| fault.starts_with(&format!("{}:", call.name)))
        };
        self.calls.iter().filter(known).cloned().collect()
    }

    /// Makes the home what it was before the command.
    pub(super) fn reset(&self) {
        let [home, kept] = [self.home.path(""), self.home.beside("kept")];
        fs_err::remove_dir_all(&home).expect("the home is ours");
        Ran::of(self.home.command("cp", &["-a".as_ref(), kept.as_os_str(), home.as_os_str()]).current_dir("/")).ok();
    }

    /// Runs the command from the start, with something done to one of its calls.
    pub(super) fn meddle(&self, point: &Call, how: &str) -> Ran {
        self.reset();
        strace::meddle(&self.home, &self.args, point, how, &self.case.faults())
    }

    /// Runs the command as it is.
    pub(super) fn again(&self) -> Ran {
        self.home.run(&self.args)
    }

    /// What is wrong after `uninstall --purge`, of all of the home.
    pub(super) fn purged(&self) -> Vec<String> {
        self.original_tree.differences(&self.home.tree())
    }

    /// What is new in the home, state folder and all, since before the command.
    pub(super) fn grown(&self) -> Vec<String> {
        let kept = Tree::of(&self.home.beside("kept"));
        let mut new = kept.differences(&self.home.tree());
        new.retain(|line| line.starts_with('+'));
        new
    }

    /// The real startup files of the command, with a folder of each that is there before and after.
    pub(super) fn touched(&self) -> Vec<PathBuf> {
        let paths: std::collections::BTreeSet<_> = self.old.0.keys().chain(self.new.0.keys()).collect();
        let changed = |path: &&&PathBuf| self.old.0.get(**path) != self.new.0.get(**path);
        let file = |path: &&PathBuf| {
            let is_file = |shot: &Shot| shot.0.get(*path).is_some_and(|entry| matches!(entry.kind, Kind::File(_)));
            is_file(&self.old) || is_file(&self.new)
        };
        paths.iter().filter(changed).copied().filter(file).cloned().collect()
    }

    /// For messages.
    pub(super) fn word(&self) -> String {
        let blunt = if self.case.always.is_empty() { "" } else { ", no exchange" };
        let killed = self.case.killed.map(|stop| format!(", a run was killed {stop:?}")).unwrap_or_default();
        format!("{:?}, {}{blunt}{killed}", self.case.which, self.case.name)
    }
}

impl Case {
    /// The same where the file system cannot swap two files.
    pub(super) fn without_exchange(self) -> Self {
        Self { always: NO_EXCHANGE, ..self }
    }

    fn faults(&self) -> Vec<String> {
        self.always.iter().map(|fault| (*fault).to_owned()).collect()
    }
}

/// All of a home but our state folder, as far as a user can tell: names, content, modes, attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shot(pub(super) BTreeMap<PathBuf, Seen>);

/// One entry of a home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) kind: Kind,
    mode: u32,
    attributes: BTreeMap<OsString, Vec<u8>>,
}

impl Shot {
    pub(super) fn of(home: &Home) -> Self {
        let attributes = |path: &Path| {
            let path = home.path(path);
            let names = xattr::list(&path).into_iter().flatten();
            let users = names.filter(|name| name.as_encoded_bytes().starts_with(b"user."));
            users.filter_map(|name| Some((name.clone(), xattr::get(&path, &name).ok()??))).collect()
        };
        let seen = |(path, entry): (PathBuf, crate::support::Entry)| {
            let seen = Seen { kind: entry.kind, mode: entry.mode, attributes: attributes(&path) };
            (path, seen)
        };
        Self(home.tree().without_state().0.into_iter().map(seen).collect())
    }

    /// The temporary files that stand beside startup files.
    pub(super) fn strays(&self) -> Vec<&PathBuf> {
        self.0.keys().filter(|path| is_temporary(path)).collect()
    }

    /// The same without the state folder that is in the making, which no journal knows of yet.
    pub(super) fn without_draft(mut self) -> Self {
        self.0.retain(|path, _| !path.starts_with(".goenv-setup-state~"));
        self
    }

    /// What is different, by name.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let names: std::collections::BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        for name in names {
            let [a, b] = [self, other].map(|shot| shot.0.get(name));
            if a != b {
                lines.push(format!("{}: {a:?} became {b:?}", name.display()));
            }
        }
        lines
    }

    /// What is neither as in `old` nor as in `new`.
    pub(super) fn torn(&self, old: &Self, new: &Self) -> Vec<String> {
        let names: std::collections::BTreeSet<_> = self.0.keys().chain(old.0.keys()).chain(new.0.keys()).collect();
        let torn = names.into_iter().filter(|name| {
            let now = self.0.get(*name);
            now != old.0.get(*name) && now != new.0.get(*name) && !is_temporary(name)
        });
        torn.map(|name| format!("{}: {:?}", name.display(), self.0.get(name))).collect()
    }
}

fn is_temporary(path: &Path) -> bool {
    path.iter().any(|name| name.as_encoded_bytes().starts_with(b".goenv-setup-"))
}

/// The journals that have no mark of their end, and whether any of them came to its commit point.
pub(super) struct Unfinished {
    pub(super) any: bool,
    /// One is to be taken back.
    pub(super) open: bool,
}

pub(super) fn unfinished(home: &Home) -> Unfinished {
    let mut found = Unfinished { any: false, open: false };
    let entries = fs_err::read_dir(home.path(STATE).join("backups")).into_iter().flatten().flatten();
    for folder in entries.map(|entry| entry.path()) {
        let has = |name: &str| folder.join(name).exists();
        if has("receipt.json") && !has("recovered") && !(has("done") && has("clean")) {
            found.any = true;
            found.open |= !has("done");
        }
    }
    found
}
