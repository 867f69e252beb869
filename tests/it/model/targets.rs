//! The files that a shell picks for its block against those that it reads: a launch mode that a plan promises is one in
//! which the shell reads the file.

use std::path::{Path, PathBuf};

use goenv_setup::shells::{self, Look, Places, Reach};

use crate::support::say;

#[test]
fn every_promise_names_a_mode_in_which_the_file_is_read() {
    let mut compared = 0;
    let plain = Places::plain(Path::new("/home/me"));
    let moved = Places {
        zdotdir: "/home/me/.zsh".into(),
        config_home: "/srv/config".into(),
        env_file: Some("/home/me/.shinit".into()),
        csh_is_tcsh: true,
        ..plain.clone()
    };
    for places in [&plain, &moved] {
        for shell in shells::ALL {
            let program = &shell.programs()[0];
            let files = shell.files(places);
            for there in (0..1_usize << files.len()).map(|bits| -> Vec<&PathBuf> {
                files.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, file)| file).collect()
            }) {
                for (login, reach) in [true, false].into_iter().flat_map(|login| Reach::ALL.map(|reach| (login, reach)))
                {
                    let before = |path: &Path| there.iter().any(|file| *file == path);
                    let targets = shell.targets(&Look { places, login, reach, occupied: &before }).files;
                    // The modes hold once every target is there.
                    let after = |path: &Path| before(path) || targets.iter().any(|target| target.path == path);
                    let look = Look { places, login, reach, occupied: &after };
                    for target in &targets {
                        let what = format!("{} {login} {reach:?} {there:?} {}", shell.name(), target.path.display());
                        assert!(files.contains(&target.path), "a target that uninstall does not look at: {what}");
                        // A file that ENV hides now gets a block for the terminals without ENV, and promises nothing.
                        assert!(!target.modes.is_empty() || places.env_file.is_some(), "a target for nothing: {what}");
                        for mode in target.modes {
                            let reads = shell.reads(program, *mode, &look);
                            assert!(reads.contains(&target.path), "{mode:?} reads {reads:?}: {what}");
                            compared += 1;
                        }
                    }
                }
            }
        }
    }
    say(&format!("model: {compared} launch modes of targets compared"));
}
