//! How well items are ranked for judged queries: `imr`, plain any-word BM25 of the library over one
//! field, and `SQLite` FTS5 (by Python, where it is at hand), side by side.
//!
//! `cargo bench --bench ranking` reads `corpus/`; with `IMR_DETERMINATIONS` also the real letters there, of
//! which `judged/real.jsonl` holds identities and grades. nDCG@10 with gains 2^grade - 1 (Järvelin and
//! Kekäläinen, 2002); success@1: the first hit has the best grade there is. The set `held` was not
//! looked at while weights were chosen.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use imr_search::index::{ItemDocument, Pipeline, Snapshot, Store};
use imr_search::search::{Engine, Fold, Match, Request};
use imr_search::vocabulary::Vocabularies;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{
    IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::{Index, TantivyDocument, Term, doc};

const DEPTH: usize = 10;

struct Judged {
    query: String,
    kind: String,
    set: String,
    grades: HashMap<String, f64>,
}

/// What one program ranked first, for each query.
type Ranked = Vec<Vec<String>>;

fn main() {
    let verbose = std::env::args().any(|argument| argument == "--queries");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    collection("corpus", &[root.join("corpus/letters")], root, verbose);
    if let Some(folder) = std::env::var_os("IMR_DETERMINATIONS").map(PathBuf::from) {
        collection("real", &[folder.join("letters"), folder.join("seeds")], root, verbose);
    }
}

fn collection(name: &str, folders: &[PathBuf], root: &Path, verbose: bool) {
    let judged = judged(&root.join(format!("benches/judged/{name}.jsonl")));
    let place = tempfile::tempdir().unwrap();
    let store = Store::new(place.path().join("index"));
    let vocabularies = Vocabularies::load(None).unwrap();
    let pipeline = Pipeline::new(&vocabularies).unwrap();
    common::update(&store, &pipeline, folders);
    let snapshot = store.open().unwrap();
    let items = items(&pipeline, folders);
    println!("\n{name}: {} items, {} queries", items.len(), judged.len());
    let mut programs = vec![
        ("imr", by_imr(&snapshot, &vocabularies, &judged, Match::Most)),
        ("all words", by_imr(&snapshot, &vocabularies, &judged, Match::All)),
        ("any word", by_imr(&snapshot, &vocabularies, &judged, Match::Any)),
        ("BM25 any", by_library(&items, &judged)),
    ];
    programs.extend(by_fts5(root, &items, &judged).map(|ranked| ("FTS5 any", ranked)));
    table(&judged, &programs, verbose);
}

fn judged(path: &Path) -> Vec<Judged> {
    let text = std::fs::read_to_string(path).unwrap();
    let read = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| value[key].as_str().unwrap().to_owned();
        let grades = value["grades"].as_object().unwrap().iter();
        let grades = grades.map(|(id, grade)| (id.clone(), grade.as_f64().unwrap())).collect();
        Judged { query: text("query"), kind: text("kind"), set: text("set"), grades }
    };
    text.lines().map(read).collect()
}

/// Identity and text of each item, the case summary left out.
fn items(pipeline: &Pipeline, folders: &[PathBuf]) -> Vec<(String, String)> {
    let mut items = Vec::new();
    let mut paths: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for letter in paths.iter().filter_map(|path| pipeline.read(path, "source").ok()) {
        for item in ItemDocument::of(&letter.record) {
            let guidelines = &item.item.guidelines;
            let parts = [
                Some(&item.item.title),
                item.item.rationale.as_ref(),
                guidelines.reviewer_printed.as_ref(),
                guidelines.claims_administrator_printed.as_ref(),
            ];
            let text: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            items.push((item.item.id.clone(), text.join("\n")));
        }
    }
    items
}

fn by_imr(
    snapshot: &Snapshot,
    vocabularies: &Vocabularies,
    judged: &[Judged],
    matching: Match,
) -> Ranked {
    let engine = Engine::new(snapshot, vocabularies);
    let ranked = judged.iter().map(|judged| {
        let request = Request {
            text: judged.query.clone(),
            matching,
            fold: Fold::None,
            limit: DEPTH,
            ..Request::default()
        };
        let hits = engine.search(&request).unwrap().hits;
        hits.into_iter().map(|hit| hit.item.item.id).collect()
    });
    ranked.collect()
}

fn by_library(items: &[(String, String)], judged: &[Judged]) -> Ranked {
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqs);
    let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, 50_000_000).unwrap();
    for (name, words) in items {
        writer.add_document(doc!(id => name.as_str(), text => words.as_str())).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.reader().unwrap().searcher();
    let mut analyzer = index.tokenizers().get("en_stem").unwrap();
    let ranked = judged.iter().map(|judged| {
        let mut words: Vec<Box<dyn Query>> = Vec::new();
        analyzer.token_stream(&judged.query).process(&mut |token| {
            let term = Term::from_field_text(text, &token.text);
            words.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
        });
        let top = TopDocs::with_limit(DEPTH).order_by_score();
        let found = searcher.search(&BooleanQuery::union(words), &top).unwrap();
        let name = |document: TantivyDocument| {
            document.get_first(id).and_then(|value| value.as_str()).unwrap().to_owned()
        };
        found.into_iter().map(|(_, address)| name(searcher.doc(address).unwrap())).collect()
    });
    ranked.collect()
}

fn by_fts5(root: &Path, items: &[(String, String)], judged: &[Judged]) -> Option<Ranked> {
    let items: Vec<Value> =
        items.iter().map(|(id, text)| serde_json::json!({"id": id, "text": text})).collect();
    let queries: Vec<&str> = judged.iter().map(|judged| judged.query.as_str()).collect();
    let given = serde_json::json!({"items": items, "queries": queries}).to_string();
    let script = root.join("benches/fts5.py");
    let (stdin, stdout) = (Stdio::piped(), Stdio::piped());
    let mut child = Command::new("python3").arg(script).stdin(stdin).stdout(stdout).spawn().ok()?;
    child.stdin.take()?.write_all(given.as_bytes()).ok()?;
    serde_json::from_slice(&child.wait_with_output().ok()?.stdout).ok()
}

fn ndcg(judged: &Judged, ranked: &[String]) -> f64 {
    let gain = |grades: &mut dyn Iterator<Item = f64>| -> f64 {
        let gains = grades.take(DEPTH).enumerate();
        gains.map(|(at, grade)| (grade.exp2() - 1.0) / (at as f64 + 2.0).log2()).sum()
    };
    let mut best: Vec<f64> = judged.grades.values().copied().collect();
    best.sort_by(|a, b| b.total_cmp(a));
    let found = ranked.iter().map(|id| judged.grades.get(id).copied().unwrap_or(0.0));
    gain(&mut found.into_iter()) / gain(&mut best.into_iter())
}

fn success(judged: &Judged, ranked: &[String]) -> f64 {
    let best = judged.grades.values().copied().fold(0.0, f64::max);
    let first = ranked.first().and_then(|id| judged.grades.get(id)).copied().unwrap_or(0.0);
    f64::from(u8::from(first >= best))
}

fn table(judged: &[Judged], programs: &[(&str, Ranked)], verbose: bool) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, query) in judged.iter().enumerate() {
        let names = [format!("{} {}", query.set, query.kind), format!("{} *", query.set)];
        for name in names {
            groups.entry(name).or_default().push(at);
        }
    }
    print!("{:16} {:>3}", "nDCG@10 / s@1", "n");
    for (name, _) in programs {
        print!(" {name:>13}");
    }
    println!();
    for (name, members) in &groups {
        print!("{name:16} {:>3}", members.len());
        for (_, ranked) in programs {
            let mean = |measure: fn(&Judged, &[String]) -> f64| {
                let sum: f64 = members.iter().map(|at| measure(&judged[*at], &ranked[*at])).sum();
                sum / members.len() as f64
            };
            print!("   {:.3} / {:.2}", mean(ndcg), mean(success));
        }
        println!();
    }
    if verbose {
        for (at, query) in judged.iter().enumerate() {
            let scores: Vec<String> = programs
                .iter()
                .map(|(_, ranked)| format!("{:.2}", ndcg(query, &ranked[at])))
                .collect();
            println!("{:5} {:9} {} {}", query.set, query.kind, scores.join(" "), query.query);
        }
    }
}
