use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::analysis::remove_if_there;
use super::disk::{Disk, DiskError, DiskFile, EntryKind, OpenMode};
use super::download::DownloadFile;
use super::error::StorageError;
use super::layout::{Layout, VERSION};
use super::{current_dir, paxos_file, version_file};
use crate::editlog::{self, Checkpoint, ReadAt, Scan};
use crate::engine::{ScanTarget, Tail};
use crate::types::{Epoch, PaxosRecord, SegmentFile, StorageInfo, TxId};

/// The read side of a journal's directory: cheap to clone, without the lock, usable while
/// [`JournalStorage`](super::JournalStorage) writes.
#[derive(Clone, Debug)]
pub struct JournalFiles {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) layout: Arc<Layout>,
}

/// An edits file to be sent. The descriptor outlives a rename.
#[derive(Debug)]
pub struct OpenedSegment {
    /// The file's name.
    pub name: String,
    /// Its length when it was opened, in bytes.
    pub len: u64,
    /// Where to read from.
    pub file: Box<dyn DiskFile>,
}

impl ReadAt for dyn DiskFile {
    type Error = DiskError;

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, DiskError> {
        DiskFile::read_at(self, buffer, offset)
    }
}

impl JournalFiles {
    /// The files in `root`, which need not exist.
    pub fn new(disk: Arc<dyn Disk>, root: PathBuf) -> Self {
        Self { disk, layout: Arc::new(Layout::new(root)) }
    }

    /// The journal's directory: the parent of `current`.
    pub fn root(&self) -> &Path {
        &self.layout.root
    }

    /// The edits files in `current/`, as they are now.
    pub fn segments(&self) -> Result<BTreeSet<SegmentFile>, StorageError> {
        Ok(current_dir::segments(self.disk.as_ref(), &self.layout)?)
    }

    /// Scans a whole edits file, whatever version it has.
    pub fn scan(&self, target: ScanTarget) -> Result<Scan, StorageError> {
        self.scan_up_to(target, None)
    }

    /// Scans an edits file until a transaction of `limit` or more: what a reader may do with a
    /// segment that is being written.
    pub fn scan_up_to(
        &self,
        target: ScanTarget,
        limit: Option<TxId>,
    ) -> Result<Scan, StorageError> {
        let path = self.target_path(target)?;
        let file = self.disk.open(&path, OpenMode::Read)?;
        editlog::scan(file.as_ref(), limit).map_err(|error| StorageError::scan(&path, error))
    }

    /// Finds the end of an edits file without reading again what lies before the checkpoint.
    pub fn scan_from(
        &self,
        target: ScanTarget,
        checkpoint: Checkpoint,
    ) -> Result<Tail, StorageError> {
        let path = self.target_path(target)?;
        let file = self.disk.open(&path, OpenMode::Read)?;
        editlog::scan_from(file.as_ref(), checkpoint)
            .map_err(|error| StorageError::scan(&path, error))
    }

    fn target_path(&self, target: ScanTarget) -> Result<PathBuf, DiskError> {
        match target {
            ScanTarget::Segment(file) => {
                let name = current_dir::name_of(self.disk.as_ref(), &self.layout, file)?;
                Ok(self.layout.current.join(name))
            }
            ScanTarget::Download { first, epoch } => Ok(self.layout.download(first, epoch)),
        }
    }

    /// The accepted recovery of the segment that starts at `first`, if there is one.
    pub fn paxos(&self, first: TxId) -> Result<Option<PaxosRecord>, StorageError> {
        paxos_file::read(self.disk.as_ref(), &self.layout, first)
    }

    /// Whether the download of a recovery is there.
    pub fn download_exists(&self, first: TxId, epoch: Epoch) -> Result<bool, StorageError> {
        Ok(self.disk.kind(&self.layout.download(first, epoch))? == Some(EntryKind::File))
    }

    /// Free space of the file system, in bytes.
    pub fn free_space_bytes(&self) -> Result<u64, StorageError> {
        Ok(self.disk.free_space_bytes(&self.layout.root)?)
    }

    /// The VERSION in `current`, as it is now.
    pub fn current_version(&self) -> Result<StorageInfo, StorageError> {
        version_file::read(self.disk.as_ref(), &self.layout.root, &self.layout.version())
    }

    /// The VERSION in `previous`; `None` if there is no `previous`.
    pub fn previous_version(&self) -> Result<Option<StorageInfo>, StorageError> {
        if self.disk.kind(&self.layout.previous)?.is_none() {
            return Ok(None);
        }
        let path = self.layout.previous.join(VERSION);
        version_file::read(self.disk.as_ref(), &self.layout.root, &path).map(Some)
    }

    /// Opens an edits file to send it.
    pub fn open_segment(&self, file: SegmentFile) -> Result<OpenedSegment, StorageError> {
        let name = current_dir::name_of(self.disk.as_ref(), &self.layout, file)?;
        let file = self.disk.open(&self.layout.current.join(&name), OpenMode::Read)?;
        Ok(OpenedSegment { name, len: file.len_bytes()?, file })
    }

    /// Creates `edits.sync/`, where fetched segments wait to be installed. Answers false if it
    /// was there.
    pub fn create_sync_dir(&self) -> Result<bool, StorageError> {
        let directory = self.layout.edits_sync();
        let missing = self.disk.kind(&directory)?.is_none();
        if missing {
            self.disk.create_dir_all(&directory)?;
        }
        Ok(missing)
    }

    /// Removes `edits.sync/` and what is in it, if it exists.
    pub fn remove_sync_dir(&self) -> Result<(), StorageError> {
        Ok(remove_if_there(self.disk.as_ref(), &self.layout.edits_sync())?)
    }

    /// Creates, or empties, the file in `edits.sync/` that a segment is fetched into.
    pub fn create_synced(&self, file: SegmentFile) -> Result<DownloadFile, StorageError> {
        Ok(DownloadFile::create(self.disk.clone(), self.layout.synced(file))?)
    }

    /// Reads a fetched segment and insists that it is what its name says.
    pub fn verify_synced(&self, file: SegmentFile) -> Result<(), StorageError> {
        self.verify(&self.layout.synced(file), file)
    }

    fn verify(&self, path: &Path, file: SegmentFile) -> Result<(), StorageError> {
        let opened = self.disk.open(path, OpenMode::Read)?;
        editlog::verify(opened.as_ref(), file.first, file.last.unwrap_or(file.first))
            .map(|_| ())
            .map_err(|flaw| StorageError::flaw(path, flaw))
    }

    /// Removes a fetched segment that is not wanted.
    pub fn remove_synced(&self, file: SegmentFile) -> Result<(), StorageError> {
        match self.disk.remove_file(&self.layout.synced(file)) {
            Err(error) if error.is_not_found() => Ok(()),
            removed => Ok(removed?),
        }
    }

    /// Creates, or empties, the file that a peer's copy of a damaged segment is fetched into.
    pub fn create_copy(
        &self,
        file: SegmentFile,
        peer: usize,
    ) -> Result<DownloadFile, StorageError> {
        Ok(DownloadFile::create(self.disk.clone(), self.layout.copy(file, peer))?)
    }

    /// Reads a peer's copy and insists that it is what its name says.
    pub fn verify_copy(&self, file: SegmentFile, peer: usize) -> Result<(), StorageError> {
        self.verify(&self.layout.copy(file, peer), file)
    }

    /// Opens a peer's copy of a damaged segment.
    pub fn open_copy(&self, file: SegmentFile, peer: usize) -> Result<OpenedSegment, StorageError> {
        let path = self.layout.copy(file, peer);
        let opened = self.disk.open(&path, OpenMode::Read)?;
        Ok(OpenedSegment {
            name: path.display().to_string(),
            len: opened.len_bytes()?,
            file: opened,
        })
    }

    /// Makes a peer's copy the one that replaces the damaged segment.
    pub fn choose_copy(&self, file: SegmentFile, peer: usize) -> Result<(), StorageError> {
        Ok(self.disk.rename(&self.layout.copy(file, peer), &self.layout.good_copy(file))?)
    }

    /// Removes what is left of the copies of so many peers.
    pub fn remove_copies(&self, file: SegmentFile, peers: usize) -> Result<(), StorageError> {
        let copies = (0..peers).map(|peer| self.layout.copy(file, peer));
        for path in copies.chain([self.layout.good_copy(file)]) {
            match self.disk.remove_file(&path) {
                Err(error) if !error.is_not_found() => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Creates, or empties, the file that a recovery downloads into.
    pub fn create_download(&self, first: TxId, epoch: Epoch) -> Result<DownloadFile, StorageError> {
        let path = self.layout.download(first, epoch);
        Ok(DownloadFile::create(self.disk.clone(), path)?)
    }
}
