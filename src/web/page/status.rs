//! What the index holds, as a page.

use super::Frame;
use super::marked::row;
use crate::output::{ago, number, plural};
use crate::search::FacetRow;
use crate::web::answer::Answer;
use crate::web::api::report;
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use maud::{Markup, html};

/// The page of the index.
pub(crate) fn page(asked: &mut Asked) -> Result<Answer, Problem> {
    let report = report(asked)?;
    let params = Params::default();
    let frame = Frame::new("The index", "/status", &params);
    let counts = |rows: &[FacetRow]| {
        let rows = rows.iter().map(|row| format!("{} {}", number(row.count), row.label));
        rows.collect::<Vec<_>>().join(", ")
    };
    let files = report.files.iter().map(|(name, count)| format!("{} {name}", number(*count)));
    let failures = report.failures.iter().map(|(code, count)| format!("{} {code}", number(*count)));
    Ok(Answer::page(frame.around(&html! {
        h1 { (plural(report.letters, "letter")) ", " (plural(report.items, "item")) }
        dl.terms {
            (row("Items by outcome", counts(&report.outcomes)))
            (row("Items by layout", counts(&report.layouts)))
            (row("Files", files.collect::<Vec<_>>().join(", ")))
            @if !report.failures.is_empty() {
                (row("Files that failed", failures.collect::<Vec<_>>().join(", ")))
            }
            (row("Warnings", number(report.warnings)))
            (row("Brought up to date", ago(report.updated)))
            (row("Size", format!("{:.1} MB", report.bytes as f64 / 1e6)))
            (row("Version", format!("schema {}, vocabularies {}", report.schema, report.pipeline)))
            @if let Some(folder) = &report.index { (row("Folder", folder)) }
            @for root in &report.roots { (row("From", root)) }
        }
        @if report.unfinished {
            p.told { "The last update is under way or was broken off: " code { "imr index" } " goes on with it." }
        }
        @if !report.current {
            p.told { "Letters were read with other vocabularies: " code { "imr index" } " brings them up to date." }
        }
        (programs())
    })))
}

fn programs() -> Markup {
    html! {
        h2 { "For programs" }
        p {
            "The same answers as JSON: " a href="/api/openapi.json" { "/api/openapi.json" }
            " describes them. Figures about the server: " a href="/metrics" { "/metrics" } "."
        }
    }
}
