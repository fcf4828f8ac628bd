//! What is most like an item, for programs and for the page.

use super::named;
use crate::index::{ItemDocument, Named};
use crate::insight::{Similar, SimilarRequest, similar as computed};
use crate::web::answer::Answer;
use crate::web::living::Opened;
use crate::web::params::{MAX_LIMIT, Params};
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use crate::web::site::Site;
use schemars::JsonSchema;
use serde::Serialize;

/// What is like an item, or like each item of a letter.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::web) enum Found {
    /// Of one item.
    One(Box<Similar>),
    /// Of a letter with several.
    Each(Vec<Similar>),
}

/// Which decisions are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Wanted {
    /// All that are like it.
    Alike,
    /// Those on requests like it that came out the other way.
    Opposite,
}

/// The decisions most like an item; `None` for the opposite of an item of which it is not known how it
/// came out.
pub(in crate::web) fn found(
    site: &Site,
    opened: &Opened,
    of: &ItemDocument,
    wanted: Wanted,
    filters: Vec<(String, String)>,
    limit: Option<usize>,
) -> Result<Option<Similar>, Problem> {
    let vocabularies = &site.vocabularies;
    let request = match wanted {
        Wanted::Alike => Some(SimilarRequest::alike(filters, limit)),
        Wanted::Opposite => SimilarRequest::opposite(of, vocabularies, filters, limit),
    };
    let Some(request) = request else { return Ok(None) };
    let engine = site.engine(opened);
    let error = |error| Problem::search(&error, "");
    let place = engine.place_of(&of.item.id).map_err(error)?;
    let mut found = computed(&engine, vocabularies, of, place, &request).map_err(error)?;
    site.hide_path(&mut found.of.source);
    for near in &mut found.nearest {
        site.hide_path(&mut near.item.source);
    }
    Ok(Some(found))
}

/// Takes the parameters beside filters.
fn take(params: &mut Params) -> Result<(Wanted, Option<usize>), Problem> {
    let wanted = if params.take_flag("opposite")? { Wanted::Opposite } else { Wanted::Alike };
    let limit = params.take_number("limit")?;
    if limit.is_some_and(|limit| limit > MAX_LIMIT) {
        return Err(Problem::bad(format!("limit ends at {MAX_LIMIT}")));
    }
    Ok((wanted, limit))
}

/// What is similar as JSON.
pub(in crate::web) fn similar(asked: &mut Asked) -> Result<Answer, Problem> {
    let (opened, Named { letter, number }) = named(asked)?;
    let (wanted, limit) = take(&mut asked.params)?;
    let filters = std::mem::take(&mut asked.params).into_filters();
    let items = ItemDocument::of(&letter)
        .filter(|item| number.is_none_or(|number| item.item.number == number));
    let mut all = Vec::new();
    for item in items {
        let found = found(&asked.site, &opened, &item, wanted, filters.clone(), limit)?;
        all.push(found.ok_or_else(|| {
            Problem::bad(format!("it is not known how {} came out", item.item.id))
                .hint("without opposite all decisions like it are listed")
        })?);
    }
    let found = match <[Similar; 1]>::try_from(all) {
        Ok([one]) => Found::One(Box::new(one)),
        Err(all) => Found::Each(all),
    };
    Answer::json(&found)
}
