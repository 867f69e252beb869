//! Variables that decide which files are read, and where: each with every shell, since none but its own may heed it.
//!
//! The places that the model is asked with are those that the program's own facts find, so they are tested too.

use std::path::{Path, PathBuf};

use goenv_setup::facts::{self, Env, User};
use goenv_setup::shells::{Dialect, LaunchMode, Places, Program, Shell};
use serde_json::Value;

use super::stage::Stage;
use super::{Trial, try_each, try_those};
use crate::support::{Home, need};

/// Where shells look, as the program finds it out for the user of this stage.
pub(super) fn facts(stage: &Stage, env: &Env) -> Places {
    let home = stage.at("");
    let user = User {
        euid: rustix::process::geteuid().as_raw(),
        name: None,
        real_home: home.clone(),
        home,
        passwd_shell: None,
        sudo_user: None,
    };
    facts::places(&user, env)
}

#[test]
fn the_file_that_env_names() {
    try_each("ENV", |trial| {
        let file = trial.stage.at(".env-file").display().to_string();
        for value in [&file, "$HOME/.env-file", "${HOME}/.env-file", "/nonexistent/file", ""] {
            let env = Env { env_file: Some(value.into()), ..Env::default() };
            let places = facts(&trial.stage, &env);
            trial.each_start_in(&format!("ENV={value}"), &[("ENV", Some(value))], &places);
        }
    });
}

#[test]
fn where_zsh_looks() {
    let mut home = Home::with_go();
    for zshenv in ["", "# plain\n", ": ${ZDOTDIR:-}\n"] {
        home.file(".zshenv", zshenv);
        for (value, looks) in [("", "looks in `/` and"), ("zdot", "looks below the folder in which it is started")] {
            let ran = home.env("ZDOTDIR", value).run(&["apply", "--dry-run", "--shell", "zsh"]).ok();
            let ran = ran.err_has("ZDOTDIR is ").err_has(looks).err_has("ignored").err_has("`unset ZDOTDIR`");
            ran.out_has("+++ b/.zprofile");
        }
    }
    try_each("ZDOTDIR", |trial| {
        for name in ["zdot", "none"] {
            let folder = trial.stage.at(name);
            let places = facts(&trial.stage, &Env { zdotdir: Some(folder.clone()), ..Env::default() });
            let value = folder.display().to_string();
            trial.each_start_in(&format!("ZDOTDIR={value}"), &[("ZDOTDIR", Some(&value))], &places);
        }
        // zsh takes these two as they stand: `/.zshrc`, and a folder below the current one. They make sense in no
        // other terminal, so the program leaves them out of its plan and says so.
        for (value, folder) in [("", PathBuf::from("/")), ("zdot", trial.stage.at("zdot"))] {
            let found = facts(&trial.stage, &Env { zdotdir: Some(value.into()), ..Env::default() });
            let note = found.zdotdir_note.as_deref().unwrap_or_default();
            if found.zdotdir != trial.stage.at("") || !note.contains("ignored") {
                trial.tally.wrong.push(format!("the facts with ZDOTDIR={value:?}: {found:?}"));
            }
            let places = Places { zdotdir: folder.clone(), zshenv_folder: folder, ..found };
            trial.each_start_in(&format!("ZDOTDIR={value:?}"), &[("ZDOTDIR", Some(value))], &places);
        }
    });
}

#[test]
fn where_a_zshenv_tells_zsh_to_look() {
    if !need("zsh") {
        return; // it is asked, too
    }
    let zsh_runs = |shell: &dyn Shell| shell.programs().iter().any(|program| program.file == "zsh");
    try_those("ZDOTDIR in a .zshenv", zsh_runs, |trial| {
        let folder = trial.stage.at("zdot");
        let sets = format!("ZDOTDIR='{}'\nexport ZDOTDIR\n", folder.display());
        trial.stage.put_with(&trial.stage.at(".zshenv"), &sets);
        // Asked in a new terminal, and in one whose shell has passed the variable on; a new one starts without it.
        for zdotdir in [None, Some(&folder)] {
            let places = planned(trial, zdotdir);
            trial.each_start_in("~/.zshenv sets ZDOTDIR", &[], &places);
        }
        trial.stage.put(&trial.stage.at(".zshenv"));

        let first = trial.stage.at("zdot-first");
        trial.stage.put_with(&first.join(".zshenv"), &sets);
        let places = planned(trial, Some(&first));
        let value = first.display().to_string();
        trial.each_start_in("$ZDOTDIR/.zshenv sets another", &[("ZDOTDIR", Some(&value))], &places);
    });
}

/// Where zsh looks, as the program finds it out by asking zsh: from the files that it would change.
fn planned(trial: &mut Trial, zdotdir: Option<&PathBuf>) -> Places {
    let home = &mut trial.stage.home;
    home.unset("ZDOTDIR");
    if let Some(zdotdir) = zdotdir {
        home.env("ZDOTDIR", zdotdir);
    }
    let ran = home.run(&["apply", "--dry-run", "--json", "--shell", "zsh", "--reach", "all"]).ok();
    home.unset("ZDOTDIR");
    let document: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    let folder = |name: &str| {
        let files = document["edits"].as_array().expect("a list").iter().filter_map(|edit| edit["file"].as_str());
        let file = files.map(Path::new).find(|file| file.ends_with(name)).expect("an edit of this file");
        file.parent().expect("it is in a folder").to_owned()
    };
    let (zshenv_folder, zdotdir) = (folder(".zshenv"), folder(".zprofile"));
    Places { zshenv_folder, zdotdir, ..facts(&trial.stage, &Env::default()) }
}

#[test]
fn where_fish_looks() {
    try_each("XDG_CONFIG_HOME", |trial| {
        let folder = trial.stage.at("xdg");
        for value in [folder.clone(), trial.stage.at("none"), PathBuf::new()] {
            let config_home = Some(value.clone()).filter(|value| !value.as_os_str().is_empty());
            let places = facts(&trial.stage, &Env { config_home, ..Env::default() });
            let value = value.display().to_string();
            trial.each_start_in(&format!("XDG_CONFIG_HOME={value}"), &[("XDG_CONFIG_HOME", Some(&value))], &places);
        }
        // A folder below the current one: another in each terminal, so the plan goes by the usual one.
        let found = facts(&trial.stage, &Env { config_home: Some("xdg".into()), ..Env::default() });
        if found.config_home != trial.stage.at(".config") {
            trial.tally.wrong.push(format!("the facts with XDG_CONFIG_HOME=xdg: {found:?}"));
        }
        let places = Places { config_home: folder, ..found };
        trial.each_start_in("XDG_CONFIG_HOME=xdg", &[("XDG_CONFIG_HOME", Some("xdg"))], &places);
    });
}

/// fish reads what others have put into its `conf.d` folders around ours, each name once.
#[test]
fn the_neighbours_in_conf_d() {
    let is_fish = |shell: &dyn Shell| shell.dialect() == Dialect::Fish;
    try_those("conf.d", is_fish, |trial| {
        let stage = &trial.stage;
        let places = facts(stage, &Env::default());
        let at = |name: &str| stage.at("").join(name);
        let ours = at(".config/fish/conf.d/goenv-setup.fish");
        let all = [
            at(".config/fish/conf.d/go.fish"),
            ours.clone(),
            at(".config/fish/conf.d/zoxide.fish"),
            at("/etc/fish/conf.d/etc.fish"),
            at(".local/share/fish/vendor_conf.d/vendor.fish"),
        ];
        for file in &all {
            stage.put(file);
        }
        for folder in ["/etc/fish/conf.d", ".local/share/fish/vendor_conf.d"] {
            stage.put(&at(folder).join("goenv-setup.fish"));
        }
        let all: Vec<PathBuf> = all.into_iter().filter(|file| stage.speaks(file)).collect();
        trial.each_start("conf.d", &[], |trial, program, mode| {
            let told = trial.stage.told(trial.shell, program, mode, &places);
            told.into_iter().flat_map(|file| if file == ours { all.clone() } else { vec![file] }).collect()
        });
    });
}

/// bash, and no other, reads it where nobody types. It names a file for scripts, which is the user's own business like
/// that of ENV, but bash reads it in addition: the model leaves it out, and this holds what it adds.
#[test]
fn the_file_that_bash_env_names() {
    try_each("BASH_ENV", |trial| {
        let places = facts(&trial.stage, &Env::default());
        let file = trial.stage.at("bash-env");
        let value = file.display().to_string();
        trial.each_start("BASH_ENV", &[("BASH_ENV", Some(&value))], |trial, program, mode| {
            let mut told = trial.stage.told(trial.shell, program, mode, &places);
            if program.label == "bash" && matches!(mode, LaunchMode::Login | LaunchMode::Command) {
                told.push(file.clone());
            }
            told
        });
    });
}

#[test]
fn a_command_that_sshd_starts() {
    try_each("ssh", |trial| {
        let places = facts(&trial.stage, &Env::default());
        let client = ("SSH_CLIENT", Some("127.0.0.1 50000 22"));
        let as_in = |trial: &Trial, program: &Program, mode, from, to| {
            let mode = if mode == from { to } else { mode };
            trial.stage.told(trial.shell, program, mode, &places)
        };
        trial.each_start("SSH_CLIENT", &[client], |trial, program, mode| {
            as_in(trial, program, mode, LaunchMode::Command, LaunchMode::SshCommand)
        });
        // SHLVL says that a shell is above this one already.
        trial.each_start("SSH_CLIENT, SHLVL=1", &[client, ("SHLVL", Some("1"))], |trial, program, mode| {
            as_in(trial, program, mode, LaunchMode::SshCommand, LaunchMode::Command)
        });
    });
}

/// Some shells look their user's home up, the others then have none, and those of csh's kind read nothing at all. The
/// program refuses to plan without HOME.
#[test]
fn without_home() {
    const LOOK_IT_UP: [&str; 4] = ["bash", "bash as sh", "zsh", "fish"];
    try_each("HOME unset", |trial| {
        if !trial.stage.has_etc() {
            return; // the home that they would look up is not this test's
        }
        let places = facts(&trial.stage, &Env::default());
        trial.each_start("HOME unset", &[("HOME", None)], |trial, program, mode| {
            let mut told = trial.stage.told(trial.shell, program, mode, &places);
            let heeds_etc = trial.shell.dialect() != Dialect::Csh;
            told.retain(|path| LOOK_IT_UP.contains(&program.label) || heeds_etc && path.starts_with("/etc"));
            told
        });
    });
}
