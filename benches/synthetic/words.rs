//! Words without end: names of people and places, rare clinical terms, slips of typing. A vocabulary of real
//! letters keeps growing, because of these.

use super::random::Random;

const ONSETS: [&str; 24] = [
    "b", "br", "d", "dr", "f", "g", "gr", "h", "k", "kr", "l", "m", "n", "p", "r", "s", "sh", "st",
    "t", "tr", "v", "w", "y", "z",
];
const VOWELS: [&str; 9] = ["a", "e", "i", "o", "u", "ai", "ea", "ou", "ie"];
const ENDS: [&str; 14] =
    ["n", "r", "l", "s", "ck", "nd", "rt", "ld", "man", "sen", "ner", "ton", "well", "berg"];

const ROOTS: [&str; 40] = [
    "arthr", "chondr", "tend", "my", "neur", "radicul", "spondyl", "oste", "burs", "caps", "synov",
    "fasci", "ligament", "menisc", "patell", "humer", "uln", "carp", "tars", "coccyg", "sacr",
    "cost", "stern", "clavicul", "scapul", "acromi", "gastr", "hepat", "nephr", "derm", "angi",
    "phleb", "lymph", "aden", "ot", "opt", "rhin", "laryng", "psych", "cephal",
];
const FORES: [&str; 12] =
    ["", "peri", "intra", "para", "hypo", "hyper", "poly", "post", "endo", "sub", "pan", "trans"];
const MIDDLES: [&str; 16] = [
    "", "o", "omyo", "oneur", "ochondr", "ofasci", "otend", "ovascul", "oscler", "ofibr", "omalac",
    "oplast", "ostat", "odyn", "okin", "otroph",
];
const TAILS: [&str; 10] =
    ["itis", "osis", "opathy", "algia", "oma", "iasis", "esthesia", "otomy", "olysis", "odynia"];

/// A family name; ranks grow without end, and so do names.
pub(crate) fn name(random: &mut Random, out: &mut String) {
    let mut rank = random.open_rank(0.74);
    let start = out.len();
    loop {
        out.push_str(ONSETS[take(&mut rank, ONSETS.len())]);
        out.push_str(VOWELS[take(&mut rank, VOWELS.len())]);
        if rank == 0 {
            break;
        }
        rank -= 1;
        if rank < ENDS.len() as u64 * 40 {
            break;
        }
    }
    out.push_str(ENDS[take(&mut rank, ENDS.len())]);
    super::grammar::capitalise(out, start);
}

/// A rare clinical term.
pub(crate) fn rare(random: &mut Random, out: &mut String) {
    let mut rank = random.open_rank(0.68);
    let (root, tail) = (take(&mut rank, ROOTS.len()), take(&mut rank, TAILS.len()));
    let (middle, fore) = (take(&mut rank, MIDDLES.len()), take(&mut rank, FORES.len()));
    out.push_str(FORES[fore]);
    out.push_str(ROOTS[root]);
    out.push_str(MIDDLES[middle]);
    // A root of its own follows where the ranks go on.
    while rank > 0 {
        out.push_str(ROOTS[take(&mut rank, ROOTS.len())]);
    }
    out.push_str(TAILS[tail]);
}

fn take(rank: &mut u64, count: usize) -> usize {
    let digit = *rank % count as u64;
    *rank /= count as u64;
    digit as usize
}

/// Lets one word of a sentence slip: a letter twice, left out, or two letters changed about.
pub(crate) fn slip(sentence: &mut String, random: &mut Random) {
    let from = random.below(sentence.len());
    let bytes = sentence.as_bytes();
    let word = |at: &usize| {
        *at > 0 && bytes[*at - 1] == b' ' && bytes[*at..].iter().take(5).all(u8::is_ascii_lowercase)
    };
    let Some(start) = (from..bytes.len().saturating_sub(5)).find(word) else { return };
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let at = start + 1 + random.below(length - 2);
    let (this, next) = (bytes[at] as char, bytes[at + 1] as char);
    match random.below(10) {
        0..3 => sentence.insert(at, this),
        3..6 => drop(sentence.remove(at)),
        6..9 => sentence.replace_range(at..at + 2, &format!("{next}{this}")),
        _ => {
            let other = b'a' + random.below(26) as u8;
            sentence.replace_range(at..=at, &char::from(other).to_string());
        }
    }
}
