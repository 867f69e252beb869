//! P: the `go` command and PATH.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::super::super::apply::ApplyPlan;
use super::super::super::goversion::GoVersion;
use super::super::super::kinds::Landmarks;
use super::super::super::request::Source;
use super::super::super::stable::{self, Keep};
use super::super::super::status::Row;
use super::super::known::{
    blocked, is_any_known, is_carried_in, is_go_of_some_kind, is_lost_in_container, where_it_is,
};
use super::super::line::Line;
use super::super::lines::{bringing, setting};
use super::super::lives::unique;
use super::super::lost::{Why, lost, no_go_in, that_finds_go};
use super::super::meant::{Slip, by_reading, emptied, is_left};
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::files::to_unix;
use super::goroot::is_put_before_the_block;
use super::{case, starts, stored_line};
use crate::facts::GoDir;
use crate::facts::path::{self, Entry, GoFile};
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
        let case = Case::new(what).with(lines).with(of_a_moved_go(scene, shell)).with(starts(names.clone()));
        let case = case.fix(scene.apply(shell, "PATH"));
        case.wants("PATH", &names).wants("PATH", &other)
    };
    Scene::by_value(found).into_iter().map(case).chain(meant_for_it(scene)).chain(closed(scene)).collect()
}

/// The starts in which nothing may put Go on PATH.
fn closed(scene: &Scene) -> Vec<Case> {
    let found = lost(scene).filter_map(|(start, why)| match why {
        Why::Closed(lines) => Some((start.name(), lines)),
        _ => None,
    });
    let case = |(lines, names): (Vec<Line>, Vec<String>)| {
        let what = format!("{}, and {}; PATH may not be changed there", no_go_in(&names), where_it_is(scene));
        let evidence = lines.into_iter().map(|line| line.evidence("makes PATH read-only"));
        let advice =
            "put that line below everything that adds to PATH, the block of goenv-setup included, or take it out";
        Case::new(what).with(evidence).with(starts(names)).fix(Fix::Advice(advice.to_owned()))
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

/// The blocks of a shell that look for a Go where it is no more.
fn of_a_moved_go(scene: &Scene, shell: &str) -> Vec<Evidence> {
    let Some(bin) = scene.gone() else { return Vec::new() };
    let rows = scene.status.rows.iter().filter(|row| scene.facts.shell_of(&row.path).name() == shell);
    let what = format!("begins the block, which looks for Go in {}, where it is not", scene.show(bin));
    let place = |row: &Row| {
        let line = row.line?;
        Some(Evidence::Line { file: row.path.clone(), line, what: what.clone() })
    };
    rows.filter_map(place).collect()
}

/// The starts that find no Go because what was to bring it is put down wrongly.
fn meant_for_it(scene: &Scene) -> Vec<Case> {
    let slipped = lost(scene).filter_map(|(start, why)| match why {
        Why::Meant(slips) => Some((start.name(), slips)),
        _ => None,
    });
    let case = |(slips, names): (Vec<(Slip, Vec<Line>)>, Vec<String>)| {
        let what =
            format!("{}, and {}; what is to bring it names something else", no_go_in(&names), where_it_is(scene));
        let by_line_end =
            |(slip, _): &(Slip, Vec<Line>)| matches!(slip, Slip::Literal(text) if text.as_bytes().ends_with(b"\r"));
        let file = slips.iter().find(|slip| by_line_end(slip)).and_then(|(_, lines)| lines.first());
        let unix = file.and_then(|line| to_unix(scene, scene.file(&line.file)?));
        let mut advice: Vec<String> = slips.iter().map(|(slip, _)| slip.advice()).collect();
        advice.dedup();
        let evidence = slips.into_iter().flat_map(|(slip, lines)| {
            let does = slip.does();
            lines.into_iter().map(move |line| line.evidence(&does))
        });
        let case = Case::new(what).with(evidence).with(starts(names.clone()));
        case.fix(unix.unwrap_or_else(|| Fix::Advice(advice.join("; ")))).wants("PATH", &names)
    };
    Scene::by_value(slipped).into_iter().map(case).collect()
}

/// Whether it is told of a start that finds no Go that this entry of PATH, or what is left of one, was meant for it.
fn is_told_of(scene: &Scene, entry: &OsStr) -> bool {
    let told = |slip: &Slip| match slip {
        Slip::Literal(text) | Slip::Beside(text) => text == entry,
        Slip::Empty(_) => is_left(entry.as_bytes()),
    };
    lost(scene).any(|(_, why)| matches!(why, Why::Meant(slips) if slips.iter().any(|(slip, _)| told(slip))))
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
        // Where GOROOT is that of our block all the same, R-02 tells.
        let wanted = is_managed(scene, &first.bin) || is_carried(scene, &first.bin);
        let wanted = wanted || older && is_put_before_the_block(scene, start);
        (older && !wanted).then(|| (start.name(), found))
    });
    let case = |(found, names): (Vec<(GoVersion, &Path)>, Vec<String>)| {
        let list: Vec<String> =
            found.iter().map(|(version, bin)| format!("{version} in {}", scene.show(bin))).collect();
        let what = format!("{} are on PATH, and the first one counts", list.join(" and "));
        let first = found[0].1;
        let observed = || scene.terminals().filter(|start| names.contains(&start.name()));
        let lines = unique(observed().flat_map(|start| bringing(scene, start, first.as_os_str())));
        let evidence: Vec<Evidence> = lines.into_iter().map(|line| line.evidence("puts the first one there")).collect();
        let newest = found.iter().max_by_key(|(version, _)| *version).map(|(_, bin)| *bin);
        let at = |start: &Observed, folder: &Path| start.path.iter().position(|entry| Path::new(&entry.text) == folder);
        // A block moves its Go to the front only from behind the system's, and only past what stands above the block.
        let moves = |start: &Observed| {
            let behind = newest.and_then(|bin| at(start, bin)) > at(start, Path::new("/usr/bin"));
            behind && !is_carried_in(scene, start.row.shell.name())
        };
        let root = newest.and_then(Path::parent).filter(|_| observed().all(moves));
        let further = root.map_or_else(
            || "put the newer one in front of it".to_owned(),
            |root| format!("have the newer one in front: `goenv-setup apply --goroot {}`", scene.word(root)),
        );
        let advice = format!("take the older one out of that line, or {further}");
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
        // Where GOPATH is not absolute, G-01 or G-02 tells, and whoever puts its `bin` there cannot help it.
        let gopath = start.variable("GOPATH").and_then(|list| path::list(list).into_iter().next());
        let bin = gopath.filter(|first| !first.is_absolute()).map(|first| first.join("bin"));
        let of_gopath = |entry: &&Entry| bin.as_deref() == Some(Path::new(&entry.text));
        let wanted = |entry: &&Entry| wanted(entry.text.as_bytes()) && !of_gopath(entry);
        for entry in start.path.iter().filter(wanted).filter(|entry| !is_told_of(scene, &entry.text)) {
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
        let relative = !text.starts_with(b"/") && !text.starts_with(b"~");
        bent || relative || text.starts_with(b"$")
    };
    entries(
        scene,
        odd,
        |shown| match shown {
            "" => "PATH has an empty entry, which is whatever folder you are in".to_owned(),
            _ => format!("PATH has the entry `{shown}`, which is no absolute path"),
        },
        "write the folder as an absolute path, without blanks and quotes around it, and no colon too many",
    )
}

/// The lines that name the folder of a variable which was empty there, each with the variable.
fn of_empty_variables(scene: &Scene, start: &Observed) -> Vec<(Line, String)> {
    if let Some(lines) = emptied(scene, start) {
        return lines;
    }
    // Nobody's PATH has `/bin` twice, or first of all, but by such a line.
    let left = start.path.iter().filter(|entry| is_left(entry.text.as_bytes())).count();
    let first = start.path.first().is_some_and(|entry| is_left(entry.text.as_bytes()));
    if first || left > 1 { by_reading(scene, start) } else { Vec::new() }
}

fn empty_variable(scene: &Scene) -> Vec<Case> {
    if is_told_of(scene, OsStr::new("/bin")) {
        return Vec::new();
    }
    let found = scene.terminals().flat_map(|start| {
        of_empty_variables(scene, start).into_iter().map(|(line, name)| (start.name(), (line, name)))
    });
    let case = |((line, name), names): ((Line, String), Vec<String>)| {
        let what = format!("PATH has `/bin` in place of a folder of Go's: {name} was empty where it was put there");
        let evidence = line.evidence(&Slip::Empty(name.clone()).does());
        let advice = Fix::Advice(Slip::Empty(name).advice());
        Case::new(what).with([evidence]).with(starts(names.clone())).fix(advice).wants("PATH", &names)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

fn repeated(scene: &Scene) -> Vec<Case> {
    let left = is_told_of(scene, OsStr::new("/bin"));
    let found = scene.terminals().filter_map(|start| {
        // What an empty variable has left there has a check of its own.
        let left = left || !of_empty_variables(scene, start).is_empty();
        let twice = |(at, entry): &(usize, &Entry)| {
            let own = left && is_left(entry.text.as_bytes());
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

/// The folder of installed tools of a start: GOBIN, else `bin` in the first folder of GOPATH; and the variable that says
/// so, if one does.
fn tools_folder(scene: &Scene, start: &Observed) -> Option<(PathBuf, Option<&'static str>)> {
    let stored = |name: &str| scene.facts.go.env_file.as_ref().and_then(|file| file.value(name)).map(OsStr::to_owned);
    let variable = |name: &str| start.variable(name).map(OsStr::to_owned).or_else(|| stored(name));
    if let Some(gobin) = variable("GOBIN") {
        return Some((gobin.into(), Some("GOBIN")));
    }
    let bin = |gopath: OsString| path::list(&gopath).into_iter().next().map(|first| first.join("bin"));
    if let Some(gopath) = variable("GOPATH") {
        return Some((bin(gopath)?, Some("GOPATH")));
    }
    // A shim of a version manager may set GOPATH itself, for the Go that it runs.
    start.looked.go.as_ref()?.real_root.as_ref()?;
    Some((scene.facts.user.home.join("go/bin"), None))
}

fn tools(scene: &Scene) -> Vec<Case> {
    let found = scene.promised().filter_map(|start| {
        let (folder, by) = tools_folder(scene, start)?;
        let on_path = start.path.iter().any(|entry| Path::new(&entry.text) == folder);
        let holds = scene.tools.iter().any(|(known, programs)| *known == folder && !programs.is_empty());
        (!on_path && holds && start.go().is_some()).then(|| {
            // Who reads one line in two shells has one disease.
            let lines = by.map(|name| setting(scene, start, name)).unwrap_or_default();
            let shell = Some(start.row.shell.name()).filter(|_| lines.is_empty());
            (start.name(), (folder, by, lines, shell))
        })
    });
    let cases = Scene::by_value(found).into_iter().map(|((folder, by, lines, shell), names)| {
        let what = format!("{} holds tools that `go install` put there, and is not on PATH", scene.show(&folder));
        let observed = || scene.seen().filter(|start| names.contains(&start.name()));
        let stored = scene.facts.go.env_file.as_ref().zip(by).filter(|(file, name)| {
            file.value(name).is_some() && observed().any(|start| start.variable(name).is_none())
        });
        let fix = match (by, shell.or(observed().next().map(|start| start.row.shell.name()))) {
            (Some("GOBIN"), _) => Fix::Command(format!("goenv-setup apply --gobin {}", scene.word(&folder))),
            (_, Some(shell)) if lines.is_empty() || !is_carried_in(scene, shell) => scene.apply(shell, "GOPATH"),
            // The block has put the `bin` of another one there before that line came.
            _ => Fix::Advice("move that line above the block, which puts the `bin` of GOPATH on PATH".to_owned()),
        };
        let evidence = lines.into_iter().map(|line| line.evidence(&format!("sets {}", by.unwrap_or("it"))));
        let case = Case::new(what).with(evidence.collect::<Vec<_>>());
        let case = case.with(stored.map(|(file, name)| stored_line(file, name))).with([Evidence::File(folder)]);
        let case = case.with(starts(names.clone())).fix(fix);
        by.map_or(case.clone(), |name| case.wants(name, &names))
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
        let (folder, _) =
            tools_folder(scene, start).filter(|(folder, _)| start.go().and_then(Path::parent) != Some(folder))?;
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
        let advice = format!("put {} behind what PATH holds already, or remove those tools", scene.show(&folder));
        case(what, names.clone(), Fix::Advice(advice)).with(evidence).wants("PATH", &names)
    });
    cases.collect()
}
