//! From a row of rates to the items that it counts.

use super::facets::typed_value;
use crate::insight::asides;
use crate::query::Node;
use crate::search::parsed;
use crate::vocabulary::{Vocabularies, names};
use crate::web::params::Params;
use crate::web::url::Link;

/// The search for the items of a row, a facet's or a filter's value, among those of the page.
pub(super) fn row_link(
    params: &Params,
    name: &str,
    value: &str,
    vocabularies: &Vocabularies,
) -> Link {
    let facet = vocabularies.facet(name);
    let value = facet.map_or_else(|| value.to_owned(), |facet| typed_value(facet, value));
    let mut link = Link::narrowed("/", params);
    if params.get("primary").is_some() {
        link = asides(vocabularies).fold(link, |link, (name, value)| link.add(&name, &value));
    }
    let chosen = |(typed, value): &(String, String)| {
        names(typed, name) && !value.trim_start().starts_with('!')
    };
    if !link.pairs().iter().any(chosen) {
        return link.add(name, &value);
    }
    // Another value of the same filter would be one more, not both at once.
    let both = with(&params.query(), &format!("{name}:\"{value}\""), vocabularies);
    link.set("q", &both)
}

/// A query with a condition that must be met as well.
fn with(query: &str, condition: &str, vocabularies: &Vocabularies) -> String {
    let root = parsed(query, vocabularies).ok().and_then(|query| query.root);
    match root {
        None => condition.to_owned(),
        Some(Node::Any(_)) => format!("({query}) {condition}"),
        Some(_) => format!("{query} {condition}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_s_link_leads_to_what_it_counts() {
        let vocabularies = Vocabularies::load(None).unwrap_or_else(|error| panic!("{error}"));
        let link = |page: &str, name: &str, value: &str| {
            let params = Params::read(page).unwrap_or_default();
            let pairs = row_link(&params, name, value, &vocabularies).pairs().to_vec();
            pairs
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
                .join("&")
        };
        assert_eq!(link("by=region&q=brace", "region", "knee"), "q=brace&region=knee");
        assert_eq!(link("", "guideline-topic", "massage"), "guideline-topic==massage");
        assert_eq!(link("region=!knee", "region", "hip"), "region=!knee&region=hip");
        assert_eq!(link("region=spine", "region", "knee"), "region=spine&q=region:\"knee\"");
        assert_eq!(
            link("q=a+OR+b&decided=2015-02..", "decided", "2015-01..2015-03"),
            "decided=2015-02..&q=(a OR b) decided:\"2015-01..2015-03\""
        );
        assert!(link("primary=true", "region", "knee").contains("treatment=!"));
    }
}
