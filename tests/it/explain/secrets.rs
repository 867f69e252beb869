//! What the user's files and environment hold besides is never shown.

use super::{BOURNE, CSH, FISH, TCSH, explain, is_here};
use crate::support::{Home, Ran};

/// Part of every secret.
const SECRET: &str = "hunter2";

#[track_caller]
fn silent(ran: &Ran) {
    for stream in [&ran.stdout, &ran.stderr] {
        assert!(!String::from_utf8_lossy(stream).contains(SECRET), "a secret\n{ran}");
    }
}

#[test]
fn nothing_of_other_variables_and_lines() {
    let bourne = "export PATH=/q:$PATH TOKEN=hunter2-a\necho hunter2-b; echo hunter2-c >&2\n: hunter2-d\n\
                  export GOPROXY=https://me:hunter2-e@proxy.example,direct GOAUTH='git hunter2-f' GOPATH=/p\n\
                  export HTTPS_PROXY=me:hunter2-g@proxy:3128 GOOGLE_API_KEY=hunter2-h\n";
    let fish = "set -gx TOKEN hunter2-a; set -gx PATH /q $PATH\necho hunter2-b; echo hunter2-c >&2\n\
                set -gx GOPROXY https://me:hunter2-e@proxy.example,direct\nset -gx GOAUTH 'git hunter2-f'; set -gx GOPATH /p\n\
                set -gx HTTPS_PROXY me:hunter2-g@proxy:3128; set -gx GOOGLE_API_KEY hunter2-h\n";
    let csh = "setenv TOKEN hunter2-a; setenv PATH /q:${PATH}\necho hunter2-b\n\
               setenv GOPROXY https://me:hunter2-e@proxy.example,direct\nsetenv GOAUTH 'git hunter2-f'; setenv GOPATH /p\n\
               setenv HTTPS_PROXY me:hunter2-g@proxy:3128; setenv GOOGLE_API_KEY hunter2-h\n";
    for way in BOURNE.into_iter().chain([FISH, TCSH, CSH]).filter(|way| is_here(*way)) {
        let mut home = Home::new();
        home.env("TOKEN", "hunter2-env").env("GOAUTH", "hunter2-env");
        if way.rc == super::SHRC {
            let file = home.path(way.rc);
            home.env("ENV", file);
        }
        home.file(
            way.rc,
            if way.shell == "fish" {
                fish
            } else if way.shell.ends_with("csh") {
                csh
            } else {
                bourne
            },
        );
        for variable in ["PATH", "GOPROXY", "GOAUTH", "HTTPS_PROXY", "GOOGLE_API_KEY", "GOPATH"] {
            let told = explain(&home, way, variable);
            assert!(!told.to_string().contains(SECRET), "{way:?} {variable}: {told}");
            assert!(
                told["changes"].as_array().is_some_and(|changes| !changes.is_empty()),
                "{way:?} {variable}: {told}"
            );
            assert_eq!(told["set"], true, "{way:?} {variable}: {told}");
            let shown = !matches!(variable, "GOAUTH" | "GOOGLE_API_KEY");
            assert_eq!(
                (&told["shown"], told["value"].is_string()),
                (&shown.into(), shown),
                "{way:?} {variable}: {told}"
            );
            let args = ["explain", variable, "-v", "--shell", way.shell, "--mode", way.mode];
            let ran = home.run(&args).ok();
            silent(&ran);
            if variable == "GOPROXY" {
                ran.out_has("https://…@proxy.example,direct");
            } else if variable == "GOAUTH" {
                ran.out_has("set; its value may be a secret and is not shown");
            }
        }
    }
}

#[test]
fn nor_where_the_shell_fails() {
    for (way, text) in [
        (super::ZSH, "TOKEN=hunter2\nexport PATH=/a:$PATH TOKEN\nprint -u2 hunter2; exit 3\n"),
        (super::BASH, "TOKEN=hunter2\nexport PATH=/a:$PATH TOKEN\n: hunter2 >&2; exit 3\n"),
    ] {
        if !is_here(way) {
            continue;
        }
        let home = Home::new();
        home.file(way.rc, text);
        for more in [&["-v"][..], &["--json"], &["--json", "-v"]] {
            let args = ["explain", "--shell", way.shell, "--mode", way.mode];
            silent(&home.run(&[&args, more].concat()).code(1));
        }
    }
}

#[test]
fn other_variables_are_wrong_usage() {
    let home = Home::new();
    for variable in ["TOKEN", "AWS_SECRET_ACCESS_KEY", "path", "GO", "GO$(id)", "", "PATH=x"] {
        for more in [&[][..], &["--json"]] {
            let ran = home.run(&[&["explain", variable, "--shell", "zsh"], more].concat()).code(2);
            ran.err_has("error: cannot explain `").err_has("hint: ").err_has("`goenv-setup explain GOROOT`");
        }
    }
}
