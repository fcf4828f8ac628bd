//! `imr serve`: the page and the HTTP API.

use super::Done;
use super::args::Global;
use super::error::CliError;
use crate::output::{DIM, Painted, WARN, clean};
use crate::web::{Paths, Server, Settings};
use clap::Args;
use std::io::Write;
use std::net::{SocketAddr, ToSocketAddrs};

/// Serve the search page and the HTTP API on this machine
///
/// The address is printed when it answers. New commits of `imr index` show within seconds. The API is
/// described at /api/openapi.json; figures for Prometheus are at /metrics. Ctrl-C ends it.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    addr: String,

    /// Let others than this machine ask: there is no password and no encryption
    #[arg(long)]
    allow_remote: bool,

    /// Name folders of this machine in answers
    #[arg(long)]
    show_paths: bool,

    /// Write each request to stderr, with what was asked
    #[arg(long)]
    log_queries: bool,
}

impl Serve {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let settings = Settings {
            address: self.address()?,
            paths: if self.show_paths { Paths::Shown } else { Paths::Hidden },
            log: self.log_queries.then(|| Box::new(log) as _),
        };
        let server = Server::bind(global.store()?, global.vocabularies()?.clone(), settings)
            .map_err(|error| self.cannot_listen(&error))?;
        let address = server.address();
        if !address.ip().is_loopback() {
            let warning =
                "warning: others can ask here: no password, no encryption, only trusted networks";
            anstream::eprintln!("{}", Painted(WARN, warning));
        }
        writeln!(out, "http://{address}/")?;
        out.flush()?;
        anstream::eprintln!("{}", Painted(DIM, "Ctrl-C ends it"));
        server.run().map_err(|error| CliError::new(format!("cannot serve: {error}")))?;
        Ok(Done::Found)
    }

    fn address(&self) -> Result<SocketAddr, CliError> {
        let found = self.addr.to_socket_addrs().ok().and_then(|mut all| all.next());
        let address = found.ok_or_else(|| {
            CliError::new(format!("\"{}\" is no address", self.addr))
                .hint("write for example 127.0.0.1:8080, or port 0 for a free one")
        })?;
        if !address.ip().is_loopback() && !self.allow_remote {
            let message = format!("{address} is open to others than this machine");
            let hint = "say so with --allow-remote: there is no password and no encryption";
            return Err(CliError::new(message).hint(hint));
        }
        Ok(address)
    }

    fn cannot_listen(&self, error: &std::io::Error) -> CliError {
        CliError::new(format!("cannot listen at {}: {error}", self.addr))
            .hint("choose another port with --addr, such as 127.0.0.1:0 for a free one")
    }
}

fn log(line: &str) {
    anstream::eprintln!("{}", clean(line));
}
