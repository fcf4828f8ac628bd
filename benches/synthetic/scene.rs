//! What the prose may name at one place: values of the case, the request and the part of the body in focus.

use super::Data;
use super::case::Case;
use super::grammar::Slots;
use super::random::Random;
use super::request::{Family, Region, Request};
use super::words;

/// The values in focus.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    data: &'a Data,
    case: &'a Case,
    region: usize,
    title: &'a str,
    short: &'a str,
    /// The drug asked for; empty where any may be drawn.
    pub(crate) drug: &'a str,
    pub(crate) family: Option<&'a Family>,
    pub(crate) other_chapter: &'a str,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(data: &'a Data, case: &'a Case) -> Self {
        Self {
            data,
            case,
            region: case.regions[0],
            title: "",
            short: "",
            drug: "",
            family: None,
            other_chapter: "",
        }
    }

    pub(crate) fn of_region(self, region: usize) -> Self {
        Self { region, ..self }
    }

    pub(crate) fn of_request(self, request: &'a Request) -> Self {
        // A title of several sentences is not said again.
        let long = request.title.contains(". ");
        let title = if long { &request.short } else { &request.title };
        Self { region: request.region, title, short: &request.short, ..self }
    }

    /// Calls what was asked for so.
    pub(crate) fn called(self, short: &'a str) -> Self {
        Self { short, title: short, ..self }
    }

    fn region(&self) -> &Region {
        &self.data.regions.all[self.region]
    }

    /// The complaint at a place that is not the one in focus.
    fn beside(&self, place: usize) -> &'static str {
        let others = self.case.regions.iter().filter(|region| **region != self.region);
        self.data.regions.all[*others.clone().nth(place).unwrap_or(&self.case.regions[0])].plain
    }

    fn pronoun(&self, of_woman: &'static str, of_man: &'static str) -> &'static str {
        if self.case.is_female { of_woman } else { of_man }
    }
}

impl Slots for Scene<'_> {
    fn fill(&self, slot: &str, random: &mut Random, out: &mut String) -> bool {
        let value = match slot {
            "he" => self.pronoun("she", "he"),
            "his" => self.pronoun("her", "his"),
            "him" => self.pronoun("her", "him"),
            "sex" if random.chance(0.3) => self.pronoun("woman", "man"),
            "sex" => self.pronoun("female", "male"),
            "person" => self.case.person,
            "job" => &self.case.job,
            "side" => self.case.side,
            "region" if random.chance(0.15) => self.region().adjective,
            "region" => self.region().plain,
            "adjective" => self.region().adjective,
            "region2" => self.beside(0),
            "region3" => self.beside(1),
            "short" => self.short,
            "title" => self.title,
            "specialties" => &self.case.specialties,
            "chapter" => self.other_chapter,
            "old" => self.region().chapter,
            "late" => self.region().chapter.splitn(3, ' ').nth(2).unwrap_or_default(),
            "topic" => self.family.map_or("", |family| family.topic),
            "otopic" => self.family.map_or("", |family| family.other_topic),
            "pages" => self.family.map_or("", |family| family.pages),
            "drug" => self.drug,
            _ if !self.drug.is_empty() && slot.starts_with("drug.") => self.drug,
            _ => return self.made(slot, random, out),
        };
        out.push_str(value);
        true
    }
}

impl Scene<'_> {
    /// Values that are made and not kept.
    fn made(&self, slot: &str, random: &mut Random, out: &mut String) -> bool {
        let (case, days) = (self.case, self.case.days);
        match slot {
            "age" => out.push_str(&case.age.to_string()),
            "injured" => out.push_str(&days.injury.in_form(case.form)),
            "denied" => out.push_str(&days.denial.in_form(case.form)),
            "date" => {
                let day = days.injury.until(days.denial, random);
                out.push_str(&day.in_form(case.form));
            }
            "states" => out.push_str(&case.states.join(", ")),
            "name" => words::name(random, out),
            "rare" => words::rare(random, out),
            "place" => {
                words::name(random, out);
                out.push_str([" Medical Center", " Clinic", " Plaza", " Avenue"][random.below(4)]);
            }
            "sideregion" => {
                if self.region().has_sides {
                    out.push_str(case.side);
                    out.push(' ');
                }
                out.push_str(self.region().adjective);
            }
            "part" => drop(self.data.grammar.draw(&self.region().part, self, random, out)),
            "sign" => drop(self.data.grammar.draw(&self.region().sign, self, random, out)),
            "image" => drop(self.data.grammar.draw(&self.region().image, self, random, out)),
            _ => return false,
        }
        true
    }
}
