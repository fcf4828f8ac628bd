//! Finds a passage in the text of its letter: line ends, spaces and hyphens apart it must stand there
//! letter for letter.

use serde::Serialize;

/// Where a passage stands in a letter's text as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TextPlace {
    /// First and last line, from 1, as `imr show --source` prints them.
    pub lines: [usize; 2],
}

/// The place of a passage; `None` where a page's head or foot stands inside it or it was put together.
pub fn locate(text: &str, passage: &str) -> Option<TextPlace> {
    let (letters, places) = letters(text);
    let (wanted, _) = self::letters(passage);
    if wanted.is_empty() {
        return None;
    }
    let start = letters.find(&wanted)?;
    let first = *places.get(letters[..start].chars().count())?;
    let last = *places.get(letters[..start].chars().count() + wanted.chars().count() - 1)?;
    let line = |end: usize| text[..end].matches(['\n', '\x0c']).count() + 1;
    Some(TextPlace { lines: [line(first), line(last)] })
}

/// A text without spaces, line ends and hyphens, and the place of each of its characters.
fn letters(text: &str) -> (String, Vec<usize>) {
    let counts = |c: char| {
        !c.is_whitespace()
            && !c.is_control()
            && !matches!(c, '-' | '\u{ad}' | '\u{2010}' | '\u{2011}')
    };
    let kept = text.char_indices().filter(|(_, c)| counts(*c));
    let (places, letters): (Vec<usize>, String) = kept.unzip();
    (letters, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_found_over_line_ends() {
        let text = "A head\n\nThe brace is of func-\ntional use.\nNo more.";
        let place = |passage| locate(text, passage).map(|place| place.lines);
        assert_eq!(place("The brace is of functional use."), Some([3, 4]));
        assert_eq!(place("No more."), Some([5, 5]));
        assert_eq!(place("Not there."), None);
        assert_eq!(place(""), None);
    }
}
