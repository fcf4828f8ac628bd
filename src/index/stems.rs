//! Stems of words, remembered: stemming takes most of the time of cutting text into tokens, and the
//! same words come again and again.

use super::pairs;
use crate::vocabulary::short_form;
use foldhash::HashMap;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

/// How many words are remembered.
const MOST: usize = 1 << 18;

/// Words and their stems (Snowball English); short forms are their own.
pub(crate) struct Stems {
    stemmer: TextAnalyzer,
    /// The number of each word's stem.
    words: HashMap<Box<str>, u32>,
    /// The number of each stem.
    ids: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    /// Of each stem, its number among the frequent ones if it is one.
    frequent: Vec<Option<u16>>,
}

impl Default for Stems {
    fn default() -> Self {
        let stemmer = Stemmer::new(Language::English);
        Self {
            stemmer: TextAnalyzer::builder(RawTokenizer::default()).filter(stemmer).build(),
            words: HashMap::default(),
            ids: HashMap::default(),
            texts: Vec::new(),
            frequent: Vec::new(),
        }
    }
}

impl std::fmt::Debug for Stems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stems").field("words", &self.words.len()).finish_non_exhaustive()
    }
}

impl Stems {
    /// The number of a word's stem; the word is in lower case.
    pub(crate) fn of(&mut self, word: &str) -> u32 {
        if let Some(id) = self.words.get(word) {
            return *id;
        }
        let stem: Box<str> = match short_form(word) {
            // "TENS" is no "ten" nor "tense", and "MRIs" are MRI: in capitals, as no other stem is.
            Some(short) => short.to_uppercase().into(),
            None => self.stemmed(word),
        };
        let next = self.texts.len() as u32;
        let id = *self.ids.entry(stem.clone()).or_insert(next);
        if id == next {
            self.frequent.push(pairs::frequent(&stem));
            self.texts.push(stem);
        }
        self.words.insert(word.into(), id);
        id
    }

    fn stemmed(&mut self, word: &str) -> Box<str> {
        let mut stream = self.stemmer.token_stream(word);
        if stream.advance() { stream.token().text.as_str() } else { word }.into()
    }

    /// A stem by its number.
    pub(crate) fn text(&self, id: u32) -> &str {
        &self.texts[id as usize]
    }

    /// The number of a stem among the frequent ones, if it is one.
    pub(crate) fn frequent(&self, id: u32) -> Option<u16> {
        self.frequent[id as usize]
    }

    /// Whether it remembers so much that it should be begun anew.
    pub(crate) fn is_full(&self) -> bool {
        self.words.len() >= MOST
    }
}
