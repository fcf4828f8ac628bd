//! What happens to an index on the disk: damage, copies, other formats, read-only media, other people's files.

use crate::support::dump::dump;
use crate::support::{Imr, Ran, pipeline, root, small_letter, update, vocabularies};
use imr_search::index::{NoProgress, Store, StoreError};
use imr_search::source;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// An index of ten letters in two segments, with deletes.
fn indexed() -> Imr {
    let imr = Imr::new();
    for at in 0..10 {
        letter(&imr, at, "brace");
    }
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    letter(&imr, 3, "other");
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    imr
}

fn letter(imr: &Imr, at: usize, words: &str) {
    let case = format!("CM15-09001{at:02}");
    imr.write(
        &format!("letters/{case}.txt"),
        small_letter(&case, &format!("{words}{at}"), "Upheld"),
    );
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// All files below a folder with their content, but for locks.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if entry.file_type().unwrap().is_dir() {
            all.extend(contents(&path));
        } else if name != "LOCK" && !is_lock(&path) {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

fn is_lock(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "lock")
}

#[track_caller]
fn named_clearly(ran: &Ran, what: &str) {
    assert!(!ran.err.contains("panicked"), "{what}: {}", ran.err);
    if ran.code == 2 {
        assert!(
            ran.err.contains("imr verify") || ran.err.contains("imr index --rebuild"),
            "{what}: {}",
            ran.err
        );
    }
}

#[test]
fn damage_to_any_file_is_found_and_said() {
    let imr = indexed();
    let whole = imr.json(&["verify"]);
    assert_eq!(
        (&whole["whole"], &whole["letters"], &whole["items"]),
        (&true.into(), &10.into(), &10.into())
    );
    assert!(whole["files"].as_u64().unwrap() >= 13, "{whole}");
    let pristine = contents(&imr.path("index"));
    let mut refused = 0;
    for (path, bytes) in &pristine {
        let plain = path.extension().is_none_or(|ending| ending == "json");
        let flipped = |at: usize| {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x55;
            Some(bytes)
        };
        let mut damages = vec![None, Some(Vec::new()), Some(bytes[..bytes.len() / 2].to_vec())];
        if !plain {
            damages.extend([flipped(0), flipped(bytes.len() / 3), flipped(bytes.len() / 2)]);
        }
        for (kind, damage) in damages.into_iter().enumerate() {
            match damage {
                None => fs::remove_file(path).unwrap(),
                Some(bytes) => fs::write(path, bytes).unwrap(),
            }
            let what = format!("{} damaged in way {kind}", path.display());
            let ran = imr.run([
                "search",
                "\"brace for the left\" reasons",
                "--facets",
                "--format",
                "json",
            ]);
            named_clearly(&ran, &what);
            refused += usize::from(ran.code == 2);
            let ran = imr.run(["verify"]);
            named_clearly(&ran, &what);
            assert_ne!(ran.code, 0, "{what}: {}", ran.out);
            assert!(
                ran.code == 2 || ran.out.contains("imr index --rebuild"),
                "{what}: {}",
                ran.out
            );
            fs::write(path, bytes).unwrap();
        }
    }
    assert!(refused >= 3 * (pristine.len() - 1), "only {refused} searches were refused");
    assert_eq!(imr.run(["verify"]).code, 0);
}

#[test]
fn a_manifest_that_says_other_than_the_documents_is_found() {
    let imr = indexed();
    let generation = imr.path("index/generation-000001");
    let meta = generation.join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let description: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut fewer = description.clone();
    fewer["segments"].as_array_mut().unwrap().pop();
    fs::write(&meta, fewer.to_string()).unwrap();
    // A commit with fewer segments is whole in itself: sources that are gone with their records are not missed.
    let found = imr.json(&["verify"]);
    assert_eq!(found["whole"], true, "{found}");
    let mut without = description;
    for segment in without["segments"].as_array_mut().unwrap() {
        segment["deletes"] = serde_json::Value::Null;
    }
    fs::write(&meta, without.to_string()).unwrap();
    // The letter that was replaced is there again, beside the one that replaced it.
    let found = imr.json(&["verify"]);
    let codes: Vec<&str> = found["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"manifest") && codes.contains(&"doubled"), "{found}");
    // A run that was not at its end is looked at, and what is doubled read again.
    fs::write(generation.join("UNFINISHED"), "").unwrap();
    let report = imr.json(&["index", "letters"]);
    assert_eq!((&report["changed"], &report["items"]), (&1.into(), &10.into()), "{report}");
    assert_eq!(imr.json(&["verify"])["whole"], true);
}

#[test]
fn a_lost_current_is_put_back_and_nothing_is_read_again() {
    let imr = indexed();
    let current = imr.path("index/CURRENT");
    for lost in [None, Some(""), Some("imr-search generation-000009\n")] {
        match lost {
            None => fs::remove_file(&current).unwrap(),
            Some(text) => fs::write(&current, text).unwrap(),
        }
        named_clearly(&imr.run(["search", "brace"]), "CURRENT");
        assert_eq!(imr.run(["verify"]).code, 1);
        let report = imr.json(&["index", "letters"]);
        assert_eq!((&report["unchanged"], &report["added"]), (&10.into(), &0.into()), "{report}");
        assert_eq!(imr.run(["verify"]).code, 0);
    }
}

#[test]
fn a_backup_is_an_index_of_its_own() {
    let imr = indexed();
    imr.write("index/saved.toml", "[[search]]\nname = \"knee\"\nquery = \"brace\"\n");
    let before = dump(&Store::new(imr.path("index")), &vocabularies());
    assert_eq!(imr.run(["backup", "copy"]).code, 0);
    assert_eq!(imr.run(["backup", "copy"]).code, 2);
    assert_eq!(imr.run(["backup", "index/inside"]).code, 2);
    assert!(!imr.path("index/inside").exists());
    // Neither what happens to the original nor what happens to the copy reaches the other.
    letter(&imr, 4, "later");
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    let copy = Store::new(imr.path("copy"));
    assert_eq!(dump(&copy, &vocabularies()), before);
    assert!(copy.verify().unwrap().whole);
    assert!(imr.path("copy/saved.toml").is_file());
    let report = imr.json(&["--index", "copy", "index", "letters"]);
    assert_eq!((&report["changed"], &report["unchanged"]), (&1.into(), &9.into()), "{report}");
    assert_eq!(dump(&copy, &vocabularies()), dump(&Store::new(imr.path("index")), &vocabularies()));
    // The copy's files are removed when they are merged away, as the original's are.
    for at in 0..10 {
        letter(&imr, at, "again");
    }
    assert_eq!(imr.run(["--index", "copy", "index", "letters"]).code, 0);
    let files = fs::read_dir(imr.path("copy/generation-000001")).unwrap().count();
    assert!(files < 30, "{files} files");
}

#[test]
fn backups_while_a_writer_commits_are_whole() {
    let imr = Imr::new();
    let (store, pipeline) = (Store::new(imr.path("index")), pipeline());
    let index = |round: usize| {
        for at in 0..6 {
            letter(&imr, at, &format!("round{round}of"));
        }
        let walk = source::walk(&[imr.path("letters")]);
        update().run(&store, &pipeline, Some(walk), &NoProgress).unwrap();
    };
    index(0);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            (1..25).for_each(index);
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        let mut copies = 0;
        while !done.load(std::sync::atomic::Ordering::Relaxed) || copies < 3 {
            let folder = imr.path(&format!("copy{copies}"));
            store.backup(&folder).unwrap();
            let found = Store::new(folder).verify().unwrap();
            assert!(found.whole && found.items == 6, "{found:?}");
            copies += 1;
        }
    });
}

#[test]
fn an_index_of_an_older_schema_opens_or_names_the_rebuild() {
    for schema in [3, 6] {
        opens_or_names_the_rebuild(schema);
    }
}

/// Of three invented letters, as the program of that schema wrote it.
fn opens_or_names_the_rebuild(schema: u32) {
    let imr = Imr::new();
    let folder = imr.path("old");
    copy_folder(&root().join(format!("tests/indexes/schema-{schema}")), &folder);
    let store = Store::new(folder);
    match store.open() {
        Ok(snapshot) => {
            assert_eq!(snapshot.sources().unwrap().len(), 3);
            assert!(store.verify().unwrap().whole);
            assert_eq!(
                imr.json(&["--index", "old", "search", "reviewer"])["query"]["text"],
                "reviewer"
            );
        }
        Err(error) => {
            assert!(matches!(error, StoreError::Schema { found } if found == schema), "{error}");
            assert!(error.hint().unwrap().contains("imr index --rebuild"));
        }
    }
    let meta = imr.path("old/generation-000001/meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let version_field = format!("\\\"schema\\\":{schema}");
    assert!(text.contains(&version_field), "{text}");
    for version in ["1", "2", "4000"] {
        let other = text.replace(&version_field, &format!("\\\"schema\\\":{version}"));
        fs::write(&meta, other).unwrap();
        assert!(matches!(store.open(), Err(StoreError::Schema { .. })));
        for args in [
            ["search", "brace"],
            ["status", "--format=json"],
            ["show", "CM13-0950006"],
            ["index", "letters"],
        ] {
            fs::create_dir_all(imr.path("letters")).unwrap();
            let ran = imr.run(["--index", "old"].into_iter().chain(args));
            assert_eq!(ran.code, 2, "{}", ran.err);
            assert!(
                ran.err.contains(&format!("schema {version}"))
                    && ran.err.contains("imr index --rebuild"),
                "{}",
                ran.err
            );
        }
        let ran = imr.run(["--index", "old", "verify"]);
        assert!(ran.code == 1 && ran.out.contains("imr index --rebuild"), "{}", ran.out);
    }
    letter(&imr, 1, "new");
    // The old letters' files are not there: a rebuild would lose them, and says so.
    let ran = imr.run(["--index", "old", "index", "--rebuild", "letters"]);
    assert!(ran.code == 2 && ran.err.contains("--prune"), "{}", ran.err);
    let ran = imr.run(["--index", "old", "index", "--rebuild", "--prune", "letters"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(store.verify().unwrap().whole);
}

#[cfg(unix)]
#[test]
fn an_index_on_read_only_media_is_searched() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let imr = indexed();
    // The locks of a writer are not there on a disk that was made elsewhere.
    let generation = imr.path("index/generation-000001");
    for entry in fs::read_dir(&generation).unwrap().map(Result::unwrap) {
        if is_lock(&entry.path()) {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    let program = imr.path("imr");
    fs::copy(env!("CARGO_BIN_EXE_imr"), &program).unwrap();
    let mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(imr.folder.path(), 0o755);
    let before = contents(&imr.path("index"));
    for file in before.keys() {
        mode(file, 0o444);
    }
    for folder in [&generation, &imr.path("index")] {
        mode(folder, 0o555);
    }
    let probe = imr.path("index/probe");
    let superuser = fs::write(&probe, "").is_ok();
    if superuser {
        fs::remove_file(&probe).unwrap();
    }
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(&program);
        command.current_dir(imr.folder.path()).args(["--index", "index"]).args(args);
        if superuser {
            // Whom permissions bind.
            command.uid(65_534).gid(65_534);
        }
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for args in [
        &["search", "brace"][..],
        &["show", "CM15-0900101"],
        &["status"],
        &["verify"],
        &["facets", "outcome"],
    ] {
        let (code, err) = run(args);
        assert_eq!(code, Some(0), "{args:?}: {err}");
    }
    let (code, err) = run(&["index", "letters"]);
    assert!(code == Some(2) && err.to_lowercase().contains("permission denied"), "{err}");
    assert_eq!(contents(&imr.path("index")), before);
    for folder in [&generation, &imr.path("index")] {
        mode(folder, 0o755);
    }
}

#[test]
fn what_others_keep_in_a_folder_stays() {
    let imr = Imr::new();
    letter(&imr, 1, "brace");
    for (file, text) in
        [("CURRENT", "MANIFEST-000004\n"), ("notes.txt", "mine"), ("generation-photos/a", "x")]
    {
        let folder = format!("of-{}", file.replace('/', "-"));
        imr.write(&format!("{folder}/{file}"), text);
        let before = contents(&imr.path(&folder));
        for args in [
            &["index", "letters"][..],
            &["index", "letters", "--rebuild"],
            &["verify"],
            &["search", "brace"],
        ] {
            let ran = imr.run(["--index", &folder].into_iter().chain(args.iter().copied()));
            assert_eq!(ran.code, 2, "{folder} {args:?}: {}", ran.out);
        }
        assert_eq!(imr.run(["index", "letters"]).code, 0);
        assert_eq!(imr.run(["backup", &folder]).code, 2);
        assert_eq!(contents(&imr.path(&folder)), before);
    }
    // Beside an index, and in its own folders, too.
    imr.write("index/notes.txt", "mine");
    imr.write("index/generation-000001/notes.txt", "mine");
    imr.write("index/generation-000007b/notes.txt", "mine");
    for _ in 0..2 {
        assert_eq!(imr.run(["index", "letters", "--rebuild"]).code, 0);
    }
    for file in ["notes.txt", "generation-000001/notes.txt", "generation-000007b/notes.txt"] {
        assert_eq!(fs::read_to_string(imr.path("index").join(file)).unwrap(), "mine");
    }
    assert_eq!(imr.run(["verify"]).code, 0);
    assert_eq!(imr.json(&["status"])["rebuild_unfinished"], false);
}
