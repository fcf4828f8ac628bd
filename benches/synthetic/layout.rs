//! Writes a letter's lines in the layout of its time.

use super::case::Case;
use super::grammar::Grammar;
use super::header::{self, HeaderFields};
use super::random::Random;
use super::scene::Scene;
use super::texture::{Line, Texture, heading, paragraph};
use super::{Data, Item, Truth};
use imr_search::letter::{Layout, Outcome};

/// Where a letter's lines are put.
struct Page<'a> {
    lines: Vec<Line>,
    width: usize,
    grammar: &'a Grammar,
    scene: Scene<'a>,
    random: &'a mut Random,
}

impl Page<'_> {
    fn heading(&mut self, text: &str) {
        heading(&mut self.lines, text);
    }

    fn paragraph(&mut self, text: &str) {
        paragraph(&mut self.lines, text, self.width);
    }

    fn line(&mut self, text: &str) {
        self.lines.push(Line::Text(text.to_owned()));
    }

    /// A paragraph of the fixed parts.
    fn fixed(&mut self, section: &str) {
        let text = self.drawn(section);
        self.paragraph(&text);
    }

    fn drawn(&mut self, section: &str) -> String {
        self.grammar.text(section, &self.scene, self.random)
    }

    fn documents(&mut self) {
        for _ in 0..self.random.within(3, 6) {
            let document = self.drawn("documents");
            self.line(&format!("- {document}"));
        }
        self.lines.push(Line::Paragraph);
    }
}

/// The lines of a letter.
pub(crate) fn lines(
    data: &Data,
    case: &Case,
    truth: &Truth,
    texture: Texture,
    width: usize,
    random: &mut Random,
) -> Vec<Line> {
    let scene = Scene::new(data, case);
    let lines = Vec::with_capacity(160);
    let mut page = Page { lines, width, grammar: &data.grammar, scene, random };
    match truth.layout {
        Layout::Review2013 => review(&mut page, truth),
        Layout::Notice2013 => notice(&mut page, case, truth),
        Layout::Letter2014 => letter(&mut page, case, truth),
        _ => short(&mut page, case, truth, texture),
    }
    page.lines
}

fn short(page: &mut Page<'_>, case: &Case, truth: &Truth, texture: Texture) {
    let later = truth.layout == Layout::Later;
    if case.has_header {
        page.lines.extend(header::lines(fields(case), texture));
    }
    page.heading("HOW THE IMR FINAL DETERMINATION WAS MADE");
    page.fixed(match truth.layout {
        Layout::Short2014 => "method.2014",
        Layout::Later => "method.2017",
        _ => "method.2015",
    });
    if truth.layout != Layout::Short2014 {
        page.line(if later {
            "Credentials of the Expert Reviewer:"
        } else {
            "The Expert Reviewer has the following credentials:"
        });
        let comma = if page.random.chance(0.4) { "," } else { ", " };
        page.paragraph(&format!("State(s) of Licensure: {}", truth.states.join(comma)));
        page.paragraph(&format!("Certification(s)/Specialty: {}", truth.specialties));
    }
    page.heading("CLINICAL CASE SUMMARY");
    page.fixed("lead.summary");
    page.paragraph(&truth.summary);
    page.heading("IMR ISSUES, DECISIONS AND RATIONALES");
    page.fixed("lead.items");
    let in_words = later && page.random.chance(0.2);
    for item in &truth.items {
        head(page, item, in_words);
        page.paragraph(&format!("Claims Administrator guideline: {}", item.claims));
        let reviewer = if later { "IMRO" } else { "MAXIMUS" };
        page.paragraph(&format!("{reviewer} guideline: {}", item.reviewer));
        page.paragraph(&format!("Decision rationale: {}", item.rationale));
    }
}

fn fields(case: &Case) -> HeaderFields {
    let days = case.days;
    HeaderFields {
        case: case.name.clone(),
        assigned: days.assigned.printed(),
        injury: days.injury.printed(),
        decision: days.decision.printed(),
        denial: days.denial.printed(),
        priority: (if case.expedited { "Expedited" } else { "Standard" }).to_owned(),
        received: days.received.printed(),
    }
}

/// Title and outcome.
fn head(page: &mut Page<'_>, item: &Item, in_words: bool) {
    let title = &item.title;
    if in_words && !title.contains(". ") {
        return page.paragraph(&format!("{title} {} and appropriate.", in_sentence(item.outcome)));
    }
    let mark = match item.outcome {
        Outcome::Overturned => "Overturned",
        Outcome::PartiallyOverturned => "Partially Overturned",
        _ => "Upheld",
    };
    // The outcome may stand alone on the next line.
    if page.random.chance(0.03) {
        page.paragraph(&format!("{title}:"));
        page.lines.pop();
        page.line(mark);
        return page.lines.push(Line::Paragraph);
    }
    page.paragraph(&format!("{title}: {mark}"));
}

fn in_sentence(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Overturned => "is medically necessary",
        Outcome::PartiallyOverturned => "is partially medically necessary",
        _ => "is not medically necessary",
    }
}

fn review(page: &mut Page<'_>, truth: &Truth) {
    let item = &truth.items[0];
    page.heading("MEDICAL PROFESSIONAL REVIEW");
    page.heading("ISSUE AT DISPUTE:");
    page.paragraph(&item.title);
    page.heading("CASE SUMMARY:");
    page.paragraph(&truth.summary);
    page.heading("DOCUMENTS REVIEWED FOR DETERMINATION:");
    page.documents();
    page.line("MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL");
    page.heading("REVIEWER AND WHY:");
    page.paragraph(&item.reviewer);
    page.line(match item.outcome {
        Outcome::Overturned => "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS",
        _ => "RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT",
    });
    page.heading("MEDICALLY NECESSARY:");
    page.paragraph(&item.rationale);
    page.heading("MEDICAL REVIEWER QUALIFICATIONS:");
    page.paragraph(&qualified("professional reviewer", truth));
}

fn qualified(reviewer: &str, truth: &Truth) -> String {
    let (specialties, states) = (&truth.specialties, truth.states.join(", "));
    format!(
        "The {reviewer} is Board Certified in {specialties} and is licensed to practice in {states}."
    )
}

fn notice(page: &mut Page<'_>, case: &Case, truth: &Truth) {
    page.heading("Notice of Independent Medical Review Determination");
    if case.has_header {
        page.paragraph(&format!("Dated: {}", case.days.decision.printed()));
        page.paragraph(&format!("IMR Case Number: {}", case.name));
    }
    decisions(page, truth);
    page.heading("INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE");
    let days = case.days;
    page.paragraph(&format!(
        "An application for Independent Medical Review was filed on {}, after the Utilization Review denial of {}. \
         The Notice of Assignment is dated {}. Each item was decided as listed:",
        days.received.printed(),
        days.denial.printed(),
        days.assigned.printed()
    ));
    decisions(page, truth);
    page.heading("Medical Qualifications of the Expert Reviewer:");
    page.paragraph(&qualified("physician reviewer", truth));
    page.heading("Case Summary:");
    page.paragraph(&format!(
        "Disclaimer: Taken from the Utilization Review denial of {}.",
        days.denial.printed()
    ));
    page.paragraph(&format!("\u{201c}{}\u{201d}", truth.summary));
    page.heading("Documents Reviewed:");
    page.documents();
    for (at, item) in truth.items.iter().enumerate() {
        page.paragraph(&format!("{}) Regarding the request for {}:", at + 1, item.title));
        page.heading("Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer:");
        page.paragraph(&format!("{} {}", item.claims, item.reviewer));
        page.heading("Rationale for the Decision:");
        page.paragraph(&item.rationale);
    }
    page.heading("Effect of the Decision:");
    page.fixed("effect");
    page.paragraph("Sincerely,");
}

fn decisions(page: &mut Page<'_>, truth: &Truth) {
    for (at, item) in truth.items.iter().enumerate() {
        page.paragraph(&format!(
            "{}) MAXIMUS Federal Services, Inc. has determined the request for {} {} and appropriate.",
            at + 1,
            item.title,
            in_sentence(item.outcome)
        ));
    }
}

fn letter(page: &mut Page<'_>, case: &Case, truth: &Truth) {
    page.line("MAXIMUS FEDERAL SERVICES, INC.");
    page.heading("Independent Medical Review");
    if case.has_header {
        let days = case.days;
        page.line(&format!("Dated: {}", days.decision.printed()));
        page.line(&format!("IMR Case Number: {}", case.name));
        page.line(&format!("Date of Injury: {}", days.injury.printed()));
        page.line(&format!("UR Denial Date: {}", days.denial.printed()));
        page.line(&format!("Application Received: {}", days.received.printed()));
        page.paragraph(&format!("Date Assigned: {}", days.assigned.printed()));
    }
    page.heading("HOW THE IMR FINAL DETERMINATION WAS MADE");
    page.paragraph(&qualified("Physician Reviewer", truth));
    page.heading("DOCUMENTS REVIEWED");
    page.documents();
    page.heading("CLINICAL CASE SUMMARY");
    page.paragraph(&truth.summary);
    page.heading("IMR DECISION(S) AND RATIONALE(S)");
    for (at, item) in truth.items.iter().enumerate() {
        let decided = in_sentence(item.outcome);
        page.paragraph(&format!("{}. {} {decided} and appropriate.", at + 1, item.title));
        page.paragraph(&item.claims);
        page.paragraph(&item.reviewer);
        page.paragraph(&format!("The Physician Reviewer's decision rationale: {}", item.rationale));
    }
}
