//! T: the release that a module asks for, and the toolchains that Go may fetch.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use super::super::super::goversion::GoVersion;
use super::super::known::release;
use super::super::line::Line;
use super::super::lines::setting;
use super::super::scene::{Observed, Origin, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::{case, of_variable, valued};
use crate::text::show::sanitise;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "T-01",
        title: "the module wants a newer Go, and none may be fetched",
        severity: Severity::Error,
        look: too_old,
    },
    Check { id: "T-02", title: "a release that was never published", severity: Severity::Error, look: no_patch },
    Check {
        id: "T-03",
        title: "the module is newer than its Go understands",
        severity: Severity::Error,
        look: not_understood,
    },
    Check { id: "T-04", title: "GOTOOLCHAIN is none", severity: Severity::Error, look: odd },
    Check { id: "T-05", title: "the newer Go cannot be fetched", severity: Severity::Warning, look: unfetchable },
    Check { id: "T-06", title: "Go never fetches another toolchain", severity: Severity::Info, look: local },
];

/// The starts of terminals whose Go is older than the module wants: name and release.
fn older<'a>(scene: &'a Scene) -> impl Iterator<Item = (&'a Observed, GoVersion, GoVersion)> {
    let wanted = scene.module.as_ref().and_then(|module| GoVersion::parse(&module.go.as_ref()?.0));
    scene.promised().filter_map(move |start| {
        let (release, wanted) = (release(scene, start)?, wanted?);
        (release < wanted).then_some((start, release, wanted))
    })
}

/// What GOTOOLCHAIN is in a start.
fn toolchain(scene: &Scene, start: &Observed) -> Vec<u8> {
    scene.effective(start, "GOTOOLCHAIN").map_or_else(|| b"auto".to_vec(), |(value, _)| value.as_bytes().to_vec())
}

/// Where the module says what it wants.
fn place(scene: &Scene) -> Option<Evidence> {
    let module = scene.module.as_ref()?;
    let (_, line) = module.go.as_ref()?;
    Some(Evidence::Line { file: module.path.clone(), line: *line, what: "says which Go it wants".to_owned() })
}

fn too_old(scene: &Scene) -> Vec<Case> {
    let stuck = older(scene).filter_map(|(start, release, wanted)| {
        let (value, origin) = scene.effective(start, "GOTOOLCHAIN")?;
        (value == "local" && !release.is_older_than(1, 21)).then(|| (start.name(), (release, wanted, origin)))
    });
    let case = |((release, wanted, origin), names): ((GoVersion, GoVersion, Origin), Vec<String>)| {
        let what = format!("the module here wants {wanted}, this is {release}, and GOTOOLCHAIN is `local`");
        let fetching = fetching(scene, what, &names, origin);
        Case { evidence: place(scene).into_iter().chain(fetching.evidence).collect(), ..fetching }
    };
    Scene::by_value(stuck).into_iter().map(case).collect()
}

/// A case about GOTOOLCHAIN being `local`, and the way to have Go fetch what a module wants.
fn fetching(scene: &Scene, what: String, names: &[String], origin: Origin) -> Case {
    // What is stored counts for nothing where the environment says another thing.
    if origin == Origin::Environment {
        let starts: Vec<&Observed> = scene.seen().filter(|start| names.contains(&start.name())).collect();
        return of_variable(scene, &starts, "GOTOOLCHAIN", what, "Go takes auto by itself");
    }
    case(what, names.to_vec(), Fix::Command("go env -w GOTOOLCHAIN=auto".to_owned()))
}

fn no_patch(scene: &Scene) -> Vec<Case> {
    let Some((text, _)) = scene.module.as_ref().and_then(|module| module.go.as_ref()) else { return Vec::new() };
    // From 1.21 on the first release of a line is called 1.N.0; only go1.21.x takes `1.N` for a toolchain to download.
    let unpublished = text.split('.').count() == 2;
    let found = older(scene).filter(|(_, release, wanted)| {
        let first = !release.is_older_than(1, 21) && release.is_older_than(1, 22);
        unpublished && first && !wanted.is_older_than(1, 21)
    });
    let found = found.map(|(start, release, wanted)| (start.name(), (release, wanted)));
    let case = |((release, wanted), names): ((GoVersion, GoVersion), Vec<String>)| {
        let what = format!(
            "the module here wants {wanted}, and {release} tries to download a toolchain of exactly that name, which there is none"
        );
        let advice = format!("write the whole release: `go {text}.0`");
        case(what, names, Fix::Advice(advice)).with(place(scene))
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

fn not_understood(scene: &Scene) -> Vec<Case> {
    let found = older(scene).filter(|(_, release, _)| release.is_older_than(1, 21));
    let found = found.map(|(start, release, wanted)| (start.name(), (release, wanted)));
    let case = |((release, wanted), names): ((GoVersion, GoVersion), Vec<String>)| {
        let what = format!(
            "the module here wants {wanted}, and {release} neither understands its go.mod nor fetches another Go"
        );
        let advice = format!("install {wanted} or newer as https://go.dev/doc/install says, then `goenv-setup apply`");
        case(what, names, Fix::Advice(advice)).with(place(scene))
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

/// `name[+auto|+path]`, `auto`, `path` or `local`. Source: go.dev/doc/toolchain#select.
fn is_toolchain(value: &[u8]) -> bool {
    let name = value.strip_suffix(b"+auto").or(value.strip_suffix(b"+path")).unwrap_or(value);
    let plain = value.len() == name.len();
    match name {
        b"auto" | b"path" => plain,
        b"local" => true,
        _ if name.contains(&b'+') => false,
        _ => name.strip_prefix(b"go").is_some_and(|rest| {
            std::str::from_utf8(rest).ok().and_then(GoVersion::parse).is_some()
                && rest.first().is_some_and(u8::is_ascii_digit)
        }),
    }
}

fn odd(scene: &Scene) -> Vec<Case> {
    let ill = |start: &Observed, value: &OsString| {
        release(scene, start).is_none_or(|release| !release.is_older_than(1, 21)) && !is_toolchain(value.as_bytes())
    };
    let what = |value: &OsString| format!("GOTOOLCHAIN is `{}`, which is no toolchain", sanitise(value.as_bytes()));
    valued(scene, "GOTOOLCHAIN", ill, what, "auto is what Go takes by itself")
}

/// Why a start cannot fetch a toolchain that it would: the variable, what it is, and what to do about it.
type Unfetching = (&'static str, &'static str, &'static str);

/// What keeps a start from fetching one, if something does. A toolchain is never
/// taken unchecked, but from one folder. Source: cmd/go/internal/modfetch/sumdb.go.
fn unfetching(scene: &Scene, start: &Observed) -> Option<Unfetching> {
    let value = |name: &str| scene.effective(start, name).map(|(value, _)| value).unwrap_or_default();
    let proxy = value("GOPROXY");
    let one_folder = proxy.as_bytes().starts_with(b"file:///") && !proxy.as_bytes().contains(&b',');
    if proxy == "off" {
        Some(("GOPROXY", "is `off`", "allow a proxy"))
    } else if value("GOSUMDB") == "off" && !one_folder {
        Some(("GOSUMDB", "is `off`, and no toolchain is taken unchecked", "allow the checksum database"))
    } else {
        None
    }
}

fn unfetchable(scene: &Scene) -> Vec<Case> {
    let found = older(scene).filter_map(|(start, release, wanted)| {
        let auto = toolchain(scene, start) != b"local" && !release.is_older_than(1, 21);
        let why = unfetching(scene, start).filter(|_| auto)?;
        let lines = setting(scene, start, why.0);
        Some((start.name(), (wanted, why, lines)))
    });
    let case = |((wanted, (name, is, allow), lines), names): ((GoVersion, Unfetching, Vec<Line>), Vec<String>)| {
        let what = format!("the module here wants {wanted}, which Go would fetch, but {name} {is}");
        let advice = format!("{allow}, or install {wanted} as https://go.dev/doc/install says");
        let lines = lines.into_iter().map(|line| line.evidence(&format!("sets {name}")));
        let evidence: Vec<Evidence> = place(scene).into_iter().chain(lines).collect();
        case(what, names.clone(), Fix::Advice(advice)).with(evidence).wants(name, &names)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

fn local(scene: &Scene) -> Vec<Case> {
    // Where a module suffers from it, T-01 tells more.
    if older(scene).next().is_some() {
        return Vec::new();
    }
    let found = scene.terminals().filter_map(|start| {
        let (value, origin) = scene.effective(start, "GOTOOLCHAIN")?;
        (value == "local" && start.go().is_some()).then(|| (start.name(), origin))
    });
    let case = |(origin, names): (Origin, Vec<String>)| {
        let whence = match origin {
            Origin::Environment => "the environment",
            Origin::Stored => "what `go env -w` has stored",
            Origin::Root => "go.env in the root of Go, as some distributions ship it",
        };
        let what = format!("GOTOOLCHAIN is `local`, by {whence}: a module that wants a newer Go does not get it");
        fetching(scene, what, &names, origin)
    };
    Scene::by_value(found).into_iter().map(case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_toolchains() {
        for good in
            ["auto", "path", "local", "local+auto", "go1.22.5", "go1.22.5+auto", "go1.27rc1+path", "go1.22.5-custom"]
        {
            assert!(is_toolchain(good.as_bytes()), "{good}");
        }
        for bad in ["", "1.22.5", "latest", "auto+auto", "go", "gox", "go1.22+what", "go1.22+path+auto"] {
            assert!(!is_toolchain(bad.as_bytes()), "{bad}");
        }
    }
}
