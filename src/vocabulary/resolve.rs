//! What a person types for a value of a facet to its path.

use super::schema::{Facet, lineage};
use super::tokens::slug;

/// What a filter's value names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// Canonical path of a value or of a parent of values.
    pub path: String,
}

/// A value that the facet does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{facet} has no value \"{typed}\"")]
pub struct UnknownValue {
    /// The facet.
    pub facet: String,
    /// What was typed.
    pub typed: String,
    /// The nearest paths, best first.
    pub nearest: Vec<String>,
}

/// How many near values are named.
const NEAREST: usize = 3;

impl Facet {
    /// Finds the value named by a path, a label, a last path part or an alias, whatever its case.
    ///
    /// # Errors
    /// [`UnknownValue`] with the nearest values; also where a last path part is that of several.
    pub fn resolve(&self, typed: &str) -> Result<Resolved, UnknownValue> {
        let names = self.names();
        if let Some(name) = in_full(&names, typed) {
            return Ok(Resolved { path: name.path.clone() });
        }
        let slugged = if is_marked(typed) { String::new() } else { slug(typed) };
        let last = |name: &&Name| {
            !slugged.is_empty() && name.path.rsplit('/').next() == Some(slugged.as_str())
        };
        let mut matching: Vec<String> =
            names.iter().filter(last).map(|name| name.path.clone()).collect();
        if matching.len() == 1
            && let Some(path) = matching.pop()
        {
            return Ok(Resolved { path });
        }
        if matching.is_empty() {
            matching = near(&names, &typed.trim().to_lowercase());
        }
        let (facet, typed) = (self.name.clone(), typed.to_owned());
        Err(UnknownValue { facet, typed, nearest: matching })
    }

    /// Finds the value named in full: by its path, label or alias, not by its last path part.
    pub fn resolve_in_full(&self, typed: &str) -> Option<Resolved> {
        in_full(&self.names(), typed).map(|name| Resolved { path: name.path.clone() })
    }

    /// All paths with their names, parents included.
    fn names(&self) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        for value in &self.vocabulary.values {
            let parents = lineage(&value.path).filter(|path| *path != value.path);
            for path in parents {
                if !names.iter().any(|name| name.path == path) {
                    names.push(Name {
                        path: path.to_owned(),
                        words: vec![self.label_of(path).to_lowercase()],
                    });
                }
            }
            let words = std::iter::once(value.label.as_str()).chain(&value.aliases);
            let words = words.map(str::to_lowercase).collect();
            names.push(Name { path: value.path.clone(), words });
        }
        names
    }
}

struct Name {
    path: String,
    /// Label and aliases in lower case.
    words: Vec<String>,
}

/// A mark before a name, such as the one that excludes, is not part of the name.
fn is_marked(typed: &str) -> bool {
    !typed.trim().starts_with(char::is_alphanumeric)
}

/// The name that is typed in full: a path first, then a label or alias.
fn in_full<'n>(names: &'n [Name], typed: &str) -> Option<&'n Name> {
    let wanted = typed.trim().to_lowercase();
    let slugged = slug(typed);
    let alike = |word: &String| *word == wanted || !is_marked(typed) && slug(word) == slugged;
    let path = names.iter().find(|name| name.path == wanted);
    path.or_else(|| names.iter().find(|name| name.words.iter().any(alike)))
}

/// The paths whose names are most like what was typed.
fn near(names: &[Name], typed: &str) -> Vec<String> {
    let all = names.iter().map(|name| {
        let last = name.path.rsplit('/').next().unwrap_or(&name.path);
        let words = name.words.iter().map(String::as_str).chain([name.path.as_str(), last]);
        (words.map(|word| likeness(word, typed)).fold(0.0, f64::max), name.path.as_str())
    });
    best(all.collect())
}

/// The names most like what was typed, best first.
pub fn nearest<'n>(names: impl Iterator<Item = &'n str>, typed: &str) -> Vec<String> {
    best(names.map(|name| (likeness(name, typed), name)).collect())
}

fn best(mut scored: Vec<(f64, &str)>) -> Vec<String> {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(NEAREST).map(|(_, path)| path.to_owned()).collect()
}

/// How alike two names are, 0 to 1: shared letter pairs, counted once each (Dice's coefficient).
fn likeness(a: &str, b: &str) -> f64 {
    let pairs = |word: &str| -> Vec<(char, char)> {
        let padded: Vec<char> = format!(" {word} ").chars().collect();
        padded.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (a, mut b) = (pairs(a), pairs(b));
    let total = a.len() + b.len();
    let mut shared = 0;
    for pair in a {
        if let Some(at) = b.iter().position(|other| *other == pair) {
            b.swap_remove(at);
            shared += 1;
        }
    }
    2.0 * f64::from(shared) / total as f64
}
