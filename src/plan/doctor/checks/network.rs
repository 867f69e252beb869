//! N: module proxies and the checksum database, as Go walks down GOPROXY.
//!
//! One cause has one finding: the entry at which Go stops decides which. No value is shown whole, of a URL only scheme and
//! host: the rest may be a secret.

mod stops;

use super::super::super::proxy::settings::{Database, Origin, Value};
use super::super::super::proxy::walk::{Answer, Outlook, Route, Verdict};
use super::super::super::proxy::{Flaw, List, MODULE, Source, redacted};
use super::super::lines::setting;
use super::super::lives::unique;
use super::super::scene::{Observed, Scene};
use super::super::{Case, Check, Evidence, Fix, Severity};
use super::{starts, stored_line};
use stops::{denied, distrusted, in_the_way, no_proxy, none_answers, stop};

/// The checks of this group.
pub(super) const CHECKS: &[Check] = &[
    Check { id: "N-01", title: "GOPROXY is no list that Go takes", severity: Severity::Error, look: no_list },
    Check {
        id: "N-02",
        title: "entries of GOPROXY that Go never comes to",
        severity: Severity::Warning,
        look: unreachable,
    },
    Check {
        id: "N-03",
        title: "a module proxy fails, and keeps Go from the one behind it",
        severity: Severity::Error,
        look: in_the_way,
    },
    Check { id: "N-04", title: "no module proxy answers", severity: Severity::Error, look: none_answers },
    Check { id: "N-05", title: "what answers is no module proxy", severity: Severity::Error, look: no_proxy },
    Check { id: "N-06", title: "a module proxy is not open to you", severity: Severity::Error, look: denied },
    Check {
        id: "N-07",
        title: "a password for a module proxy in an http URL",
        severity: Severity::Warning,
        look: in_clear,
    },
    Check {
        id: "N-08",
        title: "the certificate of a module proxy is not trusted",
        severity: Severity::Error,
        look: distrusted,
    },
    Check {
        id: "N-09",
        title: "the checksum database is out of reach",
        severity: Severity::Warning,
        look: no_database,
    },
    Check {
        id: "N-10",
        title: "modules come from their origin, and git is missing",
        severity: Severity::Warning,
        look: no_git,
    },
    Check { id: "N-11", title: "a web proxy in some starts alone", severity: Severity::Warning, look: web_proxy },
    Check { id: "N-12", title: "checks of modules are turned off", severity: Severity::Info, look: unchecked },
    Check { id: "N-13", title: "no module proxy has a common module", severity: Severity::Warning, look: missing },
    Check { id: "N-14", title: "downloads are turned off", severity: Severity::Info, look: off },
];

/// A case for each outlook in which something is found.
fn each(scene: &Scene, find: impl Fn(&Outlook) -> Option<Case>) -> Vec<Case> {
    let case = |outlook| {
        let case = find(outlook)?;
        let set = outlook.settings.proxy.origin == Origin::Terminal;
        Some(if set { case.wants("GOPROXY", &outlook.starts) } else { case })
    };
    scene.network.iter().filter_map(case).collect()
}

/// A case with the value of GOPROXY, as far as it may be shown, where it is set, and the terminals.
fn of_list(scene: &Scene, outlook: &Outlook, what: String, advice: &str) -> Case {
    let value = &outlook.settings.proxy;
    let shown = Evidence::Value { name: "GOPROXY".to_owned(), value: redacted(&value.text) };
    Case::new(what)
        .with(where_set(scene, outlook, "GOPROXY", value))
        .with([shown])
        .with(starts(outlook.starts.clone()))
        .fix(Fix::Advice(advice.to_owned()))
}

/// The lines, or the file, that set a variable.
fn where_set(scene: &Scene, outlook: &Outlook, name: &str, value: &Value) -> Vec<Evidence> {
    match value.origin {
        Origin::Terminal => {
            let of = scene.starts.iter().filter(|start| outlook.starts.contains(&start.name()));
            let lines = unique(of.flat_map(|start| setting(scene, start, name)));
            lines.into_iter().map(|line| line.evidence(&format!("sets {name}"))).collect()
        }
        Origin::Stored => scene.facts.go.env_file.iter().map(|file| stored_line(file, name)).collect(),
        Origin::Session | Origin::Root | Origin::Default => Vec::new(),
    }
}

/// What each entry answered.
fn answers(list: &List, outlook: &Outlook) -> Vec<Evidence> {
    let told = list.entries.iter().zip(&outlook.answers).filter_map(|(entry, answer)| {
        let words = answer.as_ref()?.words();
        let name = format!("entry {} of GOPROXY", entry.at);
        Some(Evidence::Value { name, value: format!("{}: {words}", entry.shown()) })
    });
    told.collect()
}

/// How to set GOPROXY, by where it is set now.
fn how_to_set(outlook: &Outlook) -> &'static str {
    match outlook.settings.proxy.origin {
        Origin::Terminal => "in that line of the startup file",
        Origin::Session => "where the environment gets it from",
        Origin::Stored | Origin::Root | Origin::Default => "with `go env -w GOPROXY=…`",
    }
}

fn no_list(scene: &Scene) -> Vec<Case> {
    each(scene, |outlook| {
        if outlook.settings.proxy.text.is_empty() {
            let what = "`go env -w` has set GOPROXY to nothing, so Go downloads nothing".to_owned();
            let case = of_list(scene, outlook, what, "");
            return Some(case.fix(Fix::Command("go env -u GOPROXY".to_owned())));
        }
        let what = match &outlook.list {
            Err(Flaw::NoEntries) => "GOPROXY holds separators and no entry, so Go downloads nothing".to_owned(),
            Err(Flaw::Entry(at, why)) => format!("entry {at} of GOPROXY {why}; so Go downloads nothing"),
            Ok(list) => {
                let (at, _, _) = stop(outlook)?;
                let entry = list.entries.get(at)?;
                format!("entry {} of GOPROXY {}", entry.at, entry.odd?)
            }
        };
        let advice = format!(
            "write URLs with commas between them {}, such as `https://proxy.golang.org,direct`",
            how_to_set(outlook)
        );
        Some(of_list(scene, outlook, what, &advice))
    })
}

fn unreachable(scene: &Scene) -> Vec<Case> {
    each(scene, |outlook| {
        let list = outlook.list.as_ref().ok().filter(|list| list.unreachable > 0)?;
        let end = list.entries.last()?.shown();
        let entries = if list.unreachable == 1 { "an entry" } else { "entries" };
        let what = format!("GOPROXY has {entries} behind `{end}`, where Go never comes to");
        let out = if end == "off" { "take `off` out" } else { "put `direct` last" };
        let advice = format!("{out}, or take out what follows it, {}", how_to_set(outlook));
        Some(of_list(scene, outlook, what, &advice))
    })
}

fn in_clear(scene: &Scene) -> Vec<Case> {
    each(scene, |outlook| {
        let list = outlook.list.as_ref().ok()?;
        let clear = |source: &Source| matches!(source, Source::Proxy(at) if at.has_user() && !at.is_https());
        let entry = list.entries.iter().find(|entry| clear(&entry.source))?;
        let what = format!("GOPROXY has a user for {}, and Go refuses to send a password over http", list.name(entry));
        let advice = format!("write `https` there, {}", how_to_set(outlook));
        Some(of_list(scene, outlook, what, &advice))
    })
}

fn no_database(scene: &Scene) -> Vec<Case> {
    each(scene, |outlook| {
        let (route, answer) = outlook.database.as_ref()?;
        let value = &outlook.settings.sumdb;
        let what = match (outlook.settings.database(), route, answer) {
            (Database::None, ..) | (_, _, Answer::Good) => return None,
            (Database::Unknown, ..) => "GOSUMDB names no database that Go knows: no new module is accepted".to_owned(),
            (_, _, Answer::Unknown(_)) => return None,
            (Database::Named { name, direct, .. }, route, answer) => {
                let entry = |index: &usize| {
                    let list = outlook.list.as_ref().ok()?;
                    list.entries.get(*index).map(|entry| list.name(entry))
                };
                let by = match route {
                    Route::Proxy(index) | Route::Blocked(index) => entry(index).unwrap_or_default(),
                    Route::Straight | Route::Unknown => direct.to_string(),
                };
                format!(
                    "the checksum database {name} is out of reach by {by} ({}): no new module is accepted",
                    answer.words()
                )
            }
        };
        let advice = "for modules of your own set GOPRIVATE to their paths; where sum.golang.org cannot be reached, \
                      GOSUMDB=sum.golang.google.cn is the same database; GOSUMDB=off accepts whatever a proxy sends";
        let shown = Evidence::Value { name: "GOSUMDB".to_owned(), value: short(&value.text) };
        let case = Case::new(what).with(where_set(scene, outlook, "GOSUMDB", value)).with([shown]);
        Some(case.with(starts(outlook.starts.clone())).fix(Fix::Advice(advice.to_owned())))
    })
}

/// The name of a checksum database, without the rest of its key and without its URL.
fn short(sumdb: &str) -> String {
    let name = sumdb.split(['+', ' ']).next().unwrap_or_default();
    crate::text::show::sanitise(name.rsplit('@').next().unwrap_or_default().as_bytes())
}

fn no_git(scene: &Scene) -> Vec<Case> {
    each(scene, |outlook| {
        let list = outlook.list.as_ref().ok().filter(|_| !outlook.has_git)?;
        let direct = list.entries.iter().position(|entry| entry.source == Source::Direct)?;
        let comes = outlook.answers.get(direct).is_some_and(Option::is_some);
        let private = !outlook.settings.no_proxy.text.is_empty();
        if !comes && !private {
            return None;
        }
        let what = "modules come straight from their repositories, and git is not on PATH".to_owned();
        Some(of_list(scene, outlook, what, "install git, or put its folder on PATH"))
    })
}

/// The variables of a web proxy that Go reads (golang.org/x/net/http/httpproxy).
const WEB_PROXY: &[&str] = &["HTTPS_PROXY", "https_proxy"];

fn web_proxy(scene: &Scene) -> Vec<Case> {
    let has = |start: &&Observed| WEB_PROXY.iter().any(|name| start.variable(name).is_some());
    let (with, without): (Vec<_>, Vec<_>) = scene.promised().filter(|start| start.go().is_some()).partition(has);
    let name = |start: &&Observed| WEB_PROXY.iter().find(|name| start.variable(name).is_some());
    let Some(name) = with.first().and_then(name).filter(|_| !without.is_empty()) else { return Vec::new() };
    let names = |starts: &[&Observed]| starts.iter().map(|start| start.name()).collect::<Vec<String>>();
    let (with_names, without_names) = (names(&with), names(&without));
    let what = format!(
        "{} go through the proxy that {name} names, {} past it",
        with_names.join(", "),
        without_names.join(", ")
    );
    let lines = unique(with.iter().flat_map(|start| setting(scene, start, name)));
    let evidence = lines.into_iter().map(|line| line.evidence(&format!("sets {name}")));
    let advice = "put that line into a file that all of these read, or into the settings of the session".to_owned();
    let case = Case::new(what).with(evidence).with(starts(without_names)).fix(Fix::Advice(advice));
    vec![case.wants(name, &with_names)]
}

fn unchecked(scene: &Scene) -> Vec<Case> {
    let all = |patterns: &str| patterns.split(',').any(|pattern| pattern.trim() == "*");
    let mut cases = Vec::new();
    for outlook in &scene.network {
        let settings = &outlook.settings;
        let found = [
            ("GOSUMDB", &settings.sumdb, settings.sumdb.text == "off", "no download is compared with what others got"),
            (
                "GONOSUMDB",
                &settings.no_sumdb,
                all(&settings.no_sumdb.text),
                "no download is compared with what others got",
            ),
            ("GOINSECURE", &settings.insecure, all(&settings.insecure.text), "certificates are not checked"),
            (
                "GOFLAGS",
                &settings.flags,
                settings.flags.text.split_whitespace().any(|flag| {
                    let flag = flag.trim_start_matches('-');
                    flag.split('=').next() == Some("insecure")
                }),
                "Go knows this flag no more",
            ),
        ];
        for (name, value, _, means) in found.into_iter().filter(|(_, _, is_so, _)| *is_so) {
            let shown = match name {
                "GOFLAGS" => "-insecure",
                "GOSUMDB" => "off",
                _ => "*",
            };
            let what = format!("{name} is `{shown}`: {means}");
            let advice = match value.origin {
                Origin::Stored => format!("if it is a leftover: `go env -u {name}`"),
                _ => "if it is a leftover, take it out; for modules of your own, GOPRIVATE with their paths is enough"
                    .to_owned(),
            };
            let case = Case::new(what).with(where_set(scene, outlook, name, value));
            cases.push(case.with(starts(outlook.starts.clone())).fix(Fix::Advice(advice)));
        }
    }
    cases
}

fn missing(scene: &Scene) -> Vec<Case> {
    each(scene, |outlook| {
        let list = outlook.list.as_ref().ok()?;
        let missing = outlook.verdict()? == Verdict::Missing && !outlook.settings.bypasses_proxy();
        let what = format!("no entry of GOPROXY has {MODULE}, which most programs need");
        let advice = format!(
            "if more than your own modules should come from there, add a public proxy or `direct` {}",
            how_to_set(outlook)
        );
        missing.then(|| of_list(scene, outlook, what, &advice).with(answers(list, outlook)))
    })
}

fn off(scene: &Scene) -> Vec<Case> {
    each(scene, |outlook| {
        // Where something stands behind it, N-02 tells.
        let last = outlook.list.as_ref().is_ok_and(|list| list.unreachable == 0);
        let off = last && outlook.verdict()? == Verdict::Off && !outlook.settings.bypasses_proxy();
        let advice = format!("if it is a leftover, take `off` out {}", how_to_set(outlook));
        off.then(|| of_list(scene, outlook, "Go downloads no module: GOPROXY comes to `off`".to_owned(), &advice))
    })
}
