//! PURE: what each shell is: its startup files, its quoting, its block, how it is started. One file a shell.
//!
//! Adding a shell is one file here, at most one template in `templates/`, and one line in the registry below.
//! Which file a shell reads when was measured with real shells; the source of each rule stands beside it, and a test
//! compares every row of the model with the real shell.

mod csh_words;
mod korn;
mod launch;
mod places;
pub mod posix;
mod target;
pub mod template;
mod tracing;

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

pub use launch::{LaunchMode, Program, Reach, Start};
pub use places::Place;
pub use target::{EnvVar, Holds, Look, Places, Spot, Target, Targets};
pub use tracing::{BASH_SUBSHELL, Prompt, Tracing};

use crate::text::fence;

macro_rules! shells {
    ($($module:ident::$shell:ident),* $(,)?) => {
        $(mod $module;)*
        /// Every shell that we support.
        pub static ALL: &[&dyn Shell] = &[$(&$module::$shell),*];
    };
}

shells![zsh::Zsh, bash::Bash, sh::Sh, ksh93::Ksh93, mksh::Mksh, yash::Yash, fish::Fish, tcsh::Tcsh, csh::Csh,];

/// The supported shell that is called `name` (`dash` is `sh`).
pub fn by_name(name: &str) -> Option<&'static dyn Shell> {
    ALL.iter().copied().find(|shell| shell.names().contains(&name))
}

/// The settings that a block carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// The folder with the `go` command, for PATH; `None` where a version manager brings Go, and in a portable block.
    pub go: Option<PathBuf>,
    /// The Go roots of which a portable block takes the first that holds Go; empty: the block names one folder.
    pub places: Vec<Place>,
    /// Whether GOROOT, the parent of `go`, is exported.
    pub goroot: bool,
    /// GOPATH: a list separated by `:`.
    pub gopath: OsString,
    /// GOBIN, whose folder then goes on PATH instead of GOPATH's; `None`: left alone.
    pub gobin: Option<PathBuf>,
    /// Which launch modes the plan promises: the block remembers it.
    pub reach: Reach,
    /// The script of a version manager that the block loads, in the languages that can.
    pub loads: Option<PathBuf>,
}

/// What a block was found to carry; `None` where it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// The folder with the `go` command.
    pub go: Option<PathBuf>,
    /// The Go root that a portable block tries first; `None`: the block is not portable.
    pub first: Option<PathBuf>,
    /// Whether GOROOT is exported.
    pub goroot: bool,
    /// GOPATH.
    pub gopath: Option<OsString>,
    /// GOBIN; `None`: left alone.
    pub gobin: Option<PathBuf>,
    /// Which launch modes the plan promised.
    pub reach: Reach,
    /// The script of a version manager that the block loads.
    pub loads: Option<PathBuf>,
    /// Whether the block names no Go, because a version manager brings it.
    pub left: bool,
}

/// The language of a startup file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// That of sh, and of what has grown from it.
    Posix,
    /// That of csh.
    Csh,
    /// That of fish.
    Fish,
}

/// A shell. The defaults are those of the POSIX family.
pub trait Shell: Sync {
    /// Its name, which is also the program's name.
    fn name(&self) -> &'static str;

    /// Every name that means this shell, in `--shell` and as `argv[0]`.
    fn names(&self) -> &'static [&'static str];

    /// The programs that are this shell, the most usual first.
    fn programs(&self) -> &'static [Program];

    /// The language of its startup files.
    fn dialect(&self) -> Dialect {
        Dialect::Posix
    }

    /// Wide to clean: every startup file of this shell in which a block of ours could stand.
    fn files(&self, places: &Places) -> Vec<PathBuf>;

    /// Files which show that the user uses this shell: those of its own, not those that other shells read too.
    fn signs(&self, places: &Places) -> Vec<PathBuf> {
        self.files(places)
    }

    /// The startup files, the system's and the user's, that the shell itself opens in a launch mode when it is started
    /// as `program`: in this order, as far as they are there. `look.occupied` tells where one file hides another.
    fn reads(&self, program: &Program, mode: LaunchMode, look: &Look) -> Vec<PathBuf>;

    /// How to start it in a launch mode; `None`: it cannot be started so, or it is no mode of its own.
    fn start(&self, _program: &Program, mode: LaunchMode) -> Option<Start> {
        Start::usual(mode)
    }

    /// How it is made to tell what it runs.
    fn tracing(&self) -> Tracing {
        Tracing::Prompt(tracing::POSIX)
    }

    /// A word of a command line that says what the shell itself takes `go` for: what ends in `alias` or `function` is one.
    /// Empty where it has no word for that which costs little.
    fn what_go_is(&self) -> &'static [u8] {
        b""
    }

    /// Folders that it makes when it is started for the first time, and leaves empty.
    fn makes(&self, _places: &Places) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Narrow to write: the files that get a block.
    fn targets(&self, look: &Look) -> Targets;

    /// Options that make it parse a script from standard input without running it; none where it has no such thing.
    fn syntax_check(&self) -> &'static [&'static str];

    /// Lines that this shell never accepts, to find out whether what stands at the end of a file is read as code.
    fn nonsense(&self) -> &'static [u8] {
        b"\n;;\n"
    }

    /// Whether what it wrote to standard error says that the script does not parse.
    fn is_syntax_error(&self, stderr: &[u8]) -> bool {
        let words = stderr.to_ascii_lowercase();
        ["syntax error", "parse error", "unexpected", "unmatched", "unterminated"]
            .iter()
            .any(|word| words.windows(word.len()).any(|window| window == word.as_bytes()))
    }

    /// The template of its block.
    fn template(&self, _holds: Holds) -> &'static str {
        posix::TEMPLATE
    }

    /// What begins a comment line.
    fn comment(&self) -> &'static [u8] {
        b"#"
    }

    /// Why this shell cannot carry the body of a block, if it cannot.
    fn cannot_carry(&self, _body: &[u8]) -> Option<&'static str> {
        None
    }

    /// Quotes any bytes but NUL as one word of this shell.
    fn quote(&self, value: &[u8]) -> Vec<u8> {
        posix::quote(value)
    }

    /// Reads the word at the start of `text` back, as the template's holes hold it; `None` where we would not have
    /// written it.
    fn unquote(&self, text: &[u8], home: &Path) -> Option<Vec<u8>> {
        posix::unquote(text, home)
    }

    /// A path as a word of this shell, for a command line to copy.
    fn word(&self, path: &Path, home: &Path) -> Vec<u8> {
        posix::quote_path(path.as_os_str().as_bytes(), home, "$HOME")
    }

    /// The command that reads a startup file into the running shell.
    fn source(&self, path: &Path, home: &Path) -> Vec<u8> {
        [b". ", &self.word(path, home)[..]].concat()
    }

    /// What its template's holes are filled with, quoted for this shell.
    fn holes(&self, values: &Values, home: &Path) -> Vec<(&'static str, Option<Vec<u8>>)> {
        let word = |path: &Path| posix::quote_path(path.as_os_str().as_bytes(), home, "${HOME-}");
        let (first, others) = values.places.split_at(values.places.len().min(1));
        vec![
            ("go", values.go.as_deref().map(word)),
            ("gvm", values.loads.as_deref().map(word)),
            ("first", places::words(first, "", "~", &word)),
            ("others", places::words(others, "[ -x \"$_go/bin/go\" ] || for _go in ", "~", &word)),
            ("gopath", Some(posix::quote_list(values.gopath.as_bytes(), home))),
            ("gobin", values.gobin.as_deref().map(|gobin| posix::quote_list(gobin.as_os_str().as_bytes(), home))),
        ]
    }

    /// What exports a variable in its templates, without the value: how [`Shell::holds`] knows a block.
    fn exporting(&self, variable: &str) -> String {
        format!("export {variable}")
    }

    /// The body of the block, in whole lines.
    fn body(&self, values: &Values, holds: Holds, home: &Path) -> Vec<u8> {
        let mut parts = Vec::new();
        if !values.places.is_empty() {
            parts.extend(["portable", "front"]);
            parts.extend(values.goroot.then_some("goroot"));
        } else if let Some(go) = values.go.as_deref() {
            parts.push("go");
            // The system's own folders stay where they are: in front they would hide the user's.
            if go != Path::new("/usr/bin") && go != Path::new("/bin") {
                parts.push("front");
            }
            parts.push(if values.goroot { "goroot" } else { "rootless" });
        } else {
            parts.push("manager");
        }
        parts.extend(values.loads.as_ref().map(|_| "gvm"));
        parts.extend(values.gobin.as_ref().map(|_| "gobin"));
        let mut holes = self.holes(values, home);
        let reach = (values.reach != Reach::default()).then(|| values.reach.name().into());
        holes.push(("reach", reach));
        template::render(self.template(holds), &holes, &parts)
    }

    /// What the body of a block sets.
    fn holds(&self, body: &[u8]) -> Holds {
        if contains(body, &self.exporting("PATH")) { Holds::All } else { Holds::Variables }
    }

    /// Reads the settings back from the body of a block, also one that an older version wrote.
    fn carried(&self, body: &[u8], home: &Path) -> Carried {
        let first = |hole: &str, read: &dyn Fn(&[u8]) -> Option<Vec<u8>>| {
            let leads = [Holds::All, Holds::Variables]
                .into_iter()
                .flat_map(|holds| template::leads(self.template(holds), hole));
            leads.into_iter().find_map(|lead| {
                fence::lines(body).find_map(|line| read(body[line].trim_ascii_start().strip_prefix(lead.as_bytes())?))
            })
        };
        let path = |bytes| PathBuf::from(OsString::from_vec(bytes));
        let value = |hole| first(hole, &|word| self.unquote(word, home)).map(OsString::from_vec);
        let names = |hole| first(hole, &|word| Some(word.to_vec())).is_some();
        let reach = first("reach", &|word| Some(word.trim_ascii_end().to_vec()));
        // They stand in one list, or the first by itself.
        let in_list = || first("places", &|words| places::first(words, &|word| self.unquote(word, home))).map(path);
        let tried = value("first").filter(|_| names("others")).map(PathBuf::from).or_else(in_list);
        // A block may carry the root alone, where it sets both.
        let folder = value("go").map(PathBuf::from).or_else(|| Some(PathBuf::from(value("goroot")?).join("bin")));
        let portable = tried.is_some();
        Carried {
            go: folder.filter(|_| !portable),
            first: tried,
            goroot: contains(body, &self.exporting("GOROOT")),
            left: !portable && names("gopath") && !names("go") && !names("goroot"),
            loads: value("gvm").map(PathBuf::from),
            gopath: value("gopath"),
            gobin: value("gobin").map(PathBuf::from),
            reach: reach.and_then(|name| Reach::by_name(&String::from_utf8_lossy(&name))).unwrap_or_default(),
        }
    }
}

fn contains(body: &[u8], text: &str) -> bool {
    body.windows(text.len()).any(|window| window == text.as_bytes())
}

#[cfg(test)]
mod tests;
