//! The command line: one file a command.
//!
//! Arguments become a request, an update or a letter to show; the work is done elsewhere.

mod args;
mod audit;
mod backup;
mod cite;
mod complete;
mod contrast;
mod error;
mod export;
mod facets;
mod index;
mod left_out;
mod parse;
mod query;
mod rates;
mod saved;
mod search;
mod serve;
mod show;
mod similar;
mod status;
mod stop;
mod verify;
mod watch;

use crate::contain::quietly;
use args::Global;
use clap::{CommandFactory as _, Parser, Subcommand};
use error::CliError;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

/// Search California Independent Medical Review determinations: one hit per disputed item, ranked
/// by its reasons, counted by outcome, treatment, body region, guideline and more.
#[derive(Debug, Parser)]
#[command(name = "imr", version, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Index(index::Index),
    Search(search::Search),
    Facets(facets::Facets),
    Rates(rates::Rates),
    Show(show::Show),
    Contrast(contrast::Contrast),
    Similar(similar::Similar),
    Cite(cite::Cite),
    Export(export::Export),
    Saved(saved::Saved),
    Parse(parse::Parse),
    Audit(audit::AuditCommand),
    Status(status::Status),
    Verify(verify::Verify),
    Backup(backup::Backup),
    Serve(serve::Serve),
    Query(query::Query),
    Completions(complete::Completions),
    Man(complete::Man),
}

/// What a command found.
enum Done {
    /// Something, or all went well.
    Found,
    /// Nothing, or something did not go well.
    Nothing,
    /// A part: it was asked to stop.
    Interrupted,
}

/// Runs the program with its arguments.
///
/// Exit code 0: found; 1: nothing found, or some files failed; 2: an error; 130: stopped.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = left_out::with_words(Cli::command, args.into_iter().collect());
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // A closed pipe is no error.
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    cli.global.apply_colour();
    let mut out = output();
    let done = contained(&cli, &mut *out);
    // What was written comes before what is said of an error.
    let flushed = out.flush();
    let done = done.and_then(|done| Ok(flushed.map(|()| done)?));
    match done {
        Ok(Done::Found) => ExitCode::SUCCESS,
        Ok(Done::Nothing) => ExitCode::from(1),
        Ok(Done::Interrupted) => ExitCode::from(stop::INTERRUPTED),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            error.print();
            ExitCode::from(2)
        }
    }
}

/// Pieces of data for programs, in bytes.
const LARGE: usize = 1 << 16;

/// Where data goes: by the line to a person, who sees notes between the lines in their order; to anything else in
/// large pieces.
fn output() -> Box<dyn Write> {
    let stdout = io::stdout().lock();
    if stdout.is_terminal() {
        return Box::new(anstream::AutoStream::auto(stdout));
    }
    let colours = anstream::AutoStream::choice(&stdout);
    // What leaves colours out gives lines one by one.
    let lines: Box<dyn Write> = Box::new(BufWriter::with_capacity(LARGE, stdout));
    Box::new(BufWriter::with_capacity(LARGE, anstream::AutoStream::new(lines, colours)))
}

/// Runs the program as a worker that extracts PDFs for another one.
pub fn serve_as_worker() -> ExitCode {
    let served = crate::source::serve(&mut io::stdin().lock(), &mut io::stdout().lock());
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// Runs a command. Damaged files of the index may make the library fail in any way: then the index is
/// looked at, and what is wrong with it is said.
fn contained(cli: &Cli, out: &mut dyn Write) -> Result<Done, CliError> {
    let error = match quietly(|| dispatch(cli, out)) {
        Ok(Err(error)) if error.may_be_damage() => error,
        Ok(done) => return done,
        Err(panic) => CliError::panic(panic.as_ref()),
    };
    let damage = cli.global.store().ok().and_then(|store| store.damage());
    Err(damage.map_or(error, CliError::from))
}

fn dispatch(cli: &Cli, out: &mut dyn Write) -> Result<Done, CliError> {
    let global = &cli.global;
    match &cli.command {
        Command::Index(command) => command.run(global, out),
        Command::Search(command) => command.run(global, out),
        Command::Facets(command) => command.run(global, out),
        Command::Rates(command) => command.run(global, out),
        Command::Saved(command) => command.run(global, out),
        Command::Export(command) => command.run(global, out),
        Command::Contrast(command) => command.run(global, out),
        Command::Similar(command) => command.run(global, out),
        Command::Cite(command) => command.run(global, out),
        Command::Show(command) => command.run(global, out),
        Command::Parse(command) => command.run(global, out),
        Command::Audit(command) => command.run(global, out),
        Command::Status(command) => command.run(global, out),
        Command::Verify(command) => command.run(global, out),
        Command::Backup(command) => command.run(global, out),
        Command::Serve(command) => command.run(global, out),
        Command::Query(command) => command.run(out),
        Command::Completions(command) => command.run(out),
        Command::Man(command) => command.run(out),
    }
}
