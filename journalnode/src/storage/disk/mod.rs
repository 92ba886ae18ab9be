//! The file system as the storage sees it: a trait small enough to be faked with crashes, and
//! the real thing. Blocking; every error says what was tried on which path.

mod disk_error;
mod disk_file;
mod entry;
#[cfg(any(test, feature = "testing"))]
pub mod faulty;
mod lock;
mod real;
mod real_file;
mod real_lock;

use std::fmt::Debug;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

pub use disk_error::DiskError;
pub use disk_file::{DiskFile, OpenMode};
pub use entry::{Entry, EntryKind};
pub use lock::{HeldLock, LockAttempt};
pub use real::RealDisk;

/// What the storage asks of a file system.
///
/// A change of names (create, rename, link, remove) is durable only after [`Disk::sync_dir`]
/// of the directory that holds the name.
pub trait Disk: Debug + Send + Sync + 'static {
    /// Opens a regular file.
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Box<dyn DiskFile>, DiskError>;
    /// What there is at a path, following symbolic links; `None` if nothing.
    fn kind(&self, path: &Path) -> Result<Option<EntryKind>, DiskError>;
    /// The entries of a directory, in no order. Names that are not UTF-8 are left out: no
    /// file of a journal has one.
    fn read_dir(&self, path: &Path) -> Result<Vec<Entry>, DiskError>;
    /// The names that [`read_dir`](Self::read_dir) would list, one by one and without asking what
    /// each stands for: a directory may hold 100,000.
    fn visit_names(&self, path: &Path, visit: &mut dyn FnMut(&str)) -> Result<(), DiskError> {
        self.read_dir(path)?.iter().for_each(|entry| visit(&entry.name));
        Ok(())
    }
    /// Renames, replacing what is there.
    fn rename(&self, from: &Path, to: &Path) -> Result<(), DiskError>;
    /// Renames unless the target exists: then the error's kind is `AlreadyExists`.
    fn rename_no_replace(&self, from: &Path, to: &Path) -> Result<(), DiskError>;
    /// Gives a file a second name.
    fn hard_link(&self, original: &Path, link: &Path) -> Result<(), DiskError>;
    /// Removes a file's name.
    fn remove_file(&self, path: &Path) -> Result<(), DiskError>;
    /// Removes a directory and everything in it.
    fn remove_dir_all(&self, path: &Path) -> Result<(), DiskError>;
    /// Creates one directory.
    fn create_dir(&self, path: &Path) -> Result<(), DiskError>;
    /// Creates a directory and the missing ones above it, each durably.
    fn create_dir_all(&self, path: &Path) -> Result<(), DiskError>;
    /// Sets the permission bits, such as `0o700`.
    fn set_permissions(&self, path: &Path, mode: u32) -> Result<(), DiskError>;
    /// Whether this process may write there.
    fn is_writable(&self, path: &Path) -> bool;
    /// Makes the names in a directory durable.
    fn sync_dir(&self, path: &Path) -> Result<(), DiskError>;
    /// Locks a file against this and other processes, and writes `owner` into it.
    fn lock(&self, path: &Path, owner: &str) -> Result<LockAttempt, DiskError>;
    /// Holds a lock on the file, too, that another process took and [shared](HeldLock::share).
    /// The file stays as it is until the lock is [taken up](HeldLock::take_up).
    fn adopt_lock(&self, path: &Path, _shared: OwnedFd) -> Result<LockAttempt, DiskError> {
        Err(DiskError::new("adopt the lock", path, io::ErrorKind::Unsupported))
    }
    /// Bytes that this process may still write to the file system of `path`.
    fn free_space_bytes(&self, path: &Path) -> Result<u64, DiskError>;
}
