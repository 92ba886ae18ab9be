//! Deleting and renaming what is no longer needed (`FileJournalManager.purgeLogsOlderThan`,
//! `discardSegments`, `JNStorage.purgeDataOlderThan`).

use std::collections::BTreeSet;
use std::path::Path;

use super::disk::{Disk, DiskError, EntryKind};
use super::error::StorageError;
use super::layout::{Layout, with_suffix};
use super::{names, paxos_file};
use crate::types::{SegmentFile, TxId};

/// What a purge does with a file of `current/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Keep,
    Delete,
    MarkStale,
}

/// Deletes what ends before `min_to_keep`, with everything that is left over from in-progress
/// files; marks later in-progress files stale, except the one opened last. What fails is
/// logged: the next purge tries again. Answers which segments are left.
pub(super) fn purge(
    disk: &dyn Disk,
    layout: &Layout,
    min_to_keep: TxId,
    last_opened: Option<TxId>,
) -> Result<BTreeSet<SegmentFile>, StorageError> {
    let mut left = BTreeSet::new();
    for entry in disk.read_dir(&layout.current)? {
        let path = layout.current.join(&entry.name);
        let is_gone = match fate(&entry.name, min_to_keep, last_opened) {
            Fate::Keep => false,
            Fate::Delete => log(disk.remove_file(&path), &path),
            Fate::MarkStale => log(disk.rename(&path, &with_suffix(&path, ".stale")), &path),
        };
        left.extend(names::segment(&entry.name).filter(|_| !is_gone));
    }
    disk.sync_dir(&layout.current)?;
    purge_paxos(disk, layout, min_to_keep)?;
    Ok(left)
}

fn fate(name: &str, min_to_keep: TxId, last_opened: Option<TxId>) -> Fate {
    match names::segment(name) {
        Some(SegmentFile { first, last: Some(last) }) if first < min_to_keep => {
            if last < min_to_keep { Fate::Delete } else { Fate::Keep }
        }
        Some(file) if file.first >= min_to_keep => {
            let is_stale = file.is_in_progress() && last_opened != Some(file.first);
            if is_stale { Fate::MarkStale } else { Fate::Keep }
        }
        Some(_) => Fate::Delete,
        None if names::leftover(name).is_some_and(|first| first < min_to_keep) => Fate::Delete,
        None => Fate::Keep,
    }
}

fn purge_paxos(disk: &dyn Disk, layout: &Layout, min_to_keep: TxId) -> Result<(), StorageError> {
    paxos_file::ensure_directory(disk, layout)?;
    for entry in disk.read_dir(&layout.paxos)? {
        let is_old = names::paxos(&entry.name).is_some_and(|first| first < min_to_keep);
        if is_old && entry.kind == EntryKind::File {
            let path = layout.paxos.join(&entry.name);
            log(disk.remove_file(&path), &path);
        }
    }
    Ok(disk.sync_dir(&layout.paxos)?)
}

/// Whether the name is gone.
fn log(result: Result<(), DiskError>, path: &Path) -> bool {
    match &result {
        Ok(()) => tracing::info!(path = %path.display(), "purged"),
        Err(error) => tracing::warn!(%error, "could not purge"),
    }
    result.map_or_else(|error| error.is_not_found(), |()| true)
}

/// Renames every segment that starts at `from` or later to `.trash`. Refused, before anything
/// is renamed, if `from` is inside a finalized segment.
pub(super) fn discard(disk: &dyn Disk, layout: &Layout, from: TxId) -> Result<(), StorageError> {
    let entries = disk.read_dir(&layout.current)?;
    let segments: Vec<_> = entries
        .into_iter()
        .filter_map(|entry| names::segment(&entry.name).map(|file| (file, entry.name)))
        .collect();
    if segments.iter().any(|(file, _)| file.first < from && file.last >= Some(from)) {
        return Err(StorageError::IllegalState(String::new()));
    }
    for (_, name) in segments.iter().filter(|(file, _)| file.first >= from) {
        let path = layout.current.join(name);
        disk.rename(&path, &with_suffix(&path, ".trash"))?;
    }
    Ok(disk.sync_dir(&layout.current)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate_at_10(name: &str) -> Fate {
        fate(name, TxId(10), Some(TxId(30)))
    }

    #[test]
    fn jn_083_what_ends_before_the_minimum_is_deleted() {
        for name in [
            "edits_1-9",
            "edits_0000000000000000005-0000000000000000009",
            "edits_inprogress_9",
            "edits_inprogress_9.empty",
            "edits_inprogress_9.stale",
            "edits_inprogress_9.epoch=3",
            "edits_inprogress_9.corrupt",
            "edits_inprogress_9.trash",
        ] {
            assert_eq!(fate_at_10(name), Fate::Delete, "{name}");
        }
        for name in [
            "edits_1-10",
            "edits_9-12",
            "edits_10-12",
            "edits_inprogress_30",
            "edits_inprogress_10.empty",
            "edits_1-9.trash",
            "VERSION",
            "paxos",
            "committed-txid",
        ] {
            assert_eq!(fate_at_10(name), Fate::Keep, "{name}");
        }
    }

    #[test]
    fn jn_084_later_in_progress_files_are_stale_except_the_current_one() {
        assert_eq!(fate_at_10("edits_inprogress_10"), Fate::MarkStale);
        assert_eq!(fate_at_10("edits_inprogress_31"), Fate::MarkStale);
        assert_eq!(fate_at_10("edits_inprogress_10.stale"), Fate::Keep);
    }
}
