//! How much a part of a query tells, and what a word that is hardly ever printed may have been meant to be.

use super::{Compiler, Guess, Made, Refused, Scope};
use crate::index::analyzer::plain;
use crate::query::Node;
use crate::search::forms::Form;
use crate::search::response::ExpandedWord;
use crate::search::words::meant;
use crate::vocabulary::joined;
use tantivy::Term;

/// How much words that a typed one may have been meant to be are worth beside it.
const GUESS_WEIGHT: f32 = 0.8;

/// How much a part tells whose frequency is not known: as a rather rare word.
const COMPLEX_WEIGHT: f32 = 4.0;

impl Compiler<'_> {
    /// How much a part tells: its inverse document frequency, of the rarest of words that must all
    /// be there, of the most frequent of alternatives; nothing if no item can hold it.
    pub(super) fn weight(&self, node: &Node) -> Result<f32, Refused> {
        // What no item holds is no alternative.
        let least = |nodes: &[Node]| {
            let weights = nodes.iter().map(|node| self.weight(node));
            let weights: Vec<f32> = weights.collect::<Result<_, _>>()?;
            let held = weights.into_iter().filter(|weight| *weight > 0.0);
            Ok(held.reduce(f32::min).unwrap_or(0.0))
        };
        match node {
            Node::Word(word) => {
                let forms = self.known.vocabularies.expansions().of(&word.text);
                let joined = joined(&word.text);
                let texts = [word.text.as_str()].into_iter().chain(joined.as_deref()).chain(forms);
                let documents: Result<Vec<u64>, _> =
                    texts.map(|text| self.documents(text)).collect();
                let documents = documents?.into_iter().max().unwrap_or(0);
                Ok(self.rarity(documents).max(self.name_weight(&word.text)))
            }
            Node::Phrase(phrase) if phrase.words().any(|(_, pattern)| pattern) => {
                Ok(COMPLEX_WEIGHT)
            }
            Node::Phrase(phrase) => {
                let mut most = self.name_weight(&phrase.text);
                let spellings = self.spellings(&phrase.text, self.exact || phrase.exact);
                for text in [phrase.text.clone()].iter().chain(&spellings) {
                    most = most.max(self.phrase_weight(text)?);
                }
                Ok(most)
            }
            Node::Any(nodes) => least(nodes),
            Node::In(_, node) | Node::Boost(node, _) => self.weight(node),
            Node::FacetOrWords { words, .. } => self.weight(words),
            _ => Ok(COMPLEX_WEIGHT),
        }
    }

    /// How much an identity tells; nothing if a word is none.
    fn name_weight(&self, word: &str) -> f32 {
        self.name(word).map_or(0.0, |_| COMPLEX_WEIGHT)
    }

    /// How much a phrase tells: as much as all its words, nothing if one is nowhere.
    fn phrase_weight(&self, text: &str) -> Result<f32, Refused> {
        let mut all = 0.0;
        for token in plain(text, true) {
            let term = Term::from_field_text(self.fields().ranked, &token);
            let weight = self.rarity(self.frequency(&term)?);
            if weight == 0.0 {
                return Ok(0.0);
            }
            all += weight;
        }
        Ok(all)
    }

    /// In how many documents the rarest word of a text stands, at most.
    pub(super) fn documents(&self, text: &str) -> Result<u64, Refused> {
        let mut rarest = u64::MAX;
        for token in plain(text, true) {
            let term = Term::from_field_text(self.fields().ranked, &token);
            rarest = rarest.min(self.frequency(&term)?);
        }
        Ok(if rarest == u64::MAX { 0 } else { rarest })
    }

    /// In how many documents a term stands; each is looked up once a query, since every segment is asked.
    pub(super) fn frequency(&self, term: &Term) -> tantivy::Result<u64> {
        if let Some(known) = self.frequencies.borrow().get(term) {
            return Ok(*known);
        }
        let documents = self.snapshot().searcher.doc_freq(term)?;
        self.frequencies.borrow_mut().insert(term.clone(), documents);
        Ok(documents)
    }

    pub(super) fn rarity(&self, documents: u64) -> f32 {
        if documents == 0 {
            return 0.0;
        }
        let (all, documents) = (self.snapshot().searcher.num_docs() as f32, documents as f32);
        (1.0 + (all - documents).max(0.0) / documents).ln().max(0.1)
    }

    /// The words that one which hardly any item holds may have been meant to be, noted for the reader.
    pub(super) fn meant(&mut self, node: &Node) -> Result<Vec<String>, Refused> {
        let Node::Word(word) = node else { return Ok(Vec::new()) };
        let expanded = !self.known.vocabularies.expansions().of(&word.text).is_empty();
        if self.exact || word.exact || expanded {
            return Ok(Vec::new());
        }
        let stems = plain(&word.text, true);
        let own = stems
            .iter()
            .map(|stem| self.frequency(&Term::from_field_text(self.fields().ranked, stem)));
        let own = own.sum::<tantivy::Result<u64>>()?;
        let words = meant(self.snapshot(), self.known.vocabularies.expansions(), &word.text, own)?;
        if !words.is_empty() {
            let guessed = ExpandedWord { from: word.text.clone(), to: words.clone() };
            self.made.guesses.push(guessed);
        }
        Ok(words)
    }

    /// Words that stand in for one that no item holds.
    pub(super) fn guess(
        &mut self,
        words: &[String],
        scope: Scope,
    ) -> Result<Option<Guess>, Refused> {
        let Some(best) = words.first() else { return Ok(None) };
        let expansions = self.known.vocabularies.expansions();
        let names = |word| [word].into_iter().chain(expansions.of(word));
        let documents: Result<Vec<u64>, _> = names(best).map(|name| self.documents(name)).collect();
        let documents = documents?.into_iter().max().unwrap_or(0);
        let weight = self.rarity(documents) * GUESS_WEIGHT;
        let names = words.iter().flat_map(|word| names(word));
        let made = names.map(|name| self.form(name, false, GUESS_WEIGHT, scope));
        let Made { query, scoring } = Made::any(made.collect::<Result<_, _>>()?);
        Ok(Some(Guess { query, scoring, weight }))
    }

    /// The inverse document frequency of a form: of its words together, as of a phrase's.
    pub(super) fn rarity_of(&self, form: &Form) -> Option<f32> {
        let terms = form.terms(self.fields());
        let all = self.snapshot().searcher.num_docs() as f32;
        let rarity = |term: &Term| {
            let documents = self.frequency(term).unwrap_or(0) as f32;
            (1.0 + (all - documents + 0.5).max(0.5) / (documents + 0.5)).ln()
        };
        (!terms.is_empty()).then(|| terms.iter().map(rarity).sum())
    }
}
