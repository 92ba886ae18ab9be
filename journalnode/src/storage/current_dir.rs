//! Reading what is in `current/`.

use std::collections::BTreeSet;

use super::disk::{Disk, DiskError};
use super::layout::Layout;
use super::names;
use crate::types::SegmentFile;

/// The segments in `current/`; none if it does not exist.
pub(super) fn segments(
    disk: &dyn Disk,
    layout: &Layout,
) -> Result<BTreeSet<SegmentFile>, DiskError> {
    let mut segments = Vec::new();
    let visited = disk.visit_names(&layout.current, &mut |name| {
        segments.extend(names::segment(name));
    });
    match visited {
        Err(error) if error.is_not_found() => Ok(BTreeSet::new()),
        // Sorting once is cheaper than finding a place for each of 100,000.
        visited => visited.map(|()| segments.into_iter().collect()),
    }
}

/// The name under which a segment is there, which may have fewer or more than 19 digits.
pub(super) fn name_of(
    disk: &dyn Disk,
    layout: &Layout,
    file: SegmentFile,
) -> Result<String, DiskError> {
    let usual = file.to_string();
    if disk.kind(&layout.current.join(&usual))?.is_some() {
        return Ok(usual);
    }
    let entries = match disk.read_dir(&layout.current) {
        Err(error) if error.is_not_found() => Vec::new(),
        entries => entries?,
    };
    let found = entries.into_iter().find(|entry| names::segment(&entry.name) == Some(file));
    Ok(found.map_or(usual, |entry| entry.name))
}
