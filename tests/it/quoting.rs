//! Any byte string that may be a path arrives exactly: through a real startup file in zsh, bash and dash, in a locale
//! with UTF-8 and in one without, and back through the block when `apply` reads it. None is run.

pub(crate) mod values;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::support::{Home, Kind, Mode, Ran, assert_same_tree, launch, need, os, run_under, say, shell};

const LOCALES: [&str; 2] = ["C.UTF-8", "C"];
const SHELLS: [&str; 3] = ["zsh", "bash", "dash"];

/// Reads each file given, twice: into a fresh shell, then with our Go behind the system's folders, where the block has
/// to find it by patterns.
const READER: &str = r#"
for f
do
  unset GOPATH GOROOT
  PATH=/usr/bin:/bin
  . "$f"
  printf '%s\0' "$GOPATH" "$GOROOT" "$PATH"
  PATH="/usr/bin:$GOROOT/bin:/x"
  . "$f"
  printf '%s\0' "$PATH"
done
"#;

/// One value, as a GOPATH and as the name of a Go root.
struct Case {
    value: Vec<u8>,
    gopath: Vec<u8>,
    root: PathBuf,
}

impl Case {
    fn new(home: &Home, value: &[u8], gopath: Vec<u8>, roots: &Path, plain: &Path) -> Self {
        let root = make_root(home, roots, value).unwrap_or_else(|| plain.to_owned());
        Self { value: value.to_vec(), gopath, root }
    }

    fn settings(&self) -> [OsString; 4] {
        ["--goroot".into(), self.root.clone().into(), "--gopath".into(), os(self.gopath.clone())]
    }

    fn bin(&self) -> Vec<u8> {
        self.root.join("bin").as_os_str().as_bytes().to_vec()
    }
}

/// A Go root of this name, where the file system takes it.
fn make_root(home: &Home, roots: &Path, name: &[u8]) -> Option<PathBuf> {
    let special = name.is_empty() || name == b"." || name == b".." || name.len() > 255;
    if special || name.iter().any(|byte| b"/:".contains(byte)) {
        return None;
    }
    let root = roots.join(OsStr::from_bytes(name));
    fs_err::create_dir_all(root.join("bin")).ok()?;
    fs_err::write(root.join("VERSION"), "go1.22.10\n").expect("a new file");
    fs_err::os::unix::fs::symlink(home.path("plain/go/bin/go"), root.join("bin/go")).expect("a new link");
    Some(root)
}

fn all_here() -> bool {
    SHELLS.iter().all(|name| need(name))
}

#[test]
fn every_value_arrives_through_a_startup_file_and_is_read_back() {
    if !all_here() {
        return;
    }
    let mut home = Home::new();
    let plain = home.fake_go("plain/go", "1.22.10");
    let roots = home.beside("roots");
    let cases: Vec<_> = values::all()
        .iter()
        .map(|value| Case::new(&home, value, [b"/nonexistent-gopath/", &value[..]].concat(), &roots, &plain))
        .collect();
    assert!(cases.len() >= 300, "{} values", cases.len());
    let files = write_each(&mut home, &cases, true);
    read_each(&mut home, &cases, &files);
    let named = cases.iter().filter(|case| case.root != plain).count();
    say(&format!("quoting: {} values × 3 shells × 2 locales, {named} of them names of Go roots too", cases.len()));
}

#[test]
fn values_below_a_home_of_any_name() {
    if !all_here() {
        return;
    }
    let homes: [&[u8]; 4] =
        [b"plain", b"it's \"$HOME\" `touch canary` \\", b"* [a] {b} ~ # ! %s =x", b"\xff\x01caf\xe9\x83\x7f"];
    let mut count = 0;
    for name in homes.iter().filter(|name| !cfg!(target_os = "macos") || name.is_ascii()) {
        let mut home = Home::named(name);
        let plain = home.fake_go("plain/go", "1.22.10");
        let roots = home.path("roots");
        let path = home.path("").into_os_string();
        let below = |value: &[u8]| [path.as_bytes(), b"/", value].concat();
        let mut cases: Vec<_> =
            values::nasty().iter().map(|value| Case::new(&home, value, below(value), &roots, &plain)).collect();
        // Home itself, a neighbour with a longer name, and lists.
        for gopath in [
            path.as_bytes().to_vec(),
            [path.as_bytes(), b"s/go"].concat(),
            [&below(b"a b")[..], b":/x y:", &below(b"$c")].concat(),
        ] {
            cases.push(Case { value: b"list".to_vec(), gopath, root: plain.clone() });
        }
        let files = write_each(&mut home, &cases, false);
        for file in &files {
            let text = fs_err::read(file).expect("it was written");
            let named = text.windows(path.len()).any(|window| window == path.as_bytes());
            // The neighbour's name has it, and so has what is quoted as it is.
            let neighbour = text.windows(path.len() + 1).any(|window| window == [path.as_bytes(), b"s"].concat());
            assert!(!named || neighbour, "the home is written out in\n{}", text.escape_ascii());
        }
        read_each(&mut home, &cases, &files);
        count += cases.len();
    }
    say(&format!("quoting: {count} values below 4 homes × 3 shells × 2 locales"));
}

/// Writes a file for each case with `--file`, and checks that the settings are read back from it exactly.
fn write_each(home: &mut Home, cases: &[Case], change: bool) -> Vec<PathBuf> {
    home.dir("files");
    let mut files = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let file = home.path(format!("files/{number}.sh"));
        // A state folder of its own, which remembers this file and no other.
        home.env("XDG_STATE_HOME", home.beside("state").join(number.to_string()));
        let apply = |settings: &[OsString]| {
            let args = ["apply", "-q", "--yes", "--shell", SHELLS[number % 3]].map(OsString::from);
            home.run(&[&args, settings].concat()).ok();
            fs_err::read(&file).expect("it was written")
        };
        let touch = || std::os::unix::fs::MetadataExt::ino(&fs_err::metadata(&file).expect("it was written"));
        let first = apply(&[&["--file".into(), file.clone().into_os_string()], &case.settings()[..]].concat());
        let inode = touch();
        assert_eq!(apply(&[]).escape_ascii().to_string(), first.escape_ascii().to_string(), "read back");
        assert_eq!(touch(), inode, "written again: {}", case.value.escape_ascii());
        // Not for each: it takes two more runs.
        if change && number % 4 == 0 {
            // One setting changes, the other stays, to the byte; so changing it back gives the same file.
            let other = apply(&["--gopath".into(), "/other".into()]);
            assert_ne!(other, first);
            assert_eq!(line(&other, b"_go="), line(&first, b"_go="), "{}", case.value.escape_ascii());
            let again = apply(&["--gopath".into(), os(case.gopath.clone())]);
            assert_eq!(again.escape_ascii().to_string(), first.escape_ascii().to_string());
        }
        files.push(file);
    }
    files
}

/// The line that starts with this.
fn line<'a>(text: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    text.split(|byte| *byte == b'\n').find(|line| line.starts_with(start))
}

/// Reads the files in each shell and locale.
fn read_each(home: &mut Home, cases: &[Case], files: &[PathBuf]) {
    let reader = home.beside("reader");
    fs_err::write(&reader, READER).expect("a new file");
    for name in SHELLS {
        for locale in LOCALES {
            home.env("LANG", locale);
            let first: &[&str] = if name == "zsh" { &["-f"] } else { &[] };
            let args: Vec<&OsStr> = first
                .iter()
                .map(OsStr::new)
                .chain([reader.as_os_str()])
                .chain(files.iter().map(|file| file.as_os_str()))
                .collect();
            let ran = shell(home, name, &args).ok();
            assert!(ran.stderr.is_empty(), "{name}, {locale}: {}", ran.stderr.escape_ascii());
            let fields: Vec<_> = ran.stdout.split(|byte| *byte == 0).collect();
            assert_eq!(fields.len(), 4 * cases.len() + 1, "{name}, {locale}");
            for (case, seen) in cases.iter().zip(fields.chunks(4)) {
                let tools = [case.gopath.split(|byte| *byte == b':').next().unwrap_or_default(), b"/bin"].concat();
                let root = case.root.as_os_str().as_bytes();
                let expected = [
                    case.gopath.clone(),
                    root.to_vec(),
                    [&case.bin()[..], b":/usr/bin:/bin:", &tools].concat(),
                    [&case.bin()[..], b":/usr/bin:/x:", &tools].concat(),
                ];
                for (what, (seen, expected)) in
                    ["GOPATH", "GOROOT", "PATH", "PATH behind"].iter().zip(seen.iter().zip(&expected))
                {
                    assert!(
                        seen == expected,
                        "{what} of `{}` in {name}, {locale}:\n{}\nexpected\n{}",
                        case.value.escape_ascii(),
                        seen.escape_ascii(),
                        expected.escape_ascii()
                    );
                }
            }
        }
    }
    home.env("LANG", LOCALES[0]);
    none_ran(home);
}

/// Values that try to run something would have left a file of this name.
#[track_caller]
fn none_ran(home: &Home) {
    let home_and_beside = [home.path(""), home.beside("tmp")];
    for folder in home_and_beside {
        let found = fs_err::read_dir(&folder).expect("it is there").flatten().find(|entry| {
            let name = entry.file_name();
            name.as_bytes().starts_with(b"canary")
        });
        assert!(found.is_none(), "a value was run: {found:?}");
    }
}

/// The whole way, as a user goes it: the shells' own files, and a fresh terminal.
#[test]
fn values_arrive_in_fresh_terminals() {
    if !all_here() {
        return;
    }
    let mut home = Home::new();
    for file in [".zshrc", ".zprofile", ".bashrc", ".profile"] {
        home.file(file, "# mine");
    }
    let plain = home.fake_go("plain/go", "1.22.10");
    let roots = home.beside("roots");
    let mut list = values::nasty();
    list.extend(values::random(12));
    let cases: Vec<_> = list
        .iter()
        .map(|value| Case::new(&home, value, [b"/nonexistent-gopath/", &value[..]].concat(), &roots, &plain))
        .collect();
    assert!(cases.len() >= 60, "{} values", cases.len());
    let before = home.tree();
    let apply = |home: &Home, settings: &[OsString]| {
        let args = ["apply", "-q", "--yes", "--shell", "zsh", "--shell", "bash", "--shell", "sh"].map(OsString::from);
        run_under(home, "bash", &[&args, settings].concat()).ok()
    };
    let mut launches = 0;
    for (number, case) in cases.iter().enumerate() {
        apply(&home, &case.settings());
        let applied = home.tree();
        apply(&home, &[]);
        home.unchanged(&applied);
        // Each locale comes to each value, and both to every way of starting.
        for (turn, (name, mode)) in [
            ("zsh", Mode::Interactive),
            ("zsh", Mode::LoginInteractive),
            ("bash", Mode::Interactive),
            ("bash", Mode::LoginInteractive),
            ("dash", Mode::LoginInteractive),
        ]
        .into_iter()
        .enumerate()
        {
            home.env("LANG", LOCALES[(number + turn) % 2]);
            let seen = launch(&home, name, mode);
            let what = format!("`{}` in {name}, {mode:?}", case.value.escape_ascii());
            assert_eq!(seen.gopath.as_deref().map(shown), Some(shown(&case.gopath)), "GOPATH {what}");
            assert_eq!(
                seen.goroot.as_deref().map(shown),
                Some(shown(case.root.as_os_str().as_bytes())),
                "GOROOT {what}"
            );
            assert_eq!(seen.go, Some(case.root.join("bin/go")), "go {what}");
            let path = seen.path.expect("it is set");
            assert!(path.starts_with(&[&case.bin()[..], b":"].concat()), "PATH {what}: {}", shown(&path));
            assert!(path.ends_with(&[b":", &case.gopath[..], b"/bin"].concat()), "PATH {what}: {}", shown(&path));
            launches += 1;
        }
        home.env("LANG", LOCALES[0]);
        none_ran(&home);
    }
    run_under(&home, "bash", &["uninstall", "-q", "--yes"]).ok();
    assert_same_tree(&before.clone().without_state(), &home.tree().without_state());
    say(&format!("quoting: {} values the whole way, {launches} fresh shells", cases.len()));
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

#[test]
fn what_cannot_be_carried_is_refused() {
    if !all_here() {
        return;
    }
    let home = Home::new();
    let root = home.fake_go("sdk/go", "1.22.10").into_os_string().into_string().expect("plain");
    home.file(".zshrc", "# mine\n");
    let gopath_is_root = format!("/x:{root}");
    let cases: &[(&str, &str, &str)] = &[
        ("--goroot", "/a\nb", "newline"),
        ("--goroot", "/a:b", "colon"),
        ("--goroot", "sdk/go", "absolute"),
        ("--goroot", "./sdk/go", "absolute"),
        ("--goroot", "~/sdk/go", "`~` is not expanded"),
        ("--goroot", "~", "`~` is not expanded"),
        ("--goroot", "", "empty"),
        ("--gopath", "/a\nb", "newline"),
        ("--gopath", "go", "absolute"),
        ("--gopath", "/a:go", "absolute"),
        ("--gopath", "~/go", "`~` is not expanded"),
        ("--gopath", "/a:~/go", "`~` is not expanded"),
        ("--gopath", "", "empty"),
        ("--gopath", "/a:", "empty"),
        ("--gopath", "/a::/b", "empty"),
        ("--gopath", &root, "GOROOT"),
        ("--gopath", &gopath_is_root, "GOROOT"),
    ];
    let before = home.tree();
    let mut refused = 0;
    for (flag, value, reason) in cases {
        for shell in ["zsh", "bash", "sh"] {
            let mut args = vec!["apply", "--yes", "--shell", shell, flag, value];
            if *flag == "--gopath" {
                args.extend(["--goroot", &root]);
            }
            let ran: Ran = run_under(&home, shell, &args).code(3).err_has("error: ").err_has(reason).err_has("hint: ");
            assert!(ran.stdout.is_empty(), "{ran}");
            home.unchanged(&before);
            refused += 1;
        }
    }
    assert!(
        before
            .0
            .values()
            .all(|entry| !matches!(&entry.kind, Kind::File(bytes) if bytes.windows(4).any(|w| w == b">>> ")))
    );
    say(&format!("quoting: {refused} refusals"));
}
