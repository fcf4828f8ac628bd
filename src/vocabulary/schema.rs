//! Loads `index_schema/`: facets, vocabularies, expansions; compiled in or from a folder.

use super::model::{
    Ending, Expansions, FacetEntry, FacetsFile, Value, Values, Verdicts, Vocabulary,
};
use foldhash::HashMap;
use serde::de::{DeserializeOwned, Error as _};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A compiled-in file.
struct BuiltIn {
    name: &'static str,
    text: &'static str,
    /// What it holds, for every start of the program (`build.rs`).
    bytes: &'static [u8],
}

macro_rules! built_in {
    ($name:literal) => {
        BuiltIn {
            name: concat!($name, ".toml"),
            text: include_str!(concat!("../../index_schema/", $name, ".toml")),
            bytes: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".bin")),
        }
    };
}

/// The compiled-in files, in the order in which they are hashed.
const FILES: [BuiltIn; 16] = [
    built_in!("facets"),
    built_in!("outcome"),
    built_in!("letter_outcome"),
    built_in!("treatment"),
    built_in!("body_region"),
    built_in!("guideline"),
    built_in!("guidelines_agree"),
    built_in!("specialty"),
    built_in!("state"),
    built_in!("laterality"),
    built_in!("ur_action"),
    built_in!("timing"),
    built_in!("sex"),
    built_in!("layout"),
    built_in!("verdicts"),
    built_in!("expansions"),
];

/// The vocabularies of all facets.
#[derive(Debug, Clone)]
pub struct Vocabularies {
    facets: Vec<Facet>,
    expansions: Expansions,
    verdicts: Verdicts,
    hash: String,
}

/// A way to sort items into values.
#[derive(Debug, Clone)]
pub struct Facet {
    /// Name in filters, JSON and the index.
    pub name: String,
    /// Name for a person.
    pub label: String,
    /// What its values are, for help texts.
    pub about: String,
    /// What its values are.
    pub values: Values,
    /// The listed values; empty for other facets.
    pub vocabulary: Arc<Vocabulary>,
    /// The places of the values in their list, by path; most runs of the program ask for none.
    places: OnceLock<HashMap<String, usize>>,
}

/// Why a schema folder could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A file could not be read.
    #[error("cannot read {0}: {1}")]
    Read(PathBuf, std::io::Error),
    /// A file is not what it should be.
    #[error("{0}: {1}")]
    Parse(PathBuf, toml::de::Error),
    /// The folder holds none of the files.
    #[error("{0} holds none of the schema's files, such as treatment.toml")]
    Empty(PathBuf),
}

/// The paths on the way from a value's root to the value itself: `spine`, then `spine/lumbar`.
pub(crate) fn lineage(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.map(|end| &path[..end])
}

/// Whether what was typed means the facet of a name; parts may be joined by `_`, as in columns.
pub(crate) fn names(typed: &str, facet: &str) -> bool {
    typed == facet || typed.contains('_') && typed.replace('_', "-") == facet
}

impl Vocabularies {
    /// Loads the compiled-in files, those that `folder` holds replaced by its own.
    ///
    /// # Errors
    /// If the folder cannot be read, holds none of the files, or one is malformed.
    pub fn load(folder: Option<&Path>) -> Result<Self, SchemaError> {
        let files = FILES.into_iter().map(|built_in| File::of(built_in, folder));
        let files: Vec<File> = files.collect::<Result<_, _>>()?;
        match folder {
            Some(folder) if files.iter().all(|file| matches!(file, File::BuiltIn(_))) => {
                Err(SchemaError::Empty(folder.to_owned()))
            }
            _ => Self::parse(&files),
        }
    }

    fn parse(files: &[File]) -> Result<Self, SchemaError> {
        let mut facets: Vec<Facet> = Vec::new();
        let mut read_before: BTreeMap<String, Arc<Vocabulary>> = BTreeMap::new();
        for entry in parse::<FacetsFile>(files, "facets")?.facet {
            let vocabulary = match &entry.vocabulary {
                // Two facets may share a file.
                Some(name) => match read_before.entry(name.clone()) {
                    Entry::Occupied(known) => known.get().clone(),
                    Entry::Vacant(new) => new.insert(Arc::new(parse(files, name)?)).clone(),
                },
                None => Arc::default(),
            };
            let FacetEntry { name, label, about, values, .. } = entry;
            let places = OnceLock::new();
            facets.push(Facet { name, label, about, values, vocabulary, places });
        }
        let mut hasher = blake3::Hasher::new();
        for text in files.iter().map(File::text) {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        let hash = hasher.finalize().to_hex()[..16].to_owned();
        let (expansions, verdicts) = (parse(files, "expansions")?, parse(files, "verdicts")?);
        Ok(Self { facets, expansions, verdicts, hash })
    }

    /// All facets in the order in which they are shown.
    pub fn facets(&self) -> &[Facet] {
        &self.facets
    }

    /// The facet that a name means; parts may be joined by `_`, as in columns.
    pub fn facet(&self, name: &str) -> Option<&Facet> {
        self.facets.iter().find(|facet| names(name, &facet.name))
    }

    /// The label of a facet's value; the path itself where there is no such facet.
    pub fn label(&self, facet: &str, path: &str) -> String {
        self.facet(facet).map_or_else(|| path.to_owned(), |facet| facet.label_of(path))
    }

    /// The facet that says how an item came out: the one with values that have an ending.
    pub fn outcome(&self) -> Option<&Facet> {
        let ends =
            |facet: &&Facet| facet.vocabulary.values.iter().any(|value| value.ending.is_some());
        self.facets.iter().find(ends)
    }

    /// Whether a facet of this name tells how an item, or its letter, came out: it has values of the outcome's.
    pub fn tells_outcome(&self, name: &str) -> bool {
        let paths = |facet: &'_ Facet| -> Vec<String> {
            facet.vocabulary.values.iter().map(|value| value.path.clone()).collect()
        };
        let (Some(outcome), Some(facet)) = (self.outcome(), self.facet(name)) else { return false };
        let outcomes = paths(outcome);
        paths(facet).iter().any(|path| outcomes.contains(path))
    }

    /// The words that queries expand to.
    pub fn expansions(&self) -> &Expansions {
        &self.expansions
    }

    /// The language in which outcomes are stated.
    pub fn verdicts(&self) -> &Verdicts {
        &self.verdicts
    }

    /// A hash over all files, in hexadecimal: it changes when any of them does.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

impl Facet {
    /// The listed value of this path.
    fn value(&self, path: &str) -> Option<&Value> {
        let values = &self.vocabulary.values;
        let paths = || values.iter().zip(0..).map(|(value, at)| (value.path.clone(), at)).collect();
        self.places.get_or_init(paths).get(path).map(|at| &values[*at])
    }

    /// How an item with the value of this path came out.
    pub fn ending(&self, path: &str) -> Option<Ending> {
        self.value(path)?.ending
    }

    /// Values that accompany something else that was asked for and are no request by themselves.
    pub fn asides(&self) -> impl Iterator<Item = &Value> {
        self.vocabulary.values.iter().filter(|value| value.aside)
    }

    /// The label of a path: its value's own, else made from its last part; a number is its own.
    pub fn label_of(&self, path: &str) -> String {
        if self.values == Values::Numbers {
            return path.to_owned();
        }
        self.value(path).map_or_else(|| made_label(path), |value| value.label.clone())
    }

    /// What a value means in plain words, where its label does not say.
    pub fn plain_of(&self, path: &str) -> Option<&str> {
        self.value(path)?.plain.as_deref()
    }
}

/// "upper-extremity" becomes "Upper extremity".
fn made_label(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path).replace('-', " ");
    let acronym = matches!(name.as_str(), "mtus" | "odg" | "acoem" | "dme");
    let mut chars = name.chars();
    match chars.next() {
        _ if acronym => name.to_uppercase(),
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => name,
    }
}

/// A file of the schema.
enum File {
    BuiltIn(BuiltIn),
    /// One of the reader's own in the place of a compiled-in one, with its text.
    Own(PathBuf, String),
}

impl File {
    /// The folder's own file, if it has one.
    fn of(built_in: BuiltIn, folder: Option<&Path>) -> Result<Self, SchemaError> {
        let path = folder.map(|folder| folder.join(built_in.name)).filter(|path| path.is_file());
        let Some(path) = path else { return Ok(Self::BuiltIn(built_in)) };
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self::Own(path, text)),
            Err(error) => Err(SchemaError::Read(path, error)),
        }
    }

    fn is_named(&self, name: &str) -> bool {
        let path = match self {
            Self::BuiltIn(built_in) => Path::new(built_in.name),
            Self::Own(path, _) => path,
        };
        path.file_stem().is_some_and(|stem| stem == name)
    }

    fn text(&self) -> &str {
        match self {
            Self::BuiltIn(built_in) => built_in.text,
            Self::Own(_, text) => text,
        }
    }
}

/// What a file holds; nothing where there is none of this name.
fn parse<T: DeserializeOwned + Default>(files: &[File], name: &str) -> Result<T, SchemaError> {
    match files.iter().find(|file| file.is_named(name)) {
        Some(File::BuiltIn(built_in)) => postcard::from_bytes(built_in.bytes).map_err(|error| {
            SchemaError::Parse(built_in.name.into(), toml::de::Error::custom(error))
        }),
        Some(File::Own(path, text)) => {
            toml::from_str(text).map_err(|error| SchemaError::Parse(path.clone(), error))
        }
        None => Ok(T::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_files_load() {
        let loaded = Vocabularies::load(None).map(|v| v.facets().len());
        assert!(matches!(loaded, Ok(1..)), "{loaded:?}");
    }

    #[test]
    fn parents_get_labels() {
        assert_eq!(made_label("upper-extremity"), "Upper extremity");
    }
}
