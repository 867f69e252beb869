//! Whether the Go of a folder runs on this machine, and that one which does not is passed over for one that does.
//!
//! Invariant: what cannot be read counts as a program that runs; a folder is passed over only where there is another.

use super::found::found;
use super::paths::shown;
use super::{GoInstall, Ground};
use crate::facts::{GoDir, GoFacts};
use crate::plan::Note;
use crate::plan::binary::{Flaw, Form, Program};

/// How a `go` does not fit this machine: the end of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Misfit {
    /// It runs, with a drawback.
    Slow(String),
    /// It does not run here, as far as its file tells.
    Stuck(String),
}

impl Misfit {
    /// What is wrong.
    pub(in crate::plan) fn words(&self) -> &str {
        match self {
            Self::Slow(words) | Self::Stuck(words) => words,
        }
    }
}

/// How a `go` does not fit this machine, if it does not.
pub(in crate::plan) fn misfit(program: Option<&Program>, flaw: Option<Flaw>, here: &GoFacts) -> Option<Misfit> {
    if let Some(flaw) = flaw {
        return Some(Misfit::Stuck(flaw.words().to_owned()));
    }
    let program = program.filter(|program| program.form != Form::Script)?;
    if let Some(form) = here.form.filter(|form| *form != program.form) {
        let [its, ours] = [program.form, form].map(system);
        return Some(Misfit::Stuck(format!("is a program for {its}, and this is {ours}: it does not run here")));
    }
    let machine = here.machine.filter(|machine| !program.is_native_on(machine))?;
    Some(if program.form == Form::MachO && machine == "arm64" {
        Misfit::Slow(format!(
            "is built for {program}, and this Mac is {machine}: it runs slowly, under Rosetta, and builds for {program}; \
             take the {machine} archive of https://go.dev/dl/"
        ))
    } else {
        Misfit::Stuck(format!("is built for {program}, and this machine is {machine}: it may not run here"))
    })
}

/// The system that runs programs of a form.
const fn system(form: Form) -> &'static str {
    match form {
        Form::MachO => "macOS",
        Form::Pe => "Windows",
        Form::Elf | Form::Script => "Linux",
    }
}

/// Warns of a Go that does not fit this machine.
pub(super) fn about_the_program(go: &GoInstall, ground: &Ground, notes: &mut Vec<Note>) {
    let Some(misfit) = misfit(go.program.as_ref(), go.flaw, ground.go) else { return };
    let bin = go.bin.as_deref().or(go.found_in.as_deref()).unwrap_or(ground.home);
    notes.push(Note::warning(format!("the Go in {} {}", shown(bin), misfit.words())));
}

/// Why the Go that a block would carry for this folder does not run here.
fn stuck(dir: &GoDir, ground: &Ground) -> Option<Result<(), String>> {
    let go = found(dir, ground, "", &mut Vec::new()).filter(|go| go.present)?;
    Some(match misfit(go.program.as_ref(), go.flaw, ground.go) {
        Some(Misfit::Stuck(why)) => Err(why),
        Some(Misfit::Slow(_)) | None => Ok(()),
    })
}

/// Why a folder is passed over: its Go does not run here, and that of another one does.
pub(in crate::plan) fn why_passed_over(dir: &GoDir, ground: &Ground) -> Option<String> {
    let why = stuck(dir, ground)?.err()?;
    let mut others = ground.go.on_path.iter().chain(&ground.go.well_known);
    others.any(|other| stuck(other, ground) == Some(Ok(()))).then_some(why)
}

/// The same, with a note; one folder that is found in two ways is told of once.
pub(super) fn is_passed_over(dir: &GoDir, ground: &Ground, whence: &str, notes: &mut Vec<Note>) -> bool {
    let why = why_passed_over(dir, ground);
    if let Some(why) = &why {
        let bin = format!("{} (", shown(&dir.bin));
        if !notes.iter().any(|note| note.text.starts_with(&bin)) {
            notes.push(Note::note(format!("{bin}{whence}) is passed over: it {why}")));
        }
    }
    why.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(form: Form, machine: &'static str) -> GoFacts {
        GoFacts { form: Some(form), machine: Some(machine), ..GoFacts::default() }
    }

    fn stuck(form: Form, archs: &[&'static str], here: &GoFacts) -> Option<bool> {
        let program = Program { form, archs: archs.to_vec() };
        misfit(Some(&program), None, here).map(|misfit| matches!(misfit, Misfit::Stuck(_)))
    }

    #[test]
    fn what_runs_slowly_runs() {
        let mac = here(Form::MachO, "arm64");
        assert_eq!(stuck(Form::MachO, &["amd64"], &mac), Some(false), "under Rosetta");
        assert_eq!(stuck(Form::MachO, &["arm64"], &mac), None);
        assert_eq!(stuck(Form::MachO, &["amd64", "arm64"], &mac), None);
        assert_eq!(stuck(Form::Script, &[], &mac), None);
        assert_eq!(stuck(Form::MachO, &["arm64"], &here(Form::MachO, "amd64")), Some(true), "there is no such Rosetta");
    }

    #[test]
    fn what_is_for_another_machine_or_system_does_not() {
        let linux = here(Form::Elf, "amd64");
        for (form, archs, expected) in [
            (Form::Elf, ["amd64"], None),
            (Form::Elf, ["386"], None),
            (Form::Elf, ["arm64"], Some(true)),
            (Form::MachO, ["amd64"], Some(true)),
            (Form::Pe, ["amd64"], Some(true)),
        ] {
            assert_eq!(stuck(form, &archs, &linux), expected, "{form:?} {archs:?}");
        }
        assert_eq!(stuck(Form::MachO, &["amd64"], &GoFacts::default()), None, "nothing is known of the machine");
        let empty = misfit(None, Some(Flaw::Empty), &linux);
        assert!(matches!(empty, Some(Misfit::Stuck(_))));
        assert_eq!(misfit(None, None, &linux), None, "a file that cannot be read may run");
    }
}
