//! Wraps text to a width, with matches kept marked across line ends.
//!
//! What letters hold is cleaned before it is painted: no control character of theirs may reach
//! the terminal.

use super::style::{DIM, MARK, Painted};
use std::fmt::Write;

/// A text fit for a terminal: control characters, and those that turn the direction of writing,
/// are spaces. The number of characters stays, so that marks keep their places.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(clean_char).collect()
}

fn clean_char(c: char) -> char {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if c.is_control() || turns { ' ' } else { c }
}

/// Wraps a text at words.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_marked(text, &[], width)
}

/// A name and its value in lines of a width; the value stands in columns of its own, from `names` on.
pub(crate) fn field(name: &str, value: &str, names: usize, width: usize) -> String {
    let mut text = String::new();
    let lines = wrap(value, width.saturating_sub(names));
    for (line, name) in lines.iter().zip([name].into_iter().chain(std::iter::repeat(""))) {
        let name = Painted(DIM, format!("{name:names$}"));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}{line}");
    }
    text
}

/// As [`wrap`], with the given character ranges marked; they are in order and apart.
pub(crate) fn wrap_marked(text: &str, marks: &[[usize; 2]], width: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().map(clean_char).collect();
    let mut rest = marks;
    let mut wrapped = Vec::new();
    for (start, end) in lines(&chars, width) {
        while let Some(([_, to], after)) = rest.split_first()
            && *to <= start
        {
            rest = after;
        }
        wrapped.push(line(&chars, start, end, rest));
    }
    wrapped
}

/// One line, with the marks that reach into it; `marks` starts with the first that may.
fn line(chars: &[char], start: usize, end: usize, marks: &[[usize; 2]]) -> String {
    let mut line = String::new();
    let mut at = start;
    for [from, to] in marks.iter().take_while(|[from, _]| *from < end) {
        let (from, to) = ((*from).clamp(at, end), (*to).clamp(at, end));
        if from < to {
            line.extend(&chars[at..from]);
            let marked: String = chars[from..to].iter().collect();
            line.push_str(&Painted(MARK, marked).to_string());
            at = to;
        }
    }
    line.extend(&chars[at..end]);
    line
}

/// Lines as character ranges without the spaces at their ends.
fn lines(chars: &[char], width: usize) -> Vec<(usize, usize)> {
    let width = width.max(10);
    let mut lines = Vec::new();
    let (mut start, mut end, mut at) = (None, 0, 0);
    for word in chars.split(|c| c.is_whitespace()) {
        let length = word.len();
        if length > 0 {
            match start {
                Some(first) if at + length - first > width => {
                    lines.push((first, end));
                    start = Some(at);
                }
                Some(_) => {}
                None => start = Some(at),
            }
            end = at + length;
            // A word longer than the line is cut.
            while let Some(first) = start.filter(|first| end - first > width) {
                lines.push((first, first + width));
                start = Some(first + width);
            }
        }
        at += length + 1;
    }
    lines.extend(start.map(|first| (first, end)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_wrap_and_long_ones_are_cut() {
        assert_eq!(wrap("one two  three", 10), ["one two", "three"]);
        assert_eq!(wrap("abcdefghijklmno", 10), ["abcdefghij", "klmno"]);
        assert_eq!(wrap("", 10), Vec::<String>::new());
    }

    #[test]
    fn a_value_keeps_to_its_columns() {
        let text =
            anstream::adapter::strip_str(&field("Files", "one two three", 8, 20)).to_string();
        assert_eq!(text, "Files   one two\n        three\n");
        assert_eq!(field("Files", "", 8, 20), "");
    }

    #[test]
    fn marks_go_on_over_line_ends() {
        let lines = wrap_marked("aa functional improvement", &[[3, 25]], 14);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.contains('\u{1b}')), "{lines:?}");
    }

    #[test]
    fn no_control_character_of_a_letter_is_written() {
        let lines = wrap_marked("knee\u{1b}[2J\u{9b}brace \u{202e}x", &[[0, 4]], 80);
        let marked = Painted(MARK, "knee").to_string();
        assert_eq!(lines, [format!("{marked} [2J brace  x")]);
    }

    #[test]
    fn a_long_paragraph_takes_no_time() {
        let text = "knee brace ".repeat(100_000);
        let marks: Vec<[usize; 2]> = (0..100_000).map(|at| [at * 11, at * 11 + 4]).collect();
        let started = std::time::Instant::now();
        assert_eq!(wrap_marked(&text, &marks, 54).len(), 20_000);
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }
}
