//! Who may ask: requests that this site did not bring about are refused, and what it answers is
//! kept from being used elsewhere.
//!
//! A page of another site can make a browser ask here, under a name that it has turned to this
//! address (DNS rebinding). So the name asked for must be one of this address, and a page that
//! names its origin must be from here.

use super::answer::refusal;
use super::problem::Problem;
use super::site::Site;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Under which names the site may be asked.
#[derive(Debug)]
pub(super) struct Hosts {
    address: SocketAddr,
}

impl Hosts {
    pub(super) fn of(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Whether a `Host` header names this site.
    pub(super) fn allows(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
            _ => (host, Some(80)),
        };
        if port != Some(self.address.port()) {
            return false;
        }
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        // A name may be turned to any address; an address is itself.
        address.unwrap_or(name).parse::<IpAddr>().is_ok_and(|ip| {
            ip.is_loopback() || self.address.ip().is_unspecified() || ip == self.address.ip()
        })
    }

    fn allows_origin(&self, origin: &str) -> bool {
        origin.strip_prefix("http://").is_some_and(|host| self.allows(host))
    }
}

/// What a browser may do with an answer: show it, with this site's own styles and script.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Lets through what may be asked, and says to browsers what may be done with the answer.
pub(super) async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = match refuse(&site.hosts, &request) {
        Some(problem) => {
            site.metrics.refused();
            refusal(&problem)
        }
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert_with(|| HeaderValue::from_static("private, no-cache"));
    response
}

fn refuse(hosts: &Hosts, request: &Request) -> Option<Problem> {
    let headers = request.headers();
    let named = headers.get_all(header::HOST).iter().collect::<Vec<_>>();
    let host_allowed = match named.as_slice() {
        [host] => host.to_str().is_ok_and(|host| hosts.allows(host)),
        _ => false,
    };
    let target = request.uri().authority();
    if !host_allowed || target.is_some_and(|target| !hosts.allows(target.as_str())) {
        let detail = "this site is not served under the name asked for";
        let hint = format!("open it as http://localhost:{}", hosts.address.port());
        return Some(Problem::new(StatusCode::MISDIRECTED_REQUEST, "host", detail).hint(hint));
    }
    let origin = headers.get(header::ORIGIN);
    if origin.is_some_and(|o| !o.to_str().is_ok_and(|origin| hosts.allows_origin(origin))) {
        let detail = "pages of other sites may not ask here";
        return Some(Problem::new(StatusCode::FORBIDDEN, "origin", detail));
    }
    if word(headers, "sec-fetch-site") == "cross-site"
        && word(headers, "sec-fetch-mode") != "navigate"
    {
        let detail = "pages of other sites may link here and no more";
        return Some(Problem::new(StatusCode::FORBIDDEN, "origin", detail));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let detail = "there is nothing here to change: ask with GET";
        return Some(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", detail));
    }
    let empty = headers.get(header::CONTENT_LENGTH).is_none_or(|length| length == "0");
    if !empty || headers.contains_key(header::TRANSFER_ENCODING) {
        let detail = "a request has no body here";
        return Some(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body", detail));
    }
    None
}

fn word<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_address_are_served() {
        let hosts = |address: &str| Hosts::of(address.parse().expect("an address"));
        let table = [
            ("127.0.0.1:8080", "127.0.0.1:8080", true),
            ("127.0.0.1:8080", "LOCALHOST:8080", true),
            ("127.0.0.1:8080", "[::1]:8080", true),
            ("127.0.0.1:8080", "localhost", false),
            ("127.0.0.1:8080", "localhost:8081", false),
            ("127.0.0.1:8080", "evil.example:8080", false),
            ("127.0.0.1:8080", "127.0.0.1.evil.example:8080", false),
            ("127.0.0.1:8080", "192.168.0.7:8080", false),
            ("127.0.0.1:80", "localhost", true),
            ("127.0.0.1:80", "[::1]", true),
            ("192.168.0.7:8080", "192.168.0.7:8080", true),
            ("0.0.0.0:8080", "192.168.0.7:8080", true),
            ("0.0.0.0:8080", "evil.example:8080", false),
            ("127.0.0.1:8080", "", false),
            ("127.0.0.1:8080", "localhost:", false),
        ];
        for (address, host, allowed) in table {
            assert_eq!(hosts(address).allows(host), allowed, "{address} {host}");
        }
        let hosts = hosts("127.0.0.1:8080");
        assert!(hosts.allows_origin("http://localhost:8080"));
        for origin in ["null", "https://localhost:8080", "http://evil.example", "http://localhost"]
        {
            assert!(!hosts.allows_origin(origin), "{origin}");
        }
    }
}
