//! Surgeries that are only the occasion of what is asked for: before, after or for which something else is.

use super::Cut;
use crate::vocabulary::Hit;

/// How many tokens may lie between a surgery and the word that says so: "after total left knee replacement".
const REACH: usize = 6;

/// The surgeries of a request that are only occasions.
#[derive(Debug)]
pub(super) struct Occasions(Vec<Hit>);

impl Occasions {
    /// Finds them among the hits in a text; `is_surgery` tells surgeries, `is_visit` general words for visits, which
    /// are asked for as other things are.
    pub(super) fn new(
        text: &Cut<'_>,
        strong: &[Hit],
        weak: &[Hit],
        is_surgery: &dyn Fn(&Hit) -> bool,
        is_visit: &dyn Fn(&Hit) -> bool,
    ) -> Self {
        let visits = weak.iter().filter(|hit| is_visit(hit));
        let others: Vec<&Hit> =
            strong.iter().filter(|hit| !is_surgery(hit)).chain(visits).collect();
        let surgeries = || strong.iter().chain(weak).filter(|hit| is_surgery(hit));
        let first = surgeries().filter(|hit| is_occasion(hit, &others, text));
        let mut found: Vec<Hit> = first.cloned().collect();
        let further: Vec<Hit> = surgeries()
            .filter(|hit| found.iter().any(|first| goes_on(first, hit, &others, text)))
            .cloned()
            .collect();
        found.extend(further);
        Self(found)
    }

    /// Whether a hit is one of them.
    pub(super) fn hold(&self, hit: &Hit) -> bool {
        self.0.contains(hit)
    }
}

/// Whether a surgery is only that before, after or for which one of the others is asked for.
fn is_occasion(surgery: &Hit, others: &[&Hit], text: &Cut<'_>) -> bool {
    let is_asked = |at: usize| others.iter().any(|other| other.tokens.contains(&at));
    let from = surgery.tokens.start.saturating_sub(REACH);
    for at in (from..surgery.tokens.start).rev() {
        if is_asked(at) {
            return false;
        }
        let before = at.checked_sub(1).map_or("", |at| text.token(at));
        match (before, text.token(at)) {
            (_, "for") => return leads_back(text, at, &is_asked, true),
            (_, "after" | "following" | "before" | "post") | ("prior", "to") | ("s", "p") => {
                return leads_back(text, at, &is_asked, false);
            }
            (_, "," | ";" | ":" | "." | "(" | ")" | "and" | "or" | "with" | "of") => return false,
            _ => {}
        }
    }
    false
}

/// Whether what is asked for stands before a place, with nothing in between that asks for something else; a comma
/// does so before "for" only.
fn leads_back(text: &Cut<'_>, at: usize, is_asked: &dyn Fn(usize) -> bool, at_comma: bool) -> bool {
    for at in (0..at).rev() {
        let token = text.token(at);
        let is_surgery = matches!(token, "surgery" | "surgical");
        if is_asked(at) {
            return !is_surgery;
        }
        if is_surgery
            || matches!(token, "and" | "treat")
            || token == "," && at_comma
            || parts_requests(token)
        {
            return false;
        }
    }
    false
}

/// Whether a surgery goes on an occasion that another one begins: "after arthroscopy and meniscectomy".
fn goes_on(first: &Hit, surgery: &Hit, others: &[&Hit], text: &Cut<'_>) -> bool {
    let between = first.tokens.end..surgery.tokens.start;
    first.tokens.end <= surgery.tokens.start
        && !others.iter().any(|other| between.contains(&other.tokens.start))
        && !between.clone().any(|at| parts_requests(text.token(at)))
}

/// Whether a token stands between two requests.
fn parts_requests(token: &str) -> bool {
    matches!(token, ";" | ".") || token.starts_with("request") || token.starts_with("authoriz")
}
