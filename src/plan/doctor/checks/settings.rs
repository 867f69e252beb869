//! E: what `go env -w` has stored, and the other variables of Go.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use super::super::super::variables::KNOWN;
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::{stored_line, valued};
use crate::facts::EnvFile;
use crate::facts::snapshot::Obstacle;
use crate::text::show::sanitise;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "E-01",
        title: "the environment overrides what is stored",
        severity: Severity::Warning,
        look: overridden,
    },
    Check { id: "E-02", title: "what is stored is not read", severity: Severity::Warning, look: not_read },
    Check {
        id: "E-03",
        title: "a stored value as a shell would write it",
        severity: Severity::Warning,
        look: like_shell,
    },
    Check { id: "E-04", title: "a stored line that Go ignores", severity: Severity::Warning, look: ignored },
    Check { id: "E-05", title: "GO111MODULE is off", severity: Severity::Error, look: modules_off },
    Check { id: "E-06", title: "GOFLAGS breaks commands", severity: Severity::Error, look: flags },
    Check { id: "E-07", title: "a variable that Go does not know", severity: Severity::Warning, look: unknown },
    Check { id: "E-08", title: "go env -w cannot store anything", severity: Severity::Info, look: read_only },
    Check { id: "E-09", title: "go.env is missing in the root of Go", severity: Severity::Warning, look: no_defaults },
    Check { id: "E-10", title: "this terminal has values of its own", severity: Severity::Info, look: of_session },
];

/// Variables of which two values that differ are worth a word: GOROOT has checks of its own, and what GOENV would be in the
/// file that it names, nobody asks.
fn settings() -> impl Iterator<Item = &'static &'static str> {
    KNOWN.iter().filter(|name| !["GOROOT", "GOENV"].contains(name))
}

fn file<'a>(scene: &'a Scene) -> Option<&'a EnvFile> {
    scene.facts.go.env_file.as_ref()
}

fn overridden(scene: &Scene) -> Vec<Case> {
    let Some(stored) = file(scene) else { return Vec::new() };
    settings()
        .flat_map(|name| {
            let Some(value) = stored.value(name) else { return Vec::new() };
            let differs = |start: &Observed, _: &OsString| start.variable(name).is_some_and(|set| set != value);
            let what = |_: &OsString| {
                format!(
                    "{name} is set in the environment and stored by `go env -w` as another value, which never counts"
                )
            };
            let cases = valued(scene, name, differs, what, "");
            let fix = Fix::Command(format!("sed -i.bak '/^{name}=/d' {}", scene.word(&stored.path)));
            cases.into_iter().map(|case| case.with([stored_line(stored, name)]).fix(fix.clone())).collect()
        })
        .collect()
}

fn not_read(scene: &Scene) -> Vec<Case> {
    let odd = |_: &Observed, value: &OsString| value != "off" && !scene.readable.contains(&value.into());
    let mut cases = valued(
        scene,
        "GOENV",
        |start, value| odd(start, value),
        |value| format!("GOENV is `{}`, which is no file that can be read", sanitise(value.as_bytes())),
        "what `go env -w` has stored counts again without it",
    );
    let off = |_: &Observed, value: &OsString| value == "off";
    let what = |_: &OsString| "GOENV is `off`: what `go env -w` has stored is ignored".to_owned();
    cases.extend(valued(scene, "GOENV", off, what, "what `go env -w` has stored counts again without it"));
    cases
}

/// A case for the lines of the stored file for which `what` has words, each with a program of sed's that names the line by
/// what it holds, as another fix may take lines out before; or with what only the user can do.
fn stored_lines(scene: &Scene, what: impl Fn(&[u8]) -> Option<(String, Result<String, String>)>) -> Vec<Case> {
    let Some(stored) = file(scene) else { return Vec::new() };
    let lines = stored.bytes.split(|byte| *byte == b'\n').enumerate();
    let case = |(index, line): (usize, &[u8])| {
        let line_number = index + 1;
        let (what, edit) = what(line)?;
        let place = Evidence::Line { file: stored.path.clone(), line: line_number, what: "is that line".to_owned() };
        let command = |edit| Fix::Command(format!("sed -E -i.bak {edit} {}", scene.word(&stored.path)));
        Some(Case::new(what).with([place]).fix(edit.map_or_else(Fix::Advice, command)))
    };
    lines.filter_map(case).collect()
}

fn name_of(line: &[u8]) -> Option<(String, &[u8])> {
    let at = line.iter().position(|byte| *byte == b'=')?;
    let name = &line[..at];
    let plain = name.first().is_some_and(u8::is_ascii_uppercase)
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    plain.then(|| (String::from_utf8_lossy(name).into_owned(), &line[at + 1..]))
}

fn like_shell(scene: &Scene) -> Vec<Case> {
    let what = |line: &[u8]| {
        let (name, value) = name_of(line)?;
        let (first, last) = (*value.first()?, *value.last()?);
        let quoted = matches!(first, b'"' | b'\'') && value.len() > 1 && first == last;
        // Of these two, G-01, G-02 and G-06 tell whatever is no absolute path.
        let is_path = name == "GOPATH" || name == "GOBIN";
        // Of quotes around these, N-01, E-05 and T-04; and of GOFLAGS Go takes them off.
        let told = is_path || ["GOPROXY", "GO111MODULE", "GOTOOLCHAIN", "GOFLAGS"].contains(&&*name);
        let why = if quoted && !told {
            "quotes around it, which become part of it"
        } else if last == b'\r' {
            "a carriage return at its end, which becomes part of it"
        } else if !is_path && (first == b'~' || value.starts_with(b"$")) {
            "a tilde or a variable, which Go does not expand"
        } else {
            return None;
        };
        let what = format!("the value of {name} that `go env -w` should have stored has {why}");
        // Quotes and carriage returns go; a tilde or `$HOME` becomes the home itself.
        let home = scene.facts.user.home.to_string_lossy().replace('|', "\\|").replace('&', "\\&");
        let edit = format!(
            "-e '/^{name}=/s/\\r$//' -e '/^{name}=/s/=[\"'\\''](.*)[\"'\\'']$/=\\1/' -e \"/^{name}=/s|=~/|={home}/|\" \
             -e \"/^{name}=/s|=[$]HOME/|={home}/|\""
        );
        // What another variable would be, only its owner knows.
        let known = !(first == b'~' || first == b'$') || value.starts_with(b"~/") || value.starts_with(b"$HOME/");
        Some((what, if known { Ok(edit) } else { Err(format!("write the value itself: `go env -w {name}=…`")) }))
    };
    stored_lines(scene, what)
}

fn ignored(scene: &Scene) -> Vec<Case> {
    let what = |line: &[u8]| {
        let text = line.trim_ascii_start();
        let exported = text.strip_prefix(b"export ").unwrap_or(text).trim_ascii_start();
        let (name, _) = name_of(exported)?;
        let what = format!("the line that should set {name} does not begin with that name, and Go ignores it");
        let edit = format!("'s/^[[:blank:]]*(export[[:blank:]]+)?{name}=/{name}=/'");
        (exported.len() != line.len() && name.starts_with("GO")).then_some((what, Ok(edit)))
    };
    stored_lines(scene, what)
}

fn modules_off(scene: &Scene) -> Vec<Case> {
    let ill = |_: &Observed, value: &OsString| !matches!(value.as_bytes(), b"on" | b"auto");
    let what = |value: &OsString| {
        let then = if value == "off" {
            "Go works without modules, as before 2019"
        } else {
            "Go knows no such value, and refuses to work"
        };
        format!("GO111MODULE is `{}`: {then}", sanitise(value.as_bytes()))
    };
    valued(scene, "GO111MODULE", ill, what, "modules are what every project uses by now")
}

/// The words of GOFLAGS as Go splits it: a whole word may stand in quotes, which have no escapes. Source:
/// cmd/internal/quoted.
fn flag_words(value: &[u8]) -> Vec<&[u8]> {
    let mut words = Vec::new();
    let mut rest = value.trim_ascii_start();
    while let Some(first) = rest.first() {
        let (word, behind) =
            match rest[1..].iter().position(|byte| byte == first).filter(|_| matches!(first, b'"' | b'\'')) {
                Some(end) => (&rest[1..=end], &rest[end + 2..]),
                None => rest.split_at(rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len())),
            };
        words.push(word);
        rest = behind.trim_ascii_start();
    }
    words
}

/// The words of GOFLAGS that break commands.
fn bad_flags(value: &OsString) -> Vec<&[u8]> {
    let words = flag_words(value.as_bytes()).into_iter();
    // `-mod=mod` and `-mod=readonly` do no harm there: tried with go1.22, go1.24 and go1.27.
    let bad =
        |word: &&[u8]| !word.starts_with(b"-") || word.len() < 2 || matches!(*word, b"-mod=vendor" | b"--mod=vendor");
    words.filter(bad).collect()
}

fn flags(scene: &Scene) -> Vec<Case> {
    let what = |value: &OsString| {
        // What a flag is set to, and what is none, may be a secret (`-ldflags=-X …`).
        if bad_flags(value).iter().any(|word| word.ends_with(b"-mod=vendor")) {
            "GOFLAGS holds `-mod=vendor`, with which commands such as `go install tool@latest` fail".to_owned()
        } else {
            "GOFLAGS holds a word that is no flag, with which every command fails".to_owned()
        }
    };
    valued(
        scene,
        "GOFLAGS",
        |_, value| !bad_flags(value).is_empty(),
        what,
        "set such flags for the one project that needs them",
    )
}

/// What people mistake for one, and which they mean.
const MISTAKEN: &[(&str, &str)] = &[("GONOSUMCHECK", "GONOSUMDB"), ("GO_PROXY", "GOPROXY"), ("GO_PATH", "GOPATH")];

/// The variable that is meant, if one that Go knows differs by one letter.
fn meant(name: &str) -> Option<&'static str> {
    let mistaken = MISTAKEN.iter().find(|(wrong, _)| *wrong == name).map(|(_, right)| *right);
    mistaken.or_else(|| {
        let near =
            |known: &&str| known.len() > 4 && !KNOWN.contains(&name) && one_apart(name.as_bytes(), known.as_bytes());
        KNOWN.iter().copied().find(near)
    })
}

/// Whether one letter more, less or other makes one of the other.
fn one_apart(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    match long.len() - short.len() {
        0 => same < short.len() && short[same + 1..] == long[same + 1..],
        1 => short[same..] == long[same + 1..],
        _ => false,
    }
}

fn unknown(scene: &Scene) -> Vec<Case> {
    let mut names: Vec<String> = Vec::new();
    for start in scene.seen() {
        let variables = start.seen().map(|seen| &seen.variables[..]).unwrap_or_default();
        names.extend(variables.iter().filter_map(|(name, _)| name.to_str()).map(str::to_owned));
    }
    names.extend(
        file(scene).iter().flat_map(|file| &file.values).filter_map(|(name, _)| name.to_str()).map(str::to_owned),
    );
    names.sort();
    names.dedup();
    let case = |name: String| {
        let meant = meant(&name)?;
        let what = |_: &OsString| format!("{name} is no variable of Go's: {meant} is");
        Some(valued(scene, &name, |_, _| true, what, &format!("{meant} is what Go reads")))
    };
    names.into_iter().filter_map(case).flatten().collect()
}

fn read_only(scene: &Scene) -> Vec<Case> {
    let Some(file) = &scene.env_file else { return Vec::new() };
    // Its other obstacles are none for Go, which writes into the file as it is.
    let fix = match &file.obstacle {
        Some(Obstacle::ReadOnly) => Fix::Command(format!("chmod u+w {}", scene.word(&file.real))),
        Some(Obstacle::Store) => Fix::Advice(
            "set Go's variables where that file comes from, such as `programs.go` of home-manager".to_owned(),
        ),
        Some(Obstacle::Owner(_)) => {
            Fix::Advice(format!("make it yours with `sudo chown \"$USER\" {}`", scene.word(&file.real)))
        }
        Some(Obstacle::FileSystemReadOnly | Obstacle::Immutable(_)) => {
            Fix::Advice("`export` the variables in a startup file instead".to_owned())
        }
        _ => return Vec::new(),
    };
    let what = format!("{} cannot be written, and `go env -w` fails", scene.show(&file.asked));
    vec![Case::new(what).with([Evidence::File(file.asked.clone())]).fix(fix)]
}

fn no_defaults(scene: &Scene) -> Vec<Case> {
    let found = scene.seen().filter_map(|start| {
        let go = start.looked.go.as_ref()?;
        let version = crate::plan::goversion::GoVersion::parse(go.version.as_deref()?)?;
        let root = go.real_root.clone()?;
        let lacks = !version.is_older_than(1, 21) && scene.without_defaults.contains(&root);
        lacks.then(|| (start.name(), root))
    });
    let case = |(root, names): (std::path::PathBuf, Vec<String>)| {
        let what = format!("{} lacks its file go.env, so Go never fetches a newer toolchain", scene.show(&root));
        let advice = "install that Go again: something has removed a part of it".to_owned();
        super::case(what, names, Fix::Advice(advice)).with([Evidence::File(root.join("go.env"))])
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

/// What this process has and no new terminal does; one that has no value here has it in the next.
fn of_session(scene: &Scene) -> Vec<Case> {
    let own = &scene.facts.env.own;
    let differs = |name: &&&str| {
        own.get(name).is_some_and(|value| scene.terminals().all(|start| start.variable(name) != Some(value)))
    };
    let names: Vec<&str> = KNOWN.iter().filter(differs).copied().collect();
    if names.is_empty() || scene.terminals().next().is_none() {
        return Vec::new();
    }
    let what = format!(
        "this terminal has values of {} that no startup file gives it: what is told here is of new terminals, which \
         lack them",
        names.join(", ")
    );
    let advice = format!("open a new terminal, or here `unset {}`", names.join(" "));
    vec![Case::new(what).fix(Fix::Advice(advice))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_as_go_splits_them() {
        let bad = |value: &str| !bad_flags(&OsString::from(value)).is_empty();
        // Tried with go1.22, go1.24 and go1.27.
        for value in ["'-ldflags=-s -w' -trimpath", "\"-trimpath\"", " -v  -tags=a,b ", "--trimpath", "-mod=mod", ""] {
            assert!(!bad(value), "{value}");
        }
        for value in ["v", "-tags a", "'-v' x", "'v'", "-", "-mod=vendor", "'-mod=vendor'", "\"-v"] {
            assert!(bad(value), "{value}");
        }
    }

    #[test]
    fn what_is_meant() {
        for (name, right) in [
            ("GOPROXYS", Some("GOPROXY")),
            ("GOPRXY", Some("GOPROXY")),
            ("GOPROXI", Some("GOPROXY")),
            ("GONOSUMCHECK", Some("GONOSUMDB")),
            ("GOPROXY", None),
            ("GOLAND_HOME", None),
            ("GO", None),
            ("GOX", None),
            ("GOENV_ROOT", None),
        ] {
            assert_eq!(meant(name), right, "{name}");
        }
    }
}
