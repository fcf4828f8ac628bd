//! Prints a letter's lines the way different extraction tools leave them.

/// How an extraction tool marks lines, paragraphs and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texture {
    /// An empty line after every line, a line of spaces between paragraphs, three empty lines for
    /// a page.
    Seed,
    /// A line of spaces between paragraphs, a space at line ends.
    Spaces,
    /// Centred headings, empty lines between paragraphs, form feeds.
    Layout,
    /// No paragraph breaks at all.
    Raw,
    /// Empty lines between paragraphs, no page marks.
    Plain,
    /// Header column by column, lines of spaces between paragraphs, form feeds.
    Columns,
    /// An empty line for a page, a line of spaces between paragraphs.
    EmptyPages,
}

pub(crate) const TEXTURES: [Texture; 7] = [
    Texture::Seed,
    Texture::Spaces,
    Texture::Layout,
    Texture::Raw,
    Texture::Plain,
    Texture::Columns,
    Texture::EmptyPages,
];

/// A line to print.
#[derive(Debug)]
pub(crate) enum Line {
    Text(String),
    Heading(String),
    /// The end of a paragraph.
    Paragraph,
}

/// Adds a heading, a paragraph of its own.
pub(crate) fn heading(lines: &mut Vec<Line>, text: &str) {
    lines.push(Line::Heading(text.to_owned()));
    lines.push(Line::Paragraph);
}

/// Adds a paragraph, wrapped.
pub(crate) fn paragraph(lines: &mut Vec<Line>, text: &str, width: usize) {
    lines.extend(wrap(text, width).into_iter().map(Line::Text));
    lines.push(Line::Paragraph);
}

/// Wraps at words, and inside words after a hyphen between digits.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut length) = (String::with_capacity(width), 0);
    for word in text.split_whitespace() {
        let chars = word.chars().count();
        if length == 0 || length + 1 + chars <= width {
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += chars;
            continue;
        }
        let head = after_hyphen(word).filter(|at| length + 1 + at <= width).unwrap_or(0);
        if head > 0 {
            line.push(' ');
            line.push_str(&word[..head]);
        }
        lines.push(std::mem::replace(&mut line, String::with_capacity(width)));
        line.push_str(&word[head..]);
        length = line.chars().count();
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The place after the first hyphen between digits.
fn after_hyphen(word: &str) -> Option<usize> {
    let digit_hyphen_digit =
        |w: &[u8]| w[0].is_ascii_digit() && w[1] == b'-' && w[2].is_ascii_digit();
    word.as_bytes().windows(3).position(digit_hyphen_digit).map(|at| at + 2)
}

/// Prints lines; `width` centres headings, `page` is the number of lines of a page.
pub(crate) fn print(lines: &[Line], texture: Texture, width: usize, page: usize) -> String {
    let (line_end, paragraph, page_break) = match texture {
        Texture::Seed => (" \n\n", " \n\n", "\n\n"),
        Texture::Spaces | Texture::Columns => (" \n", " \n", ""),
        Texture::Layout | Texture::Plain => ("\n", "\n", ""),
        Texture::Raw => ("\n", "", ""),
        Texture::EmptyPages => ("\n", " \n", "\n"),
    };
    let form_feeds = matches!(texture, Texture::Layout | Texture::Columns | Texture::Raw);
    let mut text = String::with_capacity(lines.len() * (width + 4));
    let mut printed = 0;
    for line in lines {
        match line {
            Line::Paragraph => text.push_str(paragraph),
            Line::Heading(heading) if texture == Texture::Layout => {
                let indent = width.saturating_sub(heading.len()) / 2;
                text.push_str(&" ".repeat(indent));
                text.push_str(heading);
                text.push_str(line_end);
            }
            Line::Heading(words) | Line::Text(words) => {
                text.push_str(words);
                text.push_str(line_end);
                printed += 1;
                if printed % page == 0 {
                    text.push_str(if form_feeds { "\x0c" } else { page_break });
                }
            }
        }
    }
    text
}
