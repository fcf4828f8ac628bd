//! Reads texts word by word: each word is looked up once and known by its number, as are its stem and the pairs of
//! frequent stems that it stands in.

use super::super::cutter::{Cut, cut};
use super::super::pairs::Finder;
use super::super::parts::{PART, SENTENCE, WEIGHTS, last_part};
use super::super::stems::{Stems, Word};

/// What reads texts; words and stems keep their numbers.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) stems: Stems,
    cut: Cut,
    last_part: LastPart,
    /// How often each stem counts in the text.
    counts: Vec<Count>,
    /// The stems of the text, each once.
    given: Vec<u32>,
    /// Of which text counts are, told from others.
    text: u32,
    pairs: Finder,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    text: u32,
    times: u32,
}

impl Texts {
    /// How many bytes are taken by what is remembered of words, about.
    pub(super) fn size(&self) -> usize {
        self.stems.size() + self.counts.capacity() * size_of::<Count>()
    }

    /// Reads the words of a letter's text as printed and gives the number and place of each.
    pub(super) fn read_letter(&mut self, text: &str, mut give: impl FnMut(u32, u32)) {
        self.last_part.read(text, &mut self.stems);
        for (word, place) in &self.last_part.words {
            give(word.number, *place);
        }
    }

    /// Reads an item's text and gives the number and place of each word of all parts but the last. What else is known
    /// of it is told by [`Self::stems_read`] and [`Self::pairs_read`].
    pub(super) fn read_item(&mut self, text: &str, mut give: impl FnMut(u32, u32)) {
        let (parts, last_part) = text.split_at(last_part(text));
        self.text = self.text.wrapping_add(1);
        self.given.clear();
        self.pairs.clear();
        self.cut.clear();
        cut(parts, true, &mut self.cut);
        let mut part = 0;
        for at in 0..self.cut.tokens.len() {
            let token = self.cut.tokens[at];
            let text = self.cut.text(&token);
            let word = self.stems.word(text);
            give(word.number, token.position);
            match text {
                PART => part += 1,
                SENTENCE => {}
                _ => {
                    self.count(word.stem, weight(part));
                    self.pairs.see(token.position, self.stems.frequent(word.stem));
                }
            }
        }
        self.last_part.read(last_part, &mut self.stems);
        for at in 0..self.last_part.words.len() {
            let (word, _) = self.last_part.words[at];
            self.count(word.stem, weight(part));
        }
        self.pairs.found.extend_from_slice(&self.last_part.pairs.found);
        self.pairs.found.sort_unstable();
        self.pairs.found.dedup();
    }

    fn count(&mut self, stem: u32, weight: Option<u8>) {
        let at = stem as usize;
        if self.counts.len() <= at {
            self.counts.resize(at + 1, Count::default());
        }
        let count = &mut self.counts[at];
        let is_first = count.text != self.text;
        if is_first {
            *count = Count { text: self.text, times: 0 };
            self.given.push(stem);
        }
        count.times += u32::from(weight.unwrap_or(u8::from(is_first)));
    }

    /// The stems of the item that was read last, and how often each counts: as often as its part weighs, so that one
    /// frequency holds the weights of all parts; of a part that weighs nothing, those that stand nowhere else, once.
    pub(super) fn stems_read(&self) -> impl Iterator<Item = (u32, u32)> {
        let times = |stem: &u32| (*stem, self.counts[*stem as usize].times);
        self.given.iter().map(times).filter(|(_, times)| *times > 0)
    }

    /// The pairs of frequent stems that stand side by side in that item, each once.
    pub(super) fn pairs_read(&self) -> &[u32] {
        &self.pairs.found
    }
}

/// How much a part weighs, by its number.
fn weight(part: usize) -> Option<u8> {
    WEIGHTS[part.min(WEIGHTS.len() - 1)]
}

/// The last part of a text, remembered: a letter's case summary is read for the letter and for each of its items.
#[derive(Debug, Default)]
struct LastPart {
    text: String,
    cut: Cut,
    words: Vec<(Word, u32)>,
    pairs: Finder,
}

impl LastPart {
    fn read(&mut self, text: &str, stems: &mut Stems) {
        if self.text == text {
            return;
        }
        self.text.clear();
        self.text.push_str(text);
        self.cut.clear();
        cut(text, true, &mut self.cut);
        self.words.clear();
        self.pairs.clear();
        for token in &self.cut.tokens {
            let word = stems.word(self.cut.text(token));
            self.words.push((word, token.position));
            self.pairs.see(token.position, stems.frequent(word.stem));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::pairs;
    use super::*;

    /// The words of an item's text with their places, its stems with their weights, and its pairs.
    type Read = (Vec<(String, u32)>, Vec<(String, u32)>, Vec<String>);

    fn read(texts: &mut Texts, text: &str) -> Read {
        let mut words = Vec::new();
        texts.read_item(text, |word, place| words.push((word, place)));
        let text_of = |number: u32| {
            let found = texts.stems.words().find(|(_, word)| *word == number);
            found.unwrap_or_default().0.to_owned()
        };
        let words = words.into_iter().map(|(word, place)| (text_of(word), place)).collect();
        let stem = |(stem, times): (u32, u32)| (texts.stems.text(stem).to_owned(), times);
        let mut stems: Vec<(String, u32)> = texts.stems_read().map(stem).collect();
        stems.sort_unstable();
        let pairs = texts.pairs_read().iter().map(|pair| pairs::text_of(*pair)).collect();
        (words, stems, pairs)
    }

    #[test]
    fn what_was_read_before_changes_nothing() {
        let mut texts = Texts::default();
        for text in [
            "knee pain\u{1e}knee brace",
            "hip pain\u{1e}knee brace",
            "a hip, 5%\u{1e}left knee-brace",
            "left knee-brace",
            "",
            "knee pain\u{1e}knee brace",
        ] {
            assert_eq!(read(&mut texts, text), read(&mut Texts::default(), text), "{text}");
        }
    }

    #[test]
    fn a_word_counts_as_often_as_its_part_weighs() {
        let text = "Knees\u{1e}knee\u{1e}brace\u{1e}\u{1e}braces tried\u{1e}tried knee pains pain";
        let (words, stems, _) = read(&mut Texts::default(), text);
        let times =
            |wanted: &str| stems.iter().find(|(stem, _)| stem == wanted).map(|found| found.1);
        let wanted = [("knee", 4), ("brace", 3), ("tri", 2), ("pain", 1)];
        assert!(wanted.iter().all(|(stem, count)| times(stem) == Some(*count)), "{stems:?}");
        assert_eq!(stems.len(), wanted.len());
        let wanted = ["knees", "\u{1e}", "knee", "\u{1e}", "brace", "\u{1e}", "\u{1e}", "braces"];
        assert!(
            words
                .iter()
                .zip(0..)
                .zip(wanted)
                .all(|((word, place), text)| *word == (text.to_owned(), place))
        );
        assert_eq!(words.len(), wanted.len() + 2);
    }

    #[test]
    fn pairs_stand_side_by_side_in_one_part_and_count_once() {
        let pairs = |text: &str| read(&mut Texts::default(), text).2;
        assert_eq!(
            pairs("knee pain\u{1e}\u{1f}Pain of the knee.\u{1f}Knee pains, knee\u{1e}brace"),
            ["knee knee", "knee pain", "pain knee"]
        );
        assert_eq!(pairs("functional improvement"), ["function improv"]);
        assert!(pairs("functional\u{1e}improvement").is_empty());
        assert!(pairs("functional zebra improvement").is_empty());
    }

    #[test]
    fn all_forms_at_a_place_make_pairs() {
        let pairs = |text: &str| read(&mut Texts::default(), text).2;
        assert_eq!(pairs("severe knee-joint pain"), ["joint pain", "knee joint", "sever knee"]);
        assert_eq!(pairs("post-op zebra"), ["post op", "postop op"]);
    }
}
