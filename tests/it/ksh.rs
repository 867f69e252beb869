//! ksh93, mksh, lksh, yash and busybox's ash: from an empty home, a Debian one and odd ones, `apply` writes what each of
//! them reads, each launch mode finds what was promised and no more, and `uninstall` puts every byte back.

mod detected;
mod options;
mod quoting;

use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use crate::support::{Home, Mode, assert_same_tree, find, launch_as, need, run_under, say};

/// A shell, as a program and its first words, with its login file, and the file that it reads in every terminal.
pub(crate) struct Korn {
    name: &'static str,
    program: &'static [&'static str],
    login: &'static str,
    own: Option<&'static str>,
}

const ALL: [Korn; 5] = [
    Korn { name: "ksh93", program: &["ksh93"], login: ".profile", own: Some(".kshrc") },
    Korn { name: "mksh", program: &["mksh"], login: ".profile", own: Some(".mkshrc") },
    Korn { name: "lksh", program: &["lksh"], login: ".profile", own: Some(".mkshrc") },
    Korn { name: "yash", program: &["yash"], login: ".yash_profile", own: Some(".yashrc") },
    Korn { name: "ash", program: &["busybox", "ash"], login: ".profile", own: None },
];

/// What must be here for all of these tests.
fn all_here() -> bool {
    ["bash", "dash"].into_iter().chain(ALL.iter().map(|shell| shell.program[0])).all(need)
}

/// As Debian's: it leaves early where the shell is none of its own.
const SKEL_MKSHRC: &str = "case ${KSH_VERSION:-} in\n*LEGACY\\ KSH*|*MIRBSD\\ KSH*) ;;\n*) \\return 0 ;;\nesac\n\
                           [[ -s /etc/mkshrc ]] && \\. /etc/mkshrc\n\\: put your local alias/function definitions here\n";
const SKEL_PROFILE: &str = "# ~/.profile\nif [ -n \"$BASH_VERSION\" ]; then\n    . \"$HOME/.bashrc\"\nfi\n\
                            if [ -d \"$HOME/bin\" ] ; then\n    PATH=\"$HOME/bin:$PATH\"\nfi\n";

/// Files of a home: a name and what it holds.
type Files = &'static [(&'static str, &'static str)];

const HOMES: [(&str, &[u8], Files); 5] = [
    ("empty", b"home", &[]),
    (
        "Debian's",
        b"home",
        &[(".mkshrc", SKEL_MKSHRC), (".kshrc", "PS1='$ '"), (".profile", SKEL_PROFILE), (".yashrc", "PS1='$ '\n")],
    ),
    (
        "no line ends, early returns",
        b"home",
        &[
            (".mkshrc", "set -u"),
            (".kshrc", "set -u\nreturn 0"),
            (".profile", "case $- in *i*) ;; esac\numask 022"),
            (".yash_profile", "set -u"),
            (".yashrc", "return"),
        ],
    ),
    ("an odd name", b"it's $HOME `touch x` \\ [a] * home", &[(".yashrc", "# mine\n")]),
    ("a name that is no UTF-8", b"caf\xe9 \xff", &[(".yashrc", "")]),
];

#[test]
fn each_launch_mode_in_each_home() {
    if !all_here() {
        return;
    }
    let mut launches = 0;
    for (what, name, files) in HOMES.iter().filter(|home| !cfg!(target_os = "macos") || home.1.is_ascii()) {
        for shell in &ALL {
            let mut home = Home::named_with_go(name);
            home.env("HISTFILE", "/dev/null");
            for (file, text) in *files {
                home.file(file, text);
            }
            let what = format!("{}, home: {what}", shell.name);
            let before = home.tree();
            run_under(&home, "bash", &["apply", "--yes", "--no-verify", "--shell", shell.name]).ok();
            // From here on nobody but the startup files knows where Go is.
            home.env("PATH", "/usr/bin:/bin");
            let applied = home.tree();
            let interactive = match shell.name {
                "ksh93" => *name != HOMES[3].1, // it does not find its file there, and apply says so
                "yash" => home.path(".yashrc").exists() && *name != HOMES[4].1,
                name => name != "ash",
            };
            for mode in Mode::ALL {
                let promised = match mode {
                    Mode::LoginInteractive | Mode::Login => shell.name != "yash" || *name != HOMES[4].1,
                    Mode::Interactive => interactive,
                    Mode::Command => false,
                };
                let seen = launch_as(&home, shell.program, mode);
                let root = home.path("opt/go");
                if *name == b"home" {
                    assert_eq!(seen.go, promised.then(|| root.join("bin/go")), "{what}, {mode:?}: {seen:?}");
                }
                // ksh93 quotes what `command -v` says of an odd name.
                let bin = [root.join("bin").as_os_str().as_bytes(), b":"].concat();
                let leads = seen.path.as_ref().is_some_and(|path| path.starts_with(&bin));
                assert_eq!(leads, promised, "{what}, {mode:?}: {seen:?}");
                let expected = promised.then(|| root.as_os_str().as_bytes().to_vec());
                assert_eq!(seen.goroot, expected, "{what}, {mode:?}");
                let expected = promised.then(|| home.path("go").as_os_str().as_bytes().to_vec());
                assert_eq!(seen.gopath, expected, "{what}, {mode:?}");
                launches += 1;
            }
            home.unchanged(&applied);
            run_under(&home, "bash", &["apply", "--yes", "--shell", shell.name]).ok().err_has("nothing to do");
            home.unchanged(&applied);
            run_under(&home, shell.name, &["status"]).ok();
            run_under(&home, "bash", &["uninstall", "--yes"]).ok();
            assert_same_tree(&before.clone().without_state(), &home.tree().without_state());
        }
    }
    say(&format!("ksh: {launches} launches"));
}

/// bash, sh, ksh93 and mksh read `.profile`: it gets one block, which one uninstall takes out.
#[test]
fn one_profile_for_all() {
    if !all_here() {
        return;
    }
    let mut home = Home::with_go();
    home.env("HISTFILE", "/dev/null");
    home.file(".profile", "umask 022").file(".kshrc", "# mine\n").file(".yashrc", "# mine\n");
    let before = home.tree();
    let shells = ["-bash", "sh", "ksh93", "mksh", "yash"].map(|shell| ["--shell", shell.trim_start_matches('-')]);
    let args = [&["apply", "--yes", "--no-verify"][..], shells.as_flattened()].concat();
    run_under(&home, "-bash", &args).ok();
    let profile = String::from_utf8(home.read(".profile").expect("it is there")).expect("text");
    assert_eq!(profile.matches(">>> goenv-setup >>>").count(), 1, "{profile}");
    let applied = home.tree();
    for shell in ["bash", "sh", "ksh93", "mksh", "yash", "ash"] {
        run_under(&home, "-bash", &["apply", "--yes", "--shell", shell]).ok().err_has("nothing to do");
    }
    home.unchanged(&applied);
    home.env("PATH", "/usr/bin:/bin");
    for shell in &ALL {
        let seen = launch_as(&home, shell.program, Mode::LoginInteractive);
        assert_eq!(seen.go, Some(home.path("opt/go/bin/go")), "{}", shell.name);
    }
    run_under(&home, "-bash", &["uninstall", "--yes"]).ok();
    assert_same_tree(&before.without_state(), &home.tree().without_state());
}

/// ENV names another file, or nothing, or something that only the shell can tell: the shell's own file is not read, and
/// nothing is promised of it.
#[test]
fn what_env_keeps_from_being_read() {
    if !all_here() {
        return;
    }
    let own = |shell: &Korn| shell.own.expect("it has one");
    let mut tried = 0;
    for shell in ALL.iter().take(3) {
        let ksh93 = shell.name == "ksh93";
        let shinit = if ksh93 { "`ENV` names `~/.shinit`" } else { "mksh may not expand" };
        for (env, read, reason) in [
            (None, true, None),
            (Some("$HOME/.shinit"), false, Some(shinit)),
            (Some("${HOME}/.shinit"), false, Some(shinit)),
            (Some("/nonexistent/rc"), false, Some("`ENV` names `/nonexistent/rc`")),
            (Some("${NOT-$HOME}/.shinit"), false, Some("cannot be told")),
            (Some(""), !ksh93, Some("set to nothing").filter(|_| ksh93)),
            (Some("$HOME/OWN"), ksh93, Some(shinit).filter(|_| !ksh93)),
            (Some("HOME/OWN"), true, None),
        ] {
            let mut home = Home::with_go();
            home.file(".shinit", "# mine\n");
            let path = home.path("").into_os_string().into_string().expect("plain");
            let env = env.map(|env| env.replace("OWN", own(shell)));
            let env = env.map(|env| if env.starts_with("HOME") { env.replacen("HOME", &path, 1) } else { env });
            if let Some(env) = &env {
                home.env("ENV", env);
            }
            let what = format!("{}, ENV={env:?}", shell.name);
            let ran = home.run(&["apply", "--yes", "--json", "--shell", shell.name]).ok();
            let json: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("JSON");
            let modes: Vec<_> = json["promises"].as_array().expect("a list").iter().map(|one| &one["mode"]).collect();
            assert_eq!(modes.contains(&&"interactive".into()), read, "{what}\n{ran}");
            assert!(modes.contains(&&"login-interactive".into()) && modes.contains(&&"login".into()), "{what}\n{ran}");
            let notes = json["notes"].to_string();
            match reason {
                Some(reason) => assert!(notes.contains(reason), "{what}: {notes}"),
                None => assert!(!notes.contains("ENV"), "{what}: {notes}"),
            }
            assert!(home.path(own(shell)).exists(), "the plan does not depend on ENV");
            home.env("PATH", "/usr/bin:/bin");
            let go = Some(home.path("opt/go/bin/go"));
            assert_eq!(launch_as(&home, shell.program, Mode::Interactive).go, go.clone().filter(|_| read), "{what}");
            assert_eq!(launch_as(&home, shell.program, Mode::LoginInteractive).go, go, "{what}");
            tried += 1;
        }
    }
    say(&format!("ksh: {tried} settings of ENV"));
}

/// yash without a `.yashrc` has settings of its own, which a created one would hide.
#[test]
fn no_yashrc_is_created() {
    if !all_here() {
        return;
    }
    let home = Home::with_go();
    let ran = run_under(&home, "yash", &["apply", "--yes"]).ok().err_has("there is no `~/.yashrc`; none is created");
    assert!(!home.path(".yashrc").exists(), "{ran}");
    home.file(".yashrc", "");
    run_under(&home, "yash", &["status"]).code(1);
    run_under(&home, "yash", &["apply", "--yes"]).ok().err_has("added the block to ~/.yashrc");
}

/// A `.profile` in bash's language is no news to somebody who has mksh installed, and is to who uses it; that a shell
/// which reads the file could not read it any more counts for every reader.
#[test]
fn whose_syntax_counts() {
    if !all_here() {
        return;
    }
    let words = "does not parse as it is";
    for (shell, warns) in [("bash", false), ("ksh93", true), ("mksh", false), ("sh", true)] {
        let home = Home::with_go();
        // bash and mksh take it.
        home.file(".profile", "echo ${x@Q} ${x[0]^^} >/dev/null\nfoo=(a b)\n");
        let ran = run_under(&home, "-bash", &["apply", "--yes", "--no-verify", "--shell", shell]).ok();
        let warned = String::from_utf8_lossy(&ran.stderr).contains(words);
        assert_eq!(warned, warns, "{shell}\n{ran}");
    }
    for shell in ["ksh93", "mksh"] {
        for (text, words) in [("cat <<EOF\nx\n", ""), ("echo \"open\n", words)] {
            let home = Home::with_go();
            home.file(if shell == "mksh" { ".mkshrc" } else { ".kshrc" }, text);
            let ran = run_under(&home, "bash", &["apply", "--yes", "--no-verify", "--shell", shell]);
            // mksh calls an open here-document an error, ksh93 reads on.
            let refused = words.is_empty() && shell == "ksh93";
            let ran = if refused { ran.code(3).err_has("its end is open") } else { ran.ok() };
            assert!(refused || String::from_utf8_lossy(&ran.stderr).contains("does not parse"), "{ran}");
        }
    }
}

/// Where the block's folder is in the file's own shell.
fn path_of(program: &[&str]) -> PathBuf {
    find(program[0]).expect("it was asked for")
}
