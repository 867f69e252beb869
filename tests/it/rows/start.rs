//! The rows of the launch matrix, and how a test starts each by itself, without the program's help.

use std::ffi::OsString;
use std::path::Path;

use crate::support::{Home, Ran, find, os, quoted};

/// One way of starting one program.
pub(super) struct Row {
    /// As the program calls it.
    pub(super) name: &'static str,
    /// Shell, in the words of `--shell`.
    pub(super) shell: &'static str,
    file: &'static str,
    argv0: &'static str,
    args: &'static [&'static str],
    /// The command line is typed.
    typed: bool,
}

const fn row(name: &'static str, [shell, file, argv0]: [&'static str; 3], args: &'static [&'static str]) -> Row {
    Row { name, shell, file, argv0, args, typed: args.is_empty() }
}

/// The 17.
pub(super) const ROWS: [Row; 17] = [
    row("zsh -l -i", ["zsh"; 3], &["-l", "-i", "-c"]),
    row("zsh -i", ["zsh"; 3], &["-i", "-c"]),
    row("zsh -l -c", ["zsh"; 3], &["-l", "-c"]),
    row("zsh -c", ["zsh"; 3], &["-c"]),
    row("bash -l -i", ["bash"; 3], &["-l", "-i", "-c"]),
    row("bash -i", ["bash"; 3], &["-i", "-c"]),
    row("bash -l -c", ["bash"; 3], &["-l", "-c"]),
    row("bash ssh command", ["bash"; 3], &["-c"]),
    row("sh -l -i", ["sh"; 3], &["-l", "-i", "-c"]),
    row("ksh93 -l -i", ["ksh93"; 3], &["-l", "-i", "-c"]),
    row("ksh93 -i", ["ksh93"; 3], &["-i", "-c"]),
    row("tcsh login", ["tcsh", "tcsh", "-tcsh"], &[]),
    row("tcsh -c", ["tcsh"; 3], &["-c"]),
    row("fish -l -i", ["fish"; 3], &["-l", "-i", "-c"]),
    row("fish -i", ["fish"; 3], &["-i", "-c"]),
    row("fish -c", ["fish"; 3], &["-c"]),
    row("mksh -l -i", ["mksh"; 3], &["-l", "-i", "-c"]),
];

/// And more.
pub(super) const MORE: [Row; 20] = [
    row("sh -l -c", ["sh"; 3], &["-l", "-c"]),
    row("ksh93 -l -c", ["ksh93"; 3], &["-l", "-c"]),
    row("mksh -i", ["mksh"; 3], &["-i", "-c"]),
    row("mksh -l -c", ["mksh"; 3], &["-l", "-c"]),
    row("tcsh -i", ["tcsh"; 3], &[]),
    row("tcsh login -c", ["tcsh", "tcsh", "-tcsh"], &["-c"]),
    row("fish -l -c", ["fish"; 3], &["-l", "-c"]),
    row("csh login", ["csh", "csh", "-csh"], &[]),
    row("csh -i", ["csh"; 3], &[]),
    row("csh -c", ["csh"; 3], &["-c"]),
    row("yash -l -i", ["yash"; 3], &["-l", "-i", "-c"]),
    // Only where there is a `.yashrc`.
    row("yash -i", ["yash"; 3], &["-i", "-c"]),
    row("yash -l -c", ["yash"; 3], &["-l", "-c"]),
    row("busybox ash -l -i", ["sh", "busybox", "ash"], &["-l", "-i", "-c"]),
    row("busybox ash -l -c", ["sh", "busybox", "ash"], &["-l", "-c"]),
    row("bash as sh -l -i", ["sh", "bash", "sh"], &["-l", "-i", "-c"]),
    row("bash as sh -l -c", ["sh", "bash", "sh"], &["-l", "-c"]),
    row("zsh as sh -l -i", ["sh", "zsh", "sh"], &["-l", "-i", "-c"]),
    row("zsh as sh -l -c", ["sh", "zsh", "sh"], &["-l", "-c"]),
    row("lksh -l -i", ["mksh", "lksh", "lksh"], &["-l", "-i", "-c"]),
];

/// What a command of the shell found in its environment, as a program tells it.
const TELL: &str = r#"#!/bin/sh
printf '%s\0' told "$GOROOT" "$GOPATH" "$(command -v go)" "$PATH" end
"#;

/// Puts the program that tells beside the home.
pub(super) fn put_tell(home: &Home) {
    home.file("../tell.sh", TELL);
    // By `cp`: what this process has written itself may be busy.
    home.script(r#"cd "$TMPDIR/.." && cp tell.sh tell && chmod 755 tell"#).ok();
}

impl Row {
    /// Starts the shell so, as somebody's terminal, sshd or script would. `Err`: what it did not see as it should.
    pub(super) fn start(&self, home: &Home, by: &[&str]) -> Result<(), String> {
        let tell = quoted(home.beside("tell").as_os_str());
        let line = os([&tell[..], b"; go version"].concat());
        let ssh = self.name.ends_with("ssh command");
        // bash takes nothing for sshd's that another shell has started.
        let script = format!(
            r#"unset SHLVL; {} file=$1 argv0=$2 line=$3 typed=$4; shift 4
            if [ "$typed" = true ]; then exec -a "$argv0" "$file" "$@" <<<"$line"; else exec -a "$argv0" "$file" "$@" "$line"; fi"#,
            if ssh { "export SSH_CLIENT='192.0.2.1 50000 22';" } else { "" }
        );
        let file = find(self.file).unwrap_or_else(|| panic!("{} is not installed", self.file));
        let mut words: Vec<OsString> = by.iter().map(OsString::from).collect();
        words.extend(["bash", "-c", &script, "start"].map(OsString::from));
        words.extend([file.into_os_string(), self.argv0.into(), line, self.typed.to_string().into()]);
        words.extend(self.args.iter().map(OsString::from));
        let ran = Ran::of(home.command(&words[0], &words[1..]).env("TMUX", "/nonexistent,1,0"));
        let root = home.path("sdk/go");
        let expected = [root.clone(), home.path("go"), root.join("bin/go")];
        let fields: Vec<&[u8]> = ran.stdout.split(|byte| *byte == 0).collect();
        let told = fields.windows(6).find(|told| told[0].ends_with(b"told") && told[5] == b"end");
        let Some(told) = told else { return Err(format!("it did not come to its command\n{ran}")) };
        let seen: Vec<_> =
            told[1..4].iter().map(|field| Path::new(std::str::from_utf8(field).unwrap_or("?"))).collect();
        let version = fields.last().is_some_and(|last| last.starts_with(b"go version go1.22.10"));
        if seen == expected && version { Ok(()) } else { Err(format!("{seen:?} instead of {expected:?}\n{ran}")) }
    }

    /// The program behind this row.
    pub(super) fn needs(&self) -> &'static str {
        self.file
    }
}
