use std::ffi::OsStr;

use super::*;

fn values(go: &str) -> Values {
    Values {
        go: Some(go.into()),
        places: Vec::new(),
        goroot: true,
        gopath: "/home/me/go".into(),
        gobin: None,
        reach: Reach::All,
        loads: None,
    }
}

#[test]
fn every_body_is_read_back() {
    let home = Path::new("/home/me");
    for shell in ALL {
        for holds in [Holds::All, Holds::Variables] {
            for go in ["/usr/local/go/bin", "/home/me/sdk/it's/bin", "/opt/a b$c/bin"] {
                for gopath in ["/home/me/go", "/home/me/a:/srv/b c", "/x'y"] {
                    let values = Values { gopath: gopath.into(), ..values(go) };
                    let carried = shell.carried(&shell.body(&values, holds, home), home);
                    assert_eq!(carried.go, values.go, "{}", shell.name());
                    assert_eq!(carried.gopath.as_deref(), Some(OsStr::new(gopath)));
                    assert!(carried.goroot);
                    assert_eq!(carried.reach, Reach::All);
                }
            }
        }
    }
}

#[test]
fn portable_bodies_and_gobin_are_read_back() {
    let home = Path::new("/home/me");
    for shell in ALL {
        for holds in [Holds::All, Holds::Variables] {
            for (root, gobin) in
                [("/usr/local/go", None), ("/home/me/it's go", Some("/home/me/b")), ("/o p/t", Some("/x'y"))]
            {
                let places = vec![Place::Named(root.into()), Place::InHome(".local/go"), Place::At("/usr")];
                let gobin = gobin.map(PathBuf::from);
                let values = Values { go: None, places, gobin: gobin.clone(), ..values("") };
                let body = shell.body(&values, holds, home);
                let carried = shell.carried(&body, home);
                assert_eq!(carried.first.as_deref(), Some(Path::new(root)), "{}", shell.name());
                assert_eq!((carried.go, carried.goroot, carried.gobin), (None, true, gobin), "{}", shell.name());
                assert_eq!(carried.gopath.as_deref(), Some(OsStr::new("/home/me/go")), "{}", shell.name());
                assert!(shell.cannot_carry(&body).is_none());
                let known = shell.holds(&body);
                assert!(known == holds || shell.template(Holds::All) == shell.template(Holds::Variables));
                let bare = shell.body(&Values { goroot: false, ..values }, holds, home);
                assert!(!contains(&bare, "GOROOT"), "{}", shell.name());
            }
        }
    }
}

#[test]
fn a_block_without_a_folder_for_go_names_none() {
    let body = ALL[0].body(
        &Values { go: None, goroot: false, gopath: "/g".into(), reach: Reach::Interactive, ..values("") },
        Holds::All,
        Path::new("/h"),
    );
    let text = String::from_utf8(body).unwrap();
    assert!(!text.contains("_go") && !text.contains("GOROOT"), "{text}");
    assert!(text.contains("GOPATH='/g'"), "{text}");
}

#[test]
fn comment_lines_are_harmless_at_a_prompt() {
    for shell in ALL {
        for holds in [Holds::All, Holds::Variables] {
            let body = shell.body(&values("/usr/local/go/bin"), holds, Path::new("/home/me"));
            for line in String::from_utf8(body).unwrap().lines() {
                let (_, comment) = line.split_once('#').unwrap_or_default();
                let is_comment = line.trim_start().starts_with('#');
                assert!(!is_comment || !comment.contains(['`', '\'', '"', '$', '!']), "{line}");
                assert!(is_comment || !line.contains(" #"), "a comment behind code runs at a zsh prompt: {line}");
            }
        }
    }
}
