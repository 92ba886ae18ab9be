//! Making a blank directory a member again. VERSION is the commit point: before it the journal
//! is not formatted, after it promise and segments are there.

use super::best_effort_long::BestEffortLong;
use super::disk::{Disk, DiskError};
use super::error::StorageError;
use super::layout::{COMMITTED_TXID, LAST_PROMISED_EPOCH, Layout};
use super::options::StorageOptions;
use super::persistent_long::PersistentLong;
use super::{format, version_file};
use crate::engine::Rejoin;

pub(super) fn rejoin(
    disk: &dyn Disk,
    layout: &Layout,
    request: &Rejoin,
    options: &StorageOptions,
) -> Result<(), StorageError> {
    format::start_empty(disk, layout, options)?;
    PersistentLong::load(disk, layout.current.join(LAST_PROMISED_EPOCH))?
        .set(disk, request.promised.0)?;
    BestEffortLong::new(layout.current.join(COMMITTED_TXID)).set(disk, request.committed_txid)?;
    link_segments(disk, layout, request)?;
    disk.sync_dir(&layout.current)?;
    version_file::write(disk, &layout.version(), &request.namespace, (options.now)())?;
    Ok(())
}

/// Linked, not moved: a crash before VERSION leaves them to be used again.
fn link_segments(disk: &dyn Disk, layout: &Layout, request: &Rejoin) -> Result<(), DiskError> {
    for file in &request.segments {
        disk.hard_link(&layout.synced(*file), &layout.segment(*file))?;
    }
    Ok(())
}
