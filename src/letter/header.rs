//! Reads the block of fields above the first heading.
//!
//! Tools print it row by row, or all labels of a column before all its values; one label wraps.
//! Labels and values are therefore read as two streams and paired by kind.

use super::date::Date;
use super::labels::after_label;
use super::lines::Line;
use super::model::{Dates, Header, Letter, Priority};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    CaseNumber,
    Priority,
    Assigned,
    Injury,
    Decision,
    UrDenial,
    Received,
}

impl Field {
    fn is_date(self) -> bool {
        !matches!(self, Field::CaseNumber | Field::Priority)
    }

    /// As letters print it.
    fn name(self) -> &'static str {
        match self {
            Field::CaseNumber => "case number",
            Field::Priority => "priority",
            Field::Assigned => "date assigned",
            Field::Injury => "date of injury",
            Field::Decision => "decision date",
            Field::UrDenial => "UR denial date",
            Field::Received => "application received",
        }
    }
}

const FIELDS: [(&str, Field); 14] = [
    ("case number", Field::CaseNumber),
    ("date assigned", Field::Assigned),
    ("date of injury", Field::Injury),
    ("decision date", Field::Decision),
    ("ur denial date", Field::UrDenial),
    ("application received", Field::Received),
    ("imr application received", Field::Received),
    ("imr case number", Field::CaseNumber),
    ("maximus case number", Field::CaseNumber),
    ("date of ur decision", Field::UrDenial),
    ("dated", Field::Decision),
    ("date received", Field::Received),
    ("received", Field::Received),
    ("priority", Field::Priority),
];

enum Value {
    Case(String),
    Priority(Priority),
    Date(Date),
}

impl Value {
    fn fits(&self, field: Field) -> bool {
        match self {
            Value::Case(_) => field == Field::CaseNumber,
            Value::Priority(_) => field == Field::Priority,
            Value::Date(_) => field.is_date(),
        }
    }
}

/// Labels that stand together, and the values after them.
#[derive(Default)]
struct Group {
    labels: Vec<Field>,
    values: Vec<Value>,
}

/// Reads the header; a letter without one keeps an empty [`Header`]. Of a label whose value cannot be read it warns.
pub(super) fn read(lines: &[Line<'_>], letter: &mut Letter) {
    let mut groups = groups(lines);
    lend_to_wrapped(&mut groups);
    for group in &groups {
        for (field, value) in group.pairs() {
            set(&mut letter.header, field, value);
        }
    }
    let mut unread: Vec<&str> = Vec::new();
    // Running text speaks of applications, too.
    let labelled = |field: Field| {
        field != Field::Received || lines.iter().any(|line| names_receipt(line.text))
    };
    for field in groups.iter().flat_map(|group| &group.labels) {
        if !is_set(&mut letter.header, *field)
            && labelled(*field)
            && !unread.contains(&field.name())
        {
            unread.push(field.name());
        }
    }
    if !unread.is_empty() {
        let message = format!("no value could be read for: {}", unread.join(", "));
        letter.warn("header-unread", message, None);
    }
}

fn groups(lines: &[Line<'_>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut application = false;
    for line in lines {
        let mut rest = line.text;
        while !rest.is_empty() {
            if let Some((field, after)) = field_at(rest) {
                // The wrapped label was counted when its first word was met.
                if !(field == Field::Received && application) {
                    add_label(&mut groups, field);
                }
                rest = after;
                continue;
            }
            let (word, after) = next_word(rest);
            let written = word.starts_with(char::is_uppercase).then(|| Date::at_start(rest));
            rest = after;
            if let (Some(group), Some(Some(date))) = (groups.last_mut(), written) {
                group.values.push(Value::Date(date));
            } else if word.eq_ignore_ascii_case("application") {
                application = true;
                add_label(&mut groups, Field::Received);
            } else if let (Some(group), Some(value)) = (groups.last_mut(), value(word)) {
                group.values.push(value);
            }
        }
    }
    groups
}

/// The value of the label that wraps stands between its two lines, and some tools print it before the first: then the
/// group before has a date too many, and the label none.
fn lend_to_wrapped(groups: &mut [Group]) {
    let dates = |group: &Group| {
        let labels = group.labels.iter().filter(|label| label.is_date()).count();
        let values = group.values.iter().filter(|value| matches!(value, Value::Date(_))).count();
        (labels, values)
    };
    let Some(wrapped) = groups
        .iter()
        .position(|group| group.labels == [Field::Received] && group.values.is_empty())
    else {
        return;
    };
    let richer = groups[..wrapped].iter().rposition(|group| {
        let (labels, values) = dates(group);
        labels > 0 && values == labels + 1 && matches!(group.values.last(), Some(Value::Date(_)))
    });
    if let Some(richer) = richer {
        let value = groups[richer].values.pop();
        groups[wrapped].values.extend(value);
    }
}

fn add_label(groups: &mut Vec<Group>, label: Field) {
    match groups.last_mut() {
        Some(group) if group.values.is_empty() => group.labels.push(label),
        _ => groups.push(Group { labels: vec![label], values: Vec::new() }),
    }
}

impl Group {
    /// Pairs values with labels. Of one value the label is the nearest before it; of a column's
    /// values each label has its own, or none can be told.
    fn pairs(&self) -> Vec<(Field, &Value)> {
        if let [value] = self.values.as_slice()
            && self.labels.len() < 3
        {
            let nearest = self.labels.iter().rev().find(|label| value.fits(**label));
            return nearest.map(|label| (*label, value)).into_iter().collect();
        }
        let mut pairs = Vec::new();
        for kind in [Field::CaseNumber, Field::Priority, Field::Decision] {
            let of_kind = |value: &&Value| value.fits(kind);
            let values: Vec<&Value> = self.values.iter().filter(of_kind).collect();
            let Some(first) = values.first() else { continue };
            let labels: Vec<Field> =
                self.labels.iter().copied().filter(|label| first.fits(*label)).collect();
            if labels.len() == values.len() {
                pairs.extend(labels.into_iter().zip(values));
            }
        }
        pairs
    }
}

fn set(header: &mut Header, field: Field, value: &Value) {
    match value {
        Value::Case(number) => header.case_number = Some(number.clone()),
        Value::Priority(priority) => header.priority = Some(*priority),
        Value::Date(date) => {
            if let Some(slot) = date_slot(&mut header.dates, field) {
                *slot = Some(*date);
            }
        }
    }
}

/// Whether a line has the second word of the label that wraps.
fn names_receipt(line: &str) -> bool {
    let words = line.split_whitespace();
    words.into_iter().any(|word| word.eq_ignore_ascii_case("received:"))
}

fn is_set(header: &mut Header, field: Field) -> bool {
    match field {
        Field::CaseNumber => header.case_number.is_some(),
        Field::Priority => header.priority.is_some(),
        date => date_slot(&mut header.dates, date).is_some_and(|slot| slot.is_some()),
    }
}

fn date_slot(dates: &mut Dates, field: Field) -> Option<&mut Option<Date>> {
    match field {
        Field::Assigned => Some(&mut dates.assigned),
        Field::Injury => Some(&mut dates.injury),
        Field::Decision => Some(&mut dates.decision),
        Field::UrDenial => Some(&mut dates.ur_denial),
        Field::Received => Some(&mut dates.received),
        Field::CaseNumber | Field::Priority => None,
    }
}

/// The longest label, with spaces between its words, in bytes.
const MAX_LABEL: usize = 60;

fn field_at(text: &str) -> Option<(Field, &str)> {
    let near = &text.as_bytes()[..text.len().min(MAX_LABEL)];
    memchr::memchr(b':', near)?;
    FIELDS.iter().find_map(|(words, field)| Some((*field, after_label(text, words)?)))
}

fn next_word(text: &str) -> (&str, &str) {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

fn value(word: &str) -> Option<Value> {
    if let Some(number) = case_number(word) {
        return Some(Value::Case(number.to_owned()));
    }
    match word.to_ascii_lowercase().as_str() {
        "standard" => Some(Value::Priority(Priority::Standard)),
        "expedited" => Some(Value::Priority(Priority::Expedited)),
        _ => Date::at_start(word).map(Value::Date),
    }
}

/// Returns the first case number `CMyy-nnnnnnn` in a text.
pub(crate) fn case_number(text: &str) -> Option<&str> {
    const LENGTH: usize = "CM00-0000000".len();
    text.match_indices("CM").find_map(|(start, _)| {
        let number = text.get(start..start + LENGTH)?;
        let digit = |at: usize, byte: u8| match at {
            0 => byte == b'C',
            1 => byte == b'M',
            4 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        let whole = number.bytes().enumerate().all(|(at, byte)| digit(at, byte));
        let ends = !text[start + LENGTH..].starts_with(|c: char| c.is_ascii_digit());
        (whole && ends).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::*;

    const ISO: [&str; 5] = ["2016-10-16", "2016-12-21", "2016-11-23", "2016-10-20", "2016-11-15"];

    fn read(lines: &[Line<'_>]) -> Header {
        letter(lines).header
    }

    fn letter(lines: &[Line<'_>]) -> Letter {
        let mut letter = Letter::default();
        super::read(lines, &mut letter);
        letter
    }

    fn check(text: &str) {
        let header = read(&split(text));
        assert_eq!(header.case_number.as_deref(), Some("CM99-0000001"), "{text}");
        assert_eq!(header.priority, Some(Priority::Standard), "{text}");
        let d = &header.dates;
        let dates = [d.injury, d.decision, d.assigned, d.ur_denial, d.received];
        let dates = dates.map(|date| date.map(|d| d.to_string()).unwrap_or_default());
        assert_eq!(dates, ISO, "{text}");
    }

    #[test]
    fn rows_of_two_columns_with_a_wrapped_label() {
        check(
            "Case Number: CM99-0000001\nDate Assigned: 11/23/2016 Date of Injury: 10/16/2016\n\
             Decision Date: 12/21/2016 UR Denial Date: 10/20/2016\n\
             Priority: Standard Application\nReceived:\n11/15/2016",
        );
        check(
            "Case Number:   CM99-0000001\nDate Assigned:   11/23/2016    Date of Injury:   10/16/2016\n\
             Decision Date:   12/21/2016    UR Denial Date:   10/20/2016\n\
             Priority:     Standard     Application    11/15/2016\n        Received:",
        );
        check(
            "Case Number:   CM99-0000001\nDate Assigned:   11/23/2016    Date of Injury:   10/16/2016\n\
             Decision Date:   12/21/2016    UR Denial Date:   10/20/2016\n              11/15/2016\n\
             Priority:     Standard     Application\n             Received:",
        );
    }

    #[test]
    fn labels_of_a_column_before_its_values() {
        check(
            "Case Number:\nDate Assigned:\nDecision Date:\nPriority:\nCM99-0000001\n11/23/2016\n\
             12/21/2016\nStandard\nDate of Injury:\nUR Denial Date:\nApplication\nReceived:\n\
             10/16/2016\n10/20/2016\n11/15/2016",
        );
        check(
            "Case Number:\nDate Assigned:\nDate of Injury:\nDecision Date:\nUR Denial Date:\n\
             Priority:\nApplication Received:\nCM99-0000001\n11/23/2016\n10/16/2016\n12/21/2016\n\
             10/20/2016\nStandard\n11/15/2016",
        );
    }

    #[test]
    fn a_column_that_lacks_a_value_is_not_guessed_at() {
        let header = read(&split(
            "Case Number:\nDate Assigned:\nDecision Date:\nCM99-0000001\n11/23/2016\nUR Denial Date:\n10/20/2016",
        ));
        assert_eq!(header.case_number.as_deref(), Some("CM99-0000001"));
        assert_eq!((header.dates.assigned, header.dates.decision), (None, None));
        assert_eq!(header.dates.ur_denial, Date::new(2016, 10, 20));
    }

    #[test]
    fn a_label_whose_value_cannot_be_read_is_warned_of() {
        let warned = |text| {
            letter(&split(text))
                .warnings
                .into_iter()
                .map(|w| (w.code, w.message))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            warned("Case Number: CM99-0000001 Decision Date: 13/45/2015\nUR Denial Date: unknown"),
            [(
                "header-unread",
                "no value could be read for: decision date, UR denial date".to_owned()
            )]
        );
        assert!(warned("Decision Date: 12/21/2016\nCase Number: CM99-0000001").is_empty());
        assert!(
            warned("Decision Date: 12/21/2016\nThis answers your application for review.")
                .is_empty()
        );
    }

    #[test]
    fn a_date_may_be_written_out() {
        let header = read(&split("Dated: April 28, 2014\nCase Number: CM99-0000001"));
        assert_eq!(header.dates.decision, Date::new(2014, 4, 28));
        assert_eq!(header.case_number.as_deref(), Some("CM99-0000001"));
    }

    #[test]
    fn a_field_without_value_takes_no_other_field_s() {
        let header = read(&split("Date of Injury: Decision Date: 12/21/2016"));
        assert_eq!(header.dates.injury, None);
        assert_eq!(header.dates.decision, Date::new(2016, 12, 21));
    }
}
