//! Which shells the user's terminals start, and how.
//!
//! A home of Debian's has files of bash and sh whatever its owner uses: that a shell could be started is no reason to call
//! it ill.

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::Request;
use super::super::detect::{LoginFrom, detect};
use super::super::matrix::{Asked, Row};
use super::super::place::pattern;
use super::super::shell_choice::{Chosen, choose};
use crate::facts::{Facts, Snapshot};
use crate::shells::{self, LaunchMode, Look, Program, Reach, Shell};
use crate::text::fence;

/// A shell by name, and how a terminal starts it.
pub type Terminal = (&'static str, LaunchMode);

/// A line that makes another shell of the one that reads it.
static HANDS_OVER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) (?: ^ | [\s;&|(] ) exec \s [^;\#]*?
            (?: \b ( fish | zsh | bash | tcsh | csh | m?ksh (?: 93 )? | yash | nu | elvish | xonsh ) \b | \$SHELL\b )",
    )
});

/// What terminals start: the shells that were named, else the one that runs and the login shell. Not one that turns into
/// another as soon as it starts, unless it is what runs.
pub fn terminals(facts: &Facts, asked: &Asked) -> Vec<Terminal> {
    let choose = |shells: Vec<String>| choose(facts, &Request { shells, ..Request::default() }).unwrap_or_default();
    let running = choose(Vec::new());
    let others = match asked {
        Asked::Named(names) => choose(names.clone()),
        Asked::InUse | Asked::Installed => login_shell(facts).map(|name| choose(vec![name])).unwrap_or_default(),
    };
    let mut found: Vec<Terminal> = Vec::new();
    for chosen in running.iter().chain(&others) {
        let Chosen { shell, detected, .. } = chosen;
        let named = !matches!(asked, Asked::Named(_)) || others.iter().any(|other| other.shell.name() == shell.name());
        let mode = if detected.login { LaunchMode::LoginInteractive } else { LaunchMode::Interactive };
        let stays = detected.login_from == LoginFrom::Process
            || shell.programs().first().is_none_or(|program| !hands_over(facts, *shell, program, mode));
        if named && stays && found.iter().all(|(known, _)| *known != shell.name()) {
            found.push((shell.name(), mode));
        }
    }
    found
}

/// Whether a terminal starts a shell so.
pub fn is_terminal(row: &Row, terminals: &[Terminal]) -> bool {
    row.is_by_own_name() && terminals.contains(&(row.shell.name(), row.mode))
}

/// The name of the user's login shell, if it is one of ours.
fn login_shell(facts: &Facts) -> Option<String> {
    let Facts { env, user, platform, kshs, .. } = facts;
    let found = detect(None, &[], env.shell.as_deref(), user.passwd_shell.as_deref(), *platform, kshs)?;
    shells::by_name(&found.name).map(|shell| shell.name().to_owned())
}

/// A line that makes another shell of the one that reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandsOver {
    /// The file.
    pub file: PathBuf,
    /// The number of the line; the first is 1.
    pub line: usize,
    /// The other shell, where the line names it.
    pub to: Option<String>,
}

/// Whether a line of the files that a start reads makes another shell of it (`exec fish`), as far as the words tell.
pub fn hands_over(facts: &Facts, shell: &'static dyn Shell, program: &Program, mode: LaunchMode) -> bool {
    handing_over(facts, shell, program, mode).is_some()
}

/// The first such line.
pub fn handing_over(
    facts: &Facts,
    shell: &'static dyn Shell,
    program: &Program,
    mode: LaunchMode,
) -> Option<HandsOver> {
    let occupied = |path: &std::path::Path| facts.find(path).is_some_and(|file| file.bytes().is_some());
    let look = Look { places: &facts.places, login: false, reach: Reach::default(), occupied: &occupied };
    let files = shell.reads(program, mode, &look);
    // Login files read the other one by a line of their own.
    let inner = shell.reads(program, LaunchMode::Interactive, &look);
    files.iter().chain(&inner).filter_map(|path| facts.find(path)).find_map(such_a_line)
}

fn such_a_line(file: &Snapshot) -> Option<HandsOver> {
    let bytes = file.bytes().unwrap_or_default();
    fence::lines(bytes).enumerate().find_map(|(index, range)| {
        let line = bytes[range].trim_ascii();
        let found = HANDS_OVER.captures(line).filter(|_| !line.starts_with(b"#"))?;
        let to = found.get(1).map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned());
        Some(HandsOver { file: file.asked.clone(), line: index + 1, to })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_hand_over() {
        for line in [
            "exec fish",
            "\texec fish $LOGIN_OPTION",
            "[ -x /usr/bin/zsh ] && exec /usr/bin/zsh -l",
            "exec \"$(command -v zsh)\"",
            "if (-x /bin/zsh) exec zsh",
            "exec $SHELL -l",
            "exec env SHLVL=0 nu",
        ] {
            assert!(HANDS_OVER.is_match(line.as_bytes()), "{line}");
        }
        for line in
            ["exec tmux", "exec startx", "exec 3>&1", "alias e='executable fish'", "exec tmux; # fish", "exec >log"]
        {
            assert!(!HANDS_OVER.is_match(line.as_bytes()), "{line}");
        }
    }
}
