//! Words of the index: those that a wildcard or a slip stands for, and those a person may have meant.

use super::forms::stems_of;
use super::slips::{Near, distance};
use crate::index::Snapshot;
use crate::index::analyzer::with_stems;
use crate::index::cutter::folded;
use crate::index::parts::{PART, SENTENCE};
use crate::vocabulary::Expansions;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::termdict::TermStreamer;
use tantivy_fst::Automaton;

/// The most words that a wildcard or a slip may stand for.
pub(super) const MAX_FORMS: usize = 400;

/// More words than [`MAX_FORMS`].
pub(super) struct TooMany;

/// Whether all words of the index are looked at for a pattern: it begins with any letters.
pub(super) fn is_open(pattern: &str) -> bool {
    pattern.starts_with(['*', '?'])
}

/// The words that a pattern stands for, `*` for any letters and `?` for any one, in lower case.
pub(super) fn matching(
    snapshot: &Snapshot,
    pattern: &str,
) -> tantivy::Result<Result<Vec<String>, TooMany>> {
    let pattern: Vec<char> = folded(pattern).collect();
    let open = pattern.iter().position(|c| matches!(c, '*' | '?')).unwrap_or(pattern.len());
    let prefix: String = pattern[..open].iter().collect();
    let rest = &pattern[open..];
    let accept = |word: &str| {
        let tail: Vec<char> = word[prefix.len()..].chars().collect();
        fits(rest, &tail)
    };
    collect(snapshot, &Like::Prefix(&prefix), &accept)
}

/// The words that so many slips part from a word, its first letter right.
pub(super) fn alike(
    snapshot: &Snapshot,
    word: &str,
    slips: usize,
) -> tantivy::Result<Result<Vec<String>, TooMany>> {
    let letters: Vec<char> = folded(word).collect();
    let accept = |other: &str| {
        let other: Vec<char> = other.chars().collect();
        other.first() == letters.first() && distance(&letters, &other, slips).is_some()
    };
    collect(snapshot, &Like::Near(Near { word: &letters, slips }), &accept)
}

/// What all words that have a stem start with: stemming changes no more than the last letter of what it
/// leaves, and only to one of these; but "dying" has the stem "die".
fn start_of(stem: &str) -> &str {
    let short = stem.strip_suffix("ie").filter(|start| start.len() == 1);
    let start = short.or_else(|| stem.strip_suffix(['e', 'i', 'l', 'y'])).unwrap_or(stem);
    if start.is_empty() { stem } else { start }
}

/// The words that have a stem.
pub(super) fn with_stem(snapshot: &Snapshot, stem: &str) -> tantivy::Result<Vec<String>> {
    // Short forms have stems in capitals.
    let lower = stem.to_lowercase();
    let prefix = start_of(&lower);
    if !stem.chars().all(char::is_alphabetic) {
        return Ok(vec![lower]);
    }
    with_stems(|stems| {
        let mut words = BTreeSet::new();
        each_word(snapshot, &Like::Prefix(prefix), &mut |word| {
            let id = stems.of(word);
            if stems.text(id) == stem {
                words.insert(word.to_owned());
            }
            true
        })?;
        Ok(words.into_iter().collect())
    })
}

fn collect(
    snapshot: &Snapshot,
    like: &Like<'_>,
    accept: &dyn Fn(&str) -> bool,
) -> tantivy::Result<Result<Vec<String>, TooMany>> {
    let mut words = BTreeSet::new();
    let mut too_many = false;
    each_word(snapshot, like, &mut |word| {
        if !too_many && accept(word) && !words.contains(word) {
            words.insert(word.to_owned());
            too_many = words.len() > MAX_FORMS;
        }
        !too_many
    })?;
    Ok(if too_many { Err(TooMany) } else { Ok(words.into_iter().collect()) })
}

/// Which words of the index are looked at.
enum Like<'w> {
    /// Those that start so.
    Prefix(&'w str),
    /// Those that few slips part from a word, and a few more.
    Near(Near<'w>),
}

/// Gives each word of each segment that is like something, until `each` has enough.
fn each_word(
    snapshot: &Snapshot,
    like: &Like<'_>,
    each: &mut dyn FnMut(&str) -> bool,
) -> tantivy::Result<()> {
    for segment in snapshot.searcher.segment_readers() {
        let index = segment.inverted_index(snapshot.fields.words)?;
        let goes_on = match like {
            Like::Prefix(prefix) => {
                let stream = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
                give(stream, prefix, each)
            }
            Like::Near(near) => give(index.terms().search(near).into_stream()?, "", each),
        };
        if !goes_on {
            break;
        }
    }
    Ok(())
}

/// Gives words while they start with a prefix; whether `each` wants more.
fn give<A: Automaton>(
    mut stream: TermStreamer<'_, A>,
    prefix: &str,
    each: &mut dyn FnMut(&str) -> bool,
) -> bool
where
    A::State: Clone,
{
    while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
        let Ok(word) = std::str::from_utf8(stream.key()) else { continue };
        if word != PART && word != SENTENCE && !each(word) {
            return false;
        }
    }
    true
}

/// The most that a word may have been mistyped by to be guessed at.
const GUESSED_SLIPS: usize = 2;

/// How many guesses are named.
const GUESSES: usize = 3;

/// How many items hold a word, or the rarest of several. They are counted by stems: words of a summary stand in the
/// index once a letter.
fn documents(snapshot: &Snapshot, words: &str) -> tantivy::Result<u64> {
    let stems = stems_of(words, &snapshot.fields);
    let held = stems.iter().map(|stem| snapshot.searcher.doc_freq(stem));
    Ok(held.collect::<tantivy::Result<Vec<_>>>()?.into_iter().min().unwrap_or(0))
}

/// What a rare word, in `own` documents, may have been meant to be: words near it that are frequent in the index,
/// themselves or under another name, best first.
pub(super) fn meant(
    snapshot: &Snapshot,
    expansions: &Expansions,
    word: &str,
    own: u64,
) -> tantivy::Result<Vec<String>> {
    let letters: Vec<char> = folded(word).collect();
    if own > FEW || letters.len() < 4 || !letters.iter().all(|c| c.is_alphabetic()) {
        return Ok(Vec::new());
    }
    let slips = if letters.len() < 6 { 1 } else { GUESSED_SLIPS };
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut compare = |other: &str| {
        let chars: Vec<char> = other.chars().collect();
        if chars.first() != letters.first() {
            return true;
        }
        if let Some(slips @ 1..) = distance(&letters, &chars, slips) {
            known.insert(other.to_owned(), slips);
        }
        true
    };
    each_word(snapshot, &Like::Near(Near { word: &letters, slips }), &mut compare)?;
    expansions.words().for_each(|other| {
        compare(other);
    });
    let mut guesses: Vec<(usize, u64, String)> = Vec::new();
    for (word, slips) in known {
        let names = [word.as_str()].into_iter().chain(expansions.of(&word));
        let held = names.map(|name| documents(snapshot, name)).collect::<tantivy::Result<Vec<_>>>();
        let documents = held?.into_iter().max().unwrap_or(0);
        if documents > own * 10 + 1 {
            guesses.push((slips, documents, word));
        }
    }
    guesses.sort_by_key(|(slips, documents, _)| (*slips, std::cmp::Reverse(*documents)));
    guesses.truncate(GUESSES);
    Ok(guesses.into_iter().map(|(_, _, word)| word).collect())
}

/// A word in no more places than this is looked at for slips.
const FEW: u64 = 4;

/// Whether letters fit a pattern.
fn fits(pattern: &[char], letters: &[char]) -> bool {
    // The place to go back to: after the last star, one letter further.
    let (mut p, mut l) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while l < letters.len() {
        match pattern.get(p) {
            Some('*') => {
                back = Some((p + 1, l));
                p += 1;
            }
            Some(c) if *c == '?' || *c == letters[l] => {
                p += 1;
                l += 1;
            }
            _ => {
                let Some((star, taken)) = back else { return false };
                back = Some((star, taken + 1));
                (p, l) = (star, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::analyzer::plain;

    fn chars(word: &str) -> Vec<char> {
        word.chars().collect()
    }

    #[test]
    fn patterns() {
        for (pattern, word, fit) in [
            ("acupunct*", "acupuncture", true),
            ("acup?ncture", "acupuncture", true),
            ("*ectomy", "laminectomy", true),
            ("a*a*c", "abaacbc", true),
            ("a?", "a", false),
            ("a*b", "abc", false),
            ("caf?", "caf\u{e9}", true),
        ] {
            assert_eq!(fits(&chars(pattern), &chars(word)), fit, "{pattern} {word}");
        }
    }

    #[test]
    fn words_start_as_their_stem_does() {
        let roots = [
            "act", "agree", "apply", "bake", "bleed", "carry", "cure", "cycl", "die", "feel",
            "hop", "ill", "journal", "limb", "many", "mobil", "organ", "pain", "relate", "sens",
            "sky", "try",
        ];
        let endings = [
            "", "s", "es", "ed", "edly", "eedly", "ies", "ied", "ing", "ingly", "ly", "ably",
            "ibly", "able", "ability", "ibility", "al", "ality", "alize", "ance", "ancy", "ant",
            "ately", "ation", "ational", "ative", "ator", "e", "ement", "ency", "ent", "ently",
            "er", "ful", "fully", "fulness", "ic", "ically", "icity", "ism", "ity", "ive",
            "iveness", "ivity", "ization", "izer", "lessly", "ment", "ness", "ology", "ous",
            "ously", "ousness", "y",
        ];
        let words = roots.iter().flat_map(|root| endings.map(|ending| format!("{root}{ending}")));
        for word in words.chain(["dying", "lying", "tying"].map(str::to_owned)) {
            let stem = plain(&word, true).concat().to_lowercase();
            assert!(word.starts_with(start_of(&stem)), "{word} {stem}");
        }
    }
}
