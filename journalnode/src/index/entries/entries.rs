use std::sync::Arc;

use prost::Message;

use super::KnownJournal;
use crate::index::key::{self, Keys, SCHEMA, SCHEMA_KEY};
use crate::index::store::{Batch, Store, StoreError};
use crate::types::JournalId;

/// A store, and what its keys and values mean. Cheap to clone.
#[derive(Clone, Debug)]
pub(in crate::index) struct Entries(pub(super) Arc<dyn Store>);

/// By which rules a store was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::index) enum Schema {
    /// There is nothing in it.
    Blank,
    /// By ours.
    Ours,
    /// By those of another build.
    Other,
}

impl Entries {
    pub(in crate::index) fn new(store: Arc<dyn Store>) -> Self {
        Self(store)
    }

    pub(in crate::index) fn schema(&self) -> Result<Schema, StoreError> {
        Ok(match self.0.value(SCHEMA_KEY)? {
            Some(found) if found == SCHEMA.to_be_bytes() => Schema::Ours,
            Some(_) => Schema::Other,
            None if self.0.range(&[0], &[u8::MAX], 1)?.is_empty() => Schema::Blank,
            None => Schema::Other,
        })
    }

    pub(in crate::index) fn write_schema(&self) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.put(SCHEMA_KEY.to_vec(), SCHEMA.to_be_bytes().to_vec());
        self.0.write(batch)
    }

    /// The journals that it has something of.
    pub(in crate::index) fn journals(&self) -> Result<Vec<JournalId>, StoreError> {
        let (mut from, to) = key::journals();
        let mut journals = Vec::new();
        while let Some((found, _)) = self.0.range(&from, &to, 1)?.into_iter().next() {
            let broken = || StoreError::Broken("a key is not one".to_owned());
            let (id, next) = key::journal(&found).ok_or_else(broken)?;
            journals.push(id);
            from = next;
        }
        Ok(journals)
    }

    /// What a journal was when it was last followed; `None` if it never was.
    pub(in crate::index) fn known(
        &self,
        journal: &JournalId,
    ) -> Result<Option<KnownJournal>, StoreError> {
        self.message(&Keys::of(journal).known())
    }

    pub(in crate::index) fn write_known(
        &self,
        journal: &JournalId,
        known: &KnownJournal,
    ) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.put(Keys::of(journal).known(), known.encode_to_vec());
        self.0.write(batch)
    }

    /// Forgets the files of a journal, not its history.
    pub(in crate::index) fn forget_files(&self, journal: &JournalId) -> Result<(), StoreError> {
        let (from, to) = Keys::of(journal).files();
        let mut batch = Batch::default();
        batch.remove_range(from, to);
        self.0.write(batch)
    }

    /// Forgets the files of a journal, but still knows the journal.
    pub(in crate::index) fn forget_files_if_known(
        &self,
        journal: &JournalId,
    ) -> Result<(), StoreError> {
        let known = self.known(journal)?;
        self.forget_files(journal)?;
        known.map_or(Ok(()), |known| self.write_known(journal, &known))
    }

    pub(in crate::index) fn size_bytes(&self) -> u64 {
        self.0.size_bytes()
    }

    pub(in crate::index) fn keys(&self) -> u64 {
        self.0.keys()
    }

    /// Whether nobody else uses the store now.
    pub(in crate::index) fn is_last(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }

    pub(super) fn message<M: Message + Default>(
        &self,
        key: &[u8],
    ) -> Result<Option<M>, StoreError> {
        self.0.value(key)?.map(|value| decode(&value)).transpose()
    }
}

pub(super) fn decode<M: Message + Default>(value: &[u8]) -> Result<M, StoreError> {
    M::decode(value).map_err(|error| StoreError::Broken(format!("a value is not one: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::store::MemoryStore;

    #[test]
    fn every_journal_is_listed_once() {
        let entries = Entries::new(Arc::new(MemoryStore::default()));
        entries.write_schema().unwrap();
        assert_eq!(entries.journals(), Ok(Vec::new()));
        let ids = ["a", "b", "a2"].map(|name| JournalId::new(name).unwrap());
        for id in &ids {
            entries.write_known(id, &KnownJournal::default()).unwrap();
            entries.append_events(id, &[]).unwrap();
        }
        // Shorter names come first.
        assert_eq!(entries.journals(), Ok(ids.to_vec()));
    }

    #[test]
    fn a_store_of_another_schema_is_told_from_a_blank_one() {
        let entries = Entries::new(Arc::new(MemoryStore::default()));
        assert_eq!(entries.schema(), Ok(Schema::Blank));
        entries.write_schema().unwrap();
        assert_eq!(entries.schema(), Ok(Schema::Ours));
        for (key, value) in [(SCHEMA_KEY, SCHEMA + 1), (&[1, 1], 7)] {
            let entries = Entries::new(Arc::new(MemoryStore::default()));
            let mut batch = Batch::default();
            batch.put(key.to_vec(), value.to_be_bytes().to_vec());
            entries.0.write(batch).unwrap();
            assert_eq!(entries.schema(), Ok(Schema::Other));
        }
    }
}
