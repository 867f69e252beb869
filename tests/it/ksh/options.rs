//! The block under every option of these shells, one at a time, as the shells themselves list them.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ALL, Korn, all_here};
use crate::block_rules::{State, each_state, states};
use crate::support::{Home, run_under, say, shell};

/// Options that make the shell run no script, or another than ours, or say more than it was asked (of the terminal that is not there, too); and those under which
/// nobody may set PATH.
const NOT_OURS: &[&str] = &[
    "noexec",
    "exec",
    "interactive",
    "stdin",
    "cmdline",
    "login",
    "loginshell",
    "login_shell",
    "rc",
    "xtrace",
    "monitor",
    "verbose",
    "restricted",
    "showme",
];

/// The options of a shell, and whether each is on by default.
fn options(home: &Home, korn: &Korn) -> BTreeMap<String, bool> {
    let (program, words) = korn.program.split_first().expect("a program");
    let ran = shell(home, program, &[words, &["-c", "set -o"]].concat()).ok();
    let text = String::from_utf8(ran.stdout).expect("text");
    let words: Vec<&str> = text.trim_start_matches("Current option settings").split_whitespace().collect();
    let (pairs, rest) = words.as_chunks::<2>();
    assert!(rest.is_empty(), "{}: {text}", korn.name);
    pairs
        .iter()
        .map(|[name, value]| {
            assert!(matches!(*value, "on" | "off"), "{}: {text}", korn.name);
            ((*name).to_owned(), *value == "on")
        })
        .filter(|(name, _)| !NOT_OURS.contains(&name.as_str()))
        .collect()
}

fn home_with_blocks(name: &[u8]) -> Home {
    let home = Home::named(name);
    home.file(".yashrc", "");
    let root = home.fake_go("sdk/go", "1.22.10").into_os_string();
    let args = ["apply", "--yes", "--shell", "ksh93", "--shell", "mksh", "--shell", "yash", "--goroot"];
    run_under(&home, "bash", &[&args.map(Into::into)[..], &[root]].concat()).ok();
    home
}

#[test]
fn each_option_one_at_a_time() {
    if !all_here() {
        return;
    }
    let home = home_with_blocks(b"home");
    let mut tried = 0;
    for korn in &ALL {
        let all = options(&home, korn);
        assert!(all.len() > 8, "{}: {all:?}", korn.name);
        for (name, on) in &all {
            // So strict, yash has a `[` only where PATH leads to one: without, nothing at all can be done.
            let can_ask = |state: &State| state.path().any(|folder| Path::new(folder).join("[").exists());
            let strict = name == "posixlycorrect";
            let states: Vec<_> = states().into_iter().filter(|state| !strict || can_ask(state)).collect();
            assert!(states.len() > 10, "{} states", states.len());
            every_state(&home, korn, &[if *on { "+o" } else { "-o" }, name], "", &states);
        }
        tried += all.len();
    }
    say(&format!("ksh: {tried} options of {} shells, {} states each, once and twice", ALL.len(), states().len()));
}

#[test]
fn sets_of_options_and_separators_in_each_state() {
    if !all_here() {
        return;
    }
    let states = states();
    for folder in [&b"home"[..], b"[h]* o?me $x !!"] {
        let home = home_with_blocks(folder);
        for korn in &ALL {
            for options in [&[][..], &["-e"], &["-u"], &["-eu"], &["-euCf"]] {
                every_state(&home, korn, options, "", &states);
            }
            for separators in ["IFS=/:o\n", "IFS=\n", "unset IFS\n", "IFS=': '\nset -eu\n"] {
                every_state(&home, korn, &[], separators, &states);
            }
            if matches!(korn.name, "ksh93" | "mksh" | "lksh") {
                every_state(&home, korn, &["-k", "-eu"], "", &states);
            }
        }
    }
}

fn every_state(home: &Home, korn: &Korn, options: &[&str], first: &str, states: &[State]) {
    let (program, words) = korn.program.split_first().expect("a program");
    // A name for the harness that is the program's own.
    for times in [1, 2] {
        each_state(home, program, &[words, options].concat(), first, korn.login, times, states);
    }
}

#[test]
fn without_a_home_nothing_happens() {
    if !all_here() {
        return;
    }
    let home = home_with_blocks(b"home");
    for korn in &ALL {
        let (program, words) = korn.program.split_first().expect("a program");
        for prepare in ["unset HOME", "HOME=", "unset HOME; set -eu", "mv \"$HOME/sdk\" \"$HOME/away\""] {
            let file = home.path(korn.login);
            let script = format!(
                "f='{}'\n{prepare}\nPATH=/x\n. \"$f\"\n. \"$f\"\n/usr/bin/printf '%s|' \"$PATH\" \"${{GOROOT-}}\" \"${{GOPATH-}}\"",
                file.display()
            );
            let ran = shell(&home, program, &[words, &["-c", &script]].concat()).ok();
            assert!(ran.stdout == b"/x|||" && ran.stderr.is_empty(), "{} after {prepare}\n{ran}", korn.name);
            if Path::new(&home.path("away")).exists() {
                fs_err::rename(home.path("away"), home.path("sdk")).expect("it was moved");
            }
        }
    }
}

/// Each of them says so; the login file of yash and ash ends there, and the shell lives.
#[test]
fn a_readonly_path_is_an_error_message_and_no_more() {
    if !all_here() {
        return;
    }
    for korn in ALL.iter().filter(|korn| korn.own.is_some()) {
        let home = Home::with_go();
        let own = korn.own.expect("it has one");
        home.file(own, "readonly PATH\n");
        run_under(&home, "bash", &["apply", "--yes", "--no-verify", "--shell", korn.name]).ok();
        let ran = shell(&home, korn.program[0], &["-i", "-c", "echo alive with \"$PATH\""]).ok();
        ran.out_has("alive with ").err_has("PATH");
    }
}
