//! What other search programs understand and this one does not: an error, never a word.

use super::error::QueryError;
use super::lexer::negates;
use super::syntax::Span;

/// Refuses a word that holds an operator of another language.
pub(super) fn refuse_unknown_operator(word: &str, span: &Span) -> Result<(), QueryError> {
    let refuse = |what: &str, hint: String| {
        Err(QueryError::new(format!("{what} is not supported"), span.clone()).hint(hint))
    };
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if word.strip_prefix("..").is_some_and(|end| end.starts_with(|c: char| c.is_ascii_digit())) {
        let hint = "write a range without spaces, such as age:30..45".to_owned();
        return Err(QueryError::new(format!("`{word}` is half a range"), span.clone()).hint(hint));
    }
    if is_proximity(word) {
        let hint = "write NEAR/5 or BEFORE/5: at most so many words apart".to_owned();
        return Err(
            QueryError::new(format!("`{word}` says no distance in words"), span.clone()).hint(hint)
        );
    }
    if word.contains(['[', ']', '{', '}']) {
        let hint = "write ( ) around a group; for a range of dates use --decided 2014..2016";
        return refuse("a bracket other than ( )", hint.to_owned());
    }
    if word.contains('|') || word.contains("&&") {
        let operator = if word.contains('|') { "OR" } else { "AND" };
        let mut parts = word.split(['|', '&']).filter(|part| !part.is_empty());
        let hint = match (parts.next(), parts.next()) {
            (Some(a), Some(b)) => format!("write {a} {operator} {b}"),
            _ => format!("write {operator} between the words"),
        };
        return refuse("`|` or `&&` within a word", hint);
    }
    if word.starts_with('/') && !bare.is_empty() {
        return refuse("a pattern between slashes", format!("write the word itself: {bare}"));
    }
    refuse_leading_marks(word, bare, span)
}

/// Refuses marks before a word that look like operators and are none here.
fn refuse_leading_marks(word: &str, bare: &str, span: &Span) -> Result<(), QueryError> {
    let start = |c: char| c.is_alphanumeric() || matches!(c, '\\' | '*' | '?');
    let marks = &word[..word.find(start).unwrap_or(0)];
    let marks = marks.strip_prefix('=').unwrap_or(marks);
    if !marks.contains(|c: char| negates(c) || matches!(c, '+' | '=' | '&' | '~' | '^')) {
        return Ok(());
    }
    let hint = if marks.contains('+') {
        format!("all words must be there in any case: write {bare}")
    } else if marks.contains(negates) {
        format!("write -{bare} or NOT {bare} to exclude it, or {bare} to search for it")
    } else {
        format!("write {bare}")
    };
    Err(QueryError::new(format!("`{marks}` before a word is not supported"), span.clone())
        .hint(hint))
}

/// Operators of other programs, and ours without a distance.
fn is_proximity(word: &str) -> bool {
    matches!(
        word,
        "NEAR"
            | "BEFORE"
            | "ONEAR"
            | "ADJ"
            | "/s"
            | "/p"
            | "/S"
            | "/P"
            | "w/s"
            | "w/p"
            | "W/S"
            | "W/P"
    ) || word
        .strip_prefix('/')
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}
