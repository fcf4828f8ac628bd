//! What a letter holds once it is read: the types, and nothing that reads them.

use super::date::Date;
use super::layout::Layout;

/// One determination as printed, with normalised dates, outcomes and flags but no facets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// Case number, else what the file's name gives; unique only within one folder.
    pub id: String,
    /// The family of layouts the letter belongs to.
    pub layout: Layout,
    /// The block of fields above the first heading.
    pub header: Header,
    /// Who judged.
    pub reviewer: Reviewer,
    /// About whom.
    pub claimant: Claimant,
    /// Clinical case summary without its introducing sentence.
    pub summary: Option<String>,
    /// Disputed items in letter order.
    pub items: Vec<Item>,
    /// What was missing or odd.
    pub warnings: Vec<Warning>,
}

impl Letter {
    /// Adds a warning; `item` is the number of the item it is about.
    pub(super) fn warn(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        item: Option<u32>,
    ) {
        self.warnings.push(Warning { code, message: message.into(), item });
    }

    /// The outcome over all items; `None` where there is no item or one without outcome.
    pub fn outcome(&self) -> Option<LetterOutcome> {
        let mut outcomes = self.items.iter().map(|item| item.outcome);
        let first = outcomes.next()?;
        if self.items.iter().any(|item| item.outcome == Outcome::Unknown) {
            return None;
        }
        if !outcomes.all(|other| other == first) {
            return Some(LetterOutcome::Mixed);
        }
        match first {
            Outcome::Upheld => Some(LetterOutcome::Upheld),
            Outcome::Overturned => Some(LetterOutcome::Overturned),
            Outcome::PartiallyOverturned => Some(LetterOutcome::Mixed),
            Outcome::Unknown => None,
        }
    }
}

/// The fields of the header block; all absent where the letter has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// `CMyy-nnnnnnn`.
    pub case_number: Option<String>,
    /// Standard or expedited review.
    pub priority: Option<Priority>,
    /// The dates printed.
    pub dates: Dates,
}

/// The dates of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dates {
    /// Date of injury; from the summary where no header prints it.
    pub injury: Option<Date>,
    /// Date of the determination.
    pub decision: Option<Date>,
    /// Date the case was assigned to a reviewer.
    pub assigned: Option<Date>,
    /// Date of the utilization review denial.
    pub ur_denial: Option<Date>,
    /// Date the application was received.
    pub received: Option<Date>,
}

/// How fast the review had to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// The usual review.
    Standard,
    /// The review where delay endangers health.
    Expedited,
}

impl Priority {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Priority::Standard => "standard",
            Priority::Expedited => "expedited",
        }
    }
}

/// Who judged: names of reviewers are confidential and never printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reviewer {
    /// The specialties as printed.
    pub printed: Option<String>,
    /// States of licensure.
    pub states: Vec<String>,
}

/// About whom the letter is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claimant {
    /// Age in years.
    pub age: Option<u32>,
    /// Sex, where a word states it.
    pub sex: Option<Sex>,
}

/// Sex as a word of the summary states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// female, woman ...
    Female,
    /// male, man ...
    Male,
}

impl Sex {
    /// The word in JSON and in filters.
    pub fn as_str(self) -> &'static str {
        match self {
            Sex::Female => "female",
            Sex::Male => "male",
        }
    }
}

/// One disputed item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Place in the letter, from 1.
    pub number: u32,
    /// The request as printed, line breaks joined.
    pub title: String,
    /// The portion in dispute: of a request that was modified, what remained to decide.
    pub disputed: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What utilization review had done.
    pub ur_action: UrAction,
    /// What was asked for, in numbers.
    pub quantities: Quantities,
    /// The claims administrator's guideline field as printed.
    pub claims_guideline: Option<String>,
    /// The reviewer's guideline field as printed.
    pub reviewer_guideline: Option<String>,
    /// Why it was decided so.
    pub rationale: Option<String>,
}

/// How a disputed item ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Outcome {
    /// The denial stands.
    Upheld,
    /// The treatment must be authorised.
    Overturned,
    /// A part must be authorised.
    PartiallyOverturned,
    /// No mark was found.
    #[default]
    Unknown,
}

impl Outcome {
    /// The facet path.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Upheld => "upheld",
            Outcome::Overturned => "overturned",
            Outcome::PartiallyOverturned => "partially-overturned",
            Outcome::Unknown => "unknown",
        }
    }
}

/// The outcome over all items of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterOutcome {
    /// All items upheld.
    Upheld,
    /// All items overturned.
    Overturned,
    /// Some of each.
    Mixed,
}

impl LetterOutcome {
    /// The facet path.
    pub fn as_str(self) -> &'static str {
        match self {
            LetterOutcome::Upheld => "upheld",
            LetterOutcome::Overturned => "overturned",
            LetterOutcome::Mixed => "mixed",
        }
    }
}

/// What utilization review had done with the request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UrAction {
    /// Nothing was authorised.
    #[default]
    Denied,
    /// A part was authorised.
    Modified,
}

impl UrAction {
    /// The facet path.
    pub fn as_str(self) -> &'static str {
        match self {
            UrAction::Denied => "denied",
            UrAction::Modified => "modified",
        }
    }
}

/// What an item asks for in numbers, as far as it is printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quantities {
    /// Sessions, visits or treatments; the lower end where a range is printed.
    pub sessions: Option<u32>,
    /// The upper end of a range of sessions.
    pub sessions_max: Option<u32>,
    /// Units of a drug: the number after `#`.
    pub count: Option<u32>,
    /// Strengths as printed without spaces, such as `7.5mg` or `10/325mg`.
    pub strengths: Vec<String>,
}

/// Something missing or odd that a reader of the letter should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable name, such as `outcome-missing`.
    pub code: &'static str,
    /// What was seen.
    pub message: String,
    /// The item it is about.
    pub item: Option<u32>,
}
