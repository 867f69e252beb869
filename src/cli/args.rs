//! The command line as it was typed: clap's derive, and nothing else.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

use crate::plan::profile::{self, PROFILES, Profile};
use crate::shells::{LaunchMode, Reach};
use crate::ui::ColourChoice;

/// Make Go work in every terminal: patch the shell's startup files, show the diff first, and take it all back exactly.
#[derive(Debug, Parser)]
#[command(name = "goenv-setup", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColourChoice,

    /// Say only warnings and errors.
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Say more: every choice with its reason.
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Put the Go block into the shell's startup files: show the diff, ask, write all of them or none.
    Apply(Apply),
    /// Take the block out of every startup file; each is then byte for byte what it was.
    Uninstall(Uninstall),
    /// Tell which startup files hold the block, and in what state; exits with 0 when all is in place, else 1.
    Status(Status),
    /// Start every shell in every way, as a new terminal would, and tell which Go each finds; exits with 0 when each
    /// finds the one that it should, else 1.
    ///
    /// Your startup files run, with all that they do; goenv-setup itself changes nothing. Times are those of shells that
    /// start side by side.
    Matrix(Matrix),
    /// Tell why Go does not work here, down to the line, and what to do about it; exits with 0 when nothing is wrong,
    /// else 1.
    ///
    /// Your startup files run, with all that they do; goenv-setup itself changes nothing. The servers in GOPROXY are asked
    /// for a small module, and the checksum database for its newest state, as Go would.
    Doctor(Doctor),
    /// Start a shell, and tell the life of a variable: which file and line set it, added to it or threw it away; for PATH
    /// also which go wins and which others it hides.
    ///
    /// Your startup files run, with all that they do; goenv-setup itself changes nothing. Of your files only names and
    /// line numbers are shown, and no values but those of the variable.
    Explain(Explain),
    /// List every Go on this machine, and which one `apply` would choose and why.
    Installs(Status),
    /// Print the block alone, to paste or to put into a dotfiles manager.
    Print(Print),
    /// List what was changed when, newest first.
    Backups(Status),
    /// Take an earlier run back: show the diff, ask, and put its files back to what they were before it.
    Restore(Restore),
}

/// `apply`.
#[derive(Debug, Args)]
pub struct Apply {
    /// How far to go.
    #[command(flatten)]
    pub manner: Manner,

    /// What the block sets.
    #[command(flatten)]
    pub settings: Settings,

    /// Set up every installed shell that you have a startup file for, and the login shell.
    #[arg(long, conflicts_with_all = ["shell", "file"])]
    pub all_shells: bool,

    /// How far Go reaches: every terminal, login shells that run a command too, or all that a startup file can reach.
    #[arg(long, value_name = "REACH", value_parser = reach())]
    pub reach: Option<Reach>,

    /// Do not start the shells afterwards to prove that they find Go.
    #[arg(long)]
    pub no_verify: bool,

    /// Put the block into this file instead; may be given more than once.
    #[arg(long, value_name = "PATH")]
    pub file: Vec<PathBuf>,
}

/// The names of [`Reach`], as values of a flag.
fn reach() -> impl TypedValueParser<Value = Reach> {
    PossibleValuesParser::new(Reach::ALL.map(Reach::name)).map(|name| Reach::by_name(&name).unwrap_or_default())
}

/// The names of the profiles, as values of a flag.
fn profile() -> impl TypedValueParser<Value = &'static Profile> {
    PossibleValuesParser::new(PROFILES.iter().map(|profile| profile.name))
        .map(|name| profile::by_name(&name).unwrap_or(&PROFILES[0]))
}

/// `uninstall`.
#[derive(Debug, Args)]
pub struct Uninstall {
    /// How far to go.
    #[command(flatten)]
    pub manner: Manner,

    /// Only the startup files of this shell; may be given more than once.
    #[arg(long, value_name = "NAME")]
    pub shell: Vec<String>,

    /// Remove the backups and the state folder too.
    #[arg(long)]
    pub purge: bool,
}

/// `restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup, as `backups` lists it, or the beginning of its name; without it the newest.
    #[arg(value_name = "ID")]
    pub id: Option<String>,

    /// Print the diff and write nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask.
    #[arg(short, long)]
    pub yes: bool,

    /// Restore files that were changed since, too; what is in them now goes into a backup.
    #[arg(long)]
    pub force: bool,

    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// `status`, `installs` and `backups`.
#[derive(Debug, Args)]
pub struct Status {
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Only this shell, as if your terminals started it: where it finds no Go, that is a problem. May be given more than
    /// once. Without it, every shell that you use.
    #[arg(long, value_name = "NAME")]
    pub shell: Vec<String>,

    /// Every shell that is installed, under every name. Of one that you do not use it is no problem that it finds no Go.
    #[arg(long, conflicts_with = "shell")]
    pub all_shells: bool,

    /// Print one unified diff that comments out your own lines that are at fault, where that can be shown to be safe;
    /// no server is asked for it.
    #[arg(long)]
    pub patch: bool,

    /// Ask no server: neither module proxies nor the checksum database.
    #[arg(long)]
    pub offline: bool,

    /// Print one JSON document.
    #[arg(long, conflicts_with = "patch")]
    pub json: bool,
}

/// `matrix`.
#[derive(Debug, Args)]
pub struct Matrix {
    /// Only this shell; may be given more than once. Without it, every shell that you use.
    #[arg(long, value_name = "NAME")]
    pub shell: Vec<String>,

    /// Every installed shell.
    #[arg(long, conflicts_with = "shell")]
    pub all_shells: bool,

    /// How to print it: for a terminal, for a page such as a README, or for a program.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,

    /// Print one JSON document: the same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The variable: PATH, HOME, one of Go's, or one that names a proxy.
    #[arg(value_name = "VARIABLE", default_value = "PATH")]
    pub variable: String,

    /// The shell, instead of the one that is detected.
    #[arg(long, value_name = "NAME")]
    pub shell: Option<String>,

    /// How the shell is started, instead of how a terminal here starts it.
    #[arg(long, value_name = "MODE", value_parser = mode())]
    pub mode: Option<LaunchMode>,

    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// The names of [`LaunchMode`], as values of a flag.
fn mode() -> impl TypedValueParser<Value = LaunchMode> {
    PossibleValuesParser::new(LaunchMode::ALL.map(LaunchMode::name))
        .map(|name| LaunchMode::by_name(&name).unwrap_or(LaunchMode::Interactive))
}

/// The forms of `matrix`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table of at most 80 columns.
    #[default]
    Table,
    /// One table for GitHub.
    Markdown,
    /// One JSON document.
    Json,
}

/// `print`.
#[derive(Debug, Args)]
pub struct Print {
    /// What the block sets.
    #[command(flatten)]
    pub settings: Settings,

    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// How far to go, for the commands that write.
#[derive(Debug, Args)]
pub struct Manner {
    /// Print the diff and write nothing.
    #[arg(long, conflicts_with = "check")]
    pub dry_run: bool,

    /// Like a dry run, and exit with 1 if anything would change.
    #[arg(long)]
    pub check: bool,

    /// Do not ask.
    #[arg(short, long)]
    pub yes: bool,

    /// Overwrite a block that was edited by hand, also without asking.
    #[arg(long)]
    pub force: bool,

    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// What the block sets, and for which shell.
#[derive(Debug, Args)]
pub struct Settings {
    /// The shell, instead of the one that is detected; may be given more than once.
    #[arg(long, value_name = "NAME")]
    pub shell: Vec<String>,

    /// The Go root, such as /usr/local/go, instead of the one that is found.
    #[arg(long, value_name = "DIR")]
    pub goroot: Option<OsString>,

    /// GOPATH, instead of ~/go; a list separated by colons is kept.
    #[arg(long, value_name = "DIR")]
    pub gopath: Option<OsString>,

    /// A recipe: zsh with Homebrew's Go, bash with gvm, zsh with a Go built by hand in /usr/local/go; or `auto`, which
    /// chooses anew from what is found, whatever the block says. How far it reaches stays as it was, unless the recipe
    /// says that too.
    #[arg(long, value_name = "NAME", value_parser = profile())]
    pub profile: Option<&'static Profile>,

    /// GOBIN, where `go install` puts tools: exported, and on PATH instead of the bin of GOPATH; `--gobin ''` takes it
    /// out of the block again.
    #[arg(long, value_name = "DIR")]
    pub gobin: Option<OsString>,

    /// One block for many machines: at shell start it takes the first of the usual places that holds Go, so that
    /// dotfiles can be shared. With `--goroot`, that one is tried first. A later `apply` keeps it so.
    #[arg(long, overrides_with = "no_portable")]
    pub portable: bool,

    /// The block names one folder again, that of the Go on this machine; so does `--goroot` without `--portable`.
    #[arg(long)]
    pub no_portable: bool,

    /// Do not export GOROOT: Go finds its own.
    #[arg(long)]
    pub no_goroot: bool,
}
