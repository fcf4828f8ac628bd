//! The addresses of the site: one table that is served and that the API's description is made from.

use super::answer::Answer;
use super::guard::guard;
use super::living::Opened;
use super::params::Params;
use super::problem::Problem;
use super::site::Site;
use super::work::Lane;
use super::{api, assets, openapi, page};
use crate::query::Node;
use crate::search::parsed;
use crate::vocabulary::Vocabularies;
use axum::Router;
use axum::extract::RawPathParams;
use axum::http::Uri;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use schemars::{Schema, SchemaGenerator};
use std::sync::Arc;
use std::time::Instant;

/// Where a whole result is downloaded.
pub(super) const EXPORT: &str = "/api/export";

/// One address.
pub(super) struct Route {
    /// Its path; `{*id}` takes the rest.
    pub(super) path: &'static str,
    /// What it answers.
    pub(super) about: &'static str,
    /// For whom.
    pub(super) form: Form,
    /// How costly it usually is.
    pub(super) lane: Lane,
    /// The parameters that it takes.
    pub(super) takes: &'static [Takes],
    /// Makes the answer.
    answer: fn(&mut Asked) -> Result<Answer, Problem>,
}

/// For whom an answer is.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// A person.
    Page,
    /// A program: JSON of this schema.
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// A program: another kind, or one of several.
    Other(&'static str),
}

/// A group of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// The query and how its words are matched.
    Words,
    /// All filters.
    Filters,
    /// Order and page.
    Paging,
    /// Which facets are counted.
    Facets,
    /// Which values of a facet are listed.
    Values,
    /// Whether evidence is told.
    Explain,
    /// How a download is written, and from where on.
    Download,
    /// What rates are of and how they are ordered.
    Rates,
    /// The sides of a contrast, and what of it is shown.
    Contrast,
    /// Which decisions like one are wanted.
    Similar,
}

/// What was asked.
pub(super) struct Asked {
    pub(super) site: Arc<Site>,
    /// The path's last part, decoded.
    pub(super) name: String,
    pub(super) params: Params,
}

impl Asked {
    /// The index as of now.
    pub(super) fn opened(&self) -> Result<Arc<Opened>, Problem> {
        self.site.opened()
    }
}

macro_rules! schema {
    ($type:ty) => {
        Form::Json(|generator| generator.subschema_for::<$type>())
    };
}

use Lane::{Costly, Probe, Quick};
use Takes::{Contrast, Download, Explain, Facets, Filters, Paging, Rates, Similar, Values, Words};

/// All addresses.
pub(super) static ROUTES: &[Route] = &[
    Route {
        path: "/",
        about: "The search page",
        form: Form::Page,
        lane: Quick,
        takes: &[Words, Filters, Paging],
        answer: page::search::page,
    },
    Route {
        path: "/rates",
        about: "How often denials are overturned",
        form: Form::Page,
        lane: Costly,
        takes: &[Words, Filters, Rates],
        answer: page::rates::page,
    },
    Route {
        path: "/contrast",
        about: "What separates overturned from upheld",
        form: Form::Page,
        lane: Costly,
        takes: &[Words, Filters, Contrast],
        answer: page::contrast::page,
    },
    Route {
        path: "/similar",
        about: "Decisions like a text",
        form: Form::Page,
        lane: Costly,
        takes: &[],
        answer: page::similar::page,
    },
    Route {
        path: "/cite",
        about: "Decisions to hand on",
        form: Form::Page,
        lane: Quick,
        takes: &[],
        answer: page::cite::page,
    },
    Route {
        path: "/letters/{*id}",
        about: "A letter's page",
        form: Form::Page,
        lane: Costly,
        takes: &[Words, Filters, Paging],
        answer: page::letter::page,
    },
    Route {
        path: "/facets/{*name}",
        about: "All values of a facet",
        form: Form::Page,
        lane: Quick,
        takes: &[Words, Filters, Paging, Values],
        answer: page::facet::page,
    },
    Route {
        path: "/help",
        about: "How to ask",
        form: Form::Page,
        lane: Quick,
        takes: &[],
        answer: page::help::page,
    },
    Route {
        path: "/status",
        about: "What the index holds",
        form: Form::Page,
        lane: Costly,
        takes: &[],
        answer: page::status::page,
    },
    Route {
        path: "/api/search",
        about: "Search the disputed items, best first, with facet counts",
        form: schema!(crate::search::Response),
        lane: Quick,
        takes: &[Words, Filters, Paging, Facets],
        answer: api::search,
    },
    Route {
        path: "/api/facets/{*name}",
        about: "List the values of a facet with counts",
        form: schema!(crate::search::Facets),
        lane: Quick,
        takes: &[Words, Filters, Values],
        answer: api::facets,
    },
    Route {
        path: "/api/rates",
        about: "Say how often denials are overturned, by facet, over time, or of two populations",
        form: schema!(crate::insight::Rates),
        lane: Costly,
        takes: &[Words, Filters, Rates],
        answer: api::rates::rates,
    },
    Route {
        path: "/api/contrast",
        about: "Find the phrases that separate overturned from upheld reasons, or those of any two queries",
        form: schema!(crate::insight::Contrast),
        lane: Costly,
        takes: &[Words, Filters, Contrast],
        answer: api::contrast::contrast,
    },
    Route {
        path: "/api/similar/{*id}",
        about: "Find the decisions most like an item, or like each item of a letter, and how they came out",
        form: schema!(api::similar::Found),
        lane: Costly,
        takes: &[Filters, Similar],
        answer: api::similar::similar,
    },
    Route {
        path: EXPORT,
        about: "Download all matching items, as a table or as citations, in the order of their identities",
        form: Form::Other("text/csv, application/x-ndjson, text/html, text/markdown, text/plain"),
        lane: Costly,
        takes: &[Words, Filters, Download],
        answer: api::export::export,
    },
    Route {
        path: "/api/letters/{*id}",
        about: "A letter with its items",
        form: schema!(api::Shown<crate::record::LetterRecord>),
        lane: Quick,
        takes: &[Explain],
        answer: api::letter,
    },
    Route {
        path: "/api/items/{*id}",
        about: "A disputed item",
        form: schema!(api::Shown<crate::index::ItemDocument>),
        lane: Quick,
        takes: &[Explain],
        answer: api::item,
    },
    Route {
        path: "/api/status",
        about: "What the index holds",
        form: schema!(crate::status::Report),
        lane: Costly,
        takes: &[],
        answer: api::status,
    },
    Route {
        path: "/api/openapi.json",
        about: "This description",
        form: Form::Other("application/json"),
        lane: Quick,
        takes: &[],
        answer: openapi::document,
    },
    Route {
        path: "/healthz",
        about: "Whether the server answers, and whether there is an index",
        form: schema!(api::Health),
        lane: Probe,
        takes: &[],
        answer: api::health,
    },
    Route {
        path: "/metrics",
        about: "Figures about the server, for Prometheus",
        form: Form::Other(api::PROMETHEUS),
        lane: Probe,
        takes: &[],
        answer: api::metrics,
    },
    Route {
        path: "/assets/style.css",
        about: "Styles",
        form: Form::Page,
        lane: Quick,
        takes: &[],
        answer: assets::style,
    },
    Route {
        path: "/assets/imr.js",
        about: "Script",
        form: Form::Page,
        lane: Quick,
        takes: &[],
        answer: assets::script,
    },
    Route {
        path: "/assets/icon.svg",
        about: "Icon",
        form: Form::Page,
        lane: Quick,
        takes: &[],
        answer: assets::icon,
    },
];

/// What serves a connection.
pub(super) fn router(site: &Arc<Site>) -> Router {
    let mut router = Router::new();
    for (at, route) in ROUTES.iter().enumerate() {
        let site = Arc::clone(site);
        let handler = move |path: RawPathParams, uri: Uri| handle(site, at, path, uri);
        router = router.route(route.path, get(handler));
    }
    let nothing = |uri: Uri| async move {
        let of_api = uri.path() == "/api" || uri.path().starts_with("/api/");
        let hint = if of_api {
            "the addresses are listed in /api/openapi.json"
        } else {
            "the search is at /"
        };
        let problem = Problem::not_found("there is nothing at this address").hint(hint);
        shown(if of_api { Form::Other("") } else { Form::Page }, &problem).into_response()
    };
    router.fallback(nothing).layer(from_fn_with_state(Arc::clone(site), guard))
}

async fn handle(site: Arc<Site>, at: usize, path: RawPathParams, uri: Uri) -> Response {
    let started = Instant::now();
    let route = &ROUTES[at];
    let name = path.iter().next().map(|(_, value)| value.to_owned()).unwrap_or_default();
    let answer = match Params::read(uri.query().unwrap_or_default()) {
        Ok(params) => {
            let costly = route.lane == Quick && is_costly(&params, &site.vocabularies);
            let lane = if costly { Costly } else { route.lane };
            let mut asked = Asked { site: Arc::clone(&site), name, params };
            let answer = move || (route.answer)(&mut asked);
            site.work.run(lane, answer).await.and_then(|answer| answer)
        }
        Err(problem) => Err(problem),
    };
    let response = answer.unwrap_or_else(|problem| shown(route.form, &problem)).into_response();
    let (status, took) = (response.status().as_u16(), started.elapsed());
    site.metrics.answered(at, status, took);
    if let Some(log) = &site.settings.log {
        log(&format!("{status} {:.1} ms {uri}", took.as_secs_f64() * 1e3));
    }
    response
}

/// Whether an ask is costly by its look: long queries, operators that look at much, and deep pages.
fn is_costly(params: &Params, vocabularies: &Vocabularies) -> bool {
    const LONG: usize = 300;
    const DEEP: usize = 1_000;
    let query = params.query();
    let offset = params.get("offset").and_then(|offset| offset.trim().parse().ok()).unwrap_or(0);
    let looks_at_much = || {
        let read = parsed(&query, vocabularies);
        read.is_ok_and(|query| query.root.as_ref().is_some_and(Node::is_costly))
    };
    query.len() > LONG || offset > DEEP || looks_at_much()
}

fn shown(form: Form, problem: &Problem) -> Answer {
    match form {
        Form::Page => page::problem::page(problem),
        Form::Json(_) | Form::Other(_) => problem.json(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costly_asks_are_told_by_their_look() {
        let vocabularies = Vocabularies::load(None).unwrap_or_else(|error| panic!("{error}"));
        let costly =
            |query: &str| Params::read(query).is_ok_and(|params| is_costly(&params, &vocabularies));
        for query in [
            "q=acupunct*",
            "q=knee&q=acupunct*",
            "q=a+near/5+b",
            "q=outcome:upheld+title:(a+W/5+b)",
            "q=tramadl~1",
            "offset=+5000",
        ] {
            assert!(costly(query), "{query}");
        }
        for query in ["", "q=knee", "q=knee+pain&offset=20", "q=is+it+near+us%3F", "offset=x"] {
            assert!(!costly(query), "{query}");
        }
    }
}
