//! Text of a PDF, with the failures of the extractor contained.
//!
//! The state encrypts its PDFs with an empty user password. The extractor may panic on odd files;
//! that becomes an error of the file.

use super::ReadError;
use crate::contain::quietly;
use pdf_extract::OutputError;

/// How far into a file its PDF mark may stand.
pub(super) const MARK_WITHIN: usize = 1024;

/// Whether bytes are a PDF by their mark.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(MARK_WITHIN)];
    memchr::memmem::find(head, b"%PDF-").is_some()
}

/// Extracts the text of a PDF.
///
/// # Errors
/// `pdf-damaged`, `pdf-password`, or `no-text` where the pages hold pictures only.
pub(super) fn extract(bytes: &[u8]) -> Result<String, ReadError> {
    let extracted = quietly(|| pdf_extract::extract_text_from_mem(bytes));
    let text = match extracted {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => return Err(explain(&error)),
        Err(_) => {
            return Err(ReadError::new(
                "pdf-damaged",
                "the PDF is damaged: its text extraction failed",
            ));
        }
    };
    if text.chars().filter(|c| c.is_alphanumeric()).take(20).count() < 20 {
        return Err(ReadError::new("no-text", "the PDF holds no text: scanned?"));
    }
    Ok(text)
}

fn explain(error: &OutputError) -> ReadError {
    let message = error.to_string();
    if message.to_ascii_lowercase().contains("password") {
        return ReadError::new("pdf-password", "the PDF needs a password");
    }
    ReadError::new("pdf-damaged", format!("the PDF is damaged: {message}"))
}
