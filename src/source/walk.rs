//! Lists the files below folders in a stable order, each once.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::Metadata;
use std::io;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;
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
    /// Files that several paths may lead to: by number, else by their real path.
    seen: HashSet<(FileId, PathBuf)>,
}

/// So many roots are compared one by one.
const FEW: usize = 8;

/// So few files are looked at by one thread.
const MANY: usize = 1_000;

/// Device and number of a file, which are the same for all its paths; `None` where the system has none.
type FileId = Option<(u64, u64)>;

impl Walk {
    /// Whether a path lies in what was to be walked.
    pub fn covers(&self, path: &Path) -> bool {
        self.root_of(path).is_some() || self.files.contains_key(path)
    }

    /// The folder named, or the missing place, that a path lies in.
    pub fn root_of(&self, path: &Path) -> Option<&Path> {
        let roots = self.folders.iter().chain(&self.missing);
        if self.folders.len() + self.missing.len() <= FEW {
            let above = roots.filter(|root| path.starts_with(root));
            return above.max_by_key(|root| root.as_os_str().len()).map(PathBuf::as_path);
        }
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
        // What lies in it stands side by side.
        let below = self.files.range(folder.to_owned()..).map(|(path, _)| path);
        let below: Vec<PathBuf> =
            below.take_while(|path| path.starts_with(folder)).cloned().collect();
        for path in below {
            self.files.remove(&path);
        }
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
        } else if let Some(found) = file(&root, About::of(&root), true, None, &mut walk) {
            walk.files.insert(root, found);
        }
    }
    let folders = walk.folders.clone();
    let mut met = Vec::new();
    // A folder inside another is walked with it.
    for folder in folders.iter().filter(|folder| !is_inside(folder, &folders)) {
        self::folder(folder, &folders, &mut walk, &mut met);
    }
    // They come in order: a map is made of them at once. What was named stays so.
    let named = std::mem::replace(&mut walk.files, met.into_iter().collect());
    walk.files.extend(named);
    walk
}

fn is_inside(folder: &Path, folders: &BTreeSet<PathBuf>) -> bool {
    folder.ancestors().skip(1).any(|above| folders.contains(above))
}

/// As [`walk`], over a list of files, one a line, such as another program prints; names need not be UTF-8 where the
/// system's need not.
pub fn list(lines: &[u8]) -> Walk {
    let lines = lines.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let paths: Vec<PathBuf> = lines.filter(|line| !line.is_empty()).map(path_of).collect();
    walk(&paths)
}

#[cfg(unix)]
fn path_of(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}

#[cfg(not(unix))]
fn path_of(name: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(name).into_owned())
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

fn folder(
    root: &Path,
    folders: &BTreeSet<PathBuf>,
    walk: &mut Walk,
    met: &mut Vec<(PathBuf, Found)>,
) {
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
    let entries = WalkDir::new(root).follow_links(true).sort_by(by_name).into_iter();
    // How deep the link lies that the walk is behind.
    let mut link: Option<usize> = None;
    let mut files = Vec::new();
    for entry in entries.filter_entry(|entry| !leads_back(entry)) {
        match entry {
            Ok(entry) => {
                link = link.filter(|depth| entry.depth() > *depth);
                let is_link = entry.depth() > 0 && entry.path_is_symlink();
                link = link.or(is_link.then(|| entry.depth()));
                if !entry.file_type().is_dir() {
                    files.push((entry.into_path(), link.is_some()));
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
    let about = look_at(&files);
    for ((path, behind), about) in files.into_iter().zip(about) {
        let found = file(&path, about, false, behind.then_some(folders), walk);
        met.extend(found.map(|found| (path, found)));
    }
}

/// Looks at files on several threads: most of a walk's time goes here.
fn look_at(files: &[(PathBuf, bool)]) -> Vec<io::Result<About>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = files.len().div_ceil(threads).max(MANY);
    let look = |part: &[(PathBuf, bool)]| -> Vec<_> {
        part.iter().map(|(path, _)| About::of(path)).collect()
    };
    thread::scope(|scope| {
        let parts: Vec<_> =
            files.chunks(part).map(|part| scope.spawn(move || look(part))).collect();
        let looked = parts.into_iter().map(|part| part.join().unwrap_or_else(|p| resume_unwind(p)));
        looked.flatten().collect()
    })
}

fn is_walked(path: &Path, folders: &BTreeSet<PathBuf>) -> bool {
    path.ancestors().any(|above| folders.contains(above))
}

/// The order of a folder's entries: they differ in their names alone, and a whole path needs not be cut first.
fn by_name(a: &DirEntry, b: &DirEntry) -> Ordering {
    a.path().as_os_str().cmp(b.path().as_os_str())
}

/// What the system says of a file.
struct About {
    is_file: bool,
    size: u64,
    modified: u64,
    /// Whether it may have further names.
    has_many_names: bool,
    id: FileId,
}

impl About {
    fn of(path: &Path) -> io::Result<Self> {
        let metadata = path.metadata()?;
        Ok(Self {
            is_file: metadata.is_file(),
            size: metadata.len(),
            modified: modified(&metadata),
            has_many_names: has_many_names(&metadata),
            id: id(&metadata),
        })
    }
}

/// Takes a file; `behind` names what is walked where the path leads over a link.
fn file(
    path: &Path,
    about: io::Result<About>,
    named: bool,
    behind: Option<&BTreeSet<PathBuf>>,
    walk: &mut Walk,
) -> Option<Found> {
    let problem = |code, message: String| Problem { path: path.to_owned(), code, message };
    match about {
        Ok(about) if about.is_file => {
            let twin = is_twin(path, &about, behind, &mut walk.seen);
            if twin && !named && !walk.files.contains_key(path) {
                walk.twins.insert(path.to_owned());
                return None;
            }
            return Some(Found { size: about.size, modified: about.modified, named });
        }
        Ok(_) => walk.problems.push(problem("not-a-file", "not a regular file".to_owned())),
        Err(error) => {
            walk.problems.push(problem("unreadable", format!("cannot be read: {error}")));
        }
    }
    None
}

/// Whether another path of the file was met, or will be without a link.
fn is_twin(
    path: &Path,
    about: &About,
    behind: Option<&BTreeSet<PathBuf>>,
    seen: &mut HashSet<(FileId, PathBuf)>,
) -> bool {
    if behind.is_none() && !about.has_many_names {
        return false;
    }
    let Ok(real) = path.canonicalize() else { return false };
    let walked = behind.is_some_and(|folders| is_walked(&real, folders));
    walked || !seen.insert((about.id, about.id.map_or(real, |_| PathBuf::new())))
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
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn id(metadata: &Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn id(_: &Metadata) -> FileId {
    None
}

/// Nanoseconds since 1970; times before wrap around, so that they differ from each other too.
fn modified(metadata: &Metadata) -> u64 {
    let Ok(time) = metadata.modified() else { return 0 };
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_nanos() as u64,
        Err(before) => 0_u64.wrapping_sub(before.duration().as_nanos() as u64),
    }
}
