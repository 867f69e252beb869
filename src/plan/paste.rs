//! The block as lines to paste: for `print`, and for a shell that we do not know.

use super::apply::{carried, ground};
use super::request::Request;
use super::settings;
use super::shell_choice;
use super::{Note, Refusal};
use crate::facts::Facts;
use crate::shells::{self, Holds, Reach, Shell};
use crate::text::fence;

/// Lines to paste, and what the user should know of the settings in them.
pub struct Lines {
    /// The shell whose language they are in.
    pub shell: &'static dyn Shell,
    /// Whole lines.
    pub bytes: Vec<u8>,
    /// Notes on the settings.
    pub notes: Vec<Note>,
}

/// The block of the request's shell, without a fence.
pub fn lines(facts: &Facts, request: &Request) -> Result<Lines, Refusal> {
    let shells = shell_choice::choose(facts, request)?;
    let shell = shells.first().map_or(shells::ALL[0], |chosen| chosen.shell);
    for_shell(facts, request, shell)
}

/// The block in the language of POSIX shells.
pub fn posix_lines(facts: &Facts, request: &Request) -> Result<Lines, Refusal> {
    for_shell(facts, request, shells::by_name("sh").unwrap_or(shells::ALL[0]))
}

fn for_shell(facts: &Facts, request: &Request, shell: &'static dyn Shell) -> Result<Lines, Refusal> {
    let mut notes = Vec::new();
    let carried = carried(facts, &[]);
    let settings = settings::choose(&ground(facts, request, carried.as_ref()), &mut notes)?;
    let body = shell.body(&settings.values(Reach::default()), Holds::All, &facts.user.home);
    if let Some(why) = shell.cannot_carry(&body) {
        return Err(Refusal { file: None, what: format!("cannot print the block: {why}"), hint: None });
    }
    // The comment speaks of uninstall, which finds only what stands in a fence; at a prompt, zsh would even run it.
    let code = fence::lines(&body).filter(|line| !body[line.clone()].starts_with(shell.comment()));
    let bytes = code.flat_map(|line| body[line].iter().copied()).collect();
    Ok(Lines { shell, bytes, notes })
}
