//! From a file to what is indexed of it: read, parse, classify.

use super::document::ItemDocument;
use crate::classify::{Classifier, Facets};
use crate::contain::quietly;
use crate::letter::{self, Layout, Letter};
use crate::record::LetterRecord;
use crate::source::{self, Isolated, ReadError};
use crate::vocabulary::Vocabularies;
use std::path::Path;

/// Changes whenever the same text would be read differently.
const PARSER_VERSION: u32 = 7;

/// Letters have some twenty items. A number has four digits in the order of identities.
const MOST_ITEMS: usize = 9_999;

/// The most bytes that the case summary may take in all items' texts together.
const MOST_SUMMARY: usize = 64 << 20;

/// In so many sentences of a text a request is looked for.
const MAX_SENTENCES: usize = 300;

/// Everything that turns a text into a letter's record.
#[derive(Debug)]
pub struct Pipeline {
    classifier: Classifier,
    fingerprint: String,
    version: u64,
    /// Where PDFs are extracted; in this process if `None`.
    isolated: Option<Isolated>,
}

/// A letter read from a file.
#[derive(Debug, Clone)]
pub struct ReadLetter {
    /// Its record.
    pub record: LetterRecord,
    /// Its text as read.
    pub text: String,
    /// Hash of the file's bytes; `None` where they are not at hand.
    pub content_hash: Option<blake3::Hash>,
}

impl Pipeline {
    /// Makes the vocabularies ready.
    ///
    /// # Errors
    /// If a vocabulary is too large for an automaton.
    pub fn new(vocabularies: &Vocabularies) -> Result<Self, aho_corasick::BuildError> {
        let fingerprint = Self::fingerprint_of(vocabularies);
        Ok(Self {
            classifier: Classifier::new(vocabularies)?,
            version: number(&fingerprint),
            fingerprint,
            isolated: None,
        })
    }

    /// Has PDFs extracted in processes of their own.
    pub fn isolated(self, isolated: Isolated) -> Self {
        Self { isolated: Some(isolated), ..self }
    }

    /// The fingerprint that a pipeline with these vocabularies has.
    pub fn fingerprint_of(vocabularies: &Vocabularies) -> String {
        format!("{PARSER_VERSION}-{}", vocabularies.hash())
    }

    /// Version of parser and vocabularies: letters read under another one are read again.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The fingerprint as a number, as each source's record has it.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Reads a file; `shown` is its name as it is to be shown.
    ///
    /// # Errors
    /// Those of [`source::read`] and [`Pipeline::letter`].
    pub fn read(&self, path: &Path, shown: &str) -> Result<ReadLetter, ReadError> {
        let source::Document { text, content_hash } = source::read(path, self.isolated.as_ref())?;
        match self.letter(&text, &source::stem(path), shown) {
            Ok(record) => Ok(ReadLetter { record, text, content_hash: Some(content_hash) }),
            Err(error) => Err(ReadError { content_hash: Some(content_hash), ..error }),
        }
    }

    /// The text of a file.
    ///
    /// # Errors
    /// Those of [`source::read`].
    pub fn text_of(&self, path: &Path) -> Result<String, ReadError> {
        Ok(source::read(path, self.isolated.as_ref())?.text)
    }

    /// The text of a file's bytes.
    ///
    /// # Errors
    /// Those of [`source::text`].
    pub fn text(&self, bytes: &[u8]) -> Result<String, ReadError> {
        source::text(bytes, self.isolated.as_ref())
    }

    /// Reads a letter's text; `stem` is its file's name without ending.
    ///
    /// # Errors
    /// `not-a-letter`, `items-missing` or `too-large`; `internal` where the program itself fails.
    pub fn letter(&self, text: &str, stem: &str, shown: &str) -> Result<LetterRecord, ReadError> {
        let parsed = quietly(|| self.parse(text, stem));
        let (letter, facets) = parsed.map_err(|_| {
            ReadError::new("internal", "this letter makes the program fail: please report it")
        })?;
        if letter.layout == Layout::Unknown {
            let message = "not recognised as an Independent Medical Review determination";
            return Err(ReadError::new("not-a-letter", message));
        }
        if letter.items.is_empty() {
            let message = "a determination in which no disputed item was found: cut short?";
            return Err(ReadError::new("items-missing", message));
        }
        let summary = letter.summary.as_ref().map_or(0, String::len);
        if letter.items.len() > MOST_ITEMS || letter.items.len() * summary > MOST_SUMMARY {
            let message = format!("{} disputed items: no letter has so many", letter.items.len());
            return Err(ReadError::new("too-large", message));
        }
        Ok(LetterRecord::new(&letter, &facets, shown))
    }

    /// The item that a text of no letter asks for: a sentence is the request, all of the text the reasons.
    pub fn free_text(&self, text: &str) -> ItemDocument {
        let text = text.trim();
        let request = self.request_in(text);
        let item = letter::Item {
            number: 1,
            title: request.to_owned(),
            disputed: request.to_owned(),
            rationale: (request != text).then(|| text.to_owned()),
            ..letter::Item::default()
        };
        let letter = Letter { items: vec![item], ..Letter::default() };
        let facets = self.classifier.classify(&letter);
        let mut record = LetterRecord::new(&letter, &facets, "");
        for item in &mut record.items {
            item.id = String::new();
        }
        ItemDocument::of(&record).next().unwrap_or_default()
    }

    /// The sentence or line of a text that says what is asked for: the first if it names a treatment; else the first that
    /// names a treatment and a part of the body, or a treatment; else the first.
    fn request_in<'t>(&self, text: &'t str) -> &'t str {
        let sentences = text.lines().flat_map(|line| line.split_inclusive(". ")).map(str::trim);
        let sentences = sentences.filter(|sentence| !sentence.is_empty()).take(MAX_SENTENCES);
        let mut best = ("", 0);
        for sentence in sentences {
            let item = letter::Item {
                title: sentence.to_owned(),
                disputed: sentence.to_owned(),
                ..letter::Item::default()
            };
            let facets =
                self.classifier.classify(&Letter { items: vec![item], ..Letter::default() });
            let named = facets.items.first().map_or(0, |item| match item.treatments.as_slice() {
                [] => 0,
                _ => 1 + usize::from(!item.regions.is_empty()),
            });
            if best.0.is_empty() {
                best = (sentence, named);
                if named > 0 {
                    break;
                }
            } else if named > best.1 {
                best = (sentence, named);
            }
        }
        best.0
    }

    /// The items of a letter's text; what any other text asks for.
    pub fn items(&self, text: &str, stem: &str, shown: &str) -> Vec<ItemDocument> {
        match self.letter(text, stem, shown) {
            Ok(letter) => ItemDocument::of(&letter).collect(),
            Err(_) => vec![self.free_text(text)],
        }
    }

    /// Parses and classifies a text whatever it is.
    pub fn parse(&self, text: &str, stem: &str) -> (Letter, Facets) {
        let letter = letter::parse(text, stem);
        let facets = self.classifier.classify(&letter);
        (letter, facets)
    }
}

/// The first bytes of a hash.
fn number(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    hash.as_bytes()[..8].iter().fold(0, |all, byte| (all << 8) | u64::from(*byte))
}
