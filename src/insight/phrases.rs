//! Finds the phrases of one to four words that stand in many reasons of either of two sides.
//!
//! A longer phrase is only counted where both its shorter ones are frequent, so that most of a text
//! is passed over. Every phrase counts once a rationale.

use super::verdict::VerdictRule;
use crate::index::{Placed, printed_once};
use crate::vocabulary::{Phrases, Verdicts};
use foldhash::{HashMap, HashSet};
use std::ops::Range;

/// The longest phrase, in words.
pub(super) const LONGEST: usize = 4;
/// A sentence that so many rationales of each side hold, word for word, says nothing of either.
const BOILERPLATE: u32 = 3;
/// No word.
const NONE: u32 = u32::MAX;

/// A phrase as the numbers of its words.
pub(super) type Key = [u32; LONGEST];

/// What stands in the way of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Reasons only: no verdicts, no boilerplate, no small words at either end.
    Reasons,
    /// Everything.
    All,
}

/// A rationale cut into numbered words.
pub(super) struct Rationale {
    pub(super) side: usize,
    pub(super) words: Vec<u32>,
    /// Where phrases are looked for: reaches of words.
    clauses: Vec<Range<usize>>,
    /// Sentences, by hash, with the clauses in them.
    sentences: Vec<(u64, Range<usize>)>,
}

/// Rationales with the words that their numbers stand for.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) rationales: Vec<Rationale>,
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

/// How many rationales of each side hold a phrase.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    holding: [u32; 2],
    /// The last rationale that counted, from 1.
    last: u32,
}

impl Texts {
    /// Cuts rationales, each with its side.
    pub(super) fn new<'t>(
        texts: impl Iterator<Item = (usize, &'t str)>,
        rule: &VerdictRule<'_>,
        kept: Kept,
    ) -> Self {
        let mut this = Self::default();
        for (side, text) in texts {
            let rationale = this.cut(side, text, rule, kept);
            this.rationales.push(rationale);
        }
        this
    }

    /// Adds the rationales of another, after its own.
    pub(super) fn append(&mut self, other: Texts) {
        let numbers: Vec<u32> = other.names.iter().map(|name| self.number(name)).collect();
        self.rationales.extend(other.rationales.into_iter().map(|mut rationale| {
            rationale.words.iter_mut().for_each(|word| *word = numbers[*word as usize]);
            rationale
        }));
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    fn cut(&mut self, side: usize, text: &str, rule: &VerdictRule<'_>, kept: Kept) -> Rationale {
        let words = printed_once(text);
        let reach = |place: &Range<usize>| {
            let first = words.partition_point(|(word, _)| word.start < place.start);
            first..words.partition_point(|(word, _)| word.start < place.end)
        };
        let (mut clauses, mut sentences) = (Vec::new(), Vec::new());
        for sentence in rule.of_words(text, &words) {
            let first = clauses.len();
            match kept {
                Kept::Reasons => clauses.extend(sentence.reasons.iter().map(reach)),
                Kept::All => clauses.push(reach(&sentence.place)),
            }
            sentences.push((hash(&words[reach(&sentence.place)]), first..clauses.len()));
        }
        let words = words.iter().map(|(_, word)| self.number(word)).collect();
        Rationale { side, words, clauses, sentences }
    }

    /// The words of a phrase.
    pub(super) fn words(&self, key: &Key) -> Vec<String> {
        key.iter()
            .take_while(|word| **word != NONE)
            .map(|word| self.names[*word as usize].clone())
            .collect()
    }

    /// The phrases that at least `least` rationales of a side hold in their reasons, with how many of
    /// each side do.
    pub(super) fn frequent(
        &self,
        least: u32,
        verdicts: &Verdicts,
        kept: Kept,
    ) -> Vec<(Key, [u32; 2])> {
        let kinds = Kinds::new(self, verdicts, kept);
        let clauses = self.clauses(kept);
        let mut found = Vec::new();
        let mut shorter: HashSet<Key> = HashSet::default();
        for length in 1..=LONGEST {
            let mut counts: HashMap<Key, Count> = HashMap::default();
            for (at, (rationale, clauses)) in self.rationales.iter().zip(&clauses).enumerate() {
                for clause in clauses {
                    for words in rationale.words[clause.clone()].windows(length) {
                        if length == 1
                            || shorter.contains(&key(&words[1..]))
                                && shorter.contains(&key(&words[..length - 1]))
                        {
                            counts.entry(key(words)).or_default().add(at, rationale.side);
                        }
                    }
                }
            }
            counts.retain(|_, count| count.holding.iter().any(|holding| *holding >= least));
            found.extend(
                counts
                    .iter()
                    .filter(|(key, _)| kinds.is_phrase(&key[..length]))
                    .map(|(key, count)| (*key, count.holding)),
            );
            shorter = counts.into_keys().collect();
        }
        found.sort_unstable();
        found
    }

    /// Of each rationale the clauses that count: those of boilerplate do not.
    fn clauses(&self, kept: Kept) -> Vec<Vec<Range<usize>>> {
        let mut counts: HashMap<u64, Count> = HashMap::default();
        for (at, rationale) in self.rationales.iter().enumerate() {
            for (sentence, _) in &rationale.sentences {
                counts.entry(*sentence).or_default().add(at, rationale.side);
            }
        }
        let is_boilerplate = |sentence: &u64| {
            let holding = counts.get(sentence).map_or([0; 2], |count| count.holding);
            kept == Kept::Reasons && holding.iter().all(|holding| *holding >= BOILERPLATE)
        };
        let own = self.rationales.iter().map(|rationale| {
            let sentences =
                rationale.sentences.iter().filter(|(sentence, _)| !is_boilerplate(sentence));
            sentences
                .flat_map(|(_, reach)| rationale.clauses[reach.clone()].iter().cloned())
                .collect()
        });
        own.collect()
    }

    /// How many rationales of each side hold each of a few phrases anywhere.
    pub(super) fn holding(&self, keys: &[Key]) -> Vec<[u64; 2]> {
        let mut by_first: HashMap<u32, Vec<usize>> = HashMap::default();
        for (at, key) in keys.iter().enumerate() {
            by_first.entry(key[0]).or_default().push(at);
        }
        let mut counts = vec![Count::default(); keys.len()];
        for (number, rationale) in self.rationales.iter().enumerate() {
            for (place, word) in rationale.words.iter().enumerate() {
                for at in by_first.get(word).into_iter().flatten() {
                    if stands_at(&keys[*at], &rationale.words[place..]) {
                        counts[*at].add(number, rationale.side);
                    }
                }
            }
        }
        counts.iter().map(|count| count.holding.map(u64::from)).collect()
    }
}

impl Count {
    fn add(&mut self, rationale: usize, side: usize) {
        if self.last != rationale as u32 + 1 {
            self.last = rationale as u32 + 1;
            self.holding[side] += 1;
        }
    }
}

fn key(words: &[u32]) -> Key {
    let mut key = [NONE; LONGEST];
    key[..words.len()].copy_from_slice(words);
    key
}

/// Whether a phrase begins a text.
fn stands_at(key: &Key, words: &[u32]) -> bool {
    key.iter().enumerate().all(|(at, word)| *word == NONE || words.get(at) == Some(word))
}

fn hash(words: &[Placed]) -> u64 {
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = foldhash::fast::FixedState::default().build_hasher();
    for (_, word) in words {
        hasher.write(word.as_bytes());
        hasher.write_u8(b' ');
    }
    hasher.finish()
}

/// What kind of word each number is.
struct Kinds {
    small: Vec<bool>,
    telling: Vec<bool>,
    outcome: Vec<bool>,
    sources: Vec<bool>,
    letters: Vec<bool>,
    kept: Kept,
}

impl Kinds {
    fn new(texts: &Texts, verdicts: &Verdicts, kept: Kept) -> Self {
        let is_in = |list: &Phrases| -> Vec<bool> {
            let list: HashSet<&str> = list.iter().collect();
            texts.names.iter().map(|name| list.contains(name.as_str())).collect()
        };
        Self {
            small: is_in(&verdicts.small),
            telling: is_in(&verdicts.telling),
            outcome: is_in(&verdicts.words),
            sources: is_in(&verdicts.sources),
            letters: texts.names.iter().map(|name| name.chars().any(char::is_alphabetic)).collect(),
            kept,
        }
    }

    /// Whether words make a phrase worth showing: not cut out of a longer one at a small word, and
    /// no statement of the outcome or name of a guideline.
    fn is_phrase(&self, words: &[u32]) -> bool {
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
        let is = |kind: &[bool], word: u32| kind[word as usize];
        if !words.iter().any(|word| is(&self.letters, *word)) {
            return false;
        }
        self.kept == Kept::All
            || !is(&self.small, *first)
                && !is(&self.small, *last)
                && !is(&self.telling, *last)
                && is(&self.letters, *last)
                && !words.iter().any(|word| is(&self.outcome, *word) || is(&self.sources, *word))
    }
}
