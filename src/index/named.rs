//! What an identity names: a letter, or one of its items.

use super::error::StoreError;
use super::store::Snapshot;
use crate::record::LetterRecord;

/// What an identity names.
#[derive(Debug, Clone)]
pub struct Named {
    /// The letter.
    pub letter: LetterRecord,
    /// The number of the item, if it names one.
    pub number: Option<u32>,
}

/// Why an identity names nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// There is no such letter.
    #[error("there is no letter or item {0} in the index")]
    Letter(String),
    /// The letter has no such item.
    #[error("{letter} has no item {number}")]
    Item {
        /// The letter.
        letter: String,
        /// The number typed.
        number: u32,
        /// How many items it has.
        items: usize,
    },
    /// The index cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl NameError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            NameError::Letter(_) => Some(
                "identities look like CM14-0012345 or CM14-0012345/1; `imr search` shows them"
                    .to_owned(),
            ),
            NameError::Item { items, .. } => Some(format!("its items are 1 to {items}")),
            NameError::Store(error) => error.hint().map(str::to_owned),
        }
    }
}

impl Snapshot {
    /// What an identity names, in capitals or not.
    ///
    /// # Errors
    /// If it names nothing, or the index cannot be read.
    pub fn named(&self, id: &str) -> Result<Named, NameError> {
        if let Some(letter) = self.in_any_case(id)? {
            return Ok(Named { letter, number: None });
        }
        let item = id.rsplit_once('/').and_then(|(of, number)| Some((of, number.parse().ok()?)));
        if let Some((of, number)) = item
            && let Some(letter) = self.in_any_case(of)?
        {
            if letter.items.iter().any(|item| item.number == number) {
                return Ok(Named { letter, number: Some(number) });
            }
            let items = letter.items.len();
            return Err(NameError::Item { letter: letter.id, number, items });
        }
        Err(NameError::Letter(id.to_owned()))
    }

    fn in_any_case(&self, id: &str) -> Result<Option<LetterRecord>, StoreError> {
        match self.letter(id)? {
            Some(letter) => Ok(Some(letter)),
            None => self.letter(&id.to_uppercase()),
        }
    }
}
