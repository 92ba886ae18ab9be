use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use super::{DiskError, DiskFile};

/// A descriptor and the path it was opened with, for the errors.
#[derive(Debug)]
pub(super) struct RealFile {
    pub(super) file: File,
    pub(super) path: PathBuf,
}

impl RealFile {
    fn named<T>(&self, operation: &'static str, result: io::Result<T>) -> Result<T, DiskError> {
        result.map_err(|e| DiskError::new(operation, &self.path, e))
    }
}

impl DiskFile for RealFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, DiskError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.file.read_at(&mut buffer[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return self.named("read", Err(e)),
            }
        }
        Ok(filled)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> Result<(), DiskError> {
        self.named("write", self.file.write_all_at(bytes, offset))
    }

    fn set_len(&self, len_bytes: u64) -> Result<(), DiskError> {
        self.named("set length of", self.file.set_len(len_bytes))
    }

    fn len_bytes(&self) -> Result<u64, DiskError> {
        self.named("stat", self.file.metadata()).map(|metadata| metadata.len())
    }

    fn sync_data(&self) -> Result<(), DiskError> {
        self.named("sync", self.file.sync_data())
    }

    fn sync_all(&self) -> Result<(), DiskError> {
        self.named("sync", self.file.sync_all())
    }

    fn forget_cached(&self) {
        let _ = rustix::fs::fadvise(&self.file, 0, None, rustix::fs::Advice::DontNeed);
    }
}
