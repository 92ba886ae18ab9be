use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, canonicalize, metadata, remove_file};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{FlockOperation, fcntl_lock};
use rustix::io::Errno;

use super::{DiskError, HeldLock, LockAttempt};

/// Longest text of an owner that is read back, in bytes.
const OWNER_LIMIT_BYTES: usize = 512;
/// How often a lock is tried again when its file was removed between opening and locking it.
const REMOVED_LOCK_RETRIES: usize = 16;

/// The locks of this process, by path, with what was written into them.
///
/// POSIX locks belong to the process: a second attempt in here would succeed, and closing any
/// descriptor of the file would drop the lock. So a locked file is never opened twice.
static HELD: Mutex<BTreeMap<PathBuf, String>> = Mutex::new(BTreeMap::new());

fn held() -> MutexGuard<'static, BTreeMap<PathBuf, String>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A POSIX record lock on a whole file, which is what Java's `FileChannel.tryLock` takes.
#[derive(Debug)]
struct RealLock {
    path: PathBuf,
    /// Closing it gives the lock back; only `Drop` may take it.
    file: Option<File>,
}

impl HeldLock for RealLock {}

impl Drop for RealLock {
    /// Removes the file while the lock is held, and only if it is still the locked one.
    fn drop(&mut self) {
        let mut held = held();
        if let Some(file) = self.file.take()
            && is_still_at(&file, &self.path)
        {
            let _ = remove_file(&self.path);
        }
        held.remove(&self.path);
    }
}

/// Locks `path`, whose directory must exist.
pub(super) fn lock(path: &Path, owner: &str) -> Result<LockAttempt, DiskError> {
    let path = absolute(path).map_err(|e| DiskError::new("find", path, e))?;
    let mut held = held();
    if let Some(owner) = held.get(&path) {
        return Ok(LockAttempt::Busy { owner: owner.clone() });
    }
    for _ in 0..REMOVED_LOCK_RETRIES {
        let file = open(&path).map_err(|e| DiskError::new("open", &path, e))?;
        match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::AGAIN | Errno::ACCESS) => return Ok(busy(&file)),
            Err(e) => return Err(DiskError::new("lock", &path, e)),
            Ok(()) => {}
        }
        if !is_still_at(&file, &path) {
            continue;
        }
        file.write_all_at(owner.as_bytes(), 0).map_err(|e| DiskError::new("write", &path, e))?;
        held.insert(path.clone(), owner.to_owned());
        return Ok(LockAttempt::Held(Box::new(RealLock { path, file: Some(file) })));
    }
    Ok(LockAttempt::Busy { owner: String::new() })
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o644).open(path)
}

/// The name that two ways to the same directory share.
fn absolute(path: &Path) -> io::Result<PathBuf> {
    let directory = canonicalize(path.parent().unwrap_or(Path::new("/")))?;
    Ok(directory.join(path.file_name().unwrap_or_default()))
}

/// An owner that closes removes the file first: a lock on a removed file excludes nobody.
fn is_still_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), metadata(path)) {
        (Ok(ours), Ok(there)) => ours.ino() == there.ino() && ours.dev() == there.dev(),
        _ => false,
    }
}

fn busy(file: &File) -> LockAttempt {
    let mut text = vec![0; OWNER_LIMIT_BYTES];
    let read = file.read_at(&mut text, 0).unwrap_or(0);
    LockAttempt::Busy { owner: String::from_utf8_lossy(&text[..read]).trim().to_owned() }
}
