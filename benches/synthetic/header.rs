//! The block of fields above the first heading.

use super::texture::{Line, Texture};

/// The fields as printed; an empty one has no value.
#[derive(Debug, Default)]
pub(crate) struct HeaderFields {
    pub(crate) case: String,
    pub(crate) assigned: String,
    pub(crate) injury: String,
    pub(crate) decision: String,
    pub(crate) denial: String,
    pub(crate) priority: String,
    pub(crate) received: String,
}

/// The header's lines: rows of two fields, or one column after the other.
pub(crate) fn lines(fields: HeaderFields, texture: Texture) -> Vec<Line> {
    let HeaderFields { case, assigned, injury, decision, denial, priority, received } = fields;
    let text = if texture == Texture::Columns {
        let columns = [
            vec![
                ("Case Number:", case),
                ("Date Assigned:", assigned),
                ("Decision Date:", decision),
                ("Priority:", priority),
            ],
            vec![
                ("Date of Injury:", injury),
                ("UR Denial Date:", denial),
                ("Application\nReceived:", received),
            ],
        ];
        columns.map(column).concat()
    } else {
        format!(
            "Case Number: {case}\nDate Assigned: {assigned} Date of Injury: {injury}\nDecision Date: {decision} \
             UR Denial Date: {denial}\nPriority: {priority} Application\nReceived:\n{received}"
        )
    };
    let lines =
        text.lines().filter(|line| !line.is_empty()).map(|line| Line::Text(line.to_owned()));
    lines.chain([Line::Paragraph]).collect()
}

/// Labels, then values. Labels without a value are left out: whose a value is could not be told.
fn column(fields: Vec<(&str, String)>) -> String {
    let printed = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let (labels, values): (Vec<&str>, Vec<String>) = printed.unzip();
    format!("{}\n{}\n", labels.join("\n"), values.join("\n"))
}
