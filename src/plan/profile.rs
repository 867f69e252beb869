//! The named profiles of `--profile`: which shell, which Go and which reach belong together.
//!
//! Invariant: they are data. A profile only fills what the command line left open; what it chose stands in the block, and
//! is read back from there, so that no other place has to remember it.

use std::path::Path;

use super::request::Request;
use crate::shells::Reach;

/// A recipe by name.
#[derive(Debug)]
pub struct Profile {
    /// Its name on the command line.
    pub name: &'static str,
    /// The shell that it sets up, unless another is asked for.
    pub shell: Option<&'static str>,
    /// The shells that it works in; empty: every one.
    pub only: &'static [&'static str],
    /// How far it reaches, unless told.
    pub reach: Option<Reach>,
    /// Which Go it is about.
    pub go: Which,
}

/// Which Go a profile is about.
#[derive(Debug)]
pub enum Which {
    /// What the rule finds.
    Rule,
    /// The first that is there of these kinds, by the stable name of its folder.
    Kinds {
        /// The names in the table of kinds, the better one first.
        kinds: &'static [&'static str],
        /// Who brings it.
        owner: &'static str,
        /// The command that installs it.
        install: &'static str,
    },
    /// This root, unless `--goroot` names another.
    Root(&'static str),
    /// What a version manager brings, once the block has loaded its script.
    Script {
        /// The manager.
        manager: &'static str,
        /// Where its script is looked for, as patterns of [`super::kinds::pattern`] without signs.
        scripts: &'static [&'static str],
    },
}

/// Every profile.
pub const PROFILES: &[Profile] = &[
    Profile { name: "auto", shell: None, only: &[], reach: None, go: Which::Rule },
    // `opt/go` stays where it is: no `brew --prefix`, which forks, at each start.
    Profile {
        name: "homebrew",
        shell: Some("zsh"),
        only: &[],
        reach: None,
        go: Which::Kinds { kinds: &["homebrew", "homebrew-versioned"], owner: "Homebrew", install: "brew install go" },
    },
    // Its installer writes into whatever file it takes for the right one; the login file is what bash reads first.
    Profile {
        name: "gvm",
        shell: Some("bash"),
        only: &["bash", "zsh"],
        reach: Some(Reach::Login),
        go: Which::Script { manager: "gvm", scripts: &["$GVM_ROOT/scripts/gvm", "~/.gvm/scripts/gvm"] },
    },
    // All of it in `.zprofile`, and again in `.zshrc` for the terminals that are no login shells.
    Profile {
        name: "manual",
        shell: Some("zsh"),
        only: &[],
        reach: Some(Reach::Login),
        go: Which::Root("/usr/local/go"),
    },
];

/// The profile of this name.
pub fn by_name(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name)
}

impl Profile {
    /// Whether it says which Go, so that there is nothing to choose.
    pub const fn names_a_go(&self) -> bool {
        !matches!(self.go, Which::Rule)
    }

    /// Whether it names this root itself.
    pub fn is_about(&self, root: &Path) -> bool {
        matches!(self.go, Which::Root(own) if Path::new(own) == root)
    }

    /// Fills what `request` leaves open.
    ///
    /// # Errors
    ///
    /// What of the command line says something else than the profile, as a sentence without a full stop.
    pub fn fill(&'static self, request: &mut Request) -> Result<(), String> {
        let name = self.name;
        if matches!(self.go, Which::Kinds { .. } | Which::Script { .. }) && request.goroot.is_some() {
            return Err(format!("`--profile {name}` says which Go, and `--goroot` another"));
        }
        if self.names_a_go()
            && let Some(portable) = request.portable
        {
            return Err(if portable {
                format!("`--profile {name}` says which Go, and `--portable` takes the first that each machine has")
            } else {
                format!("`--profile {name}` says which Go, and `--no-portable` leaves that to what is found")
            });
        }
        if !self.only.is_empty() {
            let only = self.only.join(" and ");
            if request.all_shells {
                return Err(format!("`--profile {name}` is for {only}, and `--all-shells` for every shell"));
            }
            if let Some(other) = request.shells.iter().find(|shell| !self.only.contains(&shell.as_str())) {
                return Err(format!("`--profile {name}` is for {only}, and `--shell {other}` for another shell"));
            }
        }
        if request.shells.is_empty() && !request.all_shells {
            request.shells.extend(self.shell.map(str::to_owned));
        }
        request.reach = request.reach.or(self.reach);
        if let Which::Root(root) = self.go {
            request.goroot.get_or_insert_with(|| root.into());
        }
        request.profile = Some(self);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::kinds::KINDS;
    use crate::shells;

    fn filled(name: &str, mut request: Request) -> Result<Request, String> {
        by_name(name).expect("it is in the table").fill(&mut request).map(|()| request)
    }

    #[test]
    fn the_table_names_what_there_is() {
        for profile in PROFILES {
            assert!(profile.shell.iter().chain(profile.only).all(|name| shells::by_name(name).is_some()));
            if let Which::Kinds { kinds, .. } = profile.go {
                assert!(kinds.iter().all(|name| KINDS.iter().any(|kind| kind.name == *name)), "{}", profile.name);
            }
        }
        let names: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
        assert_eq!(names, ["auto", "homebrew", "gvm", "manual"]);
    }

    #[test]
    fn what_is_said_wins_over_what_a_profile_fills_in() {
        let plain = filled("manual", Request::default()).unwrap();
        assert_eq!((plain.shells, plain.reach), (vec!["zsh".to_owned()], Some(Reach::Login)));
        assert_eq!(plain.goroot.as_deref(), Some(Path::new("/usr/local/go")));
        let request = Request {
            shells: vec!["fish".to_owned()],
            reach: Some(Reach::All),
            goroot: Some("/opt/go".into()),
            ..Request::default()
        };
        let said = filled("manual", request).unwrap();
        assert_eq!((said.shells, said.reach), (vec!["fish".to_owned()], Some(Reach::All)));
        assert_eq!(said.goroot.as_deref(), Some(Path::new("/opt/go")));
        let auto = filled("auto", Request::default()).unwrap();
        assert!(auto.shells.is_empty() && auto.reach.is_none() && auto.goroot.is_none());
        let all = filled("homebrew", Request { all_shells: true, ..Request::default() }).unwrap();
        assert!(all.shells.is_empty() && all.all_shells);
    }

    #[test]
    fn what_contradicts_is_told() {
        let goroot = || Request { goroot: Some("/opt/go".into()), ..Request::default() };
        let shell = |name: &str| Request { shells: vec!["bash".to_owned(), name.to_owned()], ..Request::default() };
        for (name, request, word) in [
            ("gvm", goroot(), "--goroot"),
            ("homebrew", goroot(), "--goroot"),
            ("gvm", shell("fish"), "--shell fish"),
            ("gvm", shell("sh"), "--shell sh"),
            ("gvm", Request { all_shells: true, ..Request::default() }, "--all-shells"),
        ] {
            let error = filled(name, request).unwrap_err();
            assert!(error.contains(word) && error.contains(&format!("--profile {name}")), "{error}");
        }
        for (name, request) in [("auto", goroot()), ("manual", goroot()), ("gvm", shell("zsh"))] {
            assert!(filled(name, request).is_ok(), "{name}");
        }
    }
}
