use std::fmt;
use std::time::SystemTime;

use crate::types::TxId;

/// What a finished segment looked like when it was last known to be good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRecord {
    /// Its first transaction.
    pub first: TxId,
    /// Its last transaction.
    pub last: TxId,
    /// Length of the file in bytes.
    pub len_bytes: u64,
    /// Over the whole file.
    pub digest: Digest,
    /// When the file was last read from its disk and found as it should be; the begin of 1970
    /// if it was only read by the index so far, which may have had it from the page cache.
    pub checked_at: SystemTime,
}

/// MD5 of a file: what `md5sum` prints, so that people can compare too. It guards against bad
/// disks, not against people.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest(pub [u8; 16]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}
