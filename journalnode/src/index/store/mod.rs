//! Ordered keys and values: in RocksDB, or in memory.

mod batch;
#[cfg(any(test, not(feature = "rocksdb")))]
mod memory;
#[cfg(feature = "rocksdb")]
mod rocks;
mod store_error;

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

pub(super) use batch::{Batch, Change};
#[cfg(any(test, not(feature = "rocksdb")))]
pub(super) use memory::MemoryStore;
pub(super) use store_error::StoreError;

/// A key and its value.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// An ordered map that may be gone tomorrow. Blocking; may be read while somebody writes.
pub(super) trait Store: Debug + Send + Sync {
    /// The value of a key.
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// The first pairs of a range in order, `limit` at most. The end is not part of it.
    fn range(&self, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError>;
    /// The last pair of a range. The end is part of it.
    fn last(&self, from: &[u8], through: &[u8]) -> Result<Option<Pair>, StoreError>;
    /// Makes all changes of a batch, or none of them.
    fn write(&self, batch: Batch) -> Result<(), StoreError>;
    /// About how much it takes, in bytes.
    fn size_bytes(&self) -> u64;
    /// About how many keys it has.
    fn keys(&self) -> u64;
}

/// Opens the store in a directory, which is made if it is missing. Without the feature `rocksdb`
/// the directory is only made, and what the store holds is in memory.
#[cfg(feature = "rocksdb")]
pub(super) fn open(directory: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(rocks::RocksStore::open(directory)?))
}

/// Opens the store in a directory, which is made if it is missing. Without the feature `rocksdb`
/// the directory is only made, and what the store holds is in memory.
#[cfg(not(feature = "rocksdb"))]
pub(super) fn open(directory: &Path) -> Result<Arc<dyn Store>, StoreError> {
    std::fs::create_dir_all(directory).map_err(|error| StoreError::Failed(error.to_string()))?;
    std::fs::write(directory.join(MARK), "").map_err(|e| StoreError::Failed(e.to_string()))?;
    Ok(Arc::new(MemoryStore::default()))
}

/// The file that is there as long as nobody deleted the store under us.
pub(super) const MARK: &str = "CURRENT";

#[cfg(test)]
mod tests {
    use super::*;

    fn both_kinds(check: impl Fn(&dyn Store)) {
        check(&MemoryStore::default());
        let directory = tempfile::tempdir().unwrap();
        check(open(&directory.path().join("db")).unwrap().as_ref());
    }

    fn filled(store: &dyn Store) {
        let mut batch = Batch::default();
        for key in [b"a", b"b", b"c", b"d"] {
            batch.put(key.to_vec(), [key.as_slice(), b"!"].concat());
        }
        store.write(batch).unwrap();
    }

    fn keys(pairs: Vec<Pair>) -> Vec<Vec<u8>> {
        pairs.into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn what_was_put_is_found_in_order() {
        both_kinds(|store| {
            filled(store);
            assert_eq!(store.value(b"b").unwrap(), Some(b"b!".to_vec()));
            assert_eq!(store.value(b"x").unwrap(), None);
            assert_eq!(keys(store.range(b"b", b"d", 9).unwrap()), [b"b", b"c"]);
            assert_eq!(keys(store.range(b"a", b"z", 2).unwrap()), [b"a", b"b"]);
            assert_eq!(store.range(b"c", b"c", 9).unwrap(), []);
            assert_eq!(store.range(b"d", b"a", 9).unwrap(), []);
        });
    }

    #[test]
    fn the_last_of_a_range_is_at_its_end_or_before() {
        both_kinds(|store| {
            filled(store);
            let last = |from: &[u8], through: &[u8]| {
                store.last(from, through).unwrap().map(|(key, _)| key)
            };
            assert_eq!(last(b"a", b"c"), Some(b"c".to_vec()));
            assert_eq!(last(b"a", b"cc"), Some(b"c".to_vec()));
            assert_eq!(last(b"b", b"zz"), Some(b"d".to_vec()));
            assert_eq!(last(b"cc", b"cd"), None);
            assert_eq!(last(b"x", b"a"), None);
        });
    }

    #[test]
    fn a_batch_removes_keys_and_ranges() {
        both_kinds(|store| {
            filled(store);
            let mut batch = Batch::default();
            batch.remove(b"a".to_vec());
            batch.remove_range(b"b".to_vec(), b"d".to_vec());
            batch.put(b"b".to_vec(), b"again".to_vec());
            store.write(batch).unwrap();
            assert_eq!(keys(store.range(b"a", b"z", 9).unwrap()), [b"b", b"d"]);
        });
    }

    #[cfg(feature = "rocksdb")]
    #[test]
    fn a_store_is_there_again_after_it_was_closed() {
        let directory = tempfile::tempdir().unwrap();
        filled(open(directory.path()).unwrap().as_ref());
        let again = open(directory.path()).unwrap();
        assert_eq!(again.value(b"d").unwrap(), Some(b"d!".to_vec()));
        assert!(directory.path().join(MARK).exists());
    }

    #[cfg(feature = "rocksdb")]
    #[test]
    fn what_cannot_be_repaired_is_told_from_what_is_only_in_use() {
        let directory = tempfile::tempdir().unwrap();
        let open_one = open(directory.path()).unwrap();
        let in_use = open(directory.path()).unwrap_err();
        assert!(matches!(in_use, StoreError::Failed(_)), "{in_use:?}");
        drop(open_one);
        std::fs::write(directory.path().join(MARK), "no manifest").unwrap();
        let broken = open(directory.path()).unwrap_err();
        assert!(matches!(broken, StoreError::Broken(_)), "{broken:?}");
    }
}
