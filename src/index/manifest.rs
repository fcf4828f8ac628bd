//! What the index knows of each source file, and who keeps which identity.

use super::path_text::to_text;
use foldhash::{HashMap, HashMapExt, HashSet};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// What became of a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Its letter and items are in the index.
    Indexed,
    /// Another file holds the same letter.
    Duplicate,
    /// It could not be read.
    Failed,
    /// A text that is no letter and does not claim to be one.
    Skipped,
}

/// Identity of a source file: a hash of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u128);

impl Key {
    /// The key of a path.
    pub(crate) fn of(path: &Path) -> Self {
        Self(half(path.as_os_str().as_encoded_bytes()))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// The first half of a hash.
fn half(bytes: &[u8]) -> u128 {
    let hash = blake3::hash(bytes);
    hash.as_bytes()[..16].iter().fold(0, |all, byte| (all << 8) | u128::from(*byte))
}

/// The manifest: what is known of each source file.
pub type Sources = HashMap<Key, SourceRecord>;

/// The record of one source file. A run holds those of all files, so they are small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// Identity of the file.
    pub key: Key,
    /// Absolute path; `bytes:` and hexadecimal where it is not UTF-8.
    pub path: Box<str>,
    /// Size in bytes.
    pub size: u64,
    /// Last change in nanoseconds since 1970.
    pub modified: u64,
    /// Hash of the bytes; absent where they could not be read.
    pub hash: Option<blake3::Hash>,
    /// Version of parser and vocabularies that read it, as a number.
    pub pipeline: u64,
    /// What became of it.
    pub status: Status,
    /// Identity that the letter itself gives; empty without a letter.
    pub base_id: Box<str>,
    /// Identity in the index where it is not that one: with `~2` where another letter has it.
    pub other_id: Option<Box<str>>,
    /// Hash of the letter's words; 0 without a letter.
    pub text_hash: u128,
    /// Number of disputed items.
    pub items: u32,
    /// Number of warnings.
    pub warnings: u32,
    /// Why it failed, was skipped or is a duplicate.
    pub failure: Option<Box<Failure>>,
}

/// Why a file is not in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable name.
    pub code: String,
    /// What went wrong.
    pub message: String,
}

/// A record as it is kept: every run reads all of them.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    path: &'a str,
    key: [u8; 16],
    size: u64,
    modified: u64,
    hash: Option<[u8; 32]>,
    pipeline: u64,
    status: Status,
    base_id: &'a str,
    other_id: Option<&'a str>,
    text_hash: [u8; 16],
    items: u32,
    warnings: u32,
    failure: Option<Box<Failure>>,
}

impl SourceRecord {
    /// The record of a file of which nothing is known yet.
    pub(crate) fn new(path: &Path, size: u64, modified: u64, pipeline: u64) -> Self {
        Self {
            key: Key::of(path),
            path: to_text(path).into(),
            size,
            modified,
            hash: None,
            pipeline,
            status: Status::Failed,
            base_id: Box::default(),
            other_id: None,
            text_hash: 0,
            items: 0,
            warnings: 0,
            failure: None,
        }
    }

    /// Identity of its letter in the index, where that has it.
    pub fn id(&self) -> &str {
        self.other_id.as_deref().unwrap_or(&self.base_id)
    }

    /// Whether a letter was read from the file: in the index, or a copy of one that is.
    pub(super) fn has_letter(&self) -> bool {
        matches!(self.status, Status::Indexed | Status::Duplicate)
    }

    /// As bytes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let kept = Kept {
            path: &self.path,
            key: self.key.0.to_be_bytes(),
            size: self.size,
            modified: self.modified,
            hash: self.hash.map(Into::into),
            pipeline: self.pipeline,
            status: self.status,
            base_id: &self.base_id,
            other_id: self.other_id.as_deref(),
            text_hash: self.text_hash.to_be_bytes(),
            items: self.items,
            warnings: self.warnings,
            failure: self.failure.clone(),
        };
        // Plain data, which cannot fail.
        postcard::to_allocvec(&kept).unwrap_or_default()
    }

    /// From bytes; `None` where they are no record.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let kept: Kept<'_> = postcard::from_bytes(bytes).ok()?;
        Some(Self {
            key: Key(u128::from_be_bytes(kept.key)),
            path: kept.path.into(),
            size: kept.size,
            modified: kept.modified,
            hash: kept.hash.map(Into::into),
            pipeline: kept.pipeline,
            status: kept.status,
            base_id: kept.base_id.into(),
            other_id: kept.other_id.map(Into::into),
            text_hash: u128::from_be_bytes(kept.text_hash),
            items: kept.items,
            warnings: kept.warnings,
            failure: kept.failure,
        })
    }
}

/// A hash over the words of a text, given with single spaces: copies differ in white space only.
pub(super) fn text_hash(spaced: &str) -> u128 {
    half(spaced.as_bytes())
}

/// Who a file is in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The letter of this identity.
    Letter(Box<str>),
    /// The same letter as the file of this path.
    CopyOf(Box<str>),
}

/// Who letters are, whatever the order in which files came: of copies the first path holds the letter;
/// of different letters with one identity the first path keeps it, the others get the next number that is
/// free. Those are left out that nobody contests and that have the identity that they give themselves.
pub(crate) fn identities(records: &Sources) -> HashMap<Key, Identity> {
    let letters: Vec<&SourceRecord> =
        records.values().filter(|record| record.has_letter()).collect();
    let mut first: HashMap<u128, &SourceRecord> = HashMap::with_capacity(letters.len());
    for record in &letters {
        let holder = first.entry(record.text_hash).or_insert(record);
        if record.path < holder.path {
            *holder = record;
        }
    }
    let (own, copies): (Vec<&SourceRecord>, Vec<&SourceRecord>) =
        letters.into_iter().partition(|record| first[&record.text_hash].key == record.key);
    let mut wanted: HashMap<&str, u32> = HashMap::with_capacity(own.len());
    for record in &own {
        *wanted.entry(&record.base_id).or_default() += 1;
    }
    let copy = |record: &&SourceRecord| Identity::CopyOf(first[&record.text_hash].path.clone());
    let mut identities: HashMap<Key, Identity> =
        copies.iter().map(|record| (record.key, copy(record))).collect();
    let (mut contested, alone): (Vec<&SourceRecord>, Vec<&SourceRecord>) =
        own.iter().partition(|record| wanted[&*record.base_id] > 1);
    let is_own =
        |record: &SourceRecord| record.status == Status::Indexed && record.other_id.is_none();
    let other = alone.iter().filter(|record| !is_own(record));
    identities.extend(other.map(|record| (record.key, Identity::Letter(record.base_id.clone()))));
    contested.sort_unstable_by(|a, b| (&a.base_id, &a.path).cmp(&(&b.base_id, &b.path)));
    let mut taken = Taken::default();
    if !contested.is_empty() {
        for base in wanted.keys() {
            taken.take(base);
        }
    }
    for same in contested.chunk_by(|a, b| a.base_id == b.base_id) {
        let mut next = 2;
        for (at, record) in same.iter().enumerate() {
            let base = &record.base_id;
            let id = if at == 0 { base.clone() } else { taken.free(base, &mut next) };
            identities.insert(record.key, Identity::Letter(id));
        }
    }
    identities
}

/// Identities that are taken, as hashes: there are as many as letters.
#[derive(Debug, Default)]
pub(crate) struct Taken(HashSet<u128>);

impl Taken {
    /// Takes an identity; whether it was free.
    pub(crate) fn take(&mut self, id: &str) -> bool {
        self.0.insert(half(id.as_bytes()))
    }

    /// Takes the next identity `<base>~<number>` that is free.
    pub(crate) fn free(&mut self, base: &str, next: &mut u32) -> Box<str> {
        loop {
            let id = format!("{base}~{next}");
            *next += 1;
            if self.take(&id) {
                return id.into();
            }
        }
    }

    /// Lets go of an identity.
    pub(crate) fn release(&mut self, id: &str) {
        self.0.remove(&half(id.as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::pieces::spaced;

    fn record(path: &str, base: &str, text: u128) -> (Key, SourceRecord) {
        let record = SourceRecord {
            base_id: base.into(),
            text_hash: text,
            status: Status::Indexed,
            ..SourceRecord::new(Path::new(path), 0, 0, 0)
        };
        (record.key, record)
    }

    #[test]
    fn copies_differ_in_white_space_only() {
        let hash = |text| text_hash(&spaced(text));
        assert_eq!(hash("\na\t\r\n b"), hash("a b"));
        assert_eq!(hash("45\u{b0}\u{a0}\n b "), hash("45\u{b0} b"));
        assert_ne!(hash("a b"), hash("ab"));
    }

    #[test]
    fn records_come_back() {
        let failure = Failure { code: "empty".to_owned(), message: "nothing".to_owned() };
        let (_, known) = record("/b", "CM13-1", u128::MAX);
        let failed = SourceRecord { failure: Some(Box::new(failure)), ..known.clone() };
        let other_id = Some("CM13-1~2".into());
        let hashed = SourceRecord { hash: Some(blake3::hash(b"x")), other_id, ..known };
        for record in [failed, hashed] {
            let back = SourceRecord::from_bytes(&record.to_bytes());
            assert_eq!(back, Some(record));
        }
        assert_eq!(SourceRecord::from_bytes(b"{}"), None);
    }

    fn ids(records: &[(&str, &str, u128)]) -> Vec<String> {
        let map = records.iter().map(|(path, base, text)| record(path, base, *text)).collect();
        let identities = identities(&map);
        let shown = |(path, base, _): &(&str, &str, u128)| match identities
            .get(&Key::of(Path::new(path)))
        {
            None => (*base).to_owned(),
            Some(Identity::Letter(id)) => id.to_string(),
            Some(Identity::CopyOf(path)) => format!("as {path}"),
        };
        records.iter().map(shown).collect()
    }

    #[test]
    fn the_first_path_keeps_what_several_want() {
        assert_eq!(ids(&[("/b", "x", 1), ("/a", "x", 2), ("/c", "x", 1)]), ["x~2", "x", "as /b"]);
        assert_eq!(ids(&[("/a", "x", 1), ("/b", "x", 2), ("/c", "x~2", 3)]), ["x", "x~3", "x~2"]);
    }
}
