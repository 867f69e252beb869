//! Every error: the message (what was tried on which file, why it failed, one hint with a command), the exit code, and
//! that nothing was touched.

mod fences;
mod files;
mod homes;
mod kept;
pub(crate) mod mounts;
mod settings;
mod writes;

use crate::support::{Home, Ran};

const APPLY: &[&str] = &["apply", "--shell", "zsh", "-y"];
const UNINSTALL: &[&str] = &["uninstall", "-y"];

/// A run that must end with `code`, touch nothing, and say one error with one hint. `said` stands in the error or hint.
#[track_caller]
fn refused(home: &Home, args: &[&str], code: i32, said: &[&str]) -> Ran {
    let before = home.tree();
    let ran = home.run(args).code(code);
    home.unchanged(&before);
    one_error(&ran, said);
    ran
}

/// One error with one hint was said, and all of `said` stands in them.
#[track_caller]
fn one_error(ran: &Ran, said: &[&str]) {
    let text = String::from_utf8_lossy(&ran.stderr);
    let tagged = |tag: &str| text.lines().filter(|line| line.starts_with(tag)).collect::<Vec<_>>();
    let (errors, hints) = (tagged("error: "), tagged("hint: "));
    assert!(errors.len() == 1 && hints.len() == 1, "not one error with one hint\n{ran}");
    assert!(hints[0].contains('`'), "no command in the hint\n{ran}");
    for words in said {
        assert!(errors[0].contains(words) || hints[0].contains(words), "the error does not say: {words}\n{ran}");
    }
}
