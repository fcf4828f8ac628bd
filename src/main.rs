//! The program `imr`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    imr_search::cli::run(std::env::args_os())
}
