//! Which words facets came from, as a table.

use crate::output::Evidence;
use crate::web::site::Site;
use maud::{Markup, html};

/// A folded table of evidence; nothing where there is none.
pub(super) fn evidence(site: &Site, rows: &[&Evidence], title: &str) -> Markup {
    html! {
        @if !rows.is_empty() {
            details.evidence data-key=(title) {
                summary { (title) }
                table {
                    thead { tr { th scope="col" { "Facet" } th scope="col" { "Value" } th scope="col" { "From" } } }
                    tbody { @for found in rows { (row(site, found)) } }
                }
            }
        }
    }
}

fn row(site: &Site, found: &Evidence) -> Markup {
    let facet = site.vocabularies.facet(found.facet);
    html! {
        tr {
            td { (facet.map_or(found.facet, |facet| facet.label.as_str())) }
            td { (site.label(found.facet, &found.path)) }
            td {
                @if found.words.is_empty() { "nothing else is named" }
                @else { q { (found.words) } " in the " (found.from) }
            }
        }
    }
}
