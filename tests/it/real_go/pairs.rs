//! Two releases at once: the command and the compiler are of one release, whatever an old environment brings along.

use super::shapes::{BREW, DEBIAN, DEBIAN_LINK, LINUXBREW, LOCAL, OFFICIAL, SDK, SNAP, Shape};
use super::{Release, SHELLS, TERMINALS, apply, debian_release, environment, machine, pair, releases, works};
use crate::support::{long, say};

/// What of an old environment reaches a new shell: all of it, or what is left after something reset PATH.
const HANDED_DOWN: [&[&str]; 2] = [&["PATH", "GOROOT", "GOPATH"], &["GOROOT"]];

/// After a change from one Go to the other, every fresh shell is a pair of the other, even if an old shell starts it.
#[track_caller]
fn switched(shapes: [&Shape; 2], [from, to]: [&Release; 2]) {
    let Some(mut machine) = machine(&shapes) else { return };
    let what = format!("{} go{} to {} go{}", shapes[0].name, from.version, shapes[1].name, to.version);
    let [old_root, new_root] = [(shapes[0], from), (shapes[1], to)].map(|(shape, release)| {
        (shape.put)(&machine, release);
        machine.path(&release.fill(shape.root))
    });
    let [old, new] = [&old_root, &new_root].map(|root| root.to_str().expect("our paths are plain"));
    machine.setup(&apply(&SHELLS, &["--no-verify", "--goroot", old])).ok();
    let inherited = environment(&machine, "zsh");
    assert!(inherited.contains(&("GOROOT".into(), old.into())), "the old environment is no old one: {inherited:?}");
    assert_eq!(pair(&machine, "zsh", &["-i"]).0, format!("go{}", from.version), "{what}");
    machine.setup(&apply(&SHELLS, &["--no-verify", "--goroot", new])).ok();

    let expected = (format!("go{}", to.version), new.to_owned());
    for (turn, shell) in SHELLS.into_iter().enumerate() {
        works(&machine, shell, TERMINALS[turn % 2], to, &new_root);
    }
    for names in HANDED_DOWN {
        machine.home.unset("GOROOT").unset("GOPATH").env("PATH", "/usr/bin:/bin");
        for (name, value) in inherited.iter().filter(|(name, _)| names.iter().any(|one| name == one)) {
            machine.home.env(name, value);
        }
        for (turn, shell) in SHELLS.into_iter().enumerate() {
            for (which, flags) in TERMINALS.into_iter().enumerate() {
                if long() || which != turn % 2 {
                    assert_eq!(pair(&machine, shell, flags), expected, "{what}: {shell} {flags:?}, {names:?}");
                }
            }
        }
    }
}

/// Both ways between two shapes that a person may well have at once; in the long form, each with each.
#[test]
fn changed_from_one_to_the_other() {
    let Some(releases) = releases(&SHELLS) else { return };
    let debian = debian_release();
    let all = [&OFFICIAL, &LOCAL, &BREW, &LINUXBREW, &SDK, &SNAP, &DEBIAN, &DEBIAN_LINK];
    let usual = [[&OFFICIAL, &BREW], [&DEBIAN, &OFFICIAL], [&SDK, &DEBIAN_LINK], [&LOCAL, &SDK]];
    let chosen: Vec<[&Shape; 2]> = if long() {
        all.iter().flat_map(|from| all.iter().map(move |to| [*from, *to])).collect()
    } else {
        usual.into_iter().flat_map(|[one, other]| [[one, other], [other, one]]).collect()
    };
    let mut seen = 0;
    for (turn, shapes) in chosen.into_iter().enumerate() {
        let [Some(from), Some(to)] =
            [0, 1].map(|at| shapes[at].release(turn / 2 + (turn + at) % 2, &releases, debian.as_ref()))
        else {
            continue;
        };
        if shapes[0].root != shapes[1].root {
            switched(shapes, [&from, &to]);
            seen += 1;
        }
    }
    say(&format!("real Go changed for another: {seen} times, 3 shells each, with 3 environments"));
}

/// `zsh -lc` reads no `.zshrc`: where another Go leads PATH (a nix shell), a GOROOT of ours would not match it.
#[test]
fn a_login_command_with_another_go_in_front_is_a_pair() {
    let Some(releases) = releases(&["zsh"]) else { return };
    let [ours, .., other] = &releases[..] else { return };
    for exported in [false, true] {
        let Some(mut machine) = machine(&[&LOCAL]) else { return };
        (LOCAL.put)(&machine, ours);
        machine.setup(&apply(&["zsh"], &[])).ok();
        machine.home.env("PATH", format!("{}:/usr/bin:/bin", other.root.join("bin").display()));
        if exported {
            machine.home.env("GOROOT", &other.root);
        }
        let expected = (format!("go{}", other.version), other.root.display().to_string());
        assert_eq!(pair(&machine, "zsh", &["-l"]), expected);
    }
}

/// A block without GOROOT leaves Go to find its own: what an old terminal says of another Go, or of one that is gone, is
/// no pair with it or keeps it from starting.
#[test]
fn a_block_without_goroot_is_a_pair_in_an_old_environment() {
    let (Some(releases), Some(debian)) = (releases(&SHELLS), debian_release()) else { return };
    let [older, .., newer] = &releases[..] else { return };
    let local: &[&str] = &["--no-goroot", "--goroot"];
    for (shape, release, more) in [(&DEBIAN, &debian, &[][..]), (&LOCAL, newer, local)] {
        let Some(mut machine) = machine(&[&OFFICIAL, shape]) else { return };
        (OFFICIAL.put)(&machine, older);
        machine.setup(&apply(&SHELLS, &["--no-verify"])).ok();
        let inherited = environment(&machine, "zsh");
        if more.is_empty() {
            machine.setup(&["uninstall", "--yes"]).ok();
            machine.clear();
        }
        (shape.put)(&machine, release);
        let root = machine.path(shape.root).display().to_string();
        let root = (!more.is_empty()).then_some(root.as_str());
        let words: Vec<&str> = ["--no-verify"].into_iter().chain(more.iter().copied()).chain(root).collect();
        machine.setup(&apply(&SHELLS, &words)).ok();
        assert!(!environment(&machine, "zsh").iter().any(|(name, _)| name == "GOROOT"));

        let expected = (format!("go{}", release.version), shape.goroot(&machine, release).display().to_string());
        for names in [&[][..]].into_iter().chain(HANDED_DOWN) {
            machine.home.unset("GOROOT").unset("GOPATH").env("PATH", "/usr/bin:/bin");
            for (name, value) in inherited.iter().filter(|(name, _)| names.iter().any(|one| name == one)) {
                machine.home.env(name, value);
            }
            for (turn, shell) in SHELLS.into_iter().enumerate() {
                let seen = pair(&machine, shell, TERMINALS[turn % 2]);
                assert_eq!(seen, expected, "{}: {shell} {names:?}", shape.name);
            }
        }
    }
}
