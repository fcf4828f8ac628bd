//! Texts read anew: which words the facets of a letter came from, and what a text of a reader asks for.

use super::living::Opened;
use super::problem::Problem;
use crate::index::{ItemDocument, Pipeline};
use crate::output::{Evidence, evidence};
use crate::record::LetterRecord;
use crate::source;
use crate::vocabulary::Vocabularies;
use std::path::Path;
use std::sync::OnceLock;

/// What reads texts; made when first needed, which takes some milliseconds.
#[derive(Default)]
pub(super) struct Reading(OnceLock<Option<Pipeline>>);

impl Reading {
    /// The evidence of a letter, or of one of its items.
    pub(super) fn evidence(
        &self,
        opened: &Opened,
        vocabularies: &Vocabularies,
        letter: &LetterRecord,
        only: Option<u32>,
    ) -> Result<Vec<Evidence>, Problem> {
        let pipeline = self.pipeline(vocabularies)?;
        let text = opened.snapshot.letter_text(&letter.id).map_err(|e| Problem::store(&e))?;
        let stem = source::stem(Path::new(&letter.source));
        let (_, facets) = pipeline.parse(&text.unwrap_or_default(), &stem);
        Ok(evidence(&facets, only))
    }

    /// The items of a letter's text; of any other text what it asks for.
    pub(super) fn items(
        &self,
        vocabularies: &Vocabularies,
        text: &str,
    ) -> Result<Vec<ItemDocument>, Problem> {
        Ok(self.pipeline(vocabularies)?.items(text, "", ""))
    }

    fn pipeline(&self, vocabularies: &Vocabularies) -> Result<&Pipeline, Problem> {
        let pipeline = self.0.get_or_init(|| Pipeline::new(vocabularies).ok());
        pipeline.as_ref().ok_or_else(Problem::internal)
    }
}
