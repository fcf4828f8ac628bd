//! Characters that only serve printing: letters drawn as one, accents that stand apart from their letters, hyphens that
//! show at the end of a line alone, marks without width.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as it would be typed. A soft hyphen at the end of a line is one that a reader saw; elsewhere it parts nothing.
pub fn typed(text: String) -> String {
    if text.is_ascii() || !text.contains(|c| only_prints(c) || is_combining_mark(c)) {
        return text;
    }
    let mut typed = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            SOFT_HYPHEN if ends_line(&text[at + c.len_utf8()..]) => typed.push('-'),
            // Lines may break there, between words.
            '\u{200b}' => typed.push(' '),
            c if only_prints(c) => typed.push_str(ligature(c).unwrap_or_default()),
            c => typed.push(c),
        }
    }
    if typed.contains(is_combining_mark) { typed.nfc().collect() } else { typed }
}

const SOFT_HYPHEN: char = '\u{ad}';

fn only_prints(c: char) -> bool {
    matches!(c, SOFT_HYPHEN | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
        || ligature(c).is_some()
}

/// The letters that one is drawn for.
fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        _ => return None,
    })
}

fn ends_line(rest: &str) -> bool {
    rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_prints_is_typed_out() {
        for (printed, expected) in [
            ("a \u{fb01}nger, di\u{fb03}cult", "a finger, difficult"),
            ("ther\u{ad}apy", "therapy"),
            ("ther\u{ad}\r\napy", "ther-\r\napy"),
            ("\u{feff}knee\u{200b}brace\u{200d}", "knee brace"),
            ("nai\u{308}ve", "na\u{ef}ve"),
            ("45\u{b0} na\u{ef}ve", "45\u{b0} na\u{ef}ve"),
        ] {
            assert_eq!(typed(printed.to_owned()), expected);
        }
    }
}
