//! What stands at places of a text: near each other, with words in between, with wildcards or slips.

use super::{Compiler, Refused, Scope, scoped};
use crate::index::analyzer::plain;
use crate::query::{Node, Pattern, Phrase, QueryError, Span};
use crate::search::forms::{Form, joined, text_field};
use crate::search::words::{MAX_FORMS, TooMany, alike, matching};
use tantivy::schema;

/// How many of the words that a fuzzy one stands for are named.
const MAX_NAMED: usize = 12;

impl Compiler<'_> {
    /// What stands at places of a text; words, phrases and alternatives of these.
    pub(super) fn placed(&mut self, node: &Node, scope: Scope) -> Result<Form, Refused> {
        match node {
            Node::Word(word) => {
                let exact = self.exact || word.exact;
                let mut texts = vec![word.text.clone()];
                texts.extend(joined(&word.text));
                if !exact {
                    texts.extend(self.expansions(&word.text).into_iter().map(str::to_owned));
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

    pub(super) fn phrase(&mut self, phrase: &Phrase, scope: Scope) -> Result<Form, Refused> {
        let exact = self.exact || phrase.exact;
        if !phrase.words().any(|(_, pattern)| pattern) {
            return self.sequence(&phrase.text, exact, phrase.slop, scope);
        }
        // Words beside a wildcard are taken as typed, as the words it stands for are.
        let mut parts = Vec::new();
        for (word, is_pattern) in phrase.words() {
            if is_pattern {
                parts.extend(self.pieces(word, &phrase.span, scope)?);
            } else {
                let tokens = plain(word, false);
                parts.extend(tokens.into_iter().map(|token| vec![token]));
            }
        }
        self.forms(parts, true, phrase.slop, scope)
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern, scope: Scope) -> Result<Form, Refused> {
        let parts = self.pieces(&pattern.text, &pattern.span, scope)?;
        self.forms(parts, true, 0, scope)
    }

    /// The words that each piece of a pattern stands for; a hyphen parts pieces.
    pub(super) fn pieces(
        &mut self,
        text: &str,
        span: &Span,
        scope: Scope,
    ) -> Result<Vec<Vec<String>>, Refused> {
        let part = |c: char| !c.is_alphanumeric() && !matches!(c, '*' | '?' | '#' | '%');
        let fields = self.exact_fields(scope);
        let pieces = text.split(part).filter(|piece| !piece.is_empty());
        pieces
            .map(|piece| match matching(self.snapshot(), &fields, piece)? {
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
        let fields = self.exact_fields(scope);
        let mut parts = Vec::new();
        for token in plain(text, false) {
            parts.push(match alike(self.snapshot(), &fields, &token, slips.into())? {
                Ok(words) => words,
                Err(TooMany) => return Err(too_broad(text, span)),
            });
        }
        let also = parts.iter().flatten().filter(|word| !word.eq_ignore_ascii_case(text));
        self.note(&format!("{text}~{slips}"), also.take(MAX_NAMED).cloned().collect());
        self.forms(parts, true, 0, scope)
    }

    /// The fields with words as printed that a scope looks in.
    pub(super) fn exact_fields(&self, scope: Scope) -> Vec<schema::Field> {
        let fields = scoped(scope);
        fields.into_iter().map(|(field, _)| text_field(self.snapshot(), field).exact).collect()
    }
}

fn too_broad(text: &str, span: &Span) -> Refused {
    let message = format!("`{text}` stands for more than {MAX_FORMS} words");
    let hint = Some("write more of its letters".to_owned());
    Refused::Word(QueryError { message, hint, span: span.clone() })
}
