//! Cuts text into the tokens that are indexed and searched.
//!
//! Small words and negations are kept. `L4-5` and `L4/L5` give the same tokens; a number and its
//! unit are two (`7.5mg` is found by `7.5 mg`); `#60` and `5%` are found with and without their
//! mark; a hyphenated word is also found as one.

use tantivy::tokenizer::{
    Language, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

/// The tokenizer of stemmed fields.
pub(crate) const STEMMED: &str = "imr_stemmed";
/// The tokenizer of fields that keep words as they are.
pub(crate) const EXACT: &str = "imr_exact";

/// Hyphenated words up to this length are indexed as one word too.
const MAX_JOINED: usize = 30;
/// Longer runs of letters are no words.
const MAX_WORD: usize = 255;

/// The tokenizers that the index needs.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(STEMMED, stemmed());
    manager.register(EXACT, exact());
    manager
}

/// Words and their stems.
pub(crate) fn stemmed() -> TextAnalyzer {
    TextAnalyzer::builder(Words { all_forms: true }).filter(Stemmer::new(Language::English)).build()
}

/// Words as they are, in lower case.
pub(crate) fn exact() -> TextAnalyzer {
    TextAnalyzer::from(Words { all_forms: true })
}

/// The plain tokens of a typed word, without the further forms that an index holds.
pub(crate) fn plain(word: &str, stem: bool) -> Vec<String> {
    let words = Words { all_forms: false };
    let mut analyzer = if stem {
        TextAnalyzer::builder(words).filter(Stemmer::new(Language::English)).build()
    } else {
        TextAnalyzer::from(words)
    };
    let mut stream = analyzer.token_stream(word);
    let mut tokens = Vec::new();
    while let Some(token) = stream.next() {
        tokens.push(token.text.clone());
    }
    tokens
}

/// The words of a text as they are indexed unstemmed, one at each position, with their places in bytes.
pub(crate) fn printed(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let mut analyzer = TextAnalyzer::from(Words { all_forms: false });
    let mut stream = analyzer.token_stream(text);
    let mut words = Vec::new();
    while stream.advance() {
        let token = stream.token_mut();
        words.push((token.offset_from..token.offset_to, std::mem::take(&mut token.text)));
    }
    words
}

/// The tokenizer.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    /// Whether to give the further forms of a word at its position: joined, without mark.
    all_forms: bool,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        let mut cutter =
            Cutter { text, all_forms: self.all_forms, tokens: Vec::new(), position: 0 };
        cutter.cut();
        Stream { tokens: cutter.tokens, next: 0 }
    }
}

/// The tokens of one text.
pub(crate) struct Stream {
    tokens: Vec<Token>,
    next: usize,
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

struct Cutter<'a> {
    text: &'a str,
    all_forms: bool,
    tokens: Vec<Token>,
    position: usize,
}

impl Cutter<'_> {
    fn cut(&mut self) {
        let mut at = 0;
        while let Some(c) = self.text[at..].chars().next() {
            if c.is_alphanumeric() {
                at = self.compound(at);
            } else {
                let marked =
                    c == '#' && self.text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
                at = if marked { self.number_sign(at) } else { at + c.len_utf8() };
            }
        }
    }

    /// `#60`, and `60` at the same place.
    fn number_sign(&mut self, start: usize) -> usize {
        let digits = self.text[start + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let end = start + 1 + digits;
        if self.all_forms {
            self.push(start + 1, end, self.text[start + 1..end].to_owned());
            self.position -= 1;
        }
        self.push(start, end, self.text[start..end].to_owned());
        end
    }

    /// A word, or words joined by hyphens or slashes.
    fn compound(&mut self, start: usize) -> usize {
        let (first_token, first_position) = (self.tokens.len(), self.position);
        let (mut at, mut parts, mut joined) = (start, 0, String::new());
        let mut only_letters = true;
        loop {
            let end = word_end(self.text, at);
            let before = self.tokens.len();
            let word = &self.text[at..end];
            only_letters &= word.chars().all(char::is_alphabetic);
            joined.extend(word.chars().flat_map(char::to_lowercase));
            at = self.word(at, end);
            self.complete_level(before, first_token);
            parts += 1;
            let rest = &self.text[at..];
            let hyphen =
                rest.chars().next().filter(|c| matches!(c, '-' | '/' | '\u{2010}' | '\u{2011}'));
            let Some(hyphen) = hyphen else { break };
            only_letters &= hyphen != '/';
            let next = at + hyphen.len_utf8();
            if !self.text[next..].starts_with(char::is_alphanumeric) {
                break;
            }
            at = next;
        }
        if self.all_forms && only_letters && (2..=3).contains(&parts) && joined.len() <= MAX_JOINED
        {
            self.insert_joined(first_token, first_position, start, at, joined);
        }
        at
    }

    fn insert_joined(
        &mut self,
        index: usize,
        position: usize,
        from: usize,
        to: usize,
        text: String,
    ) {
        let token = Token { offset_from: from, offset_to: to, position, text, position_length: 1 };
        self.tokens.insert(index, token);
    }

    /// One run of letters and digits; a number and what is glued to it are two tokens.
    fn word(&mut self, start: usize, end: usize) -> usize {
        let word = &self.text[start..end];
        let digits =
            word.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
        if digits == 0 {
            self.push(start, end, fold(word));
            return end;
        }
        let number = word[..digits].replace(',', "");
        let percent = digits == word.len() && self.text[end..].starts_with('%');
        if percent {
            if self.all_forms {
                self.push(start, end, number.clone());
                self.position -= 1;
            }
            self.push(start, end + 1, format!("{number}%"));
            return end + 1;
        }
        self.push(start, start + digits, number);
        if digits < word.len() {
            self.word(start + digits, end);
        }
        end
    }

    /// After `L4-` or `L4/` a bare `5` is the level L5.
    fn complete_level(&mut self, token: usize, first: usize) {
        if token == first || self.tokens.len() != token + 1 {
            return;
        }
        let before = &self.tokens[token - 1].text;
        let letter = before.chars().next().filter(|c| matches!(c, 'c' | 't' | 'l' | 's'));
        let level =
            |text: &str| matches!(text.len(), 1..=2) && text.bytes().all(|b| b.is_ascii_digit());
        if let Some(letter) = letter
            && level(&before[1..])
            && level(&self.tokens[token].text)
        {
            self.tokens[token].text.insert(0, letter);
        }
    }

    fn push(&mut self, offset_from: usize, offset_to: usize, text: String) {
        let position = self.position;
        self.position += 1;
        if !text.is_empty() && text.len() <= MAX_WORD {
            self.tokens.push(Token { offset_from, offset_to, position, text, position_length: 1 });
        }
    }
}

/// The end of a run of letters and digits, with the points and commas inside a number and the
/// apostrophes inside a word.
fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut before = ' ';
    for c in text[start..].chars() {
        let next = text[end + c.len_utf8()..].chars().next().unwrap_or(' ');
        let inside = match c {
            '.' | ',' => {
                let thousands = text[end + 1..].bytes().take_while(u8::is_ascii_digit).count() == 3;
                before.is_ascii_digit() && next.is_ascii_digit() && (c == '.' || thousands)
            }
            '\'' | '\u{2019}' => before.is_alphabetic() && next.is_alphabetic(),
            c => c.is_alphanumeric(),
        };
        if !inside {
            break;
        }
        before = c;
        end += c.len_utf8();
    }
    end
}

/// Lower case, without apostrophes and without the `s` of a possessive.
fn fold(word: &str) -> String {
    let word = ["'s", "\u{2019}s", "'S", "\u{2019}S"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    word.chars().filter(|c| !matches!(c, '\'' | '\u{2019}')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        plain(text, false).join(" ")
    }

    fn indexed(text: &str) -> Vec<(usize, String)> {
        let mut analyzer = exact();
        let mut stream = analyzer.token_stream(text);
        let mut tokens = Vec::new();
        while let Some(token) = stream.next() {
            tokens.push((token.position, token.text.clone()));
        }
        tokens
    }

    #[test]
    fn spellings_that_are_one() {
        for same in [
            ["L4-5", "L4-L5", "l4/5"],
            ["7.5mg", "7.5 mg", "7.5 MG"],
            ["10/325", "10-325", "10 325"],
            ["patient's pain", "patient\u{2019}s pain", "PATIENT pain"],
        ] {
            assert_eq!(words(same[0]), words(same[1]));
            assert_eq!(words(same[0]), words(same[2]));
        }
        assert_eq!(words("L4-5"), "l4 l5");
        assert_eq!(words("1,000 of 7.5mg, 5/6"), "1000 of 7.5 mg 5 6");
    }

    #[test]
    fn further_forms_stand_at_the_same_position() {
        let token = |position, text: &str| (position, text.to_owned());
        assert_eq!(
            indexed("#60 5%"),
            [token(0, "60"), token(0, "#60"), token(1, "5"), token(1, "5%")]
        );
        assert_eq!(
            indexed("an H-wave unit"),
            [token(0, "an"), token(1, "hwave"), token(1, "h"), token(2, "wave"), token(3, "unit")]
        );
    }

    #[test]
    fn small_words_stay_and_words_are_stemmed() {
        assert_eq!(plain("not functional improvements", true), ["not", "function", "improv"]);
    }

    #[test]
    fn offsets_lie_in_the_text() {
        let text = "X-ray of L4-5, 10/325mg #60 \u{201c}don't\u{201d} 5% caf\u{e9}";
        let mut analyzer = exact();
        let mut stream = analyzer.token_stream(text);
        while let Some(token) = stream.next() {
            assert!(!text[token.offset_from..token.offset_to].is_empty());
        }
    }
}
