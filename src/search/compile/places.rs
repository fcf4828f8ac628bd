//! What stands at places of a text: near each other, with words in between, with wildcards or slips.

use super::{Compiler, MAX_WORDS, Mark, Refused, Scope};
use crate::index::analyzer::plain;
use crate::query::{Node, Pattern, Phrase, QueryError, Span};
use crate::search::forms::Form;
use crate::search::words::{MAX_FORMS, TooMany, alike, is_open, matching, with_stem};
use crate::vocabulary::joined;

/// Shorter words are taken as typed also where slips are seen through.
const SHORTEST: usize = 3;

/// How many of the words that a fuzzy one stands for are named.
const MAX_NAMED: usize = 12;

/// The most patterns of a query for each of which all words of the index are looked at.
const MAX_OPEN: usize = 8;

impl Compiler<'_> {
    /// What stands at places of a text; words, phrases and alternatives of these.
    pub(super) fn placed(&mut self, node: &Node, scope: Scope) -> Result<Form, Refused> {
        match node {
            Node::Word(word) => {
                let exact = self.exact || word.exact;
                let mut texts = vec![word.text.clone()];
                // A single word is also found as one where it is meant as typed.
                texts.extend(joined(&word.text).filter(|_| exact));
                texts.extend(self.spellings(&word.text, exact));
                if !exact {
                    texts.extend(self.expansions(&word.text, scope).into_iter().map(str::to_owned));
                }
                let forms = texts.iter().map(|text| self.sequence(text, exact, 0, scope));
                Ok(Form::Any(forms.collect::<Result<_, _>>()?))
            }
            Node::Pattern(pattern) => self.pattern(pattern, scope),
            Node::Fuzzy { text, slips, span } => self.fuzzy(text, *slips, span, scope),
            Node::Phrase(phrase) => self.phrase(phrase, scope),
            Node::Near { nodes, distance, ordered } => {
                let pair = [self.placed(&nodes[0], scope)?, self.placed(&nodes[1], scope)?];
                Ok(Form::Near(Box::new(pair), *distance, *ordered))
            }
            Node::Any(nodes) => {
                let forms = nodes.iter().map(|node| self.placed(node, scope));
                Ok(Form::Any(forms.collect::<Result<_, _>>()?))
            }
            // The parser lets nothing else be near something.
            _ => Ok(Form::Any(Vec::new())),
        }
    }

    fn phrase(&mut self, phrase: &Phrase, scope: Scope) -> Result<Form, Refused> {
        let mut forms = self.phrases(phrase, scope)?;
        Ok(if forms.len() > 1 { Form::Any(forms) } else { forms.swap_remove(0) })
    }

    /// A phrase as typed, and as it is also spelled.
    pub(super) fn phrases(&mut self, phrase: &Phrase, scope: Scope) -> Result<Vec<Form>, Refused> {
        let exact = self.exact || phrase.exact;
        if !phrase.words().any(|(_, pattern)| pattern) {
            return self.spelled(phrase, exact, scope);
        }
        // Words beside a wildcard are taken as typed, as the words it stands for are.
        let mut parts = Vec::new();
        for (word, is_pattern) in phrase.words() {
            if is_pattern {
                parts.extend(self.pieces(word, &phrase.span)?);
            } else {
                let tokens = plain(word, false);
                parts.extend(tokens.into_iter().map(|token| vec![token]));
            }
        }
        Ok(vec![self.forms(parts, true, phrase.slop, scope)?])
    }

    /// Words with and without their hyphens, as the index holds them; none where they are meant as typed.
    pub(super) fn spellings(&self, text: &str, exact: bool) -> Vec<String> {
        if exact {
            return Vec::new();
        }
        let is_held = |words: &str| self.documents(words).is_ok_and(|documents| documents > 0);
        self.known.vocabularies.expansions().spellings(text, is_held)
    }

    /// A phrase without wildcards, with and without the hyphens of its words.
    fn spelled(
        &mut self,
        phrase: &Phrase,
        exact: bool,
        scope: Scope,
    ) -> Result<Vec<Form>, Refused> {
        let typed = self.sequence(&phrase.text, exact, phrase.slop, scope)?;
        let mut forms = vec![typed];
        for text in self.spellings(&phrase.text, exact) {
            forms.push(self.sequence(&text, exact, phrase.slop, scope)?);
        }
        Ok(forms)
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern, scope: Scope) -> Result<Form, Refused> {
        let parts = self.pieces(&pattern.text, &pattern.span)?;
        self.forms(parts, true, 0, scope)
    }

    /// The words that each piece of a pattern stands for; a hyphen parts pieces.
    pub(super) fn pieces(&mut self, text: &str, span: &Span) -> Result<Vec<Vec<String>>, Refused> {
        let text = whole_words(text);
        let pieces = text.split(' ').filter(|piece| !piece.is_empty());
        self.open_patterns += pieces.clone().filter(|piece| is_open(piece)).count();
        if self.open_patterns > MAX_OPEN {
            let message = format!("more than {MAX_OPEN} words begin with `*` or `?`");
            let hint = Some("write their first letters".to_owned());
            return Err(Refused::Word(QueryError { message, hint, span: span.clone() }));
        }
        pieces
            .map(|piece| match matching(self.snapshot(), piece)? {
                Ok(words) => Ok(words),
                Err(TooMany) => Err(too_broad(piece, span)),
            })
            .collect()
    }

    pub(super) fn fuzzy(
        &mut self,
        text: &str,
        slips: u8,
        span: &Span,
        scope: Scope,
    ) -> Result<Form, Refused> {
        let mut parts = Vec::new();
        for token in plain(text, false) {
            // A slip in a number, or in a word of two letters, makes another one.
            if token.chars().count() < SHORTEST || !token.chars().all(char::is_alphabetic) {
                parts.push(vec![token]);
                continue;
            }
            parts.push(match alike(self.snapshot(), &token, slips.into())? {
                Ok(words) => words,
                Err(TooMany) => return Err(too_broad(text, span)),
            });
        }
        let also = parts.iter().flatten().filter(|word| !word.eq_ignore_ascii_case(text));
        self.note(&format!("{text}~{slips}"), also.take(MAX_NAMED).cloned().collect());
        self.forms(parts, true, 0, scope)
    }

    /// Words one after the other, by their stems or as printed.
    pub(super) fn sequence(
        &mut self,
        text: &str,
        exact: bool,
        slop: u32,
        scope: Scope,
    ) -> Result<Form, Refused> {
        let tokens = plain(text, !exact);
        self.forms(tokens.into_iter().map(|token| vec![token]).collect(), exact, slop, scope)
    }

    /// Words one after the other, each in any of its forms; what passages mark.
    fn forms(
        &mut self,
        tokens: Vec<Vec<String>>,
        exact: bool,
        slop: u32,
        scope: Scope,
    ) -> Result<Form, Refused> {
        let (mut forms, mut printed) = (Vec::new(), Vec::new());
        for mut token in tokens {
            if exact || token.len() != 1 {
                forms.push(Form::Words(token.clone()));
                printed.push(token);
                continue;
            }
            let stem = token.remove(0);
            let words = self.words_of(&stem)?;
            printed.push(words.clone());
            forms.push(Form::Stem { stem, words });
        }
        let form = Form::Sequence(forms, slop);
        self.words += if exact { printed.len() } else { form.len() };
        if self.words > MAX_WORDS {
            return Err(Refused::TooLarge(MAX_WORDS));
        }
        let mark = Mark { words: printed, slop, field: scope.field };
        if scope.marked && !self.made.marks.contains(&mark) {
            self.made.marks.push(mark);
        }
        Ok(form)
    }

    /// The words of the index that have a stem.
    fn words_of(&mut self, stem: &str) -> Result<Vec<String>, Refused> {
        if let Some(words) = self.stems.get(stem) {
            return Ok(words.clone());
        }
        let words = with_stem(self.snapshot(), stem)?;
        self.stems.insert(stem.to_owned(), words.clone());
        Ok(words)
    }
}

/// A pattern with spaces where words are parted, as words of a text are (`index/cutter.rs`): a point stays in a
/// number, a comma between digits and an apostrophe within a word are left out.
fn whole_words(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let is = |at: Option<usize>, what: fn(&char) -> bool| {
        at.and_then(|at| chars.get(at)).is_some_and(what)
    };
    let digit = |at| is(at, char::is_ascii_digit);
    let open = |at| is(at, |c| c.is_alphanumeric() || matches!(c, '*' | '?'));
    let mut words = String::with_capacity(pattern.len());
    for (at, c) in chars.iter().enumerate() {
        let (before, after) = (at.checked_sub(1), Some(at + 1));
        match c {
            c if c.is_alphanumeric() || matches!(c, '*' | '?' | '#' | '%') => words.push(*c),
            '.' if digit(before) && open(after) => words.push('.'),
            '.' if digit(after) && before.is_none() => words.push_str("0."),
            ',' if digit(before) && is_thousand(&chars[at + 1..]) => {}
            '\'' | '\u{2019}' if open(before) && open(after) => {}
            _ => words.push(' '),
        }
    }
    words
}

/// Whether three digits follow, or fewer and what stands for more.
fn is_thousand(after: &[char]) -> bool {
    let digits = after.iter().take_while(|c| c.is_ascii_digit()).count();
    digits == 3 || digits < 3 && matches!(after.get(digits), Some('*' | '?'))
}

fn too_broad(text: &str, span: &Span) -> Refused {
    let message = format!("`{text}` stands for more than {MAX_FORMS} words");
    let hint = Some("write more of its letters".to_owned());
    Refused::Word(QueryError { message, hint, span: span.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_cut_as_words_are() {
        for (pattern, words) in [
            ("7.5*", "7.5*"),
            ("1,00*", "100*"),
            ("L4 7,50?", "L4 750?"),
            (".5*", "0.5*"),
            ("don't*", "dont*"),
            ("x-ray*", "x ray*"),
            ("*.gov", "* gov"),
        ] {
            assert_eq!(whole_words(pattern), words, "{pattern}");
        }
    }
}
