use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Batch, Change, Pair, Store, StoreError};

/// A store that is gone with the process.
#[derive(Debug, Default)]
pub(in crate::index) struct MemoryStore(Mutex<BTreeMap<Vec<u8>, Vec<u8>>>);

impl MemoryStore {
    fn map(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.map().get(key).cloned())
    }

    fn range(&self, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let map = self.map();
        let found = map.range::<[u8], _>((Included(from), Excluded(to))).take(limit);
        Ok(found.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn last(&self, from: &[u8], through: &[u8]) -> Result<Option<Pair>, StoreError> {
        if from > through {
            return Ok(None);
        }
        let map = self.map();
        let last = map.range::<[u8], _>((Included(from), Included(through))).next_back();
        Ok(last.map(|(key, value)| (key.clone(), value.clone())))
    }

    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        let mut map = self.map();
        for change in batch.into_changes() {
            match change {
                Change::Put(key, value) => drop(map.insert(key, value)),
                Change::Remove(key) => drop(map.remove(&key)),
                Change::RemoveRange(from, to) => {
                    let mut rest = map.split_off(&from);
                    map.append(&mut rest.split_off(&to));
                }
            }
        }
        Ok(())
    }

    fn size_bytes(&self) -> u64 {
        self.map().iter().map(|(key, value)| (key.len() + value.len()) as u64).sum()
    }

    fn keys(&self) -> u64 {
        self.map().len() as u64
    }
}
