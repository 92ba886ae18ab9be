use prost::Message;

use crate::editlog::Checkpoint;
use crate::types::{LayoutVersion, TxId};

/// A [`Checkpoint`] as it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(super) struct StoredCheckpoint {
    #[prost(uint64, tag = "1")]
    offset: u64,
    #[prost(sint64, tag = "2")]
    last: i64,
    #[prost(uint64, tag = "3")]
    last_op_offset: u64,
    #[prost(sint32, tag = "4")]
    header: i32,
}

impl From<Checkpoint> for StoredCheckpoint {
    fn from(checkpoint: Checkpoint) -> Self {
        let Checkpoint { offset, last, last_op_offset, header } = checkpoint;
        Self { offset, last: last.0, last_op_offset, header: header.0 }
    }
}

impl From<StoredCheckpoint> for Checkpoint {
    fn from(stored: StoredCheckpoint) -> Self {
        let StoredCheckpoint { offset, last, last_op_offset, header } = stored;
        Self { offset, last: TxId(last), last_op_offset, header: LayoutVersion(header) }
    }
}
