//! The letters of a run as files, and their items as ready-made documents.

use crate::synthetic::Generator;
use imr_search::index::{ItemDocument, Pipeline};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Letters on disk and what they hold.
#[derive(Debug)]
pub(crate) struct Corpus {
    pub(crate) letters: PathBuf,
    /// Files of items as JSON lines.
    pub(crate) documents: Vec<PathBuf>,
    pub(crate) items: u64,
    pub(crate) bytes: u64,
}

/// An item as the floor is given it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) rationale: String,
    pub(crate) facets: [String; 4],
}

/// The facets of the floor, in the order of [`Document::facets`].
pub(crate) const FACETS: [&str; 4] = ["outcome", "guideline", "region", "specialty"];

/// Number of letters, seed and fingerprint; then items and bytes.
type Made = ((u64, u64, String), u64, u64);

/// Files of one folder.
const FOLDER: u64 = 1_000;
const THREADS: usize = 2;

impl Corpus {
    /// The letters of a folder, made if there are none; a folder with others is left alone.
    pub(crate) fn new(folder: &Path, letters: u64, seed: u64, pipeline: &Pipeline) -> Self {
        let made = folder.join("made.json");
        let wanted = (letters, seed, fingerprint(seed));
        let found = fs::read(&made).ok();
        let found = found.and_then(|bytes| serde_json::from_slice::<Made>(&bytes).ok());
        let (items, bytes) = match found {
            Some((known, items, bytes)) if known == wanted => (items, bytes),
            _ => {
                let other = folder.join("letters").exists();
                assert!(!other, "{} holds other letters: name another folder", folder.display());
                let (items, bytes) = make(folder, letters, seed, pipeline);
                let known = serde_json::to_vec(&(wanted, items, bytes)).unwrap();
                fs::write(&made, known).unwrap();
                (items, bytes)
            }
        };
        let documents = (0..THREADS).map(|thread| documents(folder, thread)).collect();
        Self { letters: folder.join("letters"), documents, items, bytes }
    }

    /// The path of a letter's file.
    pub(crate) fn path(&self, number: u64, name: &str) -> PathBuf {
        self.letters.join(format!("{:05}", number / FOLDER)).join(format!("{name}.txt"))
    }
}

fn documents(folder: &Path, thread: usize) -> PathBuf {
    folder.join("documents").join(format!("{thread}.ndjson"))
}

/// Tells letters of another version of the generator.
fn fingerprint(seed: u64) -> String {
    let generator = Generator::new(seed);
    let mut hasher = blake3::Hasher::new();
    for number in 0..20 {
        hasher.update(generator.letter(number, 0).text.as_bytes());
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// Writes letters and documents; returns the number of items and the bytes of text.
fn make(folder: &Path, letters: u64, seed: u64, pipeline: &Pipeline) -> (u64, u64) {
    println!("making {letters} letters in {}", folder.display());
    fs::create_dir_all(folder.join("documents")).unwrap();
    let generator = Generator::new(seed);
    let (next, items, bytes) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let work = |thread: usize| {
        let mut out = BufWriter::new(File::create(documents(folder, thread)).unwrap());
        loop {
            let first = next.fetch_add(FOLDER, Ordering::Relaxed);
            if first >= letters {
                return out.flush().unwrap();
            }
            let path = folder.join("letters").join(format!("{:05}", first / FOLDER));
            fs::create_dir_all(&path).unwrap();
            for number in first..letters.min(first + FOLDER) {
                let letter = generator.letter(number, 0);
                fs::write(path.join(format!("{}.txt", letter.name)), &letter.text).unwrap();
                let written = write(&letter.text, &letter.name, pipeline, &mut out);
                items.fetch_add(written, Ordering::Relaxed);
                bytes.fetch_add(letter.text.len() as u64, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        let work = &work;
        (0..THREADS).for_each(|thread| drop(scope.spawn(move || work(thread))));
    });
    (items.into_inner(), bytes.into_inner())
}

/// Writes the items of a letter as they are read.
fn write(text: &str, name: &str, pipeline: &Pipeline, out: &mut dyn Write) -> u64 {
    let record = pipeline.letter(text, name, "source").unwrap();
    for item in ItemDocument::of(&record) {
        let values = item.facets();
        let first = |facet: &str| {
            let found = values.iter().find(|(name, _)| *name == facet);
            found.map_or_else(|| "none".to_owned(), |(_, path)| path.to_string())
        };
        let document = Document {
            title: item.item.title.clone(),
            summary: record.summary.clone().unwrap_or_default(),
            rationale: item.item.rationale.clone().unwrap_or_default(),
            facets: FACETS.map(first),
        };
        serde_json::to_writer(&mut *out, &document).unwrap();
        out.write_all(b"\n").unwrap();
    }
    record.items.len() as u64
}
