//! Which facets are wanted in an answer, and how much of each.

use super::response::Response;
use crate::vocabulary::names;

/// Facets named in a list such as `treatment:20,outcome`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted(Vec<(String, Option<usize>)>);

impl Wanted {
    /// Reads a list with commas; a number after a colon is how many values are wanted.
    pub fn parse(list: &str) -> Self {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let wanted = names.map(|name| match name.split_once(':') {
            Some((name, most)) if most.parse::<usize>().is_ok() => {
                (name.to_owned(), most.parse().ok())
            }
            _ => (name.to_owned(), None),
        });
        Self(wanted.collect())
    }

    /// The names, none for all facets.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Whether any facet is wanted in part only.
    pub fn cuts(&self) -> bool {
        self.0.iter().any(|(_, most)| most.is_some())
    }

    /// Leaves the most frequent values of facets of which so many are wanted, and those chosen; of numbers the first.
    pub fn cut(&self, response: &mut Response) {
        for facet in response.facets.iter_mut().flat_map(|facets| &mut facets.0) {
            let wanted = self.0.iter().find(|(name, _)| names(name, &facet.name));
            if let Some((_, Some(most))) = wanted {
                facet.keep_most(*most);
            }
        }
    }
}
