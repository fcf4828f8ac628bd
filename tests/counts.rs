//! Facet counts and filters equal a count by hand over the corpus.

use crate::support::{corpus, index, pipeline, root, vocabularies};
use imr_search::index::{ItemDocument, Snapshot, Store};
use imr_search::search::{Engine, FacetRow, Fold, Request};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::OnceLock;

pub(crate) struct Loaded {
    _place: tempfile::TempDir,
    store: Store,
    pub(crate) snapshot: Snapshot,
    pub(crate) items: Vec<ItemDocument>,
}

pub(crate) fn loaded() -> &'static Loaded {
    static LOADED: OnceLock<Loaded> = OnceLock::new();
    LOADED.get_or_init(|| {
        let place = tempfile::tempdir().unwrap();
        let store = Store::new(place.path().join("index"));
        let pipeline = pipeline();
        index(&store, &pipeline, &root().join("corpus/letters"));
        let letters =
            corpus().into_iter().map(|path| pipeline.read(&path, "source").unwrap().record);
        let items =
            letters.flat_map(|letter| ItemDocument::of(&letter).collect::<Vec<_>>()).collect();
        Loaded { snapshot: store.open().unwrap(), store, _place: place, items }
    })
}

/// Whether an item has a value or one below it.
pub(crate) fn has(item: &ItemDocument, facet: &str, path: &str) -> bool {
    item.facets().iter().any(|(name, value)| {
        *name == facet && (value == path || value.starts_with(&format!("{path}/")))
    })
}

pub(crate) fn passes(item: &ItemDocument, facet: &str, values: &[String]) -> bool {
    let include: Vec<&String> = values.iter().filter(|value| !value.starts_with('!')).collect();
    let excluded = values.iter().filter_map(|value| value.strip_prefix('!'));
    (include.is_empty() || include.iter().any(|path| has(item, facet, path)))
        && excluded.into_iter().all(|path| !has(item, facet, path))
}

/// Words of an item as a reader sees them: title, rationale, guidelines.
pub(crate) fn holds(item: &ItemDocument, word: &str) -> bool {
    let guidelines = &item.item.guidelines;
    let texts = [
        Some(&item.item.title),
        item.item.rationale.as_ref(),
        guidelines.reviewer_printed.as_ref(),
        guidelines.claims_administrator_printed.as_ref(),
    ];
    texts.into_iter().flatten().any(|text| {
        text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|known| known == word)
    })
}

pub(crate) const WORDS: [&str; 5] = ["", "pain", "acupuncture", "schedule", "denial"];
pub(crate) const FILTERS: [(&str, &[&str]); 6] = [
    ("outcome", &["upheld", "overturned", "!upheld"]),
    ("region", &["spine", "spine/lumbar", "upper-extremity", "!spine", "lower-extremity/knee"]),
    (
        "treatment",
        &["rehabilitation", "rehabilitation/acupuncture", "!pharmaceutical", "diagnostic"],
    ),
    ("guideline", &["mtus", "mtus/acoem", "odg", "none-cited"]),
    ("sex", &["female", "!female"]),
    ("layout", &["2014", "2015"]),
];

pub(crate) fn filters() -> impl Strategy<Value = Vec<(String, Vec<String>)>> {
    let chosen = FILTERS.map(|(name, values)| {
        let values = prop::sample::subsequence(values.to_vec(), 0..=2);
        values.prop_map(move |values| {
            (name.to_owned(), values.into_iter().map(str::to_owned).collect::<Vec<_>>())
        })
    });
    let chosen: Vec<_> = chosen.into_iter().collect();
    chosen
        .prop_map(|filters| filters.into_iter().filter(|(_, values)| !values.is_empty()).collect())
}

/// Whether an item counts for a value whose own facet has a filter: chosen values are alternatives, what is left out stays
/// left out, and an excluded value counts what it leaves out.
fn counts_beyond(item: &ItemDocument, path: &str, filter: Option<&(String, Vec<String>)>) -> bool {
    let Some((name, values)) = filter else { return true };
    let (excluded, included): (Vec<String>, Vec<String>) =
        values.iter().cloned().partition(|value| value.starts_with('!'));
    let is_excluded = excluded.iter().any(|value| value.strip_prefix('!') == Some(path));
    passes(item, name, if is_excluded { &included } else { &excluded })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_are_those_of_a_count_by_hand(word in prop::sample::select(&WORDS), filters in filters()) {
        let loaded = loaded();
        let vocabularies = vocabularies();
        // The summary is left out by naming the other fields.
        let text = match word {
            "" => String::new(),
            word => format!("title:={word} OR rationale:={word} OR guideline:={word}"),
        };
        let typed = filters.iter().flat_map(|(name, values)| {
            values.iter().map(move |value| (name.clone(), value.clone()))
        });
        let request = Request {
            text,
            filters: typed.collect(),
            facets: Some(vec![]),
            limit: 1_000,
            fold: Fold::None,
            ..Request::default()
        };
        let response = Engine::new(&loaded.snapshot, &vocabularies).search(&request).unwrap();

        let base: Vec<&ItemDocument> =
            loaded.items.iter().filter(|item| word.is_empty() || holds(item, word)).collect();
        let meets = |item: &ItemDocument, but: &str| {
            filters.iter().all(|(name, values)| name == but || passes(item, name, values))
        };
        let expected: Vec<&str> =
            base.iter().filter(|item| meets(item, "")).map(|item| item.item.id.as_str()).collect();
        let mut found: Vec<&str> = response.hits.iter().map(|hit| hit.item.item.id.as_str()).collect();
        found.sort_unstable();
        let mut sorted = expected.clone();
        sorted.sort_unstable();
        prop_assert_eq!(found, sorted);
        prop_assert_eq!(response.total, expected.len() as u64);

        for facet in &response.facets.unwrap().0 {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for item in base.iter().filter(|item| meets(item, &facet.name)) {
                let mut paths: Vec<String> = Vec::new();
                for (_, value) in item.facets().iter().filter(|(name, _)| *name == facet.name) {
                    let parents = value.match_indices('/').map(|(at, _)| value[..at].to_owned());
                    paths.extend(parents.chain([value.to_string()]));
                }
                paths.sort();
                paths.dedup();
                let of_facet = filters.iter().find(|(name, _)| *name == facet.name);
                for path in paths {
                    if counts_beyond(item, &path, of_facet) {
                        *counts.entry(path).or_default() += 1;
                    }
                }
            }
            let shown: BTreeMap<String, u64> =
                facet.rows.iter().filter(|row| row.count > 0).map(|row| (row.path.clone(), row.count)).collect();
            prop_assert_eq!(shown, counts, "{}", facet.name);
            let selected: Vec<&str> = filters
                .iter()
                .filter(|(name, _)| *name == facet.name)
                .flat_map(|(_, values)| values.iter().map(|value| value.trim_start_matches('!')))
                .collect();
            for path in selected {
                prop_assert!(facet.rows.iter().any(|row| row.path == path && (row.selected || row.excluded)), "{} {path}", facet.name);
            }
        }
    }
}

#[test]
fn what_a_snapshot_was_asked_before_changes_no_count() {
    let loaded = loaded();
    let vocabularies = vocabularies();
    let typed = [("outcome", "overturned"), ("region", "spine"), ("year", "2014..")];
    let filters: Vec<_> =
        typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for text in ["", "pain", "acupuncture functional improvement"] {
        let request = |facets| Request {
            text: text.to_owned(),
            filters: filters.clone(),
            facets: Some(facets),
            ..Request::default()
        };
        let rows = |rows: &[FacetRow]| {
            rows.iter().map(|row| (row.path.clone(), row.count)).collect::<Vec<_>>()
        };
        let asked_before = loaded.store.open().unwrap();
        let engine = Engine::new(&asked_before, &vocabularies);
        let of_all = || engine.search(&request(vec![])).unwrap().facets.unwrap().0;
        let (first, again, all) = (of_all(), of_all(), of_all());
        for (facet, later) in first.iter().zip(&again).chain(first.iter().zip(&all)) {
            assert_eq!(rows(&facet.rows), rows(&later.rows), "{text} {}", facet.name);
        }
        for facet in &all {
            // A snapshot of its own: nothing of it has been read yet.
            let fresh = loaded.store.open().unwrap();
            let alone = request(vec![facet.name.clone()]);
            let alone = Engine::new(&fresh, &vocabularies).search(&alone).unwrap().facets.unwrap();
            assert_eq!(rows(&alone.0[0].rows), rows(&facet.rows), "{text} {}", facet.name);
        }
    }
}

#[test]
fn what_ranges_leave_out_for_want_of_a_date_or_an_age_is_told() {
    let loaded = loaded();
    let vocabularies = vocabularies();
    let engine = Engine::new(&loaded.snapshot, &vocabularies);
    let told = |text: &str, filters: &[(&str, &str)]| {
        let filters = filters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let request =
            Request { text: text.to_owned(), filters: filters.collect(), ..Request::default() };
        let notes = engine.search(&request).unwrap().query.notes;
        assert_eq!(engine.population(&request).unwrap().info().notes, notes, "{text}");
        notes
    };
    let holds = |item: &&ItemDocument| {
        let rationale = item.item.rationale.as_deref().unwrap_or_default().to_lowercase();
        rationale.split(|c: char| !c.is_alphanumeric()).any(|word| word == "pain")
    };
    let of = |known: fn(&ItemDocument) -> bool| {
        loaded.items.iter().filter(holds).filter(|item| !known(item)).count()
    };
    let undated = of(|item| item.decided.is_some());
    let ageless = of(|item| item.age.is_some());
    assert!(undated > 0 && ageless > 0 && undated != ageless, "{undated} {ageless}");
    let dates = format!("left out as their date of decision is not known: {undated} more");
    let ages = format!("left out as their age is not known: {ageless} more");
    for text in [
        "rationale:=pain decided:2014..",
        "rationale:=pain decided:2014 year:2014",
        "year:2014 rationale:=pain",
    ] {
        assert_eq!(told(text, &[]), [dates.as_str()], "{text}");
    }
    for filter in [("decided", "2014.."), ("year", "2014.."), ("year", "2014")] {
        assert_eq!(told("rationale:=pain", &[filter]), [dates.as_str()], "{filter:?}");
    }
    assert_eq!(told("rationale:=pain age:30..45", &[("age", "40..60")]), [ages.as_str()]);
    for text in ["rationale:=pain", "rationale:=pain OR decided:2014.."] {
        assert_eq!(told(text, &[]), [""; 0], "{text}");
    }
    let taken = |undated: usize| format!("of {undated} of these the date of decision is not known");
    assert_eq!(told("rationale:=pain NOT decided:2014..", &[]), [taken(undated)]);
    let all = loaded.items.iter().filter(|item| item.decided.is_none());
    assert_eq!(told("decided:!2014..", &[]), [taken(all.count())]);
    let is_upheld = |item: &&ItemDocument| item.item.outcome == "upheld" && item.decided.is_none();
    let upheld = loaded.items.iter().filter(holds).filter(is_upheld).count();
    let filters = [("decided", "!2014.."), ("outcome", "upheld")];
    assert_eq!(told("rationale:=pain", &filters), [taken(upheld)]);
}
