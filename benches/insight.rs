//! How well `similar` finds items of one kind and tells outcomes, and how fast rates, contrast and similar are.
//!
//! Quality: over `corpus/` and, with `IMR_DETERMINATIONS`, the real letters beside it. Each item is
//! looked for without its letter: precision at 5 of siblings (the same treatment and region), beside
//! tantivy's `MoreLikeThisQuery` over the same text; area under the curve of the share overturned among
//! the ten nearest.
//!
//! Speed: with `IMR_BENCH_INDEX` set to an index's folder, medians of seven.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench"
)]

use imr_search::index::{ItemDocument, NoProgress, Pipeline, Snapshot, Store, Update};
use imr_search::insight::{
    Axis, ContrastRequest, Items, Kept, Likeness, Order, RatesRequest, SimilarRequest, contrast,
    rates, similar,
};
use imr_search::search::{Engine, LeftOut, Request};
use imr_search::source;
use imr_search::vocabulary::Vocabularies;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tantivy::collector::TopDocs;
use tantivy::query::MoreLikeThisQuery;
use tantivy::schema::{OwnedValue, STORED, STRING, Schema, TEXT, Value};
use tantivy::{Index, TantivyDocument, doc};

fn main() {
    let vocabularies = Vocabularies::load(None).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    quality("corpus", &[root.join("corpus/letters")], &vocabularies);
    if let Some(real) = std::env::var_os("IMR_DETERMINATIONS").map(PathBuf::from) {
        let real = [real.join("letters"), real.join("seeds")];
        quality("real letters", &real, &vocabularies);
        quality("both", &[&real[..], &[root.join("corpus/letters")]].concat(), &vocabularies);
    }
    if let Some(index) = std::env::var_os("IMR_BENCH_INDEX") {
        speed(&Store::new(index).open().unwrap(), &vocabularies);
    }
}

struct Loaded {
    _place: tempfile::TempDir,
    snapshot: Snapshot,
    items: Vec<ItemDocument>,
}

fn load(folders: &[PathBuf], vocabularies: &Vocabularies) -> Loaded {
    let place = tempfile::tempdir().unwrap();
    let store = Store::new(place.path().join("index"));
    let update = Update { jobs: 2, memory: 64_000_000, ..Update::default() };
    let pipeline = Pipeline::new(vocabularies).unwrap();
    update.run(&store, &pipeline, Some(source::walk(folders)), &NoProgress).unwrap();
    let snapshot = store.open().unwrap();
    let engine = Engine::new(&snapshot, vocabularies);
    let population = engine.population(&Request::default()).unwrap();
    let mut items = Vec::new();
    for segment in population.segments().unwrap() {
        items
            .extend(segment.docs().iter().map(|doc| population.item(segment.place(*doc)).unwrap()));
    }
    Loaded { _place: place, snapshot, items }
}

/// Whether two items are of one kind: the same treatment and region.
fn are_siblings(a: &ItemDocument, b: &ItemDocument) -> bool {
    let share = |a: &[String], b: &[String]| a.iter().any(|path| b.contains(path));
    share(&a.item.treatments, &b.item.treatments)
        && share(&a.item.body_regions, &b.item.body_regions)
}

fn quality(name: &str, folders: &[PathBuf], vocabularies: &Vocabularies) {
    let loaded = load(folders, vocabularies);
    let by_id: HashMap<&str, &ItemDocument> =
        loaded.items.iter().map(|item| (item.item.id.as_str(), item)).collect();
    let engine = Engine::new(&loaded.snapshot, vocabularies);
    let library = Library::new(&loaded.items);
    let nearest = |item: &ItemDocument, of: &ItemDocument, limit: usize| -> Vec<String> {
        let place = engine.place_of(&item.item.id).unwrap().unwrap();
        let population = engine.population(&Request::default()).unwrap();
        let letter = population.segments().unwrap()[place.segment as usize].letter(place.doc);
        let asked = SimilarRequest {
            likeness: Likeness::Whole,
            filters: Request::default(),
            leave_out: Some(LeftOut { item: Some(place), letter: Some(letter) }),
            limit,
        };
        let found = similar(&engine, vocabularies, of, None, &asked).unwrap();
        found.nearest.into_iter().map(|near| near.item.item.id).collect()
    };
    let mut sums = [0.0; 3];
    let (mut asked, mut scores) = (0, Vec::new());
    for item in &loaded.items {
        let siblings = loaded
            .items
            .iter()
            .filter(|other| other.letter != item.letter && are_siblings(item, other));
        let siblings: HashSet<&str> = siblings.map(|other| other.item.id.as_str()).collect();
        let mut bare = item.clone();
        bare.item.treatments.clear();
        bare.item.body_regions.clear();
        bare.item.guidelines.reviewer.clear();
        if siblings.len() >= 5 {
            asked += 1;
            let precision = |found: &[String]| {
                found.iter().take(5).filter(|id| siblings.contains(String::as_str(id))).count()
                    as f64
                    / 5.0
            };
            sums[0] += precision(&nearest(item, item, 5));
            sums[1] += precision(&nearest(item, &bare, 5));
            sums[2] += precision(&library.nearest(item, 5));
        }
        let share = |found: &[String]| {
            let overturned = found
                .iter()
                .filter(|id| by_id[String::as_str(id)].item.outcome == "overturned")
                .count();
            overturned as f64 / found.len().max(1) as f64
        };
        if matches!(item.item.outcome.as_str(), "overturned" | "upheld") {
            let is_overturned = item.item.outcome == "overturned";
            scores.push((
                share(&nearest(item, item, 10)),
                share(&library.nearest(item, 10)),
                is_overturned,
            ));
        }
    }
    let p = |at: usize| sums[at] / f64::from(asked.max(1));
    println!(
        "{name}: {} items, {asked} with five siblings or more in other letters",
        loaded.items.len()
    );
    println!(
        "  precision@5: similar {:.3}, its words alone {:.3}, MoreLikeThisQuery {:.3}",
        p(0),
        p(1),
        p(2)
    );
    let first: Vec<(f64, bool)> = scores.iter().map(|(a, _, o)| (*a, *o)).collect();
    let second: Vec<(f64, bool)> = scores.iter().map(|(_, b, o)| (*b, *o)).collect();
    println!(
        "  AUC of the share overturned of ten nearest: similar {:.3}, MoreLikeThisQuery {:.3}",
        auc(&first),
        auc(&second)
    );
}

/// The chance that an overturned item has a higher score than an upheld one; ties count half.
fn auc(scores: &[(f64, bool)]) -> f64 {
    let (mut won, mut pairs) = (0.0, 0.0);
    for (a, _) in scores.iter().filter(|(_, overturned)| *overturned) {
        for (b, _) in scores.iter().filter(|(_, overturned)| !*overturned) {
            pairs += 1.0;
            won += if a > b {
                1.0
            } else if a < b {
                0.0
            } else {
                0.5
            };
        }
    }
    if pairs == 0.0 { 0.5 } else { won / pairs }
}

/// The same items in a plain index of the library, request and rationale as one text.
struct Library {
    index: Index,
    letters: HashMap<String, String>,
}

fn text(item: &ItemDocument) -> String {
    format!("{} {}", item.item.title, item.item.rationale.as_deref().unwrap_or_default())
}

impl Library {
    fn new(items: &[ItemDocument]) -> Self {
        let mut schema = Schema::builder();
        let id = schema.add_text_field("id", STRING | STORED);
        let body = schema.add_text_field("body", TEXT | STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 50_000_000).unwrap();
        for item in items {
            writer.add_document(doc!(id => item.item.id.clone(), body => text(item))).unwrap();
        }
        writer.commit().unwrap();
        let letters =
            items.iter().map(|item| (item.item.id.clone(), item.letter.clone())).collect();
        Self { index, letters }
    }

    fn nearest(&self, item: &ItemDocument, limit: usize) -> Vec<String> {
        let body = self.index.schema().get_field("body").unwrap();
        let id = self.index.schema().get_field("id").unwrap();
        let query = MoreLikeThisQuery::builder()
            .with_min_doc_frequency(2)
            .with_min_term_frequency(1)
            .with_max_query_terms(25)
            .with_document_fields(vec![(body, vec![OwnedValue::from(text(item))])]);
        let searcher = self.index.reader().unwrap().searcher();
        let found =
            searcher.search(&query, &TopDocs::with_limit(limit + 40).order_by_score()).unwrap();
        let ids = found.into_iter().map(|(_, at)| {
            let document: TantivyDocument = searcher.doc(at).unwrap();
            document.get_first(id).unwrap().as_str().unwrap().to_owned()
        });
        ids.filter(|id| self.letters[id] != item.letter).take(limit).collect()
    }
}

/// The median of seven runs, in milliseconds.
fn median(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let started = Instant::now();
            work();
            started.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[3]
}

fn speed(snapshot: &Snapshot, vocabularies: &Vocabularies) {
    let engine = Engine::new(snapshot, vocabularies);
    let all = engine.population(&Request::default()).unwrap();
    println!("speed over {} items, ms, median of seven:", all.len());
    for (text, filters) in [
        ("", vec![]),
        ("pain", vec![]),
        ("MRI", vec![]),
        ("pain", vec![("region", "spine/lumbar")]),
        ("acupuncture", vec![]),
        ("acupuncture", vec![("region", "spine/lumbar")]),
        ("acupuncture", vec![("region", "upper-extremity/shoulder")]),
    ] {
        let filters: Vec<(String, String)> =
            filters.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let request = Request { text: text.to_owned(), filters, ..Request::default() };
        let matching = engine.population(&request).unwrap().len();
        let facets = Request { facets: Some(vec![]), ..request.clone() };
        let search = median(|| drop(engine.search(&facets).unwrap()));
        let by = |axes: &[&str]| RatesRequest {
            request: request.clone(),
            by: axes.iter().map(|axis| Axis::new(axis, vocabularies).unwrap()).collect(),
            compare: None,
            items: Items::All,
            order: Order::Count,
            min: 0,
        };
        let one = median(|| drop(rates(&engine, vocabularies, &by(&["treatment"])).unwrap()));
        let cross =
            median(|| drop(rates(&engine, vocabularies, &by(&["treatment", "region"])).unwrap()));
        let asked = ContrastRequest {
            request: request.clone(),
            between: None,
            kept: Kept::Reasons,
            limit: 12,
        };
        let contrasted = median(|| drop(contrast(&engine, vocabularies, &asked).unwrap()));
        println!(
            "  {text:<12} {:<22} {matching:>7} matches: search with all facets {search:.1}, rates {one:.1}, cross table {cross:.1}, contrast {contrasted:.1}",
            request.filters.iter().map(|(_, value)| value.as_str()).collect::<String>()
        );
    }
    let segments = all.segments().unwrap();
    let docs =
        segments.iter().flat_map(|segment| segment.docs().iter().map(|doc| segment.place(*doc)));
    let places: Vec<_> = docs.step_by((all.len() as usize / 20).max(1)).take(20).collect();
    for likeness in [Likeness::Whole, Likeness::Request] {
        let mut times: Vec<f64> = places
            .iter()
            .map(|place| {
                let item = all.item(*place).unwrap();
                let asked = SimilarRequest {
                    likeness,
                    filters: Request::default(),
                    leave_out: None,
                    limit: 10,
                };
                median(|| {
                    drop(similar(&engine, vocabularies, &item, Some(*place), &asked).unwrap());
                })
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!(
            "  similar by {likeness:?}: median {:.1}, slowest of {} {:.1}",
            times[times.len() / 2],
            times.len(),
            times[times.len() - 1]
        );
    }
}
