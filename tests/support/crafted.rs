//! Files made to harm the programs that read them.

use std::io::Write;

/// A PDF of these objects, numbered from 1; the first is the catalogue.
pub(crate) fn pdf<B: AsRef<[u8]>>(objects: &[B]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj", at + 1).bytes());
        bytes.extend(object.as_ref());
        bytes.extend(b"endobj\n");
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    bytes
        .extend(format!("trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}

const CATALOGUE: &str = "<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>";

/// A form that draws itself: extraction calls itself until its stack is used up.
pub(crate) fn draws_itself() -> Vec<u8> {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>";
    let draw = "<</Length 5>>stream\n/F Do\nendstream ";
    let form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 5>>stream\n/F \
                Do\nendstream ";
    pdf(&[CATALOGUE, PAGES, page, draw, form])
}

/// A page that is its own parent, without what a parent would give it: the search for it never ends.
pub(crate) fn own_parent() -> Vec<u8> {
    pdf(&[
        CATALOGUE,
        PAGES,
        "<</Type/Page/Parent 3 0 R/Contents 4 0 R>>",
        "<</Length 2>>stream\nBT\nendstream ",
    ])
}

/// A page whose few bytes of content expand to so many.
pub(crate) fn expands(to: usize) -> Vec<u8> {
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..to.div_ceil(spaces.len()) {
        deflated.write_all(&spaces).expect("memory takes all");
    }
    let deflated = deflated.finish().expect("memory takes all");
    let mut content =
        format!("<</Length {}/Filter/FlateDecode>>stream\n", deflated.len()).into_bytes();
    content.extend(deflated);
    content.extend(b"\nendstream ");
    pdf(&[CATALOGUE.as_bytes(), PAGES.as_bytes(), PAGE.as_bytes(), &content])
}

/// So many empty pages.
pub(crate) fn many_pages(pages: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects = vec![
        CATALOGUE.to_owned(),
        format!("<</Type/Pages/Kids[{}]/Count {pages}>>", kids.join(" ")),
    ];
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
    objects.extend(std::iter::repeat_n(page.to_owned(), pages));
    pdf(&objects)
}

/// So many objects that nothing refers to.
pub(crate) fn many_objects(objects: usize) -> Vec<u8> {
    let mut all = vec![CATALOGUE, PAGES, PAGE, "<</Length 2>>stream\nBT\nendstream "];
    all.extend(std::iter::repeat_n("<</A[1 2 3]>>", objects));
    pdf(&all)
}

/// A page that is a picture, as scanners make them.
pub(crate) fn picture_only() -> Vec<u8> {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>";
    let draw = "<</Length 5>>stream\n/I Do\nendstream ";
    let picture = "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length \
                   1>>stream\nx\nendstream ";
    pdf(&[CATALOGUE, PAGES, page, draw, picture])
}

/// A page whose content says that it is longer than the file.
pub(crate) fn lies_about_its_length() -> Vec<u8> {
    pdf(&[CATALOGUE, PAGES, PAGE, "<</Length 4000000000>>stream\nBT ET\nendstream "])
}
