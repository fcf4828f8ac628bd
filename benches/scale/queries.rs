//! Classes of queries, drawn from words of the corpus itself: frequent, middling and rare.

use crate::corpus::{Corpus, Document};
use crate::floor::{Floor, Words};
use imr_search::search::{Match, Request};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};

/// Queries that ask for the same kind of thing.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) name: &'static str,
    pub(crate) queries: Vec<Asked>,
    pub(crate) floor: FloorTask,
}

/// A query as each program is asked it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) request: Request,
    /// As the library's query parser reads it.
    pub(crate) text: String,
}

/// What the floor does for a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FloorTask {
    /// The best ten.
    Top(Words),
    /// The best ten of those with the filter.
    Filtered,
    Facets,
    /// Top ten, count, facets and snippets.
    Page(Words),
    /// The library has no such query.
    Nothing,
}

/// The filter of the class with one.
pub(crate) const FILTER: (&str, &str) = ("outcome", "overturned");

/// Items looked at to choose words.
const SAMPLE: usize = 6_000;
const QUERIES: usize = 10;

/// Words that carry no subject.
const SMALL: [&str; 40] = [
    "about", "after", "also", "another", "because", "been", "before", "being", "between", "beyond",
    "both", "could", "does", "each", "either", "every", "from", "have", "here", "into", "more",
    "most", "must", "near", "none", "only", "other", "over", "should", "than", "that", "their",
    "there", "these", "this", "what", "when", "where", "which", "with",
];

/// Words of a sample of items, with the share of items that hold them.
struct Sample {
    /// The words of each item's rationale, in order.
    rationales: Vec<Vec<String>>,
    shares: BTreeMap<String, f64>,
}

impl Sample {
    fn read(corpus: &Corpus) -> Self {
        let lines = BufReader::new(File::open(&corpus.documents[0]).unwrap()).lines();
        let (mut rationales, mut counts) = (Vec::new(), BTreeMap::<String, usize>::new());
        for line in lines.take(SAMPLE) {
            let document: Document = serde_json::from_str(&line.unwrap()).unwrap();
            let rationale = words(&document.rationale);
            let all = [&document.title, &document.summary].map(|text| words(text)).concat();
            let all: BTreeSet<String> = all.into_iter().chain(rationale.clone()).collect();
            for word in all {
                *counts.entry(word).or_default() += 1;
            }
            rationales.push(rationale);
        }
        let items = rationales.len() as f64;
        let shares = counts.into_iter().map(|(word, count)| (word, count as f64 / items)).collect();
        Self { rationales, shares }
    }

    fn share(&self, word: &str) -> f64 {
        // Nobody searches for small words, and the language of queries reads some as operators.
        let odd = word.len() < 4
            || SMALL.contains(&word)
            || word.bytes().any(|byte| !byte.is_ascii_lowercase());
        if odd { 0.0 } else { self.shares.get(word).copied().unwrap_or_default() }
    }

    /// So many words held by such a share of items, evenly over the alphabet.
    fn between(&self, low: f64, high: f64, count: usize) -> Vec<String> {
        let fits = |word: &&String| (low..high).contains(&self.share(word));
        let words: Vec<&String> = self.shares.keys().filter(fits).collect();
        let step = (words.len() / count).max(1);
        words.iter().step_by(step).take(count).map(|word| (*word).clone()).collect()
    }

    /// So many texts that rationales give by `of`, each of another rationale, each different.
    fn drawn(&self, count: usize, of: impl Fn(&[String]) -> Option<String>) -> Vec<String> {
        let mut found = BTreeSet::new();
        for rationale in self.rationales.iter().step_by(7) {
            found.extend(of(rationale));
            if found.len() == count {
                break;
            }
        }
        found.into_iter().collect()
    }

    /// A frequent, a middling and a less frequent word of one rationale.
    fn three(&self, rationale: &[String]) -> Option<String> {
        let pick = |low: f64, high: f64| {
            rationale.iter().find(|word| (low..high).contains(&self.share(word)))
        };
        let (a, b, c) = (pick(0.2, 0.9)?, pick(0.05, 0.2)?, pick(0.01, 0.05)?);
        Some(format!("{a} {b} {c}"))
    }

    /// Words that follow each other, each frequent enough that the phrase is no chance.
    fn phrase(&self, rationale: &[String], length: usize) -> Option<String> {
        let common = |words: &&[String]| words.iter().all(|word| self.share(word) > 0.05);
        rationale.windows(length).find(common).map(|words| words.join(" "))
    }

    /// Two words at most five apart.
    fn near(&self, rationale: &[String]) -> Option<String> {
        let pair = |words: &&[String]| self.share(&words[0]) > 0.1 && self.share(&words[3]) > 0.02;
        rationale.windows(4).find(pair).map(|words| format!("{} NEAR/5 {}", words[0], words[3]))
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// All classes over a corpus.
pub(crate) fn classes(corpus: &Corpus, floor: &Floor) -> Vec<Class> {
    let sample = Sample::read(corpus);
    let single = [
        sample.between(0.2, 0.6, 4),
        sample.between(0.02, 0.1, 4),
        sample.between(0.001, 0.004, 4),
    ]
    .concat();
    let three = sample.drawn(QUERIES, |rationale| sample.three(rationale));
    let mut phrases = sample.drawn(QUERIES / 2 + 1, |rationale| sample.phrase(rationale, 2));
    phrases.extend(sample.drawn(QUERIES / 2, |rationale| sample.phrase(rationale, 3)));
    let phrases: Vec<String> = phrases.iter().map(|words| format!("\"{words}\"")).collect();
    let near = sample.drawn(QUERIES, |rationale| sample.near(rationale));
    let stems = sample.between(0.002, 0.2, QUERIES - 1);
    let mut wild = vec!["acupunct*".to_owned()];
    wild.extend(stems.iter().map(|word| format!("{}*", &word[..word.len().min(7)])));
    let mut slips = vec!["tramadl~1".to_owned()];
    slips.extend(stems.iter().map(|word| format!("{}{}~1", &word[..2], &word[3..])));
    let tenth = tenth(&sample, floor, corpus);
    vec![
        class("word", &single, FloorTask::Top(Words::All), |_| ()),
        class("three words, all", &three, FloorTask::Top(Words::All), |request| {
            request.matching = Match::All;
        }),
        class("three words, any", &three, FloorTask::Top(Words::Any), |request| {
            request.matching = Match::Any;
        }),
        class("three words, most", &three, FloorTask::Top(Words::Any), |_| ()),
        class("phrase", &phrases, FloorTask::Top(Words::All), |_| ()),
        class("word and filter", &single, FloorTask::Filtered, |request| {
            request.filters = vec![(FILTER.0.to_owned(), FILTER.1.to_owned())];
        }),
        class("all facets", &tenth, FloorTask::Facets, |request| {
            request.facets = Some(Vec::new());
            request.limit = 0;
        }),
        class("page", &[tenth, three.clone()].concat(), FloorTask::Page(Words::All), |request| {
            request.facets = Some(Vec::new());
            request.matching = Match::All;
        }),
        class("page, most", &three, FloorTask::Page(Words::Any), |request| {
            request.facets = Some(Vec::new());
        }),
        class("wildcard", &wild, FloorTask::Nothing, |_| ()),
        class("fuzzy", &slips, FloorTask::Nothing, |_| ()),
        class("near", &near, FloorTask::Nothing, |_| ()),
    ]
}

/// Words that about a tenth of the items hold.
fn tenth(sample: &Sample, floor: &Floor, corpus: &Corpus) -> Vec<String> {
    let mut words = sample.between(0.05, 0.18, 60);
    words.retain(|word| {
        let hits = floor.count(&*floor.query(word, Words::All)) as f64;
        (0.07..0.14).contains(&(hits / corpus.items as f64))
    });
    words.truncate(QUERIES);
    words
}

fn class(
    name: &'static str,
    texts: &[String],
    floor: FloorTask,
    with: impl Fn(&mut Request),
) -> Class {
    let asked = |text: &String| {
        let mut request = Request { text: text.clone(), ..Request::default() };
        with(&mut request);
        Asked { request, text: text.clone() }
    };
    Class { name, queries: texts.iter().map(asked).collect(), floor }
}
