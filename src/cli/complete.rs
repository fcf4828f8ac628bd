//! `imr completions` and `imr man`: for the shell.

use super::error::CliError;
use super::{Cli, Done};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

/// Writes the page of the program and one of each command.
fn write_pages(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Cli::command(), folder)
}

impl Man {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Done, CliError> {
        match &self.folder {
            Some(folder) => write_pages(folder).map_err(|error| {
                CliError::new(format!("cannot write {}: {error}", folder.display()))
                    .hint("name a folder that can be made and written to")
            })?,
            None => clap_mangen::Man::new(Cli::command()).render(&mut &mut *out)?,
        }
        Ok(Done::Found)
    }
}
