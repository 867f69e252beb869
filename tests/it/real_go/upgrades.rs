//! An upgrade moves the links and takes the old release away: the block that stands there works with the new one.

use super::shapes::{BREW, DEBIAN, DEBIAN_LINK, LINUXBREW, SNAP, Shape};
use super::{Release, SHELLS, TERMINALS, apply, debian_release, environment, machine, pair, releases, works};
use crate::support::{long, say};

/// From one release to the other, with a terminal that was opened before.
#[track_caller]
fn upgraded(shape: &Shape, [old, new]: [&Release; 2]) {
    let Some(mut machine) = machine(&[shape]) else { return };
    (shape.put)(&machine, old);
    machine.setup(&apply(&SHELLS, &["--no-verify"])).ok();
    let before = environment(&machine, "bash");
    assert_eq!(pair(&machine, "fish", &["-i"]).0, format!("go{}", old.version));
    machine.clear();
    (shape.put)(&machine, new);
    let fresh = |which: usize, shell: &str| {
        works(&machine, shell, TERMINALS[which], new, &shape.goroot(&machine, new));
    };
    for (turn, shell) in SHELLS.into_iter().enumerate() {
        fresh(turn % 2, shell);
        if long() {
            fresh(1 - turn % 2, shell);
        }
    }
    machine.setup(&["status"]).ok().out_has("in place");
    for shell in SHELLS {
        machine.setup(&["apply", "--check", "--shell", shell]).ok();
    }
    for (name, value) in before {
        machine.home.env(name, value);
    }
    for shell in SHELLS {
        let (version, goroot) = pair(&machine, shell, &["-i"]);
        let expected = shape.goroot(&machine, new).display().to_string();
        assert_eq!((version, goroot), (format!("go{}", new.version), expected), "{}: {shell}", shape.name);
    }
}

#[test]
fn the_old_block_works_after_an_upgrade() {
    let Some(releases) = releases(&SHELLS) else { return };
    let [older, .., newer] = &releases[..] else { return };
    let middle = &releases[1];
    let debian = debian_release();
    let shapes: [(&Shape, [Option<&Release>; 2]); 4] = [
        (&BREW, [Some(older), Some(newer)]),
        (&SNAP, [Some(newer), Some(middle)]),
        (&DEBIAN, [debian.as_ref(), Some(middle)]),
        (&DEBIAN_LINK, [debian.as_ref(), Some(newer)]),
    ];
    let mut seen = 0;
    for (shape, pair) in shapes {
        if let [Some(old), Some(new)] = pair {
            upgraded(shape, [old, new]);
            seen += 1;
        }
    }
    if long() {
        for shape in [&BREW, &LINUXBREW, &SNAP, &DEBIAN, &DEBIAN_LINK] {
            for old in releases.iter().chain(&debian) {
                for new in releases.iter().chain(&debian).filter(|new| new.version != old.version) {
                    upgraded(shape, [old, new]);
                    seen += 1;
                }
            }
        }
    }
    say(&format!("real Go upgraded under the block: {seen} times, 3 shells each"));
}
