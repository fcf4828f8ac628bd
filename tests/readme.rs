//! The examples of the README are what the program prints over the corpus.
//!
//! A block of ```` ```console ```` holds `$ imr ...` lines, each followed by its output; `| head -n N` may cut it.
//! `UPDATE_README=1 cargo test readme` writes the present output into the README.

use crate::support::{Imr, root};
use std::fs;

/// A command line cut as a shell does it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote): (Vec<String>, Option<String>, Option<char>) =
        (Vec::new(), None, None);
    for c in line.chars() {
        match quote {
            Some(mark) if c == mark => quote = None,
            None if matches!(c, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c == ' ' => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn output(imr: &Imr, line: &str) -> String {
    let (command, lines) = match line.split_once(" | head -n ") {
        Some((command, lines)) => (command, lines.trim().parse().unwrap()),
        None => (line, usize::MAX),
    };
    let ran = imr.run(&words(command)[1..]);
    assert!(ran.code < 2, "{line}: {}", ran.err);
    let lines = ran.out.lines().take(lines).map(str::trim_end);
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn its_examples_are_what_the_program_prints() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let imr = Imr::new();
    let corpus = root().join("corpus/letters").display().to_string();
    assert_eq!(imr.run(["index", &corpus]).code, 0);
    let (mut written, mut inside, mut examples) = (String::new(), false, 0);
    for line in readme.lines() {
        let is_fence = line.starts_with("```");
        if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            written += line;
            written += "\n";
            written += &output(&imr, command);
            examples += 1;
        } else if !inside || is_fence {
            written += line;
            written += "\n";
        }
        inside = if is_fence { line == "```console" } else { inside };
    }
    assert!(examples >= 1);
    if std::env::var_os("UPDATE_README").is_some() {
        return fs::write(&path, &written).unwrap();
    }
    for (at, (is, should)) in readme.lines().zip(written.lines()).enumerate() {
        assert_eq!(is, should, "line {}: UPDATE_README=1 cargo test readme", at + 1);
    }
    assert_eq!(readme.lines().count(), written.lines().count());
}
