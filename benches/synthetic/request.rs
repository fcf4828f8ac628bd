//! What is asked for: families of requests, parts of the body, and what both sides cite.

use super::Data;
use super::case::Case;
use super::grammar::Template;
use super::random::{Random, Weighted};
use super::scene::Scene;
use imr_search::letter::{Layout, Outcome};

/// Requests of one kind, as `prose/requests.txt` lists them.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) key: &'static str,
    /// Chapter of the state's schedule.
    chapter: &'static str,
    pub(crate) topic: &'static str,
    other_chapter: &'static str,
    pub(crate) other_topic: &'static str,
    pub(crate) pages: &'static str,
    shorts: Vec<&'static str>,
    titles: Vec<Template>,
    title_weights: Weighted,
}

/// All families with their weights.
#[derive(Debug)]
pub(crate) struct Families {
    pub(crate) all: Vec<Family>,
    weights: Weighted,
}

impl Families {
    pub(crate) fn read(file: &'static str) -> Self {
        let (mut all, mut weights) = (Vec::<Family>::new(), Vec::new());
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            if let Some(head) = line.strip_prefix("= ") {
                let parts: Vec<&str> = head.split('|').map(str::trim).collect();
                let (key, weight) = parts[0].split_once(' ').expect("a key and a weight");
                weights.push(weight.parse().expect("a weight"));
                all.push(Family {
                    key,
                    chapter: parts[1],
                    topic: parts[2],
                    other_chapter: parts[3],
                    other_topic: parts[4],
                    pages: parts[5],
                    shorts: Vec::new(),
                    titles: Vec::new(),
                    title_weights: Weighted::zipf(0, 0.0),
                });
            } else {
                let family = all.last_mut().expect("a family comes first");
                match line.strip_prefix("~ ") {
                    Some(short) => family.shorts.push(short),
                    None => family.titles.push(Template::read(line)),
                }
                family.title_weights = Weighted::zipf(family.titles.len(), 0.8);
            }
        }
        Self { all, weights: Weighted::new(weights) }
    }
}

/// A part of the body, as `prose/regions.txt` lists it.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) plain: &'static str,
    pub(crate) adjective: &'static str,
    pub(crate) has_sides: bool,
    /// Chapter of the older schedule, with its number.
    pub(crate) chapter: &'static str,
    pub(crate) other_chapter: &'static str,
    /// Sections of the prose: places, signs, images.
    pub(crate) part: String,
    pub(crate) sign: String,
    pub(crate) image: String,
}

/// All parts of the body with their weights.
#[derive(Debug)]
pub(crate) struct Regions {
    pub(crate) all: Vec<Region>,
    weights: Weighted,
}

impl Regions {
    pub(crate) fn read(file: &'static str) -> Self {
        let (mut all, mut weights) = (Vec::new(), Vec::new());
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            weights.push(parts[0].parse().expect("a weight"));
            let section = |kind: &str| format!("{kind}.{}", parts[1]);
            all.push(Region {
                plain: parts[2],
                adjective: parts[3],
                has_sides: parts[4] == "yes",
                chapter: parts[5],
                other_chapter: parts[6],
                part: section("part"),
                sign: section("sign"),
                image: section("image"),
            });
        }
        Self { all, weights: Weighted::new(weights) }
    }

    pub(crate) fn pick(&self, random: &mut Random) -> usize {
        self.weights.pick(random)
    }

    /// One that is none of these.
    pub(crate) fn other(&self, known: &[usize], random: &mut Random) -> usize {
        loop {
            let region = self.pick(random);
            if !known.contains(&region) {
                return region;
            }
        }
    }
}

/// One request with how it ended.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) family: usize,
    pub(crate) region: usize,
    pub(crate) title: String,
    /// What the prose calls it.
    pub(crate) short: String,
    pub(crate) outcome: Outcome,
    pub(crate) claims: String,
    pub(crate) reviewer: String,
}

impl Request {
    /// What two requests of one letter must differ in.
    pub(crate) fn key(&self) -> String {
        let letters = self.title.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    }
}

/// Draws a request of a case.
pub(crate) fn draw(data: &Data, case: &Case, outcome: Outcome, random: &mut Random) -> Request {
    let family = data.families.weights.pick(random);
    let kind = &data.families.all[family];
    let region = case.regions[Weighted::new([72.0, 19.0, 9.0]).pick(random)];
    let drug_section = format!("drug.{}", kind.key);
    let drug = if kind.shorts.contains(&"{drug}") {
        data.text(&drug_section, random)
    } else {
        String::new()
    };
    let mut scene = Scene::new(data, case).of_region(region);
    scene.drug = &drug;
    let mut title = String::new();
    let form = kind.title_weights.pick(random);
    data.grammar.fill(&kind.titles[form], &scene, random, &mut title);
    let short = kind.shorts[Weighted::zipf(kind.shorts.len(), 1.0).pick(random)];
    let short = if drug.is_empty() { short.to_owned() } else { bare(&drug) };
    let title = longer(title, case, random);
    let [claims, reviewer] = cited(data, case, kind, region, random);
    Request { family, region, title, short, outcome, claims, reviewer }
}

/// A drug's name without its strength.
fn bare(drug: &str) -> String {
    let words = drug.split(' ').take_while(|word| !word.contains(|c: char| c.is_ascii_digit()));
    words.collect::<Vec<_>>().join(" ")
}

/// What some titles say besides: that it was done already, or what became of it in the first review.
fn longer(title: String, case: &Case, random: &mut Random) -> String {
    let short_form = matches!(case.layout, Layout::Short2014 | Layout::Short2015 | Layout::Later);
    if random.chance(0.025) {
        let day = case.days.injury.until(case.days.denial, random).printed();
        return format!("Retrospective: {title} (DOS {day})");
    }
    if !short_form || !random.chance(0.09) {
        return title;
    }
    let granted = with_number(&title, random.within(1, 4));
    if random.chance(0.15) {
        return format!(
            "{title} was the original request. The Claims Administrator authorized {granted}, leaving the \
             original request IMR eligible. The original request, {title} is"
        );
    }
    let rest = with_number(&title, random.within(5, 9));
    format!(
        "{title} was the original request. {granted} was authorized by the Claims Administrator on its own. \
         The remaining IMR eligible portion of the original request, {rest} is"
    )
}

/// A title with another number, or with one if it has none.
fn with_number(title: &str, number: u32) -> String {
    let digits = |c: char| c.is_ascii_digit();
    let Some(end) = title.rfind(digits).map(|at| at + 1) else {
        return format!("{title} x {number}");
    };
    let start = title[..end].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    format!("{}{number}{}", &title[..start], &title[end..])
}

/// What the claims administrator and the reviewer cite, as printed.
fn cited(
    data: &Data,
    case: &Case,
    family: &Family,
    region: usize,
    random: &mut Random,
) -> [String; 2] {
    let citation = Citation { data, case, family, region };
    let claims = Weighted::new([37.0, 25.0, 20.0, 18.0]).pick(random);
    let reviewer = Weighted::new([66.0, 12.0, 15.0, 7.0]).pick(random);
    [
        citation.print("Claims Administrator", claims, random),
        citation.print("Expert Reviewer", reviewer, random),
    ]
}

struct Citation<'a> {
    data: &'a Data,
    case: &'a Case,
    family: &'a Family,
    region: usize,
}

impl Citation<'_> {
    /// The schedule (0), the schedule and others (1), others (2) or nothing (3).
    fn print(&self, side: &str, sources: usize, random: &mut Random) -> String {
        let schedule = self.family.chapter != "none" && sources < 2;
        if sources == 3 {
            return format!("The {side} did not cite any medical evidence for its decision.");
        }
        let numbered = matches!(self.case.layout, Layout::Notice2013 | Layout::Letter2014);
        let side = if numbered && side == "Expert Reviewer" { "Physician Reviewer" } else { side };
        let mut printed = String::new();
        if schedule {
            let text = self.draw(self.schedule(), random);
            if numbered || self.case.layout == Layout::Review2013 {
                printed = format!("The {side} based its decision on the {text}");
            } else {
                printed = format!("Decision based on {text}");
            }
        }
        if !schedule || sources == 1 {
            if printed.is_empty() {
                printed = format!(
                    "The {side} based their decision on recommendation(s) outside of the MTUS Guidelines."
                );
            }
            let text = self.draw("outside", random);
            printed.push_str(" Decision based on Non-MTUS Citation ");
            printed.push_str(&text);
        }
        printed
    }

    /// The section with forms of the time and chapter.
    fn schedule(&self) -> &'static str {
        let era = match self.case.layout {
            Layout::Later => 2,
            Layout::Short2015 if self.case.days.decision.civil().0 > 2015 => 1,
            _ => 0,
        };
        let forms = match self.family.chapter {
            "Acupuncture" => ["old.acupuncture", "new.acupuncture", "later.acupuncture"],
            "Chronic Pain" => ["old.state", "new.state", "later.state"],
            _ => ["old.acoem", "new.acoem", "later.acoem"],
        };
        forms[era]
    }

    fn draw(&self, section: &str, random: &mut Random) -> String {
        let region = &self.data.regions.all[self.region];
        let other = self.family.other_chapter;
        let mut scene = Scene::new(self.data, self.case).of_region(self.region);
        scene.family = Some(self.family);
        scene.other_chapter = if other == "region" { region.other_chapter } else { other };
        self.data.grammar.text(section, &scene, random)
    }
}
