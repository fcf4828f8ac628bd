//! The arrows between modules point one way.

use crate::support::root;
use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Lines of a module's files that hold one of the words, outside of comments.
fn lines_with(module: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let folder = root().join("src").join(module);
    let files = if folder.is_dir() { sources(&folder) } else { vec![folder.with_extension("rs")] };
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{}: {line}", file.display()));
            }
        }
    }
    found
}

/// Lines of all files that hold a word, but for those of some folders and files.
fn lines_but(word: &str, places: &[&str]) -> Vec<String> {
    let source = root().join("src");
    let own = |line: &String| {
        let line = line.trim_start_matches(source.to_str().unwrap()).trim_start_matches('/');
        places.iter().any(|place| line.starts_with(place))
    };
    lines_with("", &[word]).into_iter().filter(|line| !own(line)).collect()
}

#[test]
fn pure_modules_know_neither_files_nor_index_nor_command_line() {
    for module in ["letter", "classify", "query"] {
        let words = [
            "std::fs",
            "std::io",
            "tantivy",
            "clap::",
            "crate::index",
            "crate::search",
            "crate::source",
            "crate::cli",
            "crate::output",
        ];
        assert_eq!(lines_with(module, &words), Vec::<String>::new(), "{module}");
    }
}

#[test]
fn only_index_and_search_know_the_library() {
    let known = lines_but("tantivy", &["index/", "search/"]);
    assert_eq!(known, Vec::<String>::new());
}

#[test]
fn one_place_commits_and_one_names_fields() {
    let mut commits = lines_with("", &[".prepare_commit(", ".commit()"]);
    commits.retain(|line| !line.contains("/tests.rs:"));
    assert!(commits.iter().all(|line| line.contains("index/writer.rs")), "{commits:#?}");
    assert_eq!(commits.len(), 2, "{commits:#?}");
    let named = ["get_field(\"", "add_text_field(", "add_u64_field(", "add_bytes_field("];
    let fields = lines_with("", &named);
    assert!(fields.iter().all(|line| line.contains("index/schema.rs")), "{fields:#?}");
}

#[test]
fn only_the_command_line_prints() {
    for word in ["println!", "print!", "stdout()", "stderr()"] {
        let printing = lines_but(word, &["cli/", "output/", "main.rs"]);
        assert_eq!(printing, Vec::<String>::new(), "{word}");
    }
}

#[test]
fn every_file_says_what_it_does() {
    for file in sources(&root().join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//! "), "{} has no module documentation", file.display());
    }
}
