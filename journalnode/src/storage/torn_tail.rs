//! What a power cut left of a batch behind the last good transaction. It was never
//! acknowledged, and a finished file with it counts as damaged, here and in Java.

use std::path::Path;

use super::disk::{Disk, DiskError, DiskFile, OpenMode};
use super::error::StorageError;
use crate::editlog::{self, OP_INVALID};
use crate::types::TxId;

/// How much is looked at once, in bytes.
const PIECE_BYTES: usize = 64 * 1024;

/// Cuts a segment that is about to be finished behind its last transaction, durably. Padding
/// stays, as Java leaves it.
pub(super) fn cut(disk: &dyn Disk, path: &Path, last: TxId) -> Result<(), StorageError> {
    let file = disk.open(path, OpenMode::Update)?;
    let scan = editlog::scan(file.as_ref(), Some(last))
        .map_err(|error| StorageError::scan(path, error))?;
    if scan.whole != Some(last) || is_padding(file.as_ref(), scan.valid_bytes)? {
        return Ok(());
    }
    tracing::warn!(path = %path.display(), bytes = scan.valid_bytes,
        "cutting off what is left of a batch that was never acknowledged");
    file.set_len(scan.valid_bytes)?;
    Ok(file.sync_all()?)
}

fn is_padding(file: &dyn DiskFile, mut offset: u64) -> Result<bool, DiskError> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = file.read_at(&mut piece, offset)?;
        if read == 0 {
            return Ok(true);
        }
        if piece[..read].iter().any(|byte| *byte != OP_INVALID) {
            return Ok(false);
        }
        offset += read as u64;
    }
}
