//! SIGKILL before every call that changes a file.

use super::cases::{Shot, Stage, Which, cases, more_cases, more_recovering, recovering, unfinished};
use super::strace::{Call, able};
use super::{Figures, long, must, none, sweep};
use crate::support::Ran;

/// What a dead run is told with.
const TOLD: &str = "an earlier run was interrupted, and what it had changed is not put back yet";

#[test]
fn a_run_that_is_killed_at_any_moment_loses_nothing() {
    if !able() {
        return;
    }
    let mut swept = cases();
    if long() {
        swept.extend(more_cases());
    }
    let figures = sweep(&swept, |stage, n, point| killed(stage, n, point).map(|()| Some("killed".into())));
    figures.tell("kill sweep", 300, "");
}

#[test]
fn a_recovery_that_is_killed_itself_loses_nothing() {
    if !able() {
        return;
    }
    let (swept, few) = if long() { (more_recovering(), 1) } else { (recovering(), 2) };
    let figures = sweep(&swept, |stage, n, point| {
        if n % few != 0 {
            return Ok(None);
        }
        killed(stage, n / few, point).map(|()| Some("killed".into()))
    });
    figures.tell("kill sweep of recovery", 100, "");
}

#[test]
fn what_the_user_wrote_after_a_kill_is_left_alone() {
    if !able() {
        return;
    }
    let mut swept = cases();
    if long() {
        swept.extend(more_cases());
    }
    let few = if long() { 1 } else { 3 };
    let figures: Figures = sweep(&swept, |stage, n, point| {
        if n % few != 0 {
            return Ok(None);
        }
        let files = stage.touched();
        // Every file in the long form, by turns in the short one.
        let chosen = if long() { &files[..] } else { &files[n / few % files.len()..][..1] };
        chosen.iter().try_for_each(|file| edited(stage, point, file)).map(|()| Some("killed".into()))
    });
    figures.tell("kill sweep with an edit", 100, "");
}

fn kill(stage: &Stage, point: &Call) -> Result<(), String> {
    let ran = stage.meddle(point, "signal=KILL");
    must(ran.status == 137, || format!("it was not killed\n{ran}"))
}

fn ended(ran: Ran, status: i32) -> Result<Ran, String> {
    if ran.status == status { Ok(ran) } else { Err(format!("expected status {status}\n{ran}")) }
}

fn says(ran: &Ran, text: &str) -> bool {
    String::from_utf8_lossy(&ran.stderr).contains(text)
}

fn killed(stage: &Stage, n: usize, point: &Call) -> Result<(), String> {
    kill(stage, point)?;
    let now = Shot::of(&stage.home);
    none(&now.torn(&stage.old, &stage.new), "neither old nor new")?;
    let left = unfinished(&stage.home);
    let now = now.without_draft();
    let begun = now != stage.old && now != stage.new;
    must(left.any || !begun, || "half done, and no journal says so".into())?;

    only_looking(stage, n, left.any)?;

    let ran = ended(stage.again(), 0)?;
    let now = Shot::of(&stage.home);
    none(&stage.new.differences(&now), "not as wished after one more run")?;
    must(!unfinished(&stage.home).any, || format!("a journal is still unfinished\n{ran}"))?;
    must(!left.open || says(&ran, "a run that was interrupted"), || format!("recovery was not told\n{ran}"))?;

    ended(stage.home.run(&["uninstall", "-y"]), 0)?;
    none(&stage.original.differences(&Shot::of(&stage.home)), "uninstall did not give back")?;
    ended(stage.home.run(&["uninstall", "--purge", "-y"]), 0)?;
    none(&stage.purged(), "purge left")
}

/// Commands that do not write only tell of it.
fn only_looking(stage: &Stage, n: usize, unfinished: bool) -> Result<(), String> {
    let mut dry: Vec<&str> = stage.args.iter().map(String::as_str).filter(|arg| *arg != "-y").collect();
    dry.push("--dry-run");
    let check = if stage.case.which == Which::Uninstall { "uninstall" } else { "apply" };
    let looks: [&[&str]; 3] = [&dry, &["status"], &[check, "--check"]];
    // All of them in the long form, by turns in the short one.
    let looks = if long() { &looks[..] } else { &looks[n % 3..][..1] };
    for args in looks {
        let before = stage.home.tree();
        let ran = stage.home.run(args);
        none(&before.touched(&stage.home.tree()), "looking changed something")?;
        must(says(&ran, TOLD) == unfinished, || format!("unfinished: {unfinished}\n{ran}"))?;
        // Where a rename takes two calls, a file may have two names in between, which a plan refuses.
        let refused = ran.status == 3 && !stage.case.always.is_empty();
        let right = if unfinished { ran.status == 1 || refused } else { matches!(ran.status, 0 | 1) };
        must(right, || format!("unfinished: {unfinished}\n{ran}"))?;
    }
    Ok(())
}

/// The user adds a line to a file before the program is run again.
fn edited(stage: &Stage, point: &Call, file: &std::path::Path) -> Result<(), String> {
    const MINE: &str = "# mine\n";
    kill(stage, point)?;
    let left = unfinished(&stage.home);
    let path = stage.home.path(file);
    if !path.parent().is_some_and(std::path::Path::is_dir) {
        return Ok(());
    }
    let was = stage.home.read(file);
    // On a line of its own, as an editor does it.
    let glue =
        if was.as_ref().is_some_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n')) { "\n" } else { "" };
    let edited = [was.as_deref().unwrap_or_default(), glue.as_bytes(), MINE.as_bytes()].concat();
    stage.home.file(file, &edited);

    let ran = stage.again();
    // A restore of what was changed since is refused, and says so.
    let refused = stage.case.which == Which::Restore && ran.status == 3;
    must(ran.status == 0 || refused, || format!("after an edit\n{ran}"))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let asked = if name == "profile" { ".profile" } else { &*name };
    must(!left.open || says(&ran, &format!("{asked}` was left alone")), || format!("the file is not named\n{ran}"))?;
    let now = Shot::of(&stage.home);
    none(&now.strays().iter().map(|path| path.display()).collect::<Vec<_>>(), "stray files")?;

    ended(stage.home.run(&["uninstall", "-y"]), 0)?;
    let original = stage.original.0.get(file).and_then(|seen| match &seen.kind {
        crate::support::Kind::File(bytes) => Some(bytes.clone()),
        _ => None,
    });
    let own = if was.is_some() { original.unwrap_or_default() } else { Vec::new() };
    let glue = if own.last().is_some_and(|last| *last != b'\n') { "\n" } else { "" };
    let wanted = [&own, glue.as_bytes(), MINE.as_bytes()].concat();
    let is = stage.home.read(file).unwrap_or_default();
    must(is == wanted, || {
        format!("`{}` is\n{}\nand not\n{}\n{ran}", file.display(), is.escape_ascii(), wanted.escape_ascii())
    })?;
    let mut others = stage.original.differences(&Shot::of(&stage.home));
    others.retain(|line| !stage.touched().iter().any(|path| line.starts_with(&format!("{}:", path.display()))));
    let above =
        |line: &String| file.ancestors().skip(1).any(|path| line.starts_with(&format!("{}: None", path.display())));
    others.retain(|line| !above(line));
    none(&others, "lost elsewhere")
}
