//! Writes a letter's lines as a small PDF: one standard font, a line a drawing.

use super::texture::Line;
use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};

/// Points between lines, and more where a paragraph ends.
const LINE: i64 = 12;
const GAP: i64 = 12;
const TOP: i64 = 740;

/// The bytes of a PDF with pages of `page` lines.
pub(crate) fn write(lines: &[Line], page: usize) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let parent = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let pages: Vec<Object> = pages(lines, page)
        .into_iter()
        .map(|operations| {
            let content = Content { operations }.encode().expect("operations are written");
            let content = document.add_object(Stream::new(dictionary! {}, content));
            let page = dictionary! { "Type" => "Page", "Parent" => parent, "Contents" => content };
            document.add_object(page).into()
        })
        .collect();
    let tree = dictionary! {
        "Type" => "Pages", "Count" => pages.len() as i64, "Kids" => pages, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
    };
    document.objects.insert(parent, Object::Dictionary(tree));
    let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    document.trailer.set("Root", root);
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("memory takes all");
    bytes
}

/// The drawings of each page.
fn pages(lines: &[Line], page: usize) -> Vec<Vec<Operation>> {
    let mut pages: Vec<Vec<Operation>> = Vec::new();
    let (mut printed, mut height) = (page, TOP);
    for line in lines {
        let (Line::Text(text) | Line::Heading(text)) = line else {
            height -= GAP;
            continue;
        };
        if printed == page || height < 40 {
            (printed, height) = (0, TOP);
            pages.push(Vec::new());
        }
        let Some(operations) = pages.last_mut() else { continue };
        operations.push(Operation::new("BT", vec![]));
        operations.push(Operation::new("Tf", vec!["F1".into(), 10.into()]));
        operations.push(Operation::new("Td", vec![60.into(), height.into()]));
        operations.push(Operation::new("Tj", vec![Object::string_literal(encoded(text))]));
        operations.push(Operation::new("ET", vec![]));
        height -= LINE;
        printed += 1;
    }
    pages
}

/// Text in Windows-1252, as far as letters need it.
fn encoded(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '\u{2019}' => 0x92,
        '\u{201c}' => 0x93,
        '\u{201d}' => 0x94,
        _ => u8::try_from(u32::from(c)).unwrap_or(b'?'),
    };
    text.chars().map(byte).collect()
}
