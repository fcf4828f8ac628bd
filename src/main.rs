//! x
use imr_search::*;
fn main() {
    let v = vocabulary::Vocabularies::load(None).unwrap();
    let c = classify::Classifier::new(&v).unwrap();
    for f in std::env::args().skip(1) {
        let d = source::read(f.as_ref()).unwrap();
        let l = letter::parse(&d.text, &source::stem(f.as_ref()));
        let x = c.classify(&l);
        println!("{}", serde_json::to_string(&record::LetterRecord::new(&l, &x, &f)).unwrap());
    }
}
