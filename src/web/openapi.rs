//! The API's description (`OpenAPI` 3.1), made from the table of routes, the types of the answers and
//! the vocabularies.

use super::answer::Answer;
use super::api::contrast::MAX_PHRASES;
use super::api::export::FORMS;
use super::api::rates::ORDERS;
use super::params::{MAX_DEPTH, MAX_LIMIT, SORTS};
use super::problem::Problem;
use super::routes::{Asked, Form, ROUTES, Route, Takes};
use crate::search::{RANGE_NAMES, SAME_REASONS};
use crate::vocabulary::{Facet, Values, Vocabularies};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The description.
pub(super) fn document(asked: &mut Asked) -> Result<Answer, Problem> {
    asked.params.end()?;
    Answer::json(&describe(&asked.site.vocabularies))
}

fn describe(vocabularies: &Vocabularies) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .for_serialize();
    let mut schemas = settings.into_generator();
    let problem = schemas.subschema_for::<Problem>();
    let problem = json!({"application/problem+json": {"schema": problem}});
    let mut paths = Map::new();
    for route in ROUTES {
        let Some(content) = content(route.form, &mut schemas) else { continue };
        let error = |about: &str| json!({"description": about, "content": problem});
        let operation = json!({
            "operationId": operation_id(route.path),
            "summary": route.about,
            "parameters": parameters(route, vocabularies),
            "responses": {
                "200": {"description": "The answer", "content": content},
                "400": error("Something asked for cannot be read; where, and what to do"),
                "404": error("Nothing of this name"),
                "414": error("The address is too long"),
                "429": error("As many downloads as are allowed are running; Retry-After says when to ask again"),
                "503": error("No index, or too much to do just now; Retry-After says when to ask again"),
            },
        });
        paths.insert(documented(route.path), json!({"get": operation}));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "IMR decisions",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Full-text and faceted search over disputed items of Independent Medical Review \
                determinations. Parameters bear the names of the command line's flags; absent in an answer means unknown.",
        },
        "paths": paths,
        "components": {"schemas": schemas.take_definitions(true)},
    })
}

fn content(form: Form, schemas: &mut SchemaGenerator) -> Option<Value> {
    match form {
        Form::Page => None,
        Form::Json(schema) => Some(json!({"application/json": {"schema": schema(schemas)}})),
        Form::Other(kinds) => {
            let schema = |kind: &str| {
                if kind == "application/json" { json!({}) } else { json!({"type": "string"}) }
            };
            let kinds = kinds.split(", ").map(|kind| kind.split(';').next().unwrap_or(kind));
            let content = kinds.map(|kind| (kind.to_owned(), json!({"schema": schema(kind)})));
            Some(Value::Object(content.collect()))
        }
    }
}

/// `/api/items/{*id}` as `/api/items/{id}`.
fn documented(path: &str) -> String {
    path.replace("{*", "{")
}

/// `/api/items/{*id}` as `items`.
fn operation_id(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty() && !part.starts_with('{'));
    let name: Vec<&str> = parts.filter(|part| *part != "api").collect();
    name.join("-").replace('.', "-")
}

fn parameters(route: &Route, vocabularies: &Vocabularies) -> Vec<Value> {
    let mut all = Vec::new();
    if let Some((_, name)) = route.path.trim_end_matches('}').split_once("{*") {
        all.push(in_path(name, vocabularies));
    }
    for group in route.takes {
        all.extend(match group {
            Takes::Words => words(),
            Takes::Filters => filters(vocabularies),
            Takes::Paging => paging(),
            Takes::Facets => vec![text(
                "facets",
                "Facets to count (comma separated; treatment:20 for the first 20 values); all without it, none for none",
            )],
            Takes::Values => vec![
                text("find", "Only values whose path or label holds this text"),
                flag("all-values", "Also values that no item has"),
            ],
            Takes::Download => download(),
            Takes::Rates => rates(),
            Takes::Contrast => contrast(),
            Takes::Similar => similar(),
            Takes::Explain => vec![flag("explain", "Which words each facet came from")],
        });
    }
    all
}

fn in_path(name: &str, vocabularies: &Vocabularies) -> Value {
    let (about, schema) = if name == "name" {
        let names: Vec<&str> = vocabularies.facets().iter().map(|f| f.name.as_str()).collect();
        ("A facet", json!({"enum": names}))
    } else {
        let about = "An identity such as CM14-0012345 (a letter) or CM14-0012345/1 (an item)";
        (about, json!({"type": "string", "minLength": 1}))
    };
    json!({"name": name, "in": "path", "required": true, "description": about, "schema": schema})
}

fn words() -> Vec<Value> {
    vec![
        text("q", "The query; every item without one"),
        flag("all", "Only items that hold all the words"),
        flag("any", "Any of the words is enough; not with all"),
        flag("exact", "Words as typed: no stems, no expansions"),
    ]
}

fn filters(vocabularies: &Vocabularies) -> Vec<Value> {
    let ranges = RANGE_NAMES.iter().map(|name| {
        repeated(name, "A range such as 30..45, 60.. or 37; dates as 2014..2016 or 2014-03..")
    });
    let reasons = "Items with the reasons of this item or letter, word for word, and the outcome";
    let reasons = [repeated(SAME_REASONS, reasons)];
    vocabularies.facets().iter().map(filter).chain(ranges).chain(reasons).collect()
}

fn filter(facet: &Facet) -> Value {
    let values = match facet.values {
        Values::Listed => "a path, a label or an alias; a parent takes in its children",
        Values::Numbers => "a number or a band",
        Values::Open => "words of a value",
    };
    let parameter =
        repeated(&facet.name, &format!("{}: {values}; ! before it excludes", facet.about));
    let example = facet.vocabulary.values.first().map(|value| vec![value.path.clone()]);
    match (parameter, example) {
        (Value::Object(mut parameter), Some(example)) => {
            parameter.insert("example".to_owned(), json!(example));
            Value::Object(parameter)
        }
        (parameter, _) => parameter,
    }
}

fn paging() -> Vec<Value> {
    let orders = SORTS.map(|(name, _)| name);
    vec![
        json!({"name": "sort", "in": "query", "description": "The order of hits", "schema": {"enum": orders}}),
        number("limit", MAX_LIMIT, "How many hits"),
        number("offset", MAX_DEPTH, "Hits to pass over"),
        json!({"name": "group", "in": "query", "description": "One hit a letter: its best item", "schema": {"enum": ["letter"]}}),
        flag(
            "no-fold",
            "List every item, also those with one rationale, word for word; not with group",
        ),
        flag("explain", "What each hit's score is made of"),
    ]
}

fn download() -> Vec<Value> {
    let formats = json!({"enum": FORMS.map(|(name, _)| name)});
    vec![
        json!({"name": "format", "in": "query", "description": "How items are written", "schema": formats}),
        text("fields", "Columns of csv and jsonl, in this order (comma separated); all without it"),
        text("after", "Go on after this item, such as CM14-0012345/1"),
        json!({"name": "limit", "in": "query", "description": "How many items; all without it",
               "schema": {"type": "integer", "minimum": 0}}),
    ]
}

fn rates() -> Vec<Value> {
    let orders = ORDERS.map(|(name, _)| name);
    vec![
        repeated(
            "by",
            "Break down by a facet (treatment:1 for its first level), year, quarter or month; two make a cross table",
        ),
        text("compare", "Another population to compare with, as a query; not with a cross table"),
        flag("primary", "Leave out items that only accompany another one"),
        json!({"name": "sort", "in": "query", "description": "The order of rows", "schema": {"enum": orders}}),
        json!({"name": "min", "in": "query", "description": "Leave out rows with fewer items decided",
               "schema": {"type": "integer", "minimum": 0}}),
    ]
}

fn contrast() -> Vec<Value> {
    vec![
        repeated(
            "between",
            "Two queries as the sides, such as year:..2015 and year:2016..; overturned and upheld without them",
        ),
        flag("raw", "Also what states the outcome, boilerplate, and phrases that say the same"),
        number("limit", MAX_PHRASES, "How many phrases of each side"),
    ]
}

fn similar() -> Vec<Value> {
    vec![
        flag("opposite", "The most like requests that came out the other way"),
        number("limit", MAX_LIMIT, "How many decisions"),
    ]
}

fn number(name: &str, most: usize, about: &str) -> Value {
    let schema = json!({"type": "integer", "minimum": 0, "maximum": most});
    json!({"name": name, "in": "query", "description": about, "schema": schema})
}

fn text(name: &str, about: &str) -> Value {
    json!({"name": name, "in": "query", "description": about, "schema": {"type": "string"}})
}

fn flag(name: &str, about: &str) -> Value {
    json!({"name": name, "in": "query", "description": about, "schema": {"type": "boolean"}})
}

/// A filter: repeated for any of several values.
fn repeated(name: &str, about: &str) -> Value {
    let schema = json!({"type": "array", "items": {"type": "string"}});
    json!({"name": name, "in": "query", "description": about, "schema": schema, "explode": true})
}
