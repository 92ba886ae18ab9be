use crate::index::store::StoreError;
use crate::scrub::ReadStop;
use crate::storage::StorageError;

/// Why a look at a journal ended early.
#[derive(Debug)]
pub(super) enum Fault {
    /// The index failed.
    Store(StoreError),
    /// An edits file could not be read, which says nothing about the others.
    File(String),
    /// The process is ending.
    Stopped,
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ReadStop> for Fault {
    fn from(stop: ReadStop) -> Self {
        match stop {
            ReadStop::Disk(error) => Self::File(error.to_string()),
            ReadStop::Stopped => Self::Stopped,
        }
    }
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Self {
        Self::File(error.to_string())
    }
}
