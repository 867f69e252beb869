//! L: launch chains that Go treats differently.

use std::path::{Path, PathBuf};

use super::super::chains::{Uses, first};
use super::super::line::Line;
use super::super::lines::setting;
use super::super::scene::Scene;
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::case;

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "L-19", title: "launch chains do not share Go's caches", severity: Severity::Info, look: caches },
    Check {
        id: "L-20",
        title: "launch chains get modules from other places",
        severity: Severity::Warning,
        look: proxies,
    },
];

/// The chains that find the same go as a terminal does, with what they use, and what the terminal uses.
fn others<'a>(scene: &'a Scene) -> impl Iterator<Item = (&'a str, &'a Uses, &'a Uses)> {
    let terminal = first(&scene.chains);
    scene.chains.iter().filter_map(move |chain| {
        let uses = chain.uses.as_ref().ok().filter(|uses| uses.real_go.is_some())?;
        let terminal = terminal.filter(|terminal| terminal.real_go == uses.real_go)?;
        Some((chain.name.as_str(), uses, terminal))
    })
}

fn caches(scene: &Scene) -> Vec<Case> {
    let found = others(scene).filter_map(|(name, uses, terminal)| {
        let other = |ours: &Result<PathBuf, _>, theirs: &Result<PathBuf, _>| match (ours, theirs) {
            (Ok(ours), Ok(theirs)) if ours != theirs => Some((ours.clone(), theirs.clone())),
            _ => None,
        };
        let (modules, cache) = (other(&terminal.modules, &uses.modules), other(&terminal.cache, &uses.cache));
        (modules.is_some() || cache.is_some()).then(|| (name.to_owned(), (modules, cache)))
    });
    let cases = Scene::by_value(found).into_iter().map(|((modules, cache), names)| {
        let pairs = [("GOMODCACHE", modules, "downloaded"), ("GOCACHE", cache, "built")];
        let pairs: Vec<(&str, (PathBuf, PathBuf), &str)> =
            pairs.into_iter().filter_map(|(name, pair, done)| Some((name, pair?, done))).collect();
        let words: Vec<String> = pairs
            .iter()
            .map(|(name, (ours, theirs), _)| {
                format!("{name} is {} in a terminal and {} there", scene.show(ours), scene.show(theirs))
            })
            .collect();
        let done: Vec<&str> = pairs.iter().map(|(.., done)| *done).collect();
        let what = format!("{}: everything is {} twice", words.join(", and "), done.join(" and "));
        let word = |path: &Path| scene.word(path);
        let stored: Vec<String> = pairs.iter().map(|(name, (ours, _), _)| format!("{name}={}", word(ours))).collect();
        case(what, names, Fix::Command(format!("go env -w {}", stored.join(" "))))
    });
    cases.collect()
}

fn proxies(scene: &Scene) -> Vec<Case> {
    let found = others(scene).filter(|(_, uses, terminal)| !uses.has_same_proxy(terminal));
    let found = found.map(|(name, uses, terminal)| (name.to_owned(), (terminal.proxy(), uses.proxy())));
    let cases = Scene::by_value(found).into_iter().map(|((ours, theirs), names)| {
        let what = format!("GOPROXY is `{ours}` in a terminal, and `{theirs}` there");
        let mut lines: Vec<Line> = Vec::new();
        for line in scene.terminals().flat_map(|start| setting(scene, start, "GOPROXY")) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let evidence: Vec<Evidence> = lines.into_iter().map(|line| line.evidence("sets GOPROXY")).collect();
        let advice = "in a terminal, `go env -w GOPROXY=\"$GOPROXY\"` stores it for every launch chain; then take out the \
                      line that exports it";
        case(what, names, Fix::Advice(advice.to_owned())).with(evidence)
    });
    cases.collect()
}
