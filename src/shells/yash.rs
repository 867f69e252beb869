//! yash. Source of the facts: its manual, "Invocation", and measurement (2.52).
//!
//! A login shell reads `.yash_profile`, each interactive one `.yashrc`; `.profile`, `/etc/profile` and ENV mean nothing to
//! it. (As `sh` it reads nothing of the user's but the file that ENV names, so nothing is promised for that.) Where there
//! is no `.yashrc`, yash loads settings of its own, prompt and completion among them: a `.yashrc` that somebody creates
//! hides these, so we never create one.
//!
//! One byte that is invalid in the user's locale ends the reading of the whole file, in comments too: a block is ASCII.

use std::path::PathBuf;

use super::{Holds, LaunchMode, Look, Places, Program, Shell, Spot, Target, Targets};

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

    fn targets(&self, look: &Look) -> Targets {
        let file = |name: &str, modes, why: &str| Target {
            path: look.places.home.join(name),
            holds: Holds::All,
            spot: Spot::End,
            modes: if look.places.home.to_str().is_some() { modes } else { &[] },
            why: why.to_owned(),
        };
        let mut files = vec![file(PROFILE, &[LoginInteractive, Login], "yash reads it at login")];
        let mut notes = Vec::new();
        if (look.occupied)(&look.places.home.join(RC)) {
            files.push(file(RC, &[LoginInteractive, Interactive], "yash reads it in every terminal"));
        } else {
            notes.push(format!(
                "there is no `~/{RC}`, and none is created: it would hide yash's own settings, such as its prompt; so a \
                 terminal that is not a login shell finds Go only through the login shell that it came from (to have a \
                 `~/{RC}`, copy yash's sample, as it says when it starts, and run this again)"
            ));
        }
        if look.places.home.to_str().is_none() {
            notes.push("yash cannot work in a home whose name is not valid UTF-8: nothing is promised there".to_owned());
        }
        Targets { files, notes }
    }

    fn syntax_check(&self) -> &'static [&'static str] {
        &["-n"]
    }

    fn cannot_carry(&self, body: &[u8]) -> Option<&'static str> {
        (!body.is_ascii()).then_some("yash stops reading at a byte that is not valid in its locale, and this path is not ASCII")
    }
}
