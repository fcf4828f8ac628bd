//! Compares files by their content: those that moved, and those that only look as they were.

use super::manifest::{Key, SourceRecord};
use super::parallel::in_order;
use super::path_text::from_text;
use super::plan::{Known, Moved, Plan};
use crate::source::{self, Walk};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

impl<'w> Plan<'w> {
    /// Takes those of the new files that hold what a lost one held as moved, and leaves out of
    /// `lost` where they came from. Only files of the size of one that was lost are read.
    pub(super) fn find_moved(&mut self, known: &Known<'_>, lost: &[&SourceRecord]) {
        let mut by_hash: HashMap<blake3::Hash, Vec<&SourceRecord>> = HashMap::new();
        let mut sizes = HashSet::new();
        for record in lost.iter().filter(|record| record.has_letter()) {
            if let Some(hash) = record.hash {
                by_hash.entry(hash).or_default().push(record);
                sizes.insert(record.size);
            }
        }
        // The first path goes to the first.
        for records in by_hash.values_mut() {
            records.sort_by(|a, b| b.path.cmp(&a.path));
        }
        let new: Vec<PathBuf> = self
            .read
            .iter()
            .filter(|(path, found)| {
                sizes.contains(&found.size) && !known.records.contains_key(&Key::of(path))
            })
            .map(|(path, _)| path.to_path_buf())
            .collect();
        for (path, hash) in new.iter().zip(hashes(known.jobs, &new)) {
            let from = hash.and_then(|hash| by_hash.get_mut(&hash)?.pop());
            if let Some(from) = from
                && let Some(found) = self.read.remove(path.as_path())
            {
                self.moved.push(Moved { from: from.key, to: path.clone(), found: found.clone() });
            }
        }
    }

    /// Looks into the files that are as they were by size and time; those whose content is
    /// another are read.
    pub(super) fn look_into(&mut self, known: &Known<'_>, walk: &'w Walk) {
        let keys: Vec<&Key> = self.unchanged.iter().chain(&self.reread).collect();
        let records: Vec<&SourceRecord> =
            keys.into_iter().filter_map(|key| known.records.get(key)).collect();
        let paths: Vec<PathBuf> = records.iter().map(|record| from_text(&record.path)).collect();
        let there = paths.iter().map(|path| walk.files.get_key_value(path));
        let mut other = HashSet::new();
        for ((record, found), hash) in records.iter().zip(there).zip(hashes(known.jobs, &paths)) {
            if let Some((path, found)) = found
                && hash != record.hash
            {
                other.insert(record.key);
                self.read.insert(path, found);
            }
        }
        self.unchanged.retain(|key| !other.contains(key));
        self.reread.retain(|key| !other.contains(key));
    }
}

/// The hashes of files, in their order; none of one that cannot be read.
fn hashes(jobs: usize, paths: &[PathBuf]) -> Vec<Option<blake3::Hash>> {
    let mut hashes = Vec::with_capacity(paths.len());
    let done: Result<(), std::convert::Infallible> = in_order(
        jobs,
        paths,
        |path| source::hash(path).ok(),
        |_, hash| {
            hashes.push(hash);
            Ok(())
        },
    );
    done.unwrap_or_default();
    hashes
}
