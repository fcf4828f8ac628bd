//! Finds the words of a vocabulary in a text: longest match on word boundaries.

use super::model::{Phrases, Value, Vocabulary};
use super::tokens::Tokens;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::ops::Range;

/// How much a match says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// The words identify the value.
    Strong,
    /// The words count only where nothing else is identified.
    Weak,
}

/// A value identified by words of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The value's place in its vocabulary.
    pub value: usize,
    /// How much the words say.
    pub strength: Strength,
    /// The words' place in the text, in bytes.
    pub source: Range<usize>,
    /// The words' place in tokens.
    pub tokens: Range<usize>,
}

/// A vocabulary made ready for matching.
#[derive(Debug)]
pub struct Matcher {
    automaton: AhoCorasick,
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    /// The value meant; `None` for a phrase that only looks like one.
    value: Option<usize>,
    strength: Strength,
    /// The term ends in `*`.
    open: bool,
    /// The last word may carry a plural ending.
    plural: bool,
    /// The exact case the words must have.
    case: Option<String>,
    /// One of these must stand in the same text.
    near: Option<Vec<Term>>,
}

/// A term in normal form.
#[derive(Debug)]
struct Term {
    /// Tokens joined by spaces, with one in front.
    words: String,
    open: bool,
    plural: bool,
}

impl Term {
    fn new(term: &str) -> Self {
        let open = term.ends_with('*');
        let normal = Tokens::of(term.trim_end_matches('*')).normal;
        let words = normal.trim_end().to_owned();
        let last = words.rsplit(' ').next().unwrap_or_default();
        let plural = !open && last.len() >= 3 && last.bytes().all(|b| b.is_ascii_alphabetic());
        Self { words, open, plural }
    }

    fn is_in(&self, normal: &str) -> bool {
        let mut ends = normal.match_indices(&self.words).map(|(at, words)| at + words.len());
        ends.any(|end| ends_word(normal, end, self.open, self.plural).is_some())
    }
}

/// The terms that one with alternatives stands for: `(hand|foot) (surgery|surgeon)` is four.
pub fn alternatives(term: &str) -> Vec<String> {
    let group = term.match_indices('(').find_map(|(open, _)| {
        let close = open + term[open..].find(')')?;
        term[open..close].contains('|').then_some((open, close))
    });
    let Some((open, close)) = group else { return vec![term.to_owned()] };
    let words = term[open + 1..close].split('|');
    let each = words.map(|word| format!("{}{word}{}", &term[..open], &term[close + 1..]));
    each.flat_map(|term| alternatives(&term)).collect()
}

/// The end of the word if a term may end at `end`.
fn ends_word(normal: &str, end: usize, open: bool, plural: bool) -> Option<usize> {
    let rest = &normal[end..];
    if open {
        return Some(end + rest.find(' ').unwrap_or(rest.len()));
    }
    if rest.starts_with(' ') || rest.is_empty() {
        return Some(end);
    }
    let endings = ["s ", "es "];
    endings.iter().find(|e| plural && rest.starts_with(**e)).map(|e| end + e.len() - 1)
}

/// The most terms of a vocabulary that is matched by a table of all states.
const DENSE: usize = 800;

impl Matcher {
    /// Makes a vocabulary ready for matching.
    ///
    /// # Errors
    /// If the vocabulary is too large for an automaton.
    pub fn new(vocabulary: &Vocabulary) -> Result<Self, aho_corasick::BuildError> {
        let mut words = Vec::new();
        let mut patterns = Vec::new();
        let mut add = |term: &str, value, strength, near: Option<&Phrases>| {
            for term in alternatives(term) {
                let Term { words: normal, open, plural } = Term::new(&term);
                let exact = term.chars().any(char::is_uppercase);
                patterns.push(Pattern {
                    value,
                    strength,
                    open,
                    plural: plural && !exact,
                    case: exact.then(|| term.trim_end_matches('*').to_owned()),
                    near: near.map(|near| {
                        near.iter().flat_map(alternatives).map(|term| Term::new(&term)).collect()
                    }),
                });
                words.push(normal);
            }
        };
        for (at, value) in vocabulary.values.iter().enumerate() {
            for term in &value.terms {
                add(term, Some(at), Strength::Strong, None);
            }
            for term in &value.weak {
                add(term, Some(at), Strength::Weak, None);
            }
            for when in &value.when {
                add(&when.term, Some(at), Strength::Strong, Some(&when.near));
            }
        }
        for term in vocabulary.false_friends.iter().flat_map(|friend| &friend.terms) {
            add(term, None, Strength::Strong, None);
        }
        // A large vocabulary would take longer to make ready than it saves.
        let kind = (words.len() <= DENSE).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasick::builder().kind(kind).build(words)?;
        Ok(Self { automaton, patterns })
    }

    /// Finds values in a text, in text order. Of matches that overlap the first and longest wins;
    /// words that mean several values give a hit for each.
    pub fn find(&self, text: &str, tokens: &Tokens) -> Vec<Hit> {
        let mut spans = self.spans(text, tokens);
        spans.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut hits: Vec<Hit> = Vec::new();
        let mut taken = 0..0;
        for (range, pattern) in spans {
            if range.start < taken.end && range != taken {
                continue;
            }
            taken = range.clone();
            let pattern = &self.patterns[pattern];
            let Some(value) = pattern.value else { continue };
            let source =
                tokens.tokens[range.start].source.start..tokens.tokens[range.end - 1].source.end;
            let hit = Hit { value, strength: pattern.strength, source, tokens: range };
            // Hits of the same words stand side by side.
            let same = |known: &&Hit| known.tokens == hit.tokens;
            if !hits.iter().rev().take_while(same).any(|known| *known == hit) {
                hits.push(hit);
            }
        }
        hits
    }

    /// All matches that hold by themselves, as token ranges.
    fn spans(&self, text: &str, tokens: &Tokens) -> Vec<(Range<usize>, usize)> {
        let normal = &tokens.normal;
        let before = |end| tokens.tokens.partition_point(|token| token.normal.start < end);
        let mut spans = Vec::new();
        for found in self.automaton.find_overlapping_iter(normal) {
            let at = found.pattern().as_usize();
            let pattern = &self.patterns[at];
            let Some(end) = ends_word(normal, found.end(), pattern.open, pattern.plural) else {
                continue;
            };
            let range = before(found.start() + 1)..before(end);
            let near = pattern.near.as_ref();
            if pattern.has_case(text, tokens, &range)
                && near.is_none_or(|terms| terms.iter().any(|term| term.is_in(normal)))
            {
                spans.push((range, at));
            }
        }
        spans
    }
}

impl Vocabulary {
    /// A matcher for one group of markers; it finds nothing where the group is missing.
    ///
    /// # Errors
    /// As [`Matcher::new`].
    pub fn marker(&self, group: &str) -> Result<Matcher, aho_corasick::BuildError> {
        let terms = self.markers.get(group).cloned().unwrap_or_default();
        let values = vec![Value { terms, ..Value::default() }];
        Matcher::new(&Vocabulary { values, ..Vocabulary::default() })
    }
}

impl Pattern {
    fn has_case(&self, text: &str, tokens: &Tokens, range: &Range<usize>) -> bool {
        self.case.as_ref().is_none_or(|case| {
            let words = tokens.tokens[range.clone()].iter().map(|t| &text[t.source.clone()]);
            let exact = case.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/'));
            let mut exact = exact.filter(|word| !word.is_empty());
            // Points between capitals are no part of them.
            let same = |word: &str, exact: &str| {
                word == exact || word.chars().filter(|c| *c != '.').eq(exact.chars())
            };
            words.into_iter().all(|word| exact.next().is_some_and(|exact| same(word, exact)))
                && exact.next().is_none()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(toml: &str, text: &str) -> Vec<(usize, String)> {
        let Ok(vocabulary) = toml::from_str::<Vocabulary>(toml) else { return Vec::new() };
        let Ok(matcher) = Matcher::new(&vocabulary) else { return Vec::new() };
        let hits = matcher.find(text, &Tokens::of(text));
        hits.into_iter().map(|hit| (hit.value, text[hit.source].to_owned())).collect()
    }

    const PARTS: &str = r#"
        [[value]]
        path = "a"
        label = "A"
        terms = ["low back", "l4", "lumbosacral", "arthroscop*"]
        [[value]]
        path = "b"
        label = "B"
        terms = ["back", "lumbosacral", "knee", "LE"]
        [[value.when]]
        term = "pt"
        near = ["session"]
        [[false_friend]]
        terms = ["back to work"]
    "#;

    fn found(text: &str) -> Vec<(usize, String)> {
        find(PARTS, text)
    }

    #[test]
    fn the_longest_words_win() {
        assert_eq!(
            found("Low-back, back; back to work"),
            [(0, "Low-back".to_owned()), (1, "back".to_owned())]
        );
    }

    #[test]
    fn words_are_whole_but_for_plurals_and_stars() {
        assert_eq!(
            found("knees kneecap ARTHROSCOPIC l4-5"),
            [(1, "knees".to_owned()), (0, "ARTHROSCOPIC".to_owned()), (0, "l4".to_owned())]
        );
    }

    #[test]
    fn alternatives_stand_for_all_their_combinations() {
        assert_eq!(
            alternatives("(a|b) c(s) (d|e)"),
            ["a c(s) d", "a c(s) e", "b c(s) d", "b c(s) e"]
        );
    }

    #[test]
    fn words_may_mean_two_values_need_case_or_company() {
        assert_eq!(found("lumbosacral").len(), 2);
        assert_eq!(found("le LE"), [(1, "LE".to_owned())]);
        assert_eq!(found("pt"), []);
        assert_eq!(found("pt sessions"), [(1, "pt".to_owned())]);
    }
}
