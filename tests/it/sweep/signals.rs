//! ^C, SIGTERM and SIGHUP at every call that changes a file.

use super::cases::{Shot, Stage, cases, more_cases, unfinished};
use super::strace::{Call, able};
use super::{long, must, none, sweep};

const SIGNALS: [(&str, i32); 3] = [("INT", 130), ("TERM", 143), ("HUP", 129)];

#[test]
fn a_signal_at_any_moment_is_all_or_nothing() {
    if !able() {
        return;
    }
    let mut swept = cases();
    if long() {
        swept.extend(more_cases());
    }
    for turn in 0..if long() { SIGNALS.len() } else { 1 } {
        let figures = sweep(&swept, |stage, n, point| {
            let (signal, death) = SIGNALS[(n + turn) % SIGNALS.len()];
            signalled(stage, point, signal, death).map(Some).map_err(|what| format!("SIG{signal}: {what}"))
        });
        let [done, back, dead] = ["done", "back", "dead"].map(|how| figures.ended(how));
        let rest =
            format!(": {done} went on to the end, {back} took everything back, {dead} died before the first change");
        figures.tell("signal sweep", 300, &rest);
    }
}

fn signalled(stage: &Stage, point: &Call, signal: &str, death: i32) -> Result<String, String> {
    let ran = stage.meddle(point, &format!("signal={signal}"));
    let now = Shot::of(&stage.home);
    must(!unfinished(&stage.home).any, || format!("an unfinished journal\n{ran}"))?;
    let marked = stage.points.iter().position(is_mark).ok_or("no mark in the trace")?;
    let at = stage.points.iter().position(|call| call == point).ok_or("no such point")?;
    let begun = stage.points.iter().position(|call| call.paths.iter().any(|path| is_backup(path)));
    let how = match ran.status {
        0 => {
            none(&stage.new.differences(&now), &format!("half done\n{ran}"))?;
            "done"
        }
        // Before that, 130 is the death by SIGINT.
        130 if at >= begun.unwrap_or(0) => {
            none(&stage.old.differences(&now), &format!("not taken back\n{ran}"))?;
            let said =
                String::from_utf8_lossy(&ran.stderr).contains("error: interrupted; every file is as it was before");
            must(said, || format!("it does not say so\n{ran}"))?;
            must(at <= marked, || format!("taken back after the commit point\n{ran}"))?;
            "back"
        }
        status if status == death && at < begun.unwrap_or(0) => {
            none(&stage.old.differences(&now.without_draft()), &format!("half done\n{ran}"))?;
            "dead"
        }
        _ => return Err(format!("an odd status\n{ran}")),
    };
    let again = stage.again();
    must(again.status == 0, || format!("a clean run after it\n{again}"))?;
    none(&stage.new.differences(&Shot::of(&stage.home)), "not as wished after a clean run")?;
    Ok(how.into())
}

/// Whether this is the making of the `done` mark.
fn is_mark(call: &Call) -> bool {
    call.name.starts_with("open") && call.paths.iter().any(|path| path.ends_with("done"))
}

/// Whether this is the folder of a backup, which is made right after signals are caught.
fn is_backup(path: &std::path::Path) -> bool {
    path.parent().is_some_and(|above| above.ends_with("goenv-setup/backups"))
}
