//! Wraps text to a width, with matches kept marked across line ends.

use super::style::{MARK, Painted};

/// Wraps a text at words; the first line may be narrower by what stands before it.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    lines(text, width).into_iter().map(|(start, end)| slice(text, start, end)).collect()
}

/// As [`wrap`], with the given character ranges marked.
pub(crate) fn wrap_marked(text: &str, marks: &[[usize; 2]], width: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    lines(text, width)
        .into_iter()
        .map(|(start, end)| {
            let mut line = String::new();
            let mut at = start;
            for [from, to] in marks {
                let (from, to) = ((*from).clamp(at, end), (*to).clamp(at, end));
                if from < to {
                    line.extend(&chars[at..from]);
                    let marked: String = chars[from..to].iter().collect();
                    line.push_str(&Painted(MARK, marked).to_string());
                    at = to;
                }
            }
            line.extend(&chars[at..end]);
            clean(&line)
        })
        .collect()
}

/// Lines as character ranges without the spaces at their ends.
fn lines(text: &str, width: usize) -> Vec<(usize, usize)> {
    let width = width.max(10);
    let mut lines = Vec::new();
    let (mut start, mut end, mut at) = (None, 0, 0);
    for word in text.split(char::is_whitespace) {
        let length = word.chars().count();
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

fn slice(text: &str, start: usize, end: usize) -> String {
    clean(&text.chars().skip(start).take(end - start).collect::<String>())
}

/// Control characters of a letter must not reach the terminal, but for the styles set here.
fn clean(line: &str) -> String {
    line.chars().map(|c| if c.is_control() && c != '\u{1b}' { ' ' } else { c }).collect()
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
    fn marks_go_on_over_line_ends() {
        let lines = wrap_marked("aa functional improvement", &[[3, 25]], 14);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.contains('\u{1b}')), "{lines:?}");
    }
}
