//! A block without GOROOT: what a shell brings along stays only where it is a pair with the Go that leads PATH.

use crate::support::{Home, need, say, shell};

/// How each shell reads the file with the whole block, and nothing that sets PATH anew.
const SHELLS: [(&str, &[&str], &str); 9] = [
    ("zsh", &["-i"], ""),
    ("bash", &["-i"], ""),
    ("dash", &[], ". ~/.profile && "),
    ("ksh93", &[], ". ~/.profile && "),
    ("mksh", &[], ". ~/.profile && "),
    ("yash", &[], ". ~/.yash_profile && "),
    ("fish", &[], ""),
    ("tcsh", &[], ""),
    ("csh", &[], ""),
];

#[test]
fn an_old_goroot_goes_where_it_is_no_pair() {
    let mut cells = 0;
    for (name, flags, reads) in SHELLS {
        if !need(name) {
            continue;
        }
        let mut home = Home::new();
        let [ours, other] = ["sdk/go", "opt/other go"].map(|root| home.fake_go(root, "1.22.10").display().to_string());
        home.run(&["apply", "--yes", "--no-verify", "--shell", name, "--no-goroot", "--goroot", &ours]).ok();
        let script = format!("{reads}/usr/bin/env");
        let gone = home.path("gone").display().to_string();
        let first = |root: &str| format!("{root}/bin:/usr/bin:/bin");
        for (path, goroot, left) in [
            // ours leads, or will
            ("/usr/bin:/bin".to_owned(), &other, None),
            (first(&ours), &other, None),
            (first(&ours), &gone, None),
            (first(&ours), &ours, Some(&ours)),
            // another leads
            (format!("{other}/bin:{}", first(&ours)), &other, Some(&other)),
            (format!("/nix/x/bin:{}", first(&ours)), &other, Some(&other)),
            (format!("{other}/bin:{}", first(&ours)), &gone, None),
            // there is none
            (first(&ours), &String::new(), None),
        ] {
            home.env("PATH", &path).env("GOROOT", goroot);
            let ran = shell(&home, name, &[flags, &["-c", &script]].concat()).ok();
            let text = String::from_utf8_lossy(&ran.stdout).into_owned();
            let seen = text.lines().find_map(|line| line.strip_prefix("GOROOT=")).filter(|root| !root.is_empty());
            assert_eq!(seen, left.map(String::as_str), "{name}: PATH {path}, GOROOT {goroot:?}\n{ran}");
            assert!(ran.stderr.is_empty() || matches!(name, "zsh" | "bash"), "{ran}");
            cells += 1;
        }
    }
    say(&format!("launch: a block without GOROOT: {cells} states, one shell each"));
}
