//! The side of the body that a title names: left and right of different parts are both sides.
//!
//! A letter alone is a side only beside a part of the body or at either end, and "both" only before the two of one.

use super::{Cut, Found, Lexicon, Place};
use crate::vocabulary::Hit;

/// Reads the side; `parts` finds the parts of the body that the title names.
pub(super) fn side(sides: &Lexicon, title: &Cut<'_>, parts: &dyn Fn() -> Vec<Hit>) -> Found {
    let mut hits = sides.hits(title);
    if !hits.is_empty() {
        let parts = parts();
        hits.retain(|hit| is_side(hit, title, &parts));
    }
    let named = |path: &str| hits.iter().find(|hit| sides.path(hit) == path);
    let found = |path: &str, hit: Option<&Hit>| Found {
        path: path.to_owned(),
        words: hit.map_or_else(String::new, |hit| title.text[hit.source.clone()].to_owned()),
        from: Place::Title,
    };
    match (named("bilateral"), named("left"), named("right")) {
        (Some(hit), ..) => found("bilateral", Some(hit)),
        (None, Some(left), Some(right)) => {
            let (start, end) =
                (left.source.start.min(right.source.start), left.source.end.max(right.source.end));
            Found { words: title.text[start..end].to_owned(), ..found("bilateral", None) }
        }
        (None, Some(hit), None) => found("left", Some(hit)),
        (None, None, Some(hit)) => found("right", Some(hit)),
        (None, None, None) => found("none", None),
    }
}

/// Whether a word of a side is one here.
fn is_side(hit: &Hit, title: &Cut<'_>, parts: &[Hit]) -> bool {
    let words = &title.text[hit.source.clone()];
    let part_at = |at: usize| parts.iter().find(|part| part.tokens.start == at);
    let next = after(hit.tokens.end, title);
    let is_last = next == title.tokens.tokens.len();
    if words.eq_ignore_ascii_case("both") {
        return is_last || of_both(next, title, &part_at);
    }
    let before = hit.tokens.start.checked_sub(1).map_or("", |at| title.token(at));
    let stands_alone = is_last && before != "size" || hit.tokens.start == 0;
    words.len() > 1
        || stands_alone
        || is_set_off(hit, title)
        || FINGERS.contains(&title.token(next))
        || is_of_pair(hit, title)
        || matches!(title.token(next), "sided" | "side")
        || part_at(next).is_some()
        || parts.iter().any(|part| after(part.tokens.end, title) == hit.tokens.start)
}

/// Names of fingers that are no parts of the body by themselves.
const FINGERS: [&str; 2] = ["ring", "index"];

/// Words beside which a letter is a size, or a level of the spine.
const NO_SIDE: [&str; 16] = [
    "xs", "s", "m", "xl", "xxl", "2xl", "3xl", "small", "medium", "large", "size", "sizes",
    "sized", "cervical", "thoracic", "lumbar",
];

/// Whether commas part a letter from the rest: "injection, L, under ultrasound"; but not from other letters.
fn is_set_off(hit: &Hit, title: &Cut<'_>) -> bool {
    let Some(comma) = hit.tokens.start.checked_sub(1) else { return false };
    let is_letter = |at: usize| title.token(at).len() == 1 && title.token(at) != ",";
    let before = comma.checked_sub(1).is_some_and(|at| !is_letter(at));
    let mut tokens = 0..title.tokens.tokens.len();
    if tokens.any(|at| NO_SIDE.contains(&title.token(at))) {
        return false;
    }
    title.token(comma) == ","
        && before
        && title.token(hit.tokens.end) == ","
        && !is_letter(hit.tokens.end + 1)
}

/// Whether another side stands next to a letter but for what joins the two: "R & L", "(R) and (L)".
fn is_of_pair(hit: &Hit, title: &Cut<'_>) -> bool {
    let joins =
        |at: &usize| matches!(title.token(*at), "and" | "," | "+" | ">" | "then" | "." | "(" | ")");
    let next = (hit.tokens.end..title.tokens.tokens.len()).find(|at| !joins(at));
    let last = (0..hit.tokens.start).rev().find(|at| !joins(at));
    let apart = |at: &usize| *at + 1 != hit.tokens.start && *at != hit.tokens.end;
    let is_side = |at: usize| matches!(title.token(at), "l" | "r" | "left" | "right");
    [next, last].into_iter().flatten().filter(apart).any(is_side)
}

/// Whether what follows "both" are the two of one part, not two different things.
fn of_both<'h>(next: usize, title: &Cut<'_>, part_at: &dyn Fn(usize) -> Option<&'h Hit>) -> bool {
    let is_small = |at: &usize| matches!(title.token(*at), "the" | "of" | "his" | "her");
    let at = (next..title.tokens.tokens.len()).find(|at| !is_small(at)).unwrap_or(next);
    let Some(part) = part_at(at) else { return false };
    is_plural(&title.text[part.source.clone()]) || title.token(part.tokens.end) != "and"
}

/// The place of the next token that is neither a point nor a bracket.
fn after(at: usize, title: &Cut<'_>) -> usize {
    let is_mark = |at: &usize| matches!(title.token(*at), "." | "(" | ")");
    (at..=title.tokens.tokens.len()).find(|at| !is_mark(at)).unwrap_or(at)
}

fn is_plural(words: &str) -> bool {
    let words = words.to_lowercase();
    words.ends_with('s') || words.ends_with("feet") || words.ends_with("extremities")
}
