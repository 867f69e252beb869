use std::path::Path;

use super::address::Parsed;
use super::settings::{Database, Origin, Settings};
use super::walk::{Answer, Body, Failure, Route, Verdict, route, walk};
use super::*;
use crate::facts::EnvFile;

fn shown(value: &str) -> Vec<String> {
    parse(value).expect("a list").entries.iter().map(Entry::shown).collect()
}

#[test]
fn a_list_as_go_reads_it() {
    assert_eq!(shown("https://proxy.golang.org,direct"), ["https://proxy.golang.org", "direct"]);
    assert_eq!(shown(" , a.example/x |HTTP://b:80/y|, off"), ["https://a.example", "http://b:80", "off"]);
    assert_eq!(shown("file:///a%20b/c"), ["file:///a b/c"]);
    let list = parse("a.b|c.d,direct,e.f|off,").expect("a list");
    let after_any: Vec<bool> = list.entries.iter().map(|entry| entry.after_any).collect();
    assert_eq!((after_any, list.unreachable), (vec![true, false, false], 2));
    assert_eq!(parse(" ,|"), Err(Flaw::NoEntries));
}

#[test]
fn what_go_does_not_take() {
    for (value, at) in [
        ("proxy", 1),
        ("direct2,a.b", 1),
        ("a.b,proxy", 2),
        ("/a/path", 1),
        ("ftp://a.b", 1),
        ("https://[::1", 1),
        ("https://a b", 1),
        ("https://a.b:x", 1),
        ("https://us er@a.b", 1),
        ("https://u:%zz@a.b", 1),
        ("https://a.b/%zz", 1),
        ("\"https://a.b\"", 1),
        ("https://a.b\r", 1),
        ("a.b\u{1}", 1),
        ("file://host/path", 1),
        ("file:/path", 1),
        ("file:///path?x", 1),
    ] {
        // A carriage return at the end is a blank to Go.
        let wanted = if value.ends_with('\r') { None } else { Some(at) };
        let found = parse(value).err().map(|flaw| match flaw {
            Flaw::Entry(at, _) => at,
            Flaw::NoEntries => 0,
        });
        assert_eq!(found, wanted, "{value}");
    }
}

#[test]
fn no_secret_is_ever_shown() {
    for value in [
        "https://s3cret:s3cret@a.b/s3cret?s3cret#s3cret",
        "http://s3cret@a.b",
        "a.b/s3cret",
        "s3cret:s3cret@a.b,x",
        "'https://s3cret@a.b'",
        "s3cret",
        "https://s3cret:%zz@a.b",
        "ftp://s3cret@a.b",
        "https://u:p@ss3cret@a.b",
        "https://s3cret:1/2@a.b",
        "s3cret/x@a.b",
    ] {
        let told = format!("{} {:?}", redacted(value), parse(value));
        assert!(!told.contains("s3cret"), "{told}");
    }
    assert_eq!(redacted(" a.b/x , \"x\"|direct"), "https://a.b,…|direct");
    let Ok(Parsed::Web(address)) = address::parse("https://ann:p%40ss@a.b:8443/x") else { panic!() };
    assert_eq!(format!("{address} {address:?}"), "https://a.b:8443 https://a.b:8443");
    assert_eq!(address.join("y").secret_url(), "https://a.b:8443/x/y");
    assert_eq!(address.secret_user(), Some(("ann", "p@ss")));
    assert_eq!((address.hostname(), address.port()), ("a.b", "8443"));
}

fn entries(value: &str) -> Option<usize> {
    parse(value).ok().map(|list| list.entries.len())
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_value_is_too_odd(value in "[ -~é\\x00-\\x1f]{0,40}", list in "[a-z./:@,|%;\\[\\]0-9]{0,40}") {
        for value in [value, list] {
            let taken = parse(&value).is_ok();
            let _ = (redacted(&value), pattern::covers(&value, MODULE), netrc::parse(&value));
            let web = web::Web { https: Some(value.clone()), none: Some(value.clone()), ..Default::default() };
            if let Ok(Parsed::Web(to)) = address::parse("https://a.b:80/c") {
                let _ = (web.way(&to), to.follow(&value));
            }
            // What is shown of a list is a list of as many entries.
            if let (true, shown) = (taken, redacted(&value)) && !shown.contains('…') {
                proptest::prop_assert_eq!(entries(&shown), entries(&value));
            }
        }
    }
}

#[test]
fn redirects_are_relative_to_where_they_come_from() {
    let Ok(Parsed::Web(from)) = address::parse("https://ann:x@a.b/c/d?e") else { panic!() };
    for (to, wanted) in [
        ("https://c.d/e", "https://c.d/e"),
        ("//c.d/e", "https://c.d/e"),
        ("/e?f=http://x", "https://a.b/e?f=http://x"),
        ("e", "https://a.b/c/e"),
        ("../e", "https://a.b/e"),
        ("/x/./y/../../../e", "https://a.b/e"),
        ("?f", "https://a.b/c/d?f"),
    ] {
        assert_eq!(from.follow(to).map(|to| to.secret_url()).as_deref(), Some(wanted), "{to}");
    }
    assert_eq!(from.follow("ftp://c.d"), None);
    // The user stays where only a path is named.
    let user = |to: &str| from.follow(to).is_some_and(|to| to.has_user());
    assert_eq!(["e", "/e", "//a.b/e", "https://a.b/e"].map(user), [true, true, false, false]);
    for (to, wanted) in
        [("https://A.b:8443", true), ("https://x.a.b", true), ("https://xa.b", false), ("https://b", false)]
    {
        let Ok(Parsed::Web(to)) = address::parse(to) else { panic!("{to}") };
        assert_eq!(from.trusts(&to), wanted, "{to}");
    }
}

#[test]
fn the_walk() {
    use Answer::{Failed, Good, Missing, Odd, Status, Unknown};
    let dead = Failed(Failure::Closed);
    let fails = |at, healthy| Verdict::Fails { at, healthy };
    for (list, answers, wanted) in [
        ("a.b,c.d", vec![Some(Good), None], Verdict::Works(0)),
        ("a.b,c.d", vec![Some(Missing(404)), Some(Good)], Verdict::Works(1)),
        ("a.b,c.d", vec![Some(dead.clone()), Some(Good)], fails(0, Some(1))),
        ("a.b,c.d", vec![Some(dead.clone()), Some(Missing(410))], fails(0, None)),
        ("a.b|c.d", vec![Some(dead.clone()), Some(Good)], Verdict::Works(1)),
        ("a.b|c.d", vec![Some(Odd(Body::Html)), Some(Good)], fails(0, Some(1))),
        ("a.b|c.d", vec![Some(dead.clone()), Some(Missing(404))], fails(0, None)),
        ("a.b|c.d", vec![Some(Status(503)), Some(dead.clone())], fails(1, None)),
        ("a.b,c.d", vec![Some(Missing(404)), Some(Missing(404))], Verdict::Missing),
        ("a.b,off", vec![Some(Missing(404)), None], Verdict::Off),
        ("a.b|off", vec![Some(dead.clone()), None], fails(0, None)),
        ("off", vec![None], Verdict::Off),
        ("a.b,direct", vec![Some(Missing(404)), None], Verdict::Unknown),
        ("a.b,direct", vec![Some(Missing(404)), Some(Missing(404))], fails(1, None)),
        ("a.b,c.d", vec![Some(Unknown("x")), Some(Good)], Verdict::Unknown),
        ("a.b|c.d", vec![Some(Unknown("x")), Some(Good)], Verdict::Works(1)),
        ("a.b", vec![], Verdict::Unknown),
    ] {
        let parsed = parse(list).expect("a list");
        assert_eq!(walk(&parsed, &answers), wanted, "{list} {answers:?}");
    }
}

#[test]
fn the_route_to_the_database() {
    use Answer::{Failed, Good, Missing};
    let dead = Failed(Failure::Closed);
    for (list, answers, wanted) in [
        ("a.b,c.d", vec![Some(Missing(404)), Some(Good)], Route::Proxy(1)),
        ("a.b,direct", vec![Some(Missing(410)), None], Route::Straight),
        ("a.b", vec![Some(Missing(404))], Route::Straight),
        ("a.b,direct", vec![Some(dead.clone()), None], Route::Blocked(0)),
        ("a.b|direct", vec![Some(dead.clone()), None], Route::Straight),
        ("a.b|off", vec![Some(dead.clone()), None], Route::Blocked(0)),
        ("a.b|c.d", vec![Some(dead), Some(Missing(404))], Route::Blocked(0)),
        ("a.b", vec![None], Route::Unknown),
    ] {
        let parsed = parse(list).expect("a list");
        assert_eq!(route(&parsed, &answers), wanted, "{list} {answers:?}");
    }
}

#[test]
fn what_a_body_is() {
    assert_eq!(Answer::of_info(br#" {"version":"v0.3.0","Time":"2017-12-14T13:08:43Z"} "#), Answer::Good);
    for (body, wanted) in [
        ("", Body::Empty),
        (" <!doctype html>", Body::Html),
        ("{}", Body::OtherVersion),
        ("[1]", Body::OtherVersion),
        ("{", Body::Other),
        (r#"{"Version":"v0.3.1"}"#, Body::OtherVersion),
        ("hello", Body::Other),
    ] {
        assert_eq!(Answer::of_info(body.as_bytes()), Answer::Odd(wanted), "{body}");
    }
}

fn settings(terminal: &[(&str, &str)], stored: &[(&str, &str)]) -> Settings {
    let find = |name: &str| terminal.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
    let values = stored.iter().map(|(name, value)| (name.into(), value.into())).collect();
    let stored = EnvFile { path: Path::new("/h/go/env").into(), values, bytes: Vec::new() };
    Settings::of(&find, &|name| (name == "GOAUTH").then(|| "netrc; git /x".into()), Some(&stored), None)
}

#[test]
fn which_setting_counts() {
    let found = settings(&[("GOPROXY", "a.b"), ("GOPRIVATE", "*.corp")], &[("GOPROXY", "c.d"), ("GOSUMDB", "off")]);
    assert_eq!((found.proxy.text.as_str(), found.proxy.origin), ("a.b", Origin::Terminal));
    assert_eq!((found.sumdb.text.as_str(), found.sumdb.origin), ("off", Origin::Stored));
    assert_eq!((found.no_proxy.text.as_str(), found.no_sumdb.text.as_str()), ("*.corp", "*.corp"));
    assert!(found.uses_netrc() && found.asks_a_program() && !found.bypasses_proxy());
    let found = settings(&[("GOPRIVATE", "golang.org"), ("GONOSUMDB", "x")], &[]);
    assert_eq!((found.proxy.text.as_str(), found.proxy.origin), ("https://proxy.golang.org,direct", Origin::Default));
    assert!(found.bypasses_proxy());
}

#[test]
fn which_database() {
    let database = |sumdb: &str| settings(&[("GOSUMDB", sumdb)], &[]).database();
    let named = |found: Database| match found {
        Database::Named { name, direct, always } => format!("{name} {direct} {always}"),
        other => format!("{other:?}"),
    };
    for (value, wanted) in [
        ("sum.golang.org", "sum.golang.org https://sum.golang.org false"),
        ("sum.golang.google.cn", "sum.golang.org https://sum.golang.google.cn true"),
        ("sum.golang.org http://a.b/x", "sum.golang.org http://a.b true"),
        (
            "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
            "sum.golang.org https://sum.golang.org false",
        ),
        ("my.db+c6dc4bf4+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", "my.db https://my.db false"),
        ("my.db+c6dc4bf4+AfDeFs", "Unknown"),
        ("my.db", "Unknown"),
        ("a b c", "Unknown"),
        ("off", "None"),
    ] {
        assert_eq!(named(database(value)), wanted, "{value}");
    }
    assert_eq!(settings(&[("GONOSUMDB", "golang.org/x")], &[]).database(), Database::None);
}

#[test]
fn what_is_stored_as_nothing_hides_what_go_brings_along() {
    let file = |values: &[(&str, &str)]| EnvFile {
        path: "/h/go/env".into(),
        values: values.iter().map(|(name, value)| (name.into(), value.into())).collect(),
        bytes: Vec::new(),
    };
    let stored = file(&[("GOPROXY", "x"), ("GOPROXY", ""), ("GOSUMDB", ""), ("GOAUTH", "")]);
    let root = file(&[("GOPROXY", "https://proxy.golang.org,direct"), ("GOSUMDB", "sum.golang.org")]);
    let of = |root| Settings::of(&|_| None, &|_| None, Some(&stored), root);
    let found = of(Some(&root));
    assert_eq!((found.proxy.text.as_str(), found.proxy.origin), ("", Origin::Stored));
    assert_eq!((found.database(), found.auth.text.as_str()), (Database::Unknown, "netrc"));
    // A Go of before 1.21 has no such file, and takes its own.
    assert_eq!(of(None).proxy.text, "https://proxy.golang.org,direct");
    let terminal = |name: &str| (name == "GOPROXY").then(|| "a.b".into());
    assert_eq!(Settings::of(&terminal, &|_| None, Some(&stored), Some(&root)).proxy.text, "a.b");
}
