//! Formatting a journal (`JNStorage.format`): only `current` is touched.

use super::disk::{Disk, DiskError, EntryKind};
use super::error::StorageError;
use super::layout::{Layout, VERSION};
use super::options::StorageOptions;
use super::{paxos_file, version_file};
use crate::types::StorageInfo;

/// Empties `current` and writes a new VERSION. The old VERSION goes first and the new one
/// comes last: a journal that a crash leaves half formatted is not formatted.
pub(super) fn format(
    disk: &dyn Disk,
    layout: &Layout,
    info: &StorageInfo,
    options: &StorageOptions,
) -> Result<(), StorageError> {
    start_empty(disk, layout, options)?;
    Ok(version_file::write(disk, &layout.version(), info, (options.now)())?)
}

/// An empty `current`, which does not count as formatted before it has a VERSION.
pub(super) fn start_empty(
    disk: &dyn Disk,
    layout: &Layout,
    options: &StorageOptions,
) -> Result<(), StorageError> {
    clear(disk, layout)?;
    disk.create_dir(&layout.current)?;
    disk.set_permissions(&layout.current, options.permission)?;
    disk.sync_dir(&layout.root)?;
    paxos_file::ensure_directory(disk, layout)
}

/// Refuses to format over something, as a NameNode that was not told to force expects.
pub(super) fn check_empty(disk: &dyn Disk, layout: &Layout) -> Result<(), StorageError> {
    match disk.read_dir(&layout.current) {
        Err(error) if error.is_not_found() => Ok(()),
        entries if entries.as_ref().is_ok_and(Vec::is_empty) => Ok(()),
        entries => {
            entries?;
            let reason = "Can't format the storage directory because the current directory \
                          is not empty.";
            Err(StorageError::inconsistent(&layout.root, reason))
        }
    }
}

fn clear(disk: &dyn Disk, layout: &Layout) -> Result<(), DiskError> {
    if disk.kind(&layout.current)? != Some(EntryKind::Directory) {
        return Ok(());
    }
    match disk.remove_file(&layout.current.join(VERSION)) {
        Err(error) if error.is_not_found() => {}
        removed => removed.and_then(|()| disk.sync_dir(&layout.current))?,
    }
    disk.remove_dir_all(&layout.current)
}
