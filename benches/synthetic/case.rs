//! The facts of one letter: who, when, what was asked for, how it ended.

use super::day::{DateForm, Day};
use super::random::{Random, Weighted};
use super::request::Request;
use super::{Data, request};
use imr_search::letter::{Layout, Outcome};

/// What a letter is about, before any prose.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) layout: Layout,
    pub(crate) days: Days,
    pub(crate) form: DateForm,
    pub(crate) expedited: bool,
    pub(crate) has_header: bool,
    pub(crate) age: u32,
    pub(crate) is_female: bool,
    pub(crate) person: &'static str,
    pub(crate) job: String,
    /// Complaints, the main one first, as places in the list of regions.
    pub(crate) regions: [usize; 3],
    pub(crate) side: &'static str,
    pub(crate) specialties: String,
    pub(crate) states: Vec<String>,
    pub(crate) requests: Vec<Request>,
}

/// The dates of a case, in their order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Days {
    pub(crate) injury: Day,
    pub(crate) denial: Day,
    pub(crate) received: Day,
    pub(crate) assigned: Day,
    pub(crate) decision: Day,
}

/// How often each layout occurs, in a thousand letters.
const LAYOUTS: [(Layout, f64); 6] = [
    (Layout::Short2015, 520.0),
    (Layout::Later, 240.0),
    (Layout::Short2014, 150.0),
    (Layout::Letter2014, 50.0),
    (Layout::Notice2013, 28.0),
    (Layout::Review2013, 12.0),
];

/// How many letters have so many items.
const ITEMS: [(usize, f64); 13] = [
    (1, 115.0),
    (2, 34.0),
    (3, 13.0),
    (4, 8.0),
    (5, 7.0),
    (6, 6.0),
    (7, 2.5),
    (8, 3.0),
    (9, 1.0),
    (10, 0.9),
    (12, 0.6),
    (15, 0.6),
    (21, 0.4),
];

impl Case {
    pub(crate) fn new(data: &Data, number: u64, random: &mut Random) -> Self {
        let layout = LAYOUTS[Weighted::new(LAYOUTS.map(|(_, w)| w)).pick(random)].0;
        let days = Days::new(layout, random);
        let (year, ..) = days.received.civil();
        let first = data.regions.pick(random);
        let mut case = Self {
            // Real numbers of a year end far below a million.
            name: format!("CM{:02}-{}", year % 100, 1_000_000 + number % 9_000_000),
            layout,
            days,
            form: [DateForm::Slashes, DateForm::Short, DateForm::Hyphens, DateForm::Written]
                [Weighted::zipf(4, 0.8).pick(random)],
            expedited: random.chance(0.01),
            has_header: layout != Layout::Review2013 && random.chance(0.95),
            age: (44.0 + 11.0 * random.normal()).clamp(18.0, 79.0) as u32,
            is_female: random.chance(0.46),
            person: ["injured worker", "patient", "applicant", "claimant", "worker"]
                [Weighted::zipf(5, 1.0).pick(random)],
            job: data.text("job", random),
            regions: [first, data.regions.other(&[first], random), 0],
            side: ["right", "left", "bilateral"][Weighted::new([45.0, 42.0, 13.0]).pick(random)],
            specialties: several(data, "specialty", [66.0, 30.0, 4.0], random).join(", "),
            states: several(data, "state", [50.0, 29.0, 21.0], random),
            requests: Vec::new(),
        };
        case.regions[2] = data.regions.other(&case.regions[..2], random);
        case.requests = requests(data, &case, random);
        case
    }
}

/// One to three different entries of a section.
fn several(data: &Data, section: &str, weights: [f64; 3], random: &mut Random) -> Vec<String> {
    let count = Weighted::new(weights).pick(random) + 1;
    let mut names: Vec<String> = Vec::new();
    while names.len() < count {
        let name = data.text(section, random);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

impl Days {
    fn new(layout: Layout, random: &mut Random) -> Self {
        let (from, to) = match layout {
            Layout::Review2013 | Layout::Notice2013 => ((2013, 9), (2014, 3)),
            Layout::Letter2014 => ((2013, 12), (2014, 11)),
            Layout::Short2014 => ((2014, 2), (2015, 3)),
            Layout::Later => ((2017, 3), (2025, 1)),
            _ => ((2015, 3), (2017, 3)),
        };
        let decision =
            Day(random.within(Day::first(from.0, from.1).0, Day::first(to.0, to.1).0 - 1));
        let assigned = Day(decision.0 - random.within(8, 40));
        let received = Day(assigned.0 - random.within(4, 30));
        let denial = Day(received.0 - random.within(5, 40));
        let injury = Day(denial.0 - random.within(40, 400) - random.below(3_000) as u32);
        Self { injury, denial, received, assigned, decision }
    }
}

fn requests(data: &Data, case: &Case, random: &mut Random) -> Vec<Request> {
    let count = match case.layout {
        Layout::Review2013 => 1,
        _ => ITEMS[Weighted::new(ITEMS.map(|(_, weight)| weight)).pick(random)].0,
    };
    // Some letters go one way, few both.
    let overturned = [0.0, 1.0, 0.4][Weighted::new([87.0, 8.5, 4.5]).pick(random)];
    let capitals = case.layout == Layout::Short2014 && random.chance(0.4);
    let in_part = matches!(case.layout, Layout::Notice2013 | Layout::Letter2014 | Layout::Later);
    let mut requests: Vec<Request> = Vec::new();
    for _ in 0..count {
        let mut outcome =
            if random.chance(overturned) { Outcome::Overturned } else { Outcome::Upheld };
        if in_part && random.chance(0.04) {
            outcome = Outcome::PartiallyOverturned;
        }
        // Letters do not ask for one thing twice.
        let found = (0..8)
            .map(|_| request::draw(data, case, outcome, random))
            .find(|drawn| requests.iter().all(|known| known.key() != drawn.key()));
        let Some(mut request) = found else { continue };
        if capitals {
            request.title.make_ascii_uppercase();
        }
        requests.push(request);
    }
    requests
}
