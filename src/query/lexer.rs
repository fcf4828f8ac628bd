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
        let token = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' | ')' => {
                at += 1;
                if c == '(' { Token::Open } else { Token::Close }
            }
            '"' | '\u{201c}' | '\u{201d}' => {
                let text = quoted(query, at)?;
                let inner = at + c.len_utf8();
                at = inner + text.len();
                at += query[at..].chars().next().map_or(0, char::len_utf8);
                Token::Quoted(text)
            }
            '-' if starts_operand(&query[at + 1..]) && !glued(query, at) => {
                at += 1;
                Token::Not
            }
            _ => {
                let end = word_end(query, at);
                let word = &query[at..end];
                if let Some(name) = name(word, &query[end..], is_name) {
                    at += name.len() + 1;
                    Token::Name(name)
                } else {
                    at = end;
                    operator(word).unwrap_or(Token::Word(word))
                }
            }
        };
        tokens.push((token, start..at));
    }
    Ok(tokens)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}')
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

/// Whether a hyphen belongs to the word before it.
fn glued(query: &str, at: usize) -> bool {
    query[..at].ends_with(char::is_alphanumeric)
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

/// The name that a word starts with, if a colon and an operand follow.
fn name<'a>(word: &'a str, after: &str, is_name: &dyn Fn(&str) -> bool) -> Option<&'a str> {
    let (name, rest) = word.split_once(':')?;
    let operand = !rest.is_empty() || after.starts_with(|c: char| c == '(' || is_quote(c));
    let spelled = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    (operand && spelled && (is_name(name) || !rest.starts_with("//"))).then_some(name)
}
