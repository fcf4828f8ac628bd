//! What an ask is answered with, as HTTP.

use super::problem::Problem;
use super::stream::Sent;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use maud::Markup;
use serde::Serialize;

/// An answer before it is sent.
pub(super) struct Answer {
    status: StatusCode,
    kind: &'static str,
    body: Body,
    headers: Vec<(HeaderName, String)>,
}

impl Answer {
    fn new(kind: &'static str, body: impl Into<Body>) -> Self {
        Self { status: StatusCode::OK, kind, body: body.into(), headers: Vec::new() }
    }

    /// A value as JSON.
    pub(super) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let json = serde_json::to_vec(value).map_err(|_| Problem::internal())?;
        Ok(Self::new("application/json", json))
    }

    /// A page.
    pub(super) fn page(markup: Markup) -> Self {
        Self::new("text/html; charset=utf-8", markup.into_string())
    }

    /// A text.
    pub(super) fn text(kind: &'static str, text: impl Into<String>) -> Self {
        Self::new(kind, text.into())
    }

    /// A file that is part of the program, for as long as its address stays.
    pub(super) fn asset(kind: &'static str, text: &'static str) -> Self {
        Self::new(kind, Bytes::from_static(text.as_bytes()))
            .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
    }

    /// A body that is still being written.
    pub(super) fn stream(kind: &'static str, body: Sent) -> Self {
        Self::new(kind, Body::from_stream(body))
    }

    /// With another status.
    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// With a header.
    pub(super) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// As sent; a header that cannot be one is left out.
    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

impl Problem {
    /// Adds what a problem says in headers.
    pub(super) fn headers(&self, answer: Answer) -> Answer {
        let answer = answer.status(self.status());
        let answer = match self.retry_after {
            Some(seconds) => answer.header(header::RETRY_AFTER, seconds.to_string()),
            None => answer,
        };
        match self.code {
            "method" => answer.header(header::ALLOW, "GET, HEAD"),
            _ => answer,
        }
    }

    /// A problem as JSON.
    pub(super) fn json(&self) -> Answer {
        let json = serde_json::to_vec(self).unwrap_or_default();
        self.headers(Answer::new("application/problem+json", json))
    }
}

/// A problem that is told before it is known what was asked.
pub(super) fn refusal(problem: &Problem) -> Response {
    problem.json().into_response()
}
