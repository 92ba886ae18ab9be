use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::atomic_file::sync_parent;
use super::disk::{Disk, DiskError, DiskFile, OpenMode};
use super::error::{AppendFault, AppendPhase, StorageError};
use super::passed_segment::PassedSegment;
use crate::editlog::{HEADER_BYTES, OP_INVALID, encode_header};
use crate::mutant;
use crate::types::LayoutVersion;

/// The unit by which a segment file grows, in bytes (`MIN_PREALLOCATION_LENGTH`).
const PREALLOCATION_BYTES: usize = 1024 * 1024;
/// A long segment grows by more: each time costs its writer a commit of the file system.
const MAX_GROWTH_BYTES: u64 = 8 * PREALLOCATION_BYTES as u64;
static PADDING: [u8; 256 * 1024] = [OP_INVALID; 256 * 1024];

/// A file never has more padding than this, in bytes.
pub(super) const LONGEST_PADDING_BYTES: u64 = MAX_GROWTH_BYTES + PREALLOCATION_BYTES as u64;
/// No more than this is ever written and not synced, in bytes: so a start knows where an earlier
/// process may have lost something (see `settle`).
pub(super) const UNSYNCED_LIMIT_BYTES: u64 = 8 * 1024 * 1024;

/// The segment that is being written (`EditLogFileOutputStream`).
///
/// An append is one `pwrite` into space that was filled before, then one `fdatasync`, which
/// has no metadata to write since the length does not change.
#[derive(Debug)]
pub(super) struct SegmentWriter {
    path: PathBuf,
    file: Box<dyn DiskFile>,
    sync_on_write: bool,
    /// Whether the descriptor does that by itself.
    synced_by_kernel: bool,
    /// Where the next batch goes.
    offset: u64,
    /// Everything before is on the disk for sure.
    durable: u64,
    /// How long the file is.
    len: u64,
    /// Where the last batch begins; behind the header if none was written.
    last_batch: u64,
}

impl SegmentWriter {
    /// Creates or empties the file, writes header and padding. When it returns, content and
    /// name are durable: no later batch is acknowledged into a file that a crash unlinks.
    pub(super) fn create(
        disk: &dyn Disk,
        path: PathBuf,
        layout_version: LayoutVersion,
        sync_on_write: bool,
    ) -> Result<Self, DiskError> {
        let file = disk.open(&path, OpenMode::Truncate { sync_on_write })?;
        let mut begin = vec![OP_INVALID; PREALLOCATION_BYTES];
        begin[..HEADER_BYTES].copy_from_slice(&encode_header(layout_version));
        file.write_all_at(&begin, 0)?;
        file.sync_all()?;
        sync_parent(disk, &path)?;
        let (offset, len) = (HEADER_BYTES as u64, PREALLOCATION_BYTES as u64);
        Ok(Self {
            path,
            file,
            sync_on_write,
            synced_by_kernel: sync_on_write,
            offset,
            durable: offset,
            len,
            last_batch: offset,
        })
    }

    /// Goes on with a file that another process wrote and synced, if it is as that one says.
    pub(super) fn resume(
        disk: &dyn Disk,
        path: PathBuf,
        segment: &PassedSegment,
        sync_on_write: bool,
    ) -> Result<Self, StorageError> {
        let file = disk.open(&path, OpenMode::Update)?;
        segment.check(file.as_ref(), &path)?;
        let PassedSegment { offset, len, last_batch, .. } = *segment;
        let (durable, synced_by_kernel) = (offset, false);
        Ok(Self { path, file, sync_on_write, synced_by_kernel, offset, durable, len, last_batch })
    }

    /// Where the next batch goes, how long the file is, and where the last batch begins.
    pub(super) fn place(&self) -> (u64, u64, u64) {
        (self.offset, self.len, self.last_batch)
    }

    /// Which file it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a batch behind the last one.
    pub(super) fn append(&mut self, records: &Bytes, sync: bool) -> Result<(), AppendFailure> {
        let end = self.offset + records.len() as u64;
        self.write(records)?;
        (self.last_batch, self.offset) = (self.offset, end);
        if sync || self.sync_on_write { self.sync() } else { Ok(()) }
    }

    /// Syncs on the way if too much would be unsynced, which takes a huge batch, or many that a
    /// quorum has already.
    fn write(&mut self, records: &[u8]) -> Result<(), AppendFailure> {
        let (mut at, mut synced) = (self.offset, self.durable);
        for piece in records.chunks(UNSYNCED_LIMIT_BYTES as usize) {
            let end = at + piece.len() as u64;
            if end - synced > UNSYNCED_LIMIT_BYTES && at > synced {
                self.sync_file()?;
                // A batch is whole or not there.
                (self.durable, synced) = (self.offset, at);
            }
            let during = self.write_phase();
            self.preallocate(end)
                .and_then(|()| self.file.write_all_at(piece, at))
                .map_err(|source| AppendFailure { during, source })?;
            at = end;
        }
        Ok(())
    }

    /// With `O_DSYNC` a failed write may be a failed sync.
    fn write_phase(&self) -> AppendPhase {
        if self.synced_by_kernel { AppendPhase::Sync } else { AppendPhase::Write }
    }

    /// Makes what was not synced durable.
    pub(super) fn sync(&mut self) -> Result<(), AppendFailure> {
        if self.durable == self.offset || mutant::is("reply-before-sync") {
            return Ok(());
        }
        self.sync_file()?;
        self.durable = self.offset;
        Ok(())
    }

    fn sync_file(&self) -> Result<(), AppendFailure> {
        if self.synced_by_kernel {
            return Ok(());
        }
        let during = AppendPhase::Sync;
        self.file.sync_data().map_err(|source| AppendFailure { during, source })
    }

    /// Cuts the padding off.
    pub(super) fn trim(&mut self) -> Result<(), DiskError> {
        self.file.set_len(self.offset)?;
        self.len = self.offset;
        Ok(())
    }

    /// Repairs the file after a failure; gives the writer back if it may go on.
    pub(super) fn recover(
        mut self,
        disk: &dyn Disk,
        failure: AppendFailure,
    ) -> (Option<Self>, StorageError) {
        let AppendFailure { during, source } = failure;
        let tail_restored = match during {
            AppendPhase::Write => self.cut_torn_batch(),
            AppendPhase::Sync => self.cut_to_durable(disk),
        };
        let still_open = tail_restored && during == AppendPhase::Write;
        let fault = AppendFault { during, tail_restored, still_open };
        (still_open.then_some(self), StorageError::Append { fault, source })
    }

    /// The failed write tore at most its own batch: those before stay, and become durable.
    fn cut_torn_batch(&mut self) -> bool {
        let cut = self.file.set_len(self.offset).and_then(|()| self.file.sync_all());
        if cut.is_ok() {
            (self.len, self.durable) = (self.offset, self.offset);
        }
        cut.is_ok()
    }

    /// After a failed sync nobody knows what the kernel dropped, and it reports that only
    /// once per descriptor: so the cut goes through a new one and trusts only `durable`.
    fn cut_to_durable(&mut self, disk: &dyn Disk) -> bool {
        if mutant::is("trust-a-file-after-a-failed-sync") {
            return true;
        }
        disk.open(&self.path, OpenMode::Update)
            .and_then(|file| file.set_len(self.durable).and_then(|()| file.sync_all()))
            .is_ok()
    }

    /// Extends the padding by whole units until `end` fits (`preallocate`), and by up to half of
    /// what there is if the disk has room.
    fn preallocate(&mut self, end: u64) -> Result<(), DiskError> {
        if end <= self.len {
            return Ok(());
        }
        let goal = self.grown(end);
        while self.len < goal {
            match self.file.write_all_at(&PADDING, self.len) {
                Ok(()) => self.len += PADDING.len() as u64,
                // It was only to save the next batches the wait. With `O_DSYNC` nobody can tell
                // what else the failure is about.
                Err(_) if self.len >= end && !self.sync_on_write => {
                    return self.file.set_len(self.len);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn grown(&self, end: u64) -> u64 {
        let unit = PREALLOCATION_BYTES as u64;
        let wished = self.len + (self.len / 2).min(MAX_GROWTH_BYTES);
        end.max(wished).div_ceil(unit) * unit
    }
}

/// What failed in an append, before anything was repaired.
#[derive(Debug)]
pub(super) struct AppendFailure {
    during: AppendPhase,
    source: DiskError,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::disk::faulty::FaultyDisk;

    const MIB: u64 = 1 << 20;

    fn writer(disk: &FaultyDisk) -> SegmentWriter {
        let path = PathBuf::from("/edits");
        SegmentWriter::create(disk, path, LayoutVersion::CURRENT, false).unwrap()
    }

    /// Appends a batch that ends here.
    fn append_up_to(writer: &mut SegmentWriter, end: u64) -> bool {
        let records = Bytes::from(vec![3; (end - writer.offset) as usize]);
        writer.append(&records, true).is_ok()
    }

    fn len(writer: &SegmentWriter) -> u64 {
        let len = writer.file.len_bytes().unwrap();
        assert_eq!(len, writer.len);
        len
    }

    #[test]
    fn a_long_segment_grows_by_half_of_itself_within_a_limit() {
        let mut writer = writer(&FaultyDisk::new(0));
        for (end, grown) in [(MIB + 1, 2 * MIB), (4 * MIB, 4 * MIB), (4 * MIB + 1, 6 * MIB)] {
            assert!(append_up_to(&mut writer, end));
            assert_eq!(len(&writer), grown);
        }
        assert!(append_up_to(&mut writer, 40 * MIB));
        let full = len(&writer);
        assert!(full - 40 * MIB <= LONGEST_PADDING_BYTES);
        assert!(append_up_to(&mut writer, full));
        assert!(append_up_to(&mut writer, full + 1));
        assert_eq!(len(&writer), full + MAX_GROWTH_BYTES);
    }

    #[test]
    fn a_disk_that_has_room_for_a_batch_alone_takes_it() {
        let disk = FaultyDisk::new(0);
        let mut writer = writer(&disk);
        assert!(append_up_to(&mut writer, 8 * MIB));
        disk.set_free_space_bytes(MIB + MIB / 3);
        assert!(append_up_to(&mut writer, 8 * MIB + 1));
        assert!(len(&writer) > 8 * MIB);
        let end = writer.len;
        assert!(append_up_to(&mut writer, end));
        assert!(!append_up_to(&mut writer, end + MIB));
    }
}
