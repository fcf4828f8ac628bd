//! Whole letters: what only shows when the parts work together.

use super::*;

const TOP: &str = "HOW THE IMR FINAL DETERMINATION WAS MADE\nA reviewer read the file.\n \nThe \
    Expert Reviewer has the following credentials:\nState(s) of Licensure: Ohio\n\
    Certification(s)/Specialty: Neurology\n \nCLINICAL CASE SUMMARY\nThe reviewer wrote this \
    summary: A 50 year old man was hurt on the job; injured on 1/2/2014.\n \nIMR ISSUES, DECISIONS \
    AND RATIONALES\nDecisions for the disputed items/services set forth below:\n \n";

fn letter(items: &str) -> Letter {
    parse(&format!("{TOP}{items}"), "stem")
}

fn titles(letter: &Letter) -> Vec<(&str, Outcome)> {
    letter.items.iter().map(|item| (item.title.as_str(), item.outcome)).collect()
}

const FIELDS: &str = "Claims Administrator guideline: Decision based on A.\n \nMAXIMUS guideline: \
    Decision based on B.\n \nDecision rationale: The brace was asked for. It is not medically \
    necessary.\n";

#[test]
fn reads_a_whole_letter() {
    let letter = letter(&format!("Knee brace: Upheld\n \n{FIELDS}"));
    assert_eq!(letter.layout, Layout::Short2015);
    assert_eq!(letter.id, "stem");
    assert_eq!(letter.reviewer.printed.as_deref(), Some("Neurology"));
    assert_eq!(letter.claimant.age, Some(50));
    assert!(letter.summary.as_deref().is_some_and(|s| s.starts_with("A 50 year")));
    assert_eq!(letter.header.dates.injury, Date::new(2014, 1, 2));
    let item = &letter.items[0];
    assert_eq!(item.claims_guideline.as_deref(), Some("Decision based on A."));
    assert!(item.rationale.as_deref().is_some_and(|r| r.ends_with("medically necessary.")));
    assert_eq!(letter.outcome(), Some(LetterOutcome::Upheld));
    assert!(letter.warnings.is_empty(), "{:?}", letter.warnings);
}

#[test]
fn titles_that_are_hard() {
    for (head, title, outcome) in [
        ("Post-op labs: glucose: Overturned", "Post-op labs: glucose", Outcome::Overturned),
        ("Gel 50mg #40 day supply: 20:  Upheld", "Gel 50mg #40 day supply: 20", Outcome::Upheld),
        (
            "Work hardening of the left ankle:\nUpheld",
            "Work hardening of the left ankle",
            Outcome::Upheld,
        ),
        ("HOT PACK PURCHASE:  Upheld", "HOT PACK PURCHASE", Outcome::Upheld),
        ("2 wrist splints: Upheld", "2 wrist splints", Outcome::Upheld),
        (
            "A long request that\nwraps: Overturned",
            "A long request that wraps",
            Outcome::Overturned,
        ),
    ] {
        let letter = letter(&format!("{head}\n \n{FIELDS} \n{head}\n \n{FIELDS}"));
        assert_eq!(titles(&letter), [(title, outcome), (title, outcome)], "{head}");
    }
}

#[test]
fn a_title_glued_to_the_rationale_before_it() {
    let fields = FIELDS.replace(" \n", "");
    let letter = letter(&format!("Cane: Upheld\n{fields}Knee brace: Upheld\n{fields}"));
    assert_eq!(titles(&letter), [("Cane", Outcome::Upheld), ("Knee brace", Outcome::Upheld)]);
}

#[test]
fn a_modified_request_goes_back_to_its_first_sentence() {
    let head = "Pilates 10 visits was the original request.\nPilates 4 visits was authorized by the \
                Claims Administrator.\nThe remaining IMR eligible portion of the original request, \
                Pilates\n6 visits is: Upheld";
    let glued = FIELDS.replace(" \n", "");
    for fields in [FIELDS.to_owned() + " \n", glued] {
        let letter = letter(&format!("Cane: Upheld\n{fields}{head}\n{fields}"));
        assert_eq!(letter.items[1].disputed, "Pilates 6 visits");
        assert!(letter.items[1].title.starts_with("Pilates 10 visits"), "{:?}", letter.items[1]);
        assert_eq!(letter.items[1].ur_action, UrAction::Modified);
    }
}

#[test]
fn what_is_missing_is_warned_of() {
    let letter = letter("Knee brace\n \nClaims Administrator guideline: A.\n");
    assert_eq!(titles(&letter), [("Knee brace", Outcome::Unknown)]);
    let codes: Vec<&str> = letter.warnings.iter().map(|w| w.code).collect();
    assert_eq!(codes, ["outcome-missing", "reviewer-guideline-missing", "rationale-missing"]);
}

#[test]
fn a_head_that_lost_its_fields_is_an_item() {
    let letter = letter(&format!("Cane: Upheld\n \n{FIELDS} \nKnee brace: Overturned\n"));
    assert_eq!(titles(&letter)[1], ("Knee brace", Outcome::Overturned));
    assert!(letter.items[0].rationale.as_deref().is_some_and(|r| r.ends_with("necessary.")));
}

#[test]
fn what_follows_the_last_item_is_no_part_of_it() {
    for tail in [
        "Sincerely,\nA director",
        "Disclaimer: The publisher is providing an independent review\nand gives no advice.",
    ] {
        let letter = letter(&format!("Knee brace: Upheld\n \n{FIELDS} \n{tail}"));
        let rationale = letter.items[0].rationale.as_deref().unwrap_or_default();
        assert!(rationale.ends_with("not medically necessary."), "{rationale}");
    }
}

#[test]
fn a_review_may_begin_its_parts_on_the_lines_of_their_headings() {
    let letter = parse(
        "MEDICAL PROFESSIONAL REVIEW\nISSUE AT DISPUTE: Note: a brace\nCASE SUMMARY: A 50 year old man.\n\
         RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT\nMEDICALLY NECESSARY: None.",
        "stem",
    );
    assert_eq!(titles(&letter), [("Note: a brace", Outcome::Upheld)]);
    assert_eq!(letter.claimant.age, Some(50));
}

#[test]
fn what_is_no_letter_is_not_read() {
    assert_eq!(parse("Dear Sir, hello.", "x").layout, Layout::Unknown);
}

#[test]
fn a_line_of_prose_that_looks_like_a_label_is_none() {
    let fields = FIELDS.replace("It is not", "Of this says the\nODG guideline: not so. It is not");
    let fields = fields.replace("based on A.", "based on\nODG guideline: A.");
    let letter = letter(&format!("Cane: Upheld\n \n{fields} \nBrace: Upheld\n \n{fields}"));
    assert_eq!(letter.layout, Layout::Short2015);
    assert_eq!(letter.items.len(), 2);
    for item in &letter.items {
        assert_eq!(item.claims_guideline.as_deref(), Some("Decision based on ODG guideline: A."));
        assert_eq!(item.reviewer_guideline.as_deref(), Some("Decision based on B."));
        assert!(item.rationale.as_deref().is_some_and(|r| r.ends_with("medically necessary.")));
    }
}

#[test]
fn a_damaged_label_costs_at_most_its_own_field() {
    let whole = letter(&format!("Brace: Upheld\n \n{FIELDS} \nCane: Overturned\n \n{FIELDS}"));
    // Spaces that extraction lost or added do not matter.
    for (label, damaged) in [
        ("Claims Administrator guideline:", "ClaimsAdministrator guide line:"),
        ("MAXIMUS guideline:", "MAXI MUSguideline :"),
        ("Decision rationale:", "Decisionrationale:"),
    ] {
        let fields = FIELDS.replace(label, damaged);
        let read = letter(&format!("Brace: Upheld\n \n{FIELDS} \nCane: Overturned\n \n{fields}"));
        assert_eq!(read.items, whole.items, "{damaged}");
    }
    // One that cannot be read at all leaves the item and its other fields.
    let fields = FIELDS.replace("Claims Administrator guideline:", "Claims Adm. guidance:");
    for gap in [" \n", ""] {
        let read = letter(&format!("Brace: Upheld\n \n{FIELDS} \nCane: Overturned\n{gap}{fields}"));
        assert_eq!(titles(&read), titles(&whole));
        let (item, other) = (&read.items[1], &whole.items[1]);
        assert_eq!(item.claims_guideline, None);
        assert_eq!(item.reviewer_guideline, other.reviewer_guideline);
        assert_eq!((&item.rationale, &read.items[0]), (&other.rationale, &whole.items[0]));
        let codes: Vec<&str> = read.warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, ["claims-guideline-missing"]);
    }
}

#[test]
fn fields_of_an_item_are_not_taken_for_the_one_before() {
    let first = FIELDS.replace("MAXIMUS", "M. X.").replace("Decision rationale:", "Why:");
    let second = FIELDS.replace("Claims Administrator", "C. A.");
    let read = letter(&format!("Brace: Upheld\n \n{first} \nCane: Overturned\n{second}"));
    assert_eq!(titles(&read), [("Brace", Outcome::Upheld), ("Cane", Outcome::Overturned)]);
    assert_eq!(read.items[0].rationale, None);
    assert!(read.items[1].rationale.is_some() && read.items[1].reviewer_guideline.is_some());
}

#[test]
fn labels_within_lines_begin_fields() {
    let whole = letter(&format!("Brace: Upheld\n \n{FIELDS} \nCane: Overturned\n \n{FIELDS}"));
    let glued = FIELDS.replace(".\n \n", ". ");
    for head in ["Cane: Overturned ", "Cane: Overturned"] {
        let read = letter(&format!("Brace: Upheld\n \n{FIELDS} \n{head}{glued}"));
        assert_eq!(read.items, whole.items, "{head}");
    }
}

#[test]
fn headings_of_the_items_in_fewer_letters() {
    let text = format!("{TOP}Brace: Upheld\n \n{FIELDS}");
    for heading in ["IMR ISSUES, DECISIONS AND RATIONALE", "IMR ISSUES, DECISIONS & RATIONALES"] {
        let read = parse(&text.replace("IMR ISSUES, DECISIONS AND RATIONALES", heading), "stem");
        assert_eq!((read.layout, read.items.len()), (Layout::Short2015, 1), "{heading}");
    }
}
