//! The program: run the command line, hand its exit code to the system.

use std::process::ExitCode;

fn main() -> ExitCode {
    goenv_setup::cli::run(std::env::args_os()).into()
}
