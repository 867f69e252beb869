//! A Go that cannot run here is passed over for one that can, and taken with a warning where there is no other.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::report::{elf, mach};
use crate::support::{Home, os};

fn document(home: &Home, args: &[&str]) -> Value {
    let ran = home.run(args).ok();
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{ran}"))
}

/// The texts of the notes of one level that are about Go's program.
fn about_go(document: &Value, level: &str) -> Vec<String> {
    let notes = document["notes"].as_array().expect("a list").iter().filter(|note| note["level"] == level);
    let texts = notes.map(|note| note["text"].as_str().expect("text").to_owned());
    texts.filter(|text| text.contains("passed over: it is ") || text.starts_with("the Go in")).collect()
}

/// Programs that do not run on this machine, with a word of the reason.
fn stuck() -> Vec<(Vec<u8>, &'static str)> {
    // This very program, cut short.
    let own = fs_err::read(env!("CARGO_BIN_EXE_goenv-setup")).expect("it was built");
    let mac = if cfg!(target_os = "macos") { elf(62) } else { mach(&[0x0100_0007, 0x0100_000c]) };
    vec![
        (elf(243), if cfg!(target_os = "macos") { "is a program for Linux" } else { "is built for riscv64" }),
        (mac, "is a program for"),
        (Vec::new(), "is an empty file"),
        (own[..9000].to_vec(), "is cut short"),
        (own[..30].to_vec(), "is cut short"),
        (vec![0; 9000], "is no program"),
    ]
}

#[test]
fn one_that_cannot_run_is_passed_over_for_one_that_can() {
    for (bytes, why) in stuck() {
        for on_path in [false, true] {
            let mut home = Home::new();
            let first = home.fake_go(".local/go", "1.22.10").join("bin");
            let second = home.fake_go("sdk/go1.21.13", "1.21.13").join("bin");
            home.file(".local/go/bin/go", &bytes).mode(".local/go/bin/go", 0o755);
            let system: &[u8] = if on_path { b":/usr/bin:/bin" } else { b"/usr/bin:/bin" };
            let front = if on_path { first.as_os_str().as_bytes() } else { b"" };
            home.env("PATH", os([front, system].concat()));
            let one = document(&home, &["apply", "--shell", "zsh", "--dry-run", "--json"]);
            assert_eq!(one["settings"]["go"]["bin"], json!(second), "{why}\n{one:#}");
            let notes = about_go(&one, "note");
            assert!(notes.len() == 1 && notes[0].contains(why), "{why}: {notes:?}");
            assert_eq!(about_go(&one, "warning"), [""; 0], "{why}");
            let all = document(&home, &["installs", "--json"]);
            let rows = all["installs"].as_array().expect("a list");
            let row = |bin: &Path| rows.iter().find(|row| row["bin"] == json!(bin)).expect("it is listed");
            assert_eq!((&row(&first)["chosen"], &row(&second)["chosen"]), (&json!(false), &json!(true)), "{all:#}");
            let told = row(&first)["why"].as_str().expect("text");
            assert!(
                told.starts_with("another runs here, and this one may not; to choose this one: `goenv-setup apply")
                    && told.contains(why),
                "{told}"
            );
        }
    }
}

#[test]
fn the_only_one_is_chosen_with_a_warning() {
    for (bytes, why) in stuck() {
        let home = Home::new();
        let bin = home.fake_go(".local/go", "1.22.10").join("bin");
        home.file(".local/go/bin/go", &bytes).mode(".local/go/bin/go", 0o755);
        // A version manager that is not at work brings no Go.
        home.fake_go(".gvm/gos/go1.22", "1.22");
        let one = document(&home, &["apply", "--shell", "zsh", "--dry-run", "--json"]);
        assert_eq!(one["settings"]["go"]["bin"], json!(bin), "{why}\n{one:#}");
        let warnings = about_go(&one, "warning");
        assert!(warnings.len() == 1 && warnings[0].contains(why), "{why}: {warnings:?}");
    }
}

/// What was asked for is not argued with.
#[test]
fn a_word_of_the_users_counts_more() {
    let home = Home::new();
    let root = home.fake_go(".local/go", "1.22.10");
    home.file(".local/go/bin/go", elf(243)).fake_go("sdk/go1.21.13", "1.21.13");
    let asked = ["apply", "--shell", "zsh", "--goroot", root.to_str().expect("plain")];
    let dry = document(&home, &[&asked[..], &["--dry-run", "--json"]].concat());
    assert_eq!(dry["settings"]["go"]["bin"], json!(root.join("bin")));
    home.run(&[&asked[..], &["--yes", "--no-verify"]].concat()).ok();
    home.run(&["apply", "--shell", "zsh", "--check"]).ok().err_has("warning: the Go in");
}

/// A GOROOT in the environment may be what the block of another machine once said.
#[test]
fn a_goroot_of_the_environment_gives_way() {
    let mut home = Home::new();
    let root = home.fake_go("apps/go", "1.22.10");
    home.env("GOROOT", &root).file("apps/go/bin/go", elf(243));
    let chosen = |home: &Home| {
        document(home, &["apply", "--shell", "zsh", "--dry-run", "--json"])["settings"]["go"]["bin"].clone()
    };
    assert_eq!(chosen(&home), json!(root.join("bin")));
    let other = home.fake_go("sdk/go1.21.13", "1.21.13").join("bin");
    assert_eq!(chosen(&home), json!(other));
}

/// A wrapper is a script, with or without the line that names its shell; one that nobody may read may still run.
#[test]
fn scripts_run() {
    for script in ["#!/bin/sh\nexec /usr/local/go/bin/go \"$@\"\n", "exec /usr/local/go/bin/go \"$@\"\n"] {
        let home = Home::new();
        let bin = home.fake_go(".local/go", "1.22.10").join("bin");
        home.file(".local/go/bin/go", script).mode(".local/go/bin/go", 0o755).fake_go("sdk/go1.21.13", "1.21.13");
        let one = document(&home, &["apply", "--shell", "zsh", "--dry-run", "--json"]);
        assert_eq!(one["settings"]["go"]["bin"], json!(bin), "{one:#}");
    }
}

/// One without the execute bit is no command.
#[test]
fn one_that_may_not_be_executed_is_none() {
    let home = Home::new();
    home.fake_go(".local/go", "1.22.10");
    let other = home.fake_go("sdk/go1.21.13", "1.21.13").join("bin");
    home.mode(".local/go/bin/go", 0o644);
    let one = document(&home, &["apply", "--shell", "zsh", "--dry-run", "--json"]);
    assert_eq!(one["settings"]["go"]["bin"], json!(other), "{one:#}");
}

/// The block's Go is gone: the one that is named instead is one that `apply` takes.
#[test]
fn what_is_named_instead_of_a_go_that_is_gone() {
    let mut home = Home::new();
    home.fake_go("apps/go", "1.20.14");
    let asked = home.path("apps/go");
    home.run(&["apply", "--shell", "zsh", "--yes", "--no-verify", "--goroot", asked.to_str().expect("plain")]).ok();
    fs_err::remove_dir_all(asked).expect("it was there");
    // A keg without its stable name, and one that does not run.
    let keg = home.fake_go("brew/Cellar/go/1.22.10/libexec", "1.22.10").join("bin");
    home.fake_go(".local/go", "1.22.10");
    home.file(".local/go/bin/go", "").fake_go("sdk/go1.21.13", "1.21.13");
    home.env("PATH", os([keg.as_os_str().as_bytes(), b":/usr/bin:/bin"].concat()));
    let hint = "`goenv-setup apply --goroot \"$HOME/sdk/go1.21.13\"`";
    home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok().err_has("where there is no Go").err_has(hint);
}
