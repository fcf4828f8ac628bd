//! The page and the HTTP API: the same requests and answers as on the command line.
//!
//! [`Server`] serves both on one address. Each address of the site is one row of a table
//! (`routes`): what it takes, how costly it is, what answers it; the API's description is made from
//! the same table. Answers are computed on threads of their own, never where connections are served.
//! Nothing here writes to the terminal or to the index.

mod answer;
mod api;
mod assets;
mod cache;
mod guard;
mod living;
mod metrics;
mod openapi;
mod page;
mod params;
mod problem;
mod reading;
mod routes;
mod server;
mod site;
mod stream;
mod url;
mod work;

pub use server::Server;
pub use site::{Log, Paths, Settings};
