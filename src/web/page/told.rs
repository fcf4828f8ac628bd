//! What a reader should know of how a query was read, with what to try next.

use super::chips::{any, cleared};
use crate::search::{ExpandedWord, QueryInfo, Response};
use crate::web::params::Params;
use crate::web::url::Link;
use maud::{Markup, html};

/// Phrases named that mean much the same.
const MAX_RELATED: usize = 4;

/// How the query was read; what to try next leads to the same page.
pub(super) fn reading(info: &QueryInfo, page: &str, params: &Params) -> Markup {
    let link = Link::new(page, params);
    let typed = params.query();
    html! {
        @for guess in &info.did_you_mean {
            p.told {
                "No or hardly any item holds " strong { (guess.from) } ". Did you mean "
                (alternatives(guess, |to| (replaced(&typed, &guess.from, to), to.to_owned()), &link))
                "?"
            }
        }
        @for expanded in &info.expanded {
            p.told {
                "Also searched for " strong { (expanded.from) } ": " (expanded.to.join(", ")) ". "
                a href=(link.clone().set("exact", "true")) data-live { "Only as typed" }
            }
        }
        @for related in &info.related {
            p.told {
                "Much the same as " strong { (related.from) } ", not searched: "
                (alternatives(related, |to| (either(&typed, &related.from, to), format!("\u{201c}{to}\u{201d}")), &link))
            }
        }
        @for note in &info.notes { p.told { (note) } }
    }
}

/// Other words as links to searches with them; each is made to the query and the words shown.
fn alternatives(
    word: &ExpandedWord,
    make: impl Fn(&str) -> (String, String),
    link: &Link,
) -> Markup {
    html! {
        @for (at, to) in word.to.iter().take(MAX_RELATED).enumerate() {
            @if at > 0 { ", " }
            @let (query, shown) = make(to);
            a href=(link.clone().set("q", &query)) data-live { (shown) }
        }
    }
}

/// A query with a word replaced.
fn replaced(query: &str, from: &str, to: &str) -> String {
    let (lower, from) = (query.to_lowercase(), from.to_lowercase());
    let is_whole = |at: usize| {
        let before = lower[..at].chars().next_back();
        let after = lower[at + from.len()..].chars().next();
        !before.into_iter().chain(after).any(char::is_alphanumeric)
    };
    match lower.match_indices(&from).map(|(at, _)| at).find(|at| is_whole(*at)) {
        // Small letters may be longer than capitals, so only where nothing moved.
        Some(at) if lower.len() == query.len() && query.is_char_boundary(at + from.len()) => {
            format!("{}{to}{}", &query[..at], &query[at + from.len()..])
        }
        _ => to.to_owned(),
    }
}

/// Where a query holds words in quotation marks of any kind, with what is joined to them, such as `~3`.
fn quoted(query: &str, words: &str) -> Option<(usize, usize)> {
    let lower = query.to_lowercase();
    let found = lower.find(&words.to_lowercase()).filter(|_| lower.len() == query.len())?;
    let end = found + words.len();
    let is_mark =
        |c: char| matches!(c, '"' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{ff02}');
    let (open, close) = (query[..found].chars().next_back()?, query.get(end..)?.chars().next()?);
    (is_mark(open) && is_mark(close)).then(|| {
        let end = end + close.len_utf8();
        let joined = query[end..].find(|c: char| c.is_whitespace() || c == ')');
        (found - open.len_utf8(), joined.map_or(query.len(), |joined| end + joined))
    })
}

/// A query with a phrase or another in its place.
fn either(query: &str, from: &str, to: &str) -> String {
    let from = from.trim_matches('"');
    if let Some((start, end)) = quoted(query, from) {
        let (before, phrase, after) = (&query[..start], &query[start..end], &query[end..]);
        return format!("{before}({phrase} OR \"{to}\"){after}");
    }
    // Words that were typed apart stay so, or the query would find less.
    replaced(query, from, &format!("(({from}) OR \"{to}\")"))
}

/// What to do where nothing was found.
pub(super) fn nothing(response: &Response, params: &Params) -> Markup {
    let link = Link::new("/", params);
    let typed = params.query();
    html! {
        @if response.all_hits() > 0 && response.hits.is_empty() {
            p.told { "The hits end before this page. " a href=(link) data-live { "To the first" } }
        }
        @if response.total + response.partial_total == 0 {
            div.nothing {
                p { "Nothing was found." }
                ul {
                    @if any(&link) {
                        li { a href=(cleared(&link)) data-live { "Search without the filters" } }
                    }
                    @if !typed.is_empty() && params.get("any").is_none() {
                        li {
                            a href=(link.clone().without("all").set("any", "true")) data-live {
                                "Let any of the words be enough"
                            }
                        }
                    }
                    @if params.get("exact").is_some() {
                        li { a href=(link.clone().without("exact")) data-live { "Search other forms of the words too" } }
                    }
                    @if typed.contains('"') {
                        li { a href=(link.clone().set("q", &typed.replace('"', " "))) data-live { "Search without quotation marks" } }
                    }
                    li { a href="/help" { "See how to ask" } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_replaced_where_it_stands() {
        assert_eq!(
            replaced("Akupuncture trial", "akupuncture", "acupuncture"),
            "acupuncture trial"
        );
        assert_eq!(
            replaced("acupuncture acupunc", "acupunc", "acupuncture"),
            "acupuncture acupuncture"
        );
        assert_eq!(replaced("\u{130}x acu", "acu", "acupuncture"), "acupuncture");
        assert_eq!(
            either(
                "\u{201c}Functional gain\u{201d}~3 knee",
                "functional gain",
                "improved function"
            ),
            "(\u{201c}Functional gain\u{201d}~3 OR \"improved function\") knee"
        );
        assert_eq!(
            either("knee functional gain", "functional gain", "functional improvement"),
            "knee ((functional gain) OR \"functional improvement\")"
        );
        assert_eq!(
            either("\"functional gain\" knee", "functional gain", "functional improvement"),
            "(\"functional gain\" OR \"functional improvement\") knee"
        );
    }
}
