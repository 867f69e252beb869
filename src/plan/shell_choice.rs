//! Which shells a plan is for: those asked for, else the one that was detected.

use super::Refusal;
use super::detect::{Detected, detect};
use super::request::Request;
use crate::facts::Facts;
use crate::shells::{self, Shell};

/// A shell of the plan, and how it was found.
pub struct Chosen {
    /// The shell.
    pub shell: &'static dyn Shell,
    /// How it was found, and whether its terminals are login shells.
    pub detected: Detected,
}

/// The shells of a request; each only once.
pub fn choose(facts: &Facts, request: &Request) -> Result<Vec<Chosen>, Refusal> {
    let asked: Vec<Option<&str>> = match &request.shells[..] {
        [] => vec![None],
        shells => shells.iter().map(|shell| Some(shell.as_str())).collect(),
    };
    let mut chosen: Vec<Chosen> = Vec::new();
    for asked in asked {
        let found = detect(
            asked,
            &facts.parents,
            facts.env.shell.as_deref(),
            facts.user.passwd_shell.as_deref(),
            facts.platform,
        );
        let Some(detected) = found else {
            return Err(unknown("cannot tell which shell you use"));
        };
        let Some(shell) = shells::by_name(&detected.name) else {
            return Err(unknown(&format!(
                "cannot set up `{}` ({}): it is not a shell that we know",
                detected.name, detected.from
            )));
        };
        if chosen.iter().all(|other| other.shell.name() != shell.name()) {
            chosen.push(Chosen { shell, detected });
        }
    }
    Ok(chosen)
}

fn unknown(what: &str) -> Refusal {
    let names: Vec<&str> = shells::ALL.iter().map(|shell| shell.name()).collect();
    let all = shells::ALL.iter().flat_map(|shell| shell.names()).copied();
    let others: Vec<&str> = all.filter(|name| !names.contains(name)).collect();
    Refusal {
        file: None,
        what: format!("{what}; supported are {} (also as {})", names.join(", "), others.join(", ")),
        hint: Some(format!("name one with `goenv-setup apply --shell {}`", names.first().unwrap_or(&"sh"))),
    }
}
