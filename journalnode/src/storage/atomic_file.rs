//! The one place where a small file is replaced (`AtomicFileOutputStream`): a reader finds
//! the old content or the new, whatever happens in between.

use std::path::Path;

use super::disk::{Disk, DiskError, OpenMode};
use super::layout::with_suffix;
use crate::mutant;

/// Replaces `path`. When it returns, content and name are durable.
pub(super) fn replace(disk: &dyn Disk, path: &Path, content: &[u8]) -> Result<(), DiskError> {
    let tmp = with_suffix(path, ".tmp");
    if let Err(error) = write(disk, &tmp, content).and_then(|()| disk.rename(&tmp, path)) {
        let _ = disk.remove_file(&tmp);
        return Err(error);
    }
    sync_parent(disk, path)
}

fn write(disk: &dyn Disk, path: &Path, content: &[u8]) -> Result<(), DiskError> {
    let file = disk.open(path, OpenMode::Truncate { sync_on_write: false })?;
    file.write_all_at(content, 0)?;
    if mutant::is("rename-before-sync") { Ok(()) } else { file.sync_all() }
}

/// Makes the name of `path` durable.
pub(super) fn sync_parent(disk: &dyn Disk, path: &Path) -> Result<(), DiskError> {
    if mutant::is("skip-the-directory-sync-of-small-files") {
        return Ok(());
    }
    path.parent().map_or(Ok(()), |parent| disk.sync_dir(parent))
}
