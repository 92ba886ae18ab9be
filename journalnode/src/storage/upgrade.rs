//! Upgrade, finalize and rollback of the directory (`NNUpgradeUtil`).
//!
//! Java copies the epochs into the new `current` last; a crash before that forgets a
//! promise. Here they are in place before the directory counts as upgraded, and no epoch
//! ever goes down on the way.

use std::path::Path;
use std::time::SystemTime;

use super::analysis::remove_if_there;
use super::best_effort_long::BestEffortLong;
use super::disk::{Disk, DiskError, EntryKind};
use super::error::StorageError;
use super::layout::{COMMITTED_TXID, LAST_PROMISED_EPOCH, LAST_WRITER_EPOCH, Layout};
use super::paxos_file;
use super::persistent_long::PersistentLong;
use super::version_file;
use crate::types::StorageInfo;

/// What the names of all edits files begin with; they get links in the new `current`.
const EDITS: &str = "edits";

/// `current` becomes `previous.tmp`; the new `current` gets links to the edits files.
pub(super) fn pre_upgrade(disk: &dyn Disk, layout: &Layout) -> Result<(), StorageError> {
    require(disk, &layout.current, true, "Current directory must exist for preupgrade.")?;
    require(disk, &layout.previous, false, "Previous directory must not exist for preupgrade.")?;
    require(
        disk,
        &layout.previous_tmp(),
        false,
        "Previous.tmp directory must not exist for preupgrade. Consider restarting for recovery.",
    )?;
    disk.rename(&layout.current, &layout.previous_tmp())?;
    disk.create_dir(&layout.current)?;
    link_edits(disk, &layout.previous_tmp(), &layout.current)?;
    disk.sync_dir(&layout.current)?;
    Ok(disk.sync_dir(&layout.root)?)
}

fn link_edits(disk: &dyn Disk, from: &Path, to: &Path) -> Result<(), DiskError> {
    for entry in disk.read_dir(from)? {
        if entry.kind == EntryKind::File && entry.name.starts_with(EDITS) {
            disk.hard_link(&from.join(&entry.name), &to.join(&entry.name))?;
        }
    }
    Ok(())
}

/// The new VERSION makes the upgrade count; `previous.tmp` becomes `previous`.
pub(super) fn upgrade(
    disk: &dyn Disk,
    layout: &Layout,
    info: &StorageInfo,
    now: SystemTime,
) -> Result<(), StorageError> {
    let previous_tmp = layout.previous_tmp();
    require(disk, &layout.previous, false, "previous directory must not exist for upgrade.")?;
    require(disk, &previous_tmp, true, "previous.tmp directory must exist for upgrade.")?;
    carry_small_files(disk, &previous_tmp, &layout.current)?;
    paxos_file::ensure_directory(disk, layout)?;
    version_file::write(disk, &layout.version(), info, now)?;
    disk.rename(&previous_tmp, &layout.previous)?;
    Ok(disk.sync_dir(&layout.root)?)
}

/// Deletes `previous`, by way of `finalized.tmp`.
pub(super) fn finalize(disk: &dyn Disk, layout: &Layout) -> Result<(), StorageError> {
    if !exists(disk, &layout.previous)? {
        return Ok(());
    }
    require(disk, &layout.current, true, "Current directory must exist.")?;
    disk.rename(&layout.previous, &layout.finalized_tmp())?;
    disk.sync_dir(&layout.root)?;
    remove_if_there(disk, &layout.finalized_tmp())?;
    Ok(disk.sync_dir(&layout.root)?)
}

/// `previous` becomes `current` again, by way of `removed.tmp`.
pub(super) fn rollback(disk: &dyn Disk, layout: &Layout) -> Result<(), StorageError> {
    let removed_tmp = layout.removed_tmp();
    if !exists(disk, &layout.previous)? {
        return Ok(());
    }
    require(
        disk,
        &removed_tmp,
        false,
        "removed.tmp directory must not exist for rollback. Consider restarting for recovery.",
    )?;
    require(disk, &layout.current, true, "Current directory must exist for rollback.")?;
    carry_epochs(disk, &layout.current, &layout.previous)?;
    disk.rename(&layout.current, &removed_tmp)?;
    disk.sync_dir(&layout.root)?;
    disk.rename(&layout.previous, &layout.current)?;
    disk.sync_dir(&layout.root)?;
    remove_if_there(disk, &removed_tmp)?;
    Ok(disk.sync_dir(&layout.root)?)
}

/// Brings the epochs of `to` up to those of `from`, and its committed transaction if it has
/// none.
pub(super) fn carry_small_files(
    disk: &dyn Disk,
    from: &Path,
    to: &Path,
) -> Result<(), StorageError> {
    carry_epochs(disk, from, to)?;
    let committed = BestEffortLong::new(from.join(COMMITTED_TXID)).read(disk)?;
    let mut carried = BestEffortLong::new(to.join(COMMITTED_TXID));
    if carried.read(disk)?.is_none() {
        carried.set(disk, committed)?;
    }
    Ok(())
}

/// Brings the epochs of `to` up to those of `from`: a promise is for ever.
pub(super) fn carry_epochs(disk: &dyn Disk, from: &Path, to: &Path) -> Result<(), StorageError> {
    for name in [LAST_PROMISED_EPOCH, LAST_WRITER_EPOCH] {
        let value = PersistentLong::load(disk, from.join(name))?.value();
        let mut carried = PersistentLong::load(disk, to.join(name))?;
        if let Some(value) = value.filter(|value| carried.value() < Some(*value)) {
            carried.set(disk, value)?;
        }
    }
    Ok(())
}

fn exists(disk: &dyn Disk, path: &Path) -> Result<bool, DiskError> {
    Ok(disk.kind(path)?.is_some())
}

fn require(disk: &dyn Disk, path: &Path, there: bool, otherwise: &str) -> Result<(), StorageError> {
    if exists(disk, path)? == there {
        Ok(())
    } else {
        Err(StorageError::IllegalState(otherwise.to_owned()))
    }
}
