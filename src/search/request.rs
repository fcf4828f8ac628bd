//! What a reader asks for.

/// How many of a query's words an item must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Match {
    /// All of them; items with most of them are listed after, and marked.
    #[default]
    Most,
    /// All of them, and nothing else is listed.
    All,
    /// Any of them.
    Any,
}

/// The order of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Latest decision first; undated ones last.
    Newest,
    /// Earliest decision first; undated ones last.
    Oldest,
}

/// Which hits stand for others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fold {
    /// The best of items with the same rationale, word for word.
    #[default]
    Alike,
    /// The best item of a letter.
    Letter,
    /// None: every item is a hit.
    None,
}

/// A search: words, filters, and what is wanted of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The query in the query language; empty for every item.
    pub text: String,
    /// How many of its words must be there.
    pub matching: Match,
    /// Whether words are meant as typed, without stems and expansions.
    pub exact: bool,
    /// Filters as name and value typed, such as `outcome` and `!upheld`.
    pub filters: Vec<(String, String)>,
    /// The order of hits.
    pub sort: Sort,
    /// Which hits stand for others.
    pub fold: Fold,
    /// How many hits to return.
    pub limit: usize,
    /// How many hits to pass over.
    pub offset: usize,
    /// Facets to count; `None` for none, an empty list for all.
    pub facets: Option<Vec<String>>,
    /// Whether each hit says what its score is made of.
    pub explain: bool,
}

/// Hits on a page where nothing else is asked for.
const DEFAULT_LIMIT: usize = 10;

impl Default for Request {
    fn default() -> Self {
        Self {
            text: String::new(),
            matching: Match::default(),
            exact: false,
            filters: Vec::new(),
            sort: Sort::default(),
            fold: Fold::default(),
            limit: DEFAULT_LIMIT,
            offset: 0,
            facets: None,
            explain: false,
        }
    }
}
