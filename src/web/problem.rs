//! What went wrong with an ask, as problem+json (RFC 9457) or for the page.
//!
//! No message names a path of this machine.

use super::params::MAX_LENGTH;
use crate::index::{NameError, StoreError};
use crate::search::{FilterError, SearchError};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

/// An ask that could not be answered.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Problem {
    /// Always `about:blank`: `code` tells the kind.
    #[serde(rename = "type")]
    kind: Kind,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    pub(super) status: u16,
    /// A stable name of what went wrong.
    pub(super) code: &'static str,
    /// What went wrong.
    pub(super) detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hint: Option<String>,
    /// Where in the query, as character offsets, start and end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) position: Option<[u32; 2]>,
    /// The parameter that cannot be used, where it is one.
    #[serde(skip)]
    pub(super) parameter: Option<&'static str>,
    /// Seconds after which it may go better; the header `Retry-After`.
    #[serde(skip)]
    pub(super) retry_after: Option<u32>,
}

/// The only type of problem.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
enum Kind {
    #[serde(rename = "about:blank")]
    Blank,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: Kind::Blank,
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            hint: None,
            position: None,
            parameter: None,
            retry_after: None,
        }
    }

    /// Of a parameter by its name.
    pub(super) fn of(self, parameter: &'static str) -> Self {
        Self { parameter: Some(parameter), ..self }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// A parameter that cannot be used.
    pub(super) fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "parameter", detail)
    }

    /// More than is read.
    pub(super) fn too_long(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::URI_TOO_LONG, "too-long", detail)
            .hint(format!("an address holds at most {MAX_LENGTH} bytes after its question mark"))
    }

    /// Nothing at this address.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// Too much to do just now.
    pub(super) fn busy(detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail);
        Self { retry_after: Some(2), ..problem }
    }

    /// More at once than one reader is given.
    pub(super) fn too_many(detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "busy", detail);
        Self { retry_after: Some(2), ..problem }
    }

    /// A fault of the program.
    pub(super) fn internal() -> Self {
        let detail = "this request makes the program fail: please report it";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// An error of a search, with its place in the query.
    pub(super) fn search(error: &SearchError, query: &str) -> Self {
        let code = match error {
            SearchError::Query(_) => "query",
            SearchError::Filter(FilterError::Store(error)) | SearchError::Store(error) => {
                return Self::store(error);
            }
            SearchError::Filter(_) => "filter",
            SearchError::Facet { .. } => "facet",
            _ => "too-much",
        };
        let problem = Self::new(StatusCode::BAD_REQUEST, code, error.to_string());
        let position = match error {
            SearchError::Query(error) => Some([
                characters(query, error.span.start),
                characters(query, error.span.end).max(characters(query, error.span.start) + 1),
            ]),
            _ => None,
        };
        let hint = match error {
            SearchError::Filter(FilterError::Name(_)) => {
                Some("the parameters are listed in /api/openapi.json".to_owned())
            }
            error => error.hint(),
        };
        Self { hint, position, ..problem }
    }

    /// Of a query beside the search's own: it is named, and so is the place in it.
    pub(super) fn within(self, query: &str) -> Self {
        let place = self.position.map(|[start, _]| format!(" at character {}", start + 1));
        let detail = format!("{} in \"{query}\"{}", self.detail, place.unwrap_or_default());
        Self { detail, position: None, ..self }
    }

    /// An index that cannot be used.
    pub(super) fn store(error: &StoreError) -> Self {
        let (code, detail) = match error {
            StoreError::Missing(_) => ("index-missing", "there is no index yet".to_owned()),
            StoreError::Foreign(_) => {
                ("index-foreign", "the folder of the index holds other things".to_owned())
            }
            StoreError::Schema { .. } => ("index-schema", error.to_string()),
            _ => ("index-damaged", "the index cannot be read".to_owned()),
        };
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        let hint = error.hint().unwrap_or("look at it with `imr verify`").to_owned();
        Self { hint: Some(hint), retry_after: Some(5), ..problem }
    }

    /// An index whose first build has not ended.
    pub(super) fn unfinished() -> Self {
        let detail = "the index is being built, or its building was broken off";
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "index-unfinished", detail)
            .hint("wait until `imr index` is done, or run it again");
        Self { retry_after: Some(5), ..problem }
    }

    /// A letter or item that is not there.
    pub(super) fn name(error: &NameError) -> Self {
        if let NameError::Store(error) = error {
            return Self::store(error);
        }
        let hint = error.hint().unwrap_or_default();
        Self::not_found(error.to_string()).hint(hint)
    }

    /// The HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// How many characters stand before a byte.
fn characters(text: &str, byte: usize) -> u32 {
    text[..text.floor_char_boundary(byte)].chars().count() as u32
}
