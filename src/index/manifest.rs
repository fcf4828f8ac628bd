//! What the index knows of each source file, and who keeps which identity.

use super::path_text::to_text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
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

/// The record of one source file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Hash of the path: identity of the file.
    pub key: String,
    /// Absolute path; `bytes:` and hexadecimal where it is not UTF-8.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Last change in nanoseconds since 1970.
    pub modified: u64,
    /// Hash of the bytes; absent where they could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Version of parser and vocabularies that read it.
    pub pipeline: String,
    /// What became of it.
    pub status: Status,
    /// Identity that the letter itself gives.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub base_id: String,
    /// Identity in the index: the letter's own, or one with `~2` where another letter has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Hash of the letter's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text_hash: String,
    /// Number of disputed items.
    #[serde(default)]
    pub items: u32,
    /// Number of warnings.
    #[serde(default)]
    pub warnings: u32,
    /// Why it failed, was skipped or is a duplicate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// Why a file is not in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable name.
    pub code: String,
    /// What went wrong.
    pub message: String,
}

impl SourceRecord {
    /// The record of a file of which nothing is known yet.
    pub(crate) fn new(path: &Path, size: u64, modified: u64, pipeline: &str) -> Self {
        Self {
            key: key(path),
            path: to_text(path),
            size,
            modified,
            hash: None,
            pipeline: pipeline.to_owned(),
            status: Status::Failed,
            base_id: String::new(),
            id: String::new(),
            text_hash: String::new(),
            items: 0,
            warnings: 0,
            failure: None,
        }
    }
}

/// The key of a path.
pub(crate) fn key(path: &Path) -> String {
    let hash = blake3::hash(path.as_os_str().as_encoded_bytes()).to_hex();
    hash[..32].to_owned()
}

/// A hash over the words of a text: copies differ in white space only.
pub(crate) fn text_hash(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        words.push_str(word);
        words.push(' ');
    }
    blake3::hash(words.as_bytes()).to_hex()[..32].to_owned()
}

/// Who a file is in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The letter of this identity.
    Letter(String),
    /// The same letter as the file of this path.
    CopyOf(String),
}

/// Gives every letter its identity, whatever the order in which files came: of copies the first
/// path holds the letter; of different letters with one identity the first path keeps it, the
/// others get the next number that is free.
pub(crate) fn identities(records: &HashMap<String, SourceRecord>) -> HashMap<String, Identity> {
    let mut first: HashMap<&str, &SourceRecord> = HashMap::new();
    for record in records.values().filter(|record| record.has_letter()) {
        let holder = first.entry(&record.text_hash).or_insert(record);
        if record.path < holder.path {
            *holder = record;
        }
    }
    let mut identities = HashMap::new();
    let mut letters: BTreeMap<&str, Vec<&SourceRecord>> = BTreeMap::new();
    for record in records.values().filter(|record| record.has_letter()) {
        let holder = first[record.text_hash.as_str()];
        if holder.key == record.key {
            letters.entry(&record.base_id).or_default().push(record);
        } else {
            identities.insert(record.key.clone(), Identity::CopyOf(holder.path.clone()));
        }
    }
    let mut taken: HashSet<String> = letters.keys().map(|base| (*base).to_owned()).collect();
    for (base, mut records) in letters {
        records.sort_by(|a, b| a.path.cmp(&b.path));
        let mut next = 2;
        for (at, record) in records.into_iter().enumerate() {
            let id = if at == 0 { base.to_owned() } else { free(base, &mut next, &mut taken) };
            identities.insert(record.key.clone(), Identity::Letter(id));
        }
    }
    identities
}

/// The next identity `<base>~<number>` that nobody has.
pub(crate) fn free(base: &str, next: &mut u32, taken: &mut HashSet<String>) -> String {
    loop {
        let id = format!("{base}~{next}");
        *next += 1;
        if taken.insert(id.clone()) {
            return id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(path: &str, base: &str, text: &str) -> (String, SourceRecord) {
        let record = SourceRecord {
            base_id: base.to_owned(),
            text_hash: text.to_owned(),
            status: Status::Indexed,
            ..SourceRecord::new(Path::new(path), 0, 0, "")
        };
        (record.key.clone(), record)
    }

    fn ids(records: &[(&str, &str, &str)]) -> Vec<String> {
        let map = records.iter().map(|(path, base, text)| record(path, base, text)).collect();
        let identities = identities(&map);
        let shown = |(path, ..): &(&str, &str, &str)| match &identities[&key(Path::new(path))] {
            Identity::Letter(id) => id.clone(),
            Identity::CopyOf(path) => format!("as {path}"),
        };
        records.iter().map(shown).collect()
    }

    #[test]
    fn the_first_path_keeps_what_several_want() {
        assert_eq!(
            ids(&[("/b", "x", "1"), ("/a", "x", "2"), ("/c", "x", "1")]),
            ["x~2", "x", "as /b"]
        );
        assert_eq!(
            ids(&[("/a", "x", "1"), ("/b", "x", "2"), ("/c", "x~2", "3")]),
            ["x", "x~3", "x~2"]
        );
    }
}
