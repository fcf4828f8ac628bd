//! Slips: how many letters part two words, and the words of a sorted list that few part from one.
//!
//! A slip adds, drops or changes a letter, or swaps it with its neighbour (optimal string alignment distance).

use tantivy_fst::Automaton;

/// How many slips part two words, if at most `most`.
pub(super) fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut rows = Rows::first(a.len());
    for letter in b {
        rows = rows.next(a, Letter::Known(*letter));
        if rows.least() > most {
            return None;
        }
    }
    rows.last.last().copied().map(usize::from).filter(|slips| *slips <= most)
}

/// Passes over words that too many slips part from one, or whose first letter is another. Letters that take several bytes
/// count as right: what it finds is to be compared.
pub(super) struct Near<'w> {
    pub(super) word: &'w [char],
    pub(super) slips: usize,
}

/// A letter of the other word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    Known(char),
    Any,
}

impl Letter {
    fn is(self, letter: char) -> bool {
        self == Letter::Any || self == Letter::Known(letter)
    }
}

/// The last two rows of the table of slips between the beginnings of two words, one row a letter of the other word.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    last: Vec<u8>,
    before: Vec<u8>,
    letter: Option<Letter>,
}

impl Rows {
    /// Before the first letter, for a word of so many.
    fn first(letters: usize) -> Self {
        let last = (0..=letters).map(|slips| slips.try_into().unwrap_or(u8::MAX)).collect();
        Self { last, before: Vec::new(), letter: None }
    }

    fn next(&self, word: &[char], letter: Letter) -> Self {
        let Self { last, before, letter: previous } = self;
        let mut row = Vec::with_capacity(last.len());
        row.push(last[0].saturating_add(1));
        for at in 1..last.len() {
            let changed = last[at - 1].saturating_add(u8::from(!letter.is(word[at - 1])));
            let one_more = last[at].min(row[at - 1]).saturating_add(1);
            let is_swapped = at > 1
                && letter.is(word[at - 2])
                && previous.is_some_and(|previous| previous.is(word[at - 1]));
            let swapped = if is_swapped { before[at - 2].saturating_add(1) } else { u8::MAX };
            row.push(changed.min(one_more).min(swapped));
        }
        Self { before: last.clone(), last: row, letter: Some(letter) }
    }

    /// How many letters of the other word were read: all of them are slips where nothing of the word was.
    fn letters(&self) -> u8 {
        self.last[0]
    }

    /// The fewest slips that any beginning of the word is away.
    fn least(&self) -> usize {
        self.last.iter().min().copied().unwrap_or(u8::MAX).into()
    }
}

impl Near<'_> {
    fn begins_with(&self, letter: Option<Letter>) -> bool {
        self.word.first().zip(letter).is_some_and(|(first, letter)| letter.is(*first))
    }
}

impl Automaton for Near<'_> {
    type State = Rows;

    fn start(&self) -> Rows {
        Rows::first(self.word.len())
    }

    fn is_match(&self, rows: &Rows) -> bool {
        rows.last.last().is_some_and(|slips| usize::from(*slips) <= self.slips)
    }

    fn can_match(&self, rows: &Rows) -> bool {
        rows.least() <= self.slips && (rows.letters() != 1 || self.begins_with(rows.letter))
    }

    fn accept(&self, rows: &Rows, byte: u8) -> Rows {
        match byte {
            0..=0x7f => rows.next(self.word, Letter::Known(byte.into())),
            // The further bytes of a letter.
            0x80..=0xbf => rows.clone(),
            _ => rows.next(self.word, Letter::Any),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chars(word: &str) -> Vec<char> {
        word.chars().collect()
    }

    #[test]
    fn slips() {
        for (a, b, slips) in [
            ("tramadol", "tramadl", Some(1)),
            ("tramadol", "trmaadol", Some(1)),
            ("norco", "norcos", Some(1)),
            ("norco", "soma", None),
            ("abc", "abc", Some(0)),
            ("abc", "ca", None),
            ("", "ab", Some(2)),
            ("caf\u{e9}", "cafe", Some(1)),
        ] {
            assert_eq!(distance(&chars(a), &chars(b), 2), slips, "{a} {b}");
            assert_eq!(distance(&chars(b), &chars(a), 2), slips, "{b} {a}");
        }
    }

    /// The distance by its definition.
    fn by_definition(a: &[char], b: &[char]) -> usize {
        let ([a_first @ .., a_last], [b_first @ .., b_last]) = (a, b) else {
            return a.len().max(b.len());
        };
        let changed = by_definition(a_first, b_first) + usize::from(a_last != b_last);
        let one_more = by_definition(a_first, b).min(by_definition(a, b_first)) + 1;
        let least = changed.min(one_more);
        match (a, b) {
            ([a_rest @ .., a_before, _], [b_rest @ .., b_before, _])
                if a_before == b_last && a_last == b_before =>
            {
                least.min(by_definition(a_rest, b_rest) + 1)
            }
            _ => least,
        }
    }

    /// Whether bytes are passed over at some point.
    fn finds(near: &Near<'_>, word: &str) -> bool {
        let mut rows = near.start();
        for byte in word.bytes() {
            rows = near.accept(&rows, byte);
            if !near.can_match(&rows) {
                return false;
            }
        }
        near.is_match(&rows)
    }

    proptest! {
        #[test]
        fn words_that_are_near_are_found(
            word in "[ab\u{e9}]{1,6}",
            other in "[ab\u{e9}\u{2019}]{1,6}",
            slips in 1..3_usize,
        ) {
            let (letters, others) = (chars(&word), chars(&other));
            let near = Near { word: &letters, slips };
            let by_definition = Some(by_definition(&letters, &others)).filter(|all| *all <= slips);
            prop_assert_eq!(distance(&letters, &others, slips), by_definition);
            let is_near = letters[0] == others[0] && by_definition.is_some();
            let found = finds(&near, &other);
            prop_assert!(found || !is_near, "{word} {other}");
            prop_assert!(found == is_near || !other.is_ascii(), "{word} {other}");
        }
    }
}
