//! Everything that an index says, in a form that can be compared.

use imr_search::index::{NoProgress, Pipeline, SourceRecord, Status, Store, Update};
use imr_search::search::{Engine, Match, Request};
use imr_search::source;
use imr_search::vocabulary::Vocabularies;
use std::collections::BTreeMap;
use std::path::Path;

/// The manifest's records, letters and texts by identity, answers by query.
pub(crate) type Dump = (Vec<String>, BTreeMap<String, String>);

/// All of an index.
pub(crate) fn dump(store: &Store, vocabularies: &Vocabularies) -> Dump {
    let snapshot = store.open().unwrap();
    let mut sources: Vec<SourceRecord> = snapshot.sources().unwrap().into_values().collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let mut answers = BTreeMap::new();
    for source in &sources {
        if source.status == Status::Indexed {
            let letter = snapshot.letter(source.id()).unwrap().unwrap();
            let text = snapshot.letter_text(source.id()).unwrap().unwrap();
            answers.insert(source.id().to_owned(), format!("{letter:?}\n{text}"));
        }
    }
    let engine = Engine::new(&snapshot, vocabularies);
    for text in ["", "brace reasons", "apple", "\"apple brace\" OR cherry", "summary:pain", "work*"]
    {
        let request = Request {
            text: text.to_owned(),
            limit: 500,
            // Partial matches weigh words by documents that may be deleted and not yet merged away.
            matching: Match::All,
            facets: Some(vec![]),
            ..Request::default()
        };
        let response = engine.search(&request).unwrap();
        let mut ids: Vec<&str> =
            response.hits.iter().map(|hit| hit.item.item.id.as_str()).collect();
        ids.sort_unstable();
        answers.insert(
            format!("?{text}"),
            format!("{} {ids:?} {:?}", response.total, response.facets),
        );
    }
    (sources.iter().map(|source| format!("{source:?}")).collect(), answers)
}

/// What an index says that is built over a folder from nothing.
pub(crate) fn clean_build(pipeline: &Pipeline, vocabularies: &Vocabularies, folder: &Path) -> Dump {
    let fresh = tempfile::tempdir().unwrap();
    let store = Store::new(fresh.path().join("index"));
    let update = Update { jobs: 2, memory: 32_000_000, ..Update::default() };
    let walk = source::walk(&[folder.to_owned()]);
    update.run(&store, pipeline, Some(walk), &NoProgress).unwrap();
    dump(&store, vocabularies)
}
