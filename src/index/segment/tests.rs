//! Segments as written here beside those that the library writes of the same documents by itself.

use super::super::cutter::{Cut, cut};
use super::super::parts::{PART, SENTENCE, WEIGHTS, last_part};
use super::super::schema::{self, Fields};
use super::super::stems::Stems;
use super::super::writer;
use super::builder::Builder;
use super::{Builders, Document, Text};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::columnar::BytesColumn;
use tantivy::directory::RamDirectory;
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::postings::Postings as _;
use tantivy::schema::{Field, FieldEntry, FieldType, IndexRecordOption};
use tantivy::tokenizer::{PreTokenizedString, RawTokenizer, TextAnalyzer, Token};
use tantivy::{DocSet as _, Index, IndexWriter, SegmentReader, TERMINATED, TantivyDocument, Term};

/// An index in memory of one segment with these documents.
pub(crate) fn index_of(documents: &[Document]) -> tantivy::Result<Index> {
    let (schema, fields) = schema::build();
    let index = Index::create_in_ram(schema);
    let mut builder = Builder::new(&index, &fields, 1 << 30);
    documents.iter().try_for_each(|document| builder.add(document))?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000)?;
    if let Some(segment) = builder.finish()? {
        writer.add_segment(segment)?;
    }
    writer.commit()?;
    Ok(index)
}

/// Of each field and term, the documents with how often and where they hold it.
type Terms = BTreeMap<(u32, Vec<u8>), Vec<(u32, u32, Vec<u32>)>>;

fn terms(reader: &SegmentReader) -> tantivy::Result<Terms> {
    let mut all = Terms::new();
    for (field, entry) in reader.schema().fields() {
        let Some(detail) = entry.field_type().index_record_option() else { continue };
        let index = reader.inverted_index(field)?;
        let mut stream = index.terms().stream()?;
        while let Some((term, info)) = stream.next() {
            let mut postings = index.read_postings_from_terminfo(info, detail)?;
            let mut documents = Vec::new();
            while postings.doc() != TERMINATED {
                let mut places = Vec::new();
                if detail == IndexRecordOption::WithFreqsAndPositions {
                    postings.positions(&mut places);
                }
                documents.push((postings.doc(), postings.term_freq(), places));
                postings.advance();
            }
            assert_eq!(info.doc_freq as usize, documents.len());
            all.insert((field.field_id(), term.to_vec()), documents);
        }
    }
    Ok(all)
}

/// The length of the ranked text of each document, and the whole length.
fn lengths(reader: &SegmentReader, fields: &Fields) -> tantivy::Result<(Vec<u8>, Vec<u64>)> {
    let ranked = reader.get_fieldnorms_reader(fields.ranked)?;
    let totals = [fields.ranked, fields.words, fields.pairs, fields.kind, fields.facet]
        .map(|field| Ok(reader.inverted_index(field)?.total_num_tokens()));
    let totals: tantivy::Result<Vec<u64>> = totals.into_iter().collect();
    Ok(((0..reader.max_doc()).map(|doc| ranked.fieldnorm_id(doc)).collect(), totals?))
}

/// Tokens of a field as the library takes them.
fn given(tokens: impl Iterator<Item = (String, u32)>) -> PreTokenizedString {
    let token = |(text, position): (String, u32)| Token {
        text,
        position: position as usize,
        ..Token::default()
    };
    PreTokenizedString { text: String::new(), tokens: tokens.map(token).collect() }
}

fn tokens(text: &str) -> Vec<(String, u32)> {
    let mut words = Cut::default();
    cut(text, true, &mut words);
    let token = |token: &_| words.text(token).to_owned();
    words.tokens.iter().map(|piece| (token(piece), piece.position)).collect()
}

/// A document's text as the fields of the library's own: by the plain rule of each.
fn add_text(fields: &Fields, text: &Text, document: &mut TantivyDocument) {
    match text {
        Text::None => {}
        Text::Letter(text) => {
            document.add_pre_tokenized_text(fields.words, given(tokens(text).into_iter()));
        }
        Text::Item(text) => {
            let own = tokens(&text[..last_part(text)]);
            document.add_pre_tokenized_text(fields.words, given(own.into_iter()));
            let (ranked, pairs) = ranked(text);
            document.add_pre_tokenized_text(fields.ranked, given(ranked.into_iter()));
            document.add_pre_tokenized_text(fields.pairs, given(pairs.into_iter().zip(0..)));
        }
    }
}

/// The stems of an item's text, each as often as it counts, and its pairs.
fn ranked(text: &str) -> (Vec<(String, u32)>, BTreeSet<String>) {
    let (mut stems, mut counts) = (Stems::default(), BTreeMap::<String, u32>::new());
    let mut pairs = BTreeSet::new();
    for (part, text) in text.split(PART).enumerate() {
        let words: Vec<(String, u32)> =
            tokens(text).into_iter().filter(|(word, _)| word != SENTENCE).collect();
        let words: Vec<(String, u32)> = words
            .into_iter()
            .map(|(word, place)| {
                let stem = stems.of(&word);
                (stems.text(stem).to_owned(), place)
            })
            .collect();
        for (stem, place) in &words {
            let weight = WEIGHTS[part.min(WEIGHTS.len() - 1)];
            let weight = weight.unwrap_or(u8::from(!counts.contains_key(stem)));
            *counts.entry(stem.clone()).or_default() += u32::from(weight);
            for (next, _) in words.iter().filter(|(_, at)| *at == place + 1) {
                let both = super::super::pairs::pairs(&[Some(stem), Some(next)]);
                pairs.extend(both.into_iter().flatten());
            }
        }
    }
    let times =
        counts.into_iter().flat_map(|(stem, times)| (0..times).map(move |at| (stem.clone(), at)));
    (times.collect(), pairs)
}

/// What the library writes of documents.
fn by_library(documents: &[Document]) -> tantivy::Result<Index> {
    let (schema, fields) = schema::build();
    let index = Index::builder().schema(schema.clone());
    let tokenizers = tantivy::tokenizer::TokenizerManager::default();
    for name in ["imr_words", "imr_ranked", "imr_pairs"] {
        tokenizers.register(name, TextAnalyzer::from(RawTokenizer::default()));
    }
    let index = index.tokenizers(tokenizers);
    let mut writer = index.single_segment_index_writer(RamDirectory::create(), 20_000_000)?;
    for Document { kept, names, text } in documents {
        let mut document = kept.clone();
        for (field, name) in names.iter().filter(|(field, _)| *field != fields.alike) {
            document.add_text(*field, String::from_utf8_lossy(name));
        }
        add_text(&fields, text, &mut document);
        writer.add_document(document)?;
    }
    writer.finalize()
}

/// What is kept of each document, and its values in each column, as text.
fn kept(reader: &SegmentReader) -> tantivy::Result<Vec<String>> {
    let store = reader.get_store_reader(0)?;
    (0..reader.max_doc())
        .map(|doc| {
            let bytes = store.get_document_bytes(doc)?;
            let columns = reader.schema().fields().filter(|(_, field)| field.is_fast());
            let values = columns
                .map(|(_, field)| values(reader, field, doc))
                .collect::<tantivy::Result<Vec<_>>>();
            Ok(format!("{bytes:?} {:?}", values?))
        })
        .collect()
}

/// A document's values in a column.
fn values(reader: &SegmentReader, field: &FieldEntry, doc: u32) -> tantivy::Result<Vec<String>> {
    let columns = reader.fast_fields();
    let (texts, bytes) = match field.field_type() {
        FieldType::U64(_) => {
            let column = columns.u64(field.name())?;
            return Ok(column.values_for_doc(doc).map(|value| value.to_string()).collect());
        }
        FieldType::Str(_) => (columns.str(field.name())?.map(BytesColumn::from), None),
        FieldType::Bytes(_) => (None, columns.bytes(field.name())?),
        other => panic!("a column of another type: {other:?}"),
    };
    let Some(column) = texts.or(bytes) else { return Ok(Vec::new()) };
    let value = |ord| {
        let mut value = Vec::new();
        column.ord_to_bytes(ord, &mut value)?;
        Ok(format!("{value:?}"))
    };
    column.ords().values_for_doc(doc).map(value).collect()
}

/// Columns of numbers that are nothing else.
fn numbers(fields: &Fields) -> [Field; 9] {
    let Fields { place, sentences, age, sessions, count, strength, .. } = *fields;
    let Fields { letter_key, decided, injured, .. } = *fields;
    [place, sentences, age, sessions, count, strength, letter_key, decided, injured]
}

/// A document of one of the kinds that there are.
fn document() -> impl Strategy<Value = Document> {
    let word = prop::sample::select(vec![
        "knee",
        "pain",
        "Knees",
        "H-wave",
        "post-op",
        "improvement",
        "functional",
        "#60",
        "5%",
        "\u{1f}",
        "zebra",
        "10/325mg",
        "caf\u{e9}",
        "L4-5",
        "the",
        "of",
    ]);
    let part = prop::collection::vec(word, 0..12).prop_map(|words| words.join(" "));
    let parts = prop::collection::vec(part, 1..8);
    (0..3, parts, any::<Option<u8>>(), prop::collection::vec("[a-c]{1,2}", 0..5)).prop_map(
        |(kind, parts, number, names)| {
            let (_, fields) = schema::build();
            let text = match kind {
                0 => Text::None,
                1 => Text::Letter(parts[0].replace('\u{1f}', " ")),
                _ => {
                    // No sentence is marked in the last part.
                    let (last, others) = parts.split_last().unwrap();
                    let last = last.replace(SENTENCE, " ");
                    Text::Item([others.join(PART), last].join(PART))
                }
            };
            let mut document = Document { text, ..Document::default() };
            document.add_name(fields.kind, ["source", "letter", "item"][kind as usize]);
            document.kept.add_u64(fields.order, parts.len() as u64);
            for name in names.iter().collect::<BTreeSet<_>>() {
                document.add_name(fields.facet, name);
                document.kept.add_text(fields.facet_sets, name);
            }
            if let Some(number) = number {
                document.add_number(fields.alike, u64::from(number) << 40);
                document.kept.add_bytes(fields.kept, &[number; 3]);
                for (at, field) in numbers(&fields).into_iter().enumerate() {
                    // Some have no value, some a small one, some a large one.
                    if u32::from(number) >> (at % 8) & 1 == 0 {
                        document.kept.add_u64(field, u64::from(number) << (at * 5));
                    }
                }
            } else {
                document.kept.add_bytes(fields.manifest, parts[0].as_bytes());
            }
            document
        },
    )
}

proptest! {
    #[test]
    fn a_segment_is_what_the_library_writes(documents in prop::collection::vec(document(), 1..30)) {
        let (own, library) = (index_of(&documents)?, by_library(&documents)?);
        let (_, fields) = schema::build();
        let searchers = (own.reader()?.searcher(), library.reader()?.searcher());
        let (own, library) = (searchers.0.segment_reader(0), searchers.1.segment_reader(0));
        prop_assert_eq!(terms(own)?, terms(library)?);
        prop_assert_eq!(lengths(own, &fields)?, lengths(library, &fields)?);
        prop_assert_eq!(kept(own)?, kept(library)?);
    }
}

#[test]
fn terms_of_many_documents_and_places() -> tantivy::Result<()> {
    let (_, fields) = schema::build();
    let item = |at: usize| {
        let some = if at.is_multiple_of(3) { "knee " } else { "hip " };
        let text = format!("{}\u{1e}pain of knee", some.repeat(1 + at % 200));
        Document { text: Text::Item(text), ..Document::default() }
    };
    let documents: Vec<Document> = (0..700).map(item).collect();
    let (own, library) = (index_of(&documents)?, by_library(&documents)?);
    let (own, library) = (own.reader()?.searcher(), library.reader()?.searcher());
    let (own, library) = (own.segment_reader(0), library.segment_reader(0));
    assert_eq!(terms(own)?, terms(library)?);
    assert_eq!(lengths(own, &fields)?, lengths(library, &fields)?);
    let field: Field = fields.words;
    assert!(own.inverted_index(field)?.terms().num_terms() > 2);
    Ok(())
}

/// A document that a source is known by.
fn named(name: &str) -> Document {
    let (_, fields) = schema::build();
    let mut document = Document::default();
    document.add_name(fields.source, name);
    document
}

/// The names of sources of documents that are not deleted.
fn names(index: &Index) -> tantivy::Result<Vec<String>> {
    let (_, fields) = schema::build();
    let searcher = index.reader()?.searcher();
    let mut names = Vec::new();
    for reader in searcher.segment_readers() {
        for ((field, name), documents) in terms(reader)? {
            let alive = documents.iter().filter(|(doc, ..)| !reader.is_deleted(*doc));
            if field == fields.source.field_id() {
                names.extend(alive.map(|_| String::from_utf8_lossy(&name).into_owned()));
            }
        }
    }
    names.sort_unstable();
    Ok(names)
}

#[test]
fn several_builders_lose_nothing_with_little_memory() -> tantivy::Result<()> {
    let (schema, fields) = schema::build();
    let index = Index::create_in_ram(schema);
    let mut builders = Builders::new(&index, &fields, 3, 100 << 20);
    let wanted: Vec<String> = (0..20_000).map(|at| format!("{at:05}")).collect();
    let mut writer = writer::open(&index)?;
    let mut segments = 0;
    for half in wanted.chunks(wanted.len() / 2) {
        for name in half {
            let mut document = named(name);
            let words: Vec<String> = (0..60).map(|at| format!("w{name}{at}")).collect();
            document.text = Text::Item(words.join(" "));
            builders.add(vec![document])?;
        }
        for segment in builders.finish()? {
            segments += 1;
            writer.add_segment(segment)?;
        }
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    assert!((7..100).contains(&segments), "{segments} segments");
    assert_eq!(names(&index)?, wanted);
    Ok(())
}

#[test]
fn a_builder_that_fails_says_why() -> tantivy::Result<()> {
    let (schema, fields) = schema::build();
    let mut document = Document::default();
    document.kept.add_u64(Field::from_field_id(999), 1);
    let index = Index::create_in_ram(schema.clone());
    let mut builders = Builders::new(&index, &fields, 2, 100 << 20);
    builders.add(vec![document])?;
    let error = builders.finish().expect_err("it panics").to_string();
    assert!(error.contains("index out of bounds"), "{error}");

    let folder = tempfile::tempdir()?;
    let index = Index::create_in_dir(folder.path(), schema)?;
    let mut builders = Builders::new(&index, &fields, 2, 100 << 20);
    folder.close()?;
    builders.add(vec![named("a")])?;
    let error = builders.finish().expect_err("there is no folder").to_string();
    assert!(error.contains("No such file"), "{error}");
    Ok(())
}

#[test]
fn a_merge_of_what_is_committed_takes_no_delete_before_its_time() -> tantivy::Result<()> {
    let (_, fields) = schema::build();
    let term = |name: &str| Term::from_field_text(fields.source, name);
    let index = index_of(&["b1", "b2"].map(named))?;
    let mut writer = writer::open(&index)?;
    let mut builders = Builders::new(&index, &fields, 1, 1 << 20);
    builders.add((0..20).map(|at| named(&format!("a{at}"))).collect())?;
    for segment in builders.finish()? {
        writer.add_segment(segment)?;
    }
    writer.commit()?;
    writer.delete_term(term("a0"));
    writer.commit()?;
    writer.wait_merging_threads()?;

    let mut writer = writer::open(&index)?;
    writer.delete_term(term("a1"));
    let mut segments = index.searchable_segment_metas()?;
    segments.sort_by_key(SegmentMeta::num_deleted_docs);
    let ids: Vec<SegmentId> = segments.iter().map(SegmentMeta::id).collect();
    assert_eq!(ids.len(), 2);
    writer.merge(&ids).wait()?;
    writer.commit()?;
    assert_eq!(index.reader()?.searcher().num_docs(), 20);
    Ok(())
}
