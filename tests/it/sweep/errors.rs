//! Every call that changes a file fails once, with each of the errors that a disk can give.

use super::cases::{Shot, Stage, cases, more_cases, unfinished};
use super::strace::{Call, able};
use super::{long, must, none, sweep};
use crate::support::Ran;

/// The errors, and the words that a message must have for them.
const ERRORS: [(&str, &str); 6] = [
    ("ENOSPC", "no space left on device"),
    ("EIO", "input/output error"),
    ("EACCES", "permission denied"),
    ("EROFS", "read-only file system"),
    ("EDQUOT", "disk quota exceeded"),
    ("EINTR", "interrupted system call"),
];

#[test]
fn an_error_at_any_call_is_told_and_taken_back() {
    if !able() {
        return;
    }
    let mut swept = cases();
    if long() {
        swept.extend(more_cases());
    }
    // Each point with one error, by turns; in the long form with all of them.
    for turn in 0..if long() { ERRORS.len() } else { 1 } {
        let figures = sweep(&swept, |stage, n, point| {
            let (error, words) = ERRORS[(n + turn) % ERRORS.len()];
            failed(stage, point, error, words).map(Some).map_err(|what| format!("{error}: {what}"))
        });
        let [done, refused, failed] = ["0", "3", "4"].map(|status| figures.ended(status));
        figures.tell("error sweep", 300, &format!(": {done} ended with 0, {refused} with 3, {failed} with 4"));
    }
}

fn failed(stage: &Stage, point: &Call, error: &str, words: &str) -> Result<String, String> {
    let ran = stage.meddle(point, &format!("error={error}"));
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    must(!said.contains("panicked at"), || format!("it panicked\n{ran}"))?;
    let now = Shot::of(&stage.home);
    let strays: Vec<_> = now.strays().iter().map(|path| path.display().to_string()).collect();
    // What cannot be removed stays, and the next run removes it.
    let removal = ["unlink", "rmdir"].iter().any(|name| point.name.starts_with(name));
    match ran.status {
        0 => {
            let wrong = stage.new.differences(&now);
            if removal && !wrong.is_empty() {
                must(said.contains("warning: ") && said.contains(words), || format!("no warning\n{ran}"))?;
                none(&now.torn(&stage.old, &stage.new), "neither old nor new")?;
            } else {
                none(&wrong, &format!("not as wished after success\n{ran}"))?;
            }
            // Nobody is worse off without: who is at work, for a message of others; that nothing is left to be swept; a
            // second guard of the rename that gives the state folder its name.
            let idle = point.name == "flock"
                || point.paths.iter().any(|path| path.ends_with("lock") || path.ends_with("clean"));
            must(idle || error == "EINTR" || said.contains(words), || format!("an error was kept quiet\n{ran}"))?;
            must(!unfinished(&stage.home).open, || format!("the journal is open after success\n{ran}"))?;
        }
        3 | 4 => {
            none(&strays, &format!("stray files\n{ran}"))?;
            none(&stage.old.differences(&now), &format!("not as it was\n{ran}"))?;
            if !removal {
                none(&stage.grown(), "left in the state folder")?;
            }
            must(!unfinished(&stage.home).any, || format!("an unfinished journal\n{ran}"))?;
            let names =
                said.lines().any(|line| line.starts_with("error: ") && line.contains('`') && line.contains(words));
            must(names, || format!("no file, or not `{words}`\n{ran}"))?;
            must(said.contains("\nhint: "), || format!("no hint\n{ran}"))?;
        }
        _ => return Err(format!("an odd status\n{ran}")),
    }
    ended(&stage.again(), "a clean run after it")?;
    none(&stage.new.differences(&Shot::of(&stage.home)), "not as wished after a clean run")?;
    ended(&stage.home.run(&["uninstall", "--purge", "-y"]), "uninstall after it")?;
    none(&stage.purged(), "uninstall --purge left")?;
    Ok(ran.status.to_string())
}

fn ended(ran: &Ran, what: &str) -> Result<(), String> {
    must(ran.status == 0, || format!("{what}\n{ran}"))
}
