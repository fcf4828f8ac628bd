//! What is similar, as text and CSV: a list with reasons, or pairs side by side with the words that
//! differ marked.

use super::hit_table::csv_error;
use super::interval::in_words;
use super::style::{BOLD, DIM, Painted, WARN, outcome_style};
use super::wrap::{clean, wrap, wrap_marked};
use crate::index::{ItemDocument, stems_once};
use crate::insight::{Alike, Similar};
use crate::vocabulary::{Verdicts, Vocabularies};
use std::collections::HashSet;
use std::io::{self, Write};

/// Narrower than this, two texts stand one after the other.
const SIDE_BY_SIDE: usize = 70;
/// Columns that an identity, an outcome and a likeness take in one line.
const HEAD_WIDTH: usize = 48;
/// Columns between two texts.
const GUTTER: usize = 3;

/// How similar items are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pairs {
    /// As a list.
    Listed,
    /// Each beside the item that it is like.
    SideBySide,
}

struct Page<'a> {
    out: &'a mut dyn Write,
    vocabularies: &'a Vocabularies,
    width: usize,
}

/// Writes what is similar for a person.
pub(crate) fn similar_text(
    out: &mut dyn Write,
    similar: &Similar,
    pairs: Pairs,
    vocabularies: &Vocabularies,
    width: usize,
) -> io::Result<()> {
    let mut page = Page { out, vocabularies, width };
    page.head(similar, pairs)?;
    for (at, near) in similar.nearest.iter().enumerate() {
        writeln!(page.out)?;
        match pairs {
            Pairs::Listed => page.listed(at + 1, near)?,
            Pairs::SideBySide => page.beside(&similar.of, near)?,
        }
    }
    Ok(())
}

impl Page<'_> {
    fn head(&mut self, similar: &Similar, pairs: Pairs) -> io::Result<()> {
        let of = &similar.of.item;
        let name = if of.id.is_empty() { String::new() } else { format!("{}: ", of.id) };
        for line in wrap(&format!("Like {name}{}", of.title), self.width) {
            writeln!(self.out, "{}", Painted(BOLD, line))?;
        }
        let line = match (similar.nearest.len(), pairs) {
            (0, _) => "nothing in the index is like it".to_owned(),
            (_, Pairs::SideBySide) => {
                "the most like requests that came out the other way".to_owned()
            }
            (nearest, Pairs::Listed) => {
                format!("of the nearest {nearest}: {}", in_words(similar.outcomes))
            }
        };
        for line in wrap(&line, self.width) {
            writeln!(self.out, "{line}")?;
        }
        for line in similar.notes.iter().flat_map(|note| wrap(note, self.width)) {
            writeln!(self.out, "{}", Painted(WARN, line))?;
        }
        Ok(())
    }

    fn outcome(&self, item: &ItemDocument) -> String {
        let label = |facet: &crate::vocabulary::Facet| facet.label_of(&item.item.outcome);
        let label = self.vocabularies.outcome().map_or_else(|| item.item.outcome.clone(), label);
        Painted(outcome_style(&item.item.outcome), label.to_uppercase()).to_string()
    }

    fn listed(&mut self, rank: usize, near: &Alike) -> io::Result<()> {
        let room = self.width.saturating_sub(5);
        let likeness = Painted(DIM, format!("{:.0} % alike", near.likeness * 100.0));
        writeln!(self.out, "{rank:>3}. {} {likeness}", self.outcome(&near.item))?;
        for line in wrap(&near.item.item.title, room) {
            writeln!(self.out, "     {}", Painted(BOLD, line))?;
        }
        for line in facts(near).iter().flat_map(|fact| wrap(fact, room)) {
            writeln!(self.out, "     {}", Painted(DIM, line))?;
        }
        Ok(())
    }

    /// Two items beside each other; words that only one of them has are marked.
    fn beside(&mut self, of: &ItemDocument, near: &Alike) -> io::Result<()> {
        let is_wide = self.width >= SIDE_BY_SIDE;
        let room = if is_wide { (self.width - GUTTER) / 2 } else { self.width };
        let sides = [(of, &near.item, false), (&near.item, of, true)];
        let columns = sides.map(|(item, other, is_near)| {
            let name = if item.item.id.is_empty() { "your text" } else { &item.item.id };
            let mut lines = vec![format!("{} {}", clean(name), self.outcome(item))];
            if is_near {
                let alike = format!("requests {:.0} % alike", near.likeness * 100.0);
                let alike = Painted(DIM, alike).to_string();
                if room >= HEAD_WIDTH {
                    lines[0] = format!("{} {alike}", lines[0]);
                } else {
                    lines.push(alike);
                }
            }
            for text in [|item: &ItemDocument| item.item.title.clone(), rationale] {
                let (own, others) = (text(item), text(other));
                lines.extend(wrap_marked(
                    &own,
                    &differing(&own, &others, self.vocabularies.verdicts()),
                    room,
                ));
                lines.push(String::new());
            }
            lines
        });
        let [left, right] = &columns;
        if !is_wide {
            return left.iter().chain(right).try_for_each(|line| writeln!(self.out, "{line}"));
        }
        for at in 0..left.len().max(right.len()) {
            let line = |column: &[String]| column.get(at).cloned().unwrap_or_default();
            let (left, right) = (line(left), line(right));
            let seen = anstream::adapter::strip_str(&left).to_string().chars().count();
            let space = " ".repeat((room + GUTTER).saturating_sub(seen));
            writeln!(self.out, "{}", format!("{left}{space}{right}").trim_end())?;
        }
        Ok(())
    }
}

fn rationale(item: &ItemDocument) -> String {
    item.item.rationale.clone().unwrap_or_default()
}

/// The words whose stems the other text does not hold, as character ranges; no small words but those that
/// carry meaning.
pub(crate) fn differing(text: &str, other: &str, verdicts: &Verdicts) -> Vec<[usize; 2]> {
    let others: HashSet<String> = stems_once(other).into_iter().map(|(_, stem)| stem).collect();
    let (mut marks, mut at, mut chars) = (Vec::new(), 0, 0);
    for (place, stem) in stems_once(text) {
        let printed = text[place.clone()].to_lowercase();
        let is_small = verdicts.small.contains(&printed) && !verdicts.telling.contains(&printed);
        if is_small || others.contains(&stem) || place.start < at {
            continue;
        }
        let start = chars + text[at..place.start].chars().count();
        let end = start + text[place.clone()].chars().count();
        (at, chars) = (place.end, end);
        marks.push([start, end]);
    }
    marks
}

/// Where an item comes from and why it is similar.
fn facts(near: &Alike) -> Vec<String> {
    let decided = near.item.decided.iter().map(|date| format!("decided {date}"));
    let identity: Vec<String> = std::iter::once(near.item.item.id.clone()).chain(decided).collect();
    let values = near.shared_values.iter().map(|value| value.label.clone());
    let mut facts = vec![identity.join(" \u{b7} ")];
    let values: Vec<String> = values.collect();
    if !values.is_empty() {
        facts.push(format!("both: {}", values.join(" \u{b7} ")));
    }
    if !near.shared_words.is_empty() {
        facts.push(format!("words: {}", near.shared_words.join(", ")));
    }
    if near.folded > 0 {
        facts.push(format!("and {} more with the same rationale", near.folded));
    }
    facts
}

/// Writes what is similar as CSV.
pub(crate) fn similar_csv(out: &mut dyn Write, all: &[Similar]) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let mut write = |record: &[String]| csv.write_record(record).map_err(csv_error);
    write(
        &["of", "id", "likeness", "outcome", "decided", "title", "shared_values", "shared_words"]
            .map(str::to_owned),
    )?;
    for similar in all {
        for near in &similar.nearest {
            let values: Vec<String> = near
                .shared_values
                .iter()
                .map(|value| format!("{}:{}", value.facet, value.path))
                .collect();
            write(&[
                similar.of.item.id.clone(),
                near.item.item.id.clone(),
                format!("{:.4}", near.likeness),
                near.item.item.outcome.clone(),
                near.item.decided.clone().unwrap_or_default(),
                near.item.item.title.clone(),
                values.join("; "),
                near.shared_words.join("; "),
            ])?;
        }
    }
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_text_only_are_marked() {
        let text = "Six of the visits \u{2013} no gains";
        let small = ["of", "the", "no"].into_iter().collect();
        let verdicts =
            Verdicts { small, telling: ["no"].into_iter().collect(), ..Verdicts::default() };
        let marks = differing(text, "visit after visit, gain", &verdicts);
        let chars: Vec<char> = text.chars().collect();
        let words: Vec<String> =
            marks.iter().map(|[from, to]| chars[*from..*to].iter().collect()).collect();
        assert_eq!(words, ["Six", "no"]);
    }
}
