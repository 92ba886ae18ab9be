//! What a start finds may be in the page cache alone: an earlier process was killed before it
//! synced, or its sync failed. After a failed sync the kernel may count what it dropped as
//! clean, so another sync proves nothing, and a power cut takes back what this process has
//! answered from. So whatever this node vouches for is written once more before it is read.
//!
//! Not the finished segments, of which there may be 100,000: one whose new name is lost is in
//! progress again, with the same content. That is as good, unless a recovery was accepted for
//! it whose record is gone; and the record goes last.

use std::collections::BTreeSet;
use std::path::Path;

use super::atomic_file::{self, sync_parent};
use super::current_dir;
use super::disk::{Disk, DiskError, DiskFile, OpenMode};
use super::error::StorageError;
use super::layout::{LAST_PROMISED_EPOCH, LAST_WRITER_EPOCH, Layout, VERSION, with_suffix};
use super::names;
use super::segment_writer::{LONGEST_PADDING_BYTES, UNSYNCED_LIMIT_BYTES};
use crate::mutant;
use crate::types::{SegmentFile, TxId};

/// How much of a segment is copied at once, in bytes.
const PIECE_BYTES: usize = 1024 * 1024;
/// How much of the end of a segment in progress may not have been synced, in bytes: what may be
/// written before a sync, and the padding behind it.
const DOUBTFUL_BYTES: u64 = UNSYNCED_LIMIT_BYTES + LONGEST_PADDING_BYTES;
/// Longest small file, in bytes: more than is ever read of one.
const SMALL_FILE_LIMIT_BYTES: usize = 64 * 1024 + 1;

/// Makes durable what `current/` seems to hold. A crash on the way changes nothing.
pub(super) fn settle(
    disk: &dyn Disk,
    layout: &Layout,
    segments: &BTreeSet<SegmentFile>,
) -> Result<(), StorageError> {
    let renamed = !mutant::is("trust-a-name-after-a-failed-sync");
    let recovered = if renamed { settle_records(disk, layout)? } else { BTreeSet::new() };
    for file in segments {
        let path =
            || Ok::<_, DiskError>(layout.current.join(current_dir::name_of(disk, layout, *file)?));
        if recovered.contains(&file.first) {
            renew_segment(disk, &path()?)?;
        } else if file.is_in_progress() && !mutant::is("vouch-for-the-page-cache") {
            rewrite_end(disk, &path()?)?;
        }
    }
    if renamed {
        for name in [VERSION, LAST_PROMISED_EPOCH, LAST_WRITER_EPOCH] {
            renew_small(disk, &layout.current.join(name))?;
        }
    }
    Ok(disk.sync_dir(&layout.current)?)
}

/// The accepted recoveries, and of which segments. Without any, the directory is made anew: a
/// record whose removal was lost must not come back.
fn settle_records(disk: &dyn Disk, layout: &Layout) -> Result<BTreeSet<TxId>, DiskError> {
    let entries = match disk.read_dir(&layout.paxos) {
        Err(error) if error.is_not_found() => return Ok(BTreeSet::new()),
        entries => entries?,
    };
    if entries.is_empty() {
        disk.remove_dir_all(&layout.paxos)?;
        disk.create_dir(&layout.paxos)?;
    }
    let records: BTreeSet<_> =
        entries.iter().filter_map(|entry| names::paxos(&entry.name)).collect();
    for first in &records {
        renew_small(disk, &layout.paxos_record(*first))?;
    }
    Ok(records)
}

/// Replaces a small file by itself, if it is there.
fn renew_small(disk: &dyn Disk, path: &Path) -> Result<(), DiskError> {
    match disk.open(path, OpenMode::Read) {
        Ok(file) => atomic_file::replace(disk, path, &file.read_to_limit(SMALL_FILE_LIMIT_BYTES)?),
        Err(error) if error.is_not_found() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Replaces a segment by a copy, name and content: the accepted recovery says that it is this
/// one, and its name may be durable for another file.
fn renew_segment(disk: &dyn Disk, path: &Path) -> Result<(), DiskError> {
    let copy = with_suffix(path, ".tmp");
    let copied = copy_into(disk, path, &copy).and_then(|()| disk.rename(&copy, path));
    if copied.is_err() {
        let _ = disk.remove_file(&copy);
    }
    copied.and_then(|()| sync_parent(disk, path))
}

fn copy_into(disk: &dyn Disk, from: &Path, to: &Path) -> Result<(), DiskError> {
    let from = disk.open(from, OpenMode::Read)?;
    let to = disk.open(to, OpenMode::Truncate { sync_on_write: false })?;
    copy(from.as_ref(), to.as_ref(), 0)?;
    to.sync_all()
}

/// Writes over the end of a segment what it seems to hold, so that the kernel knows again that it
/// must. What is before was synced, and a writer whose sync fails writes no more.
fn rewrite_end(disk: &dyn Disk, path: &Path) -> Result<(), DiskError> {
    let file = disk.open(path, OpenMode::Update)?;
    let begin = file.len_bytes()?.saturating_sub(DOUBTFUL_BYTES);
    copy(file.as_ref(), file.as_ref(), begin)?;
    file.sync_all()
}

fn copy(from: &dyn DiskFile, to: &dyn DiskFile, begin: u64) -> Result<(), DiskError> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut offset = begin;
    loop {
        match from.read_at(&mut piece, offset)? {
            0 => return Ok(()),
            read => {
                to.write_all_at(&piece[..read], offset)?;
                offset += read as u64;
            }
        }
    }
}
