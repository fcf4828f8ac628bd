//! Saved searches: a file beside the index that a person can edit, and what each search has shown.
//!
//! What was shown is remembered as the identities that matched, not as a time: so an update, a rebuild
//! or a letter that came late cannot hide a new match or show an old one again.

use crate::search::{Match, Request};
use serde::Deserialize;
use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The file.
const FILE: &str = "saved.toml";
/// The folder of what searches have shown.
const SEEN: &str = "saved";
/// Who changes the file locks this one in that folder.
const LOCK: &str = "lock";
/// What a file of identities starts with.
const MAGIC: &[u8; 8] = b"imrseen1";
/// What a search starts with in the file.
const HEAD: &str = "[[search]]";

/// The saved searches of an index.
#[derive(Debug, Clone)]
pub struct Saved {
    folder: PathBuf,
    text: String,
    searches: Vec<SavedSearch>,
}

/// A search with a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedSearch {
    /// Its name.
    pub name: String,
    /// The query.
    #[serde(default)]
    pub query: String,
    /// Filters, such as `region=knee` or `outcome=!upheld`.
    #[serde(default)]
    pub filters: Vec<String>,
    /// Whether any of the words is enough.
    #[serde(default)]
    pub any: bool,
    /// Whether words are meant as typed.
    #[serde(default)]
    pub exact: bool,
}

/// Why saved searches cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SavedError {
    /// The file cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// The file is not what it should be.
    #[error("{}: {error}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and what.
        error: Box<toml::de::Error>,
    },
    /// A name cannot be used.
    #[error("\"{0}\" is no name: letters, figures, - and _ only")]
    Name(String),
    /// There is a search of that name.
    #[error("there is a saved search \"{0}\"")]
    Taken(String),
    /// A search cannot be cut out of the file.
    #[error("\"{name}\" cannot be cut out of {}", path.display())]
    Unremovable {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// There is no search of that name.
    #[error("there is no saved search \"{0}\"")]
    Unknown(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    search: Vec<SavedSearch>,
}

/// The searches of a file's text.
fn parsed(text: &str, path: &Path) -> Result<Vec<SavedSearch>, SavedError> {
    let file = toml::from_str::<File>(text)
        .map_err(|error| SavedError::Parse { path: path.to_owned(), error: Box::new(error) })?;
    Ok(file.search)
}

impl Saved {
    /// Reads the saved searches of an index's folder; none where there is no file.
    ///
    /// # Errors
    /// If the file cannot be read, or a name in it cannot be used.
    pub fn load(folder: &Path) -> Result<Self, SavedError> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => read.map_err(|error| SavedError::Io { path: path.clone(), error })?,
        };
        let searches = parsed(&text, &path)?;
        if let Some(search) = searches.iter().find(|search| !is_name(&search.name)) {
            return Err(SavedError::Name(search.name.clone()));
        }
        Ok(Self { folder: folder.to_owned(), text, searches })
    }

    /// All searches, in the order of the file.
    pub fn searches(&self) -> &[SavedSearch] {
        &self.searches
    }

    /// The search of a name.
    ///
    /// # Errors
    /// If there is none.
    pub fn get(&self, name: &str) -> Result<&SavedSearch, SavedError> {
        let found = self.searches.iter().find(|search| search.name == name);
        found.ok_or_else(|| SavedError::Unknown(name.to_owned()))
    }

    /// Adds a search at the end of the file as it is by now; the rest of it, comments too, stays as it is.
    ///
    /// # Errors
    /// If the name cannot be used or is taken, or the file cannot be written.
    pub fn add(&mut self, search: SavedSearch) -> Result<(), SavedError> {
        if !is_name(&search.name) {
            return Err(SavedError::Name(search.name));
        }
        let _lock = self.read_anew()?;
        if self.get(&search.name).is_ok() {
            return Err(SavedError::Taken(search.name));
        }
        let parted = if self.text.is_empty() || self.text.ends_with("\n\n") { "" } else { "\n" };
        let text = format!("{}{parted}{}", self.text, written(&search));
        Self::write(&self.folder.join(FILE), text.as_bytes())?;
        (self.text, self.searches) =
            (text, [std::mem::take(&mut self.searches), vec![search]].concat());
        Ok(())
    }

    /// Removes a search from the file as it is by now, and what it has shown.
    ///
    /// # Errors
    /// If there is none of the name, or the file cannot be written.
    pub fn remove(&mut self, name: &str) -> Result<(), SavedError> {
        let _lock = self.read_anew()?;
        let at = self.searches.iter().position(|search| search.name == name);
        let at = at.ok_or_else(|| SavedError::Unknown(name.to_owned()))?;
        let path = self.folder.join(FILE);
        let (text, searches) = self.without(at);
        // What people write by hand may be parted in ways that are not foreseen.
        if parsed(&text, &path).ok().as_ref() != Some(&searches) {
            return Err(SavedError::Unremovable { path, name: name.to_owned() });
        }
        Self::write(&path, text.as_bytes())?;
        (self.text, self.searches) = (text, searches);
        let path = self.seen_path(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(SavedError::Io { path, error })
            }
            _ => Ok(()),
        }
    }

    /// Reads the file again and keeps others from changing it until the lock is dropped.
    fn read_anew(&mut self) -> Result<fs::File, SavedError> {
        let folder = self.folder.join(SEEN);
        let path = folder.join(LOCK);
        let lock = fs::create_dir_all(folder)
            .and_then(|()| fs::File::create(&path))
            .and_then(|file| file.lock().map(|()| file))
            .map_err(|error| SavedError::Io { path, error })?;
        *self = Self::load(&self.folder)?;
        Ok(lock)
    }

    /// The file's text without a search, from its head to the next one, and the other searches.
    fn without(&self, at: usize) -> (String, Vec<SavedSearch>) {
        let is_head = |line: &str| {
            let line = line.split('#').next().unwrap_or_default();
            line.split_whitespace().collect::<String>() == HEAD
        };
        let mut number = 0;
        let kept = self.text.split_inclusive('\n').filter(|line| {
            number += usize::from(is_head(line));
            number != at + 1
        });
        let mut others = self.searches.clone();
        others.remove(at);
        (kept.collect(), others)
    }

    /// The identities, as numbers, that a search has shown; none where it never ran, or where what
    /// was kept of it cannot be read.
    ///
    /// # Errors
    /// If the file is there and cannot be read.
    pub fn seen(&self, name: &str) -> Result<HashSet<u64>, SavedError> {
        let path = self.seen_path(name);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(HashSet::new()),
            read => read.map_err(|error| SavedError::Io { path, error })?,
        };
        let numbers = bytes.strip_prefix(MAGIC).unwrap_or_default().as_chunks::<8>().0;
        Ok(numbers.iter().map(|number| u64::from_le_bytes(*number)).collect())
    }

    /// Remembers the identities that a search has shown.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn remember(
        &self,
        name: &str,
        identities: impl Iterator<Item = u64>,
    ) -> Result<(), SavedError> {
        let path = self.seen_path(name);
        let made = fs::create_dir_all(self.folder.join(SEEN));
        made.map_err(|error| SavedError::Io { path: path.clone(), error })?;
        let numbers = identities.flat_map(u64::to_le_bytes);
        let bytes: Vec<u8> = MAGIC.iter().copied().chain(numbers).collect();
        Self::write(&path, &bytes)
    }

    fn seen_path(&self, name: &str) -> PathBuf {
        self.folder.join(SEEN).join(format!("{name}.seen"))
    }

    /// Writes a file whole or not at all.
    fn write(path: &Path, bytes: &[u8]) -> Result<(), SavedError> {
        let draft = path.with_extension(format!("{}.new", std::process::id()));
        let write = || {
            let mut file = fs::File::create(&draft)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&draft, path)
        };
        write().map_err(|error| SavedError::Io { path: path.to_owned(), error })
    }
}

impl SavedSearch {
    /// The search as a request.
    pub fn request(&self) -> Request {
        let filters = self.filters.iter().map(|filter| {
            let (name, value) = filter.split_once('=').unwrap_or((filter, ""));
            (name.trim().to_owned(), value.trim().to_owned())
        });
        Request {
            text: self.query.clone(),
            matching: if self.any { Match::Any } else { Match::All },
            exact: self.exact,
            filters: filters.collect(),
            ..Request::default()
        }
    }
}

/// A name that is a file's name too.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 100
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// A search as it stands in the file.
fn written(search: &SavedSearch) -> String {
    // A string of JSON is one of TOML.
    let quoted =
        |text: &str| serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f");
    let filters: Vec<String> = search.filters.iter().map(|filter| quoted(filter)).collect();
    let mut text =
        format!("{HEAD}\nname = {}\nquery = {}\n", quoted(&search.name), quoted(&search.query));
    if !filters.is_empty() {
        text = format!("{text}filters = [{}]\n", filters.join(", "));
    }
    for (name, _) in
        [("any", search.any), ("exact", search.exact)].iter().filter(|(_, is_set)| *is_set)
    {
        text += name;
        text += " = true\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let search = SavedSearch {
            name: "a-b_1".to_owned(),
            query: "\"no gain\" \\ caf\u{e9}\t\u{7f}".to_owned(),
            filters: vec!["region=low back".to_owned(), "outcome=!upheld".to_owned()],
            any: true,
            exact: false,
        };
        let read = toml::from_str::<File>(&written(&search)).map(|file| file.search);
        assert_eq!(read.ok(), Some(vec![search.clone()]));
        assert_eq!(search.request().filters[1], ("outcome".to_owned(), "!upheld".to_owned()));
        assert!(!is_name("../a") && !is_name(""));
    }
}
