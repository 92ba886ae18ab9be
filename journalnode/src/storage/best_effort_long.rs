use std::path::PathBuf;

use super::atomic_file;
use super::disk::{Disk, DiskError, DiskFile, OpenMode};
use super::error::StorageError;
use crate::types::TxId;

/// Length of the file, in bytes.
const LONG_BYTES: usize = 8;

/// A number in a binary file, overwritten in place without a sync (`BestEffortLongFile`):
/// the committed transaction, which is only a lower bound.
#[derive(Debug)]
pub(super) struct BestEffortLong {
    path: PathBuf,
    file: Option<Box<dyn DiskFile>>,
}

impl BestEffortLong {
    /// Names the file; it is created on the first write.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    /// Reads the file; a missing or an empty one means none.
    pub(super) fn read(&self, disk: &dyn Disk) -> Result<Option<TxId>, StorageError> {
        let content = match disk.open(&self.path, OpenMode::Read) {
            Ok(file) => file.read_to_limit(LONG_BYTES + 1)?,
            Err(error) if error.is_not_found() => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        match <[u8; LONG_BYTES]>::try_from(content.as_slice()) {
            Ok(value) => Ok(TxId::from_java(i64::from_be_bytes(value))),
            Err(_) if content.is_empty() => Ok(None),
            Err(_) => Err(StorageError::corrupt(&self.path, "had invalid length")),
        }
    }

    /// Overwrites the value; a crash may lose it. Only a new file is made durably: a torn one
    /// would have a length that makes the journal unusable, in Java too.
    pub(super) fn set(&mut self, disk: &dyn Disk, value: Option<TxId>) -> Result<(), DiskError> {
        let value = TxId::to_java(value).to_be_bytes();
        if self.file.is_none() {
            self.file = self.open_whole(disk)?;
        }
        match &self.file {
            Some(file) => file.write_all_at(&value, 0),
            None => atomic_file::replace(disk, &self.path, &value),
        }
    }

    /// The file, unless it is missing or empty.
    fn open_whole(&self, disk: &dyn Disk) -> Result<Option<Box<dyn DiskFile>>, DiskError> {
        match disk.open(&self.path, OpenMode::Update) {
            Ok(file) => Ok((file.len_bytes()? != 0).then_some(file)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Lets go of the file: its directory is about to be renamed or deleted.
    pub(super) fn close(&mut self) {
        self.file = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::disk::RealDisk;

    #[test]
    fn jn_113_eight_bytes_or_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("committed-txid");
        let mut committed = BestEffortLong::new(path.clone());
        assert_eq!(committed.read(&RealDisk).unwrap(), None);
        assert!(!path.exists());
        committed.set(&RealDisk, Some(TxId(0x2e2d))).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), [0, 0, 0, 0, 0, 0, 0x2e, 0x2d]);
        assert_eq!(committed.read(&RealDisk).unwrap(), Some(TxId(0x2e2d)));
        committed.set(&RealDisk, None).unwrap();
        assert_eq!(committed.read(&RealDisk).unwrap(), None);
        std::fs::write(&path, "").unwrap();
        assert_eq!(committed.read(&RealDisk).unwrap(), None);
        for wrong in [1, 7, 9, 100] {
            std::fs::write(&path, vec![0; wrong]).unwrap();
            assert!(committed.read(&RealDisk).unwrap_err().to_string().contains("invalid length"));
        }
    }
}
