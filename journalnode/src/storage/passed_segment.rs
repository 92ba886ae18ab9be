use std::path::Path;

use super::disk::DiskFile;
use super::error::StorageError;
use crate::editlog::{HEADER_BYTES, Record, Records};
use crate::types::{LayoutVersion, TxId};

/// The open segment as the process says that wrote it. Everything in it is synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassedSegment {
    /// Its first transaction.
    pub first: TxId,
    /// From its header.
    pub layout_version: LayoutVersion,
    /// The last transaction written.
    pub last: Option<TxId>,
    /// Where the next batch goes, in bytes.
    pub offset: u64,
    /// How long the file is, padding included, in bytes.
    pub len: u64,
    /// Where the last batch begins, in bytes; behind the header if there is none.
    pub last_batch: u64,
}

impl PassedSegment {
    /// Insists that the file is that: its length, its header, its last batch, which ends where
    /// the next one goes, and nothing but padding behind.
    pub(super) fn check(
        &self,
        file: &(dyn DiskFile + 'static),
        path: &Path,
    ) -> Result<(), StorageError> {
        let len = file.len_bytes()?;
        if len != self.len {
            return Err(differs(path, format!("it has {len} bytes instead of {}", self.len)));
        }
        let possible = HEADER_BYTES as u64 <= self.last_batch
            && self.last_batch <= self.offset
            && self.offset <= self.len
            && (self.last_batch == self.offset) == self.last.is_none();
        if !possible {
            return Err(differs(path, "the place of its last batch is impossible"));
        }
        let mut records = Records::open(file)?.map_err(|fault| differs(path, fault.to_string()))?;
        if records.layout_version() != self.layout_version {
            return Err(differs(path, "its header has another version"));
        }
        records.seek(self.last_batch);
        self.check_end(&mut records, path)
    }

    fn check_end(
        &self,
        records: &mut Records<'_, dyn DiskFile>,
        path: &Path,
    ) -> Result<(), StorageError> {
        let misplaced = || differs(path, "it does not end with the last batch that was written");
        let mut last = None;
        while records.offset() < self.offset {
            match records.next_record()? {
                Some(Record::Op { txid, .. }) => last = Some(TxId(txid)),
                _ => return Err(misplaced()),
            }
        }
        match records.next_record()? {
            Some(Record::Padding { offset, stray: None, .. })
                if offset == self.offset && last == self.last =>
            {
                Ok(())
            }
            _ => Err(misplaced()),
        }
    }
}

fn differs(path: &Path, reason: impl Into<String>) -> StorageError {
    StorageError::corrupt(path, reason)
}
