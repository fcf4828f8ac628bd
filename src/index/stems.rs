//! Stems of words, remembered: stemming takes most of the time of cutting text into tokens, and the
//! same words come again and again.

use super::pairs;
use crate::vocabulary::short_form;
use foldhash::HashMap;
use std::sync::LazyLock;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

/// How much is remembered where nothing else bounds it, in bytes.
const MOST: usize = 32 << 20;
/// What a word takes beside the bytes of its text, of which there are up to four, about: its places in the tables.
const WORD: usize = 128;

/// Words whose stem is another word's with another meaning, such as "medication" and "medical": in each line those that
/// share a stem of their own, of which the first is the name. Found by looking at what letters hold of each stem.
pub(super) const OWN: &str = include_str!("own_stems.txt");

static OWN_STEMS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = OWN.lines().filter_map(|line| Some((line, line.split(' ').next()?)));
    lines.flat_map(|(line, name)| line.split(' ').map(move |word| (word, name))).collect()
});

/// A word by its number, and the number of its stem.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub(crate) number: u32,
    pub(crate) stem: u32,
}

/// Words and their stems (Snowball English, but for [`OWN`]); short forms are their own.
pub(crate) struct Stems {
    stemmer: TextAnalyzer,
    /// Words of few bytes by these bytes, and the others: most are short, and are found without following a pointer.
    short: HashMap<u128, Word>,
    long: HashMap<Box<str>, Word>,
    words: Vec<Box<str>>,
    /// The number of each stem.
    ids: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    /// Of each stem, its number among the frequent ones if it is one.
    frequent: Vec<Option<u16>>,
    bytes: usize,
}

impl Default for Stems {
    fn default() -> Self {
        let stemmer = Stemmer::new(Language::English);
        Self {
            stemmer: TextAnalyzer::builder(RawTokenizer::default()).filter(stemmer).build(),
            short: HashMap::default(),
            long: HashMap::default(),
            words: Vec::new(),
            ids: HashMap::default(),
            texts: Vec::new(),
            frequent: Vec::new(),
            bytes: 0,
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
        self.word(word).stem
    }

    /// A word in lower case by its number, and its stem's.
    pub(crate) fn word(&mut self, word: &str) -> Word {
        let packed = packed(word);
        let known = packed.map_or_else(|| self.long.get(word), |packed| self.short.get(&packed));
        if let Some(known) = known {
            return *known;
        }
        let own = || OWN_STEMS.get(word).copied();
        let stem: Box<str> = match short_form(word).or_else(own) {
            // "TENS" is no "ten" nor "tense", and "MRIs" are MRI: in capitals, as no other stem is.
            Some(name) => name.to_uppercase().into(),
            None => self.stemmed(word),
        };
        let next = self.texts.len() as u32;
        let id = *self.ids.entry(stem.clone()).or_insert(next);
        if id == next {
            self.frequent.push(pairs::frequent(&stem));
            self.texts.push(stem);
        }
        let known = Word { number: self.words.len() as u32, stem: id };
        self.words.push(word.into());
        self.bytes += WORD + 4 * word.len();
        match packed {
            Some(packed) => self.short.insert(packed, known),
            None => self.long.insert(word.into(), known),
        };
        known
    }

    /// All words known, by their numbers.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&str, u32)> {
        self.words.iter().map(|text| &**text).zip(0..)
    }

    /// All stems known, by their numbers.
    pub(crate) fn stems(&self) -> impl Iterator<Item = (&str, u32)> {
        self.texts.iter().map(|text| &**text).zip(0..)
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

    /// How many bytes are taken, about.
    pub(crate) fn size(&self) -> usize {
        self.bytes
    }

    /// Whether it remembers so much that it should be begun anew.
    pub(crate) fn is_full(&self) -> bool {
        self.size() >= MOST
    }
}

/// The bytes of a word as one number, if they are few. No word has a zero byte.
fn packed(word: &str) -> Option<u128> {
    let bytes = word.as_bytes();
    let shift = |chunk: usize| 8 * (bytes.len() - chunk);
    if bytes.len() > size_of::<u128>() {
        None
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        Some(u128::from(first) | u128::from(last) << shift(8))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        Some(u128::from(first) | u128::from(last) << shift(4))
    } else {
        Some(bytes.iter().rev().fold(0, |all, byte| all << 8 | u128::from(*byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_are_their_bytes() {
        let letters = "abcdefghijklmnopqrst";
        for length in 0..=16 {
            let wanted = letters.bytes().take(length).rev();
            let wanted = wanted.fold(0, |all, byte| all << 8 | u128::from(byte));
            assert_eq!(packed(&letters[..length]), Some(wanted), "{length}");
        }
        assert_eq!(packed(&letters[..17]), None);
    }

    #[test]
    fn words_of_other_meanings_have_other_stems() {
        let mut stems = Stems::default();
        for (word, other) in [
            ("medication", "medical"),
            ("several", "severe"),
            ("position", "positive"),
            ("handed", "hand"),
            ("topical", "topic"),
            ("steroidal", "steroid"),
            ("effective", "effects"),
            ("clinical", "clinic"),
        ] {
            assert_ne!(stems.of(word), stems.of(other), "{word}");
        }
        for (word, other) in [("medications", "medication"), ("medically", "medical")] {
            assert_eq!(stems.of(word), stems.of(other), "{word}");
        }
        // Each word stands once.
        let words: Vec<&str> = OWN.split_whitespace().collect();
        assert_eq!(OWN_STEMS.len(), words.len());
        assert!(OWN.lines().all(|line| !line.is_empty() && line.trim() == line));
    }

    #[test]
    fn a_word_keeps_its_number() {
        let mut stems = Stems::default();
        let words = ["knee", "knees", "a", "electrodiagnostic", "electrodiagnostics", "tens"];
        let first = words.map(|word| stems.word(word).number);
        assert_eq!(words.map(|word| stems.word(word).number), first);
        assert!(stems.words().map(|(word, _)| word).eq(words));
        assert_eq!(stems.of("knees"), stems.of("knee"));
        assert_eq!(stems.of("electrodiagnostics"), stems.of("electrodiagnostic"));
    }
}
