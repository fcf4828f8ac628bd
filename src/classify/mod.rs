//! Gives a letter's items their facets, each with the words it came from.
//!
//! Pure: a letter and the vocabularies in, values out. What a value is called and which words
//! identify it is data of `index_schema/`; here stands only how words are weighed.

mod guideline;
mod occasion;
mod region;
mod side;
mod slip;
mod specialty;
mod statements;
mod tied;
mod topics;
mod treatment;

use self::tied::Asked;
use crate::letter::{Item, Letter, Outcome, Warning};
use crate::vocabulary::{Hit, Matcher, Tokens, Vocabularies, Vocabulary};

/// A value with the words it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Canonical path.
    pub path: String,
    /// The words as printed; empty for a value that stands for nothing being named.
    pub words: String,
    /// Where the words stand.
    pub from: Place,
}

/// A part of a letter that facets are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The item's title.
    Title,
    /// The portion of the title in dispute.
    Disputed,
    /// The item's rationale.
    Rationale,
    /// A guideline field.
    Guideline,
    /// The reviewer's credentials.
    Credentials,
}

impl Place {
    /// The name of the place for a person.
    pub fn as_str(self) -> &'static str {
        match self {
            Place::Title => "title",
            Place::Disputed => "disputed portion",
            Place::Rationale => "rationale",
            Place::Guideline => "guideline field",
            Place::Credentials => "credentials",
        }
    }
}

/// A guideline cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The chapter's path and the words that name it.
    pub found: Found,
    /// Year or edition, where printed.
    pub year: Option<u16>,
    /// Sections or topics as printed.
    pub topics: Vec<String>,
    /// Pages as printed, such as `303-305`.
    pub pages: Vec<String>,
}

/// The facets of one item beyond those that the letter states itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFacets {
    /// Body regions.
    pub regions: Vec<Found>,
    /// What was asked for.
    pub treatments: Vec<Found>,
    /// The side of the body.
    pub laterality: Found,
    /// Whether the treatment was still to come.
    pub timing: Found,
    /// What the claims administrator cites.
    pub claims_guidelines: Vec<Citation>,
    /// What the reviewer cites.
    pub reviewer_guidelines: Vec<Citation>,
}

impl ItemFacets {
    /// Where the body regions come from; `None` if there are none.
    pub fn region_basis(&self) -> Option<&'static str> {
        self.regions.first().map(|found| match found.from {
            Place::Rationale => "rationale",
            _ => "item",
        })
    }
}

/// The facets of a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// The reviewer's specialties.
    pub specialties: Vec<Found>,
    /// The states that license the reviewer.
    pub states: Vec<Found>,
    /// Of each item, in letter order.
    pub items: Vec<ItemFacets>,
    /// What could not be placed.
    pub warnings: Vec<Warning>,
}

/// The vocabularies made ready for classifying letters.
#[derive(Debug)]
pub struct Classifier {
    regions: region::Regions,
    treatments: treatment::Treatments,
    laterality: Lexicon,
    timing: Lexicon,
    guidelines: guideline::Guidelines,
    specialties: specialty::Names,
    states: specialty::Names,
}

/// A vocabulary and its matcher.
#[derive(Debug)]
struct Lexicon {
    vocabulary: Vocabulary,
    matcher: Matcher,
}

impl Lexicon {
    fn new(vocabulary: &Vocabulary) -> Result<Self, aho_corasick::BuildError> {
        Ok(Self { matcher: Matcher::new(vocabulary)?, vocabulary: vocabulary.clone() })
    }

    fn hits(&self, text: &Cut<'_>) -> Vec<Hit> {
        self.matcher.find(text.text, &text.tokens)
    }

    fn path(&self, hit: &Hit) -> &str {
        &self.vocabulary.values[hit.value].path
    }

    fn found(&self, hit: &Hit, text: &Cut<'_>, from: Place) -> Found {
        let words = text.text[hit.source.clone()].to_owned();
        Found { path: self.path(hit).to_owned(), words, from }
    }
}

/// A text and its tokens.
#[derive(Debug)]
struct Cut<'a> {
    text: &'a str,
    tokens: Tokens,
}

impl<'a> Cut<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, tokens: Tokens::of(text) }
    }

    /// A token as it is compared; nothing past the end.
    fn token(&self, at: usize) -> &str {
        let token = self.tokens.tokens.get(at);
        token.map_or("", |token| &self.tokens.normal[token.normal.clone()])
    }
}

impl Classifier {
    /// Makes the vocabularies ready.
    ///
    /// # Errors
    /// If a vocabulary is too large for an automaton.
    pub fn new(vocabularies: &Vocabularies) -> Result<Self, aho_corasick::BuildError> {
        let empty = Vocabulary::default();
        let of = |facet: &str| vocabularies.facet(facet).map_or(&empty, |facet| &*facet.vocabulary);
        Ok(Self {
            regions: region::Regions::new(of("region"), of("treatment"))?,
            treatments: treatment::Treatments::new(of("treatment"), of("region"))?,
            laterality: Lexicon::new(of("laterality"))?,
            timing: Lexicon::new(of("timing"))?,
            guidelines: guideline::Guidelines::new(of("guideline"))?,
            specialties: specialty::Names::new(of("specialty")),
            states: specialty::Names::new(of("state")),
        })
    }

    /// Classifies a letter and its items.
    pub fn classify(&self, letter: &Letter) -> Facets {
        let mut facets = Facets::default();
        if let Some(printed) = &letter.reviewer.printed {
            facets.specialties =
                self.specialties.read(printed, "specialty-unknown", &mut facets.warnings);
        }
        for state in &letter.reviewer.states {
            facets.states.extend(self.states.read(state, "state-unknown", &mut facets.warnings));
        }
        for item in &letter.items {
            let classified = self.item(item, &mut facets.warnings);
            facets.items.push(classified);
        }
        facets
    }

    fn item(&self, item: &Item, warnings: &mut Vec<Warning>) -> ItemFacets {
        let mut cited = |field: Option<&String>, denial: &[Citation]| {
            field.map_or_else(Vec::new, |text| {
                let citations = self.guidelines.read(text, denial);
                if citations.is_empty() {
                    let message = format!("no guideline known by this name: {text}");
                    let item = Some(item.number);
                    warnings.push(Warning { code: "guideline-unknown", message, item });
                }
                citations
            })
        };
        let claims_guidelines = cited(item.claims_guideline.as_ref(), &[]);
        let reviewer_guidelines = cited(item.reviewer_guideline.as_ref(), &claims_guidelines);
        let title = Cut::new(&item.title);
        let whole = item.disputed == item.title;
        let portion = (!whole).then(|| Cut::new(&item.disputed));
        let treatments = self.treatments.read(portion.as_ref().unwrap_or(&title));
        if treatments.is_empty() && item.outcome != Outcome::Unknown {
            let message = format!("no treatment known by these words: {}", item.disputed);
            let item = Some(item.number);
            warnings.push(Warning { code: "treatment-unknown", message, item });
        }
        let is_named = |sentence: &Cut<'_>| self.treatments.names_one(sentence, &treatments);
        let asked = Asked { title: &title, treatments: &treatments, is_named: &is_named };
        ItemFacets {
            regions: self.regions.read(item, &asked),
            treatments,
            laterality: side::side(&self.laterality, &title, &|| self.regions.hits(&title)),
            timing: only(&self.timing, &title, "prospective"),
            claims_guidelines,
            reviewer_guidelines,
        }
    }
}

/// The first value named, or the one that holds where nothing is.
fn only(lexicon: &Lexicon, title: &Cut<'_>, otherwise: &str) -> Found {
    lexicon.hits(title).first().map_or_else(
        || Found { path: otherwise.to_owned(), words: String::new(), from: Place::Title },
        |hit| lexicon.found(hit, title, Place::Title),
    )
}

/// Adds a value that is not there yet.
fn add(found: &mut Vec<Found>, new: Found) {
    if !found.iter().any(|known| known.path == new.path) {
        found.push(new);
    }
}

#[cfg(test)]
mod tests;
