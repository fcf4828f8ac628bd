//! Rates of overturned denials for programs and for the page.

use super::of_queries;
use crate::insight::{Axis, Items, Order, Rates, RatesRequest, rates as computed};
use crate::search::Request;
use crate::web::answer::Answer;
use crate::web::living::Opened;
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::routes::Asked;

/// The orders of rows by name.
pub(in crate::web) const ORDERS: [(&str, Order); 3] =
    [("count", Order::Count), ("rate", Order::Rate), ("name", Order::Name)];

/// What is asked of rates, beside words and filters.
pub(in crate::web) struct Terms {
    /// What to break down by, as typed.
    pub(in crate::web) by: Vec<String>,
    compare: Option<String>,
    items: Items,
    order: Order,
    min: u64,
    /// Which items.
    pub(in crate::web) request: Request,
}

impl Terms {
    /// Takes all parameters.
    pub(in crate::web) fn take(params: &mut Params) -> Result<Self, Problem> {
        let by = params.take_all("by");
        let compare = params.take("compare")?;
        if by.len() > 2 || by.len() == 2 && compare.is_some() {
            return Err(Problem::bad("too many ways to break down")
                .hint("two of \"by\" make a cross table; with \"compare\" there is room for one"));
        }
        let items = if params.take_flag("primary")? { Items::Primary } else { Items::All };
        let order = params.take_choice("sort", &ORDERS)?.unwrap_or_default();
        let min = params.take_number("min")?.unwrap_or(0) as u64;
        Ok(Self { by, compare, items, order, min, request: params.take_request()? })
    }

    /// The rates, broken down by what is given.
    pub(in crate::web) fn rates(
        &self,
        asked: &Asked,
        opened: &Opened,
        by: &[String],
    ) -> Result<Rates, Problem> {
        let vocabularies = &asked.site.vocabularies;
        let engine = asked.site.engine(opened);
        let by = by.iter().map(|by| Axis::new(by, vocabularies)).collect::<Result<_, _>>();
        let compare = self.compare.as_ref().map(|text| Request {
            text: text.clone(),
            filters: Vec::new(),
            ..self.request.clone()
        });
        let wanted = RatesRequest {
            request: self.request.clone(),
            by: by.map_err(|error| Problem::search(&error, &self.request.text))?,
            compare,
            items: self.items,
            order: self.order,
            min: self.min,
        };
        computed(&engine, vocabularies, &wanted).map_err(|error| {
            let others = wanted.compare.iter();
            of_queries(&error, &engine, &self.request, ("compare", others))
        })
    }
}

/// Rates as JSON.
pub(in crate::web) fn rates(asked: &mut Asked) -> Result<Answer, Problem> {
    let terms = Terms::take(&mut asked.params)?;
    Answer::json(&terms.rates(asked, &*asked.opened()?, &terms.by)?)
}
