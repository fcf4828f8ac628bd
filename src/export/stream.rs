//! All matching items in the fixed order of identities (case numbers as numbers, others after them by a hash), read one
//! after the other.

use crate::index::{ItemDocument, order_of};
use crate::search::{Place, Population, SearchError};

/// Items in order; memory holds their places only.
pub struct Items<'p> {
    population: &'p Population<'p>,
    places: std::vec::IntoIter<(u64, Place)>,
}

/// The identity of an item as typed, `CM14-0012345/1`; `None` where it is no item's.
pub fn item_id(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let is_item = typed.rsplit_once('/').is_some_and(|(letter, number)| {
        !letter.is_empty() && number.parse::<u32>().is_ok_and(|number| number > 0)
    });
    let is_case = typed.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("cm"));
    is_item.then(|| if is_case { typed.to_uppercase() } else { typed.to_owned() })
}

impl<'p> Items<'p> {
    /// The items of a population after the one of this identity, or all.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn new(population: &'p Population<'p>, after: Option<&str>) -> Result<Self, SearchError> {
        let after = after.map(order_of);
        let mut places = Vec::with_capacity(population.len() as usize);
        for segment in population.segments()? {
            let all = segment.docs().iter().map(|doc| (segment.order(*doc), segment.place(*doc)));
            places.extend(all.filter(|(order, _)| after.is_none_or(|after| *order > after)));
        }
        places.sort_unstable();
        Ok(Self { population, places: places.into_iter() })
    }
}

impl Iterator for Items<'_> {
    type Item = Result<ItemDocument, SearchError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.places.next().map(|(_, place)| self.population.item(place))
    }
}
