//! `imr query`: the query language, for `imr help query`.

use super::Done;
use super::error::CliError;
use clap::Args;
use std::io::Write;

const TEXT: &str = include_str!("query.txt");

/// The query language, with examples
#[derive(Debug, Args)]
#[command(override_help = TEXT, long_about = TEXT)]
pub(super) struct Query {}

impl Query {
    #[allow(clippy::unused_self, reason = "commands are run alike")]
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Done, CliError> {
        out.write_all(TEXT.as_bytes())?;
        Ok(Done::Found)
    }
}
