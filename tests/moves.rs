//! Files that move, have several paths, or only look as they were.

use crate::support::dump::{clean_build, dump};
use crate::support::{pipeline, small_letter, update, vocabularies};
use imr_search::index::{NoProgress, Pipeline, Report, Store, Update};
use imr_search::source;
use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

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

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn letter(&self, name: &str, case: &str, words: &str) {
        self.write(name, &small_letter(case, words, "Upheld"));
    }

    fn with(&self, update: &Update, names: &[&str]) -> Report {
        let paths: Vec<_> = names.iter().map(|name| self.path(name)).collect();
        let walk = (!paths.is_empty()).then(|| source::walk(&paths));
        update.run(&self.store, &self.pipeline, walk, &NoProgress).unwrap()
    }

    fn index(&self, names: &[&str]) -> Report {
        self.with(&update(), names)
    }

    #[track_caller]
    fn is_as_clean(&self, folder: &str) {
        let clean = clean_build(&self.pipeline, &vocabularies(), &self.path(folder));
        assert_eq!(dump(&self.store, &vocabularies()), clean);
        assert!(self.store.verify().unwrap().whole);
    }
}

fn set_modified(path: &PathBuf, time: SystemTime) {
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn a_file_rewritten_with_its_size_and_time_is_found_when_asked_for() {
    let place = Place::new();
    place.letter("letters/a.txt", "CM15-0900100", "apple");
    place.letter("letters/b.txt", "CM15-0900101", "brown");
    place.index(&["letters"]);
    let path = place.path("letters/a.txt");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    place.letter("letters/a.txt", "CM15-0900100", "melon");
    set_modified(&path, time);
    assert_eq!(place.index(&["letters"]).changed, 0, "size and time are as they were");
    let paranoid = Update { paranoid: true, ..update() };
    let report = place.with(&Update { dry_run: true, ..paranoid.clone() }, &["letters"]);
    assert_eq!((report.changed, report.unchanged), (1, 1), "{report:?}");
    let report = place.with(&paranoid, &["letters"]);
    assert_eq!((report.changed, report.unchanged), (1, 1), "{report:?}");
    place.is_as_clean("letters");
    assert_eq!(place.with(&paranoid, &["letters"]).changed, 0);
}

#[test]
fn a_clock_that_goes_backwards_hides_nothing() {
    let place = Place::new();
    place.letter("letters/a.txt", "CM15-0900100", "apple");
    let path = place.path("letters/a.txt");
    let (now, hour) = (SystemTime::now(), Duration::from_hours(1));
    set_modified(&path, now + 24 * hour);
    place.index(&["letters"]);
    // Each of the same size; two of them before 1970.
    let before_1970 = SystemTime::UNIX_EPOCH - hour;
    let times = [now, now - hour, now + hour, before_1970, before_1970 - hour];
    for (words, time) in ["melon", "peach", "grape", "lemon", "dates"].into_iter().zip(times) {
        place.letter("letters/a.txt", "CM15-0900100", words);
        set_modified(&path, time);
        assert_eq!(place.index(&["letters"]).changed, 1, "{words}");
        place.is_as_clean("letters");
        assert_eq!(place.index(&["letters"]).changed, 0, "{words}");
    }
}

#[test]
fn moved_and_renamed_files_are_known_by_their_content() {
    let place = Place::new();
    for (at, words) in ["apple", "brown", "cherry"].iter().enumerate() {
        place.letter(&format!("letters/{words}.txt"), &format!("CM15-090010{at}"), words);
    }
    place.index(&["letters"]);
    fs::create_dir(place.path("letters/2015")).unwrap();
    fs::rename(place.path("letters/apple.txt"), place.path("letters/2015/apple.txt")).unwrap();
    fs::rename(place.path("letters/brown.txt"), place.path("letters/renamed.txt")).unwrap();
    let foreseen = place.with(&Update { dry_run: true, ..update() }, &["letters"]);
    let report = place.index(&["letters"]);
    for report in [foreseen, report] {
        let counts = (report.moved, report.added, report.changed, report.removed, report.unchanged);
        assert_eq!(counts, (2, 0, 0, 0, 1), "{report:?}");
    }
    place.is_as_clean("letters");
    // A file that moved and changed is another.
    fs::remove_file(place.path("letters/renamed.txt")).unwrap();
    place.letter("letters/once more.txt", "CM15-0900101", "brawn");
    let report = place.index(&["letters"]);
    assert_eq!((report.moved, report.added, report.removed), (0, 1, 1), "{report:?}");
    place.is_as_clean("letters");
}

#[test]
fn a_moved_letter_without_a_case_number_has_the_identity_of_its_new_name() {
    let place = Place::new();
    let text = small_letter("none", "apple", "Upheld").replace("Case Number: none\n", "");
    place.write("letters/first.txt", &text);
    place.letter("letters/other.txt", "CM15-0900101", "brown");
    place.index(&["letters"]);
    assert!(place.store.open().unwrap().letter("first").unwrap().is_some());
    fs::rename(place.path("letters/first.txt"), place.path("letters/second.txt")).unwrap();
    assert_eq!(place.index(&["letters"]).moved, 1);
    assert!(place.store.open().unwrap().letter("second").unwrap().is_some());
    place.is_as_clean("letters");
}

/// Removes a file when an update begins to read.
struct Remover(PathBuf);
impl imr_search::index::Progress for Remover {
    fn start(&self, _: u64) {
        fs::remove_file(&self.0).unwrap();
    }
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
}

#[test]
fn a_moved_file_is_not_read_again() {
    let place = Place::new();
    place.letter("letters/a.txt", "CM15-0900100", "apple");
    place.letter("letters/b.txt", "CM15-0900101", "brown");
    place.index(&["letters"]);
    let kept = place.store.open().unwrap().letter_text("CM15-0900100").unwrap().unwrap();
    fs::rename(place.path("letters/a.txt"), place.path("letters/c.txt")).unwrap();
    // Between the look at its content and the end of the run it is gone: nobody asks for it again.
    let walk = source::walk(&[place.path("letters")]);
    let remover = Remover(place.path("letters/c.txt"));
    let report = update().run(&place.store, &place.pipeline, Some(walk), &remover).unwrap();
    assert_eq!((report.moved, report.failed.len()), (1, 0), "{report:?}");
    let letter = place.store.open().unwrap().letter("CM15-0900100").unwrap().unwrap();
    assert!(letter.source.ends_with("c.txt"), "{}", letter.source);
    assert_eq!(place.store.open().unwrap().letter_text("CM15-0900100").unwrap(), Some(kept));
}

#[test]
fn a_folder_that_has_another_name_moves_with_its_letters() {
    let place = Place::new();
    for at in 0..30 {
        place.letter(&format!("old/{at}.txt"), &format!("CM15-09001{at:02}"), &format!("word{at}"));
    }
    // A copy, and a clash of identities.
    fs::copy(place.path("old/3.txt"), place.path("old/3 copy.txt")).unwrap();
    place.letter("old/clash.txt", "CM15-0900104", "clash");
    place.index(&["old"]);
    fs::rename(place.path("old"), place.path("new")).unwrap();
    let report = place.index(&["new"]);
    assert_eq!((report.moved, report.removed, report.added), (32, 0, 0), "{report:?}");
    place.is_as_clean("new");
    // The old folder is forgotten.
    let report = place.index(&[]);
    assert_eq!((report.unchanged, report.moved), (31, 0), "{report:?}");
    assert!(report.failed.iter().all(|failed| failed.code == "duplicate"), "{report:?}");
}

#[test]
fn one_of_two_copies_that_moves_stays_a_copy() {
    let place = Place::new();
    place.letter("letters/a.txt", "CM15-0900100", "apple");
    place.letter("letters/m.txt", "CM15-0900100", "apple");
    place.index(&["letters"]);
    for (from, to) in
        [("m.txt", "z.txt"), ("a.txt", "zz.txt"), ("zz.txt", "b.txt"), ("z.txt", "0.txt")]
    {
        fs::rename(place.path("letters").join(from), place.path("letters").join(to)).unwrap();
        let report = place.index(&["letters"]);
        assert_eq!((report.moved, report.letters), (1, 1), "{report:?}");
        place.is_as_clean("letters");
    }
}

#[cfg(unix)]
#[test]
fn one_file_by_several_paths_counts_once() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    place.letter("one/a.txt", "CM15-0900100", "apple");
    place.letter("one/sub/b.txt", "CM15-0900101", "brown");
    place.letter("outside/c.txt", "CM15-0900102", "cherry");
    fs::create_dir(place.path("two")).unwrap();
    symlink(place.path("one/a.txt"), place.path("two/link.txt")).unwrap();
    symlink(place.path("one/a.txt"), place.path("one/again.txt")).unwrap();
    symlink(place.path("one/sub"), place.path("one/loop")).unwrap();
    symlink(place.path("one"), place.path("two/one")).unwrap();
    symlink(place.path("outside"), place.path("one/x")).unwrap();
    symlink(place.path("outside"), place.path("two/y")).unwrap();
    symlink(place.path("outside/c.txt"), place.path("two/z.txt")).unwrap();
    fs::hard_link(place.path("one/a.txt"), place.path("two/hard.txt")).unwrap();
    for names in [&["one", "two"][..], &["two", "one/sub", "one"], &[], &["one"], &["two", "one"]] {
        let report = place.index(names);
        assert_eq!((report.letters, report.items), (3, 3), "{names:?} {report:?}");
        assert!(report.failed.is_empty() && report.notices.is_empty(), "{names:?} {report:?}");
    }
    let sources = place.store.open().unwrap().sources().unwrap();
    assert_eq!(sources.len(), 3, "{sources:?}");
    // A folder that is added later takes over what was known by links into it.
    let report = place.index(&["one", "two", "outside"]);
    assert_eq!((report.letters, report.removed, report.moved), (3, 0, 1), "{report:?}");
    assert!(report.failed.is_empty() && report.notices.is_empty(), "{report:?}");
    // When the path that counted goes, the next one does.
    fs::remove_file(place.path("one/a.txt")).unwrap();
    fs::remove_file(place.path("one/again.txt")).unwrap();
    fs::remove_file(place.path("two/link.txt")).unwrap();
    let report = place.index(&[]);
    assert_eq!((report.letters, report.moved), (3, 1), "{report:?}");
}
