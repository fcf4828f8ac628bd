//! Texts with their matches marked.

use maud::{Markup, Render, html};

/// A text with its matches in `<mark>`; offsets are of characters, in order and apart.
pub(super) fn marked(text: &str, marks: &[[usize; 2]]) -> Markup {
    html! {
        @for (part, is_match) in parts(text, marks) {
            @if is_match { mark { (part) } } @else { (part) }
        }
    }
}

/// A text in which the words that another does not hold are told apart.
pub(super) fn differing(text: &str, words: &[[usize; 2]]) -> Markup {
    html! {
        @for (part, differs) in parts(text, words) {
            @if differs { span.differs { (part) } } @else { (part) }
        }
    }
}

/// Numbers matches over a whole page, so that a reader can go from one to the next.
#[derive(Default)]
pub(super) struct Numbered {
    so_far: usize,
    all: usize,
}

impl Numbered {
    /// For a page with so many matches.
    pub(super) fn new(all: usize) -> Self {
        Self { so_far: 0, all }
    }

    /// A text with its matches marked, each with the way to those before and after it.
    pub(super) fn marked(&mut self, text: &str, marks: &[[usize; 2]]) -> Markup {
        html! {
            @for (part, is_match) in parts(text, marks) {
                @if is_match { (self.mark(part)) } @else { (part) }
            }
        }
    }

    fn mark(&mut self, text: &str) -> Markup {
        self.so_far += 1;
        let at = self.so_far;
        html! {
            mark id={ "m" (at) } { (text) }
            span.hop {
                @if at > 1 {
                    a href={ "#m" (at - 1) } { "\u{2039}" span.hidden { " previous match" } }
                }
                span { (at) "/" (self.all) }
                @if at < self.all {
                    a href={ "#m" (at + 1) } { "\u{203a}" span.hidden { " next match" } }
                }
            }
        }
    }
}

/// A text in parts, each with whether it is a match.
fn parts<'t>(text: &'t str, marks: &[[usize; 2]]) -> Vec<(&'t str, bool)> {
    let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    bytes.push(text.len());
    let byte = |character: usize| bytes[character.min(bytes.len() - 1)];
    let (mut parts, mut done) = (Vec::new(), 0);
    for [start, end] in marks {
        let (start, end) = (byte(*start).max(done), byte(*end));
        if start < end {
            parts.push((&text[done..start], false));
            parts.push((&text[start..end], true));
            done = end;
        }
    }
    parts.push((&text[done..], false));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

/// A facet's value or a term with what it stands for.
pub(super) fn row(name: &str, value: impl Render) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_cover_characters_and_markup_is_text() {
        let shown = marked("45\u{b0} <b>", &[[0, 3], [4, 7]]).into_string();
        assert_eq!(shown, "<mark>45\u{b0}</mark> <mark>&lt;b&gt;</mark>");
        // What does not fit the text is left out.
        assert_eq!(marked("ab", &[[1, 9], [0, 2], [7, 8]]).into_string(), "a<mark>b</mark>");
    }

    #[test]
    fn numbered_matches_lead_to_their_neighbours() {
        let mut numbered = Numbered::new(2);
        let shown = numbered.marked("a b", &[[0, 1], [2, 3]]).into_string();
        assert!(shown.contains("id=\"m1\"") && shown.contains("href=\"#m2\""), "{shown}");
        assert!(!shown.contains("#m0") && !shown.contains("#m3"), "{shown}");
    }
}
