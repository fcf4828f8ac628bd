//! `imr show`: an item or a letter, to read.

use super::Done;
use super::args::{Format, Global};
use super::error::CliError;
use crate::index::{ItemDocument, NameError, Named, Pipeline, Snapshot};
use crate::output::{
    Evidence, Look, Painted, WARN, clean, evidence, evidence_text, item_text, json, json_line,
    letter_text, width,
};
use crate::query::Field;
use crate::record::LetterRecord;
use crate::search::{Engine, Marker, Request};
use crate::source;
use crate::vocabulary::Vocabularies;
use clap::Args;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// Show an item or a whole letter
#[derive(Debug, Args)]
pub(super) struct Show {
    /// A letter such as CM14-0012345, or an item such as CM14-0012345/1
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// The letter's text as it was read
    #[arg(long)]
    source: bool,

    /// Mark what this query finds, in the request, the reasons and the case summary
    #[arg(long, value_name = "QUERY", conflicts_with = "source")]
    query: Option<String>,

    /// Which words each facet came from
    #[arg(long, conflicts_with = "source")]
    explain: bool,

    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is shown, as JSON.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    what: What,
    /// Where its facets come from, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Vec<Evidence>>,
    /// What the query finds, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    marks: Option<Vec<Marked>>,
}

/// What a query finds in one part.
#[derive(Serialize)]
struct Marked {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<u32>,
    field: &'static str,
    /// As character offsets, start and end.
    marks: Vec<[usize; 2]>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum What {
    Letter(Box<LetterRecord>),
    Item(Box<ItemDocument>),
    Source { id: String, text: String },
}

impl Show {
    pub(super) fn run(&self, global: &Global, out: &mut dyn Write) -> Result<Done, CliError> {
        let (vocabularies, snapshot) = global.opened()?;
        let mut all = Vec::new();
        let mut done = Done::Found;
        let mut first = true;
        for id in &self.ids {
            let Some(named) = find(snapshot, id)? else {
                done = Done::Nothing;
                continue;
            };
            if self.format == Format::Text {
                if !std::mem::take(&mut first) {
                    writeln!(out)?;
                }
                self.text(snapshot, vocabularies, &named, out)?;
                tell_namesake(snapshot, &named.letter)?;
                continue;
            }
            let shown = self.shown(snapshot, vocabularies, named)?;
            if self.format == Format::Jsonl {
                json_line(out, &shown)?;
            } else {
                all.push(shown);
            }
        }
        match (self.format, self.ids.len(), all.as_slice()) {
            (Format::Json, 1, []) => {}
            (Format::Json, 1, [one]) => json(out, one)?,
            (Format::Json, _, many) => json(out, &many)?,
            _ => {}
        }
        Ok(done)
    }

    fn text(
        &self,
        snapshot: &Snapshot,
        vocabularies: &Vocabularies,
        named: &Named,
        out: &mut dyn Write,
    ) -> Result<(), CliError> {
        let Named { letter, number } = named;
        if self.source {
            return Ok(writeln!(out, "{}", source_text(snapshot, letter)?)?);
        }
        let marker = self.marker(snapshot, vocabularies)?;
        let look = Look { vocabularies, width: width(), marker: &marker };
        match letter.items.iter().find(|item| Some(item.number) == *number) {
            None => letter_text(out, letter, &look)?,
            Some(item) => item_text(out, letter, item, &look)?,
        }
        if let Some(evidence) = self.evidence(snapshot, vocabularies, named)? {
            writeln!(out)?;
            evidence_text(out, &letter.id, &evidence)?;
        }
        Ok(())
    }

    fn shown(
        &self,
        snapshot: &Snapshot,
        vocabularies: &Vocabularies,
        named: Named,
    ) -> Result<Shown, CliError> {
        let evidence = self.evidence(snapshot, vocabularies, &named)?;
        let marks = self.all_marks(snapshot, vocabularies, &named)?;
        let Named { letter, number } = named;
        let item = ItemDocument::of(&letter).find(|item| Some(item.item.number) == number);
        let what = match item {
            _ if self.source => {
                let text = source_text(snapshot, &letter)?;
                What::Source { id: letter.id, text }
            }
            Some(item) => What::Item(Box::new(item)),
            None => What::Letter(Box::new(letter)),
        };
        Ok(Shown { what, evidence, marks })
    }

    /// What finds the query's words.
    fn marker(&self, snapshot: &Snapshot, vocabularies: &Vocabularies) -> Result<Marker, CliError> {
        let Some(query) = &self.query else { return Ok(Marker::default()) };
        let request = Request { text: query.clone(), ..Request::default() };
        let engine = Engine::new(snapshot, vocabularies);
        engine.marker(&request).map_err(|error| CliError::search(&error, query))
    }

    fn all_marks(
        &self,
        snapshot: &Snapshot,
        vocabularies: &Vocabularies,
        Named { letter, number }: &Named,
    ) -> Result<Option<Vec<Marked>>, CliError> {
        if self.query.is_none() {
            return Ok(None);
        }
        let marker = self.marker(snapshot, vocabularies)?;
        let wanted = |item: u32| number.is_none_or(|number| number == item);
        let summary = letter.summary.iter().map(|text| (None, Field::Summary, text));
        let items = letter.items.iter().filter(|item| wanted(item.number)).flat_map(|item| {
            let title = (Some(item.number), Field::Title, &item.title);
            let rationale = item.rationale.iter();
            [title].into_iter().chain(rationale.map(|r| (Some(item.number), Field::Rationale, r)))
        });
        let texts = summary.chain(items);
        let found = texts.map(|(item, field, text)| Marked {
            item,
            field: field.as_str(),
            marks: marker.marks(field, text),
        });
        Ok(Some(found.filter(|marked| !marked.marks.is_empty()).collect()))
    }

    /// Reads the kept text again to say which words each facet came from.
    fn evidence(
        &self,
        snapshot: &Snapshot,
        vocabularies: &Vocabularies,
        Named { letter, number }: &Named,
    ) -> Result<Option<Vec<Evidence>>, CliError> {
        if !self.explain {
            return Ok(None);
        }
        let text = snapshot.letter_text(&letter.id)?.unwrap_or_default();
        let pipeline = Pipeline::new(vocabularies)?;
        let (_, facets) = pipeline.parse(&text, &source::stem(Path::new(&letter.source)));
        Ok(Some(evidence(&facets, *number)))
    }
}

/// Says where another letter has the same case number.
fn tell_namesake(snapshot: &Snapshot, letter: &LetterRecord) -> Result<(), CliError> {
    let other = format!("{}~2", letter.id);
    if snapshot.letter(&other)?.is_some() {
        let note = format!("another letter has this number: imr show {}", clean(&other));
        anstream::eprintln!("{}", Painted(WARN, note));
    }
    Ok(())
}

/// The text of a letter without control characters.
fn source_text(snapshot: &Snapshot, letter: &LetterRecord) -> Result<String, CliError> {
    let text = snapshot.letter_text(&letter.id)?.unwrap_or_default();
    let lines = text.split(['\n', '\x0c']).map(|line| clean(line.trim_end_matches('\r')));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// What an identity names; where it names nothing, that is reported.
pub(super) fn find(snapshot: &Snapshot, id: &str) -> Result<Option<Named>, CliError> {
    match snapshot.named(id) {
        Ok(named) => Ok(Some(named)),
        Err(NameError::Store(error)) => Err(error.into()),
        Err(error) => {
            let hint = error.hint().unwrap_or_default();
            CliError::new(error.to_string()).hint(hint).print();
            Ok(None)
        }
    }
}
