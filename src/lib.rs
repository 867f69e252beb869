//! goenv-setup: an idempotent dotfile patcher that makes Go work in every terminal.
//!
//! The way that data takes, which is also the way to read this crate:
//!
//! ```text
//! facts → plan → diff → confirm → transaction → probe
//! read    pure   pure   ask       write         run
//! ```
//!
//! `matrix`, `explain` and `doctor` go the way backwards: they start shells first, and then judge what came of it.
//!
//! - [`facts`] reads what is true of this machine and user: once, without changing anything, as plain data.
//! - [`plan`] decides: facts and a request go in, a plan (edits with reasons, refusals, notes) comes out.
//! - [`shells`] knows what each shell is: its startup files, its quoting, its block. One file a shell.
//! - [`text`] knows the fence in bytes, the unified diff, and the lines of crontabs, units and plists.
//! - [`ui`] is the one owner of standard output, standard error and the prompt.
//! - [`transaction`] carries a plan out: every edit or none, with a backup.
//! - [`probe`] starts real programs with a time limit.
//! - [`cli`] is the command line: one file a command, orchestration only.
//!
//! # Invariants
//!
//! - `plan`, `shells` and `text` are pure: they never touch the file system, the environment, processes, the clock or
//!   standard output. Clippy's `disallowed-methods` and the test `tidy` hold it.
//! - Startup files are bytes. Nothing outside our fence is decoded, normalised or changed, by any command.
//! - For every file without a fence and any sequence of applies, uninstall gives back exactly that file. What undo
//!   needs stands in the fence itself, because dotfiles travel.
//! - Checking is the same code as applying: gather again, plan again, and the plan must be empty.
//! - Standard output carries the product (diff, JSON, block), raw when it is not a terminal; standard error the talk.

pub mod cli;
pub mod facts;
mod interrupt;
pub mod plan;
pub mod probe;
pub mod shells;
pub mod text;
pub mod transaction;
pub mod ui;
