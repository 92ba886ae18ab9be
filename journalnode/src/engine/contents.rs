use std::collections::BTreeSet;
use std::time::Duration;

use crate::types::{Epoch, SegmentFile, StorageInfo, TxId};

/// What a journal's directory holds, read at load and after every change of the whole
/// directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// From `VERSION`; `None` if the journal is not formatted.
    pub info: Option<StorageInfo>,
    /// From `last-promised-epoch`, 0 without the file.
    pub last_promised_epoch: Epoch,
    /// From `last-writer-epoch`, 0 without the file.
    pub last_writer_epoch: Epoch,
    /// From `committed-txid`.
    pub committed_txid: Option<TxId>,
    /// The edits files of `current/`.
    pub segments: BTreeSet<SegmentFile>,
}

/// What came of an [`Effect`](super::Effect) that became durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, as the effect says.
    Done,
    /// A batch was appended; writing and syncing it took this long.
    Synced(Duration),
    /// Done, and this is what the directory holds now.
    Reloaded(Contents),
}
