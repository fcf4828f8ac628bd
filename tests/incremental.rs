//! Bringing an index up to date gives what a clean build gives.

use crate::support::dump::{self, Dump};
use crate::support::{index, pipeline, small_letter, update, vocabularies};
use crate::synthetic::Generator;
use imr_search::index::{NoProgress, Pipeline, Store, Update};
use imr_search::source;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

fn dump(store: &Store) -> Dump {
    dump::dump(store, &vocabularies())
}

fn clean_build(pipeline: &Pipeline, folder: &Path) -> Dump {
    dump::clean_build(pipeline, &vocabularies(), folder)
}

/// A change of the folder between two runs.
#[derive(Debug, Clone)]
enum Change {
    /// A letter is written: file, case number, words, outcome.
    Write(u8, u8, u8, bool),
    /// A file holds no letter.
    Spoil(u8),
    Remove(u8),
    /// A file is copied over another.
    Copy(u8, u8),
}

const WORDS: [&str; 5] = ["apple", "brown", "cherry", "dotted", "early"];

fn path(folder: &Path, file: u8) -> std::path::PathBuf {
    // Names that sort unlike their numbers, one of them in a folder below.
    folder.join(["m.txt", "a.txt", "z.txt", "below/k.txt", "B.txt", "c d.txt"][file as usize % 6])
}

impl Change {
    fn apply(&self, folder: &Path) {
        match self {
            Change::Write(file, case, words, overturned) => {
                let case = format!("CM15-090000{}", case % 3);
                let outcome = if *overturned { "Overturned" } else { "Upheld" };
                let letter = small_letter(&case, WORDS[*words as usize % 5], outcome);
                fs::write(path(folder, *file), letter).unwrap();
            }
            Change::Spoil(file) => fs::write(path(folder, *file), "no letter").unwrap(),
            Change::Remove(file) => drop(fs::remove_file(path(folder, *file))),
            Change::Copy(from, to) => {
                if let Ok(bytes) = fs::read(path(folder, *from)) {
                    fs::write(path(folder, *to), bytes).unwrap();
                }
            }
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (0..6_u8, 0..3_u8, 0..5_u8, any::<bool>()).prop_map(|(f, c, w, o)| Change::Write(f, c, w, o)),
        1 => (0..6_u8).prop_map(Change::Spoil),
        2 => (0..6_u8).prop_map(Change::Remove),
        2 => (0..6_u8, 0..6_u8).prop_map(|(from, to)| Change::Copy(from, to)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_brought_up_to_date_is_one_built_anew(
        runs in prop::collection::vec(prop::collection::vec(change(), 1..5), 2..5)
    ) {
        let pipeline = pipeline();
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("letters");
        fs::create_dir_all(folder.join("below")).unwrap();
        // One file stays, so that the folder never looks as if it had vanished.
        fs::write(folder.join("stays.txt"), small_letter("CM15-0900009", "stays", "Upheld")).unwrap();
        let store = Store::new(place.path().join("index"));
        for changes in runs {
            for change in &changes {
                change.apply(&folder);
            }
            index(&store, &pipeline, &folder);
            prop_assert_eq!(dump(&store), clean_build(&pipeline, &folder));
            let again = index(&store, &pipeline, &folder);
            prop_assert_eq!((again.added, again.changed, again.removed), (0, 0, 0));
        }
    }
}

#[test]
fn exactly_what_changed_is_done() {
    let place = Place::new();
    for (at, words) in WORDS.iter().enumerate() {
        place.letter(&format!("letters/{words}.txt"), &format!("CM15-090010{at}"), words);
    }
    let first = place.index(&["letters"]);
    assert_eq!((first.added, first.letters, first.items), (5, 5, 5));
    place.letter("letters/apple.txt", "CM15-0900100", "apples");
    place.letter("letters/new.txt", "CM15-0900109", "new");
    fs::remove_file(place.path("letters/cherry.txt")).unwrap();
    let report = place.index(&["letters"]);
    let counts = (report.added, report.changed, report.unchanged, report.removed);
    assert_eq!(counts, (1, 1, 3, 1));
    assert_eq!(dump(&place.store), clean_build(&place.pipeline, &place.path("letters")));
}

#[test]
fn a_vanished_folder_removes_nothing_unless_asked() {
    let place = Place::new();
    place.letter("letters/a.txt", "CM15-0900100", "apple");
    place.index(&["letters"]);
    fs::remove_file(place.path("letters/a.txt")).unwrap();
    for _ in 0..2 {
        let report = place.index(&["letters"]);
        assert_eq!((report.removed, report.letters), (0, 1));
        assert!(report.notices.iter().any(|notice| notice.code == "letters-gone"), "{report:?}");
        // Gone altogether, it keeps its letters too.
        drop(fs::remove_dir(place.path("letters")));
    }
    let prune = imr_search::index::Update { prune: true, ..update() };
    let walk = source::walk(&[place.path("letters")]);
    let report = prune.run(&place.store, &place.pipeline, Some(walk), &NoProgress).unwrap();
    assert_eq!((report.removed, report.letters), (1, 0));
}

#[test]
fn of_copies_that_go_nothing_is_lost() {
    let place = Place::new();
    place.letter("letters/a.txt", "CM15-0900100", "apple");
    for copy in 0..30 {
        place.letter(&format!("letters/copy-{copy}.txt"), "CM15-0900100", "apple");
    }
    place.letter("letters/b.txt", "CM15-0900101", "cherry");
    assert_eq!(place.index(&["letters"]).letters, 2);
    fs::remove_file(place.path("letters/a.txt")).unwrap();
    for copy in 5..30 {
        fs::remove_file(place.path(&format!("letters/copy-{copy}.txt"))).unwrap();
    }
    let report = place.index(&["letters"]);
    assert!(report.notices.is_empty(), "{report:?}");
    assert_eq!(report.letters, 2);
    assert_eq!(dump(&place.store), clean_build(&place.pipeline, &place.path("letters")));
}

#[test]
fn other_vocabularies_bring_the_index_up_to_date_from_its_own_text() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("letters");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("a.txt");
    fs::write(&file, small_letter("CM15-0900100", "apple", "Upheld")).unwrap();
    let store = Store::new(place.path().join("index"));
    index(&store, &pipeline(), &folder);

    let schema = place.path().join("schema");
    fs::create_dir(&schema).unwrap();
    let body = "[[value]]\npath = \"fruit\"\nlabel = \"Fruit\"\nterms = [\"apple brace\"]\n";
    fs::write(schema.join("body_region.toml"), body).unwrap();
    let vocabularies = imr_search::vocabulary::Vocabularies::load(Some(&schema)).unwrap();
    let pipeline = Pipeline::new(&vocabularies).unwrap();
    // The file itself is not read again: it is gone, in a folder that is not looked at.
    fs::remove_file(&file).unwrap();
    let other = place.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("b.txt"), small_letter("CM15-0900101", "brown", "Upheld")).unwrap();
    let report = index(&store, &pipeline, &other);
    assert_eq!((report.added, report.changed), (1, 1));
    let letter = store.open().unwrap().letter("CM15-0900100").unwrap().unwrap();
    assert_eq!(letter.items[0].body_regions, ["fruit"]);
}

#[test]
fn a_rebuild_keeps_every_root() {
    let pipeline = pipeline();
    let place = tempfile::tempdir().unwrap();
    let store = Store::new(place.path().join("index"));
    for (at, name) in ["one", "two"].iter().enumerate() {
        let folder = place.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("a.txt"), small_letter(&format!("CM15-090010{at}"), name, "Upheld"))
            .unwrap();
        index(&store, &pipeline, &folder);
    }
    let before = dump(&store);
    let rebuild = imr_search::index::Update { rebuild: true, ..update() };
    let walk = source::walk(&[place.path().join("two")]);
    let report = rebuild.run(&store, &pipeline, Some(walk), &NoProgress).unwrap();
    assert_eq!(report.letters, 2);
    assert_eq!(dump(&store), before);
}

/// A folder with letters, and an index of it.
struct Place {
    folder: tempfile::TempDir,
    store: Store,
    pipeline: Pipeline,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("index"));
        Self { folder, store, pipeline: pipeline() }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn letter(&self, name: &str, case: &str, words: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, small_letter(case, words, "Upheld")).unwrap();
    }

    fn index(&self, names: &[&str]) -> imr_search::index::Report {
        let paths: Vec<_> = names.iter().map(|name| self.path(name)).collect();
        update().run(&self.store, &self.pipeline, Some(source::walk(&paths)), &NoProgress).unwrap()
    }
}

#[test]
fn a_rebuild_keeps_letters_whose_folder_is_out_of_reach() {
    let place = Place::new();
    place.letter("here/a.txt", "CM15-0900100", "apple");
    place.letter("away/b.txt", "CM15-0900101", "brown");
    place.index(&["here", "away"]);
    fs::rename(place.path("away"), place.path("elsewhere")).unwrap();
    let rebuild = imr_search::index::Update { rebuild: true, ..update() };
    for walk in [None, Some(source::walk(&[place.path("here")]))] {
        let report = rebuild.run(&place.store, &place.pipeline, walk, &NoProgress).unwrap();
        assert_eq!((report.letters, report.removed), (2, 0), "{report:?}");
    }
    let prune = imr_search::index::Update { prune: true, ..update() };
    let gone = source::walk(&[place.path("away")]);
    let report = prune.run(&place.store, &place.pipeline, Some(gone), &NoProgress).unwrap();
    assert_eq!((report.letters, report.removed), (1, 1), "{report:?}");
    assert!(report.failed.is_empty(), "{report:?}");
    // The folder is forgotten with its letters.
    let report = update().run(&place.store, &place.pipeline, None, &NoProgress).unwrap();
    assert!(report.failed.is_empty() && report.notices.is_empty(), "{report:?}");
}

#[test]
fn many_letters_gone_at_once_are_asked_about() {
    let place = Place::new();
    for at in 0..60 {
        place.letter(
            &format!("letters/{at}.txt"),
            &format!("CM15-09001{at:02}"),
            &format!("word{at}"),
        );
    }
    place.index(&["letters"]);
    (0..25).for_each(|at| fs::remove_file(place.path(&format!("letters/{at}.txt"))).unwrap());
    let report = place.index(&["letters"]);
    assert_eq!((report.removed, report.letters, report.notices.len()), (0, 60, 1), "{report:?}");
    for at in 25..30 {
        place.letter(
            &format!("letters/{}.txt", at - 25),
            &format!("CM15-09001{:02}", at - 25),
            "back",
        );
    }
    fs::write(place.path("letters/.DS_Store"), "junk").unwrap();
    let prune = imr_search::index::Update { prune: true, ..update() };
    let walk = source::walk(&[place.path("letters")]);
    let report = prune.run(&place.store, &place.pipeline, Some(walk), &NoProgress).unwrap();
    assert_eq!((report.removed, report.letters), (20, 40), "{report:?}");
}

#[test]
fn overlapping_and_repeated_paths_are_one() {
    let place = Place::new();
    place.letter("letters/sub/a.txt", "CM15-0900100", "apple");
    let report = place.index(&["letters", "letters/sub", "letters", "letters/sub/a.txt"]);
    assert_eq!((report.added, report.failed.len(), report.notices.len()), (1, 0, 0), "{report:?}");
    let report = place.index(&["letters/sub", "letters"]);
    assert_eq!((report.unchanged, report.notices.len()), (1, 0), "{report:?}");
}

#[test]
fn an_index_inside_its_folder_is_no_letter() {
    let place = Place::new();
    place.letter("a.txt", "CM15-0900100", "apple");
    for _ in 0..2 {
        let report = place.index(&["."]);
        assert_eq!((report.letters, report.failed.len()), (1, 0), "{report:?}");
    }
}

#[test]
fn a_folder_named_after_its_file_is_remembered() {
    let place = Place::new();
    place.letter("letters/a.txt", "CM15-0900100", "apple");
    place.index(&["letters/a.txt"]);
    place.index(&["letters"]);
    place.letter("letters/b.txt", "CM15-0900101", "brown");
    let report = update().run(&place.store, &place.pipeline, None, &NoProgress).unwrap();
    assert_eq!((report.added, report.letters), (1, 2), "{report:?}");
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf_8_are_files_like_others() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    let folder = place.path("letters");
    fs::create_dir(&folder).unwrap();
    let file = folder.join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt"));
    fs::write(&file, small_letter("CM15-0900100", "apple", "Upheld")).unwrap();
    place.letter("letters/b.txt", "CM15-0900101", "brown");
    place.index(&["letters"]);
    let report = place.index(&["letters"]);
    assert_eq!((report.unchanged, report.added, report.changed), (2, 0, 0), "{report:?}");
    fs::remove_file(&file).unwrap();
    assert_eq!(place.index(&["letters"]).removed, 1);
}

#[cfg(unix)]
#[test]
fn letters_behind_a_link_that_broke_stay() {
    let place = Place::new();
    place.letter("disk/a.txt", "CM15-0900100", "apple");
    place.letter("letters/b.txt", "CM15-0900101", "brown");
    std::os::unix::fs::symlink(place.path("disk"), place.path("letters/link")).unwrap();
    assert_eq!(place.index(&["letters"]).letters, 2);
    fs::rename(place.path("disk"), place.path("away")).unwrap();
    let report = place.index(&["letters"]);
    assert_eq!((report.letters, report.removed), (2, 0), "{report:?}");
    assert!(!report.failed.is_empty());
}

#[test]
fn another_program_s_folder_is_never_touched() {
    let place = Place::new();
    place.letter("letters/a.txt", "CM15-0900100", "apple");
    let foreign = place.path("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("CURRENT"), "MANIFEST-000004\n").unwrap();
    fs::write(foreign.join("LOCK"), "").unwrap();
    for rebuild in [false, true] {
        let update = imr_search::index::Update { rebuild, ..update() };
        let walk = source::walk(&[place.path("letters")]);
        let result = update.run(&Store::new(&foreign), &place.pipeline, Some(walk), &NoProgress);
        assert!(result.is_err());
    }
    assert_eq!(fs::read_to_string(foreign.join("CURRENT")).unwrap(), "MANIFEST-000004\n");
}

#[test]
fn many_letters_share_what_they_have_in_common() {
    let folder = tempfile::tempdir().unwrap();
    let letters = folder.path().join("letters");
    fs::create_dir(&letters).unwrap();
    let (generator, pipeline) = (Generator::new(3), pipeline());
    let write = |number: u64, revision| {
        let letter = generator.letter(number, revision);
        fs::write(letters.join(&letter.name).with_extension("txt"), &letter.text).unwrap();
        (letter.name, letter.text)
    };
    let few = Store::new(folder.path().join("few"));
    let many = Store::new(folder.path().join("many"));
    let mut texts: Vec<(String, String)> = (0..20).map(|number| write(number, 0)).collect();
    index(&few, &pipeline, &letters);
    texts.extend((20..260).map(|number| write(number, 0)));
    // One index has letters from before there were enough to share anything.
    for store in [&few, &many] {
        index(store, &pipeline, &letters);
        assert_eq!(dump(store), clean_build(&pipeline, &letters));
    }
    texts[3] = write(3, 1);
    fs::remove_file(letters.join(&texts[5].0).with_extension("txt")).unwrap();
    texts.remove(5);
    texts.push(write(300, 0));
    for store in [&few, &many] {
        index(store, &pipeline, &letters);
        let snapshot = store.open().unwrap();
        let sources = snapshot.sources().unwrap();
        assert_eq!(sources.len(), texts.len());
        for (name, text) in &texts {
            let source = sources.values().find(|source| source.path.contains(&format!("/{name}.")));
            let kept = snapshot.letter_text(source.unwrap().id()).unwrap();
            assert_eq!(kept.as_deref(), Some(text.as_str()), "{name}");
        }
        let verified = store.verify().unwrap();
        assert!(verified.whole, "{verified:?}");
        let rebuild = Update { rebuild: true, ..update() };
        rebuild.run(store, &pipeline, None, &NoProgress).unwrap();
        assert_eq!(dump(store), clean_build(&pipeline, &letters));
        let copy = folder.path().join("copy");
        store.backup(&copy).unwrap();
        assert_eq!(dump(&Store::new(&copy)), dump(store));
        fs::remove_dir_all(copy).unwrap();
    }
}

#[test]
fn letters_that_come_a_few_at_a_time_share_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let letters = folder.path().join("letters");
    fs::create_dir(&letters).unwrap();
    let (generator, pipeline) = (Generator::new(5), pipeline());
    let store = Store::new(folder.path().join("index"));
    let mut shared = Vec::new();
    for numbers in [0..150, 150..260, 260..263] {
        for number in numbers {
            let letter = generator.letter(number, 0);
            fs::write(letters.join(&letter.name).with_extension("txt"), &letter.text).unwrap();
        }
        index(&store, &pipeline, &letters);
        shared.push(store.open().unwrap().meta.shares);
    }
    assert_eq!(shared, [false, false, true]);
    assert!(store.verify().unwrap().whole);
    assert_eq!(dump(&store), clean_build(&pipeline, &letters));
}
