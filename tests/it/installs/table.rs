//! The table as a person sees it.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::support::{Home, Ran};

fn lines(ran: &Ran) -> Vec<String> {
    String::from_utf8(ran.stdout.clone()).expect("shown bytes are text").lines().map(str::to_owned).collect()
}

#[track_caller]
fn fits(lines: &[String]) {
    for line in lines {
        assert!(line.chars().count() <= 80 && !line.ends_with(' '), "{line:?} in {lines:#?}");
    }
}

#[test]
fn one_line_for_each_go_and_its_reason() {
    let mut home = Home::new();
    home.fake_go(".local/go", "1.22.10");
    home.fake_go("sdk/go1.21.13", "1.21.13");
    home.env("PATH", format!("{}:/usr/bin:/bin", home.path("sdk/go1.21.13/bin").display()));
    let ran = home.run(&["installs"]).ok();
    let lines = lines(&ran);
    fits(&lines);
    let expected = [
        "   KIND     VERSION    ARCH    PATH  USE                    ROOT",
        "*  sdk      go1.21.13  script  yes   ~/sdk/go1.21.13/bin    ~/sdk/go1.21.13",
        "    apply chooses it: it is the first on PATH that may be kept",
        "   tarball  go1.22.10  script  no    ~/.local/go/bin        ~/.local/go",
        "    another comes first; to choose this one: `goenv-setup apply --goroot",
    ];
    // Blanks between columns are as many as the widest cell wants.
    let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    for (line, expected) in lines.iter().zip(expected) {
        assert_eq!(squeezed(line), squeezed(expected), "{ran}");
    }
    assert_eq!(lines[1].find("~/sdk"), lines[3].find("~/.local"), "the columns stand below each other\n{ran}");
    assert!(ran.stderr.is_empty(), "{ran}");
    // The hint is a command that does what it says.
    home.run(&["apply", "--shell", "zsh", "--yes", "--goroot", home.path(".local/go").to_str().expect("plain")]).ok();
    let chosen = home.run(&["installs"]).ok().out_has("*  tarball").out_has("apply chooses it: the block names it");
    assert_eq!(chosen.stdout.iter().filter(|byte| **byte == b'*').count(), 1, "{chosen}");
}

#[test]
fn long_paths_get_lines_of_their_own() {
    let home = Home::new();
    home.fake_go(".local/share/mise/installs/go/1.22.10", "1.22.10");
    home.fake_go(".asdf/installs/golang/1.21.13/go", "1.21.13");
    home.fake_go("sdk/go1.20.14-with-a-rather-long-name", "1.20.14");
    let ran = home.run(&["installs"]).ok().out_has("USE, ROOT");
    let lines = lines(&ran);
    fits(&lines);
    let own = lines.iter().filter(|line| line.trim() == "~/.local/share/mise/installs/go/1.22.10").count();
    assert_eq!(own, 1, "{ran}");
}

#[test]
fn no_go_at_all() {
    let home = Home::new();
    if Ran::of(&home.command("sh", &["-c", "command -v go"])).status == 0 {
        crate::support::lacks("a system without Go");
        return;
    }
    let before = home.tree();
    let ran = home
        .run(&["installs"])
        .ok()
        .err_has("warning: no Go was found")
        .err_has("hint: ")
        .err_has("`goenv-setup apply`");
    assert!(ran.stdout.is_empty(), "{ran}");
    let ran = home.run(&["installs", "--json"]).ok().err_has("warning: no Go was found");
    let one: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("one document");
    assert_eq!((&one["schema"], &one["installs"]), (&1.into(), &serde_json::json!([])), "{ran}");
    assert_eq!(one["settings"]["go"]["present"], false, "{ran}");
    home.unchanged(&before);
}

#[test]
fn names_and_versions_are_shown_harmless() {
    let mut home = Home::new();
    let root = home.fake_go("opt/\x1b[31m go \u{202e}", "1.22.10");
    home.file("opt/\x1b[31m go \u{202e}/VERSION", "go1.22.10 \u{202e} and a very, very long tail of it\n");
    let mut path = root.join("bin").into_os_string();
    path.push(":/usr/bin:/bin");
    home.env("PATH", path);
    let ran = home.run(&["installs"]).ok().out_has("^[[31m go \\u{202e}").out_has("go1.22.10 \\u{202e} …");
    assert!(!ran.stdout.iter().any(|byte| *byte < b' ' && *byte != b'\n'), "{ran}");

    let root = home.path(OsStr::from_bytes(b"opt/\xff"));
    fs_err::rename(home.path("opt/\x1b[31m go \u{202e}"), &root).expect("a file system that takes any byte");
    let mut path = root.join("bin").into_os_string();
    path.push(":/usr/bin:/bin");
    home.env("PATH", path);
    home.run(&["installs"]).ok().out_has("~/opt/\\xff/bin");
    home.run(&["installs", "--json"]).ok().out_has("\"base64\"");
}

/// What is in a `VERSION` file and names no release is no version, and reaches no terminal.
#[test]
fn a_version_of_control_bytes_is_none() {
    let long = [b"go1.22.10 ".as_slice(), &[b'x'; 5000]].concat();
    for bytes in [&[0; 64][..], b"go1.22.10\x1b]0;title\x07\n", b"\x1b[2J", b"go1.22.10\r\x08\n", b"\x7f\x9b", &long] {
        let home = Home::new();
        home.fake_go(".local/go", "1.22.10");
        home.fake_go("sdk/go1.21.13", "1.21.13");
        home.file(".local/go/VERSION", bytes);
        let ran = home.run(&["installs", "--json"]).ok();
        let one: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("one document");
        let rows = one["installs"].as_array().expect("a list");
        let go = rows.iter().find(|row| row["kind"] == "tarball").expect("it is listed");
        assert_eq!((&go["version"], &go["chosen"]), (&serde_json::Value::Null, &true.into()), "{go:#}");
        for args in
            [&["installs"][..], &["apply", "--shell", "zsh", "--dry-run"], &["apply", "--shell", "zsh", "--yes"]]
        {
            let ran = home.run(args).ok();
            for stream in [&ran.stdout, &ran.stderr] {
                assert!(!stream.iter().any(|byte| *byte < b' ' && *byte != b'\n' || *byte == 0x7f), "{ran}");
                assert!(!String::from_utf8_lossy(stream).contains("xxx"), "{ran}");
            }
        }
    }
}

/// The name of the column is wider than what stands in it, and lines of their own for the roots make it wider still.
#[test]
fn narrow_cells_below_a_wide_head() {
    let mut home = Home::new();
    let name = format!(".gvm/gos/go1.22.10-{}", "long".repeat(20));
    let root = home.fake_go(&name, "1.22.10");
    let other = home.fake_go(".goenv/versions/1.22.10", "1.22.10");
    home.file(format!("{name}/VERSION"), format!("go1.22.10 {}\n", "v".repeat(200)));
    let folders = [&root, &other].map(|root| root.join("bin").display().to_string());
    home.env("PATH", format!("{}:/usr/bin:/bin", folders.join(":")));
    home.run(&["installs"]).ok().out_has("PATH  USE, ROOT").out_has("go1.22.10 vvvvvvvvv…");
}

#[test]
fn a_shell_that_we_do_not_know_is_no_obstacle() {
    let mut home = Home::new();
    home.fake_go(".local/go", "1.22.10");
    home.env("SHELL", "/bin/nosuchshell");
    home.run(&["installs"]).ok().out_has("*  tarball");
}

#[test]
fn whoever_closes_the_pipe_has_seen_enough() {
    let home = Home::with_go();
    let ran = home.script(r#"{ sleep 0.2; "$0" installs; echo "status $?" >&2; } | true"#).ok();
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "status 0\n", "{ran}");
}
