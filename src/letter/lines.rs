//! Cuts a text into its printed lines and tells paragraph breaks from page breaks.
//!
//! Extraction tools mark these differently: some put an empty line after every line and a line of
//! spaces between paragraphs, some use empty lines for paragraphs and form feeds for pages, some
//! mark nothing at all. The texture is judged once for the whole text; doubtful gaps stay doubtful.

use memchr::memchr2_iter;

/// A line with text on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// The line without surrounding white space; never empty.
    pub(super) text: &'a str,
    /// What stands between this line and the one before.
    pub(super) gap: Gap,
}

/// What stands before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// The line follows directly.
    None,
    /// A page break, or blank lines that may be one: a paragraph may or may not end here.
    Page,
    /// A paragraph ends here.
    Paragraph,
}

/// Blank lines counted between two lines of text.
#[derive(Debug, Clone, Copy, Default)]
struct Blanks {
    empty: u32,
    spaces: u32,
    form_feed: bool,
}

/// Returns the lines that hold text, each with the gap before it.
pub(super) fn split(text: &str) -> Vec<Line<'_>> {
    let (texts, blanks) = raw_lines(text);
    let texture = Texture::of(&blanks);
    texts
        .into_iter()
        .zip(blanks)
        .map(|(text, blanks)| Line { text, gap: texture.gap(blanks) })
        .collect()
}

fn raw_lines(text: &str) -> (Vec<&str>, Vec<Blanks>) {
    let (mut texts, mut gaps) = (Vec::new(), Vec::new());
    let mut blanks = Blanks::default();
    let mut start = 0;
    let ends = memchr2_iter(b'\n', b'\x0c', text.as_bytes()).chain([text.len()]);
    for end in ends {
        let line = &text[start..end];
        let trimmed = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if !trimmed.is_empty() {
            texts.push(trimmed);
            gaps.push(std::mem::take(&mut blanks));
        } else if line.trim_end_matches('\r').is_empty() {
            // A form feed ends no line of its own.
            blanks.empty += u32::from(text.as_bytes().get(end) == Some(&b'\n'));
        } else {
            blanks.spaces += 1;
        }
        blanks.form_feed |= text.as_bytes().get(end) == Some(&b'\x0c');
        start = end + 1;
    }
    (texts, gaps)
}

/// How the tool that made the text marks paragraphs.
#[derive(Debug, Clone, Copy)]
struct Texture {
    /// An empty line follows every line.
    double_spaced: bool,
    /// Lines of spaces stand between paragraphs.
    uses_spaces: bool,
}

impl Texture {
    fn of(blanks: &[Blanks]) -> Self {
        let inner = || blanks.iter().skip(1);
        let pairs = inner().count();
        let single = inner().filter(|b| b.empty == 1 && b.spaces == 0).count();
        let double_spaced = single * 2 > pairs;
        let spaces = inner().filter(|b| b.spaces > 0).count();
        let empties =
            inner().filter(|b| b.spaces == 0 && b.empty > u32::from(double_spaced)).count();
        Self { double_spaced, uses_spaces: spaces > 0 && spaces * 4 >= empties }
    }

    fn gap(self, blanks: Blanks) -> Gap {
        let Blanks { empty, spaces, form_feed } = blanks;
        if form_feed {
            return Gap::Page;
        }
        let usual = u32::from(self.double_spaced);
        let may_be_page =
            if self.uses_spaces { spaces == 0 } else { self.double_spaced && empty > 2 };
        if spaces == 0 && empty <= usual {
            Gap::None
        } else if may_be_page {
            Gap::Page
        } else {
            Gap::Paragraph
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps(text: &str) -> Vec<Gap> {
        split(text).iter().map(|line| line.gap).skip(1).collect()
    }

    #[test]
    fn lines_of_spaces_part_paragraphs_and_empty_ones_may_be_pages() {
        assert_eq!(
            gaps("a\nb\n \nc\n\nd\n \ne"),
            [Gap::None, Gap::Paragraph, Gap::Page, Gap::Paragraph]
        );
    }

    #[test]
    fn an_empty_line_after_every_line_is_no_gap() {
        let text = "a\n\nb\n\nc\n\n \n\nd\n\n\n\ne\n\nf\n\ng";
        assert_eq!(
            gaps(text),
            [Gap::None, Gap::None, Gap::Paragraph, Gap::Page, Gap::None, Gap::None]
        );
    }

    #[test]
    fn empty_lines_part_paragraphs_where_nothing_else_does() {
        assert_eq!(gaps("a\r\nb\r\n\r\nc\x0cd"), [Gap::None, Gap::Paragraph, Gap::Page]);
    }

    #[test]
    fn a_text_without_blank_lines_has_no_gaps() {
        assert_eq!(gaps("a\nb\nc"), [Gap::None, Gap::None]);
    }
}
