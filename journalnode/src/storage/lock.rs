//! `in_use.lock`: one process per journal directory (`StorageDirectory.lock`).

use std::os::fd::OwnedFd;

use super::disk::{Disk, HeldLock, LockAttempt};
use super::error::StorageError;
use super::layout::Layout;

/// Takes the lock of a directory that exists.
pub(super) fn lock(disk: &dyn Disk, layout: &Layout) -> Result<Box<dyn HeldLock>, StorageError> {
    match disk.lock(&layout.lock(), &owner())? {
        LockAttempt::Held(lock) => Ok(lock),
        LockAttempt::Busy { owner } => {
            Err(StorageError::Locked { directory: layout.root.clone(), owner })
        }
    }
}

/// Goes on with the lock of another process.
pub(super) fn adopt(
    disk: &dyn Disk,
    layout: &Layout,
    shared: OwnedFd,
) -> Result<Box<dyn HeldLock>, StorageError> {
    match disk.adopt_lock(&layout.lock(), shared)? {
        LockAttempt::Held(lock) => Ok(lock),
        LockAttempt::Busy { owner } => {
            Err(StorageError::Locked { directory: layout.root.clone(), owner })
        }
    }
}

/// `pid@host`, as a JVM names itself.
pub(super) fn owner() -> String {
    let host = rustix::system::uname();
    format!("{}@{}", std::process::id(), host.nodename().to_string_lossy())
}
