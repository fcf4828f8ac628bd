//! Paths as text that leads back to them, whatever their bytes.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Marks a path whose name is not UTF-8.
const MARK: &str = "bytes:";

/// A path as text: as it is, or its bytes in hexadecimal.
pub(crate) fn to_text(path: &Path) -> String {
    path.to_str().map_or_else(
        || {
            let bytes = path.as_os_str().as_encoded_bytes();
            bytes.iter().fold(MARK.to_owned(), |text, byte| text + &format!("{byte:02x}"))
        },
        str::to_owned,
    )
}

/// The path that a text was made from.
pub(crate) fn from_text(text: &str) -> PathBuf {
    as_path(text).into_owned()
}

/// The same without a copy, where the text is the path.
pub(crate) fn as_path(text: &str) -> Cow<'_, Path> {
    let path = text.strip_prefix(MARK).and_then(from_hex);
    path.map_or_else(|| Cow::Borrowed(Path::new(text)), Cow::Owned)
}

/// A path's text for a person.
pub(crate) fn shown(text: &str) -> String {
    from_text(text).to_string_lossy().into_owned()
}

#[cfg(unix)]
fn from_hex(hex: &str) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes?)))
}

#[cfg(not(unix))]
fn from_hex(_: &str) -> Option<PathBuf> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn every_path_comes_back() {
        for name in [&b"/a/b.txt"[..], b"/caf\xe9.txt", "/caf\u{e9}".as_bytes()] {
            let path = Path::new(OsStr::from_bytes(name));
            assert_eq!(from_text(&to_text(path)), path);
        }
        assert_eq!(shown(&to_text(Path::new(OsStr::from_bytes(b"/caf\xe9")))), "/caf\u{fffd}");
    }
}
