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

/// Passwords in which there is what stands between two addresses, and variables that only look like cgo's.
#[test]
fn nothing_of_odd_passwords() {
    if !is_here(super::ZSH) {
        return;
    }
    let home = Home::new();
    home.file(
        ".zshrc",
        "export HTTPS_PROXY='http://u:hunter2,x@p:1' http_proxy='u:hunter2|x@p' https_proxy='u:hunter2 b@p'\n\
         export GOPROXY='u:hunter2@p,https://u:hunter2,x@host/hunter2|direct' CGO_TOKEN=hunter2\n\
         export CGO_LDFLAGS='-Wl,hunter2' GOCACHEPROG='cache -khunter2'\n",
    );
    for variable in ["HTTPS_PROXY", "http_proxy", "https_proxy", "GOPROXY", "CGO_TOKEN", "CGO_LDFLAGS", "GOCACHEPROG"] {
        for more in [&["-v"][..], &["--json"]] {
            silent(&home.run(&[&["explain", variable, "--shell", "zsh"], more].concat()).ok());
        }
    }
}

/// What a shell tells is kept where nobody else can look, whatever the mask for new files is.
#[test]
fn what_is_kept_for_a_moment_is_private() {
    for way in [super::ZSH, super::BASH].into_iter().filter(|way| is_here(*way)) {
        let home = Home::new();
        let (tmp, open, report) = (home.path("../tmp"), home.path("open"), home.path("report"));
        let (tmp, open, report) = (tmp.display(), open.display(), report.display());
        let look = format!(
            "find {tmp} -mindepth 1 '(' -type d '!' -perm 700 -o -type f '!' -perm 600 ')' >>{open}; \
             find {tmp} -name report >>{report}"
        );
        home.file(way.rc, format!("umask 0\nf() {{ {look}; }}\ntrap f EXIT\nf\n"));
        explain(&home, way, "PATH");
        let text = |name: &str| fs_err::read_to_string(home.path(name)).expect("it looked");
        assert!(text("report").contains("/report\n"), "{way:?}: it looked too early");
        assert_eq!(text("open"), "", "{way:?}");
    }
}
