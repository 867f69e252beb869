//! yash. Source of the facts: its manual, "Invocation", and measurement (2.52).
//!
//! A login shell reads `.yash_profile`, each interactive one `.yashrc`; `.profile`, `/etc/profile` and ENV mean nothing to
//! it. (As `sh` it reads nothing of the user's but the file that ENV names, so nothing is promised for that.) Where there
//! is no `.yashrc`, yash loads settings of its own, prompt and completion among them: a `.yashrc` that somebody creates
//! hides these, so one is created only where everything is to be reached.
//!
//! One byte that is invalid in the user's locale ends the reading of the whole file, in comments too: a block is ASCII.

use std::path::PathBuf;

use super::{Reach, Holds, LaunchMode, Look, Places, Program, Shell, Spot, Target, Targets, Prompt, Tracing, tracing};

use LaunchMode::{Command, Interactive, Login, LoginInteractive, SshCommand};

const PROFILE: &str = ".yash_profile";
const RC: &str = ".yashrc";

pub(super) struct Yash;

impl Shell for Yash {
    fn name(&self) -> &'static str {
        "yash"
    }

    fn names(&self) -> &'static [&'static str] {
        &["yash"]
    }

    fn programs(&self) -> &'static [Program] {
        const { &[Program::named("yash")] }
    }

    fn files(&self, places: &Places) -> Vec<PathBuf> {
        vec![places.home.join(PROFILE), places.home.join(RC)]
    }

    fn reads(&self, _program: &Program, mode: LaunchMode, look: &Look) -> Vec<PathBuf> {
        let names: &[&str] = match mode {
            LoginInteractive => &[PROFILE, RC],
            Interactive => &[RC],
            Login => &[PROFILE],
            Command | SshCommand => &[],
        };
        names.iter().map(|name| look.places.home.join(name)).collect()
    }

    fn tracing(&self) -> Tracing {
        Tracing::Prompt(Prompt { variable: "YASH_PS4", ..tracing::POSIX })
    }

    fn targets(&self, look: &Look) -> Targets {
        let file = |name: &str, modes, why: &str| Target {
            path: look.places.home.join(name),
            holds: Holds::All,
            spot: Spot::End,
            modes: if look.places.home.to_str().is_some() { modes } else { &[] },
            why: why.to_owned(),
        };
        let login = file(PROFILE, &[LoginInteractive, Login], "yash reads it at login");
        let mut files = vec![Target { spot: look.login_spot(), ..login }];
        let mut notes = Vec::new();
        let there = (look.occupied)(&look.places.home.join(RC));
        if there || look.reach == Reach::All {
            files.push(file(RC, &[LoginInteractive, Interactive], "yash reads it in every terminal"));
        }
        if !there {
            let made = if look.reach == Reach::All {
                "the one that is created hides"
            } else {
                "none is created, so that Go is there in login shells only (`--reach all` creates it): it would hide"
            };
            notes.push(format!(
                "there is no `~/{RC}`; {made} yash's own settings, such as its prompt (to have them, copy yash's sample \
                 there first, as it says when it starts)"
            ));
        }
        if look.places.home.to_str().is_none() {
            notes.push("yash cannot work in a home whose name is not valid UTF-8: nothing is promised there".to_owned());
        }
        Targets { files, notes }
    }

    fn what_go_is(&self) -> &'static [u8] {
        super::posix::WHAT_GO_IS
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["-n"]
    }

    fn cannot_carry(&self, body: &[u8]) -> Option<&'static str> {
        (!body.is_ascii()).then_some("yash stops reading at a byte that is not valid in its locale, and this path is not ASCII")
    }
}
