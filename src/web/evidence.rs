//! Which words the facets of a letter came from, read again from its kept text.

use super::living::Opened;
use super::problem::Problem;
use crate::index::Pipeline;
use crate::output::{Evidence, evidence};
use crate::record::LetterRecord;
use crate::source;
use crate::vocabulary::Vocabularies;
use std::path::Path;
use std::sync::OnceLock;

/// What reads letters again; made when first needed, which takes some milliseconds.
#[derive(Default)]
pub(super) struct Evidences(OnceLock<Option<Pipeline>>);

impl Evidences {
    /// The evidence of a letter, or of one of its items.
    pub(super) fn of(
        &self,
        opened: &Opened,
        vocabularies: &Vocabularies,
        letter: &LetterRecord,
        only: Option<u32>,
    ) -> Result<Vec<Evidence>, Problem> {
        let pipeline = self.0.get_or_init(|| Pipeline::new(vocabularies).ok());
        let Some(pipeline) = pipeline else { return Err(Problem::internal()) };
        let text = opened.snapshot.letter_text(&letter.id).map_err(|e| Problem::store(&e))?;
        let stem = source::stem(Path::new(&letter.source));
        let (_, facets) = pipeline.parse(&text.unwrap_or_default(), &stem);
        Ok(evidence(&facets, only))
    }
}
