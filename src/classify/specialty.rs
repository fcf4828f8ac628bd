//! Names printed in a list, such as specialties or states, to their values.

use super::slip::one_edit_apart;
use super::{Found, Place, add};
use crate::letter::Warning;
use crate::vocabulary::{Tokens, Vocabulary};
use std::collections::HashMap;

/// The shortest name in which a typing slip is forgiven, in letters.
const FORGIVEN_FROM: usize = 6;

/// What joins names in a list.
const SEPARATORS: [&str; 6] =
    [" with a subspecialty in ", " with subspecialty in ", " & ", " and ", "/", " with "];

/// The most names that one piece of a list may join.
const MAX_PARTS: usize = 12;

/// The names of a vocabulary's values.
#[derive(Debug)]
pub(super) struct Names {
    /// From a name in normal form to a path.
    paths: HashMap<String, String>,
}

impl Names {
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let mut paths = HashMap::new();
        for value in &vocabulary.values {
            for name in std::iter::once(value.label.as_str()).chain(&value.terms) {
                paths.entry(normal(name)).or_insert_with(|| value.path.clone());
            }
        }
        Self { paths }
    }

    /// Reads a printed list; a name that is not known is warned of.
    pub(super) fn read(
        &self,
        printed: &str,
        code: &'static str,
        warnings: &mut Vec<Warning>,
    ) -> Vec<Found> {
        let mut found = Vec::new();
        for piece in printed.split([',', ';']).map(str::trim).filter(|piece| !piece.is_empty()) {
            let names = self.piece(piece);
            if names.is_empty() {
                let message = format!("no value known by this name: {piece}");
                warnings.push(Warning { code, message, item: None });
            }
            for (path, words) in names {
                add(&mut found, Found { path, words: words.to_owned(), from: Place::Credentials });
            }
        }
        found
    }

    /// A piece is one name, or several joined by "and": the longest names that cover it whole.
    fn piece<'p>(&self, piece: &'p str) -> Vec<(String, &'p str)> {
        let piece = piece.trim_matches(|c: char| c == '.' || c.is_whitespace());
        let piece = piece.strip_prefix("and ").unwrap_or(piece);
        let parts = parts(piece);
        if parts.len() > MAX_PARTS {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut start = 0;
        while start < parts.len() {
            let name = (start + 1..=parts.len()).rev().find_map(|end| {
                let name = &piece[parts[start].0..parts[end - 1].1];
                Some((end, self.path(name)?, name))
            });
            let Some((end, path, name)) = name else { return Vec::new() };
            found.push((path, name));
            start = end;
        }
        found
    }

    fn path(&self, name: &str) -> Option<String> {
        let name = normal(name);
        if let Some(path) = self.paths.get(&name) {
            return Some(path.clone());
        }
        let mut near = self.paths.iter().filter(|(known, _)| {
            known.len() >= FORGIVEN_FROM && one_edit_apart(known.as_bytes(), name.as_bytes())
        });
        let (_, path) = near.next()?;
        near.all(|(_, other)| other == path).then(|| path.clone())
    }
}

/// The places of what stands between words that join names.
fn parts(piece: &str) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < piece.len() {
        let separator = SEPARATORS.iter().find(|separator| piece[at..].starts_with(**separator));
        if let Some(separator) = separator {
            parts.push((start, at));
            at += separator.len();
            start = at;
        } else {
            at += piece[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push((start, piece.len()));
    parts
}

fn normal(name: &str) -> String {
    Tokens::of(name).normal.trim().to_owned()
}
