//! Topics and pages in a guideline field: what stands after the name of a chapter.

use super::guideline::{Field, year};
use std::ops::Range;

/// The topics of a schedule's chapter: after "Section(s):", or before "Page(s):".
pub(super) fn topics(field: &Field<'_>, rest: &Range<usize>) -> Vec<String> {
    let section = field.marked("section", rest).next();
    let page = field.marked("page", rest).next();
    let (start, end) = match (section, page) {
        (Some(section), page) => {
            (section.end, page.map_or(rest.end, |page| page.start.max(section.end)))
        }
        (None, Some(page)) => (after_name(field, rest).start, page.start),
        (None, None) => return Vec::new(),
    };
    list(field, &(start..end.max(start)))
}

/// What follows a chapter's name and the words that belong to it.
pub(super) fn after_name(field: &Field<'_>, rest: &Range<usize>) -> Range<usize> {
    let mut start = rest.start;
    let mut named = false;
    while start < rest.end {
        let bracket = field.token(start) == "(";
        start = match bracket.then(|| closing(field, start, rest.end)) {
            Some(Some(close))
                if is_aside(field, start..close) || field.is("chapter", close + 1) =>
            {
                close + 1
            }
            // One that is never closed is a slip.
            Some(None) => start + 1,
            None if is_of_name(field, start, named) => {
                named |= ends_name(field, start);
                start + 1
            }
            _ => break,
        };
    }
    let end = field.marked("page", rest).next().map_or(rest.end, |page| page.start.max(start));
    start.min(end)..end
}

/// The place of the bracket that closes the one at a place.
fn closing(field: &Field<'_>, open: usize, end: usize) -> Option<usize> {
    let mut depth = 0;
    let closes = |&at: &usize| {
        depth += match field.token(at) {
            "(" => 1,
            ")" => -1,
            _ => 0,
        };
        depth == 0
    };
    (open..end).find(closes)
}

/// Whether a word belongs to a chapter's name before it; `named`: of which all has been said but its edition.
fn is_of_name(field: &Field<'_>, at: usize, named: bool) -> bool {
    matches!(field.token(at), ")" | ",")
        || field.is("qualifier", at)
        || year(field.token(at)).is_some()
        || !named && (field.is("filler", at) || field.is("chapter", at))
}

/// Whether a chapter's name has no more words after this: what looks like one begins a topic.
fn ends_name(field: &Field<'_>, at: usize) -> bool {
    field.token(at) == "," && field.depth(at) == 0
        || matches!(field.token(at), "guideline" | "guidelines")
        || field.is("chapter", at) && !field.is("chapter", at + 1)
        || year(field.token(at)).is_some()
}

/// Whether brackets only tell more of the chapter before them, such as its edition.
fn is_aside(field: &Field<'_>, bracket: Range<usize>) -> bool {
    let mut inside = bracket.start + 1..bracket.end;
    let says_nothing = |at| {
        is_of_name(field, at, false)
            || !field.token(at).contains(char::is_alphabetic)
            || ["mtus", "odg", "acoem"].iter().any(|source| field.is(source, at))
    };
    inside.clone().any(|at| field.is("qualifier", at)) || inside.all(says_nothing)
}

/// Where a list of topics ends: before another publication, what a sentence says of what is cited, or another sentence.
fn end_of_topics(field: &Field<'_>, range: &Range<usize>) -> usize {
    let outside = |at: usize| field.depth(at) == field.depth(range.start);
    let others = ["publication", "aside", "apart", "acoem"].iter();
    let others = others.filter_map(|kind| {
        let mut starts = field.marked(kind, range).map(|words| words.start);
        starts.find(|at| outside(*at))
    });
    let journal = range.clone().find(|at| outside(*at) && is_journal(field, *at));
    let end = others.chain(journal).min().unwrap_or(range.end);
    let speaks = |at: &usize| {
        field.token(*at) == "." && matches!(field.token(at + 1), "it" | "this" | "that" | "these")
    };
    (range.start..end).find(speaks).unwrap_or(end)
}

/// Whether a journal's short name begins here: "J Hand Surg 2012", "Dermatol Surg 2014;40:817".
pub(super) fn is_journal(field: &Field<'_>, at: usize) -> bool {
    let is_word = |at| field.token(at).starts_with(char::is_alphabetic);
    let is_number = |at| field.token(at).starts_with(|c: char| c.is_ascii_digit());
    let is_year = |at: &usize| year(field.token(*at)).is_some();
    if field.token(at) == "j" && is_word(at + 1) {
        return (at + 2..at + 7).any(|at| is_year(&at));
    }
    // A volume and its pages after the year.
    let dated = (at + 1..at + 4).find(is_year);
    is_word(at)
        && dated.is_some_and(|year| {
            field.token(year + 1) == ";"
                && is_number(year + 2)
                && matches!(field.token(year + 3), ":" | "(")
        })
}

/// The topics of a printed list: parted by commas outside brackets that belong to no topic's own name.
pub(super) fn list(field: &Field<'_>, range: &Range<usize>) -> Vec<String> {
    let end = end_of_topics(field, range);
    let mut parts: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut start) = (0_i32, range.start);
    for at in range.start..end {
        match field.token(at) {
            "(" => depth += 1,
            ")" => depth = (depth - 1).max(0),
            "," | ";" if depth == 0 && !field.is("name", at) => {
                parts.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = start..end;
    // What leads to something else is no topic; what stands before "and", an address or a new sentence is.
    let joins = |at: &usize| matches!(field.token(*at), "and" | "with" | "plus" | "." | ":");
    let leads = |at: usize| matches!(field.token(at), "." | "http" | "https" | "www");
    let by_author = field.token(end) == "j" && has_initial(field, &last);
    if end == range.end || leads(end) {
        parts.push(last);
    } else if let Some(joiner) = last.clone().rev().find(joins).filter(|_| !by_author) {
        parts.push(last.start..joiner);
    } else if matches!(field.token(end), "et" | "j")
        && parts.last().is_some_and(|part| names_author(field, part))
    {
        parts.pop();
    }
    let topics = numbered(field, parts).into_iter().map(|part| topic(field.printed(part)));
    topics.filter(|topic| names_something(topic)).map(str::to_owned).collect()
}

/// Whether a person's initial stands among words: "Baker R. Of gels".
fn has_initial(field: &Field<'_>, part: &Range<usize>) -> bool {
    part.clone().any(|at| names_author(field, &(part.start..at + 1)) && field.token(at + 1) == ".")
}

/// Whether words end in a person's initial, as those before "et al" do.
fn names_author(field: &Field<'_>, part: &Range<usize>) -> bool {
    let is_initial =
        |at: usize| field.token(at).len() == 1 && field.token(at).starts_with(char::is_alphabetic);
    part.end.checked_sub(1).is_some_and(|last| last > part.start && is_initial(last))
}

/// In a list of numbered sections commas belong to their names.
fn numbered(field: &Field<'_>, parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let says = |&at: &usize| {
        let token = field.token(at);
        token != "and" && token.contains(char::is_alphanumeric)
    };
    let is_numbered = |part: &Range<usize>| {
        let number = part.clone().find(says).and_then(|at| field.token(at).split_once('.'));
        number.is_some_and(|(number, _)| number.len() <= 2 && number.parse::<u8>().is_ok())
    };
    if !parts.first().is_some_and(is_numbered) {
        return parts;
    }
    let mut joined: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(last) if !is_numbered(&part) => last.end = part.end,
            _ => joined.push(part),
        }
    }
    joined
}

/// A topic's name as printed, without what joins it to others.
fn topic(printed: &str) -> &str {
    let topic = printed.strip_prefix("and ").unwrap_or(printed);
    let mut topic = topic.strip_suffix(" and").unwrap_or(topic);
    loop {
        let joins = |c: char| {
            c.is_whitespace()
                || matches!(c, ':' | ',' | ';' | '.' | '-' | '/' | '\u{2013}' | '\u{2014}')
        };
        let trimmed = unwrapped(topic.trim_matches(joins));
        if trimmed == topic {
            return topic;
        }
        topic = trimmed;
    }
}

/// Without a bracket at either end that has no partner, and without a pair around all of it.
fn unwrapped(topic: &str) -> &str {
    let (opened, closed) = (topic.matches('(').count(), topic.matches(')').count());
    if closed > opened && topic.ends_with(')') {
        return &topic[..topic.len() - 1];
    }
    if opened > closed && topic.starts_with('(') {
        return &topic[1..];
    }
    let pair = topic.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    pair.filter(|inner| is_balanced(inner)).unwrap_or(topic)
}

/// Whether each bracket that closes was opened before.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0;
    text.chars().all(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth >= 0
    })
}

/// Whether a printed topic is more than a word of the form around it.
fn names_something(topic: &str) -> bool {
    let form = ["and", "pages", "section", "sections", "section(s)", "chapter"];
    topic.chars().any(char::is_alphabetic)
        && !form.iter().any(|word| topic.eq_ignore_ascii_case(word))
}

/// The pages after "Page(s):" or "pages", each once; where a section is but a number, that is the page.
pub(super) fn pages(field: &Field<'_>, rest: &Range<usize>) -> Vec<String> {
    let mut pages = Vec::new();
    for marker in field.marked("page", rest) {
        add_numbers(field, marker.end..rest.end, &mut pages);
    }
    if let (true, Some(section)) = (pages.is_empty(), field.marked("section", rest).next()) {
        let after = section.end..rest.end;
        if !after.clone().any(|at| field.token(at).contains(char::is_alphabetic)) {
            add_numbers(field, after, &mut pages);
        }
    }
    pages
}

/// Adds the whole numbers that tokens start with, parted by punctuation.
fn add_numbers(field: &Field<'_>, range: Range<usize>, numbers: &mut Vec<String>) {
    let run = range.clone().take_while(|&at| {
        let token = field.token(at);
        token.bytes().all(|b| b.is_ascii_digit())
            || matches!(token, "," | ":" | "and" | "." | "(" | ")")
    });
    let end = run.last().map_or(range.start, |last| last + 1);
    for number in field.printed(range.start..end).split([',', ' ', ':', '(', ')']) {
        let number = number.trim_matches(|c: char| !c.is_ascii_digit());
        if !number.is_empty() && !numbers.iter().any(|known| known == number) {
            numbers.push(number.to_owned());
        }
    }
}
