//! The floor: the least that a program of the library's can do over the same items. Title, summary and rationale
//! stored and indexed with English stems and positions, four facets with one value each, as fast columns and
//! as a facet field.

use crate::corpus::{Document, FACETS};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use tantivy::collector::{Count, FacetCollector, TopDocs};
use tantivy::query::{BooleanQuery, Query, QueryParser, TermQuery};
use tantivy::schema::{
    FAST, Facet, FacetOptions, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions, Value as _,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::store::Compressor;
use tantivy::{DocAddress, Index, IndexSettings, IndexWriter, Searcher, TantivyDocument, Term};

const HITS: usize = 10;
const FACET_FIELD: &str = "facet";

/// The floor's index, open.
pub(crate) struct Floor {
    index: Index,
    searcher: Searcher,
    fields: Fields,
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    title: Field,
    summary: Field,
    rationale: Field,
    values: [Field; 4],
    facet: Field,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing).set_stored();
    let fields = Fields {
        title: schema.add_text_field("title", text.clone()),
        summary: schema.add_text_field("summary", text.clone()),
        rationale: schema.add_text_field("rationale", text),
        values: FACETS.map(|facet| schema.add_text_field(facet, STRING | FAST | STORED)),
        facet: schema.add_facet_field(FACET_FIELD, FacetOptions::default()),
    };
    (schema.build(), fields)
}

impl Floor {
    /// Builds the index from files of JSON lines: two threads, 512 MB, merges finished.
    pub(crate) fn build(folder: &Path, documents: &[PathBuf]) {
        fs::create_dir_all(folder).unwrap();
        let (schema, fields) = schema();
        let settings =
            IndexSettings { docstore_compression: Compressor::Lz4, ..Default::default() };
        let index = Index::builder().schema(schema).settings(settings).create_in_dir(folder);
        let mut writer: IndexWriter = index.unwrap().writer_with_num_threads(2, 512 << 20).unwrap();
        for path in documents {
            for line in BufReader::with_capacity(1 << 20, File::open(path).unwrap()).lines() {
                let document: Document = serde_json::from_str(&line.unwrap()).unwrap();
                writer.add_document(document_of(fields, &document)).unwrap();
            }
        }
        writer.commit().unwrap();
        writer.wait_merging_threads().unwrap();
    }

    /// Opens the index if it holds so many items.
    pub(crate) fn open(folder: &Path, items: u64) -> Option<Self> {
        Self::open_any(folder).filter(|floor| floor.searcher.num_docs() == items)
    }

    /// Opens the index, whatever it holds.
    pub(crate) fn open_any(folder: &Path) -> Option<Self> {
        let index = Index::open_in_dir(folder).ok()?;
        let (known, fields) = schema();
        let searcher = index.reader().ok()?.searcher();
        (index.schema() == known).then_some(Self { index, searcher, fields })
    }

    /// Reads a query over all three fields; `all` asks for every word.
    pub(crate) fn query(&self, text: &str, words: Words) -> Box<dyn Query> {
        let Fields { title, summary, rationale, .. } = self.fields;
        let mut parser = QueryParser::for_index(&self.index, vec![title, summary, rationale]);
        if words == Words::All {
            parser.set_conjunction_by_default();
        }
        parser.parse_query(text).unwrap()
    }

    /// A query with a facet's value as filter.
    pub(crate) fn filtered(&self, text: &str, (facet, value): (&str, &str)) -> Box<dyn Query> {
        let at = FACETS.iter().position(|name| *name == facet).unwrap();
        let term = Term::from_field_text(self.fields.values[at], value);
        let filter: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
        Box::new(BooleanQuery::intersection(vec![self.query(text, Words::All), filter]))
    }

    pub(crate) fn count(&self, query: &dyn Query) -> usize {
        self.searcher.search(query, &Count).unwrap()
    }

    /// The best ten, as addresses.
    pub(crate) fn top(&self, query: &dyn Query) -> Vec<(f32, DocAddress)> {
        self.searcher.search(query, &TopDocs::with_limit(HITS).order_by_score()).unwrap()
    }

    /// Four facets in one pass.
    pub(crate) fn facets(&self, query: &dyn Query) -> usize {
        let counts = self.searcher.search(query, &facet_collector()).unwrap();
        FACETS.iter().map(|facet| counts.get(&format!("/{facet}")).count()).sum()
    }

    /// The best ten with their number, texts and snippets.
    pub(crate) fn shown(&self, query: &dyn Query) -> usize {
        let top = TopDocs::with_limit(HITS).order_by_score();
        let (hits, count) = self.searcher.search(query, &(top, Count)).unwrap();
        self.snippets(query, &hits) + count
    }

    /// As shown, with the four facets.
    pub(crate) fn page(&self, query: &dyn Query) -> usize {
        let top = TopDocs::with_limit(HITS).order_by_score();
        let collectors = (top, Count, facet_collector());
        let (hits, count, facets) = self.searcher.search(query, &collectors).unwrap();
        let values: usize =
            FACETS.iter().map(|facet| facets.get(&format!("/{facet}")).count()).sum();
        self.snippets(query, &hits) + count + values
    }

    fn snippets(&self, query: &dyn Query, hits: &[(f32, DocAddress)]) -> usize {
        let rationale = self.fields.rationale;
        let generator = SnippetGenerator::create(&self.searcher, query, rationale).unwrap();
        let snippet = |(_, address): &(f32, DocAddress)| {
            let document: TantivyDocument = self.searcher.doc(*address).unwrap();
            let text = document.get_first(rationale).and_then(|value| value.as_str()).unwrap();
            generator.snippet(text).fragment().len()
        };
        hits.iter().map(snippet).sum()
    }
}

/// How many of a query's words an item must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    All,
    Any,
}

fn facet_collector() -> FacetCollector {
    let mut collector = FacetCollector::for_field(FACET_FIELD);
    for facet in FACETS {
        collector.add_facet(&format!("/{facet}"));
    }
    collector
}

fn document_of(fields: Fields, given: &Document) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_text(fields.title, &given.title);
    document.add_text(fields.summary, &given.summary);
    document.add_text(fields.rationale, &given.rationale);
    for ((field, facet), value) in fields.values.into_iter().zip(FACETS).zip(&given.facets) {
        document.add_text(field, value);
        // One level a facet: the collector counts one level.
        document.add_facet(fields.facet, Facet::from_path([facet, &value.replace('/', ".")]));
    }
    document
}
