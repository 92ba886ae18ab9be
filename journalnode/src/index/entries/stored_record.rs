use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prost::Message;

use crate::scrub::{Digest, SegmentRecord};
use crate::types::SegmentFile;

/// A [`SegmentRecord`] as it is stored, under the name of its file.
#[derive(Clone, PartialEq, Message)]
pub(super) struct StoredRecord {
    #[prost(uint64, tag = "1")]
    len_bytes: u64,
    #[prost(bytes = "vec", tag = "2")]
    digest: Vec<u8>,
    #[prost(uint64, tag = "3")]
    checked_at_ms: u64,
}

impl StoredRecord {
    pub(super) fn of(record: &SegmentRecord) -> Self {
        let checked = record.checked_at.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            len_bytes: record.len_bytes,
            digest: record.digest.0.to_vec(),
            checked_at_ms: u64::try_from(checked.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// `None` if the digest is none.
    pub(super) fn record(&self, file: SegmentFile) -> Option<SegmentRecord> {
        let checked_at = UNIX_EPOCH.checked_add(Duration::from_millis(self.checked_at_ms));
        Some(SegmentRecord {
            first: file.first,
            last: file.last?,
            len_bytes: self.len_bytes,
            digest: Digest(self.digest.as_slice().try_into().ok()?),
            checked_at: checked_at.unwrap_or(SystemTime::UNIX_EPOCH),
        })
    }
}
