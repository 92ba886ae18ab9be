use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::atomic_file::sync_parent;
use super::disk::{Disk, DiskError, DiskFile, OpenMode};

/// A segment on its way from a peer into `edits_inprogress_<first>.epoch=<epoch>`. Dropped
/// before [`DownloadFile::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct DownloadFile {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    file: Box<dyn DiskFile>,
    len: u64,
    finished: bool,
}

impl DownloadFile {
    pub(super) fn create(disk: Arc<dyn Disk>, path: PathBuf) -> Result<Self, DiskError> {
        let file = disk.open(&path, OpenMode::Truncate { sync_on_write: false })?;
        Ok(Self { disk, path, file, len: 0, finished: false })
    }

    /// Where it goes.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much has arrived, in bytes.
    pub fn len_bytes(&self) -> u64 {
        self.len
    }

    /// Appends a piece.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), DiskError> {
        self.file.write_all_at(piece, self.len)?;
        self.len += piece.len() as u64;
        Ok(())
    }

    /// Makes the file durable and keeps it.
    pub fn finish(mut self) -> Result<(), DiskError> {
        self.file.sync_all()?;
        sync_parent(self.disk.as_ref(), &self.path)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for DownloadFile {
    fn drop(&mut self) {
        if !self.finished
            && let Err(error) = self.disk.remove_file(&self.path)
        {
            tracing::warn!(%error, "could not remove an unfinished download");
        }
    }
}
