//! Which launch modes of a shell the plan reaches, which a wider reach would, and which no startup file can.

use super::files::{Planned, look, occupied};
use super::shell_choice::Chosen;
use crate::facts::Facts;
use crate::shells::{Holds, LaunchMode, Reach, Start};

/// The launch modes of one shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The shell's name.
    pub shell: &'static str,
    /// Those in which Go is there.
    pub covered: Vec<Way>,
    /// Those in which it is not, and the narrowest reach that would bring it.
    pub wider: Vec<(Way, Reach)>,
    /// Those that no startup file reaches: what they inherit is all they have.
    pub unreachable: Vec<Way>,
}

/// A launch mode and how this shell is started so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The launch mode.
    pub mode: LaunchMode,
    /// How the shell is started in it.
    pub start: Start,
}

/// Looks at each launch mode in which the shell can be started.
pub(super) fn coverage(facts: &Facts, chosen: &Chosen, files: &[Planned]) -> Coverage {
    let shell = chosen.shell;
    let occupied = |path: &std::path::Path| occupied(facts, path);
    let by_reach = |reach| shell.targets(&look(facts, chosen, reach, &occupied)).files;
    let here = |mode| {
        let full = files.iter().filter(|file| file.holds == Holds::All);
        let mut own = full.flat_map(|file| file.targets.iter().map(move |(reader, target)| (file, reader, target)));
        own.any(|(file, reader, target)| reader.name() == shell.name() && file.serves(target, mode))
    };
    let mut found = Coverage { shell: shell.name(), covered: Vec::new(), wider: Vec::new(), unreachable: Vec::new() };
    let Some(program) = shell.programs().first() else { return found };
    for mode in LaunchMode::ALL {
        let Some(start) = shell.start(program, mode) else { continue };
        let way = Way { mode, start };
        let covers = |reach: &Reach| {
            by_reach(*reach).iter().any(|target| target.holds == Holds::All && target.modes.contains(&mode))
        };
        if here(mode) {
            found.covered.push(way);
        } else if let Some(reach) = Reach::ALL.into_iter().filter(|reach| *reach > chosen.reach.value).find(covers) {
            found.wider.push((way, reach));
        } else {
            found.unreachable.push(way);
        }
    }
    found
}
