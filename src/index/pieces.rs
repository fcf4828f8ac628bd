//! A text told as pieces of another, of which a letter's requests and reasons are parts: so each stands in the
//! index once. Pure. Whatever the other text is, what is restored is the text that was given.

use memchr::memmem;
use serde::{Deserialize, Serialize};

/// Pieces start where so many bytes are the same.
const ANCHOR: usize = 24;
/// So often the next piece may not follow on the last before the rest of a text is taken as it is, and so many
/// bytes are looked through for it: what is no letter must not cost more than its length is worth.
const MISSES: usize = 8;
const WINDOW: usize = 64 << 10;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Piece<'a> {
    /// Bytes of the other text: where they start and how many they are.
    Copied(u32, u32),
    /// What the other text lacks.
    #[serde(borrow)]
    Own(&'a str),
}

/// A text with each run of white space as one space, as the lines of a letter are when they are joined.
pub(super) fn spaced(text: &str) -> String {
    let text = text.trim();
    if !text.is_ascii() && text.contains(|c: char| !c.is_ascii() && c.is_whitespace()) {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let bytes = text.as_bytes();
    let is_space = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b'\t'..=b'\r' | b' '));
    let mut spaced = String::with_capacity(text.len());
    let (mut from, mut at) = (0, 0);
    // What stands between line ends and wider gaps is copied at once.
    while at < bytes.len() {
        if bytes[at] > b' ' || !is_space(at) || bytes[at] == b' ' && !is_space(at + 1) {
            at += 1;
            continue;
        }
        spaced.push_str(&text[from..at]);
        spaced.push(' ');
        while is_space(at) {
            at += 1;
        }
        from = at;
    }
    spaced.push_str(&text[from..]);
    spaced
}

/// Tells a text as pieces of another, which is looked through from `from` on; leaves there where the last piece
/// ended.
pub(super) fn pieces<'t>(text: &'t str, other: &str, from: &mut usize) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let (mut own, mut at, mut misses) = (0, 0, 0);
    while text.len() - at >= ANCHOR && misses < MISSES {
        let Some((start, length)) = longest(&text[at..], other, *from) else {
            misses += 1;
            at = memchr::memchr(b' ', &text.as_bytes()[at..]).map_or(text.len(), |to| at + to + 1);
            continue;
        };
        misses += usize::from(start < *from);
        if own < at {
            pieces.push(Piece::Own(&text[own..at]));
        }
        pieces.push(Piece::Copied(start as u32, length as u32));
        at += length;
        own = at;
        *from = start + length;
    }
    if own < text.len() {
        pieces.push(Piece::Own(&text[own..]));
    }
    pieces
}

/// Where the start of a text stands in another, preferably from a place on, and how far they are the same.
fn longest(text: &str, other: &str, from: usize) -> Option<(usize, usize)> {
    let (text_bytes, other_bytes) = (text.as_bytes(), other.as_bytes());
    let finder = memmem::Finder::new(&text_bytes[..ANCHOR]);
    let in_window = |from: usize| {
        let window = &other_bytes[from..other_bytes.len().min(from + WINDOW)];
        finder.find(window).map(|at| from + at)
    };
    let start = in_window(from).or_else(|| in_window(0))?;
    let same = text_bytes.iter().zip(&other_bytes[start..]).take_while(|(a, b)| a == b);
    let length = text.floor_char_boundary(same.count());
    (length > 0 && u32::try_from(start + length).is_ok()).then_some((start, length))
}

/// The text that pieces of another make; `None` where they are not of this one.
pub(super) fn restored(pieces: &[Piece<'_>], other: &str) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        text.push_str(match piece {
            Piece::Own(own) => own,
            Piece::Copied(start, length) => {
                let start = *start as usize;
                other.get(start..start.checked_add(*length as usize)?)?
            }
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LETTER: &str = "RATIONALE:\r\n  The records show no lasting\n  improvement of func-\ntion \u{2013} \
                          after six   visits,\n\n so more are not certified.\n";

    #[test]
    fn lines_that_were_joined_are_pieces() {
        let text = "The records show no lasting improvement of function \u{2013} after six visits, so more \
                    are not certified.";
        let other = spaced(LETTER);
        let mut from = 0;
        let pieces = pieces(text, &other, &mut from);
        assert!(pieces.len() <= 3, "{pieces:?}");
        assert!(matches!(pieces[0], Piece::Copied(..)));
        assert_eq!(restored(&pieces, &other).as_deref(), Some(text));
        assert!(other[from..].starts_with(" so more") || from == other.trim_end().len(), "{from}");
    }

    #[test]
    fn pieces_of_another_text_are_no_panic() {
        let pieces = [Piece::Copied(5, u32::MAX), Piece::Own("x")];
        assert_eq!(restored(&pieces, "short"), None);
        assert_eq!(restored(&[Piece::Copied(1, 1)], "\u{e9}"), None);
    }

    proptest! {
        #[test]
        fn spaces_are_single(text in "[a-c \t\n\r\x0b\x0c]{0,60}", other in "[ \u{a0}\u{e9}]{0,9}") {
            for text in [&text, &(other.clone() + &text)] {
                let words: Vec<&str> = text.split_whitespace().collect();
                prop_assert_eq!(spaced(text), words.join(" "));
            }
        }

        #[test]
        fn any_text_is_restored(
            parts in prop::collection::vec("[a-c\u{e9}\u{1f600} \n-]{0,60}", 0..8),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let other = spaced(&parts.concat());
            let text: String = order
                .iter()
                .filter(|_| !parts.is_empty())
                .map(|at| at.get(&parts).replace('\n', " "))
                .collect();
            let pieces = pieces(&text, &other, &mut 0);
            prop_assert_eq!(restored(&pieces, &other), Some(text));
        }
    }
}
