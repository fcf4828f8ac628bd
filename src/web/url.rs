//! Addresses of this site that say the whole state of a search.

use super::params::Params;
use form_urlencoded::Serializer;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt;

/// What stands for itself in the path of an address.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// Parameters that belong to one page and not to the search.
const OF_A_PAGE: [&str; 8] =
    ["offset", "explain", "find", "all-values", "v", "text", "id", "opposite"];

/// Parameters that say how a result is shown and not what it is of.
const OF_A_VIEW: [&str; 11] = [
    "sort", "limit", "group", "no-fold", "by", "min", "primary", "compare", "format", "between",
    "raw",
];

/// Parameters of the words of a search.
const WORDS: [&str; 4] = ["q", "all", "any", "exact"];

/// Whether a parameter is a filter, by its name.
pub(super) fn is_filter(name: &str) -> bool {
    !OF_A_PAGE.contains(&name) && !OF_A_VIEW.contains(&name) && !WORDS.contains(&name)
}

/// A path below another, such as a letter's.
pub(super) fn below(path: &str, name: &str) -> String {
    format!("{path}{}", utf8_percent_encode(name, PATH))
}

/// An address with parameters.
#[derive(Debug, Clone)]
pub(super) struct Link {
    path: String,
    pairs: Vec<(String, String)>,
    anchor: String,
}

impl Link {
    /// The same search at a path, from its first page on.
    pub(super) fn new(path: &str, params: &Params) -> Self {
        let keep = |(name, _): &&(String, String)| !OF_A_PAGE.contains(&name.as_str());
        let pairs = params.pairs().iter().filter(keep).cloned().collect();
        Self { path: path.to_owned(), pairs, anchor: String::new() }
    }

    /// The words and filters of a search at another path.
    pub(super) fn narrowed(path: &str, params: &Params) -> Self {
        let mut link = Self::new(path, params);
        link.pairs.retain(|(name, _)| !OF_A_VIEW.contains(&name.as_str()));
        link
    }

    /// The parameters.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// With one value of a parameter; without it where the value is empty.
    pub(super) fn set(mut self, name: &str, value: &str) -> Self {
        self.pairs.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.pairs.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// With one more value of a parameter.
    pub(super) fn add(mut self, name: &str, value: &str) -> Self {
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a parameter.
    pub(super) fn without(self, name: &str) -> Self {
        self.set(name, "")
    }

    /// Without the values of a parameter that are meant.
    pub(super) fn without_values(mut self, name: &str, meant: impl Fn(&str) -> bool) -> Self {
        self.pairs.retain(|(known, value)| known != name || !meant(value));
        self
    }

    /// At a place in the page.
    pub(super) fn at(self, anchor: &str) -> Self {
        Self { anchor: anchor.to_owned(), ..self }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if !self.pairs.is_empty() {
            let query = Serializer::new(String::new()).extend_pairs(&self.pairs).finish();
            write!(f, "?{query}")?;
        }
        if self.anchor.is_empty() { Ok(()) } else { write!(f, "#{}", self.anchor) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_the_whole_search() {
        let params =
            Params::read("q=a%26b&outcome=upheld&outcome=!x&offset=20").unwrap_or_default();
        let link = Link::new("/", &params);
        assert_eq!(link.to_string(), "/?q=a%26b&outcome=upheld&outcome=%21x");
        assert_eq!(
            link.clone().set("sort", "newest").without("outcome").to_string(),
            "/?q=a%26b&sort=newest"
        );
        let without = link.without_values("outcome", |value| value == "upheld");
        assert_eq!(without.at("results").to_string(), "/?q=a%26b&outcome=%21x#results");
        assert_eq!(below("/letters/", "a b\"<~2"), "/letters/a%20b%22%3C~2");
    }
}
