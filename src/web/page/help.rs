//! How to ask: the query language with examples that are links, and the words of the field.

use super::Frame;
use super::marked::row;
use crate::web::answer::Answer;
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use crate::web::url::Link;
use maud::{Markup, html};

/// Queries and what they find.
const EXAMPLES: [(&str, &str); 17] = [
    (
        "acupuncture functional improvement",
        "all the words, in any order; items with most of them follow, marked",
    ),
    ("\"functional improvement\"", "the words one after the other"),
    ("\"functional improvement\"~3", "with up to three other words in between"),
    ("knee OR shoulder", "any of them"),
    ("MRI -lumbar", "without a word; NOT lumbar is the same"),
    ("(knee OR hip) injection", "groups"),
    ("acupuncture NEAR/5 trial", "at most five words apart"),
    ("failed BEFORE/8 \"physical therapy\"", "in this order"),
    (
        "title:MRI rationale:\"red flags\"",
        "in one part: title, disputed, rationale, guideline, summary",
    ),
    ("outcome:overturned region:knee", "values of the facets beside the hits"),
    ("age:30..45 decided:2014..", "ranges"),
    ("acupunct*", "any ending"),
    ("acup?ncture", "any one letter"),
    ("tramadl~1", "up to one typing slip"),
    ("=improved", "as typed: no other forms of the word"),
    ("opioid^3 taper", "a word that counts three times as much"),
    ("guideline:ODG -outcome:upheld", "parts, values and exclusions together"),
];

/// Words a reader may not know.
const WORDS: [(&str, &str); 4] = [
    (
        "Disputed item",
        "one treatment that was asked for; a letter decides one or more, each by itself",
    ),
    (
        "Utilization review (UR)",
        "the claims administrator's review that denied or modified the request before",
    ),
    ("Guideline", "what a decision leans on, such as MTUS, the State's treatment schedule, or ODG"),
    ("Rationale", "the reviewer's reasons"),
];

/// The help page.
pub(crate) fn page(asked: &mut Asked) -> Result<Answer, Problem> {
    asked.params.end()?;
    let params = Params::default();
    let outcomes = asked.site.vocabularies.facet("outcome").into_iter();
    let outcomes = outcomes.flat_map(|facet| &facet.vocabulary.values);
    let frame = Frame::new("How to ask", "/help", &params);
    Ok(Answer::page(frame.around(&html! {
        h1 { "How to ask" }
        p {
            "Type words, as you would say them. Numbers of items are exact. Words are found by their stems "
            "(" em { "improved" } " finds " em { "improvement" } "); abbreviations and brand names find their other "
            "names, and that is said. Nothing typed is passed over silently."
        }
        (examples(&params))
        h2 { "Keys" }
        p { kbd { "/" } " goes to the search box; on a letter " kbd { "n" } " and " kbd { "p" } " go to the next and previous match." }
        h2 { "Words to know" }
        dl.terms {
            @for value in outcomes { (row(&value.label, value.plain.as_deref().unwrap_or_default())) }
            @for (word, about) in WORDS { (row(word, about)) }
        }
    })))
}

fn examples(params: &Params) -> Markup {
    html! {
        table {
            caption.hidden { "The query language" }
            thead { tr { th scope="col" { "Query" } th scope="col" { "finds" } } }
            tbody {
                @for (query, about) in EXAMPLES {
                    tr {
                        td { a href=(Link::new("/", params).set("q", query)) { code { (query) } } }
                        td { (about) }
                    }
                }
            }
        }
    }
}
