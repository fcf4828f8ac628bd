//! Errors of commands: what went wrong, and what to do about it.

use crate::contain::reason;
use crate::index::{StoreError, UpdateError};
use crate::output::{BOLD, Painted, WARN, clean};
use crate::saved::SavedError;
use crate::search::SearchError;
use crate::vocabulary::SchemaError;
use serde_json::json;
use std::any::Any;
use std::io;

/// An error with what to do about it.
#[derive(Debug)]
pub(super) struct CliError {
    message: String,
    hint: Option<String>,
    /// The query with the place of the error drawn under it.
    place: Option<String>,
    io: Option<io::ErrorKind>,
    /// Whether the library failed to read the index.
    unread: bool,
}

impl CliError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, place: None, io: None, unread: false }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// A list of no lines, where there is nothing else to say.
    pub(super) fn nothing_listed() -> Self {
        Self::new("-n 0 lists nothing").hint("leave -n out, or give a number from 1 on")
    }

    /// An error of a search, with its place in the query.
    pub(super) fn search(error: &SearchError, query: &str) -> Self {
        let place = match error {
            SearchError::Query(error) => Some(error.caret(query).to_string()),
            _ => None,
        };
        let unread = matches!(error, SearchError::Store(StoreError::Tantivy(_)));
        Self { message: error.to_string(), hint: error.hint(), place, io: None, unread }
    }

    /// The error of a line of input.
    pub(super) fn of_line(self, line: u64) -> Self {
        Self { message: format!("line {line}: {}", self.message), ..self }
    }

    /// As a value for programs.
    pub(super) fn told(&self) -> serde_json::Value {
        json!({"error": {"message": self.message, "hint": self.hint}})
    }

    /// The program itself failed.
    pub(super) fn panic(panic: &(dyn Any + Send)) -> Self {
        Self::new(format!("the program failed: {}", reason(panic))).hint("please report it")
    }

    /// Whether a damaged file of the index may be the reason.
    pub(super) fn may_be_damage(&self) -> bool {
        self.unread
    }

    pub(super) fn is_closed_pipe(&self) -> bool {
        self.io == Some(io::ErrorKind::BrokenPipe)
    }

    pub(super) fn print(&self) {
        anstream::eprintln!("{} {}", Painted(WARN, "error:"), clean(&self.message));
        if let Some(place) = &self.place {
            anstream::eprintln!("{place}");
        }
        if let Some(hint) = &self.hint {
            anstream::eprintln!("{} {}", Painted(BOLD, "hint:"), clean(hint));
        }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let hint = error.hint().map(str::to_owned);
        let unread = matches!(error, StoreError::Tantivy(_));
        Self { hint, unread, ..Self::new(error.to_string()) }
    }
}

impl From<SavedError> for CliError {
    fn from(error: SavedError) -> Self {
        let hint = match &error {
            SavedError::Unknown(_) => "`imr saved list` names them",
            SavedError::Unremovable { .. } => "take it out by hand",
            SavedError::Taken(_) => "remove it first: imr saved remove NAME",
            SavedError::Parse { .. } => "mend the file, or move it away",
            _ => return Self::new(error.to_string()),
        };
        Self::new(error.to_string()).hint(hint)
    }
}

impl From<UpdateError> for CliError {
    fn from(error: UpdateError) -> Self {
        match error {
            UpdateError::Store(error) => error.into(),
            UpdateError::RootGone(_) => {
                Self::new(error.to_string()).hint("bring it back, or accept the loss with --prune")
            }
            _ => Self::new(error.to_string()).hint("name one: imr index FOLDER"),
        }
    }
}

impl From<SchemaError> for CliError {
    fn from(error: SchemaError) -> Self {
        Self::new(error.to_string()).hint("see --schema-dir in `imr --help`")
    }
}

impl From<aho_corasick::BuildError> for CliError {
    fn from(error: aho_corasick::BuildError) -> Self {
        Self::new(format!("the vocabularies are too large: {error}"))
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self { io: Some(error.kind()), ..Self::new(format!("cannot write: {error}")) }
    }
}
