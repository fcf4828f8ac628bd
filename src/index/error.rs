//! Why an index could not be used, and what to do about it.

use super::schema::VERSION;
use std::io;
use std::path::{Path, PathBuf};
use tantivy::TantivyError;
use tantivy::directory::error::OpenWriteError;

/// The longest reason that an error quotes.
const MAX_REASON: usize = 200;

/// Why an index could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no index.
    #[error("there is no index at {}", .0.display())]
    Missing(PathBuf),
    /// The folder holds other things.
    #[error("{} is not empty and holds no index", .0.display())]
    Foreign(PathBuf),
    /// Another program is writing.
    #[error("another process is writing to the index{}", holder(.0.as_ref()))]
    Locked(Option<String>),
    /// The index has fields that this program does not know.
    #[error("the index is of schema {found}, this program reads schema {VERSION}")]
    Schema {
        /// The index's schema.
        found: u32,
    },
    /// The index is damaged.
    #[error("the index at {} is damaged: {reason}", path.display())]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// There is no room for what is to be written.
    #[error("no room left to write at {}: {reason}", path.display())]
    Full {
        /// Where.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A backup was to be written into a folder that is not empty.
    #[error("{} is not empty", .0.display())]
    Occupied(PathBuf),
    /// A file operation failed.
    #[error("cannot use {}: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// The library failed.
    #[error("the index cannot be read: {0}")]
    Tantivy(#[from] TantivyError),
}

fn holder(holder: Option<&String>) -> String {
    holder.map_or_else(String::new, |holder| format!(" ({holder})"))
}

impl StoreError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            StoreError::Missing(_) => Some("make one with `imr index FOLDER`"),
            StoreError::Foreign(_) => Some("name an empty or new folder with --index"),
            StoreError::Locked(_) => Some("wait until it is done, or stop it"),
            StoreError::Schema { .. } => Some("build it anew with `imr index --rebuild`"),
            StoreError::Damaged { .. } | StoreError::Tantivy(_) => Some(
                "`imr verify` says what is damaged, `imr index --rebuild` builds the index anew",
            ),
            StoreError::Full { .. } => {
                Some("make room and run the same command again: the index is as of its last commit")
            }
            StoreError::Occupied(_) => Some("name an empty or new folder"),
            StoreError::Io { .. } => None,
        }
    }
}

impl StoreError {
    /// An index that is damaged.
    pub(crate) fn damaged(path: &Path, reason: &dyn std::fmt::Display) -> Self {
        let mut reason = reason.to_string();
        reason.truncate(reason.floor_char_boundary(MAX_REASON));
        StoreError::Damaged { path: path.to_owned(), reason }
    }

    /// A file operation at a place that failed.
    pub(crate) fn io(path: &Path, error: io::Error) -> Self {
        if is_full(&error) {
            return StoreError::Full { path: path.to_owned(), reason: error.to_string() };
        }
        StoreError::Io { path: path.to_owned(), error }
    }

    /// An error of the library while it was writing.
    pub(crate) fn writing(path: &Path, error: TantivyError) -> Self {
        let inner = match &error {
            TantivyError::IoError(inner) => inner,
            TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => io_error,
            error if says_full(&error.to_string()) => {
                return StoreError::Full { path: path.to_owned(), reason: error.to_string() };
            }
            _ => return StoreError::Tantivy(error),
        };
        Self::io(path, io::Error::new(inner.kind(), inner.to_string()))
    }
}

/// Whether an error says that there is no room.
fn is_full(error: &io::Error) -> bool {
    is_full_kind(error.kind()) || says_full(&error.to_string())
}

/// Whether a text that the library made of an error tells the system's number for one of no room.
fn says_full(text: &str) -> bool {
    let number = || text.split_once("(os error ")?.1.split(')').next()?.parse().ok();
    number().is_some_and(|number| is_full_kind(io::Error::from_raw_os_error(number).kind()))
}

/// No room on the disk, of a user's share, for a file.
fn is_full_kind(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}
