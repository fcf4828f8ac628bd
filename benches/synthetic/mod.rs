//! Letters of any number, invented: what benchmarks and tests work with where real letters are not at hand.
//!
//! Letter `k` of a seed depends on both and on nothing else, so that ranges can be made in parallel and any letter
//! again. The letters have what makes real ones hard: a vocabulary that keeps growing (names, rare terms, doses,
//! dates, slips of typing), 1 to 21 items, sentences and whole rationales that recur, every layout and texture of
//! extraction. Sentences come from the templates in `prose/`, written for the project. Beside each letter stands
//! its [`Truth`]: what a reader should find.
//!
//! A change to the prose or to the order of draws makes other letters: figures of benchmarks before and after do not
//! compare, and the hash in `tests/synthetic_letters.rs` has to follow.

mod case;
mod day;
mod grammar;
pub(crate) mod header;
mod layout;
mod pdf;
mod prose;
pub(crate) mod random;
mod request;
mod scene;
pub(crate) mod texture;
mod words;

use case::Case;
use grammar::Grammar;
use imr_search::letter::{Layout, Outcome};
use random::{Random, Weighted};
use request::{Families, Regions};
use texture::{Line, TEXTURES, Texture};

/// What letters are drawn from.
#[derive(Debug)]
struct Data {
    grammar: Grammar,
    families: Families,
    regions: Regions,
}

/// Entries that name no value of a case.
struct Nothing;

impl grammar::Slots for Nothing {
    fn fill(&self, _: &str, _: &mut Random, _: &mut String) -> bool {
        false
    }
}

impl Data {
    /// An entry of a section that names no value of a case.
    fn text(&self, section: &str, random: &mut Random) -> String {
        self.grammar.text(section, &Nothing, random)
    }
}

/// Makes letters.
#[derive(Debug)]
pub(crate) struct Generator {
    seed: u64,
    data: Data,
}

/// A letter as its file holds it, and what it says.
#[derive(Debug)]
pub(crate) struct Letter {
    /// The case number: the file's name without ending.
    pub(crate) name: String,
    /// As an extraction tool would leave it.
    pub(crate) text: String,
    pub(crate) texture: Texture,
    pub(crate) truth: Truth,
    lines: Vec<Line>,
    page: usize,
}

/// What a reader should find in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    pub(crate) layout: Layout,
    /// As the letter prints it.
    pub(crate) case_number: Option<String>,
    /// Date of decision as `YYYY-MM-DD`, if the letter prints one.
    pub(crate) decided: Option<String>,
    pub(crate) specialties: String,
    pub(crate) states: Vec<String>,
    pub(crate) summary: String,
    pub(crate) items: Vec<Item>,
}

/// What a reader should find of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) title: String,
    pub(crate) outcome: Outcome,
    pub(crate) claims: String,
    pub(crate) reviewer: String,
    pub(crate) rationale: String,
}

impl Letter {
    /// The letter as a PDF.
    pub(crate) fn pdf(&self) -> Vec<u8> {
        pdf::write(&self.lines, self.page)
    }
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        let grammar = Grammar::read(&[
            include_str!("prose/names.txt"),
            include_str!("prose/regional.txt"),
            include_str!("prose/summary.txt"),
            include_str!("prose/upheld.txt"),
            include_str!("prose/overturned.txt"),
            include_str!("prose/citations.txt"),
            include_str!("prose/method.txt"),
        ]);
        let families = Families::read(include_str!("prose/requests.txt"));
        let regions = Regions::read(include_str!("prose/regions.txt"));
        Self { seed, data: Data { grammar, families, regions } }
    }

    /// The letter of a number. A revision other than 0 gives the same requests and outcomes for other reasons.
    pub(crate) fn letter(&self, number: u64, revision: u64) -> Letter {
        let stream = |purpose: u64| Random::of(&[self.seed, number, purpose]);
        let case = Case::new(&self.data, number, &mut stream(0));
        let truth = self.truth(&case, &mut stream(1), &mut stream(16 + revision));
        let form = &mut stream(2);
        let texture = TEXTURES[Weighted::new([18.0, 30.0, 17.0, 9.0, 14.0, 6.0, 6.0]).pick(form)];
        let width = form.within(78, 100) as usize;
        let page = [46, 54, 38, 60][form.below(4)];
        let lines = layout::lines(&self.data, &case, &truth, texture, width, form);
        let mut text = texture::print(&lines, texture, width, page);
        if form.chance(0.04) {
            text = text.replace('\n', "\r\n");
        }
        Letter { name: case.name, text, texture, truth, lines, page }
    }

    fn truth(&self, case: &Case, summary: &mut Random, reasons: &mut Random) -> Truth {
        let data = &self.data;
        let items = case.requests.iter().map(|request| Item {
            title: request.title.clone(),
            outcome: request.outcome,
            claims: request.claims.clone(),
            reviewer: request.reviewer.clone(),
            rationale: prose::rationale(data, case, request, self.seed, reasons),
        });
        Truth {
            layout: case.layout,
            case_number: case.has_header.then(|| case.name.clone()),
            decided: case.has_header.then(|| case.days.decision.iso()),
            specialties: case.specialties.clone(),
            states: case.states.clone(),
            summary: prose::summary(data, case, summary),
            items: items.collect(),
        }
    }
}
