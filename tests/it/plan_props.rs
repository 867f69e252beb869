//! Properties of the decisions, over generated homes held in memory: what the plans say is carried out on a map of files.
//!
//! Each property is tried on 10,000 homes, the same ones in every run, so that a change is judged and not the luck of the
//! draw; `GOENV_SETUP_CASES` draws that many new ones instead. A case is a row of numbers that the
//! generators choose by, and a row of zeros is the plainest home, so that what fails shrinks to something readable.
#![expect(clippy::disallowed_methods, reason = "the number of cases comes from the environment")]

mod machine;
mod text;
mod world;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

use goenv_setup::facts::Snapshot;
use goenv_setup::plan::status::{self, State};
use goenv_setup::plan::{Action, Plan, Request, apply, uninstall};
use goenv_setup::shells;
use goenv_setup::text::fence::{self, FenceState};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};

use machine::{Step, a_step};
use text::Choices;
use world::World;

type Checked = Result<(), TestCaseError>;

/// Tries a property on many cases, which it makes from the choices; it counts its edits, so that nothing is proven of
/// plans that do nothing.
fn check(name: &str, property: impl Fn(&mut Choices, &mut usize) -> Checked) {
    let wanted = std::env::var("GOENV_SETUP_CASES").ok();
    let wanted: Option<u32> = wanted.map(|count| count.parse().expect("GOENV_SETUP_CASES is a number"));
    let cases = wanted.unwrap_or(10_000);
    let rng_seed = if wanted.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    let edits = Cell::new(0);
    // `GOENV_SETUP_CHOICES`, as a failure prints them, runs that one case again.
    let one = std::env::var("GOENV_SETUP_CHOICES").ok();
    let one: Option<Vec<u8>> = one.map(|row| row.split(", ").map(|n| n.parse().expect("a byte")).collect());
    let cases = if one.is_some() { 1 } else { cases };
    let config = Config { cases, rng_seed, failure_persistence: None, ..Config::default() };
    let tried = TestRunner::new(config).run(&prop::collection::vec(any::<u8>(), 160), |row| {
        let row = one.clone().unwrap_or(row);
        let mut count = 0;
        property(&mut Choices::new(&row), &mut count)?;
        edits.set(edits.get() + count);
        Ok(())
    });
    match tried {
        Ok(()) => {}
        Err(TestError::Fail(why, row)) => panic!("{name}: {why}\nchoices: {row:?}"),
        Err(TestError::Abort(why)) => panic!("{name}: {why}"),
    }
    let edits = edits.get();
    // Not `eprintln!`: the test harness would keep it to itself where the test passes.
    writeln!(std::io::stderr(), "plan_props: {name}: {cases} cases, {edits} edits").expect("stderr is open");
    assert!(edits > cases as usize, "{name}: {edits} edits in {cases} cases prove nothing");
}

/// Plans a step and carries it out; gives the number of edits, or nothing if it was refused.
fn apply_step(world: &mut World, step: &Step) -> Option<usize> {
    let planned = apply::plan(&world.facts(step), &step.request).ok()?.plan;
    if !planned.refused.is_empty() {
        return None;
    }
    world.carry_out(&planned);
    Some(planned.edits.len())
}

fn uninstall_all(world: &mut World, step: &Step) -> Plan {
    let planned = uninstall::plan(&world.facts(step), &[]);
    world.carry_out(&planned);
    planned
}

fn steps(c: &mut Choices) -> Vec<Step> {
    let count = 1 + c.below(5).min(c.below(5)); // mostly few: each costs
    (0..count).map(|_| a_step(c)).collect()
}

#[test]
fn uninstall_gives_back_every_file_after_any_applies() {
    check("uninstall after any applies", |c, edits| {
        let before = World::new(c, text::file);
        let mut now = before.clone();
        let steps = steps(c);
        for step in &steps {
            *edits += apply_step(&mut now, step).unwrap_or(0);
        }
        let last = &steps[steps.len() - 1];
        if c.one_in(4) {
            let only = shells::ALL[c.below(shells::ALL.len())];
            let planned = uninstall::plan(&now.facts(last), &[only]);
            prop_assert!(planned.refused.is_empty(), "{:?}", planned.refused);
            now.carry_out(&planned);
        }
        let planned = uninstall_all(&mut now, last);
        prop_assert!(planned.refused.is_empty(), "{:?}", planned.refused);
        prop_assert!(now == before, "{}\nafter {steps:#?}", before.difference(&now));
        prop_assert!(uninstall_all(&mut now, last).is_empty());
        Ok(())
    });
}

#[test]
fn a_second_apply_has_nothing_to_do() {
    check("a second apply", |c, edits| {
        let mut now = World::new(c, text::file);
        for step in steps(c) {
            let Some(count) = apply_step(&mut now, &step) else { continue };
            *edits += count;
            let facts = now.facts(&step);
            let said = |plan: &apply::ApplyPlan| {
                let names = plan.plan.edits.iter().map(|edit| (edit.action, &edit.target.asked)).collect::<Vec<_>>();
                let blocks = |file: &Snapshot| {
                    let text = String::from_utf8_lossy(file.bytes()?).into_owned();
                    let lines =
                        text.lines().filter(|line| line.contains(">>> goenv-setup") || line.starts_with("# Reach"));
                    Some((file.asked.clone(), file.real.clone(), lines.map(str::to_owned).collect::<Vec<_>>()))
                };
                let blocks: Vec<_> = facts.files.iter().filter_map(blocks).collect();
                let reach: Vec<_> = plan.shells.iter().map(|one| (one.shell.name(), one.reach.clone())).collect();
                let texts = plan.plan.edits.iter().map(|edit| String::from_utf8_lossy(edit.bytes_after()).into_owned());
                let before = plan.plan.edits.iter().map(|edit| String::from_utf8_lossy(edit.before()).into_owned());
                let texts: Vec<String> = before.chain(texts).collect();
                let texts = texts.join("\n=====\n");
                let (refused, known) = (&plan.plan.refused, &facts.remembered);
                format!("{names:?} {refused:?} {reach:?} {known:?}\n{blocks:#?}\n{texts}\nafter {step:#?}")
            };
            let again = apply::plan(&facts, &step.request).expect("it was planned a moment ago");
            prop_assert!(again.plan.is_empty(), "with the same flags: {}", said(&again));

            // A file of --file is known from a receipt, with its shell.
            let shells = &again.shells;
            let known = |path: &PathBuf| {
                let known = facts.remembered.iter().find(|file| file.path == *path);
                known.is_some_and(|file| shells.iter().all(|chosen| chosen.shell.name() == file.shell))
            };
            if !step.request.files.iter().all(known) {
                continue;
            }
            let bare = Request { shells: step.request.shells.clone(), ..Request::default() };
            let again = apply::plan(&facts, &bare).expect("it was planned a moment ago");
            prop_assert!(again.plan.is_empty(), "without flags: {}", said(&again));
            let elsewhere = step.elsewhere(c);
            let again = apply::plan(&now.facts(&elsewhere), &bare).expect("it was planned a moment ago");
            prop_assert!(again.plan.is_empty(), "in another environment: {} {elsewhere:#?}", said(&again));
            let report = status::report(&facts);
            prop_assert!(!report.rows.is_empty());
            for row in &report.rows {
                prop_assert_eq!(row.state, State::InPlace, "{:?}, after {:#?}", row, step);
            }
        }
        Ok(())
    });
}

#[test]
fn text_that_the_user_adds_survives() {
    check("text of the user's own, above and below", |c, edits| {
        let mut users = World::new(c, text::file);
        let mut now = users.clone();
        let steps = steps(c);
        for step in &steps {
            *edits += apply_step(&mut now, step).unwrap_or(0);
            let names: Vec<PathBuf> = now.files.keys().cloned().collect();
            for name in names {
                let added = text::file(c);
                if added.is_empty() || c.one_in(2) {
                    continue;
                }
                let (file, mine) = (now.file_mut(&name), users.file_mut(&name));
                if c.one_in(2) {
                    let block_is_last = file.ends_with(b"\n# <<< goenv-setup <<<\n");
                    if block_is_last && !mine.is_empty() && !mine.ends_with(b"\n") {
                        mine.push(b'\n');
                    }
                    mine.extend_from_slice(&added);
                    file.extend_from_slice(&added);
                } else {
                    // A comment ends it: a blank line above the block of a file that was empty is taken for ours.
                    let above = [&added[..], b"\n# mine\n"].concat();
                    mine.splice(..0, above.iter().copied());
                    file.splice(..0, above);
                }
            }
        }
        uninstall_all(&mut now, &steps[steps.len() - 1]);
        prop_assert!(now == users, "{}\nafter {steps:#?}", users.difference(&now));
        Ok(())
    });
}

#[test]
fn look_alikes_never_confuse() {
    check("fence look-alikes", |c, edits| {
        let before = World::new(c, text::look_alikes);
        let mut now = before.clone();
        let steps = steps(c);
        for step in &steps {
            let Some(count) = apply_step(&mut now, step) else { continue };
            *edits += count;
            for file in now.files.values() {
                prop_assert!(matches!(&fence::find(file, b"#"), FenceState::Absent | FenceState::Blocks(_)));
            }
        }
        uninstall_all(&mut now, &steps[steps.len() - 1]);
        prop_assert!(now == before, "{}\nafter {steps:#?}", before.difference(&now));
        Ok(())
    });
}

#[test]
fn a_damaged_file_is_never_edited() {
    check("damaged fences", |c, edits| {
        let before = World::new(c, text::file);
        let mut now = before.clone();
        let first = a_step(c);
        *edits += apply_step(&mut now, &first).unwrap_or(0);
        let names: Vec<PathBuf> = now.files.keys().cloned().collect();
        if names.is_empty() {
            return Ok(());
        }
        let damaged = names[c.below(names.len())].clone();
        let ours = !fence::find(&now.files[&damaged], b"#").blocks().is_empty();
        text::damage(c, now.file_mut(&damaged));
        let kept = now.files[&damaged].clone();
        for step in steps(c) {
            let facts = now.facts(&step);
            let Ok(planned) = apply::plan(&facts, &step.request) else { continue };
            prop_assert!(planned.plan.edits.iter().all(|edit| edit.target.real != damaged));
            if planned.files.iter().any(|file| file.snapshot.real == damaged) {
                let refused = planned.plan.refused.iter().filter_map(|refusal| refusal.file.as_ref());
                let said = refused.map(|file| facts.file(file).real).any(|file| file == damaged);
                prop_assert!(said, "nothing is said of {damaged:?}: {:?}", planned.plan.refused);
            }
            if planned.plan.refused.is_empty() {
                *edits += planned.plan.edits.len();
                now.carry_out(&planned.plan);
            }
        }
        let planned = uninstall_all(&mut now, &first);
        let read = now.facts(&first).files.iter().any(|file| file.real == damaged);
        prop_assert_eq!(planned.refused.len(), usize::from(read), "{:?}", planned.refused);
        prop_assert_eq!(&now.files[&damaged], &kept);
        // All the others are clean. Whether a folder is left over hangs on the file that had to stay.
        let others = |world: &World| {
            let others = world.files.iter().filter(|(name, _)| **name != damaged);
            others.map(|(name, bytes)| (name.clone(), bytes.clone())).collect::<Vec<_>>()
        };
        prop_assert!(others(&now) == others(&before), "{}\n{ours} {first:#?}", before.difference(&now));
        Ok(())
    });
}

#[test]
fn a_conversion_to_crlf_is_undone_and_repaired() {
    check("CRLF-converted blocks", |c, edits| {
        let before = World::new(c, text::plain);
        let mut now = before.clone();
        let step = a_step(c);
        let Some(count) = apply_step(&mut now, &step) else { return Ok(()) };
        *edits += count;
        let mut expected = before.clone();
        for (name, bytes) in &mut now.files {
            if count > 0 && !c.one_in(4) {
                *bytes = text::to_crlf(bytes);
                if let Some(original) = expected.files.get_mut(name) {
                    *original = text::to_crlf(original);
                }
            }
        }
        let has_cr = |bytes: &[u8]| {
            fence::find(bytes, b"#").blocks().iter().any(|block| bytes[block.body.clone()].contains(&b'\r'))
        };

        let mut left = now.clone();
        let planned = uninstall_all(&mut left, &step);
        prop_assert!(planned.refused.is_empty() && planned.edits.iter().all(|edit| !edit.loses_hand_edits));
        prop_assert!(left == expected, "{}\nafter {step:#?}", expected.difference(&left));

        let planned = apply::plan(&now.facts(&step), &step.request).expect("it was planned a moment ago");
        let wanted: BTreeSet<PathBuf> = planned.files.iter().map(|file| file.snapshot.real.clone()).collect();
        let converted: BTreeSet<PathBuf> = wanted.iter().filter(|name| has_cr(&now.files[*name])).cloned().collect();
        let repair = planned.plan;
        prop_assert!(repair.refused.is_empty());
        prop_assert!(repair.edits.iter().all(|edit| edit.action == Action::Update && !edit.loses_hand_edits));
        let repaired: BTreeSet<PathBuf> = repair.edits.iter().map(|edit| edit.target.real.clone()).collect();
        prop_assert_eq!(repaired, converted, "after {:#?}", step);
        now.carry_out(&repair);
        prop_assert!(!wanted.iter().any(|name| has_cr(&now.files[name])));
        prop_assert!(apply::plan(&now.facts(&step), &step.request).is_ok_and(|again| again.plan.is_empty()));
        uninstall_all(&mut now, &step);
        prop_assert!(now == expected, "after the repair: {}\nafter {step:#?}", expected.difference(&now));
        Ok(())
    });
}

#[test]
fn a_plan_depends_on_facts_and_request_alone() {
    check("the same plan twice", |c, edits| {
        let mut now = World::new(c, text::file);
        for step in [a_step(c), a_step(c)].iter().take(1 + c.below(2)) {
            let facts = now.facts(step);
            let [one, two] = [(); 2].map(|()| apply::plan(&facts, &step.request));
            match (one, two) {
                (Ok(one), Ok(two)) => same(&one.plan, &two.plan)?,
                (Err(one), Err(two)) => prop_assert_eq!(one, two),
                _ => prop_assert!(false, "refused only once: {step:#?}"),
            }
            *edits += apply_step(&mut now, step).unwrap_or(0);
            let facts = now.facts(step);
            same(&uninstall::plan(&facts, &[]), &uninstall::plan(&facts, &[]))?;
        }
        Ok(())
    });
}

fn same(one: &Plan, two: &Plan) -> Checked {
    prop_assert_eq!(one.edits.len(), two.edits.len());
    for (one, two) in one.edits.iter().zip(&two.edits) {
        prop_assert_eq!((&one.target.real, &one.also, one.action), (&two.target.real, &two.also, two.action));
        prop_assert!(one.before() == two.before() && one.after == two.after, "{one:?}\n{two:?}");
        prop_assert_eq!((&one.why, one.loses_hand_edits), (&two.why, two.loses_hand_edits));
    }
    prop_assert_eq!(&one.refused, &two.refused);
    prop_assert_eq!(&one.promises, &two.promises);
    prop_assert_eq!(&one.notes, &two.notes);
    Ok(())
}
