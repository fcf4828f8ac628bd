//! The program `imr`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|argument| argument == imr_search::source::WORKER) {
        return imr_search::cli::serve_as_worker();
    }
    imr_search::cli::run(std::env::args_os())
}
