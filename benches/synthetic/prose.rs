//! Case summaries and rationales, sentence by sentence.

use super::Data;
use super::case::Case;
use super::grammar::capitalise;
use super::random::{Random, Weighted};
use super::request::Request;
use super::scene::Scene;
use super::words;
use imr_search::letter::Outcome;

/// A text that grows.
struct Prose<'a> {
    scene: Scene<'a>,
    data: &'a Data,
    words: usize,
    text: String,
    /// Templates used: none is used twice where another is at hand.
    used: Vec<(&'static str, usize)>,
}

impl<'a> Prose<'a> {
    fn new(data: &'a Data, scene: Scene<'a>) -> Self {
        Self { scene, data, words: 0, text: String::new(), used: Vec::new() }
    }

    /// Adds a sentence of a section.
    fn say(&mut self, section: &'static str, random: &mut Random) {
        let mut sentence = String::new();
        for _ in 0..4 {
            sentence.clear();
            let at = self.data.grammar.draw(section, &self.scene, random, &mut sentence);
            if !self.used.contains(&(section, at)) {
                self.used.push((section, at));
                break;
            }
        }
        capitalise(&mut sentence, 0);
        if TAILED.contains(&section) && random.chance(0.62) {
            sentence.pop();
            self.data.grammar.draw("tail", &self.scene, random, &mut sentence);
        }
        // Conclusions are read over once more.
        if !ENDS.contains(&section) && random.chance(SLIPS) {
            words::slip(&mut sentence, random);
        }
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.words += sentence.bytes().filter(|byte| *byte == b' ').count() + 1;
        self.text.push_str(&sentence);
    }
}

/// Sections whose sentences often go on to say where something stands.
const TAILED: [&str; 5] = ["up.norm", "up.reason", "over.norm", "over.reason", "up.fact"];

/// Sections that a rationale ends with.
const ENDS: [&str; 3] = ["up.end", "over.end", "part.end"];

/// How many sentences hold a slip of typing.
const SLIPS: f64 = 0.11;

/// The story of a case: complaints, findings, treatment, the denial.
pub(crate) fn summary(data: &Data, case: &Case, random: &mut Random) -> String {
    let mut shorts: Vec<&str> =
        case.requests.iter().map(|request| request.short.as_str()).take(4).collect();
    shorts.dedup();
    let asked = listed(&shorts);
    let mut text = Prose::new(data, Scene::new(data, case).called(&asked));
    let words = length(190.0, 0.27, (90, 420), random);
    for (section, chance) in [
        ("opening", 1.0),
        ("mechanism", 0.6),
        ("complaints", 1.0),
        ("exam", 0.9),
        ("imaging", 0.7),
        ("diagnoses", 0.7),
        ("past", 1.0),
    ] {
        if random.chance(chance) {
            text.say(section, random);
        }
    }
    let more =
        ["complaints", "exam", "past", "medication", "work", "social", "imaging", "diagnoses"];
    let weights = Weighted::new([20.0, 18.0, 22.0, 12.0, 9.0, 9.0, 6.0, 4.0]);
    while text.words < words {
        text.say(more[weights.pick(random)], random);
    }
    text.say("plan", random);
    text.say("denial", random);
    text.text
}

fn listed(names: &[&str]) -> String {
    match names {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => names.concat(),
    }
}

/// A number of words near a median (log-normal).
fn length(median: f64, spread: f64, bounds: (usize, usize), random: &mut Random) -> usize {
    let words = median * (spread * random.normal()).exp();
    (words as usize).clamp(bounds.0, bounds.1)
}

/// The sections that a rationale is made of.
struct Sections {
    norm: &'static str,
    fact: &'static str,
    reason: &'static str,
    boiler: &'static str,
    end: &'static str,
    stock: &'static str,
}

const UPHELD: Sections = Sections {
    norm: "up.norm",
    fact: "up.fact",
    reason: "up.reason",
    boiler: "up.boiler",
    end: "up.end",
    stock: "up.stock",
};
const OVERTURNED: Sections = Sections {
    norm: "over.norm",
    fact: "over.fact",
    reason: "over.reason",
    boiler: "over.boiler",
    end: "over.end",
    stock: "over.stock",
};
const IN_PART: Sections = Sections { end: "part.end", ..OVERTURNED };

fn sections(outcome: Outcome) -> &'static Sections {
    match outcome {
        Outcome::Overturned => &OVERTURNED,
        Outcome::PartiallyOverturned => &IN_PART,
        _ => &UPHELD,
    }
}

/// How many rationales were written before, word for word, for a request of the same kind.
const STOCK: f64 = 0.13;
/// How many stock rationales there are for one kind of request.
const STOCK_SIZE: usize = 120;

/// Why a request ended as it did. `seed` is the generator's: stock rationales depend on it alone.
pub(crate) fn rationale(
    data: &Data,
    case: &Case,
    request: &Request,
    seed: u64,
    random: &mut Random,
) -> String {
    let sections = sections(request.outcome);
    let attends = data.families.all[request.family].key == "adjunct";
    if attends && request.outcome != Outcome::PartiallyOverturned && random.chance(0.5) {
        let scene = Scene::new(data, case).of_request(request);
        return data.grammar.text(sections.stock, &scene, random);
    }
    if random.chance(STOCK) {
        return stock(data, request, seed, random);
    }
    reasoned(data, Scene::new(data, case).of_request(request), sections, random)
}

fn reasoned(data: &Data, scene: Scene<'_>, sections: &Sections, random: &mut Random) -> String {
    let words = length(124.0, 0.6, (20, 859), random).saturating_sub(16);
    let mut text = Prose::new(data, scene);
    text.say(if random.chance(0.07) { sections.boiler } else { sections.norm }, random);
    let kinds = [sections.fact, sections.reason, sections.norm, sections.boiler];
    let weights = Weighted::new([54.0, 28.0, 13.0, 5.0]);
    while text.words < words {
        text.say(kinds[weights.pick(random)], random);
    }
    text.say(sections.end, random);
    if sections.end == UPHELD.end && random.chance(0.03) {
        text.say("up.advice", random);
    }
    text.text
}

/// A rationale kept for requests of this kind: that of a letter which nobody wrote.
fn stock(data: &Data, request: &Request, seed: u64, random: &mut Random) -> String {
    let which = Weighted::zipf(STOCK_SIZE, 1.0).pick(random) as u64;
    let kind = request.short.bytes().chain(request.outcome.as_str().bytes());
    let kind = kind.fold(0_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut random = Random::of(&[seed, STOCK_STREAM, kind, which]);
    let case = Case::new(data, which, &mut random);
    let scene = Scene::new(data, &case).called(&request.short);
    reasoned(data, scene, sections(request.outcome), &mut random)
}

/// The stream of numbers that stock rationales are drawn from.
const STOCK_STREAM: u64 = u64::MAX;
