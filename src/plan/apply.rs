//! The plan of `apply`: the block into each file that the shell reads, and out of those that it replaces.

use std::path::{Path, PathBuf};

use super::coverage::{Coverage, coverage};
use super::detect::Detected;
use super::files::{Planned, files, look, occupied};
use super::profile::Profile;
use super::request::Request;
use super::settings::{self, Ground, Settings};
use super::shell_choice::{self, Chosen};
use super::{Action, After, Edit, Note, Plan, Promise, Refusal, bad_fence, cannot_write, own_lines, place, uninstall};
use crate::facts::{Facts, FileState, Snapshot, User, snapshot::Keeper, snapshot::Unusable};
use crate::shells::{Carried, Dialect, Holds, Reach, Shell, Spot, posix};
use crate::text::fence::{self, Block, FenceState};
use crate::text::show::{sanitise, tilde};

/// A plan, and what it was made for.
pub struct ApplyPlan {
    /// The shells.
    pub shells: Vec<Chosen>,
    /// Shells in use that we do not know.
    pub left_out: Vec<Detected>,
    /// The profile that was asked for.
    pub profile: Option<&'static Profile>,
    /// The settings.
    pub settings: Settings,
    /// The files that hold the block afterwards.
    pub files: Vec<Planned>,
    /// Which launch modes of each shell are reached; empty where `--file` says which file.
    pub coverage: Vec<Coverage>,
    /// What is to be done.
    pub plan: Plan,
}

/// The folders whose Go matters to this request; look at them before [`plan`].
pub fn folders_to_look_at(facts: &Facts, request: &Request) -> Vec<PathBuf> {
    let Ok(shells) = shell_choice::choose(facts, request) else { return Vec::new() };
    let (files, _) = files(facts, request, &shells);
    let carried = carried(facts, &files);
    settings::folders_to_look_at(&ground(facts, request, carried.as_ref()))
}

/// Plans what `apply` does. `Err`: a setting or the shell was refused, and there is no plan at all.
pub fn plan(facts: &Facts, request: &Request) -> Result<ApplyPlan, Refusal> {
    let shells = shell_choice::choose(facts, request)?;
    let (mut files, notes) = files(facts, request, &shells);
    let mut plan = Plan { notes, ..Plan::default() };
    let left_out = shell_choice::left_out(facts, request);
    plan.notes.extend(left_out.iter().map(|shell| {
        let shown = sanitise(format!("{} ({})", shell.name, shell.from).as_bytes());
        Note::warning(format!("{shown} is not a shell that we know: it gets no block"))
    }));
    let carried = carried(facts, &files);
    let settings = settings::choose(&ground(facts, request, carried.as_ref()), &mut plan.notes)?;
    let home = &facts.user.home;
    for file in &mut files {
        match edit(facts, file, &settings) {
            Ok(Some(edit)) => plan.edits.push(edit),
            Ok(None) => {}
            Err(refusal) => plan.refused.push(refusal),
        }
        let edited = plan.edits.iter().find(|edit| edit.target.real == file.snapshot.real);
        let after = edited.map(Edit::bytes_after).or_else(|| file.snapshot.bytes()).unwrap_or_default();
        file.guarded = guarded(file.shell, after);
        about_the_file(file, home, &mut plan.notes);
        if file.shell.dialect() == Dialect::Fish && !file.named {
            // A file of our own holds no lines of the user's: those stand in the shell's others.
            let others = file.shell.files(&facts.places).into_iter().filter(|path| *path != file.snapshot.asked);
            plan.notes.extend(others.flat_map(|path| own_lines::notes(&facts.file(&path), file.shell, home)));
        }
    }
    if request.files.is_empty() {
        take_out_beyond_reach(facts, &shells, &mut plan, &files);
    } else {
        take_out_elsewhere(facts, &shells, &files, &mut plan);
    }
    plan.promises = promises(&files, &settings);
    let before = carried.unwrap_or_default();
    let gobin = settings.gobin.as_ref().map(|gobin| &gobin.value);
    for (variable, changed) in [
        ("GOPATH", before.gopath.is_some_and(|before| before != settings.gopath.value)),
        ("GOBIN", before.gobin.is_some_and(|before| Some(&before) != gobin)),
    ] {
        if changed {
            plan.notes.push(Note::note(format!(
                "shells that are open now keep the {variable} that they have; a new terminal has the new one"
            )));
        }
    }
    // What reads a file of --file is the user's business.
    let ours = shells.iter().filter(|_| files.iter().all(|file| !file.named));
    let coverage = ours.map(|chosen| coverage(facts, chosen, &files)).collect();
    Ok(ApplyPlan { shells, left_out, profile: request.profile, settings, files, coverage, plan })
}

pub(super) fn ground<'a>(facts: &'a Facts, request: &'a Request, carried: Option<&'a Carried>) -> Ground<'a> {
    let User { home, real_home, .. } = &facts.user;
    Ground { request, carried, env: &facts.env, go: &facts.go, home, real_home }
}

/// The settings of the first intact block: in the plan's own files, else in any other of ours.
pub(super) fn carried(facts: &Facts, files: &[Planned]) -> Option<Carried> {
    let own = files.iter().map(|file| (&file.snapshot, file.shell, file.holds == Holds::All));
    let there = facts.files.iter().filter(|file| file.bytes().is_some());
    let others = there.map(|file| (file, facts.shell_of(&file.asked), false));
    let mut all: Option<Carried> = None;
    let mut says_which_go = false;
    for (snapshot, shell, whole) in own.chain(others) {
        let Some(bytes) = snapshot.bytes() else { continue };
        let found = fence::find(bytes, shell.comment());
        let Some(block) = found.blocks().first().filter(|block| !block.edited) else { continue };
        let carried = shell.carried(&bytes[block.body.clone()], &facts.user.home);
        // That a block leaves GOBIN alone is a choice, too: another's does not come in its place.
        let all = all.get_or_insert_with(|| Carried { gobin: carried.gobin.clone(), ..Carried::default() });
        // That a whole block of the plan's own names no Go is one as well: its Go is left to a version manager.
        let named = carried.go.is_some() || carried.first.is_some() || carried.loads.is_some();
        if !says_which_go && (named || whole && carried.left) {
            says_which_go = true;
            all.go = carried.go;
            all.first = carried.first;
            all.goroot = carried.goroot;
            all.loads = carried.loads;
            all.left = carried.left;
        } else if !says_which_go {
            all.left |= carried.left;
        }
        all.gopath = all.gopath.take().or(carried.gopath);
    }
    all
}

/// The edit of one file; `None`: it is as wished.
fn edit(facts: &Facts, file: &Planned, settings: &Settings) -> Result<Option<Edit>, Refusal> {
    let home = &facts.user.home;
    let values = settings.values(file.reach);
    let name = tilde(&file.snapshot.asked, home);
    let body = file.shell.body(&values, file.holds, home);
    if let Some(why) = file.targets.iter().find_map(|(shell, _)| shell.cannot_carry(&body)) {
        return Err(Refusal {
            file: Some(file.snapshot.asked.clone()),
            what: format!("cannot write the block into `{name}`: {why}"),
            hint: Some(
                "choose another folder with `goenv-setup apply --goroot DIR`, or name the other shells with `--shell`"
                    .to_owned(),
            ),
        });
    }
    let comment = file.shell.comment();
    let mut why: Vec<String> = Vec::new();
    for (_, target) in &file.targets {
        if !why.contains(&target.why) {
            why.push(target.why.clone());
        }
    }
    let (after, action, loses) = match &file.snapshot.state {
        FileState::Unusable(_) => return Err(refusal(&file.snapshot, home)),
        FileState::Missing { dirs } => {
            if let Some(refusal) = would_bring_a_link_alive(facts, &file.snapshot) {
                return Err(refusal);
            }
            let made = folders_of_ours(facts, &file.snapshot.real, *dirs);
            let new = dirs.saturating_add(made).saturating_add(1);
            (fence::put(b"", 0, comment, &body, new), Action::Create, false)
        }
        FileState::Regular { bytes, .. } => match fence::find(bytes, comment) {
            FenceState::Absent => {
                let place = place::place(bytes, file.shell.dialect(), file.spot);
                if let Some(earlier) = &place.why {
                    why.push(earlier.to_string());
                }
                (fence::put(bytes, place.at, comment, &body, 0), Action::Insert, false)
            }
            FenceState::Blocks(blocks) => {
                let after = if let Some(moved) = to_its_spot(file, bytes, &blocks) {
                    why.push(moved.to_owned());
                    let at = |text: &[u8]| place::place(text, file.shell.dialect(), file.spot).at;
                    fence::move_to(bytes, &blocks, comment, &body, at)
                } else {
                    fence::update(bytes, &blocks, comment, &body)
                };
                if after == *bytes {
                    return Ok(None);
                }
                if blocks.len() > 1 {
                    why.push(format!("it holds {} blocks; the first stays", blocks.len()));
                }
                (after, Action::Update, blocks.iter().any(|block| block.edited))
            }
            bad => return Err(bad_fence(&bad, &file.snapshot, home).unwrap_or_else(|| refusal(&file.snapshot, home))),
        },
    };
    if let Some(refusal) = cannot_write(&file.snapshot, home) {
        return Err(refusal);
    }
    Ok(Some(Edit {
        target: file.snapshot.clone(),
        also: file
            .targets
            .iter()
            .skip(1)
            .map(|(_, target)| target.path.clone())
            .filter(|path| *path != file.snapshot.asked)
            .collect(),
        shell: file.shell.name(),
        named: file.named,
        after: After::Bytes(after),
        mode: None,
        action,
        why,
        loses_hand_edits: loses,
    }))
}

/// Why the block has to move within its file, if it has to: another reach wants it at another place.
fn to_its_spot(file: &Planned, bytes: &[u8], blocks: &[Block]) -> Option<&'static str> {
    let start = blocks.first()?.outer.start;
    if !place::is_high_enough(bytes, file.shell.dialect(), file.spot, start) {
        return Some("the block moves above what may end the file early");
    }
    (file.spot < file.spot_before).then_some("the block moves back to the end of the file")
}

/// Whether a line above our block may end the file.
fn guarded(shell: &dyn Shell, bytes: &[u8]) -> bool {
    let found = fence::find(bytes, shell.comment());
    let block = found.blocks().first();
    block.is_some_and(|block| !place::is_high_enough(bytes, shell.dialect(), Spot::AboveGuard, block.outer.start))
}

/// How many of the folders above a new file, behind the `missing` nearest ones, an earlier apply created: the file claims
/// them too, because the one that did so until now may be gone before this one.
fn folders_of_ours(facts: &Facts, new: &Path, missing: u8) -> u8 {
    let claimed = |folder: &Path| {
        facts.files.iter().any(|file| {
            let bytes = file.bytes().unwrap_or_default();
            let found = fence::find(bytes, facts.shell_of(&file.asked).comment());
            found.blocks().iter().any(|block| {
                let mut above = file.real.ancestors().skip(1).take(usize::from(block.undo.new.saturating_sub(1)));
                above.any(|above| above == folder)
            })
        })
    };
    let above = new.ancestors().skip(1 + usize::from(missing)).take_while(|folder| claimed(folder));
    u8::try_from(above.count()).unwrap_or(u8::MAX)
}

/// A startup file that is a link to nothing counts as absent. Creating what it names would bring it alive, and a
/// `.bash_profile` that comes alive hides `.profile`.
fn would_bring_a_link_alive(facts: &Facts, new: &Snapshot) -> Option<Refusal> {
    let home = &facts.user.home;
    let leads_here = |file: &&Snapshot| match &file.state {
        FileState::Unusable(Unusable::Dangling { target }) => *target == new.real || *target == new.asked,
        _ => false,
    };
    let link = facts.files.iter().find(leads_here)?;
    let why = format!("`{}` is a link to it, and would become a startup file with it", tilde(&link.asked, home));
    Some(Refusal::of(new, home, &why, format!("remove the link with `rm {}`", posix::word(&link.asked, home))))
}

fn refusal(snapshot: &Snapshot, home: &Path) -> Refusal {
    cannot_write(snapshot, home).unwrap_or_else(|| Refusal {
        file: Some(snapshot.asked.clone()),
        what: format!("cannot change `{}`", tilde(&snapshot.asked, home)),
        hint: None,
    })
}

/// Points out who else manages the file, and which lines of the user's own set the same variables.
fn about_the_file(file: &Planned, home: &Path, notes: &mut Vec<Note>) {
    let name = tilde(&file.snapshot.asked, home);
    match &file.snapshot.keeper {
        None => {}
        Some(Keeper::GitCheckout(folder)) => notes.push(Note::note(format!(
            "`{name}` belongs to the git checkout `{}`: commit the block there, or the next sync may revert it",
            tilde(folder, home)
        ))),
        Some(Keeper::Chezmoi(source)) => notes.push(Note::warning(format!(
            "`{name}` is managed by chezmoi: its next apply reverts the block, unless you put what `goenv-setup print` prints into `{}`",
            tilde(source, home)
        ))),
        Some(Keeper::Yadm) => notes.push(Note::note(format!("`{name}` is tracked by yadm: commit the block there with `yadm add`"))),
        Some(Keeper::Header(line)) => notes.push(Note::warning(format!(
            "line {line} of `{name}` says that it is managed by a program: its next run may revert the block; `goenv-setup print` gives it for the source"
        ))),
    }
    if file.snapshot.stale {
        notes.push(Note::warning(format!(
            "`{name}.zwc` is dated in the future, and zsh runs it instead of `{name}`: remove it, or compile it anew"
        )));
    }
    notes.extend(own_lines::notes(&file.snapshot, file.shell, home));
}

/// `--file` puts the block there instead: the shell's other files give theirs back.
fn take_out_elsewhere(facts: &Facts, shells: &[Chosen], files: &[Planned], plan: &mut Plan) {
    for chosen in shells {
        let remembered =
            facts.remembered.iter().filter(|file| file.shell == chosen.shell.name()).map(|file| &file.path);
        for path in chosen.shell.files(&facts.places).iter().chain(remembered) {
            take_out(facts, chosen.shell, path, "the block goes into the file of --file instead", files, plan);
        }
    }
}

/// A narrower reach gives back the blocks in files that only a wider one needs.
fn take_out_beyond_reach(facts: &Facts, shells: &[Chosen], plan: &mut Plan, files: &[Planned]) {
    for chosen in shells {
        // Where --file says which file, no reach does.
        let reads = |file: &&Planned| file.targets.iter().any(|(shell, _)| shell.name() == chosen.shell.name());
        if files.iter().filter(reads).any(|file| file.named) {
            continue;
        }
        let occupied = |path: &Path| occupied(facts, path);
        let wider = Reach::ALL.into_iter().filter(|reach| *reach != chosen.reach.value);
        let targets = wider.flat_map(|reach| chosen.shell.targets(&look(facts, chosen, reach, &occupied)).files);
        for target in targets {
            let why = format!("a reach of `{}` has no use for a block there", chosen.reach.value.name());
            take_out(facts, chosen.shell, &target.path, &why, files, plan);
        }
    }
}

/// Takes the block out of a file that is not one of the plan's own.
fn take_out(facts: &Facts, shell: &dyn Shell, path: &Path, why: &str, files: &[Planned], plan: &mut Plan) {
    let snapshot = facts.file(path);
    let planned = files.iter().any(|file| file.snapshot.real == snapshot.real)
        || plan.edits.iter().any(|edit| edit.target.real == snapshot.real);
    if planned {
        return;
    }
    let snapshot = uninstall::under_its_own_name(facts, &snapshot);
    // A link to the startup file of another shell: that one's block.
    let own = |path: &PathBuf| *path == snapshot.asked;
    if snapshot.asked != path
        && !shell.files(&facts.places).iter().any(own)
        && facts.places.is_startup_file(&snapshot.asked)
    {
        return;
    }
    match uninstall::edit(snapshot, shell, &facts.user.home) {
        Ok(Some(mut edit)) => {
            edit.why = vec![why.to_owned()];
            plan.edits.push(edit);
        }
        Ok(None) => {}
        Err(refusal) => plan.refused.push(refusal),
    }
}

/// What a new shell will find in each launch mode that the blocks serve; nothing, where there is no Go to be found.
fn promises(files: &[Planned], settings: &Settings) -> Vec<Promise> {
    let mut promises: Vec<Promise> = Vec::new();
    if !settings.go.value.present {
        return promises;
    }
    for file in files.iter().filter(|file| file.holds == Holds::All) {
        for (shell, target) in &file.targets {
            for mode in target.modes.iter().filter(|mode| file.serves(target, **mode)) {
                let promise = Promise {
                    shell: shell.name(),
                    mode: *mode,
                    go: settings.go.value.bin.clone(),
                    goroot: settings.go.value.goroot.clone(),
                    gopath: settings.gopath.value.clone(),
                    gobin: settings.gobin.as_ref().map(|gobin| gobin.value.clone()),
                };
                if !promises.contains(&promise) {
                    promises.push(promise);
                }
            }
        }
    }
    promises
}
