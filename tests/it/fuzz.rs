//! Long searches for a mistake, with inputs that are made and mutated by dice: the fence and the journal.
//!
//! The short form runs for some seconds. The long form, `GOENV_SETUP_LONG=1 cargo test --release --test it fuzz`, is ten
//! million executions in all. What it finds is said with the number that `Dice::new` takes.

mod fence;
mod journal;

use std::time::{Duration, Instant};

use crate::support::{Dice, long, say};

/// Runs `one` with dice of its own, again and again: for `short`, or in the long form so many times.
fn search(name: &str, short: Duration, executions: u64, mut one: impl FnMut(&mut Dice)) {
    let begun = Instant::now();
    let mut count = 0;
    while if long() { count < executions } else { begun.elapsed() < short } {
        let seed = count;
        let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| one(&mut Dice::new(seed))));
        if let Err(panic) = tried {
            say(&format!("fuzz: {name}: the dice were Dice::new({seed})"));
            std::panic::resume_unwind(panic);
        }
        count += 1;
    }
    say(&format!("fuzz: {name}: {count} executions in {:.1} s", begun.elapsed().as_secs_f32()));
}

/// Changes bytes here and there, as an editor, a merge or a bad disk would.
fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.insert(at, *dice.pick(b"\n\r\0 #\\'\"{}[]:,~./0129\xff")),
            3 => bytes.truncate(at),
            4 => {
                let end = at + dice.below(bytes.len() - at + 1).min(80);
                let part = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            5 => {
                let end = at + dice.below(bytes.len() - at + 1).min(40);
                bytes.drain(at..end);
            }
            _ => {
                let crlf = bytes
                    .iter()
                    .flat_map(|byte| if *byte == b'\n' { &b"\r\n"[..] } else { std::slice::from_ref(byte) });
                *bytes = crlf.copied().collect();
            }
        }
    }
}
