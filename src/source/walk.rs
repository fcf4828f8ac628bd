//! Lists the files below folders in a stable order, each once.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use walkdir::{DirEntry, WalkDir};

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
    /// Stable name: `not-found`, `unreadable` or `not-a-file`.
    pub code: &'static str,
    /// What went wrong, for a person.
    pub message: String,
}

/// What a walk met.
#[derive(Debug, Default)]
pub struct Walk {
    /// Files by absolute path, each once, however many ways lead to it.
    pub files: BTreeMap<PathBuf, Found>,
    /// Further paths that lead to files, or folders of files, that are walked by others.
    pub twins: BTreeSet<PathBuf>,
    /// The folders walked, as absolute paths.
    pub folders: BTreeSet<PathBuf>,
    /// What was named but is not there.
    pub missing: BTreeSet<PathBuf>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
    /// Files that several paths may lead to.
    seen: HashSet<FileId>,
}

/// What is the same for all paths of a file.
#[cfg(unix)]
type FileId = (u64, u64);
#[cfg(not(unix))]
type FileId = PathBuf;

impl Walk {
    /// Whether a path lies in what was to be walked.
    pub fn covers(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.root_of(path).is_some()
    }

    /// The folder named, or the missing place, that a path lies in.
    pub fn root_of(&self, path: &Path) -> Option<&Path> {
        path.ancestors().find_map(|above| {
            let root = self.folders.get(above).or_else(|| self.missing.get(above));
            root.map(PathBuf::as_path)
        })
    }

    /// Whether a path leads to a file that is known by another.
    pub fn is_twin(&self, path: &Path) -> bool {
        !self.twins.is_empty() && path.ancestors().any(|above| self.twins.contains(above))
    }

    /// Whether nothing can be said of a path, because a place above it could not be looked at.
    pub fn is_hidden(&self, path: &Path) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.code != "not-found" && path.starts_with(&problem.path))
    }

    /// Adds what another walk met.
    pub fn merge(&mut self, other: Walk) {
        self.files.extend(other.files);
        self.twins.extend(other.twins);
        self.folders.extend(other.folders);
        self.missing.extend(other.missing);
        self.problems.extend(other.problems);
    }

    /// Leaves out a folder and all below it.
    pub fn leave_out(&mut self, folder: &Path) {
        self.files.retain(|path, _| !path.starts_with(folder));
        self.problems.retain(|problem| !problem.path.starts_with(folder));
    }
}

/// Walks files and folders. Hidden files count; links are followed, but not back into a folder
/// that is walked anyway.
pub fn walk(paths: &[PathBuf]) -> Walk {
    let mut walk = Walk::default();
    for path in paths {
        let Some(root) = absolute(path, &mut walk) else { continue };
        if root.is_dir() {
            walk.folders.insert(root);
        } else {
            file(&root, true, None, &mut walk);
        }
    }
    let folders = walk.folders.clone();
    // A folder inside another is walked with it.
    for folder in folders.iter().filter(|folder| !is_inside(folder, &folders)) {
        self::folder(folder, &folders, &mut walk);
    }
    walk
}

fn is_inside(folder: &Path, folders: &BTreeSet<PathBuf>) -> bool {
    folder.ancestors().skip(1).any(|above| folders.contains(above))
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
fn absolute(path: &Path, walk: &mut Walk) -> Option<PathBuf> {
    let error = match path.canonicalize() {
        Ok(root) => return Some(root),
        Err(error) => error,
    };
    let path = real_place(path);
    let (code, message) = if error.kind() == std::io::ErrorKind::NotFound {
        walk.missing.insert(path.clone());
        ("not-found", "no such file or folder".to_owned())
    } else {
        ("unreadable", format!("cannot be read: {error}"))
    };
    walk.problems.push(Problem { path, code, message });
    None
}

/// Where a path that is not there would be: the real path of what there is above it, and the rest.
fn real_place(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real = path.ancestors().find_map(|above| {
        let rest = path.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.join(rest))
    });
    real.unwrap_or(path)
}

fn folder(root: &Path, folders: &BTreeSet<PathBuf>, walk: &mut Walk) {
    // A link into a folder that is walked anyway would only show its files twice, or loop.
    let mut back = Vec::new();
    let mut leads_back = |entry: &DirEntry| {
        let target = entry.path_is_symlink().then(|| entry.path().canonicalize().ok()).flatten();
        let leads = target.is_some_and(|to| to.is_dir() && is_walked(&to, folders));
        if leads {
            back.push(entry.path().to_owned());
        }
        leads
    };
    let entries = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    // How deep the link lies that the walk is behind.
    let mut link: Option<usize> = None;
    for entry in entries.filter_entry(|entry| !leads_back(entry)) {
        match entry {
            Ok(entry) => {
                link = link.filter(|depth| entry.depth() > *depth);
                let is_link = entry.depth() > 0 && entry.path_is_symlink();
                link = link.or(is_link.then(|| entry.depth()));
                if !entry.file_type().is_dir() {
                    let behind = link.map(|_| folders);
                    self::file(entry.path(), false, behind, walk);
                }
            }
            // A loop outside of what is walked shows nothing new either.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                let message = format!("cannot be read: {error}");
                walk.problems.push(Problem { path, code: "unreadable", message });
            }
        }
    }
    walk.twins.extend(back);
}

fn is_walked(path: &Path, folders: &BTreeSet<PathBuf>) -> bool {
    path.ancestors().any(|above| folders.contains(above))
}

/// Takes a file; `behind` names what is walked where the path leads over a link.
fn file(path: &Path, named: bool, behind: Option<&BTreeSet<PathBuf>>, walk: &mut Walk) {
    let problem = |code, message: String| Problem { path: path.to_owned(), code, message };
    match path.metadata() {
        Ok(metadata) if metadata.is_file() => {
            let twin = is_twin(path, &metadata, behind, &mut walk.seen);
            if twin && !named && !walk.files.contains_key(path) {
                walk.twins.insert(path.to_owned());
                return;
            }
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

/// Whether another path of the file was met, or will be without a link.
fn is_twin(
    path: &Path,
    metadata: &Metadata,
    behind: Option<&BTreeSet<PathBuf>>,
    seen: &mut HashSet<FileId>,
) -> bool {
    if behind.is_none() && !has_many_names(metadata) {
        return false;
    }
    let Ok(real) = path.canonicalize() else { return false };
    let walked = behind.is_some_and(|folders| is_walked(&real, folders));
    walked || !seen.insert(id(&real, metadata))
}

#[cfg(unix)]
fn has_many_names(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_many_names(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn id(_: &Path, metadata: &Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn id(real: &Path, _: &Metadata) -> FileId {
    real.to_owned()
}

/// Nanoseconds since 1970; times before wrap around, so that they differ from each other too.
fn modified(metadata: &Metadata) -> u64 {
    let Ok(time) = metadata.modified() else { return 0 };
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_nanos() as u64,
        Err(before) => 0_u64.wrapping_sub(before.duration().as_nanos() as u64),
    }
}
