//! Names printed in a list, such as specialties or states, to their values.

use super::{Found, Place, add};
use crate::letter::Warning;
use crate::vocabulary::{Tokens, Vocabulary};
use std::collections::HashMap;

/// The shortest name in which a typing slip is forgiven, in letters.
const FORGIVEN_FROM: usize = 6;

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
            for name in std::iter::once(&value.label).chain(&value.terms) {
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

    /// A piece is one name, or several joined by "and" where the whole is not itself a name.
    fn piece<'p>(&self, piece: &'p str) -> Vec<(String, &'p str)> {
        let piece = piece.trim_matches(|c: char| c == '.' || c.is_whitespace());
        let piece = piece.strip_prefix("and ").unwrap_or(piece);
        if let Some(path) = self.path(piece) {
            return vec![(path, piece)];
        }
        for separator in [" & ", " and ", "/", " with "] {
            for (at, _) in piece.match_indices(separator) {
                let (left, right) = (&piece[..at], &piece[at + separator.len()..]);
                let (left, right) = (self.piece(left), self.piece(right));
                if !left.is_empty() && !right.is_empty() {
                    return left.into_iter().chain(right).collect();
                }
            }
        }
        Vec::new()
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

fn normal(name: &str) -> String {
    Tokens::of(name).normal.trim().to_owned()
}

/// Whether one letter added, dropped, changed or swapped with its neighbour makes `a` of `b`.
pub(super) fn one_edit_apart(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let after = |name: &[u8], letters: usize| name.get(letters..).map(<[u8]>::to_vec);
    let dropped =
        after(a, 1).is_some_and(|rest| rest == b) || after(b, 1).is_some_and(|rest| rest == a);
    let changed = !a.is_empty() && !b.is_empty() && after(a, 1) == after(b, 1);
    let swapped =
        a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] && after(a, 2) == after(b, 2);
    dropped || changed || swapped
}
