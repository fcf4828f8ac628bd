//! How often denials are overturned: by value of a facet, over time, in a cross table, and of two
//! populations side by side.
//!
//! One pass over all items that match. An item counts once under each of its values; the total
//! counts each item once.

use super::axis::{Axis, Keys};
use super::difference::{Difference, Test, difference, test};
use super::outcome::Outcomes;
use super::remarks::{CHOSEN, remarks};
use super::tally::Tally;
use crate::search::{Engine, Ordinals, Population, QueryInfo, Request, SearchError, Segment};
use crate::vocabulary::{Ending, Vocabularies, lineage};
use foldhash::{HashMap, HashMapExt};
use schemars::JsonSchema;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

/// Which items count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Items {
    /// All.
    #[default]
    All,
    /// None that only accompany another request, such as services that go with a surgery: they
    /// stand and fall with it.
    Primary,
}

/// The order of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// Most decided first; steps of time and bands in their own order.
    #[default]
    Count,
    /// Highest rate first.
    Rate,
    /// By name.
    Name,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RatesRequest<'v> {
    /// Which items.
    pub request: Request,
    /// At most two ways to break them down.
    pub by: Vec<Axis<'v>>,
    /// Another population, to compare with.
    pub compare: Option<Request>,
    /// Which items count.
    pub items: Items,
    /// The order of rows.
    pub order: Order,
    /// Rows with fewer items decided are left out.
    pub min: u64,
}

/// Rates of overturned denials.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Rates {
    /// How the query was read.
    pub query: QueryInfo,
    /// What it was broken down by.
    pub by: Vec<AxisInfo>,
    /// Items that match.
    pub total: u64,
    /// All of them.
    pub all: Tally,
    /// Of each value, children after their parents.
    pub rows: Vec<Row>,
    /// Items without any value of the first facet.
    pub without: Tally,
    /// Rows left out because too few of their items were decided.
    pub left_out: u64,
    /// Items whose rationale stands word for word in another one of these items as well, those
    /// first met not counted.
    pub repeated: u64,
    /// The other population, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// What else a reader should know.
    pub notes: Vec<String>,
}

/// What a table is broken down by.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AxisInfo {
    /// As typed.
    pub name: String,
    /// Name for a person.
    pub label: String,
    /// Whether it is time.
    #[serde(skip)]
    pub is_time: bool,
}

/// One value's rate.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Row {
    /// Canonical path.
    pub path: String,
    /// Name for a person.
    pub label: String,
    /// Its figures.
    #[serde(flatten)]
    pub tally: Tally,
    /// By value of the second facet, in a cross table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Row>,
    /// The same value in the other population.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
}

/// Figures of the other population, and how the first one differs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Compared {
    /// The other's figures.
    #[serde(flatten)]
    pub tally: Tally,
    /// The first one's rate less the other's, with Newcombe's 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
}

/// Two populations side by side.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Comparison {
    /// How the other query was read.
    pub query: QueryInfo,
    /// Items that match it.
    pub total: u64,
    /// Items that are in both.
    pub shared: u64,
    /// The other's figures and the difference.
    #[serde(flatten)]
    pub compared: Compared,
    /// Whether chance explains the difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
    /// Items of the other one whose rationale stands word for word in another.
    pub repeated: u64,
}

/// Computes rates.
///
/// # Errors
/// If a query or filter cannot be read, or the index cannot.
pub fn rates(
    engine: &Engine<'_>,
    vocabularies: &Vocabularies,
    asked: &RatesRequest<'_>,
) -> Result<Rates, SearchError> {
    let request = narrowed(&asked.request, asked.items, vocabularies);
    let population = engine.population(&request)?;
    let counted = count(&population, &asked.by, vocabularies)?;
    let mut notes = remarks(engine, vocabularies, asked, &population)?;
    if let [_, second] = asked.by.as_slice() {
        // Of what has no value of the first the table says so by itself.
        let (items, label) = (counted.without_second, second.label().to_lowercase());
        if items > 0 {
            notes.push(format!("{items} items without a value of \"{label}\": in no column"));
        }
    }
    let mut rates = Rates {
        query: population.info().clone(),
        by: asked.by.iter().map(AxisInfo::new).collect(),
        total: population.len(),
        all: counted.all,
        rows: Vec::new(),
        without: counted.without,
        left_out: 0,
        repeated: counted.repeated,
        comparison: None,
        notes,
    };
    let mut rows = counted.rows(&asked.by);
    if let Some(compare) = &asked.compare {
        let other = engine.population(&narrowed(compare, asked.items, vocabularies))?;
        let second = count(&other, &asked.by, vocabularies)?;
        let comparison = comparison(&population, &other, &counted, &second);
        rates.add_notes_on(&comparison);
        rates.comparison = Some(comparison);
        pair(&mut rows, second.rows(&asked.by));
    }
    sort(&mut rows, asked.by.first(), asked.order);
    for row in &mut rows {
        sort(&mut row.columns, asked.by.get(1), asked.order);
    }
    let all = rows.len();
    rows.retain(|row| row.most_decided() >= asked.min);
    rates.left_out = (all - rows.len()) as u64;
    rates.rows = rows;
    Ok(rates)
}

impl Rates {
    /// The rows, then items without a value of the first facet where there are any, and all items: for programs, which
    /// read no notes.
    pub fn rows_with_totals(&self) -> Vec<Row> {
        let named = |label: String, tally| Row { label, tally, ..Row::default() };
        let without = self.by.first().filter(|_| self.without.items() > 0);
        let without =
            without.map(|by| named(format!("Without {}", by.label.to_lowercase()), self.without));
        let compared = self.comparison.as_ref().map(|comparison| comparison.compared.clone());
        let all = Row { compared, ..named("All".to_owned(), self.all) };
        self.rows.iter().cloned().chain(without).chain([all]).collect()
    }

    /// Adds what there is to say of the other population.
    fn add_notes_on(&mut self, other: &Comparison) {
        let mut told = other.query.notes.clone();
        if other.query.by_outcome {
            told.push(CHOSEN.to_owned());
        }
        if other.compared.tally.partly > 0 {
            told.push(format!(
                "{} overturned in part, not counted as overturned",
                other.compared.tally.partly
            ));
        }
        if other.compared.tally.unknown > 0 {
            told.push(format!(
                "{} without a known outcome: in no rate",
                other.compared.tally.unknown
            ));
        }
        if other.repeated > 0 {
            told.push(format!(
                "{} have a rationale that stands word for word in another",
                other.repeated
            ));
        }
        let new = told.iter().filter(|note| !self.notes.contains(note));
        let new: Vec<String> = new.map(|note| format!("of what is compared: {note}")).collect();
        self.notes.extend(new);
        if other.shared > 0 && other.shared == self.total && other.shared == other.total {
            self.notes.push("both sides are the same items".to_owned());
        }
    }
}

/// A request without items that only accompany others, if they are not to count.
fn narrowed(request: &Request, items: Items, vocabularies: &Vocabularies) -> Request {
    let mut request = request.clone();
    if items == Items::Primary {
        request.filters.extend(asides(vocabularies));
    }
    request
}

/// The filters, as name and value, that leave out items which only accompany others.
pub(crate) fn asides(vocabularies: &Vocabularies) -> impl Iterator<Item = (String, String)> {
    let facets = vocabularies.facets().iter();
    facets.flat_map(|facet| {
        facet.asides().map(|value| (facet.name.clone(), format!("!{}", value.path)))
    })
}

impl AxisInfo {
    fn new(axis: &Axis<'_>) -> Self {
        Self {
            name: axis.name().to_owned(),
            label: axis.label().to_owned(),
            is_time: axis.is_time(),
        }
    }
}

impl Row {
    fn most_decided(&self) -> u64 {
        let other = self.compared.as_ref().map_or(0, |other| other.tally.decided);
        self.tally.decided.max(other)
    }
}

/// What one pass counts.
#[derive(Default)]
struct Counted {
    all: Tally,
    without: Tally,
    /// Items without a value on the second axis, if there is one.
    without_second: u64,
    repeated: u64,
    /// By path of the first axis.
    firsts: BTreeMap<String, Tally>,
    /// By paths of both.
    cells: BTreeMap<(String, String), Tally>,
}

/// How the items of a population came out.
pub(super) fn tally(
    population: &Population<'_>,
    vocabularies: &Vocabularies,
) -> Result<Tally, SearchError> {
    Ok(count(population, &[], vocabularies)?.all)
}

fn count(
    population: &Population<'_>,
    by: &[Axis<'_>],
    vocabularies: &Vocabularies,
) -> Result<Counted, SearchError> {
    let mut counted = Counted::default();
    let mut rationales: Vec<u64> = Vec::with_capacity(population.len() as usize);
    for segment in population.segments()? {
        let outcomes = Outcomes::new(&segment, vocabularies);
        let keys: Vec<Keys> = by.iter().map(|axis| axis.keys(&segment)).collect();
        let mut pass = Pass::new(&segment, &outcomes, &keys);
        for &doc in segment.docs() {
            pass.item(&segment, doc);
            rationales.extend(segment.alike(doc));
        }
        counted.add(&segment, by, &keys, &pass);
    }
    let all = rationales.len();
    rationales.sort_unstable();
    rationales.dedup();
    counted.repeated = (all - rationales.len()) as u64;
    Ok(counted)
}

/// One pass over the items of a segment.
struct Pass<'s> {
    /// Those that say an outcome or a key.
    values: Ordinals<'s>,
    outcomes: &'s Outcomes,
    keys: &'s [Keys],
    all: Tally,
    without: Tally,
    without_second: u64,
    firsts: Vec<Tally>,
    cells: HashMap<(u32, u32), Tally>,
    /// The present item's keys on each axis.
    present: [Vec<u32>; 2],
}

impl<'s> Pass<'s> {
    fn new(segment: &'s Segment<'_>, outcomes: &'s Outcomes, keys: &'s [Keys]) -> Self {
        let firsts = vec![Tally::default(); keys.first().map_or(0, |keys| keys.width)];
        let (all, without) = (Tally::default(), Tally::default());
        let ranges = keys.iter().filter_map(Keys::ordinals).chain([outcomes.ordinals()]);
        let telling: Vec<Range<u32>> = ranges.collect();
        Self {
            values: segment.values().within(&telling),
            outcomes,
            keys,
            all,
            without,
            without_second: 0,
            firsts,
            cells: HashMap::new(),
            present: Default::default(),
        }
    }

    fn item(&mut self, segment: &Segment<'_>, doc: u32) {
        let ending = self.read(segment, doc);
        self.all.add(ending);
        let [firsts, seconds] = &self.present;
        if !self.keys.is_empty() && firsts.is_empty() {
            self.without.add(ending);
        }
        self.without_second += u64::from(self.keys.len() > 1 && seconds.is_empty());
        for first in firsts {
            self.firsts[*first as usize].add(ending);
            for second in seconds {
                self.cells.entry((*first, *second)).or_default().add(ending);
            }
        }
    }

    /// Reads an item's keys; how it came out.
    fn read(&mut self, segment: &Segment<'_>, doc: u32) -> Option<Ending> {
        let mut ending = None;
        self.present.iter_mut().for_each(Vec::clear);
        for &ordinal in self.values.of(doc) {
            ending = ending.or_else(|| self.outcomes.of(ordinal));
            for (keys, present) in self.keys.iter().zip(&mut self.present) {
                present.extend(keys.of_value(ordinal));
            }
        }
        for (keys, present) in self.keys.iter().zip(&mut self.present) {
            if keys.is_time() {
                present.extend(keys.of_date(segment.decided(doc)));
            }
        }
        ending
    }
}

impl Counted {
    /// Adds what was counted in a segment, under the paths of its keys.
    fn add(&mut self, segment: &Segment<'_>, by: &[Axis<'_>], keys: &[Keys], pass: &Pass<'_>) {
        self.all += pass.all;
        self.without += pass.without;
        self.without_second += pass.without_second;
        let (Some(first), Some(first_keys)) = (by.first(), keys.first()) else { return };
        for (key, tally) in pass.firsts.iter().enumerate().filter(|(_, tally)| tally.items() > 0) {
            if let Some(path) = first.path(segment, first_keys, key as u32) {
                *self.firsts.entry(path).or_default() += *tally;
            }
        }
        let (Some(second), Some(second_keys)) = (by.get(1), keys.get(1)) else { return };
        for ((a, b), tally) in &pass.cells {
            let a = first.path(segment, first_keys, *a);
            let b = second.path(segment, second_keys, *b);
            if let (Some(a), Some(b)) = (a, b) {
                *self.cells.entry((a, b)).or_default() += *tally;
            }
        }
    }

    fn rows(&self, by: &[Axis<'_>]) -> Vec<Row> {
        let Some(first) = by.first() else { return Vec::new() };
        let row = |axis: &Axis<'_>, path: &String, tally: Tally| Row {
            label: axis.label_of(path),
            path: path.clone(),
            tally,
            ..Row::default()
        };
        let rows = self.firsts.iter().map(|(path, tally)| {
            let columns = by.get(1).into_iter().flat_map(|second| {
                let cells = self.cells.range((path.clone(), String::new())..);
                let own = cells.take_while(|((first, _), _)| first == path);
                own.map(|((_, column), tally)| row(second, column, *tally))
            });
            Row { columns: columns.collect(), ..row(first, path, *tally) }
        });
        rows.collect()
    }
}

fn comparison(
    a: &Population<'_>,
    b: &Population<'_>,
    first: &Counted,
    second: &Counted,
) -> Comparison {
    Comparison {
        query: b.info().clone(),
        total: b.len(),
        shared: a.intersect(b).len(),
        compared: compared(first.all, second.all),
        test: test(first.all.counts(), second.all.counts()),
        repeated: second.repeated,
    }
}

fn compared(first: Tally, second: Tally) -> Compared {
    Compared { tally: second, difference: difference(first.counts(), second.counts()) }
}

/// Sets each value of the second population beside that of the first.
fn pair(rows: &mut Vec<Row>, others: Vec<Row>) {
    let mut others: BTreeMap<String, Row> =
        others.into_iter().map(|row| (row.path.clone(), row)).collect();
    for row in rows.iter_mut() {
        let other = others.remove(&row.path).map(|other| other.tally).unwrap_or_default();
        row.compared = Some(compared(row.tally, other));
    }
    rows.extend(others.into_values().map(|other| Row {
        compared: Some(compared(Tally::default(), other.tally)),
        tally: Tally::default(),
        columns: Vec::new(),
        ..other
    }));
}

/// Sorts rows, children after their parents.
fn sort(rows: &mut [Row], axis: Option<&Axis<'_>>, order: Order) {
    let Some(axis) = axis else { return };
    if axis.is_ordered() && order != Order::Rate {
        rows.sort_by(|a, b| a.path.cmp(&b.path));
        return;
    }
    let known: HashMap<String, Row> =
        rows.iter().map(|row| (row.path.clone(), row.clone())).collect();
    let rank = |path: &str| {
        let row = known.get(path);
        let count = row.map_or(0, Row::most_decided);
        let rate = row.and_then(|row| {
            let Tally { overturned, decided, .. } = row.tally;
            (decided > 0).then(|| overturned as f64 / decided as f64)
        });
        let label = row.map_or_else(String::new, |row| row.label.to_lowercase());
        match order {
            Order::Count => (Reverse(count), Reverse(0), label),
            // Shares are not negative, so their bits sort as they do.
            Order::Rate => {
                (Reverse(rate.map_or(0, |rate| rate.to_bits() + 1)), Reverse(count), label)
            }
            Order::Name => (Reverse(0), Reverse(0), label),
        }
    };
    // A value's key is the ranks on the way to it, so that it follows its parent.
    rows.sort_by_cached_key(|row| {
        lineage(&row.path).map(|path| (rank(path), path.to_owned())).collect::<Vec<_>>()
    });
}
