//! One segment in memory, and the files that it becomes.

use super::lists::{self, Lists};
use super::postings::{Detail, Postings};
use super::texts::Texts;
use super::{Document, Text};
use crate::index::pairs;
use crate::index::schema::Fields;
use foldhash::HashMap;
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::hash::Hash;
use tantivy::directory::TerminatingWrite as _;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{SegmentComponent, SegmentMeta};
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::{Field, Schema};
use tantivy::store::StoreWriter;
use tantivy::{DocId, Index, Segment, TantivyError};

/// Gathers documents until they are written as a segment.
pub(super) struct Builder {
    index: Index,
    schema: Schema,
    fields: Fields,
    texts: Texts,
    words: Postings,
    ranked: Postings,
    pairs: Numbered<u32>,
    names: BTreeMap<Field, Numbered<Vec<u8>>>,
    lists: Lists,
    lengths: FieldNormsWriter,
    /// How many bytes it may take, about.
    memory: usize,
    /// There while there are documents.
    files: Option<Files>,
}

/// What a segment's documents are written to as they come.
struct Files {
    segment: Segment,
    columns: FastFieldsWriter,
    store: StoreWriter,
    documents: DocId,
}

impl Files {
    fn new(index: &Index, schema: &Schema) -> tantivy::Result<Self> {
        let (segment, settings) = (index.new_segment(), index.settings());
        let columns = index.fast_field_tokenizer().clone();
        Ok(Self {
            columns: FastFieldsWriter::from_schema_and_tokenizer_manager(schema, columns)?,
            store: StoreWriter::new(
                segment.open_write(SegmentComponent::Store)?,
                settings.docstore_compression,
                settings.docstore_blocksize,
                settings.docstore_compress_dedicated_thread,
            )?,
            segment,
            documents: 0,
        })
    }
}

impl Builder {
    pub(super) fn new(index: &Index, fields: &Fields, memory: usize) -> Self {
        let schema = index.schema();
        Self {
            index: index.clone(),
            fields: fields.clone(),
            texts: Texts::default(),
            words: Postings::new(Detail::Places),
            ranked: Postings::new(Detail::Times),
            pairs: Numbered::default(),
            names: BTreeMap::new(),
            lists: Lists::default(),
            lengths: FieldNormsWriter::for_schema(&schema),
            memory,
            files: None,
            schema,
        }
    }

    /// Adds a document.
    pub(super) fn add(&mut self, document: &Document) -> tantivy::Result<()> {
        let files = match &mut self.files {
            Some(files) => files,
            none => none.insert(Files::new(&self.index, &self.schema)?),
        };
        let at = files.documents;
        files.documents += 1;
        files.columns.add_document(&document.kept)?;
        files.store.store(&document.kept, &self.schema)?;
        for (field, name) in &document.names {
            self.names.entry(*field).or_default().add(&mut self.lists, name, at);
            // The library keeps lengths of all fields of numbers that are searched.
            self.lengths.record(at, *field, 1);
        }
        let (words, lists) = (&mut self.words, &mut self.lists);
        let mut place = |word, place| words.add_place(lists, word, at, place);
        match &document.text {
            Text::None => {}
            Text::Letter(text) => self.texts.read_letter(text, place),
            Text::Item(text) => {
                self.texts.read_item(text, &mut place);
                self.rank(at);
            }
        }
        Ok(())
    }

    /// Adds the stems and pairs of the item that was read last.
    fn rank(&mut self, at: DocId) {
        let mut length = 0;
        for (stem, times) in self.texts.stems_read() {
            length += times;
            self.ranked.add_times(&mut self.lists, stem, at, times);
        }
        self.lengths.record(at, self.fields.ranked, length);
        for pair in self.texts.pairs_read() {
            self.pairs.add(&mut self.lists, pair, at);
        }
    }

    /// How much memory is taken, in bytes, about.
    pub(super) fn size(&self) -> usize {
        let files = self.files.as_ref();
        self.lists.size()
            + self.texts.size()
            + self.words.size()
            + self.ranked.size()
            + self.pairs.size()
            + self.names.values().map(Numbered::size).sum::<usize>()
            + files.map_or(0, |files| files.columns.mem_usage() + files.store.mem_usage())
    }

    /// Whether the memory that may be taken is, or lists can hold no more.
    pub(super) fn is_full(&self) -> bool {
        self.size() >= self.memory || self.lists.size() >= lists::MOST
    }

    /// Writes what was added as a segment, if anything was, and begins anew.
    pub(super) fn finish(&mut self) -> tantivy::Result<Option<SegmentMeta>> {
        let Some(files) = self.files.take() else { return Ok(None) };
        let Files { segment, mut columns, store, documents } = files;
        self.lengths.fill_up_to_max_doc(documents);
        let lengths =
            FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?;
        self.lengths.serialize(lengths, None)?;
        self.write_terms(&segment)?;
        let mut write = segment.open_write(SegmentComponent::FastFields)?;
        columns.serialize(&mut write, None)?;
        write.terminate()?;
        store.close()?;
        self.clear();
        let segment = segment.with_max_doc(documents);
        // There is no store of the time before documents were sorted: they are not.
        segment.meta().untrack_temp_docstore();
        Ok(Some(segment.meta().clone()))
    }

    fn write_terms(&self, segment: &Segment) -> tantivy::Result<()> {
        let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        let mut serializer = InvertedIndexSerializer::open(segment)?;
        let mut write = |field: Field, postings: &Postings, mut terms: Vec<(&[u8], u32)>| {
            // Words that stood in segments before are known too.
            terms.retain(|(_, number)| postings.has(*number));
            terms.sort_unstable();
            let mut written =
                serializer.new_field(field, postings.words, lengths.get_field(field)?)?;
            postings.write(&self.lists, &terms, &mut written)?;
            Ok::<_, TantivyError>(written.close()?)
        };
        for (field, names) in &self.names {
            let terms = names.numbers.iter().map(|(name, number)| (name.as_slice(), *number));
            write(*field, &names.postings, terms.collect())?;
        }
        let (fields, stems) = (&self.fields, &self.texts.stems);
        let terms = stems.words().map(|(text, word)| (text.as_bytes(), word));
        write(fields.words, &self.words, terms.collect())?;
        let terms = stems.stems().map(|(text, stem)| (text.as_bytes(), stem));
        write(fields.ranked, &self.ranked, terms.collect())?;
        let pairs = &self.pairs;
        let texts = pairs.numbers.iter().map(|(pair, number)| (pairs::text_of(*pair), *number));
        let texts: Vec<(String, u32)> = texts.collect();
        let terms = texts.iter().map(|(text, number)| (text.as_bytes(), *number));
        write(fields.pairs, &pairs.postings, terms.collect())?;
        Ok(serializer.close()?)
    }

    fn clear(&mut self) {
        // What was read keeps its words for the next segment, but does not fill it.
        if self.texts.size() > self.memory / 4 {
            self.texts = Texts::default();
        }
        self.words.clear();
        self.ranked.clear();
        self.pairs = Numbered::default();
        self.names.clear();
        self.lists.clear();
        self.lengths = FieldNormsWriter::for_schema(&self.schema);
    }
}

/// A field of terms that are numbered as they come.
struct Numbered<T> {
    numbers: HashMap<T, u32>,
    /// What the terms hold.
    bytes: usize,
    postings: Postings,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        let postings = Postings::new(Detail::Documents);
        Self { numbers: HashMap::default(), bytes: 0, postings }
    }
}

impl<T: Eq + Hash> Numbered<T> {
    /// Says that a document holds a term.
    fn add<Q>(&mut self, lists: &mut Lists, term: &Q, document: DocId)
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = T> + ?Sized,
    {
        let next = self.numbers.len() as u32;
        let known = self.numbers.get(term).copied();
        if known.is_none() {
            self.bytes += size_of_val(term);
            self.numbers.insert(term.to_owned(), next);
        }
        self.postings.add(lists, known.unwrap_or(next), document);
    }

    /// How many bytes are taken, about.
    fn size(&self) -> usize {
        self.postings.size() + self.bytes + self.numbers.capacity() * size_of::<(T, u32)>()
    }
}
