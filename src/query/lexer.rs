//! Cuts a query into words, quoted phrases, operators and names.

use super::error::QueryError;
use super::syntax::Span;

/// A token of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    /// What stands on either side stands near each other.
    Near {
        distance: u32,
        ordered: bool,
    },
    /// A name before a colon.
    Name(&'a str),
    Word(&'a str),
    Quoted(&'a str),
    /// `=` right before a phrase.
    Exact,
    /// `~2` right after a word or phrase.
    Slips(u32),
    /// `^2` right after a word, phrase or group.
    Boost(f32),
}

/// The widest distance, slop or number of slips that is read; the parser has closer bounds.
const MAX_NUMBER: u32 = 1_000;

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
            c if is_quote(c) || single_quoted(query, at).is_some() => {
                let text = single_quoted(query, at).map_or_else(|| quoted(query, at), Ok)?;
                at = after + text.len();
                at += query[at..].chars().next().map_or(0, char::len_utf8);
                Token::Quoted(text)
            }
            '~' | '^' if follows_operand(query, start, &tokens) => {
                let (token, end) = suffix(query, start)?;
                at = end;
                token
            }
            '=' if query[after..].starts_with(is_quote) => {
                at = after;
                Token::Exact
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
    if opens && !escaped(word) && word.ends_with(|c: char| negates(c) || matches!(c, '+' | '=')) {
        let message = "an operator between a word and what follows it without a space";
        return Err(QueryError::new(message, start..end)
            .hint("put a space before the operator, or leave it out"));
    }
    if let Some(near) = near(word, start)? {
        return Ok((near, end));
    }
    Ok((operator(word).unwrap_or(Token::Word(word)), end))
}

/// Whether the last mark of a word is escaped.
fn escaped(word: &str) -> bool {
    let marks =
        word.len() - word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '\\').len();
    word[..word.len() - marks].ends_with('\\')
}

/// `NEAR/5`, `w/5`, `BEFORE/5`, in any case; `WITHIN/5` and `PRE/5` as others write them.
fn near<'a>(word: &str, start: usize) -> Result<Option<Token<'a>>, QueryError> {
    let Some((name, number)) = word.split_once('/') else { return Ok(None) };
    let ordered = match name.to_ascii_uppercase().as_str() {
        "NEAR" | "WITHIN" | "W" => false,
        "BEFORE" | "PRE" => true,
        _ => return Ok(None),
    };
    let span = start..start + word.len();
    match number.parse() {
        Ok(distance) if (1..=MAX_DISTANCE).contains(&distance) => {
            Ok(Some(Token::Near { distance, ordered }))
        }
        // "w/o" is a word, as "pre/post" is.
        Err(_) if !matches!(name, "NEAR" | "BEFORE") => Ok(None),
        _ => {
            let message = format!("{name}/ takes a number of words from 1 to {MAX_DISTANCE}");
            Err(QueryError::new(message, span).hint(format!("write {name}/5")))
        }
    }
}

/// The widest distance of words near each other.
const MAX_DISTANCE: u32 = 100;

/// Whether a mark stands right after a word, a phrase or a group.
fn follows_operand(query: &str, at: usize, tokens: &[(Token<'_>, Span)]) -> bool {
    let glued = tokens.last().is_some_and(|(_, span)| span.end == at) && at > 0;
    let last = tokens.last().map(|(token, _)| token);
    let operand = matches!(
        last,
        Some(Token::Word(_) | Token::Quoted(_) | Token::Close | Token::Slips(_) | Token::Boost(_))
    );
    glued && operand && !query[at + 1..].starts_with(char::is_whitespace)
}

/// `~2` or `^1.5`.
fn suffix<'a>(query: &str, start: usize) -> Result<(Token<'a>, usize), QueryError> {
    let ends = |c: char| !c.is_ascii_digit() && c != '.';
    let number = &query[start + 1..];
    let number = &number[..number.find(ends).unwrap_or(number.len())];
    let end = start + 1 + number.len();
    let next = query[end..].chars().next();
    let apart = next.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | '~' | '^'));
    if query[start..].starts_with('~') {
        let value = number.parse().ok().filter(|value| apart && *value <= MAX_NUMBER);
        return value.map(|value| (Token::Slips(value), end)).ok_or_else(|| {
            QueryError::new("`~` takes a whole number", start..end)
                .hint("word~1 allows one typing slip, \"some words\"~3 three words in between")
        });
    }
    let value = number.parse::<f32>().ok().filter(|value| apart && (0.01..=100.0).contains(value));
    value.map(|value| (Token::Boost(value), end)).ok_or_else(|| {
        QueryError::new("`^` takes a number from 0.01 to 100", start..end)
            .hint("word^2 counts twice as much")
    })
}

/// Quotation marks of a keyboard and those that word processors and other languages make of them.
pub(super) fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2039}' | '\u{203a}' | '\u{ff02}'
    )
}

/// What stands between single quotation marks, where one opens; the closing one is an apostrophe, too.
fn single_quoted(query: &str, start: usize) -> Option<&str> {
    let rest = query[start..].strip_prefix(['\u{2018}', '\''])?;
    let closes = |(at, mark): &(usize, &str)| {
        let after = rest[at + mark.len()..].chars().next();
        after.is_none_or(|c| !c.is_alphanumeric())
    };
    let (end, _) = rest.match_indices(['\u{2019}', '\'']).find(closes)?;
    Some(&rest[..end])
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
    let starts = |c: char| c.is_alphanumeric() || matches!(c, '(' | '#' | '=' | '\\' | '*' | '?');
    rest.starts_with(|c: char| starts(c) || is_quote(c))
}

/// The end of a word: white space, a bracket, a quotation mark, or a suffix, unless escaped.
fn word_end(query: &str, start: usize) -> usize {
    let mut escape = false;
    for (at, c) in query[start..].char_indices() {
        let suffix = at > 0 && is_suffix(c, &query[start..start + at]);
        let ends = c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c) || suffix;
        if ends && !escape {
            return start + at;
        }
        escape = c == '\\' && !escape;
    }
    query.len()
}

/// Whether a mark after a word begins a suffix.
pub(super) fn is_suffix(c: char, word: &str) -> bool {
    matches!(c, '~' | '^') && !is_case_number(word)
}

/// `CM14-0012345`: an identity may go on with `~2`.
fn is_case_number(word: &str) -> bool {
    let number = word.get(..2).filter(|start| start.eq_ignore_ascii_case("cm"));
    number.is_some() && word.len() > 4 && word[2..].bytes().all(|b| b.is_ascii_digit() || b == b'-')
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
    let (name, rest) = word.split_once(':').filter(|(name, _)| !name.ends_with('\\'))?;
    let operand = !rest.is_empty() || after.starts_with(|c: char| c == '(' || is_quote(c));
    let spelled = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    (is_name(name) || operand && spelled && !rest.starts_with("//")).then_some(name)
}
