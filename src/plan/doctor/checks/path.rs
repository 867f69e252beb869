//! P: the `go` command and PATH.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::super::super::apply::ApplyPlan;
use super::super::super::goversion::GoVersion;
use super::super::super::kinds::Landmarks;
use super::super::super::request::Source;
use super::super::super::stable::{self, Keep};
use super::super::lines::{bringing, naming};
use super::super::lives::unique;
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::contexts::is_lost_in_container;
use super::startup::{Why, lost, no_go_in, that_finds_go, where_it_is};
use super::{case, starts};
use crate::facts::GoDir;
use crate::facts::path::{Entry, GoFile};
use crate::text::show::sanitise;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "P-01", title: "no Go on this machine", severity: Severity::Error, look: no_go },
    Check { id: "P-02", title: "Go is here, and terminals do not find it", severity: Severity::Error, look: not_found },
    Check { id: "P-04", title: "an older Go hides a newer one", severity: Severity::Warning, look: two_releases },
    Check { id: "P-06", title: "the first go on PATH is a link to nothing", severity: Severity::Error, look: dangling },
    Check { id: "P-08", title: "a tilde that only bash understands", severity: Severity::Warning, look: tilde },
    Check { id: "P-09", title: "an entry of PATH that names no folder", severity: Severity::Warning, look: odd_entry },
    Check {
        id: "P-10",
        title: "a folder named by an empty variable",
        severity: Severity::Warning,
        look: empty_variable,
    },
    Check { id: "P-11", title: "entries of PATH more than once", severity: Severity::Info, look: repeated },
    Check { id: "P-13", title: "installed tools are not found", severity: Severity::Error, look: tools },
    Check { id: "P-14", title: "installed tools hide the system's", severity: Severity::Warning, look: shadowing },
    Check { id: "X-01", title: "go may not be executed", severity: Severity::Error, look: not_executable },
];

/// Whether any Go is known, on any PATH, in a usual place or where a line about PATH says, even one that does not run.
pub(super) fn is_any_known(scene: &Scene) -> bool {
    let entries = scene.seen().flat_map(|start| &start.path).chain(&scene.named);
    let by_tilde = || scene.seen().any(|start| start.by_tilde);
    let known = !scene.facts.go.well_known.is_empty() || !scene.mentioned.is_empty();
    known || by_tilde() || entries.into_iter().any(is_go_of_some_kind)
}

fn no_go(scene: &Scene) -> Vec<Case> {
    if is_any_known(scene) || is_lost_in_container(scene) {
        return Vec::new();
    }
    let advice = "install Go as https://go.dev/doc/install says, then `goenv-setup apply`";
    let names = scene.terminals().map(Observed::name).collect();
    let what = "there is no Go on PATH nor in any usual place".to_owned();
    // A line of any file may have put one on PATH, and another have thrown it away.
    let promised: Vec<String> = scene.promised().map(Observed::name).collect();
    vec![case(what, names, Fix::Advice(advice.to_owned())).wants("PATH", &promised)]
}

/// A shell, and the lines for Go that it comes to and does not run.
type Idle<'a> = (&'a str, Vec<(PathBuf, usize)>);

fn not_found(scene: &Scene) -> Vec<Case> {
    let found = lost(scene).filter_map(|(start, why)| {
        let lines = match why {
            Why::Unknown => Vec::new(),
            Why::Condition(lines) => lines,
            _ => return None,
        };
        Some((start.name(), (start.row.shell.name(), lines)))
    });
    let case = |((shell, lines), names): (Idle, Vec<String>)| {
        let lines = lines.into_iter().map(|(file, line)| {
            let what = "puts Go on PATH, on a condition that does not hold here".to_owned();
            Evidence::Line { file, line, what }
        });
        let what = format!("{}, and {}", no_go_in(&names), where_it_is(scene));
        let other: Vec<String> = that_finds_go(scene, shell).map(Observed::name).into_iter().collect();
        let case = Case::new(what).with(lines).with(starts(names.clone())).fix(scene.apply(shell, "PATH"));
        case.wants("PATH", &names).wants("PATH", &other)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

/// Something that is called `go`, though it may not run: other checks tell of it.
pub(super) fn is_go_of_some_kind(entry: &Entry) -> bool {
    !matches!(entry.go, GoFile::Absent | GoFile::Folder)
}

fn two_releases(scene: &Scene) -> Vec<Case> {
    let releases = scene.terminals().filter_map(|start| {
        let on_path = start.path.iter().filter(|entry| entry.go == GoFile::Runs);
        let dirs: Vec<&GoDir> =
            on_path.filter_map(|entry| scene.gos.iter().find(|dir| dir.bin == Path::new(&entry.text))).collect();
        let version = |dir: &GoDir| GoVersion::parse(dir.version.as_deref()?);
        let first = *dirs.first()?;
        let mut found: Vec<(GoVersion, &Path)> = vec![(version(first)?, &first.bin)];
        for dir in &dirs[1..] {
            // A shim of a version manager's names no release.
            let Some(version) = version(dir) else { continue };
            if !found.iter().any(|(known, _)| *known == version) {
                found.push((version, &dir.bin));
            }
        }
        // The newest one in front is what everybody wants who has a distribution's Go behind it; and which one a version
        // manager or our own block puts there is what it is for.
        let older = found.iter().any(|(version, _)| *version > found[0].0);
        let wanted = is_managed(scene, &first.bin) || is_carried(scene, &first.bin);
        (older && !wanted).then(|| (start.name(), found))
    });
    let case = |(found, names): (Vec<(GoVersion, &Path)>, Vec<String>)| {
        let list: Vec<String> =
            found.iter().map(|(version, bin)| format!("{version} in {}", scene.show(bin))).collect();
        let what = format!("{} are on PATH, and the first one counts", list.join(" and "));
        let first = found[0].1;
        let observed = scene.terminals().filter(|start| names.contains(&start.name()));
        let lines = unique(observed.flat_map(|start| bringing(scene, start, first.as_os_str())));
        let evidence: Vec<Evidence> = lines.into_iter().map(|line| line.evidence("puts the first one there")).collect();
        let newest = found.iter().max_by_key(|(version, _)| *version).and_then(|(_, bin)| bin.parent());
        let newest = newest.map_or_else(|| "DIR".to_owned(), |root| scene.word(root));
        let advice = format!(
            "take the older one out of that line, or have the newer one in front: `goenv-setup apply --goroot {newest}`"
        );
        case(what, names.clone(), Fix::Advice(advice)).with(evidence).wants("PATH", &names)
    };
    Scene::by_value(releases).into_iter().map(case).collect()
}

/// Whether a block of ours carries the Go in this folder.
fn is_carried(scene: &Scene, bin: &Path) -> bool {
    let by_block = |plan: &&ApplyPlan| plan.settings.go.from == Source::Block;
    scene.plan.filter(by_block).is_some_and(|plan| plan.settings.go.value.bin.as_deref() == Some(bin))
}

/// Whether a version manager puts this folder on PATH.
fn is_managed(scene: &Scene, bin: &Path) -> bool {
    let facts = scene.facts;
    let land = Landmarks { home: &facts.user.home, variables: &facts.env.go_folders, marks: &facts.go.marks };
    matches!(stable::keep(bin, &land), Keep::Manager(_))
}

fn dangling(scene: &Scene) -> Vec<Case> {
    let found = scene.promised().filter_map(|start| {
        let first = start.path.iter().find(|entry| is_go_of_some_kind(entry))?;
        let GoFile::Dangling(target) = &first.go else { return None };
        Some((start.name(), (first.text.clone(), target.clone())))
    });
    let cases = Scene::by_value(found).into_iter().map(|((folder, target), names)| {
        let link = Path::new(&folder).join("go");
        let what = format!("{} leads to {}, which is not there", scene.show(&link), scene.show(&target));
        let advice = format!("reinstall the Go that it belonged to, or remove the link: `rm {}`", scene.word(&link));
        case(what, names, Fix::Advice(advice)).with([Evidence::File(link)])
    });
    cases.collect()
}

/// The commands called `go` that we may not execute, where no start finds another in their place: on PATH, or where the
/// block looks for it.
pub(super) fn blocked(scene: &Scene) -> Vec<(PathBuf, Vec<String>)> {
    let found = scene.promised().filter(|start| start.go().is_none()).filter_map(|start| {
        let mut entries = start.path.iter().chain(&scene.named);
        let entry = entries.find(|entry| entry.go == GoFile::NotExecutable)?;
        Some((start.name(), Path::new(&entry.text).join("go")))
    });
    Scene::by_value(found)
}

fn not_executable(scene: &Scene) -> Vec<Case> {
    let case = |(go, names): (PathBuf, Vec<String>)| {
        let what = format!("you may not execute {}", scene.show(&go));
        case(what, names, Fix::Command(format!("chmod a+rx {}", scene.word(&go)))).with([Evidence::File(go)])
    };
    blocked(scene).into_iter().map(case).collect()
}

/// A case for each value that an entry of PATH has in some starts, with the lines that name it.
fn entries(scene: &Scene, wanted: impl Fn(&[u8]) -> bool, what: impl Fn(&str) -> String, fix: &str) -> Vec<Case> {
    let mut found: Vec<(&OsStr, Vec<&Observed>)> = Vec::new();
    for start in scene.seen() {
        for entry in start.path.iter().filter(|entry| wanted(entry.text.as_bytes())) {
            match found.iter_mut().find(|(text, _)| *text == entry.text) {
                Some((_, starts)) if starts.iter().any(|known| std::ptr::eq(*known, start)) => {}
                Some((_, starts)) => starts.push(start),
                None => found.push((&entry.text, vec![start])),
            }
        }
    }
    let case = |(text, observed): (&OsStr, Vec<&Observed>)| {
        let lines = unique(observed.iter().flat_map(|start| bringing(scene, start, text)));
        let evidence = lines.into_iter().map(|line| line.evidence("puts it there"));
        let shown = sanitise(text.as_bytes());
        let names: Vec<String> = observed.iter().map(|start| start.name()).collect();
        let case = Case::new(what(&shown)).with(evidence).with(starts(names.clone()));
        case.fix(Fix::Advice(fix.to_owned())).wants("PATH", &names)
    };
    found.into_iter().map(case).collect()
}

fn tilde(scene: &Scene) -> Vec<Case> {
    entries(
        scene,
        |text| text.starts_with(b"~"),
        |shown| format!("PATH has the entry `{shown}`, and programs do not expand the tilde"),
        "write `$HOME` in its place",
    )
}

fn odd_entry(scene: &Scene) -> Vec<Case> {
    let crlf = super::files::has_windows_line_ends(scene);
    let odd = |text: &[u8]| {
        // Where the line that brings it ends as on Windows, F-06 tells.
        let text = if crlf { text.strip_suffix(b"\r").unwrap_or(text) } else { text };
        let bent = text != text.trim_ascii() || text.iter().any(|byte| matches!(byte, b'"' | b'\'' | b'\r' | b'\n'));
        let relative = !text.is_empty() && !text.starts_with(b"/") && !text.starts_with(b"~");
        bent || relative || text.starts_with(b"$")
    };
    entries(
        scene,
        odd,
        |shown| format!("PATH has the entry `{shown}`, which is no absolute path"),
        "write the folder as an absolute path, without blanks and quotes around it",
    )
}

fn empty_variable(scene: &Scene) -> Vec<Case> {
    let mut cases = Vec::new();
    for start in scene.terminals() {
        let Some(first) = start.path.first().filter(|entry| matches!(entry.text.as_bytes(), b"/bin" | b"//bin")) else {
            continue;
        };
        for variable in ["GOPATH", "GOROOT", "GOBIN"] {
            let needle = [format!("${variable}/bin"), format!("${{{variable}}}/bin")];
            let lines: Vec<_> = needle.iter().flat_map(|needle| naming(scene, start, OsStr::new(needle))).collect();
            if start.variable(variable).is_none() && !lines.is_empty() {
                let what = format!(
                    "PATH begins with `{}`: {variable} was empty where it was put there",
                    sanitise(first.text.as_bytes())
                );
                let evidence =
                    lines.into_iter().map(|line| line.evidence(&format!("names ${variable}, which is not set")));
                cases.push(
                    Case::new(what)
                        .with(evidence)
                        .with(starts(vec![start.name()]))
                        .fix(Fix::Advice(format!("set {variable} above that line, or name the folder itself"))),
                );
            }
        }
    }
    cases
}

fn repeated(scene: &Scene) -> Vec<Case> {
    let found = scene.terminals().filter_map(|start| {
        let twice = |(at, entry): &(usize, &Entry)| {
            // The first `/bin` of all has a check of its own.
            let own = start.path[0].text == "/bin" && entry.text == "/bin";
            !entry.text.is_empty() && !own && start.path[..*at].iter().any(|earlier| earlier.text == entry.text)
        };
        let mut names: Vec<String> =
            start.path.iter().enumerate().filter(twice).map(|(_, entry)| sanitise(entry.text.as_bytes())).collect();
        names.sort();
        names.dedup();
        (!names.is_empty()).then(|| (start.name(), names))
    });
    let cases = Scene::by_value(found).into_iter().map(|(entries, names)| {
        let what = format!("PATH names {} more than once", entries.join(", "));
        case(what, names, Fix::Advice("it does no harm; a line that adds to PATH is read twice".to_owned()))
    });
    cases.collect()
}

/// The folder of installed tools of a start: GOBIN, else `bin` in the first folder of GOPATH.
fn tools_folder(scene: &Scene, start: &Observed) -> Option<PathBuf> {
    let stored = |name: &str| scene.facts.go.env_file.as_ref().and_then(|file| file.value(name)).map(OsStr::to_owned);
    let variable = |name: &str| start.variable(name).map(OsStr::to_owned).or_else(|| stored(name));
    if let Some(gobin) = variable("GOBIN") {
        return Some(gobin.into());
    }
    // A shim of a version manager may set GOPATH itself, for the Go that it runs.
    let by_itself = || start.looked.go.as_ref()?.real_root.as_ref().map(|_| scene.facts.user.home.join("go"));
    let gopath = variable("GOPATH").or_else(|| by_itself().map(PathBuf::into_os_string))?;
    super::super::scene::list(&gopath).into_iter().next().map(|first| first.join("bin"))
}

fn tools(scene: &Scene) -> Vec<Case> {
    let found = scene.promised().filter_map(|start| {
        let folder = tools_folder(scene, start)?;
        let on_path = start.path.iter().any(|entry| Path::new(&entry.text) == folder);
        let holds = scene.tools.iter().any(|(known, programs)| *known == folder && !programs.is_empty());
        (!on_path && holds && start.go().is_some()).then(|| (start.name(), (folder, start.row.shell.name())))
    });
    let cases = Scene::by_value(found).into_iter().map(|((folder, shell), names)| {
        let what = format!("{} holds tools that `go install` put there, and is not on PATH", scene.show(&folder));
        case(what, names, scene.apply(shell, "GOPATH")).with([Evidence::File(folder)])
    });
    cases.collect()
}

/// Programs that people rely on to be the system's.
const SYSTEMS: &[&str] = &[
    "awk", "bash", "cat", "chmod", "cp", "curl", "env", "find", "git", "go", "grep", "gzip", "kill", "ln", "ls",
    "make", "mkdir", "mv", "ps", "python3", "rm", "sed", "sh", "sort", "ssh", "su", "sudo", "tar", "tee", "test",
    "touch", "which", "xargs",
];

fn shadowing(scene: &Scene) -> Vec<Case> {
    let found = scene.terminals().filter_map(|start| {
        // Where Go itself is, its own commands are what is wanted.
        let folder = tools_folder(scene, start).filter(|folder| start.go().and_then(Path::parent) != Some(folder))?;
        let at = |wanted: &Path| start.path.iter().position(|entry| Path::new(&entry.text) == wanted);
        let (ours, systems) = (at(&folder)?, at(Path::new("/usr/bin"))?);
        let (_, programs) = scene.tools.iter().find(|(known, _)| *known == folder)?;
        let hidden: Vec<&str> =
            SYSTEMS.iter().copied().filter(|name| programs.iter().any(|known| known == name)).collect();
        (ours < systems && !hidden.is_empty()).then(|| (start.name(), (folder, hidden)))
    });
    let cases = Scene::by_value(found).into_iter().map(|((folder, hidden), names)| {
        let what = format!("{} stands before /usr/bin on PATH, and holds {}", scene.show(&folder), hidden.join(", "));
        let observed = scene.terminals().filter(|start| names.contains(&start.name()));
        let lines = unique(observed.flat_map(|start| bringing(scene, start, folder.as_os_str())));
        let evidence: Vec<Evidence> = lines.into_iter().map(|line| line.evidence("puts it there")).collect();
        let advice = format!(
            "put {} behind what PATH holds, as in `PATH=\"$PATH:…\"`, or remove those tools",
            scene.show(&folder)
        );
        case(what, names.clone(), Fix::Advice(advice)).with(evidence).wants("PATH", &names)
    });
    cases.collect()
}
