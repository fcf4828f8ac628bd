//! Files on disk to text: walks folders, decodes text, extracts PDF, hashes content.
//!
//! A bad file costs itself only: everything that can go wrong with one is a [`ReadError`] with a
//! stable code. Nothing here knows what a determination is.

mod decode;
mod isolated;
mod pdf;
mod printed;
mod walk;

pub use isolated::{Isolated, WORKER, serve};
pub use printed::typed;
pub use walk::{Found, Problem, Walk, list, walk};

use std::fs;
use std::io::Read;
use std::path::Path;

/// The largest PDF that is read, in bytes.
pub const MAX_BYTES: u64 = 256 << 20;

/// The longest text that is read, in bytes: three thousand times a usual letter's.
pub const MAX_TEXT: u64 = 16 << 20;

/// The text of a file and the hash of its bytes.
#[derive(Debug, Clone)]
pub struct Document {
    /// Decoded or extracted text.
    pub text: String,
    /// BLAKE3 of the file's bytes.
    pub content_hash: blake3::Hash,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// Stable name, such as `pdf-damaged`.
    pub code: &'static str,
    /// What went wrong, for a person.
    pub message: String,
    /// BLAKE3 of the bytes that were read; `None` where the file itself could not be read.
    pub content_hash: Option<blake3::Hash>,
}

impl ReadError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), content_hash: None }
    }
}

/// Reads one file to text; PDFs by `isolated` where it is given, else in this process.
///
/// # Errors
/// `unreadable`, `not-a-file`, `too-large`, `empty`, `binary`, `no-text`, and those that start
/// with `pdf-`.
pub fn read(path: &Path, isolated: Option<&Isolated>) -> Result<Document, ReadError> {
    let bytes = bytes(path)?;
    let content_hash = blake3::hash(&bytes);
    match text(&bytes, isolated) {
        Ok(text) => Ok(Document { text, content_hash }),
        Err(error) => Err(ReadError { content_hash: Some(content_hash), ..error }),
    }
}

/// The hash of a file's bytes, as [`Document::content_hash`] is; the file may be of any size.
///
/// # Errors
/// If the file cannot be read.
pub fn hash(path: &Path) -> std::io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs::File::open(path)?)?;
    Ok(hasher.finalize())
}

/// Decodes the bytes of a PDF or text file.
///
/// # Errors
/// As [`read`], those about content.
pub fn text(bytes: &[u8], isolated: Option<&Isolated>) -> Result<String, ReadError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::new("empty", "the file is empty"));
    }
    let text = match isolated {
        _ if !pdf::is_pdf(bytes) => decode::decode(bytes)?,
        Some(isolated) => isolated.extract(bytes)?,
        None => pdf::extract(bytes)?,
    };
    if text.len() as u64 > MAX_TEXT {
        return Err(too_large("text", MAX_TEXT));
    }
    Ok(typed(text))
}

fn bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    let unreadable = |error: std::io::Error| {
        ReadError::new("unreadable", format!("the file cannot be read: {error}"))
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(ReadError::new("not-a-file", "a folder: name the files in it"));
    }
    if !metadata.is_file() {
        return Err(ReadError::new("not-a-file", "not a regular file"));
    }
    let mut file = fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.by_ref().take(pdf::MARK_WITHIN as u64).read_to_end(&mut bytes).map_err(unreadable)?;
    let (what, limit) = if pdf::is_pdf(&bytes) { ("PDF", MAX_BYTES) } else { ("text", MAX_TEXT) };
    if metadata.len() > limit {
        return Err(too_large(what, limit));
    }
    // The file may grow between the look at its size and the end of reading it.
    bytes.reserve((metadata.len() as usize).saturating_sub(bytes.len()));
    file.take(limit).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit { Err(too_large(what, limit)) } else { Ok(bytes) }
}

fn too_large(what: &str, limit: u64) -> ReadError {
    let limit = limit >> 20;
    ReadError::new("too-large", format!("the {what} is larger than {limit} MiB"))
}

/// The file's name without folder and ending, as text.
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
