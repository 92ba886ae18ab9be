use md5::{Digest as _, Md5};

use super::{Digest, SegmentRecord};
use crate::editlog::OP_INVALID;
use crate::storage::disk::{DiskError, DiskFile};

/// How much is read or hashed at once, in bytes.
const PIECE_BYTES: usize = 256 << 10;

/// What a whole segment says, apart from the padding behind it, which may differ between two
/// nodes that have the same segment.
#[derive(Clone, Debug)]
pub(super) struct Content {
    bytes: u64,
    hash: Md5,
}

impl Content {
    /// Reads the first `bytes` of a file.
    pub(super) fn read(file: &dyn DiskFile, bytes: u64) -> Result<Self, DiskError> {
        let mut content = Self { bytes: 0, hash: Md5::new() };
        let mut piece = vec![0; PIECE_BYTES];
        while content.bytes < bytes {
            let left = usize::try_from(bytes - content.bytes).unwrap_or(usize::MAX);
            let wanted = piece.get_mut(..left.min(PIECE_BYTES)).unwrap_or_default();
            let read = file.read_at(wanted, content.bytes)?;
            if read == 0 {
                break;
            }
            content.hash.update(wanted.get(..read).unwrap_or_default());
            content.bytes += read as u64;
        }
        Ok(content)
    }

    /// Length and digest, to tell two contents apart.
    pub(super) fn identity(&self) -> (u64, Digest) {
        (self.bytes, Digest(self.hash.clone().finalize().into()))
    }

    /// Whether a file with this content and some padding is what was recorded.
    pub(super) fn is_recorded_as(&self, record: &SegmentRecord) -> bool {
        let Some(mut padding) = record.len_bytes.checked_sub(self.bytes) else { return false };
        let mut hash = self.hash.clone();
        let piece = [OP_INVALID; 4096];
        while padding > 0 {
            let bytes = padding.min(piece.len() as u64);
            hash.update(piece.get(..bytes as usize).unwrap_or_default());
            padding -= bytes;
        }
        Digest(hash.finalize().into()) == record.digest
    }
}
