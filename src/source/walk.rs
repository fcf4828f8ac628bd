//! Lists the files below folders in a stable order.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use walkdir::WalkDir;

/// A file met on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Size in bytes.
    pub size: u64,
    /// Last change, in nanoseconds since 1970.
    pub modified: u64,
    /// Whether the file was named itself and not met in a folder.
    pub named: bool,
}

/// A place that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub path: PathBuf,
    /// Stable name: `not-found`, `unreadable`, `link-loop` or `not-a-file`.
    pub code: &'static str,
    /// What went wrong, for a person.
    pub message: String,
}

/// What a walk met.
#[derive(Debug, Default)]
pub struct Walk {
    /// Files by absolute path, each once, however many ways lead to it by name.
    pub files: BTreeMap<PathBuf, Found>,
    /// The roots as absolute paths, with the number of files below each.
    pub roots: Vec<(PathBuf, usize)>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
}

impl Walk {
    /// Whether a path lies in what was walked.
    pub fn covers(&self, path: &Path) -> bool {
        self.root_of(path).is_some()
    }

    /// The root that a path lies in, and whether that root holds no file now: it is missing, or
    /// empty.
    pub fn root_of(&self, path: &Path) -> Option<(&Path, bool)> {
        let walked = self.roots.iter().find(|(root, _)| path.starts_with(root));
        let missing = || {
            let problem = self.problems.iter().find(|problem| path.starts_with(&problem.path));
            problem.map(|problem| (problem.path.as_path(), true))
        };
        // A root that is one file and still listed is there.
        walked.map(|(root, files)| (root.as_path(), *files == 0)).or_else(missing)
    }

    /// Adds what another walk met.
    pub fn merge(&mut self, other: Walk) {
        self.files.extend(other.files);
        self.roots.extend(other.roots);
        self.problems.extend(other.problems);
    }
}

/// Walks files and folders. Hidden files count, links are followed, links that loop are reported.
pub fn walk(paths: &[PathBuf]) -> Walk {
    let mut walk = Walk::default();
    for path in paths {
        let Some(root) = absolute(path, &mut walk.problems) else { continue };
        let before = walk.files.len();
        if root.is_dir() {
            folder(&root, &mut walk);
        } else {
            file(&root, true, &mut walk);
        }
        walk.roots.push((root, walk.files.len() - before));
    }
    walk
}

/// As [`walk`], over a list of files, one a line, such as another program prints.
pub fn list(lines: &str) -> Walk {
    let paths: Vec<PathBuf> = lines
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .map(PathBuf::from)
        .collect();
    walk(&paths)
}

/// The root's real path: an index must know a file again from any working folder.
fn absolute(path: &Path, problems: &mut Vec<Problem>) -> Option<PathBuf> {
    match path.canonicalize() {
        Ok(root) => Some(root),
        Err(error) => {
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            let (code, message) = if missing {
                ("not-found", "no such file or folder".to_owned())
            } else {
                ("unreadable", format!("cannot be read: {error}"))
            };
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            problems.push(Problem { path, code, message });
            None
        }
    }
}

fn folder(root: &Path, walk: &mut Walk) {
    for entry in WalkDir::new(root).follow_links(true).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => file(entry.path(), false, walk),
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                let (code, message) = if error.loop_ancestor().is_some() {
                    ("link-loop", "a link leads back to a folder above it".to_owned())
                } else {
                    ("unreadable", format!("cannot be read: {error}"))
                };
                walk.problems.push(Problem { path, code, message });
            }
        }
    }
}

fn file(path: &Path, named: bool, walk: &mut Walk) {
    let problem = |code, message: String| Problem { path: path.to_owned(), code, message };
    match path.metadata() {
        Ok(metadata) if metadata.is_file() => {
            let found = Found { size: metadata.len(), modified: modified(&metadata), named };
            let known = walk.files.entry(path.to_owned()).or_insert(found);
            known.named |= named;
        }
        Ok(_) => walk.problems.push(problem("not-a-file", "not a regular file".to_owned())),
        Err(error) => {
            walk.problems.push(problem("unreadable", format!("cannot be read: {error}")));
        }
    }
}

fn modified(metadata: &Metadata) -> u64 {
    let time = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    time.map_or(0, |time| time.as_nanos() as u64)
}
