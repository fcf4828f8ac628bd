//! Cuts a query into words, quoted phrases, operators and names.

use super::error::QueryError;
use super::syntax::Span;

/// A token of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    /// A name before a colon.
    Name(&'a str),
    Word(&'a str),
    Quoted(&'a str),
}

/// Cuts the query; a name is what `is_name` knows.
pub(super) fn cut<'a>(
    query: &'a str,
    is_name: &dyn Fn(&str) -> bool,
) -> Result<Vec<(Token<'a>, Span)>, QueryError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = query[at..].chars().next() {
        let start = at;
        let after = at + c.len_utf8();
        let token = match c {
            c if c.is_whitespace() => {
                at = after;
                continue;
            }
            '(' | ')' => {
                at = after;
                if c == '(' { Token::Open } else { Token::Close }
            }
            c if is_quote(c) => {
                let text = quoted(query, at)?;
                at = after + text.len();
                at += query[at..].chars().next().map_or(0, char::len_utf8);
                Token::Quoted(text)
            }
            c if negates(c) && starts_operand(&query[after..]) => {
                at = after;
                Token::Not
            }
            _ => {
                let (token, end) = word(query, at, is_name)?;
                at = end;
                token
            }
        };
        tokens.push((token, start..at));
    }
    Ok(tokens)
}

/// A word, operator or name, and its end.
fn word<'a>(
    query: &'a str,
    start: usize,
    is_name: &dyn Fn(&str) -> bool,
) -> Result<(Token<'a>, usize), QueryError> {
    let end = word_end(query, start);
    let word = &query[start..end];
    if let Some(name) = name(word, &query[end..], is_name) {
        return Ok((Token::Name(name), start + name.len() + 1));
    }
    let opens = query[end..].starts_with(|c: char| c == '(' || is_quote(c));
    if opens && word.ends_with(|c: char| negates(c) || matches!(c, '+' | '=')) {
        let message = "an operator between a word and what follows it without a space";
        return Err(QueryError::new(message, start..end)
            .hint("put a space before the operator, or leave it out"));
    }
    Ok((operator(word).unwrap_or(Token::Word(word)), end))
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}')
}

/// Marks that mean NOT before a word: the minus in any form that a word processor makes of it.
pub(super) fn negates(c: char) -> bool {
    matches!(c, '-' | '!' | '\u{2012}' | '\u{2013}' | '\u{2014}' | '\u{2212}')
}

fn quoted(query: &str, start: usize) -> Result<&str, QueryError> {
    let open = query[start..].chars().next().map_or(1, char::len_utf8);
    let rest = &query[start + open..];
    rest.find(is_quote).map(|end| &rest[..end]).ok_or_else(|| {
        QueryError::new("this quotation is not closed", start..query.len())
            .hint("add a quotation mark at the end of the phrase")
    })
}

fn starts_operand(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '(' | '#' | '=') || is_quote(c))
}

fn word_end(query: &str, start: usize) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c);
    query[start..].find(ends).map_or(query.len(), |length| start + length)
}

fn operator(word: &str) -> Option<Token<'static>> {
    match word {
        "AND" | "&&" => Some(Token::And),
        "OR" | "||" => Some(Token::Or),
        "NOT" => Some(Token::Not),
        _ => None,
    }
}

/// The name that a word starts with: a known one always, another if an operand follows, so that
/// it is told of. `https://` is no name.
fn name<'a>(word: &'a str, after: &str, is_name: &dyn Fn(&str) -> bool) -> Option<&'a str> {
    let (name, rest) = word.split_once(':')?;
    let operand = !rest.is_empty() || after.starts_with(|c: char| c == '(' || is_quote(c));
    let spelled = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    (is_name(name) || operand && spelled && !rest.starts_with("//")).then_some(name)
}
