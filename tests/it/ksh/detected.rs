//! Which shell it is, told from real processes: each of these shells starts the program, and `ksh` is what the link says.

use super::{ALL, all_here, path_of};
use crate::support::{Home, Ran};

const TOLD: [(&str, &str, &str); 9] = [
    // What the terminal starts, its own name there, and the shell that it is.
    ("ksh93", "-ksh93", "ksh93"),
    ("ksh93", "-ksh", "ksh93"),
    ("ksh93", "ksh", "ksh93"),
    ("mksh", "-mksh", "mksh"),
    ("mksh", "-ksh", "mksh"),
    ("lksh", "lksh", "lksh"),
    ("yash", "-yash", "yash"),
    ("busybox", "-ash", "ash"),
    ("busybox", "-sh", "sh"),
];

#[test]
fn by_the_process() {
    if !all_here() || cfg!(target_os = "macos") {
        return; // macOS does not say which file a process runs
    }
    for (program, argv0, name) in TOLD {
        let home = Home::with_go();
        let typed = home.beside("typed");
        fs_err::write(&typed, concat!("'", env!("CARGO_BIN_EXE_goenv-setup"), "' apply --dry-run\nexit 0\n"))
            .expect("a file");
        let script = r#"exec -a "$0" "$1" -i <"$2""#;
        let program = path_of(&[program]);
        let words = [script, argv0, program.to_str().expect("plain"), typed.to_str().expect("plain")];
        let ran = Ran::of(&home.command("bash", &[&["-c"], &words[..]].concat()));
        let login = if argv0.starts_with('-') { "login" } else { "not login" };
        ran.err_has(&format!("shell: {name}, {login} (parent process {argv0}"));
    }
}

#[test]
fn by_the_link() {
    if !all_here() {
        return;
    }
    for korn in ALL.iter().take(3) {
        let mut home = Home::with_go();
        home.link("bin/ksh", path_of(korn.program));
        home.env("SHELL", home.path("bin/ksh"));
        let family = if korn.name == "lksh" { "mksh" } else { korn.name };
        let ksh = home.path("bin/ksh").into_os_string().into_string().expect("plain");
        home.run(&["apply", "--dry-run", "--shell", &ksh]).ok().err_has(&format!("shell: {family}, "));
        // A copy has a name that tells nothing, so the program is asked.
        fs_err::copy(path_of(korn.program), home.path("bin/copy")).expect("a copy");
        fs_err::remove_file(home.path("bin/ksh")).expect("the link");
        fs_err::rename(home.path("bin/copy"), home.path("bin/ksh")).expect("the copy");
        home.run(&["apply", "--dry-run", "--shell", &ksh]).ok().err_has(&format!("shell: {family}, "));
    }
}
