use std::path::PathBuf;

use super::*;
use crate::facts::{Env, GoFacts, Platform, User};
use LaunchMode::{Command, Interactive, Login, LoginInteractive, SshCommand};

fn reached(shell: &str, mode: LaunchMode, places: &Places) -> bool {
    let shell = shells::by_name(shell).unwrap();
    opens_own_file(places, shell, &shell.programs()[0], mode)
}

#[test]
fn what_a_startup_file_can_reach() {
    let places = Places::plain(Path::new("/home/u"));
    for mode in [LoginInteractive, Interactive, Login, Command] {
        assert!(reached("zsh", mode, &places), "{mode:?}");
    }
    for (mode, by_file) in
        [(LoginInteractive, true), (Interactive, true), (Login, true), (Command, false), (SshCommand, true)]
    {
        assert_eq!(reached("bash", mode, &places), by_file, "{mode:?}");
    }
    for (mode, by_file) in [(LoginInteractive, true), (Interactive, false), (Login, true), (Command, false)] {
        assert_eq!(reached("sh", mode, &places), by_file, "{mode:?}");
    }
}

#[test]
fn the_file_that_env_names_is_a_startup_file_if_it_is_the_users() {
    let mut places = Places::plain(Path::new("/home/u"));
    for (file, by_file) in [("/home/u/.shinit", true), ("/etc/shinit", false)] {
        places.env_file = Some(file.into());
        assert_eq!(reached("sh", Interactive, &places), by_file, "{file}");
    }
}

#[test]
fn the_systems_files_are_not_the_users_even_in_a_home_of_root() {
    let places = Places::plain(Path::new("/"));
    assert!(reached("bash", Login, &places), "/.profile is");
    assert!(!reached("bash", Command, &places));
    assert!(!reached("sh", Interactive, &places));
}

/// A machine with these programs, of a user whose login shell this is.
fn facts(login_shell: &str, programs: &[&'static str], in_use: &[&'static str]) -> Facts {
    let home = PathBuf::from("/home/u");
    let user = User {
        euid: 1000,
        name: None,
        home: home.clone(),
        real_home: home.clone(),
        passwd_shell: Some(login_shell.into()),
        sudo_user: None,
    };
    Facts {
        platform: Platform::Linux,
        user,
        env: Env::default(),
        parents: Vec::new(),
        places: Places::plain(&home),
        files: Vec::new(),
        remembered: Vec::new(),
        go: GoFacts::default(),
        kshs: Vec::new(),
        programs: programs.iter().map(|name| (*name, Path::new("/bin").join(name))).collect(),
        in_use: in_use.to_vec(),
    }
}

fn labels(rows: &[Row]) -> Vec<&'static str> {
    let mut labels: Vec<&str> = rows.iter().map(|row| row.program.label).collect();
    labels.dedup();
    labels
}

fn named(names: &[&str]) -> Asked {
    Asked::Named(names.iter().map(ToString::to_string).collect())
}

#[test]
fn which_programs() {
    let facts = facts("/bin/zsh", &["sh", "zsh", "bash"], &["bash"]);
    let labels = |asked| labels(&rows(&facts, &asked).unwrap().0);
    assert_eq!(labels(Asked::InUse), ["zsh", "bash"]);
    assert_eq!(labels(named(&["dash"])), ["sh", "bash as sh", "zsh as sh"]);
    assert_eq!(labels(named(&["bash", "zsh", "bash"])), ["bash", "zsh"]);
    assert!(labels(Asked::Installed).starts_with(&["zsh", "bash", "sh", "bash as sh", "zsh as sh"]));
    assert!(!labels(Asked::Installed).contains(&"busybox ash"));
}

#[test]
fn a_shell_that_is_not_installed() {
    let facts = facts("/bin/zsh", &["zsh"], &[]);
    let alone = rows(&facts, &named(&["bash"])).map(|_| ()).unwrap_err();
    assert_eq!(alone.what, "cannot start bash: not installed");
    assert!(alone.hint.is_some_and(|hint| hint.contains("`goenv-setup matrix --all-shells`")));
    let (there, notes) = rows(&facts, &named(&["bash", "zsh"])).unwrap();
    assert_eq!((labels(&there), notes), (vec!["zsh"], vec![Note::note("bash is not installed")]));
    assert!(rows(&facts, &named(&["nosuch"])).is_err_and(|refusal| refusal.what.contains("`--shell nosuch`")));
}

fn promised_modes(facts: &Facts, asked: &Asked, label: &str) -> Vec<LaunchMode> {
    let (rows, _) = rows(facts, asked).unwrap();
    rows.iter().filter(|row| row.program.label == label && row.promised).map(|row| row.mode).collect()
}

#[test]
fn only_what_was_asked_for_is_promised() {
    let facts = facts("/bin/zsh", &["sh", "zsh", "bash"], &["bash"]);
    let terminals = vec![LoginInteractive, Interactive];
    assert_eq!(promised_modes(&facts, &Asked::InUse, "zsh"), terminals);
    assert_eq!(promised_modes(&facts, &Asked::InUse, "bash"), [], "no block is there, and none was asked for");
    // Without a login file none is created here.
    assert_eq!(promised_modes(&facts, &named(&["bash"]), "bash"), [Interactive]);
    assert_eq!(promised_modes(&facts, &named(&["sh"]), "sh"), [LoginInteractive]);
    assert_eq!(promised_modes(&facts, &named(&["sh"]), "bash as sh"), [], "the first program stands for the shell");
}
