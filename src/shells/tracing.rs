//! How each shell is made to tell what it runs: as data, so that one edge can start any of them.
//!
//! Most shells have `-x` and expand a variable, `PS4`, in front of each command that they show. In it stand the file, the
//! line, and the values that are asked for, behind a token that is new in each run: what startup files print cannot be
//! taken for it. Measured with zsh 5.9, bash 3.2 and 5.2, dash 0.5.12, busybox 1.35, mksh R59, ksh93u+m 1.0.4 and yash 2.52.

/// How a shell tells what it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracing {
    /// `-x` and a prompt in front of each command.
    Prompt(Prompt),
    /// fish's `fish_trace`: each command expanded, with a dash for each level that it is nested.
    Nested,
    /// csh's `-V` and `-X`: each line as it was read, and each command expanded.
    Echo {
        /// Whether a login shell stays one that gets these arguments. The files of one that does not are read by commands.
        logs_in: bool,
    },
}

/// The prompt in front of a command. What a shell cannot tell is an empty expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// The variable that holds it.
    pub variable: &'static str,
    /// The arguments before all others.
    pub args: &'static [&'static str],
    /// What expands to the file that the command stands in.
    pub file: &'static str,
    /// What expands to the number of its line.
    pub line: &'static str,
    /// What expands to the name of the function, or to `(eval)`.
    pub scope: &'static str,
    /// What expands to 0 or nothing in the shell itself, and to something else in a subshell.
    pub subshell: &'static str,
    /// Whether a `%` in a value has to be doubled.
    pub doubles_percent: bool,
    /// Whether the shell shows a plain assignment when it has made it, not before.
    pub late: bool,
    /// Whether the shell is started without its startup files, and a command of ours then has it read them: as root, bash
    /// does not take `PS4` from its environment.
    pub sources: bool,
}

impl Prompt {
    /// The prompt for these variables. Each field ends with the token and a bar; the text of the command follows the
    /// token and `>`. A value has a `=` in front; a variable that is not set has an empty field.
    pub fn render(&self, token: &str, variables: &[String]) -> String {
        let mut prompt = format!("+{token}|");
        for field in [self.file, self.line, self.scope, self.subshell] {
            prompt.push_str(&format!("{field}{token}|"));
        }
        for name in variables {
            let value = if self.doubles_percent { format!("${{{name}//\\%/%%}}") } else { format!("${name}") };
            prompt.push_str(&format!("${{{name}+={value}}}{token}|"));
        }
        prompt.pop();
        prompt.push('>');
        prompt
    }
}

/// In [`Prompt::subshell`], what is empty in any shell but bash.
pub const BASH_SUBSHELL: &str = "${BASH_SUBSHELL-}";

/// What shells have in common that know `PS4` and `LINENO`, and no file.
pub(super) const POSIX: Prompt = Prompt {
    variable: "PS4",
    args: &["-x"],
    file: "${BASH_SOURCE-}",
    line: "${LINENO-}",
    scope: "",
    subshell: BASH_SUBSHELL,
    doubles_percent: false,
    late: true,
    sources: false,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_has_a_field_for_each_thing() {
        let prompt = Prompt { file: "%x", line: "%I", scope: "%N", subshell: "s", doubles_percent: true, ..POSIX };
        let names = ["PATH", "GOPATH"].map(str::to_owned);
        let expected = "+T|%xT|%IT|%NT|sT|${PATH+=${PATH//\\%/%%}}T|${GOPATH+=${GOPATH//\\%/%%}}T>";
        assert_eq!(prompt.render("T", &names), expected);
        assert!(POSIX.render("T", &names).ends_with("T|${PATH+=$PATH}T|${GOPATH+=$GOPATH}T>"));
    }
}
