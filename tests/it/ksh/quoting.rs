//! Any path arrives exactly in ksh93, mksh, lksh and ash, through a real startup file, in a locale with UTF-8 and in one
//! without; yash takes what is ASCII, and the rest is refused with the reason. None is run.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use super::{ALL, all_here};
use crate::quoting::values;
use crate::support::{Home, os, say, shell};

const READER: &[u8] = b"for f do\n  unset GOPATH GOROOT\n  PATH=/usr/bin:/bin\n  . \"$f\"\n  \
    /usr/bin/printf '%s\\0' \"$GOPATH\" \"$PATH\"\ndone\n";

fn apply(home: &Home, shell: &str, file: &OsStr, gopath: &[u8]) -> crate::support::Ran {
    let [apply, quiet, yes, flag, to, list] =
        ["apply", "-q", "--yes", "--shell", "--file", "--gopath"].map(OsString::from);
    home.run(&[apply, quiet, yes, flag, shell.into(), to, file.to_owned(), list, os(gopath)])
}

#[test]
fn every_value_arrives_or_is_refused() {
    if !all_here() {
        return;
    }
    let mut home = Home::with_go();
    home.dir("files");
    let (mut carried, mut refused) = (Vec::new(), 0);
    for (number, value) in values::all().into_iter().enumerate() {
        let gopath = [b"/nonexistent-gopath/", &value[..]].concat();
        let state = |home: &mut Home, kind: &str| {
            home.env("XDG_STATE_HOME", home.beside("state").join(format!("{kind}{number}")));
        };
        state(&mut home, "");
        let file = home.path(format!("files/{number}"));
        let shell = ["ksh93", "mksh", "yash"][number % 3];
        // The block of one is that of the other, as far as yash can carry it.
        let yash = home.path(format!("files/{number}.yash"));
        if gopath.is_ascii() {
            apply(&home, shell, file.as_os_str(), &gopath).ok();
            if number % 10 == 0 {
                state(&mut home, "yash");
                apply(&home, "yash", yash.as_os_str(), &gopath).ok();
                assert_eq!(fs_err::read(&yash).expect("written"), fs_err::read(&file).expect("written"));
            }
        } else {
            apply(&home, if shell == "yash" { "mksh" } else { shell }, file.as_os_str(), &gopath).ok();
            if refused < 40 || number % 5 == 0 {
                state(&mut home, "yash");
                apply(&home, "yash", yash.as_os_str(), &gopath).code(3).err_has("not ASCII");
                assert!(!yash.exists(), "{}", value.escape_ascii());
                refused += 1;
            }
        }
        carried.push((gopath, file));
    }
    assert!(carried.len() >= 400 && refused >= 40, "{} values, {refused} refused", carried.len());
    let reader = home.beside("reader");
    fs_err::write(&reader, READER).expect("a new file");
    let mut read = 0;
    for korn in &ALL {
        let (program, words) = korn.program.split_first().expect("a program");
        let cases: Vec<_> = carried.iter().filter(|(gopath, _)| korn.name != "yash" || gopath.is_ascii()).collect();
        for locale in ["C.UTF-8", "C"] {
            home.env("LANG", locale);
            let args: Vec<&OsStr> = words
                .iter()
                .map(OsStr::new)
                .chain([reader.as_os_str()])
                .chain(cases.iter().map(|(_, file)| file.as_os_str()))
                .collect();
            let ran = shell(&home, program, &args).ok();
            assert!(ran.stderr.is_empty(), "{}, {locale}\n{}", korn.name, ran.stderr.escape_ascii());
            let fields: Vec<_> = ran.stdout.split(|byte| *byte == 0).collect();
            assert_eq!(fields.len(), 2 * cases.len() + 1, "{}, {locale}", korn.name);
            for ((gopath, _), seen) in cases.iter().zip(fields.chunks(2)) {
                assert_eq!(
                    seen[0].escape_ascii().to_string(),
                    gopath.escape_ascii().to_string(),
                    "GOPATH in {}, {locale}",
                    korn.name
                );
                let first = gopath.split(|byte| *byte == b':').next().unwrap_or_default();
                let path =
                    [home.path("opt/go/bin").as_os_str().as_bytes(), b":/usr/bin:/bin:", first, b"/bin"].concat();
                assert_eq!(
                    seen[1].escape_ascii().to_string(),
                    path.escape_ascii().to_string(),
                    "PATH in {}",
                    korn.name
                );
                read += 1;
            }
        }
    }
    let ran_something = fs_err::read_dir(home.path("")).expect("it is there").flatten();
    let ran_something = ran_something.filter(|entry| entry.file_name().as_bytes().starts_with(b"canary")).count();
    assert_eq!(ran_something, 0, "a value was run");
    say(&format!("ksh: {} values, {read} times read, {refused} refused for yash", carried.len()));
}

/// `$HOME` stays `$HOME`, so a home that is not ASCII is no reason to refuse.
#[test]
fn yash_takes_what_is_below_any_home() {
    if !all_here() {
        return;
    }
    let home = Home::named_with_go("zoë".as_bytes());
    home.file(".yashrc", "# mine\n");
    crate::support::run_under(&home, "yash", &["apply", "--yes"]).ok();
    for file in [".yashrc", ".yash_profile"] {
        assert!(home.read(file).expect("it is there").is_ascii(), "{file}");
    }
    let before = home.tree();
    let below = home.path("größe").into_os_string();
    let args = ["apply", "--yes", "--gopath"].map(OsString::from);
    let ran = crate::support::run_under(&home, "yash", &[&args[..], std::slice::from_ref(&below)].concat());
    ran.code(3).err_has("cannot write the block into `~/.yash_profile`").err_has("not ASCII");
    home.unchanged(&before);
    let print = [OsString::from("print"), "--shell".into(), "yash".into(), "--gopath".into(), below];
    let ran = crate::support::run_under(&home, "yash", &print).code(3).err_has("not ASCII");
    assert!(ran.stdout.is_empty(), "{ran}");
}
