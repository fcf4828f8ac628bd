//! What separates two sides, for programs and for the page.

use super::of_queries;
use crate::insight::{Contrast, ContrastRequest, Kept, contrast as computed};
use crate::web::answer::Answer;
use crate::web::living::Opened;
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::routes::Asked;

/// The most phrases of a side.
pub(in crate::web) const MAX_PHRASES: usize = 100;

/// Takes all parameters.
pub(in crate::web) fn take(params: &mut Params) -> Result<ContrastRequest, Problem> {
    let between = params.take_all("between");
    let between = match between.as_slice() {
        [] => None,
        [first, second] => Some(ContrastRequest::sides([first, second])),
        _ => {
            return Err(Problem::bad("a contrast is between two sides, or between the outcomes")
                .hint("two queries are the sides: between=year:..2015&between=year:2016..")
                .of("between"));
        }
    };
    let kept = if params.take_flag("raw")? { Kept::All } else { Kept::Reasons };
    let limit = params.take_number("limit")?.unwrap_or(ContrastRequest::LIMIT);
    if limit > MAX_PHRASES {
        return Err(Problem::bad(format!("limit ends at {MAX_PHRASES}")));
    }
    Ok(ContrastRequest { request: params.take_request()?, between, kept, limit })
}

/// The contrast.
pub(in crate::web) fn found(
    asked: &Asked,
    opened: &Opened,
    wanted: &ContrastRequest,
) -> Result<Contrast, Problem> {
    let engine = asked.site.engine(opened);
    computed(&engine, &asked.site.vocabularies, wanted).map_err(|error| {
        let sides = wanted.between.iter().flatten();
        of_queries(&error, &engine, &wanted.request, ("between", sides))
    })
}

/// A contrast as JSON.
pub(in crate::web) fn contrast(asked: &mut Asked) -> Result<Answer, Problem> {
    let wanted = take(&mut asked.params)?;
    Answer::json(&found(asked, &*asked.opened()?, &wanted)?)
}
