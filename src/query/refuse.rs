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
    if is_proximity(word) {
        let hint = "put words that stand one after the other in quotation marks".to_owned();
        return refuse("searching for words near each other", hint);
    }
    if let Some(what) = wildcard(word) {
        return refuse(what, WHOLE_WORD.to_owned());
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
    if let Some((before, _)) = word.split_once(['~', '^'])
        && !is_case_number(before)
    {
        let hint = format!("leave it out: {}", before.trim_matches(|c: char| !c.is_alphanumeric()));
        return refuse("`~` or `^` at a word", hint);
    }
    if word.starts_with('/') && !bare.is_empty() {
        return refuse("a pattern between slashes", format!("write the word itself: {bare}"));
    }
    refuse_leading_marks(word, bare, span)
}

/// Refuses marks before a word that look like operators and are none here.
fn refuse_leading_marks(word: &str, bare: &str, span: &Span) -> Result<(), QueryError> {
    let marks = &word[..word.find(char::is_alphanumeric).unwrap_or(0)];
    let marks = marks.strip_prefix('=').unwrap_or(marks);
    if !marks.contains(|c: char| negates(c) || matches!(c, '+' | '=' | '&')) {
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

const WHOLE_WORD: &str = "write the whole word; its grammatical endings are found by themselves";

/// Refuses wildcards within quotation marks, as outside.
pub(super) fn refuse_wildcards(phrase: &str, span: &Span) -> Result<(), QueryError> {
    match phrase.split_whitespace().find_map(wildcard) {
        Some(what) => {
            Err(QueryError::new(format!("{what} is not supported"), span.clone()).hint(WHOLE_WORD))
        }
        None => Ok(()),
    }
}

fn wildcard(word: &str) -> Option<&'static str> {
    if word.contains('*') {
        return Some("`*` for any word ending");
    }
    let inner = word.trim_end_matches(['?', '.', '!', ',', ';', ':', ')', '\'']);
    inner.contains('?').then_some("`?` for any letter")
}

fn is_proximity(word: &str) -> bool {
    ["NEAR/", "BEFORE/", "w/", "W/", "NEAR"].iter().any(|operator| {
        word.strip_prefix(operator).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// `CM14-0012345`: an identity may go on with `~2`.
fn is_case_number(word: &str) -> bool {
    let number = word.get(..2).filter(|start| start.eq_ignore_ascii_case("cm"));
    number.is_some() && word.len() > 4 && word[2..].bytes().all(|b| b.is_ascii_digit() || b == b'-')
}
