//! The parameters of an address, under the names of the command line's flags.
//!
//! A parameter without a value counts as not given, as forms send it. What is not taken by its name
//! is a filter; the search knows which filters there are.

use super::problem::Problem;
use super::url::Link;
use crate::search::{Fold, Match, Request, Sort};
use crate::source::typed;

/// The longest query string, in bytes.
pub(super) const MAX_LENGTH: usize = 28 << 10;
/// The most parameters.
const MAX_PARAMETERS: usize = 200;
/// The most hits of one answer.
pub(super) const MAX_LIMIT: usize = 100;
/// The deepest hit that can be paged to; downloads hold all.
pub(super) const MAX_DEPTH: usize = 10_000;

/// Parameters in their order, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads the part of an address after `?`.
    pub(super) fn read(query: &str) -> Result<Self, Problem> {
        if query.len() > MAX_LENGTH {
            return Err(Problem::too_long(format!("parameters end after {MAX_LENGTH} bytes")));
        }
        let pairs = form_urlencoded::parse(query.as_bytes());
        let pairs: Vec<_> = pairs
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .filter(|(name, value)| !name.is_empty() && (!value.is_empty() || is_flag(name)))
            .collect();
        if pairs.len() > MAX_PARAMETERS {
            return Err(Problem::bad(format!("more than {MAX_PARAMETERS} parameters")));
        }
        Ok(Self(pairs))
    }

    /// All of them.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Those of other names.
    pub(super) fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(known, _)| known != name).cloned().collect())
    }

    /// Those that say what is searched for, not how it is shown.
    pub(super) fn narrowed(&self) -> Self {
        Self(Link::narrowed("", self).pairs().to_vec())
    }

    /// The first value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The query as typed; one given in parts is joined.
    pub(super) fn query(&self) -> String {
        let parts = self.0.iter().filter(|(name, _)| name == "q").map(|(_, value)| value.as_str());
        parts.collect::<Vec<_>>().join(" ")
    }

    /// Takes a parameter out.
    ///
    /// # Errors
    /// If it is given twice.
    pub(super) fn take(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        let mut all = self.take_all(name);
        if all.len() > 1 {
            return Err(Problem::bad(format!("\"{name}\" is given more than once")).of(name));
        }
        Ok(all.pop())
    }

    /// Takes all values of a parameter out.
    pub(super) fn take_all(&mut self, name: &str) -> Vec<String> {
        let taken = self.0.extract_if(.., |(known, _)| known == name);
        taken.map(|(_, value)| value).collect()
    }

    /// Takes a flag out: given without a value or with a yes.
    pub(super) fn take_flag(&mut self, name: &'static str) -> Result<bool, Problem> {
        match self.take(name)?.as_deref() {
            Some("" | "true" | "1" | "yes" | "on") => Ok(true),
            None | Some("false" | "0" | "no" | "off") => Ok(false),
            Some(typed) => {
                Err(Problem::bad(format!("{name} is true or false, not \"{typed}\"")).of(name))
            }
        }
    }

    /// Takes a number out.
    pub(super) fn take_number(&mut self, name: &'static str) -> Result<Option<usize>, Problem> {
        let Some(typed) = self.take(name)? else { return Ok(None) };
        let number = typed.trim().parse().ok();
        number
            .map(Some)
            .ok_or_else(|| Problem::bad(format!("{name} is a number, not \"{typed}\"")).of(name))
    }

    /// Takes one of a few words out.
    pub(super) fn take_choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, Problem> {
        let Some(typed) = self.take(name)? else { return Ok(None) };
        let choice = choices.iter().find(|(word, _)| *word == typed.trim());
        choice.map(|(_, choice)| Some(*choice)).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            Problem::bad(format!("{name} is no \"{typed}\""))
                .of(name)
                .hint(format!("it is one of {}", words.join(", ")))
        })
    }

    /// Takes words and filters out: everything that is left is a filter.
    pub(super) fn take_request(&mut self) -> Result<Request, Problem> {
        let matching = match (self.take_flag("all")?, self.take_flag("any")?) {
            (true, true) => return Err(Problem::bad("all and any exclude each other").of("any")),
            (true, false) => Match::All,
            (false, true) => Match::Any,
            (false, false) => Match::Most,
        };
        let text = typed(self.query());
        self.take_all("q");
        Ok(Request {
            text,
            matching,
            exact: self.take_flag("exact")?,
            filters: std::mem::take(&mut self.0),
            ..Request::default()
        })
    }

    /// Takes a whole search out: words, filters, order, page.
    pub(super) fn take_search(&mut self) -> Result<Request, Problem> {
        let sort = self.take_choice("sort", &SORTS)?.unwrap_or_default();
        let fold = match (self.take_choice("group", &GROUPS)?, self.take_flag("no-fold")?) {
            (Some(_), true) => return Err(Problem::bad("group and no-fold exclude each other")),
            (Some(group), false) => group,
            (None, true) => Fold::None,
            (None, false) => Fold::Alike,
        };
        let limit = self.take_number("limit")?.unwrap_or(Request::default().limit);
        let offset = self.take_number("offset")?.unwrap_or(0);
        if limit > MAX_LIMIT {
            let hint = format!("page with offset, or download all with {}", super::routes::EXPORT);
            return Err(Problem::bad(format!("limit ends at {MAX_LIMIT}")).hint(hint));
        }
        if offset.saturating_add(limit) > MAX_DEPTH {
            return Err(Problem::bad(format!("pages end after {MAX_DEPTH} hits")).hint(format!(
                "narrow the search, or download all with {}",
                super::routes::EXPORT
            )));
        }
        let explain = self.take_flag("explain")?;
        Ok(Request { sort, fold, limit, offset, explain, ..self.take_request()? })
    }

    /// What is left, as filters.
    pub(super) fn into_filters(self) -> Vec<(String, String)> {
        self.0
    }

    /// An error if anything is left.
    pub(super) fn end(&self) -> Result<(), Problem> {
        self.0.first().map_or(Ok(()), |(name, _)| {
            Err(Problem::bad(format!("there is no parameter \"{name}\" here")))
        })
    }
}

/// The orders of hits by name.
pub(super) const SORTS: [(&str, Sort); 3] =
    [("relevance", Sort::Relevance), ("newest", Sort::Newest), ("oldest", Sort::Oldest)];

/// What hits can be grouped by.
const GROUPS: [(&str, Fold); 1] = [("letter", Fold::Letter)];

/// Parameters that say something without a value.
fn is_flag(name: &str) -> bool {
    const FLAGS: [&str; 9] =
        ["all", "any", "exact", "no-fold", "explain", "all-values", "primary", "raw", "opposite"];
    FLAGS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Request, Problem> {
        Params::read(query)?.take_search()
    }

    #[test]
    fn parameters_are_named_as_flags_are() {
        let request = read(
            "q=low+back%20pain&outcome=overturned&outcome=!upheld&sort=newest&no-fold&limit=5",
        )
        .ok();
        let request = request.unwrap_or_default();
        assert_eq!(request.text, "low back pain");
        let filters: Vec<(&str, &str)> =
            request.filters.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(filters, [("outcome", "overturned"), ("outcome", "!upheld")]);
        assert_eq!((request.sort, request.fold, request.limit), (Sort::Newest, Fold::None, 5));
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        for query in [
            "limit=101",
            "limit=many",
            "limit=1&limit=2",
            "offset=99999999999999999999",
            "offset=18446744073709551615",
            "sort=best",
            "exact=perhaps",
            "all&any",
            "group=letter&no-fold=1",
        ] {
            assert!(read(query).is_err(), "{query}");
        }
        assert!(read(&"x".repeat(MAX_LENGTH + 1)).is_err());
        assert!(read(&"a=b&".repeat(MAX_PARAMETERS + 1)).is_err());
    }

    #[test]
    fn nothing_given_is_the_usual_search() {
        for query in ["", "&&", "q=", "q=&outcome=", "=x", "exact=false"] {
            assert_eq!(read(query).ok(), Some(Request::default()), "{query}");
        }
    }
}
