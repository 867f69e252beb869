//! Any byte string that may be a path arrives exactly through fish's file, in a locale with UTF-8 and in one without, and
//! is read back from the block. None is run.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use goenv_setup::shells::{self, Holds, Reach, Values};

use super::{here, run_under};
use crate::quoting::{LOCALES, make_root, values};
use crate::support::{Home, os, say, shell};

/// Reads each file given, twice: into a fresh shell, then with our Go behind the system's folders.
const READER: &str = r#"
for f in $argv
  set -e GOPATH; set -e GOROOT
  set -gx PATH /usr/bin /bin
  source $f
  printf '%s\0' "$GOPATH" "$GOROOT" "$PATH"
  /usr/bin/env -0 | /usr/bin/grep -az '^GOPATH='
  set -gx PATH /usr/bin $GOROOT/bin /x
  source $f
  printf '%s\0' "$PATH"
end
"#;

#[test]
fn every_value_arrives_and_is_read_back() {
    if !here() {
        return;
    }
    let fish = shells::by_name("fish").expect("it is supported");
    let mut home = Home::new();
    let plain = home.fake_go("plain/go", "1.22.10");
    let roots = home.beside("roots");
    let reader = home.beside("reader.fish");
    fs_err::write(&reader, READER).expect("a new file");
    home.dir("files");
    let mut cases: Vec<(Vec<u8>, PathBuf, OsString)> = Vec::new();
    let mut args = vec![OsString::from("--no-config"), reader.into_os_string()];
    let (mut all, given) = (values::all(), home.path(""));
    // Characters that fish keeps for itself, and what is refused elsewhere but is no trouble here.
    all.extend(
        ["\u{f600}\u{f6ff}", "\u{fdd0}\u{fdef}", "\u{10ffff}", "a\nb", "\n", "é\n\u{1}é"]
            .map(|text| text.as_bytes().to_vec()),
    );
    for (number, value) in all.iter().enumerate() {
        let root = make_root(&home, &roots, value).unwrap_or_else(|| plain.clone());
        for gopath in [
            [b"/nonexistent-gopath/", &value[..]].concat(),
            [given.as_os_str().as_bytes(), b"/", value, b":/b/", value].concat(),
        ] {
            let settings = Values {
                go: Some(root.join("bin")),
                places: Vec::new(),
                goroot: true,
                gopath: os(gopath),
                gobin: None,
                reach: Reach::Interactive,
                loads: None,
            };
            let body = fish.body(&settings, Holds::All, &given);
            assert_eq!(body.split(|byte| *byte == b'\n').count(), 25, "{}", body.escape_ascii());
            let carried = fish.carried(&body, &given);
            assert_eq!(
                (&carried.go, carried.gopath.as_ref()),
                (&settings.go, Some(&settings.gopath)),
                "{}",
                value.escape_ascii()
            );
            let file = home.path(format!("files/{number}-{}.fish", cases.len()));
            fs_err::write(&file, body).expect("a new file");
            args.push(file.into_os_string());
            cases.push((value.clone(), root.clone(), settings.gopath));
        }
    }
    assert!(all.len() >= 400, "{} values", all.len());
    for locale in LOCALES {
        home.env("LANG", locale);
        let ran = shell(&home, "fish", &args).ok();
        assert!(ran.stderr.is_empty(), "{locale}\n{ran}");
        let fields: Vec<_> = ran.stdout.split(|byte| *byte == 0).collect();
        assert_eq!(fields.len(), 5 * cases.len() + 1, "{locale}");
        for ((value, root, gopath), seen) in cases.iter().zip(fields.chunks(5)) {
            let (root, gopath) = (root.as_os_str().as_bytes(), gopath.as_bytes());
            let tools = [gopath.split(|byte| *byte == b':').next().unwrap_or_default(), b"/bin"].concat();
            let expected = [
                gopath.to_vec(),
                root.to_vec(),
                [root, b"/bin:/usr/bin:/bin:", &tools].concat(),
                [b"GOPATH=", gopath].concat(),
                [root, b"/bin:/usr/bin:/x:", &tools].concat(),
            ];
            for (seen, expected) in seen.iter().zip(&expected) {
                assert_eq!(
                    seen.escape_ascii().to_string(),
                    expected.escape_ascii().to_string(),
                    "`{}`, {locale}",
                    value.escape_ascii()
                );
            }
        }
    }
    none_ran(&home);
    say(&format!("fish: {} values × 2 locales, each twice", all.len()));
}

/// The same through the program: written, and read back by the next run.
#[test]
fn values_come_back_through_apply() {
    if !here() {
        return;
    }
    let mut home = Home::new();
    let plain = home.fake_go("plain/go", "1.22.10");
    let roots = home.beside("roots");
    for (number, value) in values::nasty().iter().enumerate().step_by(2) {
        let root = make_root(&home, &roots, value).unwrap_or_else(|| plain.clone());
        let gopath = [b"/nonexistent-gopath/", &value[..]].concat();
        home.env("LANG", LOCALES[number / 2 % 2]);
        let args = ["apply", "-q", "--yes", "--shell", "fish", "--goroot"].map(OsString::from);
        let args = [&args[..], &[root.clone().into_os_string(), "--gopath".into(), os(gopath.clone())]].concat();
        run_under(&home, "fish", &args).ok();
        let applied = home.tree();
        run_under(&home, "fish", &["apply", "-q", "--yes"]).ok();
        home.unchanged(&applied);
        let seen = super::launch(&home, &["-i"], &[]);
        assert_eq!(
            seen.get("GOPATH").map(<[u8]>::escape_ascii).map(|v| v.to_string()),
            Some(gopath.escape_ascii().to_string())
        );
        assert_eq!(seen.get("GOROOT"), Some(root.as_os_str().as_bytes()));
        assert_eq!(seen.go, root.join("bin/go"));
    }
    none_ran(&home);
}

/// Values that try to run something would have left a file of this name.
fn none_ran(home: &Home) {
    for folder in [home.path(""), home.beside("tmp"), home.path("files")] {
        let names = fs_err::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let found: Vec<OsString> = names.filter(|name| OsStr::as_bytes(name).starts_with(b"canary")).collect();
        assert!(found.is_empty(), "a value was run: {found:?}");
    }
}
