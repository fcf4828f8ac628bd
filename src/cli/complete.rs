//! `imr completions` and `imr man`: for the shell.

use super::error::CliError;
use super::{Cli, Done};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::Write;
use std::path::PathBuf;

/// Print completions for a shell
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Done, CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "imr", &mut script);
        out.write_all(&script)?;
        Ok(Done::Found)
    }
}

/// Print the manual page, or write those of all commands into a folder
#[derive(Debug, Args)]
pub(super) struct Man {
    /// Folder for imr.1 and one page a command
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Done, CliError> {
        match &self.folder {
            Some(folder) => clap_mangen::generate_to(Cli::command(), folder)?,
            None => clap_mangen::Man::new(Cli::command()).render(&mut &mut *out)?,
        }
        Ok(Done::Found)
    }
}
