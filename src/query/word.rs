//! Words and phrases as typed: marks taken off, escapes undone, wildcards told apart.

use super::error::QueryError;
use super::syntax::{Node, Pattern, Phrase, Span, Word};

/// Reads a word; `None` where it holds neither letter nor digit. `question`: a `?` that ends it is no wildcard but
/// ends the query, which is a question.
///
/// # Errors
/// If it is a wildcard alone, or a wildcard and a mark that do not go together.
pub(super) fn word(
    typed: &str,
    slips: Option<u32>,
    question: bool,
    span: &Span,
) -> Result<Option<Node>, QueryError> {
    let (exact, rest) = typed.strip_prefix('=').map_or((false, typed), |rest| (true, rest));
    let refuse = |message: &str, hint: &str| {
        Err(QueryError::new(message, span.clone()).hint(hint.to_owned()))
    };
    let closes = |c: char| matches!(c, '.' | '!' | ',' | ';' | ':' | '\'') || question && c == '?';
    let pattern = rest.trim_end_matches(closes);
    if is_pattern(rest) || without_escaped(pattern).ends_with('?') {
        if !pattern.contains(char::is_alphanumeric) && !rest.contains('*') {
            return Ok(None);
        }
        if !pattern.contains(char::is_alphanumeric) {
            return refuse(
                "a wildcard alone stands for everything",
                "leave it out, or put letters before it",
            );
        }
        if exact {
            return refuse("`=` before a word with wildcards", "leave one of them out");
        }
        if slips.is_some() {
            return refuse("`~` after a word with wildcards", "leave one of them out");
        }
        let text = trimmed(pattern, &['*', '?']);
        return Ok(Some(Node::Pattern(Pattern { text, span: span.clone() })));
    }
    let text = trimmed(&unescaped(rest), &[]);
    if !text.contains(char::is_alphanumeric) {
        return match slips {
            Some(_) => refuse("`~` after no word", "put it right after a word"),
            None => Ok(None),
        };
    }
    let span = span.clone();
    match slips {
        Some(_) if exact => refuse("`~` and `=` at one word", "leave one of them out"),
        Some(slips) => Ok(Some(Node::Fuzzy { text, slips: slips as u8, span })),
        None => Ok(Some(Node::Word(Word { text, exact, span }))),
    }
}

/// Reads what stands between quotation marks; `None` where it holds no word.
pub(super) fn phrase(typed: &str, slop: u32, exact: bool, span: Span) -> Option<Node> {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    text.contains(char::is_alphanumeric).then_some(Node::Phrase(Phrase { text, slop, exact, span }))
}

/// Whether a word, as typed, holds a wildcard wherever it stands: `*`, or `?` with a letter after it. A `?` at its end may
/// end a question.
pub(super) fn is_pattern(typed: &str) -> bool {
    let bare = without_escaped(typed);
    let inner = bare.trim_end_matches(['?', '.', '!', ',', ';', ':', ')', '\'']);
    bare.contains('*') || inner.contains('?')
}

/// A word without its escaped characters.
pub(super) fn without_escaped(typed: &str) -> String {
    let mut chars = typed.chars();
    let mut bare = String::with_capacity(typed.len());
    while let Some(c) = chars.next() {
        if c == '\\' {
            // A letter stands for the one that was escaped, so that a word stays a word.
            bare.extend(chars.next().map(|_| 'x'));
        } else {
            bare.push(c);
        }
    }
    bare
}

/// A word with every escaped character as itself.
fn unescaped(typed: &str) -> String {
    let mut chars = typed.chars();
    let mut plain = String::with_capacity(typed.len());
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

/// Takes off marks around a word that are no part of it.
fn trimmed(text: &str, kept: &[char]) -> String {
    let mark =
        |c: char| !c.is_alphanumeric() && !matches!(c, '#' | '%' | '\u{b0}') && !kept.contains(&c);
    let bare = text.trim_start_matches(mark);
    let marks = &text[..text.len() - bare.len()];
    // `.5` is a number without its zero.
    let point = marks.ends_with('.') && bare.starts_with(|c: char| c.is_ascii_digit());
    let bare = if point { &text[marks.len() - 1..] } else { bare };
    bare.trim_end_matches(mark).to_owned()
}
