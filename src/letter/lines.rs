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
        // What is printed at the very top may be all that gives the case number.
        if footer(trimmed).is_some_and(|numbered| numbered || !texts.is_empty()) {
            blanks.form_feed = true;
        } else if !trimmed.is_empty() {
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
    leave_page_numbers(&mut texts, &mut gaps);
    (texts, gaps)
}

/// Leaves out lines that are nothing but the number of a page: several, each at a blank line, which count on from the
/// first or second.
fn leave_page_numbers(texts: &mut Vec<&str>, gaps: &mut Vec<Blanks>) {
    let numbers = texts.iter().enumerate().filter_map(|(at, line)| Some((at, page_number(line)?)));
    let numbers: Vec<(usize, u32)> = numbers.collect();
    let is_blank =
        |at: usize| gaps.get(at).is_none_or(|gap| gap.form_feed || gap.empty > 0 || gap.spaces > 0);
    let apart = |(at, _): &(usize, u32)| is_blank(*at) || is_blank(at + 1);
    let counts_on = numbers.windows(2).all(|pair| pair[1].1 == pair[0].1 + 1);
    let starts = numbers.first().is_some_and(|(_, first)| (1..=2).contains(first));
    if numbers.len() < 2 || !starts || !counts_on || !numbers.iter().all(apart) {
        return;
    }
    for (at, _) in numbers.into_iter().rev() {
        texts.remove(at);
        gaps.remove(at);
        if let Some(next) = gaps.get_mut(at) {
            next.form_feed = true;
        }
    }
}

/// The number that a line is, if it is nothing else.
fn page_number(line: &str) -> Option<u32> {
    let is_short = (1..=2).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit());
    is_short.then(|| line.parse().ok())?
}

/// Words that the foot of a page is made of beside a case number and page numbers.
const FOOTER: [&str; 10] =
    ["final", "determination", "letter", "for", "imr", "maximus", "case", "number", "page", "of"];

/// Whether a line is the foot or head of a page: nothing but its number and the letter's. Such lines
/// are no part of the letter.
pub fn is_page_mark(line: &str) -> bool {
    footer(line) == Some(true)
}

/// Whether the foot or head of a page that a line is has the page's number.
fn footer(line: &str) -> Option<bool> {
    if line.len() > 100 || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (mut case, mut letter, mut numbers) = (false, false, 0);
    for word in line.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers += 1;
        } else if word.len() == 12 && super::header::case_number(word).is_some() {
            case = true;
        } else if !FOOTER.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            return None;
        }
        letter |= word.eq_ignore_ascii_case("letter");
    }
    let bare = line.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("page"));
    if case && numbers > 0 || bare && numbers == 2 {
        return Some(true);
    }
    (case && letter).then_some(false)
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
    fn the_foot_of_a_page_is_no_line_of_the_letter() {
        let text =
            "a\nFinal Determination Letter for IMR Case Number CM13-0000001   2\nb\nPage 2 of 3\nc";
        let lines: Vec<&str> = split(text).iter().map(|line| line.text).collect();
        assert_eq!(lines, ["a", "b", "c"]);
        let footer = "Final Determination Letter for IMR Case Number CM13-0000001";
        assert_eq!(super::footer(footer), Some(false));
        for line in ["Case Number: CM13-0000001", "page 265.", "12 of 14 visits", "1 2 3 4"] {
            assert!(!is_page_mark(line), "{line}");
        }
    }

    #[test]
    fn numbers_that_count_on_are_those_of_pages() {
        let lines = |text| split(text).iter().map(|line| line.text).collect::<Vec<_>>().join(" ");
        assert_eq!(lines("a\n1\n\nb\n\n 2 \nc\n3\n"), "a b c");
        assert_eq!(lines("a\n2\n\nb\n\n3\n"), "a b");
        for other in
            ["a\n\n2\nb", "a\n1\n\nb\n1", "a\n5\n\nb\n\n6", "a\n1\n\nb\n3", "a\n1\nb\n2\nc"]
        {
            assert_eq!(lines(other), other.replace("\n\n", "\n").replace('\n', " "));
        }
    }

    #[test]
    fn a_text_without_blank_lines_has_no_gaps() {
        assert_eq!(gaps("a\nb\nc"), [Gap::None, Gap::None]);
    }
}
