//! Putting a peer's copy in the place of a damaged segment. The bad file is kept as
//! `<name>.corrupt`, a name that Hadoop gives to bad edits too: listings, recoveries and purges
//! pass over it. One is kept for a segment, as Hadoop keeps one; deleting it is for people.

use std::path::Path;

use super::current_dir;
use super::disk::{Disk, DiskError};
use super::error::StorageError;
use super::layout::{Layout, with_suffix};
use crate::types::SegmentFile;

const SUFFIX: &str = ".corrupt";

/// The copy must be complete and synced. A crash leaves the bad file or the good one under the
/// segment's name; on a file system without hard links perhaps neither, and then the bad one
/// aside and a segment that counts as missing.
pub(super) fn replace(
    disk: &dyn Disk,
    layout: &Layout,
    file: SegmentFile,
) -> Result<(), StorageError> {
    let good = layout.good_copy(file);
    if disk.kind(&good)?.is_none() {
        return Err(StorageError::IllegalState(format!("no good copy of {file} is at hand")));
    }
    let bad = layout.current.join(current_dir::name_of(disk, layout, file)?);
    keep_aside(disk, layout, &bad)?;
    disk.rename(&good, &bad)?;
    Ok(disk.sync_dir(&layout.current)?)
}

/// Durably, before anything takes its name.
fn keep_aside(disk: &dyn Disk, layout: &Layout, bad: &Path) -> Result<(), DiskError> {
    if disk.kind(bad)?.is_none() {
        return Ok(());
    }
    let aside = with_suffix(bad, SUFFIX);
    match disk.remove_file(&aside) {
        Err(error) if !error.is_not_found() => return Err(error),
        _ => {}
    }
    if disk.hard_link(bad, &aside).is_err() {
        disk.rename(bad, &aside)?;
    }
    disk.sync_dir(&layout.current)
}
