//! Who is who while an update goes on: identities and copies as files come.

use super::manifest::{Identity, Key, SourceRecord, Sources, Status, Taken};
use super::path_text::shown;
use foldhash::{HashMap, HashMapExt};

/// Who holds which text and which identity while an update goes on.
pub(super) struct Holders {
    texts: HashMap<u128, Key>,
    ids: Taken,
}

impl Holders {
    /// Of all that is in the index: no commit may hold an identity twice.
    pub(super) fn of(records: &Sources) -> Self {
        let mut holders = Self { texts: HashMap::new(), ids: Taken::default() };
        for record in records.values().filter(|record| record.status == Status::Indexed) {
            holders.texts.insert(record.text_hash, record.key);
            holders.ids.take(record.id());
        }
        holders
    }

    /// Lets go of what a source held that is replaced or removed.
    pub(super) fn release(&mut self, record: &SourceRecord) {
        if record.status == Status::Indexed {
            self.texts.remove(&record.text_hash);
            self.ids.release(record.id());
        }
    }

    /// The identity for a source that comes now, beside those there are.
    pub(super) fn identity(&mut self, record: &SourceRecord, records: &Sources) -> Identity {
        let holder = self.texts.get(&record.text_hash).and_then(|key| records.get(key));
        if let Some(holder) = holder {
            return Identity::CopyOf(holder.path.clone());
        }
        self.texts.insert(record.text_hash, record.key);
        if self.ids.take(&record.base_id) {
            return Identity::Letter(record.base_id.clone());
        }
        Identity::Letter(self.ids.free(&record.base_id, &mut 2))
    }
}

/// Whether a record has the identity it should have.
pub(super) fn holds(record: &SourceRecord, identity: &Identity) -> bool {
    match identity {
        Identity::Letter(id) => record.status == Status::Indexed && record.id() == &**id,
        Identity::CopyOf(path) => {
            record.status == Status::Duplicate
                && record.failure.as_ref().is_some_and(|f| f.message == copy_message(path))
        }
    }
}

/// What is said of a copy of the letter at a path.
pub(super) fn copy_message(path: &str) -> String {
    format!("the same letter as {}", shown(path))
}
