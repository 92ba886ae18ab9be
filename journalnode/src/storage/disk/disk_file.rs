use std::fmt::Debug;

use super::DiskError;

/// How to open a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// To read; it must exist.
    Read,
    /// To read and write; it must exist.
    Update,
    /// To read and write; created empty if missing.
    Create,
    /// To write; created or emptied.
    Truncate {
        /// Whether every write is on the disk when it returns (`O_DSYNC`).
        sync_on_write: bool,
    },
}

/// An open regular file. Offsets and lengths are in bytes.
///
/// It stays usable when the file is renamed or removed.
pub trait DiskFile: Debug + Send + Sync {
    /// Reads what is at `offset`: fewer bytes than asked only at the end of the file.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, DiskError>;
    /// Writes all of `bytes`, or fails with some prefix of them written.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> Result<(), DiskError>;
    /// Cuts the file, or extends it with zeros.
    fn set_len(&self, len_bytes: u64) -> Result<(), DiskError>;
    /// How long it is now.
    fn len_bytes(&self) -> Result<u64, DiskError>;
    /// `fdatasync`: content and length are durable.
    ///
    /// After it failed, the kernel may have dropped the dirty pages and a second call may
    /// succeed without having written them: never try again on the same data.
    fn sync_data(&self) -> Result<(), DiskError>;
    /// `fsync`: content and all metadata are durable.
    fn sync_all(&self) -> Result<(), DiskError>;
    /// Lets go of what the page cache holds of the file: the next read asks the disk, and
    /// what was read takes no memory from others. What is not written yet stays. A hint; a
    /// disk without a cache ignores it.
    fn forget_cached(&self) {}
}

impl dyn DiskFile {
    /// Reads the whole file if it has at most `limit_bytes`, else its first `limit_bytes`.
    pub fn read_to_limit(&self, limit_bytes: usize) -> Result<Vec<u8>, DiskError> {
        let len = usize::try_from(self.len_bytes()?).unwrap_or(usize::MAX).min(limit_bytes);
        let mut content = vec![0; len];
        let read = self.read_at(&mut content, 0)?;
        content.truncate(read);
        Ok(content)
    }
}
